/**
 * The tick: at the end of a day the ratchet steps on, and what was sealed for that day can't be opened any more. It
 * needs no passphrase, only the cell: an open vault does it at midnight, a cron job may do it for a locked one. Rows
 * are dropped afterwards; whether they lie there or not makes no difference to what can be read.
 */
import type { Randomness } from '@amanat/crypto'
import type { Store, Table } from '@amanat/store-contract'
import { type Day, dayOf } from '../time/day'
import type { VaultTime } from '../time/now'
import { eraseHalf, type Settled, writeNext } from './cell'
import type { Opened } from './opened'
import { advanced } from './ratchet'
import { tellRoot } from './tell-root'

const DATED: readonly Table[] = ['pages', 'heads', 'blobs', 'exports']

/** Inside `exclusive`: the record with the ratchet at `day`, the old half overwritten, the root told. */
export async function stepCell(
  store: Store,
  vaultId: Uint8Array,
  settled: Settled,
  day: Day,
  now: number,
  randomness: Randomness,
): Promise<Settled> {
  const { record } = settled
  const next = await writeNext(store.cell, vaultId, settled, {
    ...record,
    tick: day,
    ratchet: advanced(record.ratchet, record.tick, day),
    lastSeen: Math.max(record.lastSeen, now),
    seq: record.seq + 1,
  })
  await eraseHalf(store.cell, vaultId, settled.half, randomness)
  record.ratchet.wipe()
  await tellRoot(store, next)
  return next
}

/**
 * Inside `exclusive`: notes the time in the cell without stepping, so that the next look knows it, and how far ahead of
 * it the policy believes a clock by now.
 */
export async function noteTime(
  store: Store,
  vaultId: Uint8Array,
  settled: Settled,
  now: number,
  maxJumpDays: number,
  randomness: Randomness,
): Promise<Settled> {
  const { record } = settled
  if (now <= record.lastSeen && maxJumpDays === record.maxJumpDays) return settled
  const next = await writeNext(store.cell, vaultId, settled, {
    ...record,
    lastSeen: Math.max(now, record.lastSeen),
    maxJumpDays,
    seq: record.seq + 1,
  })
  await eraseHalf(store.cell, vaultId, settled.half, randomness)
  return next
}

/** Drops the rows of days that have passed; answers how many. */
export async function dropPassed(store: Store, today: Day): Promise<number> {
  let dropped = 0
  for (const table of DATED) dropped += await store.dropRows(table, today)
  return dropped
}

/** Brings an open vault to today, if a day has passed. Takes the lock unless `settled` says that it is held. */
export async function stepToToday(opened: Opened, time: VaultTime, settled?: Settled): Promise<Settled | undefined> {
  const day = dayOf(time.forWriting())
  if (day <= opened.days.tick) return settled
  if (!settled) {
    await opened.store.exclusive(async () => stepToToday(opened, time, await opened.refreshSettled()))
    return undefined
  }
  // Somebody else may have stepped while we waited.
  if (day > settled.record.tick) {
    settled = await stepCell(opened.store, opened.vaultId, settled, day, time.lastSeen, opened.randomness)
    opened.useCell(settled.record)
    await opened.refreshSettled()
  }
  await dropPassed(opened.store, opened.days.tick)
  return settled
}
