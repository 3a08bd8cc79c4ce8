/**
 * The bytes of a slot: the root key wrapped for one way of unlocking. 1252 bytes, always; numbers little-endian.
 *
 *     at    length
 *        0       4  magic: 'AMSL' in ASCII
 *        4       1  format: 1
 *        5       1  kind: 1 passphrase, 2 secret key, 3 recovery code
 *        6       2  passes of Argon2id (u16); 0 for the other kinds
 *        8       4  memory of Argon2id in KiB (u32); 0 for the other kinds
 *       12      16  salt
 *       28    1120  KEM ciphertext of X-Wing
 *     1148      32  commitment
 *     1180      72  the root key, sealed: nonce (24), ciphertext (32), tag (16)
 *
 * How the root key is wrapped (derive and seal as in derive.ts and seal.ts; ‖ joins):
 *
 *     material   = Argon2id(passphrase, salt, passes, memory, 1 lane, 32 bytes)       for a passphrase
 *                | the 32 bytes                                                       for a secret key
 *                | hash('amanat/recovery-code/1', the 34 symbols in ASCII)            for a recovery code
 *     seed       = derive('amanat/slot-seed/1', material, bytes 4 to 27)              format, kind, parameters, salt
 *     pk, sk     = X-Wing key pair of seed (draft-connolly-cfrg-xwing-kem)
 *     ct, ss     = X-Wing encapsulation to pk                                         ct stands at 28
 *     commitment = derive('amanat/slot-commitment/1', ss, bytes 0 to 1147, vault id)  stands at 1148
 *     key        = derive('amanat/slot-wrap/1', ss, bytes 0 to 1147, vault id)
 *     at 1180    = seal(key, root key, aad = bytes 0 to 1179 ‖ vault id)
 *
 * The key pair depends on kind, parameters and salt, and not on the vault: so the root key can be wrapped anew for a
 * slot by whoever has the root key and the slot's public key, without asking for the passphrase.
 */

import type { Argon2Cost } from '../argon2'
import { costInBounds } from '../argon2'
import { requireBytes } from '../bytes'
import { CryptoError } from '../errors'
import { SEAL_OVERHEAD } from '../seal'
import { SECRET_LENGTH } from '../secret'
import type { UnlockKind } from '../unlock/unlock'

const MAGIC = [0x41, 0x4d, 0x53, 0x4c]
const FORMAT = 1
const KINDS: readonly UnlockKind[] = ['passphrase', 'secret-key', 'recovery-code']

export const VAULT_ID_LENGTH = 16
export const SALT_LENGTH = 16
/** X-Wing, draft-connolly-cfrg-xwing-kem, section 5.1: lengths of ciphertext, public key, encapsulation seed. */
export const CIPHERTEXT_LENGTH = 1120
export const PUBLIC_KEY_LENGTH = 1216
export const ENCAPSULATION_SEED_LENGTH = 64

const SALT_AT = 12
const CIPHERTEXT_AT = SALT_AT + SALT_LENGTH
const COMMITMENT_AT = CIPHERTEXT_AT + CIPHERTEXT_LENGTH
const SEALED_AT = COMMITMENT_AT + SECRET_LENGTH

/** The length of every slot, in bytes: 1252. */
export const SLOT_LENGTH = SEALED_AT + SEAL_OVERHEAD + SECRET_LENGTH

/** What stands in a slot before anything is known of its key pair. */
export type SlotHead = { kind: UnlockKind; params?: Argon2Cost; salt: Uint8Array }

/** The parts of a slot, as views on its bytes. */
export type SlotParts = SlotHead & {
  /** Bytes 4 to 27, which the seed is derived over. */
  head: Uint8Array
  ciphertext: Uint8Array
  /** Bytes 0 to 1147, which commitment and wrapping key are derived over. */
  encapsulated: Uint8Array
  commitment: Uint8Array
  /** Bytes 0 to 1179: all that is clear, which the sealed root key is bound to. */
  clear: Uint8Array
  sealed: Uint8Array
}

/** A slot with its head written and the rest still zeros. */
export function blankSlot({ kind, params, salt }: SlotHead): Uint8Array {
  const slot = new Uint8Array(SLOT_LENGTH)
  slot.set(MAGIC)
  const view = new DataView(slot.buffer)
  view.setUint8(4, FORMAT)
  view.setUint8(5, KINDS.indexOf(kind) + 1)
  view.setUint16(6, params?.passes ?? 0, true)
  view.setUint32(8, params?.memory ?? 0, true)
  slot.set(salt, SALT_AT)
  return slot
}

/**
 * The parts of a slot. Exact length, magic, format, kind and bounds are checked here, before any work is done on it.
 * @throws SLOT_MALFORMED
 */
export function slotParts(slot: Uint8Array): SlotParts {
  requireBytes(slot, 'A slot')
  if (slot.length !== SLOT_LENGTH) throw malformed()
  if (MAGIC.some((byte, i) => slot[i] !== byte)) throw malformed()
  const view = new DataView(slot.buffer, slot.byteOffset, slot.byteLength)
  if (view.getUint8(4) !== FORMAT) throw malformed()
  const kind = KINDS[view.getUint8(5) - 1]
  const params = { memory: view.getUint32(8, true), passes: view.getUint16(6, true) }
  if (kind === undefined) throw malformed()
  if (kind === 'passphrase' ? !costInBounds(params) : params.memory !== 0 || params.passes !== 0) throw malformed()
  return {
    kind,
    ...(kind === 'passphrase' && { params }),
    salt: slot.subarray(SALT_AT, CIPHERTEXT_AT),
    head: slot.subarray(4, CIPHERTEXT_AT),
    ciphertext: slot.subarray(CIPHERTEXT_AT, COMMITMENT_AT),
    encapsulated: slot.subarray(0, COMMITMENT_AT),
    commitment: slot.subarray(COMMITMENT_AT, SEALED_AT),
    clear: slot.subarray(0, SEALED_AT),
    sealed: slot.subarray(SEALED_AT),
  }
}

/**
 * What a slot says of itself in the clear, to choose which to ask for. Nothing of it is proved until it opens.
 * @throws SLOT_MALFORMED
 */
export function readSlot(slot: Uint8Array): { kind: UnlockKind; params?: Argon2Cost } {
  const { kind, params } = slotParts(slot)
  return params === undefined ? { kind } : { kind, params }
}

function malformed(): CryptoError {
  return new CryptoError('SLOT_MALFORMED', 'These bytes are no slot of format 1, or its parameters are out of bounds.')
}
