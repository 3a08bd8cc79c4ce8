/**
 * What an open vault holds in memory, as of one version of its root: keys, ring, index, and the few rows that
 * everything needs. It is loaded when the vault opens, follows what others commit, and is wiped when it locks. It
 * decides nothing and changes nothing in the store.
 */
import { equalBytes, type Randomness, Secret } from '@amanat/crypto'
import { type Store, UNDATED } from '@amanat/store-contract'
import { hex, sameBytes } from '../bytes'
import { Catalogue } from '../contact/catalogue'
import type { ContactId } from '../contact/id'
import { VaultError } from '../errors'
import type { AnyEntry } from '../ledger/entry'
import { readRow } from '../ledger/rows'
import { HeadView } from '../pages/head'
import { Index } from '../pages/index'
import { type Chunk, decodeChunk, Ring, type RingEntry } from '../pages/ring'
import type { PolicyRecord } from '../policy/effective'
import type { Clock, VaultTime } from '../time/now'
import { InTurns, laterTurn } from '../turn'
import { type CellRecord, commitmentOf, guarded, type Settled, unlessTaken } from './cell'
import { readAs } from './damaged'
import { Fingerprints } from './fingerprints'
import { OpenPages } from './open-pages'
import { again, Overtaken } from './overtaken'
import { DayKeys } from './ratchet'
import { ledgerEntries } from './read-ledger'
import { readPolicyRecord } from './read-policy'
import { type ListedSlot, type ListedUndated, openRingRoot, type RingRoot, type UndatedKind } from './ring-root'
import { type ClearRoot, decodeRoot, rootHeader } from './root'
import { ledgerKey, openRow } from './rows'
import { SealedRows } from './sealed-rows'
import { settleStore } from './settle-store'
import { Turns } from './turns'

export interface UndatedRow extends ListedUndated {
  readonly plain: Uint8Array
  /** It didn't open: it stays listed as it is, in case its row can be brought back, and takes nothing in. */
  readonly damaged?: true
}

/** Without these no policy rules and no consent can be read. What the others held can be missed while the rest goes on. */
const NEEDED: readonly UndatedKind[] = ['policy', 'catalogue']

/** The engine hasn't compiled yet what reads the first heads and takes them in: it takes ten times as long, and gives others a turn after so many. */
const COLD_PIECES = 256
const COLD_AT_ONCE = 8

export class Opened {
  version = 0
  rootBytes: Uint8Array = new Uint8Array()
  epoch = -1
  epochSecret: Secret<'epoch'> | undefined
  days: DayKeys = new DayKeys(0, Secret.of<'ratchet'>(new Uint8Array(32)))
  maxJumpDays = 0
  /** Up to which epoch this object has seen the old secret overwritten and read back. */
  verifiedEpoch = 0
  ringRoot: RingRoot | undefined
  ring = Ring.empty
  index = new Index()
  undated: readonly UndatedRow[] = []
  record: PolicyRecord | undefined
  catalogue = new Catalogue()
  left = Fingerprints.empty
  quarantined = Fingerprints.empty
  /** The plaintext of the ledger's open row; none where that row doesn't open: then the next commit begins another. */
  tail: Uint8Array | undefined
  /** Something of the ledger that matters now couldn't be read: who was looked at can't be counted. */
  ledgerLost = false
  /**
   * Who plans and commits, and who follows what others committed, do so in turns: a plan never rests on two versions.
   * Taken inside the store's lock where both are needed, never the other way round.
   */
  readonly turns = new Turns()
  /** Told what others have seen: time never runs backwards in a vault, whoever's clock is behind (R16). */
  time: VaultTime | undefined
  readonly rows: SealedRows
  readonly pages: OpenPages
  #wiped = false

  constructor(
    readonly store: Store,
    readonly vaultId: Uint8Array,
    public rootKey: Secret<'root-key'>,
    readonly randomness: Randomness,
    readonly clock: Clock,
    /** Hears every ledger entry that this object hasn't seen, its own commits included. */
    readonly onEntries: (entries: readonly AnyEntry[]) => void,
  ) {
    this.rows = new SealedRows(store, vaultId, this)
    this.pages = new OpenPages(this.rows, this)
  }

  get clear(): ClearRoot {
    return decodeRoot(this.rootBytes)
  }

  get root(): RingRoot {
    if (!this.ringRoot) throw new VaultError('VAULT_LOCKED')
    return this.ringRoot
  }

  get policyRecord(): PolicyRecord {
    if (!this.record) throw new VaultError('VAULT_LOCKED')
    return this.record
  }

  get slots(): readonly ListedSlot[] {
    return this.root.slots
  }

  /**
   * There are pages of which nothing is known: their head or their chunk didn't open. Anybody may have something in them, who
   * isn't here or has more here than can be seen.
   */
  get hidesPages(): boolean {
    if (this.rows.corrupt.size === 0) return false
    for (const chunk of this.ring.chunks.values()) if (chunk.damaged) return true
    for (const { id, bucket } of this.ring.entries('pages'))
      if (bucket >= this.days.tick && !this.index.hasPage(hex(id))) return true
    return false
  }

  /**
   * Follows the store to its newest version. Cheap when nothing changed: one read of the root.
   * @param about whose pages will be wanted: read at the same time
   */
  refresh(about: readonly ContactId[] = []): Promise<void> {
    return this.#beside(about, () => again(() => this.#refresh()))
  }

  /** A page that was put elsewhere meanwhile is asked for again. */
  async #beside<T>(about: readonly ContactId[], work: () => Promise<T>): Promise<T> {
    const { version } = this
    const working = work()
    const ahead = this.pages.readAhead(about)
    const done = await working.finally(() => ahead)
    if (this.version !== version) await this.pages.readAhead(about)
    return done
  }

  async #refresh(): Promise<void> {
    const root = await this.store.root()
    if (!root) throw new VaultError('VAULT_MISSING')
    if (root.version === this.version && sameBytes(root.bytes, this.rootBytes)) return
    const clear = this.#ownRoot(root.bytes)
    if (clear.epoch === this.epoch && clear.tick === this.days.tick) return this.#follow(root.version, root.bytes)
    // The cell moved: what it holds now can be read only while nobody writes it.
    await this.store.exclusive(lost => this.refreshSettled(lost))
  }

  /** The same inside `exclusive`: settles the cell first. */
  refreshSettled(lost: AbortSignal, about: readonly ContactId[] = []): Promise<Settled> {
    return unlessTaken(lost, () => this.#beside(about, () => again(() => this.#refreshSettled(lost))))
  }

  async #refreshSettled(lost: AbortSignal): Promise<Settled> {
    const root = await this.store.root()
    if (!root) throw new VaultError('VAULT_MISSING')
    this.#ownRoot(root.bytes)
    const cell = guarded(this.store.cell, lost)
    // Before anything held moves on: days that the root hasn't heard of would drop pages that the index still has.
    const { settled, root: told } = await settleStore(this.store, cell, root, this.randomness, this.clock)
    // In turn: whoever is sealing goes on with the days it began with, and then conflicts.
    await this.turns.take(async () => this.useCell(settled.record))
    await this.#follow(told.version, told.bytes)
    return settled
  }

  /** @throws VaultError `KEY_CHANGED` when a backup was put in the place of this vault. */
  #ownRoot(bytes: Uint8Array): ClearRoot {
    const clear = decodeRoot(bytes)
    if (!sameBytes(clear.vaultId, this.vaultId)) throw new VaultError('KEY_CHANGED')
    return clear
  }

  /**
   * Takes over epoch secret and ratchet as they stand in the cell. What was read there before the lock was taken away may be told late,
   * when another call has followed whoever has it now: neither goes back, or the next commit would be sealed under a secret that is gone.
   */
  useCell(record: CellRecord): void {
    if (record.epoch < this.epoch || record.tick < this.days.tick) return
    this.maxJumpDays = record.maxJumpDays
    this.time?.see(record.lastSeen)
    if (!this.epochSecret || !equalBytes(this.epochSecret.expose(), record.secret.expose())) {
      this.epochSecret = record.secret
      this.epoch = record.epoch
    }
    if (record.tick !== this.days.tick) {
      this.days.wipe()
      this.days = new DayKeys(record.tick, record.ratchet)
    }
    if (this.#wiped) this.wipe()
  }

  /** Opens a root and loads what differs from what is held. */
  #follow(version: number, bytes: Uint8Array): Promise<void> {
    return this.turns.take(async () => {
      // While we waited our own commit may have brought us here, or further: then there is nothing to follow.
      if (version > this.version || (version === this.version && !sameBytes(bytes, this.rootBytes))) {
        try {
          await this.#load(version, bytes)
        } finally {
          // Locked meanwhile: nothing that it brought may stay.
          if (this.#wiped) this.wipe()
        }
      }
    })
  }

  async #load(version: number, bytes: Uint8Array): Promise<void> {
    const clear = this.#ownRoot(bytes)
    const secret = this.epochSecret as Secret<'epoch'>
    if (!sameBytes(clear.commitment, commitmentOf(this.vaultId, clear.epoch, secret))) {
      // While this root waited for its turn somebody forgot something, and the cell has been read since.
      if (clear.epoch < this.epoch) throw new Overtaken()
      throw new VaultError('CELL_STALE')
    }
    const ringRoot = openRingRoot(clear.sealed, this.rootKey, clear.epoch, secret, rootHeader(clear))
    const undated = await this.#undatedOf(ringRoot, version)
    const ring = await this.#ringOf(ringRoot, version)
    const bringIndex = await this.#heads(ring, version)
    const entries = await this.#ledger(ringRoot, version)
    this.time?.see(ringRoot.lastSeen)
    // Both at once: whoever reads meanwhile looks people up between two awaits, and finds all that they have in one version.
    bringIndex()
    this.adopt(version, bytes, ringRoot, ring, undated)
    if (!this.#wiped) this.onEntries(entries)
  }

  /** Makes these the current state; the index already holds the pages of `ring`. */
  adopt(version: number, bytes: Uint8Array, ringRoot: RingRoot, ring: Ring, undated: readonly UndatedRow[]): void {
    const before = this.undated
    this.version = version
    this.rootBytes = bytes
    this.ringRoot = ringRoot
    this.ring = ring
    this.undated = undated
    if (before === undated) return
    const rows = (kind: UndatedKind) => undated.filter(row => row.kind === kind && !row.damaged).map(row => row.plain)
    const same = (kind: UndatedKind) => {
      const [then, now] = [before, undated].map(list =>
        list
          .filter(row => row.kind === kind)
          .map(row => hex(row.id))
          .join(),
      )
      return then === now
    }
    const [policy] = rows('policy')
    const catalogue = rows('catalogue')
    readAs('undated', () => {
      if (policy && !same('policy')) this.record = readPolicyRecord(policy)
      if (catalogue.length > 0 && !same('catalogue')) this.catalogue = new Catalogue(catalogue)
      if (!same('left')) this.left = Fingerprints.read(rows('left'))
      if (!same('quarantined')) this.quarantined = Fingerprints.read(rows('quarantined'))
    })
  }

  async #undatedOf(ringRoot: RingRoot, version: number): Promise<UndatedRow[]> {
    const known = new Map(this.undated.map(row => [hex(row.id), row]))
    const missing = ringRoot.undated.filter(row => !known.has(hex(row.id)))
    const sealed = await this.store.read(
      'undated',
      missing.map(row => row.id),
    )
    await this.rows.overtaken(sealed, version)
    for (const [i, row] of missing.entries()) {
      const plain = await this.rows.open('undated', row.id, row.secret, UNDATED, sealed[i], plain => plain)
      if (!plain && NEEDED.includes(row.kind)) throw new VaultError('CORRUPT', { data: { row: 'undated' } })
      known.set(hex(row.id), plain ? { ...row, plain } : { ...row, plain: new Uint8Array(), damaged: true })
    }
    return ringRoot.undated.map(row => known.get(hex(row.id)) as UndatedRow)
  }

  async #ringOf(ringRoot: RingRoot, version: number): Promise<Ring> {
    const known = this.ring.chunks
    const missing = ringRoot.chunks.filter(chunk => !known.has(hex(chunk.id)))
    const chunks = new Map<string, Chunk>()
    for (const chunk of ringRoot.chunks) {
      const held = known.get(hex(chunk.id))
      if (held) chunks.set(hex(chunk.id), held)
    }
    for await (const lot of this.rows.read('ring', missing, version)) {
      for (const [chunk, sealed] of lot) {
        const entries = await this.rows.open('ring', chunk.id, chunk.secret, UNDATED, sealed, decodeChunk)
        chunks.set(hex(chunk.id), entries ? { ...chunk, entries } : { ...chunk, entries: [], damaged: true })
      }
    }
    return new Ring(chunks)
  }

  /**
   * Reads the heads that come with a ring, passed ones left out. What it answers brings the index to that ring, without a break: those gone
   * go, those new come. Only who opens a vault, when nobody reads yet, puts them into the index as they come, and others get a turn.
   */
  async #heads(ring: Ring, version: number): Promise<() => void> {
    const opening = this.ringRoot === undefined
    const waiting: [RingEntry, HeadView][] = []
    const missing: RingEntry[] = []
    for (const entry of ring.entries('pages')) {
      if (entry.bucket >= this.days.tick && !this.index.hasPage(hex(entry.id))) missing.push(entry)
    }
    const turns = new InTurns(COLD_AT_ONCE)
    let cold = COLD_PIECES
    let roomy = false
    for await (const lot of this.rows.read('heads', missing, version)) {
      const found: [RingEntry, HeadView][] = []
      for (const [entry, sealed] of lot) {
        if (cold-- > 0) await turns.next()
        const { id, secret, bucket } = entry
        const head = await this.rows.open('heads', id, secret, bucket, sealed, plain => new HeadView(plain))
        if (head) found.push([entry, head])
      }
      if (!opening) {
        waiting.push(...found)
        continue
      }
      if (!roomy) {
        this.#makeRoom(missing, found)
        if (missing.length > COLD_AT_ONCE) await laterTurn()
        roomy = true
      }
      for (const [{ id, bucket }, head] of found) {
        if (cold-- > 0) await turns.next()
        this.index.addPage(hex(id), bucket, head)
      }
    }
    return () => {
      for (const key of [...this.index.pages()]) {
        const entry = ring.entry(key)
        if (!entry || entry.bucket < this.days.tick) this.dropPage(key)
      }
      for (const [{ id, bucket }, head] of waiting) this.index.addPage(hex(id), bucket, head)
    }
  }

  /** For all who will come: how many points they have is told by the first of them, and some more. */
  #makeRoom(missing: readonly RingEntry[], first: readonly [RingEntry, HeadView][]): void {
    const slices = missing.reduce((sum, { count }) => sum + count, 0)
    const known = first.reduce((sum, [, head]) => sum + head.count, 0)
    const points = first.reduce((sum, [, head]) => sum + head.points, 0)
    this.index.makeRoom(slices, Math.ceil((1.05 * slices * points) / Math.max(1, known)))
  }

  /** It is gone, or its day has passed: what of it lies in memory goes too. */
  dropPage(key: string): void {
    this.index.removePage(key)
    this.pages.drop(key)
  }

  /** Who was in an export. */
  async exportRow(entry: RingEntry): Promise<Uint8Array> {
    const { version } = this
    const [sealed] = await this.store.read('exports', [entry.id])
    if (entry.bucket < this.days.tick) throw new Overtaken()
    if (!sealed) throw await this.rows.gone('exports', version)
    return openRow(this.rows.place('exports', entry.id, entry.bucket), entry.secret, this.days, sealed)
  }

  /** Reads the ledger from the row that was open when we last looked; answers what is new. */
  async #ledger(ringRoot: RingRoot, version: number): Promise<AnyEntry[]> {
    const held = this.ringRoot?.ledger
    const { tail } = ringRoot.ledger
    const entries: AnyEntry[] = []
    if (held && held.records !== ringRoot.ledger.records) {
      await this.unlessLost(async () => {
        for await (const { number, entry } of ledgerEntries(this, ringRoot, held.tailFirst)) {
          if (number >= held.records) entries.push(entry)
        }
      })
    }
    if (tail && (!held?.tail || !sameBytes(held.tail, tail))) {
      const sealed = await this.store.read('ledger', [tail])
      await this.rows.overtaken(sealed, version)
      const secret = ledgerKey(ringRoot.ledger.secret, tail)
      this.tail = await this.rows.open('ledger', tail, secret, UNDATED, sealed[0], plain => {
        readRow(plain)
        return plain
      })
    }
    return entries
  }

  /** Reads the ledger for the meter's sake. What is damaged there doesn't keep people from leaving: it is remembered only. */
  async unlessLost(read: () => Promise<void>): Promise<void> {
    try {
      await read()
    } catch (error) {
      if (!(error instanceof VaultError) || error.code !== 'CORRUPT') throw error
      this.ledgerLost = true
    }
  }

  /** Forgets everything that is secret, and later what is still on its way here; what refers to it is dead afterwards. */
  wipe(): void {
    this.#wiped = true
    this.rootKey.wipe()
    this.epochSecret?.wipe()
    this.days.wipe()
    this.pages.wipe()
    this.index.wipe()
    this.ring.wipe()
    for (const row of this.undated) {
      row.secret.wipe()
      row.plain.fill(0)
    }
    this.ringRoot?.ledger.secret.wipe()
    this.ringRoot?.pointKey.wipe()
    this.ringRoot?.leftKey.wipe()
    this.tail?.fill(0)
    this.ringRoot = undefined
    this.record = undefined
    this.left = Fingerprints.empty
    this.quarantined = Fingerprints.empty
  }
}
