/**
 * What a store refuses before it touches anything: ids, rows and halves of the wrong size, buckets that are no
 * unsigned 32-bit number, tables that don't exist. Such a call is a mistake in the program: a TypeError, no StoreError.
 */
import {
  type Batch,
  type Bucket,
  HALF_BYTES,
  MAX_ROW_BYTES,
  ROW_ID_BYTES,
  type RowId,
  TABLES,
  type Table,
} from './port'

/** @throws TypeError unless the id has {@link ROW_ID_BYTES}. */
export function checkId(id: RowId): void {
  if (!(id instanceof Uint8Array) || id.length !== ROW_ID_BYTES)
    throw new TypeError(`a row id has ${ROW_ID_BYTES} bytes`)
}

/** @throws TypeError unless it is one of {@link TABLES}. */
export function checkTable(table: Table): void {
  if (!TABLES.includes(table)) throw new TypeError('no such table')
}

/** @throws TypeError unless it is a whole number of 32 bits without a sign. */
export function checkBucket(bucket: Bucket): void {
  if (!Number.isInteger(bucket) || bucket < 0 || bucket > 0xffff_ffff) throw new TypeError('a bucket is a u32')
}

/** @throws TypeError unless it has {@link HALF_BYTES}. */
export function checkHalf(bytes: Uint8Array): void {
  if (!(bytes instanceof Uint8Array) || bytes.length !== HALF_BYTES)
    throw new TypeError(`a half has ${HALF_BYTES} bytes`)
}

/** @throws TypeError when anything in the batch is out of bounds; nothing may have been written by then. */
export function checkBatch(batch: Batch): void {
  const { expect, root } = batch
  if (expect !== null && (!Number.isSafeInteger(expect) || expect < 1)) throw new TypeError('a version is 1 or more')
  if (!(root instanceof Uint8Array)) throw new TypeError('a root is bytes')
  for (const row of batch.put) {
    checkTable(row.table)
    checkId(row.id)
    checkBucket(row.bucket)
    if (!(row.bytes instanceof Uint8Array) || row.bytes.length > MAX_ROW_BYTES) {
      throw new TypeError(`a row has at most ${MAX_ROW_BYTES} bytes`)
    }
  }
  for (const { table, id } of batch.drop) {
    checkTable(table)
    checkId(id)
  }
}
