import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConsentSummary } from '../../src/consent/consent'
import { lastsUntil } from '../../src/consent/lasts-until'
import { compareDurations } from '../../src/policy/loosen'
import type { Assurance, Policy, PurposeSpec } from '../../src/policy/policy'
import { keepFieldsUntil, liveUntil } from '../../src/rules/keep'
import { agreedFields, liveConsent } from '../../src/rules/permits'
import { visibleFields } from '../../src/rules/read'
import { startOf } from '../../src/time/day'
import { agreed, on, riverside, SIGNED, withPurpose, withRecipient } from '../riverside'

const now = on('2026-03-20')
const live = (summary: ConsentSummary, policy: Policy = riverside, at = now, known = {}) =>
  liveConsent(summary, policy, at, known)
const sms = (change: object) => withRecipient('prayer-times', 'sms-gateway', change)
const elsewhere = (name: string): Policy => ({ ...riverside, controller: { ...riverside.controller, name } })

describe('R5: what permits something', () => {
  it('a given consent does', () => {
    expect(live(agreed('prayer-times'))).toEqual({
      until: on('2026-06-08'),
      fields: ['name', 'phones'],
      recipients: ['sms-gateway', 'print-shop'],
      assurance: 'evidenced',
    })
  })

  it.each(['requested', 'refused', 'withdrawn'] as const)('one that is %s does not', state => {
    expect(live({ purpose: 'prayer-times', state })).toBeUndefined()
    // Not even where what was given before were left in the summary.
    expect(live({ ...agreed('prayer-times'), state })).toBeUndefined()
  })

  it('nothing recorded does not (R10)', () => {
    expect(liveConsent(undefined, riverside, now)).toBeUndefined()
  })

  it('one for a purpose that the policy no longer has does not', () => {
    const { 'prayer-times': _, ...purposes } = (riverside as Policy).purposes
    expect(live(agreed('prayer-times'), { ...riverside, purposes })).toBeUndefined()
  })

  it('R13: one that expired does not, from the instant of expiry on', () => {
    const summary = agreed('prayer-times', { until: on('2026-06-08') })
    expect(live(summary, riverside, on('2026-06-08') - 1)).toBeDefined()
    expect(live(summary, riverside, on('2026-06-08'))).toBeUndefined()
  })
})

describe('R2, R7: how well it must be proved', () => {
  const evidenced = withPurpose('prayer-times', { assurance: { use: 'evidenced' } })
  it.each<[what: string, purpose: string, policy: Policy, permits: Record<Assurance, boolean>]>([
    ['a claim is enough by default', 'prayer-times', riverside, { claimed: true, evidenced: true, confirmed: true }],
    ['a purpose may ask for more', 'prayer-times', evidenced, { claimed: false, evidenced: true, confirmed: true }],
    [
      'a claim permits nothing in a special purpose',
      'counselling',
      riverside,
      { claimed: false, evidenced: true, confirmed: true },
    ],
    [
      'a claim permits nothing in a special policy',
      'prayer-times',
      { ...riverside, special: true },
      { claimed: false, evidenced: true, confirmed: true },
    ],
  ])('%s', (_, purpose, policy, permits) => {
    for (const [assurance, expected] of Object.entries(permits)) {
      const summary = agreed(purpose, { assurance: assurance as Assurance })
      expect([assurance, live(summary, policy) !== undefined]).toEqual([assurance, expected])
    }
  })
})

describe('R3: what was agreed, and what the policy says today', () => {
  it('a field that the purpose asks for since was not agreed to', () => {
    const wider = withPurpose('prayer-times', { fields: ['name', 'phones', 'emails'] })
    expect(live(agreed('prayer-times'), wider)?.fields).toEqual(['name', 'phones'])
  })

  it('a field that the purpose no longer asks for is out at once', () => {
    expect(live(agreed('prayer-times'), withPurpose('prayer-times', { fields: ['phones'] }))?.fields).toEqual([
      'phones',
    ])
  })

  it('a consent of which no field is left permits nothing', () => {
    expect(live(agreed('prayer-times'), withPurpose('prayer-times', { fields: ['emails'] }))).toBeUndefined()
  })

  it('more time does not lengthen a consent already given', () => {
    expect(live(agreed('prayer-times'), withPurpose('prayer-times', { keepFor: 'P2Y' }))?.until).toBe(on('2026-06-08'))
  })

  it('less time shortens it at once, counted from the day it was given', () => {
    expect(live(agreed('prayer-times'), withPurpose('prayer-times', { keepFor: 'P30D' }))?.until).toBe(on('2026-04-09'))
    expect(live(agreed('prayer-times'), withPurpose('prayer-times', { keepFor: 'P5D' }))).toBeUndefined()
  })

  it('a date that was shortened does not move as it comes closer', () => {
    const shorter = withPurpose('counselling', { keepFor: 'P500D' })
    const summary = agreed('counselling')
    expect(live(summary, shorter, on('2027-06-01'))?.until).toBe(live(summary, shorter, now)?.until)
  })

  it('a recipient that the purpose names since was not agreed to', () => {
    const only = agreed('prayer-times', { scope: { recipients: [] } })
    expect(live(only)?.recipients).toEqual([])
  })

  it.each<[what: string, policy: Policy, stays: boolean]>([
    ['a processor replaced in its own country stays agreed to', sms({ name: 'Owl SMS' }), true],
    ['a processor with other keys stays agreed to: those wait for the notice', sms({ ageKeys: [] }), true],
    ['a processor in another country does not', sms({ country: 'US' }), false],
    ['a processor that became a controller does not', sms({ role: 'controller' }), false],
    ['a recipient whose members see each other now does not', sms({ members: 'see-each-other' }), false],
    ['a recipient that is gone does not', withPurpose('prayer-times', { recipients: {} }), false],
  ])('%s', (_, policy, stays) => {
    expect(live(agreed('prayer-times'), policy)?.recipients.includes('sms-gateway')).toBe(stays)
  })

  it.each<[what: string, change: object, stays: boolean]>([
    ['another controller in its place is not what was agreed', { name: 'Other chat' }, false],
    ['the same controller in another country is not either', { country: 'US' }, false],
    ['members who no longer see each other are less than was agreed', { members: 'kept-apart' }, true],
  ])('%s', (_, change, stays) => {
    const policy = withRecipient('group-chat', 'community-chat', change)
    expect(live(agreed('group-chat'), policy)?.recipients.includes('community-chat')).toBe(stays)
  })

  it('another controller of the vault stops every consent, until it is recorded as the same legal person', () => {
    const next = elsewhere('Riverside Trust')
    expect(live(agreed('prayer-times'), next)).toBeUndefined()
    expect(live(agreed('prayer-times'), next, now, { sameLegalPerson: ['Somebody else'] })).toBeUndefined()
    expect(live(agreed('prayer-times'), next, now, { sameLegalPerson: ['Riverside Centre'] })).toBeDefined()
  })
})

describe('R12: how long a field is kept', () => {
  const days = (summaries: ConsentSummary[], policy: Policy = riverside, at = now) =>
    Object.fromEntries([...keepFieldsUntil(summaries, policy, at)].map(([field, day]) => [field, startOf(day)]))

  it('until the latest expiry among the consents that hold it, its last day being the one before', () => {
    expect(days([agreed('prayer-times'), agreed('group-chat')])).toEqual({
      name: on('2027-03-09'),
      phones: on('2027-03-09'),
      emails: on('2027-03-09'),
    })
    expect(days([agreed('group-chat'), agreed('prayer-times')])).toMatchObject({ name: on('2027-03-09') })
    expect(days([agreed('prayer-times'), agreed('group-chat', { scope: { fields: ['emails'] } })])).toEqual({
      name: on('2026-06-07'),
      phones: on('2026-06-07'),
      emails: on('2027-03-09'),
    })
  })

  it('and goes when no live consent holds it', () => {
    expect(days([])).toEqual({})
    expect(
      days([{ purpose: 'prayer-times', state: 'withdrawn' }, agreed('group-chat', { scope: { fields: ['name'] } })]),
    ).toEqual({
      name: on('2027-03-09'),
    })
    expect(days([agreed('prayer-times')], riverside, on('2026-06-08'))).toEqual({})
  })
})

describe('whatever was agreed and whatever the policy says', () => {
  const FIELDS = ['name', 'phones', 'emails', 'notes']
  const fields = fc.uniqueArray(fc.constantFrom(...FIELDS), { minLength: 1 })
  const keepFor = fc.constantFrom('P2D', 'P30D', 'P90D', 'P1Y', 'P500D', 'P2Y', 'P5Y')
  const recipient = fc.record({
    name: fc.constantFrom('Pigeon SMS', 'Owl SMS'),
    role: fc.constantFrom('processor' as const, 'controller' as const),
    country: fc.constantFrom('GB', 'US'),
    members: fc.constantFrom('kept-apart' as const, 'see-each-other' as const),
  })
  const purposes = fc
    .record({ fields, keepFor, recipients: fc.dictionary(fc.constantFrom('a', 'b'), recipient), special: fc.boolean() })
    .map(change => withPurpose('prayer-times', change))
  const assurance = fc.constantFrom<Assurance>('claimed', 'evidenced', 'confirmed')
  const days = fc.integer({ min: 0, max: 2000 })
  const consents = fc
    .record({ policy: purposes, assurance, at: days.map(day => SIGNED - (day * 86_400_000) / 10) })
    .map(change => agreed('prayer-times', change))
  const times = days.map(day => SIGNED + (day * 86_400_000) / 2)

  it('R3: nothing is permitted that was not agreed to', () => {
    fc.assert(
      fc.property(consents, purposes, times, (summary, policy, at) => {
        const permitted = live(summary, policy, at)
        if (!permitted || !summary.given) return
        const { scope, until } = summary.given
        expect(scope.fields).toEqual(expect.arrayContaining([...permitted.fields]))
        expect(scope.recipients.map(({ id }) => id)).toEqual(expect.arrayContaining([...permitted.recipients]))
        expect(permitted.until).toBeLessThanOrEqual(until)
        expect(at).toBeLessThan(until)
      }),
    )
  })

  it('R13: what is live stays so until it is over, and is never live again', () => {
    fc.assert(
      fc.property(consents, purposes, times, times, (summary, policy, at, then) => {
        const until = live(summary, policy, at)?.until
        if (until === undefined) return
        expect(liveUntil(summary, policy, until)).toBeUndefined()
        expect(liveUntil(summary, policy, then)).toBe(then < until ? until : undefined)
      }),
    )
  })

  it('R3, R23: narrowing a policy never makes more visible', () => {
    const narrower = fc.record({ fields, keepFor: fc.constantFrom('P2D', 'P30D'), special: fc.constant(true) })
    fc.assert(
      fc.property(consents, purposes, narrower, times, (summary, policy, change, at) => {
        const { fields, keepFor } = policy.purposes['prayer-times'] as PurposeSpec
        const narrow = {
          ...change,
          fields: fields.filter(field => change.fields.includes(field)),
          keepFor: compareDurations(change.keepFor, keepFor) < 0 ? change.keepFor : keepFor,
        }
        const seen = visibleFields(summary, policy, at)
        const after = visibleFields(summary, withPurpose('prayer-times', narrow, policy), at)
        expect(seen).toEqual(expect.arrayContaining([...after]))
      }),
    )
  })

  it('R12, R23: what is visible is kept, and what is kept was agreed to and is not over', () => {
    const both = fc.tuple(consents, fc.constant(agreed('group-chat')))
    fc.assert(
      fc.property(both, purposes, times, (summaries, policy, at) => {
        const kept = [...keepFieldsUntil(summaries, policy, at).keys()]
        const seen = summaries.flatMap(summary => visibleFields(summary, policy, at))
        const live = summaries.filter(
          summary => at < (lastsUntil(summary.given as never, policy, summary.purpose) ?? 0),
        )
        expect(kept).toEqual(expect.arrayContaining(seen))
        expect(live.flatMap(summary => summary.given?.scope.fields ?? [])).toEqual(expect.arrayContaining(kept))
      }),
    )
  })

  it('R2, R12: a claim for a special purpose permits nothing, and is kept for its 30 days to be proved', () => {
    const claim = agreed('counselling', { assurance: 'claimed' })
    expect(visibleFields(claim, riverside, now)).toEqual([])
    expect(keepFieldsUntil([claim], riverside, now).size).toBeGreaterThan(0)
  })

  it('R12: nothing is kept by what was never given, is over in the policy, or covers no field of the purpose today', () => {
    expect(liveUntil(undefined, riverside, now)).toBeUndefined()
    expect(liveUntil({ ...agreed('prayer-times'), state: 'refused' }, riverside, now)).toBeUndefined()
    expect(liveUntil({ purpose: 'prayer-times', state: 'given' }, riverside, now)).toBeUndefined()
    const other = agreed('prayer-times', { scope: { fields: ['emails'] } })
    expect(liveUntil(other, riverside, now)).toBeUndefined()
    expect(liveUntil(agreed('prayer-times'), riverside, now)).toBe(on('2026-06-08'))
    expect(agreedFields(other.given as never, riverside, 'a purpose that has gone')).toEqual([])
  })

  it('R3, R12: another controller stops every consent, and nothing is forgotten over it', () => {
    const policy = { ...riverside, controller: { ...riverside.controller, name: 'Another Centre' } }
    expect(visibleFields(agreed('prayer-times'), policy, now)).toEqual([])
    expect([...keepFieldsUntil([agreed('prayer-times')], policy, now).keys()].sort()).toEqual(['name', 'phones'])
  })
})
