/** For tests of apps: a clock that is moved, a store in memory, a key that costs nothing to derive, randomness that is the same each time. */
import { type Randomness, secretKey, sha256, type Unlock } from '@amanat/crypto'
import { utf8 } from './bytes'
import { addDuration, parseInstant } from './time/calendar'
import type { Clock } from './time/now'

export { type MemoryMedium, type MemoryStore, memoryMedium, memoryStore } from '@amanat/store-contract/memory'

export interface FakeClock extends Clock {
  /** Moves on by an ISO 8601 duration; resolves when everything that was due, the automatic purge included, is done. */
  advance(duration: string): Promise<void>
  /**
   * Jumps, in either direction, as somebody who sets a device's clock does: nothing that was due in between runs. Set back, it
   * calls whoever waits when it is next moved on.
   */
  set(instant: string): void
}

interface Timer {
  readonly instant: number
  readonly run: () => Promise<void>
}

/** @param start ISO 8601; default 2026-03-01T09:00:00Z */
export function fakeClock(start = '2026-03-01T09:00:00Z'): FakeClock {
  let now = parseInstant(start)
  const due = new Set<Timer>()
  /** Those that the clock was set back under. */
  let early: Timer[] = []
  return {
    now: () => now,
    at(instant, run) {
      const timer = { instant, run }
      due.add(timer)
      return () => due.delete(timer)
    },
    async advance(duration) {
      for (const timer of early) if (due.delete(timer)) await timer.run()
      early = []
      const end = addDuration(now, duration)
      for (;;) {
        const next = [...due].filter(timer => timer.instant <= end).sort((a, b) => a.instant - b.instant)[0]
        if (!next) break
        due.delete(next)
        now = Math.max(now, next.instant)
        await next.run()
      }
      now = end
    },
    set(instant) {
      const next = parseInstant(instant)
      if (next < now) early = [...due]
      now = next
    },
  }
}

/** The same key each time, without a key derivation: never for anything but tests. */
export const testKey = (number = 1): Unlock => secretKey(new Uint8Array(32).fill(number))

/**
 * The same bytes in each run, for `createVault`. Of those who left, short fingerprints stay, and one innocent contact point in a
 * hundred is stopped by them: a test in which somebody leaves and others come would meet that once in so many runs. Never
 * for anything but tests, and not for `openVault`: two vault objects that draw the same write the same ids.
 *
 * @param seed another one: other bytes
 */
export function testRandomness(seed = 1): Randomness {
  let draw = 0
  return length => {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += 32) {
      bytes.set(sha256(utf8(`${seed}:${draw++}`)).subarray(0, length - at), at)
    }
    return bytes
  }
}
