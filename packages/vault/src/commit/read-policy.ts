/** The rows of the policy and of those that ruled before, from their bytes. */
import type { Instant } from '../consent/consent'
import { isRuling } from '../policy/define'
import type { PolicyRecord } from '../policy/effective'
import type { Policy } from '../policy/policy'
import { decodeRecord } from '../record/record'
import { isInstant } from '../time/calendar'
import type { Opened } from './opened'

/**
 * A policy as the vault kept it. It was sound when it was accepted; this is for one that somebody with the keys wrote.
 * Frozen: callers see the object that rules, and what they do to it must permit nothing.
 *
 * @throws RangeError when the bytes are no such record
 */
export function readPolicyRecord(bytes: Uint8Array): PolicyRecord {
  const record = decodeRecord(bytes)
  if (typeof record !== 'object' || record === null) throw new RangeError('policy malformed')
  const { policy, before, loosensAt, sameLegalPerson, pending, ...more } = record as Record<keyof PolicyRecord, unknown>
  if (
    Object.keys(more).length > 0 ||
    !isRuling(policy) ||
    (before !== undefined && !isRuling(before)) ||
    (loosensAt !== undefined && !isInstant(loosensAt)) ||
    (sameLegalPerson !== undefined && !isTexts(sameLegalPerson)) ||
    (pending !== undefined && pending !== true)
  ) {
    throw new RangeError('policy malformed')
  }
  return frozen(record) as PolicyRecord
}

/** The policies that ruled before this one, and when each was replaced, in no order; of those whose row doesn't open nothing is known. */
export function* formerPolicies({ undated }: Pick<Opened, 'undated'>): Generator<{ at: Instant; policy: Policy }> {
  for (const { kind, damaged, plain } of undated) {
    if (kind !== 'policy-history' || damaged) continue
    const { at, policy } = decodeRecord(plain) as { at: Instant; policy: Uint8Array }
    yield { at, policy: decodeRecord(policy) as Policy }
  }
}

function frozen(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) for (const each of Object.values(Object.freeze(value))) frozen(each)
  return value
}

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(text => typeof text === 'string')
