/**
 * One seed, one history: one to three processes do a few things at the same time, time passes, the power goes, processes
 * end, answers and locks get lost, and the judge looks. Everything follows from the seed.
 */
import type { Broken, Fates } from './disk'
import { type Act, Numbers, type State, type Stranger } from './facts'
import { CRON, type Deed, type Operation, RESTORER } from './operation'
import { Seeded } from './random'
import { type Chaos, Run } from './run'
import { ALL, type Ask, DAY, FIELDS, type Field, type Prepared, wordOf } from './world'

const HOUR = 3_600_000
/** Versions and documents of the people who were there stand below this. */
const FIRST_NUMBER = 10
const MOST_CRASHES = 3

export interface Counted {
  readonly operations: number
  readonly steps: number
  readonly crashes: number
  readonly faults: number
  readonly lost: number
  readonly harmed: number
  readonly reads: number
  readonly opened: number
  readonly changes: number
  readonly delivered: number
  readonly stays: number
  readonly turnedAway: number
  readonly restored: number
  readonly forgotten: number
}

export interface HistoryOptions {
  readonly broken?: Broken
  readonly trace?: (line: string) => void
  /** Whether to search everything ever written; default: in one history of four. */
  readonly searches?: boolean
  /** More rounds than usual: what takes two crashes in the right order is found sooner. */
  readonly long?: boolean
  /** How often somebody who holds the lock loses it, from 0 to 1. */
  readonly loses?: number
  /** Processes end over an overwrite of the cell, and the power goes soon after. */
  readonly strikes?: boolean
}

export async function play(seed: number, prepared: Prepared, options: HistoryOptions = {}): Promise<Counted> {
  const random = new Seeded(seed, 1)
  const chaos = new SeededChaos(seed, options.loses, options.strikes)
  const processes = random.pick([1, 1, 1, 1, 2, 2, 3])
  const run = new Run({
    prepared,
    randomness: new Seeded(seed, 2),
    chaos,
    broken: options.broken,
    trace: options.trace,
    searches: options.searches ?? seed % 4 === 0,
    behind: [0, 1, 2, 3].map(process => (process > 0 && random.chance(0.1) ? 6 * HOUR : 0)),
  })
  const plan = new Plan(seed, random, run)
  const one = async (deeds: readonly Deed[], spread = 1) => {
    chaos.plan(run.scheduler.steps, run.crashes < MOST_CRASHES, spread)
    await run.round(deeds)
    chaos.calm(run.dark)
    await run.recover()
  }
  const backsUp = new Seeded(seed, 7).chance(1 / 6)
  for (let rounds = (options.long ? 5 : random.pick([1, 1, 2, 2, 3])) + (backsUp ? 2 : 0); rounds > 0; rounds--) {
    if (random.chance(0.4)) run.time.move(random.pick([HOUR, 7 * HOUR, DAY, 3 * DAY, 10 * DAY, 35 * DAY]))
    await one(plan.deeds(processes))
    // Of one in six a backup is made in the first round, and it takes the vault's place in the last but one.
    if (backsUp && !run.backups.kept && run.backups.restored === 0)
      await one([{ process: 0, operation: { do: 'backup' } }])
    else if (rounds === 2 && run.backups.kept) await one([plan.restore()], 3)
  }
  chaos.calm(false)
  await run.finish()
  return {
    operations: run.operations,
    steps: run.scheduler.steps,
    crashes: run.crashes,
    faults: run.faults,
    lost: run.lost,
    harmed: run.disk.harmed,
    reads: run.reads,
    opened: run.opened,
    changes: run.judge.changesChecked,
    delivered: run.deliveries.checked,
    stays: run.judge.strangers.stays,
    turnedAway: run.judge.strangers.turnedAway,
    restored: run.backups.restored,
    forgotten: run.judge.forgottenChecked,
  }
}

/** What goes wrong, and when. */
class SeededChaos implements Chaos {
  readonly #random: Seeded
  /** One of its own: what was played before it came is played as it was. */
  readonly #randomOfLocks: Seeded
  #crashAt = -1
  #loseAt = Number.POSITIVE_INFINITY
  /** Who lost the lock because it slept, and for how many more steps of others it sleeps on. */
  #asleep = { process: -1, steps: 0 }
  #leapAt = -1
  #faults = false
  leap = 0
  fates: Fates

  constructor(
    seed: number,
    private readonly loses = 0.15,
    private readonly strikes = false,
  ) {
    this.#random = new Seeded(seed, 3)
    this.#randomOfLocks = new Seeded(seed, 4)
    this.fates = this.#fates()
  }

  /** @param spread how many times as many steps as usual are to come */
  plan(step: number, crashes: boolean, spread = 1): void {
    const random = this.#random
    this.#crashAt = crashes && random.chance(0.7) ? step + random.below(random.pick([12, 25, 50])) * spread : -1
    this.#leapAt = random.chance(0.1) ? step + random.below(25) : -1
    const locks = this.#randomOfLocks
    this.#loseAt = locks.chance(this.loses) ? step + locks.below(30) : Number.POSITIVE_INFINITY
    this.leap = random.pick([HOUR, 5 * HOUR, DAY])
    this.#faults = random.chance(0.15)
    this.fates = this.#fates()
  }

  /** While a vault is opened after a crash, little happens; another crash does. */
  calm(dark: boolean): void {
    this.#leapAt = -1
    this.#loseAt = Number.POSITIVE_INFINITY
    this.#faults = false
    this.#crashAt =
      dark && this.#random.chance(this.strikes ? 0.8 : 0.2) ? this.#crashAt + 1 + this.#random.below(20) : -1
    this.fates = this.#fates()
  }

  choose(all: readonly number[], last: number): number {
    const sleeps = this.#asleep.steps-- > 0
    const processes = sleeps ? all.filter(process => process !== this.#asleep.process) : all
    return processes.includes(last) && this.#random.chance(0.6) ? last : this.#random.pick(processes)
  }

  among(count: number): number {
    return this.#random.below(count)
  }

  happens: Chaos['happens'] = (step, process, number) => {
    const random = this.#random
    if (number === this.#crashAt) {
      if (random.chance(0.6)) return { kind: 'power' }
      return { kind: 'end', keeps: random.chance(0.5) }
    }
    if (this.strikes && /^overwrite.*sync$/.test(step.what) && random.chance(0.3)) {
      this.#crashAt = number
      return { kind: 'end', keeps: true }
    }
    if (number === this.#leapAt) return { kind: 'time' }
    if (number >= this.#loseAt && step.locked) {
      this.#loseAt = Number.POSITIVE_INFINITY
      this.#asleep = { process, steps: this.#randomOfLocks.below(this.#randomOfLocks.pick([4, 40, 80])) }
      return { kind: 'lock' }
    }
    if (this.#faults && step.may && random.chance(0.15)) return { kind: 'fault', fault: random.pick(step.may) }
    return undefined
  }

  #fates(): Fates {
    const random = this.#random
    const writes = random.pick(['kept', 'lost', 'some'] as const)
    const sectors = random.pick(['kept', 'lost', 'first', 'some', 'some'] as const)
    const first = random.below(8)
    return {
      write: () => {
        if (writes !== 'some') return writes
        return random.pick(['kept', 'kept', 'kept', 'lost', 'torn'])
      },
      sector: number => {
        if (sectors === 'kept') return 'new'
        if (sectors === 'lost') return 'old'
        if (sectors === 'first') return number < first ? 'new' : 'old'
        return random.chance(0.1) ? random.below(512) : random.pick(['new', 'old'])
      },
    }
  }
}

/** What the processes do. */
class Plan {
  readonly #random: Seeded
  readonly #run: Run
  /** One of its own: what was played before it came is planned as it was. */
  readonly #randomOfDeliveries: Seeded
  readonly #randomOfQuarantine: Seeded
  /** People who stay as they are in this round, and phones that somebody already comes with. */
  readonly #kept = new Set<number>()
  readonly #numbers = new Numbers(FIRST_NUMBER)
  #nextKey = 2

  constructor(seed: number, random: Seeded, run: Run) {
    this.#random = random
    this.#randomOfDeliveries = new Seeded(seed, 5)
    this.#randomOfQuarantine = new Seeded(seed, 6)
    this.#run = run
  }

  deeds(processes: number): Deed[] {
    const deeds: Deed[] = []
    this.#kept.clear()
    for (let process = 0; process < processes; process++) {
      if (process > 0 && this.#random.chance(0.25)) continue
      deeds.push({ process, operation: this.#operation(deeds) })
    }
    if (this.#random.chance(0.12)) deeds.push({ process: CRON, operation: { do: 'drop' } })
    this.#run.busy = new Set(
      deeds.flatMap(({ operation }) => (operation.do === 'act' ? operation.acts.map(({ person }) => person) : [])),
    )
    return deeds
  }

  #operation(beside: readonly Deed[]): Operation {
    const random = this.#random
    if (this.#randomOfDeliveries.chance(0.06)) return { do: 'deliver', resume: this.#randomOfDeliveries.chance(0.5) }
    if (this.#randomOfQuarantine.chance(0.2)) return this.#quarantine(beside)
    const kind = random.weighted({
      add: 4,
      addMany: 1,
      consent: 4,
      change: 4,
      withdraw: 3,
      refuse: 2,
      erase: 4,
      narrow: 1,
      slot: 2,
      reveal: 2,
      list: 2,
      check: 1,
      purge: 2,
      lock: 2,
    })
    const purpose = random.pick(ALL)
    const one = () => this.#someone()
    switch (kind) {
      case 'add':
        return { do: 'act', acts: [this.#addition()] }
      case 'addMany':
        return { do: 'act', acts: [this.#addition(), this.#addition()] }
      case 'consent':
        return this.#on(one(), { do: 'consent', ask: this.#ask(purpose) })
      case 'change':
        return this.#on(one(), { do: 'change', fields: this.#fields(), version: this.#numbers.version() })
      case 'withdraw':
        return this.#on(one(), { do: 'withdraw', purpose: random.chance(0.4) ? undefined : purpose })
      case 'refuse':
        return this.#on(one(), { do: 'refuse', purpose })
      case 'erase':
        return this.#on(one(), { do: 'erase' })
      case 'slot':
        return this.#slot(beside)
      case 'narrow':
      case 'purge':
      case 'lock':
        return { do: kind }
      case 'list':
      case 'check':
      case 'reveal':
        return { do: 'look', how: kind, person: one() ?? 0, purpose }
    }
  }

  restore(): Deed {
    this.#run.busy = new Set()
    return { process: RESTORER, operation: { do: 'restore', key: this.#nextKey++ } }
  }

  #quarantine(beside: readonly Deed[]): Operation {
    const random = this.#randomOfQuarantine
    const kind = random.weighted({ bring: 4, bringMany: 2, again: 5, give: 3, stop: 2, ask: 2, change: 1 })
    switch (kind) {
      case 'bring':
        return { do: 'act', acts: [this.#stranger()] }
      case 'bringMany':
        return { do: 'act', acts: [this.#stranger(), random.chance(0.5) ? this.#stranger() : this.#addition()] }
      case 'again':
        return this.#again(beside)
    }
    const waiting = [...this.#run.judge.people.entries()].filter(
      ([number, { id, states }]) =>
        id !== undefined && !this.#kept.has(number) && states.some(state => state?.quarantine),
    )
    const person = random.pick(waiting)?.[0]
    if (person === undefined) return { do: 'act', acts: [this.#stranger()] }
    if (kind === 'ask') return { do: 'look', how: 'ask', person, purpose: 'news' }
    if (kind === 'give') return this.#on(person, { do: 'consent', ask: this.#ask(random.pick(ALL)) })
    if (kind === 'change')
      return this.#on(person, { do: 'change', fields: ['name', 'phones'], version: this.#numbers.version() })
    return this.#on(person, { do: 'withdraw', purpose: undefined })
  }

  #stranger(of: Partial<Stranger> = {}): { person: number; act: Act } {
    const version = this.#numbers.version()
    const mayAsk = this.#randomOfQuarantine.chance(0.8)
    return {
      person: this.#run.judge.meet([null]),
      act: {
        do: 'quarantine',
        version,
        phones: version,
        mayAsk,
        barred: false,
        ends: [Number.POSITIVE_INFINITY],
        ...of,
      },
    }
  }

  /** Somebody comes with a phone that came, or left, before. */
  #again(beside: readonly Deed[]): Operation {
    const { judge } = this.#run
    const phones = this.#randomOfQuarantine.pick(judge.strangers.phones)
    const acts = beside.flatMap(({ operation }) => (operation.do === 'act' ? operation.acts : []))
    const holders = [...judge.people.entries()].filter(([, { states }]) =>
      states.some(state => state?.card.phones === phones),
    )
    const busy = acts.some(
      ({ person, act }) =>
        holders.some(([number]) => number === person) || (act.do === 'quarantine' && act.phones === phones),
    )
    if (phones === undefined || busy) return { do: 'act', acts: [this.#stranger()] }
    for (const [number] of holders) this.#kept.add(number)
    const barred = judge.strangers.barred(phones, this.#run.earliest)
    if (!barred) judge.share(wordOf('phones', phones))
    return {
      do: 'act',
      acts: [
        this.#stranger({
          phones,
          barred,
          ends: endsOf(
            holders.map(([, { states }]) => states),
            phones,
          ),
        }),
      ],
    }
  }

  /** Somebody whose id is known; more often somebody who is here. */
  #someone(): number | undefined {
    const known = [...this.#run.judge.people.entries()].filter(
      ([number, { id }]) => id !== undefined && !this.#kept.has(number),
    )
    const here = known.filter(([, { states }]) => states.some(state => state !== null))
    return this.#random.pick(here.length > 0 && this.#random.chance(0.9) ? here : known)?.[0]
  }

  #on(person: number | undefined, act: Act): Operation {
    return person === undefined ? { do: 'purge' } : { do: 'act', acts: [{ person, act }] }
  }

  #addition(): { person: number; act: Act } {
    const purposes = this.#random.pick([['news'], ['care'], ['news', 'care']] as const)
    const asks = purposes.map(purpose => this.#ask(purpose))
    const wide = this.#fields()
    const fields = [...new Set(purposes.flatMap(purpose => FIELDS[purpose]))].filter(field => wide.includes(field))
    return {
      person: this.#run.judge.meet([null]),
      act: { do: 'add', fields, version: this.#numbers.version(), asks },
    }
  }

  /** Fields that a policy which may rule declares. */
  #fields(): readonly Field[] {
    return this.#run.judge.narrow.includes(true) ? ['name', 'phones'] : ['name', 'phones', 'notes']
  }

  #ask(purpose: Ask['purpose']): Ask {
    const { now } = this.#run.time
    const midnight = now - (now % DAY) + DAY
    const until = midnight + this.#random.below(12) * DAY
    return { purpose, until, evidence: this.#random.chance(0.4) ? this.#numbers.evidence() : undefined }
  }

  /** One at a time: which slots there are is known then. */
  #slot(beside: readonly Deed[]): Operation {
    const { judge } = this.#run
    const [slots, ...others] = judge.slots
    if (!slots || others.length > 0 || beside.some(({ operation }) => operation.do === 'slot')) return { do: 'purge' }
    const kind = this.#random.pick(
      slots.length > 1 ? (['add', 'remove', 'replace'] as const) : (['add', 'replace'] as const),
    )
    if (kind === 'remove') return { do: 'slot', kind, slot: this.#random.pick(slots) }
    const key = this.#nextKey++
    judge.keys.add(key)
    const label = kind === 'add' ? `slot${key}` : this.#random.pick(slots).label
    return { do: 'slot', kind, slot: { label, key } }
  }
}

/** When the first of several waits with one phone ends, as it may be. */
function endsOf(holders: readonly (readonly State[])[], phones: number): number[] {
  let ends = [Number.POSITIVE_INFINITY]
  for (const states of holders) {
    const own = states.map(state =>
      state?.quarantine && state.card.phones === phones ? state.quarantine.until : Number.POSITIVE_INFINITY,
    )
    ends = [...new Set(ends.flatMap(end => own.map(one => Math.min(end, one))))]
  }
  return ends
}
