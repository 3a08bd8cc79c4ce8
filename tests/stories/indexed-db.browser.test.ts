import { indexedDb } from '@amanat/store-indexeddb'
import { describe } from 'vitest'
import { stories } from './stories'

describe('in IndexedDB', () => {
  stories(async () => {
    const name = `story ${crypto.randomUUID()}`
    return { store: () => indexedDb(name), remove: () => indexedDb(name).destroy() }
  })
})
