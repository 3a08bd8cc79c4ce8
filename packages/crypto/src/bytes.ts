/**
 * Bytes: checked at the edge, compared without telling how far they agree, joined so that no two lists of fields
 * give the same bytes, and wiped. Everything here works before `ready()`.
 */

const encoder = new TextEncoder()

/**
 * Refuses whatever isn't a Uint8Array of exactly this length. libsodium's wrapper takes a string for a key and
 * hashes or encodes it as it sees fit; nothing reaches it that didn't pass here.
 * @throws TypeError
 */
export function requireBytes(value: unknown, what: string, length?: number): asserts value is Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError(`${what} must be a Uint8Array.`)
  if (length !== undefined && value.length !== length) throw new TypeError(`${what} must be ${length} bytes long.`)
}

/** Whether both hold the same bytes, in a time that depends on their length only. Different lengths: false. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  requireBytes(a, 'What is compared')
  requireBytes(b, 'What is compared')
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number)
  return difference === 0
}

/**
 * Overwrites with zeros. That is all JavaScript allows: copies that the engine or libsodium's own heap made are out
 * of reach, and so are strings.
 */
export function wipe(bytes: Uint8Array): void {
  requireBytes(bytes, 'What is wiped')
  bytes.fill(0)
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** The label and then each field, every one behind its length (u32, little-endian). The label is UTF-8. */
export function frame(label: string, fields: readonly Uint8Array[]): Uint8Array {
  if (typeof label !== 'string' || label === '') throw new TypeError('A label must be a string that is not empty.')
  const named = utf8Of(label)
  let length = 4 + named.length
  for (const field of fields) {
    requireBytes(field, 'A field')
    length += 4 + field.length
  }
  const framed = new Uint8Array(length)
  let at = put(framed, 0, named)
  for (const field of fields) at = put(framed, at, field)
  return framed
}

/** Writes the length and the bytes; answers where the next part begins. */
function put(framed: Uint8Array, at: number, part: Uint8Array): number {
  const { length } = part
  framed[at] = length
  framed[at + 1] = length >>> 8
  framed[at + 2] = length >>> 16
  framed[at + 3] = length >>> 24
  framed.set(part, at + 4)
  return at + 4 + length
}

/** Labels are a few constants, each used for thousands of rows. */
const known = new Map<string, Uint8Array>()
const MOST_KNOWN = 256

function utf8Of(label: string): Uint8Array {
  let bytes = known.get(label)
  if (bytes === undefined) {
    bytes = encoder.encode(label)
    if (known.size < MOST_KNOWN) known.set(label, bytes)
  }
  return bytes
}
