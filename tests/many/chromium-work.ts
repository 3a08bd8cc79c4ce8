/**
 * What a tab does that opens the vault by itself, or a worker of one: it answers what it is asked. What is done to the
 * browser beside that, to see what becomes of others, stands here too.
 */
import { indexedDb } from '@amanat/store-indexeddb'
import { createVault, isVaultError, openVault, type Store } from '@amanat/vault'
import { fakeClock, testKey } from '@amanat/vault/testing'
import type { KilledVault } from '../kills/act'
import { FIRST_DAY, instantOf, newContact, type Person, policy } from '../kills/people'
import { ask } from './ask'
import type { Answered, Asked } from './register'

export type Ids = readonly (readonly [key: string, id: string])[]

export interface Opening {
  readonly name: string
  readonly who: string
  readonly ids: Ids
  /** Milliseconds of waiting for the lock, where that matters. */
  readonly timeoutMs?: number
  /** Broken on purpose: never looks at what others have committed. */
  readonly stale?: boolean
}

export interface Interruption {
  readonly writes: number
  /** The vault of this name loses its lock. */
  readonly theft?: string
  /** A worker says `HERE`, to be terminated: while it stands there, or while it goes on. */
  readonly end?: 'standing' | 'going'
}

export const HERE = 'here'

export interface ManyPage {
  make(name: string, people: readonly Person[]): Promise<[key: string, id: string][]>
  open(opening: Opening): Promise<void>
  ask(asked: Asked): Promise<Answered>
  /** The code of the error, or `answered`. */
  attempt(asked: Asked): Promise<string>
  lock(): Promise<void>
  examine(): Promise<number>
  /** Takes the vault's lock from whoever has it, and gives it back at once. */
  steal(name: string): Promise<void>
  /**
   * Erases, and answers when the lock is held: what it came to is told by `erased`. If so asked, something comes between
   * before the write of this number.
   */
  beginErasing(key: string, interruption?: Interruption): Promise<void>
  erased(): Promise<string>
  /** As a newer version of an app, or whoever clears the site's data, does it. */
  upgrade(name: string): Promise<void>
  deleteDatabase(name: string): Promise<void>
}

let vault: KilledVault
let ids = new Map<string, string>()
let erasing: Promise<string>
let lockSeen: (() => void) | undefined

/** Answers the root that it saw first for ever, when it isn't committing: what a tab would do that trusts its memory. */
function stale(store: Store): Store {
  let first: ReturnType<Store['root']> | undefined
  return new Proxy(store, {
    get(target, property) {
      if (property === 'root') {
        return () => {
          first ??= target.root()
          return first
        }
      }
      const value = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** What is to come between, and after how many more writes. */
let coming: Interruption | undefined
let writes = 0

/** Before a write of whoever holds the lock, somebody may ask for it who waits for nobody, or the worker's end may come. */
function meanwhile(): void {
  if (!coming || writes++ < coming.writes) return
  const { theft, end } = coming
  coming = undefined
  if (theft !== undefined) void page.steal(theft)
  if (end) postMessage(HERE)
  while (end === 'standing');
}

function disturbed(store: Store): Store {
  const cell: Store['cell'] = {
    create: halves => store.cell.create(halves),
    read: half => store.cell.read(half),
    overwrite(half, bytes) {
      meanwhile()
      return store.cell.overwrite(half, bytes)
    },
  }
  return new Proxy(store, {
    get(target, property) {
      if (property === 'cell') return cell
      if (property === 'commit') {
        return (...given: Parameters<Store['commit']>) => {
          meanwhile()
          return target.commit(...given)
        }
      }
      if (property === 'exclusive') {
        return <T>(work: (lost: AbortSignal) => Promise<T>) =>
          target.exclusive(lost => {
            lockSeen?.()
            return work(lost)
          })
      }
      const value = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

export const codeOf = (error: unknown) => (isVaultError(error) ? error.code : `${(error as Error).name}: ${error}`)

const options = (name: string, actor: string, timeoutMs?: number) => ({
  store: disturbed(indexedDb(name, timeoutMs === undefined ? {} : { timeoutMs })),
  unlock: testKey(),
  policy,
  actor,
  clock: fakeClock(new Date(instantOf(FIRST_DAY)).toISOString()),
})

export const page: ManyPage = {
  async make(name, people) {
    const made = (await createVault(options(name, 'staff:first'))) as KilledVault
    const ids: [string, string][] = []
    for (const person of people) ids.push([person.key, (await made.add(newContact(person) as never)).id])
    await made.lock()
    return ids
  },
  async open({ name, who, ids: given, timeoutMs, stale: isStale }) {
    ids = new Map(given)
    const each = options(name, `staff:${who}`, timeoutMs)
    vault = (await openVault(isStale ? { ...each, store: stale(each.store) } : each)) as KilledVault
  },
  ask: asked => ask(vault, asked, ids),
  attempt: asked => ask(vault, asked, ids).then(() => 'answered', codeOf),
  lock: () => vault.lock(),
  async examine() {
    return (await vault.examine()).damaged.length
  },
  async steal(name) {
    await navigator.locks.request(`amanat:${name}`, { steal: true }, () => undefined)
  },
  async beginErasing(key, given) {
    coming = given
    writes = 0
    const seen = new Promise<void>(resolve => {
      lockSeen = resolve
    })
    erasing = vault.erase(ids.get(key) as string, { suppress: false }).then(() => 'erased', codeOf)
    await Promise.race([seen, erasing])
  },
  erased: () => erasing,
  upgrade: name =>
    new Promise((resolve, reject) => {
      const opening = indexedDB.open(`amanat:${name}`, 1_000)
      opening.onsuccess = () => {
        opening.result.close()
        resolve()
      }
      opening.onerror = () => reject(opening.error)
    }),
  deleteDatabase: name =>
    new Promise((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase(`amanat:${name}`)
      deleting.onsuccess = () => resolve()
      deleting.onerror = () => reject(deleting.error)
    }),
}
