/** One spelling of a policy in bytes (canonical CBOR, RFC 8949, section 4.2), so that equal policies are equal bytes. */
import { encodeRecord } from '../record/record'
import type { Policy } from './policy'

/** What is `undefined` is left out; the order of properties doesn't count, that of lists does. */
export const canonicalPolicy = (policy: Policy): Uint8Array => encodeRecord(withoutUndefined(policy))

export function isSamePolicy(a: Policy, b: Policy): boolean {
  const [x, y] = [canonicalPolicy(a), canonicalPolicy(b)]
  return x.length === y.length && x.every((byte, index) => byte === y[index])
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([, each]) => each !== undefined)
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutUndefined(each)]))
}
