/** A list that a door keeps up with what happens shows what one shows that was made just now. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { Everybody } from '../../src/door/everybody'
import { InOrder } from '../../src/door/in-order'
import type { Seen } from '../../src/door/seen'
import type { Vault } from '../../src/index'
import { isVaultError, type Person } from '../../src/index'
import { HeadView } from '../../src/pages/head'
import { riverside } from '../riverside'
import { centre, prayerTimes, type Riverside, said, signUp } from './centre'

describe('people in order', () => {
  const person = (number: number) => ({ number, id: `c_${number}`, until: number }) as unknown as Seen
  const order = (a: Seen, b: Seen) => a.number - b.number

  it('are those that all of them begin with, whoever comes and goes and however many are asked for', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ gone: fc.array(fc.nat(999)), come: fc.array(fc.nat(999)) }) },
      {
        weight: 2,
        arbitrary: fc.record({ first: fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 600 })) }),
      },
      { weight: 1, arbitrary: fc.record({ place: fc.nat(999) }) },
    )
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(999), { maxLength: 700, size: 'max' }),
        fc.array(step, { maxLength: 30 }),
        (begun, steps) => {
          const all = new Map(begun.map(number => [number, person(number)]))
          const inOrder = new InOrder(order)
          const expected = () => [...all.values()].sort(order)
          for (const step of steps) {
            if ('first' in step) {
              const first = inOrder.first(step.first, all.values(), all.size)
              expect(first).toEqual(expected().slice(0, first.length))
              expect(first.length).toBeGreaterThanOrEqual(Math.min(step.first, all.size))
            } else if ('place' in step) {
              const behind = expected().filter(({ number }) => number <= step.place).length
              expect(inOrder.placeBehind(person(step.place), all.values())).toBe(behind)
            } else {
              const gone = [...new Set(step.gone)].flatMap(number => all.get(number) ?? [])
              for (const { number } of gone) all.delete(number)
              const come = [...new Set(step.come)].filter(number => !all.has(number)).map(person)
              for (const one of come) all.set(one.number, one)
              inOrder.follow({ gone, come })
            }
          }
        },
      ),
    )
  })

  it('are put in order anew when more than a thousand come at once', () => {
    const all = Array.from({ length: 3_000 }, (_, number) => person(number))
    const counting = vi.fn(order)
    const inOrder = new InOrder(counting)
    inOrder.first(1, all.slice(1_500), 1_500)
    counting.mockClear()
    inOrder.follow({ gone: [], come: all.slice(0, 1_500) })
    expect(counting).not.toHaveBeenCalled()
    expect(inOrder.first(2, all, 3_000).slice(0, 2)).toEqual(all.slice(0, 2))
  })
})

describe('a list', () => {
  const ORDERS = [{ sort: 'name' }, { sort: 'until' }, { sort: 'name', locale: 'sv' }] as const

  /** Everybody, in pages of a few. */
  async function listed(vault: Vault<Riverside>, limit: number, options: object): Promise<Person[]> {
    const door = vault.for('prayer-times')
    const people: Person[] = []
    for (let next: string | undefined, first = true; first || next; first = false) {
      const page = await door.list({ ...options, limit, ...(next ? { after: next } : {}) })
      people.push(...page.people)
      next = page.next
      expect(page.total).toBe(await door.count())
    }
    return people
  }

  it('shows after whatever happens what one shows that was made just now', async () => {
    const who = fc.nat(99)
    const act = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('rename' as const), who, name: fc.nat(30) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('withdraw' as const), who }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('erase' as const), who }) },
      { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), name: fc.nat(30), days: fc.nat(20) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('consent' as const), who, days: fc.nat(20) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('look' as const), who }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.constantFrom(1, 9, 30, 100) }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 20 }), async acts => {
        const { vault, open, clock } = await centre()
        const other = await open()
        const until = (days: number) => new Date(clock.now() + (1 + days) * 86_400_000).toISOString().slice(0, 10)
        const ids: string[] = []
        let people = 0
        const add = async (name: number, days: number) => {
          const consents = [prayerTimes({ until: until(days) })]
          ids.push((await signUp(vault, people++, `Person ${name}`, consents)).id)
        }
        await Promise.all(Array.from({ length: 70 }, (_, n) => add((n * 7) % 30, n % 20)))
        const door = vault.for('prayer-times')
        await listed(vault, 1, { sort: 'name' })
        for (const [number, act] of acts.entries()) {
          const id = 'who' in act ? (ids[act.who % ids.length] as string) : ''
          // Whoever is gone by now can't be changed.
          const done = (async () => {
            if (act.do === 'rename') await vault.change(id, { name: { full: `Person ${act.name}` } })
            else if (act.do === 'withdraw') await vault.withdraw(id, 'prayer-times')
            else if (act.do === 'erase') await vault.erase(id)
            else if (act.do === 'consent') await vault.consent(id, prayerTimes({ until: until(act.days) }))
            else if (act.do === 'look') await door.reveal(id)
            else if (act.do === 'add') await add(act.name, act.days)
            else await clock.advance(`PT${act.hours}H`)
          })()
          await done.catch((error: unknown) => {
            if (!isVaultError(error)) throw error
          })
          const anew = other.as(`staff:${number}`)
          for (const options of ORDERS) {
            const page = { ...options, limit: 3 }
            expect(await door.list(page)).toEqual(await anew.for('prayer-times').list(page))
          }
          const text = 'person 1'
          const byId = (a: Person, b: Person) => (a.id < b.id ? -1 : 1)
          const found = async (of: Vault<Riverside>) => (await of.for('prayer-times').find({ text })).sort(byId)
          expect(await found(vault)).toEqual(await found(anew))
        }
        const anew = other.as('staff:last')
        for (const options of ORDERS)
          expect(await listed(vault, 7, options)).toEqual(await listed(anew, 1_000, options))
        await vault.lock()
        await other.lock()
      }),
      { numRuns: 30 },
    )
  }, 120_000)

  it('leaves out whom a policy lets nobody see any more, though no page was written', async () => {
    const { vault, open, medium } = await centre()
    const written = () => medium.history.rows.filter(({ table }) => table === 'pages').length
    const claimed = prayerTimes({ given: said })
    await signUp(vault, 1, 'Sara')
    await signUp(vault, 2, 'Omid', [claimed])
    const door = vault.for('prayer-times')
    const names = async () => (await door.list()).people.map(({ name }) => name).sort()
    expect(await names()).toEqual(['Omid', 'Sara'])
    const before = written()
    const stricter = {
      ...riverside,
      purposes: {
        ...riverside.purposes,
        'prayer-times': { ...riverside.purposes['prayer-times'], assurance: { use: 'evidenced' } },
      },
    }
    const other = await open('staff:dpo')
    await other.changePolicy(stricter as never, { accept: (await other.planPolicy(stricter as never)) as never })
    expect(written()).toBe(before)
    expect(await names()).toEqual(['Sara'])
  })

  it('looks at nobody again who is on no page that was written', async () => {
    const { vault, clock } = await centre()
    // Two on a page by itself, whose day comes sooner.
    for (let n = 0; n < 30; n++)
      await signUp(vault, n, 'Sara', n < 2 ? [prayerTimes({ until: '2026-04-01' })] : undefined)
    const door = vault.for('prayer-times')
    const [first] = (await door.list({ sort: 'until' })).people as [Person]
    const looks = vi.spyOn(HeadView.prototype, 'name')
    const looked = async (): Promise<number> => {
      looks.mockClear()
      await door.list({ sort: 'until' })
      return looks.mock.calls.length
    }
    expect(await looked()).toBe(0)
    await door.reveal(first.id)
    expect(await looked()).toBe(0)
    await vault.change(first.id, { name: { full: 'Sanna' } })
    expect(await looked()).toBe(2)
    expect((await door.find({ text: 'sanna' })).map(({ id }) => id)).toEqual([first.id])
    await clock.advance('P1D')
    expect(await looked()).toBe(30)
    looks.mockRestore()
  })

  it('is kept once for all actors, and no longer than the vault is open', async () => {
    const { vault } = await centre()
    await signUp(vault, 1, 'Sara')
    const anew = vi.spyOn(HeadView.prototype, 'name')
    for (let n = 0; n < 5; n++) expect((await vault.as(`staff:${n}`).for('prayer-times').list()).total).toBe(1)
    expect(anew).toHaveBeenCalledOnce()
    anew.mockRestore()
    const forget = vi.spyOn(Everybody.prototype, 'forget')
    await vault.lock()
    expect(forget).toHaveBeenCalledOnce()
    forget.mockRestore()
  })

  it('is kept in few orders, however many locales are asked for, and refuses what is no locale', async () => {
    const { vault } = await centre()
    await signUp(vault, 1, 'Sara')
    const door = vault.for('prayer-times')
    for (let i = 0; i < 50; i++) await door.list({ locale: `en-x-a${i}` })
    for (const locale of ['sv', 'de', 'fa', 'ar', 'fr', 'tr', 'ku']) await door.list({ locale })
    const follow = vi.spyOn(InOrder.prototype, 'follow')
    await signUp(vault, 2, 'Omid')
    expect((await door.list()).total).toBe(2)
    expect(follow.mock.calls.length).toBeLessThanOrEqual(4)
    follow.mockRestore()
    await expect(door.list({ locale: 'no such!' })).rejects.toThrow(TypeError)
  })

  const two = (n: number) => String(n).padStart(2, '0')
  const onward: [string, object, (vault: Vault<Riverside>, page: readonly Person[]) => Promise<unknown>][] = [
    [
      'all of whom are renewed',
      { sort: 'until' },
      async (vault, page) => {
        for (const { id } of page) await vault.consent(id, prayerTimes({ until: '2026-05-20' }))
      },
    ],
    [
      'the last of whom is renamed',
      {},
      (vault, page) => vault.change(page.at(-1)?.id as string, { name: { full: 'A moment ago' } }),
    ],
    [
      'all of whom leave',
      {},
      async (vault, page) => {
        for (const { id } of page) await vault.withdraw(id, 'prayer-times')
      },
    ],
  ]
  it.each(onward)('goes on where it stopped after a page %s, and leaves nobody out', async (_, options, happens) => {
    const { vault } = await centre()
    for (let n = 0; n < 24; n++)
      await signUp(vault, n, `P ${two(n)}`, [prayerTimes({ until: `2026-04-${two(n + 1)}` })])
    const door = vault.for('prayer-times')
    const shown: string[] = []
    let page = await door.list({ ...options, limit: 8 })
    for (let pages = 0; pages < 3; pages++) {
      shown.push(...page.people.map(({ id }) => id))
      await happens(vault, page.people)
      if (page.next) page = await door.list({ ...options, limit: 8, after: page.next })
    }
    expect(new Set(shown).size).toBe(24)
    expect(shown).toHaveLength(24)
  })

  it('goes on after somebody who is still there where nobody remembers the cursor, else from the beginning', async () => {
    const { vault, open } = await centre()
    for (let n = 0; n < 8; n++) await signUp(vault, n, `P ${two(n)}`)
    const first = await vault.for('prayer-times').list({ limit: 4 })
    const later = (await open()).for('prayer-times')
    const names = async () => (await later.list({ limit: 4, after: first.next as string })).people.map(p => p.name)
    expect(await names()).toEqual(['P 04', 'P 05', 'P 06', 'P 07'])
    await vault.withdraw(first.people[3]?.id as string)
    expect(await names()).toEqual(['P 04', 'P 05', 'P 06', 'P 07'])
    for (const { id } of first.people.slice(0, 3)) await vault.withdraw(id)
    expect(await names()).toEqual(['P 04', 'P 05', 'P 06', 'P 07'])
    for (const after of ['', '.', '-5', 'a.b.c', '9'.repeat(400), '1e9', '__proto__.3', '.'.repeat(1e5)])
      expect((await later.list({ limit: 2, after })).total).toBe(4)
  })
})
