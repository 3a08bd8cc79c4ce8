import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { givenUntil, scopeFrom } from '../../src/consent/give'
import type { Assurance } from '../../src/policy/policy'
import { addDuration, formatInstant } from '../../src/time/calendar'
import { on, riverside } from '../riverside'

const now = on('2026-03-10T09:30Z')
const DAY = 86_400_000
type Asked = Parameters<typeof givenUntil>[0]
const ask = (change: Partial<Asked>): Asked => ({ at: now, keepFor: 'P90D', assurance: 'evidenced', now, ...change })
const until = (change: Partial<Asked>) => formatInstant(givenUntil(ask(change)))

describe('until when a consent lasts', () => {
  it.each<[what: string, change: Partial<Asked>, expected: string]>([
    ['R4: as long as its purpose keeps people, to the day', {}, '2026-06-08'],
    ['R4: to the month where that is further ahead', { keepFor: 'P2Y' }, '2028-03-01'],
    ['R6: until the date agreed on, if sooner', { until: on('2026-04-01T15:00Z') }, '2026-04-01'],
    ['R3: no longer than its purpose keeps people, whatever was agreed', { until: on('2030-01-01') }, '2026-06-08'],
    ['R6: no longer than a guardian has authority', { authorityUntil: on('2026-05-04T10:00Z') }, '2026-05-04'],
    ['R7: 30 days for a claim', { assurance: 'claimed' }, '2026-04-09'],
    ['R8: from the day it was given', { at: on('2026-02-10') }, '2026-05-11'],
    ['R8: from the day it was given, for a claim too', { at: on('2026-02-20'), assurance: 'claimed' }, '2026-03-22'],
  ])('%s', (_, change, expected) => {
    expect(until(change)).toBe(`${expected}T00:00:00.000Z`)
  })

  it.each<[what: string, change: Partial<Asked>]>([
    ['R4: a date that rounds to today', { until: now + 60_000 }],
    ['R4: a date that is this very instant', { now: on('2026-03-10'), at: on('2026-03-01'), until: on('2026-03-10') }],
    ['R4: a date that has passed', { until: on('2026-03-01') }],
    ['R6: an authority that has ended', { authorityUntil: now }],
    ['R8: a consent so old that it is over on arrival', { at: on('2025-12-01') }],
    ['R8: a claim of a month ago', { at: on('2026-02-08'), assurance: 'claimed' }],
  ])('%s is refused', (_, change) => {
    expect(() => givenUntil(ask(change))).toThrow(expect.objectContaining({ code: 'EXPIRES_TOO_SOON' }))
  })

  it.each([now + 1, Number.NaN])('a consent given in the future, or at no time (%s), is none', at => {
    expect(() => givenUntil(ask({ at }))).toThrow(expect.objectContaining({ code: 'CONSENT_INVALID' }))
  })

  it('R4, R7: is never later than any of its limits, and never now', () => {
    const asked = fc.record({
      at: fc.integer({ min: now - 200 * DAY, max: now }),
      keepFor: fc.constantFrom('P2D', 'P90D', 'P1Y', 'P2Y', 'P10Y'),
      assurance: fc.constantFrom<Assurance>('claimed', 'evidenced', 'confirmed'),
      until: fc.option(fc.integer({ min: now, max: now + 900 * DAY }), { nil: undefined }),
    })
    fc.assert(
      fc.property(asked, ({ at, keepFor, assurance, until }) => {
        let last: number
        try {
          last = givenUntil({ at, keepFor, assurance, until, now })
        } catch {
          return
        }
        expect(last).toBeGreaterThan(now)
        expect(last % DAY).toBe(0)
        expect(last).toBeLessThanOrEqual(addDuration(at, keepFor))
        if (until !== undefined) expect(last).toBeLessThanOrEqual(until)
        if (assurance === 'claimed') expect(last).toBeLessThanOrEqual(at + 30 * DAY)
      }),
    )
  })
})

describe('R3: the scope that is agreed to', () => {
  it('is the fields of the purpose, the recipients that were named, and who asked', () => {
    expect(scopeFrom(riverside, 'prayer-times', ['sms-gateway'])).toEqual({
      fields: ['name', 'phones'],
      recipients: [{ id: 'sms-gateway', name: 'Pigeon SMS', role: 'processor', country: 'GB', members: 'kept-apart' }],
      controller: 'Riverside Centre',
    })
  })

  it('holds no recipient that nobody named', () => {
    expect(scopeFrom(riverside, 'prayer-times').recipients).toEqual([])
  })

  it('may be fewer fields', () => {
    expect(scopeFrom(riverside, 'prayer-times', [], ['phones']).fields).toEqual(['phones'])
  })

  it('may name the controller itself, where the purpose says so', () => {
    expect(scopeFrom(riverside, 'counselling', ['self']).recipients).toEqual([
      { id: 'self', name: 'Riverside Centre', role: 'self', country: 'GB', members: 'kept-apart' },
    ])
  })

  it('is refused for what the policy does not have, without repeating what was asked', () => {
    const code = (code: string) => expect.objectContaining({ code })
    expect(() => scopeFrom(riverside, 'news')).toThrow(code('UNKNOWN_PURPOSE'))
    expect(() => scopeFrom(riverside, 'constructor')).toThrow(code('UNKNOWN_PURPOSE'))
    expect(() => scopeFrom(riverside, 'prayer-times', ['self'])).toThrow(code('UNKNOWN_RECIPIENT'))
    expect(() => scopeFrom(riverside, 'prayer-times', ['community-chat'])).toThrow(code('UNKNOWN_RECIPIENT'))
    expect(() => scopeFrom(riverside, 'prayer-times', [], ['emails'])).toThrow(code('FIELD_NOT_DECLARED'))
    try {
      scopeFrom(riverside, 'Sara Karimi')
    } catch (error) {
      expect(JSON.stringify(error)).not.toContain('Sara')
    }
  })
})
