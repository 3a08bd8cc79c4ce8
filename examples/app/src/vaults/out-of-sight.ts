/** Locks an open vault when its page goes out of sight, if this device was told so: another app, another tab, a dark screen. */
import { useEffect } from 'react'
import { outOfSight } from './device'

export function useLockOutOfSight(isOpen: boolean, lock: () => Promise<void>): void {
  useEffect(() => {
    if (!isOpen) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let hiddenAt = Number.POSITIVE_INFINITY
    const look = () => {
      clearTimeout(timer)
      const choice = outOfSight()
      if (choice === 'never') return
      const after = Number(choice) * 1_000
      if (document.visibilityState === 'hidden') {
        hiddenAt = Date.now()
        if (after === 0) void lock()
        else timer = setTimeout(() => void lock(), after)
      } else {
        // A phone stops the timers of what isn't seen: made up for before anything is shown again.
        if (Date.now() - hiddenAt >= after) void lock()
        hiddenAt = Number.POSITIVE_INFINITY
      }
    }
    document.addEventListener('visibilitychange', look)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [isOpen, lock])
}
