import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './pages'

test('every rule has its place in the page on rules, in order', () => {
  const text = readFileSync(join(ROOT, 'docs/rules.md'), 'utf8')
  const numbers = [...text.matchAll(/^\*\*R(\d+)\.\*\* \S/gm)].map(([, number]) => Number(number))
  expect(numbers).toEqual(Array.from({ length: 38 }, (_, number) => number))
})
