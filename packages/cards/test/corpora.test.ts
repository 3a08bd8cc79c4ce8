// Address books that others publish for testing. They are not part of this repository: AMANAT_CORPORA names a folder
// that has them as `vcard/**/*.vcf` and `jscontact/**/cases.json`. Whatever they hold, reading ends, and what was
// read can be written and read again.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CardsError, readJsContact, readVCards, writeVCards } from '../src'
import { applyPatch } from '../src/jscontact/patch'
import { parseProperty } from '../src/vcard/property'
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

// The suite of jmapio/jscontact-tests, transcribed to JSON: cards of RFC 9553, what must be in their vCard, and
// properties that must be refused. As its authors compare: default types left out, components without an order sorted,
// localizations applied, groups aside.
interface Case {
  readonly id: string
  readonly jprops: Record<string, unknown>
  readonly matches?: readonly unknown[]
  readonly invalid_props?: readonly string[]
  readonly skip_from_vcard?: boolean
}
type Matcher =
  | string
  | number
  | ({
      readonly $?: string
      readonly $set?: readonly string[]
      readonly $expr?: string
      readonly args?: readonly never[]
    } & Record<string, never>)

const REACHES =
  /^(?:Address|AddressComponent|Anniversary|PartialDate|Calendar|CryptoKey|Directory|EmailAddress|Link|Media|Name|NameComponent|Nickname|Note|Author|OnlineService|Organization|OrgUnit|PersonalInfo|Phone|LanguagePref|Relation|SchedulingAddress|SpeakToAs|Pronouns|Title)$/

function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
    .filter(([key, one]) => !(key === '@type' && REACHES.test(String(one))) && !(key === 'isOrdered' && one === false))
    .map(([key, one]) => [key, normal(one)] as const)
  const made = Object.fromEntries(entries) as Record<string, unknown>
  const params = made.vCardParams as Record<string, unknown> | undefined
  if (params) {
    delete params.group
    if (Object.keys(params).length === 0) delete made.vCardParams
  }
  if (Array.isArray(made.components) && made.isOrdered !== true) {
    made.components = made.components.map(one => JSON.stringify(one, Object.keys(one as object).sort())).sort()
  }
  return made
}

function normalCard(card: Record<string, unknown>): unknown {
  // The version is ours (RFC 9982).
  const { localizations, version: _, ...rest } = card
  const applied = Object.entries((localizations ?? {}) as Record<string, Record<string, unknown>>).map(
    ([language, patch]) => [language, normal(applyPatch(rest as never, patch))] as const,
  )
  // Numbers of jCard parameters are text on a line.
  const props = (rest.vCardProps as unknown[][] | undefined)?.map(([name, params, ...values]) => [
    name,
    Object.fromEntries(Object.entries(params as object).map(([key, value]) => [key, String(value)])),
    ...values,
  ])
  return {
    ...(normal(rest) as object),
    ...(props ? { vCardProps: props } : {}),
    localized: Object.fromEntries(applied),
  }
}

const unquoted = (text: string) => text.replace(/^"|"$/g, '')

function matches(raw: string, matcher: Matcher): boolean {
  if (typeof matcher === 'string') return raw === matcher || raw === unquoted(matcher)
  if (typeof matcher === 'number') return raw === String(matcher)
  if (matcher.$expr !== undefined) {
    const joined = [...String(matcher.$expr).matchAll(/'([^']*)'|"((?:\\.|[^"])*)"/g)]
      .map(part => part[1] ?? part[2])
      .join('')
    return raw === joined || raw === unquoted(joined)
  }
  const [first] = (matcher.args ?? []) as unknown as Matcher[]
  switch (matcher.$) {
    case 'AnyValue':
      return true
    case 'NoCaseValue':
      return raw.toLowerCase() === String(first).toLowerCase()
    case 'OneOfValue':
      return (first as unknown as Matcher[]).some(one => matches(raw, one))
    case 'MaybeEscaped':
      return matches(raw, first as Matcher) || matches(raw.replace(/\\([,;])/g, '$1'), first as Matcher)
    case 'MaybeQuoted':
      return matches(unquoted(raw), first as Matcher)
    case 'TextJSONValue':
      return JSON.stringify(JSON.parse(raw.replace(/\\([,;\\])/g, '$1'))) === JSON.stringify(JSON.parse(String(first)))
    case 'TimestampValue':
      return raw === String(first)
    case 'ComponentsValue': {
      const wanted = first as unknown as (string | { $set: string[] })[]
      if (wanted.length === 1) {
        const set = (wanted[0] as { $set: string[] }).$set
        return raw.split(',').sort().join() === [...set].sort().join()
      }
      const parts = raw.split(/(?<!\\);/)
      return wanted.every((one, at) =>
        typeof one === 'string'
          ? parts[at] === one
          : (parts[at] ?? '').split(',').sort().join() === [...one.$set].sort().join(),
      )
    }
    default:
      throw new Error(`unknown matcher ${matcher.$}`)
  }
}

describe.skipIf(!folder)('published JSContact cases (skipped: set AMANAT_CORPORA to the folder that has them)', () => {
  const path = join(folder ?? '', 'jscontact/jmapio-tests/cases.json')
  const cases: Case[] = folder && existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).cases : []
  // Python literals that were put together.
  const literal = (text: string) =>
    [...text.matchAll(/'([^']*)'|"((?:\\.|[^"])*)"/g)].map(part => part[1] ?? part[2]).join('')
  const plain = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(plain)
      : typeof value !== 'object' || value === null
        ? value
        : '$expr' in value
          ? literal(String(value.$expr))
          : Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))

  test.each(cases.map(one => [one.id, one] as const))('%s', async (_, one) => {
    const jprops = plain(one.jprops) as Record<string, unknown>
    const sent = { '@type': 'Card', version: '1.0', uid: 'urn:uuid:00000000-0000-4000-8000-000000000001', ...jprops }
    const [item] = await all(readJsContact(JSON.stringify(sent)))
    if (one.invalid_props) {
      expect(item).toMatchObject({ error: { code: 'CARD_INVALID', path: one.invalid_props[0] } })
      return
    }
    if (!item || 'error' in item) throw new Error(JSON.stringify(item?.error))
    const text = writeVCards([item.card])
    const lines = text.replace(/\r\n /g, '').split('\r\n')
    const properties = lines.flatMap((line, at) => parseProperty(line, at) ?? [])
    for (const match of one.matches ?? []) {
      const { args, mandatory } = match as {
        args: [string, Matcher, { args: [string, Matcher]; mandatory?: boolean }[]?]
        mandatory?: boolean
      }
      const [name, value, params = []] = args
      if (mandatory === false) continue
      const found = properties.filter(property => property.name === name.toLowerCase())
      const fits = found.some(
        property =>
          matches(property.raw, value) &&
          params.every(param => {
            const [key, wanted] = param.args
            const stated = key === 'VALUE' ? property.type : property.params.get(key.toLowerCase())?.join(',')
            if (stated === undefined) return param.mandatory === false
            // RFC 6868 on the line.
            const coded = stated.replace(/[\^\n"]/g, char => (char === '^' ? '^^' : char === '\n' ? '^n' : "^'"))
            return [stated, stated.toUpperCase(), coded].some(one => matches(one, wanted))
          }),
      )
      expect(fits, `${name} in\n${text}`).toBe(true)
    }
    if (one.skip_from_vcard) return
    const [back] = await all(readVCards(text))
    if (!back || 'error' in back) throw new Error(back?.error.code)
    expect(normalCard(back.card as never)).toEqual(normalCard(sent))
  })
})
