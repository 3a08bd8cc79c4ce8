/**
 * One record to bytes and back: deterministic CBOR (RFC 8949) of anything plain. What a slice holds is for `contact/`
 * and `consent/` to say; this only guards that what comes back is exactly what went in, or an error.
 *
 * - Text comes back as it was, a leading U+FEFF included. A lone surrogate, which UTF-8 can't carry, becomes U+FFFD,
 *   as in every UTF-8 encoder; in a key it is refused, because two keys could fall together.
 * - A property that is undefined is left out. `__proto__` as a key is refused: it is never somebody's field.
 * - On reading, only the shortest form of lengths and integers, no key twice, no indefinite lengths, no tags, no
 *   invalid UTF-8, nothing after the end, no deeper than {@link MAX_DEPTH}.
 */
import { decode, encode, Token, Tokenizer, Type } from 'cborg'

/** Nesting that a record may have. A JSContact card with every property it can have stays below ten. */
export const MAX_DEPTH = 64

const LONE_SURROGATE = /[\uD800-\uDFFF]/u
const ENCODE = { ignoreUndefinedProperties: true, typeEncoders: { Object: checkKeys, Map: refuse, bigint: refuse } }
const DECODE = { strict: true, rejectDuplicateMapKeys: true, allowIndefinite: false }

/**
 * Plain values only: null, booleans, numbers, strings, byte arrays, arrays, objects.
 * @throws TypeError when the value can't be written so that it comes back the same.
 */
export function encodeRecord(value: unknown): Uint8Array {
  if (isDeeper(value, MAX_DEPTH)) throw new TypeError('record nested too deeply')
  try {
    const bytes = encode(value, ENCODE)
    // Node gives a Buffer, whose `slice` would not copy.
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  } catch (error) {
    if (error instanceof TypeError) throw error
    throw new TypeError('record holds what CBOR can not', { cause: error })
  }
}

/**
 * Bytes in the answer are copies; the input may be wiped afterwards.
 * @throws RangeError when the bytes are no record. Its message says nothing of them.
 */
export function decodeRecord(bytes: Uint8Array): unknown {
  // A Buffer's `slice` shares memory, so that wiping the input would reach the answer.
  const own = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  try {
    return decode(own, { ...DECODE, tokenizer: new ExactTokenizer(own, DECODE) })
  } catch {
    throw new RangeError('record malformed')
  }
}

/**
 * cborg reads text with a decoder that drops a leading U+FEFF and mends invalid UTF-8. Text is read here instead.
 * Nesting is bounded here too, by counting what is still open: cborg recurses, and the stack has no promised size.
 */
class ExactTokenizer extends Tokenizer {
  /** How many values each open array or map still waits for. */
  readonly #open: number[] = []

  override next(): Token {
    const start = this._pos
    const token = (this.data[start] as number) >>> 5 === Type.string.major ? this.#text(start) : super.next()
    const { major } = token.type
    const open = this.#open
    if (open.length > 0) open.push((open.pop() as number) - 1)
    if (major === Type.array.major || major === Type.map.major) {
      open.push(token.value * (major === Type.map.major ? 2 : 1))
      if (open.length > MAX_DEPTH) throw new RangeError('record nested too deeply')
    }
    while (open.at(-1) === 0) open.pop()
    return token
  }

  /** The token of a text at `start`, moving past it. */
  #text(start: number): Token {
    const { data } = this
    const minor = (data[start] as number) & 31
    let length = minor
    let from = start + 1
    if (minor > 23) {
      const width = minor === 24 ? 1 : minor === 25 ? 2 : minor === 26 ? 4 : 0
      length = 0
      for (let i = 0; i < width; i++) length = length * 256 + (data[from + i] as number)
      // A length that is cut short is none: NaN. One of no bytes is below the least, which is 1.
      if (!(length >= (width === 1 ? 24 : 2 ** (4 * width))))
        throw new RangeError('text length not in its shortest form')
      from += width
    }
    const end = from + length
    if (end > data.length) throw new RangeError('text cut short')
    this._pos = end
    return new Token(Type.string, textOf(data, from, end), end - start)
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function textOf(bytes: Uint8Array, from: number, end: number): string {
  // A short loop beats the decoder for keys and other short ASCII.
  if (end - from > 32) return utf8.decode(bytes.subarray(from, end))
  let text = ''
  for (let i = from; i < end; i++) {
    const byte = bytes[i] as number
    if (byte > 0x7f) return utf8.decode(bytes.subarray(from, end))
    text += String.fromCharCode(byte)
  }
  return text
}

function checkKeys(value: object): null {
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || LONE_SURROGATE.test(key)) throw new TypeError('record has a key that can not be stored')
  }
  return null
}

function refuse(): never {
  throw new TypeError('record holds what JSON can not')
}

/** Looks no further than so many levels, and at the first place that is deeper: a circle ends too, and at once. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false
  if (levels === 0) return true
  const children: unknown[] = Array.isArray(value) ? value : Object.values(value)
  return children.some(child => isDeeper(child, levels - 1))
}
