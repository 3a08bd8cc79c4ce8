/** What keeps a commit out that was under way when its lock went: the root, once more as it is, under its next version. */
import { type Batch, StoreError } from '@amanat/store-contract'
import { memoryStore } from '@amanat/vault/testing'
import { expect, it, vi } from 'vitest'
import { fence } from '../../src/commit/fence'
import { again, Overtaken } from '../../src/commit/overtaken'

/** A store with a root of two bytes at version 2. */
async function standing() {
  const store = memoryStore()
  await store.open()
  for (const [i, expected] of [null, 1].entries())
    await store.commit({ expect: expected, root: new Uint8Array([7, i]), put: [], drop: [] })
  const root = await store.root()
  if (!root) throw new Error('there is one')
  return { store, root, late: { expect: root.version, root: new Uint8Array([9]), put: [], drop: [] } satisfies Batch }
}

it('lets nobody commit to what was read before it, and changes nothing but the version', async () => {
  const { store, root, late } = await standing()
  await fence(store, root)
  expect(await store.commit(late)).toBe('conflict')
  expect(await store.root()).toEqual({ version: root.version + 1, bytes: root.bytes })
})

it('says so when somebody was first: then what they committed to has to be looked at', async () => {
  const { store, root, late } = await standing()
  expect(await store.commit(late)).toBe('committed')
  await expect(fence(store, root)).rejects.toThrow(Overtaken)
  expect((await store.root())?.bytes).toEqual(late.root)
})

it('is put up anew when nobody knows whether it stands, and not when the store says why it does not', async () => {
  const { store, root } = await standing()
  const commit = vi.spyOn(store, 'commit')
  commit.mockRejectedValueOnce(new StoreError('UNKNOWN_RESULT', 'the answer never came'))
  await expect(fence(store, root)).rejects.toThrow(Overtaken)
  for (const error of [new StoreError('NO_SPACE', 'full'), new TypeError('not ours')]) {
    commit.mockRejectedValueOnce(error)
    await expect(fence(store, root)).rejects.toBe(error)
  }
  expect(await store.root()).toEqual(root)
})

it('what is overtaken is done again, sixty-four times; anything else is thrown at once', async () => {
  let times = 0
  const overtaken = (often: number) => async () => {
    if (++times <= often) throw new Overtaken()
    return 'done'
  }
  expect(await again(overtaken(63))).toBe('done')
  times = 0
  await expect(again(overtaken(64))).rejects.toMatchObject({ code: 'BUSY' })
  expect(times).toBe(64)
  times = 0
  const no = new Error('no')
  const fails = async () => {
    times++
    throw no
  }
  await expect(again(fails)).rejects.toBe(no)
  expect(times).toBe(1)
})
