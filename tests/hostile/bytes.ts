/**
 * Bytes that somebody else could have written: what was valid, with bits flipped, cut, drawn out, spliced with another
 * valid input, its lengths lied about, a piece of it twice; and CBOR that no encoder of ours writes.
 */
import { encode } from 'cborg'
import fc from 'fast-check'
import { MARK, nastyValue, warped } from './nasty'

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

export function joined(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Numbers that lie about how much follows. */
const LENGTHS = [0, 1, 2, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]
const BYTES = [0, 1, 0x7f, 0x80, 0xff]

type Edit = (bytes: Uint8Array, others: readonly Uint8Array[]) => Uint8Array

/** Headers are where the decisions are: half of all changes are made there. */
const place = fc.oneof(fc.nat(80), fc.nat(70_000))
const within = (bytes: Uint8Array, at: number): number => (bytes.length === 0 ? 0 : at % bytes.length)

function withByte(bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  const copy = bytes.slice()
  if (copy.length > 0) copy[within(copy, at)] = change(copy[within(copy, at)] as number)
  return copy
}

function withNumber(bytes: Uint8Array, at: number, value: number, width: 1 | 2 | 4 | 8, little: boolean): Uint8Array {
  if (bytes.length < width) return bytes
  const copy = bytes.slice()
  const view = new DataView(copy.buffer)
  const start = at % (copy.length - width + 1)
  if (width === 1) view.setUint8(start, value)
  else if (width === 2) view.setUint16(start, value, little)
  else if (width === 4) view.setUint32(start, value, little)
  else view.setBigUint64(start, BigInt(value) * 2n ** 32n + BigInt(value), little)
  return copy
}

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(place, fc.nat(7)).map(
    ([at, bit]): Edit =>
      bytes =>
        withByte(bytes, at, byte => byte ^ (1 << bit)),
  ),
  fc.tuple(place, fc.oneof(fc.constantFrom(...BYTES), fc.nat(255))).map(
    ([at, value]): Edit =>
      bytes =>
        withByte(bytes, at, () => value),
  ),
  place.map(
    (at): Edit =>
      bytes =>
        bytes.slice(0, within(bytes, at)),
  ),
  fc.uint8Array({ minLength: 1, maxLength: 40 }).map(
    (more): Edit =>
      bytes =>
        joined(bytes, more),
  ),
  fc.tuple(place, fc.constantFrom(...LENGTHS), fc.constantFrom(1, 2, 4, 8), fc.boolean()).map(
    ([at, value, width, little]): Edit =>
      bytes =>
        withNumber(bytes, at, value, width, little),
  ),
  fc.tuple(place, fc.nat(200)).map(
    ([at, length]): Edit =>
      bytes => {
        const start = within(bytes, at)
        const piece = bytes.subarray(start, start + length)
        return joined(bytes.subarray(0, start), piece, bytes.subarray(start))
      },
  ),
  fc.tuple(place, fc.nat(200)).map(
    ([at, length]): Edit =>
      bytes => {
        const start = within(bytes, at)
        return joined(bytes.subarray(0, start), bytes.subarray(start + length))
      },
  ),
  fc.tuple(fc.nat(100), place, place).map(
    ([which, at, from]): Edit =>
      (bytes, others) => {
        const other = others[which % others.length] as Uint8Array
        return joined(bytes.subarray(0, within(bytes, at)), other.subarray(within(other, from)))
      },
  ),
  fc.tuple(place, fc.nat(64)).map(
    ([at, length]): Edit =>
      bytes => {
        const copy = bytes.slice()
        const start = within(copy, at)
        return copy.fill(0, start, start + length)
      },
  ),
)

/** One of these, changed in one to four places; or, seldom, as it is, or bytes of nobody's. */
export const mutated = (samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    {
      weight: 30,
      arbitrary: fc
        .tuple(fc.constantFrom(...samples), fc.array(edit, { minLength: 1, maxLength: 4 }))
        .map(([sample, edits]) => edits.reduce((bytes, each) => each(bytes, samples), sample)),
    },
    { weight: 1, arbitrary: fc.constantFrom(...samples) },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  )

/** Whether it is certain that these bytes aren't one of the samples. */
export const isNew = (bytes: Uint8Array, samples: readonly Uint8Array[]): boolean =>
  !samples.some(sample => sample.length === bytes.length && sample.every((byte, i) => byte === bytes[i]))

/** The head of a CBOR item: major type and an argument that need not be true. */
function headOf(major: number, argument: number | bigint, width: 0 | 1 | 2 | 4 | 8): Uint8Array {
  if (width === 0) return new Uint8Array([(major << 5) | (Number(argument) & 31)])
  const head = new Uint8Array(1 + width)
  const view = new DataView(head.buffer)
  head[0] = (major << 5) | { 1: 24, 2: 25, 4: 26, 8: 27 }[width]
  const value = BigInt(argument)
  for (let i = 0; i < width; i++) view.setUint8(width - i, Number((value >> BigInt(8 * i)) & 255n))
  return head
}

const head = fc
  .tuple(
    fc.nat(7),
    fc.oneof(fc.constantFrom(...LENGTHS), fc.nat(40)),
    fc.constantFrom<0 | 1 | 2 | 4 | 8>(0, 1, 2, 4, 8),
  )
  .map(([major, argument, width]) => headOf(major, argument, width))

const WORDS = ['__proto__', 'constructor', MARK, 'i', 'd', 'v', 'type'].map(text => encode(text))
/** Said as only a stranger would: two bytes for a slash, a surrogate, half a character. */
const BAD_TEXTS: readonly (readonly number[])[] = [
  [0x62, 0xc0, 0xaf],
  [0x63, 0xed, 0xa0, 0x80],
  [0x61, 0xc3],
  [0x64, 0xf8, 0x88, 0x80, 0x80],
]
const LOOSE: readonly (readonly number[])[] = [
  [0xc0, 0x60],
  [0xc2, 0x49, 1, 0, 0, 0, 0, 0, 0, 0, 0],
  [0xd9, 0xd9, 0xf7],
  [0x9f, 0xff],
  [0xbf, 0xff],
  [0x5f, 0x41, 0, 0xff],
  [0x7f, 0xff],
  [0xff],
  [0xf7],
  [0xf8, 0x20],
  [0xf9, 0x7e, 0],
  [0xf9, 0x80, 0],
  [0xfb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0],
  [0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xa2, 0x61, 0x61, 1, 0x61, 0x61, 2],
  [0x5a, 0xff, 0xff, 0xff, 0xff],
  [0x9a, 0xff, 0xff, 0xff, 0xff, 0],
  [0xba, 0xff, 0xff, 0xff, 0xff, 0x61, 0x61],
  [0x5b, 0, 0, 0, 1, 0, 0, 0, 0],
]

/** CBOR of no encoder's: heads that lie, tags, indefinite lengths, keys twice, nesting without an end. */
export const looseCbor: fc.Arbitrary<Uint8Array> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .array(
        fc.oneof(
          head,
          fc.constantFrom(...WORDS),
          fc.constantFrom(...BAD_TEXTS, ...LOOSE).map(bytes => new Uint8Array(bytes)),
        ),
        {
          maxLength: 12,
        },
      )
      .map(parts => joined(...parts)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(0x81, 0xa1, 0xc1, 0x9f, 0xbf, 0xd8, 0x82), fc.constantFrom(100, 5_000, 100_000))
      .map(([byte, depth]) => new Uint8Array(depth).fill(byte)),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(65, 5_000, 100_000)
      .map(depth => joined(...Array.from({ length: Math.min(depth, 20_000) }, () => [0xa1, 0x61, 0x61]), [0])),
  },
)

/** These values warped, as CBOR; with them the loose kind, and what was written changed afterwards. */
export function hostileCbor(samples: readonly unknown[]): fc.Arbitrary<Uint8Array> {
  const written = samples.map(sample => new Uint8Array(encode(sample)))
  return fc.oneof(
    { weight: 6, arbitrary: warped(samples).map(asCbor) },
    { weight: 2, arbitrary: mutated(written) },
    { weight: 1, arbitrary: looseCbor },
    { weight: 1, arbitrary: nastyValue.map(asCbor) },
  )
}

function asCbor(value: unknown): Uint8Array {
  try {
    return new Uint8Array(encode(value))
  } catch {
    // A value that no CBOR has: then nothing at all.
    return new Uint8Array()
  }
}
