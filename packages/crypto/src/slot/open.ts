/**
 * Opening slots. There is one answer to every way of not opening: a wrong passphrase and a tampered slot can't be told
 * apart, neither by the code nor by what is done before it. The commitment is compared before anything is decrypted:
 * otherwise one crafted ciphertext could test many passphrases at a time (Len, Grubbs, Ristenpart: Partitioning Oracle
 * Attacks, USENIX Security 2021).
 */

import { concat, equalBytes, requireBytes } from '../bytes'
import { CryptoError, cannotOpen } from '../errors'
import { openSealed } from '../seal'
import { Secret } from '../secret'
import { ready, sodium } from '../sodium'
import { materialOf, requireUnlock, type Unlock } from '../unlock/unlock'
import { wrappingKeys } from './create'
import { slotKeyPair } from './key-pair'
import { type SlotParts, slotParts, VAULT_ID_LENGTH } from './layout'

/**
 * The root key that this slot holds for this vault. A slot that is malformed or of another kind is refused before the
 * unlock is asked for anything.
 * @throws CANNOT_OPEN for every way in which slot, vault and unlock don't fit. What the unlock's own function throws,
 *   PASSPHRASE_INVALID, BAD_LENGTH, KDF_UNAVAILABLE and SELF_TEST_FAILED pass: none depends on what is in the slot.
 */
export async function openSlot(the: {
  slot: Uint8Array
  vaultId: Uint8Array
  unlock: Unlock
}): Promise<Secret<'root-key'>> {
  return (await openAnySlot({ ...the, slots: [the.slot] })).rootKey
}

/**
 * The root key of the first of these slots that opens, and which it was. The unlock is asked once, however many slots
 * of its kind there are, and only if there is one.
 * @throws as `openSlot`
 */
export async function openAnySlot(the: {
  slots: readonly Uint8Array[]
  vaultId: Uint8Array
  unlock: Unlock
}): Promise<{ rootKey: Secret<'root-key'>; index: number }> {
  requireBytes(the.vaultId, 'A vault id', VAULT_ID_LENGTH)
  requireUnlock(the.unlock)
  for (const slot of the.slots) requireBytes(slot, 'A slot')
  await ready()
  const fitting = the.slots.map(partsOrNothing).map(parts => (parts?.kind === the.unlock.kind ? parts : undefined))
  if (fitting.every(parts => parts === undefined)) throw cannotOpen()
  const material = await materialOf(the.unlock)
  try {
    for (const [index, parts] of fitting.entries()) {
      const rootKey = parts && (await tryOpen(parts, the.vaultId, material))
      if (rootKey) return { rootKey, index }
    }
    throw cannotOpen()
  } finally {
    material.fill(0)
  }
}

function partsOrNothing(slot: Uint8Array): SlotParts | undefined {
  try {
    // A copy: what was checked is what is opened, even if the caller's array changes meanwhile.
    return slotParts(new Uint8Array(slot))
  } catch (error) {
    if (error instanceof CryptoError) return undefined
    throw error
  }
}

async function tryOpen(
  parts: SlotParts,
  vaultId: Uint8Array,
  material: Uint8Array,
): Promise<Secret<'root-key'> | undefined> {
  const { privateKey } = await slotKeyPair(parts.kind, material, parts)
  const shared = decapsulate(parts.ciphertext, privateKey)
  privateKey.wipe()
  if (shared === undefined) return undefined
  const { commitment, key } = wrappingKeys(shared, parts.encapsulated, vaultId)
  shared.wipe()
  try {
    if (!equalBytes(commitment, parts.commitment)) return undefined
    const plain = openSealed(key, parts.sealed, concat(parts.clear, vaultId))
    const rootKey = Secret.of<'root-key'>(plain)
    plain.fill(0)
    return rootKey
  } catch (error) {
    if (error instanceof CryptoError) return undefined
    throw error
  } finally {
    key.wipe()
  }
}

function decapsulate(ciphertext: Uint8Array, privateKey: Secret<'slot'>): Secret<'kem'> | undefined {
  let shared: Uint8Array
  try {
    shared = sodium().crypto_kem_xwing_dec(ciphertext, privateKey.expose())
  } catch {
    // X25519 refuses points of low order; ML-KEM answers a changed ciphertext with another secret instead.
    return undefined
  }
  const secret = Secret.of<'kem'>(shared)
  shared.fill(0)
  return secret
}
