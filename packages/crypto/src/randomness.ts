/**
 * Where unpredictable bytes come from. It is handed in everywhere, so that a simulation can replay a run; a program
 * in use hands in `systemRandomness`.
 */

import { requireBytes } from './bytes'
import { sodium } from './sodium'

/** Gives this many bytes that nobody can foretell, in an array of their own. */
export type Randomness = (length: number) => Uint8Array

/** The platform's own generator, by libsodium's randombytes_buf. Works after `ready()`. */
export const systemRandomness: Randomness = length => sodium().randombytes_buf(length)

/** Bytes of exactly this length, or a TypeError: a source that gives fewer would weaken a key without a word. */
export function draw(randomness: Randomness, length: number): Uint8Array {
  const bytes = randomness(length)
  requireBytes(bytes, 'What a Randomness gives', length)
  return bytes
}
