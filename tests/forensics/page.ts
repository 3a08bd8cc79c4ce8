/** The page of the browser's part: offers the life to whoever drives it, and says nothing by itself. */
import type { Store } from '@amanat/store-contract'
import { indexedDb } from '@amanat/store-indexeddb'
import { type Lived, live, look, type Seen } from './life'
import type { World } from './people'
import { type Taken, withCell } from './secrets'
import { type Given, type Step, Turning } from './turning'

export interface Page {
  live(world: World): Promise<Lived>
  look(words: string, world: World, lived: Lived): Promise<Seen>
  /** What an app without a vault does: the same texts, one plain row each. */
  keepPlainly(texts: readonly string[]): Promise<void>
  /** A vault whose cell lies in `where`, to be turned and then asked. */
  create(given: Given, where: Place): Promise<Told>
  turn(count: number): Promise<Told>
  step(step: Step): Promise<Told>
  destroy(): Promise<void>
  lock(): Promise<void>
}

/**
 * In OPFS as the store writes it; in OPFS as files are usually written there, through a stream that puts a new file in
 * the place of the old one; or, without OPFS, in a database.
 */
export type Place = 'opfs' | 'stream' | 'database'

export interface Told {
  readonly taken: Taken
  readonly now: Taken
  readonly cell: string
  readonly forgetting: string
}

const NAME = 'box'

let turning: Turning

const stores: { readonly [place in Place]: () => Store } = {
  opfs: () => indexedDb(NAME, { fileSystem: 'ext4' }),
  stream: () => streaming(indexedDb(NAME, { fileSystem: 'ext4' })),
  database: () => indexedDb(NAME, { fileSystem: 'ext4', cellWorker: unable }),
}

/** A worker that knows no OPFS. */
function unable(): Worker {
  const says = 'onmessage = ({ data }) => postMessage({ id: data.id, answer: false })'
  return new Worker(URL.createObjectURL(new Blob([says], { type: 'text/javascript' })))
}

/** The cell through `createWritable`. */
function streaming(store: Store): Store {
  const file = async () =>
    (await (await navigator.storage.getDirectory()).getFileHandle('streamed', { create: true })) as FileSystemFileHandle
  const read = async () => new Uint8Array(await (await (await file()).getFile()).arrayBuffer())
  const write = async (bytes: Uint8Array<ArrayBuffer>) => {
    const stream = await (await file()).createWritable()
    await stream.write(bytes)
    await stream.close()
  }
  return withCell(store, {
    create: ([first, second]) => write(new Uint8Array([...first, ...second])),
    read: async half => {
      const both = await read()
      return both.length === 0 ? undefined : both.slice((half * both.length) / 2, ((half + 1) * both.length) / 2)
    },
    overwrite: async (half, bytes) => {
      const both = await read()
      both.set(bytes, half * bytes.length)
      await write(both)
    },
  })
}

async function told(): Promise<Told> {
  const { cell, forgetting } = turning.open ? await turning.guarantees() : { cell: 'locked', forgetting: 'locked' }
  return { taken: turning.taken(), now: await turning.now(), cell, forgetting }
}

const page: Page = {
  async create(given, where) {
    turning = await new Turning(stores[where], given).create()
    return told()
  },
  async turn(count) {
    await turning.turn(count)
    return told()
  },
  async step(step) {
    await turning.step(step)
    return told()
  },
  destroy: () => turning.destroy(),
  lock: () => turning.lock(),
  live: world => live(() => indexedDb(NAME), world),
  look: (words, world, lived) => look(indexedDb(NAME), words, world, lived),
  keepPlainly: texts =>
    new Promise((resolve, reject) => {
      const opening = indexedDB.open('plain')
      opening.onupgradeneeded = () => opening.result.createObjectStore('rows')
      opening.onerror = () => reject(opening.error)
      opening.onsuccess = () => {
        const transaction = opening.result.transaction('rows', 'readwrite', { durability: 'strict' })
        for (const [number, text] of texts.entries()) transaction.objectStore('rows').put({ text }, number)
        transaction.oncomplete = () => resolve()
        transaction.onerror = () => reject(transaction.error)
      }
    }),
}

Object.assign(globalThis, { page })
