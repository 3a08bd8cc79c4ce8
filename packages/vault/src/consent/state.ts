/**
 * What a list of events comes down to (R5, R7). Everything here is derived: there is no way to set a state
 * or an assurance by hand.
 */
import type { Assurance, Policy } from '../policy/policy'
import { addDuration } from '../time/calendar'
import { roundExpiry } from '../time/expiry'
import type { ConsentRecord, ConsentState, ConsentSummary, GivenEvent, Instant } from './consent'
import { lastsUntil } from './lasts-until'

/** How long a claim lasts: time to get evidence or an answer (R7). */
export const CLAIM_LASTS = 'P30D'

/**
 * How well a given event is proved on its own (R7): `confirmed` if the person answered a challenge,
 * `evidenced` if the document itself is kept. A hash or a reference alone is a claim.
 */
export function assuranceOf(event: GivenEvent): Assurance {
  if (event.confirmed) return 'confirmed'
  return event.evidence?.blob ? 'evidenced' : 'claimed'
}

/** The event that permits something: the last one given or renewed, unless a refusal or withdrawal came after it. */
export function lastGiven(record: ConsentRecord): GivenEvent | undefined {
  for (const event of record.events.toReversed()) {
    if (event.kind === 'given' || event.kind === 'renewed') return event
    if (event.kind === 'refused' || event.kind === 'withdrawn') return undefined
  }
  return undefined
}

/**
 * What the rules need of a consent; nothing for a record without events.
 *
 * The last event decides, also where an earlier one was proved better or ran longer: it is the latest thing
 * that the person is known to have said. Being asked again leaves a given consent as it is.
 */
export function summaryOf({ purpose, events }: ConsentRecord): ConsentSummary | undefined {
  const given = lastGiven({ purpose, events })
  if (!given) {
    const last = events.findLast(event => event.kind !== 'lowered')
    if (!last) return undefined
    // Asked again after a refusal or a withdrawal: it stands until they answer.
    const stands = events.findLast(event => event.kind === 'refused' || event.kind === 'withdrawn')
    return { purpose, state: (stands ?? last).kind as 'requested' | 'refused' | 'withdrawn' }
  }
  const { at, scope } = given
  const lowered = events.slice(events.indexOf(given)).find(event => event.kind === 'lowered')
  const assurance = lowered ? assuranceOf(withoutConfirmation(given)) : assuranceOf(given)
  const until = assurance === 'claimed' ? Math.min(given.until, claimUntil(lowered?.at ?? at)) : given.until
  return { purpose, state: 'given', given: { at, until, assurance, scope } }
}

/** When a claim made then is over, rounded (R4, R7). */
export const claimUntil = (at: Instant): Instant => roundExpiry(addDuration(at, CLAIM_LASTS), at)

/** The state as of now: a given consent that is over has `expired`, though no event says so yet. */
export function stateAt(summary: ConsentSummary, policy: Policy, now: Instant): ConsentState {
  if (summary.state !== 'given' || !summary.given) return summary.state
  return now < (lastsUntil(summary.given, policy, summary.purpose) ?? summary.given.until) ? 'given' : 'expired'
}

const withoutConfirmation = ({ confirmed: _, ...event }: GivenEvent): GivenEvent => event
