/** What an open vault answers where rows of it don't open: what it can't know it doesn't say (docs/format.md, "What is damaged"). */
import { memoryStore } from '@amanat/store-contract/memory'
import type { MemoryMedium } from '@amanat/vault/testing'
import { expect, it } from 'vitest'
import { card, centre, gather, phone, prayerTimes, refusal, signUp } from './centre'

async function damage(medium: MemoryMedium, table: 'ledger' | 'heads', which = 0): Promise<void> {
  const store = memoryStore({ medium })
  await store.open()
  const row = (await gather(store.scan(table))).at(which)
  if (!row) throw new Error('there is one')
  medium.damageRow(table, row.id, row.bytes.with(40, (row.bytes[40] as number) ^ 1))
}

it('shows and looks for nobody where it is not known who was seen: they would not be counted (R25)', async () => {
  const { vault, open, medium } = await centre()
  const { id } = await signUp(vault, 1)
  await vault.lock()
  await damage(medium, 'ledger')
  const again = await open()
  const door = again.for('prayer-times')
  const lost = [
    () => door.reveal(id),
    () => door.find({ phone: phone(1) }),
    () => door.find({ phone: phone(2) }),
    () => again.identify({ phone: phone(2) }),
  ]
  for (const asked of lost) expect((await refusal('CORRUPT', asked())).data).toEqual({ row: 'ledger' })
  // Who wants to leave may.
  await again.erase(id)
  expect(await again.exists([id])).toEqual([])
})

it('says of nobody that all of them is gone while a page is there of which nothing is known (R15)', async () => {
  const { vault, open, medium } = await centre()
  const { id } = await signUp(vault, 1)
  // On another day, and so in a page of its own.
  await vault.add({ card: card(2), consents: [prayerTimes({ until: '2026-04-01' })], source: 'sheet' })
  await vault.lock()
  const whole = medium.clone()
  for (const which of [0, 1]) {
    const store = memoryStore({ medium: whole })
    await store.open()
    const rows = await gather(store.scan('heads'))
    expect(rows).toHaveLength(2)
    const there = whole.clone()
    await damage(there, 'heads', which)
    const again = await open('staff:omid', { store: memoryStore({ medium: there }) })
    if ((await again.exists([id])).length === 0) continue
    expect((await refusal('CORRUPT', again.erase(id))).data).toEqual({ row: 'pages' })
    expect(await again.exists([id])).toEqual([])
    return
  }
  throw new Error('one of the pages is that of somebody else')
})
