/**
 * What the ledger says (R32): one entry for each thing done or refused, with who did it (R33) and when.
 *
 * An entry holds pseudonymous ids, actors' ids, words of the policy (purposes, recipients), hashes, counts and dates,
 * and has no room for more: names, contact points, labels and query text fit no property, and an entry with a property
 * that isn't declared is refused on writing and on reading (R34). Signing and chaining are for `tree.ts` and above.
 */
import { decodeRecord, encodeRecord } from '../record/record'
import { CHECKS, isActor, isInstant } from './entry-checks'

/** Sixteen bytes that say nothing about anybody: a contact's, an export's or a slot's id. */
export type EntryId = Uint8Array
/** Thirty-two bytes. */
export type EntryHash = Uint8Array
/** How many people for each reason (R28). */
export type Reasons = { readonly [reason: string]: number }
/** Whom an export was asked for: everybody who consented, those a query found, or a list of ids. */
export type Who = 'consented' | 'query' | 'ids'
export type ExportVia = 'sealed-file' | 'delivery' | 'plaintext-file'

interface Written {
  readonly actor: string
  /** Milliseconds since 1970, UTC. */
  readonly at: number
}

interface ExportAsked {
  readonly purpose: string
  readonly recipient: string
  readonly format: string
  /** The format's version. */
  readonly version: string
  readonly via: ExportVia
  readonly who: Who
}

interface Details {
  /** The first leaf of a ledger: by it two vaults know whether they come from one. */
  'vault-created': { readonly vault: EntryId; readonly policy: EntryHash }
  'policy-changed': {
    readonly from: EntryHash
    readonly to: EntryHash
    /** When what it loosens takes effect (R3); absent when nothing waits. */
    readonly effective?: number
  }
  'contact-added': { readonly contact: EntryId }
  'contact-changed': { readonly contact: EntryId; readonly revision?: number }
  'contact-erased': { readonly contact: EntryId }
  /** Nothing was left of so many contacts after a withdrawal, a refusal or a narrowed policy. */
  'contact-forgotten': { readonly contacts: number }
  consent: {
    readonly contact: EntryId
    readonly purpose: string
    readonly event: 'requested' | 'given' | 'renewed' | 'refused' | 'withdrawn'
    readonly assurance?: 'claimed' | 'evidenced' | 'confirmed'
    /** SHA-256 of the notice that was shown. */
    readonly notice?: EntryHash
    readonly until?: number
  }
  quarantined: { readonly contact: EntryId }
  /** Days before `tick` have passed: so many slices in so many pages. Whose they were can't be read any more. */
  purge: { readonly tick: number; readonly slices: number; readonly rows: number }
  reveal: {
    /** Absent where no purpose was named: quarantine, identify. */
    readonly purpose?: string
    readonly contact: EntryId
    readonly via: 'reveal' | 'find' | 'quarantine' | 'identify' | 'subject-report' | 'ask'
  }
  miss: { readonly purpose?: string; readonly count: number }
  check: { readonly purpose: string; readonly recipient: string; readonly allowed: number; readonly reasons: Reasons }
  'export-started': ExportAsked & {
    readonly export: EntryId
    readonly people: number
    /** Merkle root of the ids of the people in it, in their order (`rootOf`). */
    readonly idsRoot: EntryHash
    readonly leftOut: number
    /** Why people were left out. */
    readonly reasons: Reasons
    /** When the recipient must have destroyed it. */
    readonly destroyBy: number
    readonly ground?: string
  }
  'export-ended': {
    readonly export: EntryId
    /** SHA-256 of the file; absent for a delivery, which has none. */
    readonly sha256?: EntryHash
    readonly bytes: number
    readonly people: number
    readonly leftOut: number
  }
  'export-broken': { readonly export: EntryId; readonly people?: number }
  'export-refused': ExportAsked & { readonly people: number; readonly reasons: Reasons }
  /** About to hand over the people from number `from` up to, not including, `to`. */
  'delivery-batch': { readonly export: EntryId; readonly batch: number; readonly from: number; readonly to: number }
  'bulk-read-refused': { readonly purpose?: string; readonly resets?: number }
  /** Somebody who isn't here doesn't want to be: a count, never who. */
  suppressed: { readonly count: number }
  'slot-added': { readonly slot: EntryId; readonly kind: string }
  'slot-removed': { readonly slot: EntryId; readonly kind: string }
  'slot-replaced': { readonly slot: EntryId; readonly by: EntryId; readonly kind: string }
  clock: { readonly kind: 'confirmed' | 'corrected'; readonly from: number; readonly to: number }
  /** Forgetting was verified up to this epoch (R15). */
  verified: { readonly epoch: number }
  /** Everything is about to leave, sealed, for whoever opens this vault. */
  'backup-started': { readonly backup: EntryId }
  /** The first entry of a restored vault's own: everything before it stood in the ledger that it names. */
  restored: {
    readonly backup: EntryId
    /** The vault that the backup was made of, and its ledger then. */
    readonly vault: EntryId
    readonly size: number
    readonly root: EntryHash
    /** People who are here again; who had been erased or had withdrawn since, as far as was known; slices whose day had passed. */
    readonly people: number
    readonly gone: number
    readonly expired: number
    /** The vault whose place it took, and its ledger then. */
    readonly replaced?: EntryId
    readonly replacedSize?: number
    readonly replacedRoot?: EntryHash
  }
}

export type EntryType = keyof Details
export type EntryDetails<T extends EntryType> = Details[T]
export type EntryOf<T extends EntryType> = { readonly type: T } & Written & Details[T]
export type LedgerEntry = { [T in EntryType]: EntryOf<T> }[EntryType]
/** What reading gives: a ledger may hold entries of a later version. */
export type AnyEntry = LedgerEntry | UnknownEntry

/** The entries that count how many people were looked at (R25). */
export const METERED: ReadonlySet<AnyEntry['type']> = new Set(['reveal', 'miss', 'bulk-read-refused'])

/** An entry of a type that this version doesn't know: kept, counted, shown as such. */
export interface UnknownEntry extends Written {
  readonly type: 'unknown'
  /** The type as written. */
  readonly was: string
  readonly bytes: Uint8Array
}

/** An entry is small; what comes in bulk is a count or a root. */
export const MAX_ENTRY_BYTES = 4_096

/** Canonical CBOR. @throws RangeError when a property is missing, undeclared or out of bounds. */
export function encodeEntry(entry: LedgerEntry): Uint8Array {
  if (!fits(entry)) throw new RangeError('ledger entry malformed')
  const bytes = encodeRecord(entry)
  if (bytes.length > MAX_ENTRY_BYTES) throw new RangeError('ledger entry too large')
  return bytes
}

/** @throws RangeError when the bytes are not exactly what {@link encodeEntry} would write; an unknown type is kept. */
export function decodeEntry(bytes: Uint8Array): LedgerEntry | UnknownEntry {
  if (bytes.length > MAX_ENTRY_BYTES) throw new RangeError('ledger entry malformed')
  const entry = decodeRecord(bytes)
  if (typeof entry !== 'object' || entry === null) throw new RangeError('ledger entry malformed')
  const { type, actor, at } = entry as Record<string, unknown>
  if (typeof type !== 'string' || !isCanonical(entry, bytes)) throw new RangeError('ledger entry malformed')
  if (fits(entry)) return entry
  if (Object.hasOwn(CHECKS, type) || !isActor(actor) || !isInstant(at)) throw new RangeError('ledger entry malformed')
  return { type: 'unknown', was: type, actor, at, bytes: bytes.slice() }
}

function fits(entry: object): entry is LedgerEntry {
  const { type, actor, at, ...details } = entry as Record<string, unknown>
  if (typeof type !== 'string' || !Object.hasOwn(CHECKS, type) || !isActor(actor) || !isInstant(at)) return false
  const checks: { readonly [property: string]: (value: unknown) => boolean } = CHECKS[type as EntryType]
  return (
    Object.keys(details).every(property => Object.hasOwn(checks, property)) &&
    Object.entries(checks).every(([property, check]) => check(details[property]))
  )
}

/** Other bytes for the same entry would be another leaf: there is one way to write each. */
function isCanonical(entry: object, bytes: Uint8Array): boolean {
  let again: Uint8Array
  try {
    again = encodeRecord(entry)
  } catch {
    return false
  }
  return again.length === bytes.length && again.every((byte, i) => byte === bytes[i])
}

const TYPE_KEY = [0x64, 0x74, 0x79, 0x70, 0x65]
/** How many bytes follow the first one of a CBOR integer. */
const WIDTHS = [1, 2, 4, 8]

/**
 * The type of an entry without decoding it. Keys stand in order of length, so in the entries that come by the hundred
 * thousand it is right after `at`. An empty string where it isn't: whoever wants to know then decodes.
 */
export function peekType(bytes: Uint8Array): string {
  if (bytes.length < 12 || bytes[1] !== 0x62 || bytes[2] !== 0x61 || bytes[3] !== 0x74) return ''
  const minor = (bytes[4] as number) & 31
  const at = 5 + (minor < 24 ? 0 : (WIDTHS[minor - 24] ?? bytes.length))
  if (!TYPE_KEY.every((byte, i) => bytes[at + i] === byte)) return ''
  const start = at + TYPE_KEY.length
  const length = (bytes[start] ?? 0) - 0x60
  if (length < 0 || length > 23 || start + 1 + length > bytes.length) return ''
  const type = bytes.subarray(start + 1, start + 1 + length)
  return type.every(byte => byte < 0x80) ? String.fromCharCode(...type) : ''
}
