/** The root and what moves it: a commit is applied whole, on the version that it expects, or not at all. */
import { same } from '../assert'
import { TABLES } from '../port'
import type { Each } from './each'
import { commit, id, idsOf, noise, row, text } from './sample'

export function testRoot(each: Each): void {
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
}

export function testCommit(each: Each): void {
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
}
