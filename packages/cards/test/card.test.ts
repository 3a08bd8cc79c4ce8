import { describe, expect, test } from 'vitest'
import { cardFrom, emailOf, nameOf, phoneOf, sortKey } from '../src'

describe('a card of a small form', () => {
  test('it holds what was typed and nothing else', () => {
    expect(cardFrom({ name: ' Sara Karimi ', phone: '07700 900123', email: '' })).toEqual({
      '@type': 'Card',
      version: '2.0',
      name: { full: 'Sara Karimi' },
      phones: { p1: { number: '07700 900123' } },
    })
    expect(
      cardFrom({
        given: 'Sara',
        surname: 'Karimi',
        phone: '1',
        phones: ['1', '2'],
        emails: ['a@example.org'],
        note: 'n',
        organization: 'o',
      }),
    ).toEqual({
      '@type': 'Card',
      version: '2.0',
      name: {
        components: [
          { kind: 'given', value: 'Sara' },
          { kind: 'surname', value: 'Karimi' },
        ],
      },
      phones: { p1: { number: '1' }, p2: { number: '2' } },
      emails: { e1: { address: 'a@example.org' } },
      organizations: { o1: { name: 'o' } },
      notes: { n1: { note: 'n' } },
    })
  })
})

describe('which number to use', () => {
  const phones = {
    home: { number: '1', features: { voice: true } },
    plain: { number: '2', pref: 2 },
    cell: { number: '3', features: { mobile: true } },
  }
  test('the preferred one, or the first', () => {
    expect(phoneOf({ phones })).toBe('2')
    expect(phoneOf({ phones: { home: phones.home, cell: phones.cell } })).toBe('1')
  })
  test('a mobile one, or one of which nothing is said, but never a landline', () => {
    expect(phoneOf({ phones }, 'mobile')).toBe('3')
    expect(phoneOf({ phones: { home: phones.home, plain: phones.plain } }, 'mobile')).toBe('2')
    expect(phoneOf({ phones: { home: phones.home } }, 'mobile')).toBeUndefined()
    expect(phoneOf({})).toBeUndefined()
  })
  test('the preferred e-mail address', () => {
    expect(emailOf({ emails: { a: { address: 'a@example.org' }, b: { address: 'b@example.org', pref: 1 } } })).toBe(
      'b@example.org',
    )
  })
})

describe('what to call somebody', () => {
  test('in a language where the card has it', () => {
    const card = { name: { full: 'Sara Karimi' }, localizations: { fa: { 'name/full': 'سارا کریمی' } } }
    expect(nameOf(card, 'fa')).toBe('سارا کریمی')
    expect(nameOf(card, 'ar')).toBe('Sara Karimi')
    expect(nameOf(card)).toBe('Sara Karimi')
  })
  test('RFC 9553 2.2.1.1: components in their order, with what stands between them', () => {
    const components = [
      { kind: 'given', value: 'Jane' },
      { kind: 'separator', value: '-' },
      { kind: 'surname', value: 'Doe' },
    ]
    expect(nameOf({ name: { components, isOrdered: true } })).toBe('Jane-Doe')
    expect(nameOf({ name: { components } })).toBe('Jane Doe')
  })
  test('else a nickname, else an organization, else nothing', () => {
    const organizations = { o1: { name: 'Centre' } }
    expect(nameOf({ nicknames: { k1: { name: 'Sasha' } }, organizations })).toBe('Sasha')
    expect(nameOf({ organizations })).toBe('Centre')
    expect(nameOf({})).toBeUndefined()
  })
  test('a patch that leads nowhere, or to a prototype, changes nothing', () => {
    const card = { name: { full: 'A' }, localizations: { fa: { 'phones/x/number': '1', '__proto__/full': 'no' } } }
    expect(nameOf(card, 'fa')).toBe('A')
    expect(nameOf(card, '__proto__')).toBe('A')
    expect(({} as Record<string, unknown>).full).toBeUndefined()
  })
})

test.each([
  ['Arabic and Persian yeh and kaf', 'علي كريمي', 'علی کریمی'],
  ['hamza on or beside its letter', 'رؤیا أحمد رضاء', 'رویا احمد رضا'],
  ['joiners', 'می‌نا', 'مینا'],
  ['vowel signs and tatweel', 'مُحَمَّـد', 'محمد'],
  ['accents and case', 'ZOË Ångström', 'zoe angstrom'],
  ['digits of every script', 'خانه ۱۲ ٣', 'خانه 12 3'],
  ['marks of direction and double blanks', '\u200fسارا  کریمی\u200e ', 'سارا کریمی'],
  ['presentation forms', 'ﺳﺎﺭﺍ', 'سارا'],
])('sort keys make no difference between %s', (_, one, other) => {
  expect(sortKey(one)).toBe(sortKey(other))
})
