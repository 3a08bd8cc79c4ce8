/**
 * A store in a folder: `rows/` is an LMDB environment, `cell/` holds the cell, `lock/` the lock. This file puts them
 * together and keeps the store's state; what each does is told in its own file.
 */
import { realpath, rm, rmdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
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
import { type CellFile, cellFile } from './cell-file'
import { attempt } from './failure'
import { fileSystemOf } from './file-system'
import type { Files } from './files'
import { makeEnvironment, makeFolder } from './folder'
import { scanKey } from './rows'
import { leave, type Shared, takePart } from './shared'

/** As the port says. */
const BUSY_AFTER_MS = 30_000

/**
 * A store in a folder of its own, made when it is opened, its files readable by their owner only. Several processes
 * may use it at a time, on one machine: not over a network. A worker thread that is in `exclusive` must come to its
 * end by itself: terminated from outside, it keeps the lock until its process ends.
 */
export function disk(folder: string): Store {
  return diskStore(folder)
}

/** {@link disk}, with what tests need to turn. */
export function diskStore(folder: string, options: DiskOptions = {}): Store {
  return new Disk(resolve(folder), options.busyAfterMs ?? BUSY_AFTER_MS, options.files)
}

interface DiskOptions {
  readonly busyAfterMs?: number
  readonly files?: Files
}

interface Open {
  /** The folder itself: what a link to it names may change while rows and lock stay where they are. */
  readonly path: string
  readonly shared: Shared
  readonly cellFile: CellFile
}

class Disk implements Store {
  readonly name = 'disk'
  readonly cell: Cell = {
    create: async halves => this.opened().cellFile.create(halves),
    read: async half => this.opened().cellFile.read(half),
    overwrite: async (half, bytes) => this.opened().cellFile.overwrite(half, bytes),
  }
  private state: Open | undefined
  private changing: Promise<unknown> = Promise.resolve()
  private readonly unwatching = new Set<Unwatch>()

  constructor(
    private readonly folder: string,
    private readonly busyAfterMs: number,
    private readonly files?: Files,
  ) {}

  open(): Promise<void> {
    return this.oneAfterAnother(async () => {
      if (this.state) return
      await attempt('opening the folder', async () => {
        await makeFolder(this.folder)
        const path = await realpath(this.folder)
        await makeFolder(join(path, 'lock'))
        for (const name of ['rows', 'lock/mutex', 'lock/turn']) await makeEnvironment(join(path, name))
        const standing = { check: () => this.shared().rows.mustWork(), fail: () => this.shared().rows.fail() }
        this.state = { path, shared: takePart(path), cellFile: cellFile(join(path, 'cell'), standing, this.files) }
      })
    })
  }

  async root(): Promise<Root | undefined> {
    return this.shared().rows.root()
  }

  async read(table: Table, ids: readonly RowId[]): Promise<(Uint8Array | undefined)[]> {
    checkTable(table)
    for (const id of ids) checkId(id)
    return this.shared().rows.read(table, ids)
  }

  async *scan(table: Table, from?: RowId): AsyncGenerator<Row> {
    checkTable(table)
    if (from !== undefined) checkId(from)
    let next = from && scanKey(table, from)
    do {
      const some = this.shared().rows.some(table, next)
      for (const row of some.rows) {
        this.shared()
        yield row
      }
      next = some.next
      if (next !== undefined) await otherWork()
    } while (next !== undefined)
  }

  async commit(batch: Batch): Promise<'committed' | 'conflict'> {
    checkBatch(batch)
    const shared = this.shared()
    const answer = shared.rows.commit(batch)
    if (answer === 'committed') shared.tellOthers(this, (batch.expect ?? 0) + 1)
    return answer
  }

  async dropRows(table: Table, before: Bucket): Promise<number> {
    checkTable(table)
    checkBucket(before)
    let total = 0
    for (;;) {
      const { dropped, more } = this.shared().rows.dropSome(table, before)
      total += dropped
      if (!more) return total
      await otherWork()
    }
  }

  watch(listener: () => void): Unwatch {
    const stop = this.shared().listen({ owner: this, listener })
    const unwatch = () => {
      if (this.unwatching.delete(unwatch)) stop()
    }
    this.unwatching.add(unwatch)
    return unwatch
  }

  async exclusive<T>(work: (lost: AbortSignal) => Promise<T>): Promise<T> {
    const { shared, cellFile } = this.opened()
    const held = await shared.lock.acquire(this.busyAfterMs)
    cellFile.hold()
    try {
      return await work(held.lost)
    } finally {
      // The lock goes back even if the file doesn't close.
      await cellFile.letGo().catch(() => {})
      await held.release()
    }
  }

  async guarantees(): Promise<Guarantees> {
    const { path } = this.opened()
    const { name, forgetting } = await attempt('asking the file system', () => fileSystemOf(path))
    return {
      cell: 'file',
      fileSystem: name,
      forgetting,
      durability: name === 'tmpfs' ? 'none' : 'strict',
      persisted: true,
      // Read back through the page cache: that it was written is known from fdatasync, not from reading.
      readBack: false,
    }
  }

  async destroy(): Promise<void> {
    await this.open()
    // Not under the feet of a holder of the lock: what they write after the file was overwritten would stay when it is removed.
    await this.exclusive(() => this.opened().cellFile.destroy())
    await this.oneAfterAnother(async () => {
      const { state } = this
      if (state === undefined) return
      try {
        state.shared.rows.clear()
      } catch {
        // On a full disk even emptying may fail; the files go below.
      }
      this.unwatchAll()
      this.state = undefined
      const last = await leave(state.path, state.shared)
      await attempt('removing the folder', async () => {
        await rm(join(state.path, 'cell'), { recursive: true, force: true })
        // Another store of this process stands on these: it finds them empty.
        if (!last) return
        await rm(join(state.path, 'rows'), { recursive: true, force: true })
        await rm(join(state.path, 'lock'), { recursive: true, force: true })
        await rmdir(state.path).catch(() => {})
      })
    })
  }

  close(): Promise<void> {
    return this.oneAfterAnother(async () => {
      const { state } = this
      if (state === undefined) return
      this.unwatchAll()
      this.state = undefined
      await leave(state.path, state.shared)
    })
  }

  private opened(): Open {
    if (this.state === undefined) throw new StoreError('CLOSED', 'the store is not open')
    return this.state
  }

  private shared(): Shared {
    return this.opened().shared
  }

  private unwatchAll(): void {
    for (const unwatch of [...this.unwatching]) unwatch()
  }

  /** Opening and closing never overlap on one object. */
  private oneAfterAnother(act: () => Promise<void>): Promise<void> {
    const mine = this.changing.then(act)
    this.changing = mine.catch(() => {})
    return mine
  }
}

/** Lets timers and I/O have their turn between two pieces of a long work. */
function otherWork(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}
