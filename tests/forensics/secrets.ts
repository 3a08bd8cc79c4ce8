/**
 * The secrets that a cell ever held, taken down while they are written: a store that stands between a vault and its
 * store. It knows where they stand in a half from docs/format.md alone. Runs in Node and in a page.
 */
import type { Store } from '@amanat/store-contract'

const SECTOR = 512
const SECRET = 32
const EPOCH_AT = 32
const RATCHET_AT = 68
const MAGIC = 'AMNC'

/** Secrets as hexadecimal, so that a page can hand them over. */
export interface Taken {
  readonly epochs: readonly string[]
  readonly ratchets: readonly string[]
}

export class Notebook {
  readonly #epochs = new Set<string>()
  readonly #ratchets = new Set<string>()
  /** Halves with a record in them that were written. */
  writes = 0

  take(half: Uint8Array): void {
    const before = this.#epochs.size + this.#ratchets.size
    for (let at = 0; at + SECTOR <= half.length; at += SECTOR) {
      const sector = half.subarray(at, at + SECTOR)
      if (String.fromCharCode(...sector.subarray(0, 4)) !== MAGIC) continue
      this.#epochs.add(hex(sector.subarray(EPOCH_AT, EPOCH_AT + SECRET)))
      this.#ratchets.add(hex(sector.subarray(RATCHET_AT, RATCHET_AT + SECRET)))
    }
    if (this.#epochs.size + this.#ratchets.size > before) this.writes++
  }

  taken(): Taken {
    return { epochs: [...this.#epochs], ratchets: [...this.#ratchets] }
  }
}

/** What is in the cell now. Inside nothing else: the cell is read without the lock, while nobody writes. */
export async function secretsNow(store: Store): Promise<Taken> {
  const notebook = new Notebook()
  for (const half of [0, 1] as const) {
    const bytes = await store.cell.read(half)
    if (bytes) notebook.take(bytes)
  }
  return notebook.taken()
}

/** The store, with a notebook that sees every half that is written. */
export function noted(store: Store, notebook: Notebook): Store {
  return withCell(store, {
    create: halves => {
      for (const half of halves) notebook.take(half)
      return store.cell.create(halves)
    },
    read: half => store.cell.read(half),
    overwrite: (half, bytes) => {
      notebook.take(bytes)
      return store.cell.overwrite(half, bytes)
    },
  })
}

/** The store with another cell. */
export function withCell(store: Store, cell: Store['cell']): Store {
  return new Proxy(store, {
    get(target, property) {
      if (property === 'cell') return cell
      const value = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

const hex = (bytes: Uint8Array) => [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
