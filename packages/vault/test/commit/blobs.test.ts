/**
 * Documents and photos in rows of their own: how they are cut, that each piece opens at its place, on its day and with
 * its own key only, that one which moves to another day is sealed anew under a fresh secret (R13), and that no key is
 * left behind (R19).
 */
import { ready, Secret, systemRandomness } from '@amanat/crypto'
import type { Row } from '@amanat/store-contract'
import { UNDATED } from '@amanat/store-contract'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { hex, sameBytes } from '../../src/bytes'
import { blobsOf, mapBlobs, openBlob, openPiece, sealBlob, settleBlobs } from '../../src/commit/blobs'
import type { Opened } from '../../src/commit/opened'
import { DayKeys } from '../../src/commit/ratchet'
import type { BlobRef } from '../../src/consent/consent'
import { type HeldBlob, isStored } from '../../src/contact/held'
import type { SliceRecord } from '../../src/contact/slice'

beforeAll(() => ready())

const MONDAY = 20_600
const vaultId = new Uint8Array(16).fill(7)
const filled = (length: number) => Uint8Array.from({ length }, (_, i) => i * 7 + (i >> 8))

/** A vault whose store holds these rows. */
function holding() {
  const days = new DayKeys(MONDAY - 1, Secret.of<'ratchet'>(new Uint8Array(32).fill(1)))
  // Made before anything is watched: they stay as long as the vault is open.
  for (const day of [MONDAY, MONDAY + 1]) days.of(day)
  const rows = new Map<string, Row>()
  const gone = new Error('gone')
  const opened = {
    vaultId,
    days,
    randomness: systemRandomness,
    rows: {
      place: (table: 'blobs', id: Uint8Array, bucket = UNDATED) => ({ vaultId, table, id, bucket }),
      gone: async (table: string) => Object.assign(gone, { table }),
    },
    store: {
      read: async (table: string, ids: Uint8Array[]) =>
        ids.map(id => rows.get(hex(id))).map(row => (row?.table === table ? row.bytes : undefined)),
    },
  } as unknown as Opened
  const sealed = (content: Uint8Array, bucket = MONDAY, mediaType?: string): BlobRef => {
    const { ref, rows: put } = sealBlob(content, mediaType, bucket, vaultId, days, systemRandomness)
    for (const row of put) rows.set(hex(row.id), row)
    return ref
  }
  return { opened, rows, sealed, gone }
}
/** Secrets made meanwhile that were not wiped. */
async function leftBy(work: () => unknown): Promise<number> {
  const made = vi.spyOn(Secret, 'of')
  try {
    await work()
  } catch {
    // What it throws is for other tests.
  }
  const left = made.mock.results.filter(({ value }) => {
    try {
      return (value as Secret<string>).expose().length > 0
    } catch {
      return false
    }
  })
  expect(made.mock.results.length).toBeGreaterThan(0)
  made.mockRestore()
  return left.length
}

describe('a document', () => {
  it.each([
    [0, 1],
    [1, 1],
    [56_000, 1],
    [56_001, 2],
    [112_001, 3],
  ])('of %d bytes lies in %d rows of its day, and comes back as it was', async (length, pieces) => {
    const { opened, rows, sealed } = holding()
    const ref = sealed(filled(length))
    expect(ref).toEqual({ secret: ref.secret, pieces: ref.pieces, bucket: MONDAY, size: length })
    expect(ref.pieces).toHaveLength(pieces)
    expect([...rows.values()].map(({ table, bucket }) => [table, bucket])).toEqual(
      ref.pieces.map(() => ['blobs', MONDAY]),
    )
    expect([...rows.keys()]).toEqual(ref.pieces.map(hex))
    expect(sameBytes(await openBlob(opened, ref), filled(length))).toBe(true)
    const bytes = ref.pieces.map((id, piece) => openPiece(opened, ref, piece, rows.get(hex(id))?.bytes as Uint8Array))
    expect(bytes.map(each => each?.length)).toEqual(ref.pieces.map((_, i) => Math.min(56_000, length - i * 56_000)))
  })

  it('says what it is where that is known, and has a secret of its own each time', () => {
    const { sealed } = holding()
    const [one, two] = [sealed(filled(3), MONDAY, 'image/png'), sealed(filled(3))]
    expect(one.mediaType).toBe('image/png')
    expect(Object.keys(two)).not.toContain('mediaType')
    expect(hex(one.secret)).not.toBe(hex(two.secret))
    expect(one.secret).toHaveLength(32)
    expect(one.secret.some(byte => byte !== 0)).toBe(true)
  })

  it('opens on its own day and with its own secret only, each piece at its own place', async () => {
    const { opened, rows, sealed } = holding()
    const ref = sealed(filled(60_000))
    const [first, second] = ref.pieces.map(id => rows.get(hex(id))?.bytes as Uint8Array) as [Uint8Array, Uint8Array]
    const damage = { code: 'CORRUPT' }
    await expect(openBlob(opened, { ...ref, bucket: MONDAY + 1 })).rejects.toMatchObject(damage)
    await expect(openBlob(opened, { ...ref, secret: new Uint8Array(32) })).rejects.toMatchObject(damage)
    await expect(openBlob(opened, { ...ref, pieces: ref.pieces.toReversed() })).rejects.toMatchObject(damage)
    expect(openPiece(opened, ref, 0, second)).toBeUndefined()
    expect(openPiece(opened, ref, 1, first)).toBeUndefined()
    expect(openPiece(opened, { ...ref, bucket: MONDAY + 1 }, 0, first)).toBeUndefined()
    expect(openPiece(opened, ref, 0, first.with(30, (first[30] as number) ^ 1))).toBeUndefined()
    // Two pieces of one document have two keys.
    const swapped = { ...ref, pieces: [ref.pieces[1], ref.pieces[0]] as Uint8Array[] }
    expect(openPiece(opened, swapped, 0, second)).toBeUndefined()
  })

  it('whose rows have no day opens without one', async () => {
    const { opened, rows, sealed } = holding()
    const { bucket, ...undated } = sealed(filled(9), UNDATED)
    expect(bucket).toBe(UNDATED)
    expect(await openBlob(opened, undated as BlobRef)).toEqual(filled(9))
    const bytes = rows.get(hex(undated.pieces[0] as Uint8Array))?.bytes as Uint8Array
    expect(openPiece(opened, undated as BlobRef, 0, bytes)).toEqual(filled(9))
  })

  it('of which a piece is missing went, or is damaged: the store says which', async () => {
    const { opened, rows, sealed, gone } = holding()
    const ref = sealed(filled(60_000))
    rows.delete(hex(ref.pieces[1] as Uint8Array))
    await expect(openBlob(opened, ref)).rejects.toBe(gone)
    expect(gone).toMatchObject({ table: 'blobs' })
  })

  it('that was never sealed is what it is', async () => {
    const { opened } = holding()
    const content = filled(9)
    expect(await openBlob(opened, { content })).toBe(content)
  })

  it('leaves no key behind, sealed or opened, whole or damaged', async () => {
    const { opened, rows, sealed } = holding()
    const ref = sealed(filled(60_000))
    const bytes = rows.get(hex(ref.pieces[0] as Uint8Array))?.bytes as Uint8Array
    expect(await leftBy(() => sealed(filled(60_000)))).toBe(0)
    expect(await leftBy(() => openBlob(opened, ref))).toBe(0)
    expect(await leftBy(() => openBlob(opened, { ...ref, bucket: MONDAY + 1 }))).toBe(0)
    expect(await leftBy(() => openPiece(opened, ref, 0, bytes))).toBe(0)
    expect(await leftBy(() => openPiece(opened, ref, 1, bytes))).toBe(0)
  })
})

const event = { k: 1, a: 1, w: 1, x: 'staff:leila', h: 'paper', p: 0, z: 2 }
const bare = { ...event, e: { kind: 'verbal' } }

describe('the documents of a record', () => {
  it('are found in photos and evidence, those that lie in rows alone', () => {
    const { sealed } = holding()
    const [photo, scan, other] = [sealed(filled(1)), sealed(filled(2)), sealed(filled(3))]
    const record: SliceRecord = {
      i: new Uint8Array(16),
      d: {},
      o: { p1: photo, p2: { content: filled(4) } },
      n: [
        [0, [event, bare, { ...event, e: { kind: 'scan', blob: scan } }]],
        [
          1,
          [
            { ...event, e: { kind: 'scan', blob: { content: filled(5) } } },
            { ...event, e: { kind: 'scan', blob: other } },
          ],
        ],
      ],
    }
    expect(blobsOf(record)).toEqual([photo, scan, other])
    expect(blobsOf({ i: new Uint8Array(16), d: {} })).toEqual([])
  })

  it('of at most 512 bytes stand in the record itself, where they lay in rows before as well', async () => {
    const { opened, sealed } = holding()
    const o = {
      fresh: { content: filled(512), mediaType: 'image/jpeg' },
      moved: sealed(filled(512), MONDAY + 1, 'image/png'),
      bare: sealed(filled(1), MONDAY + 1),
      large: { content: filled(513) },
    }
    const rows: Row[] = []
    const settled = await settleBlobs(opened, { i: new Uint8Array(16), d: {}, o }, MONDAY, rows)
    const { fresh, moved, bare, large } = settled.o as { [key in keyof typeof o]: HeldBlob }
    expect(fresh).toEqual(o.fresh)
    expect(moved).toEqual({ content: filled(512), mediaType: 'image/png' })
    expect(bare).toEqual({ content: filled(1) })
    expect(isStored(large)).toBe(true)
    expect(rows).toHaveLength(1)
    expect(await openBlob(opened, moved)).toEqual(filled(512))
  })

  it('stay where they are sealed for that day, are sealed anew for another, and for the first time', async () => {
    const { opened, sealed } = holding()
    const [stays, moves, scan] = [
      sealed(filled(1)),
      sealed(filled(60_000), MONDAY + 1, 'image/png'),
      sealed(filled(513), MONDAY + 1),
    ]
    const record: SliceRecord = {
      i: new Uint8Array(16),
      d: { name: { full: 'Sara' } },
      o: { stays, moves, fresh: { content: filled(600), mediaType: 'image/jpeg' } },
      n: [
        [0, [event, { ...event, e: { kind: 'scan', reference: 'drawer 4', blob: scan } }]],
        [3, [bare]],
      ],
    }
    const before = structuredClone(record)
    const rows: Row[] = []
    const settled = await settleBlobs(opened, record, MONDAY, rows)
    expect(record).toEqual(before)
    expect(settled.d).toBe(record.d)
    expect(settled.o?.stays).toBe(stays)
    expect(Object.keys(settled.o ?? {})).toEqual(['stays', 'moves', 'fresh'])
    const evidence = settled.n?.[0]?.[1][1]?.e
    expect(evidence).toMatchObject({ kind: 'scan', reference: 'drawer 4' })
    expect(settled.n?.map(([purpose]) => purpose)).toEqual([0, 3])
    expect(settled.n?.[0]?.[1][0]).toBe(event)
    expect(settled.n?.[1]?.[1][0]).toBe(bare)
    const anew = [settled.o?.moves, settled.o?.fresh, evidence?.blob] as BlobRef[]
    expect(anew.every(isStored)).toBe(true)
    expect(anew.map(({ bucket, size, mediaType }) => [bucket, size, mediaType])).toEqual([
      [MONDAY, 60_000, 'image/png'],
      [MONDAY, 600, 'image/jpeg'],
      [MONDAY, 513, undefined],
    ])
    expect(hex((anew[0] as BlobRef).secret)).not.toBe(hex(moves.secret))
    expect(rows.map(({ id }) => hex(id)).sort()).toEqual(anew.flatMap(({ pieces }) => pieces.map(hex)).sort())
    expect(rows.every(({ bucket }) => bucket === MONDAY)).toBe(true)
  })

  it('are none in a record without any, which stays as it is', async () => {
    const record: SliceRecord = { i: new Uint8Array(16), d: {}, n: [[0, [event, bare]]] }
    const other = vi.fn()
    const same = await mapBlobs(record, other)
    expect(same).toEqual(record)
    expect(same.n).toBe(record.n)
    expect(await mapBlobs({ i: record.i, d: {} }, other)).toStrictEqual({ i: record.i, d: {} })
    expect(other).not.toHaveBeenCalled()
  })
})
