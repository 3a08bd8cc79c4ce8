/** Recording a consent for somebody who is here already: whoever was in quarantine leaves it. */
import type { Draft } from '../commit/draft'
import type { ConsentRecord } from '../consent/consent'
import { assuranceOf, lastGiven, summaryOf } from '../consent/state'
import type { ContactId } from '../contact/id'
import { type PhoneReader, pointsOf } from '../contact/points'
import { VaultError } from '../errors'
import { isAtLeast } from '../policy/purpose'
import { liveUntil } from '../rules/keep'
import { refuseIfLeft } from './came-before'
import { type AnyConsent, givenEvent, record, withEvent } from './consents'
import type { Receipt } from './new-contact'

/** The refusal or withdrawal that stands, if one does. */
const lastNo = (record: ConsentRecord) =>
  lastGiven(record) ? undefined : record.events.findLast(({ kind }) => kind === 'refused' || kind === 'withdrawn')

/** @throws VaultError `UNKNOWN_CONTACT`, `SUPPRESSED` and what `givenEvent` throws */
export async function planConsent(
  draft: Draft,
  id: ContactId,
  consent: AnyConsent,
  actor: string,
  readPhone: PhoneReader,
): Promise<Receipt> {
  const { policy, now } = draft
  const contact = await draft.needContact(id)
  const event = givenEvent(consent, policy, now, actor)
  const before = contact.consents.find(record => record.purpose === consent.purpose)
  const held = before && summaryOf(before)
  const better =
    held?.given && liveUntil(held, policy, now) !== undefined && !isAtLeast(assuranceOf(event), held.given.assurance)
  if (better) {
    // The last event rules: a mere claim must not put an end to what was proved.
    const message = 'is less than what proves the consent in force: bring evidence, or withdraw that one first'
    throw new VaultError('CONSENT_INVALID', { data: { issues: [{ path: 'given.evidence', message }] } })
  }
  const points = pointsOf(contact.card, policy.region, readPhone)
  refuseIfLeft(draft, points, [{ purpose: consent.purpose, at: event.at, assurance: assuranceOf(event) }])
  const no = before && lastNo(before)
  if (no && event.at < no.at) {
    // The last event rules: what came to light late must not put an end to what they said since.
    const message = 'lies before they refused or took it back: that is the last thing they are known to have said'
    throw new VaultError('CONSENT_INVALID', { data: { issues: [{ path: 'given.at', message }] } })
  }
  const next = withEvent(contact, consent.purpose, event, policy, now)
  const { quarantine: _, ...released } = next.contact
  draft.put(released)
  return record(draft, actor, id, consent.purpose, next.event)
}
