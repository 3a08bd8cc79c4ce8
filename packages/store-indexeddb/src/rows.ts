/**
 * The rows in IndexedDB, through Dexie: one object store a table, rows under their binary id with an index on the
 * bucket, and one for the root. A commit is one transaction that compares, swaps and waits until it is on the disk.
 *
 * Browsers close connections: for another tab's upgrade, when data is cleared, on iOS now and then for no reason
 * given. A read is then done again on a new connection. A commit is done again only while it is certain that nothing
 * of it was applied; else the caller is told that its result isn't known. The cell and the lock are not in here.
 */
import {
  type Batch,
  type Bucket,
  type Root,
  type Row,
  type RowId,
  StoreError,
  TABLES,
  type Table,
} from '@amanat/store-contract'
import { Dexie } from 'dexie'
import { asStoreError, isConstraint, isLost, isNoSpace } from './errors'

interface StoredRow {
  readonly id: Uint8Array
  readonly bucket: number
  readonly bytes: Uint8Array
}

/** Rows fetched at a time by a scan: with rows of up to 60,000 bytes some 8 MB, twice because the next lot is on its way. */
const SCAN_BATCH = 128
/** Rows dropped in one transaction, so that others get their turn in between. */
const DROP_BATCH = 500
/** How often a call is tried again on a new connection. */
const RETRIES = 2
const ROOT_KEY = 0

export class Rows {
  private readonly db: Dexie
  private reopening: Promise<void> | undefined

  constructor(name: string) {
    // Chromium answers by default before anything has reached the disk; the cell relies on rows that have.
    this.db = new Dexie(name, { chromeTransactionDurability: 'strict', cache: 'disabled' })
    this.db.version(1).stores({ root: '', ...Object.fromEntries(TABLES.map(table => [table, 'id, bucket'])) })
    // Another tab deletes the database, or a newer version of the app changes it: make way, and open again when next used.
    this.db.on('versionchange', () => {
      this.db.close({ disableAutoOpen: false })
      return false
    })
  }

  async open(): Promise<void> {
    try {
      await this.db.open()
    } catch (cause) {
      throw asStoreError(cause)
    }
  }

  root(): Promise<Root | undefined> {
    return this.again(() => this.db.table<Root>('root').get(ROOT_KEY))
  }

  async read(table: Table, ids: readonly RowId[]): Promise<(Uint8Array | undefined)[]> {
    const keys = ids.map(id => id.slice())
    const rows = await this.again(() => this.rows(table).bulkGet(keys))
    return rows.map(row => row?.bytes)
  }

  async *scan(table: Table, from?: RowId): AsyncGenerator<Row> {
    let ahead = this.batch(table, from?.slice(), true)
    for (;;) {
      const rows = await ahead
      const last = rows.at(-1)
      const more = last !== undefined && rows.length === SCAN_BATCH
      // Fetched while the caller is busy with these; no transaction stays open for it.
      if (more) {
        ahead = this.batch(table, last.id, false)
        ahead.catch(() => {})
      }
      for (const { id, bucket, bytes } of rows) yield { table, id, bucket, bytes }
      if (!more) return
    }
  }

  async commit({ expect, root, put, drop }: Batch): Promise<'committed' | 'conflict'> {
    // Copied before the first wait, and whole: a view into a larger buffer would be stored with all of that buffer.
    const bytes = root.slice()
    const puts = byTable(put, row => ({ id: row.id.slice(), bucket: row.bucket, bytes: row.bytes.slice() }))
    const drops = byTable(drop, row => row.id.slice())
    const tables = ['root', ...new Set([...puts.keys(), ...drops.keys()])]

    for (let left = RETRIES; ; left--) {
      let allRequestsDone = false
      let conflict = false
      try {
        await this.db.transaction('rw!', tables, async () => {
          const version = (await this.db.table<Root>('root').get(ROOT_KEY))?.version ?? null
          conflict = version !== expect
          if (conflict) return
          // Asked for all at once: each answer that is waited for is a way to another process and back.
          await Promise.all([
            ...[...puts].map(([table, rows]) => this.rows(table).bulkAdd(rows)),
            ...[...drops].map(([table, ids]) => this.rows(table).bulkDelete(ids)),
            this.db.table('root').put({ version: (version ?? 0) + 1, bytes }, ROOT_KEY),
          ])
          allRequestsDone = true
        })
        return conflict ? 'conflict' : 'committed'
      } catch (cause) {
        if (conflict) return 'conflict'
        if (isConstraint(cause)) throw new TypeError('a row with this id is there already', { cause })
        if (isNoSpace(cause)) throw asStoreError(cause)
        // IndexedDB commits by itself once every request was answered: from there on nobody knows.
        if (allRequestsDone) throw new StoreError('UNKNOWN_RESULT', 'the answer to a commit never came', { cause })
        if (left === 0 || !isLost(cause)) throw asStoreError(cause)
        await this.reopen()
      }
    }
  }

  async dropRows(table: Table, before: Bucket): Promise<number> {
    for (let dropped = 0; ; ) {
      const count = await this.again(() =>
        this.db.transaction('rw!', table, async () => {
          const ids = await this.rows(table).where('bucket').below(before).limit(DROP_BATCH).primaryKeys()
          await this.rows(table).bulkDelete(ids)
          return ids.length
        }),
      )
      dropped += count
      if (count < DROP_BATCH) return dropped
    }
  }

  async destroy(): Promise<void> {
    try {
      await this.db.delete()
    } catch (cause) {
      throw asStoreError(cause)
    }
  }

  close(): void {
    this.db.close()
  }

  private rows(table: Table) {
    return this.db.table<StoredRow, Uint8Array>(table)
  }

  private batch(table: Table, from: Uint8Array | undefined, inclusive: boolean): Promise<StoredRow[]> {
    return this.again(() => {
      const rows = this.rows(table)
      if (from === undefined) return rows.orderBy('id').limit(SCAN_BATCH).toArray()
      const where = rows.where('id')
      return (inclusive ? where.aboveOrEqual(from) : where.above(from)).limit(SCAN_BATCH).toArray()
    })
  }

  /** Does what may be done twice, again on a new connection when the old one went. */
  private async again<T>(work: () => PromiseLike<T>): Promise<T> {
    for (let left = RETRIES; ; left--) {
      try {
        return await work()
      } catch (cause) {
        if (left === 0 || !isLost(cause)) throw asStoreError(cause)
        await this.reopen()
      }
    }
  }

  /** One at a time: calls that lost the same connection wait for the same new one. */
  private reopen(): Promise<void> {
    this.reopening ??= (async () => {
      try {
        this.db.close({ disableAutoOpen: false })
        await this.db.open()
      } catch (cause) {
        throw asStoreError(cause)
      } finally {
        this.reopening = undefined
      }
    })()
    return this.reopening
  }
}

function byTable<R extends { readonly table: Table }, S>(rows: readonly R[], store: (row: R) => S): Map<Table, S[]> {
  const tables = new Map<Table, S[]>()
  for (const row of rows) {
    const there = tables.get(row.table)
    if (there) there.push(store(row))
    else tables.set(row.table, [store(row)])
  }
  return tables
}
