import { describe, test } from 'vitest'
import { memoryMedium, memoryStore } from '../src/memory'
import { testStore } from '../src/suite'

testStore(
  'memory',
  async () => {
    const medium = memoryMedium()
    return { store: memoryStore({ medium }), another: async () => memoryStore({ medium }), remove: async () => {} }
  },
  { describe, test },
)
