/**
 * The port between a vault and the place where its rows lie.
 *
 * A store keeps opaque rows, applies a batch of them atomically on condition that nobody
 * committed in between, and offers one small place, the cell, whose bytes are overwritten where
 * they lie. It sees ciphertext only, and decides nothing.
 */

/** Sixteen bytes, random but for the ledger's, whose first eight say the order. */
export type RowId = Uint8Array & { readonly __rowId?: never }

/** Days since 1970-01-01: the last day on which a row may be read. {@link UNDATED} for rows without a date. */
export type Bucket = number

/** The bucket of rows that no date ends: larger than every day. */
export const UNDATED: Bucket = 0xffff_ffff

/** One is the first committed; every commit adds one. */
export type Version = number

export const TABLES = ['slots', 'ring', 'heads', 'pages', 'blobs', 'undated', 'ledger', 'exports'] as const
export type Table = (typeof TABLES)[number]

/** Bytes in a row id. */
export const ROW_ID_BYTES = 16
/** Bytes in each of the cell's two halves. */
export const HALF_BYTES = 4096
/** No row is larger: at 64 KiB Chromium moves a value into a file of its own, and everything slows down. */
export const MAX_ROW_BYTES = 60_000

export interface RowRef {
  readonly table: Table
  readonly id: RowId
}

export interface Row extends RowRef {
  readonly bucket: Bucket
  readonly bytes: Uint8Array
}

export interface Root {
  readonly version: Version
  readonly bytes: Uint8Array
}

export interface Batch {
  /** The version this batch was planned on; null when there must be no root yet. */
  readonly expect: Version | null
  readonly root: Uint8Array
  /** Rows are written once: an id in `put` is never there already. */
  readonly put: readonly Row[]
  /** Dropping a row that isn't there is no error: a purge may have been first. */
  readonly drop: readonly RowRef[]
}

export type Half = 0 | 1
export type Unwatch = () => void

/** What a store can honestly promise on this device. The words are for people: screens and documents use them. */
export interface Guarantees {
  readonly cell: 'opfs' | 'file' | 'idb' | 'memory'
  /** As the platform names it (`ext4`, `btrfs`, `apfs`, …), or `unknown`. */
  readonly fileSystem: string
  /** Only with `in-place` may anything say "gone for ever". */
  readonly forgetting: 'in-place' | 'copy-on-write' | 'best-effort' | 'unknown'
  readonly durability: 'strict' | 'relaxed' | 'none'
  /** Whether the platform promised not to evict the rows by itself. */
  readonly persisted: boolean
  /** Whether what is written to the cell is read back from the medium, not from memory. */
  readonly readBack: boolean
}

/**
 * Two halves of {@link HALF_BYTES}, allocated once, overwritten in place and never truncated,
 * renamed or recreated. To be used inside {@link Store.exclusive} only.
 */
export interface Cell {
  /** Allocates both halves and writes them, durably. Only for a vault that has no rows yet. */
  create(halves: readonly [Uint8Array, Uint8Array]): Promise<void>
  /** The half as it is on the medium, so after a flush of what anybody wrote; or undefined when there is no cell. */
  read(half: Half): Promise<Uint8Array | undefined>
  /** Overwrites one half where it lies, and resolves when that is durable. @throws StoreError `CELL_MISSING` when there is no cell. */
  overwrite(half: Half, bytes: Uint8Array): Promise<void>
}

export interface Store {
  /** For messages: a kind of store, never a path or anything personal. */
  readonly name: string
  readonly cell: Cell
  /** Opens or creates what the store needs. Idempotent. */
  open(): Promise<void>
  root(): Promise<Root | undefined>
  /** The rows' bytes in the order of `ids`; undefined where there is none. */
  read(table: Table, ids: readonly RowId[]): Promise<(Uint8Array | undefined)[]>
  /** Every row of a table in the order of its id, streamed; `from` is the first id wanted. */
  scan(table: Table, from?: RowId): AsyncIterable<Row>
  /**
   * Applies the whole batch or nothing. The root's version becomes one more.
   * Resolves when it is durable. Throws StoreError `UNKNOWN_RESULT` when it can't be known whether
   * it was applied, another StoreError when it was not.
   */
  commit(batch: Batch): Promise<'committed' | 'conflict'>
  /**
   * Drops the rows of a table whose bucket lies before `before`, in batches; answers how many. The root stays as it is. It
   * needn't be durable: nobody can open such rows, and those that come back after a crash are dropped the next time.
   */
  dropRows(table: Table, before: Bucket): Promise<number>
  /** Calls the listener when another tab or process may have committed. Best effort: a vault checks the version anyway. */
  watch(listener: () => void): Unwatch
  /**
   * Runs `work` while no other tab, process or vault object runs its own. The lock goes with its holder: a killed
   * process releases it. `lost` fires when the platform took the lock away. Not re-entrant.
   * @throws StoreError `BUSY` after 30 seconds of waiting.
   */
  exclusive<T>(work: (lost: AbortSignal) => Promise<T>): Promise<T>
  guarantees(): Promise<Guarantees>
  /** Removes rows and cell; the cell's bytes are overwritten first. */
  destroy(): Promise<void>
  close(): Promise<void>
}
