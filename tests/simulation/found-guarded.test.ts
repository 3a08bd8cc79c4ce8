/** The guard taken out: a process from which the lock was taken goes on overwriting the cell. */
import { expect, test, vi } from 'vitest'
import { found, REPLAYED } from './seeds'

vi.mock('../../packages/vault/src/commit/cell', async original => {
  const cell = await original<typeof import('../../packages/vault/src/commit/cell')>()
  return { ...cell, guarded: (on: Parameters<typeof cell.guarded>[0]) => on }
})

test.skipIf(REPLAYED !== undefined)(
  'the simulation finds a vault that overwrites without its lock',
  async () => {
    // It shows only where somebody else forgets between the last look at the lock and the write.
    expect((await found({ long: true }, 220))?.says).toMatch(/different times|can be read in|nobody broke/)
  },
  600_000,
)
