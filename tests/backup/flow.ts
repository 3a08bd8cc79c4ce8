/**
 * How far ahead of its writer a reader is. A stream that is handed on is measured by what of it is in memory: of a restore what
 * was read of the file and isn't in the store yet, of a backup what was read of the store and wasn't handed out yet.
 */
import type { Row, Store } from '@amanat/store-contract'

export class Flow {
  #in = 0
  #out = 0
  /** The most that was in between at any time, in bytes. */
  most = 0

  came(bytes: number): void {
    this.#in += bytes
    this.most = Math.max(this.most, this.#in - this.#out)
  }

  went(bytes: number): void {
    this.#out += bytes
  }

  /** All that came. */
  get bytes(): number {
    return this.#in
  }

  /** What came and will never go on, such as padding: as long as it isn't told, it counts as being in between. */
  get kept(): number {
    return Math.max(0, this.#in - this.#out)
  }

  async *counted(pieces: AsyncIterable<Uint8Array>, tell: (bytes: number) => void): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      tell(piece.length)
      yield piece
    }
  }
}

const lengthOf = (rows: readonly (Row | Uint8Array | undefined)[]): number =>
  rows.reduce((sum, row) => sum + ((row instanceof Uint8Array ? row : row?.bytes)?.length ?? 0), 0)

/** The store, telling how many bytes of rows are read from it and put into it. */
export function metered(
  store: Store,
  tell: { readonly read?: (bytes: number) => void; readonly put?: (bytes: number) => void },
): Store {
  const other: Partial<Store> = {
    read: async (table, ids) => {
      const rows = await store.read(table, ids)
      tell.read?.(lengthOf(rows))
      return rows
    },
    async *scan(table, from) {
      for await (const row of store.scan(table, from)) {
        tell.read?.(lengthOf([row]))
        yield row
      }
    },
    commit: async batch => {
      const answer = await store.commit(batch)
      if (answer === 'committed') tell.put?.(lengthOf(batch.put))
      return answer
    },
  }
  return new Proxy(store, {
    get(from, name) {
      if (Object.hasOwn(other, name)) return Reflect.get(other, name)
      const value = Reflect.get(from, name, from)
      return typeof value === 'function' ? value.bind(from) : value
    },
  })
}
