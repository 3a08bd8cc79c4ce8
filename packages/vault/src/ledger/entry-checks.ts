/**
 * What each property of each entry may hold. The table has a check for every declared property, and the compiler keeps
 * it so; `entry.ts` refuses what has none. Words are short and of one alphabet: a name or a phone number has no place.
 */
import { isInstant as isTime } from '../time/calendar'
import type { EntryDetails, EntryType } from './entry'
import { HASH_BYTES } from './tree'

type Check = (value: unknown) => boolean
type Checks = { readonly [T in EntryType]: { readonly [P in keyof EntryDetails<T>]-?: Check } }

/** An actor's id, such as `staff:leila`: 1 to 200 UTF-16 units. */
export const isActor = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 200
/** Whole, from 0. */
const count: Check = value => Number.isSafeInteger(value) && (value as number) >= 0
/** Milliseconds since 1970, whole, and within what a date can say. */
export const isInstant = (value: unknown): value is number => count(value) && isTime(value)

const instant: Check = isInstant
const id: Check = value => value instanceof Uint8Array && value.length === 16
const hash: Check = value => value instanceof Uint8Array && value.length === HASH_BYTES
/** A key of the policy or of the registered formats: whatever the app chose to call a purpose, a recipient, a format. */
const key: Check = value => typeof value === 'string' && value.length > 0 && value.length <= 100
/** A word of ours. */
const WORD = /^[a-z][a-z0-9-]{0,39}$/
const word: Check = value => typeof value === 'string' && WORD.test(value)
const maybe =
  (check: Check): Check =>
  value =>
    value === undefined || check(value)
const oneOf =
  (...words: readonly string[]): Check =>
  value =>
    words.includes(value as string)
const reasons: Check = value =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !ArrayBuffer.isView(value) &&
  Object.entries(value).every(([reason, people]) => word(reason) && count(people))

const exportAsked = {
  purpose: key,
  recipient: key,
  format: key,
  version: key,
  via: oneOf('sealed-file', 'delivery', 'plaintext-file'),
  who: oneOf('consented', 'query', 'ids'),
}

export const CHECKS: Checks = {
  'vault-created': { vault: id, policy: hash },
  'policy-changed': { from: hash, to: hash, effective: maybe(instant) },
  'contact-added': { contact: id },
  'contact-changed': { contact: id, revision: maybe(count) },
  'contact-erased': { contact: id },
  'contact-forgotten': { contacts: count },
  consent: {
    contact: id,
    purpose: key,
    event: oneOf('requested', 'given', 'renewed', 'refused', 'withdrawn'),
    assurance: maybe(oneOf('claimed', 'evidenced', 'confirmed')),
    notice: maybe(hash),
    until: maybe(instant),
  },
  quarantined: { contact: id },
  purge: { tick: count, slices: count, rows: count },
  reveal: {
    purpose: maybe(key),
    contact: id,
    via: oneOf('reveal', 'find', 'quarantine', 'identify', 'subject-report', 'ask'),
  },
  miss: { purpose: maybe(key), count },
  check: { purpose: key, recipient: key, allowed: count, reasons },
  'export-started': {
    ...exportAsked,
    export: id,
    people: count,
    idsRoot: hash,
    leftOut: count,
    reasons,
    destroyBy: instant,
    ground: maybe(word),
  },
  'export-ended': { export: id, sha256: maybe(hash), bytes: count, people: count, leftOut: count },
  'export-broken': { export: id, people: maybe(count) },
  'export-refused': { ...exportAsked, people: count, reasons },
  'delivery-batch': { export: id, batch: count, from: count, to: count },
  'bulk-read-refused': { purpose: maybe(key), resets: maybe(instant) },
  suppressed: { count },
  'slot-added': { slot: id, kind: word },
  'slot-removed': { slot: id, kind: word },
  'slot-replaced': { slot: id, by: id, kind: word },
  clock: { kind: oneOf('confirmed', 'corrected'), from: instant, to: instant },
  verified: { epoch: count },
  'backup-started': { backup: id },
  restored: {
    backup: id,
    vault: id,
    size: count,
    root: hash,
    people: count,
    gone: count,
    expired: count,
    replaced: maybe(id),
    replacedSize: maybe(count),
    replacedRoot: maybe(hash),
  },
}
