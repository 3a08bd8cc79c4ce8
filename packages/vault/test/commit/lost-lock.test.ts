import type { Store } from '@amanat/store-contract'
import { fakeClock, memoryMedium, memoryStore, testKey } from '@amanat/vault/testing'
import { expect, test } from 'vitest'
import { createVault, dropExpired, openVault } from '../../src/index'
import { riverside } from '../riverside'

const consents = [{ purpose: 'prayer-times' as const, given: { how: 'paper' } }]

/** The platform takes the lock away as soon as it was given. */
function losing(store: Store): Store {
  const exclusive: Store['exclusive'] = work => {
    const lost = new AbortController()
    lost.abort()
    return store.exclusive(() => work(lost.signal))
  }
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'exclusive') return exclusive
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

async function vaultWithSara() {
  const clock = fakeClock()
  const medium = memoryMedium()
  const open = { unlock: testKey(), policy: riverside, actor: 'staff:leila', clock }
  const vault = await createVault({ store: memoryStore({ medium }), ...open })
  const { id } = await vault.add({ card: { name: { full: 'Sara' } }, consents, source: 'sheet' })
  return { clock, medium, open, vault, id }
}

test('a forgetting that loses its lock overwrites nothing, and the vault stays as it was', async () => {
  const { medium, open, vault, id } = await vaultWithSara()
  await vault.lock()
  const before = medium.cellNow()
  const lost = await openVault({ store: losing(memoryStore({ medium })), ...open })
  await expect(lost.withdraw(id)).rejects.toMatchObject({ code: 'BUSY' })
  expect(medium.cellNow()).toEqual(before)
  await lost.lock()
  const again = await openVault({ store: memoryStore({ medium }), ...open })
  expect(await again.exists([id])).toEqual([id])
})

test('a day that passes without the lock steps no ratchet', async () => {
  const { medium, clock, vault } = await vaultWithSara()
  await vault.lock()
  const before = medium.cellNow()
  await clock.advance('P2D')
  await expect(dropExpired(losing(memoryStore({ medium })), { clock })).rejects.toMatchObject({ code: 'BUSY' })
  expect(medium.cellNow()).toEqual(before)
})
