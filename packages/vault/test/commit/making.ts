/** A new vault in memory, below everything that checks what an app asks for. */
import { systemRandomness } from '@amanat/crypto'
import { fakeClock, memoryStore, testKey } from '@amanat/vault/testing'
import { makeVault } from '../../src/commit/open'
import type { AnyEntry } from '../../src/ledger/entry'
import { riverside } from '../riverside'

export function making(change: Partial<Parameters<typeof makeVault>[0]> = {}) {
  const told: AnyEntry[] = []
  const made = makeVault({
    store: memoryStore(),
    unlock: testKey(),
    label: 'Office',
    record: { policy: riverside },
    maxJump: 'P62D',
    actor: 'staff:leila',
    clock: fakeClock(),
    randomness: systemRandomness,
    onEntries: entries => told.push(...entries),
    ...change,
  })
  return { made, told }
}
