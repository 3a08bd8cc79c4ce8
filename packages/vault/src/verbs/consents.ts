/** Consent events: given, renewed, refused, withdrawn, from what a caller says to what is recorded, and the receipts of it. */
import { sha256 } from '@amanat/crypto'
import { hex } from '../bytes'
import type { Draft } from '../commit/draft'
import type { ConsentEvent, ConsentRecord, Evidence, GivenEvent, OtherEvent } from '../consent/consent'
import { givenUntil, scopeFrom } from '../consent/give'
import { assuranceOf, lastGiven, stateAt, summaryOf } from '../consent/state'
import { nameable } from '../contact/check-card'
import type { HeldContact } from '../contact/held'
import { type ContactId, contactIdBytes } from '../contact/id'
import { VaultError } from '../errors'
import { hexId } from '../hex-id'
import type { Policy } from '../policy/policy'
import { isAtLeast, purposeIn } from '../policy/purpose'
import { noticeShown } from '../policy/record'
import { liveUntil } from '../rules/keep'
import { formatInstant, parseInstant } from '../time/calendar'
import type { Given, NewConsent, NewEvidence, Receipt } from './new-contact'

/** Any policy's consent: the rules look names up at run time anyway. */
export type AnyConsent = NewConsent<Policy>

/** The largest document that is kept as evidence: a few scanned pages. */
const MAX_EVIDENCE_BYTES = 8 * 1024 * 1024

/**
 * The event that a caller's words come down to.
 * @throws VaultError `UNKNOWN_PURPOSE`, `UNKNOWN_RECIPIENT`, `UNKNOWN_NOTICE`, `FIELD_NOT_DECLARED`, `CONSENT_INVALID`,
 * `EXPIRES_TOO_SOON`
 */
export function givenEvent(consent: AnyConsent, policy: Policy, now: number, actor: string): GivenEvent {
  if (typeof consent !== 'object' || consent === null) throw invalid('', 'must be a consent')
  const { given } = consent
  const spec = purposeIn(policy, consent.purpose)
  if (typeof given !== 'object' || given === null) throw invalid('given', 'must say how it was given')
  for (const path of ['recipients', 'fields'] as const) {
    const words: unknown = consent[path]
    if (words !== undefined && !(Array.isArray(words) && words.every(word => typeof word === 'string')))
      throw invalid(path, 'must be a list of words')
  }
  // Who agreed to nothing agreed to nothing: kept as a yes it would hold no field, nor the person.
  if (consent.fields?.length === 0) throw invalid('fields', 'must name a field; left out, it is all of the purpose')
  const outside = consent.fields?.filter(field => !spec.fields.includes(field)) ?? []
  // R37: what is unknown is not repeated unless it can't be about anybody.
  if (outside.length > 0) throw new VaultError('FIELD_NOT_DECLARED', { data: { fields: outside.map(nameable) } })
  if (given.by !== undefined && given.by !== 'person' && given.by !== 'guardian')
    throw invalid('given.by', 'must be person or guardian')
  if (given.evidence !== undefined && (typeof given.evidence?.kind !== 'string' || given.evidence.kind === ''))
    throw invalid('given.evidence.kind', 'must say what kind of evidence it is')
  const scope = scopeFrom(policy, consent.purpose, consent.recipients, consent.fields)
  const at = given.at === undefined ? now : instant(given.at, 'given.at')
  const authorityUntil =
    given.authorityUntil === undefined ? undefined : instant(given.authorityUntil, 'given.authorityUntil')
  if (given.by === 'guardian' && !given.authority)
    throw invalid('given.authority', 'must say with what authority a guardian acts')
  if (typeof given.how !== 'string' || given.how.trim() === '') throw invalid('given.how', 'must say how it was given')
  for (const [path, text, most] of [
    ['given.how', given.how, 100],
    ['given.words', given.words, 1_000],
    ['given.authority', given.authority, 300],
    ['given.evidence.kind', given.evidence?.kind, 100],
    ['given.evidence.reference', given.evidence?.reference, 300],
    ['given.evidence.mediaType', given.evidence?.mediaType, 100],
  ] as const) {
    if (text !== undefined && (typeof text !== 'string' || text.length > most))
      throw invalid(path, `must be text of at most ${most} characters`)
  }
  const event = {
    kind: 'given' as const,
    at,
    recorded: now,
    actor,
    by: given.by ?? ('person' as const),
    how: given.how,
    scope,
    ...(given.words === undefined ? {} : { words: given.words }),
    ...(given.authority === undefined ? {} : { authority: given.authority }),
    ...(authorityUntil === undefined ? {} : { authorityUntil }),
    ...(consent.notice === undefined ? {} : { notice: noticeShown(policy, consent.notice, consent.language) }),
    ...(given.evidence === undefined ? {} : { evidence: evidenceOf(given.evidence) }),
  }
  const until = givenUntil({
    at,
    keepFor: spec.keepFor,
    until: consent.until === undefined ? undefined : instant(consent.until, 'until'),
    assurance: assuranceOf({ ...event, until: 0 }),
    authorityUntil,
    now,
  })
  return { ...event, until }
}

function evidenceOf({ kind, content, mediaType, reference }: NewEvidence): Evidence {
  if (content === undefined) return { kind, ...(reference === undefined ? {} : { reference }) }
  if (!(content instanceof Uint8Array) || content.length === 0)
    throw invalid('given.evidence.content', 'must be the bytes of a document')
  if (content.length > MAX_EVIDENCE_BYTES)
    throw invalid('given.evidence.content', `must be at most ${MAX_EVIDENCE_BYTES} bytes`)
  return {
    kind,
    sha256: sha256(content),
    blob: { content: content.slice(), ...(mediaType === undefined ? {} : { mediaType }) },
    ...(reference === undefined ? {} : { reference }),
  }
}

/** A refusal or a withdrawal, or that somebody was asked. */
export function otherEvent(
  kind: OtherEvent['kind'],
  how: Given | string | undefined,
  now: number,
  actor: string,
): OtherEvent {
  const { how: words, at: when } =
    typeof how === 'string' ? { how, at: undefined } : (how ?? { how: undefined, at: undefined })
  const at = when === undefined ? now : instant(when, 'at')
  if (at > now) throw invalid('at', 'lies in the future')
  if (words !== undefined && (typeof words !== 'string' || words.length > 100))
    throw invalid('how', 'must be text of at most 100 characters')
  return { kind, at, recorded: now, actor, ...(words === undefined ? {} : { how: words }) }
}

/**
 * The last event rules, as the latest thing that the person is known to have said: so what was given before it, or is proved
 * less well, must not become the last.
 *
 * @throws VaultError `CONSENT_INVALID`
 */
export function mustBeLast(
  contact: HeldContact,
  purpose: string,
  event: GivenEvent,
  policy: Policy,
  now: number,
): void {
  const before = contact.consents.find(record => record.purpose === purpose)
  const summary = before && summaryOf(before)
  if (!before || !summary) return
  const no = lastGiven(before)
    ? undefined
    : before.events.findLast(({ kind }) => kind === 'refused' || kind === 'withdrawn')
  if (no && event.at < no.at)
    throw invalid(
      'given.at',
      'lies before they refused or took it back: that is the last thing they are known to have said',
    )
  if (!summary.given || liveUntil(summary, policy, now) === undefined) return
  const { at, assurance } = summary.given
  if (!isAtLeast(assuranceOf(event), assurance)) {
    const message = 'is less than what proves the consent in force: bring evidence, or withdraw that one first'
    throw invalid('given.evidence', message)
  }
  // A document for what was only claimed so far may be older than the claim.
  if (event.at < at && assuranceOf(event) === assurance)
    throw invalid('given.at', 'lies before the consent in force: that is the last thing they are known to have said')
}

/** The contact with one more event; a given one is *renewed* while an earlier one still holds. */
export function withEvent(
  contact: HeldContact,
  purpose: string,
  event: ConsentEvent,
  policy: Policy,
  now: number,
): { contact: HeldContact; event: ConsentEvent } {
  const before = contact.consents.find(record => record.purpose === purpose)
  const summary = before && summaryOf(before)
  const renews = event.kind === 'given' && summary !== undefined && stateAt(summary, policy, now) === 'given'
  const next = renews ? { ...event, kind: 'renewed' as const } : event
  // Past a no, the documents that proved the yes have nothing left to prove.
  const events =
    event.kind === 'withdrawn' || event.kind === 'refused'
      ? (before?.events ?? []).map(withoutDocument)
      : (before?.events ?? [])
  const record: ConsentRecord = { purpose, events: [...events, next] }
  const consents = before
    ? contact.consents.map(each => (each === before ? record : each))
    : [...contact.consents, record]
  return { contact: { ...contact, consents }, event: next }
}

function withoutDocument(event: ConsentEvent): ConsentEvent {
  if ((event.kind !== 'given' && event.kind !== 'renewed') || !event.evidence?.blob) return event
  const { blob: _, ...evidence } = event.evidence
  return { ...event, evidence }
}

/** Notes the event in the ledger and writes its receipt. */
export function record(draft: Draft, actor: string, id: ContactId, purpose: string, event: ConsentEvent): Receipt {
  noteEvent(draft, actor, contactIdBytes(id) as Uint8Array, purpose, event)
  return receiptOf(draft, id, purpose, event)
}

export function noteEvent(
  draft: Draft,
  actor: string,
  contact: Uint8Array,
  purpose: string,
  event: ConsentEvent,
): void {
  if (event.kind === 'lowered') throw new TypeError('a lowered assurance is no event of a person')
  const base = { type: 'consent' as const, actor, contact, purpose }
  if (event.kind !== 'given' && event.kind !== 'renewed') {
    draft.note({ ...base, event: event.kind })
    return
  }
  const { until, notice } = event
  draft.note({
    ...base,
    event: event.kind,
    assurance: assuranceOf(event),
    until,
    ...(notice ? { notice: notice.sha256 } : {}),
  })
}

function receiptOf(draft: Draft, id: ContactId, purpose: string, event: ConsentEvent): Receipt {
  if (event.kind === 'lowered') throw new TypeError('a lowered assurance has no receipt')
  const { policy } = draft
  const base = {
    type: 'receipt' as const,
    vault: hexId(draft.opened.vaultId),
    contact: id,
    purpose,
    event: event.kind,
    at: formatInstant(event.at),
    recorded: formatInstant(event.recorded),
    controller: policy.controller.name,
    withdraw: policy.controller.withdraw,
    ...(event.how === undefined ? {} : { how: event.how }),
  }
  if (event.kind !== 'given' && event.kind !== 'renewed') return base
  return {
    ...base,
    until: formatInstant(event.until),
    assurance: assuranceOf(event),
    fields: [...event.scope.fields],
    recipients: event.scope.recipients.map(recipient => recipient.id),
    ...(event.notice ? { notice: { ...event.notice, sha256: hex(event.notice.sha256) } } : {}),
  }
}

function instant(text: string, path: string): number {
  try {
    return parseInstant(text)
  } catch {
    throw invalid(path, 'must be an ISO 8601 date or instant')
  }
}

const invalid = (path: string, message: string) =>
  new VaultError('CONSENT_INVALID', { data: { issues: [{ path, message }] } })
