import { StoreError } from '@amanat/store-contract'
import type { MemoryStep } from '@amanat/store-contract/memory'
import { fakeClock, memoryStore, testKey } from '@amanat/vault/testing'
import { describe, expect, it } from 'vitest'
import { createVault, definePolicy, dropExpired, openVault } from '../../src/index'
import { riverside } from '../riverside'
import { centre, gather, groupChat, ledgerOf, onPaper, prayerTimes, type Riverside, refusal, signUp } from './centre'

describe('time in a vault (R16)', () => {
  it('never runs backwards: a clock set back brings nothing back', async () => {
    const { vault, clock, open } = await centre()
    const { id } = await signUp(vault, 1)
    await clock.advance('P90D')
    expect(await vault.for('prayer-times').get(id)).toBeUndefined()
    clock.set('2026-03-11T00:00:00Z')
    expect(await vault.for('prayer-times').get(id)).toBeUndefined()
    expect((await vault.for('group-chat').list()).total).toBe(0)
    const { receipts } = await signUp(vault, 2)
    expect(receipts[0]?.recorded.startsWith('2026-06-08')).toBe(true)
    await vault.lock()
    const again = await open()
    expect(await again.exists([id])).toEqual([])
    expect((await signUp(again, 3)).receipts[0]?.recorded.startsWith('2026-06-08')).toBe(true)
  })

  it('that jumped too far ahead hides, destroys nothing, and is refused until it is confirmed', async () => {
    const { vault, clock } = await centre()
    const { id } = await signUp(vault, 1)
    clock.set('2028-01-01T00:00:00Z')
    const door = vault.for('prayer-times')
    expect(await door.get(id)).toBeUndefined()
    expect(await vault.exists([id])).toEqual([])
    const error = await refusal('CLOCK_JUMPED', vault.purge())
    expect(error.data).toEqual({ lastSeen: '2026-03-10T09:30:00.000Z', clock: '2028-01-01T00:00:00.000Z' })
    await refusal('CLOCK_JUMPED', signUp(vault, 2))
    await refusal('CLOCK_JUMPED', vault.erase(id))
    clock.set('2026-03-11T00:00:00Z')
    expect((await door.reveal(id))?.id).toBe(id)
  })

  it('that jumped too far ahead lets no loosened policy rule before its time (R3)', async () => {
    const { vault, clock } = await centre()
    const consents = [{ purpose: 'counselling', given: onPaper, until: '2028-02-01' }] as const
    await vault.add({ card: { name: { full: 'Sara' } }, consents, source: 'x' })
    const { special: _, ...counselling } = riverside.purposes.counselling
    const next = { ...riverside, purposes: { ...riverside.purposes, counselling } }
    const loosened = await vault.changePolicy(next, { accept: await vault.planPolicy(next) })
    const names = async () => (await loosened.for('counselling').list()).people.map(({ name }) => name)
    expect(await names()).toEqual([undefined])
    clock.set('2028-01-01T00:00:00Z')
    expect(await names()).toEqual([undefined])
    clock.set('2026-03-11T00:00:00Z')
    await clock.advance('P8D')
    expect(await names()).toEqual(['Sara'])
  })

  it('once confirmed is the time, on the ledger, and what expired is destroyed', async () => {
    const { vault, clock } = await centre()
    const { id } = await signUp(vault, 1)
    clock.set('2028-01-01T00:00:00Z')
    await vault.confirmTime()
    expect(await ledgerOf(vault, { type: 'clock' })).toMatchObject([
      { kind: 'confirmed', from: '2026-03-10T09:30:00.000Z', to: '2028-01-01T00:00:00.000Z' },
    ])
    clock.set('2026-03-11T00:00:00Z')
    expect(await vault.exists([id])).toEqual([])
    expect((await signUp(vault, 2)).receipts[0]?.recorded).toBe('2028-01-01T00:00:00.000Z')
  })

  it('that was far ahead at midnight and came back forgets at the midnights that follow (R14)', async () => {
    const { vault, clock, medium } = await centre()
    await signUp(vault, 1, 'Sara', [prayerTimes({ until: '2026-03-20' })])
    clock.set('2028-01-01T00:00:00Z')
    await clock.advance('PT1S')
    clock.set('2026-03-11T00:00:00Z')
    expect(await vault.for('prayer-times').count()).toBe(1)
    await clock.advance('P10D')
    const store = memoryStore({ medium })
    await store.open()
    expect((await gather(store.scan('pages'))).length).toBe(0)
  })

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 1e300])('%f is no time to make a vault at', async time => {
    const clock = { ...fakeClock(), now: () => time }
    await refusal(
      'UNSUPPORTED',
      createVault({ store: memoryStore(), unlock: testKey(), policy: riverside, actor: 'x', clock }),
    )
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e300])('%f hides nothing and destroys nothing', async time => {
    const { vault, clock, medium } = await centre()
    const { id } = await signUp(vault, 1)
    const { now } = clock
    clock.now = () => time
    const before = JSON.stringify(medium.cellNow())
    await refusal('UNSUPPORTED', vault.for('prayer-times').get(id))
    await refusal('UNSUPPORTED', vault.purge())
    await refusal('UNSUPPORTED', vault.confirmTime())
    await refusal('UNSUPPORTED', dropExpired(memoryStore({ medium }), { clock }))
    expect(JSON.stringify(medium.cellNow())).toBe(before)
    clock.now = now
    expect((await vault.for('prayer-times').get(id))?.id).toBe(id)
  })

  it('before 1970 is a clock set back', async () => {
    const { vault, clock, medium } = await centre()
    const { id } = await signUp(vault, 1)
    clock.set('1901-12-13T20:45:52Z')
    expect((await vault.for('prayer-times').get(id))?.id).toBe(id)
    expect((await signUp(vault, 2)).receipts[0]?.recorded).toBe('2026-03-10T09:30:00.000Z')
    expect((await dropExpired(memoryStore({ medium }), { clock })).tick).toBe('2026-03-10')
  })

  it('is not to be confirmed more than a hundred years ahead, and the vault goes on', async () => {
    const { vault, clock } = await centre()
    const { id } = await signUp(vault, 1)
    clock.set('2126-06-01T00:00:00Z')
    await refusal('CLOCK_JUMPED', vault.confirmTime())
    clock.set('2026-03-11T00:00:00Z')
    expect((await vault.for('prayer-times').get(id))?.id).toBe(id)
    expect((await signUp(vault, 2)).receipts[0]?.recorded).toBe('2026-03-11T00:00:00.000Z')
    clock.set('2126-05-01T00:00:00Z')
    await vault.confirmTime()
    expect((await vault.purge()).tick).toBe('2126-05-01')
  })

  it('that jumped too far ahead loosens nothing of how far it may jump, though others commit meanwhile (R3)', async () => {
    const strict: Riverside = definePolicy({ ...riverside, maxJump: 'P30D' })
    const { vault, medium } = await centre(strict)
    const { id } = await signUp(vault, 1)
    const loose: Riverside = definePolicy({ ...riverside, maxJump: 'P300D' })
    await vault.changePolicy(loose, { accept: await vault.planPolicy(loose) })
    const clock = fakeClock('2026-03-10T09:30:00Z')
    const options = { store: memoryStore({ medium }), unlock: testKey(), policy: loose, actor: 'staff:omid', clock }
    const other = await openVault(options)
    clock.set('2026-12-01T00:00:00Z')
    await refusal('CLOCK_JUMPED', other.purge())
    await signUp(vault, 2)
    await other.for('prayer-times').count()
    await refusal('CLOCK_JUMPED', other.purge())
    expect((await vault.for('prayer-times').get(id))?.id).toBe(id)
  })

  it('confirmed where the ledger could not be told is told by who confirms it again, once (R32)', async () => {
    let full = false
    const onStep = ({ op, phase }: MemoryStep) => {
      if (full && op === 'commit' && phase === 'before') throw new StoreError('NO_SPACE', 'no room')
    }
    const { vault, clock } = await centre(riverside, { store: memoryStore({ onStep }) })
    clock.set('2028-01-01T00:00:00Z')
    full = true
    await refusal('NO_SPACE', vault.confirmTime())
    full = false
    await Promise.all([vault.confirmTime(), vault.confirmTime()])
    expect(await ledgerOf(vault, { type: 'clock' })).toMatchObject([
      { kind: 'confirmed', from: '2026-03-10T09:30:00.000Z', to: '2028-01-01T00:00:00.000Z' },
    ])
  })

  it('confirmed without a jump is nothing to write down', async () => {
    const { vault } = await centre()
    const { version } = vault
    await vault.confirmTime()
    expect(vault.version).toBe(version)
  })

  it('that jumped while the vault was locked destroys nothing at opening', async () => {
    const { vault, clock, open } = await centre()
    const { id } = await signUp(vault, 1)
    await vault.lock()
    clock.set('2028-01-01T00:00:00Z')
    const jumped = await open()
    expect(await jumped.for('prayer-times').count()).toBe(0)
    await refusal('CLOCK_JUMPED', signUp(jumped, 2))
    await jumped.lock()
    clock.set('2026-03-11T00:00:00Z')
    expect((await (await open()).for('prayer-times').get(id))?.id).toBe(id)
  })

  it('that was read before a jump, and is locked in doubt, is remembered: nothing comes back', async () => {
    const { vault, clock, open } = await centre()
    const { id } = await signUp(vault, 1)
    clock.set('2026-06-08T00:00:00Z')
    expect(await vault.for('prayer-times').get(id)).toBeUndefined()
    clock.set('2028-01-01T00:00:00Z')
    await vault.lock()
    clock.set('2026-03-11T00:00:00Z')
    const again = await open()
    expect(await again.for('prayer-times').get(id)).toBeUndefined()
    expect((await signUp(again, 2)).receipts[0]?.recorded).toBe('2026-06-08T00:00:00.000Z')
  })

  it('can not be told when the vault is locked: it is locked all the same', async () => {
    const { vault, clock, open } = await centre()
    const { id } = await signUp(vault, 1)
    clock.now = () => Number.NaN
    await vault.lock()
    await refusal('VAULT_LOCKED', vault.purge())
    clock.now = () => Date.parse('2026-03-11T00:00:00Z')
    expect((await (await open()).for('prayer-times').get(id))?.id).toBe(id)
  })

  it('moves on within what the policy allows without asking', async () => {
    const { vault, clock } = await centre()
    await signUp(vault, 1, 'Sara', [groupChat()])
    clock.set('2027-03-09T23:00:00Z')
    expect(await vault.for('group-chat').count()).toBe(1)
    clock.set('2027-03-10T00:00:00Z')
    expect((await vault.purge()).contacts).toBe(1)
  })

  it('of a locked vault is believed for thirty days at most', async () => {
    const { vault, clock, medium, open } = await centre()
    await signUp(vault, 1)
    await vault.lock()
    const later = fakeClock('2026-06-10T00:00:00Z')
    await refusal('CLOCK_JUMPED', dropExpired(memoryStore({ medium }), { clock: later }))
    for (const day of ['2026-04-08', '2026-05-07', '2026-06-05', '2026-06-09']) {
      later.set(`${day}T00:00:00Z`)
      expect((await dropExpired(memoryStore({ medium }), { clock: later })).tick).toBe(day)
    }
    expect(await (await open()).for('prayer-times').count()).toBe(0)
    expect(clock.now()).toBeLessThan(later.now())
  })

  it('seen by one process counts in the others, whatever their clocks say', async () => {
    const { vault, open } = await centre()
    const sara = await signUp(vault, 1, 'Sara', [prayerTimes({ until: '2026-03-20' })])
    const ahead = await open('staff:omid', { clock: fakeClock('2026-03-21T09:00:00Z') })
    await signUp(ahead, 2)
    expect(await vault.exists([sara.id])).toEqual([])
    const { receipts } = await signUp(vault, 3, 'Mina', [prayerTimes({ until: '2026-04-20' })])
    expect(receipts[0]?.recorded).toBe('2026-03-21T09:00:00.000Z')
    await refusal('EXPIRES_TOO_SOON', signUp(vault, 4, 'Ali', [prayerTimes({ until: '2026-03-15' })]))
    const times = (await ledgerOf(vault)).map(({ at }) => at)
    expect(times).toEqual(times.toSorted())
  })
})
