/** What somebody at the door is told of a purpose, and what it needs of them, read from the policy. */
import { CONTACT_POINTS, type Policy, type RecipientSpec } from '@amanat/vault'
import { noticeOf } from '../../vaults/notice'

/** Everybody whom a yes covers: all that the person is shown. */
export function recipientsOf(policy: Policy, purpose: string): string[] {
  const { recipients = {}, self } = policy.purposes[purpose] ?? {}
  return [...Object.keys(recipients), ...(self ? ['self'] : [])]
}

export const outsiders = (policy: Policy, purpose: string): RecipientSpec[] =>
  Object.values(policy.purposes[purpose]?.recipients ?? {})

/**
 * Whether a notice was made of the policy as it stands: then it says what the facts say, and needn't be told twice. One that somebody
 * wrote may leave something out.
 */
export function saysItAll(policy: Policy, purpose: string, notice: string): boolean {
  const spec = policy.purposes[purpose]
  if (!spec || spec.self) return false
  return Object.values(noticeOf(policy.controller, spec)).includes(notice)
}

/** What the form can ask for. Other fields of a purpose are left out here; a volunteer can add them later. */
const ASKED = ['name', 'phones', 'emails', 'addresses', 'organizations', 'notes'] as const
export type Asked = (typeof ASKED)[number] | `x:${string}`

const isContactPoint = (field: string) => (CONTACT_POINTS as readonly string[]).includes(field)

/** The fields that these purposes need, each once, in the order of a form. */
export function fieldsFor(policy: Policy, purposes: readonly string[]): Asked[] {
  const needed = new Set(purposes.flatMap(purpose => policy.purposes[purpose]?.fields ?? []))
  const custom = Object.keys(policy.custom ?? {}).filter(field => needed.has(field)) as Asked[]
  return [...ASKED.filter(field => needed.has(field)), ...custom]
}

/** Purposes that need a way to reach the person, and that none of these fields is. */
export function unreachable(policy: Policy, purposes: readonly string[], filled: ReadonlySet<string>): string[] {
  return purposes.filter(purpose => {
    const points = (policy.purposes[purpose]?.fields ?? []).filter(field => isContactPoint(field) && field !== 'notes')
    return points.length > 0 && !points.some(field => filled.has(field))
  })
}
