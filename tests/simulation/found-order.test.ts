/** The guard taken out: the old epoch secret is overwritten before the commit that no longer needs it. */
import { expect, test, vi } from 'vitest'
import { found, REPLAYED } from './seeds'

vi.mock('../../packages/vault/src/commit/cell', async original => {
  const cell = await original<typeof import('../../packages/vault/src/commit/cell')>()
  const writeNext: typeof cell.writeNext = async (on, vaultId, now, next) => {
    const written = await cell.writeNext(on, vaultId, now, next)
    await cell.eraseHalf(on, vaultId, now.half, length => new Uint8Array(length))
    return written
  }
  return { ...cell, writeNext }
})

test.skipIf(REPLAYED !== undefined)(
  'the simulation finds a vault that overwrites the old half before the commit',
  async () => {
    expect((await found())?.says).toMatch(/different times/)
  },
  600_000,
)
