/** The guard taken out: what a forgetting must overwrite in the cell is left for the next one to free. */
import { expect, test, vi } from 'vitest'
import { found, REPLAYED } from './seeds'

vi.mock('../../packages/vault/src/commit/cell', async original => ({
  ...(await original<typeof import('../../packages/vault/src/commit/cell')>()),
  eraseHalf: async () => undefined,
}))

test.skipIf(REPLAYED !== undefined)(
  'the simulation finds a vault that answers before the old half is overwritten',
  async () => {
    expect((await found())?.says).toMatch(/was forgotten, and can be read/)
  },
  600_000,
)
