import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './pages'

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
/** The rows of the tables, by what stands in their first cell. */
const firstCells = [...readme.matchAll(/^\| (.+?) \|/gm)].map(([, cell]) => cell as string)

test.each(readdirSync(join(ROOT, 'packages')))('the README lists %s and each of its runtime dependencies', name => {
  const { dependencies = {} } = JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8'))
  const foreign = Object.keys(dependencies).filter(each => !each.startsWith('@amanat/'))
  const listed = [`@amanat/${name}`, ...foreign]
  expect(listed.filter(each => !firstCells.some(cell => cell.includes(`\`${each}\``)))).toEqual([])
})

test('the README lists no dependency that is gone', () => {
  const there = readdirSync(join(ROOT, 'packages')).flatMap(name =>
    Object.keys(JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8')).dependencies ?? {}),
  )
  const table = readme.slice(readme.indexOf('| dependency |'), readme.indexOf('## Where it is slower'))
  const listed = [...table.matchAll(/^\| (`.+?`) \|/gm)].flatMap(([, cell = '']) => cell.split(', '))
  expect(listed.length).toBeGreaterThan(5)
  expect(listed.filter(name => !there.includes(name.replaceAll('`', '')))).toEqual([])
})
