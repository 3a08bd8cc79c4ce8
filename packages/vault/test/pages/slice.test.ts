/// <reference types="node" />
import { encode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeRecord, encodeRecord, MAX_DEPTH } from '../../src/pages/slice'

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
const plain = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.double({ noNaN: true }).filter(n => !Object.is(n, -0)),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array(),
    fc.array(tie('value')),
    fc.dictionary(
      fc.string().filter(key => key !== '__proto__'),
      tie('value'),
      { noNullPrototype: true },
    ),
  ),
})).value

describe('a record', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(plain, value => {
        expect(decodeRecord(encodeRecord(value))).toEqual(value)
      }),
    )
  })

  it('has the same bytes whatever the order of its properties', () => {
    expect(encodeRecord({ a: 1, bb: 2, c: 3 })).toEqual(encodeRecord({ c: 3, bb: 2, a: 1 }))
  })

  it('keeps a leading byte order mark in a text, short or long', () => {
    for (const text of ['\uFEFFa', `\uFEFF${'long '.repeat(20)}`, '\uFEFF']) {
      expect(decodeRecord(encodeRecord({ text }))).toEqual({ text })
    }
  })

  it('keeps texts of every length around the borders of its length prefix', () => {
    for (const length of [0, 23, 24, 31, 32, 33, 255, 256, 65_535, 65_536]) {
      const text = 'é'.repeat(length >> 1) + 'x'.repeat(length & 1)
      expect(decodeRecord(encodeRecord([text, 1]))).toEqual([text, 1])
    }
  })

  it('turns a lone surrogate into U+FFFD, and refuses one in a key', () => {
    expect(decodeRecord(encodeRecord(['a\uD800b', '😀']))).toEqual(['a\uFFFDb', '😀'])
    expect(() => encodeRecord({ '\uD800': 1, '\uFFFD': 2 })).toThrow(TypeError)
  })

  it('leaves undefined properties out', () => {
    expect(decodeRecord(encodeRecord({ a: undefined, b: 1 }))).toEqual({ b: 1 })
  })

  it('can not change what an object inherits', () => {
    const evil = JSON.parse('{"__proto__": {"polluted": true}}')
    expect(() => encodeRecord({ card: evil })).toThrow(TypeError)
    const read = decodeRecord(encode(evil)) as Record<string, unknown>
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
    expect(read.polluted).toBeUndefined()
  })

  it('does not share memory with the bytes it was read from, a Buffer or not', () => {
    for (const bytes of [encodeRecord([new Uint8Array([1, 2])]), Buffer.from(encodeRecord([new Uint8Array([1, 2])]))]) {
      const [held] = decodeRecord(bytes) as [Uint8Array]
      bytes.fill(0)
      expect(held).toEqual(new Uint8Array([1, 2]))
    }
  })

  it('is refused when it nests too deeply or in a circle, on writing and on reading', () => {
    expect(decodeRecord(encodeRecord(nested(MAX_DEPTH)))).toEqual(nested(MAX_DEPTH))
    expect(() => encodeRecord(nested(MAX_DEPTH + 1))).toThrow(TypeError)
    expect(() => decodeRecord(encode(nested(MAX_DEPTH + 1)))).toThrow(RangeError)
    expect(() => decodeRecord(new Uint8Array(50_000).fill(0x81))).toThrow(RangeError)
    const circle: unknown[] = []
    circle.push(circle)
    expect(() => encodeRecord(circle)).toThrow(TypeError)
  })

  it('that could not come back is refused on writing', () => {
    for (const value of [new Map(), () => 1, Symbol('x'), { f: () => 1 }]) {
      expect(() => encodeRecord(value)).toThrow(TypeError)
    }
  })

  it('is refused when it is not in the one form that is written', () => {
    const broken: Record<string, number[]> = {
      'nothing at all': [],
      'an integer too long': [0x18, 0x01],
      'a text length too long': [0x78, 0x01, 0x61],
      'a text length of 16 bits too long': [0x79, 0x00, 0x18, ...new Array(24).fill(0x61)],
      'a text length of 64 bits': [0x7b, 0, 0, 0, 0, 0, 0, 0, 1, 0x61],
      'an indefinite text': [0x7f, 0x61, 0x61, 0xff],
      'an indefinite array': [0x9f, 0x01, 0xff],
      'invalid UTF-8': [0x62, 0xc3, 0x28],
      'a surrogate in UTF-8': [0x63, 0xed, 0xa0, 0x80],
      'a key twice': [0xa2, 0x61, 0x61, 1, 0x61, 0x61, 2],
      'a key that is no text': [0xa1, 1, 1],
      'a tag': [0xc0, 0x61, 0x61],
      'something after the end': [0x01, 0x01],
      'a length past the end': [0x5a, 0xff, 0xff, 0xff, 0xff],
      'a text past the end': [0x7a, 0xff, 0xff, 0xff, 0xff],
      'a lone break': [0xff],
    }
    for (const [why, bytes] of Object.entries(broken)) {
      expect(() => decodeRecord(Uint8Array.from(bytes)), why).toThrow(new RangeError('record malformed'))
    }
  })

  it('cut short anywhere is refused', () => {
    const bytes = encodeRecord({ name: 'Sara', phones: ['x'.repeat(40), { n: 1.5, b: new Uint8Array(30) }], t: true })
    for (let n = 0; n < bytes.length; n++) expect(() => decodeRecord(bytes.subarray(0, n))).toThrow(RangeError)
  })
})
