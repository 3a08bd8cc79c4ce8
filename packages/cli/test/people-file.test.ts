import { expect, test } from 'vitest'
import { PEOPLE_FILE } from '../src/people-file'

test('a file of people is told by how it begins, in time', () => {
  for (const start of ['{"card":', ' [ { "source" :', '\ufeff[\n{"ref":']) expect(PEOPLE_FILE.test(start)).toBe(true)
  for (const start of ['{"name":', '[[{"card":', ' '.repeat(1_000_000), `[${' '.repeat(1_000_000)}`])
    expect(PEOPLE_FILE.test(start)).toBe(false)
})
