/**
 * A contact's id: sixteen random bytes that say nothing about the person, written as 26 letters and digits of
 * Crockford's base 32 in lower case, which can be read aloud and never starts with a dash.
 */
import type { Randomness } from '@amanat/crypto'

export type ContactId = string & { readonly __contact: unique symbol }

export const CONTACT_ID_BYTES = 16
const LENGTH = 26
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
/** By the unit of a letter; 255: none. */
const VALUES = new Uint8Array(128).fill(255)
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value

export const newContactId = (randomness: Randomness): ContactId => contactIdOf(randomness(CONTACT_ID_BYTES))

/** The letters' units, and those of the id that is being made: joining twenty-six strings takes five times as long. */
const LETTERS = Uint8Array.from(ALPHABET, letter => letter.charCodeAt(0))
const units: number[] = new Array(LENGTH).fill(0)

/** @param bytes `CONTACT_ID_BYTES` of them */
export function contactIdOf(bytes: Uint8Array): ContactId {
  let at = 0
  let bits = 0
  let held = 0
  for (let i = 0; i < CONTACT_ID_BYTES; i++) {
    held = (held << 8) | (bytes[i] as number)
    bits += 8
    while (bits >= 5) {
      bits -= 5
      units[at++] = LETTERS[(held >> bits) & 31] as number
    }
    held &= (1 << bits) - 1
  }
  units[at] = LETTERS[(held << (5 - bits)) & 31] as number
  return String.fromCharCode.apply(null, units) as ContactId
}

/** The sixteen bytes, or undefined when the string is no contact id. */
export function contactIdBytes(id: string): Uint8Array | undefined {
  if (typeof id !== 'string' || id.length !== LENGTH) return undefined
  const bytes = new Uint8Array(CONTACT_ID_BYTES)
  let at = 0
  let bits = 0
  let held = 0
  for (let i = 0; i < LENGTH; i++) {
    const value = VALUES[id.charCodeAt(i)] ?? 255
    if (value === 255) return undefined
    held = (held << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = held >> bits
      held &= (1 << bits) - 1
    }
  }
  // The last letter carries two bits that no byte needs: only zeros, so that one contact has one id.
  return held === 0 ? bytes : undefined
}

export const isContactId = (value: unknown): value is ContactId =>
  typeof value === 'string' && contactIdBytes(value) !== undefined
