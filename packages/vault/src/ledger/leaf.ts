/**
 * One leaf of the ledger for each commit. The leaf is a small header that holds the Merkle root of the commit's
 * entries, so that a batch of any size costs the tree one hash, and one entry can still be proved.
 */
import { decodeRecord, encodeRecord } from '../record/record'
import { HASH_BYTES, leafHash, rootOf } from './tree'

export interface LeafHeader {
  /** The leaf's place in the tree, from 0. */
  readonly index: number
  /** Milliseconds since 1970, UTC. */
  readonly at: number
  readonly epoch: number
  /** Whether the commit forgot something before its day: whoever reads it looks for *verified up to* this epoch (R15). */
  readonly forgetting: boolean
  /** How many entries. */
  readonly count: number
  /** Merkle root of the entries. */
  readonly root: Uint8Array
}

export interface NewLeaf extends Omit<LeafHeader, 'count' | 'root'> {
  /** Encoded entries, in order. */
  readonly items: readonly Uint8Array[]
}

/** The header's bytes, and the leaf's hash: SHA-256(0x00 ‖ header). */
export function makeLeaf({ index, at, epoch, forgetting, items }: NewLeaf): { header: Uint8Array; hash: Uint8Array } {
  if (![index, at, epoch].every(isCount)) throw new RangeError('leaf out of bounds')
  const header = encodeRecord({ v: 1, i: index, at, e: epoch, f: forgetting, n: items.length, r: rootOf(items) })
  return { header, hash: leafHash(header) }
}

/** @throws RangeError when the bytes are not exactly what {@link makeLeaf} would write. */
export function readHeader(bytes: Uint8Array): LeafHeader {
  const value = decodeRecord(bytes)
  if (typeof value !== 'object' || value === null) throw new RangeError('leaf malformed')
  const { v, i, at, e, f, n, r } = value as Record<string, unknown>
  if (
    Object.keys(value).length !== 7 ||
    v !== 1 ||
    !isCount(i) ||
    !isCount(at) ||
    !isCount(e) ||
    typeof f !== 'boolean' ||
    !isCount(n) ||
    !(r instanceof Uint8Array) ||
    r.length !== HASH_BYTES
  ) {
    throw new RangeError('leaf malformed')
  }
  return { index: i, at, epoch: e, forgetting: f, count: n, root: r }
}

/** Whether these are the entries that the header speaks of. */
export function holdsItems(header: LeafHeader, items: readonly Uint8Array[]): boolean {
  const root = rootOf(items)
  return header.count === items.length && root.every((byte, i) => byte === header.root[i])
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
