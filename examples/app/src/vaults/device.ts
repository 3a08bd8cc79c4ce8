/**
 * What this device is told about locking: minutes and a yes or no, the same for every vault here. It lies in the clear beside the
 * choice of language, and says nothing of anybody.
 */

/** ISO 8601 durations after which an idle vault locks itself. */
export const LOCK_AFTER = ['PT2M', 'PT5M', 'PT10M', 'PT30M', 'PT2H'] as const
/** Seconds out of sight after which it locks; a camera or a file chooser hides the page as well. */
export const OUT_OF_SIGHT = ['never', '0', '60'] as const
export type LockAfter = (typeof LOCK_AFTER)[number]
export type OutOfSight = (typeof OUT_OF_SIGHT)[number]

const KEPT_AS = { after: 'amanat-app:lock-after', outOfSight: 'amanat-app:lock-out-of-sight' } as const

export const lockAfter = (): LockAfter => kept(KEPT_AS.after, LOCK_AFTER) ?? 'PT10M'
export const outOfSight = (): OutOfSight => kept(KEPT_AS.outOfSight, OUT_OF_SIGHT) ?? 'never'
export const setLockAfter = (choice: LockAfter): void => keep(KEPT_AS.after, choice)
export const setOutOfSight = (choice: OutOfSight): void => keep(KEPT_AS.outOfSight, choice)

function kept<T extends string>(key: string, choices: readonly T[]): T | undefined {
  try {
    const value = localStorage.getItem(key)
    return choices.find(choice => choice === value)
  } catch {
    return undefined
  }
}

function keep(key: string, choice: string): void {
  try {
    localStorage.setItem(key, choice)
  } catch {
    // Where a browser keeps nothing, what is usual holds.
  }
}
