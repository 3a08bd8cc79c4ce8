import fc from 'fast-check'
import { expect, it } from 'vitest'
import { firstOf } from '../../src/door/first-of'

it('finds who a list in order begins with, and asks about each of many about once', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer(), { maxLength: 500, size: 'max' }),
      fc.integer({ min: 1, max: 40 }),
      (all, most) => {
        const before = [...all]
        expect(firstOf(all, most, (a, b) => a - b)).toEqual([...all].sort((a, b) => a - b).slice(0, most))
        expect(all).toEqual(before)
      },
    ),
  )
  let asked = 0
  const many = Array.from({ length: 100_000 }, (_, i) => (i * 7_919) % 100_003)
  firstOf(many, 50, (a, b) => {
    asked++
    return a - b
  })
  expect(asked).toBeLessThan(130_000)
})
