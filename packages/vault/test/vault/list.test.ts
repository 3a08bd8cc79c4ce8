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
              const one = all.get(step.place)
              if (!one) continue
              const at = inOrder.placeOf(one)
              expect(at < 0 || at === expected().indexOf(one)).toBe(true)
              inOrder.all(all.values())
              expect(inOrder.placeOf(one)).toBe(expected().indexOf(one))
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

  it('is kept no longer than the vault is open', async () => {
    const { vault } = await centre()
    await signUp(vault, 1, 'Sara')
    await vault.for('prayer-times').list()
    const forget = vi.spyOn(Everybody.prototype, 'forget')
    await vault.lock()
    expect(forget).toHaveBeenCalledOnce()
    forget.mockRestore()
  })
})
