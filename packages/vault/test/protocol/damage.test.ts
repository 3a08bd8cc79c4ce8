/** Bad bits, torn writes and rows that somebody changed: the vault heals, or says by a code that it can't; never wrong data. */
import { type MemoryMedium, memoryStore } from '@amanat/store-contract/memory'
import { beforeAll, describe, expect, test } from 'vitest'
import { isVaultError } from '../../src/index'
import { fakeClock } from '../../src/testing'
import { haulOf, imageOf, marksOf, newWorld, openOn, PEOPLE } from './world'

const SECTOR = 512
const HALF = 4096

/** A vault that erased person 0, and the cell as it was before: with the half that was freed still holding its record. */
let medium: MemoryMedium
let before: readonly [Uint8Array, Uint8Array]
let now: readonly [Uint8Array, Uint8Array]
/** The half that holds the record now. */
let holds: 0 | 1
let names: string[]

beforeAll(async () => {
  const world = await newWorld({ hook: 'damage' })
  await world.vault.lock()
  before = world.medium.cellNow() as [Uint8Array, Uint8Array]
  const vault = await openOn(world)
  // Locking writes the cell too, if time has passed: here it hasn't.
  await vault.erase(world.ids[0] as string)
  medium = world.medium.clone()
  now = medium.cellNow() as [Uint8Array, Uint8Array]
  holds = String.fromCharCode(...now[0].subarray(0, 4)) === 'AMNC' ? 0 : 1
  names = PEOPLE.flatMap((purposes, number) => (number > 0 && purposes.includes('chat') ? [marksOf(number).name] : []))
})

const clock = () => fakeClock()

/** Opens a damaged copy, and looks whether it is whole, healed, and has forgotten what was. */
async function heals(damaged: MemoryMedium): Promise<void> {
  const vault = await openOn({ medium: damaged, clock: clock() })
  expect((await vault.for('chat').list()).people.map(({ name }) => name).sort()).toEqual(names)
  const halves = damaged.cellNow() as [Uint8Array, Uint8Array]
  const marks = halves.map(half =>
    Array.from({ length: HALF / SECTOR }, (_, i) => String.fromCharCode(...half.subarray(i * SECTOR, i * SECTOR + 4))),
  )
  expect(marks.map(each => [...new Set(each)].join()).sort()).toEqual(['AMNC', 'AMNF'])
  const haul = await haulOf(damaged)
  expect(haul.where(marksOf(0).name)).toEqual([])
  expect(haul.where(marksOf(1).name)).toEqual(['heads', 'pages'])
}

function torn(from: Uint8Array, to: Uint8Array, at: number): Uint8Array {
  const half = from.slice()
  half.set(to.subarray(0, at))
  return half
}

describe('the cell heals', () => {
  test.each([0, 4, 6, 8, 24, 32, 64, 68, 100, 112, 120, 151, 152, 300, 511])(
    'one bad byte at %i of one sector of either half',
    async at => {
      for (const half of [0, 1] as const) {
        const damaged = medium.clone()
        const bytes = (now[half] as Uint8Array).slice()
        const sector = (at % 8) * SECTOR
        bytes[sector + at] = (bytes[sector + at] as number) ^ 0x10
        damaged.damageCell(half, bytes)
        await heals(damaged)
      }
    },
  )

  test('all sectors but one of the record are gone, whichever stays', async () => {
    for (let sector = 0; sector < HALF; sector += SECTOR) {
      const damaged = medium.clone()
      const bytes = new Uint8Array(HALF)
      bytes.set((now[holds] as Uint8Array).subarray(sector, sector + SECTOR), sector)
      damaged.damageCell(holds, bytes)
      await heals(damaged)
    }
  })

  test.each(['zeros', 'ones', 'noise'])('the other half is all %s', async what => {
    const damaged = medium.clone()
    const bytes = new Uint8Array(HALF).map((_, i) =>
      what === 'zeros' ? 0 : what === 'ones' ? 255 : (i * 97 + 13) & 255,
    )
    damaged.damageCell((1 - holds) as 0 | 1, bytes)
    await heals(damaged)
  })

  test('freeing the old half stopped anywhere, in the middle of a sector too', async () => {
    const old = (1 - holds) as 0 | 1
    const places = [
      ...Array.from({ length: 8 }, (_, i) => i * SECTOR),
      24,
      32,
      48,
      64,
      100,
      HALF - SECTOR + 24,
      HALF - SECTOR + 40,
      HALF - 40,
      HALF - 1,
    ]
    for (const at of places) {
      const damaged = medium.clone()
      damaged.damageCell(old, torn(before[old] as Uint8Array, now[old] as Uint8Array, at))
      await heals(damaged)
    }
  })

  test('writing the next record stopped anywhere: the vault is as it was', async () => {
    // The cell of before the erasure with a torn write of the new record, and the root of before it.
    const world = await newWorld()
    await world.vault.lock()
    const image = world.medium.clone()
    const next = await openOn({ medium: image, clock: clock() })
    await next.erase(world.ids[0] as string)
    const [a, b] = world.medium.cellNow() as [Uint8Array, Uint8Array]
    const free = String.fromCharCode(...a.subarray(0, 4)) === 'AMNF' ? 0 : 1
    const written = (image.cellNow() as [Uint8Array, Uint8Array])[free]
    for (const at of [1, 24, 64, 120, 152, ...Array.from({ length: 9 }, (_, i) => i * SECTOR)]) {
      const damaged = world.medium.clone()
      damaged.damageCell(free, torn(free === 0 ? a : b, written, at))
      const vault = await openOn({ medium: damaged, clock: clock() })
      expect(await vault.for('times').count()).toBe(3)
      await vault.erase(world.ids[0] as string)
      expect((await haulOf(damaged)).where(marksOf(0).name)).toEqual([])
    }
  })
})

describe('what can not heal says so', () => {
  const opening = (damaged: MemoryMedium) => openOn({ medium: damaged, clock: clock() })

  test('both halves are destroyed', async () => {
    const damaged = medium.clone()
    for (const half of [0, 1] as const) damaged.damageCell(half, new Uint8Array(HALF))
    await expect(opening(damaged)).rejects.toMatchObject({ code: 'CELL_STALE' })
    expect(damaged.cellNow()).toEqual([new Uint8Array(HALF), new Uint8Array(HALF)])
  })

  test('there is no cell', async () => {
    const damaged = medium.clone()
    damaged.removeCell()
    await expect(opening(damaged)).rejects.toMatchObject({ code: 'CELL_MISSING' })
    expect(damaged.cellNow()).toBeUndefined()
  })

  test('the cell is older than the rows, and is left as it is', async () => {
    const damaged = medium.clone()
    for (const half of [0, 1] as const) damaged.damageCell(half, before[half] as Uint8Array)
    await expect(opening(damaged)).rejects.toMatchObject({ code: 'CELL_STALE' })
    expect(damaged.cellNow()).toEqual(before)
  })

  test('the root with any one byte changed: the same data, or a code; never other data', async () => {
    const codes = new Map<string, number>()
    const whole = imageOf(medium).roots.at(-1) as Uint8Array
    // Every byte of the header, and some of what is sealed: there each is the same to the cipher.
    const places = Array.from({ length: whole.length }, (_, at) => at).filter(
      at => at < 112 || at % 61 === 0 || at > whole.length - 3,
    )
    for (const at of places) {
      const damaged = medium.clone()
      const bytes = whole.slice()
      bytes[at] = (bytes[at] as number) ^ 0x41
      const store = memoryStore({ medium: damaged })
      await store.open()
      const root = (await store.root()) as { version: number }
      await store.commit({ expect: root.version, root: bytes, put: [], drop: [] })
      const outcome = await opening(damaged).then(
        async vault => (await vault.for('chat').list()).people.map(({ name }) => name).sort(),
        error => (isVaultError(error) ? error.code : error),
      )
      if (Array.isArray(outcome)) expect(outcome, `byte ${at}`).toEqual(names)
      else expect(outcome, `byte ${at}`).toBeTypeOf('string')
      const code = String(Array.isArray(outcome) ? 'opened' : outcome)
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    expect([...codes.keys()].sort()).toEqual(['CANNOT_UNLOCK', 'CELL_STALE', 'CORRUPT', 'FORMAT_TOO_NEW', 'opened'])
    // Only a tick that is behind may be moved by anybody: it is brought up to the cell's.
    expect(codes.get('opened')).toBeLessThanOrEqual(4)
  })

  test('a row with one byte changed, or gone: its people are not here, or a code; never other data', async () => {
    const store = memoryStore({ medium })
    await store.open()
    for (const table of ['slots', 'ring', 'heads', 'pages', 'undated', 'ledger'] as const) {
      for await (const row of store.scan(table)) {
        for (const damage of [
          (bytes: Uint8Array) => bytes.map((byte, i) => (i === 60 ? byte ^ 1 : byte)),
          () => undefined,
        ]) {
          const damaged = medium.clone()
          damaged.damageRow(table, row.id, damage(row.bytes))
          const outcome = await opening(damaged).then(
            // Of somebody whose name lay in that row the rest is still here.
            async vault => (await vault.for('chat').list()).people.flatMap(({ name }) => name ?? []),
            error => error,
          )
          if (Array.isArray(outcome)) expect(names, table).toEqual(expect.arrayContaining(outcome))
          else expect(isVaultError(outcome) ? outcome.code : outcome, table).toMatch(/^(CORRUPT|CANNOT_UNLOCK)$/)
        }
      }
    }
  })
})
