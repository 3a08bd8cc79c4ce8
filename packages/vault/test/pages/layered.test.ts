/** A map that never changes, beside one that does: whoever holds an earlier one still reads what it held. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Layered } from '../../src/pages/layered'

it('agrees with a Map under any history, and what came before stays as it was', () => {
  const change = fc.tuple(fc.nat(40).map(String), fc.option(fc.nat(), { nil: undefined }))
  fc.assert(
    fc.property(fc.array(fc.array(change, { maxLength: 5 }), { maxLength: 30 }), history => {
      const plain = new Map<string, number>([['0', 7]])
      let layered = new Layered<number>(new Map(plain))
      const before: [Layered<number>, Map<string, number>][] = []
      for (const changes of history) {
        before.push([layered, new Map(plain)])
        for (const [key, value] of changes) {
          if (value === undefined) plain.delete(key)
          else plain.set(key, value)
        }
        layered = layered.with(changes)
        for (const [one, other] of [...before, [layered, plain] as const])
          for (let key = 0; key <= 40; key++) expect(one.get(`${key}`)).toBe(other.get(`${key}`))
      }
    }),
    { numRuns: 50 },
  )
})

it('is laid into one map again once much differs, and holds the same', () => {
  let layered = new Layered<number>(new Map(Array.from({ length: 100 }, (_, i) => [`a${i}`, i])))
  for (let i = 0; i < 1_000; i++)
    layered = layered.with([
      [`b${i}`, i],
      [`a${i % 100}`, undefined],
    ])
  expect([layered.get('a5'), layered.get('b0'), layered.get('b999'), layered.get('b1000')]).toEqual([
    undefined,
    0,
    999,
    undefined,
  ])
  layered = layered.with([
    ['b5', undefined],
    ['a5', 55],
  ])
  expect([layered.get('b5'), layered.get('a5'), layered.get('b6')]).toEqual([undefined, 55, 6])
})
