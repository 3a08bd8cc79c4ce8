/**
 * A backup's bytes: a header in the clear, then what it holds, sealed in pieces of 64 KiB under keys of the backup's
 * own, so that it can be written and read as a stream. Each piece has a key of its number and of whether it is the
 * last, and binds the header: pieces can't be swapped, left out, or cut off at the end, without being noticed.
 *
 *   0 magic "AMNB" · 4 format u16 · 6 slots u16 · 8 backup id 16 · 24 slots, 1252 bytes each · sealed pieces
 *
 * The construction is the STREAM of Hoang, Reyhanitabar, Rogaway and Vizár (CRYPTO 2015), as age has it.
 */
import {
  derive,
  hash,
  isCryptoError,
  openSealed,
  type Randomness,
  SEAL_OVERHEAD,
  type Secret,
  seal,
} from '@amanat/crypto'
import { concat, sameBytes, u64, utf8, viewOf } from '../bytes'
import { VaultError } from '../errors'
import { chunksOf } from '../stream'

const FORMAT = 1
const MAGIC = utf8('AMNB')
const FIXED = 24
/** As `crypto` writes a slot. */
const SLOT_BYTES = 1_252
const MOST_SLOTS = 8
/** Plaintext in every piece but the last. */
const PIECE_BYTES = 65_536

/** Opened by its slots, as a vault's root key is. */
export type BackupKey = Secret<'root-key'>

export interface BackupHeader {
  readonly id: Uint8Array
  readonly slots: readonly Uint8Array[]
}

const keyOf = (key: BackupKey, number: number, last: boolean): Secret<'backup-piece'> =>
  derive('amanat/backup-piece/1', key, u64(number), new Uint8Array([last ? 1 : 0]))

const damaged = (cause?: unknown): VaultError => new VaultError('BACKUP_DAMAGED', { cause })

function encodeHeader({ id, slots }: BackupHeader): Uint8Array {
  return concat(MAGIC, new Uint8Array([FORMAT, 0, slots.length, 0]), id, ...slots)
}

/** The backup's bytes: its header, and everything that `plain` says, sealed. */
export async function* sealPieces(
  header: BackupHeader,
  key: BackupKey,
  plain: AsyncIterable<Uint8Array>,
  randomness: Randomness,
): AsyncGenerator<Uint8Array, void, void> {
  const clear = encodeHeader(header)
  const bound = hash('amanat/backup-header/1', clear)
  yield clear
  let number = 0
  const sealed = (bytes: Uint8Array, last: boolean): Uint8Array => {
    const own = keyOf(key, number++, last)
    const piece = seal(own, bytes, bound, randomness)
    own.wipe()
    return piece
  }
  // One byte more than a piece must be there before it goes: the last one is sealed as the last one.
  const waiting = new Uint8Array(PIECE_BYTES)
  let length = 0
  for await (const bytes of plain) {
    for (let at = 0; at < bytes.length; ) {
      if (length === PIECE_BYTES) {
        yield sealed(waiting, false)
        length = 0
      }
      const some = bytes.subarray(at, at + PIECE_BYTES - length)
      waiting.set(some, length)
      length += some.length
      at += some.length
    }
  }
  yield sealed(waiting.subarray(0, length), true)
  waiting.fill(0)
}

/** Bytes as they come in, in the amounts that are asked for. */
export class Incoming {
  readonly #chunks: AsyncGenerator<Uint8Array, void, void>
  #waiting: Uint8Array[] = []
  #length = 0

  constructor(source: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>) {
    this.#chunks = chunksOf(source)
  }

  async #atLeast(bytes: number): Promise<boolean> {
    while (this.#length < bytes) {
      const { done, value } = await this.#chunks.next()
      if (done) return false
      if (!(value instanceof Uint8Array)) throw new TypeError('a backup is read from a stream of bytes')
      this.#waiting.push(value)
      this.#length += value.length
    }
    return true
  }

  /** So many bytes; fewer only where the stream ends. */
  async take(bytes: number): Promise<Uint8Array> {
    await this.#atLeast(bytes)
    const taken = new Uint8Array(Math.min(bytes, this.#length))
    let at = 0
    while (at < taken.length) {
      const first = this.#waiting[0] as Uint8Array
      const some = first.subarray(0, taken.length - at)
      taken.set(some, at)
      at += some.length
      if (some.length === first.length) this.#waiting.shift()
      else this.#waiting[0] = first.subarray(some.length)
    }
    this.#length -= taken.length
    return taken
  }

  async ended(): Promise<boolean> {
    return !(await this.#atLeast(1))
  }

  /** Lets go of the source. */
  async close(): Promise<void> {
    this.#waiting = []
    await this.#chunks.return()
  }
}

export interface ReadHeader extends BackupHeader {
  readonly bound: Uint8Array
}

/** @throws VaultError `NOT_A_BACKUP`, `FORMAT_TOO_NEW`, `BACKUP_DAMAGED`; nothing is looked at before its bounds are checked. */
export async function readHeader(incoming: Incoming): Promise<ReadHeader> {
  const fixed = await incoming.take(FIXED)
  if (fixed.length < 8 || !sameBytes(fixed.subarray(0, 4), MAGIC)) throw new VaultError('NOT_A_BACKUP')
  const view = viewOf(fixed)
  const format = view.getUint16(4, true)
  if (format > FORMAT) throw new VaultError('FORMAT_TOO_NEW', { data: { found: format, known: FORMAT } })
  const count = view.getUint16(6, true)
  if (format !== FORMAT || fixed.length < FIXED || count < 1 || count > MOST_SLOTS) throw damaged()
  const all = await incoming.take(count * SLOT_BYTES)
  if (all.length < count * SLOT_BYTES) throw damaged()
  const slots = Array.from({ length: count }, (_, i) => all.slice(i * SLOT_BYTES, (i + 1) * SLOT_BYTES))
  return { id: fixed.slice(8, FIXED), slots, bound: hash('amanat/backup-header/1', concat(fixed, all)) }
}

/** What the pieces hold, in order. @throws VaultError `BACKUP_DAMAGED` for anything but exactly what was sealed. */
export async function* openPieces(
  incoming: Incoming,
  { bound }: ReadHeader,
  key: BackupKey,
): AsyncGenerator<Uint8Array, void, void> {
  for (let number = 0, last = false; !last; number++) {
    const sealed = await incoming.take(PIECE_BYTES + SEAL_OVERHEAD)
    last = await incoming.ended()
    const own = keyOf(key, number, last)
    let plain: Uint8Array
    try {
      plain = openSealed(own, sealed, bound)
    } catch (error) {
      throw isCryptoError(error) ? damaged(error) : error
    } finally {
      own.wipe()
    }
    yield plain
    plain.fill(0)
  }
}
