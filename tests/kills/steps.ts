/** A store whose every call is told before it begins and after it is done: places at which a process can be stopped or killed. */
import type { Store } from '@amanat/vault'

export type Step = `${'before' | 'after'} ${
  | 'open'
  | 'root'
  | 'read'
  | 'commit'
  | 'dropRows'
  | 'exclusive'
  | 'cell.create'
  | 'cell.read'
  | 'cell.overwrite'
  | 'destroy'
  | 'close'}`

export function withSteps(store: Store, at: (step: Step) => void): Store {
  const told =
    <A extends unknown[], T>(name: string, call: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      at(`before ${name}` as Step)
      const answer = await call(...args)
      at(`after ${name}` as Step)
      return answer
    }
  return {
    name: store.name,
    cell: {
      create: told('cell.create', halves => store.cell.create(halves)),
      read: told('cell.read', half => store.cell.read(half)),
      overwrite: told('cell.overwrite', (half, bytes) => store.cell.overwrite(half, bytes)),
    },
    open: told('open', () => store.open()),
    root: told('root', () => store.root()),
    read: told('read', (table, ids) => store.read(table, ids)),
    scan: (table, from) => store.scan(table, from),
    commit: told('commit', batch => store.commit(batch)),
    dropRows: told('dropRows', (table, before) => store.dropRows(table, before)),
    watch: listener => store.watch(listener),
    // The steps of having it: the first is that it is held.
    exclusive: work =>
      store.exclusive(async lost => {
        at('before exclusive')
        const answer = await work(lost)
        at('after exclusive')
        return answer
      }),
    guarantees: () => store.guarantees(),
    destroy: told('destroy', () => store.destroy()),
    close: told('close', () => store.close()),
  }
}

/** Each batch that was committed is told, with all its bytes: what an adversary may have copied in between. */
export const withBatches = (store: Store, committed: (batch: Parameters<Store['commit']>[0]) => void): Store =>
  instead(store, {
    commit: async batch => {
      const answer = await store.commit(batch)
      if (answer === 'committed') committed(batch)
      return answer
    },
  })

/** The same store, but for some of it. */
const instead = (store: Store, other: Partial<Store>): Store =>
  new Proxy(store, {
    get(from, name) {
      if (Object.hasOwn(other, name)) return Reflect.get(other, name)
      const value = Reflect.get(from, name, from)
      return typeof value === 'function' ? value.bind(from) : value
    },
  })

/**
 * Broken on purpose: a medium that doesn't overwrite a half of the cell that is freed, and says that it did. What is
 * freed begins with `AMNF` (docs/format.md).
 */
export function keepingOldCells(store: Store): Store {
  const claimed = new Map<number, Uint8Array>()
  const isFreed = (bytes: Uint8Array) => String.fromCharCode(...bytes.subarray(0, 4)) === 'AMNF'
  const cell: Store['cell'] = {
    create: halves => store.cell.create(halves),
    read: async half => claimed.get(half) ?? (await store.cell.read(half)),
    async overwrite(half, bytes) {
      if (isFreed(bytes)) claimed.set(half, bytes.slice())
      else {
        claimed.delete(half)
        await store.cell.overwrite(half, bytes)
      }
    },
  }
  return instead(store, { cell })
}
