// Properties inside a card have the type that RFC 9553 gives them, or the card is not taken in: a card that no writer
// expects would stop an export years later.
import { describe, expect, test } from 'vitest'
import { mistyped, mistypedPatch } from '../src/contact/typed'

describe('a property of another type', () => {
  test.each([
    ['organizations', { o1: { name: 5 } }, 'name'],
    ['organizations', { o1: { name: 'A', units: 'B' } }, 'units'],
    ['organizations', { o1: { name: 'A', units: [{ name: {} }] } }, 'name'],
    ['organizations', { o1: { name: 'A', sortAs: { surname: 'A' } } }, 'sortAs'],
    ['name', { full: 'A', sortAs: 'A' }, 'sortAs'],
    ['name', { components: [{ kind: 'given', value: 'A', phonetic: 1 }] }, 'phonetic'],
    ['phones', { p1: { number: '1234', contexts: ['work'] } }, 'contexts'],
    ['emails', { e1: { address: 'a@example.org', pref: 101 } }, 'pref'],
    ['anniversaries', { a1: { kind: 'birth', date: '1990-02-03' } }, 'date'],
    ['anniversaries', { a1: { kind: 'birth', date: { year: '1990' } } }, 'year'],
    ['anniversaries', { a1: { kind: 'birth', date: { year: 1990 }, place: { full: 1 } } }, 'full'],
    ['speakToAs', { pronouns: { k1: { pronouns: 1 } } }, 'pronouns'],
    ['notes', { n1: { note: 'x', author: { name: [] } } }, 'name'],
    ['relatedTo', { 'urn:uuid:1': { relation: { friend: 'yes' } } }, 'relation'],
  ])('%s %j is found', (field, value, property) => {
    expect(mistyped(field, value)).toBe(property)
  })

  test.each([
    ['phones', { name: { number: '1234', contexts: { address: true } } }],
    ['emails', { e1: { address: 'a@example.org', vCardParams: { name: ['a', 'b'] }, 'example.org:note': 5 } }],
    ['name', { full: 'A', sortAs: { given: 'A' } }],
    ['speakToAs', { grammaticalGender: 'neuter', pronouns: { name: { pronouns: 'they' } } }],
    ['keywords', { name: true }],
  ])('%s %j is as it should be, whatever ids and words are called', (field, value) => {
    expect(mistyped(field, value)).toBeUndefined()
  })

  test('is found in a patch too', () => {
    expect(mistypedPatch({ 'organizations/o1/name': 5 })).toBe('name')
    expect(mistypedPatch({ 'organizations/o1': { name: 5 } })).toBe('name')
    expect(mistypedPatch({ name: { full: 5 } })).toBe('full')
    expect(mistypedPatch({ 'titles/name': { name: 'A' }, 'titles/t1/name': 'B', 'notes/n1': null })).toBeUndefined()
  })
})
