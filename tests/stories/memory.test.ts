import { memoryMedium, memoryStore } from '@amanat/vault/testing'
import { describe } from 'vitest'
import { stories } from './stories'

describe('in memory', () => {
  stories(async () => {
    const medium = memoryMedium()
    return { store: () => memoryStore({ medium }), remove: async () => undefined }
  })
})
