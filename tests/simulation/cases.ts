/**
 * Short histories in which one thing is done, and a crash at one step of it: for tests that go through the steps in turn.
 * Nothing is left to chance.
 */

import type { Fates } from './disk'
import type { Stranger } from './facts'
import { FATES } from './fates'
import { CRON, type Deed, RESTORER } from './operation'
import { Seeded } from './random'
import { type Chaos, Run } from './run'
import type { Happening } from './scheduler'
import { type Ask, DAY, evidenceOf, prepare, START, wordOf } from './world'

const MIDNIGHT = START - (START % DAY) + DAY
const HOUR = 3_600_000

const ask = (purpose: Ask['purpose'], days: number, evidence?: string): Ask => ({
  purpose,
  until: MIDNIGHT + days * DAY,
  evidence,
})

/** One round after the other; the first that is not calm is the one in which processes end. */
export interface Case {
  readonly calm?: readonly (readonly Deed[])[]
  readonly deeds: readonly Deed[]
  /** So many people are new. */
  readonly come?: number
  /** How far the clock moves before. */
  readonly moves?: number
  readonly keys?: readonly number[]
  /** A phone with which somebody comes who had it before. */
  readonly shared?: number
}

const by = (process: number, operation: Deed['operation']): Deed => ({ process, operation })
const act = (person: number, act: (Deed['operation'] & { do: 'act' })['acts'][number]['act']): Deed =>
  by(0, { do: 'act', acts: [{ person, act }] })
const adds = (person: number, process = 0): Deed => ({
  ...act(person, {
    do: 'add',
    fields: ['name', 'phones'],
    version: 10 + person,
    asks: [ask('news', 5, evidenceOf(20))],
  }),
  process,
})
/** Somebody without a consent; `of` says who came with this phone before. */
const comes = (person: number, of: Partial<Stranger> = {}): Deed => {
  const version = 10 + person
  const stranger = { version, phones: version, mayAsk: true, barred: false, ends: [Number.POSITIVE_INFINITY] }
  return act(person, { do: 'quarantine', ...stranger, ...of })
}
const opens = [by(0, { do: 'open' })]
/** Who waits in quarantine from the beginning, the first since an earlier week; and the first who is new. */
const [EARLIER, WAITS, NEW] = [3, 4, 5]
const erases = act(1, { do: 'erase' })
const addsSlot = by(0, { do: 'slot', kind: 'add', slot: { label: 'slot2', key: 2 } })

export const CASES: { readonly [what: string]: Case } = {
  'somebody is added': { deeds: [adds(NEW)], come: 1 },
  'two are added at once': {
    deeds: [
      by(0, {
        do: 'act',
        acts: [adds(NEW), adds(NEW + 1)].flatMap(({ operation }) => (operation.do === 'act' ? operation.acts : [])),
      }),
    ],
    come: 2,
  },
  'a consent is renewed': { deeds: [act(0, { do: 'consent', ask: ask('news', 11, evidenceOf(21)) })] },
  'a consent is shortened': { deeds: [act(0, { do: 'consent', ask: ask('news', 3) })] },
  'somebody changes': { deeds: [act(1, { do: 'change', fields: ['name', 'phones', 'notes'], version: 15 })] },
  'a consent is withdrawn': { deeds: [act(1, { do: 'withdraw', purpose: 'care' })] },
  'a consent is refused': { deeds: [act(1, { do: 'refuse', purpose: 'news' })] },
  'somebody is erased': { deeds: [erases] },
  'somebody is erased while midnight passes': { deeds: [erases], moves: 5 * HOUR },
  'the policy is narrowed': { deeds: [by(0, { do: 'narrow' })] },
  'a slot is added': { deeds: [addsSlot], keys: [2] },
  'a slot is replaced': {
    deeds: [by(0, { do: 'slot', kind: 'replace', slot: { label: 'slot1', key: 3 } })],
    keys: [3],
  },
  'a slot is removed': {
    calm: [[addsSlot]],
    deeds: [by(0, { do: 'slot', kind: 'remove', slot: { label: 'slot1', key: 1 } })],
    keys: [2],
  },
  'somebody is revealed': { deeds: [by(0, { do: 'look', how: 'reveal', person: 0, purpose: 'news' })] },
  'midnight passes, and is noticed': { deeds: [by(0, { do: 'purge' })], moves: 5 * HOUR },
  'midnight passes, and nobody has a key': { deeds: [by(CRON, { do: 'drop' })], moves: 5 * HOUR },
  'the vault is opened after a day': { deeds: [by(1, { do: 'open' })], moves: 29 * HOUR },
  'the vault is locked after an erasure': { calm: [[erases]], deeds: [by(0, { do: 'lock' })] },
  'somebody comes without a consent': { deeds: [comes(NEW)], come: 1 },
  'one of two comes without a consent': {
    deeds: [
      by(0, {
        do: 'act',
        acts: [comes(NEW), adds(NEW + 1)].flatMap(({ operation }) => (operation.do === 'act' ? operation.acts : [])),
      }),
    ],
    come: 2,
  },
  'somebody comes again in the same week': {
    deeds: [comes(NEW, { phones: WAITS, ends: [MIDNIGHT + 7 * DAY] })],
    come: 1,
    moves: 25 * HOUR,
    shared: WAITS,
  },
  'somebody comes again in another week': { deeds: [comes(NEW, { phones: EARLIER, barred: true })], come: 1 },
  'somebody comes again after they said stop': {
    calm: [[act(WAITS, { do: 'withdraw', purpose: undefined })]],
    deeds: [comes(NEW, { phones: WAITS, barred: true })],
    come: 1,
  },
  'somebody in quarantine consents': { deeds: [act(WAITS, { do: 'consent', ask: ask('news', 3) })] },
  'somebody in quarantine consents to less': { deeds: [act(WAITS, { do: 'consent', ask: ask('care', 9) })] },
  'somebody in quarantine changes': { deeds: [act(WAITS, { do: 'change', fields: ['phones'], version: 15 })] },
  'somebody in quarantine says stop': { deeds: [act(WAITS, { do: 'withdraw', purpose: undefined })] },
  'somebody in quarantine says no to one purpose': { deeds: [act(WAITS, { do: 'refuse', purpose: 'news' })] },
  'somebody in quarantine is erased': { deeds: [act(WAITS, { do: 'erase' })] },
  'somebody in quarantine is looked at': {
    deeds: [by(0, { do: 'look', how: 'ask', person: WAITS, purpose: 'news' })],
  },
  'a stay ends, and it is noticed': { deeds: [by(0, { do: 'purge' })], moves: 8 * DAY },
  'a stay ends, and nobody has a key': { deeds: [by(CRON, { do: 'drop' })], moves: 8 * DAY },
  'a stay ends, and the vault is opened': { deeds: [by(1, { do: 'open' })], moves: 8 * DAY },
  'one consents in quarantine, and another opens': {
    deeds: [act(WAITS, { do: 'consent', ask: ask('care', 3) }), by(1, { do: 'open' })],
  },
  'a backup takes the place of the vault': {
    calm: [
      [by(0, { do: 'backup' })],
      [erases],
      [act(WAITS, { do: 'withdraw', purpose: undefined })],
      [act(0, { do: 'change', fields: ['name', 'phones'], version: 30 })],
      [adds(NEW)],
    ],
    deeds: [by(RESTORER, { do: 'restore', key: 5 })],
    come: 1,
    moves: 5 * HOUR,
  },
  'a backup comes back in which somebody waits who consented and withdrew since': {
    calm: [
      [by(0, { do: 'backup' })],
      [act(WAITS, { do: 'consent', ask: ask('news', 5) })],
      [act(WAITS, { do: 'withdraw', purpose: 'news' })],
    ],
    deeds: [by(RESTORER, { do: 'restore', key: 5 })],
  },
  'one erases, and another adds': { deeds: [erases, adds(NEW, 1)], come: 1 },
  'one erases, and another opens': { deeds: [erases, by(1, { do: 'open' })] },
}

export interface Crash {
  readonly step: number
  readonly happening: Happening
  readonly fates: Fates
  /** And again so many steps into the next opening. */
  readonly again?: number
}

export interface Played {
  readonly run: Run
  /** Steps of the round, and of the opening after it. */
  readonly steps: number
  readonly opening: number
  /** What lay unsynced at the crash. */
  readonly unsynced: { readonly writes: number; readonly sectors: number } | undefined
}

export async function playCase(the: Case, crash: Crash | undefined): Promise<Played> {
  let armed: number | undefined
  let unsynced: Played['unsynced']
  const chaos: Chaos = {
    // In turns, so that two get in each other's way.
    choose: (processes, last) => processes.find(process => process > last) ?? (processes[0] as number),
    among: () => 0,
    happens: (_, __, number) => {
      if (armed === undefined || crash === undefined || number !== armed) return undefined
      unsynced ??= run.disk.unsynced
      return crash.happening
    },
    fates: crash?.fates ?? FATES['all lost'],
    leap: 0,
  }
  const run: Run = new Run({ prepared: await prepared, randomness: new Seeded(1, 2), chaos, searches: true })
  for (let i = 0; i < (the.come ?? 0); i++) run.judge.meet([null])
  for (const key of the.keys ?? []) run.judge.keys.add(key)
  if (the.shared !== undefined) run.judge.share(wordOf('phones', the.shared))
  await run.round(opens)
  for (const deeds of the.calm ?? []) await run.round(deeds)
  run.time.move(the.moves ?? 0)
  const before = run.scheduler.steps
  if (crash) armed = before + crash.step
  await run.round(the.deeds)
  const steps = run.scheduler.steps - before
  armed = crash?.again === undefined ? undefined : run.scheduler.steps + crash.again
  await run.recover()
  const opening = run.scheduler.steps - before - steps
  armed = undefined
  await run.finish()
  return { run, steps, opening, unsynced }
}

const prepared = prepare()
export const POWER: Happening = { kind: 'power' }
