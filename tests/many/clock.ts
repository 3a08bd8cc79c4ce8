/** The clocks of those who work at the same time on one machine: one that stamps what they do, and the time of day. */
import { type Clock, systemClock } from '@amanat/vault'

/** Microseconds of CLOCK_MONOTONIC, which all processes of a machine share. */
export const at = (): number => Number(process.hrtime.bigint() / 1000n)

/** The time of day, some days ahead. */
export const clockAhead = (days: number): Clock => ({
  now: () => systemClock.now() + days * 86_400_000,
  at: (instant, run) => systemClock.at(instant - days * 86_400_000, run),
})
