/**
 * A draft becomes one batch: everything sealed, before the engine's transaction opens, and nothing written yet. What
 * is held in memory changes only when the batch was committed, through `apply`.
 */
import { hash, type Secret } from '@amanat/crypto'
import { type Batch, type Row, type RowRef, UNDATED } from '@amanat/store-contract'
import { hex } from '../bytes'
import { readCatalogueRow } from '../contact/catalogue'
import type { ContactId } from '../contact/id'
import { phoneReader } from '../contact/points'
import { type CutSlice, cutContact } from '../contact/slice'
import { type AnyEntry, encodeEntry, type LedgerEntry, METERED, peekType } from '../ledger/entry'
import { makeLeaf } from '../ledger/leaf'
import { type LedgerRecord, type LedgerRow, ledgerRowId, packTail, readRow } from '../ledger/rows'
import { appendLeaf, decodeFrontier, encodeFrontier } from '../ledger/tree'
import { encodeHead, HeadView } from '../pages/head'
import { encodeChunk, type RingEntry } from '../pages/ring'
import type { Day } from '../time/day'
import { InTurns } from '../turn'
import { settleBlobs } from './blobs'
import { commitmentOf } from './cell'
import type { Draft } from './draft'
import { decodePrints, encodePrints, type Print, ROW_ENTRIES } from './fingerprints'
import { headSliceOf } from './head-slice'
import type { Opened, UndatedRow } from './opened'
import { encodePlanned, placeSlices, plannedSize, type SealedSlice } from './place-slices'
import { type RingRoot, sealRingRoot } from './ring-root'
import { encodeRoot, rootHeader } from './root'
import { ledgerKey, newRowId, newRowSecret, sealRow } from './rows'

/** The epoch that the next root is sealed under: the current one, or a new one when something is forgotten. */
export interface NextEpoch {
  readonly epoch: number
  readonly secret: Secret<'epoch'>
}

export interface Prepared {
  readonly batch: Batch
  /** Brings what is held in memory to the committed state. */
  apply(version: number): void
}

/** Sealed without a break: some milliseconds. */
const PAGES_AT_ONCE = 8
const CONTACTS_AT_ONCE = 64

/** Each changed contact, cut by when its parts must go. */
export type Cuts = ReadonlyMap<ContactId, readonly CutSlice[]>

export function cutDraft({ contacts, policy, catalogue, now, today }: Draft): Cuts {
  return new Map(
    [...contacts].map(([id, contact]) => [id, contact ? cutContact(contact, policy, catalogue, now, today) : []]),
  )
}

export async function sealDraft(opened: Opened, draft: Draft, cuts: Cuts, next: NextEpoch): Promise<Prepared> {
  const { randomness, vaultId, days, root } = opened
  const put: Row[] = []
  const drop: RowRef[] = []

  const changed = await settleCuts(opened, draft, cuts, put)
  const placement = await placeSlices(opened, changed)
  const newPages: { key: string; bucket: number; head: HeadView }[] = []
  const entries: RingEntry[] = []
  const turns = new InTurns(PAGES_AT_ONCE)
  for (const page of placement.pages) {
    await turns.next()
    const id = newRowId(randomness)
    const secret = newRowSecret(randomness)
    const head = encodeHead(page.slices.map(slice => slice.head))
    put.push(sealRow(opened.rows.place('pages', id, page.bucket), secret, days, encodePlanned(page), randomness))
    put.push(sealRow(opened.rows.place('heads', id, page.bucket), secret, days, head, randomness))
    entries.push({
      table: 'pages',
      id,
      bucket: page.bucket,
      secret,
      size: plannedSize(page),
      count: page.slices.length,
    })
    newPages.push({ key: hex(id), bucket: page.bucket, head: new HeadView(head) })
  }
  for (const { id, bucket, plain } of draft.exportRows) {
    const secret = newRowSecret(randomness)
    put.push(sealRow(opened.rows.place('exports', id, bucket), secret, days, plain, randomness))
    entries.push({ table: 'exports', id, bucket, secret, size: plain.length, count: 0 })
  }
  for (const key of placement.dropped) {
    const entry = opened.ring.entry(key)
    if (entry) drop.push({ table: 'pages', id: entry.id }, { table: 'heads', id: entry.id })
  }
  for (const id of placement.droppedBlobs) drop.push({ table: 'blobs', id })

  const ring = opened.ring.change(placement.dropped, entries, draft.today, randomness, root.purged < days.tick)
  for (const id of ring.dropped) drop.push({ table: 'ring', id })
  for (const chunk of ring.written) {
    put.push(sealRow(opened.rows.place('ring', chunk.id), chunk.secret, days, encodeChunk(chunk.entries), randomness))
  }

  const undated = undatedAfter(opened, draft, put, drop)
  const { ledger, tail, entries: recorded, rows } = ledgerAfter(opened, draft, next.epoch, put, drop)
  for (const { id, bytes } of draft.slotChange?.put ?? []) put.push({ table: 'slots', id, bucket: UNDATED, bytes })
  for (const id of draft.slotChange?.drop ?? []) drop.push({ table: 'slots', id })

  const ringRoot: RingRoot = {
    chunks: [...ring.next.chunks.values()],
    undated,
    ledger,
    pointKey: root.pointKey,
    leftKey: root.leftKey,
    slots: draft.slotChange?.slots ?? root.slots,
    lastSeen: Math.max(root.lastSeen, draft.now),
    verified: Math.max(root.verified, opened.verifiedEpoch),
    purged: days.tick,
    marks: marksAfter(root, draft.today),
    quiet: quietAfter(opened, recorded, rows),
  }
  const rootKey = draft.slotChange?.rootKey ?? opened.rootKey
  const clear = { vaultId, epoch: next.epoch, commitment: commitmentOf(vaultId, next.epoch, next.secret) }
  const sealed = sealRingRoot(ringRoot, rootKey, next.epoch, next.secret, rootHeader(clear), randomness)
  const bytes = encodeRoot({ ...clear, tick: days.tick, sealed })

  return {
    batch: { expect: opened.version, root: bytes, put, drop },
    apply(version) {
      for (const key of placement.dropped) opened.dropPage(key)
      for (const page of newPages) opened.index.addPage(page.key, page.bucket, page.head)
      if (draft.slotChange) opened.rootKey = draft.slotChange.rootKey
      opened.epoch = next.epoch
      opened.epochSecret = next.secret
      opened.tail = tail
      opened.adopt(version, bytes, ringRoot, ring.next, undated)
      opened.onEntries(recorded)
    },
  }
}

/** The slices with their documents sealed for their days, and what of them stands in heads. */
async function settleCuts(
  opened: Opened,
  draft: Draft,
  cuts: Cuts,
  put: Row[],
): Promise<Map<ContactId, SealedSlice[]>> {
  const changed = new Map<ContactId, SealedSlice[]>()
  // A look-up changes nobody, and shouldn't have to wait until phone numbers can be read.
  if (cuts.size === 0) return changed
  const { policy, catalogue } = draft
  const readPhone = await phoneReader()
  const turns = new InTurns(CONTACTS_AT_ONCE)
  for (const [id, cut] of cuts) {
    await turns.next()
    const slices: SealedSlice[] = []
    for (const { bucket, record } of cut) {
      const settled = await settleBlobs(opened, record, bucket, put)
      const head = headSliceOf(settled, catalogue, opened.root.pointKey, policy.region, readPhone)
      slices.push({ bucket, record: settled, head })
    }
    changed.set(id, slices)
  }
  return changed
}

function undatedAfter(opened: Opened, draft: Draft, put: Row[], drop: RowRef[]): readonly UndatedRow[] {
  const { randomness, days } = opened
  let rows = opened.undated
  const write = (kind: UndatedRow['kind'], plain: Uint8Array) => {
    const row: UndatedRow = { kind, id: newRowId(randomness), secret: newRowSecret(randomness), plain }
    put.push(sealRow(opened.rows.place('undated', row.id), row.secret, days, plain, randomness))
    rows = [...rows, row]
  }
  const remove = (gone: readonly UndatedRow[]) => {
    if (gone.length === 0) return
    rows = rows.filter(row => !gone.includes(row))
    for (const row of gone) drop.push({ table: 'undated', id: row.id })
  }
  // Of several policies in one commit only the last one stands.
  const replaced = new Map(draft.undated.filter(row => row.replace).map(row => [row.kind, row.plain]))
  for (const [kind, plain] of replaced) {
    remove(rows.filter(row => row.kind === kind))
    write(kind, plain)
  }
  for (const row of draft.undated) if (!row.replace) write(row.kind, row.plain)
  for (const [number, plain] of draft.catalogue.changedRows()) {
    remove(rows.filter(row => row.kind === 'catalogue' && readCatalogueRow(row.plain).number === number))
    write('catalogue', plain)
  }
  const append = (kind: 'left' | 'quarantined', prints: readonly Print[]) => {
    const waiting = [...prints]
    const open = rows.find(row => row.kind === kind && !row.damaged && decodePrints(row.plain).length < ROW_ENTRIES)
    if (open && waiting.length > 0) {
      remove([open])
      waiting.unshift(...decodePrints(open.plain))
    }
    while (waiting.length > 0) write(kind, encodePrints(waiting.splice(0, ROW_ENTRIES)))
  }
  append('left', draft.left)
  append('quarantined', draft.quarantined)
  return rows
}

function ledgerAfter(opened: Opened, draft: Draft, epoch: number, put: Row[], drop: RowRef[]) {
  const { root, randomness, days } = opened
  const place = root.ledger
  const entries = draft.entries.map(entry => ({ ...entry, at: draft.now }) as LedgerEntry)
  if (opened.verifiedEpoch > root.verified) {
    entries.push({ type: 'verified', actor: 'vault', at: draft.now, epoch: opened.verifiedEpoch })
  }
  const passed = passedSince(opened)
  if (passed.pages > 0) {
    entries.push({
      type: 'purge',
      actor: 'vault',
      at: draft.now,
      tick: days.tick,
      slices: passed.slices,
      rows: passed.pages,
    })
  }
  const items = entries.map(encodeEntry)
  const leaf = makeLeaf({ index: place.leaves, at: draft.now, epoch, forgetting: draft.forgets, items })
  const records: LedgerRecord[] = [
    [place.leaves, 0, leaf.header],
    ...items.map((bytes): LedgerRecord => [place.leaves, 1, bytes]),
  ]
  // A tail that doesn't open is left as it is: the next row begins behind it.
  const tailFirst = opened.tail ? place.tailFirst : place.records
  const packing = packTail({ tail: opened.tail, tailFirst, records })
  if (packing.replacesTail && place.tail) drop.push({ table: 'ledger', id: place.tail })
  let tailId = place.tail
  for (const row of packing.rows) {
    tailId = ledgerRowId(row.first, randomness(8).slice())
    const secret = ledgerKey(place.secret, tailId)
    put.push(sealRow(opened.rows.place('ledger', tailId), secret, days, row.plain, randomness))
  }
  return {
    entries,
    rows: packing.rows,
    tail: packing.tail?.plain,
    ledger: {
      secret: place.secret,
      leaves: place.leaves + 1,
      records: place.records + records.length,
      frontier: encodeFrontier(appendLeaf(decodeFrontier(place.frontier), leaf.hash)),
      tail: tailId,
      tailFirst: packing.tail?.first ?? 0,
    },
  }
}

/** Days of which it is remembered where in the ledger they begin: as long as the longest window that a meter may have. */
export const MARKED_DAYS = 100

/** A new day begins in the row that is open now, or after it. */
function marksAfter({ marks, ledger }: RingRoot, today: Day): RingRoot['marks'] {
  const recent = marks.filter(([day]) => day > today - MARKED_DAYS)
  return recent.some(([day]) => day === today) ? recent : [...recent, [today, ledger.tailFirst]]
}

/** Fewer rows than this are as soon read as passed over. */
const QUIET_ROWS = 4
/** Runs that are remembered: the longest, if there are more. */
const MOST_QUIET = 64

/**
 * The rows that an import fills by itself hold nobody who was looked at: whoever opens the vault passes them over. The first
 * row of a commit may go on from the one before, and the last may be gone on with. So a run ends before the row that is open,
 * and goes on through it when nobody was looked at there either: an import of a thousand commits is one run.
 */
function quietAfter(
  { root: { quiet, marks, ledger }, tail }: Opened,
  entries: readonly LedgerEntry[],
  rows: readonly LedgerRow[],
): RingRoot['quiet'] {
  const oldest = marks[0]?.[1] ?? 0
  const kept = quiet.filter(([, end]) => end > oldest)
  const [, second] = rows
  const last = rows.at(-1)
  if (!last || last.first === ledger.tailFirst || entries.some(({ type }) => METERED.has(type))) return kept
  const before = kept.at(-1)
  if (before && before[1] === ledger.tailFirst && tail && !isMetered(tail)) {
    return [...kept.slice(0, -1), [before[0], last.first]]
  }
  if (!second || rows.length < QUIET_ROWS + 2) return kept
  kept.push([second.first, last.first])
  if (kept.length <= MOST_QUIET) return kept
  const shortest = kept.reduce((least, run) => (run[1] - run[0] < least[1] - least[0] ? run : least))
  return kept.filter(run => run !== shortest)
}

/** Whether somebody in this row of the ledger was looked at, as far as can be told at once. */
function isMetered(plain: Uint8Array): boolean {
  return readRow(plain).some(([, kind, bytes]) => {
    const type = kind === 1 ? peekType(bytes) : undefined
    return type === '' || METERED.has(type as AnyEntry['type'])
  })
}

/** Whether the ledger still has to be told of what expired or was verified meanwhile. */
export const owesEntry = (opened: Opened): boolean =>
  opened.verifiedEpoch > opened.root.verified || passedSince(opened).pages > 0

/** What expired since the ledger was last told: from the ring, which lists the pages of passed days until it is rewritten. */
function passedSince(opened: Opened): { pages: number; slices: number } {
  const counts = { pages: 0, slices: 0 }
  if (opened.root.purged >= opened.days.tick) return counts
  for (const { bucket, count } of opened.ring.entries('pages')) {
    if (bucket < opened.root.purged || bucket >= opened.days.tick) continue
    counts.pages++
    counts.slices += count
  }
  return counts
}

/** How a slot's row is known to the ring root. */
export const slotHash = (bytes: Uint8Array): Uint8Array => hash('amanat/slot-row/1', bytes)
