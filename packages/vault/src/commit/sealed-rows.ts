/**
 * Rows of an open vault as they come back from the store: asked for together, opened one by one, and what it means when one
 * isn't there or doesn't open.
 */
import { type Store, UNDATED } from '@amanat/store-contract'
import { hex } from '../bytes'
import { VaultError } from '../errors'
import { Overtaken } from './overtaken'
import type { DayKeys } from './ratchet'
import { openRow, type RowPlace, type RowSecret } from './rows'

/** Rows read and opened in one go: few enough that a page stays responsive between two of them, while the next are on their way. */
const READ_AT_ONCE = 32

export class SealedRows {
  /** Rows that the ring lists and that don't open: named once, never fatal for the rest. */
  readonly corrupt = new Set<string>()

  constructor(
    private readonly store: Store,
    private readonly vaultId: Uint8Array,
    /** As it stands now: both move on while the vault is open. */
    private readonly held: { readonly days: DayKeys; readonly version: number },
  ) {}

  place(table: RowPlace['table'], id: Uint8Array, bucket: number = UNDATED): RowPlace {
    return { vaultId: this.vaultId, table, id, bucket }
  }

  /**
   * What a row that isn't there means: that somebody committed since this version, and dropped it; or damage. Without
   * the difference a reader would take a page that was rewritten meanwhile for people who aren't here.
   */
  async gone(table: string, version = this.held.version): Promise<Error> {
    const root = await this.store.root()
    return root?.version === version ? new VaultError('CORRUPT', { data: { row: table } }) : new Overtaken()
  }

  /** Some rows at a time, each beside what it was asked for by; the next ones are on their way while these are opened. */
  async *read<T extends { readonly id: Uint8Array }>(
    table: 'ring' | 'heads' | 'pages',
    all: readonly T[],
    version?: number,
  ): AsyncGenerator<[T, Uint8Array | undefined][]> {
    const lots: (readonly T[])[] = []
    for (let at = 0; at < all.length; at += READ_AT_ONCE) lots.push(all.slice(at, at + READ_AT_ONCE))
    const read = (lot: readonly T[] | undefined) => {
      const rows = lot
        ? this.store.read(
            table,
            lot.map(({ id }) => id),
          )
        : Promise.resolve([])
      // Told when it is waited for, if it is.
      rows.catch(() => undefined)
      return rows
    }
    let ahead = read(lots[0])
    for (const [i, lot] of lots.entries()) {
      const sealed = await ahead
      ahead = read(lots[i + 1])
      if (version !== undefined) await this.overtaken(sealed, version)
      yield lot.map((one, at) => [one, sealed[at]])
    }
  }

  /** @throws Overtaken when a row is missing because somebody committed meanwhile. One that is lost is {@link SealedRows.open}'s to note. */
  async overtaken(sealed: readonly (Uint8Array | undefined)[], version: number): Promise<void> {
    if (!sealed.includes(undefined)) return
    const why = await this.gone('', version)
    if (why instanceof Overtaken) throw why
  }

  /**
   * One bad row never stops the rest: it is remembered for `doctor`, and what it held is not there. It is read a second
   * time before that is believed: this object would go on without it for as long as it lives.
   */
  async open<T>(
    table: RowPlace['table'],
    id: Uint8Array,
    secret: RowSecret,
    bucket: number,
    sealed: Uint8Array | undefined,
    read: (plain: Uint8Array) => T,
  ): Promise<T | undefined> {
    const opens = (bytes: Uint8Array | undefined): T | undefined => {
      try {
        return bytes && read(openRow(this.place(table, id, bucket), secret, this.held.days, bytes))
      } catch {
        return undefined
      }
    }
    const found = opens(sealed) ?? opens((await this.store.read(table, [id]))[0])
    if (found === undefined) this.corrupt.add(`${table} ${hex(id)}`)
    return found
  }
}
