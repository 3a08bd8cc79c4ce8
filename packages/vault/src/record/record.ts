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
import { readCbor } from './cbor-read'
import { writeCbor } from './cbor-write'

/** Nesting that a record may have. A JSContact card with every property it can have stays below ten. */
export const MAX_DEPTH = 64

/**
 * Plain values only: null, booleans, numbers, strings, byte arrays, arrays, objects.
 * @throws TypeError when the value can't be written so that it comes back the same.
 */
export const encodeRecord = (value: unknown): Uint8Array => writeCbor(value, MAX_DEPTH)

/**
 * Bytes in the answer are copies; the input may be wiped afterwards.
 * @throws RangeError when the bytes are no record. Its message says nothing of them.
 */
export function decodeRecord(bytes: Uint8Array): unknown {
  try {
    // A Buffer's `slice` shares memory, so that wiping the input would reach the answer.
    return readCbor(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), MAX_DEPTH)
  } catch {
    throw new RangeError('record malformed')
  }
}
