import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatInstant, parseInstant } from '../../src/time/calendar'
import { startOf } from '../../src/time/day'
import { bucketOf, roundExpiry } from '../../src/time/expiry'

const now = parseInstant('2026-03-10T09:30Z')
const rounded = (iso: string) => formatInstant(roundExpiry(parseInstant(iso), now))
const instants = fc.integer({ min: 0, max: Date.UTC(2200, 0) })

describe('R4: expiry', () => {
  it.each([
    ['is rounded down to the day', '2026-06-08T09:30Z', '2026-06-08T00:00:00.000Z'],
    ['stays where it is at the start of a day', '2026-06-08T00:00Z', '2026-06-08T00:00:00.000Z'],
    ['is rounded down to the day up to 400 days ahead', '2027-04-14T09:30Z', '2027-04-14T00:00:00.000Z'],
    ['is rounded down to the month beyond 400 days', '2027-04-14T09:31Z', '2027-04-01T00:00:00.000Z'],
    ['stays where it is at the start of a month', '2028-01-01T00:00Z', '2028-01-01T00:00:00.000Z'],
  ])('%s', (_, expiry, expected) => {
    expect(rounded(expiry)).toBe(expected)
  })

  it('is never later for being rounded, and never a month earlier', () => {
    fc.assert(
      fc.property(instants, instants, (expiry, today) => {
        const instant = roundExpiry(expiry, today)
        return instant <= expiry && expiry - instant < startOf(31)
      }),
    )
  })

  it('rounded once is not rounded further when it comes closer', () => {
    fc.assert(
      fc.property(instants, instants, fc.nat(), (expiry, today, later) => {
        const once = roundExpiry(expiry, today)
        expect(roundExpiry(once, today + later)).toBe(once)
      }),
    )
  })
})

describe('R4, R13: the bucket of an expiry', () => {
  it('is the last day before it', () => {
    expect(startOf(bucketOf(parseInstant('2026-06-08T00:00Z')))).toBe(parseInstant('2026-06-07'))
  })

  it('ends no later than the expiry, whether that was rounded or not', () => {
    fc.assert(fc.property(instants, expiry => startOf(bucketOf(expiry) + 1) <= expiry))
  })
})
