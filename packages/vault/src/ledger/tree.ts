/**
 * The Merkle tree of RFC 6962, section 2.1 (the same in RFC 9162), over SHA-256: roots, proofs, and the frontier, which
 * is all that must be kept of a tree to append to it. What a leaf means is for `leaf.ts`.
 *
 * Proofs take leaf hashes, not leaves, so that a tree can be proved from without the entries below it.
 */
import { sha256 } from '@noble/hashes/sha2.js'

export const HASH_BYTES = 32

/** SHA-256(0x00 ‖ leaf). The prefix keeps a leaf from passing for a node. */
export function leafHash(leaf: Uint8Array): Uint8Array {
  return sha256.create().update(LEAF).update(leaf).digest()
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256.create().update(NODE).update(left).update(right).digest()
}

const LEAF = new Uint8Array([0])
const NODE = new Uint8Array([1])

/** The root over leaves themselves, MTH(D[n]); of none, SHA-256 of nothing. */
export function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  return rootOfHashes(leaves.map(leafHash))
}

/** The root over leaf hashes. */
export function rootOfHashes(hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.length === 0 ? sha256(new Uint8Array(0)) : subtree(hashes, 0, hashes.length)
}

function subtree(hashes: readonly Uint8Array[], from: number, to: number): Uint8Array {
  if (to - from === 1) return hashes[from] as Uint8Array
  const middle = from + split(to - from)
  return nodeHash(subtree(hashes, from, middle), subtree(hashes, middle, to))
}

/** The largest power of two below n. */
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/**
 * A tree's size, and the roots of the full subtrees that make it up, largest first: one for each 1 in the size written
 * in binary. Immutable.
 */
export interface Frontier {
  readonly size: number
  readonly roots: readonly Uint8Array[]
}

export function emptyFrontier(): Frontier {
  return { size: 0, roots: [] }
}

export function appendLeaf(frontier: Frontier, hash: Uint8Array): Frontier {
  const roots = [...frontier.roots]
  let node = hash
  for (let size = frontier.size; size % 2 === 1; size = Math.floor(size / 2)) {
    node = nodeHash(roots.pop() as Uint8Array, node)
  }
  roots.push(node)
  return { size: frontier.size + 1, roots }
}

/** Equals {@link rootOfHashes} of everything that was appended. */
export function frontierRoot({ roots }: Frontier): Uint8Array {
  if (roots.length === 0) return rootOfHashes([])
  return roots.reduceRight((right, left) => nodeHash(left, right))
}

/** u64 big endian size, then the roots. */
export function encodeFrontier({ size, roots }: Frontier): Uint8Array {
  const bytes = new Uint8Array(8 + roots.length * HASH_BYTES)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(size))
  roots.forEach((root, i) => {
    bytes.set(root, 8 + i * HASH_BYTES)
  })
  return bytes
}

/** @throws RangeError unless the length is exactly what the size asks for. */
export function decodeFrontier(bytes: Uint8Array): Frontier {
  if (bytes.length < 8) throw new RangeError('frontier malformed')
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0))
  if (!Number.isSafeInteger(size) || bytes.length !== 8 + ones(size) * HASH_BYTES) {
    throw new RangeError('frontier malformed')
  }
  const roots: Uint8Array[] = []
  for (let at = 8; at < bytes.length; at += HASH_BYTES) roots.push(bytes.slice(at, at + HASH_BYTES))
  return { size, roots }
}

function ones(n: number): number {
  let count = 0
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2
  return count
}

/** PATH(m, D[n]) of RFC 6962, 2.1.1, from the leaf upwards. @throws RangeError when there is no such leaf. */
export function inclusionProof(hashes: readonly Uint8Array[], index: number): Uint8Array[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= hashes.length) throw new RangeError('no such leaf')
  const proof: Uint8Array[] = []
  let from = 0
  let to = hashes.length
  while (to - from > 1) {
    const middle = from + split(to - from)
    if (index < middle) {
      proof.push(subtree(hashes, middle, to))
      to = middle
    } else {
      proof.push(subtree(hashes, from, middle))
      from = middle
    }
  }
  return proof.reverse()
}

/**
 * PROOF(m, D[n]) of RFC 6962, 2.1.2: that the tree of today begins with the tree of `oldSize` leaves. Empty when the
 * sizes are the same. @throws RangeError when `oldSize` isn't from 1 to the size of today.
 */
export function consistencyProof(hashes: readonly Uint8Array[], oldSize: number): Uint8Array[] {
  if (!Number.isSafeInteger(oldSize) || oldSize < 1 || oldSize > hashes.length) throw new RangeError('no such tree')
  const proof: Uint8Array[] = []
  let from = 0
  let to = hashes.length
  while (oldSize !== to) {
    const middle = from + split(to - from)
    if (oldSize <= middle) {
      proof.push(subtree(hashes, middle, to))
      to = middle
    } else {
      proof.push(subtree(hashes, from, middle))
      from = middle
    }
  }
  // The old tree's last full subtree; left out where it is the whole old tree, whose root the verifier has.
  if (from > 0) proof.push(subtree(hashes, from, to))
  return proof.reverse()
}

export interface InclusionClaim {
  readonly leafHash: Uint8Array
  readonly index: number
  readonly size: number
  readonly proof: readonly Uint8Array[]
  readonly root: Uint8Array
}

/** RFC 9162, 2.1.3.2. False for whatever isn't proved, malformed claims included; never throws. */
export function verifyInclusion({ leafHash: hash, index, size, proof, root }: InclusionClaim): boolean {
  if (!isSize(index) || !isSize(size) || index >= size) return false
  if (![hash, ...proof].every(isHash)) return false
  let node = index
  let last = size - 1
  let computed = hash
  for (const sibling of proof) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      computed = nodeHash(sibling, computed)
      while (node % 2 === 0 && node !== 0) {
        node /= 2
        last = half(last)
      }
    } else {
      computed = nodeHash(computed, sibling)
    }
    node = half(node)
    last = half(last)
  }
  return last === 0 && sameBytes(computed, root)
}

export interface ConsistencyClaim {
  readonly oldSize: number
  readonly oldRoot: Uint8Array
  readonly size: number
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/**
 * RFC 9162, 2.1.4.2. False for whatever isn't proved, malformed claims included; never throws. An empty old tree is
 * the beginning of every tree, so nothing can be proved of it: false.
 */
export function verifyConsistency({ oldSize, oldRoot, size, root, proof }: ConsistencyClaim): boolean {
  if (!isSize(oldSize) || !isSize(size) || oldSize === 0 || oldSize > size) return false
  if (!proof.every(isHash)) return false
  if (oldSize === size) return proof.length === 0 && sameBytes(oldRoot, root)
  if (proof.length === 0) return false
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : [...proof]
  let node = oldSize - 1
  let last = size - 1
  while (node % 2 === 1) {
    node = half(node)
    last = half(last)
  }
  let oldComputed = path[0] as Uint8Array
  let computed = oldComputed
  for (const sibling of path.slice(1)) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      oldComputed = nodeHash(sibling, oldComputed)
      computed = nodeHash(sibling, computed)
      while (node % 2 === 0 && node !== 0) {
        node /= 2
        last = half(last)
      }
    } else {
      computed = nodeHash(computed, sibling)
    }
    node = half(node)
    last = half(last)
  }
  return last === 0 && sameBytes(oldComputed, oldRoot) && sameBytes(computed, root)
}

// Sizes pass 2^32, so no bit operators.
const half = (n: number): number => Math.floor(n / 2)
const isSize = (n: number): boolean => Number.isSafeInteger(n) && n >= 0
const isPowerOfTwo = (n: number): boolean => ones(n) === 1
const isHash = (bytes: Uint8Array): boolean => bytes.length === HASH_BYTES

/** Roots and hashes are public: no need for constant time. */
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
