// The suite of jmapio/jscontact-tests (55 cases, transcribed to JSON): cards of RFC 9553 and 9555, which vCard each must
// become, that it comes back, and properties that must be refused. It is not part of this repository: AMANAT_CORPORA names
// a folder that has `jscontact/jmapio-tests/cases.json`.
//
// Compared as its authors do (their vcardutil.py and jscardutil.py): each property and parameter that is written must be
// expected, and each that is expected must be written; types and values that are the default count as left out,
// components without an order are sorted, translations are applied, names of groups count for nothing. One thing is more
// lenient here: LENIENT below.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { applyPatch, readJsContact, readVCards, writeVCards } from '../src'
import { all } from './reading'

/** Cases that don't pass as they are, and why. */
const LENIENT: Readonly<Record<string, string>> = {
  vCardProps: 'sends a parameter as the number 1; RFC 7095, section 3.4 knows texts alone, and "1" is what comes back',
}

interface Case {
  readonly id: string
  readonly jprops: Record<string, unknown>
  readonly matches?: readonly { readonly args: readonly unknown[] }[]
  readonly invalid_props?: readonly string[]
  readonly skip_from_vcard?: boolean
}
interface Expected {
  readonly name: string
  readonly value: unknown
  readonly params: readonly { name: string; value: unknown; mandatory: boolean }[]
  readonly mandatory: boolean
  readonly alternative?: { readonly id: string; readonly mandatory: boolean }
  readonly group?: string | { readonly id: string }
}
interface Line {
  readonly name: string
  readonly group: string | undefined
  readonly params: readonly { name: string; value: string }[]
  readonly value: string
}

const folder = process.env.AMANAT_CORPORA
const path = join(folder ?? '', 'jscontact/jmapio-tests/cases.json')
const cases: Case[] = folder && existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).cases : []

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// Literals of Python that were put together: `'a' + 'b'`.
const literal = (text: string) =>
  [...text.matchAll(/'([^']*)'|"((?:\\.|[^"])*)"/g)].map(part => part[1] ?? part[2]).join('')
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain)
  if (!isObject(value)) return value
  if ('$expr' in value) return literal(String(value.$expr))
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))
}

describe.skipIf(cases.length === 0)(
  'the suite of jmapio (skipped: set AMANAT_CORPORA to the folder that has it)',
  () => {
    const passed: string[] = []

    test.each(cases.map(one => [one.id, one] as const))('%s', async (id, one) => {
      const jprops = plain(one.jprops) as Record<string, unknown>
      const sent = { '@type': 'Card', version: '1.0', uid: 'urn:uuid:00000000-0000-4000-8000-000000000001', ...jprops }
      const [item] = await all(readJsContact(JSON.stringify(sent)))
      if (one.invalid_props) {
        expect(item).toMatchObject({ error: { code: 'CARD_INVALID', path: one.invalid_props[0] } })
        passed.push(id)
        return
      }
      if (!item || 'error' in item) throw new Error(JSON.stringify(item?.error))
      const text = writeVCards([item.card])
      expect(mismatches(linesOf(text), expectedOf(one)), text).toEqual([])
      if (!one.skip_from_vcard) {
        const [back] = await all(readVCards(text))
        if (!back || 'error' in back) throw new Error(back?.error.code)
        const lenient = id in LENIENT ? textual : (card: unknown) => card
        expect(normalCard(back.card)).toEqual(normalCard(lenient(sent)))
        if (id in LENIENT) expect(normalCard(back.card), 'no longer lenient').not.toEqual(normalCard(sent))
      }
      if (!(id in LENIENT)) passed.push(id)
    })

    test('54 of the 55 pass as they are, and the other leniently', () => {
      expect([cases.length, passed.length + Object.keys(LENIENT).length, passed.length]).toEqual([55, 55, 54])
    })
  },
)

// Numbers among the parameters of kept properties as texts.
function textual(card: unknown): unknown {
  const { vCardProps, ...rest } = card as { vCardProps: [string, object, ...unknown[]][] }
  return {
    ...rest,
    vCardProps: vCardProps.map(([name, params, ...values]) => [
      name,
      Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)])),
      ...values,
    ]),
  }
}

// What is written, as it is.
function linesOf(text: string): Line[] {
  const lines = text.replace(/\r\n[ \t]/g, '').split('\r\n')
  return lines.slice(1, lines.lastIndexOf('END:VCARD')).map(line => {
    const head = /^(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9-]+)/.exec(line) as RegExpExecArray
    const params: { name: string; value: string }[] = []
    let rest = line.slice(head[0].length)
    for (let match = PARAM.exec(rest); match; match = PARAM.exec(rest)) {
      params.push({ name: (match[1] as string).toUpperCase(), value: match[2] as string })
      rest = rest.slice(match[0].length)
    }
    return { name: (head[2] as string).toUpperCase(), group: head[1], params, value: rest.slice(1) }
  })
}
const PARAM = /^;([A-Za-z0-9-]+)=((?:".*?(?<!\\)")|[^";:]*)/

const ANY = { $: 'AnyValue' }
const expectation = (name: string, value: unknown, more: Partial<Expected> = {}): Expected => ({
  name,
  value,
  params: [],
  mandatory: true,
  ...more,
})
const DEFAULTS: readonly Expected[] = [
  expectation('PRODID', ANY, { mandatory: false }),
  expectation('REV', ANY, { mandatory: false }),
  // The suite allows no VALUE here; RFC 6350, section 6.7.6 does, and asks for it where the UID is no URI.
  expectation('UID', ANY),
  expectation('VERSION', '4.0'),
  expectation('FN', ANY, {
    params: [{ name: 'DERIVED', value: { $: 'NoCaseValue', args: ['TRUE'] }, mandatory: false }],
  }),
  expectation('JSPROP', '"1.0"', { mandatory: false, params: [{ name: 'JSPTR', value: 'version', mandatory: true }] }),
  expectation('CREATED', ANY, { mandatory: false }),
]

function expectedOf({ matches = [] }: Case): Expected[] {
  const own = matches.map(match => {
    const { args, mandatory = true, alt_id, group } = match as Record<string, never> & { args: never[] }
    const [name, value = ANY, params = []] = args as unknown as [string, unknown?, Record<string, never>[]?]
    const alternative = alt_id as { args: [string]; mandatory?: boolean } | undefined
    const grouped = group as string | { args: [string] } | undefined
    return expectation(name, value, {
      mandatory,
      params: params.map(one => {
        const [param, wanted = ANY] = one.args as unknown as [string, unknown?]
        return { name: param, value: wanted, mandatory: (one.mandatory as boolean | undefined) ?? true }
      }),
      ...(alternative ? { alternative: { id: alternative.args[0], mandatory: alternative.mandatory ?? true } } : {}),
      ...(grouped === undefined ? {} : { group: typeof grouped === 'string' ? grouped : { id: grouped.args[0] } }),
    })
  })
  return [...own, ...DEFAULTS.filter(({ name }) => !own.some(one => one.name === name))]
}

/** Lines that nothing expects, and what no line fulfils. */
function mismatches(lines: readonly Line[], expected: readonly Expected[]): string[] {
  const left = [...expected]
  const alternatives = new Map<string, string>()
  const groups = new Map<string, string | undefined>()
  const unexpected: string[] = []
  for (const line of lines) {
    const at = left.findIndex(one => fits(line, one, alternatives, groups))
    if (at < 0)
      unexpected.push(
        `${line.name} ${line.params.map(({ name, value }) => `${name}=${value}`).join(';')}: ${line.value}`,
      )
    else left.splice(at, 1)
  }
  return [
    ...unexpected,
    ...left.filter(({ mandatory }) => mandatory).map(({ name, value }) => `missing ${name}: ${JSON.stringify(value)}`),
  ]
}

function fits(
  line: Line,
  expected: Expected,
  alternatives: Map<string, string>,
  groups: Map<string, string | undefined>,
): boolean {
  if (line.name !== expected.name || !matches(line.value, expected.value)) return false
  const left = [...expected.params]
  for (const { name, value } of line.params) {
    if (name === 'ALTID') continue
    const at = left.findIndex(param => param.name === name && matches(value, param.value))
    if (at < 0) return false
    left.splice(at, 1)
  }
  if (left.some(({ mandatory }) => mandatory)) return false
  const altid = line.params.find(({ name }) => name === 'ALTID')?.value
  if (expected.alternative?.mandatory && altid === undefined) return false
  if (expected.alternative && altid !== undefined && !bound(alternatives, expected.alternative.id, altid)) return false
  if (expected.group === undefined) return true
  return typeof expected.group === 'string'
    ? line.group === expected.group
    : bound(groups, expected.group.id, line.group)
}

// Names of alternatives and groups are anybody's choice, but one name is one thing.
function bound<T>(known: Map<string, T>, id: string, name: T): boolean {
  if (known.has(id)) return known.get(id) === name
  if ([...known.values()].includes(name)) return false
  known.set(id, name)
  return true
}

function matches(text: string, wanted: unknown): boolean {
  if (!isObject(wanted)) return text === String(wanted)
  if (wanted.$expr !== undefined) return text === literal(String(wanted.$expr))
  const [first] = (wanted.args ?? []) as unknown[]
  switch (wanted.$) {
    case 'AnyValue':
      return true
    case 'NoCaseValue':
      return text.toUpperCase() === String(first).toUpperCase()
    case 'OneOfValue':
      return (first as unknown[]).some(one => matches(text, one))
    case 'MaybeQuoted':
      return text === first || text === `"${first}"`
    case 'MaybeEscaped':
      return matches(text, first) || matches(text.replaceAll('\\,', ','), first)
    case 'TextJSONValue':
      return (
        JSON.stringify(JSON.parse(text.replaceAll('\\,', ',').replaceAll('\\\\', '\\'))) ===
        JSON.stringify(JSON.parse(String(first)))
      )
    case 'TimestampValue':
      return text === String(first)
    case 'ComponentsValue': {
      const parts = text.split(/(?<!\\);/)
      const all = first as (string | { $set: string[] })[]
      const sorted = (list: readonly string[]) => [...new Set(list)].sort().join()
      return (
        parts.length === all.length &&
        all.every((one, at) =>
          typeof one === 'string'
            ? parts[at] === one
            : sorted((parts[at] as string).split(/(?<!\\),/)) === sorted(one.$set),
        )
      )
    }
    default:
      throw new Error(`unknown matcher ${String(wanted.$)}`)
  }
}

const DEFAULT_TYPES: Readonly<Record<string, string>> = {
  name: 'Name',
  addresses: 'Address',
  anniversaries: 'Anniversary',
  calendars: 'Calendar',
  cryptoKeys: 'CryptoKey',
  directories: 'Directory',
  emails: 'EmailAddress',
  links: 'Link',
  media: 'Media',
  nicknames: 'Nickname',
  notes: 'Note',
  onlineServices: 'OnlineService',
  organizations: 'Organization',
  personalInfo: 'PersonalInfo',
  phones: 'Phone',
  preferredLanguages: 'LanguagePref',
  relatedTo: 'Relation',
  schedulingAddresses: 'SchedulingAddress',
  speakToAs: 'SpeakToAs',
  titles: 'Title',
  date: 'PartialDate',
  place: 'Address',
  author: 'Author',
  units: 'OrgUnit',
  pronouns: 'Pronouns',
}

// Without what is the default anyway.
function normal(value: unknown, key: string, type: string | undefined): unknown {
  if (Array.isArray(value)) return value.map(one => normal(one, key, type))
  if (!isObject(value)) return value
  const entries = Object.entries(value).filter(
    ([name, one]) =>
      !(
        name === '@type' &&
        (one === type || (key === 'components' && /^(?:Name|Address)Component$/.test(String(one))))
      ) &&
      !(name === 'isOrdered' && one === false) &&
      !(name === 'kind' && type === 'Title' && one === 'title'),
  )
  const made: Record<string, unknown> = {}
  for (const [name, one] of entries) {
    // Of a map by ids, each entry is of the type; of an object, its own properties say theirs.
    const inner = DEFAULT_TYPES[name] ?? (type !== undefined && !('@type' in value) ? type : undefined)
    made[name] = normal(one, name, inner)
  }
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

function normalCard(card: unknown): unknown {
  const { localizations, vCardProps, ...rest } = card as Record<string, unknown>
  if (rest.kind === 'individual') delete rest.kind
  const patches = Object.entries((localizations ?? {}) as Record<string, Record<string, unknown>>)
  return {
    ...(normal(rest, '', undefined) as object),
    ...(vCardProps === undefined ? {} : { vCardProps }),
    localizations: Object.fromEntries(
      patches.map(([language, patch]) => [language, normal(applyPatch(rest as never, patch), '', undefined)]),
    ),
  }
}
