/**
 * People who came without a consent, by the phones they came with: who may not come in again, because they left or
 * were in quarantine in an earlier week (R20, R22), and whose phone more than one of them has.
 */
import { at, type Done, type Moment, type State } from './facts'
import { DAY } from './world'

/** As the rules count weeks: from a Monday. */
const weekOf = (instant: number): number => Math.floor((Math.floor(instant / DAY) + 3) / 7)

export class Strangers {
  /** Words of phones with which somebody came again, or tried to: they may be there, whoever of them has gone. */
  readonly shared = new Set<string>()
  /** The latest week in which a phone surely came into quarantine, and in which it may have. */
  readonly #came = new Map<number, number>()
  readonly #mayHaveCome = new Map<number, number>()
  /** Phones of people who surely left everything. */
  readonly #left = new Set<number>()
  /** Stays that were answered for or seen, and second comings that were refused. */
  stays = 0
  turnedAway = 0

  /** Phones with which somebody came or left: who comes with one of them comes again. */
  get phones(): number[] {
    return [...new Set([...this.#mayHaveCome.keys(), ...this.#left])]
  }

  /** Whether somebody with this phone must be turned away, at this time or later. */
  barred(phones: number, now: number): boolean {
    return this.#left.has(phones) || (this.#came.get(phones) ?? Number.POSITIVE_INFINITY) < weekOf(now)
  }

  /** Somebody came with this phone then, and is known to have. */
  remember(phones: number, came: number): void {
    this.#mayHaveCome.set(phones, weekOf(came))
    this.#come(phones)
    this.stays = 0
  }

  conclude(before: readonly State[], dones: readonly Done[], moments: readonly Moment[]): void {
    const week = Math.max(...moments.map(({ now }) => weekOf(now)))
    for (const { act, outcome } of dones) {
      if (act.do !== 'quarantine') continue
      if (act.barred && outcome === 'refused') this.turnedAway++
      if (act.barred || outcome === 'refused') continue
      this.#mayHaveCome.set(act.phones, week)
      if (outcome === 'done') this.#come(act.phones)
    }
    const [only, ...others] = dones
    if (!only || others.length > 0 || only.outcome !== 'done') return
    const { act } = only
    if (act.do !== 'erase' && !(act.do === 'withdraw' && act.purpose === undefined)) return
    const phones = new Set(before.flatMap(state => moments.map(moment => at(state, moment)?.card.phones)))
    for (const one of phones.size === 1 ? phones : []) if (one !== undefined) this.#left.add(one)
  }

  /** Somebody was seen, in one of these states. */
  see(states: readonly State[]): void {
    const phones = new Set(states.map(state => state?.quarantine && state.card.phones))
    const [one] = phones
    if (phones.size === 1 && one !== undefined) this.#come(one)
  }

  #come(phones: number): void {
    const week = this.#mayHaveCome.get(phones)
    if (week === undefined || this.#came.get(phones) === week) return
    this.#came.set(phones, week)
    this.stays++
  }
}
