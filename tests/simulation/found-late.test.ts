/** The guard taken out: the new epoch secret is written only after the commit that needs it. */
import { expect, test, vi } from 'vitest'
import { found, REPLAYED } from './seeds'

let late: (() => Promise<unknown>) | undefined

vi.mock('../../packages/vault/src/commit/cell', async original => {
  const cell = await original<typeof import('../../packages/vault/src/commit/cell')>()
  const writeNext: typeof cell.writeNext = async (on, vaultId, now, next) => {
    late = () => cell.writeNext(on, vaultId, now, next)
    return { record: next, half: now.half === 0 ? 1 : 0 }
  }
  const eraseHalf: typeof cell.eraseHalf = async (on, vaultId, half, randomness) => {
    await late?.()
    late = undefined
    await cell.eraseHalf(on, vaultId, half, randomness)
  }
  return { ...cell, writeNext, eraseHalf }
})

test.skipIf(REPLAYED !== undefined)(
  'the simulation finds a vault that commits before its new half is written',
  async () => {
    expect((await found())?.says).toMatch(/different times/)
  },
  600_000,
)
