/**
 * The record as a reader takes it: newest first, and what was done many times in one go told once, with how many. The ledger is
 * read from its beginning; only as much as is shown is kept.
 */
import type { AnyVault, LedgerLine } from '@amanat/vault'

export const KINDS = ['refused', 'left', 'seen', 'people', 'forgotten', 'vault'] as const
export type Kind = (typeof KINDS)[number]

const KIND_OF: Readonly<Record<string, Kind>> = {
  'contact-added': 'people',
  'contact-changed': 'people',
  consent: 'people',
  quarantined: 'people',
  suppressed: 'people',
  reveal: 'seen',
  miss: 'seen',
  check: 'seen',
  'bulk-read-refused': 'refused',
  'export-refused': 'refused',
  'export-started': 'left',
  'export-ended': 'left',
  'export-broken': 'left',
  'delivery-batch': 'left',
  'backup-started': 'left',
  purge: 'forgotten',
  'contact-erased': 'forgotten',
  'contact-forgotten': 'forgotten',
  verified: 'forgotten',
}

/** What the vault itself is about, and whatever isn't known yet. */
export const kindOf = (type: string): Kind => KIND_OF[type] ?? 'vault'

export interface Told {
  readonly line: LedgerLine
  /** How many lines of one moment say the same. */
  readonly count: number
}

export interface Page {
  /** Newest first. */
  readonly told: readonly Told[]
  readonly hasMore: boolean
  readonly actors: readonly string[]
}

export interface Wanted {
  readonly kind: Kind | 'all'
  /** Empty: everybody. */
  readonly actor: string
  readonly limit: number
}

/** What is told once when it was done to many people at once. */
const MERGED = new Set(['contact-added', 'contact-changed', 'contact-erased', 'consent', 'quarantined', 'reveal'])

export async function readRecord(vault: AnyVault, { kind, actor, limit }: Wanted): Promise<Page> {
  let told: Told[] = []
  let hasMore = false
  const actors = new Set<string>()
  const places = new Map<string, number>()
  let minute = ''
  for await (const line of vault.ledger.entries()) {
    actors.add(line.actor)
    if ((kind !== 'all' && kindOf(line.type) !== kind) || (actor !== '' && line.actor !== actor)) continue
    if (line.at.slice(0, 16) !== minute) {
      minute = line.at.slice(0, 16)
      places.clear()
      if (told.length > 2 * limit) {
        told = told.slice(-limit)
        hasMore = true
      }
    }
    const same = MERGED.has(line.type)
      ? [line.type, line.actor, line.event, line.via, line.purpose].join(' ')
      : undefined
    const place = same === undefined ? undefined : places.get(same)
    const before = place === undefined ? undefined : told[place]
    if (place !== undefined && before) told[place] = { line, count: before.count + 1 }
    else {
      if (same !== undefined) places.set(same, told.length)
      told.push({ line, count: 1 })
    }
  }
  if (told.length > limit) hasMore = true
  return { told: told.slice(-limit).reverse(), hasMore, actors: [...actors].sort() }
}
