import { fakeClock, memoryMedium, memoryStore, testKey } from '@amanat/vault/testing'
import { expect, test } from 'vitest'
import { hex } from '../../src/bytes'
import { createVault, openVault } from '../../src/index'
import { riverside } from '../riverside'

const person = (number: number) => ({
  card: { name: { full: `Person ${number}` }, phones: { p1: { number: `07700 900${100 + number}` } } },
  consents: [{ purpose: 'prayer-times' as const, given: { how: 'paper' } }],
  source: 'sheet',
})

test('a chunk of the ring that does not open is not written away: its pages are there again when its row is', async () => {
  const clock = fakeClock()
  const medium = memoryMedium()
  const open = { unlock: testKey(), policy: riverside, actor: 'staff:leila', clock }
  const vault = await createVault({ store: memoryStore({ medium }), ...open })
  await vault.addMany([1, 2, 3].map(person))
  await vault.lock()

  const chunk = medium.history.rows.findLast(row => row.table === 'ring')
  if (!chunk) throw new Error('there is no chunk')
  const whole = chunk.bytes.slice()
  medium.damageRow('ring', chunk.id, whole.with(40, (whole[40] as number) ^ 1))
  const damaged = await openVault({ store: memoryStore({ medium }), ...open })
  expect(await damaged.for('prayer-times').count()).toBe(0)
  expect((await damaged.examine()).damaged).toEqual([`ring ${hex(chunk.id)}`])
  await damaged.add(person(4))
  await damaged.lock()

  medium.damageRow('ring', chunk.id, whole)
  const mended = await openVault({ store: memoryStore({ medium }), ...open })
  expect(await mended.for('prayer-times').count()).toBe(4)
  expect(await mended.examine()).toMatchObject({ damaged: [] })
  await mended.lock()
})

test.each(['pages', 'heads', 'undated', 'ledger'] as const)(
  'a row of %s that was changed is named, and nobody',
  async table => {
    const clock = fakeClock()
    const medium = memoryMedium()
    const open = { unlock: testKey(), policy: riverside, actor: 'staff:leila', clock }
    const vault = await createVault({ store: memoryStore({ medium }), ...open })
    await vault.add(person(1))
    const row = medium.history.rows.findLast(each => each.table === table)
    if (!row) throw new Error('there is no such row')
    medium.damageRow(table, row.id, row.bytes.with(30, (row.bytes[30] as number) ^ 1))
    const { damaged, rows } = await vault.examine()
    expect(damaged).toEqual([`${table} ${hex(row.id)}`])
    expect(rows).toBeGreaterThan(5)
    await vault.lock()
  },
)
