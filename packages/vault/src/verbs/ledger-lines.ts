/** Entries for people and programs to read: ids as the API writes them, instants as ISO 8601, hashes in hexadecimal. */
import { hex } from '../bytes'
import type { Opened } from '../commit/opened'
import { ledgerEntries } from '../commit/read-ledger'
import { contactIdOf } from '../contact/id'
import type { AnyEntry } from '../ledger/entry'
import type { LedgerLine, LedgerQuery } from '../public'
import { formatInstant, parseInstant } from '../time/calendar'

const INSTANTS = new Set(['until', 'effective', 'destroyBy', 'resets'])

export async function* linesOf(opened: Opened, query: LedgerQuery): AsyncGenerator<LedgerLine> {
  const since = query.since === undefined ? Number.NEGATIVE_INFINITY : parseInstant(query.since)
  const before = query.before === undefined ? Number.POSITIVE_INFINITY : parseInstant(query.before)
  // What this version doesn't know can't be told by its type: then all are decoded.
  const types = query.type === undefined || query.type === 'unknown' ? undefined : new Set([query.type])
  for await (const { number, leaf, entry } of ledgerEntries(opened, opened.root, 0, types)) {
    if (entry.at < since || entry.at >= before) continue
    if (query.type !== undefined && entry.type !== query.type) continue
    if (query.actor !== undefined && entry.actor !== query.actor) continue
    const line = lineOf(number, leaf, entry)
    if (query.contact === undefined || line.contact === query.contact) yield line
  }
}

function lineOf(index: number, leaf: number, entry: AnyEntry): LedgerLine {
  const { type, actor, at, ...details } = entry
  const shown = Object.entries(details).map(([name, value]) => [name, shownAs(type, name, value)])
  return { index, leaf, type, actor, at: formatInstant(at), ...Object.fromEntries(shown) }
}

function shownAs(type: string, name: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return name === 'contact' ? contactIdOf(value) : hex(value)
  if (typeof value === 'number' && (INSTANTS.has(name) || type === 'clock')) return formatInstant(value)
  return value
}
