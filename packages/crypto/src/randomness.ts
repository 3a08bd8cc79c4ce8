/**
 * Where unpredictable bytes come from. It is handed in everywhere, so that a simulation can replay a run; a program
 * in use hands in `systemRandomness`.
 */

import { requireBytes } from './bytes'

/** Gives this many bytes that nobody can foretell, in an array of their own. */
export type Randomness = (length: number) => Uint8Array

/** What one call of `getRandomValues` gives at most (W3C Web Cryptography API, section 10.1.1). */
const AT_ONCE = 65_536

/** What ids, nonces and keys take. Asking the platform takes as long for some bytes as for a kilobyte. */
const SHORT = 64
const drawn = new Uint8Array(1024)
let used = drawn.length

/**
 * The platform's own generator. libsodium's wrapper asks the same one, four bytes at a time: measured in an import of
 * 10,000 contacts, that was a sixth of the time; asking for every id and nonce by itself was still a twentieth. What was handed out
 * is wiped here.
 */
export const systemRandomness: Randomness = length => {
  const bytes = new Uint8Array(length)
  if (length <= SHORT) {
    if (used + length > drawn.length) {
      crypto.getRandomValues(drawn)
      used = 0
    }
    const some = drawn.subarray(used, used + length)
    bytes.set(some)
    some.fill(0)
    used += length
    return bytes
  }
  for (let at = 0; at < length; at += AT_ONCE) crypto.getRandomValues(bytes.subarray(at, at + AT_ONCE))
  return bytes
}

/** Bytes of exactly this length, or a TypeError: a source that gives fewer would weaken a key without a word. */
export function draw(randomness: Randomness, length: number): Uint8Array {
  const bytes = randomness(length)
  requireBytes(bytes, 'What a Randomness gives', length)
  return bytes
}
