/// <reference types="node" />
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  appendLeaf,
  consistencyProof,
  decodeFrontier,
  emptyFrontier,
  encodeFrontier,
  type Frontier,
  frontierRoot,
  inclusionProof,
  leafHash,
  nodeHash,
  rootOf,
  rootOfHashes,
  verifyConsistency,
  verifyInclusion,
} from '../../src/ledger/tree'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const fromHex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))

// The eight leaves and the roots of the trees of the first n of them that every RFC 6962 implementation tests with:
// certificate-transparency, cpp/merkletree/merkle_tree_test.cc; transparency-dev/merkle, testonly/constants.go.
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  fromHex,
)
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const HASHES = LEAVES.map(leafHash)

/** RFC 6962, 2.1, word by word. */
function mth(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array(0))
  if (leaves.length === 1) return sha256(Uint8Array.of(0, ...(leaves[0] as Uint8Array)))
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return sha256(Uint8Array.of(1, ...mth(leaves.slice(0, k)), ...mth(leaves.slice(k))))
}

const grown = (hashes: readonly Uint8Array[]) => hashes.reduce<Frontier>(appendLeaf, emptyFrontier())
const leavesOf = (n: number) => Array.from({ length: n }, (_, i) => Uint8Array.of(i, i >>> 8))
const flipped = (bytes: Uint8Array, bit: number) =>
  bytes.map((byte, i) => (i === bit >>> 3 ? byte ^ (1 << (bit & 7)) : byte))

describe('the Merkle tree', () => {
  it('has the roots that RFC 6962 implementations agree on', () => {
    for (let n = 0; n <= LEAVES.length; n++) {
      expect(hex(rootOf(LEAVES.slice(0, n)))).toBe(ROOTS[n])
      expect(hex(frontierRoot(grown(HASHES.slice(0, n))))).toBe(ROOTS[n])
    }
  })

  it('keeps leaves apart from nodes', () => {
    const [left, right] = [leafHash(Uint8Array.of(1)), leafHash(Uint8Array.of(2))]
    expect(hex(leafHash(Uint8Array.of(...left, ...right)))).not.toBe(hex(nodeHash(left, right)))
  })

  it('has the root of the definition for trees of every size up to 200', () => {
    for (let n = 0; n <= 200; n++) {
      const leaves = leavesOf(n)
      expect(hex(rootOf(leaves))).toBe(hex(mth(leaves)))
    }
  })
})

describe('the frontier', () => {
  it('gives the root of all that was appended, through its bytes, at every size', () => {
    let frontier = emptyFrontier()
    const leaves = leavesOf(150)
    leaves.forEach((leaf, i) => {
      frontier = decodeFrontier(encodeFrontier(appendLeaf(frontier, leafHash(leaf))))
      expect(frontier.size).toBe(i + 1)
      expect(hex(frontierRoot(frontier))).toBe(hex(mth(leaves.slice(0, i + 1))))
    })
  })

  it('is not changed by appending to it', () => {
    const before = grown(HASHES.slice(0, 3))
    const bytes = hex(encodeFrontier(before))
    appendLeaf(before, HASHES[3] as Uint8Array)
    expect(hex(encodeFrontier(before))).toBe(bytes)
  })

  it('is refused when a byte is missing or too many', () => {
    const bytes = encodeFrontier(grown(HASHES.slice(0, 7)))
    for (let n = 0; n < bytes.length; n++) expect(() => decodeFrontier(bytes.subarray(0, n))).toThrow(RangeError)
    expect(() => decodeFrontier(Uint8Array.of(...bytes, 0))).toThrow(RangeError)
  })

  it('is refused when its size is past what a number holds', () => {
    const bytes = new Uint8Array(8 + 32)
    bytes[0] = 0x80
    expect(() => decodeFrontier(bytes)).toThrow(RangeError)
  })
})

describe('inclusion', () => {
  it('is proved for every leaf of every tree up to 40, and for no other leaf, place, size or root', () => {
    for (let size = 1; size <= 40; size++) {
      const hashes = leavesOf(size).map(leafHash)
      const root = rootOfHashes(hashes)
      for (let index = 0; index < size; index++) {
        const claim = { leafHash: hashes[index] as Uint8Array, index, size, proof: inclusionProof(hashes, index), root }
        expect(verifyInclusion(claim)).toBe(true)
        expect(verifyInclusion({ ...claim, leafHash: flipped(claim.leafHash, index) })).toBe(false)
        expect(verifyInclusion({ ...claim, index: index + 1 })).toBe(false)
        expect(verifyInclusion({ ...claim, size: size * 4 })).toBe(false)
        expect(verifyInclusion({ ...claim, root: flipped(root, size) })).toBe(false)
        expect(verifyInclusion({ ...claim, proof: [...claim.proof, root] })).toBe(false)
        if (size > 1) expect(verifyInclusion({ ...claim, proof: claim.proof.slice(1) })).toBe(false)
      }
    }
  })

  it('can not be asked of a leaf that is not there', () => {
    for (const index of [-1, 8, 0.5, Number.NaN]) expect(() => inclusionProof(HASHES, index)).toThrow(RangeError)
  })
})

describe('consistency', () => {
  it('is proved between any two sizes up to 40, and not with another root', () => {
    const all = leavesOf(40).map(leafHash)
    for (let size = 1; size <= 40; size++) {
      const hashes = all.slice(0, size)
      const root = rootOfHashes(hashes)
      for (let oldSize = 1; oldSize <= size; oldSize++) {
        const oldRoot = rootOfHashes(all.slice(0, oldSize))
        const claim = { oldSize, oldRoot, size, root, proof: consistencyProof(hashes, oldSize) }
        expect(verifyConsistency(claim)).toBe(true)
        expect(verifyConsistency({ ...claim, oldRoot: flipped(oldRoot, size) })).toBe(false)
        expect(verifyConsistency({ ...claim, root: flipped(root, oldSize) })).toBe(false)
        expect(verifyConsistency({ ...claim, proof: [...claim.proof, root] })).toBe(false)
      }
    }
  })

  it('is not proved when an early leaf was changed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 64 }), fc.nat(), fc.nat(), (size, a, b) => {
        const oldSize = 1 + (a % size)
        const honest = leavesOf(size).map(leafHash)
        const edited = honest.map((hash, i) => (i === b % oldSize ? flipped(hash, 0) : hash))
        const oldRoot = rootOfHashes(honest.slice(0, oldSize))
        const proof = consistencyProof(edited, oldSize)
        expect(verifyConsistency({ oldSize, oldRoot, size, root: rootOfHashes(edited), proof })).toBe(false)
      }),
    )
  })

  it('can not be asked of an empty or a later tree', () => {
    for (const size of [0, 9, -1, 1.5]) expect(() => consistencyProof(HASHES, size)).toThrow(RangeError)
  })
})

// transparency-dev/merkle, testdata/: proofs good and broken, where they are at hand. `AMANAT_CORPORA` names the folder.
const corpora = process.env.AMANAT_CORPORA
const probes = (kind: string): { name: string; claim: Record<string, unknown> }[] => {
  const folder = corpora === undefined ? '' : join(corpora, 'merkle', kind)
  if (folder === '' || !existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.json'))
    .map(name => ({ name, claim: JSON.parse(readFileSync(join(folder, name), 'utf8')) }))
}
const bytes = (text: unknown) => new Uint8Array(Buffer.from((text as string | null) ?? '', 'base64'))
const path = (proof: unknown) => ((proof as string[] | null) ?? []).map(bytes)

describe.skipIf(corpora === undefined)('the probes of transparency-dev/merkle', () => {
  it('are at hand', () => {
    expect(probes('inclusion').length).toBeGreaterThan(90)
    expect(probes('consistency').length).toBeGreaterThan(90)
  })

  it.each(probes('inclusion'))('inclusion/$name', ({ claim }) => {
    const verdict = verifyInclusion({
      leafHash: bytes(claim.leafHash),
      index: claim.leafIdx as number,
      size: claim.treeSize as number,
      proof: path(claim.proof),
      root: bytes(claim.root),
    })
    expect(verdict).toBe(!claim.wantErr)
  })

  it.each(probes('consistency'))('consistency/$name', ({ claim }) => {
    const verdict = verifyConsistency({
      oldSize: claim.size1 as number,
      oldRoot: bytes(claim.root1),
      size: claim.size2 as number,
      root: bytes(claim.root2),
      proof: path(claim.proof),
    })
    expect(verdict).toBe(!claim.wantErr)
  })
})

// Two of them, so that proofs made elsewhere are checked everywhere (inclusion/1 and consistency/4, happy-path.json).
describe('a proof from elsewhere', () => {
  const base64 = (texts: string[]) => texts.map(bytes)

  it('of leaf 0 in the tree of 8 is accepted', () => {
    const proof = base64([
      'lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=',
      'Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=',
      'a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=',
    ])
    const root = fromHex(ROOTS[8] as string)
    expect(verifyInclusion({ leafHash: HASHES[0] as Uint8Array, index: 0, size: 8, proof, root })).toBe(true)
    expect(inclusionProof(HASHES, 0).map(hex)).toEqual(proof.map(hex))
  })

  it('that the tree of 7 begins with the tree of 6 is accepted', () => {
    const proof = base64([
      'DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o=',
      'sIaT7C5yFZcTBkHoIR5+7cy0wmQTlj7ubB4u0W/7Gl8=',
      '037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=',
    ])
    const claim = { oldSize: 6, oldRoot: fromHex(ROOTS[6] as string), size: 7, root: fromHex(ROOTS[7] as string) }
    expect(verifyConsistency({ ...claim, proof })).toBe(true)
    expect(consistencyProof(HASHES.slice(0, 7), 6).map(hex)).toEqual(proof.map(hex))
  })
})
