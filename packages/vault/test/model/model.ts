/**
 * What the rules say of a vault, as one would play it with paper slips: a map of people, and nothing of how it is done.
 * Written from the rules (the numbers stand beside each), not from the code, and compared with the vault after each step.
 */

export type Purpose = 'news' | 'chat' | 'care'
export type Field = 'name' | 'phones' | 'emails'
export type Assurance = 'claimed' | 'evidenced'

/** What the policy of these tests says. */
export const PURPOSES: {
  readonly [P in Purpose]: { fields: Field[]; days: number; special: boolean; recipient: string; provable: boolean }
} = {
  news: { fields: ['name', 'phones'], days: 60, special: false, recipient: 'mailer', provable: true },
  // Members see each other: only a confirmed consent would do, and nobody confirms here.
  chat: { fields: ['name', 'emails'], days: 200, special: false, recipient: 'group', provable: false },
  care: { fields: ['name', 'phones', 'emails'], days: 800, special: true, recipient: 'clinic', provable: false },
}
export const ALL = Object.keys(PURPOSES) as Purpose[]
export const DAY = 86_400_000

export interface Ask {
  purpose: Purpose
  evidence: boolean
  daysAgo: number
  untilDays: number | undefined
  toRecipient: boolean
  nameOnly: boolean
}

interface Consent {
  state: 'given' | 'refused' | 'withdrawn'
  kinds: string[]
  at: number
  until: number
  assurance: Assurance
  fields: Field[]
  toRecipient: boolean
}

export interface Person {
  card: { name?: string; phones?: number; emails?: number }
  consents: Map<Purpose, Consent>
  quarantinedUntil: number | undefined
  revision: number
}

type Point = string
type Outcome = { refused: string } | { done: true }
const done: Outcome = { done: true }

const week = (instant: number) => Math.floor((Math.floor(instant / DAY) + 3) / 7)

/** R4: down to the day up to 400 days ahead, to the month beyond. */
function rounded(end: number, now: number): number {
  if (end - now <= 400 * DAY) return end - (end % DAY)
  const date = new Date(end)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
}

const pointsOf = ({ phones, emails }: Person['card']): Point[] => [
  ...(phones === undefined ? [] : [`phone ${phones}`]),
  ...(emails === undefined ? [] : [`email ${emails}`]),
]

export class Model {
  readonly people = new Map<string, Person>()
  readonly left: { point: Point; purpose: Purpose | undefined; week: number }[] = []
  readonly waited: { point: Point; week: number }[] = []

  constructor(public now: number) {}

  /** R16: never back. R12, R13: what no live consent holds is gone from the instant on. */
  move(to: number): void {
    this.now = Math.max(this.now, to)
    for (const id of [...this.people.keys()]) this.#tidy(id)
  }

  #tidy(id: string): void {
    const person = this.people.get(id) as Person
    for (const [purpose, consent] of person.consents) {
      if (consent.state === 'given' && consent.until <= this.now) person.consents.delete(purpose)
    }
    if (person.quarantinedUntil !== undefined) {
      if (person.quarantinedUntil > this.now) return
      person.quarantinedUntil = undefined
    }
    const live = [...person.consents.values()].filter(({ state }) => state === 'given')
    if (live.length === 0) return void this.people.delete(id)
    const kept = new Set(live.flatMap(({ fields }) => fields))
    for (const field of Object.keys(person.card) as Field[]) if (!kept.has(field)) delete person.card[field]
  }

  /** R4, R7, R8. */
  #given(ask: Ask): Consent | undefined {
    const { days, fields } = PURPOSES[ask.purpose]
    const at = this.now - ask.daysAgo * DAY
    const agreed = ask.untilDays === undefined ? Number.POSITIVE_INFINITY : this.now + ask.untilDays * DAY
    const full = rounded(Math.min(at + days * DAY, agreed), this.now)
    const until = ask.evidence ? full : Math.min(full, rounded(at + 30 * DAY, at))
    if (until <= this.now) return undefined
    return {
      state: 'given',
      kinds: ['given'],
      at,
      until,
      assurance: ask.evidence ? 'evidenced' : 'claimed',
      fields: ask.nameOnly ? ['name'] : fields,
      toRecipient: ask.toRecipient,
    }
  }

  /** R20: who left is stopped, but for a proved consent of a later week. */
  #stopped(points: Point[], comes: readonly { purpose: Purpose; at: number; assurance: Assurance }[]): boolean {
    const here = this.left.filter(({ point }) => points.includes(point))
    if (comes.length === 0) return here.length > 0
    return comes.some(({ purpose, at, assurance }) =>
      here.some(
        one =>
          (one.purpose === undefined || one.purpose === purpose) && !(assurance === 'evidenced' && week(at) > one.week),
      ),
    )
  }

  #leave(points: Point[], purpose?: Purpose): void {
    for (const point of points) this.left.push({ point, purpose, week: week(this.now) })
  }

  sharing(card: Person['card']): string[] {
    const points = pointsOf(card)
    return [...this.people].flatMap(([id, one]) => (pointsOf(one.card).some(p => points.includes(p)) ? [id] : []))
  }

  add(id: string | undefined, card: Person['card'], asks: readonly Ask[]): Outcome {
    const consents = asks.map(ask => this.#given(ask))
    if (consents.some(consent => !consent)) return { refused: 'EXPIRES_TOO_SOON' }
    const comes = asks.map((ask, i) => ({ purpose: ask.purpose, ...(consents[i] as Consent) }))
    const points = pointsOf(card)
    if (this.#stopped(points, comes)) return { refused: 'SUPPRESSED' }
    if (asks.length === 0 && this.waited.some(one => points.includes(one.point) && this.#waitedLately(one.week))) {
      return { refused: 'QUARANTINE_AGAIN' }
    }
    for (const [i, { purpose, ...next }] of comes.entries()) {
      const before = comes.slice(0, i).findLast(one => one.purpose === purpose)
      if (before && this.#comesLate(next, before)) return { refused: 'CONSENT_INVALID' }
    }
    if (id === undefined) return done
    const person: Person = { card: { ...card }, consents: new Map(), quarantinedUntil: undefined, revision: 1 }
    for (const { purpose, ...consent } of comes) {
      const before = person.consents.get(purpose)
      person.consents.set(purpose, before ? { ...consent, kinds: [...before.kinds, 'renewed'] } : consent)
    }
    if (asks.length === 0) {
      // R22: coming in again doesn't lengthen the wait of whoever it may be.
      const waiting = this.sharing(card).flatMap(other => this.people.get(other)?.quarantinedUntil ?? [])
      person.quarantinedUntil = Math.min(rounded(this.now + 30 * DAY, this.now), ...waiting)
      for (const point of points) this.waited.push({ point, week: week(this.now) })
    }
    this.people.set(id, person)
    this.#tidy(id)
    return done
  }

  /** R22: not within a year; whoever came this very week isn't stopped, since files of one import share people. */
  #waitedLately(then: number): boolean {
    return then < week(this.now) && then >= week(this.now) - 53
  }

  /** R5, R7: what is last stands against what was given before it, or is proved less well. */
  #comesLate(next: Consent, before: Consent): boolean {
    if (before.state !== 'given') return next.at < before.at
    if (before.assurance === 'evidenced' && next.assurance === 'claimed') return true
    return next.at < before.at && next.assurance === before.assurance
  }

  consent(id: string, ask: Ask): Outcome {
    const person = this.people.get(id)
    if (!person) return { refused: 'UNKNOWN_CONTACT' }
    const next = this.#given(ask)
    if (!next) return { refused: 'EXPIRES_TOO_SOON' }
    const before = person.consents.get(ask.purpose)
    const live = before?.state === 'given'
    if (this.#stopped(pointsOf(person.card), [{ ...next, purpose: ask.purpose }])) return { refused: 'SUPPRESSED' }
    if (before && this.#comesLate(next, before)) return { refused: 'CONSENT_INVALID' }
    person.consents.set(ask.purpose, { ...next, kinds: [...(before?.kinds ?? []), live ? 'renewed' : 'given'] })
    person.quarantinedUntil = undefined
    this.#tidy(id)
    return done
  }

  refuse(id: string, purpose: Purpose): Outcome {
    const person = this.people.get(id)
    if (!person) return { refused: 'UNKNOWN_CONTACT' }
    const before = person.consents.get(purpose)
    if (before?.state === 'given') this.#leave(pointsOf(person.card), purpose)
    person.consents.set(purpose, this.#no('refused', before))
    this.#tidy(id)
    return done
  }

  withdraw(id: string, purpose: Purpose | undefined): Outcome {
    const person = this.people.get(id)
    if (!person) return { refused: 'UNKNOWN_CONTACT' }
    // Nobody waits to be asked who has said stop.
    if (person.quarantinedUntil !== undefined && purpose === undefined) return this.erase(id, true)
    const points = pointsOf(person.card)
    for (const [name, before] of person.consents) {
      if (before.state !== 'given' || (purpose !== undefined && name !== purpose)) continue
      this.#leave(points, name)
      person.consents.set(name, this.#no('withdrawn', before))
    }
    this.#tidy(id)
    return done
  }

  #no(state: 'refused' | 'withdrawn', before: Consent | undefined): Consent {
    const none = { at: this.now, until: 0, assurance: 'claimed', fields: [], toRecipient: false } as const
    return { ...none, fields: [], state, kinds: [...(before?.kinds ?? []), state] }
  }

  change(id: string, patch: { phones?: number | null; emails?: number | null }): Outcome {
    const person = this.people.get(id)
    if (!person) return { refused: 'UNKNOWN_CONTACT' }
    const given = [...person.consents].filter(([, { state }]) => state === 'given')
    const covered = new Set<Field>(given.flatMap(([, { fields }]) => fields))
    const card = { ...person.card }
    for (const field of ['phones', 'emails'] as const) {
      const value = patch[field]
      if (value === null) delete card[field]
      else if (value !== undefined && (covered.has(field) || person.quarantinedUntil !== undefined)) card[field] = value
    }
    const old = pointsOf(person.card)
    const fresh = pointsOf(card).filter(point => !old.includes(point))
    const comes = given.map(([purpose, { at, assurance }]) => ({ purpose, at, assurance }))
    if (fresh.length > 0 && this.#stopped(fresh, comes)) return { refused: 'SUPPRESSED' }
    person.card = card
    person.revision++
    return done
  }

  erase(id: string, suppress: boolean): Outcome {
    const person = this.people.get(id)
    if (!person) return { refused: 'UNKNOWN_CONTACT' }
    if (suppress) this.#leave(pointsOf(person.card))
    this.people.delete(id)
    return done
  }

  suppress(phone: number): void {
    this.#leave([`phone ${phone}`])
  }

  /** R23: who is seen through a door, and of them which fields. In a special purpose a claim permits nothing (R2). */
  seen(id: string, purpose: Purpose): { consent: Consent; card: Person['card'] } | undefined {
    const person = this.people.get(id)
    const consent = person?.consents.get(purpose)
    if (!person || consent?.state !== 'given' || person.quarantinedUntil !== undefined) return undefined
    if (PURPOSES[purpose].special && consent.assurance === 'claimed') return undefined
    const card = Object.fromEntries(
      Object.entries(person.card).filter(([field]) => consent.fields.includes(field as Field)),
    )
    return { consent, card }
  }

  /** R26, R28. */
  whyNot(id: string, purpose: Purpose): string | undefined {
    const person = this.people.get(id)
    if (person?.quarantinedUntil !== undefined) return 'quarantined'
    const consent = person?.consents.get(purpose)
    if (!consent) return 'no-consent'
    if (consent.state !== 'given') return consent.state
    if (!consent.toRecipient) return 'recipient-not-agreed'
    return PURPOSES[purpose].provable && consent.assurance === 'evidenced' ? undefined : 'assurance-too-low'
  }

  check(purpose: Purpose): { allowed: number; refused: Record<string, number> } {
    const live = [...this.people.keys()].filter(id => this.seen(id, purpose))
    return this.tally(live.length > 0 ? live : [...this.people.keys()], purpose)
  }

  tally(ids: readonly string[], purpose: Purpose): { allowed: number; refused: Record<string, number> } {
    const refused: Record<string, number> = {}
    let allowed = 0
    for (const id of ids) {
      const reason = this.whyNot(id, purpose)
      if (reason) refused[reason] = (refused[reason] ?? 0) + 1
      else allowed++
    }
    return { allowed, refused }
  }
}
