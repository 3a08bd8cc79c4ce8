/** Recording a consent for somebody who is here already: whoever was in quarantine leaves it. */
import type { Draft } from '../commit/draft'
import { assuranceOf, summaryOf } from '../consent/state'
import type { ContactId } from '../contact/id'
import { type PhoneReader, pointsOf } from '../contact/points'
import { VaultError } from '../errors'
import { isAtLeast } from '../policy/purpose'
import { liveUntil } from '../rules/keep'
import { refuseIfLeft } from './came-before'
import { type AnyConsent, givenEvent, record, withEvent } from './consents'
import type { Receipt } from './new-contact'

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
  const live = contact.consents.find(record => record.purpose === consent.purpose)
  const held = live && summaryOf(live)
  const better =
    held?.given && liveUntil(held, policy, now) !== undefined && !isAtLeast(assuranceOf(event), held.given.assurance)
  if (better) {
    // The last event rules: a mere claim must not put an end to what was proved.
    const message = 'is less than what proves the consent in force: bring evidence, or withdraw that one first'
    throw new VaultError('CONSENT_INVALID', { data: { issues: [{ path: 'given.evidence', message }] } })
  }
  const points = pointsOf(contact.card, policy.region, readPhone)
  refuseIfLeft(draft, points, [{ purpose: consent.purpose, at: event.at, assurance: assuranceOf(event) }])
  const next = withEvent(contact, consent.purpose, event, policy, now)
  const { quarantine: _, ...released } = next.contact
  draft.put(released)
  return record(draft, actor, id, consent.purpose, next.event)
}
