/**
 * The rows in IndexedDB: one object store a table, rows under their binary id with an index on the bucket, and one for the
 * root. A commit is one transaction that compares, swaps and waits until it is on the disk. Dexie makes the database and keeps
 * its connection, and does what is seldom; roots, rows and commits, which somebody waits for at every step, go to that
 * connection as they are.
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
import { promisifyRequest } from 'idb-keyval'
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
  private closed = false
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
    this.closed = false
    try {
      await this.db.open()
    } catch (cause) {
      throw asStoreError(cause)
    }
  }

  root(): Promise<Root | undefined> {
    return this.again(async () => {
      const root = (await this.connection()).transaction('root').objectStore('root')
      return (await promisifyRequest(root.get(ROOT_KEY))) as Root | undefined
    })
  }

  async read(table: Table, ids: readonly RowId[]): Promise<(Uint8Array | undefined)[]> {
    if (ids.length === 0) return []
    const keys = ids.map(id => id.slice())
    return this.again(async () => {
      const rows = (await this.connection()).transaction(table).objectStore(table)
      const asked = keys.map(key => rows.get(key) as IDBRequest<StoredRow | undefined>)
      // They are answered in the order of asking, and none after one that fails.
      await promisifyRequest(asked.at(-1) as IDBRequest)
      return asked.map(({ result }) => result?.bytes)
    })
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
    const rows = put.map(({ table, id, bucket, bytes }) => {
      const row: StoredRow = { id: id.slice(), bucket, bytes: bytes.slice() }
      return { table, row }
    })
    const gone = drop.map(({ table, id }) => ({ table, id: id.slice() }))
    const tables = ['root', ...new Set([...put, ...drop].map(({ table }) => table))]

    for (let left = RETRIES; ; left--) {
      let askedForAll = false
      let conflict = false
      try {
        const transaction = (await this.connection()).transaction(tables, 'readwrite', { durability: 'strict' })
        const done = ended(transaction)
        const store = transaction.objectStore('root')
        const there = (await promisifyRequest(store.get(ROOT_KEY))) as Root | undefined
        const version = there?.version ?? null
        conflict = version !== expect
        if (!conflict) {
          allOrNothing(transaction, () => {
            for (const { table, row } of rows) transaction.objectStore(table).add(row)
            for (const { table, id } of gone) transaction.objectStore(table).delete(id)
            store.put({ version: (version ?? 0) + 1, bytes }, ROOT_KEY)
            // Without it the browser would wait until this page has heard every answer.
            transaction.commit()
          })
          askedForAll = true
        }
        await done
        return conflict ? 'conflict' : 'committed'
      } catch (cause) {
        if (conflict) return 'conflict'
        if (isConstraint(cause)) throw new TypeError('a row with this id is there already', { cause })
        if (isNoSpace(cause)) throw asStoreError(cause)
        if (askedForAll) throw new StoreError('UNKNOWN_RESULT', 'the answer to a commit never came', { cause })
        if (left === 0 || !isLost(cause)) throw asStoreError(cause)
        await this.reopen()
      }
    }
  }

  async dropRows(table: Table, before: Bucket): Promise<number> {
    const passed = IDBKeyRange.upperBound(before, true)
    for (let dropped = 0; ; ) {
      const count = await this.again(async () => {
        // It needn't be on the disk: nobody can open these rows, and those that come back are dropped the next time.
        const transaction = (await this.connection()).transaction(table, 'readwrite', { durability: 'relaxed' })
        const done = ended(transaction)
        const rows = transaction.objectStore(table)
        const ids = await promisifyRequest(rows.index('bucket').getAllKeys(passed, DROP_BATCH))
        for (const id of ids) rows.delete(id)
        transaction.commit()
        await done
        return ids.length
      })
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
    this.closed = true
    this.db.close()
  }

  /** Closed only by what browsers do: then it is opened again. */
  private async connection(): Promise<IDBDatabase> {
    if (!this.db.isOpen()) await this.reopen()
    return this.db.backendDB()
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
        if (this.closed) throw new StoreError('CLOSED', 'the store is not open')
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

/** What was asked for before something threw would be committed by itself. */
function allOrNothing(transaction: IDBTransaction, ask: () => void): void {
  try {
    ask()
  } catch (error) {
    try {
      transaction.abort()
    } catch {
      // It has ended already, which is why nothing more could be asked.
    }
    throw error
  }
}

/** Resolves when the transaction is on the disk. Not idb-keyval's: at a request's error it would reject before the reason is known. */
function ended(transaction: IDBTransaction): Promise<void> {
  const end = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () =>
      reject(transaction.error ?? new DOMException('the transaction was aborted', 'AbortError'))
  })
  // Whoever waits for a request hears of it there, and doesn't come here any more.
  end.catch(() => {})
  return end
}
