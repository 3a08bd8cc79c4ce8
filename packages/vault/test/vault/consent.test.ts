import { describe, expect, it } from 'vitest'
import { centre, gather, groupChat, ledgerOf, onPaper, phone, prayerTimes, refusal, said, signUp } from './centre'

const NOBODY = '0'.repeat(26)

describe('a consent', () => {
  it('opens one door and no other (R23)', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    expect(await vault.for('prayer-times').get(id)).toBeDefined()
    expect(await vault.for('group-chat').get(id)).toBeUndefined()
    await vault.consent(id, groupChat())
    expect(await vault.for('group-chat').get(id)).toBeDefined()
  })

  it('is widened by nothing that is done to its receipt or to what is shown of it (R23)', async () => {
    const { vault } = await centre()
    const narrow = prayerTimes({ fields: ['name'], recipients: [] })
    const { id, receipts } = await signUp(vault, 1, 'Sara', [narrow, groupChat()])
    const [shown] = await vault.consents(id)
    for (const said of [receipts[0], shown]) {
      for (const list of [said?.fields, said?.recipients]) (list as string[]).push('phones', 'sms-gateway')
    }
    // Somebody else agrees to the same, and both are looked at again.
    const { id: other } = await signUp(vault, 2, 'Amal', [narrow, groupChat()])
    for (const person of [id, other]) {
      const [consent] = await vault.consents(person)
      expect(consent).toMatchObject({ purpose: 'prayer-times', fields: ['name'], recipients: [] })
      expect((await vault.for('prayer-times').get(person))?.card).not.toHaveProperty('phones')
    }
    expect(await vault.for('prayer-times').check({ recipient: 'sms-gateway' })).toMatchObject({ allowed: 0 })
  })

  it('is renewed by a new given event, which runs from its own day (R17)', async () => {
    const { vault, clock } = await centre()
    const { id } = await signUp(vault, 1)
    await clock.advance('P60D')
    const receipt = await vault.consent(id, prayerTimes())
    expect(receipt).toMatchObject({ event: 'renewed', until: '2026-08-07T00:00:00.000Z' })
    await clock.advance('P60D')
    expect(await vault.for('prayer-times').count()).toBe(1)
    const [consent] = await vault.consents(id)
    expect(consent).toMatchObject({ state: 'given', until: '2026-08-07T00:00:00.000Z' })
    expect(consent?.events.map(({ kind }) => kind)).toEqual(['given', 'renewed'])
  })

  it('that was refused is recorded too, and permits nothing (R5)', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    const receipt = await vault.refuse(id, 'group-chat', 'by phone')
    expect(receipt).toMatchObject({ event: 'refused', purpose: 'group-chat', how: 'by phone' })
    expect((await vault.consents(id)).map(({ purpose, state }) => [purpose, state]).sort()).toEqual([
      ['group-chat', 'refused'],
      ['prayer-times', 'given'],
    ])
    expect(await vault.for('group-chat').count()).toBe(0)
  })

  it('refused after it was given is taken back, and what only it held is forgotten', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    await vault.refuse(id, 'prayer-times')
    expect(await vault.exists([id])).toEqual([])
    expect(await vault.identify({ phone: phone(1) })).toEqual([])
  })

  it('that is a mere claim does not put an end to one that is proved', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    await refusal('CONSENT_INVALID', vault.consent(id, prayerTimes({ given: said })))
    expect(await vault.consents(id)).toMatchObject([{ assurance: 'evidenced', state: 'given' }])
  })

  it('that was given before they refused, or took it back, and comes to light afterwards, permits nothing (R5)', async () => {
    const { vault, clock } = await centre()
    // Without a contact point there is no suppression that would stop it.
    const nameOnly = { fields: ['name'] as const }
    const { id } = await signUp(vault, 1, 'Sara', [prayerTimes(nameOnly), groupChat({ ...nameOnly, recipients: [] })])
    await vault.withdraw(id, 'group-chat')
    await vault.refuse(id, 'counselling', 'by phone')
    await clock.advance('P1D')
    const early = { given: { ...onPaper, at: '2026-03-01' } }
    for (const purpose of ['group-chat', 'counselling'] as const) {
      const error = await refusal('CONSENT_INVALID', vault.consent(id, { purpose, ...nameOnly, ...early }))
      expect(error.data.issues).toMatchObject([{ path: 'given.at' }])
      expect(await vault.for(purpose).count()).toBe(0)
      await vault.consent(id, { purpose, ...nameOnly, given: onPaper })
      expect(await vault.for(purpose).count()).toBe(1)
    }
  })

  it('that is older than the one in force, and no better proved, widens and shortens nothing', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1, 'Sara', [prayerTimes({ recipients: [] })])
    const older = prayerTimes({ given: { ...onPaper, at: '2026-02-20' } })
    const error = await refusal('CONSENT_INVALID', vault.consent(id, older))
    expect(error.data.issues).toMatchObject([{ path: 'given.at' }])
    expect(await vault.for('prayer-times').check({ recipient: 'sms-gateway' })).toMatchObject({ allowed: 0 })
    expect(await vault.consents(id)).toMatchObject([{ until: '2026-06-08T00:00:00.000Z' }])
    // The document for a claim may be older than that.
    const omid = await signUp(vault, 2, 'Omid', [prayerTimes({ given: said })])
    expect(await vault.consent(omid.id, older)).toMatchObject({ event: 'renewed', assurance: 'evidenced' })
  })

  it('is not put behind a better or a later one by coming in with it', async () => {
    const { vault } = await centre()
    const older = prayerTimes({ given: { ...onPaper, at: '2026-02-20' } })
    for (const [n, second] of [prayerTimes({ given: said }), older].entries()) {
      await refusal('CONSENT_INVALID', signUp(vault, n, 'Sara', [prayerTimes(), second]))
      expect((await signUp(vault, n, 'Sara', [second, prayerTimes()])).assurance).toEqual({
        'prayer-times': 'evidenced',
      })
    }
  })

  it('that is claimed becomes evidenced when the document comes', async () => {
    const { vault, clock } = await centre()
    const { id } = await signUp(vault, 1, 'Sara', [prayerTimes({ given: said })])
    const door = vault.for('prayer-times')
    expect(await door.check({ recipient: 'sms-gateway' })).toEqual({ allowed: 0, refused: { 'assurance-too-low': 1 } })
    await clock.advance('P20D')
    expect(await vault.consent(id, prayerTimes())).toMatchObject({ event: 'renewed', assurance: 'evidenced' })
    expect(await door.check({ recipient: 'sms-gateway' })).toEqual({ allowed: 1, refused: {} })
    await clock.advance('P20D')
    expect(await door.count()).toBe(1)
  })

  it('to some of the fields shows those and no others (R23)', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1, 'Sara', [prayerTimes({ fields: ['phones'] })])
    const door = vault.for('prayer-times')
    expect((await door.reveal(id))?.card).toEqual({ phones: { p1: { number: phone(1) } } })
    expect((await door.list()).people[0]).not.toHaveProperty('name')
    expect(await door.find({ text: 'Sara' })).toEqual([])
  })

  it('to no field at all is refused, and puts nobody in and nobody out', async () => {
    const { vault } = await centre()
    const nothing = prayerTimes({ fields: [] })
    const error = await refusal('CONSENT_INVALID', signUp(vault, 1, 'Sara', [nothing]))
    expect(error.data.issues).toMatchObject([{ path: 'fields' }])
    const { id } = await signUp(vault, 2, 'Omid')
    await refusal('CONSENT_INVALID', vault.consent(id, nothing))
    expect(await vault.exists([id])).toEqual([id])
  })

  it('for a shorter time than the purpose keeps ends when it was agreed to end', async () => {
    const { vault, clock } = await centre()
    await signUp(vault, 1, 'Sara', [prayerTimes({ until: '2026-03-20T18:00:00Z' })])
    await clock.advance('P9DT14H29M')
    expect(await vault.for('prayer-times').count()).toBe(1)
    await clock.advance('PT1M')
    expect(await vault.for('prayer-times').count()).toBe(0)
  })

  it('has its document kept, and shows its hash and not its content (R7)', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    const [consent] = await vault.consents(id)
    // SHA-256 of the bytes 01 02 03 (FIPS 180-4).
    const sha256 = '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81'
    expect(consent?.evidence).toEqual({ kind: 'scan', kept: true, sha256 })
    expect(JSON.stringify(consent)).not.toContain('900001')
  })

  it('of somebody who is not here is refused', async () => {
    const { vault } = await centre()
    for (const id of [NOBODY, 'Sara Karimi']) {
      await refusal('UNKNOWN_CONTACT', vault.consent(id, prayerTimes()))
      await refusal('UNKNOWN_CONTACT', vault.refuse(id, 'prayer-times'))
      await refusal('UNKNOWN_CONTACT', vault.withdraw(id))
      await refusal('UNKNOWN_CONTACT', vault.erase(id))
      await refusal('UNKNOWN_CONTACT', vault.consents(id))
    }
  })

  it('names the purposes there are when the one asked for is none, and does not repeat that (R37)', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    for (const attempt of [
      () => vault.refuse(id, 'sara' as never),
      () => vault.withdraw(id, 'sara' as never),
      () => vault.consent(id, prayerTimes({ purpose: 'sara' })),
    ]) {
      const error = await refusal('UNKNOWN_PURPOSE', attempt())
      expect([...error.data.known].sort()).toEqual(['counselling', 'group-chat', 'prayer-times'])
      expect(JSON.stringify(error)).not.toContain('sara')
    }
    expect(() => vault.for('sara' as never)).toThrow(expect.objectContaining({ code: 'UNKNOWN_PURPOSE' }))
  })

  it('of a special purpose permits nothing while it is a claim, and waits for its proof (R2)', async () => {
    const { vault } = await centre()
    const { id } = await vault.add({
      card: { name: { full: 'Sara' }, phones: { p1: { number: phone(1) } } },
      consents: [{ purpose: 'counselling', given: said }],
      source: 'call',
    })
    expect(await vault.for('counselling').count()).toBe(0)
    expect(await vault.for('counselling').get(id)).toBeUndefined()
    await vault.consent(id, { purpose: 'counselling', given: onPaper })
    expect(await vault.for('counselling').count()).toBe(1)
  })

  it('that ends soon can be asked for, soonest first (R17)', async () => {
    const { vault, clock } = await centre()
    const sara = await signUp(vault, 1, 'Sara')
    await clock.advance('P5D')
    const omid = await signUp(vault, 2, 'Omid', [prayerTimes({ until: '2026-04-01' })])
    expect(await gather(vault.expiring('P10D'))).toEqual([])
    expect(await gather(vault.expiring('P100D'))).toMatchObject([
      { id: omid.id, purpose: 'prayer-times', until: '2026-04-01T00:00:00.000Z', assurance: 'evidenced' },
      { id: sara.id, until: '2026-06-08T00:00:00.000Z' },
    ])
  })

  it('leaves on the ledger who recorded it, and for whom it was (R33)', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    await vault.as('staff:omid').consent(id, groupChat())
    expect((await ledgerOf(vault, { type: 'consent', actor: 'staff:omid' }))[0]).toMatchObject({
      contact: id,
      purpose: 'group-chat',
      assurance: 'evidenced',
    })
    expect(vault.as('staff:omid')).toBe(vault.as('staff:omid'))
    expect(() => vault.as(' ')).toThrow(TypeError)
  })
})
