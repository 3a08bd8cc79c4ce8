/** What comes first whoever has the lock: one record in the cell that the root names, and both at the same day. */
import type { Randomness } from '@amanat/crypto'
import type { Cell, Root, Store } from '@amanat/store-contract'
import { VaultError } from '../errors'
import { observe } from '../time/clock'
import { dayOf } from '../time/day'
import type { Clock } from '../time/now'
import { type CellRecord, type Settled, settle } from './cell'
import { fence } from './fence'
import { decodeRoot } from './root'
import { stepCell } from './step-cell'
import { tellRoot } from './tell-root'

const DAY_MS = 86_400_000

/** What time it is for whoever has only the cell to go by: what it has seen, and how far ahead of that it believes a clock. */
export const observeFrom = ({ lastSeen, maxJumpDays }: CellRecord, clock: Clock, mostDays = maxJumpDays) =>
  observe({ clock: clock.now(), lastSeen, maxJump: Math.min(maxJumpDays, mostDays) * DAY_MS })

/**
 * Inside `exclusive`: settles the cell to what `root` says, then brings whichever of the two is behind to the day of the other. A
 * crash leaves the root behind. Who slept in the middle of an overwrite, and lost the lock over it, leaves the cell behind, with what
 * it held days ago. As anybody can write a day into a root, the cell follows it only to a day that has come.
 *
 * @param mostDays how far ahead of what the cell has seen a clock is believed at most
 * @returns what stands in the cell, and the root as it was read last
 * @throws VaultError `CELL_MISSING`; `CELL_STALE` when the cell belongs to another root, or the root has seen a day that hasn't come.
 * @throws Overtaken when somebody committed meanwhile
 */
export async function settleStore(
  store: Store,
  cell: Cell,
  root: Root,
  randomness: Randomness,
  clock: Clock,
  mostDays?: number,
): Promise<{ settled: Settled; root: Root }> {
  const { vaultId, commitment, tick } = decodeRoot(root.bytes)
  let read: Root | undefined = root
  const settled = await settle(cell, vaultId, commitment, randomness, () => {
    read = undefined
    return fence(store, root)
  })
  if (tick <= settled.record.tick) return { settled, root: await tellRoot(store, settled, read) }
  const { now, jumped } = observeFrom(settled.record, clock, mostDays)
  if (jumped || tick > dayOf(now)) throw new VaultError('CELL_STALE')
  const stepped = await stepCell(store, cell, vaultId, settled, tick, now, randomness)
  return { settled: stepped, root: await tellRoot(store, stepped) }
}
