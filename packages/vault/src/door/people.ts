/** Who is to be seen through a door, in an order: ids, names and dates, never a contact point (R24). */
import type { Draft } from '../commit/draft'
import { type ContactId, contactIdOf } from '../contact/id'
import type { Assurance } from '../policy/policy'
import type { ListOptions, People, Person } from '../public'
import { isContactPoint } from '../rules/read'
import { formatInstant } from '../time/calendar'
import { beginsWith, oneKeyboard, queryOf, wordsOf } from './find'
import { firstOf } from './first-of'
import { seenThrough } from './view'

interface Seen {
  readonly number: number
  readonly id: ContactId
  readonly name: string | undefined
  readonly until: number
  readonly assurance: Assurance
  /** Of the name, once somebody looked for one. */
  words?: readonly string[]
  /** Of the name, once somebody put people in order. */
  spelling?: string
}

type Order = (a: Seen, b: Seen) => number

const LIMIT = 50
const MOST = 1_000
/** A first page is found by itself among more than so many times its people; fewer are put in order at once. */
const WORTH_FINDING = 8
/** People that a cursor names, so that a list goes on in the right place when some of them leave. */
const IN_CURSOR = 5

/** People of one purpose at one version and day, as a door keeps them between two calls. */
export class PeopleOfPurpose {
  #key = ''
  #people: Seen[] = []
  readonly #sorted = new Map<string, Seen[]>()
  readonly #first = new Map<string, Seen[]>()

  constructor(readonly purpose: string) {}

  #at(draft: Draft): Seen[] {
    const key = keyOf(draft)
    if (key !== this.#key) {
      this.forget()
      this.#people = everybody(draft, this.purpose)
      this.#key = key
    }
    return this.#people
  }

  forget(): void {
    this.#key = ''
    this.#people = []
    this.#sorted.clear()
    this.#first.clear()
  }

  count(draft: Draft, query?: { readonly text: string }): number {
    if (query) return this.named(draft, query.text).length
    // Whoever only counts needs no list of everybody.
    if (this.#key !== keyOf(draft)) return countOf(draft, this.purpose)
    return this.#people.length
  }

  /** Those whose name begins so; nobody where names are not to be seen. */
  named(draft: Draft, text: string): Seen[] {
    const query = queryOf(text)
    return this.#at(draft).filter(seen => {
      if (seen.name === undefined) return false
      seen.words ??= wordsOf(seen.name)
      return beginsWith(seen.words, query)
    })
  }

  list(draft: Draft, options: ListOptions = {}): People {
    const { limit = LIMIT, after, locale } = options
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST) throw new TypeError(`limit must be 1 to ${MOST}`)
    if (after !== undefined && typeof after !== 'string') throw new TypeError('after must be text')
    const sort = options.sort ?? (showsNames(draft, this.purpose) ? 'name' : 'until')
    const all = this.#at(draft)
    const key = `${sort} ${locale ?? ''}`
    const order = () => (sort === 'until' ? byUntil : byName(locale))
    if (after === undefined && !this.#sorted.has(key) && all.length > WORTH_FINDING * limit) {
      const page = `${key} ${limit}`
      const first = this.#first.get(page) ?? firstOf(all, limit, order())
      this.#first.set(page, first)
      return { people: first.map(personOf), total: all.length, next: cursorAfter(first, limit) }
    }
    const sorted = this.#sorted.get(key) ?? all.slice().sort(order())
    this.#sorted.set(key, sorted)
    const from = after === undefined ? 0 : placeAfter(sorted, after)
    const people = sorted.slice(from, from + limit)
    const more = from + limit < sorted.length
    return {
      people: people.map(personOf),
      total: sorted.length,
      ...(more ? { next: cursorAfter(sorted, from + limit) } : {}),
    }
  }
}

/** What changes who is seen: another version, another day, a policy that loosens. */
function keyOf(draft: Draft): string {
  const waits = draft.record.loosensAt !== undefined && draft.now < draft.record.loosensAt
  return `${draft.opened.version} ${draft.today} ${waits}`
}

const byUntil: Order = (a, b) => a.until - b.until || byId(a, b)

/** Names first, in the reader's order; who has none to show comes last. */
function byName(locale: string | undefined): Order {
  const { compare } = new Intl.Collator(locale, { sensitivity: 'base', numeric: true })
  return (a, b) => {
    if (a.name === undefined || b.name === undefined)
      return a.name === b.name ? byId(a, b) : a.name === undefined ? 1 : -1
    a.spelling ??= oneKeyboard(a.name)
    b.spelling ??= oneKeyboard(b.name)
    return compare(a.spelling, b.spelling) || byId(a, b)
  }
}

const byId: Order = (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** The last few people of a page, nearest first, and how many came before what is next. */
const cursorAfter = (sorted: readonly Seen[], at: number): string =>
  [
    ...sorted
      .slice(Math.max(0, at - IN_CURSOR), at)
      .map(({ id }) => id)
      .reverse(),
    at,
  ].join('.')

/** Where the list goes on: after the person it stopped at, or, if they left meanwhile, after the one before who didn't. */
function placeAfter(sorted: readonly Seen[], after: string): number {
  const ids = after.split('.')
  const place = Number.parseInt(ids.pop() ?? '', 10) || 0
  for (const id of ids) {
    const at = sorted.findIndex(person => person.id === id)
    if (at >= 0) return at + 1
  }
  // All of them left: better somebody twice than somebody never.
  return Math.max(0, place - ids.length)
}

function countOf(draft: Draft, purpose: string): number {
  let count = 0
  for (const number of draft.opened.index.allContacts()) if (seenThrough(draft, number, purpose)) count++
  return count
}

function everybody(draft: Draft, purpose: string): Seen[] {
  const people: Seen[] = []
  for (const number of draft.opened.index.allContacts()) {
    const seen = seenPerson(draft, number, purpose)
    if (seen) people.push(seen)
  }
  return people
}

export function seenPerson(draft: Draft, number: number, purpose: string): Seen | undefined {
  const live = seenThrough(draft, number, purpose)
  if (!live) return undefined
  const id = contactIdOf(draft.opened.index.idOf(number))
  const name = showsNames(draft, purpose) ? live.name : undefined
  return { number, id, name, until: live.until, assurance: live.assurance }
}

/** As callers see them: made for those who are shown, and not for everybody who is looked through. */
export const personOf = ({ id, name, until, assurance }: Seen): Person => ({
  id,
  until: formatInstant(until),
  assurance,
  ...(name === undefined ? {} : { name }),
})

/** Where being on the list is the secret, names are metered like contact points. */
const showsNames = (draft: Draft, purpose: string): boolean => !isContactPoint('name', draft.policy, purpose)
