/**
 * The ledger's records laid into rows. A row's plaintext is a CBOR array of records `[leaf index, kind, bytes]`, kind 0
 * a leaf's header and 1 an entry. Rows are immutable: appending replaces the last row, the tail, while it is small,
 * and begins another one once it has {@link ROW_TARGET_BYTES}, so that a commit rewrites little. What one commit adds
 * fills rows to the brim, so that an import takes few of them. A leaf may span rows.
 *
 * Packing only; the rows' secrets, ids' randomness and sealing are for `commit/`.
 */
import { decodeRecord, encodeRecord } from '../record/record'

/** A tail of this size is replaced no more: about forty entries, and what the design asks for. */
export const ROW_TARGET_BYTES = 4_096
/** No row's plaintext is larger: below the 60,000 bytes of a stored row, with room for padding and sealing. */
export const MAX_LEDGER_ROW_BYTES = 48_000
/** Largest bytes of one record: with its frame, a row can hold it. */
export const MAX_LEDGER_RECORD_BYTES = MAX_LEDGER_ROW_BYTES - 32

export type LedgerRecord = readonly [leaf: number, kind: 0 | 1, bytes: Uint8Array]

export interface LedgerRow {
  /** The number, over the whole ledger, of the row's first record. */
  readonly first: number
  readonly plain: Uint8Array
}

export interface Packing {
  /** Rows to write, in order; none when there was nothing to add. */
  readonly rows: readonly LedgerRow[]
  /** The open row from now on: the last of `rows`. Undefined in a ledger without records. */
  readonly tail: LedgerRow | undefined
  /** Whether the first of `rows` takes the old tail's records over: the old tail is dropped in the same commit. */
  readonly replacesTail: boolean
}

export interface TailAndRecords {
  /** The plaintext of the tail row; undefined in a ledger without one. */
  readonly tail: Uint8Array | undefined
  /** The number of the tail's first record; without a tail, of the next record. */
  readonly tailFirst: number
  readonly records: readonly LedgerRecord[]
}

/** @throws RangeError when the tail is malformed or a record too large. */
export function packTail({ tail, tailFirst, records }: TailAndRecords): Packing {
  const old = tail === undefined ? undefined : { first: tailFirst, plain: tail }
  const held = tail === undefined ? 0 : readRow(tail).length
  if (records.length === 0) return { rows: [], tail: old, replacesTail: false }

  const replacesTail = tail !== undefined && tail.length < ROW_TARGET_BYTES
  const rows: LedgerRow[] = []
  let first = replacesTail ? tailFirst : tailFirst + held
  let parts: Uint8Array[] = replacesTail ? [tail.subarray(headOf(held).length)] : []
  let count = replacesTail ? held : 0
  let size = parts[0]?.length ?? 0
  for (const record of records) {
    checkRecord(record)
    const bytes = encodeRecord(record)
    if (size + bytes.length + MAX_HEAD > MAX_LEDGER_ROW_BYTES) {
      rows.push({ first, plain: joined(count, parts, size) })
      first += count
      parts = []
      count = 0
      size = 0
    }
    parts.push(bytes)
    count++
    size += bytes.length
  }
  rows.push({ first, plain: joined(count, parts, size) })
  return { rows, tail: rows.at(-1), replacesTail }
}

/** @throws RangeError unless the plaintext is a row as {@link packTail} writes it. */
export function readRow(plain: Uint8Array): LedgerRecord[] {
  if (plain.length > MAX_LEDGER_ROW_BYTES) throw new RangeError('ledger row malformed')
  const records = decodeRecord(plain)
  if (!Array.isArray(records) || records.length === 0) throw new RangeError('ledger row malformed')
  let last = 0
  for (const record of records) {
    if (!isRecord(record) || record[0] < last) throw new RangeError('ledger row malformed')
    last = record[0]
  }
  return records
}

/** u64 big endian number of the row's first record ‖ 8 random bytes: the order of ids is the order of the ledger. */
export function ledgerRowId(firstRecord: number, random8: Uint8Array): Uint8Array {
  if (!Number.isSafeInteger(firstRecord) || firstRecord < 0 || random8.length !== 8) {
    throw new RangeError('ledger row id out of bounds')
  }
  const id = new Uint8Array(16)
  new DataView(id.buffer).setBigUint64(0, BigInt(firstRecord))
  id.set(random8, 8)
  return id
}

/** The number of a row's first record, from its id. @throws RangeError when the id is none of the ledger's. */
export function firstRecordOf(id: Uint8Array): number {
  if (id.length !== 16) throw new RangeError('ledger row id out of bounds')
  const first = Number(new DataView(id.buffer, id.byteOffset, 8).getBigUint64(0))
  if (!Number.isSafeInteger(first)) throw new RangeError('ledger row id out of bounds')
  return first
}

function checkRecord(record: LedgerRecord): void {
  if (!isRecord(record) || record[2].length > MAX_LEDGER_RECORD_BYTES) {
    throw new RangeError('ledger record out of bounds')
  }
}

function isRecord(record: unknown): record is LedgerRecord {
  if (!Array.isArray(record) || record.length !== 3) return false
  const [leaf, kind, bytes] = record
  return Number.isSafeInteger(leaf) && leaf >= 0 && (kind === 0 || kind === 1) && bytes instanceof Uint8Array
}

/** An array's head takes at most this in a row: a record has four bytes or more, so there are fewer than 65,536. */
const MAX_HEAD = 3

/** The head of a CBOR array of so many values, in its shortest form (RFC 8949, section 3). */
function headOf(count: number): Uint8Array {
  if (count < 24) return new Uint8Array([0x80 | count])
  if (count < 256) return new Uint8Array([0x98, count])
  return new Uint8Array([0x99, count >>> 8, count & 0xff])
}

function joined(count: number, parts: readonly Uint8Array[], size: number): Uint8Array {
  const head = headOf(count)
  const plain = new Uint8Array(head.length + size)
  plain.set(head)
  let at = head.length
  for (const part of parts) {
    plain.set(part, at)
    at += part.length
  }
  return plain
}
