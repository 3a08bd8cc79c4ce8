import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CARD_FIELDS, type Card } from '../../src/contact/jscontact'
import { fieldsOf, isField, undeclaredFields } from '../../src/rules/declared'
import { cutCard, isContactPoint, visibleFields } from '../../src/rules/read'
import { agreed, on, riverside } from '../riverside'

const now = on('2026-03-20')
const sara: Card = {
  '@type': 'Card',
  version: '2.0',
  uid: 'urn:uuid:0',
  language: 'en',
  created: '2026-03-01T00:00:00Z',
  name: { full: 'Sara Karimi' },
  phones: { p1: { number: '+447700900123', label: 'home' } },
  emails: { e1: { address: 'sara@example.org' } },
  notes: { n1: { note: 'Call after six' } },
  'x:diet': 'vegetarian',
  vCardProps: [['x-anything', {}, 'text', '07700 900123']],
  localizations: {
    fa: { 'name/full': 'سارا کریمی', 'phones/p1/label': 'خانه', 'notes/n1/note': 'بعد از شش' },
    de: { notes: { n1: { note: 'Nach sechs' } } },
  },
}

describe('R1: a field', () => {
  it('is one of JSContact’s, or begins as a custom one does', () => {
    expect(['phones', 'name', 'x:diet'].map(isField)).toEqual([true, true, true])
    expect(['phone', 'diet', 'dietx:', ''].map(isField)).toEqual([false, false, false, false])
  })
})

describe('R23: what a door shows', () => {
  it('is the fields of its purpose, of somebody whose consent for it is live', () => {
    expect(visibleFields(agreed('prayer-times'), riverside, now)).toEqual(['name', 'phones'])
    expect(visibleFields(agreed('prayer-times'), riverside, on('2026-06-08'))).toEqual([])
    expect(visibleFields(undefined, riverside, now)).toEqual([])
  })
})

describe('R23, R24: a card cut to some fields', () => {
  it('holds those, their translations, and nothing else', () => {
    expect(cutCard(sara, ['name', 'phones'])).toEqual({
      '@type': 'Card',
      version: '2.0',
      name: sara.name,
      phones: sara.phones,
      localizations: { fa: { 'name/full': 'سارا کریمی', 'phones/p1/label': 'خانه' } },
    })
  })

  it('holds no translation of what it does not hold', () => {
    expect(cutCard(sara, ['emails'])).toEqual({ '@type': 'Card', version: '2.0', emails: sara.emails })
  })

  it('reads a translation’s path as JSON pointers are written', () => {
    const card = { localizations: { fa: { 'x:a~1b': 1, 'x:a/b': 2, 'x:a~01': 3, 'name~1full': 4 } } } as never
    expect(cutCard(card, ['x:a/b'])).toEqual({ localizations: { fa: { 'x:a~1b': 1 } } })
    expect(cutCard(card, ['x:a'])).toEqual({ localizations: { fa: { 'x:a/b': 2 } } })
    expect(cutCard(card, ['x:a~1'])).toEqual({ localizations: { fa: { 'x:a~01': 3 } } })
    expect(cutCard(card, ['name'])).toEqual({})
  })

  it('never holds translations as a field of their own', () => {
    expect(cutCard(sara, ['localizations'])).toEqual({ '@type': 'Card', version: '2.0' })
  })

  it('leaves the card it was cut from as it is, and cutting again changes nothing', () => {
    const fields = fc.subarray([...CARD_FIELDS, 'x:diet', 'vCardProps', 'uid', 'localizations'])
    const before = structuredClone(sara)
    fc.assert(
      fc.property(fields, fields, (some, others) => {
        const cut = cutCard(sara, some)
        expect(sara).toEqual(before)
        expect(cutCard(cut, some)).toEqual(cut)
        // The order of cutting doesn't matter, and never brings anything back.
        expect(cutCard(cut, others)).toEqual(cutCard(cutCard(sara, others), some))
      }),
    )
  })
})

describe('R24, R25: seeing a field is a reveal', () => {
  it.each([
    'phones',
    'emails',
    'onlineServices',
    'addresses',
    'schedulingAddresses',
    'calendars',
    'links',
    'directories',
    'relatedTo',
    'cryptoKeys',
  ])('for %s, which reach somebody', field => {
    expect(isContactPoint(field, riverside, 'group-chat')).toBe(true)
  })

  it.each(['notes', 'personalInfo', 'x:diet'])('for %s, where anything may be written', field => {
    expect(isContactPoint(field, riverside, 'group-chat')).toBe(true)
  })

  it('not for names, photos, dates and custom numbers', () => {
    for (const field of ['name', 'nicknames', 'media', 'anniversaries', 'x:age']) {
      expect(isContactPoint(field, riverside, 'group-chat')).toBe(false)
    }
  })

  it('R2: for names and photos too, in a special purpose or policy', () => {
    for (const field of ['name', 'nicknames', 'media']) {
      expect(isContactPoint(field, riverside, 'counselling')).toBe(true)
      expect(isContactPoint(field, { ...riverside, special: true }, 'group-chat')).toBe(true)
      expect(isContactPoint(field, { ...riverside, special: true })).toBe(true)
    }
    expect(isContactPoint('x:age', riverside, 'counselling')).toBe(false)
  })

  it.each([
    ['number', 34, false],
    ['number', '34', true],
    ['boolean', false, false],
    ['boolean', 'no', true],
    ['date', '1991-03-20', false],
    ['date', 'x1991-03-20', true],
    ['date', '1991-03-20x', true],
    ['date', '07700900123', true],
    ['date', 19_910_320, true],
    ['text', 'vegetarian', true],
    ['number', undefined, false],
  ] as const)('for a custom %s that holds %j: %s', (type, value, reveals) => {
    const policy = { ...riverside, custom: { 'x:age': type } }
    expect(isContactPoint('x:age', policy, 'group-chat', value)).toBe(reveals)
  })

  it('for a custom field of which nothing is known', () => {
    expect(isContactPoint('x:age')).toBe(true)
    expect(isContactPoint('x:unknown', riverside)).toBe(true)
  })
})

describe('R1: a field that no purpose declares', () => {
  it('is named', () => {
    expect(undeclaredFields(sara, riverside)).toEqual(['notes', 'vCardProps'])
    expect(undeclaredFields({ ...sara, shoeSize: 38 } as Card, riverside)).toContain('shoeSize')
  })

  it('is none of those that are left out or describe the card', () => {
    expect(undeclaredFields(cutCard(sara, ['name', 'phones', 'emails', 'x:diet']), riverside)).toEqual([])
    expect(fieldsOf({ ...sara, notes: undefined } as never)).not.toContain('notes')
  })
})

describe('R2, R24: a name', () => {
  it('counts as a contact point where the whole policy is special, or the purpose is', () => {
    expect(isContactPoint('name')).toBe(false)
    expect(isContactPoint('name', riverside)).toBe(false)
    expect(isContactPoint('name', riverside, 'prayer-times')).toBe(false)
    expect(isContactPoint('name', riverside, 'counselling')).toBe(true)
    expect(isContactPoint('name', { ...riverside, special: true })).toBe(true)
  })

  it('is shown of a card whose translations are no map', () => {
    const { localizations: _, ...rest } = sara
    expect(cutCard({ ...rest, localizations: null as never }, ['name'])).toEqual({
      '@type': 'Card',
      version: '2.0',
      name: { full: 'Sara Karimi' },
    })
  })
})
