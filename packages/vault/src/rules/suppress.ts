/**
 * R20: people who left don't come back by an import. Of each contact point that left, a short keyed fingerprint stays, with
 * the week of leaving, linked to nothing. Short, so that many numbers share each one: it stops who left, and doesn't list them.
 */
import type { Instant } from '../consent/consent'
import type { Assurance } from '../policy/policy'
import { dayOf } from '../time/day'

/** About how many innocent points may be stopped: one in a hundred. */
const INNOCENT_STOPPED = 0.01
/** So short a fingerprint is shared by one in 256 numbers. */
const FEWEST_BITS = 8
/** Numbers of one country are some 2^30: at this length 64 share each, past it more innocent points are stopped instead. */
const MOST_BITS = 24

/**
 * How long a fingerprint that is put on file now must be, in bits.
 *
 * With n fingerprints of b bits on file, an innocent point matches one with a chance of about n / 2^b; the smallest b that
 * keeps this at 1 in 100 is log2(100 n). What is on file can't be made longer later. So n is counted as no less than the
 * people here: then all fingerprints together stay at 1 in 100 until as many have left as are here, and past that
 * each doubling adds half as much again. It also means that the length doesn't tell how many left.
 */
export function fingerprintBits(peopleInVault: number, suppressed: number): number {
  const onFile = Math.max(1, suppressed + 1, peopleInVault)
  return Math.min(MOST_BITS, Math.max(FEWEST_BITS, Math.ceil(Math.log2(onFile / INNOCENT_STOPPED))))
}

/** Weeks since Monday, 29 December 1969: when somebody left is kept no finer than this. */
export const weekOf = (instant: Instant): number => Math.floor((dayOf(instant) + 3) / 7)

/**
 * Whether a consent speaks against a suppression: it is proved, and given later than they left.
 *
 * Within the week of leaving, which came first can't be told; the one thing known is that they left. So a consent of
 * the same week doesn't bring them back.
 */
export function outlives(
  given: { readonly at: Instant; readonly assurance: Assurance } | undefined,
  weekOfLeaving: number,
): boolean {
  return given !== undefined && given.assurance !== 'claimed' && weekOf(given.at) > weekOfLeaving
}
