/**
 * Where changed contacts go: which pages are rewritten, which are new, which are dropped. A changed page takes in new
 * slices of its own day as long as it has room, then the emptiest page of that day does, then fresh pages. Slices
 * that come out the same as they were stay where they are.
 */
import { hex, sameBytes } from '../bytes'
import { type ContactId, contactIdBytes } from '../contact/id'
import { type CutSlice, readSliceRecord, type SliceRecord } from '../contact/slice'
import { VaultError } from '../errors'
import { EMPTY_HEAD_BYTES, type HeadEntry, type HeadSlice, headSizeOf, MAX_HEAD_BYTES } from '../pages/head'
import { decodePage, encodePage, frameSizeOf, recordAt, TARGET_PAGE_BYTES } from '../pages/page'
import { encodeRecord } from '../record/record'
import type { Day } from '../time/day'
import { blobsOf } from './blobs'
import { readAs } from './damaged'
import type { Opened } from './opened'
import { Overtaken } from './overtaken'

export interface PlacedSlice {
  readonly record: Uint8Array
  readonly head: HeadEntry
}

export interface PlannedPage {
  readonly bucket: Day
  readonly slices: readonly PlacedSlice[]
}

export interface Placement {
  /** Hex of the rows of pages and heads to drop. */
  readonly dropped: ReadonlySet<string>
  readonly pages: readonly PlannedPage[]
  /** Rows of documents that no slice names any more. */
  readonly droppedBlobs: readonly Uint8Array[]
}

export interface SealedSlice extends CutSlice {
  readonly head: HeadSlice
}

/** Bytes a record takes in its page, its place in the frame table included. */
const sizeOf = frameSizeOf

interface OpenPage {
  bucket: Day
  slices: PlacedSlice[]
  size: number
  headSize: number
}

/**
 * @param changed each changed contact with its new slices; none: it goes.
 * @throws Overtaken when a page went meanwhile.
 */
export async function placeSlices(
  opened: Opened,
  changed: ReadonlyMap<ContactId, readonly SealedSlice[]>,
): Promise<Placement> {
  const removed = new Map<string, Set<number>>()
  const added = new Map<Day, PlacedSlice[]>()
  const droppedBlobs: Uint8Array[] = []
  for (const [id, slices] of changed) {
    const fresh = new Map(
      slices.map(slice => [
        slice.bucket,
        { record: encodeRecord(slice.record), head: slice.head, source: slice.record },
      ]),
    )
    const number = opened.index.numberOf(contactIdBytes(id) as Uint8Array)
    for (const old of opened.index.slicesOf(number)) {
      const record = await opened.pages.read(old.page, plain => recordAt(plain, old.slot).slice())
      const same = fresh.get(old.bucket)
      if (same && sameBytes(same.record, record)) {
        fresh.delete(old.bucket)
        continue
      }
      const kept = new Set(slices.flatMap(slice => blobIds(slice.record)).map(hex))
      for (const piece of blobIds(readAs('pages', () => readSliceRecord(record))))
        if (!kept.has(hex(piece))) droppedBlobs.push(piece)
      const slots = removed.get(old.page)
      if (slots) slots.add(old.slot)
      else removed.set(old.page, new Set([old.slot]))
    }
    for (const [bucket, { record, head }] of fresh) {
      const list = added.get(bucket)
      if (list) list.push({ record, head })
      else added.set(bucket, [{ record, head }])
    }
  }

  const pages: OpenPage[] = []
  const dropped = new Set<string>()
  const reopen = async (key: string, without?: ReadonlySet<number>): Promise<OpenPage> => {
    const records = await opened.pages.read(key, plain => decodePage(plain.slice()))
    const entry = opened.ring.entry(key)
    const head = opened.index.headOf(key)
    if (!entry || !head) throw new Overtaken()
    const page: OpenPage = { bucket: entry.bucket, slices: [], size: 0, headSize: EMPTY_HEAD_BYTES }
    for (const [slot, record] of records.entries())
      if (!without?.has(slot)) push(page, { record, head: { head, slot } })
    dropped.add(key)
    pages.push(page)
    return page
  }
  for (const [key, slots] of removed) {
    const page = await reopen(key, slots)
    takeIn(page, added.get(page.bucket))
  }
  for (const [bucket, waiting] of added) {
    if (waiting.length === 0) continue
    const first = sizeOf((waiting[0] as PlacedSlice).record)
    const closed = new Set(dropped)
    let emptiest = emptiestOf(opened, bucket, closed)
    while (emptiest && emptiest.size + first <= TARGET_PAGE_BYTES) {
      const page = await reopen(emptiest.key).catch(unlessUnreadable)
      if (page) {
        takeIn(page, waiting)
        break
      }
      closed.add(emptiest.key)
      emptiest = emptiestOf(opened, bucket, closed)
    }
    while (waiting.length > 0) {
      const page: OpenPage = { bucket, slices: [], size: 0, headSize: EMPTY_HEAD_BYTES }
      takeIn(page, waiting)
      pages.push(page)
    }
  }
  return {
    dropped,
    droppedBlobs,
    pages: pages.filter(page => page.slices.length > 0).map(({ bucket, slices }) => ({ bucket, slices })),
  }
}

/**
 * A page that is lost or damaged takes nobody in, and stops nobody who comes. If it only went because others committed,
 * what is planned here won't be committed either.
 */
function unlessUnreadable(error: unknown): undefined {
  if (error instanceof Overtaken || (error instanceof VaultError && error.code === 'CORRUPT')) return undefined
  throw error
}

/** Moves waiting slices into a page until the next one doesn't fit; an empty page takes one of any size. */
function takeIn(page: OpenPage, waiting: PlacedSlice[] | undefined): void {
  if (!waiting) return
  let taken = 0
  for (const slice of waiting) {
    const full =
      page.size + sizeOf(slice.record) > TARGET_PAGE_BYTES || page.headSize + headSizeOf(slice.head) > MAX_HEAD_BYTES
    if (page.slices.length > 0 && full) break
    push(page, slice)
    taken++
  }
  waiting.splice(0, taken)
}

function push(page: OpenPage, slice: PlacedSlice): void {
  page.slices.push(slice)
  page.size += sizeOf(slice.record)
  page.headSize += headSizeOf(slice.head)
}

function emptiestOf(
  opened: Opened,
  bucket: Day,
  dropped: ReadonlySet<string>,
): { key: string; size: number } | undefined {
  let best: { key: string; size: number } | undefined
  for (const key of opened.index.pagesOfBucket(bucket)) {
    const entry = opened.ring.entry(key)
    if (!entry || dropped.has(key)) continue
    if (!best || entry.size < best.size) best = { key, size: entry.size }
  }
  return best
}

/** Ids of the rows that hold a slice's documents and media. */
const blobIds = (record: SliceRecord): Uint8Array[] => blobsOf(record).flatMap(blob => blob.pieces)

export const encodePlanned = (page: PlannedPage): Uint8Array => encodePage(page.slices.map(slice => slice.record))
export const plannedSize = (page: PlannedPage): number =>
  page.slices.reduce((size, slice) => size + sizeOf(slice.record), 0)
