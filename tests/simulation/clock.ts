/** The one time of a simulation, as each process's clock shows it: none runs ahead, one may be behind. */
import type { Clock } from '@amanat/vault'

interface Timer {
  readonly process: number
  readonly instant: number
  readonly run: () => Promise<void>
}

export class SimulatedTime {
  readonly #timers = new Set<Timer>()

  constructor(
    public now: number,
    /** Hears of what a timer began. */
    readonly began: (work: Promise<unknown>) => void,
  ) {}

  clock(process: number, behind = 0): Clock {
    return {
      now: () => this.now - behind,
      at: (instant, run) => {
        const timer = { process, instant: instant + behind, run }
        this.#timers.add(timer)
        return () => this.#timers.delete(timer)
      },
    }
  }

  /** Moves on, as over a sleep; what is due begins, and nobody waits for it. */
  move(ms: number): void {
    this.now += ms
    const due = [...this.#timers].filter(({ instant }) => instant <= this.now).sort((a, b) => a.instant - b.instant)
    for (const timer of due) {
      this.#timers.delete(timer)
      this.began(timer.run())
    }
  }

  /** A process that ended has no timers any more. */
  forget(process?: number): void {
    for (const timer of this.#timers) {
      if (process === undefined || timer.process === process) this.#timers.delete(timer)
    }
  }
}
