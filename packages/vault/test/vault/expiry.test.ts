import { memoryStore } from '@amanat/vault/testing'
import { describe, expect, it } from 'vitest'
import { dropExpired } from '../../src/index'
import { centre, groupChat, ledgerOf, onPaper, phone, prayerTimes, refusal, said, signUp } from './centre'

const LAST_MOMENT = 'P89DT14H29M59S'

describe('what has expired', () => {
  it('is unreadable from the instant on, and readable until then (R13)', async () => {
    const { vault, clock } = await centre()
    const { id } = await signUp(vault, 1)
    const door = vault.for('prayer-times')
    await clock.advance(LAST_MOMENT)
    expect((await door.reveal(id))?.card).toBeDefined()
    await clock.advance('PT1S')
    expect(await door.reveal(id)).toBeUndefined()
    expect(await door.get(id)).toBeUndefined()
    expect(await door.find({ phone: phone(1) })).toEqual([])
    expect(await door.find({ text: 'Person' })).toEqual([])
    expect(await door.list()).toMatchObject({ people: [], total: 0 })
    expect(await vault.exists([id])).toEqual([])
    expect(await vault.identify({ phone: phone(1) })).toEqual([])
  })

  it('is unreadable also when no purge ran, because the clock went on without its timers (R13)', async () => {
    const { vault, clock } = await centre()
    const { id } = await signUp(vault, 1)
    clock.set('2026-06-08T00:00:00Z')
    const door = vault.for('prayer-times')
    expect(await door.get(id)).toBeUndefined()
    expect(await door.list()).toMatchObject({ people: [], total: 0 })
    expect(await door.count()).toBe(0)
    expect(await door.find({ text: 'Person' })).toEqual([])
    expect(await door.reveal(id)).toBeUndefined()
    expect(await vault.exists([id])).toEqual([])
    await refusal('UNKNOWN_CONTACT', vault.consents(id))
    await refusal('UNKNOWN_CONTACT', vault.change(id, { name: { full: 'x' } }))
  })

  it('goes at midnight though nobody does anything, and the ledger says so (R14)', async () => {
    const { vault, clock, medium } = await centre()
    await signUp(vault, 1)
    const rows = async (table: 'pages' | 'heads') => {
      const store = memoryStore({ medium })
      await store.open()
      let count = 0
      for await (const _ of store.scan(table)) count++
      return count
    }
    expect(await rows('pages')).toBe(1)
    await clock.advance('P90D')
    expect([await rows('pages'), await rows('heads')]).toEqual([0, 0])
    expect(await ledgerOf(vault, { type: 'purge' })).toMatchObject([{ actor: 'vault', slices: 1, rows: 1 }])
  })

  it('goes when the vault is opened, before the first answer (R14)', async () => {
    const { vault, clock, open } = await centre()
    const { id } = await signUp(vault, 1)
    await vault.lock()
    await clock.advance('P90D')
    const again = await open()
    expect(await ledgerOf(again, { type: 'purge' })).toHaveLength(1)
    expect(await again.exists([id])).toEqual([])
  })

  it('of one contact goes field by field, each with the last consent that holds it (R12)', async () => {
    const { vault, clock } = await centre()
    const { id } = await vault.add({
      card: {
        name: { full: 'Sara' },
        phones: { p1: { number: phone(1) } },
        emails: { e1: { address: 's@example.org' } },
      },
      consents: [prayerTimes(), groupChat({ fields: ['name', 'emails'] })],
      source: 'x',
    })
    await clock.advance('P90D')
    expect((await vault.for('group-chat').reveal(id))?.card).toEqual({
      name: { full: 'Sara' },
      emails: { e1: { address: 's@example.org' } },
    })
    expect(await vault.identify({ phone: phone(1) })).toEqual([])
    expect(await vault.for('prayer-times').get(id)).toBeUndefined()
    expect(await vault.for('group-chat').check({ recipient: 'community-chat', ids: [id] })).toMatchObject({
      allowed: 0,
    })
    await clock.advance('P1Y')
    expect(await vault.exists([id])).toEqual([])
  })

  it('beyond 400 days goes at the start of the month, never later than agreed (R4)', async () => {
    const { vault, clock } = await centre()
    const { receipts } = await vault.add({
      card: { name: { full: 'Sara' } },
      consents: [{ purpose: 'counselling', given: onPaper }],
      source: 'x',
    })
    expect(receipts[0]?.until).toBe('2028-03-01T00:00:00.000Z')
    await clock.advance('P721DT14H29M')
    expect(await vault.for('counselling').count()).toBe(1)
    await clock.advance('PT1M')
    expect(await vault.for('counselling').count()).toBe(0)
  })

  it('of the others is not touched', async () => {
    const { vault, clock } = await centre()
    for (let n = 0; n < 30; n++)
      await signUp(vault, n, `P ${n}`, [prayerTimes({ until: `2026-04-${String(n + 1).padStart(2, '0')}` })])
    for (let day = 0; day < 30; day++) {
      clock.set(`2026-04-${String(day + 1).padStart(2, '0')}T12:00:00Z`)
      await vault.purge()
      expect(await vault.for('prayer-times').count()).toBe(29 - day)
      for (const { id } of (await vault.for('prayer-times').list()).people) {
        expect(await vault.for('prayer-times').get(id)).toBeDefined()
      }
    }
  })

  it('is reported by purge: contacts and slices, and the day', async () => {
    const { vault, clock } = await centre()
    await signUp(vault, 1, 'Sara', [prayerTimes(), groupChat()])
    await signUp(vault, 2, 'Omid', [prayerTimes({ given: said })])
    clock.set('2026-07-01T10:00:00Z')
    expect(await vault.purge()).toEqual({ tick: '2026-07-01', contacts: 1, slices: 2 })
    expect(await vault.purge()).toEqual({ tick: '2026-07-01', contacts: 0, slices: 0 })
  })

  it('is told to whoever listens', async () => {
    const { vault, clock } = await centre()
    await signUp(vault, 1)
    const heard: string[] = []
    vault.subscribe(({ type }) => heard.push(type))
    await clock.advance('P90D')
    expect(heard).toContain('expired')
  })

  it('is forgotten for good by a cron job without a key, beside an open vault too (R14)', async () => {
    const { vault, clock, medium } = await centre()
    await signUp(vault, 1, 'Sara', [prayerTimes({ until: '2026-03-20' })])
    await signUp(vault, 2)
    clock.set('2026-03-20T06:00:00Z')
    // The page and its head; the scan that proved the consent is so small that it lies in the page.
    expect(await dropExpired(memoryStore({ medium }), { clock })).toEqual({ tick: '2026-03-20', rows: 2 })
    expect(await vault.for('prayer-times').count()).toBe(1)
    expect(await signUp(vault, 3)).toMatchObject({ outcome: 'added' })
    await refusal('VAULT_MISSING', dropExpired(memoryStore(), { clock }))
  })

  it('was told of in advance', async () => {
    const { vault, clock } = await centre()
    const { id } = await signUp(vault, 1)
    await clock.advance('P80D')
    const soon = []
    for await (const one of vault.expiring('P14D')) soon.push(one.id)
    expect(soon).toEqual([id])
  })
})
