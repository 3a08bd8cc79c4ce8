/**
 * An Amanat store in the browser: rows in IndexedDB, the cell in OPFS, a Web Lock for what one tab alone may do, a
 * channel to tell the others. It sees ciphertext only. This file puts the parts together and says when they are open;
 * each part keeps its own promise.
 */
import {
  type Batch,
  type Bucket,
  type Cell,
  checkBatch,
  checkBucket,
  checkId,
  checkTable,
  type Guarantees,
  type Root,
  type Row,
  type RowId,
  type Store,
  StoreError,
  type Table,
  type Unwatch,
} from '@amanat/store-contract'
import { guaranteesHere } from './guarantees'
import { IdbCell } from './idb-cell'
import { withLock } from './lock'
import { type Names, namesOf } from './names'
import { OpfsCell } from './opfs-cell'
import { PlacedCell } from './placed-cell'
import { Rows } from './rows'

export interface IndexedDbOptions {
  /**
   * Starts the worker that writes the cell, where a bundler doesn't follow `new URL('./cell-worker.js', import.meta.url)`
   * by itself (Vite 8 does). It must run the package's `dist/cell-worker.js` as it is.
   */
  readonly cellWorker?: () => Worker
  /**
   * The file system under the browser's profile (`ext4`, `btrfs`, …), said by whoever runs the machines: a page can't
   * ask. Without it `guarantees().forgetting` is `unknown`.
   */
  readonly fileSystem?: string
  /** Milliseconds that `exclusive` waits before `BUSY`. 30,000, as the port says. */
  readonly timeoutMs?: number
  /** Milliseconds after which the cell's worker is given up when it doesn't answer. 20,000. */
  readonly cellTimeoutMs?: number
}

/** As the port says. */
const BUSY_AFTER_MS = 30_000

/**
 * A store for the vault of this name on this origin. Nothing is opened or created before `open()`.
 * @throws TypeError when the name is empty, very long or no well-formed text.
 */
export function indexedDb(name: string, options: IndexedDbOptions = {}): Store {
  return new StoreInIndexedDb(namesOf(name), options)
}

// Literally so: bundlers look for these words to find the worker.
const ownWorker = () => new Worker(new URL('./cell-worker.js', import.meta.url), { type: 'module' })

class StoreInIndexedDb implements Store {
  readonly name = 'indexeddb'
  readonly cell: Cell
  private readonly rows: Rows
  private readonly placed: PlacedCell
  private opening: Promise<void> | undefined
  private isOpen = false
  private channel: BroadcastChannel | undefined
  private readonly listeners = new Set<() => void>()

  constructor(
    private readonly names: Names,
    private readonly options: IndexedDbOptions,
  ) {
    this.rows = new Rows(names.rows)
    this.placed = new PlacedCell(
      new OpfsCell(names.folder, () => this.startWorker(), options.cellTimeoutMs),
      new IdbCell(names.cell),
    )
    this.cell = {
      create: async halves => this.checked().placed.create(halves),
      read: async half => this.checked().placed.read(half),
      overwrite: async (half, bytes) => this.checked().placed.overwrite(half, bytes),
    }
  }

  open(): Promise<void> {
    this.opening ??= this.start().catch(error => {
      this.opening = undefined
      throw error
    })
    return this.opening
  }

  async root(): Promise<Root | undefined> {
    return await this.checked().rows.root()
  }

  async read(table: Table, ids: readonly RowId[]): Promise<(Uint8Array | undefined)[]> {
    checkTable(table)
    for (const id of ids) checkId(id)
    return await this.checked().rows.read(table, ids)
  }

  async *scan(table: Table, from?: RowId): AsyncGenerator<Row> {
    checkTable(table)
    if (from !== undefined) checkId(from)
    for await (const row of this.checked().rows.scan(table, from)) {
      this.checked()
      yield row
    }
  }

  async commit(batch: Batch): Promise<'committed' | 'conflict'> {
    checkBatch(batch)
    try {
      const result = await this.checked().rows.commit(batch)
      if (result === 'committed') this.tellOthers()
      return result
    } catch (error) {
      if (error instanceof StoreError && error.code === 'UNKNOWN_RESULT') this.tellOthers()
      throw error
    }
  }

  async dropRows(table: Table, before: Bucket): Promise<number> {
    checkTable(table)
    checkBucket(before)
    return await this.checked().rows.dropRows(table, before)
  }

  watch(listener: () => void): Unwatch {
    this.checked()
    // Wrapped, so that the same function given twice is two watchers.
    const entry = () => listener()
    this.listeners.add(entry)
    return () => {
      this.listeners.delete(entry)
    }
  }

  async exclusive<T>(work: (lost: AbortSignal) => Promise<T>): Promise<T> {
    this.checked()
    return await withLock(this.names.rows, this.options.timeoutMs ?? BUSY_AFTER_MS, async lost => {
      this.checked()
      // A write that still waits in the worker would land under the next holder's feet.
      lost.addEventListener('abort', () => this.placed.abandon(), { once: true })
      this.placed.hold()
      try {
        return await work(lost)
      } finally {
        await this.placed.letGo()
      }
    })
  }

  async guarantees(): Promise<Guarantees> {
    return await guaranteesHere(await this.checked().placed.kind(), this.options.fileSystem)
  }

  async destroy(): Promise<void> {
    // Not under the feet of another tab: a folder in which it has the cell's file open can't be removed, and the rows would stay.
    await withLock(this.names.rows, this.options.timeoutMs ?? BUSY_AFTER_MS, async () => {
      await this.placed.remove()
      await this.rows.destroy()
    })
    this.tellOthers()
    await this.close()
  }

  async close(): Promise<void> {
    this.isOpen = false
    this.opening = undefined
    this.channel?.close()
    this.channel = undefined
    this.listeners.clear()
    this.placed.close()
    this.rows.close()
  }

  private async start(): Promise<void> {
    if (typeof indexedDB === 'undefined') throw new StoreError('UNSUPPORTED', 'there is no IndexedDB here')
    if (!globalThis.navigator?.locks) {
      throw new StoreError('UNSUPPORTED', 'there are no Web Locks here: a page must come over https or from localhost')
    }
    // Asked, not waited for: Firefox puts the question to the person.
    navigator.storage?.persist?.().catch(() => {})
    await this.rows.open()
    this.channel = new BroadcastChannel(this.names.rows)
    this.channel.addEventListener('message', () => {
      for (const listener of this.listeners) listener()
    })
    this.isOpen = true
  }

  private tellOthers(): void {
    this.channel?.postMessage('committed')
  }

  private checked(): this {
    if (!this.isOpen) throw new StoreError('CLOSED', 'the store is not open')
    return this
  }

  private startWorker(): Worker {
    if (typeof Worker === 'undefined') {
      throw new StoreError('UNSUPPORTED', "the cell's worker can't be started from a service worker or a shared worker")
    }
    return (this.options.cellWorker ?? ownWorker)()
  }
}
