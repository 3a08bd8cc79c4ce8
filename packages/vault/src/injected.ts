/**
 * What an app hands in: a store, a clock and a source of randomness. A clock that throws or gives no time, and randomness of too
 * few bytes, are told by a code like whatever else the surroundings fail in; whether they are right nobody can know.
 */
import type { Randomness } from '@amanat/crypto'
import type { Store } from '@amanat/store-contract'
import { VaultError } from './errors'
import { isInstant } from './time/calendar'
import type { Clock } from './time/now'

function asked<T>(what: string, ask: () => T, works: (answer: T) => boolean): T {
  let answer: T
  try {
    answer = ask()
  } catch (cause) {
    throw new VaultError('UNSUPPORTED', { data: { what }, cause })
  }
  if (!works(answer)) throw new VaultError('UNSUPPORTED', { data: { what } })
  return answer
}

/** @throws TypeError for what is no store, such as the name of a folder */
export function checkedStore(store: Store): Store {
  const opens = (store as Partial<Store> | undefined)?.open
  if (typeof opens !== 'function')
    throw new TypeError('a store is made by disk(…), indexedDb(…) or another package for one')
  return store
}

export const soundClock = (clock: Clock): Clock => ({
  // Whole milliseconds: a clock made of `performance.now()` has parts of them.
  now: () => Math.floor(asked('a clock that tells the time', () => clock.now(), isInstant)),
  at: (instant, run) =>
    asked(
      'a clock that wakes',
      () => clock.at(instant, run),
      cancel => typeof cancel === 'function',
    ),
})

export const soundRandomness =
  (randomness: Randomness): Randomness =>
  length =>
    asked(
      'a source of randomness',
      () => randomness(length),
      bytes => bytes instanceof Uint8Array && bytes.length === length,
    )
