import { expect, test } from 'vitest'
import { type IndexedDbOptions, indexedDb } from '../src'
import { freshName, underTest } from './stores'

async function guarantees(options: IndexedDbOptions) {
  const { store, remove } = underTest(options)
  try {
    await store.open()
    return await store.guarantees()
  } finally {
    await remove()
  }
}

test('a page that was not told what lies under OPFS promises nothing about it', async () => {
  expect(await guarantees({})).toEqual({
    cell: 'opfs',
    fileSystem: 'unknown',
    forgetting: 'unknown',
    durability: 'strict',
    persisted: await navigator.storage.persisted(),
    readBack: false,
  })
})

test.each([
  ['ext4', 'in-place'],
  ['EXT4', 'in-place'],
  ['btrfs', 'copy-on-write'],
  ['apfs', 'unknown'],
])('on %s, which the organisation named, forgetting is %s', async (fileSystem, forgetting) => {
  expect(await guarantees({ fileSystem })).toMatchObject({ fileSystem, forgetting })
})

test('a store opens, closes and opens again, also when asked twice at once', async () => {
  const store = indexedDb(freshName())
  await Promise.all([store.open(), store.open()])
  await store.close()
  await store.open()
  expect(await store.root()).toBeUndefined()
  await store.destroy()
})
