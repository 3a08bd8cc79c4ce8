/**
 * The tick on stores and cells in memory: what the cell holds afterwards and what it holds no more, in which order it is
 * written, that the root is told and nothing else of it changes, and that nobody steps twice or without the lock.
 * What of people can be read after a day has passed is shown with whole vaults in `test/vault` and `test/protocol`.
 */
import { ready, Secret, systemRandomness } from '@amanat/crypto'
import {
  type Half,
  type Root,
  type Row,
  type Store,
  StoreError,
  TABLES,
  type Table,
  UNDATED,
} from '@amanat/store-contract'
import { fakeClock, type MemoryStore, memoryStore } from '@amanat/vault/testing'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { type CellRecord, commitmentOf, createCell, type Settled } from '../../src/commit/cell'
import type { Opened } from '../../src/commit/opened'
import { advanced, DayKeys } from '../../src/commit/ratchet'
import { decodeRoot, encodeRoot, rootAtTick } from '../../src/commit/root'
import { noteTime, stepCell } from '../../src/commit/step-cell'
import { tellRoot } from '../../src/commit/tell-root'
import { dropPassed, stepSettled, stepToToday } from '../../src/commit/tick'
import { dayOf, startOf } from '../../src/time/day'
import { VaultTime } from '../../src/time/now'

beforeAll(() => ready())

const VAULT = new Uint8Array(16).fill(7)
const TODAY = 20_513
const SEEN = startOf(TODAY) + 1000
const never = new AbortController().signal

const ratchet = () => Secret.of<'ratchet'>(new Uint8Array(32).fill(2))
const recordOf = (change: Partial<CellRecord> = {}): CellRecord => ({
  epoch: 3,
  secret: Secret.of<'epoch'>(new Uint8Array(32).fill(1)),
  tick: TODAY,
  ratchet: ratchet(),
  lastSeen: SEEN,
  maxJumpDays: 62,
  seq: 5,
  ...change,
})
const rootOf = (record: CellRecord, tick = record.tick) =>
  encodeRoot({
    vaultId: VAULT,
    epoch: record.epoch,
    commitment: commitmentOf(VAULT, record.epoch, record.secret),
    tick,
    sealed: new Uint8Array(50).fill(4),
  })
const shown = (secret: Secret<string>) => Buffer.from(secret.expose()).toString('hex')

/** A store with a cell and a root, and the steps that were taken on it since. */
async function standing(record = recordOf()) {
  const steps: string[] = []
  const store = memoryStore({
    onStep: ({ op, phase }) => {
      if (phase === 'before' && op !== 'cell-read' && op !== 'root') steps.push(op)
    },
  })
  await store.open()
  const settled = await createCell(store.cell, VAULT, record, systemRandomness)
  await store.commit({ expect: null, root: rootOf(record), put: [], drop: [] })
  steps.length = 0
  return { store, settled, steps }
}
const cellOf = (store: MemoryStore) => store.medium.cellNow() as readonly [Uint8Array, Uint8Array]
const holds = (store: MemoryStore, secret: Uint8Array) =>
  cellOf(store).some(half => Buffer.from(half).includes(Buffer.from(secret)))
const magicOf = (store: MemoryStore, half: Half) => Buffer.from(cellOf(store)[half].subarray(0, 4)).toString()

describe('a step of the cell', () => {
  it('leaves the ratchet of that day, nothing of the old one, and tells the root the day', async () => {
    const { store, settled, steps } = await standing()
    const before = (await store.root()) as Root
    const old = ratchet().expose()
    expect(holds(store, old)).toBe(true)
    const now = SEEN + 3 * 86_400_000
    const next = await stepCell(store, store.cell, VAULT, settled, TODAY + 3, now, systemRandomness)
    expect(next.half).toBe(1)
    expect(next.record).toMatchObject({ epoch: 3, tick: TODAY + 3, lastSeen: now, maxJumpDays: 62, seq: 6 })
    expect(shown(next.record.secret)).toBe(shown(recordOf().secret))
    expect(shown(next.record.ratchet)).toBe(shown(advanced(ratchet(), TODAY, TODAY + 3)))
    expect(holds(store, old)).toBe(false)
    expect(holds(store, next.record.ratchet.expose())).toBe(true)
    expect([magicOf(store, 0), magicOf(store, 1)]).toEqual(['AMNF', 'AMNC'])
    expect(() => settled.record.ratchet.expose()).toThrow(TypeError)
    // The new one first, then the old one goes, then the root: at each moment one record that the root names is there.
    expect(steps).toEqual(['cell-overwrite', 'cell-overwrite', 'commit'])
    const after = (await store.root()) as Root
    expect(after.version).toBe(before.version + 1)
    expect(after.bytes).toEqual(rootAtTick(before.bytes, TODAY + 3))
  })

  it('never sets back the time that was seen (R16)', async () => {
    const { store, settled } = await standing()
    const next = await stepCell(store, store.cell, VAULT, settled, TODAY + 1, SEEN - 5, systemRandomness)
    expect(next.record.lastSeen).toBe(SEEN)
  })

  it('back to an earlier day is refused, and nothing is written', async () => {
    const { store, settled, steps } = await standing()
    await expect(stepCell(store, store.cell, VAULT, settled, TODAY - 1, SEEN, systemRandomness)).rejects.toThrow(
      RangeError,
    )
    expect(steps).toEqual([])
  })
})

describe('a note of the time', () => {
  it.each([
    ['a later time', SEEN + 7, 62, SEEN + 7],
    ['another jump that is believed', SEEN, 31, SEEN],
    ['another jump, by a clock that is behind', SEEN - 9, 93, SEEN],
  ])('keeps %s, and the ratchet and the secret as they are', async (_, now, maxJumpDays, lastSeen) => {
    const { store, settled, steps } = await standing()
    const next = await noteTime(store.cell, VAULT, settled, now, maxJumpDays, systemRandomness)
    expect(next).toEqual({ half: 1, record: { ...settled.record, lastSeen, maxJumpDays, seq: 6 } })
    expect(shown(next.record.ratchet)).toBe(shown(ratchet()))
    expect([magicOf(store, 0), magicOf(store, 1)]).toEqual(['AMNF', 'AMNC'])
    expect(steps).toEqual(['cell-overwrite', 'cell-overwrite'])
  })

  it.each([SEEN, SEEN - 1])('writes nothing when there is nothing new at %i', async now => {
    const { store, settled, steps } = await standing()
    expect(await noteTime(store.cell, VAULT, settled, now, 62, systemRandomness)).toBe(settled)
    expect(steps).toEqual([])
  })
})

describe('telling the root', () => {
  const at = (tick: number): Settled => ({ record: recordOf({ tick }), half: 0 })

  it('changes the tick alone, once, and only forward', async () => {
    const { store, steps } = await standing()
    const before = (await store.root()) as Root
    await tellRoot(store, at(TODAY))
    expect(steps).toEqual([])
    await tellRoot(store, at(TODAY + 2))
    expect(steps).toEqual(['commit'])
    expect(await store.root()).toEqual({ version: before.version + 1, bytes: rootAtTick(before.bytes, TODAY + 2) })
    await expect(tellRoot(store, at(TODAY + 1))).rejects.toMatchObject({ code: 'CELL_STALE' })
    expect(steps).toEqual(['commit'])
  })

  it('finds no root where there is none', async () => {
    const store = memoryStore()
    await store.open()
    await expect(tellRoot(store, at(TODAY))).rejects.toMatchObject({ code: 'VAULT_MISSING' })
  })

  /** A store of roots alone: each read gives the next one, the last one for good. */
  function rootsOnly(roots: (Root | undefined)[], commit: Store['commit'] = async () => 'committed') {
    const batches: Parameters<Store['commit']>[0][] = []
    const store = {
      root: async () => (roots.length > 1 ? roots.shift() : roots[0]),
      commit: async (batch: Parameters<Store['commit']>[0]) => {
        batches.push(batch)
        return commit(batch)
      },
    } as unknown as Store
    return { store, batches }
  }
  const root = (version: number, tick: number) => ({ version, bytes: rootOf(recordOf(), tick) })

  it('writes back no root that reads otherwise a second time', async () => {
    const bad = { ...root(4, TODAY), bytes: root(4, TODAY).bytes.with(100, 1) }
    for (const pair of [
      [bad, root(4, TODAY)],
      [root(4, TODAY), bad],
    ]) {
      const { store, batches } = rootsOnly(pair)
      await expect(tellRoot(store, at(TODAY + 1))).rejects.toMatchObject({
        code: 'IO',
        cause: expect.objectContaining({ message: 'a root read back otherwise' }),
      })
      expect(batches).toEqual([])
    }
  })

  it('begins again when somebody committed in between, and when there is suddenly no root', async () => {
    const { store, batches } = rootsOnly([
      root(4, TODAY),
      root(5, TODAY),
      root(5, TODAY),
      root(5, TODAY),
      root(6, TODAY + 1),
    ])
    await tellRoot(store, at(TODAY + 1))
    expect(batches).toEqual([{ expect: 5, root: rootOf(recordOf(), TODAY + 1), put: [], drop: [] }])
    await expect(tellRoot(rootsOnly([root(4, TODAY), undefined]).store, at(TODAY + 1))).rejects.toMatchObject({
      code: 'VAULT_MISSING',
    })
  })

  it('looks again after a conflict or an unknown result, and passes on every other error', async () => {
    const twice = () => [root(4, TODAY), root(4, TODAY), root(5, TODAY), root(5, TODAY), root(6, TODAY + 1)]
    const conflict = rootsOnly(twice(), async () => 'conflict')
    await tellRoot(conflict.store, at(TODAY + 1))
    expect(conflict.batches.map(batch => batch.expect)).toEqual([4, 5])
    const unknown = rootsOnly(twice(), async () => {
      throw new StoreError('UNKNOWN_RESULT', 'nobody knows')
    })
    await tellRoot(unknown.store, at(TODAY + 1))
    expect(unknown.batches).toHaveLength(2)
    for (const error of [new StoreError('NO_SPACE', 'full'), new Error('UNKNOWN_RESULT')]) {
      const failing = rootsOnly(twice(), () => Promise.reject(error))
      await expect(tellRoot(failing.store, at(TODAY + 1))).rejects.toBe(error)
      expect(failing.batches).toHaveLength(1)
    }
  })

  it('gives up after 64 tries: busy where others are always first, else with what the store failed in', async () => {
    const busy = rootsOnly([root(4, TODAY)], async () => 'conflict')
    await expect(tellRoot(busy.store, at(TODAY + 1))).rejects.toMatchObject({ code: 'BUSY' })
    expect(busy.batches).toHaveLength(64)
    const error = new StoreError('UNKNOWN_RESULT', 'nobody knows')
    const silent = rootsOnly([root(4, TODAY)], () => Promise.reject(error))
    await expect(tellRoot(silent.store, at(TODAY + 1))).rejects.toBe(error)
    expect(silent.batches).toHaveLength(64)
  })
})

async function rowsOf(store: Store, table: Table) {
  const rows: Row[] = []
  for await (const row of store.scan(table)) rows.push(row)
  return rows
}

test('rows of days that have passed are dropped from every dated table, and no others', async () => {
  const { store } = await standing()
  let next = 0
  const row = (table: Table, bucket: number) => ({
    table,
    id: Uint8Array.from({ length: 16 }, (_, i) => (i === 0 ? next++ : 0)),
    bucket,
    bytes: Uint8Array.of(1),
  })
  const dated: Table[] = ['pages', 'heads', 'blobs', 'exports']
  const put = [
    ...dated.flatMap(table => [TODAY - 2, TODAY - 1, TODAY, TODAY + 1].map(bucket => row(table, bucket))),
    ...TABLES.filter(table => !dated.includes(table)).map(table => row(table, UNDATED)),
  ]
  await store.commit({ expect: 1, root: rootOf(recordOf()), put, drop: [] })
  expect(await dropPassed(store, TODAY)).toBe(8)
  const left = await Promise.all(
    TABLES.map(async table => (await rowsOf(store, table)).map(({ bucket }) => `${table} ${bucket}`)),
  )
  expect(left.flat().sort()).toEqual(
    put
      .filter(({ bucket }) => bucket >= TODAY)
      .map(({ table, bucket }) => `${table} ${bucket}`)
      .sort(),
  )
  expect(await dropPassed(store, TODAY)).toBe(0)
})

describe('bringing an open vault to today', () => {
  /** What of an open vault the tick touches, on a store whose locks and drops are counted. */
  async function openAt(tick: number, cellTick = tick, now = startOf(TODAY) + 5000) {
    const { store, settled, steps } = await standing(recordOf({ tick: cellTick, lastSeen: startOf(cellTick) }))
    const followed: number[] = []
    const opened = {
      store,
      vaultId: VAULT,
      randomness: systemRandomness,
      days: new DayKeys(tick, ratchet()),
      refreshSettled: async () => {
        followed.push(decodeRoot(((await store.root()) as Root).bytes).tick)
        if (cellTick > tick) opened.useCell(settled.record)
        return settled
      },
      useCell: (record: CellRecord) => {
        opened.days = new DayKeys(record.tick, record.ratchet)
      },
    }
    const clock = fakeClock()
    clock.set(new Date(now).toISOString().replace('.000', ''))
    const time = new VaultTime(clock, startOf(tick), 'P62D')
    return { opened: opened as unknown as Opened, store, settled, steps, followed, time }
  }

  it('does nothing, and asks for no lock, on the same day or an earlier one', async () => {
    for (const tick of [TODAY, TODAY + 1]) {
      const { opened, store, time, settled } = await openAt(tick)
      const free = { ...store, exclusive: () => Promise.reject(new Error('the lock was asked for')) }
      await stepToToday({ ...opened, store: free } as unknown as Opened, time)
      expect(await stepSettled(opened, time, settled, never)).toBe(settled)
      expect(opened.days.tick).toBe(tick)
    }
  })

  it('steps the cell, takes it over, follows the root and drops what passed', async () => {
    const { opened, store, steps, settled, time, followed } = await openAt(TODAY - 2)
    const next = await stepSettled(opened, time, settled, never)
    expect(next.record).toMatchObject({ tick: TODAY, lastSeen: time.lastSeen, seq: 6 })
    expect(next.half).toBe(1)
    expect(followed).toEqual([TODAY])
    expect(opened.days.tick).toBe(TODAY)
    expect(steps).toEqual([
      'cell-overwrite',
      'cell-overwrite',
      'commit',
      'dropRows',
      'dropRows',
      'dropRows',
      'dropRows',
    ])
    expect(dayOf(next.record.lastSeen)).toBe(TODAY)
    expect(holds(store, ratchet().expose())).toBe(false)
  })

  it('settles first, under the lock', async () => {
    const { opened, time, followed, steps } = await openAt(TODAY - 2, TODAY)
    await stepToToday(opened, time)
    // Somebody else had stepped: the cell is taken over as it is.
    expect(followed).toEqual([TODAY])
    expect(opened.days.tick).toBe(TODAY)
    expect(steps).toEqual([])
  })

  it('steps no cell that somebody else has stepped, and drops what passed', async () => {
    for (const cellTick of [TODAY, TODAY + 1]) {
      const { opened, settled, time, steps, followed } = await openAt(TODAY - 2, cellTick)
      expect(await stepSettled(opened, time, settled, never)).toBe(settled)
      expect(followed).toEqual([])
      expect(steps).toEqual(['dropRows', 'dropRows', 'dropRows', 'dropRows'])
    }
  })

  it('overwrites nothing once the lock was taken away', async () => {
    const { opened, store, settled, time, steps } = await openAt(TODAY - 2)
    const before = cellOf(store).map(half => Buffer.from(half).toString('base64'))
    await expect(stepSettled(opened, time, settled, AbortSignal.abort())).rejects.toMatchObject({ code: 'BUSY' })
    expect(cellOf(store).map(half => Buffer.from(half).toString('base64'))).toEqual(before)
    expect(steps).toEqual([])
  })
})
