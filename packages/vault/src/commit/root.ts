/**
 * The root row: a clear header, the tick, and the sealed ring root.
 *
 *   0 magic "AMNR" · 4 format u16 · 6 zero u16 · 8 vault id 16 · 24 epoch u64 · 32 commitment of the epoch secret 32 ·
 *   64 tick u32 · 68 sealed ring root
 *
 * The first 64 bytes are the additional data of what is sealed. The tick is not: a purge without the passphrase
 * moves it, and an open vault with an older ratchet then conflicts instead of sealing into a day that has passed.
 */
import { SEAL_OVERHEAD } from '@amanat/crypto'
import { concat, sameBytes, u32, u64, utf8, viewOf } from '../bytes'
import { VaultError } from '../errors'
import type { Day } from '../time/day'

export const FORMAT = 1
const MAGIC = utf8('AMNR')
const HEADER = 64
const CLEAR = 68
/** Room for the ring of well over ten million contacts; anything larger is no root of ours. */
const MAX_ROOT_BYTES = 4 * 1024 * 1024

export interface ClearRoot {
  readonly vaultId: Uint8Array
  readonly epoch: number
  readonly commitment: Uint8Array
  readonly tick: Day
  readonly sealed: Uint8Array
}

export const rootHeader = (root: Omit<ClearRoot, 'tick' | 'sealed'>): Uint8Array =>
  concat(MAGIC, new Uint8Array([FORMAT & 255, FORMAT >> 8, 0, 0]), root.vaultId, u64(root.epoch), root.commitment)

export const encodeRoot = (root: ClearRoot): Uint8Array => concat(rootHeader(root), u32(root.tick), root.sealed)

/**
 * Stands where the root will, in a store that had none, while a backup is brought in: rows can be put only together with
 * a root. As long as it stands there is no vault.
 */
export const PLACEHOLDER: Uint8Array = utf8('AMNP')

export const isPlaceholder = (bytes: Uint8Array): boolean => sameBytes(bytes, PLACEHOLDER)

/** @throws VaultError `CORRUPT`, `FORMAT_TOO_NEW` or `VAULT_MISSING`; looks at nothing before its bounds are checked. */
export function decodeRoot(bytes: Uint8Array): ClearRoot {
  if (isPlaceholder(bytes)) throw new VaultError('VAULT_MISSING')
  if (
    bytes.length < CLEAR + SEAL_OVERHEAD ||
    bytes.length > MAX_ROOT_BYTES ||
    !sameBytes(bytes.subarray(0, 4), MAGIC)
  ) {
    throw new VaultError('CORRUPT', { data: { row: 'root' } })
  }
  const view = viewOf(bytes)
  if (view.getUint16(4, true) > FORMAT) throw new VaultError('FORMAT_TOO_NEW')
  const epoch = view.getBigUint64(24, true)
  if (view.getUint16(4, true) !== FORMAT || view.getUint16(6, true) !== 0 || epoch > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new VaultError('CORRUPT', { data: { row: 'root' } })
  }
  return {
    vaultId: bytes.slice(8, 24),
    epoch: Number(epoch),
    commitment: bytes.slice(32, HEADER),
    tick: view.getUint32(HEADER, true),
    sealed: bytes.subarray(CLEAR),
  }
}

/** The same root at a later tick: needs no key. */
export function rootAtTick(bytes: Uint8Array, tick: Day): Uint8Array {
  const next = bytes.slice()
  viewOf(next).setUint32(HEADER, tick, true)
  return next
}
