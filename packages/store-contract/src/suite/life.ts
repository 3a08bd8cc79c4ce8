/** A store beside others and at its end: what it hears of their commits, and what closing and destroying leave. */
import { refuses, same, truth } from '../assert'
import { TABLES } from '../port'
import type { Each } from './each'
import { commit, half, halves, id, list, row, text } from './sample'

export function testWatching(each: Each): void {
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
}

export function testEnd(each: Each): void {
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
}
