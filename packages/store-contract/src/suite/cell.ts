/** The cell: two halves that are overwritten one by one, and that nothing but a creation brings into being. */
import { refuses, same } from '../assert'
import { HALF_BYTES } from '../port'
import type { Each } from './each'
import { half, halves } from './sample'

export function testCell(each: Each): void {
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
}
