import { describe, expect, it } from 'vitest'
import type { Policy, Vault } from '../../src/index'
import { riverside, withPurpose } from '../riverside'
import { card, centre, ledgerOf, phone, prayerTimes, type Riverside, refusal } from './centre'

const wait = (vault: Vault<Riverside>, n: number, change: object = {}) =>
  vault.add({ card: card(n), source: 'old phone', mayAsk: 'they-asked', ...change })

describe('somebody without a consent', () => {
  it('waits in quarantine with a name and contact points, to be seen one at a time (R22)', async () => {
    const { vault } = await centre()
    const { id, outcome, quarantined, receipts } = await wait(vault, 1)
    expect([outcome, quarantined, receipts]).toEqual(['quarantined', true, []])
    expect(await vault.quarantine.count()).toBe(1)
    const { people } = await vault.quarantine.list()
    expect(people).toEqual([{ id, name: 'Person 1', until: '2026-04-09T00:00:00.000Z' }])
    expect(await vault.quarantine.reveal(id)).toEqual({
      id,
      card: card(1),
      mayAsk: 'they-asked',
      source: { 'phones/p1': 'old phone' },
      until: '2026-04-09T00:00:00.000Z',
    })
    expect(await ledgerOf(vault, { type: 'reveal' })).toMatchObject([{ via: 'quarantine', contact: id }])
  })

  it('is seen through no door, and in no export', async () => {
    const { vault } = await centre()
    const { id } = await wait(vault, 1)
    for (const purpose of ['prayer-times', 'group-chat', 'counselling'] as const) {
      const door = vault.for(purpose)
      expect(await door.count()).toBe(0)
      expect((await door.list()).people).toEqual([])
      expect(await door.get(id)).toBeUndefined()
      expect(await door.reveal(id)).toBeUndefined()
      expect(await door.find({ phone: phone(1) })).toEqual([])
      expect(await door.find({ text: 'Person' })).toEqual([])
    }
    expect(await vault.for('prayer-times').check({ recipient: 'sms-gateway', ids: [id] })).toEqual({
      allowed: 0,
      refused: { quarantined: 1 },
      ids: { quarantined: [id] },
    })
  })

  it('may have no other fields kept, and they are named', async () => {
    const { vault } = await centre()
    const media = { m1: { kind: 'photo', uri: 'https://example.org/p.png' } }
    const error = await refusal('NOT_IN_QUARANTINE', wait(vault, 1, { card: { ...card(1), media } }))
    expect(error.data.fields).toEqual(['media'])
    const { id } = await wait(vault, 1)
    await refusal('NOT_IN_QUARANTINE', vault.change(id, { media }))
    await refusal('CONSENT_INVALID', wait(vault, 2, { mayAsk: 'because' }))
    expect(await vault.quarantine.count()).toBe(1)
  })

  it('keeps nothing that no purpose declares any more (R1, R3)', async () => {
    const { vault, medium } = await centre()
    const emails = { e1: { address: 'sara@example.org' } }
    const { id } = await wait(vault, 1, { card: { ...card(1), emails } })
    const next = withPurpose('group-chat', { fields: ['name', 'phones'] }) as Policy as Riverside
    const plan = await vault.planPolicy(next)
    expect(plan).toMatchObject({ forgotten: 0, shortened: 1 })
    const before = medium.cellNow()
    const changed = await vault.changePolicy(next, { accept: plan })
    expect(await vault.quarantine.reveal(id)).toMatchObject({ card: card(1), source: { 'phones/p1': 'old phone' } })
    expect((await vault.quarantine.reveal(id))?.card).not.toHaveProperty('emails')
    expect(await vault.identify({ email: emails.e1.address })).toEqual([])
    expect(medium.cellNow()).not.toEqual(before)
    expect(await changed.change(id, { name: { full: 'Sara' } })).toMatchObject({ notKept: [] })
  })

  it('is listed without a name where the whole policy is special (R2)', async () => {
    const { counselling } = riverside.purposes
    const special = { ...riverside, special: true, purposes: { counselling } }
    const { vault } = await centre(special as unknown as Riverside)
    const { id } = await wait(vault, 1)
    expect((await vault.quarantine.list()).people).toEqual([{ id, until: '2026-04-09T00:00:00.000Z' }])
    expect((await vault.quarantine.reveal(id))?.card.name).toEqual({ full: 'Person 1' })
  })

  it('is forgotten when the wait ends, though nobody does anything', async () => {
    const { vault, clock } = await centre()
    const { id } = await wait(vault, 1)
    await clock.advance('P29DT14H29M')
    expect(await vault.quarantine.count()).toBe(1)
    await clock.advance('PT1M')
    expect(await vault.quarantine.count()).toBe(0)
    expect(await vault.exists([id])).toEqual([])
    expect(await vault.quarantine.reveal(id)).toBeUndefined()
  })

  it('cannot enter again for a year: importing an old list anew renews nothing', async () => {
    const { vault, clock, open } = await centre()
    await wait(vault, 1)
    await clock.advance('P7D')
    await refusal('QUARANTINE_AGAIN', wait(vault, 1))
    await clock.advance('P60D')
    await refusal('QUARANTINE_AGAIN', wait(vault, 1))
    await vault.lock()
    const later = await open()
    await clock.advance('P200D')
    await refusal('QUARANTINE_AGAIN', wait(later, 1))
    await clock.advance('P130D')
    expect(await wait(later, 1)).toMatchObject({ outcome: 'quarantined' })
  })

  it('leaves quarantine when they consent', async () => {
    const { vault, clock } = await centre()
    const { id } = await wait(vault, 1)
    await vault.consent(id, prayerTimes())
    expect(await vault.quarantine.count()).toBe(0)
    expect((await vault.for('prayer-times').reveal(id))?.card).toEqual(card(1))
    await clock.advance('P40D')
    expect(await vault.for('prayer-times').count()).toBe(1)
  })

  it('can be erased, and then an import does not bring them back', async () => {
    const { vault, clock } = await centre()
    await vault.erase((await wait(vault, 1)).id)
    expect(await vault.quarantine.count()).toBe(0)
    await clock.advance('P400D')
    await refusal('SUPPRESSED', wait(vault, 1))
  })

  it('is counted under a meter of its own', async () => {
    const { vault } = await centre({
      ...riverside,
      quarantine: { perActor: [{ people: 2, within: 'P1D' }] },
    } as unknown as Riverside)
    const ids: string[] = []
    for (let n = 0; n < 4; n++) ids.push((await wait(vault, n)).id)
    const left = (await vault.for('prayer-times').budget()).left
    expect(await vault.quarantine.reveal(ids[0] as string)).toBeDefined()
    expect(await vault.quarantine.reveal(ids[1] as string)).toBeDefined()
    expect(await vault.quarantine.reveal(ids[1] as string)).toBeDefined()
    const error = await refusal('BULK_READ_REFUSED', vault.quarantine.reveal(ids[2] as string))
    expect(error.data).toEqual({ left: 0, resets: '2026-03-11T09:30:00.000Z' })
    expect((await vault.for('prayer-times').budget()).left).toBe(left)
  })

  it('is listed page by page', async () => {
    const { vault } = await centre()
    for (let n = 0; n < 5; n++) await wait(vault, n)
    const first = await vault.quarantine.list({ limit: 2 })
    const second = await vault.quarantine.list({ limit: 2, after: first.next as string })
    const third = await vault.quarantine.list({ limit: 2, after: second.next as string })
    expect(
      [first, second, third]
        .flatMap(({ people }) => people)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([0, 1, 2, 3, 4].map(n => `Person ${n}`))
    expect([first.total, third.next]).toEqual([5, undefined])
    await expect(vault.quarantine.list({ limit: 0 })).rejects.toThrow(TypeError)
    await expect(vault.quarantine.list({ after: 7 as never })).rejects.toThrow(TypeError)
    expect((await vault.quarantine.list({ after: 'nowhere' })).people).toHaveLength(5)
  })

  it('goes on where it stopped, though who stood there waits no longer, and sooner ends come first', async () => {
    const { vault, clock } = await centre()
    for (let n = 0; n < 3; n++) await wait(vault, n)
    await clock.advance('P1D')
    for (let n = 3; n < 5; n++) await wait(vault, n)
    const first = await vault.quarantine.list({ limit: 2 })
    for (const { id } of first.people) await vault.erase(id)
    const rest = await vault.quarantine.list({ after: first.next as string })
    const numbers = [first, rest].map(({ people }) => people.map(({ name = '' }) => Number(name.slice(-1))))
    expect(numbers.flat().sort()).toEqual([0, 1, 2, 3, 4])
    expect(rest.people.map(({ until }) => until)).toEqual(rest.people.map(({ until }) => until).sort())
    expect(numbers[1]?.slice(1).sort()).toEqual([3, 4])
    expect(await vault.quarantine.count()).toBe(3)
  })

  it('who refuses one purpose may not be exported or counted for it', async () => {
    const { vault } = await centre()
    const { id } = await wait(vault, 1)
    await vault.refuse(id, 'group-chat')
    expect(await vault.for('group-chat').count()).toBe(0)
    await vault.consent(id, prayerTimes())
    expect(await vault.for('prayer-times').count()).toBe(1)
    expect(await vault.for('group-chat').count()).toBe(0)
  })
})

describe('somebody in quarantine without a ground for asking (R22)', () => {
  it('is not shown to anybody, and can be erased', async () => {
    const { vault } = await centre()
    const { id } = await vault.add({ card: card(1), source: 'an old list' })
    const error = await refusal('ASK_REFUSED', vault.quarantine.reveal(id))
    expect(error.data).toMatchObject({ reason: 'no-ground' })
    await vault.erase(id)
    expect(await vault.quarantine.count()).toBe(0)
  })
})
