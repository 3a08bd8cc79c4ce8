import { describe, expect, test } from 'vitest'
import { readCards, readJsContact, readVCards, writeVCards } from '../src'
import { all, cards, codes } from './reading'

const SARA = { '@type': 'Card', version: '1.0', uid: 'urn:uuid:1', name: { full: 'Sara' } }
const OMID = { '@type': 'Card', version: '2.0', name: { full: 'Omid } ] "' } }

describe('reading JSContact', () => {
  test.each([
    ['one card', JSON.stringify(SARA, undefined, 2), [SARA]],
    ['an array', JSON.stringify([SARA, OMID], undefined, 2), [SARA, OMID]],
    ['JSON lines', `${JSON.stringify(SARA)}\n${JSON.stringify(OMID)}\n`, [SARA, OMID]],
    [
      'RFC 9982 2: a card without a version or uid',
      '{"name":{"full":"A"}}',
      [{ '@type': 'Card', version: '2.0', name: { full: 'A' } }],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await cards(readJsContact(text))).toEqual(expected)
    async function* chars() {
      for (const char of text) yield char
    }
    expect(await cards(readJsContact(chars()))).toEqual(expected)
  })

  test('a broken object is an item with its line, and the others are read', async () => {
    const items = await all(
      readJsContact('{"name":{"full":"A"}}\n{"name":}\n{"name":{"full":"B"}}\n{"name":"x\n{"uid":"1"}'),
    )
    expect(codes(items)).toEqual(['1:card', '2:NOT_JSON', '3:card', '4:NOT_JSON', '5:card'])
  })

  test.each([
    ['name', { name: 'Sara' }],
    ['phones', { phones: [{ number: '1' }] }],
    ['phones/p1', { phones: { p1: '1' } }],
    ['phones/p1/number', { phones: { p1: { number: 1 } } }],
    ['phones', { phones: { 'a b': { number: '1' } } }],
    ['emails/e1/pref', { emails: { e1: { address: 'a', pref: 101 } } }],
    ['name/components/0/value', { name: { components: [{ kind: 'given' }] } }],
    ['name/sortAs', { name: { full: 'A', sortAs: 'A' } }],
    ['keywords', { keywords: { a: 'yes' } }],
    ['vCardProps/0', { vCardProps: ['x'] }],
    // RFC 9553, section 1.7.1: a known property in another case would pass every rule unseen.
    ['nickNames', { nickNames: { n1: { name: 'J' } } }],
    ['name/Full', { name: { full: 'Jane', Full: 'Jane' } }],
    ['extra', { extra: 1 }],
    ['name/extra', { name: { full: 'Jane', extra: 1 } }],
    ['localizations/de/name~1extra', { name: { full: 'J' }, localizations: { de: { 'name/extra': 1 } } }],
  ])('what is no card is refused, and said where: %s', async (path, card) => {
    const [item] = await all(readJsContact(JSON.stringify({ '@type': 'Card', ...card })))
    expect(item).toMatchObject({ line: 1, error: { code: 'CARD_INVALID', path } })
  })

  test('unknown and vendor properties stay', async () => {
    const organizations = { o1: { name: 'ABC', sortAs: 'ABC' } }
    const card = {
      '@type': 'Card',
      version: '2.0',
      organizations,
      foo: 'bar',
      'example.com:foo': { a: 1 },
      'x:diet': 'vegan',
    }
    expect(await cards(readJsContact(JSON.stringify(card)))).toEqual([card])
  })

  test('RFC 9553 1.4.3: a patch may lead into a list, and makes it neither longer nor shorter', async () => {
    const components = [
      { kind: 'surname', value: '孫' },
      { kind: 'given', value: '中山' },
    ]
    const fits = {
      yue: { 'name/phoneticSystem': 'jyut', 'name/components/0/phonetic': 'syun1', 'name/components/1': components[1] },
    }
    const card = { '@type': 'Card', version: '2.0', name: { components }, localizations: fits }
    expect(await cards(readJsContact(JSON.stringify(card)))).toEqual([card])
    for (const [pointer, value] of [
      ['name/components/2', components[0]],
      ['name/components/-', components[0]],
      ['name/components/0', null],
      ['name/components/00/phonetic', 'x'],
      ['name/components/length', 0],
    ] as const) {
      const [item] = await all(readJsContact(JSON.stringify({ ...card, localizations: { yue: { [pointer]: value } } })))
      expect(item).toMatchObject({ error: { code: 'CARD_INVALID' } })
    }
  })

  test('RFC 9555 3.1: what a translation adds goes out whole', async () => {
    const card = {
      '@type': 'Card',
      version: '2.0',
      name: { full: 'A' },
      localizations: { en: { addresses: { h1: { full: 'B' } } } },
    } as const
    expect(await cards(readVCards(writeVCards([card])))).toEqual([card])
  })

  test.each([
    [
      'GeoJSON',
      { type: 'FeatureCollection', name: 'places', features: [{ type: 'Feature', properties: { name: 'A' } }] },
    ],
    ['settings of a compiler', { compilerOptions: { strict: true }, include: ['src'] }],
    ['a package', { name: 'a', version: '1.0.0', keywords: ['a'], author: 'B' }],
    ['cases of a test suite', { cases: [{ id: 'a', jprops: { name: { full: 'A' } } }] }],
    ['an event', { '@type': 'Event', uid: '1', title: 'A' }],
    ['texts', ['a', 'b']],
    [
      'lists',
      [
        ['a', 1],
        ['b', 2],
      ],
    ],
    ['nothing', {}],
  ])('JSON of another kind is refused whole: %s', async (_, json) => {
    for (const indent of [0, 2]) {
      const text = JSON.stringify(json, undefined, indent)
      await expect(all(readCards(text))).rejects.toMatchObject({ code: 'NOT_JSCONTACT' })
      await expect(all(readJsContact(text))).rejects.toMatchObject({ code: 'NOT_JSCONTACT' })
    }
  })

  test('something else among cards is an item, wherever it stands', async () => {
    const event = { '@type': 'Event', uid: '1' }
    expect(codes(await all(readJsContact(`[${JSON.stringify(event)},\n${JSON.stringify(SARA)},\n{"a":1}]`)))).toEqual([
      '1:CARD_INVALID',
      '2:card',
      '3:CARD_INVALID',
    ])
    await expect(all(readJsContact('{"a":1}\n'.repeat(100_000)))).rejects.toMatchObject({ code: 'NOT_JSCONTACT' })
  })

  test('cards in the answer of a server are read, with their lines', async () => {
    const list = [SARA, { ...OMID, notes: { n1: { note: 'x' } } }]
    const answer = {
      methodResponses: [['ContactCard/get', { accountId: 'a', list }, '0']],
    }
    const text = JSON.stringify(answer, undefined, 1)
    const items = await all(readCards(text))
    expect(items.map(item => 'card' in item && item.card)).toEqual(list)
    const starts = text.split('\n').flatMap((line, at) => (line.includes('"@type"') ? [at] : []))
    expect(items.map(({ line }) => line)).toEqual(starts)
  })

  test.each([
    ['one', (card: unknown) => card],
    ['several', (card: unknown) => [card]],
    ['RDAP', (card: unknown) => ({ objectClassName: 'entity', vcardArray: card })],
  ])('jCard (RFC 7095), %s', async (_, around) => {
    const jcard = [
      'vcard',
      [
        ['version', {}, 'text', '4.0'],
        ['fn', {}, 'text', 'Sara Karimi'],
        ['n', {}, 'text', ['Karimi', 'Sara', '', '', ['A.B.', 'C;D']]],
        ['bday', {}, 'date-and-or-time', '--02-03'],
        ['org', { group: 'g1' }, 'text', 'Quay, Ltd.'],
        ['title', { group: 'G1' }, 'text', 'Baker'],
        ['adr', { type: 'home', label: 'Quay 1\nLeeds' }, 'text', ['', '', ['Quay 1', 'Flat 2'], 'Leeds', '', '', '']],
        ['tel', { type: ['work', 'voice'], pref: '1' }, 'uri', 'tel:+44-7700-900123;ext=102'],
        ['categories', {}, 'text', 'choir', 'tea, no milk'],
        ['x-flag', {}, 'boolean', true],
        ['x-odd'],
      ],
    ]
    const [item] = await all(readCards(JSON.stringify(around(jcard))))
    expect(item).toEqual({
      line: 1,
      card: {
        '@type': 'Card',
        version: '2.0',
        name: {
          full: 'Sara Karimi',
          components: [
            { kind: 'surname', value: 'Karimi' },
            { kind: 'given', value: 'Sara' },
            { kind: 'credential', value: 'A.B.' },
            { kind: 'credential', value: 'C;D' },
          ],
        },
        anniversaries: { a1: { kind: 'birth', date: { month: 2, day: 3 } } },
        organizations: { o1: { name: 'Quay, Ltd.' } },
        titles: { t1: { kind: 'title', name: 'Baker', organizationId: 'o1' } },
        addresses: {
          h1: {
            components: [
              { kind: 'name', value: 'Quay 1' },
              { kind: 'name', value: 'Flat 2' },
              { kind: 'locality', value: 'Leeds' },
            ],
            full: 'Quay 1\nLeeds',
            contexts: { private: true },
          },
        },
        phones: {
          p1: { number: 'tel:+44-7700-900123;ext=102', contexts: { work: true }, features: { voice: true }, pref: 1 },
        },
        keywords: { choir: true, 'tea, no milk': true },
        vCardProps: [['x-flag', {}, 'unknown', 'true']],
      },
      kept: ['x-flag'],
      skipped: [{ line: 1, why: 'not-a-property' }],
    })
  })

  test('text without an object is refused whole', async () => {
    await expect(all(readJsContact('hello'))).rejects.toMatchObject({ code: 'NOT_JSCONTACT' })
    expect(await all(readJsContact(' \n'))).toEqual([])
  })
})
