/**
 * A simulated disk: a journal for an engine of rows, and a cell. What is written lies in a cache until it is synced;
 * when the power goes, each write since the last sync is kept, lost or torn, whatever came after it.
 *
 * The journal does what engines do to be atomic: rows, root and a commit record are writes of their own, and a batch
 * whose writes aren't all there and whole is none. The cell has nothing of the kind: of a half that was being
 * overwritten any sectors of 512 bytes may be new and the others old, and one may be torn inside.
 *
 * It remembers every row and root ever written, a batch that got lost included: what an adversary may dig up. What is
 * overwritten in the cell is gone. How the disk is asked step by step is the store's business (store.ts).
 */
import { HALF_BYTES, type Half, type Root, type Row, TABLES, type Table, type Version } from '@amanat/store-contract'
import type { Image } from '../../packages/vault/test/protocol/adversary'
import { Queue } from './queue'

export const SECTOR = 512
const SECTORS = HALF_BYTES / SECTOR

/** What becomes of writes that weren't synced when the power went. */
export interface Fates {
  /** Of one of so many writes to the journal. */
  write(number: number, of: number): 'kept' | 'lost' | 'torn'
  /** Of one sector that was being overwritten: all new, all old, or new up to a byte. */
  sector(number: number): 'new' | 'old' | number
}

/** Ways in which a disk or the store on it breaks its word: each must be found. */
export type Broken =
  | 'commits before its sync'
  | 'commits in pieces'
  | 'overwrites the cell before its sync'
  | 'reads the cell from memory'
  | 'lets two into the lock'
  | 'keeps overwritten halves'

export interface Batched {
  readonly put: readonly Row[]
  readonly drop: readonly { readonly table: Table; readonly key: string }[]
  readonly root?: Uint8Array
}

/** A batch on its way into the journal. */
export interface Journaled extends Batched {
  /** Its commit record is written. */
  complete: boolean
  /** Takes it back out of what readers see: only where it was let in before its sync. */
  undo?: () => void
}

interface CellWrite {
  readonly half: Half
  readonly bytes: Uint8Array
  /** How many of its sectors were written at all. */
  readonly sectors: number
}

/** One character a byte: such strings stand in the order of the bytes. */
export const keyOf = (id: Uint8Array): string => String.fromCharCode(...id)

export class Disk {
  root: Root | undefined
  readonly tables: { readonly [table in Table]: Map<string, Row> }
  /** Both halves, one after the other, as they are durable. */
  #cell: Uint8Array | undefined
  /** It is being made: until its first sync it may not be there at all. */
  #making = false
  /** Every half ever written, on a disk that keeps them. */
  readonly #kept: Uint8Array[] = []
  /** Written to the cell and not synced. */
  #cellWrites: CellWrite[] = []
  #journal: Journaled[] = []
  readonly #history: { readonly roots: Uint8Array[]; readonly rows: Row[] }
  /** Who may write to the journal, and who has the store's lock. */
  readonly writer: Queue
  readonly lock: Queue
  readonly watching = new Set<{ readonly owner: object; readonly listener: () => void }>()
  /** Writes that were torn, or kept while one before them was lost. */
  harmed = 0

  constructor(
    readonly broken: Broken | undefined = undefined,
    from?: Disk,
  ) {
    this.root = from?.root
    this.tables = Object.fromEntries(TABLES.map(table => [table, new Map(from?.tables[table])])) as Disk['tables']
    if (from) this.#cell = from.#cell?.slice()
    this.#history = from ? { roots: [...from.#history.roots], rows: [...from.#history.rows] } : { roots: [], rows: [] }
    this.writer = new Queue(1)
    this.lock = new Queue(broken === 'lets two into the lock' ? 2 : 1)
  }

  /** Another disk with the same on it; nothing may be under way. */
  clone(broken: Broken | undefined = undefined): Disk {
    return new Disk(broken, this)
  }

  get version(): Version | null {
    return this.root?.version ?? null
  }

  // The journal

  /** Writes rows, drops and root of a batch; it counts for nothing yet. */
  write(batch: Batched): Journaled {
    const journaled: Journaled = { ...batch, complete: false }
    this.#journal.push(journaled)
    this.#history.rows.push(...batch.put)
    if (batch.root) this.#history.roots.push(batch.root)
    return journaled
  }

  /** Writes the record that makes the batch one. */
  complete(journaled: Journaled): void {
    journaled.complete = true
  }

  /** Takes a batch out of the journal: its connection went, or its process ended before the record. */
  abandon(journaled: Journaled): void {
    this.#journal = this.#journal.filter(one => one !== journaled)
  }

  /** Everything complete is durable, and seen by readers. */
  sync(): void {
    for (const one of this.#journal) if (one.complete && !one.undo) this.#apply(one)
    this.#journal = this.#journal.filter(({ complete }) => !complete)
  }

  /** Lets readers see what isn't durable: a broken engine. */
  show(journaled: Journaled): void {
    journaled.undo = this.#apply(journaled)
  }

  #apply({ put, drop, root }: Batched): () => void {
    const before = this.root
    const dropped: Row[] = []
    for (const { table, key } of drop) {
      const row = this.tables[table].get(key)
      if (row) dropped.push(row)
      this.tables[table].delete(key)
    }
    for (const row of put) this.tables[row.table].set(keyOf(row.id), row)
    if (root) this.root = { version: (before?.version ?? 0) + 1, bytes: root }
    return () => {
      for (const row of put) this.tables[row.table].delete(keyOf(row.id))
      for (const row of dropped) this.tables[row.table].set(keyOf(row.id), row)
      this.root = before
    }
  }

  // The cell

  createCell(halves: readonly [Uint8Array, Uint8Array]): void {
    this.#making = this.#cell === undefined
    this.#cell ??= new Uint8Array(2 * HALF_BYTES)
    for (const half of [0, 1] as const) this.overwriteCell(half, halves[half])
  }

  get hasCell(): boolean {
    return this.#cell !== undefined
  }

  overwriteCell(half: Half, bytes: Uint8Array, sectors = SECTORS): void {
    this.#cellWrites.push({ half, bytes, sectors })
    if (this.broken === 'keeps overwritten halves') this.#kept.push(bytes)
  }

  syncCell(): void {
    this.#spill(this.#cellWrites, () => 'new')
    this.#making = false
  }

  /** The half as every process sees it, durable or not. */
  readCell(half: Half): Uint8Array | undefined {
    if (!this.#cell) return undefined
    const bytes = this.#cell.slice(half * HALF_BYTES, (half + 1) * HALF_BYTES)
    for (const write of this.#cellWrites) {
      if (write.half === half) bytes.set(write.bytes.subarray(0, write.sectors * SECTOR))
    }
    return bytes
  }

  #spill(writes: readonly CellWrite[], fate: Fates['sector']): void {
    this.#cellWrites = []
    let number = 0
    for (const { half, bytes, sectors } of writes) {
      let lost = false
      for (let sector = 0; sector < sectors; sector++) {
        const became = fate(number++)
        const end = became === 'new' ? SECTOR : became === 'old' ? 0 : became
        if (end < SECTOR) lost = true
        if (end > 0 && (lost || end < SECTOR)) this.harmed++
        const at = sector * SECTOR
        this.#cell?.set(bytes.subarray(at, at + end), half * HALF_BYTES + at)
      }
    }
  }

  // What happens to it

  /** How much a crash would find unsynced: writes to the journal, sectors of the cell. */
  get unsynced(): { readonly writes: number; readonly sectors: number } {
    const writes = this.#journal.reduce((sum, one) => sum + writesOf(one), 0)
    return { writes, sectors: this.#cellWrites.reduce((sum, { sectors }) => sum + sectors, 0) }
  }

  /** The power goes and comes back: what wasn't synced meets its fate, and the engine reads its journal. */
  power({ write, sector }: Fates): void {
    const undone: (() => void)[] = []
    let ended = false
    for (const one of this.#journal) {
      const count = writesOf(one)
      const became = Array.from({ length: count }, (_, number) => write(number, count))
      const lost = became.findIndex(fate => fate !== 'kept')
      this.harmed += became.filter((fate, at) => fate === 'torn' || (fate === 'kept' && lost >= 0 && lost < at)).length
      if (this.broken === 'commits in pieces' && one.complete) {
        this.#apply({ ...one, put: one.put.filter((_, number) => became[number] === 'kept') })
        continue
      }
      ended ||= !one.complete || lost >= 0
      if (!ended && !one.undo) this.#apply(one)
      if (ended && one.undo) undone.unshift(one.undo)
    }
    for (const undo of undone) undo()
    this.#journal = []
    const made = !this.#making || sector(0) !== 'old'
    this.#spill(this.#cellWrites, sector)
    this.#making = false
    if (!made) this.#cell = undefined
  }

  /** What somebody gets who digs up every byte ever written, and the cell as it is. */
  image(): Image {
    return { roots: this.#history.roots, rows: this.#history.rows, halves: [...this.#halves(), ...this.#kept] }
  }

  /** What is live, without what was. */
  present(): Image {
    const rows = TABLES.flatMap(table => [...this.tables[table].values()])
    return { roots: this.root ? [this.root.bytes] : [], rows, halves: this.#halves() }
  }

  #halves(): Uint8Array[] {
    return ([0, 1] as const).flatMap(half => this.readCell(half) ?? [])
  }
}

/** Rows, drops, root, commit record. */
const writesOf = ({ put, drop, root, complete }: Journaled): number =>
  put.length + (drop.length > 0 ? 1 : 0) + (root ? 1 : 0) + (complete ? 1 : 0)
