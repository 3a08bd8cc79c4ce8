/**
 * Durations and instants as people write them (ISO 8601), and sums in the calendar of UTC. Inside the
 * vault an instant is a number of milliseconds since 1970-01-01T00:00Z; strings stay at its edge.
 *
 * Adding `P1M` to 31 January gives the last day of February: the end of a month clamps, so that a
 * sum is never later than what was written.
 */
import { type Day, dayOf, startOf } from './day'

const SECOND = 1000
const HOUR = 3_600_000
const DAY = 86_400_000
/** Beyond this a `Date` can't go (ECMA-262, 21.4.1.1). */
const END_OF_TIME = 8.64e15

/** A duration taken apart: whole numbers, never negative, not all zero. */
export interface ParsedDuration {
  readonly years: number
  readonly months: number
  readonly weeks: number
  readonly days: number
  readonly hours: number
  readonly minutes: number
  readonly seconds: number
}

type Seven = [number, number, number, number, number, number, number]

// No sign, no fraction, upper case: one spelling each, so that equal policies are written alike.
const WRITTEN =
  /^P(?=\d|T)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/

/**
 * @throws TypeError for anything but an ISO 8601 duration of whole numbers that is longer than nothing.
 */
export function parseDuration(text: string): ParsedDuration {
  const written = typeof text === 'string' && WRITTEN.exec(text)
  if (!written) throw new TypeError('not an ISO 8601 duration such as P90D or PT1H')
  const [years, months, weeks, days, hours, minutes, seconds] = written.slice(1).map(part => Number(part ?? 0)) as Seven
  if (years + months + weeks + days + hours + minutes + seconds === 0)
    throw new TypeError('a duration must be longer than nothing')
  return { years, months, weeks, days, hours, minutes, seconds }
}

/**
 * The instant after a duration, counted in the calendar of UTC.
 * @throws TypeError if the duration isn't one, or the sum lies beyond the end of time.
 */
export function addDuration(instant: number, duration: ParsedDuration | string): number {
  const d = typeof duration === 'string' ? parsedOnce(duration) : duration
  const time = (d.hours * 60 + d.minutes) * 60 * SECOND + d.seconds * SECOND
  const whole = dayOf(instant)
  const sum = addDate(whole, d) + (instant - startOf(whole)) + time
  if (!(Math.abs(sum) <= END_OF_TIME)) throw new TypeError('beyond the end of time')
  return sum
}

/** Years, months, weeks and days after 00:00Z of a day. Only the first two need a calendar. */
function addDate(day: Day, { years, months, weeks, days }: ParsedDuration): number {
  return addMonths(day, years * 12 + months) + startOf(weeks * 7 + days)
}

/** In the proleptic Gregorian calendar that `Date` counts in; NaN beyond its end. */
function addMonths(day: Day, months: number): number {
  if (months === 0) return startOf(day)
  const date = new Date(startOf(day))
  const dayOfMonth = date.getUTCDate()
  // The month's last day is the one before the next month's first.
  date.setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)
  return dayOfMonth < date.getUTCDate() ? date.setUTCDate(dayOfMonth) : date.getTime()
}

/**
 * How long a duration lasts, for windows that are counted in time and not in a calendar.
 * @throws TypeError for one with months or years: how long those last depends on when they begin.
 */
export function durationMs(duration: ParsedDuration | string): number {
  const d = typeof duration === 'string' ? parsedOnce(duration) : duration
  if (d.years !== 0 || d.months !== 0)
    throw new TypeError('a window is written in weeks, days, hours, minutes or seconds')
  return (d.weeks * 7 + d.days) * DAY + d.hours * HOUR + d.minutes * 60 * SECOND + d.seconds * SECOND
}

// A policy has a dozen durations, and the rules ask for them once for each of a million people.
const seen = new Map<string, ParsedDuration>()
function parsedOnce(text: string): ParsedDuration {
  let parsed = seen.get(text)
  if (!parsed) {
    parsed = parseDuration(text)
    if (seen.size >= 256) seen.clear()
    seen.set(text, parsed)
  }
  return parsed
}

const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d))?$/

/**
 * From `2026-05-03` (00:00Z of that day) or `2026-05-03T09:30:00+01:00`. A time without an offset is
 * refused: it would mean another instant on another device.
 * @throws TypeError for anything else, days that no month has included.
 */
export function parseInstant(iso: string): number {
  const [, date] = (typeof iso === 'string' && ISO.exec(iso)) || []
  const instant = date === undefined ? Number.NaN : Date.parse(iso)
  const day = date === undefined ? Number.NaN : Date.parse(date)
  if (Number.isNaN(instant) || Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== date) {
    throw new TypeError('not an ISO 8601 date, or date and time with an offset')
  }
  return instant
}

/** Whether this is a time that can be reckoned with: with any duration of a policy added it is still a date. */
export const isInstant = (value: unknown): value is number =>
  typeof value === 'number' && Math.abs(value) <= END_OF_TIME / 2

/**
 * As `2026-05-03T08:30:00.000Z`.
 * @throws TypeError for what is no instant.
 */
export function formatInstant(instant: number): string {
  if (!(Math.abs(instant) <= END_OF_TIME)) throw new TypeError('not an instant')
  return new Date(instant).toISOString()
}
