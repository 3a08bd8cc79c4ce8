/** The two ways in which time moves a cell on: a day further, or only a later moment of the same day. Both overwrite what stood there. */
import type { Randomness } from '@amanat/crypto'
import type { Cell, Store } from '@amanat/store-contract'
import type { Day } from '../time/day'
import { eraseHalf, type Settled, writeNext } from './cell'
import { advanced } from './ratchet'
import { tellRoot } from './tell-root'

/** Inside `exclusive`: the record with the ratchet at `day`, the old half overwritten, the root told. */
export async function stepCell(
  store: Store,
  cell: Cell,
  vaultId: Uint8Array,
  settled: Settled,
  day: Day,
  now: number,
  randomness: Randomness,
): Promise<Settled> {
  const { record } = settled
  const next = await writeNext(cell, vaultId, settled, {
    ...record,
    tick: day,
    ratchet: advanced(record.ratchet, record.tick, day),
    lastSeen: Math.max(record.lastSeen, now),
    seq: record.seq + 1,
  })
  await eraseHalf(cell, vaultId, settled.half, randomness)
  record.ratchet.wipe()
  await tellRoot(store, next)
  return next
}

/**
 * Inside `exclusive`: notes the time in the cell without stepping, so that the next look knows it, and how far ahead of
 * it the policy believes a clock by now.
 */
export async function noteTime(
  cell: Cell,
  vaultId: Uint8Array,
  settled: Settled,
  now: number,
  maxJumpDays: number,
  randomness: Randomness,
): Promise<Settled> {
  const { record } = settled
  if (now <= record.lastSeen && maxJumpDays === record.maxJumpDays) return settled
  const next = await writeNext(cell, vaultId, settled, {
    ...record,
    lastSeen: Math.max(now, record.lastSeen),
    maxJumpDays,
    seq: record.seq + 1,
  })
  await eraseHalf(cell, vaultId, settled.half, randomness)
  return next
}
