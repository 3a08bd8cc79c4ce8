/**
 * Looking things up in a policy: purposes, recipients, and what they come down to once the defaults
 * are filled in. Names come from outside (an address, a command line), so nothing is found on a
 * prototype, and a name that is unknown is not repeated.
 */
import type { AgreedRecipient } from '../consent/consent'
import { VaultError } from '../errors'
import type { Assurance, BulkWindow, Policy, PurposeOf, PurposeSpec, RecipientOf, Via } from './policy'

/** A recipient as today's policy has it. */
export interface Recipient extends AgreedRecipient {
  readonly via: readonly Via[]
  readonly ageKeys: readonly string[]
  /** ISO 8601 duration. */
  readonly destroyAfter: string
}

export const DEFAULT_VIA: readonly Via[] = ['sealed-file']
const DESTROY_AFTER = 'P30D'

export function findPurpose(policy: Policy, purpose: string): PurposeSpec | undefined {
  return isPurpose(policy, purpose) ? policy.purposes[purpose] : undefined
}

/** @throws VaultError `UNKNOWN_PURPOSE` */
export function purposeIn(policy: Policy, purpose: string): PurposeSpec {
  const found = findPurpose(policy, purpose)
  if (!found) throw new VaultError('UNKNOWN_PURPOSE', { data: { known: Object.keys(policy.purposes) } })
  return found
}

/** The ids of a purpose's recipients, `self` included where it is declared. */
export function recipientIds(spec: PurposeSpec): string[] {
  return [...Object.keys(spec.recipients ?? {}), ...(spec.self ? ['self'] : [])]
}

export function findRecipient(policy: Policy, purpose: string, id: string): Recipient | undefined {
  const spec = findPurpose(policy, purpose)
  if (id === 'self') {
    if (!spec?.self) return undefined
    const { name, jurisdiction: country } = policy.controller
    const { via = DEFAULT_VIA, ageKeys = [] } = spec.self
    return { id, name, role: 'self', country, members: 'kept-apart', via, ageKeys, destroyAfter: DESTROY_AFTER }
  }
  const known = typeof id === 'string' && spec?.recipients !== undefined && Object.hasOwn(spec.recipients, id)
  const found = known ? spec.recipients?.[id] : undefined
  if (!found) return undefined
  const { name, role, country, members, via = DEFAULT_VIA, ageKeys = [], destroyAfter = DESTROY_AFTER } = found
  return { id, name, role, country, members, via, ageKeys, destroyAfter }
}

/** @throws VaultError `UNKNOWN_PURPOSE`, `UNKNOWN_RECIPIENT` */
export function recipientIn(policy: Policy, purpose: string, id: string): Recipient {
  const spec = purposeIn(policy, purpose)
  const found = findRecipient(policy, purpose, id)
  if (!found) throw new VaultError('UNKNOWN_RECIPIENT', { data: { purpose, known: recipientIds(spec) } })
  return found
}

/** Whether being on the list is itself the secret, because the purpose or the whole policy says so (R2). */
export function isSpecial(policy: Policy, purpose: string): boolean {
  return policy.special === true || findPurpose(policy, purpose)?.special === true
}

const RANK: { readonly [assurance in Assurance]: number } = { claimed: 0, evidenced: 1, confirmed: 2 }

/** Whether a consent proved this well is proved well enough. */
export const isAtLeast = (proved: Assurance, needed: Assurance): boolean => RANK[proved] >= RANK[needed]
export const stricter = (a: Assurance, b: Assurance): Assurance => (isAtLeast(a, b) ? a : b)

/** How well a consent must be proved for a purpose to use it (R2, R7): in special purposes a claim permits nothing. */
export function assuranceToUse(policy: Policy, purpose: string): Assurance {
  return stricter(
    findPurpose(policy, purpose)?.assurance?.use ?? 'claimed',
    isSpecial(policy, purpose) ? 'evidenced' : 'claimed',
  )
}

/** How well it must be proved for an export to a recipient (R26). */
export function assuranceToExport(policy: Policy, purpose: string, recipient: string): Assurance {
  const members = findRecipient(policy, purpose, recipient)?.members
  if (isSpecial(policy, purpose) || members === 'see-each-other') return 'confirmed'
  return findPurpose(policy, purpose)?.assurance?.export ?? 'evidenced'
}

/** The windows in which people in quarantine are counted: a meter of its own (R22), like the one for actors where none is declared. */
export function quarantineWindows(policy: Policy): readonly BulkWindow[] {
  return policy.quarantine?.perActor ?? policy.bulk.perActor
}

/** A guard for strings from outside. */
export const isPurpose = <P extends Policy>(policy: P, text: unknown): text is PurposeOf<P> =>
  typeof text === 'string' && Object.hasOwn(policy.purposes, text)

/** A guard for strings from outside. */
export const isRecipient = <P extends Policy, K extends PurposeOf<P>>(
  policy: P,
  purpose: K,
  text: unknown,
): text is RecipientOf<P, K> => typeof text === 'string' && findRecipient(policy, purpose, text) !== undefined
