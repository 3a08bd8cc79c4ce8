import fc from 'fast-check'
import * as Duration from 'temporal-polyfill/fns/Duration'
import * as PlainDateTime from 'temporal-polyfill/fns/PlainDateTime'
import { describe, expect, it } from 'vitest'
import { addDuration, durationMs, formatInstant, parseDuration, parseInstant } from '../../src/time/calendar'

const after = (iso: string, duration: string) => formatInstant(addDuration(parseInstant(iso), duration))
const instants = fc.integer({ min: Date.UTC(1970, 0), max: Date.UTC(2150, 0) })

describe('a duration', () => {
  it.each(['P90D', 'P1Y', 'P1Y6M', 'P2W', 'PT1H', 'P1DT12H30M5S'])('is read from %s', text => {
    expect(() => parseDuration(text)).not.toThrow()
  })

  it.each([
    '',
    'P',
    'PT',
    'P1',
    '90D',
    '-P1D',
    '+P1D',
    'P-1D',
    'P0D',
    'PT0S',
    'p1d',
    ' P1D',
    'P1D\n',
    'P1.5D',
    'P1D1Y',
    'P1H',
    'PT1D',
    'P9999999999D',
    'never',
  ])('is not read from %j', text => {
    expect(() => parseDuration(text)).toThrow(TypeError)
  })

  it('is not read from what is no string', () => {
    expect(() => parseDuration(90 as never)).toThrow(TypeError)
    expect(() => parseDuration(undefined as never)).toThrow(TypeError)
  })

  it('of weeks or less lasts as long as it says', () => {
    expect(durationMs('P30D')).toBe(30 * 86_400_000)
    expect(durationMs('P1W')).toBe(7 * 86_400_000)
    expect(durationMs('P1DT1H1M1S')).toBe(90_061_000)
  })

  it.each(['P1M', 'P1Y', 'P1Y1D'])('of months or years (%s) has no length of its own', text => {
    expect(() => durationMs(text)).toThrow(TypeError)
  })
})

describe('adding a duration', () => {
  it.each([
    ['2024-01-31T12:00Z', 'P1M', '2024-02-29T12:00:00.000Z'],
    ['2023-01-31T12:00Z', 'P1M', '2023-02-28T12:00:00.000Z'],
    ['2024-02-29', 'P1Y', '2025-02-28T00:00:00.000Z'],
    ['2024-01-31', 'P1M1D', '2024-03-01T00:00:00.000Z'],
    ['2024-12-31T23:59:59Z', 'PT1S', '2025-01-01T00:00:00.000Z'],
    ['2024-03-30', 'P1DT1H', '2024-03-31T01:00:00.000Z'],
    ['2026-03-01', 'P100Y', '2126-03-01T00:00:00.000Z'],
  ])('to %s: %s later is %s', (from, duration, to) => {
    expect(after(from, duration)).toBe(to)
  })

  it('always gives something later', () => {
    const durations = fc.constantFrom('PT1S', 'P1D', 'P1M', 'P1Y', 'P1Y1M1W1DT1H1M1S')
    fc.assert(fc.property(instants, durations, (instant, duration) => addDuration(instant, duration) > instant))
  })

  it('months agrees with the calendar of the platform, the day clamped to the end of the month', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 1200 }), (instant, months) => {
        const sum = new Date(instant)
        const day = sum.getUTCDate()
        sum.setUTCDate(1)
        sum.setUTCMonth(sum.getUTCMonth() + months)
        const last = new Date(Date.UTC(sum.getUTCFullYear(), sum.getUTCMonth() + 1, 0)).getUTCDate()
        sum.setUTCDate(Math.min(day, last))
        expect(addDuration(instant, `P${months}M`)).toBe(sum.getTime())
      }),
    )
  })

  it.each(['P999999Y', 'P999999999D'])('stops at the end of time (%s)', duration => {
    expect(() => addDuration(0, duration)).toThrow(TypeError)
  })
})

describe('an instant', () => {
  it.each([
    ['2026-05-03', '2026-05-03T00:00:00.000Z'],
    ['2026-05-03T09:30Z', '2026-05-03T09:30:00.000Z'],
    ['2026-05-03T09:30:15+01:00', '2026-05-03T08:30:15.000Z'],
    ['2026-05-03T00:30:00.25-03:30', '2026-05-03T04:00:00.250Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ])('is read from %s', (iso, instant) => {
    expect(formatInstant(parseInstant(iso))).toBe(instant)
  })

  it.each([
    '2026-05-03T09:30',
    '2026-05-03T09:30:00',
    '3 May 2026',
    '2026-5-3',
    '20260503',
    '2023-02-29',
    '2026-04-31',
    '2026-04-31T00:00Z',
    '2026-13-01',
    '2026-05-03T24:00Z',
    '2026-05-03T09:60Z',
    '2026-05-03 09:30Z',
    '2026-05-03T09:30z',
    '',
    'now',
  ])('is not read from %j', iso => {
    expect(() => parseInstant(iso)).toThrow(TypeError)
  })

  it('is the same after being written and read', () => {
    fc.assert(fc.property(instants, instant => parseInstant(formatInstant(instant)) === instant))
  })

  it('is not written from what is none', () => {
    expect(() => formatInstant(Number.NaN)).toThrow(TypeError)
    expect(() => formatInstant(Number.POSITIVE_INFINITY)).toThrow(TypeError)
  })
})

describe('a sum of months and years', () => {
  it('is the one that Temporal gives, on every day and as far as there are dates', () => {
    const years = fc.oneof(fc.nat(200), fc.nat(300_000))
    const days = fc.oneof(fc.integer({ min: -40_000, max: 80_000 }), fc.integer({ min: -99_999_999, max: 99_999_999 }))
    fc.assert(
      fc.property(days, years, fc.nat(30), fc.nat(40), (day, years, months, more) => {
        const instant = day * 86_400_000
        const duration = `P${years}Y${months}M${more + 1}D`
        const start = new Date(instant)
        let expected: number | undefined
        try {
          const from = PlainDateTime.create(start.getUTCFullYear(), start.getUTCMonth() + 1, start.getUTCDate())
          const later = PlainDateTime.addMonths(from, 12 * years + months)
          expected = Date.parse(`${PlainDateTime.toString(later)}Z`) + (more + 1) * 86_400_000
        } catch {
          expected = undefined
        }
        if (expected === undefined || expected > 8.64e15)
          expect(() => addDuration(instant, duration)).toThrow(TypeError)
        else expect(addDuration(instant, duration)).toBe(expected)
      }),
      { numRuns: 2_000 },
    )
  })

  it('reads a duration as Temporal does', () => {
    const part = fc.option(fc.nat(999_999_999), { nil: undefined })
    fc.assert(
      fc.property(part, part, part, part, part, part, part, (y, mo, w, d, h, mi, s) => {
        const said = (n: number | undefined, unit: string) => (n === undefined ? '' : `${n}${unit}`)
        const time = said(h, 'H') + said(mi, 'M') + said(s, 'S')
        const text = `P${said(y, 'Y')}${said(mo, 'M')}${said(w, 'W')}${said(d, 'D')}${time === '' ? '' : `T${time}`}`
        fc.pre([y, mo, w, d, h, mi, s].some(n => n !== undefined && n > 0))
        const { years, months, weeks, days, hours, minutes, seconds } = Duration.fromString(text)
        expect(parseDuration(text)).toEqual({ years, months, weeks, days, hours, minutes, seconds })
      }),
    )
  })
})
