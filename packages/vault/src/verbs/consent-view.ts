/** A consent for people to look at: its state now, its dates, its events. No contact points, no documents. */
import { hex } from '../bytes'
import type { ConsentRecord } from '../consent/consent'
import { lastsUntil } from '../consent/lasts-until'
import { lastGiven, stateAt, summaryOf } from '../consent/state'
import type { Policy } from '../policy/policy'
import type { ConsentView } from '../public'
import { formatInstant } from '../time/calendar'

export function consentView(record: ConsentRecord, policy: Policy, now: number): ConsentView<Policy> | undefined {
  const summary = summaryOf(record)
  if (!summary) return undefined
  const event = lastGiven(record)
  const { given } = summary
  const evidence = event?.evidence
  return {
    purpose: record.purpose,
    state: stateAt(summary, policy, now),
    ...(given
      ? {
          assurance: given.assurance,
          given: formatInstant(given.at),
          until: formatInstant(lastsUntil(given, policy, record.purpose) ?? given.until),
          fields: [...given.scope.fields],
          recipients: given.scope.recipients.map(({ id }) => id),
        }
      : {}),
    ...(evidence
      ? {
          evidence: {
            kind: evidence.kind,
            kept: evidence.blob !== undefined,
            ...(evidence.sha256 ? { sha256: hex(evidence.sha256) } : {}),
          },
        }
      : {}),
    events: record.events.map(({ kind, at, actor, ...rest }) => ({
      kind,
      at: formatInstant(at),
      actor,
      ...('how' in rest && rest.how !== undefined ? { how: rest.how } : {}),
    })),
  }
}
