/**
 * The cell: two halves of 4096 bytes, the only place whose bytes are overwritten where they lie. A half holds
 * one record eight times over, once a sector, so that one bad bit doesn't end the vault; or it is free: marked
 * so, and otherwise random. Everything here runs inside the store's `exclusive`, and writes only what was read
 * inside it.
 *
 * A sector with a record (little endian):
 *   0 magic "AMNC" · 4 format u16 · 6 zero u16 · 8 vault id 16 · 24 epoch u64 · 32 epoch secret 32 · 64 tick u32 ·
 *   68 ratchet 32 · 100 last seen f64 · 108 largest jump in days u32 · 112 seq u64 · 120 checksum 32 · zeros to 512
 * A free sector: 0 magic "AMNF" · 4 format u16 · 6 zero u16 · 8 vault id 16 · random to 480 · 480 checksum 32. The
 * checksum is why an overwrite that stopped in the middle of a sector doesn't pass for done: behind a whole mark the
 * old secret could still stand.
 */
import { fingerprint, hash, type Randomness, Secret } from '@amanat/crypto'
import { type Cell, HALF_BYTES, type Half } from '@amanat/store-contract'
import { concat, sameBytes, u64, utf8, viewOf } from '../bytes'
import { VaultError } from '../errors'
import { isInstant } from '../time/calendar'
import { type Day, startOf } from '../time/day'

export const CELL_FORMAT = 1
const SECTOR = 512
const RECORD_BYTES = 152
const FREE_SUM_AT = 480
const RECORD_MAGIC = utf8('AMNC')
const FREE_MAGIC = utf8('AMNF')

export interface CellRecord {
  readonly epoch: number
  readonly secret: Secret<'epoch'>
  /** The day the ratchet stands at. */
  readonly tick: Day
  readonly ratchet: Secret<'ratchet'>
  /** The latest time this vault has seen, in milliseconds. */
  readonly lastSeen: number
  /** How far the clock may have moved since, in days, before it must be confirmed. */
  readonly maxJumpDays: number
  readonly seq: number
}

export interface Settled {
  readonly record: CellRecord
  readonly half: Half
}

/** Says which epoch secret a root belongs to, and nothing else about it. */
export const commitmentOf = (vaultId: Uint8Array, epoch: number, secret: Secret<'epoch'>): Uint8Array =>
  fingerprint('amanat/epoch-commitment/1', secret, 32, vaultId, u64(epoch))

function encodeHalf(vaultId: Uint8Array, record: CellRecord): Uint8Array {
  const sector = new Uint8Array(SECTOR)
  const view = viewOf(sector)
  sector.set(RECORD_MAGIC, 0)
  view.setUint16(4, CELL_FORMAT, true)
  sector.set(vaultId, 8)
  view.setBigUint64(24, BigInt(record.epoch), true)
  sector.set(record.secret.expose(), 32)
  view.setUint32(64, record.tick, true)
  sector.set(record.ratchet.expose(), 68)
  view.setFloat64(100, record.lastSeen, true)
  view.setUint32(108, record.maxJumpDays, true)
  view.setBigUint64(112, BigInt(record.seq), true)
  sector.set(hash('amanat/cell/1', sector.subarray(0, 120)), 120)
  const half = new Uint8Array(HALF_BYTES)
  for (let at = 0; at < HALF_BYTES; at += SECTOR) half.set(sector, at)
  sector.fill(0)
  return half
}

function freeHalf(vaultId: Uint8Array, randomness: Randomness): Uint8Array {
  const half = randomness(HALF_BYTES).slice()
  const head = concat(FREE_MAGIC, new Uint8Array([CELL_FORMAT, 0, 0, 0]), vaultId)
  for (let at = 0; at < HALF_BYTES; at += SECTOR) {
    half.set(head, at)
    half.set(freeSum(half.subarray(at, at + SECTOR)), at + FREE_SUM_AT)
  }
  return half
}

const freeSum = (sector: Uint8Array): Uint8Array => hash('amanat/cell-free/1', sector.subarray(0, FREE_SUM_AT))

const isFree = (sector: Uint8Array, vaultId: Uint8Array): boolean =>
  sameBytes(sector.subarray(0, 4), FREE_MAGIC) &&
  sameBytes(sector.subarray(8, 24), vaultId) &&
  sameBytes(sector.subarray(FREE_SUM_AT), freeSum(sector))

function readSector(sector: Uint8Array, vaultId: Uint8Array): CellRecord | undefined {
  const view = viewOf(sector)
  if (!sameBytes(sector.subarray(0, 4), RECORD_MAGIC) || view.getUint16(4, true) !== CELL_FORMAT) return undefined
  if (!sameBytes(sector.subarray(8, 24), vaultId)) return undefined
  if (!sameBytes(sector.subarray(120, RECORD_BYTES), hash('amanat/cell/1', sector.subarray(0, 120)))) return undefined
  const epoch = Number(view.getBigUint64(24, true))
  const tick = view.getUint32(64, true)
  const lastSeen = view.getFloat64(100, true)
  const seq = Number(view.getBigUint64(112, true))
  // The checksum has no key: whoever can write here can make one for numbers that no vault counts to.
  if (!(epoch < Number.MAX_SAFE_INTEGER) || !(seq < Number.MAX_SAFE_INTEGER)) return undefined
  if (!isInstant(lastSeen) || !isInstant(startOf(tick))) return undefined
  return {
    epoch,
    secret: Secret.of<'epoch'>(sector.subarray(32, 64)),
    tick,
    ratchet: Secret.of<'ratchet'>(sector.subarray(68, 100)),
    lastSeen,
    maxJumpDays: view.getUint32(108, true),
    seq,
  }
}

interface HalfRead {
  readonly records: readonly CellRecord[]
  readonly free: boolean
  /** All eight sectors hold the same record. */
  readonly whole: boolean
}

function readHalf(bytes: Uint8Array, vaultId: Uint8Array): HalfRead {
  const records: CellRecord[] = []
  let free = 0
  let same = 0
  for (let at = 0; at < HALF_BYTES; at += SECTOR) {
    const sector = bytes.subarray(at, at + SECTOR)
    if (sameBytes(sector, bytes.subarray(0, SECTOR))) same++
    if (isFree(sector, vaultId)) free++
    const record = readSector(sector, vaultId)
    if (record) records.push(record)
  }
  const sectors = HALF_BYTES / SECTOR
  return { records, free: free === sectors, whole: same === sectors && records.length === sectors }
}

/**
 * The cell for as long as the lock is held: once a platform has taken the lock away, somebody else may be writing, and
 * nothing more is overwritten here.
 */
export const guarded = (cell: Cell, lost: AbortSignal): Cell => ({
  create: async halves => {
    // Where somebody else has made a vault meanwhile, this would overwrite its cell.
    if (lost.aborted) throw new VaultError('BUSY')
    await cell.create(halves)
  },
  read: half => cell.read(half),
  overwrite: async (half, bytes) => {
    if (lost.aborted) throw new VaultError('BUSY')
    await cell.overwrite(half, bytes)
  },
})

/**
 * What is read while the lock goes may be half of one state and half of the next: that is nobody's damage.
 * @throws VaultError `BUSY` for whatever fails once the lock was taken away
 */
export async function unlessTaken<T>(lost: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw lost.aborted ? new VaultError('BUSY', { cause }) : cause
  }
}

const other = (half: Half): Half => (half === 0 ? 1 : 0)

async function writeVerified(cell: Cell, half: Half, bytes: Uint8Array): Promise<void> {
  await cell.overwrite(half, bytes)
  mustBe(await cell.read(half), bytes)
}

function mustBe(back: Uint8Array | undefined, bytes: Uint8Array): void {
  if (!back || !sameBytes(back, bytes)) {
    throw new VaultError('IO', { cause: new Error('what was written to the cell did not read back') })
  }
}

async function bothHalves(cell: Cell): Promise<[Uint8Array, Uint8Array]> {
  const [a, b] = await Promise.all([cell.read(0), cell.read(1)])
  if (!a || !b) throw new VaultError('CELL_MISSING')
  return [a, b]
}

/** The first record of a new vault, with the other half free. Only while there are no rows. */
export async function createCell(
  cell: Cell,
  vaultId: Uint8Array,
  record: CellRecord,
  randomness: Randomness,
): Promise<Settled> {
  const halves = [encodeHalf(vaultId, record), freeHalf(vaultId, randomness)] as const
  await cell.create(halves)
  for (const half of [0, 1] as const) mustBe(await cell.read(half), halves[half])
  return { record, half: 0 }
}

/**
 * Finishes what a crash left between the cell and the rows: of the records that the root's commitment names, keeps
 * the one with the highest (tick, seq), and overwrites the other half unless it is free already. When none
 * matches nothing is written: the rows are older or newer than the cell. `fence` is called before anything is
 * overwritten: nobody may commit after it to what stands here now.
 *
 * @throws VaultError `CELL_MISSING`, `CELL_STALE`, `IO`.
 */
export async function settle(
  cell: Cell,
  vaultId: Uint8Array,
  commitment: Uint8Array,
  randomness: Randomness,
  fence: () => Promise<void>,
): Promise<Settled> {
  const halves = await bothHalves(cell)
  const reads = halves.map(bytes => readHalf(bytes, vaultId)) as [HalfRead, HalfRead]
  let kept: Settled | undefined
  for (const half of [0, 1] as const) {
    for (const record of reads[half].records) {
      if (!sameBytes(commitmentOf(vaultId, record.epoch, record.secret), commitment)) continue
      const best = kept?.record
      if (!best || record.tick > best.tick || (record.tick === best.tick && record.seq > best.seq)) {
        kept = { record, half }
      }
    }
  }
  if (!kept) throw new VaultError('CELL_STALE')
  const { whole } = reads[kept.half]
  if (whole && reads[other(kept.half)].free) return kept
  await fence()
  if (!whole) {
    // Torn or damaged: a whole copy goes to the other half first, then this one is freed.
    await writeVerified(cell, other(kept.half), encodeHalf(vaultId, kept.record))
    await writeVerified(cell, kept.half, freeHalf(vaultId, randomness))
    return { record: kept.record, half: other(kept.half) }
  }
  await eraseHalf(cell, vaultId, other(kept.half), randomness)
  return kept
}

/** Writes a record into the free half, durably and read back; the old one still stands. */
export async function writeNext(cell: Cell, vaultId: Uint8Array, now: Settled, next: CellRecord): Promise<Settled> {
  const half = other(now.half)
  await writeVerified(cell, half, encodeHalf(vaultId, next))
  return { record: next, half }
}

/** Overwrites the half that is no longer wanted: from here on what it held exists nowhere. */
export async function eraseHalf(cell: Cell, vaultId: Uint8Array, half: Half, randomness: Randomness): Promise<void> {
  await writeVerified(cell, half, freeHalf(vaultId, randomness))
}
