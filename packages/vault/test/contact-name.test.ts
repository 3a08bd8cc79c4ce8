// The name of a person in one line.
import { describe, expect, test } from 'vitest'
import { displayName } from '../src/contact/name'

const components = [
  { kind: 'surname', value: 'Karimi' },
  { kind: 'given', value: 'Sara' },
  { kind: 'title', value: 'Dr.' },
] as const

describe('RFC 9553, section 2.2.1.1: a name', () => {
  test('as it is said in full', () => {
    expect(displayName({ full: ' Sara K. ', components })).toBe('Sara K.')
  })

  test('of components without an order is put in the usual one', () => {
    expect(displayName({ components })).toBe('Dr. Sara Karimi')
    expect(displayName({ components, isOrdered: false })).toBe('Dr. Sara Karimi')
  })

  test('of components in an order is said in it, with what stands between', () => {
    expect(displayName({ components, isOrdered: true, defaultSeparator: ', ' })).toBe('Karimi, Sara, Dr.')
  })
})
