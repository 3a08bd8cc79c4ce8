import { describe, expect, test } from 'vitest'
import { type Batch, HALF_BYTES, isStoreError, MAX_ROW_BYTES, type Row, UNDATED } from '../src/index'
import { CrashError, type MemoryStep, memoryMedium, memoryStore } from '../src/memory'

const id = (n: number) => new Uint8Array(16).fill(n)
const row = (n: number, text = `row ${n}`): Row => ({
  table: 'pages',
  id: id(n),
  bucket: n,
  bytes: new TextEncoder().encode(text),
})
const batch = (expect: number | null, put: Row[] = [], drop: Row[] = []): Batch => ({
  expect,
  root: Uint8Array.of(expect ?? 0),
  put,
  drop,
})
const half = (n: number) => new Uint8Array(HALF_BYTES).fill(n)

describe('the medium', () => {
  test('remembers every root and row, dropped or not', async () => {
    const store = memoryStore()
    await store.open()
    await store.commit(batch(null, [row(1), row(2)]))
    await store.commit(batch(1, [row(3)], [row(1)]))
    await store.dropRows('pages', 3)
    expect((await store.read('pages', [id(1), id(2), id(3)])).map(bytes => bytes?.length)).toEqual([
      undefined,
      undefined,
      5,
    ])
    expect(store.medium.history.rows.map(({ bucket }) => bucket)).toEqual([1, 2, 3])
    expect(store.medium.history.roots).toEqual([Uint8Array.of(0), Uint8Array.of(1)])
  })

  test('loses what is overwritten in the cell, and keeps it when broken on purpose', async () => {
    const histories = [false, true].map(async keepOverwrittenCells => {
      const medium = memoryMedium({ keepOverwrittenCells })
      const store = memoryStore({ medium })
      await store.open()
      await store.cell.create([half(1), half(2)])
      await store.cell.overwrite(0, half(3))
      expect(medium.cellNow()).toEqual([half(3), half(2)])
      return medium.history.cells.map(bytes => bytes[0])
    })
    expect(await Promise.all(histories)).toEqual([[], [1, 2, 3]])
  })

  test('does not remember a batch that lost the race', async () => {
    const store = memoryStore()
    await store.open()
    await store.commit(batch(null))
    expect(await store.commit(batch(null, [row(9)]))).toBe('conflict')
    expect(store.medium.history.rows).toEqual([])
  })

  test('a clone goes its own way and is not locked', async () => {
    const store = memoryStore()
    await store.open()
    await store.commit(batch(null, [row(1)]))
    await store.cell.create([half(1), half(2)])
    await store.exclusive(async () => {
      const twin = memoryStore({ medium: store.medium.clone(), timeoutMs: 0 })
      await twin.open()
      await twin.exclusive(() => twin.cell.overwrite(1, half(7)))
      await twin.commit(batch(1, [row(2)], [row(1)]))
    })
    expect((await store.root())?.version).toBe(1)
    expect(await store.read('pages', [id(1), id(2)])).toEqual([row(1).bytes, undefined])
    expect(store.medium.cellNow()).toEqual([half(1), half(2)])
    expect(store.medium.history.rows).toHaveLength(1)
  })
})

describe('the step hook', () => {
  const steps = async (onStep: (step: MemoryStep) => void) => {
    const medium = memoryMedium()
    const store = memoryStore({ medium, onStep })
    const witness = memoryStore({ medium, timeoutMs: 0 })
    await store.open()
    await witness.open()
    return { medium, store, witness }
  }

  test('sees each step before and after', async () => {
    const seen: string[] = []
    const { store } = await steps(({ op, phase }) => seen.push(`${phase} ${op}`))
    await store.root()
    await store.commit(batch(null))
    await store.cell.create([half(1), half(2)])
    await store.cell.overwrite(0, half(1))
    await store.cell.read(0)
    await store.dropRows('heads', 1)
    await store.read('heads', [])
    for await (const _ of store.scan('heads')) expect.unreachable()
    const ops = ['root', 'commit', 'cell-create', 'cell-overwrite', 'cell-read', 'dropRows', 'read', 'scan']
    expect(seen).toEqual(ops.flatMap(op => [`before ${op}`, `after ${op}`]))
  })

  test('a throw before a commit means that nothing happened', async () => {
    const { store, witness } = await steps(({ op, phase }) => {
      if (op === 'commit' && phase === 'before') throw new RangeError('no')
    })
    await expect(store.commit(batch(null, [row(1)]))).rejects.toThrow(RangeError)
    expect(await witness.root()).toBeUndefined()
  })

  test('a throw after a commit is UNKNOWN_RESULT, and the batch is in', async () => {
    const { store, witness } = await steps(({ op, phase }) => {
      if (op === 'commit' && phase === 'after') throw new RangeError('no')
    })
    await expect(store.commit(batch(null, [row(1)]))).rejects.toSatisfy(
      error => isStoreError(error) && error.code === 'UNKNOWN_RESULT' && error.cause instanceof RangeError,
    )
    expect((await witness.root())?.version).toBe(1)
  })

  test('a crash passes through as it is, frees the lock, and the dead write no more', async () => {
    const { medium, store, witness } = await steps(({ op, phase }) => {
      if (op === 'commit' && phase === 'after') throw new CrashError()
    })
    await store.cell.create([half(1), half(2)])
    const work = store.exclusive(async () => {
      try {
        await store.commit(batch(null))
      } finally {
        await witness.exclusive(async () => {})
        await store.cell.overwrite(0, half(9))
      }
    })
    await expect(work).rejects.toThrow(CrashError)
    await expect(store.open()).rejects.toThrow(CrashError)
    expect(medium.cellNow()).toEqual([half(1), half(2)])
    expect((await witness.root())?.version).toBe(1)
  })
})

describe('the bounds', () => {
  test.each<[string, Partial<Row>]>([
    ['an id of 15 bytes', { id: new Uint8Array(15) }],
    ['a row that is too long', { bytes: new Uint8Array(MAX_ROW_BYTES + 1) }],
    ['a bucket beyond 32 bits', { bucket: UNDATED + 1 }],
    ['a bucket with a fraction', { bucket: 0.5 }],
    ['an unknown table', { table: 'root' as never }],
  ])('%s is refused, and nothing is written', async (_, wrong) => {
    const store = memoryStore()
    await store.open()
    await expect(store.commit(batch(null, [row(1), { ...row(2), ...wrong }]))).rejects.toThrow(TypeError)
    expect(store.medium.history).toEqual({ roots: [], rows: [], cells: [] })
  })

  test('a half has 4096 bytes', async () => {
    const store = memoryStore()
    await store.open()
    await expect(store.cell.create([half(1), half(2).subarray(1)])).rejects.toThrow(TypeError)
    await store.cell.create([half(1), half(2)])
    await expect(store.cell.overwrite(0, new Uint8Array(HALF_BYTES + 1))).rejects.toThrow(TypeError)
  })

  test('a row is written once', async () => {
    const store = memoryStore()
    await store.open()
    await store.commit(batch(null, [row(1)]))
    await expect(store.commit(batch(1, [row(1, 'again')]))).rejects.toThrow(TypeError)
  })
})

describe('the lock', () => {
  test('is handed on in the order in which it was asked for', async () => {
    const medium = memoryMedium()
    const order: number[] = []
    await Promise.all(
      [1, 2, 3, 4].map(async n => {
        const store = memoryStore({ medium })
        await store.open()
        await store.exclusive(async () => void order.push(n))
      }),
    )
    expect(order).toEqual([1, 2, 3, 4])
  })

  test('who waits too long is BUSY, and the next in line still gets it', async () => {
    const medium = memoryMedium()
    const [holder, hasty, patient] = [
      memoryStore({ medium }),
      memoryStore({ medium, timeoutMs: 1 }),
      memoryStore({ medium }),
    ]
    for (const store of [holder, hasty, patient]) await store.open()
    let waiter: Promise<string> | undefined
    await holder.exclusive(async () => {
      const refused = hasty.exclusive(async () => expect.unreachable())
      waiter = patient.exclusive(async () => 'mine')
      await expect(refused).rejects.toMatchObject({ code: 'BUSY' })
    })
    expect(await waiter).toBe('mine')
  })
})
