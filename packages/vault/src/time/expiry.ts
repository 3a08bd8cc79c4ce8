/**
 * R4: when something expires is rounded **down**, in UTC: to the day up to 400 days ahead, to the
 * month beyond. So people who agreed on one day expire together, and the date of a page tells nobody
 * apart; nobody's details are ever kept longer for it.
 */
import { type Day, dayOf, startOf } from './day'

/** Past this many days ahead, expiry is rounded to the month. */
const DAYS_AHEAD = 400

/** The rounded instant of expiry: 00:00Z of a day, or of the first of a month. Never later than `expiry`. */
export function roundExpiry(expiry: number, now: number): number {
  if (expiry - now <= startOf(DAYS_AHEAD)) return startOf(dayOf(expiry))
  const date = new Date(expiry)
  date.setUTCDate(1)
  return date.setUTCHours(0, 0, 0, 0)
}

/** The bucket of an instant of expiry: the last day that is over by then, thus the last on which it may be read. */
export const bucketOf = (expiry: number): Day => dayOf(expiry) - 1
