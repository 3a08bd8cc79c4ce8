/**
 * A map that never changes: what differs from it is a new one, which shares almost everything with the old. A map of all
 * pages copied at every commit would make each commit dearer the more people there are.
 */

/** So many differences, and one for so many entries, are copied each time; then all is laid into one map again. */
const MOST_OVER = 256
const ENTRIES_FOR_ONE = 8

export class Layered<V> {
  readonly #base: ReadonlyMap<string, V>
  /** What differs from the base; undefined: not there. */
  readonly #over: ReadonlyMap<string, V | undefined>

  constructor(base: ReadonlyMap<string, V>, over: ReadonlyMap<string, V | undefined> = new Map()) {
    this.#base = base
    this.#over = over
  }

  get(key: string): V | undefined {
    return this.#over.has(key) ? this.#over.get(key) : this.#base.get(key)
  }

  /** Whatever is still held, in no order: also what is not there any more. */
  *held(): Generator<V, void, void> {
    yield* this.#base.values()
    for (const value of this.#over.values()) if (value !== undefined) yield value
  }

  /** With these changes, one after the other. */
  with(changes: Iterable<readonly [key: string, value: V | undefined]>): Layered<V> {
    const over = new Map(this.#over)
    for (const [key, value] of changes) over.set(key, value)
    if (over.size <= MOST_OVER + this.#base.size / ENTRIES_FOR_ONE) return new Layered(this.#base, over)
    const whole = new Map(this.#base)
    for (const [key, value] of over) {
      if (value === undefined) whole.delete(key)
      else whole.set(key, value)
    }
    return new Layered(whole)
  }
}
