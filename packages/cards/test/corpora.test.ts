// Address books that others publish for testing. They are not part of this repository: AMANAT_CORPORA names a folder
// that has them as `vcard/**/*.vcf` and `jscontact/**/cases.json`. Whatever they hold, reading ends, and what was
// read can be written and read again.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CardsError, readJsContact, readVCards, vcard } from '../src'
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

// The suite of jmapio/jscontact-tests, transcribed to JSON: cards of RFC 9553, and properties that must be refused.
interface Case {
  readonly id: string
  readonly jprops: Record<string, unknown>
  readonly invalid_props?: readonly string[]
}
// A patch or a list that says the same in another way, a number that vCard can only write as text, a vCardProps that
// is read back to its place, and values that are written as code.
const SAID_OTHERWISE = new Set(['name_localizations', 'addresses_components', 'vCardProps', 'vCardProps_iana'])

describe.skipIf(!folder)('published JSContact cases (skipped: set AMANAT_CORPORA to the folder that has them)', () => {
  const path = join(folder ?? '', 'jscontact/jmapio-tests/cases.json')
  const cases: Case[] = folder && existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).cases : []
  const plain = cases.filter(({ id, jprops }) => !SAID_OTHERWISE.has(id) && !JSON.stringify(jprops).includes('$expr'))

  test.each(plain.map(one => [one.id, one] as const))('%s', async (_, { jprops, invalid_props }) => {
    const [item] = await all(readJsContact(JSON.stringify(jprops)))
    if (invalid_props) {
      expect(item).toMatchObject({ error: { code: 'CARD_INVALID', path: invalid_props[0] } })
      return
    }
    if (!item || 'error' in item) throw new Error(item?.error.code)
    const [back] = await all(readVCards(await written(vcard(), [item.card])))
    expect(back && 'card' in back ? back.card : back).toEqual(item.card)
  })
})
