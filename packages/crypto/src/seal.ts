/**
 * Sealing: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03, with the 32-bit counter of RFC 8439).
 *
 *     nonce (24) ‖ ciphertext (as long as the plain bytes) ‖ tag (16)
 *
 * The nonce is random: 192 bits don't repeat by chance, and the vault above gives one secret to one message anyway.
 * What a message belongs to (its row, its vault) is bound by `aad`, which isn't stored in it.
 */

import { concat, requireBytes } from './bytes'
import { cannotOpen } from './errors'
import { draw, type Randomness } from './randomness'
import type { Secret } from './secret'
import { sodium } from './sodium'

const NONCE_LENGTH = 24
const TAG_LENGTH = 16

/** How much longer a sealed message is than its plain bytes: nonce and tag. */
export const SEAL_OVERHEAD = NONCE_LENGTH + TAG_LENGTH

/** Seals `plain` so that it opens only with the same secret and the same `aad` (which may be empty). */
export function seal(secret: Secret<string>, plain: Uint8Array, aad: Uint8Array, randomness: Randomness): Uint8Array {
  requireBytes(plain, 'What is sealed')
  requireBytes(aad, 'Associated data')
  const nonce = draw(randomness, NONCE_LENGTH)
  return concat(nonce, sodium().crypto_aead_xchacha20poly1305_ietf_encrypt(plain, aad, null, nonce, secret.expose()))
}

/**
 * The plain bytes, in an array of their own.
 * @throws CANNOT_OPEN for another secret, other `aad`, a changed byte, a missing byte: no telling which
 */
export function openSealed(secret: Secret<string>, sealed: Uint8Array, aad: Uint8Array): Uint8Array {
  requireBytes(sealed, 'What is opened')
  requireBytes(aad, 'Associated data')
  const key = secret.expose()
  const { crypto_aead_xchacha20poly1305_ietf_decrypt: decrypt } = sodium()
  if (sealed.length < SEAL_OVERHEAD) throw cannotOpen()
  try {
    return decrypt(null, sealed.subarray(NONCE_LENGTH), aad, sealed.subarray(0, NONCE_LENGTH), key)
  } catch {
    throw cannotOpen()
  }
}
