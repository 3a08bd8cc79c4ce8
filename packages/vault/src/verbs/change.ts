/**
 * Changing a card by a merge patch (RFC 7396). What is replaced or removed is forgotten. A new contact point lowers what
 * was confirmed at the old one (R7), and a field that no live consent covers stays outside.
 */
import { hex } from '../bytes'
import type { Draft } from '../commit/draft'
import { summaryOf } from '../consent/state'
import { checkCard } from '../contact/check-card'
import type { HeldBlob, HeldContact } from '../contact/held'
import { type ContactId, contactIdBytes } from '../contact/id'
import { type Card, CONTACT_POINTS } from '../contact/jscontact'
import { putBackMedia, takeOutMedia } from '../contact/media'
import { type PhoneReader, type Point, pointsOf } from '../contact/points'
import { VaultError } from '../errors'
import { MAX_DEPTH } from '../record/record'
import { fieldsOf } from '../rules/declared'
import { keepFieldsUntil } from '../rules/keep'
import { lowerAssurance } from '../rules/lower'
import { quarantineRefusals } from '../rules/quarantine'
import { cutCard } from '../rules/read'
import { rememberPoints, sourcesOf } from './add'
import { refuseIfLeft } from './came-before'

export interface Revision {
  /** Counts changes of the card, from 1. */
  readonly revision: number
  /** Fields of the patch that no live consent covers, and that are therefore not kept. */
  readonly notKept: readonly string[]
}

export interface ChangeOptions {
  /** Refuse with `CONFLICT` unless this is still the revision. */
  readonly ifRevision?: number
  /** Where new contact points came from; default: as the field had it, or "changed". */
  readonly source?: string
}

/** @throws VaultError `UNKNOWN_CONTACT`, `CONFLICT`, `CARD_INVALID`, `FIELD_NOT_DECLARED`, `SUPPRESSED` */
export async function planChange(
  draft: Draft,
  id: ContactId,
  patch: unknown,
  { ifRevision, source = 'changed' }: ChangeOptions,
  actor: string,
  readPhone: PhoneReader,
  openMedia: (blob: HeldBlob) => Promise<Uint8Array>,
): Promise<Revision> {
  const { policy, now } = draft
  const contact = await draft.needContact(id)
  if (ifRevision !== undefined && ifRevision !== contact.revision) {
    throw new VaultError('CONFLICT', { data: { revision: contact.revision } })
  }
  const before = await putBackMedia(contact, openMedia)
  const card = checkCard(mergePatch(before, patch), policy)
  const covered = coveredFields(contact, card, draft)
  const notKept = fieldsOf(card).filter(field => !covered.has(field))
  const kept = cutCard(card, covered)
  const moved = CONTACT_POINTS.some(field => !same(contact.card[field], kept[field]))
  const fresh = moved ? newPoints(contact.card, kept, policy.region, readPhone) : []
  refuseIfLeft(
    draft,
    fresh,
    contact.consents.flatMap(record => givenOf(record)),
  )
  if (touches(patch, { ...contact.card })) draft.willForget()
  const { card: plain, media } = takeOutMedia(kept)
  const revision = contact.revision + 1
  const { media: _, ...rest } = contact
  draft.put({
    ...rest,
    revision,
    card: plain,
    sources: { ...sourcesOf(kept, source), ...stillThere(contact.sources, contact.card, kept) },
    consents: moved ? contact.consents.map(record => lowerAssurance(record, now, actor)) : contact.consents,
    ...(media ? { media: unchangedMedia(contact, before, kept, media) } : {}),
  })
  draft.note({ type: 'contact-changed', actor, contact: contactIdBytes(id) as Uint8Array, revision })
  rememberPoints(draft, fresh, id)
  return { revision, notKept }
}

function newPoints(before: Card, after: Card, region: string | undefined, readPhone: PhoneReader): Point[] {
  const known = new Set(pointsOf(before, region, readPhone).map(({ kind, value }) => `${kind}:${value}`))
  return pointsOf(after, region, readPhone).filter(({ kind, value }) => !known.has(`${kind}:${value}`))
}

/** Whether a patch names a field that is there: nearly always to replace or remove what it holds. */
const touches = (patch: unknown, card: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(patch as object).some(field => card[field] !== undefined)

function coveredFields(contact: HeldContact, card: Card, draft: Draft): ReadonlySet<string> {
  if (contact.quarantine) {
    const fields = quarantineRefusals(card)
    if (fields.length > 0) throw new VaultError('NOT_IN_QUARANTINE', { data: { fields } })
    return new Set(fieldsOf(card))
  }
  const summaries = contact.consents.flatMap(record => summaryOf(record) ?? [])
  return new Set(keepFieldsUntil(summaries, draft.policy, draft.now).keys())
}

function givenOf(record: HeldContact['consents'][number]) {
  const given = summaryOf(record)?.given
  return given ? [{ purpose: record.purpose, at: given.at, assurance: given.assurance }] : []
}

/** Sources of contact points that the patch left as they were. */
function stillThere(sources: HeldContact['sources'], before: Card, after: Card): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sources).filter(([path]) => {
      const [field, key] = path.split('/') as ['phones', string]
      return after[field]?.[key] !== undefined && same(before[field]?.[key], after[field]?.[key])
    }),
  )
}

/** A photo that the patch didn't touch stays where it lies. */
function unchangedMedia(contact: HeldContact, before: Card, after: Card, media: Readonly<Record<string, HeldBlob>>) {
  return Object.fromEntries(
    Object.entries(media).map(([key, blob]) => {
      const held = contact.media?.[key]
      const untouched = held && before.media?.[key]?.uri === after.media?.[key]?.uri
      return [key, untouched ? held : blob]
    }),
  )
}

const same = (a: unknown, b: unknown): boolean => a === b || canonical(a) === canonical(b)

function canonical(value: unknown): string {
  if (value instanceof Uint8Array) return hex(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined)
    return `{${entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`)
      .join()}}`
  }
  return JSON.stringify(value) ?? 'undefined'
}

/**
 * RFC 7396, section 2.
 * @throws VaultError `CARD_INVALID` for a patch that nests deeper than any card
 */
export function mergePatch(target: unknown, patch: unknown, depth = 0): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  if (depth > MAX_DEPTH) {
    throw new VaultError('CARD_INVALID', { data: { issues: [{ path: '', message: 'is nested too deeply' }] } })
  }
  const merged = new Map<string, unknown>(isObject(target) ? Object.entries(target) : [])
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key)
    else merged.set(key, mergePatch(merged.get(key), value, depth + 1))
  }
  return Object.fromEntries(merged)
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
