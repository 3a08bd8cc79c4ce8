/**
 * Everything that can go wrong in a vault, each with a code that stays the same within a major
 * version, a sentence on what to do, and data that a screen can be written from. What the rules
 * answer (a refusal of one person, a state) is a value elsewhere; this is for what throws.
 *
 * R37: nothing here is about a person. Data holds random ids, counts, instants, and names that come
 * from the policy or from JSContact. The message is made from the code and data alone, so that no
 * caller can slip a name into it; a string that was asked for and is unknown is never repeated.
 */
import type { Via } from './policy/policy'
import type { Reason } from './rules/export'

/** One mistake: where (a path such as `purposes.news.keepFor`) and what. */
export interface Issue {
  readonly path: string
  readonly message: string
}

/** An ISO 8601 instant. */
type When = string

/** What comes with each code. `undefined` means: nothing to add. */
export interface ErrorData {
  POLICY_INVALID: { readonly issues: readonly Issue[] }
  /** Where the two differ, as far as is known. */
  POLICY_DIFFERS: { readonly paths: readonly string[] } | undefined
  PLAN_OUTDATED: undefined
  FIELD_NOT_DECLARED: { readonly fields: readonly string[] }
  CARD_INVALID: { readonly issues: readonly Issue[] }
  CARD_TOO_LARGE: { readonly bytes: number; readonly limit: number }
  CONSENT_INVALID: { readonly issues: readonly Issue[] }
  /** `until` is the rounded instant that has passed already. */
  EXPIRES_TOO_SOON: { readonly until: When; readonly purpose?: string }
  UNKNOWN_PURPOSE: { readonly known: readonly string[] }
  UNKNOWN_RECIPIENT: { readonly purpose: string; readonly known: readonly string[] }
  UNKNOWN_CONTACT: undefined
  UNKNOWN_NOTICE: { readonly known: readonly string[] }
  UNKNOWN_FORMAT: { readonly known: readonly string[] }
  REF_TAKEN: undefined
  /** The purposes that a suppression speaks against; none named: all of them. */
  SUPPRESSED: { readonly purposes: readonly string[] } | undefined
  QUARANTINE_AGAIN: undefined
  ASK_REFUSED: {
    readonly reason: 'asked-this-year' | 'refused' | 'withdrawn' | 'no-ground' | 'no-contact-point'
    /** From when asking is allowed again, if ever. */
    readonly again?: When
  }
  /** The fields that may not be kept without consent. */
  NOT_IN_QUARANTINE: { readonly fields: readonly string[] }
  EXPORT_REFUSED: {
    /** How many people for each reason. */
    readonly reasons: { readonly [reason in Reason]?: number }
    /** Where ids were asked for: whose they are. */
    readonly ids?: { readonly [reason in Reason]?: readonly string[] }
  }
  /** How many may still be seen now (0 unless several were asked for at once), and from when one more may. */
  BULK_READ_REFUSED: { readonly left: number; readonly resets?: When }
  /** By which id it can be resumed, and how many people were handed over in this run. */
  DELIVERY_BROKEN: { readonly delivery: string; readonly delivered: number }
  UNKNOWN_DELIVERY: undefined
  NO_AGE_KEYS: { readonly purpose: string; readonly recipient: string }
  VIA_NOT_ALLOWED: { readonly purpose: string; readonly recipient: string; readonly allowed: readonly Via[] }
  CHALLENGE_REFUSED: {
    readonly reason: 'unknown' | 'wrong-code' | 'expired' | 'used' | 'too-many-tries' | 'too-many-failures'
    readonly triesLeft?: number
  }
  VAULT_LOCKED: undefined
  VAULT_EXISTS: undefined
  VAULT_MISSING: undefined
  /** Named when it is a backup that doesn't open; else it is the vault. */
  CANNOT_UNLOCK: { readonly what: 'backup' } | undefined
  CELL_MISSING: undefined
  CELL_STALE: undefined
  /** Which row: its table, or table and id in hexadecimal. */
  CORRUPT: { readonly row: string }
  FORMAT_TOO_NEW: { readonly found: number; readonly known: number } | undefined
  NOT_A_BACKUP: undefined
  BACKUP_DAMAGED: undefined
  BACKUP_FOREIGN: undefined
  /** How many commits of the vault that stands there the backup doesn't know. */
  BACKUP_OLDER: { readonly missing: number }
  CLOCK_JUMPED: { readonly lastSeen: When; readonly clock: When }
  CONFLICT: { readonly revision: string | number } | undefined
  BUSY: undefined
  NO_SPACE: undefined
  IO: undefined
  UNKNOWN_RESULT: undefined
  /** What is lacking, in a word or two. */
  UNSUPPORTED: { readonly what: string } | undefined
  KEY_CHANGED: undefined
  LAST_SLOT: undefined
  UNKNOWN_SLOT: undefined
  TOO_MANY_SLOTS: { readonly most: number }
}

export type ErrorCode = keyof ErrorData

/** `refused`: the rules said no. `mistake`: the call was wrong. `failure`: the surroundings failed. */
export type ErrorKind = 'refused' | 'mistake' | 'failure'

const MEANING: { readonly [code in ErrorCode]: readonly [kind: ErrorKind, message: string, fix: string] } = {
  POLICY_INVALID: ['mistake', 'The policy has mistakes.', 'Correct what `issues` names; all mistakes are listed.'],
  POLICY_DIFFERS: [
    'refused',
    'The vault is ruled by another policy than the one given.',
    'Open it with the policy it has, then change that with planPolicy and changePolicy.',
  ],
  PLAN_OUTDATED: [
    'refused',
    'The vault changed since this plan was made.',
    'Plan again, look at what would be forgotten, and accept the new plan.',
  ],
  FIELD_NOT_DECLARED: [
    'refused',
    'No purpose of the policy declares these fields.',
    'Leave the fields out, or declare them in the purpose that needs them.',
  ],
  CARD_INVALID: ['mistake', 'The card is not a JSContact card that can be kept.', 'Correct what `issues` names.'],
  CARD_TOO_LARGE: [
    'refused',
    'The card is larger than a contact may be.',
    'Leave out large parts such as photos, or make them smaller.',
  ],
  CONSENT_INVALID: ['mistake', 'The consent cannot be recorded as it is.', 'Correct what `issues` names.'],
  EXPIRES_TOO_SOON: [
    'refused',
    'The consent would be over before it is recorded.',
    'Give a later `until`, or ask the person again.',
  ],
  UNKNOWN_PURPOSE: ['mistake', 'The policy has no such purpose.', 'Use one of the purposes in `known`.'],
  UNKNOWN_RECIPIENT: [
    'mistake',
    'The purpose has no such recipient.',
    'Use one of the recipients in `known`, or declare the recipient in the policy.',
  ],
  UNKNOWN_CONTACT: ['mistake', 'There is no such contact.', 'It may have expired or been erased: list again.'],
  UNKNOWN_NOTICE: ['mistake', 'The policy has no such notice in that language.', 'Use one of the notices in `known`.'],
  UNKNOWN_FORMAT: [
    'mistake',
    'The vault was opened without a format of that name.',
    'Pass the format in `formats` when opening, or use one in `known`.',
  ],
  REF_TAKEN: ['refused', 'Another contact has this ref.', 'Use the contact that has it, or give another ref.'],
  SUPPRESSED: [
    'refused',
    'Somebody with this contact point may have left and must not be brought back.',
    'Come with a consent that was given after they left and is evidenced or confirmed.',
  ],
  QUARANTINE_AGAIN: [
    'refused',
    'Somebody with this contact point was in quarantine within the last year.',
    'Come with a consent; importing the same list again does not renew the wait.',
  ],
  ASK_REFUSED: ['refused', 'This person may not be asked for this now.', 'See `reason`; do not ask by another way.'],
  NOT_IN_QUARANTINE: [
    'refused',
    'Without consent only a name and contact points may be kept.',
    'Leave out the fields named, or come with a consent that covers them.',
  ],
  EXPORT_REFUSED: [
    'refused',
    'Some of these people did not agree to this export, so nothing was exported.',
    "See `reasons`; ask those people, or export with whenRefused: 'leave-out'.",
  ],
  BULK_READ_REFUSED: [
    'refused',
    'As many people were looked at as the policy allows.',
    'Wait until `resets`; to reach many people at once, export or deliver.',
  ],
  DELIVERY_BROKEN: [
    'failure',
    'The delivery stopped before its end.',
    'Find out whether the last batch arrived, then deliver again with `resume` set to the id in `delivery`.',
  ],
  UNKNOWN_DELIVERY: [
    'mistake',
    'There is no such delivery to resume for this purpose and recipient.',
    'It may have ended, or the consents of all in it may have: begin a new one.',
  ],
  NO_AGE_KEYS: [
    'refused',
    'The policy names no age key to seal an export for this recipient to.',
    "Add the recipient's age keys to the policy; that takes effect after its notice.",
  ],
  VIA_NOT_ALLOWED: [
    'refused',
    'An export may not leave for this recipient in this way.',
    'Use one of the ways in `allowed`: `delivery` by deliver(), the others by export().',
  ],
  CHALLENGE_REFUSED: [
    'refused',
    'This answer to a challenge does not count.',
    'See `reason`; ask again if it is over.',
  ],
  VAULT_LOCKED: ['mistake', 'The vault is locked.', 'Open it again; objects from before stay locked.'],
  VAULT_EXISTS: ['mistake', 'There is a vault in this store already.', 'Open it with openVault, or use another store.'],
  VAULT_MISSING: [
    'mistake',
    'There is no vault in this store.',
    'Create one with createVault, or check the path or name.',
  ],
  CANNOT_UNLOCK: [
    'failure',
    'The vault could not be unlocked.',
    'Check the passphrase or key; if it is right, the slot was tampered with: another way of unlocking may still open it.',
  ],
  CELL_MISSING: [
    'failure',
    'The rows are there and the cell is not, so nothing can be opened.',
    'Put back the cell if it was moved. Never create a new cell for old rows.',
  ],
  CELL_STALE: [
    'failure',
    'The rows and the cell are from different times, as when one was put back from a copy.',
    'Put both back from the same moment.',
  ],
  CORRUPT: [
    'failure',
    'A row cannot be opened.',
    'The rest can be read; examine() names every row that does not open. Restoring a backup brings back what it has.',
  ],
  FORMAT_TOO_NEW: [
    'failure',
    'The vault was written by a newer version of this library.',
    'Update the library on this device.',
  ],
  NOT_A_BACKUP: ['mistake', 'This is not a backup of a vault.', 'Look for the file that backup() wrote.'],
  BACKUP_DAMAGED: [
    'failure',
    'The backup was cut short or changed, so nothing of it was restored.',
    'Fetch the file again, or use another backup. What stood in the store still stands.',
  ],
  BACKUP_FOREIGN: [
    'refused',
    'Another vault stands in this store than the one the backup was made of.',
    'Restore into an empty store, or destroy the vault that is there first.',
  ],
  BACKUP_OLDER: [
    'refused',
    'The vault that stands in this store knows more than the backup, and that would be lost.',
    'Restore into an empty store; or pass evenIfOlder, and what was withdrawn or erased since still stays gone.',
  ],
  CLOCK_JUMPED: [
    'refused',
    'The clock is further ahead of the last use than expected, so nothing was destroyed yet.',
    'Check the date of this device; if it is right, open the vault and call confirmTime(), or restore with confirmTime.',
  ],
  CONFLICT: [
    'refused',
    'The contact was changed by somebody else meanwhile.',
    'Read it again and apply the change to what it is now.',
  ],
  BUSY: ['failure', 'Another process or tab has been working on the vault for too long.', 'Try again in a while.'],
  NO_SPACE: ['failure', 'There is no room left; nothing was written.', 'Free some space and try again.'],
  IO: ['failure', 'The storage failed; nothing was committed.', 'Look at `cause`, then open the vault again.'],
  UNKNOWN_RESULT: [
    'failure',
    'The storage did not answer, so it is not known whether this was written.',
    'Open the vault again and look before doing it once more.',
  ],
  UNSUPPORTED: [
    'failure',
    'This platform or vault lacks something that is needed.',
    'See `what`; where there is none, `cause` says it.',
  ],
  KEY_CHANGED: [
    'failure',
    'A way of unlocking was replaced or removed while this vault was open, or a backup took its place.',
    'Open the vault again, with the new passphrase or key if yours was replaced.',
  ],
  UNKNOWN_SLOT: [
    'mistake',
    'There is no such way of unlocking.',
    'List the slots again: their ids change when one is removed.',
  ],
  LAST_SLOT: ['refused', 'This is the only way left to unlock the vault.', 'Add another slot first.'],
  TOO_MANY_SLOTS: ['refused', 'The vault has as many slots as it can have.', 'Remove a slot first.'],
}

/** What {@link VaultError.toJSON} writes: plain, so that it crosses workers, IPC and HTTP. */
export interface VaultErrorJson {
  readonly name: 'VaultError'
  readonly code: ErrorCode
  readonly message: string
  readonly fix: string
  readonly data?: unknown
}

type Rest<C extends ErrorCode> = undefined extends ErrorData[C]
  ? [options?: { readonly data?: ErrorData[C]; readonly cause?: unknown }]
  : [options: { readonly data: ErrorData[C]; readonly cause?: unknown }]

/** Codes are stable within a major version; messages are not. Translate from `code` and `data`. */
export class VaultError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'VaultError'
  readonly code: C
  readonly kind: ErrorKind
  /** One English sentence: what to do. */
  readonly fix: string
  readonly data: ErrorData[C]

  constructor(code: C, ...[options]: Rest<C>) {
    const [kind, message, fix] = MEANING[code]
    const data = options?.data
    super(withDetail(message, data), options?.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.kind = kind
    this.fix = fix
    this.data = data as ErrorData[C]
  }

  /** Without `cause` and stack: those may come from an app's own functions and hold anything. */
  toJSON(): VaultErrorJson {
    const { name, code, message, fix, data } = this
    return { name, code, message, fix, ...(data === undefined ? {} : { data }) }
  }
}

/** A union over all codes: a `switch` on `code` types `data`. */
export type AnyVaultError = { [C in ErrorCode]: VaultError<C> }[ErrorCode]

/** Whether a value is an error of a vault (of this or another copy of the library), and of this code if one is given. */
export function isVaultError(value: unknown): value is AnyVaultError
export function isVaultError<C extends ErrorCode>(value: unknown, code: C): value is VaultError<C>
export function isVaultError(value: unknown, code?: ErrorCode): boolean {
  if (!(value instanceof Error) || value.name !== 'VaultError') return false
  const found = (value as Partial<VaultError>).code
  return isErrorCode(found) && (code === undefined || found === code)
}

/**
 * The error again, from what `toJSON` wrote.
 * @throws TypeError for anything else.
 */
export function vaultErrorFrom(json: unknown): AnyVaultError {
  const { name, code, data } = (typeof json === 'object' && json !== null ? json : {}) as Partial<VaultErrorJson>
  if (name !== 'VaultError' || !isErrorCode(code) || !isTellable(data)) {
    throw new TypeError('not the JSON of a VaultError')
  }
  return new VaultError<'CORRUPT'>(code as 'CORRUPT', { data: data as never }) as AnyVaultError
}

/** What goes into the message is in shape; the rest of the data is the reader's to look at. */
function isTellable(data: unknown): boolean {
  if (data === undefined) return true
  if (typeof data !== 'object' || data === null) return false
  const { issues = [], fields = [] } = data as { issues?: unknown; fields?: unknown }
  const isText = (value: unknown) => typeof value === 'string'
  const isIssue = (value: unknown) =>
    typeof value === 'object' && isText((value as Issue | null)?.path) && isText((value as Issue | null)?.message)
  return Array.isArray(issues) && issues.every(isIssue) && Array.isArray(fields) && fields.every(isText)
}

const isErrorCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(MEANING, code)

/** Mistakes and fields are named in the message too: a developer sees them without unfolding `data`. */
function withDetail(message: string, data: unknown): string {
  if (typeof data !== 'object' || data === null) return message
  const { issues, fields } = data as { issues?: readonly Issue[]; fields?: readonly string[] }
  if (issues?.length) return `${message}${issues.map(({ path, message }) => `\n  ${path}: ${message}`).join('')}`
  if (fields?.length) return `${message.slice(0, -1)}: ${fields.join(', ')}.`
  return message
}
