/** The guard taken out: what of somebody in quarantine goes before its day goes without a new epoch. */
import { expect, test, vi } from 'vitest'
import { contactIdBytes } from '../../packages/vault/src/contact/id'
import { found, REPLAYED } from './seeds'

vi.mock('../../packages/vault/src/commit/loses', async original => {
  const real = await original<typeof import('../../packages/vault/src/commit/loses')>()
  const losesSomething: typeof real.losesSomething = (opened, cuts, today) => {
    const others = [...cuts].filter(([id]) => {
      const number = opened.index.numberOf(contactIdBytes(id) as Uint8Array)
      return !opened.index.slicesOf(number).some(({ head, slot }) => head.isQuarantined(slot))
    })
    return real.losesSomething(opened, new Map(others), today)
  }
  return { ...real, losesSomething }
})

test.skipIf(REPLAYED !== undefined)(
  'the simulation finds a vault that keeps in its old pages what somebody in quarantine had',
  async () => {
    expect((await found())?.says).toMatch(/was forgotten, and can be read/)
  },
  600_000,
)
