/**
 * What every store must do, as tests. A store proves itself by running this suite in one line; nothing else says
 * what the words of the port mean. It asks for no test framework: any `describe` and `test` will do, in Node as in
 * a browser. Speed, and what a power cut leaves behind, are left to each store's own tests.
 */
import { refuses, same, truth } from './assert'
import { HALF_BYTES, MAX_ROW_BYTES, type Row, type RowId, type Store, TABLES, type Table, UNDATED } from './port'

export interface StoreUnderTest {
  readonly store: Store
  /** A second object on the same vault, as another tab or process would have. */
  another(): Promise<Store>
  /** Closes every store handed out and takes all traces away. */
  remove(): Promise<void>
}

export interface Runner {
  describe(name: string, body: () => void): void
  test(name: string, body: () => Promise<void>): void
}

export function testStore(name: string, make: () => Promise<StoreUnderTest>, { describe, test }: Runner): void {
  /** A test on an open store of its own, with `other` standing on the same vault. */
  const each = (sentence: string, body: (store: Store, other: Store) => Promise<void>) =>
    test(sentence, async () => {
      const under = await make()
      try {
        await under.store.open()
        const other = await under.another()
        await other.open()
        await body(under.store, other)
      } finally {
        await under.remove()
      }
    })

  describe(`${name}: the root`, () => {
    each('is undefined before the first commit', async (store, other) => {
      same(await store.root(), undefined)
      same(await other.root(), undefined)
    })

    each('has version one after the first commit, and one more after each', async (store, other) => {
      same(await store.commit({ expect: null, root: text('first'), put: [], drop: [] }), 'committed')
      same(await store.root(), { version: 1, bytes: text('first') })
      same(await other.commit({ expect: 1, root: text('second'), put: [], drop: [] }), 'committed')
      same(await store.root(), { version: 2, bytes: text('second') })
    })

    each('survives closing and opening, with every row', async store => {
      await commit(store, [row('pages', 1)])
      await store.close()
      await store.open()
      same(await store.root(), { version: 1, bytes: text('root 1') })
      same(await store.read('pages', [id(1)]), [row('pages', 1).bytes])
    })

    each('stays when the store is opened twice', async store => {
      await commit(store, [row('pages', 1)])
      await store.open()
      same((await store.root())?.version, 1)
    })

    each('may be empty, and may be longer than any row', async store => {
      await store.commit({ expect: null, root: new Uint8Array(0), put: [], drop: [] })
      same((await store.root())?.bytes, new Uint8Array(0))
      await store.commit({ expect: 1, root: noise(200_000, 7), put: [], drop: [] })
      same((await store.root())?.bytes, noise(200_000, 7))
    })
  })

  describe(`${name}: a commit`, () => {
    each('on a version that has passed is a conflict, and nothing of it is applied', async (store, other) => {
      await commit(store, [row('pages', 1)])
      await commit(other, [row('pages', 2)])
      const late = {
        expect: 1,
        root: text('late'),
        put: [row('pages', 3)],
        drop: [{ table: 'pages', id: id(1) }],
      } as const
      same(await store.commit(late), 'conflict')
      same(await store.root(), { version: 2, bytes: text('root 2') })
      same(await idsOf(store, 'pages'), [id(1), id(2)])
    })

    each('that expects no root is a conflict when there is one', async (store, other) => {
      await commit(store)
      same(await other.commit({ expect: null, root: text('again'), put: [row('pages', 1)], drop: [] }), 'conflict')
      same(await idsOf(store, 'pages'), [])
    })

    each('that expects a root is a conflict when there is none, and when its version is yet to come', async store => {
      const early = { expect: 1, root: text('early'), put: [row('pages', 1)], drop: [] }
      same(await store.commit(early), 'conflict')
      same(await store.root(), undefined)
      await commit(store)
      same(await store.commit({ ...early, expect: 2 }), 'conflict')
      same(await idsOf(store, 'pages'), [])
    })

    each('puts and drops in one step over all tables', async (store, other) => {
      await commit(
        store,
        TABLES.map(table => row(table, 1)),
      )
      await commit(
        store,
        TABLES.map(table => row(table, 2)),
        TABLES.map(table => ({ table, id: id(1) })),
      )
      for (const table of TABLES) same(await idsOf(other, table), [id(2)], table)
    })

    each('is seen by the other whole or not at all', async (store, other) => {
      await commit(store, [row('heads', 1), row('pages', 1)])
      let done = false
      const writing = (async () => {
        for (let n = 2; n <= 30; n++) {
          const drop = (['heads', 'pages'] as const).map(table => ({ table, id: id(n - 1) }))
          await commit(store, [row('heads', n), row('pages', n)], drop)
        }
      })().finally(() => {
        done = true
      })
      const reading = (async () => {
        while (!done) {
          const version = (await other.root())?.version ?? 0
          const [head] = await other.read('heads', [id(version)])
          const [page] = await other.read('pages', [id(version)])
          if ((await other.root())?.version === version) {
            same([head, page], [row('heads', version).bytes, row('pages', version).bytes], `version ${version}`)
          }
        }
      })()
      await Promise.all([writing, reading])
      for (const table of ['heads', 'pages'] as const) same(await idsOf(other, table), [id(30)])
    })

    each('that drops a row which is not there is no error', async store => {
      await commit(store, [row('pages', 1)])
      await commit(store, [], [{ table: 'pages', id: id(9) }])
      await commit(store, [], [{ table: 'heads', id: id(1) }])
      same(await idsOf(store, 'pages'), [id(1)])
    })

    each('wins alone when two race on one version, fifty times over', async (store, other) => {
      await commit(store)
      for (let version = 1; version <= 50; version++) {
        const batch = (who: number) => ({
          expect: version,
          root: text(`round ${version} by ${who}`),
          put: [row('pages', version * 2 + who)],
          drop: [],
        })
        const answers = await Promise.all([store.commit(batch(0)), other.commit(batch(1))])
        same([...answers].sort(), ['committed', 'conflict'], `round ${version}`)
        const winner = answers.indexOf('committed')
        same(await store.root(), { version: version + 1, bytes: text(`round ${version} by ${winner}`) })
        const loser = await other.read('pages', [id(version * 2 + 1 - winner)])
        same(loser, [undefined], `the loser's row of round ${version}`)
      }
      same((await idsOf(store, 'pages')).length, 50)
    })

    each('of thousands of rows comes back complete and in order', async (store, other) => {
      const rows = Array.from({ length: 3000 }, (_, n) => row('pages', (n * 7919) % 3000))
      await commit(store, rows)
      const ids = await idsOf(other, 'pages')
      same(ids.length, 3000)
      same(ids[2999], id(2999))
      ids.forEach((each, n) => {
        same(each, id(n), `id ${n}`)
      })
      const some = [2999, 0, 1500].map(id)
      same(
        await other.read('pages', some),
        [2999, 0, 1500].map(n => row('pages', n).bytes),
      )
    })
  })

  describe(`${name}: rows`, () => {
    each('come back in the order they were asked for, and undefined where there is none', async store => {
      await commit(store, [row('pages', 1), row('pages', 2), row('heads', 3)])
      const [one, two] = [row('pages', 1).bytes, row('pages', 2).bytes]
      same(await store.read('pages', [id(2), id(3), id(1), id(2)]), [two, undefined, one, two])
      same(await store.read('pages', []), [])
    })

    each('keep every byte, from none at all to the largest', async (store, other) => {
      const sizes = [0, 1, 255, 4096, MAX_ROW_BYTES]
      const rows = sizes.map((size, n): Row => ({ table: 'blobs', id: id(n), bucket: n, bytes: noise(size, n) }))
      await commit(store, rows)
      same(
        await other.read(
          'blobs',
          rows.map(({ id }) => id),
        ),
        rows.map(({ bytes }) => bytes),
      )
      same(await list(other, 'blobs'), rows)
    })

    each('keep their buckets, from the first day to no day at all', async store => {
      const buckets = [0, 1, 255, 256, 20_000, 0x7fff_ffff, 0x8000_0000, UNDATED]
      const rows = buckets.map((bucket, n): Row => ({ ...row('pages', n), bucket }))
      await commit(store, rows)
      same(
        (await list(store, 'pages')).map(({ bucket }) => bucket),
        buckets,
      )
    })

    each('are copies: what is written into them later stays with the writer', async store => {
      const mine = row('pages', 1)
      const root = text('root')
      const ask = id(1)
      const writing = store.commit({ expect: null, root, put: [mine], drop: [] })
      await writing
      mine.bytes.fill(0xee)
      mine.id.fill(0xee)
      root.fill(0xee)
      const [first] = await store.read('pages', [ask])
      first?.fill(0xdd)
      for await (const scanned of store.scan('pages')) {
        scanned.bytes.fill(0xcc)
        scanned.id.fill(0xcc)
      }
      ;(await store.root())?.bytes.fill(0xbb)
      same(await store.root(), { version: 1, bytes: text('root') })
      same(await store.read('pages', [id(1)]), [row('pages', 1).bytes])
      same(await list(store, 'pages'), [row('pages', 1)])
    })

    each('of one table are not in another under the same id', async store => {
      await commit(store, [row('heads', 1), row('pages', 1)])
      await commit(store, [], [{ table: 'heads', id: id(1) }])
      same(await store.read('heads', [id(1)]), [undefined])
      same(await store.read('pages', [id(1)]), [row('pages', 1).bytes])
    })
  })

  describe(`${name}: a scan`, () => {
    each('goes by the bytes of the ids, as unsigned numbers, whatever the order of writing', async store => {
      const firsts = [0x80, 0x00, 0xff, 0x7f, 0x01, 0xfe]
      const rows = firsts.map((first, n): Row => ({ ...row('pages', n), id: Uint8Array.of(first, ...id(n).slice(1)) }))
      for (const each of rows) await commit(store, [each])
      same(
        (await idsOf(store, 'pages')).map(([first]) => first),
        [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff],
      )
    })

    each('begins at the id it is given, that id included, whether it is there or not', async store => {
      await commit(store, [row('pages', 1), row('pages', 3), row('pages', 5), row('heads', 9)])
      same(await idsOf(store, 'pages', id(3)), [id(3), id(5)])
      same(await idsOf(store, 'pages', id(4)), [id(5)])
      same(await idsOf(store, 'pages', id(6)), [])
    })

    each('of an empty table has nothing', async store => {
      await commit(store, [row('pages', 1)])
      same(await list(store, 'heads'), [])
    })

    each('gives every row that was there throughout, once, while others commit', async (store, other) => {
      const stable = Array.from({ length: 1000 }, (_, n) => row('pages', n * 2))
      await commit(store, stable)
      await commit(
        store,
        [1, 501, 999].map(n => row('pages', n)),
      )
      const seen: RowId[] = []
      for await (const { id: at } of store.scan('pages')) {
        seen.push(at)
        if (seen.length % 250 === 10) {
          const n = 2001 + seen.length * 2
          await commit(other, [row('pages', n)], [{ table: 'pages', id: id(seen.length < 500 ? 501 : 999) }])
        }
      }
      const even = seen.filter(at => (at[15] ?? 0) % 2 === 0)
      same(
        even,
        stable.map(({ id }) => id),
      )
      truth(
        seen.every((at, n) => n === 0 || compare(seen[n - 1] as RowId, at) < 0),
        'ascending, nothing twice',
      )
    })

    each('can be left before its end', async store => {
      await commit(
        store,
        Array.from({ length: 500 }, (_, n) => row('pages', n)),
      )
      for await (const { id: at } of store.scan('pages')) {
        same(at, id(0))
        break
      }
      await commit(store, [row('pages', 500)])
      same((await idsOf(store, 'pages')).length, 501)
    })
  })

  describe(`${name}: dropping rows by their bucket`, () => {
    for (const table of TABLES) {
      each(`takes those of ${table} that lie before the day, and no other`, async (store, other) => {
        const rows = TABLES.flatMap(each => [9, 10, 11, UNDATED].map((bucket, n) => ({ ...row(each, n), bucket })))
        await commit(store, rows)
        same(await store.dropRows(table, 10), 1)
        for (const each of TABLES) {
          const left = each === table ? [10, 11, UNDATED] : [9, 10, 11, UNDATED]
          same(
            (await list(other, each)).map(({ bucket }) => bucket),
            left,
            each,
          )
        }
        same(await store.read(table, [id(0), id(1)]), [undefined, row(table, 1).bytes])
      })
    }

    each('never takes the undated, and takes nothing twice', async store => {
      await commit(
        store,
        [0, 300, 0x8000_0000, UNDATED].map((bucket, n) => ({ ...row('pages', n), bucket })),
      )
      same(await store.dropRows('pages', 0), 0)
      same(await store.dropRows('pages', UNDATED), 3)
      same(await store.dropRows('pages', UNDATED), 0)
      same(await idsOf(store, 'pages'), [id(3)])
    })

    each('knows nothing of rows that were dropped by a commit', async store => {
      await commit(store, [row('pages', 1), row('pages', 2)])
      await commit(store, [], [{ table: 'pages', id: id(1) }])
      same(await store.dropRows('pages', UNDATED), 1)
    })

    each('leaves the root as it is', async store => {
      await commit(store, [row('pages', 1)])
      await store.dropRows('pages', UNDATED)
      same(await store.root(), { version: 1, bytes: text('root 1') })
      await commit(store)
    })

    each('works through thousands', async store => {
      const rows = Array.from({ length: 5000 }, (_, n) => ({ ...row('heads', n), bucket: n % 100 }))
      await commit(store, rows)
      same(await store.dropRows('heads', 60), 3000)
      truth(
        (await list(store, 'heads')).every(({ bucket }) => bucket >= 60),
        'none before the day is left',
      )
    })
  })

  describe(`${name}: the cell`, () => {
    each('is missing until it is created', async (store, other) => {
      await store.exclusive(async () => {
        same(await store.cell.read(0), undefined)
        same(await other.cell.read(1), undefined)
        await refuses(store.cell.overwrite(0, half(1)), 'CELL_MISSING')
        same(await store.cell.read(0), undefined, 'a refused overwrite creates nothing')
      })
    })

    each('has two halves of 4096 bytes, and the other object reads them', async (store, other) => {
      await store.exclusive(() => store.cell.create([half(1), half(2)]))
      await other.exclusive(async () => {
        same(await other.cell.read(0), half(1))
        same(await other.cell.read(1), half(2))
      })
    })

    each('keeps one half as it is when the other is overwritten', async (store, other) => {
      await store.exclusive(() => store.cell.create([half(1), half(2)]))
      await store.exclusive(() => store.cell.overwrite(1, half(3)))
      same(await halves(other), [half(1), half(3)])
      await other.exclusive(() => other.cell.overwrite(0, half(4)))
      same(await halves(store), [half(4), half(3)])
    })

    each('refuses a half of any other size', async store => {
      await store.exclusive(async () => {
        await refuses(store.cell.create([half(1), half(2).subarray(1)]), TypeError)
        same(await store.cell.read(0), undefined)
        await store.cell.create([half(1), half(2)])
        await refuses(store.cell.overwrite(0, new Uint8Array(HALF_BYTES + 1)), TypeError)
        await refuses(store.cell.overwrite(1, new Uint8Array(0)), TypeError)
      })
      same(await halves(store), [half(1), half(2)])
    })

    each('survives closing and opening', async store => {
      await store.exclusive(() => store.cell.create([half(1), half(2)]))
      await store.close()
      await store.open()
      same(await halves(store), [half(1), half(2)])
    })

    each('gives and takes copies', async store => {
      const mine = half(1)
      await store.exclusive(() => store.cell.create([mine, half(2)]))
      mine.fill(9)
      const [first] = await halves(store)
      first?.fill(8)
      same(await halves(store), [half(1), half(2)])
    })

    each('is created again over what a broken creation left', async store => {
      await store.exclusive(() => store.cell.create([half(1), half(2)]))
      await store.exclusive(() => store.cell.create([half(3), half(4)]))
      same(await halves(store), [half(3), half(4)])
    })
  })

  describe(`${name}: exclusive`, () => {
    each('lets one at a time work, over all objects', async (store, other) => {
      await commit(store)
      let inside = 0
      let most = 0
      let turns = 0
      const work = (of: Store) =>
        of.exclusive(async () => {
          most = Math.max(most, ++inside)
          for (let n = 0; n < 3; n++) await of.root()
          turns++
          inside--
        })
      await Promise.all(Array.from({ length: 20 }, (_, n) => work(n % 2 === 0 ? store : other)))
      same([most, turns], [1, 20])
    })

    each('answers what the work answers', async store => {
      same(await store.exclusive(async () => 'done'), 'done')
    })

    each('throws what the work throws, and lets the next one in', async (store, other) => {
      const mine = new RangeError('mine')
      const thrown = await store.exclusive(() => Promise.reject(mine)).catch(error => error)
      truth(thrown === mine, 'the very error')
      same(await other.exclusive(async () => 'next'), 'next')
    })

    each('hands the work a signal that is not tripped', async store => {
      same(await store.exclusive(async lost => lost.aborted), false)
    })

    each('makes reading, changing and writing the cell one step', async (store, other) => {
      await store.exclusive(() => store.cell.create([half(0), half(0)]))
      const step = (of: Store) =>
        of.exclusive(async () => {
          const [count = 0] = (await of.cell.read(0)) ?? []
          await of.cell.overwrite(0, half(count + 1))
        })
      await Promise.all(Array.from({ length: 12 }, (_, n) => step(n % 2 === 0 ? store : other)))
      same((await halves(store))[0], half(12))
    })

    each('does not keep the other from reading and committing', async (store, other) => {
      await store.exclusive(async () => {
        await commit(other, [row('pages', 1)])
        same(await idsOf(other, 'pages'), [id(1)])
      })
    })
  })

  describe(`${name}: watching`, () => {
    each('reaches the other object after a commit', async (store, other) => {
      await commit(store)
      let told = () => {}
      const heard = new Promise<void>(resolve => {
        told = resolve
      })
      const unwatch = other.watch(told)
      await commit(store)
      await heard
      unwatch()
    })

    each('ends when it is unwatched, and may be ended twice', async (store, other) => {
      let first = 0
      const unwatch = other.watch(() => first++)
      unwatch()
      unwatch()
      let told = () => {}
      const heard = new Promise<void>(resolve => {
        told = resolve
      })
      other.watch(() => told())
      await commit(store)
      await heard
      same(first, 0)
    })
  })

  describe(`${name}: the end`, () => {
    each('a closed store answers CLOSED to everything, and the other goes on', async (store, other) => {
      await commit(store, [row('pages', 1)])
      await store.close()
      await store.close()
      await refuses(store.root(), 'CLOSED')
      await refuses(store.read('pages', [id(1)]), 'CLOSED')
      await refuses(list(store, 'pages'), 'CLOSED')
      await refuses(store.commit({ expect: 1, root: text('no'), put: [], drop: [] }), 'CLOSED')
      await refuses(store.dropRows('pages', 1), 'CLOSED')
      await refuses(store.cell.read(0), 'CLOSED')
      await refuses(store.cell.overwrite(0, half(1)), 'CLOSED')
      await refuses(store.cell.create([half(1), half(2)]), 'CLOSED')
      await refuses(
        store.exclusive(async () => 'no'),
        'CLOSED',
      )
      same(await other.exclusive(async () => (await other.root())?.version), 1)
      await commit(other, [row('pages', 2)])
    })

    each('a destroyed store is closed, and opens empty again', async (store, other) => {
      await commit(store, [row('pages', 1), row('undated', 2)])
      await store.exclusive(() => store.cell.create([half(1), half(2)]))
      await other.close()
      await store.destroy()
      await refuses(store.root(), 'CLOSED')
      await store.open()
      same(await store.root(), undefined)
      for (const table of TABLES) same(await list(store, table), [], table)
      same(await halves(store), [undefined, undefined])
      await commit(store, [row('pages', 3)])
      await store.exclusive(() => store.cell.create([half(3), half(4)]))
      same(await halves(store), [half(3), half(4)])
    })

    each('the guarantees are complete and use the words of the port', async store => {
      const { cell, fileSystem, forgetting, durability, persisted, readBack } = await store.guarantees()
      truth(['opfs', 'file', 'idb', 'memory'].includes(cell), `cell: ${cell}`)
      truth(typeof fileSystem === 'string' && fileSystem !== '' && !/[/\\]/.test(fileSystem), 'a name, not a path')
      truth(['in-place', 'copy-on-write', 'best-effort', 'unknown'].includes(forgetting), `forgetting: ${forgetting}`)
      truth(['strict', 'relaxed', 'none'].includes(durability), `durability: ${durability}`)
      same([typeof persisted, typeof readBack], ['boolean', 'boolean'])
      truth(/^[a-z][a-z -]*$/i.test(store.name), 'a kind of store, nothing personal')
    })
  })
}

/** Commits on whatever version there is, with a root that names the version it makes. */
async function commit(store: Store, put: readonly Row[] = [], drop: readonly { table: Table; id: RowId }[] = []) {
  const expect = (await store.root())?.version ?? null
  const root = text(`root ${(expect ?? 0) + 1}`)
  same(await store.commit({ expect, root, put, drop }), 'committed')
}

async function list(store: Store, table: Table, from?: RowId): Promise<Row[]> {
  const rows: Row[] = []
  for await (const row of store.scan(table, from)) rows.push(row)
  return rows
}

async function halves(store: Store): Promise<(Uint8Array | undefined)[]> {
  return await store.exclusive(async () => [await store.cell.read(0), await store.cell.read(1)])
}

async function idsOf(store: Store, table: Table, from?: RowId): Promise<RowId[]> {
  return (await list(store, table, from)).map(({ id }) => id)
}

function row(table: Table, n: number): Row {
  return { table, id: id(n), bucket: 20_000 + n, bytes: text(`${table} ${n}`) }
}

/** Big-endian, so that ids stand in the order of their numbers; the first twelve bytes are alike. */
function id(n: number): RowId {
  const bytes = new Uint8Array(16).fill(0x5a)
  new DataView(bytes.buffer).setUint32(12, n)
  return bytes
}

function text(words: string): Uint8Array {
  return new TextEncoder().encode(words)
}

function half(n: number): Uint8Array {
  const bytes = noise(HALF_BYTES, n)
  bytes[0] = n
  return bytes
}

/** Bytes that differ from place to place and from seed to seed. Not random, and not meant to be. */
function noise(size: number, seed: number): Uint8Array {
  let state = (seed + 1) * 2654435761
  return Uint8Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, n) => byte !== b[n])
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}
