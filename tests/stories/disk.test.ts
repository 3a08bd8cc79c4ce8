import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { disk } from '@amanat/store-disk'
import { describe } from 'vitest'
import { stories } from './stories'

describe('on disk', () => {
  stories(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'amanat-story-'))
    return {
      store: () => disk(join(folder, 'vault')),
      remove: () => rm(folder, { recursive: true, force: true }),
    }
  })
})
