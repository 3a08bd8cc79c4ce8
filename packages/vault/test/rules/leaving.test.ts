import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConsentEvent, OtherEvent } from '../../src/consent/consent'
import type { Card } from '../../src/contact/jscontact'
import {
  assertMayAsk,
  mayAskAgain,
  quarantineFields,
  quarantineRefusals,
  quarantineUntil,
} from '../../src/rules/quarantine'
import { fingerprintBits, outlives, weekOf } from '../../src/rules/suppress'
import { formatInstant } from '../../src/time/calendar'
import { given, on, riverside, SIGNED } from '../riverside'

describe('R20: a fingerprint of somebody who left', () => {
  it.each([
    [0, 0, 8],
    // Three are on file once this one is: 300 values.
    [0, 2, 9],
    [30, 3, 12],
    [232, 10, 15],
    [100_000, 500, 24],
    [1_000_000, 10_000, 24],
  ])('in a vault of %i, of whom %i left, has a length of its own', (people, left, bits) => {
    expect(fingerprintBits(people, left)).toBe(bits)
  })

  it('stops about one innocent point in a hundred at most, all who left together', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), people => {
        let stopped = 0
        for (let left = 0; left < people; left++) stopped += 2 ** -fingerprintBits(people, left)
        expect(stopped).toBeLessThanOrEqual(0.01)
      }),
      { numRuns: 50 },
    )
  })

  it('is shared by many numbers of a country', () => {
    const numbers = 2 ** 30
    fc.assert(
      fc.property(
        fc.nat(2_000_000),
        fc.nat(2_000_000),
        (people, left) => numbers / 2 ** fingerprintBits(people, left) >= 64,
      ),
    )
  })
})

describe('R20: coming back', () => {
  const monday = on('2026-03-16')
  const week = weekOf(on('2026-03-18T15:00Z'))

  it('weeks begin on Monday', () => {
    expect(weekOf(monday)).toBe(week)
    expect(weekOf(monday - 1)).toBe(week - 1)
    expect(weekOf(on('2026-03-22T23:59Z'))).toBe(week)
    expect(weekOf(on('2026-03-23'))).toBe(week + 1)
  })

  it.each([
    [
      'an evidenced consent of a later week brings somebody back',
      { at: on('2026-03-23'), assurance: 'evidenced' },
      true,
    ],
    ['a confirmed one does too', { at: on('2026-03-23'), assurance: 'confirmed' }, true],
    ['a claim never does', { at: on('2026-06-01'), assurance: 'claimed' }, false],
    [
      'one of the same week does not: which came first is not known',
      { at: on('2026-03-22'), assurance: 'confirmed' },
      false,
    ],
    ['one from before they left does not', { at: on('2026-03-01'), assurance: 'confirmed' }, false],
    ['no consent does not', undefined, false],
  ] as const)('%s', (_, given, back) => {
    expect(outlives(given, week)).toBe(back)
  })
})

describe('R22: quarantine', () => {
  it('holds a name and contact points, and names what else it was given', () => {
    const card: Card = {
      '@type': 'Card',
      version: '2.0',
      uid: 'urn:uuid:0',
      name: { full: 'Amir Ahmadi' },
      phones: { p1: { number: '+447700900456' } },
      notes: { n1: { note: 'Friend of Sara' } },
      'x:diet': 'vegetarian',
    }
    expect(quarantineRefusals(card)).toEqual(['notes', 'x:diet'])
    const { notes: _, 'x:diet': __, ...allowed } = card
    expect(quarantineRefusals(allowed as Card)).toEqual([])
  })

  it('shows and keeps only what some purpose declares today (R1, R3)', () => {
    const card = { name: { full: 'Amir Ahmadi' }, phones: {}, onlineServices: {} } as Card
    expect(quarantineFields(card, riverside)).toEqual(['name', 'phones'])
  })

  it('lasts 30 days, or less if the policy says so', () => {
    const shorter = { ...riverside, quarantine: { keepFor: 'P7D' } }
    expect(formatInstant(quarantineUntil(riverside, SIGNED))).toBe('2026-04-09T00:00:00.000Z')
    expect(formatInstant(quarantineUntil(shorter, SIGNED))).toBe('2026-03-17T00:00:00.000Z')
  })
})

describe('R22: asking for a purpose', () => {
  const event = (kind: OtherEvent['kind'], iso: string): OtherEvent => ({
    kind,
    at: on(iso),
    recorded: on(iso),
    actor: 'staff:leila',
  })
  const now = on('2026-09-01')
  const may = (...events: ConsentEvent[]) => mayAskAgain({ purpose: 'prayer-times', events }, now)

  it('is allowed where nobody asked', () => {
    expect(mayAskAgain(undefined, now)).toEqual({ allowed: true })
    expect(may()).toEqual({ allowed: true })
  })

  it('is not within a year of the last time', () => {
    expect(may(event('requested', '2025-09-02'))).toEqual({
      allowed: false,
      reason: 'asked-this-year',
      again: on('2026-09-02'),
    })
    expect(may(event('requested', '2025-09-01'))).toEqual({ allowed: true })
    expect(may(event('requested', '2024-01-01'), event('requested', '2026-08-01')).allowed).toBe(false)
  })

  it.each(['refused', 'withdrawn'] as const)('is not after it was %s, however long ago', kind => {
    expect(may(event('requested', '2010-01-01'), event(kind, '2010-01-02'))).toEqual({ allowed: false, reason: kind })
    expect(may(given(), event(kind, '2026-04-01'), event('requested', '2026-04-02'))).toMatchObject({ reason: kind })
  })

  it('is not after a no, whatever was lowered since', () => {
    expect(may(event('refused', '2010-01-02'), event('lowered', '2026-03-01'))).toMatchObject({ reason: 'refused' })
  })

  it('is again once they gave it of themselves', () => {
    expect(may(event('refused', '2010-01-02'), given())).toEqual({ allowed: true })
  })

  it('is refused with the reason, and from when it may be', () => {
    const record = { purpose: 'prayer-times', events: [event('requested', '2026-08-01')] }
    expect(() => assertMayAsk(record, now)).toThrow(
      expect.objectContaining({
        code: 'ASK_REFUSED',
        data: { reason: 'asked-this-year', again: '2027-08-01T00:00:00.000Z' },
      }),
    )
    expect(() => assertMayAsk(undefined, now)).not.toThrow()
  })
})
