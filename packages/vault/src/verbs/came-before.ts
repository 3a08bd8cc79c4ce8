/**
 * Who may not be brought back: the one place where people who left, and people who were in quarantine before, are
 * looked for (R20, R22). Everything that brings people in or approaches them asks here.
 */
import type { Draft } from '../commit/draft'
import { ALL_PURPOSES, type Print, printOf, shortened } from '../commit/fingerprints'
import type { Point } from '../contact/points'
import { VaultError } from '../errors'
import type { Assurance } from '../policy/policy'
import { fingerprintBits, outlives, weekOf } from '../rules/suppress'

const YEAR_WEEKS = 53

type GivenFor = { readonly purpose: string; readonly at: number; readonly assurance: Assurance }

/** When somebody with one of these points left a purpose, under any number that its name ever stood for. */
function weekLeftPurpose(draft: Draft, purpose: string, points: readonly Point[]): number | undefined {
  const weeks = draft.catalogue.numbersOf(purpose).flatMap(number => weekLeft(draft, number, points) ?? [])
  return weeks.length > 0 ? Math.max(...weeks) : undefined
}

function weekLeft(draft: Draft, purpose: number, points: readonly Point[]): number | undefined {
  const { left, root } = draft.opened
  let latest: number | undefined
  for (const point of points) {
    const value = printOf('left', root.leftKey, purpose, point)
    const weeks = [
      left.week(purpose, value),
      ...draft.left.filter(print => matches(print, purpose, value)).map(print => print.week),
    ]
    for (const week of weeks) if (week !== undefined && (latest === undefined || week > latest)) latest = week
  }
  return latest
}

const matches = (print: Print, purpose: number, value: number): boolean =>
  print.purpose === purpose && print.value === shortened(value, print.bits)

/**
 * As long as a row of fingerprints doesn't open, nobody can say who stands in it: so nobody is let in (R20, R22), while all
 * else goes on.
 *
 * @throws VaultError `CORRUPT`
 */
function mustKnow(draft: Draft, kind: 'left' | 'quarantined'): void {
  if (draft.opened.undated.some(row => row.kind === kind && row.damaged))
    throw new VaultError('CORRUPT', { data: { row: 'undated' } })
}

/**
 * Refuses people who may have left, unless each consent that comes with them is proved and later. Somebody who comes
 * without a consent is refused if they left anything.
 *
 * @throws VaultError `SUPPRESSED`
 */
export function refuseIfLeft(draft: Draft, points: readonly Point[], consents: readonly GivenFor[]): void {
  if (points.length === 0) return
  mustKnow(draft, 'left')
  if (draft.opened.left.size + draft.left.length === 0) return
  const everything = weekLeft(draft, ALL_PURPOSES, points)
  if (consents.length === 0) {
    const purposes = Object.keys(draft.policy.purposes).filter(
      purpose => weekLeftPurpose(draft, purpose, points) !== undefined,
    )
    if (everything !== undefined || purposes.length > 0) throw new VaultError('SUPPRESSED', { data: { purposes } })
    return
  }
  const stopped = consents.filter(given => {
    const weeks = [everything, weekLeftPurpose(draft, given.purpose, points)]
    return weeks.some(week => week !== undefined && !outlives(given, week))
  })
  if (stopped.length > 0) {
    throw new VaultError('SUPPRESSED', { data: { purposes: [...new Set(stopped.map(given => given.purpose))] } })
  }
}

/** Remembers that these points left: one purpose, or all. */
export function rememberLeft(draft: Draft, points: readonly Point[], purpose?: string): void {
  const { opened } = draft
  const number = purpose === undefined ? ALL_PURPOSES : draft.catalogue.purpose(purpose)
  const bits = fingerprintBits(opened.index.contacts(), opened.left.size + draft.left.length)
  const week = weekOf(draft.now)
  for (const point of points) {
    const value = shortened(printOf('left', opened.root.leftKey, number, point), bits)
    draft.left.push({ purpose: number, bits, week, value })
  }
}

/**
 * Who came this week isn't stopped: the files of one import share people (R11), and so many fingerprints that were
 * added moments ago would stop people who never were here. Whoever is still here is told as `maybeSame`, and their wait isn't renewed.
 *
 * @throws VaultError `QUARANTINE_AGAIN` for somebody who was in quarantine within a year.
 */
export function refuseIfQuarantinedBefore(draft: Draft, points: readonly Point[]): void {
  mustKnow(draft, 'quarantined')
  const { quarantined, root } = draft.opened
  const thisWeek = weekOf(draft.now)
  for (const point of points) {
    const week = quarantined.week(ALL_PURPOSES, printOf('quarantined', root.leftKey, ALL_PURPOSES, point))
    if (week !== undefined && week >= thisWeek - YEAR_WEEKS && week < thisWeek) throw new VaultError('QUARANTINE_AGAIN')
  }
}

export function rememberQuarantined(draft: Draft, points: readonly Point[]): void {
  const { opened } = draft
  const bits = fingerprintBits(opened.index.contacts(), opened.quarantined.size + draft.quarantined.length)
  for (const point of points) {
    const value = shortened(printOf('quarantined', opened.root.leftKey, ALL_PURPOSES, point), bits)
    draft.quarantined.push({ purpose: ALL_PURPOSES, bits, week: weekOf(draft.now), value })
  }
}
