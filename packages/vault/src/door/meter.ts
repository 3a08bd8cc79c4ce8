/**
 * The meter: who was looked at, by whom and when, folded from the ledger, so that it survives restarts and counts what
 * other processes did. It holds ids and times; what they allow is for `rules/meter.ts`.
 */
import { hex } from '../bytes'
import type { Draft } from '../commit/draft'
import type { Opened } from '../commit/opened'
import { VaultError } from '../errors'
import type { AnyEntry, EntryOf } from '../ledger/entry'
import type { BulkLimits, Policy } from '../policy/policy'
import { quarantineWindows } from '../policy/purpose'
import { type Budget, budgetOf, longestWindow, mayReveal } from '../rules/meter'
import { durationMs, formatInstant } from '../time/calendar'
import { type Look, Looks, withMore } from './looks'

const HOUR = 3_600_000
/** Look-ups that find nobody, an hour, where the policy says nothing (R25). */
const MISSES_PER_HOUR = 1_000
/** Misses are told to the ledger in lots: each on its own would make a guess as dear as a find. */
const MISSES_TOLD_AT = 50

/** A refusal is on the record once an hour for each actor: somebody who asks in a loop doesn't fill the ledger. */
const REFUSAL_TOLD_EVERY = HOUR

type RevealVia = EntryOf<'reveal'>['via']

/**
 * Three counts, with limits alike but each of its own: people seen through doors, people seen in quarantine, and people
 * identified so that they can leave. Else whoever reads up to the limit would keep everybody else from leaving.
 */
type Count = (typeof COUNTS)[number]

const COUNTS = ['doors', 'quarantine', 'identified'] as const
const countOf = (via: RevealVia): Count => (via === 'quarantine' ? via : via === 'identify' ? 'identified' : 'doors')

export class Meter {
  readonly #looks: { readonly [count in Count]: Looks } = {
    doors: new Looks(),
    quarantine: new Looks(),
    identified: new Looks(),
  }
  readonly #planned = new WeakMap<Draft, Planned>()
  /** Look-ups under way. */
  #asking = 0
  #misses: { at: number; count: number }[] = []
  /** By actor: when the ledger was last told that they were refused. */
  readonly #refused = new Map<string, number>()
  /** When somebody was looked for and not found, as far as the ledger doesn't know; oldest first. */
  #untold: number[] = []

  hear(entries: readonly AnyEntry[]): void {
    for (const entry of entries) {
      if (entry.type === 'reveal') {
        const look = { actor: entry.actor, person: hex(entry.contact), at: entry.at, purpose: entry.purpose }
        this.#looks[countOf(entry.via)].add(look)
      } else if (entry.type === 'bulk-read-refused') {
        this.#refused.set(entry.actor, entry.at)
      } else if (entry.type === 'miss') {
        this.#misses.push({ at: entry.at, count: entry.count })
      }
    }
  }

  /** How many more people this actor may look at. */
  budget(draft: Draft, actor: string): Budget {
    return budgetOf(this.#question(draft, actor, 'doors'))
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
    if (draft.opened.ledgerLost) throw new VaultError('CORRUPT', { data: { row: 'ledger' } })
    const question = this.#question(draft, actor, countOf(via))
    const person = hex(contact)
    // One entry for each actor, purpose, person and window: while the shortest window still counts it, nothing is added.
    const since = draft.now - shortestWindow(question.limits)
    const isNoted = (look: Look) =>
      look.person === person && look.actor === actor && look.purpose === purpose && look.at > since
    if (this.#looks[countOf(via)].of(person).some(isNoted) || question.planned.some(isNoted)) return undefined
    if (!mayReveal({ ...question, person })) {
      const { left, resets } = budgetOf(question)
      const isTold = draft.entries.some(entry => entry.type === 'bulk-read-refused' && entry.actor === actor)
      if (!isTold && draft.now - (this.#refused.get(actor) ?? 0) >= REFUSAL_TOLD_EVERY) {
        draft.note({
          type: 'bulk-read-refused',
          actor,
          ...(purpose === undefined ? {} : { purpose }),
          ...(resets === undefined ? {} : { resets }),
        })
      }
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
   * @param seen the time as far as it is believed
   * @throws VaultError `BULK_READ_REFUSED`; `CORRUPT` when nobody knows how many there were
   */
  mayMiss(opened: Opened, policy: Policy, seen: number): void {
    if (opened.ledgerLost) throw new VaultError('CORRUPT', { data: { row: 'ledger' } })
    this.#misses = this.#misses.filter(({ at }) => at > seen - HOUR)
    const untold = this.#untold.filter(at => at > seen - HOUR)
    const counted = this.#misses.reduce((sum, { count }) => sum + count, untold.length + this.#asking)
    if (counted < (policy.bulk.missesPerHour ?? MISSES_PER_HOUR)) return
    const first = Math.min(this.#misses[0]?.at ?? seen, untold[0] ?? seen)
    throw new VaultError('BULK_READ_REFUSED', { data: { left: 0, resets: formatInstant(first + HOUR) } })
  }

  /** As long as nobody knows whether a look-up finds anybody, it counts as one that doesn't: else many at once pass the limit. */
  async asking<T>(look: () => Promise<T>): Promise<T> {
    this.#asking++
    try {
      return await look()
    } finally {
      this.#asking--
    }
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
    const oldest = now - longestOf(policy)
    for (const count of COUNTS) this.#looks[count].prune(oldest)
  }

  wipe(): void {
    for (const count of COUNTS) this.#looks[count].wipe()
    this.#misses = []
    this.#untold = []
    this.#refused.clear()
  }

  /** What the ledger tells, and what this draft is about to add, with the limits that hold for it. */
  #question(draft: Draft, actor: string, count: Count) {
    const { policy, now } = draft
    const limits =
      count === 'quarantine' ? { perActor: quarantineWindows(policy), vault: policy.bulk.vault } : policy.bulk
    const planned = this.#plannedIn(draft)[count]
    const counted = (length: number, at: number, who?: string) => {
      const more = who === undefined ? planned : planned.filter(look => look.actor === who)
      return withMore(this.#looks[count].within(length, at, who), more)
    }
    return { limits, counted, planned, people: draft.opened.index.contacts(), actor, now }
  }

  /** The looks that a draft is about to add; an operation that fails takes back its own. */
  #plannedIn(draft: Draft): Planned['looks'] {
    const { entries, now } = draft
    let planned = this.#planned.get(draft)
    if (!planned || entries[planned.entries - 1] !== planned.last)
      planned = { entries: 0, last: undefined, looks: { doors: [], quarantine: [], identified: [] } }
    for (const entry of entries.slice(planned.entries)) {
      if (entry.type !== 'reveal') continue
      const { actor, contact, purpose, via } = entry
      planned.looks[countOf(via)].push({ actor, person: hex(contact), at: now, purpose })
    }
    this.#planned.set(draft, { ...planned, entries: entries.length, last: entries.at(-1) })
    return planned.looks
  }
}

/** As far as the entries of a draft were gone through. */
interface Planned {
  readonly entries: number
  readonly last: unknown
  readonly looks: { readonly [count in Count]: Look[] }
}

/** How far back any of the three counts looks, in milliseconds. */
export const longestOf = (policy: Policy): number =>
  Math.max(longestWindow(policy.bulk), longestWindow({ perActor: quarantineWindows(policy), vault: [] }))

const shortestWindow = ({ perActor, vault }: Pick<BulkLimits, 'perActor' | 'vault'>): number =>
  Math.min(...[...perActor, ...vault].map(({ within }) => durationMs(within)))
