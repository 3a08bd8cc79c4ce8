import { memoryStore, testKey } from '@amanat/vault/testing'
import { describe, expect, it } from 'vitest'
import { openAnyVault, openVault, type Policy, type Vault } from '../../src/index'
import { riverside, withPurpose, withRecipient } from '../riverside'
import {
  card,
  centre,
  groupChat,
  ledgerOf,
  onPaper,
  phone,
  prayerTimes,
  type Riverside,
  refusal,
  said,
  signUp,
} from './centre'

const as = (policy: Policy) => policy as unknown as Riverside
async function change(vault: Vault<Riverside>, next: Policy) {
  const plan = await vault.planPolicy(as(next))
  return { plan, vault: await vault.changePolicy(as(next), { accept: plan }) }
}

const called = (name: string) => as({ ...riverside, controller: { ...riverside.controller, name } })
const trust = called('Riverside Trust')

describe('the policy (R3)', () => {
  it('that the vault has rules it: another one opens nothing, forgets nothing, and is told where it differs', async () => {
    const { vault, open, clock, medium } = await centre()
    await signUp(vault, 1)
    await vault.lock()
    const other = { store: memoryStore({ medium }), policy: withPurpose('prayer-times', { keepFor: 'P10D' }) }
    const error = await refusal('POLICY_DIFFERS', openVault({ ...other, unlock: testKey(), actor: 'a', clock }))
    expect(error.data?.paths).toEqual(['purposes.prayer-times.keepFor'])
    expect(await (await open()).for('prayer-times').count()).toBe(1)
    const any = await openAnyVault({ store: memoryStore({ medium }), unlock: testKey(), actor: 'cli', clock })
    expect(any.policy).toEqual(riverside)
  })

  it('that is narrowed forgets what it says it would, at once and for everybody', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1, 'Sara', [prayerTimes(), groupChat()])
    const only = await signUp(vault, 2, 'Omid', [prayerTimes({ fields: ['phones'] })])
    const { plan, vault: after } = await change(vault, withPurpose('prayer-times', { fields: ['name'] }))
    expect(plan).toMatchObject({ forgotten: 1, narrowed: ['prayer-times'], loosened: [] })
    expect((await after.for('prayer-times').reveal(id))?.card).toEqual({ name: { full: 'Sara' } })
    expect((await after.for('group-chat').reveal(id))?.card.phones).toBeDefined()
    expect(await after.exists([only.id])).toEqual([])
    expect(await after.identify({ phone: phone(2) })).toEqual([])
  })

  it('that is widened widens no consent already given; new ones have the new scope', async () => {
    const { vault } = await centre()
    const old = await signUp(vault, 1)
    const next = withPurpose('prayer-times', { fields: ['name', 'phones', 'emails'], keepFor: 'P1Y' })
    const { plan, vault: after } = await change(vault, next)
    expect(plan).toMatchObject({ forgotten: 0, shortened: 0, widened: ['prayer-times'] })
    const emails = { e1: { address: 'sara@example.org' } }
    expect(await after.change(old.id, { emails })).toMatchObject({ notKept: ['emails'] })
    expect((await after.for('prayer-times').get(old.id))?.until).toBe('2026-06-08T00:00:00.000Z')
    const fresh = await after.add({ card: { emails }, consents: [prayerTimes()], source: 'x' })
    expect(fresh.receipts[0]).toMatchObject({ fields: ['name', 'phones', 'emails'], until: '2027-03-10T00:00:00.000Z' })
  })

  it('that is narrowed and widened again keeps people for as long as it says they are kept (R12)', async () => {
    const { vault, clock } = await centre()
    const { id } = await signUp(vault, 1)
    // Somebody of whom something stays for a year all the while, and something for a month.
    const both = groupChat({ fields: ['name'], recipients: [] })
    const monthly = { purpose: 'counselling' as const, fields: ['x:age'] as const, until: '2026-04-09', given: onPaper }
    const sara = { ...card(2), 'x:age': 41 }
    await vault.add({ card: sara, consents: [prayerTimes(), both, monthly], source: 'x' })
    const door = vault.for('prayer-times')
    await change(vault, withPurpose('prayer-times', { keepFor: 'P30D' }))
    expect((await door.list()).people[0]).toMatchObject({ until: '2026-04-09T00:00:00.000Z' })
    const { plan } = await change(vault, riverside)
    expect(plan).toMatchObject({ forgotten: 0, shortened: 0, widened: ['prayer-times'] })
    const { people } = await door.list()
    expect(people.map(({ until }) => until)).toEqual(['2026-06-08T00:00:00.000Z', '2026-06-08T00:00:00.000Z'])
    await clock.advance('P89DT14H29M')
    for (const { id } of people) expect((await door.reveal(id))?.card).toHaveProperty('phones')
    await clock.advance('PT1M')
    expect(await vault.exists([id])).toEqual([])
  })

  it('that is loosened takes effect seven days later, and is on the record at once', async () => {
    const { vault, clock } = await centre()
    await signUp(vault, 1, 'Sara', [prayerTimes({ given: said })])
    const door = vault.for('prayer-times')
    const { plan } = await change(vault, withPurpose('prayer-times', { assurance: { export: 'claimed' } }))
    expect(plan.loosened).toEqual(['purposes.prayer-times.assurance.export'])
    expect(plan.loosensAt).toBe('2026-03-17T09:30:00.000Z')
    expect((await ledgerOf(vault, { type: 'policy-changed' }))[0]).toMatchObject({ effective: plan.loosensAt })
    await clock.advance('P6DT23H')
    expect(await door.check({ recipient: 'sms-gateway' })).toMatchObject({ allowed: 0 })
    await clock.advance('PT1H')
    expect(await door.check({ recipient: 'sms-gateway' })).toMatchObject({ allowed: 1 })
  })

  it('with other limits of the meter lets nobody see more for seven days', async () => {
    const three = { ...riverside, bulk: { ...riverside.bulk, perActor: [{ people: 1, within: 'PT1H' }] } }
    const { vault, clock } = await centre(as(three))
    await signUp(vault, 1)
    await change(vault, riverside)
    expect((await vault.for('prayer-times').budget()).left).toBe(1)
    await clock.advance('P7D')
    expect((await vault.for('prayer-times').budget()).left).toBe(10)
  })

  it('that only renames a purpose forgets nothing', async () => {
    const { vault, open, clock, medium } = await centre()
    const { id } = await signUp(vault, 1)
    const { 'prayer-times': spec, ...others } = riverside.purposes
    const next: Policy = { ...riverside, purposes: { ...others, ramadan: { ...spec, was: 'prayer-times' } } }
    const { plan, vault: after } = await change(vault, next)
    expect(plan).toMatchObject({ forgotten: 0, shortened: 0, renamed: { 'prayer-times': 'ramadan' } })
    expect((await after.for('ramadan' as never).get(id))?.id).toBe(id)
    expect(() => after.for('prayer-times')).toThrow(expect.objectContaining({ code: 'UNKNOWN_PURPOSE' }))
    await vault.lock()
    await refusal('POLICY_DIFFERS', open())
    const any = await openAnyVault({ store: memoryStore({ medium }), unlock: testKey(), actor: 'cli', clock })
    expect(await any.for('ramadan').count()).toBe(1)
  })

  it('that renames a purpose to the name of one that has gone takes nobody for somebody of that one', async () => {
    const { vault } = await centre()
    const { 'prayer-times': _, 'group-chat': chat, ...others } = riverside.purposes
    const { id } = await signUp(vault, 1, 'Sara', [prayerTimes(), groupChat()])
    await vault.withdraw(id, 'prayer-times')
    const left = await signUp(vault, 2, 'Omid', [groupChat()])
    await vault.withdraw(left.id)
    await change(vault, { ...riverside, purposes: { ...others, 'group-chat': chat } } as Policy)
    const next = { ...riverside, purposes: { ...others, 'prayer-times': { ...chat, was: 'group-chat' } } } as Policy
    const { plan } = await change(vault, next)
    expect(plan).toMatchObject({ forgotten: 0, shortened: 0, renamed: { 'group-chat': 'prayer-times' } })
    expect((await vault.for('prayer-times').list()).people).toMatchObject([{ id }])
    expect(await vault.consents(id)).toMatchObject([
      { purpose: 'prayer-times', state: 'given' },
      { state: 'withdrawn' },
    ])
    // Who left the one that has this name now, and who left the one that had it before.
    for (const n of [1, 2]) {
      const again = { card: card(n), consents: [prayerTimes({ recipients: [], given: said })], source: 'x' }
      await refusal('SUPPRESSED', vault.add(again))
    }
    expect(await vault.withdraw(id, 'prayer-times')).toHaveLength(1)
    expect(await vault.exists([id])).toEqual([])
  })

  it('of another controller stops every consent until it is recorded as the same legal person', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    const next = as({ ...riverside, controller: { ...riverside.controller, name: 'Riverside Trust' } })
    const plan = await vault.planPolicy(next)
    expect(plan).toMatchObject({ stopsEveryConsent: true, forgotten: 0 })
    await vault.changePolicy(next, { accept: plan })
    expect(await vault.for('prayer-times').get(id)).toBeUndefined()
    expect(await vault.for('prayer-times').check({ recipient: 'sms-gateway', ids: [id] })).toMatchObject({ allowed: 0 })
    const other = await centre()
    const kept = await signUp(other.vault, 1)
    const proved = await other.vault.planPolicy(next, { sameLegalPerson: { evidence: 'deed of 1 March' } })
    expect(proved.stopsEveryConsent).toBe(false)
    await other.vault.changePolicy(next, { accept: proved })
    expect((await other.vault.for('prayer-times').get(kept.id))?.id).toBe(kept.id)
  })

  it('of a third controller stops those too who agreed with the one that the second was the same as', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    const sameLegalPerson = { evidence: 'deed of 1 March' }
    await vault.changePolicy(trust, { accept: await vault.planPolicy(trust, { sameLegalPerson }) })
    expect(await vault.for('prayer-times').get(id)).toBeDefined()
    const { plan } = await change(vault, called('Harbour Homes'))
    expect(plan.stopsEveryConsent).toBe(true)
    expect(await vault.for('prayer-times').get(id)).toBeUndefined()
    expect(await vault.for('prayer-times').check({ recipient: 'sms-gateway', ids: [id] })).toMatchObject({ allowed: 0 })
  })

  it('of another controller may be recorded as the same legal person when the evidence is at hand', async () => {
    const { vault, open } = await centre()
    const { id } = await signUp(vault, 1)
    await change(vault, trust)
    expect(await vault.for('prayer-times').get(id)).toBeUndefined()
    const plan = await vault.planPolicy(trust, { sameLegalPerson: { evidence: 'deed of 1 March' } })
    await vault.changePolicy(trust, { accept: plan })
    expect((await vault.for('prayer-times').get(id))?.id).toBe(id)
    const other = await open('staff:omid', { policy: trust } as never)
    expect((await other.for('prayer-times').get(id))?.id).toBe(id)
  })

  it('keeps consents to a processor that is replaced in its country, and to no other', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    const check = () => vault.for('prayer-times').check({ recipient: 'sms-gateway', ids: [id] })
    await change(vault, withRecipient('prayer-times', 'sms-gateway', { name: 'Swift SMS' }))
    expect(await check()).toMatchObject({ allowed: 1 })
    await change(vault, withRecipient('prayer-times', 'sms-gateway', { name: 'Swift SMS', country: 'US' }))
    expect(await check()).toMatchObject({ refused: { 'recipient-not-agreed': 1 } })
  })

  it('planned on a vault that changed meanwhile is planned again', async () => {
    const { vault } = await centre()
    const next = as(withPurpose('prayer-times', { fields: ['name'] }))
    const plan = await vault.planPolicy(next)
    await signUp(vault, 1, 'Sara')
    await refusal('PLAN_OUTDATED', vault.changePolicy(next, { accept: plan }))
    expect((await vault.for('prayer-times').list()).total).toBe(1)
    expect(vault.policy).toEqual(riverside)
  })

  it('with mistakes is refused before anything is changed, with all of them', async () => {
    const { vault } = await centre()
    const { version } = vault
    const wrong = withPurpose('prayer-times', { keepFor: 'PT1H' }, withPurpose('group-chat', { fields: ['phone'] }))
    const error = await refusal('POLICY_INVALID', vault.planPolicy(as(wrong)))
    expect(error.data.issues.map(({ path }) => path).sort()).toEqual([
      'purposes.group-chat.fields.0',
      'purposes.prayer-times.keepFor',
    ])
    expect(vault.version).toBe(version)
  })
})
