/** People in an order, as many of the first as were asked for so far, kept in order while people come and go. */
import type { Changes } from './everybody'
import { firstOf } from './first-of'
import type { Seen } from './seen'

export type Order = (a: Seen, b: Seen) => number

/** Whoever asks for a page mostly asks for the next one too: so many pages are put in order at once. */
const PAGES_AHEAD = 8
/** The first few are found by themselves among more than so many times as many; else everybody is put in order at once. */
const WORTH_FINDING = 8
/** More at a time than that are as soon put in order anew. */
const MOST_CHANGES = 1_000

export class InOrder {
  /** Those that an order begins with, or everybody. */
  #first: Seen[] = []
  #whole = false

  /** @param compare an order in which no two are alike */
  constructor(readonly compare: Order) {}

  follow({ gone, come }: Changes): void {
    if (gone.length + come.length > MOST_CHANGES) {
      this.#first = []
      this.#whole = false
      return
    }
    // Whoever isn't among the first has a place behind them, where nobody is.
    for (const one of gone) this.#first.splice(this.#placeFor(one), 1)
    for (const one of come) {
      const at = this.#placeFor(one)
      // Behind the last of the first there may be others before them.
      if (at < this.#first.length || this.#whole) this.#first.splice(at, 0, one)
    }
  }

  /** The first in order: so many at least, or everybody. */
  first(least: number, all: Iterable<Seen>, count: number): readonly Seen[] {
    if (this.#whole || least <= this.#first.length) return this.#first
    const most = PAGES_AHEAD * least
    if (count <= WORTH_FINDING * most) return this.all(all)
    this.#first = firstOf(all, most, this.compare)
    return this.#first
  }

  all(all: Iterable<Seen>): readonly Seen[] {
    if (!this.#whole) this.#first = [...all].sort(this.compare)
    this.#whole = true
    return this.#first
  }

  /** How many come before or where somebody stands; who it is may have gone, or stand elsewhere by now. */
  placeBehind(one: Seen, all: Iterable<Seen>): number {
    // Behind the last of the first there may be others before them.
    if (this.#placeFor(one) === this.#first.length) this.all(all)
    const at = this.#placeFor(one)
    const there = this.#first[at]
    return there && this.compare(there, one) === 0 ? at + 1 : at
  }

  /** Behind everybody who comes before. */
  #placeFor(one: Seen): number {
    let from = 0
    let to = this.#first.length
    while (from < to) {
      const middle = (from + to) >>> 1
      if (this.compare(this.#first[middle] as Seen, one) < 0) from = middle + 1
      else to = middle
    }
    return from
  }
}
