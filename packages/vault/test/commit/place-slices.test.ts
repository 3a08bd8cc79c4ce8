/**
 * Where changed contacts go, said of a vault of a few pages: which are written anew and what stays in them, in which
 * order others are filled, and where one is full. Were a page not dropped that held what changed, it would stay
 * readable; were a slice left out, somebody would be lost.
 */
import { describe, expect, it } from 'vitest'
import { readAs } from '../../src/commit/damaged'
import type { Opened } from '../../src/commit/opened'
import { Overtaken } from '../../src/commit/overtaken'
import { encodePlanned, placeSlices, plannedSize, type SealedSlice } from '../../src/commit/place-slices'
import { contactIdOf } from '../../src/contact/id'
import type { SliceRecord } from '../../src/contact/slice'
import { VaultError } from '../../src/errors'
import {
  EMPTY_HEAD_BYTES,
  encodeHead,
  type HeadSlice,
  HeadView,
  headSizeOf,
  MAX_HEAD_BYTES,
} from '../../src/pages/head'
import { Index } from '../../src/pages/index'
import { decodePage, encodePage, TARGET_PAGE_BYTES } from '../../src/pages/page'
import { decodeRecord, encodeRecord } from '../../src/record/record'
import { told } from '../pages/taken'

const MONDAY = 20_600
const TUESDAY = 20_601

const idOf = (person: number) => new Uint8Array(16).fill(person)
const nameOf = (person: number) => contactIdOf(idOf(person))
const headOf = (person: number, more: Partial<HeadSlice> = {}): HeadSlice => ({
  contact: idOf(person),
  latest: true,
  quarantined: false,
  hasRef: false,
  name: `Person ${person}`,
  consents: [],
  points: [{ kind: 1, fingerprint: new Uint8Array(8).fill(person) }],
  revision: 1,
  created: 20_000,
  ...more,
})
const blob = (byte: number) => ({
  secret: new Uint8Array(32).fill(byte),
  pieces: [new Uint8Array(16).fill(byte), new Uint8Array(16).fill(byte + 100)],
  bucket: MONDAY,
  size: 9,
})
/** A slice of a person; with `bytes`, of a record that takes so many in its page, its frame included. */
function slice(
  person: number,
  bucket = MONDAY,
  { bytes = 0, ...more }: Partial<SliceRecord> & { bytes?: number } = {},
) {
  const record: SliceRecord = { i: idOf(person), d: { note: '' }, ...more }
  if (bytes > 0) {
    const bare = encodeRecord({ ...record, d: { note: 'x'.repeat(1000) } }).length + 4
    record.d = { note: 'x'.repeat(1000 + bytes - bare) }
  }
  const sealed: SealedSlice = { bucket, record, head: headOf(person) }
  return sealed
}
const sizeOf = ({ record }: SealedSlice) => encodeRecord(record).length + 4

interface Held {
  readonly bucket?: number
  readonly slices: readonly SealedSlice[]
  /** What the ring says of it; none: it isn't in the ring. */
  readonly listed?: number | null
}

/** A vault that holds these pages, and what of them was read. */
function holding(pages: Record<string, Held>) {
  const index = new Index()
  const sizes = new Map<string, { bucket: number; size: number }>()
  const plains = new Map<string, Uint8Array>()
  for (const [key, { bucket = MONDAY, slices, listed }] of Object.entries(pages)) {
    index.addPage(key, bucket, new HeadView(encodeHead(slices.map(({ head }) => head))))
    plains.set(key, encodePage(slices.map(({ record }) => encodeRecord(record))))
    const size = slices.reduce((sum, each) => sum + sizeOf(each), 0)
    if (listed !== null) sizes.set(key, { bucket, size: listed ?? size })
  }
  const opened = {
    index,
    ring: { entry: (key: string) => sizes.get(key) },
    pages: {
      read: async <T>(key: string, read: (plain: Uint8Array) => T) => {
        const plain = plains.get(key)
        if (!plain) throw new Overtaken()
        return readAs('pages', () => read(plain))
      },
    },
  }
  return { opened: opened as unknown as Opened, index, sizes, plains }
}

/** What is placed where: the days of the new pages, and who is in them. */
async function placed(opened: Opened, changed: Record<number, readonly SealedSlice[]>) {
  const placement = await placeSlices(
    opened,
    new Map(Object.entries(changed).map(([person, slices]) => [nameOf(Number(person)), slices])),
  )
  const pages = placement.pages.map(({ bucket, slices }) => [
    bucket,
    slices.map(({ record, head }) => {
      const { i, d } = decodeRecord(record) as SliceRecord
      expect(told(head).contact).toEqual(i)
      return (d.note as string).length < 20 ? `${i[0]}${d.note}` : `${i[0]}`
    }),
  ])
  return { placement, pages, dropped: [...placement.dropped].sort() }
}

const noted = (person: number, note: string, bucket = MONDAY) => slice(person, bucket, { d: { note } })

describe('who is new', () => {
  it('goes into a page of its own where there is none, one for each day', async () => {
    const { opened } = holding({})
    const { pages, dropped, placement } = await placed(opened, {
      1: [slice(1), slice(1, TUESDAY)],
      2: [slice(2)],
    })
    expect(pages).toEqual([
      [MONDAY, ['1', '2']],
      [TUESDAY, ['1']],
    ])
    expect(dropped).toEqual([])
    expect(placement.droppedBlobs).toEqual([])
    expect(placement.pages[0]?.slices[0]?.head).toEqual(headOf(1))
  })

  it('goes into the emptiest page of the day, which is written anew with all that it holds', async () => {
    const { opened } = holding({
      full: { slices: [slice(1), slice(2), slice(3)] },
      roomy: { slices: [noted(4, 'a'), noted(5, 'b')] },
      other: { bucket: TUESDAY, slices: [slice(6)] },
      more: { slices: [slice(7), slice(8), slice(9)] },
    })
    const { pages, dropped, placement } = await placed(opened, { 10: [slice(10)] })
    expect(pages).toEqual([[MONDAY, ['4a', '5b', '10']]])
    expect(dropped).toEqual(['roomy'])
    expect(placement.pages[0]?.slices.map(({ head }) => told(head))).toEqual([headOf(4), headOf(5), headOf(10)])
  })

  it('goes into the first of those as empty, and into none that the ring does not know', async () => {
    const { opened } = holding({
      lost: { slices: [slice(1)], listed: null },
      one: { slices: [slice(2), slice(3)] },
      two: { slices: [slice(4), slice(5)] },
    })
    expect(await placed(opened, { 6: [slice(6)] })).toMatchObject({
      pages: [[MONDAY, ['2', '3', '6']]],
      dropped: ['one'],
    })
  })

  it('finds a page that has exactly enough room, and begins another where a byte is missing', async () => {
    const here = slice(1, MONDAY, { bytes: 9_000 })
    const { opened } = holding({ page: { slices: [here] } })
    const fits = slice(2, MONDAY, { bytes: TARGET_PAGE_BYTES - 9_000 })
    expect(sizeOf(fits)).toBe(TARGET_PAGE_BYTES - 9_000)
    expect(await placed(opened, { 2: [fits] })).toMatchObject({ pages: [[MONDAY, ['1', '2']]], dropped: ['page'] })
    const larger = slice(2, MONDAY, { bytes: TARGET_PAGE_BYTES - 8_999 })
    expect(await placed(opened, { 2: [larger] })).toMatchObject({ pages: [[MONDAY, ['2']]], dropped: [] })
  })

  it('fills pages to the brim, one after the other, each with as many as fit in their order', async () => {
    const { opened } = holding({ page: { slices: [slice(9, MONDAY, { bytes: 14_000 })] } })
    const third = (person: number, bytes = TARGET_PAGE_BYTES / 3) => [slice(person, MONDAY, { bytes })]
    const { pages } = await placed(opened, {
      1: third(1),
      2: third(2),
      3: third(3),
      4: third(4),
      5: third(5, TARGET_PAGE_BYTES / 3 + 1),
      6: third(6),
    })
    expect(pages).toEqual([
      [MONDAY, ['9', '1']],
      [MONDAY, ['2', '3', '4']],
      [MONDAY, ['5', '6']],
    ])
  })

  it('has a page alone when larger than a page should be', async () => {
    const { opened } = holding({})
    const large = (person: number) => [slice(person, MONDAY, { bytes: TARGET_PAGE_BYTES + 500 })]
    expect((await placed(opened, { 1: large(1), 2: large(2), 3: [slice(3)] })).pages).toEqual([
      [MONDAY, ['1']],
      [MONDAY, ['2']],
      [MONDAY, ['3']],
    ])
  })

  it('begins another page where the head of one is full, to the byte', async () => {
    const points = (many: number, name: number, person: number) => ({
      ...slice(person),
      head: headOf(person, {
        name: 'n'.repeat(name),
        points: Array.from({ length: many }, (_, i) => ({ kind: 1, fingerprint: new Uint8Array(8).fill(i) })),
      }),
    })
    const exactly = [points(2_450, 44, 1), points(2_450, 44, 2)] as const
    const heads = exactly.reduce((sum, { head }) => sum + headSizeOf(head), EMPTY_HEAD_BYTES)
    expect(heads).toBe(MAX_HEAD_BYTES)
    const { opened } = holding({})
    expect((await placed(opened, { 1: [exactly[0]], 2: [exactly[1]] })).pages).toEqual([[MONDAY, ['1', '2']]])
    expect((await placed(opened, { 1: [exactly[0]], 2: [points(2_450, 45, 2)] })).pages).toHaveLength(2)
    // The same when one of them is there already.
    const held = holding({ page: { slices: [exactly[0]] } })
    expect((await placed(held.opened, { 2: [exactly[1]] })).pages).toEqual([[MONDAY, ['1', '2']]])
    expect((await placed(held.opened, { 2: [points(2_450, 45, 2)] })).pages).toEqual([
      [MONDAY, ['1']],
      [MONDAY, ['2']],
    ])
  })
})

describe('who changes', () => {
  it('stays where each slice is that comes out the same', async () => {
    const { opened } = holding({
      monday: { slices: [noted(1, 'a'), noted(2, 'b')] },
      tuesday: { bucket: TUESDAY, slices: [noted(1, 'c', TUESDAY)] },
    })
    const same = await placed(opened, { 1: [noted(1, 'a'), noted(1, 'c', TUESDAY)] })
    expect(same).toMatchObject({ pages: [], dropped: [], placement: { droppedBlobs: [] } })
    const one = await placed(opened, { 1: [noted(1, 'a'), noted(1, 'd', TUESDAY)] })
    expect(one).toMatchObject({ pages: [[TUESDAY, ['1d']]], dropped: ['tuesday'] })
  })

  it('takes the place of what it was in its page, and the others there stay as they are', async () => {
    const { opened } = holding({
      page: { slices: [noted(1, 'a'), noted(2, 'b'), noted(3, 'c')] },
      roomy: { slices: [noted(4, 'd')] },
    })
    const { pages, dropped, placement } = await placed(opened, { 2: [noted(2, 'new')] })
    expect(pages).toEqual([[MONDAY, ['1a', '3c', '2new']]])
    expect(dropped).toEqual(['page'])
    expect(placement.pages[0]?.slices.map(({ head }) => told(head).name)).toEqual(['Person 1', 'Person 3', 'Person 2'])
  })

  it('leaves the others in memory of their own: the page that they came from is wiped when it goes', async () => {
    const { opened, plains } = holding({ page: { slices: [noted(1, 'a'), noted(2, 'b')] } })
    const { placement } = await placed(opened, { 2: [noted(2, 'new')] })
    plains.get('page')?.fill(0)
    const [stays] = placement.pages[0]?.slices ?? []
    expect(decodeRecord(stays?.record as Uint8Array)).toMatchObject({ d: { note: 'a' } })
  })

  it('goes to a page of its new day, and out of that of the old one', async () => {
    const { opened } = holding({
      monday: { slices: [noted(1, 'a'), noted(2, 'b')] },
      tuesday: { bucket: TUESDAY, slices: [noted(3, 'c', TUESDAY)] },
    })
    expect(await placed(opened, { 1: [noted(1, 'a', TUESDAY)] })).toMatchObject({
      pages: [
        [MONDAY, ['2b']],
        [TUESDAY, ['3c', '1a']],
      ],
      dropped: ['monday', 'tuesday'],
    })
  })

  it('overflows from a page that is written anyway into another, never into the same one', async () => {
    const big = (person: number) => slice(person, MONDAY, { bytes: 10_000 })
    const { opened } = holding({
      // The ring remembers it as small: it is written anew and full by then.
      page: { slices: [noted(1, 'a'), big(2), big(3)], listed: 1 },
      roomy: { slices: [noted(4, 'd')] },
    })
    expect(await placed(opened, { 1: [noted(1, 'new')], 5: [big(5)], 6: [big(6)] })).toMatchObject({
      pages: [
        [MONDAY, ['2', '3', '1new']],
        [MONDAY, ['4d', '5', '6']],
      ],
      dropped: ['page', 'roomy'],
    })
  })
})

describe('who goes', () => {
  it('leaves every page behind without it, and one that is empty then is not written at all', async () => {
    const { opened } = holding({
      alone: { bucket: TUESDAY, slices: [noted(1, 'a', TUESDAY)] },
      shared: { slices: [noted(2, 'b'), noted(1, 'c'), noted(3, 'd')] },
      untouched: { slices: [noted(4, 'e')] },
    })
    expect(await placed(opened, { 1: [] })).toMatchObject({
      pages: [[MONDAY, ['2b', '3d']]],
      dropped: ['alone', 'shared'],
    })
    expect(await placed(opened, { 2: [], 3: [] })).toMatchObject({ pages: [[MONDAY, ['1c']]], dropped: ['shared'] })
    expect(await placed(opened, { 9: [] })).toMatchObject({ pages: [], dropped: [] })
  })
})

describe('documents', () => {
  const event = { k: 1, a: 1, w: 1, x: 'staff:leila', h: 'paper', p: 0, z: 2 }
  const withScan = (byte: number) => ({ ...event, e: { kind: 'scan', blob: blob(byte) } })
  /** By their first byte, which is that of their blob, or a hundred more. */
  const pieces = (bytes: readonly number[]) => bytes.flatMap(byte => [byte, byte + 100]).sort((a, b) => a - b)
  const named = (dropped: readonly Uint8Array[]) => dropped.map(([byte]) => byte as number).sort((a, b) => a - b)

  it('go with the last slice that names them, from photos and evidence alike', async () => {
    const { opened } = holding({
      monday: { slices: [slice(1, MONDAY, { o: { p1: blob(1), p2: blob(2) }, n: [[0, [withScan(3), event]]] })] },
      tuesday: { bucket: TUESDAY, slices: [slice(1, TUESDAY, { n: [[1, [withScan(4)]]] })] },
    })
    const dropped = async (slices: readonly SealedSlice[]) =>
      named((await placed(opened, { 1: slices })).placement.droppedBlobs)
    expect(await dropped([])).toEqual(pieces([1, 2, 3, 4]))
    const moved = [slice(1, TUESDAY, { o: { p2: blob(2) }, n: [[1, [withScan(4)]]] })]
    expect(await dropped(moved)).toEqual(pieces([1, 3]))
    const kept = [
      slice(1, MONDAY, { o: { p1: blob(1), p2: blob(2) }, n: [[0, [withScan(3)]]] }),
      slice(1, TUESDAY, { n: [[1, [withScan(4)]]] }),
    ]
    expect(await dropped(kept)).toEqual([])
  })

  it('of a slice that stays as it is stay, whatever becomes of the other', async () => {
    const here = slice(1, MONDAY, { o: { p1: blob(1) } })
    const { opened } = holding({
      monday: { slices: [here] },
      tuesday: { bucket: TUESDAY, slices: [slice(1, TUESDAY, { o: { p2: blob(2) } })] },
    })
    expect(named((await placed(opened, { 1: [here] })).placement.droppedBlobs)).toEqual(pieces([2]))
  })
})

describe('a page that goes meanwhile', () => {
  const changed = { 1: [noted(1, 'new')] }
  const two = () => holding({ page: { slices: [noted(1, 'a'), noted(2, 'b')] } })

  it('when it is looked at, and when it is taken apart, is planned again', async () => {
    const gone = two()
    gone.plains.clear()
    await expect(placed(gone.opened, changed)).rejects.toThrow(Overtaken)
    for (const lose of [
      ({ plains }: ReturnType<typeof holding>) => plains.clear(),
      ({ sizes }: ReturnType<typeof holding>) => sizes.clear(),
    ]) {
      const later = two()
      const { pages } = later.opened
      const { read: page } = pages
      pages.read = async (key, read) => {
        const answer = await page(key, read)
        lose(later)
        return answer
      }
      await expect(placed(later.opened, changed)).rejects.toThrow(Overtaken)
    }
  })

  it.each<[string, (held: ReturnType<typeof holding>) => void]>([
    ['is lost', ({ plains }) => plains.delete('page')],
    ['is damaged', ({ plains }) => plains.set('page', new Uint8Array(9))],
    [
      'went from the index while it was read',
      ({ opened, index }) => {
        const { pages } = opened
        const { read } = pages
        pages.read = async (key, look) => {
          if (key === 'page') index.removePage(key)
          return read(key, look)
        }
      },
    ],
  ])('and %s takes nobody in, and stops nobody: who is new goes into the next one', async (_, lose) => {
    const held = holding({
      page: { slices: [noted(1, 'a')] },
      fuller: { slices: [noted(2, 'b'), noted(4, 'd')] },
    })
    lose(held)
    const { dropped, pages } = await placed(held.opened, { 3: [noted(3, 'c')] })
    expect(dropped).toEqual(['fuller'])
    expect(pages).toEqual([[MONDAY, ['2b', '4d', '3c']]])
    held.plains.delete('fuller')
    expect((await placed(held.opened, { 3: [noted(3, 'c')] })).pages).toEqual([[MONDAY, ['3c']]])
  })

  it('for another reason than damage is told', async () => {
    const { opened } = holding({ page: { slices: [noted(1, 'a')] } })
    opened.pages.read = () => Promise.reject(new VaultError('BUSY'))
    await expect(placed(opened, { 3: [noted(3, 'c')] })).rejects.toMatchObject({ code: 'BUSY' })
  })

  it('or that is not what it should be is damage', async () => {
    const short = two()
    short.plains.set('page', encodePage([]))
    const damage = { code: 'CORRUPT', data: { row: 'pages' } }
    await expect(placed(short.opened, changed)).rejects.toMatchObject(damage)
    const other = two()
    other.plains.set('page', encodePage([encodeRecord('a'), encodeRecord('b')]))
    await expect(placed(other.opened, changed)).rejects.toMatchObject(damage)
  })
})

describe('a planned page', () => {
  it('is encoded with its records in order, and is as large as they are with their frames', async () => {
    const { opened } = holding({})
    const slices = [noted(1, 'a'), noted(2, 'bb')]
    const { placement } = await placed(opened, { 1: [slices[0] as SealedSlice], 2: [slices[1] as SealedSlice] })
    const page = placement.pages[0]
    if (!page) throw new Error('there is one')
    expect(decodePage(encodePlanned(page))).toEqual(slices.map(({ record }) => encodeRecord(record)))
    expect(plannedSize(page)).toBe(slices.reduce((sum, each) => sum + sizeOf(each), 0))
  })
})
