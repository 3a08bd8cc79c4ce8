/**
 * The tick: at the end of a day the ratchet steps on, and what was sealed for that day can't be opened any more. It
 * needs no passphrase, only the cell: an open vault does it at midnight, a cron job may do it for a locked one. Rows
 * are dropped afterwards; whether they lie there or not makes no difference to what can be read.
 */
import type { Randomness } from '@amanat/crypto'
import type { Cell, Store, Table } from '@amanat/store-contract'
import { type Day, dayOf } from '../time/day'
import type { VaultTime } from '../time/now'
import { eraseHalf, guarded, type Settled, unlessTaken, writeNext } from './cell'
import type { Opened } from './opened'
import { advanced } from './ratchet'
import { tellRoot } from './tell-root'

const DATED: readonly Table[] = ['pages', 'heads', 'blobs', 'exports']

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

/** Drops the rows of days that have passed; answers how many. */
export async function dropPassed(store: Store, today: Day): Promise<number> {
  let dropped = 0
  for (const table of DATED) dropped += await store.dropRows(table, today)
  return dropped
}

/** Brings an open vault to today, if a day has passed. */
export async function stepToToday(opened: Opened, time: VaultTime): Promise<void> {
  if (dayOf(time.forWriting()) <= opened.days.tick) return
  await opened.store.exclusive(async lost => {
    await stepSettled(opened, time, await opened.refreshSettled(lost), lost)
  })
}

/** The same inside `exclusive`. */
export async function stepSettled(
  opened: Opened,
  time: VaultTime,
  settled: Settled,
  lost: AbortSignal,
): Promise<Settled> {
  const day = dayOf(time.forWriting())
  if (day <= opened.days.tick) return settled
  return unlessTaken(lost, async () => {
    let stepped = settled
    // Somebody else may have stepped while we waited.
    if (day > settled.record.tick) {
      const cell = guarded(opened.store.cell, lost)
      stepped = await stepCell(opened.store, cell, opened.vaultId, settled, day, time.lastSeen, opened.randomness)
      opened.useCell(stepped.record)
      await opened.refreshSettled(lost)
    }
    await dropPassed(opened.store, opened.days.tick)
    return stepped
  })
}
