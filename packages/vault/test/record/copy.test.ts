/** What comes from outside, copied and measured: a copy that shares nothing, and never fewer bytes than its record takes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyRecord, mostBytesOf } from '../../src/record/copy'
import { encodeRecord, MAX_DEPTH } from '../../src/record/record'

const plain = () =>
  fc.letrec(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.boolean(),
      fc.constantFrom(null, undefined),
      fc.uint8Array(),
      fc.array(tie('value')),
      fc.dictionary(
        fc.string().filter(key => key !== '__proto__'),
        tie('value'),
        { noNullPrototype: true },
      ),
    ),
  })).value

describe('a copy', () => {
  it('has the same record, which takes no more bytes than was said', () => {
    fc.assert(
      fc.property(plain(), value => {
        const { copy, most } = copyRecord(value)
        const bytes = encodeRecord(value)
        expect(encodeRecord(copy)).toEqual(bytes)
        expect(most).toBeGreaterThanOrEqual(bytes.length)
        expect(mostBytesOf(value)).toBeGreaterThanOrEqual(bytes.length)
      }),
    )
  })

  it('shares nothing with what it was made of', () => {
    const value = { a: [{ b: 1 }], c: new Uint8Array([1, 2]) }
    const { copy } = copyRecord(value)
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
    const { copy } = copyRecord(new Card())
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
    expect(Object.keys(copy as object)).toEqual(['name'])
  })

  it('is refused of all that a record is refused of', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
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
      circle,
    ]
    for (const value of refused) {
      expect(() => copyRecord(value)).toThrow(TypeError)
      expect(() => encodeRecord(value)).toThrow(TypeError)
    }
    expect(copyRecord(nested(MAX_DEPTH)).copy).toEqual(nested(MAX_DEPTH))
  })
})
