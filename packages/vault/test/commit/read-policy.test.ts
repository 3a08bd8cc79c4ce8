/** The row of the policy, as somebody with the keys could have written it: nothing but a policy's record is one. */
import { expect, it } from 'vitest'
import { readPolicyRecord } from '../../src/commit/read-policy'
import { encodeRecord } from '../../src/record/record'
import { riverside } from '../riverside'

const record = { policy: riverside, before: riverside, loosensAt: 1_772_355_600_000, sameLegalPerson: ['Quay Centre'] }
const read = (value: unknown) => readPolicyRecord(encodeRecord(value))
const malformed = new RangeError('policy malformed')

it('is read with whatever it has, each alone and all together', () => {
  for (const whole of [
    { policy: riverside },
    { ...record, pending: true },
    ...(['before', 'loosensAt', 'sameLegalPerson'] as const).map(key => ({ policy: riverside, [key]: record[key] })),
    { policy: riverside, sameLegalPerson: [] },
  ]) {
    expect(read(whole)).toEqual(whole)
  }
})

it('is frozen all through: callers are shown the one that rules', () => {
  const { policy, before = policy } = read(record)
  for (const { controller, purposes } of [policy, before]) {
    const fields = purposes['prayer-times']?.fields as string[] | undefined
    expect(() => fields?.push('emails')).toThrow(/not extensible/)
    expect(() => Object.assign(controller, { name: 'Quay Centre' })).toThrow(/read only/)
  }
})

it.each([
  ['nothing', null],
  ['a text', 'policy'],
  ['a list', []],
  ['no policy', {}],
  ['a policy that is none', { policy: { ...riverside, purposes: 7 } }],
  ['what ruled before being none', { ...record, before: 'riverside' }],
  ['a day that is no instant', { ...record, loosensAt: 'soon' }],
  ['a day that never comes', { ...record, loosensAt: Number.POSITIVE_INFINITY }],
  ['a name that is no list', { ...record, sameLegalPerson: 'Quay Centre' }],
  ['a name that is no text', { ...record, sameLegalPerson: ['Quay Centre', 7] }],
  ['pending that is false', { ...record, pending: false }],
  ['something more', { ...record, more: true }],
])('is refused with %s', (_, value) => {
  expect(() => read(value)).toThrow(malformed)
})
