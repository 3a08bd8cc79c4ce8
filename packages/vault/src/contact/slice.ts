/**
 * A slice: what of one contact expires together, and what a page's head holds of it. A contact is cut by when each
 * field must go (R12); a consent's events lie in the slice of that consent's own last day, a refusal or a withdrawal as
 * long as the contact; what belongs to the contact as a whole stands in its latest slice.
 *
 * The record in the page is CBOR, a map: `i` contact id · `d` fields · `t` their translations, by language and path · `s` sources · `n` consents, [purpose number, events] ·
 * `o` media in rows of their own; in the latest slice also `l` true · `r` revision · `c` created · `f` ref · `q` quarantine.
 * An event: `k` kind · `a` given at · `w` recorded at · `x` actor, and for given and renewed: `b` guardian · `g` authority ·
 * `u` authority until · `h` how · `m` words · `t` notice number · `e` evidence · `y` confirmed at · `p` scope number · `z` until.
 */
import type { ConsentEvent, ConsentRecord, Evidence, GivenEvent, Scope } from '../consent/consent'
import { summaryOf } from '../consent/state'
import type { Policy } from '../policy/policy'
import { decodeRecord } from '../record/record'
import { keepFieldsUntil, liveUntil } from '../rules/keep'
import { quarantineFields } from '../rules/quarantine'
import { fieldOf } from '../rules/read'
import { isInstant } from '../time/calendar'
import { type Day, lastDayBefore } from '../time/day'
import type { Catalogue } from './catalogue'
import { type HeldBlob, type HeldContact, isInline, MAY_ASK, type MayAsk } from './held'
import { CONTACT_ID_BYTES, contactIdBytes, contactIdOf } from './id'
import type { Card } from './jscontact'

/** What stands in a page, as CBOR writes it. */
export interface SliceRecord {
  i: Uint8Array
  d: Record<string, unknown>
  t?: Record<string, Record<string, unknown>>
  s?: Record<string, string>
  n?: [purpose: number, events: EventRecord[]][]
  o?: Record<string, HeldBlob>
  l?: true
  r?: number
  c?: number
  f?: string
  q?: { m?: MayAsk; a: number; z: number }
}

interface EventRecord {
  k: number
  a: number
  w: number
  x: string
  b?: true
  g?: string
  u?: number
  h?: string
  m?: string
  t?: number
  e?: Evidence
  y?: number
  p?: number
  z?: number
}

const KINDS = ['requested', 'given', 'renewed', 'refused', 'withdrawn', 'lowered'] as const

export interface CutSlice {
  readonly bucket: Day
  readonly record: SliceRecord
}

/**
 * Cuts a contact. Empty when nothing holds it any more: then it goes.
 * Buckets lie on or after `today`; what has passed is left out.
 */
export function cutContact(
  contact: HeldContact,
  policy: Policy,
  catalogue: Catalogue,
  now: number,
  today: Day,
): CutSlice[] {
  const id = contactIdBytes(contact.id) as Uint8Array
  const slices = new Map<Day, SliceRecord>()
  const at = (bucket: Day): SliceRecord => {
    let slice = slices.get(bucket)
    if (!slice) {
      slice = { i: id, d: {} }
      slices.set(bucket, slice)
    }
    return slice
  }
  const card = contact.card as Record<string, unknown>
  if (contact.quarantine) {
    const bucket = lastDayBefore(contact.quarantine.until)
    if (bucket < today) return []
    const slice = at(bucket)
    for (const field of quarantineFields(contact.card, policy)) place(slice, field, contact)
  }
  const summaries = contact.consents.flatMap(record => summaryOf(record) ?? [])
  for (const [field, bucket] of keepFieldsUntil(summaries, policy, now)) {
    if (bucket >= today && card[field] !== undefined) place(at(bucket), field, contact)
  }
  const lasting: ConsentRecord[] = []
  for (const record of contact.consents) {
    const summary = summaryOf(record)
    const until = summary && liveUntil(summary, policy, now)
    if (until === undefined) {
      // A no is kept as long as the contact; a yes that is over, or whose purpose has gone, has nothing left to say.
      if (summary?.state !== 'given') lasting.push(record)
    } else if (lastDayBefore(until) >= today) {
      addConsent(at(lastDayBefore(until)), record, catalogue)
    }
  }
  if (slices.size === 0) return []
  const latest = at(Math.max(...slices.keys()))
  for (const record of lasting) addConsent(latest, record, catalogue)
  latest.l = true
  latest.r = contact.revision
  latest.c = contact.created
  if (contact.ref !== undefined) latest.f = contact.ref
  if (contact.quarantine) {
    const { mayAsk, since, until } = contact.quarantine
    latest.q = mayAsk === undefined ? { a: since, z: until } : { m: mayAsk, a: since, z: until }
  }
  return [...slices].map(([bucket, record]) => ({ bucket, record }))
}

function place(slice: SliceRecord, field: string, contact: HeldContact): void {
  slice.d[field] = (contact.card as Record<string, unknown>)[field]
  for (const [path, source] of Object.entries(contact.sources)) {
    if (path === field || path.startsWith(`${field}/`)) {
      slice.s ??= {}
      slice.s[path] = source
    }
  }
  for (const [language, patch] of Object.entries(contact.card.localizations ?? {})) {
    for (const [pointer, value] of Object.entries(patch)) {
      if (fieldOf(pointer) !== field) continue
      slice.t ??= {}
      slice.t[language] = { ...slice.t[language], [pointer]: value }
    }
  }
  if (field === 'media' && contact.media) slice.o = { ...contact.media }
}

function addConsent(slice: SliceRecord, record: ConsentRecord, catalogue: Catalogue): void {
  slice.n ??= []
  slice.n.push([catalogue.purpose(record.purpose), record.events.map(event => eventRecord(event, catalogue))])
}

function eventRecord(event: ConsentEvent, catalogue: Catalogue): EventRecord {
  const record: EventRecord = { k: KINDS.indexOf(event.kind), a: event.at, w: event.recorded, x: event.actor }
  if (event.how !== undefined) record.h = event.how
  if (event.kind !== 'given' && event.kind !== 'renewed') return record
  if (event.by === 'guardian') record.b = true
  if (event.authority !== undefined) record.g = event.authority
  if (event.authorityUntil !== undefined) record.u = event.authorityUntil
  if (event.words !== undefined) record.m = event.words
  if (event.notice) record.t = catalogue.notice(event.notice)
  if (event.evidence) record.e = event.evidence
  if (event.confirmed) record.y = event.confirmed.at
  record.p = catalogue.scope(event.scope)
  record.z = event.until
  return record
}

export function eventOf(record: EventRecord, catalogue: Catalogue): ConsentEvent {
  const kind = KINDS[record.k]
  if (!kind) throw new RangeError('slice malformed')
  const base = { at: record.a, recorded: record.w, actor: record.x }
  if (kind !== 'given' && kind !== 'renewed') {
    return record.h === undefined ? { kind, ...base } : { kind, ...base, how: record.h }
  }
  const scope: Scope = catalogue.scopeAt(record.p as number)
  return {
    kind,
    ...base,
    by: record.b ? 'guardian' : 'person',
    how: record.h ?? '',
    scope,
    until: record.z as number,
    ...(record.g === undefined ? {} : { authority: record.g }),
    ...(record.u === undefined ? {} : { authorityUntil: record.u }),
    ...(record.m === undefined ? {} : { words: record.m }),
    ...(record.t === undefined ? {} : { notice: catalogue.noticeAt(record.t) }),
    ...(record.e === undefined ? {} : { evidence: record.e }),
    ...(record.y === undefined ? {} : { confirmed: { at: record.y } }),
  } satisfies GivenEvent
}

/** @throws RangeError when the bytes are no slice. */
export function readSliceRecord(bytes: Uint8Array): SliceRecord {
  const record = decodeRecord(bytes)
  if (!isSlice(record)) throw new RangeError('slice malformed')
  return record
}

function isSlice(value: unknown): value is SliceRecord {
  if (!isMap(value)) return false
  const { i, d, t, s, n, o, l, r, c, f, q } = value
  return (
    isId(i) &&
    isMap(d) &&
    isReadable(d) &&
    may(t, t => isMap(t) && Object.values(t).every(isMap)) &&
    may(s, s => isMap(s) && Object.values(s).every(isText)) &&
    may(n, n => Array.isArray(n) && n.every(isConsent)) &&
    may(o, o => isMap(o) && Object.values(o).every(isBlob)) &&
    may(l, l => l === true) &&
    may(r, isCount) &&
    may(c, isInstant) &&
    may(f, isText) &&
    may(q, q => isMap(q) && isInstant(q.a) && isInstant(q.z) && may(q.m, m => MAY_ASK.includes(m as MayAsk)))
  )
}

/** The fields that the vault itself looks into; of the others it only knows to whom they may be shown. */
function isReadable({ name, phones, emails, media }: Record<string, unknown>): boolean {
  const entries = (key: string) => (field: unknown) =>
    isMap(field) && Object.values(field).every(entry => isMap(entry) && isText(entry[key]))
  const components = (value: unknown) =>
    Array.isArray(value) && value.every(each => isMap(each) && isText(each.kind) && isText(each.value))
  return (
    may(name, name => isMap(name) && may(name.full, isText) && may(name.components, components)) &&
    may(phones, entries('number')) &&
    may(emails, entries('address')) &&
    may(media, entries('uri'))
  )
}

function isConsent(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false
  const [purpose, events] = value as unknown[]
  return isCount(purpose) && Array.isArray(events) && events.every(isEvent)
}

function isEvent(value: unknown): boolean {
  if (!isMap(value)) return false
  const { k, a, w, x, b, g, u, h, m, t, e, y, p, z } = value
  const kind = KINDS[k as number]
  const given = kind === 'given' || kind === 'renewed'
  return (
    kind !== undefined &&
    isInstant(a) &&
    isInstant(w) &&
    isText(x) &&
    may(b, b => b === true) &&
    [g, h, m].every(each => may(each, isText)) &&
    [u, y].every(each => may(each, isInstant)) &&
    may(t, isCount) &&
    may(e, isEvidence) &&
    (given ? isCount(p) && isInstant(z) : may(p, isCount) && may(z, isInstant))
  )
}

const isEvidence = (value: unknown): boolean =>
  isMap(value) &&
  isText(value.kind) &&
  may(value.sha256, isBytes) &&
  may(value.reference, isText) &&
  may(value.blob, isBlob)

const isBlob = (value: unknown): boolean =>
  isMap(value) && may(value.mediaType, isText) && (isBytes(value.content) ? isInline(value as HeldBlob) : isRef(value))

const isRef = (value: Record<string, unknown>): boolean =>
  isBytes(value.secret) &&
  value.secret.length === SECRET_BYTES &&
  Array.isArray(value.pieces) &&
  value.pieces.every(isId) &&
  may(value.bucket, isCount) &&
  may(value.size, isCount)

const SECRET_BYTES = 32
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
const isText = (value: unknown): boolean => typeof value === 'string'
const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array
const isId = (value: unknown): boolean => isBytes(value) && value.length === CONTACT_ID_BYTES
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const may = (value: unknown, check: (value: unknown) => boolean): boolean => value === undefined || check(value)

/** Puts a contact together from the slices that are left of it. */
export function joinSlices(records: readonly SliceRecord[], catalogue: Catalogue): HeldContact | undefined {
  const latest = records.find(record => record.l) ?? records[0]
  if (!latest) return undefined
  const card: Record<string, unknown> = {}
  const localizations: Record<string, Record<string, unknown>> = {}
  const sources: Record<string, string> = {}
  const media: Record<string, HeldBlob> = {}
  const consents: ConsentRecord[] = []
  for (const record of records) {
    Object.assign(card, record.d)
    for (const [language, patch] of Object.entries(record.t ?? {})) {
      localizations[language] = { ...localizations[language], ...patch }
    }
    Object.assign(sources, record.s)
    Object.assign(media, record.o)
    for (const [purpose, events] of record.n ?? []) {
      consents.push({ purpose: catalogue.purposeName(purpose), events: events.map(event => eventOf(event, catalogue)) })
    }
  }
  return {
    id: contactIdOf(latest.i),
    revision: latest.r ?? 1,
    created: latest.c ?? 0,
    card: (Object.keys(localizations).length > 0 ? { ...card, localizations } : card) as Card,
    sources,
    consents,
    ...(latest.f === undefined ? {} : { ref: latest.f }),
    ...(latest.q
      ? { quarantine: { since: latest.q.a, until: latest.q.z, ...(latest.q.m ? { mayAsk: latest.q.m } : {}) } }
      : {}),
    ...(Object.keys(media).length > 0 ? { media } : {}),
  }
}
