/**
 * R3, R5, R7, R23: what one person's consent permits today.
 *
 * It is what they agreed to **and** what today's policy still says: never more than either. A policy that
 * asks for more changes nothing for them; one that asks for less takes effect at once.
 */
import type { ConsentSummary, Instant, Scope } from '../consent/consent'
import { lastsUntil } from '../consent/lasts-until'
import type { Assurance, Policy } from '../policy/policy'
import { assuranceToUse, findPurpose, findRecipient, isAtLeast } from '../policy/purpose'
import { isSameRecipient } from '../policy/same-recipient'

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

/** R3: another controller is not who they agreed with. */
export const isSameController = (given: Given, policy: Policy, { sameLegalPerson = [] }: Known): boolean =>
  given.scope.controller === policy.controller.name || sameLegalPerson.includes(given.scope.controller)

export const agreedFields = ({ scope }: Given, policy: Policy, purpose: string): readonly string[] =>
  stillAgreed(scope, policy, purpose).fields

export const agreedRecipients = ({ scope }: Given, policy: Policy, purpose: string): readonly string[] =>
  stillAgreed(scope, policy, purpose).recipients

interface StillAgreed {
  readonly policy: Policy
  readonly purpose: string
  readonly fields: readonly string[]
  readonly recipients: readonly string[]
}

// The rules ask this once for each of a million people, who agreed to a handful of scopes; neither a scope nor a policy ever
// changes in place. One answer for each scope: another policy or purpose takes its place.
const asked = new WeakMap<Scope, StillAgreed>()

function stillAgreed(scope: Scope, policy: Policy, purpose: string): StillAgreed {
  const before = asked.get(scope)
  if (before?.policy === policy && before.purpose === purpose) return before
  const fields = findPurpose(policy, purpose)?.fields.filter(field => scope.fields.includes(field)) ?? []
  const recipients = sameRecipients(scope, policy, purpose)
  const answer = { policy, purpose, fields: Object.freeze(fields), recipients: Object.freeze(recipients) }
  asked.set(scope, answer)
  return answer
}

function sameRecipients(scope: Scope, policy: Policy, purpose: string): readonly string[] {
  return scope.recipients
    .filter(agreed => {
      const today = findRecipient(policy, purpose, agreed.id)
      return today !== undefined && isSameRecipient(agreed, today)
    })
    .map(({ id }) => id)
}
