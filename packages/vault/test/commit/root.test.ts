/** The root row: its clear part as the table in `root.ts` gives it, and what is refused before anything is made of it. */
import { describe, expect, it } from 'vitest'
import { decodeRoot, encodeRoot, isPlaceholder, PLACEHOLDER, rootAtTick, rootHeader } from '../../src/commit/root'

const clear = {
  vaultId: new Uint8Array(16).fill(7),
  epoch: 2 ** 40 + 3,
  commitment: new Uint8Array(32).fill(9),
  tick: 20_515,
  sealed: new Uint8Array(60).fill(4),
}
const example = () => encodeRoot(clear)
const corrupt = { code: 'CORRUPT', data: { row: 'root' } }

function refused(bytes: Uint8Array): unknown {
  try {
    decodeRoot(bytes)
  } catch (error) {
    return error
  }
  return undefined
}

describe('a root', () => {
  it('stands in the bytes that the table gives, and comes back', () => {
    const bytes = example()
    expect(bytes).toHaveLength(68 + 60)
    const view = new DataView(bytes.buffer)
    expect(Buffer.from(bytes.subarray(0, 4)).toString()).toBe('AMNR')
    expect([view.getUint16(4, true), view.getUint16(6, true)]).toEqual([1, 0])
    expect(bytes.subarray(8, 24)).toEqual(clear.vaultId)
    expect(view.getBigUint64(24, true)).toBe(BigInt(clear.epoch))
    expect(bytes.subarray(32, 64)).toEqual(clear.commitment)
    expect(view.getUint32(64, true)).toBe(clear.tick)
    expect(bytes.subarray(68)).toEqual(clear.sealed)
    expect(decodeRoot(bytes)).toEqual(clear)
    expect(rootHeader(clear)).toEqual(bytes.subarray(0, 64))
  })

  it('shares nothing of its id and commitment with the bytes it was read from', () => {
    const bytes = example()
    const { vaultId, commitment } = decodeRoot(bytes)
    bytes.fill(0)
    expect([vaultId, commitment]).toEqual([clear.vaultId, clear.commitment])
  })

  it('at a later tick differs in the tick alone, and leaves the first one as it was', () => {
    const bytes = example()
    expect(decodeRoot(rootAtTick(bytes, 30_001))).toEqual({ ...clear, tick: 30_001 })
    expect(bytes).toEqual(example())
  })

  it('too short for a seal, or larger than any root, is damage', () => {
    const shortest = encodeRoot({ ...clear, sealed: new Uint8Array(40) })
    expect(decodeRoot(shortest).sealed).toHaveLength(40)
    for (let n = 0; n < shortest.length; n++) expect(refused(shortest.subarray(0, n))).toMatchObject(corrupt)
    const most = 4 * 1024 * 1024
    expect(decodeRoot(encodeRoot({ ...clear, sealed: new Uint8Array(most - 68) })).tick).toBe(clear.tick)
    expect(refused(encodeRoot({ ...clear, sealed: new Uint8Array(most - 67) }))).toMatchObject(corrupt)
  })

  it('with another magic, an older format or something where zeros are is damage, and a later format is named', () => {
    for (const at of [0, 1, 2, 3]) expect(refused(example().with(at, 0x21))).toMatchObject(corrupt)
    expect(refused(example().with(4, 0))).toMatchObject(corrupt)
    for (const at of [6, 7]) expect(refused(example().with(at, 1))).toMatchObject(corrupt)
    expect(refused(example().with(4, 2))).toMatchObject({ code: 'FORMAT_TOO_NEW' })
    expect(refused(example().with(5, 1))).toMatchObject({ code: 'FORMAT_TOO_NEW' })
  })

  it('counts epochs up to what a number holds', () => {
    const most = encodeRoot({ ...clear, epoch: Number.MAX_SAFE_INTEGER })
    expect(decodeRoot(most).epoch).toBe(Number.MAX_SAFE_INTEGER)
    const beyond = most.slice()
    new DataView(beyond.buffer).setBigUint64(24, 2n ** 53n, true)
    expect(refused(beyond)).toMatchObject(corrupt)
  })

  it('is none while a backup is brought in', () => {
    expect(Buffer.from(PLACEHOLDER).toString()).toBe('AMNP')
    expect(isPlaceholder(PLACEHOLDER)).toBe(true)
    expect(isPlaceholder(example())).toBe(false)
    expect(isPlaceholder(Uint8Array.of(...PLACEHOLDER, 0))).toBe(false)
    expect(refused(PLACEHOLDER)).toMatchObject({ code: 'VAULT_MISSING' })
  })
})
