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
