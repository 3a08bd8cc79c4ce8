/** R3, R5: how long a given consent lasts under today's policy. What it permits until then is for the rules to say. */
import type { Policy } from '../policy/policy'
import { findPurpose } from '../policy/purpose'
import { addDuration } from '../time/calendar'
import { roundExpiry } from '../time/expiry'
import type { ConsentSummary, Instant } from './consent'

type Given = NonNullable<ConsentSummary['given']>

/**
 * When a given consent is over: at the date agreed on, or sooner where today's policy keeps people for less
 * time than was agreed, counted from the day it was given. Nothing if the purpose is gone.
 */
export function lastsUntil(given: Given, policy: Policy, purpose: string): Instant | undefined {
  const spec = findPurpose(policy, purpose)
  if (!spec) return undefined
  const today = addDuration(given.at, spec.keepFor)
  // Rounded as on the day it was given, so that the date doesn't move as it comes closer.
  return today >= given.until ? given.until : Math.min(given.until, roundExpiry(today, given.at))
}
