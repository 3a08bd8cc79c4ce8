import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdTable, PointTable } from '../../src/pages/index-table'

/** Few different ids, alike in most bytes, so that histories meet the same one again. */
const idOf = (n: number) => {
  const id = new Uint8Array(16)
  id[n % 16] = 1 + (n >> 4)
  return id
}
/** Whether an id has this number. */
const numbered = (table: IdTable, number: number): boolean => {
  try {
    return table.idOf(number).length === 16
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
/** So many different keys of `width` bytes, one after the other. */
const keys = (count: number, width: number) => {
  const view = new DataView(new ArrayBuffer(count * width))
  for (let i = 0; i < count; i++) view.setUint32(i * width, i * 64, true)
  return new Uint8Array(view.buffer)
}
const hex = (bytes: Uint8Array) => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
const change = fc.record({ add: fc.boolean(), n: fc.integer({ min: 0, max: 250 }) })

describe('a table of ids', () => {
  it('agrees with a Map under any history of adding and removing', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 400, size: 'max' }), changes => {
        const table = new IdTable()
        const model = new Map<string, number>()
        for (const { add, n } of changes) {
          const id = idOf(n)
          const known = model.get(hex(id))
          if (add) {
            const number = table.add(id)
            if (known === undefined ? [...model.values()].includes(number) : number !== known)
              expect.fail('a number twice')
            model.set(hex(id), number)
          } else if (known !== undefined) {
            table.remove(known)
            model.delete(hex(id))
            if (numbered(table, known)) expect.fail('a number of nobody')
          }
        }
        expect(table.size).toBe(model.size)
        const ids = Array.from({ length: 251 }, (_, n) => idOf(n))
        expect(ids.map(id => table.find(id))).toEqual(ids.map(id => model.get(hex(id)) ?? -1))
        expect([...model.values()].map(number => hex(table.idOf(number)))).toEqual([...model.keys()])
      }),
    )
  })

  it.each([0, 3000, 20_000])('finds thousands again after it has grown, with room made for %i of them', room => {
    const table = new IdTable()
    const bytes = keys(5000, 16)
    const all = Array.from({ length: 5000 }, (_, i) => i)
    expect(all.slice(0, 1000).map(i => table.add(bytes, i * 16))).toEqual(all.slice(0, 1000))
    table.makeRoom(room)
    expect(all.map(i => table.add(bytes, i * 16))).toEqual(all)
    expect(all.map(i => table.find(bytes, i * 16))).toEqual(all)
    for (let i = 0; i < 5000; i += 2) table.remove(i)
    expect(all.map(i => table.find(bytes, i * 16))).toEqual(all.map(i => (i % 2 === 0 ? -1 : i)))
    expect(table.size).toBe(2500)
  })

  it('takes numbers of removed ids again, so that it does not grow for ever', () => {
    const table = new IdTable()
    for (let round = 0; round < 1000; round++) table.remove(table.add(idOf(round % 200)))
    expect(table.end).toBe(1)
  })

  it('knows no number that was never given', () => {
    const table = new IdTable()
    table.add(idOf(1))
    for (const number of [-1, 1, 0.5, Number.NaN]) {
      expect(() => table.idOf(number)).toThrow(RangeError)
      expect(() => table.remove(number)).toThrow(RangeError)
    }
  })

  it('is empty and usable after it was wiped', () => {
    const table = new IdTable()
    for (let n = 0; n < 200; n++) table.add(idOf(n))
    table.wipe()
    expect(table.size).toBe(0)
    expect(table.find(idOf(3))).toBe(-1)
    expect(table.add(idOf(3))).toBe(0)
  })
})

describe('a table of points', () => {
  const pointChange = fc.record({
    add: fc.boolean(),
    kind: fc.integer({ min: 1, max: 3 }),
    n: fc.integer({ min: 0, max: 60 }),
    number: fc.integer({ min: 0, max: 5 }),
  })
  const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)

  it('agrees with a Map of lists under any history of adding and removing', () => {
    fc.assert(
      fc.property(fc.array(pointChange, { maxLength: 300, size: 'max' }), changes => {
        const table = new PointTable()
        const model = new Map<string, { kind: number; fingerprint: Uint8Array; numbers: number[] }>()
        for (const { add, kind, n, number } of changes) {
          const fingerprint = idOf(n).subarray(0, 8)
          const held = model.get(`${kind}:${hex(fingerprint)}`) ?? { kind, fingerprint, numbers: [] }
          model.set(`${kind}:${hex(fingerprint)}`, held)
          const at = held.numbers.indexOf(number)
          if (add) {
            table.add(kind, fingerprint, number)
            held.numbers.push(number)
          } else {
            if (table.remove(kind, fingerprint, number) !== at >= 0) expect.fail('a wrong answer')
            if (at >= 0) held.numbers.splice(at, 1)
          }
        }
        const all = [...model.values()]
        expect(all.map(({ kind, fingerprint }) => sorted(table.find(kind, fingerprint)))).toEqual(
          all.map(({ numbers }) => sorted(numbers)),
        )
        expect(table.size).toBe(all.filter(({ numbers }) => numbers.length > 0).length)
      }),
    )
  })

  it('keeps the same fingerprint of two kinds apart', () => {
    const table = new PointTable()
    const fingerprint = new Uint8Array(8).fill(9)
    table.add(1, fingerprint, 10)
    table.add(2, fingerprint, 20)
    expect(table.find(1, fingerprint)).toEqual([10])
    expect(table.find(2, fingerprint)).toEqual([20])
    expect(table.find(3, fingerprint)).toEqual([])
  })

  it('tells points apart that differ in one half of their fingerprint or in their kind alone, in thousands', () => {
    const table = new PointTable()
    const points = Array.from({ length: 3000 }, (_, i) => {
      const fingerprint = new Uint8Array(8)
      new DataView(fingerprint.buffer).setUint32(i % 2 === 0 ? 0 : 4, i >> 2, true)
      return { kind: 1 + ((i >> 1) % 2), fingerprint }
    })
    points.forEach(({ kind, fingerprint }, i) => {
      table.add(kind, fingerprint, i)
    })
    const same = new Map<string, number[]>()
    const nameOf = (point: (typeof points)[number]) => `${point.kind}:${hex(point.fingerprint)}`
    points.forEach((point, i) => {
      same.set(nameOf(point), [...(same.get(nameOf(point)) ?? []), i])
    })
    const found = points.map(({ kind, fingerprint }) => sorted(table.find(kind, fingerprint)))
    expect(found).toEqual(points.map(point => same.get(nameOf(point))))
    expect(table.size).toBe(same.size)
  })

  it('takes the newest, the oldest and one between out of those that share a point, and nobody else', () => {
    const fingerprint = new Uint8Array(8).fill(9)
    for (const gone of [0, 1, 2, 3]) {
      const table = new PointTable()
      const others = [10, 11, 12, 13].filter((_, i) => i !== gone)
      for (const number of [10, 11, 12, 13]) table.add(1, fingerprint, number)
      expect(table.remove(1, fingerprint, 99)).toBe(false)
      expect(table.remove(1, fingerprint, 10 + gone)).toBe(true)
      expect(sorted(table.find(1, fingerprint))).toEqual(others)
      for (const number of others) expect(table.remove(1, fingerprint, number)).toBe(true)
      expect(table.size).toBe(0)
    }
  })

  it('goes on where places in a chain were taken before and are free again, also after it was wiped', () => {
    const table = new PointTable()
    const fingerprint = new Uint8Array(8).fill(9)
    for (let round = 0; round < 2; round++) {
      table.add(1, fingerprint, 10)
      table.add(1, fingerprint, 11)
      table.remove(1, fingerprint, 10)
      // The first place in the list of links begins this chain now.
      table.add(1, fingerprint, 12)
      expect(sorted(table.find(1, fingerprint))).toEqual([11, 12])
      table.add(1, fingerprint, 13)
      expect(sorted(table.find(1, fingerprint))).toEqual([11, 12, 13])
      table.remove(1, fingerprint, 13)
      expect(table.remove(1, fingerprint, 11)).toBe(true)
      expect(table.find(1, fingerprint)).toEqual([12])
      table.wipe()
      expect(table.find(1, fingerprint)).toEqual([])
    }
  })

  it('lets many share one point, and each go alone', () => {
    const table = new PointTable()
    const fingerprint = new Uint8Array(8).fill(9)
    for (let number = 0; number < 1000; number++) table.add(1, fingerprint, number)
    const remove = (numbers: number[]) => numbers.map(number => table.remove(1, fingerprint, number))
    const odd = Array.from({ length: 500 }, (_, i) => i * 2 + 1)
    expect(remove(odd.map(number => number - 1)).every(was => was)).toBe(true)
    expect(sorted(table.find(1, fingerprint))).toEqual(odd)
    expect(remove(odd).every(was => was)).toBe(true)
    expect(table.find(1, fingerprint)).toEqual([])
    expect(table.size).toBe(0)
  })

  it.each([0, 3000, 20_000])('finds thousands again after half have gone, with room made for %i of them', room => {
    const table = new PointTable()
    const bytes = keys(5000, 8)
    for (let i = 0; i < 1000; i++) table.add(1, bytes, i, i * 8)
    table.makeRoom(room)
    for (let i = 1000; i < 5000; i++) table.add(1, bytes, i, i * 8)
    for (let i = 0; i < 5000; i += 2) if (!table.remove(1, bytes, i, i * 8)) expect.fail(`${i} was not there`)
    const all = Array.from({ length: 5000 }, (_, i) => i)
    expect(all.map(i => table.find(1, bytes, i * 8))).toEqual(all.map(i => (i % 2 === 0 ? [] : [i])))
    table.wipe()
    expect(table.size).toBe(0)
    expect(table.find(1, bytes, 8)).toEqual([])
  })
})
