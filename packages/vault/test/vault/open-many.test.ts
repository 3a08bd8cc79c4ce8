/** A vault of many pages is opened by going through them, not by asking for each. */
import { memoryStore } from '@amanat/vault/testing'
import { describe, expect, it, vi } from 'vitest'
import { definePolicy, type NewContact, type Vault } from '../../src/index'
import { centre, onPaper, phone } from './centre'

const DAYS = 300
const DAY_MS = 86_400_000

const policy = definePolicy({
  controller: {
    name: 'Riverside',
    contact: 'privacy@riverside.example',
    address: '1 Quay Street',
    jurisdiction: 'GB',
    withdraw: 'Reply STOP',
  },
  region: 'GB',
  notices: { signup: { version: '1', text: { en: 'We will write to you.' } } },
  purposes: {
    news: {
      description: 'Write to you',
      fields: ['name', 'phones'],
      keepFor: 'P365D',
      self: { why: 'We write ourselves', via: ['delivery'] },
    },
  },
  bulk: { perActor: [{ people: 1_000, within: 'PT1H' }], vault: [{ share: 0.1, within: 'P30D' }] },
})

/** Somebody for each of many days, so that each has a page of their own. */
async function many() {
  const it = await centre(policy)
  const now = it.clock.now()
  const agreed = (n: number, day = n): NewContact<typeof policy> => ({
    card: { name: { full: `Person ${n}` }, phones: { p1: { number: phone(n) } } },
    source: 'sign-up sheet',
    consents: [
      {
        purpose: 'news',
        recipients: ['self'],
        notice: 'signup',
        language: 'en',
        given: { ...onPaper, at: new Date(now - day * DAY_MS).toISOString() },
      },
    ],
  })
  const { added } = await it.vault.addMany(Array.from({ length: DAYS }, (_, n) => agreed(n)))
  expect(added).toBe(DAYS)
  await it.vault.lock()
  const store = memoryStore({ medium: it.medium })
  await store.open()
  const heads = []
  for await (const row of store.scan('heads')) heads.push(row)
  expect(heads).toHaveLength(DAYS)
  return { ...it, store, heads, agreed }
}

const namesIn = async (vault: Vault<typeof policy>) =>
  (await vault.for('news').list({ limit: 1_000 })).people.map(({ name }) => name)

describe('a vault of many pages', () => {
  it('has everybody after it is opened, and asked for no head by itself', async () => {
    const { open, store } = await many()
    const read = vi.spyOn(store, 'read')
    const vault = await open('staff:omid', { store })
    expect(read.mock.calls.filter(([table]) => table === 'heads')).toEqual([])
    expect(new Set(await namesIn(vault)).size).toBe(DAYS)
    expect((await vault.for('news').find({ phone: phone(7) })).map(({ name }) => name)).toEqual(['Person 7'])
    expect((await vault.examine()).damaged).toEqual([])
  })

  it('goes on without a head that is damaged or lost, and names it', async () => {
    const { open, medium, heads } = await many()
    const [damaged, lost] = heads
    if (!damaged || !lost) throw new Error('there are some')
    medium.damageRow('heads', damaged.id, new Uint8Array(damaged.bytes.length))
    medium.damageRow('heads', lost.id, undefined)
    const vault = await open()
    expect(await namesIn(vault)).toHaveLength(DAYS - 2)
    expect((await vault.examine()).damaged).toHaveLength(2)
  })

  it('is read again when somebody commits meanwhile', async () => {
    const { open, store, agreed } = await many()
    const other = await open('staff:leila')
    const scan = store.scan.bind(store)
    let passes = 0
    store.scan = async function* (table, from) {
      let rows = 0
      for await (const row of scan(table, from)) {
        // Pages that come later are rewritten while the first are read.
        if (table === 'heads' && rows++ === 0 && passes++ === 0) {
          await other.addMany([1, 150, 298].map(day => agreed(DAYS + day, day)))
        }
        yield row
      }
    }
    const vault = await open('staff:omid', { store })
    expect(passes).toBe(1)
    expect(await namesIn(vault)).toHaveLength(DAYS + 3)
  })
})
