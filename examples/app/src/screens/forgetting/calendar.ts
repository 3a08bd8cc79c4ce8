/**
 * What ends when: the vault's dates, gathered by day or by week. A consent ends at midnight UTC, so days are days of UTC and are shown as
 * plain dates.
 */
import type { AnyVault } from '@amanat/vault'

export const DAY_MS = 86_400_000
/** Stands beside the purposes: people who wait to be asked are forgotten as well. */
export const WAITING = ':waiting'

export interface Ending {
  readonly id: string
  readonly purpose: string
  /** The day on which it can't be read any more, `2027-05-03`. */
  readonly day: string
  /** Nothing of this person is left then. */
  readonly isLast: boolean
}

/** Everything that ends by itself, soonest first. A long way ahead, since only so it is known what comes last for somebody. */
export async function endingsOf(vault: AnyVault): Promise<Ending[]> {
  const found: Omit<Ending, 'isLast'>[] = []
  for await (const { id, purpose, until } of vault.expiring('P100Y'))
    found.push({ id, purpose, day: until.slice(0, 10) })
  let after: string | undefined
  do {
    const page = await vault.quarantine.list({ limit: 1_000, ...(after ? { after } : {}) })
    for (const { id, until } of page.people) found.push({ id, purpose: WAITING, day: until.slice(0, 10) })
    after = page.next
  } while (after !== undefined)
  const last = new Map<string, string>()
  for (const { id, day } of found) if (day > (last.get(id) ?? '')) last.set(id, day)
  return found
    .map(ending => ({ ...ending, isLast: last.get(ending.id) === ending.day }))
    .sort((one, other) => (one.day < other.day ? -1 : 1))
}

/** So many details, forgotten by themselves on a day that has passed. Whose they were isn't known any more. */
export interface Forgotten {
  readonly day: string
  readonly slices: number
}

export interface Span {
  /** Its first day. */
  readonly start: string
  readonly days: number
  /** How many people lose this purpose. */
  readonly byPurpose: ReadonlyMap<string, number>
  readonly people: number
  readonly gone: number
  /** Of spans before today. */
  readonly forgotten: number
}

export const dayOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10)
export const startOf = (day: string): number => Date.parse(`${day}T00:00:00Z`)

/** Spans of so many days, `before` of them before today's and the rest from today on. */
export function spansOf(
  endings: readonly Ending[],
  forgotten: readonly Forgotten[],
  now: number,
  { days, before, count }: { readonly days: number; readonly before: number; readonly count: number },
): Span[] {
  const first = startOf(dayOf(now)) - before * days * DAY_MS
  const at = (day: string) => Math.floor((startOf(day) - first) / (days * DAY_MS))
  const inSpan = Array.from({ length: count }, (): Ending[] => [])
  for (const ending of endings) inSpan[at(ending.day)]?.push(ending)
  const past = Array.from({ length: count }, () => 0)
  for (const { day, slices } of forgotten) {
    const index = at(day)
    if (index >= 0 && index < count) past[index] = (past[index] ?? 0) + slices
  }
  return inSpan.map((ended, index) => ({
    start: dayOf(first + index * days * DAY_MS),
    days,
    byPurpose: countsOf(ended),
    people: new Set(ended.map(({ id }) => id)).size,
    gone: new Set(ended.filter(({ isLast }) => isLast).map(({ id }) => id)).size,
    forgotten: past[index] ?? 0,
  }))
}

function countsOf(endings: readonly Ending[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { purpose } of endings) counts.set(purpose, (counts.get(purpose) ?? 0) + 1)
  return counts
}
