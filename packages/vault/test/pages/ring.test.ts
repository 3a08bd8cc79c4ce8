import { Secret } from '@amanat/crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex } from '../../src/bytes'
import {
  CHUNK_ENTRIES,
  type Chunk,
  decodeChunk,
  decodeChunkList,
  encodeChunk,
  encodeChunkList,
  Ring,
  type RingEntry,
} from '../../src/pages/ring'

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
    expect(() => decodeChunk(encodeChunk([page(1)]).subarray(0, length))).toThrow(new RangeError('chunk malformed'))
  })

  it('writes a chunk in the bytes that its file gives, and refuses another format, table or count', () => {
    const entries = [page(20_000), { ...page(7), table: 'exports' as const, count: 0 }]
    const bytes = encodeChunk(entries)
    const view = new DataView(bytes.buffer)
    expect(bytes).toHaveLength(4 + 2 * 60)
    expect([...bytes.subarray(0, 4)]).toEqual([1, 0, 2, 0])
    entries.forEach((entry, i) => {
      const at = 4 + i * 60
      expect([bytes[at], bytes[at + 1]]).toEqual([i, 0])
      expect(view.getUint16(at + 2, true)).toBe(entry.count)
      expect(view.getUint32(at + 4, true)).toBe(entry.bucket)
      expect(view.getUint32(at + 8, true)).toBe(entry.size)
      expect(bytes.subarray(at + 12, at + 28)).toEqual(entry.id)
      expect(bytes.subarray(at + 28, at + 60)).toEqual(entry.secret.expose())
    })
    expect(decodeChunk(bytes).map(({ table }) => table)).toEqual(['pages', 'exports'])
    expect(decodeChunk(encodeChunk([]))).toEqual([])
    for (const wrong of [bytes.with(0, 0), bytes.with(0, 2), bytes.with(2, 1), bytes.with(3, 1), bytes.with(4, 2)]) {
      expect(() => decodeChunk(wrong)).toThrow(new RangeError('chunk malformed'))
    }
  })

  it('lists chunks as 48 bytes each, and refuses any other length', () => {
    const chunks = [...ringOf(Array.from({ length: 250 }, () => page(9))).chunks.values()]
    const bytes = encodeChunkList(chunks)
    expect(bytes).toHaveLength(3 * 48)
    expect(bytes.subarray(48, 64)).toEqual(chunks[1]?.id)
    expect(bytes.subarray(64, 96)).toEqual(chunks[1]?.secret.expose())
    const back = decodeChunkList(bytes)
    expect(back.map(({ id, secret }) => [id, secret.expose()])).toEqual(
      chunks.map(({ id, secret }) => [id, secret.expose()]),
    )
    bytes.fill(0)
    expect(back[0]?.id).toEqual(chunks[0]?.id)
    expect(decodeChunkList(new Uint8Array())).toEqual([])
    for (const length of [1, 47, 49, 96 - 16]) {
      expect(() => decodeChunkList(new Uint8Array(length))).toThrow(new RangeError('ring root malformed'))
    }
  })

  it('tells pages from exports, and how many it lists', () => {
    const exported = { ...page(3), table: 'exports' as const }
    const ring = ringOf([page(1), exported, page(2)])
    expect([...ring.entries('exports')]).toEqual([exported])
    expect([...ring.entries('pages')]).toHaveLength(2)
    expect([...ring.entries()]).toHaveLength(3)
    expect(ring.size).toBe(3)
    expect(ring.entry(hex(exported.id))).toBe(exported)
    expect(new Ring(ring.chunks).size).toBe(3)
    expect(Ring.empty.size).toBe(0)
  })

  it('fills the chunk with most room, never one that is full or did not open, and drops what it empties', () => {
    const chunkOf = (count: number, damaged = false): Chunk => ({
      id: randomness(16),
      secret: Secret.of<'row'>(randomness(32)),
      entries: Array.from({ length: count }, () => page(9)),
      ...(damaged ? { damaged: true } : {}),
    })
    const chunks = [chunkOf(60), chunkOf(30), chunkOf(CHUNK_ENTRIES), chunkOf(0, true), chunkOf(40)]
    const ring = new Ring(new Map(chunks.map(chunk => [hex(chunk.id), chunk])))
    const one = ring.change(new Set(), [page(9)], 0, randomness)
    expect(one.dropped).toEqual([chunks[1]?.id])
    expect(one.written.map(({ entries }) => entries.length)).toEqual([31])
    const many = ring.change(
      new Set(),
      Array.from({ length: 75 }, () => page(9)),
      0,
      randomness,
    )
    expect(many.dropped).toEqual([chunks[1]?.id])
    expect(many.written.map(({ entries }) => entries.length)).toEqual([100, 5])
    expect(many.next.chunks.get(hex(chunks[3]?.id as Uint8Array))).toBe(chunks[3])
    // A chunk that is rewritten anyway takes in what is new, before any other.
    const gone = hex(chunks[0]?.entries[0]?.id as Uint8Array)
    const both = ring.change(new Set([gone, 'not here']), [page(9)], 0, randomness)
    expect(both.dropped).toEqual([chunks[0]?.id])
    expect(both.written.map(({ entries }) => entries.length)).toEqual([60])
    const all = new Set(chunks[1]?.entries.map(({ id }) => hex(id)))
    const emptied = ring.change(all, [], 0, randomness)
    expect([emptied.dropped, emptied.written]).toEqual([[chunks[1]?.id], []])
    expect(emptied.next.size).toBe(200)
    const full = ringOf(Array.from({ length: 100 }, () => page(9)))
    expect(full.change(new Set(), [page(9)], 0, randomness).dropped).toEqual([])
    // An id is one's own, wherever its bytes came from.
    const shared = new Uint8Array(48)
    const [written] = Ring.empty.change(new Set(), [page(1)], 0, length => shared.fill(5).subarray(0, length)).written
    shared.fill(9)
    expect(written?.id).toEqual(new Uint8Array(16).fill(5))
  })

  it('touches nothing when nothing changes, and sweeps no chunk of which more than half still stands or that is empty', () => {
    const ring = ringOf([...Array.from({ length: 51 }, () => page(50)), ...Array.from({ length: 49 }, () => page(1))])
    const still = ring.change(new Set(), [], 20, randomness, true)
    expect([still.dropped, still.written, still.next.size]).toEqual([[], [], 100])
    const empty = { id: randomness(16), secret: Secret.of<'row'>(randomness(32)), entries: [], damaged: true as const }
    const damaged = new Ring(new Map([[hex(empty.id), empty]]))
    expect(damaged.change(new Set(), [], 20, randomness, true).dropped).toEqual([])
    const half = ringOf([...Array.from({ length: 50 }, () => page(20)), ...Array.from({ length: 50 }, () => page(19))])
    const swept = half.change(new Set(), [], 20, randomness, true)
    expect(swept.dropped).toHaveLength(1)
    expect(swept.written.map(({ entries }) => entries.length)).toEqual([50])
  })

  it('agrees with a plain list under any history: nobody is lost, nobody stays, and old chunks are never written again', () => {
    const step = fc.record({
      add: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 130 }),
      remove: fc.array(fc.nat(), { maxLength: 5 }),
      today: fc.integer({ min: 0, max: 9 }),
      sweep: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), steps => {
        let ring = Ring.empty
        let today = 0
        /** What must be listed, and what may be no more: of days that have passed. */
        let live = new Map<string, RingEntry>()
        for (const { add, remove, today: day, sweep } of steps) {
          today = Math.max(today, day)
          const keys = [...live.keys()]
          const gone = new Set(keys.length === 0 ? [] : remove.map(n => keys[n % keys.length] as string))
          const fresh = add.map(days => page(today + days))
          const before = ring
          const beforeKeys = keysOf(before)
          const { next, dropped, written } = ring.change(gone, fresh, today, randomness, sweep)
          live = new Map([...live].filter(([key]) => !gone.has(key)))
          for (const entry of fresh) live.set(hex(entry.id), entry)
          ring = next
          for (const [key, entry] of live) {
            if (entry.bucket >= today) expect(ring.entry(key)).toBe(entry)
            else if (!ring.entry(key)) live.delete(key)
          }
          for (const key of gone) expect(ring.entry(key)).toBeUndefined()
          expect(ring.size).toBe(live.size)
          expect(keysOf(ring)).toEqual([...live.keys()].sort())
          expect([...ring.chunks.values()].flatMap(({ entries }) => entries)).toHaveLength(ring.size)
          for (const { entries } of ring.chunks.values()) {
            expect(entries.length).toBeGreaterThan(0)
            expect(entries.length).toBeLessThanOrEqual(CHUNK_ENTRIES)
          }
          for (const { entries } of written) expect(entries.every(({ bucket }) => bucket >= today)).toBe(true)
          expect([...before.chunks.keys()].filter(key => !ring.chunks.has(key)).sort()).toEqual(dropped.map(hex).sort())
          expect([...ring.chunks.keys()].filter(key => !before.chunks.has(key)).sort()).toEqual(
            written.map(({ id }) => hex(id)).sort(),
          )
          // The ring of before stands as it was: a commit that fails goes on with it.
          expect(keysOf(before)).toEqual(beforeKeys)
        }
      }),
      { numRuns: 60 },
    )
  })
})
