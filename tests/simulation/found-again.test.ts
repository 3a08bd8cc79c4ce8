/** The guard taken out: nobody is looked for among those who were in quarantine before. */
import { expect, test, vi } from 'vitest'
import { found, REPLAYED } from './seeds'

vi.mock('../../packages/vault/src/verbs/came-before', async original => ({
  ...(await original<typeof import('../../packages/vault/src/verbs/came-before')>()),
  refuseIfQuarantinedBefore: () => undefined,
}))

test.skipIf(REPLAYED !== undefined)(
  'the simulation finds a vault that lets people into quarantine again',
  async () => {
    expect((await found())?.says).toMatch(
      /no order explains the answers.*quarantine done|not nobody|07700 \d+ was forgotten, and can be read/,
    )
  },
  600_000,
)
