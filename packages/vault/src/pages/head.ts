/**
 * The head of a page: what finding, listing and deciding need of its slices, and nothing that another page's slices
 * know. Binary and of fixed width, so that a million contacts open without an object for each. Little endian.
 *
 *     header, 16 bytes      u8 format = 1 | u8 0 | u16 slices | u32 consents | u32 points | u32 bytes of names
 *     slices, 48 bytes each, in the order of the page's records
 *       0  id of the contact, 16 bytes     16  u16 flags: 1 latest, 2 quarantined, 4 named, 8 has a ref
 *       18 u16 consents                    20  u32 first consent
 *       24 u32 first point                 28  u16 points
 *       30 u16 bytes of name               32  u32 where the name begins among the names
 *       36 u32 revision                    40  u32 created (day)          44  u32 0
 *     consents, 32 bytes each
 *       0  u16 purpose    2  u16 scope (65,535: none)   4  u8 state (requested, given, refused, withdrawn)
 *       5  u8 assurance (none, claimed, evidenced, confirmed)             6   u16 0
 *       8  f64 given at   16 f64 until     24  f64 last asked             milliseconds since 1970, NaN: none
 *     points, 12 bytes each: u8 kind | 3 zeros | 8 bytes of keyed fingerprint
 *     names, UTF-8, one after the other
 *
 * There is one way to write a head: what a slice has follows what the slice before it has, without a gap, and nothing
 * comes after the names. A view checks this once, and answers from the bytes afterwards. Numbers of purposes and scopes
 * stand in the vault's catalogue; kinds of points and their fingerprints are the caller's.
 */
import type { ConsentSummary } from '../consent/consent'
import type { Assurance } from '../policy/policy'
import { isInstant } from '../time/calendar'
import type { Day } from '../time/day'

const FORMAT = 1
const HEADER = 16
const SLICE = 48
const CONSENT = 32
/** Bytes of a point: its kind first, then {@link FINGERPRINT_AT} from its beginning the fingerprint. */
export const POINT_BYTES = 12
export const FINGERPRINT_AT = 4
/** Bytes in a contact's id. */
export const ID_BYTES = 16
/** Bytes in a point's fingerprint. */
export const FINGERPRINT_BYTES = 8
/** With frame, padding and seal a row of this size stays below the 60,000 bytes of a stored row, as in `page.ts`. */
export const MAX_HEAD_BYTES = 59_000
/** A display name longer than this is cut in the head, at a character; the slice has it whole. */
export const MAX_NAME_BYTES = 512

export const LATEST = 1
export const QUARANTINED = 2
export const NAMED = 4
export const HAS_REF = 8
const ALL_FLAGS = 15
/** Stands for a consent without a scope: only a given one has one. */
export const NO_SCOPE = 0xffff

type State = ConsentSummary['state']
const STATES: readonly State[] = ['requested', 'given', 'refused', 'withdrawn']
const ASSURANCES: readonly (Assurance | undefined)[] = [undefined, 'claimed', 'evidenced', 'confirmed']

/** Instants are milliseconds since 1970, UTC. */
export interface HeadConsent {
  /** Numbers of the vault's catalogue, 0 to 65,534. */
  readonly purpose: number
  readonly scope?: number | undefined
  readonly state: State
  readonly assurance?: Assurance | undefined
  readonly givenAt?: number | undefined
  readonly until?: number | undefined
  readonly askedAt?: number | undefined
}

export interface HeadPoint {
  /** 1 to 255. */
  readonly kind: number
  /** {@link FINGERPRINT_BYTES}, made with a key: equal for equal points of this vault. */
  readonly fingerprint: Uint8Array
}

export interface HeadSlice {
  /** {@link ID_BYTES}. */
  readonly contact: Uint8Array
  /** Whether this is the contact's slice that stays longest. */
  readonly latest?: boolean
  readonly quarantined?: boolean
  /** Whether one of its points is the app's own ref. */
  readonly hasRef?: boolean
  /** For lists; only with the slice that holds the name. */
  readonly name?: string | undefined
  readonly consents: readonly HeadConsent[]
  readonly points: readonly HeadPoint[]
  readonly revision: number
  readonly created: Day
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Bytes that an empty head takes; each slice adds its {@link headSizeOf}. */
export const EMPTY_HEAD_BYTES = HEADER

/** A slice as a head has it: its bytes are taken over as they are. */
export interface HeadSliceIn {
  readonly head: HeadView
  readonly slot: number
}

export type HeadEntry = HeadSlice | HeadSliceIn

/** Bytes that a slice adds to its page's head. */
export function headSizeOf(entry: HeadEntry): number {
  if ('head' in entry) return entry.head.sizeOf(entry.slot)
  const { name, consents, points } = entry
  return SLICE + consents.length * CONSENT + points.length * POINT_BYTES + (name === undefined ? 0 : nameLength(name))
}

/** Where the parts of one slice go in a head that is being written. */
interface Places {
  readonly slice: number
  readonly consents: number
  readonly points: number
  readonly name: number
}

/**
 * @throws RangeError when a number is out of its width, an id or a fingerprint of another length, or the head larger
 * than {@link MAX_HEAD_BYTES}.
 */
export function encodeHead(entries: readonly HeadEntry[]): Uint8Array {
  let size = HEADER
  let consents = 0
  let points = 0
  for (const entry of entries) {
    size += headSizeOf(entry)
    consents += 'head' in entry ? entry.head.consentCount(entry.slot) : entry.consents.length
    points += 'head' in entry ? entry.head.pointCount(entry.slot) : entry.points.length
  }
  if (size > MAX_HEAD_BYTES) throw new RangeError('head too large')
  const consentsAt = HEADER + entries.length * SLICE
  const pointsAt = consentsAt + consents * CONSENT
  const namesAt = pointsAt + points * POINT_BYTES

  const head = new Uint8Array(size)
  const view = new DataView(head.buffer)
  view.setUint8(0, FORMAT)
  view.setUint16(2, entries.length, true)
  view.setUint32(4, consents, true)
  view.setUint32(8, points, true)
  view.setUint32(12, size - namesAt, true)
  let consent = 0
  let point = 0
  let name = 0
  entries.forEach((entry, slot) => {
    const at = HEADER + slot * SLICE
    const places: Places = {
      slice: at,
      consents: consentsAt + consent * CONSENT,
      points: pointsAt + point * POINT_BYTES,
      name: namesAt + name,
    }
    if ('head' in entry) entry.head.copyTo(head, places, entry.slot)
    else writeSlice(head, view, places, entry)
    view.setUint32(at + 20, consent, true)
    view.setUint32(at + 24, point, true)
    view.setUint32(at + 32, name, true)
    consent += view.getUint16(at + 18, true)
    point += view.getUint16(at + 28, true)
    name += view.getUint16(at + 30, true)
  })
  return head
}

/** All of it but where its consents, points and name begin. */
function writeSlice(head: Uint8Array, view: DataView, places: Places, slice: HeadSlice): void {
  const { slice: at } = places
  const name = slice.name === undefined ? undefined : cutName(slice.name)
  head.set(sized(slice.contact, ID_BYTES), at)
  view.setUint16(at + 16, flagsOf(slice), true)
  view.setUint16(at + 18, slice.consents.length, true)
  view.setUint16(at + 28, slice.points.length, true)
  view.setUint16(at + 30, name?.length ?? 0, true)
  view.setUint32(at + 36, whole(slice.revision, 0xffff_ffff), true)
  view.setUint32(at + 40, whole(slice.created, 0xffff_ffff), true)
  for (const [i, each] of slice.consents.entries()) writeConsent(view, places.consents + i * CONSENT, each)
  for (const [i, { kind, fingerprint }] of slice.points.entries()) {
    const start = places.points + i * POINT_BYTES
    if (whole(kind, 0xff) === 0) throw new RangeError('head value out of bounds')
    view.setUint8(start, kind)
    head.set(sized(fingerprint, FINGERPRINT_BYTES), start + FINGERPRINT_AT)
  }
  if (name !== undefined) head.set(name, places.name)
}

function writeConsent(view: DataView, at: number, consent: HeadConsent): void {
  view.setUint16(at, whole(consent.purpose, 0xffff), true)
  view.setUint16(at + 2, consent.scope === undefined ? NO_SCOPE : whole(consent.scope, NO_SCOPE - 1), true)
  view.setUint8(at + 4, whole(STATES.indexOf(consent.state), 0xff))
  view.setUint8(at + 5, whole(ASSURANCES.indexOf(consent.assurance), 0xff))
  view.setFloat64(at + 8, consent.givenAt ?? Number.NaN, true)
  view.setFloat64(at + 16, consent.until ?? Number.NaN, true)
  view.setFloat64(at + 24, consent.askedAt ?? Number.NaN, true)
}

function flagsOf({ latest, quarantined, name, hasRef }: HeadSlice): number {
  const named = name === undefined ? 0 : NAMED
  return (latest ? LATEST : 0) | (quarantined ? QUARANTINED : 0) | named | (hasRef ? HAS_REF : 0)
}

/** Bytes of a name in a head. Most are short and ASCII: nothing is made for those. */
function nameLength(name: string): number {
  if (name.length > MAX_NAME_BYTES) return cutName(name).length
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) > 0x7f) return cutName(name).length
  return name.length
}

/** At most {@link MAX_NAME_BYTES}, never half a character. */
function cutName(name: string): Uint8Array {
  const bytes = encoder.encode(name)
  if (bytes.length <= MAX_NAME_BYTES) return bytes
  let end = MAX_NAME_BYTES
  while (((bytes[end] as number) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}

function whole(value: number, most: number): number {
  if (!Number.isInteger(value) || value < 0 || value > most) throw new RangeError('head value out of bounds')
  return value
}

function sized(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new RangeError('head value out of bounds')
  return bytes
}

/**
 * A head as it lies in memory. It answers from the bytes it was given, and makes no object but where it says so: keep
 * them, and don't change them. After {@link HeadView.wipe} it has no slices, so that every question is a RangeError.
 */
export class HeadView {
  /** How many slices. */
  count: number
  readonly bytes: Uint8Array
  readonly #view: DataView
  readonly #consentsAt: number
  readonly #pointsAt: number
  readonly #namesAt: number

  /** @throws RangeError when the bytes are not exactly a head. */
  constructor(bytes: Uint8Array) {
    if (bytes.length < HEADER || bytes.length > MAX_HEAD_BYTES) throw malformed()
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    if (view.getUint8(0) !== FORMAT || view.getUint8(1) !== 0) throw malformed()
    const consents = view.getUint32(4, true)
    const points = view.getUint32(8, true)
    const names = view.getUint32(12, true)
    this.bytes = bytes
    this.#view = view
    this.count = view.getUint16(2, true)
    // None of these is above 2^32 times a small width: no sum loses a bit.
    this.#consentsAt = HEADER + this.count * SLICE
    this.#pointsAt = this.#consentsAt + consents * CONSENT
    this.#namesAt = this.#pointsAt + points * POINT_BYTES
    if (this.#namesAt + names !== bytes.length) throw malformed()
    this.#checkSlices(consents, points, names)
    this.#checkNames()
    for (let i = 0; i < consents; i++) this.#checkConsent(this.#consentsAt + i * CONSENT)
    for (let i = 0; i < points; i++) {
      const start = view.getUint32(this.#pointsAt + i * POINT_BYTES, true)
      if (start === 0 || start > 0xff) throw malformed()
    }
  }

  #checkSlices(consents: number, points: number, names: number): void {
    const view = this.#view
    let consent = 0
    let point = 0
    let name = 0
    for (let at = HEADER; at < this.#consentsAt; at += SLICE) {
      const flags = view.getUint16(at + 16, true)
      const nameBytes = view.getUint16(at + 30, true)
      if (
        flags > ALL_FLAGS ||
        view.getUint32(at + 20, true) !== consent ||
        view.getUint32(at + 24, true) !== point ||
        view.getUint32(at + 32, true) !== name ||
        view.getUint32(at + 44, true) !== 0 ||
        (nameBytes > 0 && (flags & NAMED) === 0)
      ) {
        throw malformed()
      }
      consent += view.getUint16(at + 18, true)
      point += view.getUint16(at + 28, true)
      name += nameBytes
    }
    if (consent !== consents || point !== points || name !== names) throw malformed()
  }

  /** All at once, which costs little: what is UTF-8 as a whole is so in parts, if none begins inside a character. */
  #checkNames(): void {
    const names = this.bytes.subarray(this.#namesAt)
    for (let slot = 0; slot < this.count; slot++) {
      const start = this.#view.getUint32(HEADER + slot * SLICE + 32, true)
      if (((names[start] ?? 0) & 0xc0) === 0x80) throw malformed()
    }
    try {
      decoder.decode(names)
    } catch {
      throw malformed()
    }
  }

  #checkConsent(at: number): void {
    const view = this.#view
    if (view.getUint8(at + 4) >= STATES.length || view.getUint8(at + 5) >= ASSURANCES.length) throw malformed()
    if (view.getUint16(at + 6, true) !== 0) throw malformed()
    for (let start = at + 8; start < at + CONSENT; start += 8) {
      const instant = view.getFloat64(start, true)
      if (!Number.isNaN(instant) && !isInstant(instant)) throw malformed()
    }
  }

  /** The contact's id, in place: copy it to keep it. */
  idAt(slot: number): Uint8Array {
    const at = this.#slice(slot)
    return this.bytes.subarray(at, at + ID_BYTES)
  }

  /** Where the contact's id begins in {@link HeadView.bytes}: for who reads many and wants no object for each. */
  idOffset(slot: number): number {
    return this.#slice(slot)
  }

  /** {@link LATEST}, {@link QUARANTINED}, {@link NAMED} and {@link HAS_REF}, added up. */
  flags(slot: number): number {
    return this.#view.getUint16(this.#slice(slot) + 16, true)
  }

  isLatest(slot: number): boolean {
    return (this.flags(slot) & LATEST) !== 0
  }

  isQuarantined(slot: number): boolean {
    return (this.flags(slot) & QUARANTINED) !== 0
  }

  /** Makes a string. Undefined when the slice has no name. */
  name(slot: number): string | undefined {
    return (this.flags(slot) & NAMED) === 0 ? undefined : decoder.decode(this.nameBytes(slot))
  }

  /** UTF-8, in place; empty when the slice has no name. */
  nameBytes(slot: number): Uint8Array {
    const at = this.#slice(slot)
    const start = this.#namesAt + this.#view.getUint32(at + 32, true)
    return this.bytes.subarray(start, start + this.#view.getUint16(at + 30, true))
  }

  revision(slot: number): number {
    return this.#view.getUint32(this.#slice(slot) + 36, true)
  }

  created(slot: number): Day {
    return this.#view.getUint32(this.#slice(slot) + 40, true)
  }

  consentCount(slot: number): number {
    return this.#view.getUint16(this.#slice(slot) + 18, true)
  }

  consentPurpose(slot: number, i: number): number {
    return this.#view.getUint16(this.#consent(slot, i), true)
  }

  /** {@link NO_SCOPE}: none. */
  consentScope(slot: number, i: number): number {
    return this.#view.getUint16(this.#consent(slot, i) + 2, true)
  }

  consentState(slot: number, i: number): State {
    return STATES[this.#view.getUint8(this.#consent(slot, i) + 4)] as State
  }

  consentAssurance(slot: number, i: number): Assurance | undefined {
    return ASSURANCES[this.#view.getUint8(this.#consent(slot, i) + 5)]
  }

  /** NaN: none. */
  consentGivenAt(slot: number, i: number): number {
    return this.#view.getFloat64(this.#consent(slot, i) + 8, true)
  }

  /** NaN: none. */
  consentUntil(slot: number, i: number): number {
    return this.#view.getFloat64(this.#consent(slot, i) + 16, true)
  }

  /** NaN: never. */
  consentAskedAt(slot: number, i: number): number {
    return this.#view.getFloat64(this.#consent(slot, i) + 24, true)
  }

  pointCount(slot: number): number {
    return this.#view.getUint16(this.#slice(slot) + 28, true)
  }

  pointKind(slot: number, i: number): number {
    return this.#view.getUint8(this.#point(slot, i))
  }

  /** How many points all slices have together. */
  get points(): number {
    return (this.#namesAt - this.#pointsAt) / POINT_BYTES
  }

  /** In place: copy it to keep it. */
  pointFingerprint(slot: number, i: number): Uint8Array {
    const at = this.#point(slot, i) + FINGERPRINT_AT
    return this.bytes.subarray(at, at + FINGERPRINT_BYTES)
  }

  /** Where the slice's points begin in {@link HeadView.bytes}: for who goes through many and wants no object for each. */
  pointsOffset(slot: number): number {
    return this.#pointsAt + this.#view.getUint32(this.#slice(slot) + 24, true) * POINT_BYTES
  }

  /** Where they end. */
  pointsEnd(slot: number): number {
    return this.pointsOffset(slot) + this.pointCount(slot) * POINT_BYTES
  }

  /** Bytes that this slice takes in a head. */
  sizeOf(slot: number): number {
    return (
      SLICE +
      this.consentCount(slot) * CONSENT +
      this.pointCount(slot) * POINT_BYTES +
      this.#view.getUint16(this.#slice(slot) + 30, true)
    )
  }

  /** Copies a slice as it is into another head, where only its parts begin elsewhere. */
  copyTo(head: Uint8Array, places: Places, slot: number): void {
    const at = this.#slice(slot)
    const consents = this.#consentsAt + this.#view.getUint32(at + 20, true) * CONSENT
    head.set(this.bytes.subarray(at, at + SLICE), places.slice)
    head.set(this.bytes.subarray(consents, consents + this.consentCount(slot) * CONSENT), places.consents)
    head.set(this.bytes.subarray(this.pointsOffset(slot), this.pointsEnd(slot)), places.points)
    head.set(this.nameBytes(slot), places.name)
  }

  /** Overwrites the bytes with zeros and leaves a view without slices. */
  wipe(): void {
    this.count = 0
    this.bytes.fill(0)
  }

  #slice(slot: number): number {
    if (!(slot >= 0 && slot < this.count)) throw new RangeError('no such slice')
    return HEADER + slot * SLICE
  }

  #consent(slot: number, i: number): number {
    const at = this.#slice(slot)
    if (!(i >= 0 && i < this.#view.getUint16(at + 18, true))) throw new RangeError('no such consent')
    return this.#consentsAt + (this.#view.getUint32(at + 20, true) + i) * CONSENT
  }

  #point(slot: number, i: number): number {
    const at = this.#slice(slot)
    if (!(i >= 0 && i < this.#view.getUint16(at + 28, true))) throw new RangeError('no such point')
    return this.#pointsAt + (this.#view.getUint32(at + 24, true) + i) * POINT_BYTES
  }
}

const malformed = (): RangeError => new RangeError('head malformed')
