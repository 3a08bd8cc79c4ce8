/** The guard taken out: a restore puts the new vault in its place before the cell holds that one's record. */
import { expect, test, vi } from 'vitest'
import { CASES, type Case, POWER, playCase } from './cases'
import { FATES } from './fates'
import { REPLAYED } from './seeds'

const state = vi.hoisted((): { restoring: number; late: (() => Promise<unknown>) | undefined } => ({
  restoring: 0,
  late: undefined,
}))

vi.mock('../../packages/vault/src/backup/restore', async original => {
  const real = await original<typeof import('../../packages/vault/src/backup/restore')>()
  const restore: typeof real.restore = async options => {
    state.restoring++
    return real.restore(options).finally(() => {
      state.restoring--
      state.late = undefined
    })
  }
  return { ...real, restore }
})

vi.mock('../../packages/vault/src/commit/cell', async original => {
  const cell = await original<typeof import('../../packages/vault/src/commit/cell')>()
  const writeNext: typeof cell.writeNext = async (on, vaultId, now, next) => {
    if (state.restoring === 0) return cell.writeNext(on, vaultId, now, next)
    state.late = () => cell.writeNext(on, vaultId, now, next)
    return { record: next, half: now.half === 0 ? 1 : 0 }
  }
  const eraseHalf: typeof cell.eraseHalf = async (on, vaultId, half, randomness) => {
    await state.late?.()
    state.late = undefined
    await cell.eraseHalf(on, vaultId, half, randomness)
  }
  return { ...cell, writeNext, eraseHalf }
})

/** A restore whose commit and cell a crash parts is rare among seeds: here it is looked for at every step of one. */
test.skipIf(REPLAYED !== undefined)(
  'the simulation finds a restore that ends between the old vault and the new one',
  async () => {
    const the = CASES['a backup takes the place of the vault'] as Case
    // Without a crash nothing shows.
    const { steps, run } = await playCase(the, undefined)
    expect(run.backups.restored).toBe(1)
    const says = new Set<string>()
    for (let step = 0; step < steps && says.size === 0; step++) {
      await playCase(the, { step, happening: POWER, fates: FATES['all lost'] }).catch((error: Error) =>
        says.add(error.message),
      )
    }
    expect([...says][0]).toMatch(/different times/)
  },
  600_000,
)
