// Address books that others publish for testing. They are not part of this repository: AMANAT_CORPORA names a folder
// that has them as `vcard/**/*.vcf`. Whatever they hold, reading ends, and what was
// read can be written and read again.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CardsError, readVCards, writeVCards } from '../src'
import { all } from './reading'

const folder = process.env.AMANAT_CORPORA
const files = (path: string): string[] =>
  readdirSync(path).flatMap(name => {
    const full = join(path, name)
    return statSync(full).isDirectory() ? files(full) : /\.vcf$/i.test(name) ? [full] : []
  })

describe.skipIf(!folder)('published address books (skipped: set AMANAT_CORPORA to the folder that has them)', () => {
  test.each(folder ? files(join(folder, 'vcard')).map(path => [path.slice(folder.length), path]) : [])(
    '%s',
    async (_, path) => {
      try {
        for (const item of await all(readVCards(readFileSync(path)))) {
          expect(item.line).toBeGreaterThan(0)
          if ('error' in item) continue
          for (const version of ['4.0', '3.0'] as const) {
            const text = writeVCards([item.card], { version })
            const [again] = await all(readVCards(text))
            if (!again || 'error' in again) throw new Error(again?.error.code)
            expect(again.card).toEqual(item.card)
            expect(writeVCards([again.card], { version })).toBe(text)
          }
        }
      } catch (error) {
        if (!(error instanceof CardsError)) throw error
      }
    },
  )
})
