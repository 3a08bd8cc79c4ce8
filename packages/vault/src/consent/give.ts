/** What is written down when somebody agrees: to what, and until when. */
import { VaultError } from '../errors'
import type { Assurance, Policy } from '../policy/policy'
import { purposeIn, recipientIn } from '../policy/purpose'
import { addDuration, formatInstant } from '../time/calendar'
import { roundExpiry } from '../time/expiry'
import type { AgreedRecipient, Instant, Scope } from './consent'
import { claimUntil } from './state'

/**
 * Until when a consent lasts, rounded (R4): what the purpose keeps, counted from the day it was **given** (R8), and no
 * longer than was agreed, than a guardian's authority, or, for a mere claim, than 30 days (R7).
 *
 * @throws VaultError `EXPIRES_TOO_SOON` if that is now or earlier: an old claim may be expired on arrival.
 * @throws VaultError `CONSENT_INVALID` for a consent given in the future.
 */
export function givenUntil({
  at,
  keepFor,
  until,
  assurance,
  authorityUntil,
  now,
}: {
  /** When the person gave it. */
  at: Instant
  /** ISO 8601 duration, of the purpose. */
  keepFor: string
  /** As agreed with the person, if sooner. */
  until?: Instant | undefined
  assurance: Assurance
  authorityUntil?: Instant | undefined
  now: Instant
}): Instant {
  if (!(at <= now)) {
    throw new VaultError('CONSENT_INVALID', { data: { issues: [{ path: 'given.at', message: 'lies in the future' }] } })
  }
  const ends = [addDuration(at, keepFor), until ?? Number.POSITIVE_INFINITY, authorityUntil ?? Number.POSITIVE_INFINITY]
  const rounded = roundExpiry(Math.min(...ends), now)
  const last = assurance === 'claimed' ? Math.min(rounded, claimUntil(at)) : rounded
  if (!(last > now)) throw new VaultError('EXPIRES_TOO_SOON', { data: { until: formatInstant(last) } })
  return last
}

/**
 * The scope that a person agrees to: the purpose's fields and recipients as they are today, or some of them.
 *
 * Nothing named: all fields, and no recipient. Whom their details may be handed to is never agreed to by default.
 *
 * @throws VaultError `UNKNOWN_PURPOSE`, `UNKNOWN_RECIPIENT`, `FIELD_NOT_DECLARED`
 */
export function scopeFrom(
  policy: Policy,
  purpose: string,
  recipients: readonly string[] = [],
  fields?: readonly string[],
): Scope {
  const words = JSON.stringify([purpose, recipients, fields])
  const before = agreedBefore.get(policy)?.get(words)
  if (before) return before
  const scope = frozen(lookUp(policy, purpose, recipients, fields))
  const ofPolicy = agreedBefore.get(policy) ?? new Map<string, Scope>()
  // Words from outside: somebody could go on inventing others.
  if (ofPolicy.size < MOST_REMEMBERED) agreedBefore.set(policy, ofPolicy.set(words, scope))
  return scope
}

// An import agrees to the same for everybody, and policies don't change in place. Nor does an answer: it is many people's.
const agreedBefore = new WeakMap<Policy, Map<string, Scope>>()
const MOST_REMEMBERED = 1_000

const frozen = (scope: Scope): Scope =>
  Object.freeze({
    ...scope,
    fields: Object.freeze(scope.fields),
    recipients: Object.freeze(scope.recipients.map(recipient => Object.freeze(recipient))),
  })

function lookUp(
  policy: Policy,
  purpose: string,
  recipients: readonly string[],
  fields: readonly string[] | undefined,
): Scope {
  const spec = purposeIn(policy, purpose)
  const outside = fields?.filter(field => !spec.fields.includes(field)) ?? []
  if (outside.length > 0) throw new VaultError('FIELD_NOT_DECLARED', { data: { fields: outside } })
  return {
    fields: spec.fields.filter(field => !fields || fields.includes(field)),
    recipients: [...new Set(recipients)].map(id => asAgreed(recipientIn(policy, purpose, id))),
    controller: policy.controller.name,
  }
}

const asAgreed = ({ id, name, role, country, members }: AgreedRecipient): AgreedRecipient => ({
  id,
  name,
  role,
  country,
  members,
})
