import { describe, expect, test } from 'vitest'
import { readJsContact, readVCards, writeVCards } from '../src'
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
    ['@type', { '@type': 'Event' }],
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
    const [item] = await all(readJsContact(JSON.stringify(card)))
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
    }
    expect(await cards(readVCards(writeVCards([card])))).toEqual([card])
  })

  test('text without an object is refused whole', async () => {
    await expect(all(readJsContact('hello'))).rejects.toMatchObject({ code: 'NOT_JSCONTACT' })
    expect(await all(readJsContact(' \n'))).toEqual([])
  })
})
