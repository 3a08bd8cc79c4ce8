/**
 * R25: how many people may be looked at. Distinct people are counted in sliding windows, for each actor and for the
 * vault; every window must have room. Looking again at somebody who counts already costs nothing: so an operator
 * at work isn't hindered, and somebody who pages through everybody is.
 */
import type { Instant } from '../consent/consent'
import type { BulkLimits, BulkWindow } from '../policy/policy'
import { durationMs } from '../time/calendar'

/** People who were looked at within a window, each once. `person` is a contact's id, or what stands for one where there is none. */
export interface Counted {
  readonly size: number
  has(person: string): boolean
  /** Each with when they were last looked at, in no order. */
  lastLooks(): Iterable<readonly [person: string, at: Instant]>
}

export interface Budget {
  /** How many more people may be looked at now. */
  readonly left: number
  /** The earliest instant at which one more may be; there only when none is left. */
  readonly resets?: Instant
}

/**
 * A share of a small vault is next to nobody: a tenth of thirty people would stop a volunteer at the fourth call, and the
 * way around it is a copy on paper. So a share always allows this many. It's a deviation from R25 for vaults of fewer than a
 * hundred people, where ten are not what anybody calls bulk.
 */
export const LEAST_OF_A_SHARE = 10

interface Question {
  /** Who was looked at in the window of this length, in milliseconds, that ends now: by this actor, or by anybody. */
  readonly counted: (length: number, now: Instant, actor?: string) => Counted
  readonly limits: Pick<BulkLimits, 'perActor' | 'vault'>
  /** How many people are in the vault: what a share is of. */
  readonly people: number
  readonly actor: string
  readonly now: Instant
}

/** How many more people the actor may look at. */
export function budgetOf(question: Question): Budget {
  let left = Number.POSITIVE_INFINITY
  let resets: Instant | undefined
  for (const { window, counted } of windowsOf(question)) {
    const room = mostOf(window, question.people) - counted.size
    left = Math.min(left, Math.max(0, room))
    if (room > 0) continue
    // People leave a window in the order in which they were last looked at in it. Room for one more comes when so many have left.
    const leaving = Array.from(counted.lastLooks(), ([, at]) => at).sort((a, b) => a - b)[-room]
    // A limit that isn't even one leaves no room however long one waits; it isn't possible in a checked policy.
    if (leaving !== undefined) resets = Math.max(resets ?? 0, leaving + durationMs(window.within))
  }
  return left > 0 || resets === undefined ? { left } : { left, resets }
}

/**
 * Whether the actor may look at this person now: whoever counts already in a window costs nothing there. If not,
 * the budget says when.
 */
export const mayReveal = (question: Question & { readonly person: string }): boolean =>
  windowsOf(question).every(
    ({ window, counted }) => counted.has(question.person) || counted.size < mostOf(window, question.people),
  )

/** How far back looks must be known, in milliseconds. */
export const longestWindow = (limits: Pick<BulkLimits, 'perActor' | 'vault'>): number =>
  Math.max(...[...limits.perActor, ...limits.vault].map(({ within }) => durationMs(within)))

/** How many people a window allows. */
export const mostOf = (window: BulkWindow, people: number): number =>
  'people' in window && window.people !== undefined
    ? window.people
    : Math.max(LEAST_OF_A_SHARE, Math.floor((window as { share: number }).share * people))

/** Each window with the people who count in it. */
function windowsOf({ counted, limits, actor, now }: Question): { window: BulkWindow; counted: Counted }[] {
  const { perActor, vault } = limits
  return [
    ...perActor.map(window => ({ window, counted: counted(durationMs(window.within), now, actor) })),
    ...vault.map(window => ({ window, counted: counted(durationMs(window.within), now) })),
  ]
}
