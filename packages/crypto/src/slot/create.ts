/**
 * Making slots. A new one needs its unlock, to get at the key pair; wrapping another root key for the same slot needs
 * its public key only, so an open vault can do that for slots whose owners aren't there. Public keys are kept sealed
 * by the vault: a key that somebody else could put in their place would be wrapped for.
 */

import { concat, requireBytes } from '../bytes'
import { derive } from '../derive'
import { draw, type Randomness } from '../randomness'
import { seal } from '../seal'
import { Secret } from '../secret'
import { ready, sodium } from '../sodium'
import { costOf, materialOf, requireUnlock, type Unlock } from '../unlock/unlock'
import { slotKeyPair } from './key-pair'
import {
  blankSlot,
  ENCAPSULATION_SEED_LENGTH,
  PUBLIC_KEY_LENGTH,
  SALT_LENGTH,
  slotParts,
  VAULT_ID_LENGTH,
} from './layout'

/**
 * A slot in which `unlock` opens `rootKey`, and its public key (1216 bytes), to be kept sealed for `rewrapSlot`.
 * @param vaultId 16 bytes; the slot opens for this vault only
 * @throws PASSPHRASE_INVALID, BAD_LENGTH or whatever the unlock's own function throws; KDF_UNAVAILABLE
 */
export async function createSlot(the: {
  vaultId: Uint8Array
  rootKey: Secret<'root-key'>
  unlock: Unlock
  randomness: Randomness
}): Promise<{ slot: Uint8Array; publicKey: Uint8Array }> {
  requireBytes(the.vaultId, 'A vault id', VAULT_ID_LENGTH)
  requireUnlock(the.unlock)
  await ready()
  const { kind } = the.unlock
  const params = costOf(the.unlock)
  const slot = blankSlot({ kind, ...(params && { params }), salt: draw(the.randomness, SALT_LENGTH) })
  const material = await materialOf(the.unlock)
  try {
    const { publicKey, privateKey } = await slotKeyPair(kind, material, slotParts(slot))
    privateKey.wipe()
    wrapInto(slot, publicKey, the)
    return { slot, publicKey }
  } finally {
    material.fill(0)
  }
}

/**
 * The same slot (kind, parameters, salt, and so key pair) with this root key in it. The old array stays as it was.
 * @throws SLOT_MALFORMED
 */
export function rewrapSlot(the: {
  slot: Uint8Array
  publicKey: Uint8Array
  vaultId: Uint8Array
  rootKey: Secret<'root-key'>
  randomness: Randomness
}): Uint8Array {
  requireBytes(the.vaultId, 'A vault id', VAULT_ID_LENGTH)
  requireBytes(the.publicKey, 'A public key', PUBLIC_KEY_LENGTH)
  const slot = blankSlot(slotParts(the.slot))
  wrapInto(slot, the.publicKey, the)
  return slot
}

function wrapInto(
  slot: Uint8Array,
  publicKey: Uint8Array,
  the: { vaultId: Uint8Array; rootKey: Secret<'root-key'>; randomness: Randomness },
): void {
  const parts = slotParts(slot)
  const seed = draw(the.randomness, ENCAPSULATION_SEED_LENGTH)
  const { ciphertext, sharedSecret } = sodium().crypto_kem_xwing_enc_deterministic(publicKey, seed)
  seed.fill(0)
  const shared = Secret.of<'kem'>(sharedSecret)
  sharedSecret.fill(0)
  parts.ciphertext.set(ciphertext)
  const { commitment, key } = wrappingKeys(shared, parts.encapsulated, the.vaultId)
  shared.wipe()
  parts.commitment.set(commitment)
  parts.sealed.set(seal(key, the.rootKey.expose(), concat(parts.clear, the.vaultId), the.randomness))
  key.wipe()
}

/** What both sides derive from the shared secret of the KEM. The commitment is public. */
export function wrappingKeys(
  shared: Secret<'kem'>,
  encapsulated: Uint8Array,
  vaultId: Uint8Array,
): { commitment: Uint8Array; key: Secret<'slot-wrap'> } {
  return {
    commitment: derive('amanat/slot-commitment/1', shared, encapsulated, vaultId).expose(),
    key: derive('amanat/slot-wrap/1', shared, encapsulated, vaultId),
  }
}
