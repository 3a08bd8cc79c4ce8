/**
 * The ledger as it stands in its rows, in the order of their numbers. Rows of another vault may lie among them; a gap in
 * the numbers is what tells damage.
 */
import { VaultError } from '../errors'
import { type AnyEntry, decodeEntry, METERED, peekType } from '../ledger/entry'
import { firstRecordOf, ledgerRowId, readRow } from '../ledger/rows'
import { readAs } from './damaged'
import type { Opened } from './opened'
import type { RingRoot } from './ring-root'
import { ledgerKey, openRow } from './rows'

/** Looks that find nothing, one after the other, while others commit. */
const MOST_TRIES = 64

/** Every entry from the row that holds record number `from` on, before `end`, in order; of these types only, if any are named. */
export async function* ledgerEntries(
  opened: Opened,
  ringRoot: RingRoot,
  from = 0,
  types?: ReadonlySet<AnyEntry['type']>,
  end?: number,
): AsyncGenerator<{ number: number; leaf: number; entry: AnyEntry }> {
  for await (const { number, leaf, kind, bytes } of ledgerRecords(opened, ringRoot, from, end)) {
    if (kind !== 1) continue
    const type = types === undefined ? '' : peekType(bytes)
    if (type === '' || types?.has(type as AnyEntry['type']))
      yield { number, leaf, entry: readAs('ledger', () => decodeEntry(bytes)) }
  }
}

/** Every entry that the meter counts, from the row that holds record number `from` on, in order. */
export async function* meteredEntries(opened: Opened, ringRoot: RingRoot, from: number): AsyncGenerator<AnyEntry> {
  const { records } = ringRoot.ledger
  let next = from
  for (const [start, end] of [...ringRoot.quiet, [records, records]] as const) {
    if (end < next) continue
    for await (const { entry } of ledgerEntries(opened, ringRoot, next, METERED, start)) {
      yield entry
    }
    next = Math.max(next, end)
  }
}

/**
 * The records of the ledger as they stand in its rows, headers of leaves (kind 0) included. `from` begins a row. A
 * commit replaces the last row, perhaps while it is looked for: then it is looked for again, so that none is skipped.
 *
 * @throws VaultError `CORRUPT` when a row is missing or isn't what was sealed.
 */
export async function* ledgerRecords(
  opened: Opened,
  ringRoot: RingRoot,
  from = 0,
  end = ringRoot.ledger.records,
): AsyncGenerator<{ number: number; leaf: number; kind: 0 | 1; bytes: Uint8Array }> {
  const records = Math.min(end, ringRoot.ledger.records)
  let next = from
  let row = from
  let version: number | undefined
  for (let tries = 0; next < records; tries++) {
    const before = next
    const start = new Uint8Array(16)
    new DataView(start.buffer).setBigUint64(0, BigInt(row))
    for await (const { id, bytes: sealed } of opened.store.scan('ledger', start)) {
      const first = firstIn(id)
      if (first > next || next >= records) break
      const plain = ownRow(opened, ringRoot, id, sealed)
      if (!plain) continue
      row = first
      let number = first
      for (const [leaf, kind, bytes] of readAs('ledger', () => readRow(plain))) {
        if (number >= records) break
        if (number++ < next) continue
        yield { number: next++, leaf, kind, bytes }
      }
    }
    if (next >= records) return
    // Damage stays where nobody commits: each commit may take the row away from under another look.
    const root = await opened.store.root()
    if (next > before) tries = 0
    else if (root?.version === version || tries > MOST_TRIES)
      throw new VaultError('CORRUPT', { data: { row: 'ledger' } })
    version = root?.version
  }
}

/** Rows of the ledger as they are, from the one that begins with record `from`: at most so many, none from `end` on. */
export async function ledgerRows(opened: Opened, from: number, end: number, most: number) {
  const rows: { first: number; plain: Uint8Array; records: number }[] = []
  let next = from
  for await (const { id, bytes } of opened.store.scan('ledger', ledgerRowId(from, new Uint8Array(8)))) {
    const first = firstIn(id)
    if (first >= end || rows.length === most) break
    const plain = first === next ? ownRow(opened, opened.root, id, bytes) : undefined
    if (!plain) continue
    const records = readAs('ledger', () => readRow(plain)).length
    rows.push({ first, plain, records })
    next += records
  }
  return rows
}

/**
 * Rows of a vault that stood here before, or was being brought in, may lie among ours: they don't open, and are passed
 * over. One of ours that is missing or damaged leaves a gap in the numbers, and that is noticed.
 */
function ownRow(opened: Opened, ringRoot: RingRoot, id: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  try {
    return openRow(opened.rows.place('ledger', id), ledgerKey(ringRoot.ledger.secret, id), opened.days, sealed)
  } catch {
    return undefined
  }
}

/** An id that is none of ours comes after all that are. */
function firstIn(id: Uint8Array): number {
  try {
    return firstRecordOf(id)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
