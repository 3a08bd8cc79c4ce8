/**
 * Everybody who is seen through one door, kept from call to call: a commit brings in who was on the pages that it wrote, and
 * nobody else is looked at again. All are, once the policy changes or a day passes, for consents end with days.
 */
import type { Draft } from '../commit/draft'
import type { Policy } from '../policy/policy'
import type { Day } from '../time/day'
import { type Seen, seenPerson } from './seen'

export interface Changes {
  readonly gone: readonly Seen[]
  readonly come: readonly Seen[]
}

/** Nobody but who is on a page that was written since is seen otherwise, as long as these are the same. */
interface Under {
  readonly policy: Policy
  readonly sameLegalPerson: readonly string[] | undefined
  readonly today: Day
}

export class Everybody {
  #under: Under | undefined
  #mark = 0
  /** By their number in the index. */
  #seen: (Seen | undefined)[] = []
  #count = 0

  constructor(readonly purpose: string) {}

  /** Only after {@link Everybody.follow}. */
  get count(): number {
    return this.#count
  }

  /** Whoever has this number in the index, if they are to be seen; only after {@link Everybody.follow}. */
  at(number: number): Seen | undefined {
    return this.#seen[number]
  }

  *[Symbol.iterator](): Generator<Seen, void, void> {
    for (const seen of this.#seen) if (seen) yield seen
  }

  /** Whether following would look at a few only. */
  isNear(draft: Draft): boolean {
    return this.#isAsBefore(draft) && draft.opened.index.remembers(this.#mark)
  }

  #isAsBefore({ policy, record, today }: Draft): boolean {
    const under = this.#under
    return under?.policy === policy && under.sameLegalPerson === record.sameLegalPerson && under.today === today
  }

  /** Brings everybody to where the index is; undefined when all of them were looked at anew. */
  follow(draft: Draft): Changes | undefined {
    const { index } = draft.opened
    if (!this.isNear(draft)) {
      this.#lookAnew(draft)
      return undefined
    }
    const gone: Seen[] = []
    const come: Seen[] = []
    for (const number of index.touchedSince(this.#mark)) {
      const before = this.#seen[number]
      const now = seenPerson(draft, number, this.purpose)
      if (before && now && isSame(before, now)) continue
      if (before) gone.push(before)
      if (now) come.push(now)
      this.#set(number, now)
    }
    this.#count += come.length - gone.length
    this.#mark = index.changes
    return { gone, come }
  }

  #lookAnew(draft: Draft): void {
    const { index } = draft.opened
    this.forget()
    for (const number of index.allContacts()) {
      const seen = seenPerson(draft, number, this.purpose)
      if (!seen) continue
      this.#set(number, seen)
      this.#count++
    }
    const { policy, today } = draft
    this.#under = { policy, sameLegalPerson: draft.record.sameLegalPerson, today }
    this.#mark = index.changes
  }

  #set(number: number, seen: Seen | undefined): void {
    // An array without holes stays one that is quick to go through.
    while (this.#seen.length < number) this.#seen.push(undefined)
    this.#seen[number] = seen
  }

  forget(): void {
    this.#under = undefined
    this.#seen = []
    this.#count = 0
  }
}

const isSame = (a: Seen, b: Seen): boolean =>
  a.id === b.id && a.name === b.name && a.until === b.until && a.assurance === b.assurance
