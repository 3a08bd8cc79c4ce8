import { expect, test } from 'vitest'
import { table } from '../src/output'

test('a table of more rows than a call takes arguments', () => {
  const rows = Array.from({ length: 200_000 }, (_, at) => [at, 'contact-added'])
  const lines = table(['No', 'Type'], rows, (_, text) => text).split('\n')
  expect(lines).toHaveLength(200_001)
  expect(lines[1]).toBe('0       contact-added')
})
