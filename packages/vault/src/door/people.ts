/** Who is to be seen through a door, in an order: ids, names and dates, never a contact point (R24). */
import type { Draft } from '../commit/draft'
import { contactIdBytes } from '../contact/id'
import type { ListOptions, People } from '../public'
import { Everybody } from './everybody'
import { beginsWith, oneKeyboard, queryOf, wordsOf } from './find'
import { InOrder, type Order } from './in-order'
import { personOf, type Seen, showsNames } from './seen'
import { seenThrough } from './view'

const LIMIT = 50
const MOST = 1_000
/** People that a cursor names, so that a list goes on in the right place when some of them leave. */
const IN_CURSOR = 5

/** People of one purpose, as a door keeps them between two calls. */
export class PeopleOfPurpose {
  readonly #everybody: Everybody
  readonly #orders = new Map<string, InOrder>()

  constructor(readonly purpose: string) {
    this.#everybody = new Everybody(purpose)
  }

  #at(draft: Draft): Everybody {
    const changes = this.#everybody.follow(draft)
    if (!changes) this.#orders.clear()
    else for (const order of this.#orders.values()) order.follow(changes)
    return this.#everybody
  }

  forget(): void {
    this.#everybody.forget()
    this.#orders.clear()
  }

  count(draft: Draft, query?: { readonly text: string }): number {
    if (query) return this.named(draft, query.text).length
    // Whoever only counts needs no list of everybody.
    return this.#everybody.isNear(draft) ? this.#at(draft).count : countOf(draft, this.purpose)
  }

  /** Those whose name begins so; nobody where names are not to be seen. */
  named(draft: Draft, text: string): Seen[] {
    const query = queryOf(text)
    const found: Seen[] = []
    for (const seen of this.#at(draft)) {
      if (seen.name === undefined) continue
      seen.words ??= wordsOf(seen.name)
      if (beginsWith(seen.words, query)) found.push(seen)
    }
    return found
  }

  list(draft: Draft, options: ListOptions = {}): People {
    const { limit = LIMIT, after, locale } = options
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST) throw new TypeError(`limit must be 1 to ${MOST}`)
    if (after !== undefined && typeof after !== 'string') throw new TypeError('after must be text')
    const sort = options.sort ?? (showsNames(draft, this.purpose) ? 'name' : 'until')
    const all = this.#at(draft)
    const key = `${sort} ${locale ?? ''}`
    const order = this.#orders.get(key) ?? new InOrder(sort === 'until' ? byUntil : byName(locale))
    this.#orders.set(key, order)
    const from = after === undefined ? 0 : placeAfter(draft, all, order, after)
    const sorted = order.first(from + limit, all, all.count)
    const people = sorted.slice(from, from + limit)
    const more = from + limit < all.count
    return {
      people: people.map(personOf),
      total: all.count,
      ...(more ? { next: cursorAfter(sorted, from + limit) } : {}),
    }
  }
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
function placeAfter(draft: Draft, all: Everybody, order: InOrder, after: string): number {
  const ids = after.split('.')
  const place = Number.parseInt(ids.pop() ?? '', 10) || 0
  for (const id of ids) {
    const bytes = contactIdBytes(id)
    const person = bytes && all.at(draft.opened.index.numberOf(bytes))
    if (!person) continue
    // Most likely about where they stood.
    order.first(place, all, all.count)
    const at = order.placeOf(person)
    if (at >= 0) return at + 1
    order.all(all)
    return order.placeOf(person) + 1
  }
  // All of them left: better somebody twice than somebody never.
  return Math.max(0, place - ids.length)
}

function countOf(draft: Draft, purpose: string): number {
  let count = 0
  for (const number of draft.opened.index.allContacts()) if (seenThrough(draft, number, purpose)) count++
  return count
}
