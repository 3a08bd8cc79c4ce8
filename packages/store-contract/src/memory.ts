/**
 * A store in memory, for tests, and the medium below it.
 *
 * Several stores can stand on one {@link MemoryMedium}, as tabs and processes stand on one disk. The medium keeps
 * every root and row it ever held, as engines do, and loses what is overwritten in the cell: an adversary who is
 * given all of `history` and today's cell stands for a full image of the storage. A hook before and after each step
 * lets a test stop time there, or crash the store for good. What is remembered is for tests to judge; nothing here
 * knows what a row means.
 */

import { checkBatch, checkBucket, checkHalf, checkId } from './check'
import { StoreError } from './errors'
import {
  type Batch,
  type Bucket,
  type Cell,
  type Guarantees,
  type Half,
  type Root,
  type Row,
  type RowId,
  type Store,
  TABLES,
  type Table,
  type Unwatch,
} from './port'

/** Everything a medium ever held. Not copies: read, don't write. */
export interface MemoryHistory {
  /** Every root that was committed, oldest first. */
  readonly roots: readonly Uint8Array[]
  /** Every row that was ever put, dropped since or not, oldest first. */
  readonly rows: readonly Row[]
  /** Empty, because an overwrite overwrites; every half ever written when the medium has `keepOverwrittenCells`. */
  readonly cells: readonly Uint8Array[]
}

export interface MemoryMediumOptions {
  /**
   * Breaks the medium on purpose: an overwritten half stays in `history.cells`, as it would on a copy-on-write file
   * system. A test that finds nothing forgotten must find it with this switched on.
   */
  readonly keepOverwrittenCells?: boolean
}

export interface MemoryMedium {
  readonly history: MemoryHistory
  /** Both halves as they are now, or undefined when there is no cell. */
  cellNow(): readonly [Uint8Array, Uint8Array] | undefined
  /** Changes a half behind everybody's back, as a torn write or a bad bit would. */
  damageCell(half: Half, bytes: Uint8Array): void
  /** Takes the cell away, as somebody does who copies the rows alone. */
  removeCell(): void
  /** Changes a row's bytes behind everybody's back, or takes the row away. */
  damageRow(table: Table, id: RowId, bytes: Uint8Array | undefined): void
  /** A medium of its own with the same root, rows, cell and history; nobody holds its lock. */
  clone(): MemoryMedium
}

export interface MemoryStep {
  readonly op: 'root' | 'read' | 'scan' | 'commit' | 'dropRows' | 'cell-read' | 'cell-overwrite' | 'cell-create'
  readonly phase: 'before' | 'after'
}

export interface MemoryStoreOptions {
  readonly medium?: MemoryMedium
  /** Milliseconds that `exclusive` waits before `BUSY`. */
  readonly timeoutMs?: number
  /**
   * Called around each step. A throw ends the call: before, and nothing happened; after, and it happened but the
   * caller doesn't learn of it. See {@link CrashError}.
   */
  readonly onStep?: (step: MemoryStep) => void | Promise<void>
  /** What the store says of itself, where a test wants another device than memory. */
  readonly guarantees?: Partial<Guarantees>
}

export interface MemoryStore extends Store {
  readonly medium: MemoryMedium
}

/**
 * Thrown by a step hook to kill the store's process: it reaches the caller as it is, the lock is released, and every
 * later call on that store throws it again, so that no `finally` of the dead can still write.
 */
export class CrashError extends Error {
  override readonly name = 'CrashError'
  constructor(message = 'the process ended here') {
    super(message)
  }
}

/** As the port says. */
const BUSY_AFTER_MS = 30_000

interface StoredRow {
  readonly key: string
  readonly row: Row
}

class Medium implements MemoryMedium {
  root: Root | undefined
  readonly tables = new Map<Table, Map<string, StoredRow>>(TABLES.map(table => [table, new Map()]))
  cell: [Uint8Array, Uint8Array] | undefined
  readonly history: { roots: Uint8Array[]; rows: Row[]; cells: Uint8Array[] } = { roots: [], rows: [], cells: [] }
  readonly listeners = new Set<{ readonly owner: object; readonly listener: () => void }>()
  /** Who holds the lock, and who waits for it, first come first served. */
  holder: object | undefined
  readonly waiting: { readonly ticket: object; readonly admit: () => void }[] = []
  private readonly sorted = new Map<Table, StoredRow[]>()

  constructor(private readonly options: MemoryMediumOptions) {}

  table(name: Table): Map<string, StoredRow> {
    const rows = this.tables.get(name)
    if (rows === undefined) throw new TypeError('no such table')
    return rows
  }

  inOrder(name: Table): readonly StoredRow[] {
    const known = this.sorted.get(name)
    if (known !== undefined) return known
    const rows = [...this.table(name).values()].sort((a, b) => (a.key < b.key ? -1 : 1))
    this.sorted.set(name, rows)
    return rows
  }

  put(row: Row): void {
    const key = keyOf(row.id)
    const kept: Row = { table: row.table, id: row.id.slice(), bucket: row.bucket, bytes: row.bytes.slice() }
    this.table(row.table).set(key, { key, row: kept })
    this.sorted.delete(row.table)
    this.history.rows.push(kept)
  }

  drop(table: Table, key: string): boolean {
    this.sorted.delete(table)
    return this.table(table).delete(key)
  }

  setRoot(root: Root): void {
    this.root = root
    this.history.roots.push(root.bytes)
  }

  writeHalf(half: Half, bytes: Uint8Array): void {
    this.cell ??= [new Uint8Array(bytes.length), new Uint8Array(bytes.length)]
    this.cell[half] = bytes.slice()
    if (this.options.keepOverwrittenCells) this.history.cells.push(bytes.slice())
  }

  cellNow(): readonly [Uint8Array, Uint8Array] | undefined {
    return this.cell && [this.cell[0].slice(), this.cell[1].slice()]
  }

  damageCell(half: Half, bytes: Uint8Array): void {
    checkHalf(bytes)
    if (this.cell === undefined) throw new TypeError('there is no cell to damage')
    this.cell[half] = bytes.slice()
  }

  removeCell(): void {
    this.cell = undefined
  }

  damageRow(table: Table, id: RowId, bytes: Uint8Array | undefined): void {
    const key = keyOf(id)
    const stored = this.table(table).get(key)
    if (stored === undefined) throw new TypeError('there is no such row to damage')
    this.drop(table, key)
    if (bytes !== undefined) this.table(table).set(key, { key, row: { ...stored.row, bytes: bytes.slice() } })
  }

  clone(): MemoryMedium {
    const copy = new Medium(this.options)
    copy.root = this.root
    for (const [name, rows] of this.tables) for (const [key, stored] of rows) copy.table(name).set(key, stored)
    copy.cell = this.cell && [this.cell[0].slice(), this.cell[1].slice()]
    copy.history.roots.push(...this.history.roots)
    copy.history.rows.push(...this.history.rows)
    copy.history.cells.push(...this.history.cells)
    return copy
  }

  acquire(ticket: object, timeoutMs: number): Promise<void> {
    if (this.holder === undefined) {
      this.holder = ticket
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(entry), 1)
        reject(new StoreError('BUSY', 'another holder kept the lock'))
      }, timeoutMs)
      const entry = {
        ticket,
        admit: () => {
          clearTimeout(timer)
          this.holder = ticket
          resolve()
        },
      }
      this.waiting.push(entry)
    })
  }

  /** Harmless when the ticket no longer holds the lock: a crash released it already. */
  release(ticket: object): void {
    if (this.holder !== ticket) return
    this.holder = undefined
    this.waiting.shift()?.admit()
  }

  tellOthers(owner: object): void {
    for (const entry of this.listeners) if (entry.owner !== owner) queueMicrotask(entry.listener)
  }
}

/** A place for stores to stand on. */
export function memoryMedium(options: MemoryMediumOptions = {}): MemoryMedium {
  return new Medium(options)
}

/** A store on a medium of its own, or on the one given. */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const medium = options.medium ?? memoryMedium()
  if (!(medium instanceof Medium)) throw new TypeError('the medium must come from memoryMedium()')
  return new StoreInMemory(medium, options)
}

class StoreInMemory implements MemoryStore {
  readonly name = 'memory'
  readonly cell: Cell
  private opened = false
  private dead: CrashError | undefined
  private readonly held = new Set<object>()
  private readonly watching = new Set<{ readonly owner: object; readonly listener: () => void }>()

  constructor(
    readonly medium: Medium,
    private readonly options: MemoryStoreOptions,
  ) {
    this.cell = {
      create: async halves => {
        for (const half of halves) checkHalf(half)
        const copies = halves.map(half => half.slice()) as [Uint8Array, Uint8Array]
        await this.step('cell-create', () => {
          medium.writeHalf(0, copies[0])
          medium.writeHalf(1, copies[1])
        })
      },
      read: half => this.step('cell-read', () => medium.cell?.[half].slice()),
      overwrite: async (half, bytes) => {
        checkHalf(bytes)
        const copy = bytes.slice()
        await this.step('cell-overwrite', () => {
          if (medium.cell === undefined) throw new StoreError('CELL_MISSING', 'there is no cell')
          medium.writeHalf(half, copy)
        })
      },
    }
  }

  async open(): Promise<void> {
    if (this.dead) throw this.dead
    this.opened = true
  }

  root(): Promise<Root | undefined> {
    return this.step('root', () => {
      const { root } = this.medium
      return root && { version: root.version, bytes: root.bytes.slice() }
    })
  }

  async read(table: Table, ids: readonly RowId[]): Promise<(Uint8Array | undefined)[]> {
    for (const id of ids) checkId(id)
    const keys = ids.map(keyOf)
    return await this.step('read', () => {
      const rows = this.medium.table(table)
      return keys.map(key => rows.get(key)?.row.bytes.slice())
    })
  }

  async *scan(table: Table, from?: RowId): AsyncGenerator<Row> {
    if (from !== undefined) checkId(from)
    const first = from === undefined ? '' : keyOf(from)
    const rows = await this.step('scan', () => this.medium.inOrder(table))
    for (const { key } of rows) {
      if (key < first) continue
      this.check()
      const row = this.medium.table(table).get(key)?.row
      if (row !== undefined) yield { table, id: row.id.slice(), bucket: row.bucket, bytes: row.bytes.slice() }
    }
  }

  async commit(batch: Batch): Promise<'committed' | 'conflict'> {
    checkBatch(batch)
    const root = batch.root.slice()
    const put = batch.put.map(row => ({ ...row, id: row.id.slice(), bytes: row.bytes.slice() }))
    const drop = batch.drop.map(({ table, id }) => ({ table, key: keyOf(id) }))
    const { expect } = batch
    try {
      return await this.step('commit', () => {
        const version = this.medium.root?.version ?? null
        if (version !== expect) return 'conflict'
        // A vault that rewrites a row under its old id would seal two messages under one secret: say so at once.
        for (const { table, id } of put) {
          if (this.medium.table(table).has(keyOf(id))) throw new TypeError('a row with this id is there already')
        }
        for (const { table, key } of drop) this.medium.drop(table, key)
        for (const row of put) this.medium.put(row)
        this.medium.setRoot({ version: (version ?? 0) + 1, bytes: root })
        this.medium.tellOthers(this)
        return 'committed'
      })
    } catch (cause) {
      if (cause instanceof Unlearned) {
        throw new StoreError('UNKNOWN_RESULT', 'the answer never came', { cause: cause.cause })
      }
      throw cause
    }
  }

  async dropRows(table: Table, before: Bucket): Promise<number> {
    checkBucket(before)
    return await this.step('dropRows', () => {
      const gone = [...this.medium.table(table).values()].filter(({ row }) => row.bucket < before)
      for (const { key } of gone) this.medium.drop(table, key)
      return gone.length
    })
  }

  watch(listener: () => void): Unwatch {
    this.check()
    const entry = { owner: this, listener }
    this.medium.listeners.add(entry)
    this.watching.add(entry)
    return () => {
      this.medium.listeners.delete(entry)
      this.watching.delete(entry)
    }
  }

  async exclusive<T>(work: (lost: AbortSignal) => Promise<T>): Promise<T> {
    this.check()
    const ticket = {}
    await this.medium.acquire(ticket, this.options.timeoutMs ?? BUSY_AFTER_MS)
    this.held.add(ticket)
    try {
      this.check()
      return await work(new AbortController().signal)
    } finally {
      this.held.delete(ticket)
      this.medium.release(ticket)
    }
  }

  async guarantees(): Promise<Guarantees> {
    this.check()
    return {
      cell: 'memory',
      fileSystem: 'memory',
      forgetting: 'in-place',
      durability: 'none',
      persisted: false,
      readBack: true,
      ...this.options.guarantees,
    }
  }

  async destroy(): Promise<void> {
    if (this.dead) throw this.dead
    const { medium } = this
    if (medium.cell)
      for (const half of [0, 1] as const) medium.writeHalf(half, new Uint8Array(medium.cell[half].length))
    medium.cell = undefined
    for (const table of TABLES) for (const key of [...medium.table(table).keys()]) medium.drop(table, key)
    medium.root = undefined
    await this.close()
  }

  async close(): Promise<void> {
    this.opened = false
    for (const entry of this.watching) this.medium.listeners.delete(entry)
    this.watching.clear()
  }

  private check(): void {
    if (this.dead) throw this.dead
    if (!this.opened) throw new StoreError('CLOSED', 'the store is not open')
  }

  private async step<T>(op: MemoryStep['op'], act: () => T): Promise<T> {
    this.check()
    await this.hook(op, 'before')
    this.check()
    const result = act()
    await this.hook(op, 'after')
    if (this.dead) throw this.dead
    return result
  }

  private async hook(op: MemoryStep['op'], phase: MemoryStep['phase']): Promise<void> {
    try {
      await this.options.onStep?.({ op, phase })
    } catch (error) {
      if (error instanceof CrashError) {
        this.dead = error
        for (const ticket of this.held) this.medium.release(ticket)
        throw error
      }
      throw op === 'commit' && phase === 'after' ? new Unlearned(error) : error
    }
  }
}

/** Marks what a hook threw after a commit: the batch is in, and the caller must not be told so. */
class Unlearned extends Error {
  constructor(cause: unknown) {
    super('unlearned', { cause })
  }
}

/** One character a byte: such strings stand in the order of the bytes. */
function keyOf(id: RowId): string {
  return String.fromCharCode(...id)
}
