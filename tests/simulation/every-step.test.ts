/**
 * Short histories, and in each a crash at every step in turn, with every fate of what was not synced then, as far as they
 * differ: a batch that is whole or not, a half of the cell of which any sectors are new.
 */
import { describe, expect, test } from 'vitest'
import { figures, nightly } from '../trust/figures'
import { CASES, type Crash, POWER, playCase } from './cases'
import { FATES } from './fates'
import { remembering } from './remembered'
import { REPLAYED } from './seeds'

describe.skipIf(REPLAYED !== undefined)('R15: a crash at every step, with every fate of what was not synced', () => {
  test.each(Object.entries(CASES))('%s', (what, the) => remembering(() => atEveryStep(what, the)), 21_600_000)
})

async function atEveryStep(what: string, the: (typeof CASES)[string]): Promise<void> {
  const { steps, run } = await playCase(the, undefined)
  expect(run.backups.restored).toBe(the.deeds.some(({ operation }) => operation.do === 'restore') ? 1 : 0)
  let crashes = 0
  let changes = 0
  let restored = 0
  let harmed = 0
  const one = async (crash: Crash, how: string) => {
    try {
      const played = await playCase(the, crash)
      crashes += played.run.crashes
      restored += played.run.backups.restored
      changes += played.run.judge.changesChecked
      harmed += played.run.disk.harmed
      return played
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause)
      throw new Error(`${what}, crash before step ${crash.step} of ${steps}, ${how}: ${message}`, { cause })
    }
  }
  for (let step = 0; step < steps; step++) {
    const { 'all lost': lost, ...others } = FATES
    const { unsynced, opening } = await one({ step, happening: POWER, fates: lost }, 'all lost')
    if (nightly) {
      for (let again = 0; again < opening; again++) {
        await one({ step, happening: POWER, fates: lost, again }, `and at step ${again} of the opening`)
      }
    }
    if (!unsynced || unsynced.writes + unsynced.sectors === 0) continue
    for (const [how, fates] of Object.entries(others)) {
      if (unsynced.sectors === 0 && how.startsWith('one')) continue
      await one({ step, happening: POWER, fates }, how)
    }
    for (const keeps of [true, false]) {
      await one({ step, happening: { kind: 'end', keeps }, fates: lost }, `its process ends, ${keeps}`)
    }
  }
  expect(crashes).toBeGreaterThan(steps - 1)
  figures('simulation', {
    'crash points': crashes,
    'acknowledged changes checked': changes,
    'restored backups checked': restored,
    'torn or reordered writes': harmed,
  })
}
