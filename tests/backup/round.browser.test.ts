/** In a real Chromium: from IndexedDB and OPFS to memory and back, and nothing is there after a restore that failed. */
import { memoryMedium, memoryStore } from '@amanat/store-contract/memory'
import { indexedDb } from '@amanat/store-indexeddb'
import { createVault, openVault, restoreVault, vaultExists } from '@amanat/vault'
import { afterAll, expect, test } from 'vitest'
import { actor, asMaker, asMembers, clockAt, damagedIn, everything, fill, newKey, oldKey } from './people'

const PEOPLE = 120
const PHOTOS = 12
const clock = clockAt()
const names: string[] = []

function newName(): string {
  const name = `backup ${crypto.randomUUID()}`
  names.push(name)
  return name
}

afterAll(async () => {
  for (const name of names) await indexedDb(name).destroy()
})

async function made() {
  const vault = await createVault({ ...asMaker(), store: indexedDb(newName()), unlock: oldKey, clock })
  const ids = (await fill(vault, PEOPLE, PHOTOS)).slice(0, 20)
  return { vault, ids, before: await everything(vault, ids) }
}

test('a vault goes from IndexedDB to memory and into another database, everything of it', async () => {
  const { vault, ids, before } = await made()
  const medium = memoryMedium()
  const common = { actor, clock }
  const first = await vault.backup()
  await restoreVault({
    ...common,
    store: memoryStore({ medium }),
    from: first.file,
    backupUnlock: oldKey,
    unlock: newKey,
  })
  await vault.lock()
  const inMemory = await openVault({ ...asMembers, store: memoryStore({ medium }), unlock: newKey, clock })
  expect(await everything(inMemory, ids)).toEqual(before)
  const second = await inMemory.backup()
  const name = newName()
  const store = indexedDb(name)
  const back = await restoreVault({ ...common, store, from: second.file, backupUnlock: newKey, unlock: oldKey })
  await store.close()
  await inMemory.lock()
  expect(back).toMatchObject({ people: PEOPLE, gone: 0, damaged: 0 })
  const again = await openVault({ ...asMembers, store: indexedDb(name), unlock: oldKey, clock })
  expect(await everything(again, ids)).toEqual(before)
  expect(await damagedIn(again)).toEqual([])
  expect((await again.guarantees()).cell).toBe('opfs')
  await again.lock()
})

test('a file that was cut short brings nothing, and a whole one goes to the same place afterwards', async () => {
  const { vault, before } = await made()
  const whole = await new Response((await vault.backup()).file).blob()
  await vault.lock()
  const store = indexedDb(newName())
  const common = { store, backupUnlock: oldKey, unlock: oldKey, actor, clock }
  const cut = restoreVault({ ...common, from: whole.slice(0, whole.size - 100_000).stream() })
  await expect(cut).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' })
  expect(await vaultExists(store)).toBe(false)
  await restoreVault({ ...common, from: whole.stream() })
  const restored = await openVault({ ...asMembers, store, unlock: oldKey, clock })
  expect((await everything(restored, [])).cards).toEqual(before.cards)
  await restored.lock()
})
