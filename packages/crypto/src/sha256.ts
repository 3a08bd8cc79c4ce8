/**
 * SHA-256 (FIPS 180-4), only where somebody else's standard asks for it: the ledger's Merkle tree (RFC 9162), and
 * files that leave. Everything of our own is BLAKE2b. Works before `ready()`.
 */

import { sha256 as noble } from '@noble/hashes/sha2.js'
import { requireBytes } from './bytes'

export type Sha256Stream = {
  /** Takes the next bytes in. */
  update(bytes: Uint8Array): Sha256Stream
  /** The 32 bytes. The stream takes nothing more afterwards. */
  digest(): Uint8Array
}

/** SHA-256 of these bytes: 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  requireBytes(bytes, 'What is hashed')
  return noble(bytes)
}

/** SHA-256 of bytes that come piece by piece. */
export function sha256Stream(): Sha256Stream {
  const state = noble.create()
  const stream: Sha256Stream = {
    update(bytes) {
      requireBytes(bytes, 'What is hashed')
      state.update(bytes)
      return stream
    },
    digest: () => state.digest(),
  }
  return stream
}
