import { describe, expect, it } from 'vitest'
import { card, centre, groupChat, ledgerOf, phone, prayerTimes, refusal, signUp } from './centre'

describe('changing a card', () => {
  it('merges a patch: null removes, objects merge, the rest is replaced (RFC 7396)', async () => {
    const { vault } = await centre()
    const door = vault.for('prayer-times')
    const { id } = await vault.add({
      card: {
        name: { full: 'Sara Karimi' },
        phones: { p1: { number: phone(1) }, p2: { number: phone(2), contexts: { work: true } } },
      },
      consents: [prayerTimes()],
      source: 'sheet',
    })
    const changed = await vault.change(id, { phones: { p1: null, p2: { number: phone(3) }, p4: { number: phone(4) } } })
    expect(changed).toEqual({ revision: 2, notKept: [] })
    expect((await door.reveal(id))?.card).toEqual({
      name: { full: 'Sara Karimi' },
      phones: { p2: { number: phone(3), contexts: { work: true } }, p4: { number: phone(4) } },
    })
    await vault.change(id, { phones: null })
    expect((await door.reveal(id))?.card).toEqual({ name: { full: 'Sara Karimi' } })
  })

  it('is found by the new number and no more by the old one', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    await vault.change(id, { phones: { p1: { number: phone(2) } } })
    const door = vault.for('prayer-times')
    expect(await door.find({ phone: phone(1) })).toEqual([])
    expect((await door.find({ phone: phone(2) })).map(person => person.id)).toEqual([id])
  })

  it('forgets what it replaced: a new epoch, verified (R15)', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    await vault.change(id, { phones: { p1: { number: phone(2) } } })
    await vault.purge()
    expect((await ledgerOf(vault, { type: 'verified' })).at(-1)).toMatchObject({ epoch: 2 })
  })

  it('is refused when somebody changed the card meanwhile, and says which revision it has', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1, 'Sara')
    expect((await vault.for('prayer-times').get(id))?.revision).toBe(1)
    await vault.change(id, { name: { full: 'Sara Karimi' } }, { ifRevision: 1 })
    const error = await refusal('CONFLICT', vault.change(id, { name: { full: 'S.' } }, { ifRevision: 1 }))
    expect(error.data).toEqual({ revision: 2 })
    expect((await vault.for('prayer-times').get(id))?.card).toEqual({ name: { full: 'Sara Karimi' } })
  })

  it('of two changes made at once on one revision, one is refused', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1, 'Sara')
    const both = await Promise.allSettled(
      ['One', 'Two'].map(full => vault.change(id, { name: { full } }, { ifRevision: 1 })),
    )
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('keeps outside what no live consent covers, and says so (R12)', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    const { notKept } = await vault.change(id, { emails: { e1: { address: 'sara@example.org' } } })
    expect(notKept).toEqual(['emails'])
    await vault.consent(id, groupChat())
    expect(await vault.change(id, { emails: { e1: { address: 'sara@example.org' } } })).toEqual({
      revision: 3,
      notKept: [],
    })
    expect((await vault.for('group-chat').reveal(id))?.card.emails).toEqual({ e1: { address: 'sara@example.org' } })
  })

  it('refuses undeclared fields, nonsense, and people who are not here, and changes nothing', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1, 'Sara')
    const { version } = vault
    await refusal('FIELD_NOT_DECLARED', vault.change(id, { notes: { n1: { note: 'x' } } } as never))
    await refusal('CARD_INVALID', vault.change(id, { phones: { p1: { number: 5 } } } as never))
    await refusal('CARD_INVALID', vault.change(id, null as never))
    await refusal('UNKNOWN_CONTACT', vault.change('0'.repeat(26), {}))
    await refusal('UNKNOWN_CONTACT', vault.change('Sara', {}))
    expect(vault.version).toBe(version)
    expect((await vault.for('prayer-times').reveal(id))?.card).toEqual({ ...card(1, 'Sara') })
  })

  it('does not bring back a number that left (R20)', async () => {
    const { vault } = await centre()
    await vault.suppress({ phone: phone(9) })
    const { id } = await signUp(vault, 1)
    await refusal('SUPPRESSED', vault.change(id, { phones: { p1: { number: phone(9) } } }))
    expect(await vault.identify({ phone: phone(9) })).toEqual([])
  })

  it('leaves the other fields and consents as they were', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1, 'Sara', [prayerTimes(), groupChat()])
    const before = await vault.consents(id)
    await vault.change(id, { name: { full: 'Sara Karimi' } })
    const after = await vault.consents(id)
    expect(after).toHaveLength(2)
    expect(after).toEqual(expect.arrayContaining(before))
    expect((await vault.for('group-chat').reveal(id))?.card.phones).toEqual({ p1: { number: phone(1) } })
  })
})
