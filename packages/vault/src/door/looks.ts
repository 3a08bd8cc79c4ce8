/**
 * Who was looked at, by whom and when: told one by one, asked at every look-up. What counts in a window is kept from one
 * question to the next, so that a question costs what has changed since and not what was looked at within a month.
 */
import type { Instant } from '../consent/consent'
import type { Counted } from '../rules/meter'

export interface Look {
  readonly actor: string
  /** A contact's id in hex. */
  readonly person: string
  readonly at: Instant
  readonly purpose: string | undefined
}

export class Looks {
  /** Oldest first. */
  #all: Look[] = []
  readonly #of = new Map<string, Look[]>()
  /** By actor, '' for everybody, and length. */
  readonly #windows = new Map<string, Map<number, Window>>()

  add(look: Look): void {
    insert(this.#all, look)
    const before = this.#of.get(look.person)
    if (before) before.push(look)
    else this.#of.set(look.person, [look])
    for (const actor of [look.actor, EVERYBODY]) {
      for (const window of this.#windows.get(actor)?.values() ?? []) window.add(look)
    }
  }

  /** Of this person, in the order in which they were told. */
  of(person: string): readonly Look[] {
    return this.#of.get(person) ?? []
  }

  /** @param length of the window that ends at `now`, in milliseconds; what was looked at just then doesn't count any more */
  within(length: number, now: Instant, actor = EVERYBODY): Counted {
    const windows = this.#windows.get(actor) ?? new Map<number, Window>()
    this.#windows.set(actor, windows)
    let window = windows.get(length)
    if (!window || now < window.now) {
      window = new Window(length, actor === EVERYBODY ? this.#all : this.#all.filter(look => look.actor === actor))
      windows.set(length, window)
    }
    window.moveTo(now)
    return window
  }

  prune(oldest: Instant): void {
    const kept = this.#all.filter(({ at }) => at > oldest)
    this.wipe()
    for (const look of kept) this.add(look)
  }

  wipe(): void {
    this.#all = []
    this.#of.clear()
    this.#windows.clear()
  }
}

const EVERYBODY = ''

/** A window that moves on with time. */
class Window implements Counted {
  now: Instant = Number.NEGATIVE_INFINITY
  /** Oldest first; those before `#from` have left. */
  #looks: Look[]
  #from = 0
  readonly #last = new Map<string, Instant>()

  constructor(
    readonly length: number,
    looks: readonly Look[],
  ) {
    this.#looks = [...looks]
    for (const { person, at } of looks) this.#last.set(person, at)
  }

  add(look: Look): void {
    const { person, at } = look
    if (at <= this.now - this.length) return
    insert(this.#looks, look)
    this.#last.set(person, Math.max(at, this.#last.get(person) ?? at))
  }

  moveTo(now: Instant): void {
    this.now = now
    const since = now - this.length
    for (let look = this.#looks[this.#from]; look && look.at <= since; look = this.#looks[++this.#from]) {
      if (this.#last.get(look.person) === look.at) this.#last.delete(look.person)
    }
    if (2 * this.#from <= this.#looks.length) return
    this.#looks = this.#looks.slice(this.#from)
    this.#from = 0
  }

  get size(): number {
    return this.#last.size
  }

  has(person: string): boolean {
    return this.#last.has(person)
  }

  lastLooks(): Iterable<readonly [string, Instant]> {
    return this.#last
  }
}

/** What is counted, and some more looks that nobody has told yet; they are the newest. */
export function withMore(counted: Counted, more: readonly Look[]): Counted {
  if (more.length === 0) return counted
  const newest = new Map(more.map(({ person, at }) => [person, at]))
  let others = 0
  for (const person of newest.keys()) if (!counted.has(person)) others++
  return {
    size: counted.size + others,
    has: person => counted.has(person) || newest.has(person),
    lastLooks: () => new Map([...counted.lastLooks(), ...newest]),
  }
}

/** Mostly as the last one: who tells of looks does so in order. */
function insert(looks: Look[], look: Look): void {
  let at = looks.length
  while (at > 0 && (looks[at - 1] as Look).at > look.at) at--
  if (at === looks.length) looks.push(look)
  else looks.splice(at, 0, look)
}
