/**
 * What an app hands in besides its store: a clock and a source of randomness. One that throws, or gives no time or too few
 * bytes, is told by a code like whatever else the surroundings fail in; whether it is right nobody can know.
 */
import type { Randomness } from '@amanat/crypto'
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
