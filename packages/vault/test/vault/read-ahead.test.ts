/** What is asked for together is read together: the store is a way to another process and back. */
import { memoryStore } from '@amanat/vault/testing'
import { describe, expect, it, vi } from 'vitest'
import { centre, refusal, signUp } from './centre'

const DAYS = 20

/** Somebody a day, each on a page of their own; the vault is opened anew, so that none of them was looked at. */
async function apart() {
  const { vault, open, clock, medium } = await centre()
  const ids: string[] = []
  for (let day = 0; day < DAYS; day++) {
    ids.push((await signUp(vault, day)).id)
    await clock.advance('P1D')
  }
  await vault.lock()
  const store = memoryStore({ medium })
  const read = vi.spyOn(store, 'read')
  const again = await open('staff:omid', { store })
  read.mockClear()
  const lots = () => read.mock.calls.flatMap(([table, rows]) => (table === 'pages' ? [rows.length] : []))
  const pages = async () => {
    const rows = []
    for await (const row of store.scan('pages')) rows.push(row)
    return rows
  }
  return { vault: again, ids, lots, pages, medium, store }
}

const renamed = { name: { full: 'another name' } }

describe('reading ahead', () => {
  it('reads the pages of all who are changed together in one go', async () => {
    const { vault, ids, lots } = await apart()
    await Promise.all(ids.map(id => vault.change(id, renamed)))
    expect(lots()).toEqual([DAYS])
    const { people } = await vault.for('prayer-times').list()
    expect(people.map(({ name }) => name)).toEqual(ids.map(() => renamed.name.full))
  })

  it('reads the pages of an export in one go', async () => {
    const { vault, lots } = await apart()
    const cards: unknown[] = []
    await vault.for('prayer-times').deliver({
      recipient: 'sms-gateway',
      to: async people => cards.push(...people.map(({ card }) => card.phones)),
    })
    expect(cards).toHaveLength(DAYS)
    expect(lots()).toEqual([DAYS])
  })

  it('reads somebody alone alone, and nobody twice', async () => {
    const { vault, ids, lots } = await apart()
    const door = vault.for('prayer-times')
    await door.reveal(ids[0] as string)
    await door.reveal(ids[0] as string)
    expect(lots()).toEqual([1])
  })

  it('asks for the page while the root is on its way', async () => {
    const { vault, ids, lots, store } = await apart()
    const door = vault.for('prayer-times')
    const really = store.root.bind(store)
    for (const [i, look] of [(id: string) => door.get(id), (id: string) => door.reveal(id)].entries()) {
      vi.spyOn(store, 'root').mockImplementationOnce(async () => {
        await expect.poll(lots).toHaveLength(i + 1)
        return really()
      })
      expect(await look(ids[i] as string)).toBeDefined()
      expect(lots()).toEqual(Array.from({ length: i + 1 }, () => 1))
    }
  })

  it.each([
    ['damaged', new Uint8Array(100)],
    ['lost', undefined],
  ])('of a page that is %s keeps nobody else from being changed', async (_, bytes) => {
    const { vault, ids, pages, medium } = await apart()
    const [one] = await pages()
    if (!one) throw new Error('there is one')
    medium.damageRow('pages', one.id, bytes)
    const told = await Promise.allSettled(ids.map(id => vault.change(id, renamed)))
    const refused = told.flatMap(each => (each.status === 'rejected' ? [each.reason] : []))
    expect(refused).toHaveLength(1)
    await refusal('CORRUPT', Promise.reject(refused[0]))
    const { people } = await vault.for('prayer-times').list()
    expect(people.filter(({ name }) => name === renamed.name.full)).toHaveLength(DAYS - 1)
  })

  it.each([
    ['damaged', new Uint8Array(100)],
    ['lost', undefined],
  ])('of a page that is %s keeps nobody from coming on the same day', async (_, bytes) => {
    const { vault, open, medium } = await centre()
    await signUp(vault, 1)
    await vault.lock()
    const store = memoryStore({ medium })
    const again = await open('staff:omid', { store })
    for await (const { id } of store.scan('pages')) medium.damageRow('pages', id, bytes)
    await Promise.all([signUp(again, 2), signUp(again, 3)])
    await signUp(again, 4)
    expect(await again.for('prayer-times').count()).toBe(4)
  })
})
