/**
 * The ring: who holds the secret of which page. A tree of two levels: the root lists chunks with a secret each, a
 * chunk lists about a hundred pages of any bucket with a secret each. Chunks, like all rows, are written once: a
 * chunk that changes gets a new id and a new secret, so that an old chunk never gives up a page forgotten later.
 *
 * A chunk's plaintext (little endian): u8 format 1 · u8 0 · u16 entries, then 60 bytes an entry:
 *   table u8 (0 pages, 1 exports) · u8 0 · u16 count · bucket u32 · size u32 · id 16 · secret 32
 */
import { type Randomness, Secret } from '@amanat/crypto'
import { ROW_ID_BYTES } from '@amanat/store-contract'
import { hex, viewOf } from '../bytes'
import type { RowSecret } from '../commit/rows'
import type { Day } from '../time/day'
import { Layered } from './layered'

export const CHUNK_ENTRIES = 100
const CHUNK_FORMAT = 1
const HEADER = 4
const ENTRY = 60
const LISTED = ROW_ID_BYTES + 32

/** The tables whose rows the ring holds the secrets of. */
const RING_TABLES = ['pages', 'exports'] as const
export type RingTable = (typeof RING_TABLES)[number]

export interface RingEntry {
  readonly table: RingTable
  readonly id: Uint8Array
  readonly bucket: Day
  readonly secret: RowSecret
  /** Bytes of records in the page, and how many: tells whether one more fits, without opening it. */
  readonly size: number
  readonly count: number
}

export interface Chunk {
  readonly id: Uint8Array
  readonly secret: RowSecret
  readonly entries: readonly RingEntry[]
  /** It didn't open: it stays listed as it is, in case its row can be brought back, and takes nothing in. */
  readonly damaged?: true
}

export function encodeChunk(entries: readonly RingEntry[]): Uint8Array {
  const bytes = new Uint8Array(HEADER + entries.length * ENTRY)
  const view = viewOf(bytes)
  bytes[0] = CHUNK_FORMAT
  view.setUint16(2, entries.length, true)
  let at = HEADER
  for (const entry of entries) {
    bytes[at] = RING_TABLES.indexOf(entry.table)
    view.setUint16(at + 2, entry.count, true)
    view.setUint32(at + 4, entry.bucket, true)
    view.setUint32(at + 8, entry.size, true)
    bytes.set(entry.id, at + 12)
    bytes.set(entry.secret.expose(), at + 28)
    at += ENTRY
  }
  return bytes
}

/** @throws RangeError when the bytes are no chunk. */
export function decodeChunk(bytes: Uint8Array): RingEntry[] {
  if (bytes.length < HEADER || bytes[0] !== CHUNK_FORMAT) throw new RangeError('chunk malformed')
  const view = viewOf(bytes)
  const count = view.getUint16(2, true)
  if (bytes.length !== HEADER + count * ENTRY) throw new RangeError('chunk malformed')
  const entries: RingEntry[] = []
  for (let at = HEADER; at < bytes.length; at += ENTRY) {
    const table = RING_TABLES[bytes[at] as number]
    if (!table) throw new RangeError('chunk malformed')
    entries.push({
      table,
      count: view.getUint16(at + 2, true),
      bucket: view.getUint32(at + 4, true),
      size: view.getUint32(at + 8, true),
      id: bytes.slice(at + 12, at + 28),
      secret: Secret.of<'row'>(bytes.subarray(at + 28, at + 60)),
    })
  }
  return entries
}

/** The chunks as the ring root lists them: id and secret, 48 bytes each. */
export function encodeChunkList(chunks: Iterable<Pick<Chunk, 'id' | 'secret'>>): Uint8Array {
  const all = [...chunks]
  const bytes = new Uint8Array(all.length * LISTED)
  all.forEach((chunk, i) => {
    bytes.set(chunk.id, i * LISTED)
    bytes.set(chunk.secret.expose(), i * LISTED + ROW_ID_BYTES)
  })
  return bytes
}

/** @throws RangeError when the bytes are no list of chunks. */
export function decodeChunkList(bytes: Uint8Array): { id: Uint8Array; secret: RowSecret }[] {
  if (bytes.length % LISTED !== 0) throw new RangeError('ring root malformed')
  const list: { id: Uint8Array; secret: RowSecret }[] = []
  for (let at = 0; at < bytes.length; at += LISTED) {
    list.push({
      id: bytes.slice(at, at + ROW_ID_BYTES),
      secret: Secret.of<'row'>(bytes.subarray(at + ROW_ID_BYTES, at + LISTED)),
    })
  }
  return list
}

/** What a commit does to the ring: chunks that go, chunks that are written, and the ring as it is then. */
export interface RingChange {
  readonly next: Ring
  readonly dropped: readonly Uint8Array[]
  readonly written: readonly Chunk[]
}

/** A ring as of one version. Never changes: a commit makes the next one, and a failed commit leaves this one as it was. */
export class Ring {
  readonly #chunks: ReadonlyMap<string, Chunk>
  readonly #entries: Layered<Placed>

  constructor(chunks: ReadonlyMap<string, Chunk>, entries?: Layered<Placed>) {
    this.#chunks = chunks
    this.#entries = entries ?? new Layered(indexed(chunks))
  }

  static readonly empty: Ring = new Ring(new Map())

  get chunks(): ReadonlyMap<string, Chunk> {
    return this.#chunks
  }

  /** By the hex of the row's id. */
  entry(key: string): RingEntry | undefined {
    return this.#entries.get(key)?.entry
  }

  *entries(table?: RingTable): Iterable<RingEntry> {
    for (const { entries } of this.#chunks.values())
      for (const entry of entries) if (!table || entry.table === table) yield entry
  }

  /** Overwrites every secret in it, those of pages that have gone as well: some of them are held until all is laid into one map again. */
  wipe(): void {
    for (const { secret, entries } of this.#chunks.values()) {
      secret.wipe()
      for (const entry of entries) entry.secret.wipe()
    }
    for (const { entry } of this.#entries.held()) entry.secret.wipe()
  }

  get size(): number {
    let size = 0
    for (const { entries } of this.#chunks.values()) size += entries.length
    return size
  }

  /**
   * Takes entries out and puts entries in. A new page goes into a chunk that is rewritten anyway, if it has room;
   * what has passed before `today` is left out of every chunk that is written. With `sweep` the chunks of which half or
   * more has passed are written too, so that the ring doesn't keep what nothing touches any more.
   */
  change(
    remove: ReadonlySet<string>,
    add: readonly RingEntry[],
    today: Day,
    randomness: Randomness,
    sweep = false,
  ): RingChange {
    const touched = new Map<string, RingEntry[]>()
    for (const [key, { entries }] of sweep ? this.#chunks : []) {
      const live = entries.filter(entry => entry.bucket >= today && !remove.has(hex(entry.id)))
      if (entries.length > 0 && live.length * 2 <= entries.length) touched.set(key, live)
    }
    for (const key of remove) {
      const chunk = this.#entries.get(key)?.chunk
      if (chunk !== undefined && !touched.has(chunk)) {
        const entries = (this.#chunks.get(chunk) as Chunk).entries
        touched.set(
          chunk,
          entries.filter(entry => entry.bucket >= today && !remove.has(hex(entry.id))),
        )
      }
    }
    const waiting = add.slice()
    for (const entries of touched.values()) fill(entries, waiting)
    if (waiting.length > 0) {
      const [key, chunk] = this.#roomiest(touched) ?? []
      const entries = chunk?.entries.filter(entry => entry.bucket >= today) ?? []
      fill(entries, waiting)
      touched.set(key ?? '', entries)
    }
    const lists = [...touched.values()]
    while (waiting.length > 0) {
      const entries: RingEntry[] = []
      fill(entries, waiting)
      lists.push(entries)
    }
    const chunks = new Map(this.#chunks)
    const placed: [string, Placed | undefined][] = []
    const dropped: Uint8Array[] = []
    for (const key of touched.keys()) {
      const old = chunks.get(key)
      if (!old) continue
      dropped.push(old.id)
      chunks.delete(key)
      for (const entry of old.entries) placed.push([hex(entry.id), undefined])
    }
    const written = lists
      .filter(entries => entries.length > 0)
      .map(entries => ({ id: randomness(ROW_ID_BYTES).slice(), secret: Secret.random<'row'>(randomness), entries }))
    for (const chunk of written) {
      const key = hex(chunk.id)
      chunks.set(key, chunk)
      for (const entry of chunk.entries) placed.push([hex(entry.id), { entry, chunk: key }])
    }
    return { next: new Ring(chunks, this.#entries.with(placed)), dropped, written }
  }

  #roomiest(except: ReadonlyMap<string, unknown>): [string, Chunk] | undefined {
    let best: [string, Chunk] | undefined
    for (const [key, chunk] of this.#chunks) {
      if (except.has(key) || chunk.damaged || chunk.entries.length >= CHUNK_ENTRIES) continue
      if (!best || chunk.entries.length < best[1].entries.length) best = [key, chunk]
    }
    return best
  }
}

function fill(entries: RingEntry[], waiting: RingEntry[]): void {
  while (entries.length < CHUNK_ENTRIES && waiting.length > 0) entries.push(waiting.shift() as RingEntry)
}

/** An entry, and the key of the chunk that lists it. */
interface Placed {
  readonly entry: RingEntry
  readonly chunk: string
}

function indexed(chunks: ReadonlyMap<string, Chunk>): Map<string, Placed> {
  const index = new Map<string, Placed>()
  for (const [key, chunk] of chunks) for (const entry of chunk.entries) index.set(hex(entry.id), { entry, chunk: key })
  return index
}
