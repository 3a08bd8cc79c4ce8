/** The guard taken out: whoever says stop while they wait is answered, and waits on. */
import { expect, test, vi } from 'vitest'
import { found, REPLAYED } from './seeds'

vi.mock('../../packages/vault/src/verbs/leave', async original => {
  const real = await original<typeof import('../../packages/vault/src/verbs/leave')>()
  const planWithdraw: typeof real.planWithdraw = async (draft, id, ...rest) =>
    (await draft.needContact(id)).quarantine ? [] : real.planWithdraw(draft, id, ...rest)
  return { ...real, planWithdraw }
})

test.skipIf(REPLAYED !== undefined)(
  'the simulation finds a vault that keeps people in quarantine who said stop',
  async () => {
    expect((await found({}, 80))?.says).toMatch(/waits until|quarantine [\d-]+ .*not nobody/)
  },
  600_000,
)
