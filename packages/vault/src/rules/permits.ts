/**
 * R3, R5, R7, R23: what one person's consent permits today.
 *
 * It is what they agreed to **and** what today's policy still says: never more than either. A policy that
 * asks for more changes nothing for them; one that asks for less takes effect at once.
 */
import type { AgreedRecipient, ConsentSummary, Instant } from '../consent/consent'
import type { Assurance, Policy } from '../policy/policy'
import { assuranceToUse, findPurpose, findRecipient, isAtLeast } from '../policy/purpose'
import { addDuration } from '../time/calendar'
import { roundExpiry } from '../time/expiry'

/** What the vault knows besides policy and consents. */
export interface Known {
  /** Names of the controller that are recorded, with evidence, as the same legal person (R3). */
  readonly sameLegalPerson?: readonly string[]
}

/** A consent that permits something now. */
export interface Live {
  /** Not from this instant on. */
  readonly until: Instant
  /** Agreed to, and in the purpose today. Never empty. */
  readonly fields: readonly string[]
  /** Agreed to, and still the same recipient today. */
  readonly recipients: readonly string[]
  readonly assurance: Assurance
}

type Given = NonNullable<ConsentSummary['given']>

/** What a consent permits now; nothing if it isn't given, is over, or isn't proved well enough for its purpose. */
export function liveConsent(
  summary: ConsentSummary | undefined,
  policy: Policy,
  now: Instant,
  known: Known = {},
): Live | undefined {
  if (summary?.state !== 'given' || !summary.given) return undefined
  const { given, purpose } = summary
  const until = lastsUntil(given, policy, purpose)
  if (until === undefined || now >= until) return undefined
  if (!isSameController(given, policy, known)) return undefined
  if (!isAtLeast(given.assurance, assuranceToUse(policy, purpose))) return undefined
  const fields = agreedFields(given, policy, purpose)
  if (fields.length === 0) return undefined
  return { until, fields, recipients: agreedRecipients(given, policy, purpose), assurance: given.assurance }
}

/**
 * When a given consent is over: at the date agreed on, or sooner where today's policy keeps people for less
 * time than was agreed, counted from the day it was given. Nothing if the purpose is gone.
 */
export function lastsUntil(given: Given, policy: Policy, purpose: string): Instant | undefined {
  const spec = findPurpose(policy, purpose)
  if (!spec) return undefined
  const today = addDuration(given.at, spec.keepFor)
  // Rounded as on the day it was given, so that the date doesn't move as it comes closer.
  return today >= given.until ? given.until : Math.min(given.until, roundExpiry(today, given.at))
}

/** R3: another controller is not who they agreed with. */
export const isSameController = (given: Given, policy: Policy, { sameLegalPerson = [] }: Known): boolean =>
  given.scope.controller === policy.controller.name || sameLegalPerson.includes(given.scope.controller)

export function agreedFields(given: Given, policy: Policy, purpose: string): readonly string[] {
  return findPurpose(policy, purpose)?.fields.filter(field => given.scope.fields.includes(field)) ?? []
}

export function agreedRecipients(given: Given, policy: Policy, purpose: string): readonly string[] {
  return given.scope.recipients
    .filter(agreed => {
      const today = findRecipient(policy, purpose, agreed.id)
      return today !== undefined && isSameRecipient(agreed, today)
    })
    .map(({ id }) => id)
}

/**
 * R3: whether the recipient of today is one that people who agreed to an earlier one agreed to. A processor may
 * be replaced in its own country: it does the controller's work either way. Another country, another
 * controller, another role, or members who now see each other: not what was agreed.
 */
export function isSameRecipient(agreed: AgreedRecipient, today: AgreedRecipient): boolean {
  if (agreed.id !== today.id || agreed.role !== today.role || agreed.country !== today.country) return false
  if (agreed.members === 'kept-apart' && today.members === 'see-each-other') return false
  return today.role !== 'controller' || agreed.name === today.name
}
