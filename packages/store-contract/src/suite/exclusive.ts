/** The lock over all objects on a vault: one works at a time, and whoever only reads or commits need not wait. */
import { same, truth } from '../assert'
import type { Store } from '../port'
import type { Each } from './each'
import { commit, half, halves, id, idsOf, row } from './sample'

export function testExclusive(each: Each): void {
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
}
