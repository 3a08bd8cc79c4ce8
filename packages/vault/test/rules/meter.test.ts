import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BulkLimits } from '../../src/policy/policy'
import { budgetOf, LEAST_OF_A_SHARE, longestWindow, mayReveal, mostOf } from '../../src/rules/meter'
import { countedIn, type Reveal } from './counted'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const now = Date.UTC(2026, 2, 20)

const limits: BulkLimits = {
  perActor: [{ people: 3, within: 'PT1H' }],
  vault: [
    { people: 5, within: 'PT1H' },
    { share: 0.1, within: 'P30D' },
  ],
}
const saw = (actor: string, person: string, ago: number): Reveal => ({ actor, person, at: now - ago })
const ask = (reveals: Reveal[], actor = 'leila', more: Partial<Parameters<typeof budgetOf>[0]> = {}) => ({
  counted: countedIn(reveals),
  limits,
  people: 1000,
  actor,
  now,
  ...more,
})
const crowd = (actor: string, count: number, ago: number, prefix = actor) =>
  Array.from({ length: count }, (_, index) => saw(actor, `${prefix}-${index}`, ago))

describe('R25: how many people may be looked at', () => {
  it('a budget with room says nothing of when it resets, nor does one that never has any', () => {
    expect(budgetOf(ask([]))).toStrictEqual({ left: 3 })
    const none = { perActor: [{ people: 0, within: 'PT1H' }], vault: [] }
    expect(budgetOf(ask([], 'leila', { limits: none }))).toStrictEqual({ left: 0 })
  })

  it('a person counts from when they were last looked at, in whatever order that is told', () => {
    const looks = [saw('leila', 'a', 50 * MINUTE), saw('leila', 'a', MINUTE), saw('leila', 'b', 40 * MINUTE)]
    const others = [saw('leila', 'c', 20 * MINUTE)]
    for (const reveals of [
      [...looks, ...others],
      [...others, ...looks.toReversed()],
    ]) {
      expect(budgetOf(ask(reveals)).resets).toBe(now - 40 * MINUTE + HOUR)
    }
    const [, , b] = looks
    const again = [...others, b as Reveal, saw('leila', 'a', MINUTE), saw('leila', 'b', 2 * MINUTE)]
    expect(budgetOf(ask(again)).resets).toBe(now - 20 * MINUTE + HOUR)
  })

  it('a window whose number of people was left undefined goes by its share', () => {
    expect(mostOf({ people: undefined, share: 0.1, within: 'P30D' } as never, 1000)).toBe(100)
  })

  it('is as many as the policy says, at first', () => {
    expect(budgetOf(ask([]))).toEqual({ left: 3 })
  })

  it('is one less for each person, however often they are looked at', () => {
    expect(budgetOf(ask([saw('leila', 'sara', 5), saw('leila', 'sara', 4), saw('leila', 'amir', 3)]))).toEqual({
      left: 1,
    })
  })

  it('grows again as people leave the window', () => {
    expect(budgetOf(ask([saw('leila', 'sara', HOUR - 1)])).left).toBe(2)
    expect(budgetOf(ask([saw('leila', 'sara', HOUR)])).left).toBe(3)
  })

  it('counts somebody from when they were last looked at', () => {
    expect(budgetOf(ask([saw('leila', 'sara', HOUR), saw('leila', 'sara', MINUTE)])).left).toBe(2)
  })

  it('is counted for each actor', () => {
    expect(budgetOf(ask(crowd('omid', 3, MINUTE))).left).toBe(2)
    expect(budgetOf(ask(crowd('omid', 2, MINUTE))).left).toBe(3)
  })

  it('is counted for the vault, whoever looked: several actors together get no further', () => {
    const others = [...crowd('omid', 3, MINUTE), ...crowd('nasrin', 2, MINUTE)]
    expect(budgetOf(ask(others))).toEqual({ left: 0, resets: now - MINUTE + HOUR })
  })

  it('is kept for 30 days: a patient reader who takes few an hour gets a tenth of the vault', () => {
    const patient = crowd('leila', 100, 20 * DAY)
    expect(budgetOf(ask(patient))).toEqual({ left: 0, resets: now + 10 * DAY })
    expect(budgetOf(ask(patient, 'leila', { people: 1010 })).left).toBe(1)
  })

  it('resets when the first of them leaves the window, if that is enough', () => {
    expect(
      budgetOf(ask([saw('leila', 'a', 50 * MINUTE), saw('leila', 'b', 40 * MINUTE), saw('leila', 'c', MINUTE)])),
    ).toEqual({
      left: 0,
      resets: now + 10 * MINUTE,
    })
  })

  it('resets later where a limit was made smaller meanwhile and more have to leave', () => {
    const four = [4, 3, 2, 1].map(minutes => saw('leila', `p${minutes}`, minutes * MINUTE))
    expect(budgetOf(ask(four)).resets).toBe(now - 3 * MINUTE + HOUR)
  })

  it('resets when the last of several full windows has room', () => {
    const patient = [...crowd('leila', 97, 20 * DAY), ...crowd('leila', 3, MINUTE, 'today')]
    expect(budgetOf(ask(patient)).resets).toBe(now + 10 * DAY)
  })
})

describe('R25: looking at somebody again', () => {
  const full = crowd('leila', 3, MINUTE)

  it('costs nothing while they count', () => {
    expect(mayReveal({ ...ask(full), person: 'leila-0' })).toBe(true)
    expect(mayReveal({ ...ask(full), person: 'sara' })).toBe(false)
  })

  it('costs as much as anybody once they do not', () => {
    const old = [saw('leila', 'sara', 2 * HOUR), ...full]
    expect(mayReveal({ ...ask(old), person: 'sara' })).toBe(false)
  })

  it('is free only in the windows in which they count: somebody whom another actor saw is new to this one', () => {
    const others = [...full, saw('omid', 'sara', MINUTE)]
    expect(mayReveal({ ...ask(others), person: 'sara' })).toBe(false)
    expect(mayReveal({ ...ask(others, 'nasrin'), person: 'sara' })).toBe(true)
  })
})

describe('R25: a share of the vault', () => {
  it('is rounded down', () => {
    expect(mostOf({ share: 0.1, within: 'P30D' }, 1009)).toBe(100)
  })

  it('of a tiny vault is never fewer than ten people', () => {
    expect(mostOf({ share: 0.1, within: 'P30D' }, 30)).toBe(LEAST_OF_A_SHARE)
    expect(mostOf({ share: 0.1, within: 'P30D' }, 0)).toBe(LEAST_OF_A_SHARE)
  })

  it('and its window are what must be remembered', () => {
    expect(longestWindow(limits)).toBe(30 * DAY)
  })
})

describe('R25: whoever looks, and however', () => {
  const reveals = fc.array(
    fc.record({
      actor: fc.constantFrom('leila', 'omid', 'nasrin'),
      person: fc.nat(30).map(String),
      at: fc.integer({ min: 0, max: 3 * HOUR }).map(ago => now - ago),
    }),
  )

  it('a new person may be looked at exactly if any are left, and exactly from when it resets', () => {
    fc.assert(
      fc.property(reveals, reveals => {
        const question = ask(reveals)
        const { left, resets } = budgetOf(question)
        expect(mayReveal({ ...question, person: 'new' })).toBe(left > 0)
        expect(resets === undefined).toBe(left > 0)
        if (resets === undefined) return
        expect(mayReveal({ ...question, person: 'new', now: resets })).toBe(true)
        expect(mayReveal({ ...question, person: 'new', now: resets - 1 })).toBe(false)
      }),
    )
  })

  it('no history of allowed looks goes past any window', () => {
    const looks = fc.array(
      fc.record({
        actor: fc.constantFrom('leila', 'omid', 'nasrin'),
        person: fc.nat(40).map(String),
        wait: fc.nat(20),
      }),
      {
        minLength: 20,
        maxLength: 120,
      },
    )
    fc.assert(
      fc.property(looks, looks => {
        const done: Reveal[] = []
        let at = now
        for (const { actor, person, wait } of looks) {
          at += wait * MINUTE
          if (mayReveal({ ...ask(done, actor, { now: at }), person })) done.push({ actor, person, at })
          const inWindow = done.filter(reveal => reveal.at > at - HOUR)
          expect(new Set(inWindow.map(reveal => reveal.person)).size).toBeLessThanOrEqual(5)
          const own = inWindow.filter(reveal => reveal.actor === actor)
          expect(new Set(own.map(reveal => reveal.person)).size).toBeLessThanOrEqual(3)
        }
      }),
    )
  })
})
