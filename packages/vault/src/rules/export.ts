/**
 * R26 to R28, R30: may this person's details leave, for this purpose, to this recipient, and how?
 * One answer for `check` and for `export`: they ask the same function.
 */
import type { ConsentSummary, Instant } from '../consent/consent'
import { stateAt } from '../consent/state'
import { VaultError } from '../errors'
import type { Policy, Via } from '../policy/policy'
import { assuranceToExport, assuranceToUse, isAtLeast, isSpecial, recipientIn, stricter } from '../policy/purpose'
import { agreedFields, agreedRecipients, isSameController, type Known } from './permits'

/** Why one person isn't in an export (R28). */
export type Reason =
  | 'no-consent'
  | 'not-given'
  | 'refused'
  | 'withdrawn'
  | 'expired'
  | 'recipient-not-agreed'
  | 'field-not-agreed'
  | 'assurance-too-low'
  | 'quarantined'

export interface ExportRequest {
  readonly purpose: string
  readonly recipient: string
  /** Only these fields, of everybody. None named: of each person the fields that they agreed to. */
  readonly fields?: readonly string[]
}

/**
 * Why a person's details may not leave; nothing if they may. `summary` is their consent for the request's purpose:
 * one for another purpose counts as none.
 */
export function refusalOf(
  summary: ConsentSummary | undefined,
  quarantined: boolean,
  { purpose, recipient, fields }: ExportRequest,
  policy: Policy,
  now: Instant,
  known: Known = {},
): Reason | undefined {
  if (quarantined) return 'quarantined'
  if (!summary || summary.purpose !== purpose || !Object.hasOwn(policy.purposes, purpose)) return 'no-consent'
  const state = stateAt(summary, policy, now)
  if (state === 'requested') return 'not-given'
  if (state !== 'given') return state
  const { given } = summary
  // They agreed with another controller, not with this one.
  if (!given || !isSameController(given, policy, known)) return 'no-consent'
  if (!agreedRecipients(given, policy, purpose).includes(recipient)) return 'recipient-not-agreed'
  const agreed = agreedFields(given, policy, purpose)
  if (agreed.length === 0 || fields?.some(field => !agreed.includes(field))) return 'field-not-agreed'
  const needed = stricter(assuranceToUse(policy, purpose), assuranceToExport(policy, purpose, recipient))
  return isAtLeast(given.assurance, needed) ? undefined : 'assurance-too-low'
}

/**
 * How an export leaves (R30): as asked for, if the recipient allows it; nothing asked for: sealed. Nothing leaves in the
 * clear for a special purpose, nor where members see each other.
 *
 * @throws VaultError `UNKNOWN_PURPOSE`, `UNKNOWN_RECIPIENT`, `VIA_NOT_ALLOWED`
 */
export function exportWay(policy: Policy, purpose: string, recipient: string, way: Via = 'sealed-file'): Via {
  const { via, members, role } = recipientIn(policy, purpose, recipient)
  const sealedOnly = isSpecial(policy, purpose) || members === 'see-each-other' || role === 'self'
  const allowed = sealedOnly ? via.filter(each => each !== 'plaintext-file') : via
  if (!allowed.includes(way)) throw new VaultError('VIA_NOT_ALLOWED', { data: { purpose, recipient, allowed } })
  return way
}
