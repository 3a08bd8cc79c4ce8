import { describe, expect, it } from 'vitest'
import type { Policy } from '../../src/index'
import { riverside } from '../riverside'
import { card, centre, groupChat, ledgerOf, onPaper, phone, prayerTimes, type Riverside, signUp } from './centre'

const whole = (n: number, full: string) => ({ ...card(n, full), emails: { e1: { address: `p${n}@example.org` } } })

describe('a door', () => {
  it('lists ids, names and dates, and never a contact point (R24)', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1, 'Sara Karimi')
    expect((await vault.for('prayer-times').list()).people).toEqual([
      { id, name: 'Sara Karimi', until: '2026-06-08T00:00:00.000Z', assurance: 'evidenced' },
    ])
  })

  it('gets what is no contact point, and reveals what is: free to get, on the record to reveal (R24, R25)', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1, 'Sara')
    const door = vault.for('prayer-times')
    const seen = { id, revision: 1, until: '2026-06-08T00:00:00.000Z', assurance: 'evidenced' }
    expect(await door.get(id)).toEqual({ ...seen, card: { name: { full: 'Sara' } } })
    expect(await ledgerOf(vault, { type: 'reveal' })).toEqual([])
    expect(await door.reveal(id)).toEqual({ ...seen, card: card(1, 'Sara'), sources: { 'phones/p1': 'sign-up sheet' } })
    expect(await ledgerOf(vault, { type: 'reveal' })).toMatchObject([
      { actor: 'staff:leila', purpose: 'prayer-times', contact: id, via: 'reveal' },
    ])
  })

  it('shows only the fields of its purpose, also where more is held (R23)', async () => {
    const { vault } = await centre()
    const { id } = await vault.add({
      card: whole(1, 'Sara'),
      consents: [prayerTimes(), groupChat()],
      source: 'sheet',
    })
    expect(Object.keys((await vault.for('prayer-times').reveal(id))?.card ?? {}).sort()).toEqual(['name', 'phones'])
    expect(Object.keys((await vault.for('group-chat').reveal(id))?.card ?? {}).sort()).toEqual([
      'emails',
      'name',
      'phones',
    ])
    expect(await vault.for('prayer-times').find({ email: 'p1@example.org' })).toEqual([])
    expect(await vault.for('group-chat').find({ email: 'P1@Example.ORG' })).toHaveLength(1)
  })

  it('says at a reveal where the contact points in scope came from, and of no others (R6, R23)', async () => {
    const { vault } = await centre()
    const { id } = await vault.add({
      card: whole(1, 'Sara'),
      consents: [prayerTimes(), groupChat()],
      source: 'sheet',
      sources: { 'emails/e1': 'her sister' },
    })
    expect(await vault.for('prayer-times').get(id)).not.toHaveProperty('sources')
    expect((await vault.for('prayer-times').reveal(id))?.sources).toEqual({ 'phones/p1': 'sheet' })
    expect((await vault.for('group-chat').reveal(id))?.sources).toEqual({
      'phones/p1': 'sheet',
      'emails/e1': 'her sister',
    })
  })

  it('cuts translations to the fields in scope (R24)', async () => {
    const { vault } = await centre()
    const localizations = { fa: { 'name/full': 'سارا', 'emails/e1/label': 'خانه' } }
    const { id } = await vault.add({
      card: { ...whole(1, 'Sara'), localizations } as never,
      consents: [prayerTimes(), groupChat()],
      source: 'x',
    })
    const shown = (await vault.for('prayer-times').reveal(id))?.card as object
    expect(JSON.stringify(shown)).not.toContain('emails')
  })

  it('answers undefined for anybody who is not to be seen through it, whatever the reason', async () => {
    const { vault, clock } = await centre()
    const quarantined = await vault.add({ card: card(1), source: 'x', mayAsk: 'they-asked' })
    const otherPurpose = await signUp(vault, 2, 'Omid', [groupChat()])
    const left = await signUp(vault, 3)
    await vault.withdraw(left.id)
    const expired = await signUp(vault, 4, 'Mina', [prayerTimes({ until: '2026-03-12' })])
    await clock.advance('P2D')
    const door = vault.for('prayer-times')
    for (const id of [quarantined.id, otherPurpose.id, left.id, expired.id, '0'.repeat(26), 'Sara', '']) {
      expect(await door.get(id)).toBeUndefined()
      expect(await door.reveal(id)).toBeUndefined()
    }
    expect(await ledgerOf(vault, { type: 'reveal' })).toEqual([])
  })

  it.each([
    ['as it was typed', '07700 900001'],
    ['in Persian digits', '۰۷۷۰۰ ۹۰۰۰۰۱'],
    ['in Arabic digits', '٠٧٧٠٠٩٠٠٠٠١'],
    ['in full-width digits', '０７７００９００００１'],
    ['with the country code', '+44 7700 900001'],
    ['with 00 for the plus', '0044 7700 900001'],
    ['with brackets and dashes', '(07700) 900-001'],
    ['as a URI', 'tel:+447700900001'],
  ])('finds a number %s', async (_, number) => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    await signUp(vault, 2)
    expect((await vault.for('prayer-times').find({ phone: number })).map(person => person.id)).toEqual([id])
  })

  it.each([
    ['the beginning of a word', 'Sara Karimi', 'kar'],
    ['several words in any order', 'Sara Karimi', 'karimi sara'],
    ['Persian typed on an Arabic keyboard', 'علی کریمی', 'علي كريمي'],
    ['letters without their accents', 'Zoë Núñez', 'zoe nun'],
    ['vowel signs left out', 'مُحَمَّد', 'محمد'],
    ['Cyrillic in capitals', 'Сара Каримова', 'САРА'],
    ['a hyphenated name by its second part', 'Anne-Marie Smith', 'marie'],
  ])('finds a name by %s', async (_, full, text) => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1, full)
    await signUp(vault, 2, 'Omid Rezaei')
    const door = vault.for('prayer-times')
    expect((await door.find({ text })).map(person => person.id)).toEqual([id])
    expect(await door.count({ text })).toBe(1)
  })

  it('finds nobody by nothing', async () => {
    const { vault } = await centre()
    await signUp(vault, 1)
    for (const text of ['', '  ', '*', '%']) expect(await vault.for('prayer-times').find({ text })).toEqual([])
  })

  it('says how people are asked for to whoever asks otherwise', async () => {
    const { vault } = await centre()
    const door = vault.for('prayer-times')
    const wrong = [
      undefined,
      null,
      'Sara',
      {},
      { name: 'Sara' },
      { phone: 7 },
      { phone: undefined, email: 'p1@example.org' },
    ]
    for (const by of wrong as never[]) {
      await expect(door.find(by)).rejects.toThrow(/^people are found by/)
      await expect(vault.identify(by)).rejects.toThrow(/^a contact point is asked for as/)
      await expect(vault.suppress(by)).rejects.toThrow(/^a contact point is asked for as/)
    }
    await expect(vault.identify({ text: 'Sara' } as never)).rejects.toThrow(TypeError)
  })

  it('lists page by page, each person once, though people leave meanwhile', async () => {
    const { vault } = await centre()
    const ids: string[] = []
    for (let n = 0; n < 25; n++) ids.push((await signUp(vault, n, `Person ${String(n).padStart(2, '0')}`)).id)
    const door = vault.for('prayer-times')
    const first = await door.list({ limit: 10 })
    expect(first.people.map(({ id }) => id)).toEqual(ids.slice(0, 10))
    expect(first.total).toBe(25)
    await vault.withdraw(ids[9] as string)
    await vault.withdraw(ids[3] as string)
    const second = await door.list({ limit: 10, after: first.next as string })
    expect(second.people.map(({ id }) => id)).toContain(ids[10])
    const third = await door.list({ limit: 10, after: second.next as string })
    const seen = [...first.people, ...second.people, ...third.people].map(({ id }) => id)
    expect(new Set(seen)).toEqual(new Set(ids))
    expect(third.next).toBeUndefined()
  })

  it.each(['name', 'until'] as const)('begins with the same people however many are asked for, by %s', async sort => {
    const { vault } = await centre()
    // Three of each name, and two of each day.
    for (let n = 0; n < 20; n++) {
      const until = `2026-04-${String(10 + (n >> 1)).padStart(2, '0')}`
      await signUp(vault, n, `Person ${(n * 7) % 6}`, [prayerTimes({ until })])
    }
    const door = () => vault.for('prayer-times')
    const all = (await door().list({ sort, limit: 1000 })).people
    const one = door()
    const first = await one.list({ sort, limit: 2 })
    expect(await one.list({ sort, limit: 2 })).toEqual(first)
    const second = await one.list({ sort, limit: 2, after: first.next as string })
    expect([...first.people, ...second.people]).toEqual(all.slice(0, 4))
    expect([first.total, second.total]).toEqual([20, 20])
    expect(await one.list({ sort, limit: 2 })).toEqual(first)
  })

  it('sorts in the reader’s alphabet, or by when consents end', async () => {
    const { vault } = await centre()
    await signUp(vault, 1, 'Åsa', [prayerTimes({ until: '2026-05-01' })])
    await signUp(vault, 2, 'Zita', [prayerTimes({ until: '2026-04-01' })])
    await signUp(vault, 3, 'Anna', [prayerTimes({ until: '2026-05-02' })])
    const names = async (options: object) => (await vault.for('prayer-times').list(options)).people.map(p => p.name)
    expect(await names({ locale: 'sv' })).toEqual(['Anna', 'Zita', 'Åsa'])
    expect(await names({ locale: 'en' })).toEqual(['Anna', 'Åsa', 'Zita'])
    expect(await names({ sort: 'until' })).toEqual(['Zita', 'Åsa', 'Anna'])
  })

  it('refuses a limit out of bounds as a mistake of the caller', async () => {
    const { vault } = await centre()
    for (const limit of [0, -1, 1.5, 1_001, Number.NaN]) {
      await expect(vault.for('prayer-times').list({ limit })).rejects.toThrow(TypeError)
    }
  })

  it('of a special purpose keeps names for a reveal: being listed is the secret (R2)', async () => {
    const { vault } = await centre()
    const { id } = await vault.add({
      card: card(1, 'Sara'),
      consents: [{ purpose: 'counselling', given: onPaper }],
      source: 'x',
    })
    const door = vault.for('counselling')
    expect((await door.list()).people).toEqual([{ id, until: expect.any(String), assurance: 'evidenced' }])
    expect((await door.get(id))?.card).toEqual({})
    expect(await door.find({ text: 'Sara' })).toEqual([])
    expect((await door.reveal(id))?.card).toEqual(card(1, 'Sara'))
  })

  it('keeps free text for a reveal, and shows other custom fields (R24)', async () => {
    const { vault } = await centre()
    const { id } = await vault.add({
      card: { ...card(1), 'x:age': 41, 'x:diet': 'call 07700 900001' },
      consents: [{ purpose: 'counselling', given: onPaper }],
      source: 'x',
    })
    expect((await vault.for('counselling').get(id))?.card).toEqual({ 'x:age': 41 })
  })

  it('shows free text as such, though the policy calls its field a number by now (R24)', async () => {
    const { vault } = await centre()
    const { id } = await vault.add({
      card: { ...card(1), 'x:age': 41, 'x:diet': 'call 07700 900001' },
      consents: [{ purpose: 'counselling', given: onPaper }],
      source: 'call',
    })
    for (const type of ['number', 'date', 'boolean'] as const) {
      const next = { ...riverside, custom: { ...riverside.custom, 'x:diet': type } } as Policy as Riverside
      await vault.changePolicy(next, { accept: await vault.planPolicy(next) })
      expect((await vault.for('counselling').get(id))?.card).toEqual({ 'x:age': 41 })
    }
    expect((await vault.for('counselling').reveal(id))?.card).toHaveProperty('x:diet')
  })

  it('is the same object for the same purpose and actor', async () => {
    const { vault } = await centre()
    expect(vault.for('prayer-times')).toBe(vault.for('prayer-times'))
    expect(vault.for('prayer-times')).not.toBe(vault.as('staff:omid').for('prayer-times'))
  })

  it('hands out copies: changing what it answered changes nothing held', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1, 'Sara')
    const door = vault.for('prayer-times')
    const shown = (await door.reveal(id)) as unknown as { card: { phones: { p1: { number: string } } } }
    shown.card.phones.p1.number = phone(999)
    expect((await door.reveal(id))?.card).toEqual(card(1, 'Sara'))
  })

  it('keeps what it was given: changing the caller’s card later changes nothing held', async () => {
    const { vault } = await centre()
    const mine = card(1, 'Sara')
    const { id } = await vault.add({ card: mine, consents: [prayerTimes()], source: 'x' })
    mine.name.full = 'Eve'
    mine.phones.p1.number = phone(2)
    expect((await vault.for('prayer-times').reveal(id))?.card).toEqual(card(1, 'Sara'))
  })

  it('gives each of fifty who ask at once their own answer', async () => {
    const { vault } = await centre()
    const ids: string[] = []
    for (let n = 0; n < 10; n++) ids.push((await signUp(vault, n)).id)
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, i) => vault.for('prayer-times').reveal(ids[i % 10] as string)),
    )
    all.forEach((contact, i) => {
      expect(contact?.card.phones).toEqual({ p1: { number: phone(i % 10) } })
    })
  })
})
