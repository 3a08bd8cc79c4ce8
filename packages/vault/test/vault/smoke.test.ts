import { fakeClock, memoryMedium, memoryStore, testKey } from '@amanat/vault/testing'
import { expect, test } from 'vitest'
import { createVault, openVault } from '../../src/index'
import { riverside } from '../riverside'

test('smoke', async () => {
  const clock = fakeClock()
  const medium = memoryMedium()
  const vault = await createVault({
    store: memoryStore({ medium }),
    unlock: testKey(),
    policy: riverside,
    actor: 'staff:leila',
    clock,
  })
  const { id, receipts } = await vault.add({
    card: { name: { full: 'Sara Karimi' }, phones: { p1: { number: '07700 900123' } } },
    consents: [
      {
        purpose: 'prayer-times',
        recipients: ['sms-gateway'],
        given: { how: 'paper', evidence: { kind: 'scan', content: new Uint8Array(100_000).fill(7) } },
      },
    ],
    source: 'sign-up sheet',
    ref: 'crm:4711',
  } as never)
  expect(receipts[0]?.assurance).toBe('evidenced')
  const door = vault.for('prayer-times')
  expect((await door.list()).people).toHaveLength(1)
  expect(await door.find({ phone: '۰۷۷۰۰ ۹۰۰۱۲۳' })).toHaveLength(1)
  const sara = await door.reveal(id)
  expect(sara?.card.phones).toBeDefined()
  expect(await door.check({ recipient: 'sms-gateway' })).toEqual({ allowed: 1, refused: {} })
  await vault.lock()
  const again = await openVault({
    store: memoryStore({ medium }),
    unlock: testKey(),
    policy: riverside,
    actor: 'staff:omid',
    clock,
  })
  expect(await again.for('prayer-times').count()).toBe(1)
  await again.withdraw(id, 'prayer-times')
  expect(await again.for('prayer-times').count()).toBe(0)
  expect(await again.exists([id])).toEqual([])
  const lines = []
  for await (const line of again.ledger.entries()) lines.push(line.type)
  console.log(lines.join(' '))
  await clock.advance('P91D')
  await again.lock()
})
