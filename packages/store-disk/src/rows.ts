/**
 * Rows and root in one LMDB environment: several processes at a time, one writer, a commit whole or not at all.
 *
 * Three databases. `rows`: table ‖ id -> bucket (u32, little-endian) ‖ bytes. `buckets`: table ‖ bucket (u32,
 * big-endian) ‖ id, so that what has expired lies together. `root`: version (u64, little-endian) ‖ bytes.
 *
 * Writes use synchronous transactions: they return after fdatasync of the data and a synchronous write of the meta
 * page (seen with strace, with overlapping sync off), and whatever goes wrong inside them throws here, where the
 * whole transaction is given up. The asynchronous ones of lmdb-js keep a batch whose callback threw.
 */
import { statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Batch,
  type Bucket,
  ROW_ID_BYTES,
  type Root,
  type Row,
  type RowId,
  type RowRef,
  StoreError,
  type Table,
} from '@amanat/store-contract'
import { ABORT, type Database } from 'lmdb'
import { closeEnvironment, type Environment, openEnvironment } from './environment'
import { codeOf, failure, isNoSpace } from './failure'

/** On disk for good: never renumber. */
const TABLE_BYTE: Record<Table, number> = {
  slots: 1,
  ring: 2,
  heads: 3,
  pages: 4,
  blobs: 5,
  undated: 6,
  ledger: 7,
  exports: 8,
}

/** Bytes of rows that a scan holds at a time, and rows that one transaction of `dropRows` takes. */
const SCAN_BYTES = 1 << 20
const DROP_ROWS = 2048
const ROOT_KEY = Buffer.from('root')
const NOTHING = Buffer.alloc(0)
const BINARY = { encoding: 'binary', keyEncoding: 'binary' } as const
/** LMDB answers EIO when a write was cut short: a full disk more often than a broken one. */
const EIO = 5
/** What a transaction needs beside its rows: pages of the trees that lead to them, some for each row up to a bound. */
const ROOM = 64 << 10
const ROOM_OF_ROW = 8 << 10
const MOST_ROOM = 1 << 20

type Binary = Database<Buffer, Buffer>

export class Rows {
  private readonly env: Environment
  private readonly rows: Binary
  private readonly buckets: Binary
  private readonly rootOf: Binary
  /** Set by a failed fsync or meta page: the page cache may lie from then on, and no later write of this process counts. */
  private failed = false

  /** Which file it is, whatever stands under its name later. */
  private readonly ino: number

  constructor(private readonly folder: string) {
    this.ino = statSync(join(folder, 'rows', 'data.mdb')).ino
    this.env = openEnvironment(join(folder, 'rows'), { maxDbs: 4 })
    this.rows = this.env.openDB({ name: 'rows', ...BINARY })
    this.buckets = this.env.openDB({ name: 'buckets', ...BINARY })
    this.rootOf = this.env.openDB({ name: 'root', ...BINARY })
  }

  root(): Root | undefined {
    return this.reading(() => {
      const value = this.rootOf.get(ROOT_KEY)
      return value && { version: versionOf(value), bytes: new Uint8Array(value.subarray(8)) }
    })
  }

  read(table: Table, ids: readonly RowId[]): (Uint8Array | undefined)[] {
    return this.reading(() =>
      ids.map(id => {
        const value = this.rows.get(rowKey(table, id))
        return value && bytesOf(value)
      }),
    )
  }

  /** Some rows in the order of their ids, from `from` on; none when there are no more. */
  some(table: Table, from: Buffer | undefined): { rows: Row[]; next: Buffer | undefined } {
    return this.reading(() => {
      const rows: Row[] = []
      let size = 0
      const start = from ?? Buffer.of(TABLE_BYTE[table])
      for (const { key, value } of this.rows.getRange({ start, end: Buffer.of(TABLE_BYTE[table] + 1) })) {
        if (size > SCAN_BYTES) return { rows, next: Buffer.from(key) }
        const id = new Uint8Array(key.subarray(1))
        rows.push({ table, id, bucket: value.readUInt32LE(0), bytes: new Uint8Array(value.subarray(4)) })
        size += value.length
      }
      return { rows, next: undefined }
    })
  }

  commit({ expect, root, put, drop }: Batch): 'committed' | 'conflict' {
    const room = put.reduce((sum, { bytes }) => sum + bytes.length + 128, root.length)
    const answer = this.writing(room, () => {
      const now = this.rootOf.get(ROOT_KEY)
      const version = now ? versionOf(now) : null
      if (version !== expect) return ABORT
      // A root alone takes a few pages of those that were given back before: on a full disk too.
      if (put.length + drop.length > 0) this.mustHaveRoom(room, put.length + drop.length)
      for (const row of drop) this.drop(row)
      for (const row of put) this.put(row)
      this.rootOf.putSync(ROOT_KEY, rootValue((version ?? 0) + 1, root))
      return undefined
    })
    return answer === ABORT ? 'conflict' : 'committed'
  }

  /** One transaction's worth; fewer than it asked for means that no more are left. */
  dropSome(table: Table, before: Bucket): { dropped: number; more: boolean } {
    let dropped = 0
    this.writing(0, () => {
      const range = { start: Buffer.of(TABLE_BYTE[table]), end: bucketKey(table, before, NOTHING), limit: DROP_ROWS }
      const keys = [...this.buckets.getKeys(range)]
      if (keys.length > 0) this.mustHaveRoom(0, keys.length)
      for (const key of keys) {
        this.rows.removeSync(rowKey(table, key.subarray(5)))
        this.buckets.removeSync(key)
        dropped++
      }
    })
    return { dropped, more: dropped === DROP_ROWS }
  }

  /** Empties all databases, for whoever else has them open. */
  clear(): void {
    this.writing(0, () => {
      this.mustHaveRoom(0, 0)
      this.rows.clearSync()
      this.buckets.clearSync()
      this.rootOf.clearSync()
    })
  }

  async close(): Promise<void> {
    await closeEnvironment(this.env)
  }

  private put(row: Row): void {
    const value = Buffer.allocUnsafe(4 + row.bytes.length)
    value.writeUInt32LE(row.bucket, 0)
    value.set(row.bytes, 4)
    const key = rowKey(row.table, row.id)
    // Rewriting a row under its old id would seal two messages under one secret: a mistake, said at once.
    if (this.rows.doesExist(key)) throw new TypeError('a row with this id is there already')
    this.rows.putSync(key, value)
    this.buckets.putSync(bucketKey(row.table, row.bucket, row.id), NOTHING)
  }

  private drop({ table, id }: RowRef): void {
    const key = rowKey(table, id)
    const bucket = this.rows.getBinaryFast(key)?.readUInt32LE(0)
    if (bucket === undefined) return
    this.rows.removeSync(key)
    this.buckets.removeSync(bucketKey(table, bucket, id))
  }

  /** @throws StoreError `IO` from the first flush on that failed, of the rows or of the cell. */
  mustWork(): void {
    if (this.failed) throw new StoreError('IO', 'an earlier write failed for good: end this process, and start anew')
  }

  /** Somebody couldn't flush what they wrote beside the rows. */
  fail(): void {
    this.failed = true
  }

  /** LMDB goes on in a file that was removed or replaced: what is written there is gone with the process. */
  private mustBeThere(): void {
    let ino: number | undefined
    try {
      ino = statSync(join(this.folder, 'rows', 'data.mdb'), { throwIfNoEntry: false })?.ino
    } catch (error) {
      throw failure(error, 'looking for the rows')
    }
    if (ino !== this.ino) throw new StoreError('IO', 'the rows were removed or replaced while the store was open')
  }

  /** Every read begins on what is committed now, by whichever process. */
  private reading<T>(read: () => T): T {
    try {
      this.env.resetReadTxn()
      return read()
    } catch (error) {
      throw failure(error, 'reading rows')
    }
  }

  /** `act` must not return a promise, nor anything like one: lmdb-js would wait for it with the transaction open. */
  private writing<T>(room: number, act: () => T): T {
    this.mustWork()
    this.mustBeThere()
    let acted = false
    try {
      return this.env.transactionSync(() => {
        const answer = act()
        acted = true
        return answer
      })
    } catch (error) {
      if (isNoSpace(error) || (codeOf(error) === EIO && this.isFull(room))) {
        throw new StoreError('NO_SPACE', 'no room on the disk for these rows')
      }
      if (!acted) throw failure(error, 'writing rows')
      this.failed = true
      throw new StoreError('UNKNOWN_RESULT', `the disk failed while committing (${codeOf(error) ?? 'no code'})`)
    }
  }

  /** Asked of a write that failed: where even this can't be told, it is the write that is told of. */
  private isFull(room: number): boolean {
    try {
      return this.free() < 2 * room + MOST_ROOM
    } catch {
      return false
    }
  }

  /**
   * Nothing is written for which there may be no room. LMDB would give the transaction up; but when no byte of a write
   * goes through, lmdb-js 3.5 tells of it in a text that is longer than the memory it took for that: of nine processes
   * that went on filling a disk, three were aborted (docs/decisions/0027).
   *
   * @throws StoreError `NO_SPACE`; what the system says where the folder went while others wrote
   */
  private mustHaveRoom(room: number, rows: number): void {
    if (this.free() < 2 * room + Math.min(ROOM + rows * ROOM_OF_ROW, MOST_ROOM)) {
      throw new StoreError('NO_SPACE', 'no room on the disk for these rows')
    }
  }

  private free(): number {
    const { bavail, bsize } = statfsSync(this.folder)
    return bavail * bsize
  }
}

function rowKey(table: Table, id: Uint8Array): Buffer {
  const key = Buffer.allocUnsafe(1 + ROW_ID_BYTES)
  key[0] = TABLE_BYTE[table]
  key.set(id, 1)
  return key
}

/** Where a scan begins that wants `from` first. */
export const scanKey = rowKey

function bucketKey(table: Table, bucket: Bucket, id: Uint8Array): Buffer {
  const key = Buffer.allocUnsafe(5 + id.length)
  key[0] = TABLE_BYTE[table]
  key.writeUInt32BE(bucket, 1)
  key.set(id, 5)
  return key
}

function rootValue(version: number, bytes: Uint8Array): Buffer {
  const value = Buffer.allocUnsafe(8 + bytes.length)
  value.writeBigUInt64LE(BigInt(version), 0)
  value.set(bytes, 8)
  return value
}

/**
 * A row's bytes; none of a value that is too short to be one. LMDB's answer is a copy already: where nobody else has a part
 * in its memory, it needn't be copied again.
 */
function bytesOf(value: Buffer): Uint8Array {
  const bytes = value.subarray(4)
  const own = value.buffer.byteLength === value.byteLength
  return own ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes)
}

function versionOf(value: Buffer): number {
  return Number(value.readBigUInt64LE(0))
}
