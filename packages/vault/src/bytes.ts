/** Bytes and numbers, little endian, as the format writes them. */

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Up to here a loop is faster than calling the platform: measured in an import in Chromium, those calls took a twentieth of the time. */
const SHORT = 64

/** The bytes of a text in UTF-8. A lone surrogate becomes U+FFFD, as `TextEncoder` has it. */
export function utf8(text: string): Uint8Array {
  if (text.length > SHORT) return encoder.encode(text)
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0x7f) return encoder.encode(text)
    bytes[i] = unit
  }
  return bytes
}

/** @throws TypeError when the bytes are no UTF-8. */
export const text = (bytes: Uint8Array): string => decoder.decode(bytes)

export function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}

export function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true)
  return bytes
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const DIGITS = Uint8Array.from('0123456789abcdef', digit => digit.charCodeAt(0))
/** Bytes whose digits become a string at once, as a row's id does: joining strings is what costs. */
const AT_ONCE = 16
const units: number[] = new Array(2 * AT_ONCE).fill(0)

/** Row ids as map keys, and hashes for people to compare. */
export function hex(bytes: Uint8Array): string {
  let out = ''
  for (let from = 0; from < bytes.length; from += AT_ONCE) {
    const count = Math.min(AT_ONCE, bytes.length - from)
    for (let i = 0; i < count; i++) {
      const byte = bytes[from + i] as number
      units[2 * i] = DIGITS[byte >> 4] as number
      units[2 * i + 1] = DIGITS[byte & 15] as number
    }
    const some = count === AT_ONCE ? units : units.slice(0, 2 * count)
    out += String.fromCharCode.apply(null, some)
  }
  return out
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
