import type { MemoryStep } from '@amanat/store-contract/memory'
import { memoryStore } from '@amanat/vault/testing'
import { describe, expect, it } from 'vitest'
import type { Draft } from '../../src/commit/draft'
import { Meter } from '../../src/door/meter'
import type { BulkLimits, Policy, Vault } from '../../src/index'
import { riverside } from '../riverside'
import { centre, groupChat, ledgerOf, onPaper, phone, prayerTimes, type Riverside, refusal, signUp } from './centre'

const limited = (bulk: Partial<BulkLimits>) =>
  ({ ...riverside, bulk: { ...riverside.bulk, ...bulk } }) as Policy as Riverside
const threeAnHour = limited({ perActor: [{ people: 3, within: 'PT1H' }] })

async function people(vault: Vault<Riverside>, count: number, from = 0): Promise<string[]> {
  const ids: string[] = []
  for (let n = from; n < from + count; n++) ids.push((await signUp(vault, n)).id)
  return ids
}

describe('the meter', () => {
  it('refuses past the limit, says from when one more may be seen, and puts that on the ledger (R25)', async () => {
    const { vault, clock } = await centre(threeAnHour)
    const ids = await people(vault, 5)
    const door = vault.for('prayer-times')
    expect(await door.budget()).toEqual({ left: 3 })
    await door.reveal(ids[0] as string)
    await clock.advance('PT10M')
    await door.reveal(ids[1] as string)
    await door.reveal(ids[2] as string)
    expect(await door.budget()).toEqual({ left: 0, resets: '2026-03-10T10:30:00.000Z' })
    const error = await refusal('BULK_READ_REFUSED', door.reveal(ids[3] as string))
    expect(error.data).toEqual({ left: 0, resets: '2026-03-10T10:30:00.000Z' })
    expect(await ledgerOf(vault, { type: 'bulk-read-refused' })).toMatchObject([
      { actor: 'staff:leila', purpose: 'prayer-times', resets: '2026-03-10T10:30:00.000Z' },
    ])
    await clock.advance('PT50M')
    expect(await door.reveal(ids[3] as string)).toBeDefined()
    await refusal('BULK_READ_REFUSED', door.reveal(ids[4] as string))
  })

  it('counts people and not looks: looking again costs nothing and is one entry', async () => {
    const { vault } = await centre(threeAnHour)
    const [id] = await people(vault, 1)
    const door = vault.for('prayer-times')
    for (let i = 0; i < 10; i++) await door.reveal(id as string)
    expect(await door.budget()).toEqual({ left: 2 })
    expect(await ledgerOf(vault, { type: 'reveal' })).toHaveLength(1)
  })

  it('counts and records one person anew for another actor, and records them anew for another purpose (R25)', async () => {
    const { vault } = await centre(threeAnHour)
    const { id } = await signUp(vault, 1, 'Sara', [prayerTimes(), groupChat()])
    const [own, omid] = [vault.for('prayer-times'), vault.as('staff:omid').for('prayer-times')]
    await own.reveal(id)
    await omid.reveal(id)
    await vault.for('group-chat').reveal(id)
    expect(await ledgerOf(vault, { type: 'reveal' })).toMatchObject([
      { actor: 'staff:leila', purpose: 'prayer-times', contact: id },
      { actor: 'staff:omid', purpose: 'prayer-times', contact: id },
      { actor: 'staff:leila', purpose: 'group-chat', contact: id },
    ])
    expect([await own.budget(), await omid.budget()]).toEqual([{ left: 2 }, { left: 2 }])
  })

  it('counts what is asked at once as if it were asked one after the other', async () => {
    const { vault } = await centre(threeAnHour)
    const ids = await people(vault, 8)
    const other = vault.as('staff:omid')
    const wanted = (from: number) => [0, 0, 1, 2, 3, 0].map(n => ids[from + n] as string)
    const [own, others] = await Promise.all(
      [vault, other].map((by, at) => Promise.allSettled(wanted(4 * at).map(id => by.for('prayer-times').reveal(id)))),
    )
    const outcomes = ['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled']
    for (const all of [own, others]) expect(all?.map(({ status }) => status)).toEqual(outcomes)
    expect(await ledgerOf(vault, { type: 'reveal' })).toHaveLength(6)
  })

  it('does not count a look whose operation failed, whatever else its draft holds', () => {
    const meter = new Meter()
    const entries: unknown[] = []
    const draft = {
      entries,
      now: Date.parse('2026-03-10T09:30:00Z'),
      policy: threeAnHour,
      opened: { ledgerLost: false, index: { contacts: () => 1_000 } },
      note: (entry: unknown) => entries.push(entry),
    } as unknown as Draft
    const look = (n: number) => meter.reveal(draft, 'staff:leila', 'prayer-times', new Uint8Array(16).fill(n), 'reveal')
    const left = () => meter.budget(draft, 'staff:leila').left
    expect(look(1)).toBeUndefined()
    expect(look(2)).toBeUndefined()
    expect(left()).toBe(1)
    // The second took its own back; then something else was noted in its place.
    entries.length = 1
    expect(left()).toBe(2)
    expect(look(3)).toBeUndefined()
    entries[1] = { type: 'miss', actor: 'staff:leila', count: 1 }
    expect(left()).toBe(2)
    expect(look(2)).toBeUndefined()
    expect(look(3)).toBeUndefined()
    expect(look(4)).toMatchObject({ code: 'BULK_READ_REFUSED' })
    expect(look(2)).toBeUndefined()
  })

  it('counts a look until its window ends and no longer: at that instant the next one is recorded (R25)', async () => {
    const { vault, clock } = await centre(threeAnHour)
    const [id] = await people(vault, 1)
    await vault.for('prayer-times').reveal(id as string)
    await clock.advance('PT1H')
    await vault.for('prayer-times').reveal(id as string)
    expect(await ledgerOf(vault, { type: 'reveal' })).toHaveLength(2)
    expect(await vault.for('prayer-times').budget()).toEqual({ left: 2 })
  })

  it('counts after a restart who was seen late on the first day of its longest window (R25)', async () => {
    const { vault, clock, open } = await centre(limited({ perActor: [{ people: 3, within: 'P30D' }] }))
    const ids = await people(vault, 2)
    await clock.advance('PT1H')
    await vault.for('prayer-times').reveal(ids[0] as string)
    // Enough to stand in another row of the ledger than what is written the day after.
    await people(vault, 40, 10)
    await clock.advance('P1D')
    await vault.for('prayer-times').reveal(ids[1] as string)
    // The window begins on the morning of the first day, before that look.
    await clock.advance('P28DT23H15M')
    await vault.lock()
    const again = await open('staff:leila')
    expect((await again.for('prayer-times').budget()).left).toBe(1)
  })

  it('shows who was seen already, also when nobody else may be', async () => {
    const { vault } = await centre(threeAnHour)
    const ids = await people(vault, 4)
    for (const id of ids.slice(0, 3)) await vault.for('prayer-times').reveal(id)
    expect(await vault.for('prayer-times').reveal(ids[0] as string)).toBeDefined()
    await refusal('BULK_READ_REFUSED', vault.for('prayer-times').reveal(ids[3] as string))
  })

  it('counts each actor apart, and the vault over all of them', async () => {
    const { vault } = await centre(
      limited({
        perActor: [{ people: 3, within: 'PT1H' }],
        vault: [
          { people: 4, within: 'PT1H' },
          { share: 0.1, within: 'P30D' },
        ],
      }),
    )
    const ids = await people(vault, 6)
    for (const id of ids.slice(0, 3)) await vault.for('prayer-times').reveal(id)
    const omid = vault.as('staff:omid').for('prayer-times')
    expect(await omid.reveal(ids[3] as string)).toBeDefined()
    await refusal('BULK_READ_REFUSED', omid.reveal(ids[4] as string))
    expect((await omid.budget()).left).toBe(0)
  })

  it('stops a patient reader: at most a tenth of the vault in thirty days', async () => {
    const { vault, clock } = await centre()
    const ids = await people(vault, 110)
    let seen = 0
    for (const id of ids) {
      const answer = await vault
        .for('prayer-times')
        .reveal(id)
        .catch(() => undefined)
      if (answer) seen++
      await clock.advance('PT2H')
    }
    expect(seen).toBe(11)
    await clock.advance('P30D')
    expect(await vault.for('prayer-times').budget()).toEqual({ left: 11 })
  })

  it('lasts across restarts', async () => {
    const { vault, open } = await centre(threeAnHour)
    const ids = await people(vault, 4)
    for (const id of ids.slice(0, 3)) await vault.for('prayer-times').reveal(id)
    await vault.lock()
    const again = await open('staff:leila')
    expect((await again.for('prayer-times').budget()).left).toBe(0)
    await refusal('BULK_READ_REFUSED', again.for('prayer-times').reveal(ids[3] as string))
  })

  it('counts what other processes revealed', async () => {
    const { vault, open } = await centre(threeAnHour)
    const ids = await people(vault, 4)
    const other = await open('staff:leila')
    for (const id of ids.slice(0, 3)) await vault.for('prayer-times').reveal(id)
    expect((await other.for('prayer-times').budget()).left).toBe(0)
    await refusal('BULK_READ_REFUSED', other.for('prayer-times').reveal(ids[3] as string))
  })

  it('lets two processes at once see no more than one may', async () => {
    const { vault, open } = await centre(threeAnHour)
    const ids = await people(vault, 8)
    const other = await open('staff:leila')
    const answers = await Promise.allSettled(ids.map((id, i) => (i % 2 ? vault : other).for('prayer-times').reveal(id)))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  })

  it('counts a find that hits by phone, and a find by name not at all', async () => {
    const { vault } = await centre(threeAnHour)
    await people(vault, 5)
    const door = vault.for('prayer-times')
    await door.find({ text: 'Person' })
    expect(await door.budget()).toEqual({ left: 3 })
    for (let n = 0; n < 3; n++) expect(await door.find({ phone: phone(n) })).toHaveLength(1)
    await refusal('BULK_READ_REFUSED', door.find({ phone: phone(3) }))
    expect((await ledgerOf(vault, { type: 'reveal' })).map(({ via }) => via)).toEqual(['find', 'find', 'find'])
  })

  it('counts who is identified, in every purpose and in quarantine (R11)', async () => {
    const { vault } = await centre(threeAnHour)
    await people(vault, 5)
    for (let n = 0; n < 3; n++) expect(await vault.identify({ phone: phone(n) })).toHaveLength(1)
    await refusal('BULK_READ_REFUSED', vault.identify({ phone: phone(3) }))
    // Counted apart: whoever reads up to the limit doesn't keep others from leaving, nor the other way round.
    for (let n = 0; n < 3; n++) expect(await vault.for('prayer-times').find({ phone: phone(n) })).toHaveLength(1)
    await refusal('BULK_READ_REFUSED', vault.for('prayer-times').find({ phone: phone(4) }))
  })

  it('lets somebody leave when the reading limit is used up', async () => {
    const { vault } = await centre(threeAnHour)
    await people(vault, 5)
    for (let n = 0; n < 3; n++) await vault.for('prayer-times').find({ phone: phone(n) })
    await refusal('BULK_READ_REFUSED', vault.for('prayer-times').find({ phone: phone(4) }))
    const [id] = await vault.identify({ phone: phone(4) })
    expect(await vault.withdraw(id as string)).toHaveLength(1)
  })

  it('limits guesses that find nobody, and past it a guess that would hit tells nothing either', async () => {
    const { vault, clock } = await centre(limited({ missesPerHour: 20 }))
    await people(vault, 1)
    const door = vault.for('prayer-times')
    for (let n = 100; n < 120; n++) expect(await door.find({ phone: phone(n) })).toEqual([])
    const miss = await refusal('BULK_READ_REFUSED', door.find({ phone: phone(121) }))
    const hit = await refusal('BULK_READ_REFUSED', door.find({ phone: phone(0) }))
    expect(hit.data).toEqual(miss.data)
    await refusal('BULK_READ_REFUSED', vault.identify({ phone: phone(121) }))
    await refusal('BULK_READ_REFUSED', vault.identify({ phone: phone(0) }))
    await clock.advance('PT1H1M')
    expect(await door.find({ phone: phone(0) })).toHaveLength(1)
    expect(await door.find({ phone: phone(121) })).toEqual([])
  })

  it('tells the ledger of misses by number only', async () => {
    const { vault } = await centre()
    for (let n = 0; n < 60; n++) await vault.for('prayer-times').find({ phone: phone(n) })
    expect(await ledgerOf(vault, { type: 'miss' })).toMatchObject([{ count: 50 }])
    expect(JSON.stringify(await ledgerOf(vault))).not.toMatch(/7700 ?900/)
  })

  it('counts misses of before a restart', async () => {
    const { vault, open } = await centre(limited({ missesPerHour: 20 }))
    for (let n = 0; n < 20; n++) await vault.identify({ phone: phone(n) })
    await vault.lock()
    await refusal('BULK_READ_REFUSED', (await open()).identify({ phone: phone(21) }))
  })

  it('forgets nobody it counted while the clock is far ahead and comes back (R16)', async () => {
    const { vault, open, clock } = await centre(limited({ ...threeAnHour.bulk, missesPerHour: 20 }))
    const ids = await people(vault, 4)
    for (const id of ids.slice(0, 3)) await vault.for('prayer-times').reveal(id)
    for (let n = 100; n < 120; n++) await vault.identify({ phone: phone(n) })
    await vault.lock()
    const back = new Date(clock.now()).toISOString()
    const refuses = async (again: typeof vault) => {
      expect(await again.for('prayer-times').budget()).toMatchObject({ left: 0 })
      await refusal('BULK_READ_REFUSED', again.for('prayer-times').reveal(ids[3] as string))
      await refusal('BULK_READ_REFUSED', again.identify({ phone: phone(121) }))
    }
    const before = await open('staff:leila')
    clock.set('2028-01-01T00:00:00Z')
    await before.for('prayer-times').budget()
    await refusal('BULK_READ_REFUSED', before.identify({ phone: phone(121) }))
    await refusal('BULK_READ_REFUSED', before.for('prayer-times').find({ phone: phone(121) }))
    const opened = await open('staff:leila')
    clock.set(back)
    await refuses(before)
    await refuses(opened)
  })

  it('counts looks on when the clock jumps far ahead as the vault forgets at midnight, and comes back', async () => {
    let commits = Number.NEGATIVE_INFINITY
    const onStep = ({ op, phase }: MemoryStep) => {
      // The first one tells the root of the new day, the second one the ledger of what went.
      if (op === 'commit' && phase === 'after' && ++commits === 2) clock.set('2028-01-01T00:00:00Z')
    }
    const { vault, clock } = await centre(limited({ perActor: [{ people: 3, within: 'P1D' }] }), {
      store: memoryStore({ onStep }),
    })
    const ids = (await people(vault, 4)) as [string, string, string, string]
    await signUp(vault, 5, 'Sara', [prayerTimes({ until: '2026-03-12' })])
    await clock.advance('PT36H')
    for (const id of ids.slice(1)) await vault.for('prayer-times').reveal(id)
    commits = 0
    await clock.advance('PT2H30M1S')
    expect(commits).toBeGreaterThan(1)
    clock.set('2026-03-12T00:01:00Z')
    await refusal('BULK_READ_REFUSED', vault.for('prayer-times').reveal(ids[0]))
  })

  it('costs nothing to list, get, count, check or be refused', async () => {
    const { vault } = await centre(threeAnHour)
    const ids = await people(vault, 4)
    const door = vault.for('prayer-times')
    await door.list()
    await door.count()
    for (const id of ids) await door.get(id)
    await door.check({ recipient: 'sms-gateway' })
    expect(await door.budget()).toEqual({ left: 3 })
  })

  it('counts names of a special purpose, where being listed is the secret', async () => {
    const { vault } = await centre(threeAnHour)
    const consents = [{ purpose: 'counselling', given: onPaper }] as const
    const { id } = await vault.add({ card: { name: { full: 'Sara' } }, consents, source: 'x' })
    await vault.for('counselling').reveal(id)
    expect(await vault.for('counselling').budget()).toEqual({ left: 2 })
  })
})

describe('a refusal of the meter', () => {
  it('is on the record once an hour for each actor, however often they ask', async () => {
    const { vault, clock } = await centre(threeAnHour)
    const ids = await people(vault, 6)
    const door = vault.for('prayer-times')
    for (const id of ids.slice(0, 3)) await door.reveal(id)
    for (let i = 0; i < 20; i++) await refusal('BULK_READ_REFUSED', door.reveal(ids[4] as string))
    expect(await ledgerOf(vault, { type: 'bulk-read-refused' })).toHaveLength(1)
    await clock.advance('PT59M')
    await refusal('BULK_READ_REFUSED', door.reveal(ids[4] as string))
    expect(await ledgerOf(vault, { type: 'bulk-read-refused' })).toHaveLength(1)
  })
})
