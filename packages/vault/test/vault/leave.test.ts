import { describe, expect, it } from 'vitest'
import {
  card,
  centre,
  groupChat,
  ledgerOf,
  onPaper,
  phone,
  prayerTimes,
  refusal,
  said,
  signUp,
  typesIn,
} from './centre'

describe('withdrawing', () => {
  it('takes effect in the commit that records it, and removes who has nothing left (R18)', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    const [receipt, ...rest] = await vault.withdraw(id, 'prayer-times', 'sms STOP')
    expect(rest).toEqual([])
    expect(receipt).toMatchObject({ event: 'withdrawn', purpose: 'prayer-times', how: 'sms STOP' })
    expect(await vault.exists([id])).toEqual([])
    expect(await vault.for('prayer-times').list()).toMatchObject({ people: [], total: 0 })
    expect(await vault.for('prayer-times').find({ text: 'Person' })).toEqual([])
    expect(await typesIn(vault)).toEqual(expect.arrayContaining(['consent', 'contact-forgotten']))
  })

  it('forgets the fields that only it held, and keeps those of another consent', async () => {
    const { vault } = await centre()
    const { id } = await vault.add({
      card: { ...card(1, 'Sara'), emails: { e1: { address: 'sara@example.org' } } },
      consents: [prayerTimes(), groupChat()],
      source: 'sheet',
    })
    await vault.withdraw(id, 'group-chat')
    expect((await vault.for('prayer-times').reveal(id))?.card).toEqual(card(1, 'Sara'))
    expect(await vault.for('group-chat').get(id)).toBeUndefined()
    expect(await vault.identify({ email: 'sara@example.org' })).toEqual([])
    expect((await vault.consents(id)).find(({ purpose }) => purpose === 'group-chat')).toMatchObject({
      state: 'withdrawn',
      events: [{ kind: 'given' }, { kind: 'withdrawn' }],
    })
  })

  it('of no purpose named is of all of them', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1, 'Sara', [prayerTimes(), groupChat()])
    expect((await vault.withdraw(id)).map(({ purpose }) => purpose).sort()).toEqual(['group-chat', 'prayer-times'])
    expect(await vault.exists([id])).toEqual([])
  })

  it('answers nothing when there was nothing to take back', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    const { version } = vault
    expect(await vault.withdraw(id, 'group-chat')).toEqual([])
    expect(vault.version).toBe(version)
  })

  it('of fifty people at once is one forgetting, and everybody is gone', async () => {
    const { vault } = await centre()
    const ids = []
    for (let n = 0; n < 50; n++) ids.push((await signUp(vault, n)).id)
    const { version } = vault
    await Promise.all(ids.slice(0, 40).map(id => vault.withdraw(id)))
    expect(vault.version - version).toBeLessThan(4)
    expect(await vault.for('prayer-times').count()).toBe(10)
    expect(await vault.exists(ids)).toEqual(ids.slice(40))
  })
})

describe('who left', () => {
  it('is not brought back by an import for the purpose they left, and may come for another (R20)', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    await vault.withdraw(id, 'prayer-times')
    const again = { card: card(1), source: 'old list' }
    const error = await refusal('SUPPRESSED', vault.add({ ...again, consents: [prayerTimes({ given: said })] }))
    expect(error.data).toEqual({ purposes: ['prayer-times'] })
    await refusal('SUPPRESSED', vault.add({ ...again, consents: [prayerTimes()] }))
    await refusal('SUPPRESSED', vault.add({ ...again, mayAsk: 'they-asked' }))
    expect(await vault.add({ ...again, consents: [groupChat()] })).toMatchObject({ outcome: 'added' })
  })

  it('comes back with a proved consent given later, and not with a claim (R20)', async () => {
    const { vault, clock } = await centre()
    const { id } = await signUp(vault, 1)
    await vault.erase(id)
    await clock.advance('P14D')
    await refusal('SUPPRESSED', signUp(vault, 1, 'Sara', [prayerTimes({ given: said })]))
    await refusal('SUPPRESSED', signUp(vault, 1, 'Sara', [prayerTimes({ given: { ...onPaper, at: '2026-03-01' } })]))
    expect(await signUp(vault, 1, 'Sara', [prayerTimes()])).toMatchObject({ outcome: 'added' })
  })

  it('by erasing is stopped for every purpose, also where the number is written otherwise', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    await vault.erase(id)
    for (const number of ['07700 900001', '۰۷۷۰۰ ۹۰۰۰۰۱', '+447700900001', 'tel:+44-7700-900001']) {
      const attempt = vault.add({
        card: { phones: { p1: { number } } },
        consents: [groupChat({ given: said })],
        source: 'x',
      })
      await refusal('SUPPRESSED', attempt)
    }
  })

  it('elsewhere can be recorded without having been here', async () => {
    const { vault } = await centre()
    await vault.suppress({ email: 'Eve@EXAMPLE.org' })
    const emails = { e1: { address: 'eve@example.org' } }
    await refusal('SUPPRESSED', vault.add({ card: { emails }, consents: [groupChat({ given: said })], source: 'x' }))
    expect((await ledgerOf(vault, { type: 'suppressed' }))[0]).toMatchObject({ count: 1 })
    expect(JSON.stringify(await ledgerOf(vault))).not.toMatch(/eve/i)
  })

  it('stays away when the vault is opened again', async () => {
    const { vault, open } = await centre()
    await vault.erase((await signUp(vault, 1)).id)
    await vault.lock()
    await refusal('SUPPRESSED', signUp(await open(), 1, 'Sara', [prayerTimes({ given: said })]))
  })

  it('does not come in by a consent to somebody else with the same number', async () => {
    const { vault } = await centre()
    const stays = await signUp(vault, 1, 'Omid', [groupChat()])
    const leaves = await signUp(vault, 1, 'Sara')
    await vault.withdraw(leaves.id)
    await refusal('SUPPRESSED', vault.consent(stays.id, prayerTimes()))
  })
})

describe('erasing', () => {
  it('removes the contact at once from everywhere, and says first what that does not reach (R19, R36)', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1, 'Sara', [prayerTimes(), groupChat()])
    const statement = await vault.erase(id)
    expect(statement).toMatchObject({ type: 'erasure', contact: id, epoch: 2, controller: 'Riverside Centre' })
    expect(Object.keys(statement).indexOf('notReached')).toBeLessThan(Object.keys(statement).indexOf('forgotten'))
    expect(statement.notReached).toHaveLength(3)
    expect(await vault.exists([id])).toEqual([])
    for (const purpose of ['prayer-times', 'group-chat'] as const) {
      expect(await vault.for(purpose).count()).toBe(0)
      expect(await vault.for(purpose).reveal(id)).toBeUndefined()
      expect(await vault.for(purpose).find({ phone: phone(1) })).toEqual([])
    }
    await refusal('UNKNOWN_CONTACT', vault.consents(id))
  })

  it('without suppression lets them come back', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    expect((await vault.erase(id, { suppress: false })).notReached).toHaveLength(2)
    expect(await signUp(vault, 1, 'Sara', [prayerTimes({ given: said })])).toMatchObject({ outcome: 'added' })
  })

  it('frees their ref', async () => {
    const { vault } = await centre()
    const row = { card: card(1), consents: [prayerTimes()], source: 'crm', ref: 'crm:1' }
    const { id } = await vault.add(row)
    await vault.erase(id, { suppress: false })
    expect(await vault.add(row)).toMatchObject({ outcome: 'added' })
  })

  it('leaves the others as they were', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    const others = [await signUp(vault, 2, 'Omid'), await signUp(vault, 3, 'Mina')]
    await vault.erase(id)
    for (const [i, other] of others.entries()) {
      expect((await vault.for('prayer-times').reveal(other.id))?.card.phones).toEqual({ p1: { number: phone(i + 2) } })
    }
  })
})
