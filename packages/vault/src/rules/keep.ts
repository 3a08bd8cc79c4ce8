/**
 * R12: how long a field is kept: until the latest expiry among the live consents whose agreed scope holds
 * it. No live consent holds it: it goes.
 */
import type { ConsentSummary, Instant } from '../consent/consent'
import type { Policy } from '../policy/policy'
import type { Day } from '../time/day'
import { bucketOf } from '../time/expiry'
import { type Known, liveConsent } from './permits'

/** Each field that may be kept, with the last day on which it may be read (its bucket). A field that isn't there must go. */
export function keepFieldsUntil(
  summaries: Iterable<ConsentSummary>,
  policy: Policy,
  now: Instant,
  known?: Known,
): Map<string, Day> {
  const days = new Map<string, Day>()
  for (const summary of summaries) {
    const live = liveConsent(summary, policy, now, known)
    if (!live) continue
    const day = bucketOf(live.until)
    for (const field of live.fields) days.set(field, Math.max(day, days.get(field) ?? day))
  }
  return days
}

/** The last day on which anything of a contact may be read; nothing if no consent is live, and it goes as a whole. */
export function contactBucket(
  summaries: Iterable<ConsentSummary>,
  policy: Policy,
  now: Instant,
  known?: Known,
): Day | undefined {
  const days = [...keepFieldsUntil(summaries, policy, now, known).values()]
  return days.length === 0 ? undefined : Math.max(...days)
}

/** Until when one consent is live; nothing if it isn't now. */
export const liveUntil = (
  summary: ConsentSummary | undefined,
  policy: Policy,
  now: Instant,
  known?: Known,
): Instant | undefined => liveConsent(summary, policy, now, known)?.until
