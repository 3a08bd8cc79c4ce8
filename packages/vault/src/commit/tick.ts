/**
 * The tick: at the end of a day the ratchet steps on, and what was sealed for that day can't be opened any more. It
 * needs no passphrase, only the cell: an open vault does it at midnight, a cron job may do it for a locked one. Rows
 * are dropped afterwards; whether they lie there or not makes no difference to what can be read.
 */
import type { Store, Table } from '@amanat/store-contract'
import { type Day, dayOf } from '../time/day'
import type { VaultTime } from '../time/now'
import { guarded, type Settled, unlessTaken } from './cell'
import type { Opened } from './opened'
import { stepCell } from './step-cell'

const DATED: readonly Table[] = ['pages', 'heads', 'blobs', 'exports']

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
