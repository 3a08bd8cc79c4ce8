import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '@amanat/store-contract'
import { testStore } from '@amanat/store-contract/suite'
import { describe, test } from 'vitest'
import { disk } from '../src/index'

testStore(
  'disk',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'amanat-'))
    const stores: Store[] = []
    const next = () => {
      const store = disk(folder)
      stores.push(store)
      return store
    }
    return {
      store: next(),
      another: async () => next(),
      remove: async () => {
        for (const store of stores) await store.close()
        await rm(folder, { recursive: true, force: true })
      },
    }
  },
  { describe, test },
)
