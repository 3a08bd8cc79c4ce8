// What is written is read back the same. The cards are made of everything that each format can say.
import type { Card } from '@amanat/vault'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csv, jscontact, readCsv, readJsContact, readVCards, vcard } from '../src'
import { cards, written } from './reading'

// Words of several scripts with everything that needs an escape somewhere; trimmed, since lists are.
const piece = fc.oneof(
  fc.constantFrom(
    'سارا',
    'كريمي',
    'Zoë',
    '👩‍👩‍👧',
    'a;b',
    'a,b',
    'a\\n',
    '\\',
    '"',
    "'",
    '^n',
    ':',
    '=1+1',
    '+44',
    '@x',
    '-',
    ' ',
    'x'.repeat(80),
    'TEL:1',
    '</b>',
    '|',
    '\t',
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
)
const controls = /[\p{Cc}\p{Cs}\u0085]/gu
const text = fc
  .array(piece, { minLength: 1, maxLength: 5 })
  .map(parts => parts.join('').replace(controls, '').trim())
  .filter(value => value !== '' && value !== '__proto__')
const multiline = fc.array(text, { minLength: 1, maxLength: 3 }).map(lines => lines.join('\n'))
const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
const id = fc.stringMatching(/^[A-Za-z_-][A-Za-z0-9_-]{0,12}$/).filter(value => value !== '__proto__')
const uri = fc.webUrl()
const maybe = <T extends Record<string, fc.Arbitrary<unknown>>>(model: T, required: (keyof T & string)[]) =>
  fc.record(model, { requiredKeys: required }) as fc.Arbitrary<Record<string, unknown>>
const map = (entry: fc.Arbitrary<unknown>, max = 3) =>
  fc.dictionary(id, entry, { minKeys: 1, maxKeys: max, noNullPrototype: true })
const contexts = fc.constantFrom({ private: true }, { work: true }, { private: true, work: true })
const pref = fc.integer({ min: 1, max: 100 })
const features = fc.constantFrom(
  { mobile: true },
  { voice: true, fax: true },
  { 'main-number': true },
  { text: true, video: true },
)
const date = fc.constantFrom(
  { year: 1990, month: 2, day: 3 },
  { month: 2, day: 29 },
  { year: 1961 },
  { year: 1961, month: 4 },
  { '@type': 'Timestamp', utc: '2019-10-15T23:10:00Z' },
)
const kinds = fc.uniqueArray(fc.constantFrom('title', 'given', 'given2', 'surname', 'credential'), { minLength: 1 })
// As N has them.
const PLACES: string[] = ['surname', 'given', 'given2', 'title', 'credential']
const ordered = fc
  .tuple(kinds, fc.array(text, { minLength: 5, maxLength: 5 }), fc.boolean())
  .map(([chosen, values, order]) => {
    const list = order ? chosen : PLACES.filter(kind => (chosen as string[]).includes(kind))
    return {
      components: list.map((kind, index) => ({ kind, value: values[index] as string })),
      ...(order ? { isOrdered: true } : {}),
    }
  })
const name = fc.oneof(
  fc.record({ full: text }),
  ordered,
  fc.tuple(ordered, text).map(([components, full]) => ({ ...components, full })),
)

const card4 = maybe(
  {
    name,
    nicknames: map(maybe({ name: text, contexts, pref }, ['name'])),
    organizations: map(
      maybe({ name: text, units: fc.array(fc.record({ name: text }), { minLength: 1, maxLength: 2 }) }, ['name']),
    ),
    phones: map(maybe({ number: text, contexts, features, pref, label: text }, ['number'])),
    emails: map(maybe({ address: text, contexts, pref, label: text }, ['address'])),
    onlineServices: map(maybe({ uri, service: text, user: text, label: text }, ['uri'])),
    addresses: map(
      maybe(
        {
          components: fc.array(fc.record({ kind: fc.constantFrom('locality'), value: text }), {
            minLength: 1,
            maxLength: 2,
          }),
          full: multiline.filter(value => !/\\n/i.test(value)),
          countryCode: fc.constant('GB'),
          contexts,
        },
        ['components'],
      ),
    ),
    links: map(maybe({ uri, label: text, mediaType: fc.constant('text/html') }, ['uri'])),
    media: map(
      fc.constantFrom(
        { kind: 'photo', uri: 'data:image/png;base64,iVBORw0K' },
        { kind: 'logo', uri: 'https://example.org/a.png' },
      ),
    ),
    notes: map(
      maybe({ note: multiline, created: fc.constant('2026-03-01T12:00:00Z'), author: fc.record({ name: text }) }, [
        'note',
      ]),
    ),
    keywords: fc.dictionary(text, fc.constant(true), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
    anniversaries: map(fc.record({ kind: fc.constantFrom('birth', 'wedding'), date }), 2),
    preferredLanguages: map(maybe({ language: fc.constantFrom('fa', 'en-GB'), pref, contexts }, ['language'])),
    personalInfo: map(
      maybe({ kind: fc.constantFrom('hobby', 'expertise'), value: text, level: fc.constantFrom('high', 'low') }, [
        'kind',
        'value',
      ]),
    ),
    uid: fc.uuid().map(value => `urn:uuid:${value}`),
    updated: fc.constant('2016-03-01T12:00:00Z'),
    'x:diet': fc.jsonValue({ maxDepth: 2 }).map(value => JSON.parse(JSON.stringify(value).replaceAll('__proto__', ''))),
    vCardProps: fc.array(
      fc.tuple(
        word.map(part => `x-test-${part}`),
        fc.constant({}),
        fc.constant('unknown'),
        text,
      ),
      { minLength: 1, maxLength: 2 },
    ),
  },
  ['name'],
).map(card => ({ '@type': 'Card', version: '2.0', ...card }) as unknown as Card)

const person = maybe(
  {
    name: fc.record({ full: text }),
    phones: map(
      fc.record({
        number: fc.constantFrom(
          '+44 7700 900123',
          '(07700) 900 123',
          '۰۷۷۰۰ ۹۰۰۱۲۳',
          '+44-7700-900123',
          '0044 7700 900 123',
        ),
      }),
      2,
    ),
    emails: map(fc.record({ address: fc.constantFrom('sara@example.org', '=a@example.org', '+a@example.org') }), 2),
    notes: fc.record({ n1: fc.record({ note: multiline }) }),
    organizations: fc.record({ o1: fc.record({ name: text }) }),
  },
  ['name'],
).map(card => ({ '@type': 'Card', version: '2.0', ...card }) as unknown as Card)

const several = (entries: object | undefined) => (entries === undefined ? undefined : Object.values(entries))

describe('what is written is read back', () => {
  test('vCard 4.0: every property, every character', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(card4, { minLength: 1, maxLength: 3 }), async people => {
        expect(await cards(readVCards(await written(vcard(), people)))).toEqual(people)
      }),
      { numRuns: 300 },
    )
  })

  test.each(['4.0', '3.0'] as const)('vCard %s: words to sort by that SORT-AS can not part', async version => {
    const people: Card[] = ['Gogh, van', 'a;b', ' a'].map(word => ({
      '@type': 'Card',
      version: '2.0',
      name: { full: 'Sara', components: [{ kind: 'surname', value: 'Karimi' }], sortAs: { surname: word } },
      organizations: { o1: { name: 'Centre', sortAs: word, units: [{ name: 'North', sortAs: word }] } },
    }))
    expect(await cards(readVCards(await written(vcard({ version }), people)))).toEqual(people)
  })

  test('vCard 4.0: how the second of two given names sounds', async () => {
    const components = [
      { kind: 'given', value: 'Anna' },
      { kind: 'given', value: 'Maria', phonetic: 'maˈriːa' },
      { kind: 'surname', value: 'Luther' },
      { kind: 'credential', value: 'PhD' },
      { kind: 'generation', value: 'King', phonetic: 'kɪŋ' },
    ]
    const people: Card[] = [
      { '@type': 'Card', version: '2.0', name: { components, isOrdered: true, phoneticSystem: 'ipa' } },
    ]
    expect(await cards(readVCards(await written(vcard(), people)))).toEqual(people)
  })

  test.each(['4.0', '3.0'] as const)('vCard %s: the place of the second of two births', async version => {
    const date = { year: 1990, month: 2, day: 3 }
    const anniversaries = { one: { kind: 'birth', date }, two: { kind: 'birth', date, place: { full: 'Shiraz' } } }
    const people: Card[] = [{ '@type': 'Card', version: '2.0', name: { full: 'Sara' }, anniversaries }]
    expect(await cards(readVCards(await written(vcard({ version }), people)))).toEqual(people)
  })

  test('vCard 3.0: names, numbers, addresses and notes, without ids and preferences', async () => {
    await fc.assert(
      fc.asyncProperty(person, async sent => {
        const [back] = await cards(readVCards(await written(vcard({ version: '3.0' }), [sent])))
        expect(back?.name?.full).toEqual(sent.name?.full)
        expect(several(back?.phones)).toEqual(several(sent.phones))
        expect(several(back?.emails)).toEqual(several(sent.emails))
        expect(several(back?.notes)).toEqual(several(sent.notes))
      }),
      { numRuns: 200 },
    )
  })

  test('CSV: a cell that a spreadsheet would run comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 1, maxLength: 3 }), async people => {
        const single = people.map(card => JSON.stringify(card).includes(':::'))
        fc.pre(!single.includes(true))
        const back = await cards(readCsv(await written(csv(), people)))
        expect(back).toHaveLength(people.length)
        for (const [index, sent] of people.entries()) {
          expect(back[index]?.name?.full).toEqual(sent.name?.full)
          expect(several(back[index]?.phones)).toEqual(several(sent.phones))
          expect(several(back[index]?.emails)).toEqual(several(sent.emails))
          expect(several(back[index]?.notes)).toEqual(several(sent.notes))
          expect(several(back[index]?.organizations)).toEqual(several(sent.organizations))
        }
      }),
      { numRuns: 200 },
    )
  })

  test('JSContact: the same card', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(card4, { minLength: 1, maxLength: 3 }), async people => {
        expect(await cards(readJsContact(await written(jscontact(), people)))).toEqual(people)
      }),
      { numRuns: 100 },
    )
  })
})
