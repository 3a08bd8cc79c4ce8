import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { paddedLength } from '../src/index'

const length = fc.oneof(
  fc.nat(70_000),
  fc.maxSafeNat().filter(n => n < 2 ** 52),
)

describe('a padded length', () => {
  test.each([
    // Worked by hand from algorithm 1 of the PURBs paper
    [0, 0],
    [1, 1],
    [8, 8],
    [9, 10],
    [100, 104],
    [1000, 1024],
    [60_000, 61_440],
    [1_000_000, 1_015_808],
    [5_000_000_000, 5_033_164_800],
    [20_000_000_000, 20_132_659_200],
  ])('of %d is %d', (n, expected) => {
    expect(paddedLength(n)).toBe(expected)
  })

  test('is never shorter, at most 12 % longer, and stays when padded again', () => {
    fc.assert(
      fc.property(length, n => {
        const padded = paddedLength(n)
        expect(padded).toBeGreaterThanOrEqual(n)
        expect(padded - n).toBeLessThanOrEqual(n * 0.12)
        expect(paddedLength(padded)).toBe(padded)
      }),
    )
  })

  test('never falls as the length grows', () => {
    fc.assert(
      fc.property(length, n => {
        expect(paddedLength(n + 1)).toBeGreaterThanOrEqual(paddedLength(n))
      }),
    )
  })

  test('leaves few lengths to tell apart', () => {
    const lengths = new Set(Array.from({ length: 60_001 }, (_, n) => paddedLength(n)))
    expect(lengths.size).toBeLessThan(200)
  })

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('is not defined for %d', n => {
    expect(() => paddedLength(n)).toThrow(TypeError)
  })
})
