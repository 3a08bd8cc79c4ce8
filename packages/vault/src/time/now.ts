/**
 * The time of an open vault: the injected clock, held so that it never runs back, and never far ahead unasked (R16).
 * Nothing else in the vault asks what time it is.
 */
import { VaultError } from '../errors'
import { formatInstant } from './calendar'
import { observe } from './clock'

/** What a vault needs of a clock. Tests give one that they move. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number
  /**
   * Calls `run` once: when that time has come, also after a sleep, or soon after the clock was set back, so that whoever waits looks
   * at it again. The answer cancels it. Must not keep a process alive.
   */
  at(instant: number, run: () => Promise<void>): () => void
}

/** The clock is looked at again at least this often: what a sleep or somebody who sets it has changed is noticed within an hour. */
const LONGEST_TIMER = 3_600_000

export const systemClock: Clock = {
  now: () => Date.now(),
  at(instant, run) {
    // In Node a timer is an object that can let the process go; in a browser it is a number.
    let timer: number | { unref(): void } | undefined
    let seen = Number.NEGATIVE_INFINITY
    const wait = () => {
      const now = Date.now()
      const left = instant - now
      if (left <= 0 || now < seen) return void run()
      seen = now
      timer = setTimeout(wait, Math.min(left, LONGEST_TIMER)) as number | { unref(): void }
      if (typeof timer === 'object') timer.unref()
    }
    wait()
    return () => clearTimeout(timer as number)
  },
}

export class VaultTime {
  #lastSeen: number

  constructor(
    readonly clock: Clock,
    lastSeen: number,
    /** How far ahead is too far, as the policy says today. */
    public maxJump: string,
  ) {
    this.#lastSeen = lastSeen
  }

  /** The latest time that counts as seen: an unconfirmed jump doesn't. */
  get lastSeen(): number {
    return this.#lastSeen
  }

  /** Takes over what another process has seen. */
  see(instant: number): void {
    if (instant > this.#lastSeen) this.#lastSeen = instant
  }

  /** For reading: what a jumped clock would expire is hidden, and nothing is destroyed. */
  now(): number {
    const { now, jumped } = this.#observe()
    if (!jumped) this.see(now)
    return now
  }

  /** As far as it is believed, for whatever counts over time: what a clock that jumped would let go may count again. */
  believed(): number {
    this.now()
    return this.#lastSeen
  }

  get jumped(): boolean {
    return this.#observe().jumped
  }

  /**
   * For whatever is written down or destroys something.
   * @throws VaultError `CLOCK_JUMPED` until the time is confirmed.
   */
  forWriting(): number {
    const { now, jumped } = this.#observe()
    if (jumped) {
      throw new VaultError('CLOCK_JUMPED', {
        data: { lastSeen: formatInstant(this.#lastSeen), clock: formatInstant(this.clock.now()) },
      })
    }
    this.see(now)
    return now
  }

  /**
   * Somebody says that the clock is right. Answers the time before and now.
   * @throws VaultError `CLOCK_JUMPED` at or after `end`: no clock is right that far ahead, whoever says so
   */
  confirm(end: number): { from: number; to: number } {
    const from = this.#lastSeen
    const clock = this.clock.now()
    if (clock >= end) {
      throw new VaultError('CLOCK_JUMPED', { data: { lastSeen: formatInstant(from), clock: formatInstant(clock) } })
    }
    this.see(clock)
    return { from, to: this.#lastSeen }
  }

  #observe() {
    return observe({ clock: this.clock.now(), lastSeen: this.#lastSeen, maxJump: this.maxJump })
  }
}
