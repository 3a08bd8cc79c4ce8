/**
 * Bringing somebody in: the card is checked, the consents become events, people who left are stopped, and what no
 * consent covers stays outside. Without a consent: into quarantine, with a name and ways to ask, and nothing else.
 * Everything that can be refused is, before the draft is touched.
 */
import type { Draft } from '../commit/draft'
import { pointFingerprint } from '../commit/head-slice'
import type { ConsentEvent, GivenEvent } from '../consent/consent'
import { assuranceOf } from '../consent/state'
import { checkCard } from '../contact/check-card'
import { type HeldContact, MAY_ASK } from '../contact/held'
import { type ContactId, contactIdBytes, contactIdOf, newContactId } from '../contact/id'
import type { Card } from '../contact/jscontact'
import { takeOutMedia } from '../contact/media'
import { type PhoneReader, POINT_KINDS, type Point, pointsOf } from '../contact/points'
import { VaultError } from '../errors'
import type { Assurance, Policy } from '../policy/policy'
import { fieldsOf } from '../rules/declared'
import { quarantineRefusals, quarantineUntil } from '../rules/quarantine'
import { cutCard } from '../rules/read'
import { startOf } from '../time/day'
import { refuseIfLeft, refuseIfQuarantinedBefore, rememberQuarantined } from './came-before'
import { type AnyConsent, givenEvent, mustBeLast, noteEvent, record, withEvent } from './consents'
import type { Added, NewContact, Receipt } from './new-contact'

const MAX_REF_BYTES = 512
const MAX_SOURCE_BYTES = 512
/** Who is named as perhaps the same, for each contact point: a switchboard's number may be everybody's. */
const MOST_SAME = 20

/** @param receipts whether they are written: whoever adds many shows none */
export function planAdd(
  draft: Draft,
  input: NewContact<Policy>,
  actor: string,
  readPhone: PhoneReader,
  receipts = true,
): Added {
  const { policy, now } = draft
  if (typeof input !== 'object' || input === null) throw cardInvalid('', 'must be a contact: card, consents, source')
  const ref = checkedRef(input.ref)
  const known = ref === undefined ? undefined : byPoint(draft, { kind: 'ref', value: ref })[0]
  if (known)
    return { id: known, outcome: 'known', quarantined: false, receipts: [], assurance: {}, notKept: [], maybeSame: [] }

  const card = checkCard(input.card, policy)
  const source = checkedSource(input.source)
  if (input.sources !== undefined && (typeof input.sources !== 'object' || input.sources === null))
    throw cardInvalid('sources', 'must be texts by path')
  const consents = input.consents ?? []
  if (!Array.isArray(consents)) throw consentInvalid('consents', 'must be a list')
  const events = consents.map(consent => ({ consent, event: givenEvent(consent as AnyConsent, policy, now, actor) }))
  const points = pointsOf(card, policy.region, readPhone)
  const given = events.map(({ consent, event }) => ({
    purpose: consent.purpose,
    at: event.at,
    assurance: assuranceOf(event),
  }))
  refuseIfLeft(draft, points, given)
  const quarantined = events.length === 0
  if (quarantined) checkQuarantine(draft, input, card, points)

  const covered = new Set(events.flatMap(({ event }) => event.scope.fields))
  const notKept = quarantined ? [] : fieldsOf(card).filter(field => !covered.has(field))
  const kept = quarantined ? card : cutCard(card, covered)
  const { card: plain, media } = takeOutMedia(kept)
  const id = newContactId(draft.opened.randomness)
  const maybeSame = [...new Set(points.flatMap(point => byPoint(draft, point, MOST_SAME)))]
  let contact: HeldContact = {
    id,
    revision: 1,
    created: now,
    card: plain,
    sources: sourcesOf(kept, source, input.sources),
    consents: [],
    ...(ref === undefined ? {} : { ref }),
    ...(media ? { media } : {}),
    ...(quarantined ? { quarantine: stay(draft, input, maybeSame) } : {}),
  }

  const recorded: { readonly purpose: string; readonly event: ConsentEvent }[] = []
  for (const { consent, event } of events) {
    mustBeLast(contact, consent.purpose, event, policy, now)
    const next = withEvent(contact, consent.purpose, event, policy, now)
    contact = next.contact
    recorded.push({ purpose: consent.purpose, event: next.event })
  }
  // The last thing that can refuse, and the first that changes the draft.
  draft.put(contact)

  const bytes = contactIdBytes(id) as Uint8Array
  draft.note(
    quarantined ? { type: 'quarantined', actor, contact: bytes } : { type: 'contact-added', actor, contact: bytes },
  )
  const written: Receipt[] = []
  for (const { purpose, event } of recorded) {
    if (receipts) written.push(record(draft, actor, id, purpose, event))
    else noteEvent(draft, actor, bytes, purpose, event)
  }
  const assurance: Record<string, Assurance> = {}
  for (const { purpose, event } of recorded) assurance[purpose] = assuranceOf(event as GivenEvent)
  if (quarantined) rememberQuarantined(draft, points)
  rememberPoints(draft, ref === undefined ? points : [...points, { kind: 'ref', value: ref }], id)
  return {
    id,
    outcome: quarantined ? 'quarantined' : 'added',
    quarantined,
    receipts: written,
    assurance,
    notKept,
    maybeSame,
  }
}

function checkQuarantine(draft: Draft, { mayAsk }: NewContact<Policy>, card: Card, points: readonly Point[]): void {
  const fields = quarantineRefusals(card)
  if (fields.length > 0) throw new VaultError('NOT_IN_QUARANTINE', { data: { fields } })
  if (mayAsk !== undefined && !MAY_ASK.includes(mayAsk)) {
    throw consentInvalid('mayAsk', `must be one of ${MAY_ASK.join(', ')}`)
  }
  refuseIfQuarantinedBefore(draft, points)
}

/** Somebody who perhaps waits here already waits no longer for being brought in again. */
const stay = (draft: Draft, { mayAsk }: NewContact<Policy>, maybeSame: readonly ContactId[]) => ({
  since: draft.now,
  until: Math.min(quarantineUntil(draft.policy, draft.now), ...maybeSame.flatMap(id => quarantineEnds(draft, id))),
  ...(mayAsk === undefined ? {} : { mayAsk }),
})

/** When the quarantine of somebody who is here ends; nothing if they are not in it. */
function quarantineEnds(draft: Draft, id: ContactId): number[] {
  const drafted = draft.contacts.get(id)
  if (drafted) return drafted.quarantine ? [drafted.quarantine.until] : []
  const { index } = draft.opened
  return index
    .slicesOf(index.numberOf(contactIdBytes(id) as Uint8Array))
    .flatMap(({ head, slot, bucket }) => (head.isQuarantined(slot) ? [startOf(bucket + 1)] : []))
}

/**
 * Contacts that have a point, or so many of them, those of this draft included. Who is here and not here for which purpose
 * isn't asked.
 */
export function byPoint(draft: Draft, point: Point, most = Number.POSITIVE_INFINITY): ContactId[] {
  const { index, root } = draft.opened
  const drafted = draft.byPoint(keyOf(point))
  const held = index.byPoint(POINT_KINDS[point.kind], pointFingerprint(root.pointKey, point), most)
  if (!drafted && held.length === 0) return []
  const found = new Set<ContactId>()
  for (const id of drafted ?? []) {
    if (found.size >= most) break
    found.add(id)
  }
  for (const number of held) {
    if (found.size >= most) break
    const id = contactIdOf(index.idOf(number))
    // One that this draft removes is not here any more.
    if (!draft.contacts.has(id) || draft.contacts.get(id)) found.add(id)
  }
  return [...found]
}

export function rememberPoints(draft: Draft, points: readonly Point[], id: ContactId): void {
  for (const point of points) draft.rememberPoint(keyOf(point), id)
}

const keyOf = (point: Point): string => `${point.kind}:${point.value}`

/** Each contact point by its path; the same source for all that the caller says nothing else of. */
export function sourcesOf(
  card: Card,
  source: string,
  others: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const sources: Record<string, string> = {}
  for (const field of ['phones', 'emails', 'onlineServices', 'addresses'] as const) {
    for (const key of Object.keys(card[field] ?? {})) {
      const path = `${field}/${key}`
      sources[path] = Object.hasOwn(others, path) ? checkedSource(others[path]) : source
    }
  }
  return sources
}

function checkedRef(ref: string | undefined): string | undefined {
  if (ref === undefined) return undefined
  if (typeof ref !== 'string' || ref === '' || ref.length > MAX_REF_BYTES) {
    throw cardInvalid('ref', `must be 1 to ${MAX_REF_BYTES} characters`)
  }
  return ref
}

function checkedSource(source: string | undefined): string {
  if (typeof source !== 'string' || source.trim() === '' || source.length > MAX_SOURCE_BYTES) {
    throw cardInvalid('source', `must say in 1 to ${MAX_SOURCE_BYTES} characters where the contact came from`)
  }
  return source
}

const cardInvalid = (path: string, message: string) =>
  new VaultError('CARD_INVALID', { data: { issues: [{ path, message }] } })

const consentInvalid = (path: string, message: string) =>
  new VaultError('CONSENT_INVALID', { data: { issues: [{ path, message }] } })
