/**
 * What changing a policy would mean for the consents under it (R3): which purposes permit less than
 * before, which more, what is loosened and therefore waits. Who is affected, and what would be
 * forgotten, is for the plan that reads contacts.
 */
import { compareDurations, nameBefore, tighten } from './loosen'
import type { Policy, PurposeSpec } from './policy'
import { assuranceToUse, findPurpose, findRecipient, isAtLeast, recipientIds } from './purpose'
import { isSameRecipient } from './same-recipient'

export interface PolicyChange {
  /**
   * Purposes, by the name they have now, under which something is no longer permitted or kept: fields,
   * time or recipients went, better proof is asked for, or the purpose went away.
   */
  readonly narrowed: string[]
  /** Purposes, by the name they will have, that ask for more than before: no consent already given widens for it. */
  readonly widened: string[]
  /** Paths in the new policy whose values wait for the notice. */
  readonly loosened: string[]
  /** Purposes that only change their name, old to new. */
  readonly renamed: Map<string, string>
  /** Another controller: every consent stops until it is recorded as the same legal person. */
  readonly controllerChanged: boolean
}

export function comparePolicies(current: Policy, next: Policy): PolicyChange {
  const renamed = new Map<string, string>()
  const narrowed = new Set(Object.keys(current.purposes))
  const widened: string[] = []
  for (const [name, spec] of Object.entries(next.purposes)) {
    const old = nameBefore(current, name, spec)
    if (old === undefined) {
      widened.push(name)
      continue
    }
    if (old !== name) renamed.set(old, name)
    if (!permitsLess(current, old, next, name)) narrowed.delete(old)
    if (permitsLess(next, name, current, old)) widened.push(name)
  }
  return {
    narrowed: [...narrowed],
    widened,
    loosened: tighten(current, next).loosened,
    renamed,
    controllerChanged: current.controller.name !== next.controller.name,
  }
}

/** Whether the second policy lacks, in this purpose, something that the first permits. */
function permitsLess(one: Policy, name: string, other: Policy, otherName: string): boolean {
  const a = findPurpose(one, name) as PurposeSpec
  const b = findPurpose(other, otherName) as PurposeSpec
  return (
    a.fields.some(field => !b.fields.includes(field)) ||
    compareDurations(b.keepFor, a.keepFor) < 0 ||
    !isAtLeast(assuranceToUse(one, name), assuranceToUse(other, otherName)) ||
    recipientIds(a).some(id => {
      const [agreed, today] = [findRecipient(one, name, id), findRecipient(other, otherName, id)]
      return agreed !== undefined && (today === undefined || !isSameRecipient(agreed, today))
    })
  )
}
