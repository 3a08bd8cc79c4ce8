import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeHead, HeadView } from '../../src/pages/head'
import { Index } from '../../src/pages/index'

interface PlainSlice {
  contact: number
  points: number[]
}
interface PlainPage {
  key: string
  bucket: number
  slices: PlainSlice[]
}

const id = (n: number) => new Uint8Array(16).fill(n)
const print = (n: number) => new Uint8Array(8).fill(n)
const headOf = (slices: readonly PlainSlice[]) =>
  new HeadView(
    encodeHead(
      slices.map(({ contact, points }) => ({
        contact: id(contact),
        consents: [],
        points: points.map(n => ({ kind: 1 + (n % 2), fingerprint: print(n) })),
        revision: 0,
        created: 0,
      })),
    ),
  )
const sorted = <T>(values: Iterable<T>) => [...values].sort()

/** What the index must say, said slowly. */
class Model {
  pages: PlainPage[] = []

  contacts(): number[] {
    return sorted(new Set(this.pages.flatMap(page => page.slices.map(slice => slice.contact))))
  }

  slicesOf(contact: number): string[] {
    const found = this.pages.flatMap(({ key, bucket, slices }) =>
      slices.flatMap((slice, slot) => (slice.contact === contact ? [`${key} ${slot} ${bucket}`] : [])),
    )
    return sorted(found)
  }

  byPoint(point: number): number[] {
    const found = this.pages.flatMap(page => page.slices.filter(slice => slice.points.includes(point)))
    return sorted(new Set(found.map(slice => slice.contact)))
  }
}

function expectSame(index: Index, model: Model): void {
  const shown = (number: number) => index.idOf(number)[0] as number
  expect(index.contacts()).toBe(model.contacts().length)
  expect(sorted(Array.from(index.allContacts(), shown))).toEqual(model.contacts())
  expect(sorted(index.pages())).toEqual(sorted(model.pages.map(page => page.key)))
  for (let contact = 0; contact < 12; contact++) {
    const number = index.numberOf(id(contact))
    const expected = model.slicesOf(contact)
    expect(number >= 0).toBe(expected.length > 0)
    if (number < 0) continue
    expect(index.idOf(number)).toEqual(id(contact))
    const slices = index.slicesOf(number)
    expect(sorted(slices.map(({ page, slot, bucket }) => `${page} ${slot} ${bucket}`))).toEqual(expected)
    for (const { head, slot, page } of slices) {
      expect(head).toBe(index.headOf(page))
      expect(head.idAt(slot)).toEqual(id(contact))
    }
  }
  for (let point = 0; point < 6; point++) {
    const found = index.byPoint(1 + (point % 2), print(point))
    expect(sorted(found.map(shown))).toEqual(model.byPoint(point))
    expect(index.byPoint(3, print(point))).toEqual([])
  }
  for (let bucket = 0; bucket < 6; bucket++) {
    const keys = model.pages.filter(page => page.bucket === bucket).map(page => page.key)
    expect(sorted(index.pagesOfBucket(bucket))).toEqual(sorted(keys))
  }
}

const slices = fc.array(
  fc.record({
    contact: fc.integer({ min: 0, max: 11 }),
    points: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 }),
  }),
  { maxLength: 6 },
)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ bucket: fc.integer({ min: 0, max: 5 }), slices }) },
  { weight: 3, arbitrary: fc.record({ remove: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ dropBefore: fc.integer({ min: 0, max: 6 }) }) },
  // For whom room is made need not come.
  { weight: 1, arbitrary: fc.record({ room: fc.nat(300), forPoints: fc.nat(900) }) },
)

describe('the index', () => {
  it('agrees with a plain list of pages under any history of pages coming, going and passing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), steps => {
        const index = new Index()
        const model = new Model()
        steps.forEach((each, i) => {
          if ('slices' in each) {
            const page = { key: `page-${i}`, bucket: each.bucket, slices: each.slices }
            index.addPage(page.key, page.bucket, headOf(page.slices))
            model.pages.push(page)
          } else if ('remove' in each) {
            const page = model.pages[each.remove % Math.max(1, model.pages.length)]
            expect(index.removePage(page?.key ?? 'none')).toBe(page !== undefined)
            model.pages = model.pages.filter(other => other !== page)
          } else if ('room' in each) {
            index.makeRoom(each.room, each.forPoints)
          } else {
            const before = model.contacts().length
            const gone = model.pages.filter(page => page.bucket < each.dropBefore)
            model.pages = model.pages.filter(page => page.bucket >= each.dropBefore)
            const dropped = index.dropBefore(each.dropBefore)
            expect(sorted(dropped.pages)).toEqual(sorted(gone.map(page => page.key)))
            expect(dropped.slices).toBe(gone.flatMap(page => page.slices).length)
            expect(dropped.contacts).toBe(before - model.contacts().length)
          }
        })
        expectSame(index, model)
      }),
    )
  })

  it('keeps a contact as long as one of its slices is left', () => {
    const index = new Index()
    index.addPage('short', 1, headOf([{ contact: 1, points: [1] }]))
    index.addPage('long', 9, headOf([{ contact: 1, points: [2] }]))
    expect(index.dropBefore(2)).toEqual({ pages: ['short'], slices: 1, contacts: 0 })
    expect(index.byPoint(2, print(1))).toEqual([])
    expect(index.byPoint(1, print(2))).toEqual([index.numberOf(id(1))])
    expect(index.dropBefore(10)).toEqual({ pages: ['long'], slices: 1, contacts: 1 })
    expect(index.numberOf(id(1))).toBe(-1)
  })

  it('tells whose pages came or went since, for so long and no longer', () => {
    const index = new Index()
    const numbers = () => sorted(index.touchedSince(before))
    index.addPage('a', 1, headOf([1, 2].map(contact => ({ contact, points: [] }))))
    index.addPage('b', 1, headOf([{ contact: 3, points: [] }]))
    let before = index.changes
    expect(numbers()).toEqual([])
    index.addPage('c', 2, headOf([{ contact: 3, points: [] }]))
    const third = index.numberOf(id(3))
    expect(numbers()).toEqual([third])
    index.removePage('a')
    expect(numbers()).toEqual(sorted([third, 0, 1]))
    // Others have their numbers now.
    before = index.changes
    index.addPage('d', 1, headOf([{ contact: 4, points: [] }]))
    expect(numbers()).toEqual([index.numberOf(id(4))])
    const slices = Array.from({ length: 1_024 }, (_, contact) => ({ contact: contact % 12, points: [] }))
    for (let i = 0; i < 64; i++) {
      before = index.changes
      index.addPage(`many ${i}`, 3, headOf(slices))
      expect(index.remembers(before)).toBe(true)
    }
    expect(index.remembers(index.changes - 65_536)).toBe(true)
    expect(index.remembers(index.changes - 65_537)).toBe(false)
    expect(index.touchedSince(index.changes - 65_536).size).toBe(12)
    before = index.changes
    index.wipe()
    expect(index.remembers(before)).toBe(false)
  })

  it('takes a page only once', () => {
    const index = new Index()
    index.addPage('a', 1, headOf([]))
    expect(() => index.addPage('a', 1, headOf([]))).toThrow(TypeError)
  })

  it('wipes the head of a page that goes, and all heads when it is wiped (R19)', () => {
    const index = new Index()
    const [first, second] = [headOf([{ contact: 1, points: [] }]), headOf([{ contact: 2, points: [] }])]
    const lying = [first.bytes, second.bytes]
    index.addPage('a', 1, first)
    index.addPage('b', 1, second)
    index.removePage('a')
    expect(lying.map(bytes => bytes.some(byte => byte !== 0))).toEqual([false, true])
    index.wipe()
    expect(lying.map(bytes => bytes.some(byte => byte !== 0))).toEqual([false, false])
    expectSame(index, new Model())
    index.addPage('a', 1, headOf([{ contact: 3, points: [] }]))
    expect(index.contacts()).toBe(1)
  })

  it('knows nobody by an id, a number or a fingerprint that is none', () => {
    const index = new Index()
    index.addPage('a', 1, headOf([{ contact: 0, points: [0] }]))
    expect(index.numberOf(new Uint8Array(15))).toBe(-1)
    expect(index.byPoint(1, new Uint8Array(7))).toEqual([])
    for (const number of [-1, 1, 1000, Number.NaN]) expect(index.slicesOf(number)).toEqual([])
    expect(() => index.idOf(1)).toThrow(RangeError)
  })

  it('lists everybody once where its arrays are just full, and knows which pages it has', () => {
    const index = new Index()
    const everybody = Array.from({ length: 64 }, (_, contact) => ({ contact, points: [contact] }))
    index.addPage('full', 1, headOf(everybody))
    expect([...index.allContacts()]).toEqual(everybody.map(({ contact }) => contact))
    expect([index.hasPage('full'), index.hasPage('none')]).toEqual([true, false])
    expect(index.headOf('none')).toBeUndefined()
    // A point is all of its eight bytes, and no more.
    expect(index.byPoint(1, print(2))).toEqual([2])
    expect(index.byPoint(1, Uint8Array.of(...print(2), 2))).toEqual([])
  })

  it('holds thousands of contacts over many pages', () => {
    const index = new Index()
    const idOf = (n: number) => {
      const bytes = new Uint8Array(16)
      new DataView(bytes.buffer).setUint32(4, n)
      return bytes
    }
    for (let page = 0; page < 100; page++) {
      const head = encodeHead(
        Array.from({ length: 64 }, (_, slot) => ({
          contact: idOf(page * 64 + slot),
          consents: [],
          points: [{ kind: 1, fingerprint: idOf(page * 64 + slot).subarray(0, 8) }],
          revision: 0,
          created: 0,
        })),
      )
      index.addPage(`page-${page}`, page, new HeadView(head))
    }
    expect(index.contacts()).toBe(6400)
    for (let n = 0; n < 6400; n += 7) {
      const number = index.numberOf(idOf(n))
      expect(index.byPoint(1, idOf(n).subarray(0, 8))).toEqual([number])
      expect(index.slicesOf(number)).toMatchObject([{ page: `page-${n >> 6}`, slot: n & 63, bucket: n >> 6 }])
    }
    expect(index.dropBefore(50)).toMatchObject({ slices: 3200, contacts: 3200 })
    expect(index.contacts()).toBe(3200)
  })
})
