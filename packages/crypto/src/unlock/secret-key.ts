/**
 * A secret key: 32 random bytes that something else keeps, such as a server's secret store or the keychain of an
 * operating system. Nothing to stretch, so a slot opens at once.
 */

import { CryptoError } from '../errors'
import { SECRET_LENGTH } from '../secret'
import { Unlock } from './unlock'

/**
 * Unlocks with 32 bytes, or with a function that fetches them each time they are needed. They are copied; the
 * caller's own array, and the one that the function returns, stay the caller's to wipe.
 * @throws BAD_LENGTH for other than 32 bytes (from a function: when it is asked); TypeError for other than bytes
 */
export function secretKey(bytes: Uint8Array | (() => Promise<Uint8Array> | Uint8Array)): Unlock {
  if (typeof bytes === 'function') return new Unlock('secret-key', async () => keyBytes(await bytes()))
  const kept = keyBytes(bytes)
  return new Unlock('secret-key', async () => keyBytes(kept))
}

function keyBytes(bytes: unknown): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('A secret key must be a Uint8Array.')
  if (bytes.length !== SECRET_LENGTH) throw new CryptoError('BAD_LENGTH', 'A secret key must be 32 bytes long.')
  return new Uint8Array(bytes)
}
