/** The page of the browser's part: offers the life to whoever drives it, and says nothing by itself. */
import { indexedDb } from '@amanat/store-indexeddb'
import { type Lived, live, look, type Seen } from './life'
import type { World } from './people'

export interface Page {
  live(world: World): Promise<Lived>
  look(words: string, world: World, lived: Lived): Promise<Seen>
  /** What an app without a vault does: the same texts, one plain row each. */
  keepPlainly(texts: readonly string[]): Promise<void>
}

const NAME = 'box'

const page: Page = {
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
