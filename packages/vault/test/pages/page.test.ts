import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paddedLength } from '../../../crypto/src/padded-length'
import {
  decodePage,
  EMPTY_PAGE_BYTES,
  encodePage,
  frameSizeOf,
  MAX_PAGE_BYTES,
  MAX_RECORD_BYTES,
  recordAt,
} from '../../src/pages/page'

const records = fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 30 })
const example = () => encodePage([Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(4)])
const everything = [decodePage, (page: Uint8Array) => recordAt(page, 0)]

describe('a page', () => {
  it('gives all its records back, together and one by one', () => {
    fc.assert(
      fc.property(records, written => {
        const page = encodePage(written)
        expect(decodePage(page)).toEqual(written)
        expect(written.map((_, slot) => recordAt(page, slot))).toEqual(written)
        expect(page.length).toBe(written.reduce((sum, each) => sum + frameSizeOf(each), EMPTY_PAGE_BYTES))
      }),
    )
  })

  it('stands in the bytes that its file gives', () => {
    const table = [20, 0, 0, 0, 23, 0, 0, 0, 23, 0, 0, 0, 24, 0, 0, 0]
    expect([...example()]).toEqual([1, 0, 3, 0, ...table, 1, 2, 3, 4])
  })

  it('of the largest size fits a stored row with frame, padding and seal', () => {
    const page = encodePage([new Uint8Array(MAX_RECORD_BYTES)])
    expect(page.length).toBe(MAX_PAGE_BYTES)
    expect(decodePage(page).map(({ length }) => length)).toEqual([MAX_RECORD_BYTES])
    // u32 frame; nonce 24 and tag 16 of XChaCha20-Poly1305.
    expect(paddedLength(4 + page.length) + 40).toBeLessThanOrEqual(60_000)
    expect(() => encodePage([new Uint8Array(MAX_RECORD_BYTES + 1)])).toThrow('page too large')
  })

  it('is read from wherever its bytes lie', () => {
    const page = example()
    const moved = new Uint8Array(page.length + 5)
    moved.set(page, 3)
    expect(decodePage(moved.subarray(3, 3 + page.length))).toEqual(decodePage(page))
  })

  it('cut short anywhere, or longer by a byte, is refused', () => {
    const page = example()
    for (const read of everything) {
      for (let n = 0; n < page.length; n++) expect(() => read(page.subarray(0, n))).toThrow('page malformed')
      expect(() => read(Uint8Array.of(...page, 0))).toThrow('page malformed')
    }
  })

  it('larger than a page may be is refused, however well it is made', () => {
    const page = new Uint8Array(MAX_PAGE_BYTES + 1)
    page.set([1, 0, 1, 0, 12, 0, 0, 0])
    new DataView(page.buffer).setUint32(8, page.length, true)
    for (const read of everything) expect(() => read(page)).toThrow('page malformed')
  })

  it('of another codec is refused', () => {
    for (const [at, value] of [
      [0, 2],
      [1, 1],
    ] as const) {
      const page = example()
      page[at] = value
      for (const read of everything) expect(() => read(page)).toThrow('page malformed')
    }
  })

  it('with any one byte changed is refused, or answers within its bounds', () => {
    const page = example()
    for (let at = 0; at < page.length; at++) {
      for (let value = 0; value < 256; value++) {
        const broken = page.slice()
        broken[at] = value
        for (const read of [decodePage, (bytes: Uint8Array) => [0, 1, 2].map(slot => recordAt(bytes, slot))]) {
          try {
            const total = read(broken).reduce((sum, record) => sum + record.length, 0)
            expect(total).toBeLessThanOrEqual(4)
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError)
          }
        }
      }
    }
  })

  it('whose frames run backwards, into the table or past the end is refused', () => {
    const withOffset = (slot: number, offset: number) => {
      const page = example()
      new DataView(page.buffer).setUint32(4 + slot * 4, offset, true)
      return page
    }
    for (const page of [withOffset(0, 19), withOffset(0, 21), withOffset(3, 23), withOffset(3, 25)]) {
      for (const read of everything) expect(() => read(page)).toThrow('page malformed')
    }
    expect(() => recordAt(withOffset(1, 25), 0)).toThrow('page malformed')
    for (const page of [withOffset(1, 19), withOffset(1, 24), withOffset(1, 0xffff_ffff)]) {
      expect(() => recordAt(page, 1)).toThrow('page malformed')
      expect(() => decodePage(page)).toThrow('page malformed')
    }
  })

  it('has no record where there is none', () => {
    for (const slot of [-1, 3, 0.5, Number.NaN]) expect(() => recordAt(example(), slot)).toThrow('no such record')
    expect(() => recordAt(encodePage([]), 0)).toThrow('no such record')
  })
})
