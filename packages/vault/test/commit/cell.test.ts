/**
 * The cell by itself, byte by byte: what a half holds, which record is kept of everything that a crash, a tear or a bad
 * bit can leave there, in which order halves are written, and that what is written down as gone has been read back.
 * Records are built here by hand, from the table in `cell.ts`, so that reading is held against the format and not
 * against writing. What all this is for is shown with whole vaults in `test/protocol`.
 */
import { createHash } from 'node:crypto'
import { hash, ready, Secret } from '@amanat/crypto'
import { type Cell, HALF_BYTES, type Half } from '@amanat/store-contract'
import { beforeAll, describe, expect, it, test } from 'vitest'
import {
  CELL_FORMAT,
  type CellRecord,
  commitmentOf,
  createCell,
  eraseHalf,
  guarded,
  settle,
  writeNext,
} from '../../src/commit/cell'

beforeAll(() => ready())

const SECTOR = 512
const SECTORS = HALF_BYTES / SECTOR
const VAULT = new Uint8Array(16).fill(7)
const OTHER_VAULT = new Uint8Array(16).fill(8)
const HALVES = [0, 1] as const

let drawn = 0
/** Bytes that look random, never the same twice. */
const randomness = (length: number): Uint8Array => {
  const blocks = Array.from({ length: Math.ceil(length / 64) }, () =>
    createHash('sha512').update(`${drawn++}`).digest(),
  )
  return new Uint8Array(Buffer.concat(blocks).subarray(0, length))
}

/** A record; tests change of it what they are about. Secrets are given as the byte that fills them. */
const recordOf = (
  change: Partial<Omit<CellRecord, 'secret' | 'ratchet'>> & { secret?: number; ratchet?: number } = {},
) => {
  const { secret = 1, ratchet = 2, ...rest } = change
  return {
    epoch: 3,
    tick: 20_000,
    lastSeen: 1_728_000_000_123,
    maxJumpDays: 62,
    seq: 5,
    ...rest,
    secret: Secret.of<'epoch'>(new Uint8Array(32).fill(secret)),
    ratchet: Secret.of<'ratchet'>(new Uint8Array(32).fill(ratchet)),
  } satisfies CellRecord
}

/** A sector with a record, as the table says, and whatever else `wrong` makes of it before it is summed. */
function sectorOf(record: CellRecord, vaultId = VAULT, wrong: (sector: Uint8Array, view: DataView) => void = () => {}) {
  const sector = new Uint8Array(SECTOR)
  const view = new DataView(sector.buffer)
  sector.set(new TextEncoder().encode('AMNC'))
  view.setUint16(4, 1, true)
  sector.set(vaultId, 8)
  view.setBigUint64(24, BigInt(record.epoch), true)
  sector.set(record.secret.expose(), 32)
  view.setUint32(64, record.tick, true)
  sector.set(record.ratchet.expose(), 68)
  view.setFloat64(100, record.lastSeen, true)
  view.setUint32(108, record.maxJumpDays, true)
  view.setBigUint64(112, BigInt(record.seq), true)
  wrong(sector, view)
  sector.set(hash('amanat/cell/1', sector.subarray(0, 120)), 120)
  return sector
}

function freeSectorOf(vaultId = VAULT, magic = 'AMNF') {
  const sector = randomness(SECTOR)
  sector.set(new TextEncoder().encode(magic))
  sector.set([1, 0, 0, 0], 4)
  sector.set(vaultId, 8)
  sector.set(hash('amanat/cell-free/1', sector.subarray(0, 480)), 480)
  return sector
}

const halfFrom = (sector: (i: number) => Uint8Array): Uint8Array => {
  const half = new Uint8Array(HALF_BYTES)
  for (let i = 0; i < SECTORS; i++) half.set(sector(i), i * SECTOR)
  return half
}
const halfOf = (record: CellRecord, vaultId = VAULT) => halfFrom(() => sectorOf(record, vaultId))
const freeHalf = () => halfFrom(() => freeSectorOf())

/** A cell in memory that remembers each overwrite, and lies about what it reads where a test wants it to. */
class Halves implements Cell {
  readonly written: Half[] = []
  lie: ((half: Half, bytes: Uint8Array) => Uint8Array | undefined) | undefined

  constructor(public halves: [Uint8Array, Uint8Array] | undefined) {}

  async create(halves: readonly [Uint8Array, Uint8Array]) {
    this.halves = [halves[0].slice(), halves[1].slice()]
  }
  async read(half: Half) {
    const bytes = this.halves?.[half].slice()
    return bytes && this.lie ? this.lie(half, bytes) : bytes
  }
  async overwrite(half: Half, bytes: Uint8Array) {
    this.written.push(half)
    ;(this.halves as [Uint8Array, Uint8Array])[half] = bytes.slice()
  }
}

const commitment = (record: CellRecord) => commitmentOf(VAULT, record.epoch, record.secret)
const settled = (cell: Cell, record: CellRecord, fence = async () => {}) =>
  settle(cell, VAULT, commitment(record), randomness, fence)
const plain = (record: CellRecord) => ({
  ...record,
  secret: [...record.secret.expose()],
  ratchet: [...record.ratchet.expose()],
})
/** For comparing halves: a matcher that walks typed arrays takes a hundred times as long. */
const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('base64')
const holds = (half: Uint8Array, byte: number) => Buffer.from(half).includes(Buffer.alloc(32, byte))

/** Free as the format says, with nothing of a record in it, and no two sectors alike. */
function expectFree(half: Uint8Array, vaultId = VAULT) {
  const sectors = Array.from({ length: SECTORS }, (_, i) => half.subarray(i * SECTOR, (i + 1) * SECTOR))
  for (const sector of sectors) {
    expect([...sector.subarray(0, 8)]).toEqual([...new TextEncoder().encode('AMNF'), 1, 0, 0, 0])
    expect(text(sector.subarray(8, 24))).toBe(text(vaultId))
    expect(text(sector.subarray(480))).toBe(text(hash('amanat/cell-free/1', sector.subarray(0, 480))))
  }
  expect(new Set(sectors.map(sector => Buffer.from(sector.subarray(24, 480)).toString('hex'))).size).toBe(SECTORS)
}

describe('what stands in a half', () => {
  it('is a record eight times over, in the bytes that the table gives, and eight free sectors in the other', async () => {
    expect(CELL_FORMAT).toBe(1)
    const record = recordOf()
    const cell = new Halves(undefined)
    const made = await createCell(cell, VAULT, record, randomness)
    expect(made).toEqual({ record, half: 0 })
    expect(text(cell.halves?.[0])).toBe(text(halfOf(record)))
    expectFree(cell.halves?.[1] as Uint8Array)
    const next = recordOf({ epoch: 4, secret: 11, seq: 6 })
    const standing = cell.halves?.[0]
    expect(await writeNext(cell, VAULT, made, next)).toEqual({ record: next, half: 1 })
    expect(cell.halves?.map(text)).toEqual([standing, halfOf(next)].map(text))
    await eraseHalf(cell, VAULT, 0, randomness)
    expectFree(cell.halves?.[0] as Uint8Array)
    expect(text(cell.halves?.[1])).toBe(text(halfOf(next)))
    expect(cell.written).toEqual([1, 0])
    await writeNext(cell, VAULT, { record: next, half: 1 }, record)
    expect(text(cell.halves?.[0])).toBe(text(halfOf(record)))
  })

  it('takes no room of the randomness that it was drawn from', async () => {
    const shared = randomness(HALF_BYTES)
    const before = shared.slice()
    const cell = new Halves([halfOf(recordOf()), freeHalf()])
    await eraseHalf(cell, VAULT, 1, length => shared.subarray(0, length))
    expect(text(shared)).toBe(text(before))
  })

  it('comes back as it was, every field of it', async () => {
    for (const half of HALVES) {
      const record = recordOf({
        epoch: 2 ** 40,
        seq: 2 ** 41,
        tick: 60_000,
        lastSeen: 5e12 + 0.5,
        maxJumpDays: 2 ** 31,
      })
      const halves = half === 0 ? [halfOf(record), freeHalf()] : [freeHalf(), halfOf(record)]
      const cell = new Halves(halves as [Uint8Array, Uint8Array])
      const kept = await settled(cell, record)
      expect(kept.half).toBe(half)
      expect(plain(kept.record)).toEqual(plain(record))
      expect(cell.written).toEqual([])
    }
  })

  it('commits to vault, number and secret, and to nothing else', () => {
    const one = recordOf()
    const all = [
      commitmentOf(VAULT, 3, one.secret),
      commitmentOf(OTHER_VAULT, 3, one.secret),
      commitmentOf(VAULT, 4, one.secret),
      commitmentOf(VAULT, 3, recordOf({ secret: 9 }).secret),
    ]
    expect(new Set(all.map(bytes => Buffer.from(bytes).toString('hex'))).size).toBe(4)
    for (const bytes of all) expect(bytes).toHaveLength(32)
  })
})

describe('settling', () => {
  const names = ['older tick', 'older seq', 'newer seq', 'newer tick', 'of another epoch', 'free', 'rubbish'] as const
  const base = recordOf({ tick: 20_000, seq: 5 })
  const of = {
    'older tick': recordOf({ tick: 19_999, seq: 9, ratchet: 31 }),
    'older seq': recordOf({ tick: 20_000, seq: 4, ratchet: 32 }),
    'newer seq': recordOf({ tick: 20_000, seq: 6, ratchet: 33 }),
    'newer tick': recordOf({ tick: 20_001, seq: 1, ratchet: 34 }),
    'of another epoch': recordOf({ epoch: 4, secret: 35, tick: 20_009, seq: 9, ratchet: 36 }),
    free: undefined,
    rubbish: undefined,
  }
  const bytesOf = (name: (typeof names)[number]) => {
    const record = of[name]
    return record ? halfOf(record) : name === 'free' ? freeHalf() : randomness(HALF_BYTES)
  }

  test.each(HALVES.flatMap(half => names.map(name => [half, name] as const)))(
    'with a record in half %i and beside it what is %s, keeps the highest of its epoch and frees the other',
    async (half, name) => {
      const beside = bytesOf(name)
      const halves = half === 0 ? [halfOf(base), beside] : [beside, halfOf(base)]
      const cell = new Halves(halves as [Uint8Array, Uint8Array])
      const better = name === 'newer seq' || name === 'newer tick'
      const expected = better ? (of[name] as CellRecord) : base
      const keptHalf = (better ? 1 - half : half) as Half
      const kept = await settled(cell, base)
      expect(plain(kept.record)).toEqual(plain(expected))
      expect(kept.half).toBe(keptHalf)
      expect(text(cell.halves?.[keptHalf])).toBe(text(halfOf(expected)))
      const freed = cell.halves?.[1 - keptHalf] as Uint8Array
      expectFree(freed)
      expect(cell.written).toEqual(name === 'free' ? [] : [1 - keptHalf])
      if (name === 'free') expect(text(freed)).toBe(text(beside))
      for (const byte of [31, 32, 33, 34, 35, 36]) {
        if (expected.ratchet.expose()[0] !== byte) expect(holds(freed, byte)).toBe(false)
      }
    },
  )

  test.each(HALVES.flatMap(half => [1, 2, 3, 4, 5, 6, 7].map(sectors => [half, sectors] as const)))(
    'of an overwrite of half %i that stopped after %i sectors keeps what the root names, whole, and nothing of the other',
    async (half, sectors) => {
      const old = recordOf({ secret: 41, ratchet: 42 })
      const next = recordOf({ epoch: 4, secret: 43, ratchet: 44, seq: 6 })
      const before = freeHalf()
      const torn = halfFrom(i => (i < sectors ? sectorOf(next) : before.subarray(i * SECTOR, (i + 1) * SECTOR)))
      for (const root of [old, next]) {
        const halves = half === 0 ? [torn.slice(), halfOf(old)] : [halfOf(old), torn.slice()]
        const cell = new Halves(halves as [Uint8Array, Uint8Array])
        const kept = await settled(cell, root)
        expect(plain(kept.record)).toEqual(plain(root))
        expect(text(cell.halves?.[kept.half])).toBe(text(halfOf(root)))
        expectFree(cell.halves?.[1 - kept.half] as Uint8Array)
        // One that is torn is written whole beside itself before it is freed: at no moment is there none.
        if (root === next) expect(cell.written).toEqual([1 - half, half])
        else expect(cell.written).toEqual([half])
        expect(kept.half).toBe(1 - half)
        for (const byte of root === next ? [41, 42] : [43, 44]) {
          for (const bytes of cell.halves ?? []) expect(holds(bytes, byte)).toBe(false)
        }
      }
    },
  )

  it('takes for free only eight marks of this vault that are whole in every byte', async () => {
    const record = recordOf()
    const spoilt = [0, 4, 6, 8, 23, 24, 300, 479, 480, 511].flatMap(at =>
      [0, 3, 7].map(sector => {
        const half = freeHalf()
        half[sector * SECTOR + at] = (half[sector * SECTOR + at] as number) ^ 1
        return half
      }),
    )
    const foreign = [() => freeSectorOf(OTHER_VAULT), () => freeSectorOf(VAULT, 'AMNC')]
    const strange = foreign.flatMap(sector => [halfFrom(sector), halfFrom(i => (i === 5 ? sector() : freeSectorOf()))])
    for (const beside of [...spoilt, ...strange]) {
      const cell = new Halves([halfOf(record), beside])
      await settled(cell, record)
      expect(cell.written).toEqual([1])
      expectFree(cell.halves?.[1] as Uint8Array)
    }
  })

  it('mends a half of which one sector is left, and knows none of which every sector has a wrong byte', async () => {
    const record = recordOf()
    for (const at of [...Array(152).keys(), 152, 300, 511]) {
      const wrong = sectorOf(record)
      wrong[at] = (wrong[at] as number) ^ 0x10
      const oneLeft = new Halves([halfFrom(i => (i === 6 ? sectorOf(record) : wrong)), freeHalf()])
      const kept = await settled(oneLeft, record)
      expect(plain(kept.record)).toEqual(plain(record))
      expect(kept.half, `byte ${at}`).toBe(1)
      expect(text(oneLeft.halves?.[1])).toBe(text(halfOf(record)))
      expectFree(oneLeft.halves?.[0] as Uint8Array)
      if (at >= 152) continue
      const none = new Halves([halfFrom(() => wrong), freeHalf()])
      await expect(settled(none, record), `byte ${at}`).rejects.toMatchObject({ code: 'CELL_STALE' })
      expect(none.written).toEqual([])
    }
  })

  it('reads no record of another format, another vault or with numbers that no vault counts to', async () => {
    const most = BigInt(Number.MAX_SAFE_INTEGER)
    const wrongs: [string, (sector: Uint8Array, view: DataView) => void][] = [
      ['another magic', sector => sector.set([0x41, 0x4d, 0x4e, 0x46])],
      ['a later format', (_, view) => view.setUint16(4, 2, true)],
      ['no format', (_, view) => view.setUint16(4, 0, true)],
      ['a seq without end', (_, view) => view.setBigUint64(112, most, true)],
      ['the largest seq', (_, view) => view.setBigUint64(112, 2n ** 64n - 1n, true)],
      ['no time', (_, view) => view.setFloat64(100, Number.NaN, true)],
      ['an endless time', (_, view) => view.setFloat64(100, Number.POSITIVE_INFINITY, true)],
      ['a day beyond the end of time', (_, view) => view.setUint32(64, 0xffff_ffff, true)],
    ]
    const record = recordOf()
    for (const [why, wrong] of wrongs) {
      const cell = new Halves([halfFrom(() => sectorOf(record, VAULT, wrong)), freeHalf()])
      await expect(settled(cell, record), why).rejects.toMatchObject({ code: 'CELL_STALE' })
    }
    const foreign = new Halves([halfOf(record, OTHER_VAULT), freeHalf()])
    await expect(settled(foreign, record)).rejects.toMatchObject({ code: 'CELL_STALE' })
    for (const epoch of [Number.MAX_SAFE_INTEGER, 2 ** 60]) {
      const endless = recordOf({ epoch })
      await expect(settled(new Halves([halfOf(endless), freeHalf()]), endless)).rejects.toMatchObject({
        code: 'CELL_STALE',
      })
    }
    const last = recordOf({ epoch: Number.MAX_SAFE_INTEGER - 1, seq: Number.MAX_SAFE_INTEGER - 1 })
    expect((await settled(new Halves([halfOf(last), freeHalf()]), last)).record.seq).toBe(last.seq)
  })

  it('writes nothing when no record belongs to the root, and names a cell that is missing', async () => {
    const cell = new Halves([halfOf(recordOf({ epoch: 9, secret: 9 })), halfOf(recordOf({ epoch: 8, secret: 8 }))])
    await expect(settled(cell, recordOf())).rejects.toMatchObject({ code: 'CELL_STALE' })
    expect(cell.written).toEqual([])
    await expect(settled(new Halves(undefined), recordOf())).rejects.toMatchObject({ code: 'CELL_MISSING' })
    for (const gone of HALVES) {
      const half = new Halves([halfOf(recordOf()), halfOf(recordOf())])
      half.lie = (which, bytes) => (which === gone ? undefined : bytes)
      await expect(settled(half, recordOf())).rejects.toMatchObject({ code: 'CELL_MISSING' })
    }
  })
})

describe('what does not read back as it was written', () => {
  const badly: [string, (bytes: Uint8Array) => Uint8Array | undefined][] = [
    ['one bit of it', bytes => bytes.with(4000, (bytes[4000] as number) ^ 1)],
    ['its length', bytes => bytes.subarray(0, 4095)],
    ['all of it', () => undefined],
  ]
  test.each(badly)('is no success: %s', async (_, lie) => {
    const record = recordOf()
    const cell = () => {
      const made = new Halves([halfOf(record), halfOf(recordOf({ epoch: 2, secret: 4 }))])
      made.lie = (half, bytes) => (made.written.includes(half) ? lie(bytes) : bytes)
      return made
    }
    const io = {
      code: 'IO',
      cause: expect.objectContaining({ message: 'what was written to the cell did not read back' }),
    }
    await expect(writeNext(cell(), VAULT, { record, half: 0 }, record)).rejects.toMatchObject(io)
    await expect(eraseHalf(cell(), VAULT, 1, randomness)).rejects.toMatchObject(io)
    await expect(settled(cell(), record)).rejects.toMatchObject(io)
    for (const bad of HALVES) {
      const fresh = new Halves(undefined)
      fresh.lie = (half, bytes) => (half === bad ? lie(bytes) : bytes)
      await expect(createCell(fresh, VAULT, record, randomness)).rejects.toMatchObject(io)
    }
  })

  it('frees no torn half before its whole copy has been read back', async () => {
    const record = recordOf()
    const cell = new Halves([halfFrom(i => (i === 0 ? sectorOf(record) : new Uint8Array(SECTOR))), freeHalf()])
    cell.lie = (half, bytes) => (half === 1 && cell.written.length > 0 ? bytes.with(9, 99) : bytes)
    await expect(settled(cell, record)).rejects.toMatchObject({ code: 'IO' })
    expect(cell.written).toEqual([1])
  })
})

test('nothing is overwritten before the fence stands, and none is put up where there is nothing to overwrite', async () => {
  const record = recordOf()
  const torn = halfFrom(i => (i === 0 ? sectorOf(record) : new Uint8Array(SECTOR)))
  for (const halves of [
    [halfOf(record), halfOf(recordOf({ epoch: 2, secret: 4 }))],
    [torn, freeHalf()],
  ] as const) {
    const cell = new Halves([...halves])
    const no = new Error('somebody was first')
    await expect(settled(cell, record, () => Promise.reject(no))).rejects.toBe(no)
    expect(cell.written).toEqual([])
    let fences = 0
    await settled(cell, record, async () => {
      expect(cell.written).toEqual([])
      fences++
    })
    await settled(cell, record, () => Promise.reject(no))
    expect(fences).toBe(1)
  }
})

test('once the lock was taken away the cell is read, and never written', async () => {
  const lost = new AbortController()
  const below = new Halves(undefined)
  const cell = guarded(below, lost.signal)
  await cell.create([halfOf(recordOf()), freeHalf()])
  expect(text(await cell.read(0))).toBe(text(halfOf(recordOf())))
  await cell.overwrite(1, halfOf(recordOf({ seq: 6 })))
  expect(text(await cell.read(1))).toBe(text(halfOf(recordOf({ seq: 6 }))))
  lost.abort()
  await expect(cell.overwrite(0, freeHalf())).rejects.toMatchObject({ code: 'BUSY' })
  expect(below.written).toEqual([1])
  expect(text(await cell.read(0))).toBe(text(halfOf(recordOf())))
})
