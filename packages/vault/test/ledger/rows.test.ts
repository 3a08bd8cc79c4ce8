/// <reference types="node" />
import { encode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  firstRecordOf,
  type LedgerRecord,
  type LedgerRow,
  ledgerRowId,
  MAX_LEDGER_RECORD_BYTES,
  MAX_LEDGER_ROW_BYTES,
  packTail,
  ROW_TARGET_BYTES,
  readRow,
} from '../../src/ledger/rows'

const record = (leaf: number, size: number, kind: 0 | 1 = 1): LedgerRecord => [
  leaf,
  kind,
  new Uint8Array(size).fill(leaf),
]
// Comparing large byte arrays element by element is slow.
const shown = (records: readonly LedgerRecord[]) =>
  records.map(([leaf, kind, bytes]) => `${leaf} ${kind} ${Buffer.from(bytes).toString('base64')}`)
const size = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 200 }) }, fc.integer({ min: 0, max: 20_000 }))
const commits = fc.array(fc.array(size, { maxLength: 40 }), { maxLength: 12 })

describe('ledger rows', () => {
  it('hold all records of every commit, in order, numbered without a gap', () => {
    fc.assert(
      fc.property(commits, sizes => {
        const rows: LedgerRow[] = []
        const all: LedgerRecord[] = []
        sizes.forEach((commit, leaf) => {
          const records = commit.map((bytes, i) => record(leaf, bytes, i === 0 ? 0 : 1))
          all.push(...records)
          const open = rows.at(-1)
          const packing = packTail({ tail: open?.plain, tailFirst: open?.first ?? 0, records })
          if (packing.replacesTail) rows.pop()
          rows.push(...packing.rows)
          expect(packing.tail?.first).toBe(rows.at(-1)?.first)
          expect(packing.tail?.plain).toBe(rows.at(-1)?.plain)
        })
        expect(shown(rows.flatMap(row => readRow(row.plain)))).toEqual(shown(all))
        let next = 0
        for (const row of rows) {
          expect(row.first).toBe(next)
          expect(row.plain.length).toBeLessThanOrEqual(MAX_LEDGER_ROW_BYTES)
          expect(Buffer.compare(row.plain, encode(readRow(row.plain)))).toBe(0)
          next += readRow(row.plain).length
        }
      }),
    )
  })

  it('are rewritten only while they are small: a commit of one entry never rewrites more than the target', () => {
    let tail: LedgerRow | undefined
    const rows: LedgerRow[] = []
    for (let leaf = 0; leaf < 500; leaf++) {
      const packing = packTail({ tail: tail?.plain, tailFirst: tail?.first ?? 0, records: [record(leaf, 70)] })
      expect(packing.rows).toHaveLength(1)
      expect(packing.rows[0]?.plain.length).toBeLessThan(ROW_TARGET_BYTES + 100)
      if (packing.replacesTail) rows.pop()
      rows.push(...packing.rows)
      tail = packing.tail
    }
    expect(rows.length).toBeLessThan(12)
  })

  it('of one large commit are few', () => {
    const records = Array.from({ length: 10_000 }, () => record(0, 70))
    const { rows } = packTail({ tail: undefined, tailFirst: 0, records })
    expect(rows.length).toBeLessThan(18)
  })

  it('take the largest record that is allowed, and none larger', () => {
    const records = [record(1, 40), record(1, MAX_LEDGER_RECORD_BYTES), record(1, 40)]
    const { rows } = packTail({ tail: undefined, tailFirst: 0, records })
    expect(rows.map(row => row.first)).toEqual([0, 1, 2])
    expect(rows[1]?.plain.length).toBeLessThanOrEqual(MAX_LEDGER_ROW_BYTES)
    const tooLarge = [record(1, MAX_LEDGER_RECORD_BYTES + 1)]
    expect(() => packTail({ tail: undefined, tailFirst: 0, records: tooLarge })).toThrow(RangeError)
  })

  it('stay as they are when there is nothing to add', () => {
    const { tail } = packTail({ tail: undefined, tailFirst: 7, records: [record(0, 5)] })
    expect(packTail({ tail: tail?.plain, tailFirst: 7, records: [] })).toEqual({ rows: [], tail, replacesTail: false })
    expect(packTail({ tail: undefined, tailFirst: 0, records: [] }).tail).toBeUndefined()
  })

  it('are refused when cut short anywhere, and when they hold anything else', () => {
    const plain = packTail({ tail: undefined, tailFirst: 0, records: [record(0, 40, 0), record(0, 300)] }).tail?.plain
    if (plain === undefined) throw new Error('no row')
    for (let n = 0; n < plain.length; n++) expect(() => readRow(plain.subarray(0, n))).toThrow(RangeError)
    const bytes = new Uint8Array(2)
    const broken: unknown[] = [
      [],
      {},
      [[0, 0]],
      [[0, 2, bytes]],
      [[-1, 0, bytes]],
      [[0, 0, 'text']],
      [[0, 0, bytes, 0]],
      [
        [1, 0, bytes],
        [0, 0, bytes],
      ],
    ]
    for (const value of broken) expect(() => readRow(encode(value))).toThrow(RangeError)
    expect(() => packTail({ tail: encode([]), tailFirst: 0, records: [] })).toThrow(RangeError)
  })

  it('larger than a row are refused before they are read', () => {
    const plain = encode([[0, 1, new Uint8Array(MAX_LEDGER_ROW_BYTES)]])
    expect(() => readRow(plain)).toThrow(RangeError)
  })

  it('that claim more records than their bytes hold are refused without making room for them', () => {
    expect(() => readRow(Uint8Array.of(0x9a, 0xff, 0xff, 0xff, 0xff, 0x80))).toThrow(RangeError)
    expect(() => readRow(Uint8Array.of(0x81, 0x83, 0, 0, 0x5a, 0xff, 0xff, 0xff, 0xff))).toThrow(RangeError)
  })
})

describe('the id of a ledger row', () => {
  it('sorts as the ledger runs, whatever its random bytes are', () => {
    const eight = fc.uint8Array({ minLength: 8, maxLength: 8 })
    const number = fc.maxSafeNat()
    fc.assert(
      fc.property(number, number, eight, eight, (a, b, ra, rb) => {
        fc.pre(a !== b)
        const [ida, idb] = [ledgerRowId(a, ra), ledgerRowId(b, rb)]
        expect(Buffer.compare(ida, idb) < 0).toBe(a < b)
        expect(firstRecordOf(ida)).toBe(a)
      }),
    )
  })

  it('is refused out of bounds', () => {
    const eight = new Uint8Array(8)
    expect(() => ledgerRowId(-1, eight)).toThrow(RangeError)
    expect(() => ledgerRowId(0, new Uint8Array(7))).toThrow(RangeError)
    expect(() => firstRecordOf(new Uint8Array(15))).toThrow(RangeError)
    expect(() => firstRecordOf(new Uint8Array(16).fill(255))).toThrow(RangeError)
  })
})
