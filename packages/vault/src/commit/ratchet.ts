/**
 * The ratchet: one secret a day, each derived from the one before and never back. What is sealed for a day can't be
 * opened once the ratchet stands beyond it, by anybody.
 */
import { derive, Secret } from '@amanat/crypto'
import type { Day } from '../time/day'

/** A hundred years: no purpose keeps longer, and no tampered tick makes us hash for minutes. */
export const MAX_DAYS_AHEAD = 36_600

export const stepped = (ratchet: Secret<'ratchet'>): Secret<'ratchet'> => derive('amanat/ratchet/1', ratchet)

/** @throws RangeError when the way is longer than a hundred years or leads back. */
export function advanced(ratchet: Secret<'ratchet'>, from: Day, to: Day): Secret<'ratchet'> {
  if (to < from || to - from > MAX_DAYS_AHEAD)
    throw new RangeError('the ratchet steps forward only, and at most a hundred years')
  let at = Secret.of<'ratchet'>(ratchet.expose())
  for (let day = from; day < to; day++) {
    const next = stepped(at)
    at.wipe()
    at = next
  }
  return at
}

/** The ratchet of an open vault, with the days ahead that were needed so far. */
export class DayKeys {
  readonly #chain: Secret<'ratchet'>[]
  readonly #keys = new Map<Day, Secret<'day'>>()

  constructor(
    readonly tick: Day,
    ratchet: Secret<'ratchet'>,
  ) {
    this.#chain = [Secret.of<'ratchet'>(ratchet.expose())]
  }

  /** The key of a day, or undefined for one that has passed or lies beyond a hundred years. */
  of(day: Day): Secret<'day'> | undefined {
    if (day < this.tick || day - this.tick > MAX_DAYS_AHEAD) return undefined
    const known = this.#keys.get(day)
    if (known) return known
    while (this.#chain.length <= day - this.tick) {
      this.#chain.push(stepped(this.#chain[this.#chain.length - 1] as Secret<'ratchet'>))
    }
    const key = derive<'day'>('amanat/day/1', this.#chain[day - this.tick] as Secret<'ratchet'>)
    this.#keys.set(day, key)
    return key
  }

  wipe(): void {
    for (const secret of this.#chain) secret.wipe()
    for (const secret of this.#keys.values()) secret.wipe()
    this.#chain.length = 0
    this.#keys.clear()
  }
}
