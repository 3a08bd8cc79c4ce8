import { Secret } from '@amanat/crypto'
import { describe, expect, it } from 'vitest'
import { hex } from '../../src/bytes'
import { CHUNK_ENTRIES, decodeChunk, encodeChunk, Ring, type RingEntry } from '../../src/pages/ring'

let drawn = 0
/** Never the same twice: ids are what tells pages apart. */
const randomness = (length: number) => {
  const bytes = new Uint8Array(length)
  new DataView(bytes.buffer).setUint32(0, ++drawn)
  return bytes
}
const page = (bucket: number): RingEntry => ({
  table: 'pages',
  id: randomness(16),
  bucket,
  secret: Secret.of<'row'>(randomness(32)),
  size: 24_000,
  count: 60,
})
const ringOf = (entries: readonly RingEntry[]) => Ring.empty.change(new Set(), entries, 0, randomness).next
const keysOf = (ring: Ring) => [...ring.entries()].map(({ id }) => hex(id)).sort()

describe('the ring', () => {
  it('lists each page once, in chunks of a hundred at most, and comes back from its bytes', () => {
    const entries = Array.from({ length: 250 }, (_, i) => page(i))
    const ring = ringOf(entries)
    expect(ring.chunks.size).toBe(3)
    expect(keysOf(ring)).toEqual(entries.map(({ id }) => hex(id)).sort())
    for (const chunk of ring.chunks.values()) {
      expect(chunk.entries.length).toBeLessThanOrEqual(CHUNK_ENTRIES)
      const read = decodeChunk(encodeChunk(chunk.entries))
      expect(read.map(entry => ({ ...entry, secret: entry.secret.expose() }))).toEqual(
        chunk.entries.map(entry => ({ ...entry, secret: entry.secret.expose() })),
      )
    }
  })

  it('gives a chunk that changes a new id and a new secret, and leaves the others as they are', () => {
    const ring = ringOf(Array.from({ length: 250 }, () => page(9)))
    const [first] = [...ring.chunks.values()]
    const gone = hex(first?.entries[0]?.id as Uint8Array)
    const { next, dropped, written } = ring.change(new Set([gone]), [page(9)], 0, randomness)
    expect(dropped).toEqual([first?.id])
    expect(written).toHaveLength(1)
    expect(written[0]?.secret.expose()).not.toEqual(first?.secret.expose())
    expect(next.entry(gone)).toBeUndefined()
    expect(next.size).toBe(250)
    expect([...next.chunks.keys()].filter(key => ring.chunks.has(key))).toHaveLength(2)
  })

  it('sweeps away chunks of which half has passed, so that nothing stays listed for good', () => {
    const ring = ringOf([...Array.from({ length: 100 }, () => page(1)), ...Array.from({ length: 100 }, () => page(50))])
    expect(ring.change(new Set(), [], 20, randomness).next.size).toBe(200)
    const { next, dropped } = ring.change(new Set(), [], 20, randomness, true)
    expect(dropped).toHaveLength(1)
    expect(next.size).toBe(100)
    expect([...next.entries()].every(({ bucket }) => bucket === 50)).toBe(true)
  })

  it.each([0, 3, 5, 63])('refuses bytes that are no chunk: %i of them', length => {
    expect(() => decodeChunk(encodeChunk([page(1)]).subarray(0, length))).toThrow(RangeError)
  })
})
