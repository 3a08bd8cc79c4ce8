import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdTable, PointTable } from '../../src/pages/index-table'

/** Few different ids, alike in most bytes, so that histories meet the same one again. */
const idOf = (n: number) => {
  const id = new Uint8Array(16)
  id[n % 16] = 1 + (n >> 4)
  return id
}
/** So many different keys of `width` bytes, one after the other. */
const numbered = (count: number, width: number) => {
  const view = new DataView(new ArrayBuffer(count * width))
  for (let i = 0; i < count; i++) view.setUint32(i * width, i * 64, true)
  return new Uint8Array(view.buffer)
}
const hex = (bytes: Uint8Array) => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
const change = fc.record({ add: fc.boolean(), n: fc.integer({ min: 0, max: 250 }) })

describe('a table of ids', () => {
  it('agrees with a Map under any history of adding and removing', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 400 }), changes => {
        const table = new IdTable()
        const model = new Map<string, number>()
        for (const { add, n } of changes) {
          const id = idOf(n)
          const known = model.get(hex(id))
          if (add) {
            const number = table.add(id)
            if (known === undefined) expect([...model.values()]).not.toContain(number)
            else expect(number).toBe(known)
            model.set(hex(id), number)
          } else if (known !== undefined) {
            table.remove(known)
            model.delete(hex(id))
            expect(() => table.idOf(known)).toThrow(RangeError)
          }
        }
        expect(table.size).toBe(model.size)
        for (let n = 0; n <= 250; n++) expect(table.find(idOf(n))).toBe(model.get(hex(idOf(n))) ?? -1)
        for (const [id, number] of model) expect(hex(table.idOf(number))).toBe(id)
      }),
    )
  })

  it('finds thousands again after it has grown, from any place in longer bytes', () => {
    const table = new IdTable()
    const bytes = numbered(5000, 16)
    for (let i = 0; i < 5000; i++) expect(table.add(bytes, i * 16)).toBe(i)
    for (let i = 0; i < 5000; i++) expect(table.find(bytes, i * 16)).toBe(i)
    for (let i = 0; i < 5000; i += 2) table.remove(i)
    for (let i = 0; i < 5000; i++) expect(table.find(bytes, i * 16)).toBe(i % 2 === 0 ? -1 : i)
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
      fc.property(fc.array(pointChange, { maxLength: 500 }), changes => {
        const table = new PointTable()
        const model = new Map<string, number[]>()
        for (const { add, kind, n, number } of changes) {
          const key = `${kind}:${n}`
          const held = model.get(key) ?? []
          if (add) {
            table.add(kind, idOf(n).subarray(0, 8), number)
            const same = [...Array(61).keys()].filter(m => hex(idOf(m).subarray(0, 8)) === hex(idOf(n).subarray(0, 8)))
            for (const m of same) model.set(`${kind}:${m}`, [...(model.get(`${kind}:${m}`) ?? []), number])
          } else {
            expect(table.remove(kind, idOf(n).subarray(0, 8), number)).toBe(held.includes(number))
            const same = [...Array(61).keys()].filter(m => hex(idOf(m).subarray(0, 8)) === hex(idOf(n).subarray(0, 8)))
            for (const m of same) {
              const list = [...(model.get(`${kind}:${m}`) ?? [])]
              if (list.includes(number)) list.splice(list.indexOf(number), 1)
              model.set(`${kind}:${m}`, list)
            }
          }
        }
        for (const [key, numbers] of model) {
          const [kind, n] = key.split(':').map(Number) as [number, number]
          expect(sorted(table.find(kind, idOf(n).subarray(0, 8)))).toEqual(sorted(numbers))
        }
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

  it('lets many share one point, and each go alone', () => {
    const table = new PointTable()
    const fingerprint = new Uint8Array(8).fill(9)
    for (let number = 0; number < 1000; number++) table.add(1, fingerprint, number)
    for (let number = 0; number < 1000; number += 2) expect(table.remove(1, fingerprint, number)).toBe(true)
    expect(table.find(1, fingerprint)).toHaveLength(500)
    expect(table.find(1, fingerprint).every(number => number % 2 === 1)).toBe(true)
    for (let number = 1; number < 1000; number += 2) expect(table.remove(1, fingerprint, number)).toBe(true)
    expect(table.find(1, fingerprint)).toEqual([])
    expect(table.size).toBe(0)
  })

  it('finds thousands again after it has grown and half have gone', () => {
    const table = new PointTable()
    const bytes = numbered(5000, 8)
    for (let i = 0; i < 5000; i++) table.add(1, bytes, i, i * 8)
    for (let i = 0; i < 5000; i += 2) expect(table.remove(1, bytes, i, i * 8)).toBe(true)
    for (let i = 0; i < 5000; i++) expect(table.find(1, bytes, i * 8)).toEqual(i % 2 === 0 ? [] : [i])
    table.wipe()
    expect(table.size).toBe(0)
    expect(table.find(1, bytes, 8)).toEqual([])
  })
})
