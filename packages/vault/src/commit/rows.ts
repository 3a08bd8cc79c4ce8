/**
 * Sealing rows: one secret for one message, and the place it belongs to bound into it, so that no row can stand for
 * another. The plaintext is framed as its length (u32), itself, and zeros up to its Padmé length, so that a row's size
 * says little about what is in it.
 */
import { derive, openSealed, paddedLength, type Randomness, Secret, seal } from '@amanat/crypto'
import { type Bucket, ROW_ID_BYTES, type Row, TABLES, type Table, UNDATED } from '@amanat/store-contract'
import { concat, u32, viewOf } from '../bytes'
import { VaultError } from '../errors'
import type { DayKeys } from './ratchet'
import { FORMAT } from './root'

export type RowSecret = Secret<'row'>

export const newRowId = (randomness: Randomness): Uint8Array => randomness(ROW_ID_BYTES).slice()
export const newRowSecret = (randomness: Randomness): RowSecret => Secret.random<'row'>(randomness)

/** The secret of one row of the ledger: derived, so that the ring root needn't list them. */
export const ledgerKey = (secret: Secret<'ledger'>, id: Uint8Array): RowSecret =>
  derive<'row'>('amanat/ledger-row/1', secret, id)

/** Which row this is: what its additional data binds. */
export interface RowPlace {
  readonly vaultId: Uint8Array
  readonly table: Table
  readonly id: Uint8Array
  readonly bucket: Bucket
}

const placeBytes = (place: RowPlace): Uint8Array =>
  concat(new Uint8Array([FORMAT, TABLES.indexOf(place.table)]), place.vaultId, place.id, u32(place.bucket))

const FRAME = 4

function padded(plain: Uint8Array): Uint8Array {
  const framed = new Uint8Array(paddedLength(FRAME + plain.length))
  viewOf(framed).setUint32(0, plain.length, true)
  framed.set(plain, FRAME)
  return framed
}

function unpadded(framed: Uint8Array): Uint8Array {
  const length = framed.length < FRAME ? -1 : viewOf(framed).getUint32(0, true)
  if (length < 0 || FRAME + length > framed.length) throw new RangeError('row malformed')
  return framed.subarray(FRAME, FRAME + length)
}

/** A dated row needs its day's key as well; undefined when that day has passed. */
function keyOf(place: RowPlace, secret: RowSecret, days: DayKeys): Secret<'row-key'> | undefined {
  const label = `amanat/row/${place.table}/1`
  if (place.bucket === UNDATED) return derive<'row-key'>(label, secret)
  const day = days.of(place.bucket)
  return day && derive<'row-key'>(label, secret, day.expose())
}

export function sealRow(
  place: RowPlace,
  secret: RowSecret,
  days: DayKeys,
  plain: Uint8Array,
  randomness: Randomness,
): Row {
  const key = keyOf(place, secret, days)
  if (!key) throw new RangeError('a row was to be sealed for a day that has passed')
  const framed = padded(plain)
  const bytes = seal(key, framed, placeBytes(place), randomness)
  framed.fill(0)
  key.wipe()
  return { table: place.table, id: place.id, bucket: place.bucket, bytes }
}

/** @throws VaultError `CORRUPT` when the row isn't what was sealed at this place with this secret. */
export function openRow(place: RowPlace, secret: RowSecret, days: DayKeys, sealed: Uint8Array): Uint8Array {
  const key = keyOf(place, secret, days)
  if (!key) throw new VaultError('CORRUPT', { data: { row: place.table } })
  try {
    return unpadded(openSealed(key, sealed, placeBytes(place)))
  } catch (cause) {
    throw new VaultError('CORRUPT', { data: { row: place.table }, cause })
  } finally {
    key.wipe()
  }
}
