/**
 * A vault in memory whose committer is handed operations made for it. The store is real; a test changes one answer of it,
 * and reads in which order it was asked.
 */
import { type Batch, type Root, type Store, StoreError } from '@amanat/store-contract'
import { fakeClock, memoryMedium, memoryStore } from '@amanat/vault/testing'
import { Committer, type Operation } from '../../src/commit/commit'
import type { Draft } from '../../src/commit/draft'
import type { AnyEntry } from '../../src/ledger/entry'
import { making } from './making'

type Answer = 'committed' | 'conflict'
interface Changed {
  commit?: (batch: Batch, really: () => Promise<Answer>) => Promise<Answer>
  root?: (really: () => Promise<Root | undefined>) => Promise<Root | undefined>
  overwrite?: (really: () => Promise<void>) => Promise<void>
  /** The platform takes the lock away. */
  lost?: AbortController
}

/**
 * A vault, its committer, and the steps on its store: c(ommit), o(verwrite), lock, unlock. The root committed once more as it was, which
 * fences off what a lost lock left under way, is counted and never changed.
 */
export async function vault() {
  const medium = memoryMedium()
  const below = memoryStore({ medium })
  const changed: Changed = {}
  const steps: string[] = []
  const fences = { count: 0 }
  const cell: Store['cell'] = {
    create: halves => below.cell.create(halves),
    read: half => below.cell.read(half),
    overwrite: (half, bytes) => {
      steps.push('overwrite')
      const really = () => below.cell.overwrite(half, bytes)
      return changed.overwrite ? changed.overwrite(really) : really()
    },
  }
  const instead: Partial<Store> = {
    cell,
    commit: batch => {
      if (batch.put.length === 0 && batch.drop.length === 0) {
        fences.count++
        return below.commit(batch)
      }
      steps.push('commit')
      const really = () => below.commit(batch)
      return changed.commit ? changed.commit(batch, really) : really()
    },
    root: () => {
      const really = () => below.root()
      return changed.root ? changed.root(really) : really()
    },
    exclusive: async work => {
      steps.push('lock')
      return below.exclusive(async lost => {
        try {
          return await work(changed.lost?.signal ?? lost)
        } finally {
          steps.push('unlock')
        }
      })
    },
  }
  const store = new Proxy(below as Store, {
    get: (target, name) => {
      if (name in instead) return instead[name as keyof Store]
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const clock = fakeClock()
  const { made, told } = making({ store, clock })
  const { opened, time } = await made
  steps.length = 0
  told.length = 0
  const committer = new Committer(opened, time)
  /** The steps once nobody holds the lock: whoever asked is told before it goes. */
  const released = async () => {
    await below.exclusive(async () => {})
    return steps
  }
  return { medium, below, changed, steps, fences, released, clock, opened, time, committer, told }
}

let contact = 0
/** Notes one entry and answers it; what it planned on is remembered. */
export function noting<T = string>(
  answer?: T,
  more: (draft: Draft) => void = () => {},
  how: Partial<Operation<T>> = {},
) {
  const planned: Draft[] = []
  const operation: Operation<T> = {
    ...how,
    plan: async draft => {
      planned.push(draft)
      draft.note({ type: 'contact-erased', actor: 'staff:leila', contact: new Uint8Array(16).fill(++contact % 256) })
      more(draft)
      return answer as T
    },
  }
  return { operation, planned }
}
export const forgetting = () => noting('forgot', draft => (draft.forgets = true), { forgets: true })
/** Forgets, as it turns out when it plans. */
export const finding = () => noting('found', draft => (draft.forgets = true))
export const typesOf = (told: readonly AnyEntry[]) => told.map(entry => entry.type)
export const unknown = () => new StoreError('UNKNOWN_RESULT', 'nobody knows')
export const cellOf = (store: { medium: ReturnType<typeof memoryMedium> }) =>
  (store.medium.cellNow() ?? []).map(half => Buffer.from(half).toString('base64'))
export const magics = (store: { medium: ReturnType<typeof memoryMedium> }) =>
  (store.medium.cellNow() ?? []).map(half => Buffer.from(half.subarray(0, 4)).toString())
