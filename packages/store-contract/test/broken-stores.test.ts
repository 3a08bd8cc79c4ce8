/**
 * The suite is only worth something if a broken store fails it. Each store here is the memory store with one
 * breakage; the suite runs on it in a runner of a few lines, and must find it.
 */
import { describe, expect, test } from 'vitest'
import { type Row, type RowId, type Store, StoreError, TABLES, type Table, UNDATED } from '../src/index'
import { type MemoryMedium, type MemoryStore, memoryMedium, memoryStore } from '../src/memory'
import { testStore } from '../src/suite'

type Breakage = (store: MemoryStore, medium: MemoryMedium, shared: Map<string, Uint8Array>) => Partial<Store>

/** By the part of the suite that must find them. */
const breakages: Record<string, Record<string, Breakage>> = {
  'the root': {
    'counts versions by two': store => ({
      root: async () => {
        const root = await store.root()
        return root && { ...root, version: root.version * 2 - 1 }
      },
    }),
  },
  'a commit': {
    'commits whatever version was expected': store => ({
      commit: async batch => store.commit({ ...batch, expect: (await store.root())?.version ?? null }),
    }),
    'takes a version to come for the present one': store => ({
      commit: async batch => {
        const version = (await store.root())?.version
        const early = version !== undefined && batch.expect !== null && batch.expect > version
        return store.commit(early ? { ...batch, expect: version } : batch)
      },
    }),
    'says committed when there was a conflict': store => ({
      commit: async batch => {
        await store.commit(batch)
        return 'committed'
      },
    }),
    'ignores the drops of a batch': store => ({ commit: batch => store.commit({ ...batch, drop: [] }) }),
    'ignores the puts of a batch': store => ({ commit: batch => store.commit({ ...batch, put: [] }) }),
    'applies the drops of a batch in conflict': (store, medium) => ({
      commit: async batch => {
        const answer = await store.commit(batch)
        if (answer === 'conflict') for (const { table, id } of batch.drop) medium.damageRow(table, id, undefined)
        return answer
      },
    }),
    'shows the root before the rows': (store, _, hidden) => ({
      commit: async batch => {
        const keys = batch.put.filter(({ table }) => table === 'pages').map(({ id }) => id.join())
        for (const key of keys) hidden.set(key, new Uint8Array(0))
        const answer = await store.commit(batch)
        for (let n = 0; n < 20; n++) await Promise.resolve()
        for (const key of keys) hidden.delete(key)
        return answer
      },
      read: async (table, ids) => {
        const veiled = ids.map(id => table === 'pages' && hidden.has(id.join()))
        return (await store.read(table, ids)).map((bytes, n) => (veiled[n] ? undefined : bytes))
      },
    }),
    'throws when a dropped row is not there': store => ({
      commit: async batch => {
        for (const { table, id } of batch.drop) {
          if ((await store.read(table, [id]))[0] === undefined) throw new StoreError('IO', 'no such row')
        }
        return store.commit(batch)
      },
    }),
  },
  rows: {
    'reads in the order of the ids': store => ({
      read: (table, ids) =>
        store.read(
          table,
          [...ids].sort((a, b) => (a[15] ?? 0) - (b[15] ?? 0)),
        ),
    }),
    'leaves out what it does not find': store => ({
      read: async (table, ids) => (await store.read(table, ids)).filter(bytes => bytes !== undefined),
    }),
    'hands out its own buffers': (store, _, kept) => ({
      read: async (table, ids) => {
        const rows = await store.read(table, ids)
        return rows.map((bytes, n) => {
          const key = `${table} ${ids[n]?.join()}`
          if (bytes !== undefined && !kept.has(key)) kept.set(key, bytes)
          return bytes && kept.get(key)
        })
      },
    }),
    'keeps the caller’s buffers': (store, _, kept) => ({
      commit: async batch => {
        const answer = await store.commit(batch)
        if (answer === 'committed') for (const row of batch.put) kept.set(`${row.table} ${row.id.join()}`, row.bytes)
        return answer
      },
      read: async (table, ids) => {
        const keys = ids.map(id => `${table} ${id.join()}`)
        return (await store.read(table, ids)).map((bytes, n) => bytes && kept.get(keys[n] ?? '')?.slice())
      },
    }),
    'cuts large rows': store => ({
      read: async (table, ids) => (await store.read(table, ids)).map(bytes => bytes?.slice(0, 32_767)),
    }),
    'takes an empty row for none': store => ({
      read: async (table, ids) => (await store.read(table, ids)).map(bytes => (bytes?.length ? bytes : undefined)),
    }),
    'has one table only': store => {
      const one = <T extends { readonly table: Table }>(rows: readonly T[]) =>
        rows.map(row => ({ ...row, table: 'pages' as const }))
      return {
        commit: batch => store.commit({ ...batch, put: one(batch.put), drop: one(batch.drop) }),
        read: (_, ids) => store.read('pages', ids),
      }
    },
    'gives buckets back with a sign': store => ({
      scan: (table, from) => scanned(store, table, from, rows => rows.map(row => ({ ...row, bucket: row.bucket | 0 }))),
    }),
  },
  'a scan': {
    'scans backwards': store => ({ scan: (table, from) => scanned(store, table, from, rows => rows.reverse()) }),
    'scans by signed bytes': store => ({
      scan: (table, from) =>
        scanned(store, table, from, rows => rows.sort((a, b) => ((a.id[0] ?? 0) << 24) - ((b.id[0] ?? 0) << 24))),
    }),
    'scans from the beginning, whatever is asked': store => ({ scan: table => store.scan(table) }),
    'leaves out the first id wanted': store => ({
      scan: (table, from) =>
        scanned(store, table, from, rows => rows.filter(({ id }) => from === undefined || id.join() !== from.join())),
    }),
    'ends a scan after a thousand rows': store => ({
      scan: (table, from) => scanned(store, table, from, rows => rows.slice(0, 1000)),
    }),
    'scans by position, so that a commit shifts it': store => ({
      scan: async function* (table, from) {
        for (let at = 0; ; at++) {
          const row = (await all(store, table, from))[at]
          if (row === undefined) return
          yield row
        }
      },
    }),
  },
  'dropping rows by their bucket': {
    'drops the day itself too': store => ({
      dropRows: (table, before) => store.dropRows(table, Math.min(before + 1, UNDATED)),
    }),
    'drops one day less': store => ({ dropRows: (table, before) => store.dropRows(table, Math.max(before - 1, 0)) }),
    'drops the undated': (store, medium) => ({
      dropRows: async (table, before) => {
        const count = await store.dropRows(table, before)
        const rest = (await all(store, table)).filter(({ bucket }) => bucket === UNDATED && before === UNDATED)
        for (const { id } of rest) medium.damageRow(table, id, undefined)
        return count + rest.length
      },
    }),
    'drops from every table': store => ({
      dropRows: async (table, before) => {
        for (const each of TABLES) if (each !== table) await store.dropRows(each, before)
        return store.dropRows(table, before)
      },
    }),
    'counts what it dropped wrongly': store => ({
      dropRows: async (table, before) => Math.min(await store.dropRows(table, before), 1000),
    }),
    'drops nothing': store => ({
      dropRows: async (table, before) => (await all(store, table)).filter(({ bucket }) => bucket < before).length,
    }),
  },
  'the cell': {
    'creates both halves anew at an overwrite': store => ({
      cell: { ...store.cell, overwrite: (_, bytes) => store.cell.create([bytes, bytes]) },
    }),
    'overwrites the other half': store => ({
      cell: { ...store.cell, overwrite: (half, bytes) => store.cell.overwrite(half === 0 ? 1 : 0, bytes) },
    }),
    'makes a missing cell up': store => ({
      cell: {
        ...store.cell,
        overwrite: async (half, bytes) => {
          if ((await store.cell.read(0)) === undefined) await store.cell.create([bytes, bytes])
          await store.cell.overwrite(half, bytes)
        },
      },
    }),
    'pads a half that is too short': store => ({
      cell: {
        ...store.cell,
        overwrite: (half, bytes) => {
          const padded = new Uint8Array(4096)
          padded.set(bytes.subarray(0, 4096))
          return store.cell.overwrite(half, padded)
        },
      },
    }),
    'reads an empty half where there is no cell': store => ({
      cell: { ...store.cell, read: async half => (await store.cell.read(half)) ?? new Uint8Array(4096) },
    }),
    'loses the cell at close': (store, medium) => ({
      close: async () => {
        medium.removeCell()
        await store.close()
      },
    }),
  },
  exclusive: {
    'does not exclude': store => ({
      exclusive: async work => {
        await store.root().catch(() => store.exclusive(work))
        return work(new AbortController().signal)
      },
    }),
    'excludes within one object only': store => {
      let last: Promise<unknown> = Promise.resolve()
      return {
        exclusive: async work => {
          await store.guarantees()
          const mine = last.then(() => work(new AbortController().signal))
          last = mine.catch(() => {})
          return mine
        },
      }
    },
    'keeps the lock when the work throws': store => ({
      exclusive: work =>
        store.exclusive(async lost => {
          try {
            return await work(lost)
          } catch (error) {
            if (error instanceof RangeError) await new Promise(() => {})
            throw error
          }
        }),
    }),
    'loses the answer of the work': store => ({
      exclusive: async work => {
        await store.exclusive(work)
        return undefined as never
      },
    }),
    'wraps the error of the work': store => ({
      exclusive: work =>
        store.exclusive(work).catch(cause => {
          throw cause instanceof RangeError ? new Error('failed', { cause }) : cause
        }),
    }),
    'hands out a tripped signal': store => ({ exclusive: work => store.exclusive(() => work(AbortSignal.abort())) }),
  },
  watching: {
    'never tells who watches': () => ({ watch: () => () => {} }),
    'goes on telling after the end of watching': store => ({
      watch: listener => {
        store.watch(listener)
        return () => {}
      },
    }),
  },
  'the end': {
    'works on after close': () => ({ close: async () => {} }),
    'lets the rows be scanned after close': (store, medium) => {
      const back = memoryStore({ medium })
      return {
        scan: async function* (table, from) {
          await back.open()
          yield* back.scan(table, from)
          await store.guarantees().catch(() => {})
        },
      }
    },
    'destroys nothing': store => ({ destroy: () => store.close() }),
    'leaves the cell when it is destroyed': (store, medium) => ({
      destroy: async () => {
        const halves = medium.cellNow()
        await store.destroy()
        await store.open()
        if (halves) await store.cell.create(halves)
        await store.close()
      },
    }),
    'is open after destroy': store => ({
      destroy: async () => {
        await store.destroy()
        await store.open()
      },
    }),
    'leaves a guarantee out': store => ({
      guarantees: async () => ({ ...(await store.guarantees()), forgetting: undefined as never }),
    }),
    'names a path': store => ({
      guarantees: async () => ({ ...(await store.guarantees()), fileSystem: '/srv/members' }),
    }),
  },
}

for (const [part, broken] of Object.entries(breakages)) {
  describe(`the part about ${part} fails a store that`, () => {
    for (const [name, breakage] of Object.entries(broken)) {
      test(name, async () => {
        expect(await firstFailure(breakage, part)).toBeDefined()
      })
    }
  })
}

test('the suite finds nothing wrong with the same wrapping and no breakage', async () => {
  expect(await firstFailure(() => ({}))).toBeUndefined()
})

/** Runs the suite in a runner of its own; answers the name of the first test that failed or came to no end. */
async function firstFailure(breakage: Breakage, part?: string): Promise<string | undefined> {
  const tests: [string, () => Promise<void>][] = []
  const make = async () => {
    const medium = memoryMedium()
    const shared = new Map<string, Uint8Array>()
    const broken = (): Store => {
      const store = memoryStore({ medium, timeoutMs: 50 })
      return { ...port(store), ...breakage(store, medium, shared) }
    }
    return { store: broken(), another: async () => broken(), remove: async () => {} }
  }
  let current = ''
  testStore('broken', make, {
    describe: (name, body) => {
      current = name
      body()
    },
    test: (name, body) => {
      if (part === undefined || current.endsWith(`: ${part}`)) tests.push([name, body])
    },
  })
  for (const [name, body] of tests) {
    if (!(await passes(body()))) return name
  }
  return undefined
}

/** Nothing in memory takes two seconds: a test that still runs then waits for something that won't come. */
function passes(running: Promise<void>): Promise<boolean> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, 2000, false)
    running.then(
      () => resolve(true),
      () => resolve(false),
    )
    running.catch(() => {}).finally(() => clearTimeout(timer))
  })
}

/** The store's methods as own properties, so that single ones can be replaced. */
function port(store: Store): Store {
  return {
    name: store.name,
    cell: store.cell,
    open: () => store.open(),
    root: () => store.root(),
    read: (table, ids) => store.read(table, ids),
    scan: (table, from) => store.scan(table, from),
    commit: batch => store.commit(batch),
    dropRows: (table, before) => store.dropRows(table, before),
    watch: listener => store.watch(listener),
    exclusive: work => store.exclusive(work),
    guarantees: () => store.guarantees(),
    destroy: () => store.destroy(),
    close: () => store.close(),
  }
}

async function all(store: Store, table: Table, from?: RowId): Promise<Row[]> {
  const rows: Row[] = []
  for await (const row of store.scan(table, from)) rows.push(row)
  return rows
}

async function* scanned(store: Store, table: Table, from: RowId | undefined, change: (rows: Row[]) => Row[]) {
  yield* change(await all(store, table, from))
}
