// Address books that others publish for testing. They are not part of this repository: AMANAT_CORPORA names a folder
// that has them as `vcard/**/*.vcf` and `jscontact/**/cases.json`. Whatever they hold, reading ends, and what was
// read can be written and read again.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CardsError, readVCards, vcard } from '../src'
import { all, written } from './reading'

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
          const text = await written(vcard(), [item.card])
          const [again] = await all(readVCards(text))
          expect(again && 'card' in again ? again.card : again).toEqual(item.card)
        }
      } catch (error) {
        if (!(error instanceof CardsError)) throw error
      }
    },
  )
})
