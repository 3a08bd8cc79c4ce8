/**
 * What a new policy loosens, and the stricter of two policies (R3). A value is loosened if taking the
 * earlier one into account would change it; so finding what is loosened and holding it back are one.
 *
 * Loosened are: limits, the proof that is asked for, being special, a recipient's keys and ways out,
 * and how long until a recipient must destroy an export, `maxJump`, `notice`, and naming stopped rows.
 * Of keys and ways only those count that both policies have: one that is taken away goes at once.
 */
import { addDuration, durationMs } from '../time/calendar'
import type { BulkWindow, Duration, Policy, PurposeSpec, RecipientSpec, SelfSpec } from './policy'
import { assuranceToUse, DEFAULT_VIA, findPurpose, isAtLeast, isSpecial, quarantineWindows, stricter } from './purpose'

/** From policy.ts; what rules where a policy doesn't say. */
export const DEFAULT_NOTICE = 'P7D'
const DEFAULT_MAX_JUMP = 'P400D'
export const DEFAULT_MISSES = 1000

const REFERENCE = Date.UTC(2000, 0, 1)
/** Less than 0 if `a` is shorter. Months are counted from January 2000. */
export const compareDurations = (a: Duration, b: Duration): number =>
  addDuration(REFERENCE, a) - addDuration(REFERENCE, b)

/** The new policy with the stricter value of the two wherever it is looser, and the paths of those. */
export function tighten(before: Policy, next: Policy): { policy: Policy; loosened: string[] } {
  const loosened: string[] = []
  /** One value of the new policy: kept, or replaced by the stricter and noted. */
  const choose = <T extends object>(path: string, isLooser: boolean, value: () => T): T | undefined => {
    if (!isLooser) return undefined
    loosened.push(path)
    return value()
  }

  const bulk = {
    ...next.bulk,
    ...choose('bulk.perActor', isWider(before.bulk.perActor, next.bulk.perActor), () => ({
      perActor: both(before.bulk.perActor, next.bulk.perActor),
    })),
    ...choose('bulk.vault', isWider(before.bulk.vault, next.bulk.vault), () => ({
      vault: both(before.bulk.vault, next.bulk.vault),
    })),
    ...choose('bulk.missesPerHour', misses(next) > misses(before), () => ({ missesPerHour: misses(before) })),
  }
  const waiting = [quarantineWindows(before), quarantineWindows(next)] as const
  // Where neither has windows of its own, those of `bulk` count, which are dealt with.
  const own = before.quarantine?.perActor !== undefined || next.quarantine?.perActor !== undefined
  const quarantine = choose('quarantine.perActor', own && isWider(...waiting), () => ({
    quarantine: { ...next.quarantine, perActor: both(...waiting) },
  }))
  const purposes = Object.entries(next.purposes).map(([name, spec]) => {
    const old = nameBefore(before, name, spec)
    return [name, old === undefined ? spec : tightenPurpose(before, old, next, name, choose)] as const
  })
  const policy: Policy = {
    ...next,
    bulk,
    ...quarantine,
    purposes: Object.fromEntries(purposes),
    ...choose('maxJump', compareDurations(maxJumpOf(next), maxJumpOf(before)) > 0, () => ({
      maxJump: maxJumpOf(before),
    })),
    ...choose('notice', compareDurations(noticeOf(next), noticeOf(before)) < 0, () => ({ notice: noticeOf(before) })),
    ...choose('nameStoppedRows', next.nameStoppedRows === true && before.nameStoppedRows !== true, () => ({
      nameStoppedRows: false,
    })),
  }
  return { policy, loosened }
}

type Choose = <T extends object>(path: string, isLooser: boolean, value: () => T) => T | undefined

function tightenPurpose(before: Policy, old: string, next: Policy, name: string, choose: Choose): PurposeSpec {
  const was = findPurpose(before, old) as PurposeSpec
  const spec = findPurpose(next, name) as PurposeSpec
  const path = `purposes.${name}`
  const [useBefore, useNext] = [assuranceToUse(before, old), assuranceToUse(next, name)]
  const [exportBefore, exportNext] = [was.assurance?.export ?? 'evidenced', spec.assurance?.export ?? 'evidenced']
  const special = choose(`${path}.special`, isSpecial(before, old) && !isSpecial(next, name), () => ({ special: true }))
  // While it is special still, less than evidence isn't enough anyway.
  const asksFor = special ? stricter(useNext, 'evidenced') : useNext
  const use = choose(`${path}.assurance.use`, !isAtLeast(asksFor, useBefore), () => ({ use: useBefore }))
  const out = choose(`${path}.assurance.export`, !isAtLeast(exportNext, exportBefore), () => ({ export: exportBefore }))

  const recipients = Object.entries(spec.recipients ?? {}).map(([id, recipient]) => {
    const earlier = was.recipients && Object.hasOwn(was.recipients, id) ? was.recipients[id] : undefined
    return [id, tightenWays(`${path}.recipients.${id}`, earlier ?? withoutWays(recipient), recipient, choose)] as const
  })
  return {
    ...spec,
    ...special,
    ...(use || out ? { assurance: { ...spec.assurance, ...use, ...out } } : undefined),
    ...(spec.recipients ? { recipients: Object.fromEntries(recipients) } : undefined),
    ...(spec.self
      ? { self: tightenWays(`${path}.self`, was.self ?? withoutWays(spec.self), spec.self, choose) }
      : undefined),
  }
}

/**
 * What a recipient was before it was there. Its keys and ways wait too: else one that is taken out and
 * put back a minute later would be reached by new keys at once, for everybody who agreed to the old one.
 */
const withoutWays = <R extends RecipientSpec | SelfSpec>(recipient: R): R => ({ ...recipient, ageKeys: [], via: [] })

function tightenWays<R extends RecipientSpec | SelfSpec>(path: string, before: R, next: R, choose: Choose): R {
  const keys = shared(before.ageKeys ?? [], next.ageKeys ?? [])
  const ways = shared(before.via ?? DEFAULT_VIA, next.via ?? DEFAULT_VIA)
  const [kept, keeps] = [destroyAfterOf(before), destroyAfterOf(next)]
  return {
    ...next,
    ...choose(`${path}.ageKeys`, keys.length < (next.ageKeys ?? []).length, () => ({ ageKeys: keys })),
    ...choose(`${path}.via`, ways.length < (next.via ?? DEFAULT_VIA).length, () => ({ via: ways })),
    ...choose(`${path}.destroyAfter`, compareDurations(keeps, kept) > 0, () => ({ destroyAfter: kept })),
  }
}

/** The name a purpose of the new policy had: its own, or the one it `was`. Nothing for a purpose that is new. */
export function nameBefore(before: Policy, name: string, spec: PurposeSpec): string | undefined {
  if (findPurpose(before, name)) return name
  return spec.was !== undefined && findPurpose(before, spec.was) ? spec.was : undefined
}

/** Whether some earlier limit isn't implied by any of the new ones. */
const isWider = (before: readonly BulkWindow[], next: readonly BulkWindow[]): boolean =>
  before.some(limit => !next.some(each => implies(each, limit)))

/** All windows must hold, so the stricter of two sets of them is both. */
const both = (before: readonly BulkWindow[], next: readonly BulkWindow[]): readonly BulkWindow[] => [
  ...next,
  ...before.filter(limit => !next.some(each => implies(each, limit))),
]

/** Whether who keeps to one limit keeps to the other: no more people, in a window no shorter. */
function implies(one: BulkWindow, other: BulkWindow): boolean {
  if (durationMs(one.within) < durationMs(other.within)) return false
  if ('people' in one && 'people' in other) return one.people <= other.people
  return 'share' in one && 'share' in other && one.share <= other.share
}

const shared = <T>(before: readonly T[], next: readonly T[]): readonly T[] => next.filter(each => before.includes(each))
const misses = (policy: Policy): number => policy.bulk.missesPerHour ?? DEFAULT_MISSES
export const maxJumpOf = (policy: Policy): Duration => policy.maxJump ?? DEFAULT_MAX_JUMP
export const noticeOf = (policy: Policy): Duration => policy.notice ?? DEFAULT_NOTICE
const destroyAfterOf = (recipient: RecipientSpec | SelfSpec): Duration =>
  ('destroyAfter' in recipient ? recipient.destroyAfter : undefined) ?? 'P30D'
