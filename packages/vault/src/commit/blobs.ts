/**
 * Documents and photos, but for those so small that they stand in their slice: sealed in pieces, dated like the slice that
 * names them, under a secret that lies in that slice. When the slice moves to another day they are sealed anew under a
 * fresh secret.
 */
import { derive, type Randomness, Secret } from '@amanat/crypto'
import type { Row } from '@amanat/store-contract'
import { concat, u32 } from '../bytes'
import type { BlobRef, Evidence } from '../consent/consent'
import { type HeldBlob, isInline, isStored } from '../contact/held'
import type { SliceRecord } from '../contact/slice'
import type { Day } from '../time/day'
import type { Opened } from './opened'
import { Overtaken } from './overtaken'
import type { DayKeys } from './ratchet'
import { newRowId, openRow, type RowSecret, sealRow } from './rows'

/** A piece with its seal stays below the largest row. */
const PIECE_BYTES = 56_000

export const pieceSecret = (secret: RowSecret, piece: number): RowSecret =>
  derive<'row'>('amanat/piece/1', secret, u32(piece))

export function sealBlob(
  content: Uint8Array,
  mediaType: string | undefined,
  bucket: Day,
  vaultId: Uint8Array,
  days: DayKeys,
  randomness: Randomness,
): { ref: BlobRef; rows: Row[] } {
  const secret = Secret.random<'row'>(randomness)
  const rows: Row[] = []
  for (let at = 0, piece = 0; at === 0 || at < content.length; at += PIECE_BYTES, piece++) {
    const key = pieceSecret(secret, piece)
    const place = { vaultId, table: 'blobs' as const, id: newRowId(randomness), bucket }
    rows.push(sealRow(place, key, days, content.subarray(at, at + PIECE_BYTES), randomness))
    key.wipe()
  }
  const ref: BlobRef = {
    secret: secret.expose().slice(),
    pieces: rows.map(row => row.id),
    bucket,
    size: content.length,
    ...(mediaType === undefined ? {} : { mediaType }),
  }
  secret.wipe()
  return { ref, rows }
}

/** One piece of a document; undefined when it isn't what was sealed. */
export function openPiece(opened: Opened, blob: BlobRef, piece: number, sealed: Uint8Array): Uint8Array | undefined {
  const secret = Secret.of<'row'>(blob.secret)
  const key = pieceSecret(secret, piece)
  try {
    return openRow(opened.rows.place('blobs', blob.pieces[piece] as Uint8Array, blob.bucket), key, opened.days, sealed)
  } catch {
    return undefined
  } finally {
    key.wipe()
    secret.wipe()
  }
}

/** @throws VaultError `CORRUPT` when a piece is missing or isn't what was sealed; Overtaken when it went meanwhile, or its day passed. */
export async function openBlob(opened: Opened, blob: HeldBlob): Promise<Uint8Array> {
  if (!isStored(blob)) return blob.content
  const { version } = opened
  const sealed = await opened.store.read('blobs', blob.pieces)
  if (blob.bucket < opened.days.tick) throw new Overtaken()
  if (sealed.includes(undefined)) throw await opened.rows.gone('blobs', version)
  const secret = Secret.of<'row'>(blob.secret)
  try {
    const pieces = (sealed as Uint8Array[]).map((bytes, piece) => {
      const key = pieceSecret(secret, piece)
      try {
        return openRow(
          opened.rows.place('blobs', blob.pieces[piece] as Uint8Array, blob.bucket),
          key,
          opened.days,
          bytes,
        )
      } finally {
        key.wipe()
      }
    })
    return concat(...pieces)
  } finally {
    secret.wipe()
  }
}

/** The record with every document sealed for its day; the rows to put are added to `rows`. */
export function settleBlobs(opened: Opened, record: SliceRecord, bucket: Day, rows: Row[]): Promise<SliceRecord> {
  return mapBlobs(record, async blob => {
    if (isStored(blob) && blob.bucket === bucket) return blob
    const content = await openBlob(opened, blob)
    const kept = blob.mediaType === undefined ? { content } : { content, mediaType: blob.mediaType }
    if (isInline(kept)) return kept
    const { ref, rows: put } = sealBlob(content, blob.mediaType, bucket, opened.vaultId, opened.days, opened.randomness)
    rows.push(...put)
    return ref
  })
}

/** The documents and photos that lie in rows of their own. */
export function blobsOf(record: SliceRecord): BlobRef[] {
  const events = (record.n ?? []).flatMap(([, events]) => events)
  const held = [...Object.values(record.o ?? {}), ...events.flatMap(event => event.e?.blob ?? [])]
  return held.filter(isStored)
}

/** The record with another document or photo in the place of each that it names. */
export async function mapBlobs(
  record: SliceRecord,
  other: (blob: HeldBlob) => HeldBlob | Promise<HeldBlob>,
): Promise<SliceRecord> {
  const next: SliceRecord = { ...record }
  if (record.o) {
    next.o = {}
    for (const [key, blob] of Object.entries(record.o)) next.o[key] = await other(blob)
  }
  if (record.n?.some(([, events]) => events.some(event => event.e?.blob))) {
    next.n = await Promise.all(
      record.n.map(
        async ([purpose, events]): Promise<[number, typeof events]> => [
          purpose,
          await Promise.all(
            events.map(async event => {
              if (!event.e?.blob) return event
              const evidence: Evidence = { ...event.e, blob: await other(event.e.blob) }
              return { ...event, e: evidence }
            }),
          ),
        ],
      ),
    )
  }
  return next
}
