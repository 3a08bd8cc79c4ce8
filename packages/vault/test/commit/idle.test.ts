import { fakeClock, memoryMedium, memoryStore, testKey } from '@amanat/vault/testing'
import { expect, test } from 'vitest'
import { createVault, openVault } from '../../src/index'
import { riverside } from '../riverside'

test('an idle vault locks itself, though another process goes on committing', async () => {
  const clock = fakeClock()
  const medium = memoryMedium()
  const open = { unlock: testKey(), policy: riverside, clock }
  const busy = await createVault({ store: memoryStore({ medium }), ...open, actor: 'staff:leila' })
  const idle = await openVault({ store: memoryStore({ medium }), ...open, actor: 'staff:omid', lockAfter: 'PT10M' })
  for (let minutes = 0; minutes < 15; minutes += 3) {
    await busy.suppress({ phone: `07700 9001${minutes + 10}` })
    await clock.advance('PT3M')
  }
  await expect(idle.exists([])).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
  await busy.lock()
})

const opened = async () => {
  const clock = fakeClock('2026-03-01T23:55:00Z')
  const vault = await createVault({
    store: memoryStore({ medium: memoryMedium() }),
    unlock: testKey(),
    policy: riverside,
    clock,
    actor: 'staff:leila',
    lockAfter: 'PT10M',
  })
  return { vault, clock }
}

test('an idle vault locks itself over midnight as at any other time: what it forgets then is no use of it', async () => {
  const { vault, clock } = await opened()
  await clock.advance('PT10M')
  await expect(vault.exists([])).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
})

test('whoever wakes a device finds an idle vault locked, though no timer has come yet', async () => {
  const { vault, clock } = await opened()
  await vault.exists([])
  clock.set('2026-03-02T07:00:00Z')
  await expect(vault.destroy()).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
  await expect(vault.exists([])).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
  await expect(vault.suppress({ phone: '07700 900110' })).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
})
