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
/** Cursors whose place is remembered: as many people at a time may be paging through a list. */
const MOST_CURSORS = 1_000
/** Orders that are kept up: each is everybody once more. */
const MOST_ORDERS = 4

/** People of one purpose, as a door keeps them between two calls. */
export class PeopleOfPurpose {
  readonly #everybody: Everybody
  readonly #orders = new Map<string, InOrder>()
  /** Who stood last on a page whose cursor was handed out, as they were then. */
  readonly #cursors = new Map<string, Seen>()

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
    this.#cursors.clear()
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
    const { key, order } = this.#order(sort, locale)
    const from = after === undefined ? 0 : this.#placeAfter(draft, order, key, after)
    const sorted = order.first(from + limit, all, all.count)
    const people = sorted.slice(from, from + limit)
    const more = from + limit < all.count
    return {
      people: people.map(personOf),
      total: all.count,
      ...(more ? { next: this.#cursor(key, sorted, from + limit) } : {}),
    }
  }

  #order(sort: 'name' | 'until', locale: string | undefined): { key: string; order: InOrder } {
    const collator = sort === 'name' ? collatorOf(locale) : undefined
    // Of the many names that a locale has, one.
    const key = `${sort} ${collator?.resolvedOptions().locale ?? ''}`
    const order = this.#orders.get(key) ?? new InOrder(collator ? byName(collator) : byUntil)
    this.#orders.delete(key)
    this.#orders.set(key, order)
    dropOldest(this.#orders, MOST_ORDERS)
    return { key, order }
  }

  /** The last few people of a page, nearest first, and how many came before what is next. Where it stands is remembered for a while. */
  #cursor(key: string, sorted: readonly Seen[], at: number): string {
    const last = sorted.slice(Math.max(0, at - IN_CURSOR), at).reverse()
    const cursor = [...last.map(({ id }) => id), at].join('.')
    this.#cursors.delete(`${key} ${cursor}`)
    this.#cursors.set(`${key} ${cursor}`, last[0] as Seen)
    dropOldest(this.#cursors, MOST_CURSORS)
    return cursor
  }

  /**
   * Where a list goes on: at the place in the order where it stopped, wherever who stood there is by now. Where nobody
   * remembers that: after the first of its people who is still here.
   */
  #placeAfter(draft: Draft, order: InOrder, key: string, after: string): number {
    const all = this.#everybody
    const [place = 0, ...ids] = after.split('.').reverse()
    const last = this.#cursors.get(`${key} ${after}`)
    // Most likely about where they stood.
    order.first(Number.parseInt(`${place}`, 10) || 0, all, all.count)
    if (last) return order.placeBehind(last, all)
    for (const id of ids.reverse()) {
      const bytes = contactIdBytes(id)
      const person = bytes && all.at(draft.opened.index.numberOf(bytes))
      if (person) return order.placeBehind(person, all)
    }
    // Better somebody twice than somebody never.
    return 0
  }
}

/** @throws TypeError */
function collatorOf(locale: string | undefined): Intl.Collator {
  try {
    return new Intl.Collator(locale, { sensitivity: 'base', numeric: true })
  } catch {
    throw new TypeError('locale must be a language tag')
  }
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) return
    map.delete(oldest)
  }
}

const byUntil: Order = (a, b) => a.until - b.until || byId(a, b)

/** Names first, in the reader's order; who has none to show comes last. */
function byName({ compare }: Intl.Collator): Order {
  return (a, b) => {
    if (a.name === undefined || b.name === undefined)
      return a.name === b.name ? byId(a, b) : a.name === undefined ? 1 : -1
    a.spelling ??= oneKeyboard(a.name)
    b.spelling ??= oneKeyboard(b.name)
    return compare(a.spelling, b.spelling) || byId(a, b)
  }
}

const byId: Order = (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

function countOf(draft: Draft, purpose: string): number {
  let count = 0
  for (const number of draft.opened.index.allContacts()) if (seenThrough(draft, number, purpose)) count++
  return count
}
