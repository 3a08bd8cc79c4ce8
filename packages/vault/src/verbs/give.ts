/** Recording a consent for somebody who is here already: whoever was in quarantine leaves it. */
import type { Draft } from '../commit/draft'
import { assuranceOf } from '../consent/state'
import type { ContactId } from '../contact/id'
import { type PhoneReader, pointsOf } from '../contact/points'
import { refuseIfLeft } from './came-before'
import { type AnyConsent, givenEvent, mustBeLast, record, withEvent } from './consents'
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
  const points = pointsOf(contact.card, policy.region, readPhone)
  refuseIfLeft(draft, points, [{ purpose: consent.purpose, at: event.at, assurance: assuranceOf(event) }])
  mustBeLast(contact, consent.purpose, event, policy, now)
  const next = withEvent(contact, consent.purpose, event, policy, now)
  const { quarantine: _, ...released } = next.contact
  draft.put(released)
  return record(draft, actor, id, consent.purpose, next.event)
}
