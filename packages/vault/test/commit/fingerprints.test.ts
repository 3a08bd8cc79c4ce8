/**
 * The short fingerprints of people who left: that each says the person, the purpose and the list it is for, that the
 * latest week counts however many stand for one, and the bytes of a row.
 */
import { fingerprint, ready, Secret } from '@amanat/crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { u32, utf8, viewOf } from '../../src/bytes'
import {
  ALL_PURPOSES,
  decodePrints,
  encodePrints,
  Fingerprints,
  type Print,
  printOf,
  shortened,
} from '../../src/commit/fingerprints'

beforeAll(() => ready())

const key = Secret.of<'left'>(new Uint8Array(32).fill(3))
const phone = { kind: 'phone', value: '+447700900101' } as const
const print = (change: Partial<Print> = {}): Print => ({
  purpose: 2,
  bits: 20,
  week: 2_900,
  value: 0x8_1234,
  ...change,
})

describe('a fingerprint', () => {
  it('is the first four bytes, little endian, of that of the point for one purpose and one list', () => {
    const bytes = fingerprint('amanat/left/1', key, 8, u32(2), utf8('phone:+447700900101'))
    expect(printOf('left', key, 2, phone)).toBe(viewOf(bytes).getUint32(0, true))
    const others = [
      printOf('quarantined', key, 2, phone),
      printOf('left', Secret.of<'left'>(new Uint8Array(32)), 2, phone),
      printOf('left', key, ALL_PURPOSES, phone),
      printOf('left', key, 2, { ...phone, kind: 'ref' }),
      printOf('left', key, 2, { ...phone, value: '+447700900102' }),
    ]
    expect(new Set([printOf('left', key, 2, phone), ...others]).size).toBe(6)
  })

  it('keeps the lowest of its bits, all of them where there are thirty-two', () => {
    expect([1, 8, 20, 31].map(bits => shortened(0xffff_ffff, bits))).toEqual([1, 0xff, 0xf_ffff, 0x7fff_ffff])
    expect(shortened(0xdead_beef, 32)).toBe(0xdead_beef)
    expect(shortened(0xdead_beef, 16)).toBe(0xbeef)
    expect(shortened(0, 24)).toBe(0)
  })
})

describe('a list of fingerprints', () => {
  it('finds the latest week of a purpose and a value, in whatever order and of whatever length they stand', () => {
    const value = 0xdead_beef
    const prints = [
      print({ bits: 16, value: 0xbeef, week: 2_900 }),
      print({ bits: 16, value: 0xbeef, week: 2_905 }),
      print({ bits: 16, value: 0xbeef, week: 2_903 }),
      print({ bits: 8, value: 0xef, week: 2_904 }),
      print({ bits: 32, value, week: 2_901, purpose: 3 }),
    ]
    for (const some of [prints, prints.toReversed()]) {
      const list = new Fingerprints(some)
      expect(list.size).toBe(5)
      expect(list.week(2, value)).toBe(2_905)
      expect(list.week(2, 0x00ef)).toBe(2_904)
      expect(list.week(3, value)).toBe(2_901)
      expect(list.week(3, value - 1)).toBeUndefined()
      expect(list.week(ALL_PURPOSES, value)).toBeUndefined()
    }
    const longer = new Fingerprints([print({ bits: 8, value: 0xef, week: 2_910 }), ...prints])
    expect(longer.week(2, value)).toBe(2_910)
  })

  it('of nobody knows nobody, and so does the empty one', () => {
    expect(Fingerprints.empty.size).toBe(0)
    expect(Fingerprints.empty.week(2, 0)).toBeUndefined()
    expect(Fingerprints.read([]).size).toBe(0)
  })

  it('is read from several rows together', () => {
    const rows = [[print()], [print({ value: 7 }), print({ value: 8 })]].map(encodePrints)
    expect(Fingerprints.read(rows).prints.map(({ value }) => value)).toEqual([0x8_1234, 7, 8])
  })
})

describe('a row of fingerprints', () => {
  it('stands as the format says, sorted by value and then by purpose, and is read back', () => {
    const unsorted = [
      print({ value: 9, purpose: 3 }),
      print({ value: 9, purpose: 1 }),
      print({ value: 0xffff_fffe, bits: 32 }),
    ]
    const sorted = [unsorted[1], unsorted[0], unsorted[2]]
    const bytes = encodePrints(unsorted)
    expect([...bytes.subarray(0, 16)]).toEqual([1, 0, 3, 0, 1, 0, 20, 0, 0x54, 0x0b, 0, 0, 9, 0, 0, 0])
    expect([...bytes.subarray(28, 40)]).toEqual([2, 0, 32, 0, 0x54, 0x0b, 0, 0, 0xfe, 0xff, 0xff, 0xff])
    expect(bytes).toHaveLength(4 + 3 * 12)
    expect(decodePrints(bytes)).toEqual(sorted)
    expect(unsorted[0]).toMatchObject({ purpose: 3 })
    expect(decodePrints(encodePrints([]))).toEqual([])
  })

  it('is refused when it is cut, too long, or of another format', () => {
    const row = encodePrints([print(), print()])
    const wrong = [
      new Uint8Array(),
      row.subarray(0, 3),
      row.subarray(0, 4),
      row.subarray(0, row.length - 1),
      new Uint8Array([...row, 0]),
      row.with(0, 2),
      row.with(2, 1),
      row.with(3, 1),
    ]
    for (const bytes of wrong) expect(() => decodePrints(bytes)).toThrow(new RangeError('fingerprints malformed'))
    const larger = new Uint8Array([0, ...row, 0])
    expect(decodePrints(larger.subarray(1, 1 + row.length))).toHaveLength(2)
  })
})
