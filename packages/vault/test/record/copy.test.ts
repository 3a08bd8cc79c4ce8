/** What comes from outside, copied and measured: a copy that shares nothing, and never fewer bytes than its record takes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOver, copyRecord, mostBytesOf } from '../../src/record/copy'
import { encodeRecord, MAX_DEPTH } from '../../src/record/record'
import { anything } from './plain'

describe('a copy', () => {
  it('has the same record, which takes no more bytes than was said', () => {
    fc.assert(
      fc.property(anything(), value => {
        const { length } = encodeRecord(value)
        expect(encodeRecord(copyRecord(value))).toEqual(encodeRecord(value))
        expect(mostBytesOf(value)).toBeGreaterThanOrEqual(length)
        expect([bytesOver(length, value), bytesOver(length - 1, value)]).toEqual([undefined, length])
      }),
    )
  })

  it('of long keys and texts takes no more than was said either', () => {
    for (const text of ['漢'.repeat(500), 'a'.repeat(500)]) {
      for (const value of [text, { [text]: 1 }, [[text, { [text]: text }]]]) {
        expect(mostBytesOf(value)).toBeGreaterThanOrEqual(encodeRecord(value).length)
      }
    }
    expect(bytesOver(100, { a: new Uint8Array(200) })).toBeGreaterThan(200)
  })

  it('shares nothing with what it was made of', () => {
    const value = { a: [{ b: 1 }], c: new Uint8Array([1, 2]) }
    const copy = copyRecord(value)
    const before = structuredClone(copy)
    ;(value.a[0] as { b: number }).b = 2
    value.a.push({ b: 3 })
    value.c.fill(0)
    expect(copy).toEqual(before)
  })

  it('is plain, whatever class it was of, and leaves undefined properties out', () => {
    class Card {
      name = 'Sara'
      note = undefined
    }
    const copy = copyRecord(new Card())
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
    expect(Object.keys(copy as object)).toEqual(['name'])
  })

  it('is refused of all that a record is refused of', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
    const nestedMaps = (depth: number): unknown => (depth === 0 ? 1 : { a: nestedMaps(depth - 1) })
    const circle: unknown[] = []
    circle.push(circle, circle)
    const refused = [
      new Map(),
      new Date(0),
      () => 1,
      1n,
      Symbol('x'),
      [new Uint16Array(1)],
      { a: new ArrayBuffer(1) },
      { '\uD800': 1 },
      JSON.parse('{"__proto__": 1}'),
      nested(MAX_DEPTH + 1),
      nestedMaps(MAX_DEPTH + 1),
      circle,
    ]
    for (const value of refused) {
      expect(() => copyRecord(value)).toThrow(TypeError)
      expect(() => encodeRecord(value)).toThrow(TypeError)
    }
    for (const deepest of [nested(MAX_DEPTH), nestedMaps(MAX_DEPTH)]) expect(copyRecord(deepest)).toEqual(deepest)
  })
})
