/// <reference types="node" />
import { decode, encode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeRecord, encodeRecord, MAX_DEPTH } from '../../src/record/record'
import { plain } from './plain'

/** Many times faster than `toEqual` where thousands of bytes are the same. */
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
const nestedMaps = (depth: number): unknown => (depth === 0 ? 1 : { a: 1, b: nestedMaps(depth - 1) })
/** Made where it is needed: the table of all characters takes a second. */
describe('a record', () => {
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
    expect(encodeRecord({ a: undefined, b: 1 })).toEqual(encodeRecord({ b: 1 }))
  })

  it('can not change what an object inherits', () => {
    const evil = JSON.parse('{"__proto__": {"polluted": true}}')
    expect(() => encodeRecord({ card: evil })).toThrow(TypeError)
    expect(() => decodeRecord(encode(evil))).toThrow(RangeError)
    const read = decodeRecord(encode({ constructor: 1, prototype: 2 })) as Record<string, unknown>
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
    expect(read).toEqual({ constructor: 1, prototype: 2 })
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
    expect(() => decodeRecord(encode(nestedMaps(MAX_DEPTH + 1)))).toThrow(RangeError)
    expect(decodeRecord(encodeRecord(nestedMaps(MAX_DEPTH)))).toEqual(nestedMaps(MAX_DEPTH))
    const circle: unknown[] = []
    circle.push(circle, circle)
    expect(() => encodeRecord(circle)).toThrow(new TypeError('record nested too deeply'))
  })

  it('may be as wide as it likes at any depth, and what lies beside it makes nothing deeper', () => {
    const beside = [[], [1], {}, { a: 1, b: [2, {}] }, 'text']
    const wide = Array.from({ length: 30 }, () => beside)
    expect(decodeRecord(encodeRecord([...wide, wide]))).toEqual([...wide, wide])
    const map = Object.fromEntries(wide.map((each, i) => [`k${i}`, each]))
    expect(decodeRecord(encodeRecord({ ...map, map }))).toEqual({ ...map, map })
    const deepest = [...wide, nested(MAX_DEPTH - 1), { a: nestedMaps(MAX_DEPTH - 2), b: nested(MAX_DEPTH - 2) }, wide]
    expect(decodeRecord(encodeRecord(deepest))).toEqual(deepest)
    for (const deeper of [nested(MAX_DEPTH), nestedMaps(MAX_DEPTH)]) {
      for (const record of [[...wide, deeper], [deeper, ...wide], { ...map, deeper }, { a: deeper, ...map }]) {
        expect(() => encodeRecord(record)).toThrow(TypeError)
        expect(() => decodeRecord(encode(record))).toThrow(RangeError)
      }
    }
  })

  it('that could not come back is refused on writing', () => {
    for (const value of [new Map(), () => 1, Symbol('x'), { f: () => 1 }]) {
      expect(() => encodeRecord(value)).toThrow(TypeError)
    }
    for (const value of [
      new Map(),
      new Date(0),
      1n,
      [2n],
      new Uint16Array(2),
      new ArrayBuffer(2),
      /x/,
      new DataView(new ArrayBuffer(1)),
    ]) {
      expect(() => encodeRecord(value)).toThrow(new TypeError('record holds what CBOR can not'))
    }
    expect(() => encodeRecord({ '\uD800': 1 })).toThrow(new TypeError('record has a key that can not be stored'))
    expect(encodeRecord(Object.assign(Object.create(null), { a: 1 }))).toEqual(encodeRecord({ a: 1 }))
    expect(
      encodeRecord(
        new (class {
          a = 1
        })(),
      ),
    ).toEqual(encodeRecord({ a: 1 }))
  })

  it('is refused when it is not in the one form that is written', () => {
    const broken: Record<string, number[]> = {
      'nothing at all': [],
      'an integer too long': [0x18, 0x01],
      'a text length too long': [0x78, 0x01, 0x61],
      'a text length of 8 bits that would fit into none': [0x78, 23, ...new Array(23).fill(0x61)],
      'a text length of 16 bits too long': [0x79, 0x00, 0x18, ...new Array(24).fill(0x61)],
      'a text length of 16 bits that would fit into 8': [0x79, 0x00, 0xff, ...new Array(255).fill(0x61)],
      'a text length of 32 bits that would fit into 16': [0x7a, 0, 0, 0xff, 0xff, ...new Array(65_535).fill(0x61)],
      'a text length of 64 bits': [0x7b, 0, 0, 0, 0, 0, 0, 0, 1, 0x61],
      'a text length of 64 bits that 32 would say': [0x7b, 0, 1, 0, 0, ...new Array(65_536).fill(0x61)],
      'a text length cut short': [0x79, 0x01],
      'a text length that is missing': [0x81, 0x7a],
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
      'a simple value that has no meaning': [0xe0],
      'a simple value in two bytes': [0xf8, 0x20],
      'an integer of 16 bits that 8 would say': [0x19, 0x00, 0xff],
      'an integer of 32 bits that 16 would say': [0x1a, 0, 0, 0xff, 0xff],
      'an integer of 64 bits that 32 would say': [0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
      'an integer past what is exact': [0x1b, 0, 0x20, 0, 0, 0, 0, 0, 0],
      'a negative integer past what is exact': [0x3b, 0, 0x20, 0, 0, 0, 0, 0, 0],
      'a length in bits that mean nothing': [0x5c],
      'an array longer than what is left': [0x82, 0x01],
      'a map longer than what is left': [0xa2, 0x61, 0x61, 1],
      'a key that is missing': [0xa1],
      '__proto__ as a key': [0xa1, 0x69, ...Buffer.from('__proto__'), 1],
    }
    for (const [why, bytes] of Object.entries(broken)) {
      expect(() => decodeRecord(Uint8Array.from(bytes)), why).toThrow(new RangeError('record malformed'))
    }
  })

  it('is written byte for byte as another implementation writes it', () => {
    const numbers = [
      0,
      -0,
      23,
      24,
      255,
      256,
      65_535,
      65_536,
      2 ** 32 - 1,
      2 ** 32,
      2 ** 53 - 1,
      2 ** 53,
      1.5,
      1e300,
      65_504,
      65_505.5,
    ]
    const odd = [2 ** -24, 6.1e-5, 2 ** -14, 1.1, 3.4e38, Number.NaN, Number.POSITIVE_INFINITY, Number.MIN_VALUE, 0.1]
    for (const number of [...numbers, ...odd].flatMap(n => [n, -n, n + 1, -n - 1])) {
      expect(same(encodeRecord(number), encode(number)), String(number)).toBe(true)
    }
    for (const length of [0, 7, 8, 23, 24, 85, 86, 255, 256, 21_845, 21_846, 65_535, 65_536]) {
      for (const unit of ['a', 'é', '漢', '😀', '\uD800']) {
        const text = unit.repeat(length)
        expect(same(encodeRecord([text, length]), encode([text, length])), `${length} × ${unit}`).toBe(true)
      }
    }
    fc.assert(
      fc.property(plain(), value => {
        expect(same(encodeRecord(value), encode(value))).toBe(true)
      }),
    )
  })

  it('has its keys in the order of their bytes, whatever they are written in', () => {
    const keys = [
      'a',
      'zz',
      'é',
      'ab',
      '漢',
      'abc',
      '\uFFFD\uFFFD',
      '😀é',
      'zzzzzz',
      'ü',
      '\uFF5Ea',
      '😀',
      'abcd',
      'x'.repeat(70),
    ]
    for (let turn = 0; turn < keys.length; turn++) {
      const turned = [...keys.slice(turn), ...keys.slice(0, turn)]
      const map = Object.fromEntries(turned.map((key, i) => [key, i]))
      expect(same(encodeRecord(map), encode(map)), String(turn)).toBe(true)
      expect(decodeRecord(encodeRecord(map))).toEqual(map)
    }
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.integer(), { noNullPrototype: true }), map => {
        fc.pre(!Object.hasOwn(map, '__proto__'))
        expect(same(encodeRecord(map), encode(map))).toBe(true)
        expect(decodeRecord(encodeRecord(map))).toEqual(map)
      }),
    )
  })

  it('keeps every number that sixteen bits hold, and reads it in any of the three widths', () => {
    const wrong: number[] = []
    for (let bits = 0; bits < 0x10000; bits++) {
      const short = Uint8Array.of(0xf9, bits >> 8, bits & 255)
      const number = decode(short) as number
      const long = new Uint8Array(9)
      long[0] = 0xfb
      new DataView(long.buffer).setFloat64(1, number)
      const middle = new Uint8Array(5)
      middle[0] = 0xfa
      new DataView(middle.buffer).setFloat32(1, number)
      const read = [short, middle, long].every(bytes => Object.is(decodeRecord(bytes), number))
      // Another implementation takes more than it needs for the smallest ones.
      const written = Number.isSafeInteger(number) || Number.isNaN(number) ? encode(number) : short
      const nextTo = number + number * 2 ** -20
      if (!read || !same(encodeRecord(number), written) || !same(encodeRecord(nextTo), encode(nextTo))) wrong.push(bits)
    }
    expect(wrong).toEqual([])
  })

  it('reads integers of every width, and undefined where it stands in a list', () => {
    for (const n of [0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 1, 2 ** 53 - 1]) {
      for (const number of [n, -n - 1]) {
        if (Number.isSafeInteger(number)) expect(decodeRecord(encode(number))).toBe(number)
      }
    }
    expect(encodeRecord([undefined, null])).toEqual(Uint8Array.of(0x82, 0xf7, 0xf6))
    expect(decodeRecord(Uint8Array.of(0x82, 0xf7, 0xf6))).toEqual([undefined, null])
  })

  it('takes no key for a longer one that begins like it', () => {
    for (const key of ['addresses', 'anniversaries', 'organizations', 'countryCode', 'components', 'p3', 'n1']) {
      const parts = Array.from(key, (_, i) => key.slice(0, i))
      const map = Object.fromEntries([...parts, key, `${key}s`].map((part, i) => [part, i]))
      expect(decodeRecord(encodeRecord(map))).toEqual(map)
    }
  })

  it('with a byte changed is refused, or read as another implementation reads it', () => {
    const strict = { strict: true, rejectDuplicateMapKeys: true, allowIndefinite: false, allowBigInt: false }
    fc.assert(
      fc.property(plain(), fc.nat(), fc.integer({ min: 0, max: 255 }), (value, where, byte) => {
        const bytes = encodeRecord([value, { a: 1, b: 'text' }])
        bytes[where % bytes.length] = byte
        let read: unknown
        try {
          read = decodeRecord(bytes)
        } catch (error) {
          expect(error).toEqual(new RangeError('record malformed'))
          return
        }
        // It mends invalid UTF-8 and drops a leading U+FEFF, which is why texts are compared by what comes of writing them.
        expect(encodeRecord(read)).toEqual(encodeRecord(decode(bytes, strict)))
      }),
      { numRuns: 500 },
    )
  })

  it('that is long leaves nothing of itself in what is used for the next one', () => {
    encodeRecord({ name: 'Sara Karimi', note: 'secret '.repeat(100) })
    expect(
      encodeRecord({
        a: {
          get b() {
            return encodeRecord(['within']).length
          },
        },
      }),
    ).toEqual(encodeRecord({ a: { b: 8 } }))
    expect(encodeRecord('x')).toEqual(new Uint8Array([0x61, 0x78]))
  })

  it('cut short anywhere is refused', () => {
    const bytes = encodeRecord({ name: 'Sara', phones: ['x'.repeat(40), { n: 1.5, b: new Uint8Array(30) }], t: true })
    for (let n = 0; n < bytes.length; n++) expect(() => decodeRecord(bytes.subarray(0, n))).toThrow(RangeError)
  })

  it('of anything plain comes back as it was', () => {
    fc.assert(
      fc.property(plain(), value => {
        expect(decodeRecord(encodeRecord(value))).toEqual(value)
      }),
    )
  })
})
