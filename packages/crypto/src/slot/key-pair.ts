/** From a way of unlocking to the X-Wing key pair of one slot. The slow part, for a passphrase, is here. */

import { argon2id } from '../argon2'
import { derive, hash } from '../derive'
import { Secret } from '../secret'
import { sodium } from '../sodium'
import type { Unlock } from '../unlock/unlock'
import type { SlotParts } from './layout'

export type SlotKeyPair = { publicKey: Uint8Array; privateKey: Secret<'slot'> }

/**
 * @param material of the unlock, which stays the caller's to wipe
 * @throws KDF_UNAVAILABLE, SELF_TEST_FAILED
 */
export async function slotKeyPair(
  kind: Unlock['kind'],
  material: Uint8Array,
  { head, salt, params }: Pick<SlotParts, 'head' | 'salt' | 'params'>,
): Promise<SlotKeyPair> {
  const unlocking = await unlockingSecret(kind, material, salt, params)
  const seed = derive<'slot'>('amanat/slot-seed/1', unlocking, head)
  unlocking.wipe()
  const { publicKey, privateKey } = sodium().crypto_kem_xwing_seed_keypair(seed.expose())
  seed.wipe()
  const pair = { publicKey, privateKey: Secret.of<'slot'>(privateKey) }
  privateKey.fill(0)
  return pair
}

async function unlockingSecret(
  kind: Unlock['kind'],
  material: Uint8Array,
  salt: Uint8Array,
  params: SlotParts['params'],
): Promise<Secret<'unlock'>> {
  if (kind === 'secret-key') return Secret.of(material)
  if (kind === 'recovery-code') {
    const hashed = hash('amanat/recovery-code/1', material)
    const secret = Secret.of<'unlock'>(hashed)
    hashed.fill(0)
    return secret
  }
  if (params === undefined) throw new TypeError('A passphrase slot has parameters.')
  // A copy: argon2id empties what it is given.
  return argon2id(new Uint8Array(material), salt, params)
}
