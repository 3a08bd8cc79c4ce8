/**
 * A store on the simulated disk, as one process has it: each call is a few steps, and before each somebody else may go
 * on, the store may be told of a fault, or the process may end. It keeps the port's words and nothing more.
 */
import {
  type Batch,
  type Bucket,
  type Cell,
  checkBatch,
  checkBucket,
  checkHalf,
  checkId,
  type Guarantees,
  HALF_BYTES,
  type Half,
  type Root,
  type Row,
  type RowId,
  type Store,
  StoreError,
  TABLES,
  type Table,
  type Unwatch,
} from '@amanat/store-contract'
import { type Batched, type Disk, type Journaled, keyOf, SECTOR } from './disk'

/** What a step may be told instead of being carried out. */
export type Fault = 'no room' | 'no answer' | 'half a write'

export interface Step {
  readonly what: string
  /** Faults that can come at this step. */
  readonly may?: readonly Fault[]
  /** What it writes, for the trace. */
  readonly writes?: () => readonly Uint8Array[]
  /** The lock is held, and may be taken away before this. */
  readonly locked?: boolean
}

/** Where a step waits until it is its turn. Rejects when the process ends there. */
export type Gate = (step: Step) => Promise<Fault | undefined>

/** The process ended: reaches the caller as it is, so that no `catch` takes it for an answer. */
export class Ended extends Error {
  override readonly name = 'Ended'
}

/** The process ended under this, whatever the vault made of it. */
export const isOfTheEnd = (error: unknown): boolean =>
  error instanceof Ended || (error instanceof Error && isOfTheEnd(error.cause))

const ROWS_AT_ONCE = 4
const DURABLE: Guarantees = {
  cell: 'file',
  fileSystem: 'simulated',
  forgetting: 'in-place',
  durability: 'strict',
  persisted: true,
  readBack: true,
}

export class SimulatedStore implements Store {
  readonly name = 'simulated'
  readonly cell: Cell
  #open = false
  #ended: Ended | undefined
  #writing: Journaled | undefined
  /** Who of this process waits for the lock or has it: each call for itself, so that none gives back another's. */
  readonly #calls = new Map<object, AbortController>()

  constructor(
    readonly disk: Disk,
    readonly gate: Gate,
  ) {
    this.cell = {
      create: halves => this.#createCell(halves),
      read: half => this.#readHalf(half),
      overwrite: (half, bytes) => this.#overwrite(half, bytes),
    }
  }

  /** Ends the process that has this store: locks go, and what stands whole in the journal may or may not be taken. */
  end(error: Ended, keeps: boolean): void {
    this.#ended = error
    if (this.#writing?.complete && keeps) this.disk.sync()
    else if (this.#writing) this.disk.abandon(this.#writing)
    for (const entry of this.disk.watching) if (entry.owner === this) this.disk.watching.delete(entry)
    this.disk.writer.take(this, error)
    for (const call of this.#calls.keys()) this.disk.lock.take(call, error)
  }

  /** The platform takes the lock away, and the next in line has it at once; the process goes on. */
  lose(): void {
    for (const [call, lost] of this.#calls) {
      if (!this.disk.lock.has(call)) continue
      lost.abort()
      this.disk.lock.leave(call)
    }
  }

  async open(): Promise<void> {
    if (this.#ended) throw this.#ended
    this.#open = true
  }

  async root(): Promise<Root | undefined> {
    await this.#step({ what: 'root' })
    const { root } = this.disk
    return root && { version: root.version, bytes: root.bytes.slice() }
  }

  async read(table: Table, ids: readonly RowId[]): Promise<(Uint8Array | undefined)[]> {
    for (const id of ids) checkId(id)
    await this.#step({ what: `read ${table}` })
    return ids.map(id => this.disk.tables[table].get(keyOf(id))?.bytes.slice())
  }

  async *scan(table: Table, from?: RowId): AsyncGenerator<Row> {
    if (from) checkId(from)
    let next = from ? keyOf(from) : ''
    for (;;) {
      await this.#step({ what: `scan ${table}` })
      const rows = this.disk.tables[table]
      const keys = [...rows.keys()].filter(key => key >= next).sort()
      for (const key of keys.slice(0, ROWS_AT_ONCE)) {
        const row = rows.get(key)
        if (row) yield { ...row, id: row.id.slice(), bytes: row.bytes.slice() }
        next = `${key}\0`
      }
      if (keys.length <= ROWS_AT_ONCE) return
    }
  }

  async commit(batch: Batch): Promise<'committed' | 'conflict'> {
    checkBatch(batch)
    const root = batch.root.slice()
    const put = batch.put.map(row => ({ ...row, id: row.id.slice(), bytes: row.bytes.slice() }))
    const drop = batch.drop.map(({ table, id }) => ({ table, key: keyOf(id) }))
    return this.#write('commit', { put, drop, root }, batch.expect)
  }

  async dropRows(table: Table, before: Bucket): Promise<number> {
    checkBucket(before)
    await this.#step({ what: `look for passed ${table}` })
    const passed = [...this.disk.tables[table]].filter(([, row]) => row.bucket < before)
    if (passed.length === 0) return 0
    await this.#write(`drop ${table}`, { put: [], drop: passed.map(([key]) => ({ table, key })) })
    return passed.length
  }

  /** A batch into the journal, and the sync that makes it durable. One writer at a time, as engines have it. */
  async #write(what: string, batched: Batched, expect?: Batch['expect']): Promise<'committed' | 'conflict'> {
    const { disk } = this
    this.#check()
    await disk.writer.enter(this)
    try {
      const bytes = () => [...batched.put.map(row => row.bytes), ...(batched.root ? [batched.root] : [])]
      if ((await this.#step({ what, may: ['no room'], writes: bytes })) === 'no room') {
        throw new StoreError('NO_SPACE', 'the disk is full')
      }
      if (expect !== undefined && disk.version !== expect) return 'conflict'
      for (const row of batched.put) {
        // A vault that rewrites a row under its old id would seal two messages under one secret: say so at once.
        if (disk.tables[row.table].has(keyOf(row.id))) throw new TypeError('a row with this id is there already')
      }
      this.#writing = disk.write(batched)
      if ((await this.#step({ what: `${what}: record`, may: ['no answer'] })) === 'no answer') {
        disk.abandon(this.#writing)
        throw new StoreError('UNKNOWN_RESULT', 'the answer never came')
      }
      disk.complete(this.#writing)
      if (disk.broken === 'commits before its sync') {
        disk.show(this.#writing)
        this.#tell()
        return 'committed'
      }
      await this.#step({ what: `${what}: sync` })
      disk.sync()
      this.#tell()
      if (expect !== undefined && (await this.#step({ what: `${what}: answer`, may: ['no answer'] })) === 'no answer') {
        throw new StoreError('UNKNOWN_RESULT', 'the answer never came')
      }
      return 'committed'
    } finally {
      this.#writing = undefined
      disk.writer.leave(this)
    }
  }

  #tell(): void {
    for (const { owner, listener } of this.disk.watching) if (owner !== this) queueMicrotask(listener)
  }

  watch(listener: () => void): Unwatch {
    this.#check()
    const entry = { owner: this, listener }
    this.disk.watching.add(entry)
    return () => this.disk.watching.delete(entry)
  }

  async exclusive<T>(work: (lost: AbortSignal) => Promise<T>): Promise<T> {
    await this.#step({ what: 'lock' })
    const call = {}
    const lost = new AbortController()
    this.#calls.set(call, lost)
    try {
      await this.disk.lock.enter(call)
      this.#check()
      return await work(lost.signal)
    } finally {
      this.#calls.delete(call)
      this.disk.lock.leave(call)
    }
  }

  async guarantees(): Promise<Guarantees> {
    this.#check()
    return DURABLE
  }

  async destroy(): Promise<void> {
    const { disk } = this
    if (disk.hasCell) for (const half of [0, 1] as const) await this.#overwrite(half, new Uint8Array(HALF_BYTES))
    const drop = TABLES.flatMap(table => [...disk.tables[table].keys()].map(key => ({ table, key })))
    await this.#write('destroy', { put: [], drop })
    disk.root = undefined
    await this.close()
  }

  async close(): Promise<void> {
    this.#open = false
    for (const entry of this.disk.watching) if (entry.owner === this) this.disk.watching.delete(entry)
  }

  async #createCell(halves: readonly [Uint8Array, Uint8Array]): Promise<void> {
    for (const half of halves) checkHalf(half)
    await this.#step({ what: 'make the cell', writes: () => halves })
    this.disk.createCell([halves[0].slice(), halves[1].slice()])
    await this.#step({ what: 'make the cell: sync' })
    this.disk.syncCell()
  }

  async #readHalf(half: Half): Promise<Uint8Array | undefined> {
    await this.#step({ what: `read half ${half}` })
    // As it is on the medium: what another process wrote and died over is written through first.
    if (!this.disk.broken?.includes('the cell')) this.disk.syncCell()
    return this.disk.readCell(half)
  }

  async #overwrite(half: Half, bytes: Uint8Array): Promise<void> {
    checkHalf(bytes)
    const copy = bytes.slice()
    const { disk } = this
    const fault = await this.#step({ what: `overwrite half ${half}`, may: ['half a write'], writes: () => [copy] })
    if (!disk.hasCell) throw new StoreError('CELL_MISSING', 'there is no cell')
    if (fault === 'half a write') {
      disk.overwriteCell(half, copy, HALF_BYTES / SECTOR / 2)
      throw new StoreError('IO', 'the disk wrote half of it')
    }
    disk.overwriteCell(half, copy)
    if (disk.broken === 'overwrites the cell before its sync') return
    await this.#step({ what: `overwrite half ${half}: sync` })
    disk.syncCell()
  }

  #check(): void {
    if (this.#ended) throw this.#ended
    if (!this.#open) throw new StoreError('CLOSED', 'the store is not open')
  }

  async #step(step: Step): Promise<Fault | undefined> {
    this.#check()
    // What was looked at last before an overwrite is whether the lock is still there: no platform can make that one step.
    const locked = !step.what.startsWith('overwrite') && [...this.#calls.keys()].some(call => this.disk.lock.has(call))
    const fault = await this.gate(locked ? { ...step, locked } : step)
    if (this.#ended) throw this.#ended
    return fault
  }
}
