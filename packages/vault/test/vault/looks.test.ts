/** What is kept of looks from one question to the next answers as if everything were gone through each time. */
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { type Look, Looks, withMore } from '../../src/door/looks'
import { countedIn } from '../rules/counted'

const actor = fc.constantFrom('leila', 'omid', 'nasrin')
const person = fc.nat(12).map(String)
const look = fc.record({ actor, person, ago: fc.nat(40), purpose: fc.constant(undefined) })
const LENGTHS = [5, 30, 100] as const

it('counts who was looked at in windows that move on, whoever is asked about and in whatever order looks are told', () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ look }) },
    { weight: 3, arbitrary: fc.record({ move: fc.oneof(fc.nat(10), fc.integer({ min: -50, max: 150 })) }) },
    {
      weight: 4,
      arbitrary: fc.record({ ask: fc.option(actor, { nil: undefined }), more: fc.array(look, { maxLength: 3 }) }),
    },
    { weight: 1, arbitrary: fc.record({ prune: fc.integer({ min: 100, max: 200 }) }) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), steps => {
      const looks = new Looks()
      let all: Look[] = []
      let now = 1_000
      const at = ({ ago, ...look }: { actor: string; person: string; ago: number; purpose: undefined }): Look => ({
        ...look,
        at: now - ago,
      })
      for (const step of steps) {
        if ('look' in step) {
          looks.add(at(step.look))
          all.push(at(step.look))
        } else if ('move' in step) {
          now += step.move
        } else if ('prune' in step) {
          looks.prune(now - step.prune)
          all = all.filter(({ at }) => at > now - step.prune)
        } else {
          const newest = Math.max(now, ...all.map(({ at }) => at))
          const more = step.more
            .map(look => ({ ...at(look), at: newest }))
            .filter(({ actor }) => !step.ask || actor === step.ask)
          for (const length of LENGTHS) {
            const counted = withMore(looks.within(length, now, step.ask), more)
            const expected = countedIn([...all, ...more])(length, now, step.ask)
            expect(counted.size).toBe(expected.size)
            expect(new Map(counted.lastLooks())).toEqual(new Map(expected.lastLooks()))
            for (let who = 0; who < 13; who++) expect(counted.has(`${who}`)).toBe(expected.has(`${who}`))
          }
          for (let who = 0; who < 13; who++) {
            const byTime = (a: Look, b: Look) => a.at - b.at
            expect([...looks.of(`${who}`)].sort(byTime)).toEqual(
              all.filter(({ person }) => person === `${who}`).sort(byTime),
            )
          }
        }
      }
    }),
    { numRuns: 500 },
  )
})

it('goes through nothing twice, however much was looked at', () => {
  const looks = new Looks()
  const get = vi.fn((at: number) => at)
  const told = (person: number, at: number): Look => ({
    actor: 'leila',
    person: `${person}`,
    purpose: undefined,
    get at() {
      return get(at)
    },
  })
  for (let i = 0; i < 20_000; i++) looks.add(told(i, i))
  looks.within(100_000, 20_000)
  looks.within(100_000, 20_000, 'leila')
  get.mockClear()
  for (let i = 0; i < 100; i++) {
    looks.add(told(20_000 + i, 20_000 + i))
    expect(looks.within(100_000, 20_000 + i).size).toBe(20_001 + i)
    expect(looks.within(100_000, 20_000 + i, 'leila').has('17')).toBe(true)
  }
  expect(get.mock.calls.length).toBeLessThan(2_000)
})
