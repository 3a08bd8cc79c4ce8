/**
 * R16: time never runs backwards in a vault. A clock set back changes nothing; a clock that jumped
 * ahead further than is plausible hides what it would expire, and destroys nothing until somebody
 * says that the time is right, for else a wrong clock would erase a vault.
 */
import type { Duration } from '../policy/policy'
import { addDuration } from './calendar'

/**
 * What time it is.
 *
 * `jumped`: the clock is more than `maxJump` (an ISO 8601 duration, or milliseconds) ahead of the latest
 * time this vault has seen. `now` is then the clock all the same: what would have expired is hidden. It
 * must not be stored as seen, and nothing may be destroyed for it.
 *
 * @throws TypeError if the clock isn't a number: no answer of a rule may rest on it.
 */
export function observe({
  clock,
  lastSeen,
  maxJump,
}: {
  /** What the device says, in milliseconds since 1970. */
  clock: number
  /** The latest time this vault has seen; nothing when it is new. */
  lastSeen?: number | undefined
  maxJump: Duration | number
}): { now: number; jumped: boolean } {
  if (!Number.isFinite(clock)) throw new TypeError('the clock gave no time')
  if (lastSeen === undefined) return { now: clock, jumped: false }
  const plausible = typeof maxJump === 'number' ? lastSeen + maxJump : addDuration(lastSeen, maxJump)
  return { now: Math.max(clock, lastSeen), jumped: clock > plausible }
}
