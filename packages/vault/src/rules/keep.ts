/**
 * R12: how long a field is kept: until the latest expiry among the live consents whose agreed scope holds
 * it. No live consent holds it: it goes.
 *
 * A consent that permits nothing for the moment still keeps what it covers: a claim for a special purpose has its 30
 * days to be proved, and people who agreed with a controller that has since changed its name are not forgotten over
 * it, only out of reach until it is recorded as the same one.
 */
import type { ConsentSummary, Instant } from '../consent/consent'
import { lastsUntil } from '../consent/lasts-until'
import type { Policy } from '../policy/policy'
import type { Day } from '../time/day'
import { bucketOf } from '../time/expiry'
import { agreedFields } from './permits'

/** Each field that may be kept, with the last day on which it may be read (its bucket). A field that isn't there must go. */
export function keepFieldsUntil(summaries: Iterable<ConsentSummary>, policy: Policy, now: Instant): Map<string, Day> {
  const days = new Map<string, Day>()
  for (const summary of summaries) {
    const until = liveUntil(summary, policy, now)
    if (until === undefined || !summary.given) continue
    const day = bucketOf(until)
    for (const field of agreedFields(summary.given, policy, summary.purpose)) {
      days.set(field, Math.max(day, days.get(field) ?? day))
    }
  }
  return days
}

/** Until when one consent is live; nothing if it isn't now. */
export function liveUntil(summary: ConsentSummary | undefined, policy: Policy, now: Instant): Instant | undefined {
  if (summary?.state !== 'given' || !summary.given) return undefined
  const until = lastsUntil(summary.given, policy, summary.purpose)
  if (until === undefined || now >= until) return undefined
  return agreedFields(summary.given, policy, summary.purpose).length === 0 ? undefined : until
}
