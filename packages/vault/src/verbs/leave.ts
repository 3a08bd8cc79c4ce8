/** Leaving: a consent taken back, a person removed, somebody who isn't here and doesn't want to be (R18 to R20). */
import type { Draft } from '../commit/draft'
import { stateAt, summaryOf } from '../consent/state'
import type { HeldContact } from '../contact/held'
import { type ContactId, contactIdBytes } from '../contact/id'
import { type PhoneReader, type Point, pointsOf } from '../contact/points'
import { cutContact } from '../contact/slice'
import { VaultError } from '../errors'
import { hexId } from '../hex-id'
import { purposeIn } from '../policy/purpose'
import { formatInstant } from '../time/calendar'
import { rememberLeft } from './came-before'
import { otherEvent, record, withEvent } from './consents'
import type { Given, Receipt } from './new-contact'

/** What can't be read any more, and first what that doesn't reach. A plain record for now. */
export interface Statement {
  readonly type: 'erasure'
  readonly vault: string
  readonly contact: ContactId
  readonly at: string
  readonly controller: string
  readonly notReached: readonly string[]
  readonly forgotten: readonly string[]
  /** The epoch whose secret was overwritten; verified by reading the cell back. */
  readonly epoch: number
}

/**
 * Puts a contact back as what its consents still hold; when that is nothing, it goes as a whole.
 * Answers whether anything is left.
 */
function putOrForget(draft: Draft, contact: HeldContact, actor: string): boolean {
  const { policy, catalogue, now, today } = draft
  const left = cutContact(contact, policy, catalogue, now, today)
  if (left.length > 0) {
    draft.put(contact)
    return true
  }
  draft.remove(contact.id)
  draft.note({ type: 'contact-forgotten', actor, contacts: 1 })
  return false
}

/** @throws VaultError `UNKNOWN_CONTACT`, `UNKNOWN_PURPOSE` */
export async function planWithdraw(
  draft: Draft,
  id: ContactId,
  purpose: string | undefined,
  how: Given | string | undefined,
  actor: string,
  readPhone: PhoneReader,
): Promise<Receipt[]> {
  const { policy, now } = draft
  if (purpose !== undefined) purposeIn(policy, purpose)
  let contact = await draft.needContact(id)
  const given = contact.consents.filter(consent => {
    const summary = summaryOf(consent)
    return summary !== undefined && stateAt(summary, policy, now) === 'given'
  })
  const taken = given.filter(consent => purpose === undefined || consent.purpose === purpose)
  const points = pointsOf(contact.card, policy.region, readPhone)
  if (contact.quarantine && purpose === undefined) {
    // Nobody waits to be asked who has said stop: there is no consent to take back, so all of it is.
    draft.willForget()
    rememberLeft(draft, points)
    draft.remove(id)
    draft.note({ type: 'contact-erased', actor, contact: contactIdBytes(id) as Uint8Array })
    return []
  }
  if (taken.length > 0) draft.willForget()
  const receipts: Receipt[] = []
  for (const consent of taken) {
    const next = withEvent(contact, consent.purpose, otherEvent('withdrawn', how, now, actor), policy, now)
    contact = next.contact
    receipts.push(record(draft, actor, id, consent.purpose, next.event))
    rememberLeft(draft, points, consent.purpose)
  }
  if (taken.length > 0) putOrForget(draft, contact, actor)
  return receipts
}

/** A no is recorded like a yes. One that comes after a yes takes it back. */
export async function planRefuse(
  draft: Draft,
  id: ContactId,
  purpose: string,
  how: Given | string | undefined,
  actor: string,
  readPhone: PhoneReader,
): Promise<Receipt> {
  const { policy, now } = draft
  purposeIn(policy, purpose)
  const contact = await draft.needContact(id)
  const before = contact.consents.find(consent => consent.purpose === purpose)
  const summary = before && summaryOf(before)
  const held = summary !== undefined && stateAt(summary, policy, now) === 'given'
  const next = withEvent(contact, purpose, otherEvent('refused', how, now, actor), policy, now)
  const receipt = record(draft, actor, id, purpose, next.event)
  if (held) rememberLeft(draft, pointsOf(contact.card, policy.region, readPhone), purpose)
  putOrForget(draft, next.contact, actor)
  return receipt
}

/** @throws VaultError `UNKNOWN_CONTACT` */
export async function planErase(
  draft: Draft,
  id: ContactId,
  suppress: boolean,
  actor: string,
  readPhone: PhoneReader,
): Promise<Statement> {
  const contact = await draft.needContact(id)
  const { policy, opened } = draft
  draft.willForget()
  if (suppress) rememberLeft(draft, pointsOf(contact.card, policy.region, readPhone))
  draft.remove(id)
  draft.note({ type: 'contact-erased', actor, contact: contactIdBytes(id) as Uint8Array })
  return {
    type: 'erasure',
    vault: hexId(opened.vaultId),
    contact: id,
    at: formatInstant(draft.now),
    controller: policy.controller.name,
    notReached: [
      'what was exported, delivered, printed or photographed before',
      'backups and copies of the storage and the cell made before',
      ...(suppress
        ? ['a short fingerprint of each contact point, kept so that an import cannot bring the person back']
        : []),
    ],
    forgotten: ['the card', 'the consents and their evidence', 'the index'],
    epoch: opened.epoch + 1,
  }
}

/** Somebody who isn't here and doesn't want to be. */
export function planSuppress(draft: Draft, points: readonly Point[], actor: string): void {
  if (points.length === 0) {
    throw new VaultError('CARD_INVALID', {
      data: { issues: [{ path: '', message: 'must be a phone or an e-mail address' }] },
    })
  }
  rememberLeft(draft, points)
  draft.note({ type: 'suppressed', actor, count: points.length })
}
