/**
 * Rows on their way into a store. They are put beside whatever stands there, under a root that stays as it is, and
 * nothing refers to them: their secrets are in memory alone until the one commit that makes them a vault. A crash
 * before it leaves rows that nobody can open.
 */
import { isStoreError, type Row, type RowRef, type Store, TABLES } from '@amanat/store-contract'
import { hex, sameBytes } from '../bytes'
import { decodeRoot, isPlaceholder, PLACEHOLDER } from '../commit/root'
import { VaultError } from '../errors'

/** A lot is put once it has so many bytes: large enough to be worth a commit, small enough for any memory. */
const LOT_BYTES = 2 * 1024 * 1024
const DROP_AT_ONCE = 500
/** Conflicts in a row: others commit to the vault that stands there. */
const MOST_TRIES = 64

export class Staging {
  readonly #staged = new Map<string, RowRef>()
  #waiting: Row[] = []
  #bytes = 0

  constructor(
    readonly store: Store,
    /** Id of the vault that stands in the store, if one does. */
    readonly standing: Uint8Array | undefined,
  ) {}

  async put(row: Row): Promise<void> {
    this.#waiting.push(row)
    this.#bytes += row.bytes.length
    if (this.#bytes >= LOT_BYTES) await this.flush()
  }

  async flush(): Promise<void> {
    const lot = this.#waiting
    this.#waiting = []
    this.#bytes = 0
    for (const { table, id } of lot) this.#staged.set(`${table} ${hex(id)}`, { table, id })
    if (lot.length > 0) await this.#commit(lot, [])
  }

  /** Every row in the store that was not put here: the vault that stands there, and what others left behind. */
  async others(): Promise<RowRef[]> {
    const rows: RowRef[] = []
    for (const table of TABLES) {
      for await (const { id } of this.store.scan(table)) {
        if (!this.#staged.has(`${table} ${hex(id)}`)) rows.push({ table, id })
      }
    }
    return rows
  }

  /** Drops rows that nothing refers to. */
  async drop(rows: readonly RowRef[]): Promise<void> {
    for (let at = 0; at < rows.length; at += DROP_AT_ONCE) await this.#commit([], rows.slice(at, at + DROP_AT_ONCE))
  }

  /** Takes back everything that was put, as far as the store still lets us. */
  async undo(): Promise<void> {
    this.#waiting = []
    try {
      await this.drop([...this.#staged.values()])
    } catch {
      // They can't be opened by anybody; the next restore drops them.
    }
  }

  /** The version that the next commit has to expect. @throws VaultError when another vault stands there than before */
  async expected(): Promise<{ expect: number | null; root: Uint8Array }> {
    const root = await this.store.root()
    if (!root || isPlaceholder(root.bytes)) {
      if (this.standing) throw new VaultError('VAULT_MISSING')
      return { expect: root?.version ?? null, root: PLACEHOLDER }
    }
    if (!this.standing) throw new VaultError('VAULT_EXISTS')
    if (!sameBytes(decodeRoot(root.bytes).vaultId, this.standing)) throw new VaultError('KEY_CHANGED')
    return { expect: root.version, root: root.bytes }
  }

  async #commit(put: readonly Row[], drop: readonly RowRef[]): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const { expect, root } = await this.expected()
      try {
        if ((await this.store.commit({ expect, root, put, drop })) === 'committed') return
      } catch (error) {
        if (!isStoreError(error) || error.code !== 'UNKNOWN_RESULT') throw error
        if (await this.#isIn(put)) return
      }
    }
    throw new VaultError('BUSY')
  }

  /** Whether a batch whose answer never came was applied. One that only drops may be dropped again. */
  async #isIn([first]: readonly Row[]): Promise<boolean> {
    if (!first) return false
    const [found] = await this.store.read(first.table, [first.id])
    return found !== undefined
  }
}
