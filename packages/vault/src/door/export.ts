/**
 * Exports: asked, decided, written down, and only then begun (R29). Who is in one is frozen at its start; each person
 * is decided again when they are read, so that a withdrawal in between still counts.
 */
import { type Sha256Stream, sha256Stream } from '@amanat/crypto'
import { concat, hex } from '../bytes'
import { openBlob } from '../commit/blobs'
import { readAs } from '../commit/damaged'
import type { Draft } from '../commit/draft'
import { type ContactId, contactIdBytes, contactIdOf } from '../contact/id'
import type { Card } from '../contact/jscontact'
import { putBackMedia } from '../contact/media'
import { VaultError } from '../errors'
import { hexId } from '../hex-id'
import { rootOf } from '../ledger/tree'
import type { Policy, Via } from '../policy/policy'
import { purposeIn, recipientIn } from '../policy/purpose'
import type { Export, ExportRequest, Manifest } from '../public'
import { decodeRecord, encodeRecord } from '../record/record'
import { exportWay, type ExportRequest as RuleRequest, refusalOf } from '../rules/export'
import { liveConsent } from '../rules/permits'
import { cutCard } from '../rules/read'
import type { Session } from '../session'
import { streamOf } from '../stream'
import { addDuration, formatInstant } from '../time/calendar'
import { lastDayBefore } from '../time/day'
import { type Decided, decide, reasonsOf, type Who, whoOf } from './decide'
import type { ExportedPerson, Format, Formats } from './format'
import type { PeopleOfPurpose } from './people'
import { knownOf, sightOf } from './view'

export interface Asked extends Who {
  readonly whenRefused?: 'refuse' | 'leave-out'
  readonly via?: Via
  readonly ground?: string
}

export interface Started {
  readonly id: Uint8Array
  readonly ids: readonly ContactId[]
  readonly decided: Pick<Decided, 'leftOut'> & { readonly reasons: Manifest['reasons'] }
  readonly via: Via
  /** As the policy had it at the start: it may have it otherwise, or not at all, at the end. */
  readonly recipient: Manifest['recipient']
  readonly at: number
  readonly destroyBy: number
}

/** People read in one go: enough to open each page once, few enough to hold. */
const READ_AT_ONCE = 64
/** Ids in one row of `exports`. */
const IDS_IN_ROW = 3_000
/** A ground is one word of the caller's own, so that the ledger holds no free text. */
const GROUND = /^[a-z][a-z0-9-]{0,39}$/

/** Puts the start of an export, or its refusal, on the record. The refusal is answered, so that it is committed. */
export function planStart(
  draft: Draft,
  people: PeopleOfPurpose,
  asked: Asked,
  format: Pick<Format, 'name' | 'version'>,
  via: Via,
  actor: string,
): Started | VaultError<'EXPORT_REFUSED'> {
  const { policy, now } = draft
  if (asked.ground !== undefined && !GROUND.test(asked.ground))
    throw new TypeError('a ground is one word, such as court-order')
  const decided = decide(draft, people, asked)
  const reasons = reasonsOf(decided)
  const what = {
    actor,
    purpose: people.purpose,
    recipient: asked.recipient,
    format: format.name,
    version: format.version,
    via,
    who: whoOf(asked),
  }
  if (decided.allowed.length === 0 || (decided.leftOut > 0 && asked.whenRefused !== 'leave-out')) {
    draft.note({ type: 'export-refused', ...what, people: decided.allowed.length + decided.leftOut, reasons })
    const ids = asked.ids ? { ids: Object.fromEntries(decided.refused) } : {}
    return new VaultError('EXPORT_REFUSED', { data: { reasons, ...ids } })
  }
  const id = draft.opened.randomness(16).slice()
  const { name, country, destroyAfter } = recipientIn(policy, people.purpose, asked.recipient)
  const destroyBy = addDuration(now, destroyAfter)
  const ids = byPage(draft, decided.allowed)
  const bytes = ids.map(each => contactIdBytes(each) as Uint8Array)
  const bucket = lastDayBefore(decided.until)
  for (let piece = 0; piece * IDS_IN_ROW < bytes.length; piece++) {
    const some = bytes.slice(piece * IDS_IN_ROW, (piece + 1) * IDS_IN_ROW)
    const plain = encodeRecord({ x: id, p: piece, n: concat(...some) })
    draft.exportRows.push({ id: draft.opened.randomness(16).slice(), bucket, plain })
  }
  draft.note({
    type: 'export-started',
    ...what,
    export: id,
    people: ids.length,
    idsRoot: rootOf(bytes),
    leftOut: decided.leftOut,
    reasons,
    destroyBy,
    ...(asked.ground === undefined ? {} : { ground: asked.ground }),
  })
  const recipient = { id: asked.recipient, name, country }
  return { id, ids, decided: { leftOut: decided.leftOut, reasons }, via, recipient, at: now, destroyBy }
}

/** In the order of the pages they lie in: each page is opened once, and the order says nothing about anybody. */
function byPage(draft: Draft, ids: readonly ContactId[]): ContactId[] {
  const { index } = draft.opened
  const onPage = new Map<string, ContactId[]>()
  for (const id of ids) {
    const page = index.slicesOf(index.numberOf(contactIdBytes(id) as Uint8Array))[0]?.page ?? ''
    const together = onPage.get(page)
    if (together) together.push(id)
    else onPage.set(page, [id])
  }
  return [...onPage.keys()].sort().flatMap(page => (onPage.get(page) as ContactId[]).sort())
}

/** @throws RangeError when the bytes are no row of an export */
function readExportRow(plain: Uint8Array): { x: Uint8Array; p: number; n: Uint8Array } {
  const row = decodeRecord(plain)
  const { x, p, n } = (typeof row === 'object' && row !== null ? row : {}) as Record<string, unknown>
  if (!(x instanceof Uint8Array) || !(n instanceof Uint8Array) || !Number.isSafeInteger(p) || n.length % 16 !== 0) {
    throw new RangeError('export malformed')
  }
  return { x, p: p as number, n }
}

/** The ids of an earlier export, from the rows that keep who was in it. Empty once those have expired. */
export async function idsOfExport(draft: Draft, id: Uint8Array): Promise<ContactId[]> {
  const { opened } = draft
  const pieces: { p: number; n: Uint8Array }[] = []
  for (const entry of opened.ring.entries('exports')) {
    if (entry.bucket < draft.today) continue
    const plain = await opened.exportRow(entry)
    const row = readAs('exports', () => readExportRow(plain))
    if (hex(row.x) === hex(id)) pieces.push(row)
  }
  pieces.sort((a, b) => a.p - b.p)
  return pieces.flatMap(({ n }) =>
    Array.from({ length: n.length / 16 }, (_, i) => contactIdOf(n.subarray(16 * i, 16 * i + 16))),
  )
}

export interface ReadPerson extends ExportedPerson {
  readonly id: ContactId
}

/**
 * The people of an export as they are when they are read; who may not be in it any more is counted, not shown.
 *
 * @param mayGoOn throws once nobody may leave any more in the way in which they do
 */
export async function* readPeople(
  session: Session,
  ids: readonly ContactId[],
  request: RuleRequest,
  leave: () => void,
  mayGoOn: (now: Draft) => void = () => undefined,
): AsyncGenerator<ReadPerson> {
  for (let at = 0; at < ids.length; at += READ_AT_ONCE) {
    const some = ids.slice(at, at + READ_AT_ONCE)
    const read = await session.read(async draft => {
      mayGoOn(draft)
      await draft.opened.pages.readAhead(some)
      const people: (ReadPerson | undefined)[] = []
      for (const id of some) people.push(await readPerson(draft, id, request))
      return people
    })
    for (const person of read) {
      if (person) yield person
      else leave()
    }
  }
}

async function readPerson(draft: Draft, id: ContactId, request: RuleRequest): Promise<ReadPerson | undefined> {
  const fields = leavingFields(draft, id, request)
  const contact = fields && (await draft.contact(id))
  if (!contact) return undefined
  const whole = fields.includes('media')
    ? await putBackMedia(contact, blob => openBlob(draft.opened, blob))
    : contact.card
  return { id, card: cutCard({ '@type': 'Card', version: '2.0', ...whole } as Card, fields) }
}

/** Somebody who was read before, as they may leave now; undefined when they may not any more. */
export function cutAgain(draft: Draft, { id, card }: ReadPerson, request: RuleRequest): ReadPerson | undefined {
  const fields = leavingFields(draft, id, request)
  return fields && { id, card: cutCard(card, fields) }
}

/** What of somebody may leave now; undefined when they may not. */
function leavingFields(draft: Draft, id: ContactId, request: RuleRequest): readonly string[] | undefined {
  const number = draft.opened.index.numberOf(contactIdBytes(id) as Uint8Array)
  if (number < 0) return undefined
  const { consent, quarantined } = sightOf(draft, number, request.purpose)
  const known = knownOf(draft)
  if (refusalOf(consent, quarantined, request, draft.policy, draft.now, known)) return undefined
  const agreed = liveConsent(consent, draft.policy, draft.now, known)?.fields ?? []
  return request.fields ? agreed.filter(field => request.fields?.includes(field)) : agreed
}

/** @throws VaultError `EXPORT_REFUSED`, `UNKNOWN_FORMAT`, `VIA_NOT_ALLOWED`, `NO_AGE_KEYS`, `UNKNOWN_RECIPIENT` */
export async function startExport(
  session: Session,
  people: PeopleOfPurpose,
  asked: Asked & Pick<ExportRequest<Policy, string>, 'format' | 'onProgress'>,
  formats: Formats,
  actor: string,
): Promise<Export> {
  const { purpose } = people
  if (asked.via === 'delivery') throw new TypeError('a delivery is made by deliver()')
  const found = Object.hasOwn(formats, asked.format) ? formats[asked.format] : undefined
  if (!found) throw new VaultError('UNKNOWN_FORMAT', { data: { known: Object.keys(formats) } })
  // Before anything is on the ledger: what can't be loaded is no export that broke.
  const format = typeof found === 'function' ? await found() : found
  const started = await session.commit({
    plan: async draft => {
      const way = exportWay(draft.policy, purpose, asked.recipient, asked.via)
      if (way === 'sealed-file') keysOf(draft, purpose, asked.recipient)
      return planStart(draft, people, asked, format, way, actor)
    },
  })
  if (started instanceof VaultError) throw started
  const { ids } = started

  const state = { people: 0, left: 0 }
  const request = { purpose, recipient: asked.recipient, ...(asked.fields ? { fields: asked.fields } : {}) }
  let keys: readonly string[] = []
  /** A way, or a key that it is sealed to, that was taken away since is gone at once: also while it is read. */
  const mayGoOn = (now: Pick<Draft, 'policy'>) => {
    exportWay(now.policy, purpose, asked.recipient, started.via)
    const today = started.via === 'sealed-file' ? keysOf(now, purpose, asked.recipient) : []
    if (keys.some(key => !today.includes(key))) throw noKeys(purpose, asked.recipient)
    if (keys.length === 0) keys = today
  }
  async function* counted(): AsyncGenerator<ExportedPerson> {
    for await (const { card } of readPeople(session, ids, request, () => state.left++, mayGoOn)) {
      state.people++
      yield { card }
      asked.onProgress?.(state.people)
    }
  }
  const written = format.write(counted(), {
    purpose,
    recipient: asked.recipient,
    destroyBy: formatInstant(started.destroyBy),
    exported: formatInstant(started.at),
  })
  const file = async () => {
    mayGoOn(session)
    return started.via === 'plaintext-file' ? streamOf(written) : sealed(keys, streamOf(written))
  }

  const record = async (sum: Sha256Stream, bytes: number): Promise<Manifest> => {
    const sha256 = sum.digest()
    const leftOut = started.decided.leftOut + state.left
    const at = await session.commit({
      plan: async draft => {
        draft.note({ type: 'export-ended', actor, export: started.id, sha256, bytes, people: state.people, leftOut })
        return draft.now
      },
    })
    return {
      type: 'export',
      export: hexId(started.id),
      vault: hexId(session.opened.vaultId),
      actor,
      purpose,
      recipient: started.recipient,
      format: format.name,
      version: format.version,
      via: started.via,
      who: whoOf(asked),
      started: formatInstant(started.at),
      ended: formatInstant(at),
      people: state.people,
      leftOut,
      reasons: started.decided.reasons,
      sha256: hex(sha256),
      bytes,
      destroyBy: formatInstant(started.destroyBy),
      ...(asked.ground === undefined ? {} : { ground: asked.ground }),
    }
  }
  const broken = () =>
    session.commit({
      plan: async draft => draft.note({ type: 'export-broken', actor, export: started.id, people: state.people }),
    })
  const extension = started.via === 'plaintext-file' ? format.extension : `${format.extension}.age`
  return { id: hexId(started.id), people: ids.length, extension, ...watched(file, record, broken) }
}

/** The recipient's pinned keys. @throws VaultError `NO_AGE_KEYS` */
function keysOf(draft: Pick<Draft, 'policy'>, purpose: string, recipient: string): readonly string[] {
  purposeIn(draft.policy, purpose)
  const { ageKeys } = recipientIn(draft.policy, purpose, recipient)
  if (ageKeys.length === 0) throw noKeys(purpose, recipient)
  return ageKeys
}

const noKeys = (purpose: string, recipient: string) => new VaultError('NO_AGE_KEYS', { data: { purpose, recipient } })

async function sealed(keys: readonly string[], plain: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  for (const key of keys) encrypter.addRecipient(key)
  return encrypter.encrypt(plain)
}

/**
 * The stream with its end on the record: hashed as it leaves, and told whether it got to its end. It is opened when it
 * is first read: sealing reads ahead, and who withdraws before that must not be in it.
 */
function watched(
  open: () => Promise<ReadableStream<Uint8Array>>,
  ended: (sum: Sha256Stream, bytes: number) => Promise<Manifest>,
  broken: () => Promise<void>,
): Pick<Export, 'file' | 'manifest'> {
  let resolve!: (manifest: Manifest) => void
  let reject!: (error: unknown) => void
  const manifest = new Promise<Manifest>((yes, no) => {
    resolve = yes
    reject = no
  })
  // Whoever reads the file only learns of its end from the file.
  manifest.catch(() => undefined)
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  const sum = sha256Stream()
  let bytes = 0
  let cancelled = false
  let ending = false
  const stop = async (error: unknown) => {
    reject(error)
    await broken().catch(() => undefined)
  }
  const out = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          reader ??= (await open()).getReader()
          const { done, value } = await reader.read()
          if (cancelled) return
          if (!done) {
            sum.update(value)
            bytes += value.length
            controller.enqueue(value)
            return
          }
          ending = true
          resolve(await ended(sum, bytes))
          if (!cancelled) controller.close()
        } catch (error) {
          await stop(error)
          controller.error(error)
        }
      },
      async cancel(reason) {
        cancelled = true
        // It was read to its end, and that is being put on the record.
        if (ending) return
        try {
          await reader?.cancel(reason)
        } finally {
          await stop(new DOMException('the export was not read to its end', 'AbortError'))
        }
      },
    },
    { highWaterMark: 0 },
  )
  return { file: out, manifest }
}
