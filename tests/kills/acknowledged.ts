/**
 * The record of what a vault has acknowledged, kept outside of it by whoever kills it. An operation is told here when it
 * begins and when its promise resolved; between the two it may have happened or not, and nothing in between. From that
 * follows what may be seen afterwards: of each person one state, or one of two while something was under way.
 *
 * A model of the rules, not the rules: no keys, no I/O, no library. Runs in Node and in browsers.
 */
import { FIELDS, type Field, type Fields, KEEP, type Person, PURPOSES, type Purpose, scopeOf } from './people'

export type Operation =
  | { readonly do: 'add'; readonly people: readonly Person[] }
  | { readonly do: 'consent'; readonly key: string; readonly purpose: Purpose; readonly word: string }
  | { readonly do: 'change'; readonly key: string; readonly fields: Fields }
  | { readonly do: 'withdraw'; readonly key: string; readonly purpose?: Purpose }
  | { readonly do: 'erase'; readonly key: string }
  | { readonly do: 'reveal'; readonly key: string; readonly purpose: Purpose }
  | { readonly do: 'deliver'; readonly purpose: Purpose }
  | { readonly do: 'export'; readonly purpose: Purpose }
  | { readonly do: 'narrow' }
  | { readonly do: 'replace-slot'; readonly to: number }
  /** Time goes on, and what has expired is forgotten: by the open vault, or by somebody without a key. */
  | { readonly do: 'expire'; readonly day: number; readonly by: 'purge' | 'drop' }

interface Live {
  /** The first day on which it no longer holds. */
  readonly until: number
  /** The words of its documents. */
  readonly words: readonly string[]
}

/** What is kept of a person. */
export interface Held {
  readonly fields: Fields
  readonly live: { readonly [P in Purpose]?: Live }
}

/** How often the ledger names a person, and for what. */
export type Entries = { readonly [entry in 'added' | 'changed' | 'given' | 'withdrawn' | 'erased']?: number }

export interface Possible {
  /** Absent: nobody of that key is there. */
  readonly held?: Held
  readonly entries: Entries
}

const NOBODY: Possible = { entries: {} }

const counted = (entries: Entries, entry: keyof Entries, more = 1): Entries =>
  more === 0 ? entries : { ...entries, [entry]: (entries[entry] ?? 0) + more }

/** What is left on a day, under a policy: a field stays while some live consent covers it; without one the person goes (R12). */
export function leftOf(held: Held | undefined, day: number, narrowed: boolean): Held | undefined {
  if (!held) return undefined
  const live = Object.fromEntries(Object.entries(held.live).filter(([, { until }]) => until > day))
  const covered = new Set<Field>(Object.keys(live).flatMap(purpose => scopeOf(purpose as Purpose, narrowed)))
  if (covered.size === 0) return undefined
  const fields = Object.fromEntries(Object.entries(held.fields).filter(([field]) => covered.has(field as Field)))
  return { live, fields }
}

/** What a person is after an operation that was not refused. */
export function after(before: Possible, operation: Operation, key: string, day: number, narrowed: boolean): Possible {
  const held = leftOf(before.held, day, narrowed)
  const { entries } = before
  if (operation.do === 'add') {
    const person = operation.people.find(each => each.key === key)
    if (!person || held) return before
    const live = Object.entries(person.consents).map(([purpose, word]) => [
      purpose,
      { until: day + KEEP[purpose as Purpose], words: [word] },
    ])
    const fresh = leftOf({ fields: person.fields, live: Object.fromEntries(live) }, day, narrowed)
    return {
      ...(fresh ? { held: fresh } : {}),
      entries: counted(counted(entries, 'added'), 'given', live.length),
    }
  }
  if (!held) return { entries }
  switch (operation.do) {
    case 'consent': {
      const { purpose, word } = operation
      const words = [...(held.live[purpose]?.words ?? []), word]
      const live = { ...held.live, [purpose]: { until: day + KEEP[purpose], words } }
      return { held: { ...held, live }, entries: counted(entries, 'given') }
    }
    case 'change': {
      const changed = leftOf({ ...held, fields: { ...held.fields, ...operation.fields } }, day, narrowed)
      return { held: changed as Held, entries: counted(entries, 'changed') }
    }
    case 'withdraw': {
      const { purpose } = operation
      const kept = Object.entries(held.live).filter(([each]) => purpose !== undefined && each !== purpose)
      const taken = Object.keys(held.live).length - kept.length
      const left = leftOf({ ...held, live: Object.fromEntries(kept) }, day, narrowed)
      return { ...(left ? { held: left } : {}), entries: counted(entries, 'withdrawn', taken) }
    }
    case 'erase':
      return { entries: counted(entries, 'erased') }
    default:
      return { held, entries }
  }
}

/** Everything of a person that can be looked for. */
export function wordsOf(held: Held | undefined): string[] {
  if (!held) return []
  return [
    ...FIELDS.flatMap(field => held.fields[field] ?? []),
    ...PURPOSES.flatMap(purpose => held.live[purpose]?.words ?? []),
  ]
}

/** What was seen of a person after a vault was opened again. */
export interface Seen {
  readonly id: string
  /** What each door shows. */
  readonly shown: { readonly [P in Purpose]?: Fields }
  /** The first day on which each live consent no longer holds. */
  readonly until: { readonly [P in Purpose]?: number }
}

/** What a vault showed, all of it. */
export interface Sight {
  readonly narrowed: boolean
  readonly people: ReadonlyMap<string, Seen>
  readonly entries: ReadonlyMap<string, Entries>
  /** Ids that once were acknowledged, and are there. */
  readonly existing: ReadonlySet<string>
}

interface Begun {
  readonly operation: Operation
  readonly keys: readonly string[]
}

const keysOf = (operation: Operation): readonly string[] => {
  if (operation.do === 'add') return operation.people.map(({ key }) => key)
  return 'key' in operation ? [operation.key] : []
}

export class Acknowledged {
  readonly #people = new Map<string, readonly [Possible] | readonly [Possible, Possible]>()
  readonly #begun = new Map<number, Begun>()
  readonly #ids = new Map<string, string>()
  readonly #words = new Set<string>()
  /** How many slots replaced the first; two while it isn't known. */
  slots: readonly number[] = [1]
  narrowed: readonly boolean[] = [false]
  /** What has been acknowledged to be over, and what may be. */
  tick: number
  today: number
  /** Acknowledgements that were held against what was seen. */
  checked = 0

  constructor(day: number) {
    this.tick = day
    this.today = day
  }

  begin(number: number, operation: Operation): void {
    this.#begun.set(number, { operation, keys: keysOf(operation) })
    if (operation.do === 'expire') this.today = Math.max(this.today, operation.day)
    if (operation.do === 'narrow') this.narrowed = [...new Set([...this.narrowed, true])]
    if (operation.do === 'replace-slot') this.slots = [...this.slots, operation.to]
    for (const key of keysOf(operation)) {
      const [now] = this.#people.get(key) ?? [NOBODY]
      const next = after(now, operation, key, this.today, this.isNarrowed)
      for (const word of wordsOf(next.held)) this.#words.add(word)
      this.#people.set(key, [now, next])
    }
  }

  /** Its promise resolved. */
  done(number: number): void {
    const { operation, keys } = this.#end(number)
    for (const key of keys) this.#happened(key, true)
    if (operation.do === 'expire') this.tick = Math.max(this.tick, operation.day)
    if (operation.do === 'narrow') this.narrowed = [true]
    if (operation.do === 'replace-slot') this.slots = [operation.to]
    this.checked++
  }

  /** Its promise rejected: nothing of it happened. */
  refused(number: number): void {
    const { operation, keys } = this.#end(number)
    for (const key of keys) this.#happened(key, false)
    if (operation.do === 'narrow') this.narrowed = [this.isNarrowed]
    if (operation.do === 'replace-slot') this.slots = this.slots.slice(0, 1)
    this.checked++
  }

  /** One of many was brought in, or refused, before all of them were. */
  row(key: string, id: string | undefined): void {
    this.#happened(key, id !== undefined)
    if (id !== undefined) this.#ids.set(key, id)
    this.checked++
  }

  /** What is under way will never be answered: its process was killed. */
  cut(): void {
    this.#begun.clear()
  }

  get isNarrowed(): boolean {
    return this.narrowed[0] === true
  }

  get underWay(): number {
    return this.#begun.size
  }

  idOf(key: string): string | undefined {
    return this.#ids.get(key)
  }

  get ids(): ReadonlyMap<string, string> {
    return this.#ids
  }

  /** Who is there, as far as was acknowledged. */
  present(): { readonly key: string; readonly held: Held }[] {
    return [...this.#people].flatMap(([key, [{ held }]]) => {
      const left = leftOf(held, this.today, this.isNarrowed)
      return left ? [{ key, held: left }] : []
    })
  }

  /** Words that were in the vault once, and that it has acknowledged to have forgotten. */
  forgotten(): string[] {
    const kept = new Set<string>()
    for (const possible of this.#people.values()) {
      for (const { held } of possible) {
        for (const narrowed of this.narrowed)
          for (const word of wordsOf(leftOf(held, this.tick, narrowed))) kept.add(word)
      }
    }
    return [...this.#words].filter(word => !kept.has(word))
  }

  /** Words that are acknowledged to be there, and that nothing under way may have taken. */
  kept(): string[] {
    return [...this.#people.values()].flatMap(possible => {
      const each = possible.flatMap(({ held }) =>
        this.narrowed.map(narrowed => new Set(wordsOf(leftOf(held, this.today, narrowed)))),
      )
      return [...(each[0] ?? [])].filter(word => each.every(words => words.has(word)))
    })
  }

  /**
   * Holds what was seen against what was acknowledged, and answers what contradicts it: nothing, if all is well. What
   * was open is known from then on.
   */
  see(sight: Sight): string[] {
    const wrong: string[] = []
    if (!this.narrowed.includes(sight.narrowed)) wrong.push(`the policy is ${sight.narrowed ? '' : 'not '}narrowed`)
    this.narrowed = [sight.narrowed]
    this.tick = this.today
    for (const key of sight.people.keys()) {
      if (!this.#people.has(key)) wrong.push(`${key} is there, and nobody added them`)
    }
    for (const [key, possible] of this.#people) {
      const seen = sight.people.get(key)
      const misses = possible.map(each => this.#unlike(key, each, seen, sight))
      const found = misses.lastIndexOf(undefined)
      if (found < 0) {
        wrong.push(`${key}: ${[...new Set(misses)].join('; nor the other way: ')}`)
        continue
      }
      const { entries, held } = possible[found] as Possible
      const left = leftOf(held, this.today, sight.narrowed)
      this.#people.set(key, [{ entries, ...(left ? { held: left } : {}) }])
      if (seen) this.#ids.set(key, seen.id)
    }
    this.#begun.clear()
    return wrong
  }

  /** How what was seen of a person differs from what it would be; nothing if it doesn't. */
  #unlike(key: string, { held, entries }: Possible, seen: Seen | undefined, sight: Sight): string | undefined {
    const told = JSON.stringify(sorted(sight.entries.get(key) ?? {}))
    const owed = JSON.stringify(sorted(entries))
    if (told !== owed) return `the ledger says ${told}, not ${owed}`
    const left = leftOf(held, this.today, sight.narrowed)
    const id = seen?.id ?? this.#ids.get(key)
    const exists = id !== undefined && sight.existing.has(id)
    if (!left) return seen || exists ? `is there: ${JSON.stringify(seen)}` : undefined
    if (!seen || !exists) return `is not there, and should be: ${JSON.stringify(left)}`
    if ((this.#ids.get(key) ?? seen.id) !== seen.id) return `has another id`
    for (const purpose of PURPOSES) {
      const until = left.live[purpose]?.until
      if (seen.until[purpose] !== until) return `${purpose} until ${seen.until[purpose]}, not ${until}`
      const scope = scopeOf(purpose, sight.narrowed)
      const owed = until === undefined ? undefined : pick(left.fields, scope)
      const shown = JSON.stringify(sorted(seen.shown[purpose] ?? {}))
      if (shown !== JSON.stringify(sorted(owed ?? {}))) return `${purpose} shows ${shown}, not ${JSON.stringify(owed)}`
    }
    return undefined
  }

  #happened(key: string, happened: boolean): void {
    const possible = this.#people.get(key)
    if (possible?.length === 2) this.#people.set(key, [possible[happened ? 1 : 0]])
  }

  #end(number: number): Begun {
    const begun = this.#begun.get(number)
    if (!begun) throw new Error(`operation ${number} ended and never began`)
    this.#begun.delete(number)
    return begun
  }
}

const pick = (fields: Fields, scope: readonly Field[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => scope.includes(field as Field)))

const sorted = (record: object): object =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
