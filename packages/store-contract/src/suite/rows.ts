/** The rows: they come back byte for byte, in the order of their ids, until a commit or their bucket drops them. */
import { same, truth } from '../assert'
import { MAX_ROW_BYTES, type Row, type RowId, TABLES, UNDATED } from '../port'
import type { Each } from './each'
import { commit, id, idsOf, list, noise, row, text } from './sample'

export function testRows(each: Each): void {
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
}

export function testScan(each: Each): void {
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
}

export function testDropping(each: Each): void {
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
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, n) => byte !== b[n])
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}
