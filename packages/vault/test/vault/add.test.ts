import { describe, expect, it } from 'vitest'
import { isContactId } from '../../src/index'
import { card, centre, groupChat, ledgerOf, onPaper, phone, prayerTimes, refusal, said, signUp } from './centre'

describe('adding somebody', () => {
  it('answers a receipt that says what was agreed, until when, and how to take it back (R6)', async () => {
    const { vault } = await centre()
    const added = await vault.add({
      card: card(1, 'Sara Karimi'),
      consents: [prayerTimes({ notice: 'signup', language: 'en' })],
      source: 'sign-up sheet, 10 March',
    })
    expect(isContactId(added.id)).toBe(true)
    expect(added).toMatchObject({
      outcome: 'added',
      quarantined: false,
      assurance: { 'prayer-times': 'evidenced' },
      notKept: [],
      maybeSame: [],
    })
    expect(added.receipts).toHaveLength(1)
    expect(added.receipts[0]).toMatchObject({
      contact: added.id,
      purpose: 'prayer-times',
      event: 'given',
      assurance: 'evidenced',
      fields: ['name', 'phones'],
      recipients: ['sms-gateway'],
      until: '2026-06-08T00:00:00.000Z',
      controller: 'Riverside Centre',
      notice: { id: 'signup', version: '2', language: 'en' },
      withdraw: expect.stringContaining('STOP'),
    })
    expect(JSON.stringify(added.receipts)).not.toMatch(/Sara|900001/)
  })

  it('stores no field that no purpose declares, and names it (R1)', async () => {
    const { vault } = await centre()
    const notes = { n1: { note: 'came twice' } }
    const error = await refusal(
      'FIELD_NOT_DECLARED',
      vault.add({ card: { ...card(1), notes } as never, consents: [prayerTimes()], source: 'x' }),
    )
    expect(error.data.fields).toEqual(['notes'])
    expect(await vault.for('prayer-times').count()).toBe(0)
  })

  it('keeps only the fields that a consent covers, and says which it left outside (R12)', async () => {
    const { vault } = await centre()
    const emails = { e1: { address: 'sara@example.org' } }
    const { id, notKept } = await vault.add({
      card: { ...card(1), emails },
      consents: [prayerTimes()],
      source: 'sign-up sheet',
    })
    expect(notKept).toEqual(['emails'])
    await vault.consent(id, groupChat())
    expect((await vault.for('group-chat').reveal(id))?.card).not.toHaveProperty('emails')
    expect(await vault.identify({ email: 'sara@example.org' })).toEqual([])
  })

  it('finds the same contact by a ref that is known, and changes nothing', async () => {
    const { vault } = await centre()
    const one = await vault.add({ card: card(1), consents: [prayerTimes()], source: 'crm', ref: 'crm:4711' })
    const { version } = vault
    const again = await vault.add({ card: card(2), consents: [prayerTimes()], source: 'crm', ref: 'crm:4711' })
    expect(again).toMatchObject({ id: one.id, outcome: 'known', receipts: [] })
    expect(vault.version).toBe(version)
    expect(await vault.for('prayer-times').count()).toBe(1)
  })

  it('adds somebody who may be here already, says so, and merges nothing (R11)', async () => {
    const { vault } = await centre()
    const one = await signUp(vault, 1)
    const other = await signUp(vault, 1, 'S. Karimi')
    expect(other.maybeSame).toEqual([one.id])
    expect(await vault.for('prayer-times').count()).toBe(2)
    expect(await ledgerOf(vault, { type: 'reveal' })).toMatchObject([{ contact: one.id, via: 'find' }])
  })

  it('refuses what is no card, with the place and nothing of what stands there (R37)', async () => {
    const { vault } = await centre()
    const phones = { p1: { number: 7700900123 } }
    const error = await refusal(
      'CARD_INVALID',
      vault.add({ card: { phones } as never, consents: [prayerTimes()], source: 'x' }),
    )
    expect(error.data.issues).toEqual([{ path: 'phones/*/number', message: expect.stringMatching(/^must be/) }])
    expect(JSON.stringify(error)).not.toContain('7700900123')
    const without = vault.add({ card: { phones: { p1: {} } } as never, consents: [prayerTimes()], source: 'x' })
    expect((await refusal('CARD_INVALID', without)).data.issues).toEqual([
      { path: 'phones/*/number', message: 'is missing' },
    ])
    await refusal('CARD_INVALID', vault.add({ card: null as never, consents: [prayerTimes()], source: 'x' }))
    await refusal('CARD_INVALID', vault.add({ card: card(1), consents: [prayerTimes()], source: ' ' }))
    await refusal('CARD_INVALID', vault.add({ card: card(1), consents: [prayerTimes()], source: 'x', ref: '' }))
  })

  it('refuses a card larger than a contact may be', async () => {
    const { vault } = await centre()
    const name = { full: 'a'.repeat(40_000) }
    const error = await refusal('CARD_TOO_LARGE', vault.add({ card: { name }, consents: [prayerTimes()], source: 'x' }))
    expect(error.data.bytes).toBeGreaterThan(error.data.limit)
  })

  it('runs an old claim from the day it was given: it may be expired on arrival (R8)', async () => {
    const { vault } = await centre()
    const consents = [prayerTimes({ given: { ...said, at: '2026-02-01' } })]
    const error = await refusal('EXPIRES_TOO_SOON', vault.add({ card: card(1), consents, source: 'old list' }))
    expect(error.data.until).toBe('2026-03-03T00:00:00.000Z')
    const proved = await vault.add({
      card: card(1),
      consents: [prayerTimes({ given: { ...onPaper, at: '2026-02-01' } })],
      source: 'old list',
    })
    expect(proved.receipts[0]?.until).toBe('2026-05-02T00:00:00.000Z')
  })

  it('lets a claim last 30 days, whatever the purpose keeps (R7)', async () => {
    const { vault } = await centre()
    const { receipts } = await signUp(vault, 1, 'Sara Karimi', [prayerTimes({ given: said })])
    expect(receipts[0]).toMatchObject({ assurance: 'claimed', until: '2026-04-09T00:00:00.000Z' })
  })

  it('takes a reference or a hash alone for a claim (R7)', async () => {
    const { vault } = await centre()
    const given = { how: 'paper', evidence: { kind: 'scan', reference: 'folder 3, sheet 12' } }
    const { assurance } = await signUp(vault, 1, 'Sara Karimi', [prayerTimes({ given })])
    expect(assurance).toEqual({ 'prayer-times': 'claimed' })
  })

  it.each([
    ['given in the future', { given: { ...onPaper, at: '2026-03-11' } }, 'CONSENT_INVALID'],
    ['given at no date', { given: { ...onPaper, at: 'yesterday' } }, 'CONSENT_INVALID'],
    ['given in no way', { given: { ...onPaper, how: ' ' } }, 'CONSENT_INVALID'],
    ['given by a guardian without authority', { given: { ...onPaper, by: 'guardian' } }, 'CONSENT_INVALID'],
    ['until a date that has passed', { until: '2026-03-01' }, 'EXPIRES_TOO_SOON'],
    ['until later today, which is rounded down (R4)', { until: '2026-03-10T23:59:00Z' }, 'EXPIRES_TOO_SOON'],
    ['for no purpose of the policy', { purpose: 'newsletter' }, 'UNKNOWN_PURPOSE'],
    ['for a recipient of no purpose', { recipients: ['data-broker'] }, 'UNKNOWN_RECIPIENT'],
    ['after a notice that nobody wrote', { notice: 'other' }, 'UNKNOWN_NOTICE'],
    ['after a notice in another language', { notice: 'signup', language: 'fa' }, 'UNKNOWN_NOTICE'],
    ['to fields that the purpose has not', { fields: ['emails'] }, 'FIELD_NOT_DECLARED'],
  ] as const)('refuses a consent %s, and stays as it was', async (_, change, code) => {
    const { vault } = await centre()
    const { version } = vault
    await refusal(code, vault.add({ card: card(1), consents: [prayerTimes(change)], source: 'x' }))
    expect(vault.version).toBe(version)
    expect(await vault.for('prayer-times').count()).toBe(0)
    expect(await ledgerOf(vault)).toHaveLength(1)
  })

  it('lasts no longer than the authority of the guardian who gave it (R6)', async () => {
    const { vault } = await centre()
    const given = { ...onPaper, by: 'guardian', authority: 'mother', authorityUntil: '2026-04-01' }
    const { receipts } = await signUp(vault, 1, 'Mina', [prayerTimes({ given })])
    expect(receipts[0]?.until).toBe('2026-04-01T00:00:00.000Z')
  })

  it('keeps custom fields of the type that the policy says', async () => {
    const { vault } = await centre()
    const consents = [{ purpose: 'counselling', given: onPaper }] as const
    const { id } = await vault.add({
      card: { ...card(1), 'x:age': 41, 'x:diet': 'halal' } as never,
      consents,
      source: 'x',
    })
    expect((await vault.for('counselling').reveal(id))?.card).toMatchObject({ 'x:age': 41, 'x:diet': 'halal' })
    const wrong = vault.add({ card: { ...card(2), 'x:age': 'forty' } as never, consents, source: 'x' })
    expect((await refusal('CARD_INVALID', wrong)).data.issues[0]?.path).toBe('x:age')
  })

  it('does not keep what tells the same card in every address book', async () => {
    const { vault } = await centre()
    const full = {
      ...card(1),
      uid: 'urn:uuid:03a0e51f-d1aa-4385-8a53-e29025acd8af',
      prodId: 'book',
      created: '2020-01-01T00:00:00Z',
    }
    const { id } = await vault.add({ card: full as never, consents: [prayerTimes()], source: 'x' })
    expect(Object.keys((await vault.for('prayer-times').reveal(id))?.card ?? {}).sort()).toEqual(['name', 'phones'])
  })

  it('keeps a photo with the card and gives it back whole', async () => {
    const { vault } = await centre()
    const uri = `data:image/png;base64,${Buffer.alloc(90_000, 7).toString('base64')}`
    const media = { m1: { kind: 'photo', uri } }
    const consents = [{ purpose: 'counselling', given: onPaper }] as const
    const { id } = await vault.add({ card: { ...card(1), media } as never, consents, source: 'x' })
    const shown = (await vault.for('counselling').reveal(id))?.card as { media: typeof media }
    expect(shown.media.m1.uri === uri).toBe(true)
  })

  it('is one commit with its ledger entries, and says nothing personal there (R32, R34)', async () => {
    const { vault } = await centre()
    const { id } = await vault.add({
      card: card(1, 'Sara Karimi'),
      consents: [prayerTimes()],
      source: 'x',
      ref: 'crm:1',
    })
    const [, added, consent, ...rest] = await ledgerOf(vault)
    expect(rest).toEqual([])
    expect(added).toMatchObject({ type: 'contact-added', contact: id, actor: 'staff:leila', leaf: 1 })
    expect(consent).toMatchObject({ type: 'consent', contact: id, purpose: 'prayer-times', event: 'given', leaf: 1 })
    expect(JSON.stringify(await ledgerOf(vault))).not.toMatch(/Sara|900001|crm:1/)
    expect(phone(1)).toContain('900001')
  })
})

describe('what could not lie in one page', () => {
  it('is refused before anything is written, whatever makes it large', async () => {
    const { vault } = await centre()
    const words = { how: 'paper', words: 'x'.repeat(1_001) }
    await refusal(
      'CONSENT_INVALID',
      vault.add({ card: card(1), consents: [{ ...prayerTimes(), given: words }], source: 'x' }),
    )
    const phones = Object.fromEntries(
      Array.from({ length: 190 }, (_, i) => [`p${i}`, { number: phone(i), label: 'x'.repeat(100) }]),
    )
    const source = 'y'.repeat(500)
    await refusal('CARD_TOO_LARGE', vault.add({ card: { phones }, consents: [prayerTimes()], source }))
    const report = await vault.addMany([
      { card: { phones }, consents: [prayerTimes()], source },
      { card: card(2), consents: [prayerTimes()], source },
    ])
    expect(report).toMatchObject({ added: 1, refused: 1, reasons: { CARD_TOO_LARGE: 1 } })
    expect((await ledgerOf(vault, { type: 'contact-added' })).length).toBe(1)
  })
})
