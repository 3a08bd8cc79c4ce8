/**
 * Which policy rules now (R3). A changed policy rules at once, but for what it loosens: that waits for
 * the notice, seven days at least, so that whoever looks at the record has time to object.
 */
import type { Instant } from '../consent/consent'
import { addDuration } from '../time/calendar'
import { noticeOf, tighten } from './loosen'
import type { Policy } from './policy'

/** A policy as the vault keeps it. */
export interface PolicyRecord {
  readonly policy: Policy
  /** What ruled when the policy was accepted, as far as it was stricter; until `loosensAt`. */
  readonly before?: Policy
  readonly loosensAt?: Instant
  /** Names the controller had before that are recorded, with evidence, as the same legal person. */
  readonly sameLegalPerson?: readonly string[]
  /** The policy rules, but not everything that it no longer lets the vault keep has gone yet. */
  readonly pending?: true
}

// Asked at every operation, of the same record: and whoever remembers something by its policy finds it again.
const waiting = new WeakMap<PolicyRecord, Policy>()

/** The policy that the rules are to be asked with at this time; of one record, the same object while the same rules. */
export function effectivePolicy(record: PolicyRecord, now: Instant): Policy {
  const { policy, before, loosensAt } = record
  if (before === undefined || loosensAt === undefined || now >= loosensAt) return policy
  const known = waiting.get(record)
  if (known) return known
  const tightened = tighten(before, policy).policy
  waiting.set(record, tightened)
  return tightened
}

export const isLoosened = (before: Policy, next: Policy): boolean => tighten(before, next).loosened.length > 0

/**
 * The record after a change was accepted.
 *
 * A second change neither cuts short nor ends the wait of a first: what it is compared with is what
 * rules now, not what was announced. What was announced already doesn't wait again.
 */
export function recordChange(record: PolicyRecord, next: Policy, now: Instant): PolicyRecord {
  const ruling = effectivePolicy(record, now)
  const same = record.sameLegalPerson ? { sameLegalPerson: record.sameLegalPerson } : undefined
  if (!isLoosened(ruling, next)) return { policy: next, ...same }
  const waits = record.loosensAt !== undefined && now < record.loosensAt ? record.loosensAt : undefined
  const announced = waits !== undefined && !isLoosened(record.policy, next)
  const loosensAt = announced ? waits : Math.max(waits ?? now, addDuration(now, noticeOf(ruling)))
  return { policy: next, before: ruling, loosensAt, ...same }
}
