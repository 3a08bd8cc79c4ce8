/**
 * The meter: who was looked at, by whom and when, folded from the ledger, so that it survives restarts and counts what
 * other processes did. It holds ids and times; what they allow is for `rules/meter.ts`.
 */
import { hex } from '../bytes'
import type { Draft } from '../commit/draft'
import { VaultError } from '../errors'
import type { AnyEntry, EntryOf } from '../ledger/entry'
import type { BulkLimits, Policy } from '../policy/policy'
import { quarantineWindows } from '../policy/purpose'
import { type Budget, budgetOf, longestWindow, mayReveal, type Reveal } from '../rules/meter'
import { durationMs, formatInstant } from '../time/calendar'

const HOUR = 3_600_000
/** Look-ups that find nobody, an hour, where the policy says nothing (R25). */
const MISSES_PER_HOUR = 1_000
/** Misses are told to the ledger in lots: each on its own would make a guess as dear as a find. */
const MISSES_TOLD_AT = 50

/** The entries that the meter counts. */
export const METERED: ReadonlySet<AnyEntry['type']> = new Set(['reveal', 'miss'])

type RevealVia = EntryOf<'reveal'>['via']

interface Seen extends Reveal {
  readonly purpose: string | undefined
}

export class Meter {
  /** Oldest first. */
  #reveals: Seen[] = []
  #quarantine: Seen[] = []
  #misses: { at: number; count: number }[] = []
  /** When somebody was looked for and not found, as far as the ledger doesn't know; oldest first. */
  #untold: number[] = []

  hear(entries: readonly AnyEntry[]): void {
    for (const entry of entries) {
      if (entry.type === 'reveal') {
        const seen = { actor: entry.actor, person: hex(entry.contact), at: entry.at, purpose: entry.purpose }
        if (entry.via === 'quarantine') this.#quarantine.push(seen)
        else this.#reveals.push(seen)
      } else if (entry.type === 'miss') {
        this.#misses.push({ at: entry.at, count: entry.count })
      }
    }
  }

  /** How many more people this actor may look at. */
  budget(draft: Draft, actor: string): Budget {
    return budgetOf({ ...this.#question(draft, actor), reveals: this.#counting(draft, this.#reveals, false) })
  }

  /** The same for people in quarantine, who are counted apart. */
  quarantineBudget(draft: Draft, actor: string): Budget {
    return budgetOf({
      ...this.#quarantineQuestion(draft, actor),
      reveals: this.#counting(draft, this.#quarantine, true),
    })
  }

  /**
   * Counts one look at a person, as part of a draft. Answers the refusal instead of throwing it, so that the refusal
   * itself is committed to the ledger.
   */
  reveal(
    draft: Draft,
    actor: string,
    purpose: string | undefined,
    contact: Uint8Array,
    via: RevealVia,
  ): VaultError | undefined {
    const quarantine = via === 'quarantine'
    const question = quarantine ? this.#quarantineQuestion(draft, actor) : this.#question(draft, actor)
    const reveals = this.#counting(draft, quarantine ? this.#quarantine : this.#reveals, quarantine)
    const person = hex(contact)
    // One entry for each actor, purpose, person and window: while the shortest window still counts it, nothing is added.
    const since = draft.now - shortestWindow(question.limits)
    const noted = reveals.some(
      seen => seen.person === person && seen.actor === actor && seen.purpose === purpose && seen.at > since,
    )
    if (noted) return undefined
    if (!mayReveal({ ...question, reveals, person })) {
      const { left, resets } = budgetOf({ ...question, reveals })
      draft.note({
        type: 'bulk-read-refused',
        actor,
        ...(purpose === undefined ? {} : { purpose }),
        ...(resets === undefined ? {} : { resets }),
      })
      return new VaultError('BULK_READ_REFUSED', {
        data: { left, ...(resets === undefined ? {} : { resets: formatInstant(resets) }) },
      })
    }
    draft.note({ type: 'reveal', actor, contact, via, ...(purpose === undefined ? {} : { purpose }) })
    return undefined
  }

  /**
   * Whether a look-up may be tried that may find nobody. Asked before looking: past the limit a refusal for those alone
   * who aren't here would be an answer too.
   *
   * @throws VaultError `BULK_READ_REFUSED`
   */
  mayMiss(policy: Policy, now: number): void {
    this.#misses = this.#misses.filter(({ at }) => at > now - HOUR)
    const untold = this.#untold.filter(at => at > now - HOUR)
    const counted = this.#misses.reduce((sum, { count }) => sum + count, untold.length)
    if (counted < (policy.bulk.missesPerHour ?? MISSES_PER_HOUR)) return
    const first = Math.min(this.#misses[0]?.at ?? now, untold[0] ?? now)
    throw new VaultError('BULK_READ_REFUSED', { data: { left: 0, resets: formatInstant(first + HOUR) } })
  }

  /** Counts a look-up that found nobody. True when it is time to tell the ledger. */
  missed(now: number): boolean {
    this.#untold.push(now)
    return this.#untold.length >= MISSES_TOLD_AT
  }

  /** Puts the misses that the ledger doesn't know yet into a draft; answers how many. They count here until {@link told}. */
  tellMisses(draft: Draft, actor: string): number {
    const count = this.#untold.length
    if (count === 0 || draft.entries.some(({ type }) => type === 'miss')) return 0
    draft.note({ type: 'miss', actor, count })
    return count
  }

  /** So many misses are on the ledger now. */
  told(count: number): void {
    this.#untold.splice(0, count)
  }

  /** Drops what no window counts any more. */
  prune(policy: Policy, now: number): void {
    const oldest = now - longestWindow(policy.bulk)
    this.#reveals = this.#reveals.filter(({ at }) => at > oldest)
    this.#quarantine = this.#quarantine.filter(({ at }) => at > oldest)
  }

  wipe(): void {
    this.#reveals = []
    this.#quarantine = []
    this.#misses = []
    this.#untold = []
  }

  /** What the ledger tells, and what this draft is about to add. */
  #counting(draft: Draft, known: readonly Seen[], quarantine: boolean): Seen[] {
    const added = draft.entries.flatMap(entry =>
      entry.type === 'reveal' && (entry.via === 'quarantine') === quarantine
        ? [{ actor: entry.actor, person: hex(entry.contact), at: draft.now, purpose: entry.purpose }]
        : [],
    )
    return added.length === 0 ? (known as Seen[]) : [...known, ...added]
  }

  #question(draft: Draft, actor: string) {
    return { limits: draft.policy.bulk, people: draft.opened.index.contacts(), actor, now: draft.now }
  }

  #quarantineQuestion(draft: Draft, actor: string) {
    const limits = { perActor: quarantineWindows(draft.policy), vault: draft.policy.bulk.vault }
    return { limits, people: draft.opened.index.contacts(), actor, now: draft.now }
  }
}

const shortestWindow = ({ perActor, vault }: Pick<BulkLimits, 'perActor' | 'vault'>): number =>
  Math.min(...[...perActor, ...vault].map(({ within }) => durationMs(within)))
