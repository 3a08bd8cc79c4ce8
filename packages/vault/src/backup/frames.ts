/**
 * What a backup says, as a row of frames: u32 length ‖ CBOR `[kind, …]`. Documents stand before the page that names them, pages
 * before the end, which says what the vault was when the last page had been read.
 *
 * Whoever holds a key of the backup may have written it, so its frames are checked like anything that comes from outside.
 */
import { UNDATED } from '@amanat/store-contract'
import { concat, u32, viewOf } from '../bytes'
import type { UndatedKind } from '../commit/ring-root'
import { VaultError } from '../errors'
import { decodeRecord, encodeRecord } from '../record/record'

/** The first frame. */
export interface BackupBegin {
  /** Version of the frames. */
  readonly v: 1
  /** Id of the vault, and the hash of its ledger's first leaf: the same in all vaults that go back to one. */
  readonly vault: Uint8Array
  readonly first: Uint8Array
  /** When it was begun, and the latest time the vault had seen. */
  readonly at: number
}

/** The last frame: the vault as of one version of its root. */
export interface BackupEnd {
  readonly epoch: number
  readonly leaves: number
  readonly records: number
  readonly frontier: Uint8Array
  /** Keys of the fingerprints in heads, and of people who left. */
  readonly points: Uint8Array
  readonly left: Uint8Array
  readonly seen: number
  /** The days of the ledger's last entries, [day, record]. */
  readonly marks: readonly (readonly [number, number])[]
  /** Rows that didn't open, and so aren't in it. */
  readonly damaged: number
}

export type Frame =
  | readonly ['begin', BackupBegin]
  /** Part of a document: the id of the document's first piece, its own number, its bucket, its bytes. */
  | readonly ['piece', Uint8Array, number, number, Uint8Array]
  /** A page with its head: row id, bucket, plaintexts. */
  | readonly ['page', Uint8Array, number, Uint8Array, Uint8Array]
  /** Who was in an export: row id, bucket, plaintext. */
  | readonly ['export', Uint8Array, number, Uint8Array]
  /** Row ids of pages and exports that stand above and were replaced while the backup was made. */
  | readonly ['dead', Uint8Array]
  | readonly ['undated', UndatedKind, Uint8Array]
  /** A row of the ledger: number of its first record, plaintext. */
  | readonly ['ledger', number, Uint8Array]
  | readonly ['end', BackupEnd]

/** A page with its head, the largest frame, is smaller. */
const MAX_FRAME_BYTES = 131_072
const ID = 16
const MOST_EPOCHS = 2 ** 48
const HASH = 32
const KINDS: readonly UndatedKind[] = ['policy', 'policy-history', 'catalogue', 'notice', 'left', 'quarantined']

export function encodeFrame(frame: Frame): Uint8Array {
  const bytes = encodeRecord(frame)
  return concat(u32(bytes.length), bytes)
}

/** @throws VaultError `BACKUP_DAMAGED`, `FORMAT_TOO_NEW` */
export async function* readFrames(plain: AsyncIterable<Uint8Array>): AsyncGenerator<Frame, void, void> {
  let waiting: Uint8Array = new Uint8Array(0)
  for await (const bytes of plain) {
    waiting = concat(waiting, bytes)
    let at = 0
    while (waiting.length - at >= 4) {
      const length = viewOf(waiting).getUint32(at, true)
      if (length > MAX_FRAME_BYTES) throw malformed()
      if (waiting.length - at - 4 < length) break
      yield decodeFrame(waiting.slice(at + 4, at + 4 + length))
      at += 4 + length
    }
    waiting = waiting.slice(at)
  }
  if (waiting.length > 0) throw malformed()
}

function decodeFrame(bytes: Uint8Array): Frame {
  let frame: unknown
  try {
    frame = decodeRecord(bytes)
  } catch (error) {
    throw malformed(error)
  }
  if (!Array.isArray(frame)) throw malformed()
  const [kind, ...rest] = frame
  if (kind === 'begin' && isNewer(rest[0])) throw new VaultError('FORMAT_TOO_NEW')
  const checks = Object.hasOwn(SHAPES, kind) ? SHAPES[kind as Frame[0]] : undefined
  if (!checks || rest.length !== checks.length || !checks.every((check, i) => check(rest[i]))) throw malformed()
  return frame as unknown as Frame
}

type Check = (value: unknown) => boolean

const bytes =
  (length?: number): Check =>
  value =>
    value instanceof Uint8Array && (length === undefined || value.length === length)
const count: Check = value => Number.isSafeInteger(value) && (value as number) >= 0
const bucket: Check = value => count(value) && (value as number) < UNDATED
const fields =
  (shape: { readonly [name: string]: Check }): Check =>
  value =>
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === Object.keys(shape).length &&
    Object.entries(shape).every(([name, check]) => check((value as Record<string, unknown>)[name]))

const SHAPES: { readonly [kind in Frame[0]]: readonly Check[] } = {
  begin: [fields({ v: value => value === 1, vault: bytes(ID), first: bytes(HASH), at: count })],
  piece: [bytes(ID), count, bucket, bytes()],
  page: [bytes(ID), bucket, bytes(), bytes()],
  export: [bytes(ID), bucket, bytes()],
  dead: [value => value instanceof Uint8Array && value.length % ID === 0],
  undated: [value => KINDS.includes(value as UndatedKind), bytes()],
  ledger: [count, bytes()],
  end: [
    fields({
      // A cell can't count further than a number can; no vault forgets so often.
      epoch: value => count(value) && (value as number) < MOST_EPOCHS,
      leaves: count,
      records: count,
      frontier: bytes(),
      points: bytes(HASH),
      left: bytes(HASH),
      seen: count,
      marks: value =>
        Array.isArray(value) && value.every(mark => Array.isArray(mark) && mark.length === 2 && mark.every(count)),
      damaged: count,
    }),
  ],
}

const isNewer = (begin: unknown): boolean =>
  typeof begin === 'object' && begin !== null && count((begin as { v?: unknown }).v) && (begin as { v: number }).v > 1

export const malformed = (cause?: unknown): VaultError => new VaultError('BACKUP_DAMAGED', { cause })
