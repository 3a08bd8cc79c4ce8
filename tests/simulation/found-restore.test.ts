/** The guard taken out: a backup takes the vault's place without what the vault knows of people who left. */
import { expect, test, vi } from 'vitest'
import { found, REPLAYED } from './seeds'

vi.mock('../../packages/vault/src/backup/gone', async original => ({
  ...(await original<typeof import('../../packages/vault/src/backup/gone')>()),
  planGone: async () => 0,
}))

test.skipIf(REPLAYED !== undefined)(
  'the simulation finds a restore that brings people back who left',
  async () => {
    expect((await found())?.says).toMatch(/not |was forgotten, and can be read/)
  },
  600_000,
)
