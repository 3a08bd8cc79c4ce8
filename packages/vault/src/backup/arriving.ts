/**
 * A backup on its way in: each frame is checked, sealed anew for the vault that is to be, and staged. At the end the vault
 * stands in memory as if it had just been opened, and nothing of it can be read in the store yet.
 */
import { Secret } from '@amanat/crypto'
import { type RowRef, UNDATED } from '@amanat/store-contract'
import { hex, sameBytes } from '../bytes'
import { blobsOf, mapBlobs, pieceSecret } from '../commit/blobs'
import { Fingerprints } from '../commit/fingerprints'
import type { Opened, UndatedRow } from '../commit/opened'
import { readPolicyRecord } from '../commit/read-policy'
import { ledgerKey, newRowId, newRowSecret, type RowPlace, sealRow } from '../commit/rows'
import type { BlobRef } from '../consent/consent'
import { Catalogue } from '../contact/catalogue'
import { isStored } from '../contact/held'
import { readSliceRecord } from '../contact/slice'
import { decodeEntry } from '../ledger/entry'
import { holdsItems, type LeafHeader, readHeader } from '../ledger/leaf'
import { ledgerRowId, readRow } from '../ledger/rows'
import { appendLeaf, emptyFrontier, encodeFrontier, leafHash } from '../ledger/tree'
import { HeadView } from '../pages/head'
import { decodePage, EMPTY_PAGE_BYTES, encodePage } from '../pages/page'
import { encodeChunk, Ring, type RingEntry } from '../pages/ring'
import { parsePolicy } from '../policy/define'
import { encodeRecord } from '../record/record'
import type { Day } from '../time/day'
import { type BackupBegin, type BackupEnd, type Frame, malformed } from './frames'
import type { Staging } from './staging'

const NO_ENTRIES: ReadonlySet<string> = new Set()
const ID = 16

/** A vault that came out of a backup, in memory. */
export interface Arrived {
  readonly begin: BackupBegin
  readonly end: BackupEnd
  /** Hash of each leaf of its ledger. */
  readonly leaves: readonly Uint8Array[]
  /** Slices whose day had passed. */
  readonly expired: number
  /** Rows of pages that were replaced while the backup was made, and of documents that only those name. */
  readonly unused: readonly RowRef[]
}

export class Arriving {
  #begin: BackupBegin | undefined
  #end: BackupEnd | undefined
  #expired = 0
  readonly #entries = new Map<string, RingEntry>()
  /** Rows of documents by the hex of their first piece's old id: under which secret, and which new rows. */
  readonly #documents = new Map<string, { secret: Uint8Array; pieces: Uint8Array[]; bucket: Day }>()
  /** Which of them a page names, by the hex of its old id. */
  readonly #named = new Map<string, readonly string[]>()
  readonly #unused: RowRef[] = []
  readonly #undated: UndatedRow[] = []
  readonly #ledger = new LedgerCheck()
  #tail: { id: Uint8Array; first: number; plain: Uint8Array } | undefined

  /** @param fresh a vault in memory with its id, its keys and its days; what arrives is laid into it */
  constructor(
    readonly fresh: Opened,
    readonly staging: Staging,
    readonly ledgerSecret: Secret<'ledger'>,
  ) {}

  get begin(): BackupBegin | undefined {
    return this.#begin
  }

  /** @throws VaultError `BACKUP_DAMAGED` when it is no frame that a vault writes at this place. */
  async take(frame: Frame): Promise<void> {
    try {
      if (this.#end || (this.#begin === undefined) !== (frame[0] === 'begin'))
        throw new RangeError('frame out of place')
      await this.#take(frame)
    } catch (error) {
      throw error instanceof RangeError || error instanceof TypeError ? malformed(error) : error
    }
  }

  async #take(frame: Frame): Promise<void> {
    switch (frame[0]) {
      case 'begin':
        this.#begin = frame[1]
        return
      case 'piece':
        return this.#piece(frame[1], frame[2], frame[3], frame[4])
      case 'page':
        return this.#page(frame[1], frame[2], frame[3], frame[4])
      case 'export':
        return this.#export(frame[1], frame[2], frame[3])
      case 'dead':
        return this.#dead(frame[1])
      case 'undated':
        return this.#undatedRow(frame[1], frame[2])
      case 'ledger':
        return this.#ledgerRow(frame[1], frame[2])
      case 'end':
        this.#end = frame[1]
    }
  }

  #place(table: RowPlace['table'], id: Uint8Array, bucket: number = UNDATED): RowPlace {
    return this.fresh.rows.place(table, id, bucket)
  }

  async #piece(name: Uint8Array, number: number, bucket: Day, bytes: Uint8Array): Promise<void> {
    const { fresh, staging } = this
    if (bucket < fresh.days.tick) return
    const known = this.#documents.get(hex(name))
    const document = known ?? { secret: newRowSecret(fresh.randomness).expose(), pieces: [], bucket }
    if (document.bucket !== bucket || number < document.pieces.length) throw new RangeError('piece out of place')
    this.#documents.set(hex(name), document)
    // A piece before it couldn't be read when the backup was made: the document stays one that can't be read.
    if (number > document.pieces.length) return
    const secret = Secret.of<'row'>(document.secret)
    const key = pieceSecret(secret, number)
    const id = newRowId(fresh.randomness)
    document.pieces.push(id)
    await staging.put(sealRow(this.#place('blobs', id, bucket), key, fresh.days, bytes, fresh.randomness))
    key.wipe()
    secret.wipe()
  }

  async #page(id: Uint8Array, bucket: Day, page: Uint8Array, headBytes: Uint8Array): Promise<void> {
    const { fresh, staging } = this
    const head = new HeadView(headBytes.slice())
    const slices = decodePage(page).map(record => readSliceRecord(record.slice()))
    if (head.count !== slices.length) throw new RangeError('head and page differ')
    slices.forEach((slice, slot) => {
      if (!sameBytes(head.idAt(slot), slice.i)) throw new RangeError('head and page differ')
    })
    if (bucket < fresh.days.tick) {
      this.#expired += slices.length
      return
    }
    const names = slices.flatMap(slice => blobsOf(slice).map(nameOf))
    if (names.length > 0) this.#named.set(hex(id), names)
    const records: Uint8Array[] = []
    for (const slice of names.length > 0 ? slices : []) {
      records.push(encodeRecord(await mapBlobs(slice, blob => (isStored(blob) ? this.#renamed(blob, bucket) : blob))))
    }
    const plain = names.length > 0 ? encodePage(records) : page
    const entry = this.#entry('pages', id, bucket, sizeOfRecords(plain), slices.length)
    await staging.put(
      sealRow(this.#place('pages', entry.id, bucket), entry.secret, fresh.days, plain, fresh.randomness),
    )
    await staging.put(
      sealRow(this.#place('heads', entry.id, bucket), entry.secret, fresh.days, headBytes, fresh.randomness),
    )
    fresh.index.addPage(hex(entry.id), bucket, head)
  }

  /** A document that the backup couldn't read stays one that can't be read. */
  #renamed(blob: BlobRef, bucket: Day): BlobRef {
    const document = this.#documents.get(nameOf(blob))
    const whole = document && document.bucket === bucket && document.pieces.length === blob.pieces.length
    return {
      ...blob,
      secret: whole ? document.secret : newRowSecret(this.fresh.randomness).expose(),
      pieces: whole ? document.pieces : blob.pieces.map(() => newRowId(this.fresh.randomness)),
      bucket,
    }
  }

  async #export(id: Uint8Array, bucket: Day, plain: Uint8Array): Promise<void> {
    const { fresh, staging } = this
    if (bucket < fresh.days.tick) return
    const entry = this.#entry('exports', id, bucket, plain.length, 0)
    await staging.put(
      sealRow(this.#place('exports', entry.id, bucket), entry.secret, fresh.days, plain, fresh.randomness),
    )
  }

  #entry(table: RingEntry['table'], old: Uint8Array, bucket: Day, size: number, count: number): RingEntry {
    const { randomness } = this.fresh
    if (this.#entries.has(hex(old))) throw new RangeError('row named twice')
    const entry = { table, id: newRowId(randomness), bucket, secret: newRowSecret(randomness), size, count }
    this.#entries.set(hex(old), entry)
    return entry
  }

  #dead(ids: Uint8Array): void {
    for (let at = 0; at < ids.length; at += ID) {
      const old = hex(ids.subarray(at, at + ID))
      const entry = this.#entries.get(old)
      if (!entry) continue
      this.#entries.delete(old)
      this.#named.delete(old)
      this.fresh.index.removePage(hex(entry.id))
      const tables = entry.table === 'pages' ? (['pages', 'heads'] as const) : (['exports'] as const)
      for (const table of tables) this.#unused.push({ table, id: entry.id })
    }
  }

  async #undatedRow(kind: UndatedRow['kind'], plain: Uint8Array): Promise<void> {
    const { fresh, staging } = this
    const row: UndatedRow = { kind, id: newRowId(fresh.randomness), secret: newRowSecret(fresh.randomness), plain }
    this.#undated.push(row)
    await staging.put(sealRow(this.#place('undated', row.id), row.secret, fresh.days, plain, fresh.randomness))
  }

  async #ledgerRow(first: number, plain: Uint8Array): Promise<void> {
    const { fresh, staging } = this
    this.#ledger.add(first, plain)
    const id = ledgerRowId(first, fresh.randomness(8).slice())
    const secret = ledgerKey(this.ledgerSecret, id)
    await staging.put(sealRow(this.#place('ledger', id), secret, fresh.days, plain, fresh.randomness))
    secret.wipe()
    this.#tail = { id, first, plain }
  }

  /**
   * Everything has arrived: lays the ring, and makes the vault in memory one that can be planned on.
   * @throws VaultError `BACKUP_DAMAGED` when the parts don't make up a vault.
   */
  async finish(): Promise<Arrived> {
    try {
      return await this.#finish()
    } catch (error) {
      throw error instanceof RangeError || error instanceof TypeError ? malformed(error) : error
    }
  }

  async #finish(): Promise<Arrived> {
    const { fresh, staging } = this
    const [begin, end] = [this.#begin, this.#end]
    if (!begin || !end) throw new RangeError('backup without an end')
    this.#ledger.check(begin, end)
    const rows = (kind: UndatedRow['kind']) => this.#undated.filter(row => row.kind === kind).map(row => row.plain)
    const [policy, catalogue] = [rows('policy'), rows('catalogue')]
    if (policy.length !== 1 || catalogue.length === 0) throw new RangeError('backup without a policy')
    checkPolicy(readPolicyRecord(policy[0] as Uint8Array))
    new Catalogue(catalogue)
    Fingerprints.read([...rows('left'), ...rows('quarantined')])

    const ring = Ring.empty.change(NO_ENTRIES, [...this.#entries.values()], fresh.days.tick, fresh.randomness)
    for (const chunk of ring.written) {
      const plain = encodeChunk(chunk.entries)
      await staging.put(sealRow(this.#place('ring', chunk.id), chunk.secret, fresh.days, plain, fresh.randomness))
      plain.fill(0)
    }
    await staging.flush()
    const { tick } = fresh.days
    const ringRoot = {
      chunks: [...ring.next.chunks.values()],
      undated: this.#undated,
      ledger: {
        secret: this.ledgerSecret,
        leaves: end.leaves,
        records: end.records,
        frontier: end.frontier,
        tail: this.#tail?.id,
        tailFirst: this.#tail?.first ?? 0,
      },
      pointKey: Secret.of<'points'>(end.points),
      leftKey: Secret.of<'left'>(end.left),
      slots: [],
      lastSeen: Math.max(begin.at, end.seen),
      verified: end.epoch + 1,
      purged: tick,
      marks: end.marks,
      quiet: [],
    }
    fresh.tail = this.#tail?.plain
    fresh.verifiedEpoch = ringRoot.verified
    fresh.adopt(0, new Uint8Array(), ringRoot, ring.next, this.#undated)
    const named = new Set([...this.#named.values()].flat())
    const unnamed = [...this.#documents].flatMap(([name, { pieces }]) => (named.has(name) ? [] : pieces))
    const unused = [...this.#unused, ...unnamed.map((id): RowRef => ({ table: 'blobs', id }))]
    return { begin, end, leaves: this.#ledger.leaves, expired: this.#expired, unused }
  }
}

/** A vault is ruled by nothing that could not have been accepted. */
function checkPolicy(record: { readonly policy?: unknown }): void {
  try {
    parsePolicy(record.policy)
  } catch (error) {
    throw malformed(error)
  }
}

/** A document is named by its first piece. */
const nameOf = ({ pieces }: BlobRef): string => hex(pieces[0] ?? new Uint8Array())

/** As the ring counts it: the records of a page with their places in its table. */
const sizeOfRecords = (page: Uint8Array): number => page.length - EMPTY_PAGE_BYTES

/** The ledger as it arrives: every leaf has its entries, every row follows the one before, and all make up the tree that the end names. */
class LedgerCheck {
  readonly leaves: Uint8Array[] = []
  #records = 0
  #frontier = emptyFrontier()
  #header: LeafHeader | undefined
  #items: Uint8Array[] = []

  add(first: number, plain: Uint8Array): void {
    if (first !== this.#records) throw new RangeError('ledger row out of place')
    for (const [leaf, kind, bytes] of readRow(plain)) {
      this.#records++
      if (kind === 0) {
        this.#close()
        this.#header = readHeader(bytes)
        if (this.#header.index !== this.leaves.length) throw new RangeError('leaf out of place')
        const hash = leafHash(bytes)
        this.leaves.push(hash)
        this.#frontier = appendLeaf(this.#frontier, hash)
      } else {
        decodeEntry(bytes)
        this.#items.push(bytes)
      }
      if (leaf !== this.leaves.length - 1) throw new RangeError('record out of place')
    }
  }

  #close(): void {
    if (this.#header ? !holdsItems(this.#header, this.#items) : this.#items.length > 0) {
      throw new RangeError('leaf without its entries')
    }
    this.#items = []
  }

  check(begin: BackupBegin, end: BackupEnd): void {
    this.#close()
    const [first] = this.leaves
    if (
      !first ||
      !sameBytes(first, begin.first) ||
      end.leaves !== this.leaves.length ||
      end.records !== this.#records ||
      !sameBytes(end.frontier, encodeFrontier(this.#frontier))
    ) {
      throw new RangeError('ledger and its root differ')
    }
  }
}
