/**
 * A backup that takes the place of the vault: what was known when it was made, who left since, and so what must stand
 * afterwards. The old vault stands or the new one does, told apart by their ids; nothing between is a state here.
 */
import { at, type Done, type Moment, type Outcome, type State, textOf } from './facts'
import type { Judge, Slot } from './judge'
import { ALL, type Purpose } from './world'

export interface KeptBackup {
  readonly bytes: Uint8Array
  readonly key: number
  readonly people: readonly (readonly State[])[]
  readonly narrow: readonly boolean[]
  /** Whose deliveries the ledger in it knows. */
  readonly runs: ReadonlySet<string>
}

/** What may stand once a restore was carried out. */
export interface Restoring {
  readonly vault: string
  readonly slot: Slot
  readonly narrow: readonly boolean[]
  readonly people: readonly (readonly State[])[]
  readonly runs: ReadonlySet<string>
}

/** What somebody took back since the backup: surely, or as it may be. */
interface Leaving {
  readonly person: number
  readonly purposes: readonly Purpose[]
  /** Erased, or gone from quarantine. */
  readonly whole: boolean
  readonly sure: boolean
}

export class Backups {
  kept: KeptBackup | undefined
  /** Nobody knows yet whether this was carried out. */
  pending: Restoring | undefined
  restored = 0
  #leavings: Leaving[] = []

  keep(backup: KeptBackup): void {
    this.kept = backup
    this.#leavings = []
  }

  /** Notes who leaves in a round. */
  conclude(person: number, before: readonly State[], dones: readonly Done[], moments: readonly Moment[]): void {
    const alone = dones.length === 1
    for (const { act, outcome } of dones) {
      if (outcome === 'refused' || (act.do !== 'erase' && act.do !== 'withdraw' && act.do !== 'refuse')) continue
      const all = before.flatMap(state => moments.map(moment => at(state, moment)))
      const gave = (purpose: Purpose) => all.every(state => state?.consents[purpose])
      const waits = all.every(state => state?.quarantine)
      const whole = act.do === 'erase' || (act.do === 'withdraw' && act.purpose === undefined && waits)
      const asked = act.do === 'erase' || act.purpose === undefined ? ALL : [act.purpose]
      const surely = alone && outcome === 'done'
      this.#leavings.push({ person, purposes: asked, whole: true, sure: false })
      if (surely && whole) this.#leavings.push({ person, purposes: [], whole, sure: true })
      else if (surely) this.#leavings.push({ person, purposes: asked.filter(gave), whole: false, sure: true })
    }
  }

  /** Every state in which somebody may be once the backup has taken the vault's place. */
  after(person: number, now: readonly State[], moments: readonly Moment[]): State[] {
    const known = this.kept?.people[person] ?? [null]
    const leavings = this.#leavings.filter(one => one.person === person)
    const sure = leavings.filter(one => one.sure)
    const left = new Set(sure.flatMap(({ purposes }) => purposes))
    // Who isn't here may also have left with somebody who had the same phone.
    const absent = now.some(state => state === null)
    const may = new Set(leavings.length > 0 || absent ? ALL : [])
    const ends = new Map<string, State>()
    for (const state of known) {
      for (const moment of moments) {
        const wholly = sure.some(({ whole }) => whole) || (state?.quarantine && left.size > 0 && now.every(one => !one))
        if (wholly || absent || leavings.some(({ whole }) => whole)) ends.set(textOf(null), null)
        if (wholly) continue
        for (const taken of subsets([...may].filter(purpose => !left.has(purpose)))) {
          const became = at(without(state, [...left, ...taken]), moment)
          ends.set(textOf(became), became)
        }
      }
    }
    return [...ends.values()]
  }

  /** A restore begins. */
  begin(vault: string, slot: Slot, judge: Judge, now: number): KeptBackup {
    const { kept } = this
    if (!kept) throw new TypeError('there is no backup')
    const people = this.#peopleAfter(judge, [{ now, narrow: false }])
    this.pending = { vault, slot, narrow: kept.narrow, people, runs: kept.runs }
    judge.keys.add(slot.key)
    judge.mayReturn(people)
    return kept
  }

  /** It ended, answered or not; time may have moved meanwhile. Whether it may have been carried out. */
  concluded(judge: Judge, outcome: Outcome, moments: readonly Moment[]): boolean {
    if (!this.pending) return false
    if (outcome === 'refused') {
      this.pending = undefined
      judge.stays()
      return false
    }
    this.pending = { ...this.pending, people: this.#peopleAfter(judge, moments) }
    return true
  }

  #peopleAfter(judge: Judge, moments: readonly Moment[]): Restoring['people'] {
    const narrows = this.kept?.narrow ?? []
    const all = moments.flatMap(({ now }) => narrows.map(narrow => ({ now, narrow })))
    return judge.people.map(({ states }, person) => this.after(person, states, all))
  }

  /** The vault that was just opened says which of the two stands. */
  settle(vault: string, judge: Judge, keepRuns: (runs: ReadonlySet<string>) => void): void {
    const { pending } = this
    if (!pending) return
    this.pending = undefined
    if (vault === pending.vault) {
      judge.stays()
      return
    }
    keepRuns(pending.runs)
    this.kept = undefined
    this.restored++
    judge.adopt(pending)
  }
}

const subsets = <T>(list: readonly T[]): T[][] =>
  list.reduce<T[][]>((all, one) => all.concat(all.map(some => some.concat(one))), [[]])

function without(state: State, purposes: readonly Purpose[]): State {
  if (!state || state.quarantine) return state
  const consents = Object.fromEntries(
    Object.entries(state.consents).filter(([purpose]) => !purposes.includes(purpose as Purpose)),
  )
  return { ...state, consents }
}
