/** The guard taken out: whoever comes after a crash leaves the cell as the crash left it. */
import { expect, test, vi } from 'vitest'
import type { Settled } from '../../packages/vault/src/commit/cell'
import { found, REPLAYED } from './seeds'

vi.mock('../../packages/vault/src/commit/cell', async original => {
  const cell = await original<typeof import('../../packages/vault/src/commit/cell')>()
  return {
    ...cell,
    // It chooses as ever, and its writes go nowhere.
    settle: async (
      on: Parameters<typeof cell.settle>[0],
      ...rest: [Uint8Array, Uint8Array, never, () => Promise<void>]
    ): Promise<Settled> => {
      const written: (Uint8Array | undefined)[] = []
      const nowhere: typeof on = {
        ...on,
        read: async half => written[half] ?? (await on.read(half)),
        overwrite: async (half, bytes) => {
          written[half] = bytes
        },
      }
      return cell.settle(nowhere, ...rest)
    },
  }
})

test.skipIf(REPLAYED !== undefined)(
  'the simulation finds a vault that does not settle',
  async () => {
    expect((await found())?.says).toMatch(/can be read in|different times|nobody broke/)
  },
  600_000,
)
