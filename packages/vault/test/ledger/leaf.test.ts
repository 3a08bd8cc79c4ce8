/// <reference types="node" />
import { encode } from 'cborg'
import { describe, expect, it } from 'vitest'
import { holdsItems, makeLeaf, readHeader } from '../../src/ledger/leaf'
import { inclusionProof, leafHash, rootOf, verifyInclusion } from '../../src/ledger/tree'

const items = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)]
const asked = { index: 5, at: 1_800_000_000_000, epoch: 7, forgetting: true, items }

describe('a leaf', () => {
  it('says which commit it is and holds the root of its entries', () => {
    const { header, hash } = makeLeaf(asked)
    expect(hash).toEqual(leafHash(header))
    expect(readHeader(header)).toEqual({
      index: 5,
      at: 1_800_000_000_000,
      epoch: 7,
      forgetting: true,
      count: 3,
      root: rootOf(items),
    })
  })

  it('is another leaf when anything in it differs', () => {
    const variants = [
      { ...asked, index: 6 },
      { ...asked, at: asked.at + 1 },
      { ...asked, epoch: 8 },
      { ...asked, forgetting: false },
      { ...asked, items: items.slice(1) },
      { ...asked, items: [...items].reverse() },
    ]
    const hashes = [asked, ...variants].map(leaf => Buffer.from(makeLeaf(leaf).hash).toString('hex'))
    expect(new Set(hashes).size).toBe(7)
  })

  it('knows its own entries from others', () => {
    const header = readHeader(makeLeaf(asked).header)
    expect(holdsItems(header, items)).toBe(true)
    expect(holdsItems(header, items.slice(1))).toBe(false)
    expect(holdsItems({ ...header, count: 4 }, items)).toBe(false)
    expect(holdsItems(header, [...items].reverse())).toBe(false)
  })

  it('lets one entry of a batch be proved', () => {
    const { root } = readHeader(makeLeaf(asked).header)
    const hashes = items.map(leafHash)
    const claim = { leafHash: hashes[1] as Uint8Array, index: 1, size: 3, proof: inclusionProof(hashes, 1), root }
    expect(verifyInclusion(claim)).toBe(true)
  })

  it('may have no entries', () => {
    const header = readHeader(makeLeaf({ ...asked, items: [] }).header)
    expect(header.count).toBe(0)
    expect(holdsItems(header, [])).toBe(true)
  })

  it('is refused with a number out of bounds', () => {
    for (const bad of [{ index: -1 }, { at: 0.5 }, { epoch: Number.NaN }]) {
      expect(() => makeLeaf({ ...asked, ...bad })).toThrow(RangeError)
    }
  })

  it('is refused when cut short, or with anything more or other in its header', () => {
    const { header } = makeLeaf(asked)
    for (let n = 0; n < header.length; n++) expect(() => readHeader(header.subarray(0, n))).toThrow(RangeError)
    const good = { v: 1, i: 0, at: 0, e: 0, f: false, n: 0, r: new Uint8Array(32) }
    expect(readHeader(encode(good)).count).toBe(0)
    for (const bad of [{ v: 2 }, { i: -1 }, { f: 0 }, { r: new Uint8Array(31) }, { x: 1 }]) {
      expect(() => readHeader(encode({ ...good, ...bad }))).toThrow(RangeError)
    }
    expect(() => readHeader(encode(null))).toThrow(RangeError)
  })
})
