import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConsentSummary } from '../../src/consent/consent'
import type { Assurance, Policy, Via } from '../../src/policy/policy'
import { exportWay, type Reason, refusalOf } from '../../src/rules/export'
import { liveConsent } from '../../src/rules/permits'
import { agreed, on, riverside, SIGNED, withPurpose, withRecipient } from '../riverside'

const now = on('2026-03-20')
const toGateway = { purpose: 'prayer-times', recipient: 'sms-gateway' }
const toChat = { purpose: 'group-chat', recipient: 'community-chat' }
const toClinic = { purpose: 'counselling', recipient: 'clinic' }
const refusal = (summary: ConsentSummary | undefined, request = toGateway, policy: Policy = riverside, at = now) =>
  refusalOf(summary, false, request, policy, at)

describe('R26, R28: who is not in an export, and why', () => {
  it.each<[what: string, summary: ConsentSummary | undefined, reason: Reason | undefined]>([
    ['somebody who agreed to it is', agreed('prayer-times'), undefined],
    ['somebody of whom nothing is recorded', undefined, 'no-consent'],
    ['somebody who agreed to something else', agreed('group-chat', { assurance: 'confirmed' }), 'no-consent'],
    ['somebody who was asked and did not answer', { purpose: 'prayer-times', state: 'requested' }, 'not-given'],
    ['somebody who refused', { purpose: 'prayer-times', state: 'refused' }, 'refused'],
    ['somebody who withdrew', { purpose: 'prayer-times', state: 'withdrawn' }, 'withdrawn'],
    ['somebody whose consent is over', agreed('prayer-times', { until: now }), 'expired'],
    [
      'somebody who agreed to no recipient',
      agreed('prayer-times', { scope: { recipients: [] } }),
      'recipient-not-agreed',
    ],
    [
      'somebody of whom nothing agreed to is asked for any more',
      agreed('prayer-times', { scope: { fields: ['emails'] } }),
      'field-not-agreed',
    ],
    ['somebody who is only said to have agreed', agreed('prayer-times', { assurance: 'claimed' }), 'assurance-too-low'],
  ])('%s', (_, summary, reason) => {
    expect(refusal(summary)).toBe(reason)
  })

  it('R22: nobody in quarantine, whatever they agreed to', () => {
    expect(refusalOf(agreed('prayer-times'), true, toGateway, riverside, now)).toBe('quarantined')
  })

  it('fields that are asked for must each be agreed to; none asked for: what each agreed to', () => {
    const some = agreed('prayer-times', { scope: { fields: ['phones'] } })
    expect(refusal(some)).toBeUndefined()
    expect(refusalOf(some, false, { ...toGateway, fields: ['phones'] }, riverside, now)).toBeUndefined()
    expect(refusalOf(some, false, { ...toGateway, fields: ['name', 'phones'] }, riverside, now)).toBe(
      'field-not-agreed',
    )
    const wider = withPurpose('prayer-times', { fields: ['name', 'phones', 'emails'] })
    expect(refusalOf(agreed('prayer-times'), false, { ...toGateway, fields: ['emails'] }, wider, now)).toBe(
      'field-not-agreed',
    )
  })

  it('R3: nobody, for another controller', () => {
    const next = { ...riverside, controller: { ...riverside.controller, name: 'City Council' } }
    expect(refusal(agreed('prayer-times'), toGateway, next)).toBe('no-consent')
    const known = { sameLegalPerson: ['Riverside Centre'] }
    expect(refusalOf(agreed('prayer-times'), false, toGateway, next, now, known)).toBeUndefined()
  })

  it('R3: nobody, for a recipient that moved to another country', () => {
    const moved = withRecipient('prayer-times', 'sms-gateway', { country: 'US' })
    expect(refusal(agreed('prayer-times'), toGateway, moved)).toBe('recipient-not-agreed')
  })

  it('nobody, for a purpose or recipient that the policy does not have', () => {
    expect(refusal(agreed('prayer-times'), { purpose: 'constructor', recipient: 'sms-gateway' })).toBe('no-consent')
    expect(refusal(agreed('prayer-times'), { ...toGateway, recipient: 'constructor' })).toBe('recipient-not-agreed')
  })
})

describe('R26: how well it must be proved', () => {
  const least = withPurpose('prayer-times', { assurance: { export: 'claimed' } })
  const most = withPurpose('prayer-times', { assurance: { export: 'confirmed' } })
  const careless = withPurpose('group-chat', { assurance: { export: 'claimed' } })
  it.each<[what: string, request: typeof toGateway, policy: Policy, passes: Assurance[]]>([
    ['evidenced by default', toGateway, riverside, ['evidenced', 'confirmed']],
    ['as little as the purpose says', toGateway, least, ['claimed', 'evidenced', 'confirmed']],
    ['as much as the purpose says', toGateway, most, ['confirmed']],
    ['confirmed where members see each other', toChat, riverside, ['confirmed']],
    ['confirmed where members see each other, whatever the purpose says', toChat, careless, ['confirmed']],
    ['confirmed in a special purpose', toClinic, riverside, ['confirmed']],
    ['confirmed in a special policy', toGateway, { ...riverside, special: true }, ['confirmed']],
  ])('%s', (_, request, policy, passes) => {
    const all: Assurance[] = ['claimed', 'evidenced', 'confirmed']
    const passed = all.filter(
      assurance => refusal(agreed(request.purpose, { assurance }), request, policy) === undefined,
    )
    expect(passed).toEqual(passes)
  })
})

describe('R26: an export and a consent agree', () => {
  it('nobody is in it whose consent is not live, or does not name the recipient', () => {
    const consents = fc
      .record({
        assurance: fc.constantFrom<Assurance>('claimed', 'evidenced', 'confirmed'),
        at: fc.integer({ min: SIGNED - 400 * 86_400_000, max: SIGNED }),
        fields: fc.subarray(['name', 'phones', 'emails']),
        named: fc.boolean(),
      })
      .map(({ assurance, at, fields, named }) =>
        agreed('prayer-times', { assurance, at, scope: named ? { fields } : { fields, recipients: [] } }),
      )
    const policies = fc.constantFrom<Policy>(
      riverside,
      withPurpose('prayer-times', { special: true }),
      withPurpose('prayer-times', { keepFor: 'P5D', assurance: { export: 'claimed' } }),
      withPurpose('prayer-times', { fields: ['emails'], assurance: { use: 'confirmed', export: 'claimed' } }),
      withRecipient('prayer-times', 'sms-gateway', { country: 'US' }),
    )
    fc.assert(
      fc.property(consents, policies, fc.integer({ min: 0, max: 120 }), (summary, policy, days) => {
        const at = SIGNED + days * 86_400_000
        const live = liveConsent(summary, policy, at)
        const reason = refusal(summary, toGateway, policy, at)
        if (reason === undefined) expect(live?.recipients).toContain('sms-gateway')
        // The other way: whoever is confirmed, live and agreed to the recipient is never refused.
        if (live?.recipients.includes('sms-gateway') && live.assurance === 'confirmed') expect(reason).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })
})

describe('R30: how an export leaves', () => {
  const way = (recipient: string, requested?: Via, policy: Policy = riverside, purpose = 'prayer-times') =>
    exportWay(policy, purpose, recipient, requested)
  const refused = expect.objectContaining({ code: 'VIA_NOT_ALLOWED' })

  it('sealed by default', () => {
    expect(way('sms-gateway')).toBe('sealed-file')
    expect(way('community-chat', undefined, riverside, 'group-chat')).toBe('sealed-file')
  })

  it('as asked for, where the recipient allows it', () => {
    expect(way('sms-gateway', 'delivery')).toBe('delivery')
    expect(() => way('sms-gateway', 'plaintext-file')).toThrow(refused)
    expect(() => way('community-chat', 'delivery', riverside, 'group-chat')).toThrow(refused)
  })

  it('in the clear only where policy and request both say so', () => {
    expect(way('print-shop', 'plaintext-file')).toBe('plaintext-file')
    expect(way('print-shop')).toBe('sealed-file')
    const onlyPlain = withRecipient('prayer-times', 'print-shop', { via: ['plaintext-file'] })
    expect(() => way('print-shop', undefined, onlyPlain)).toThrow(refused)
  })

  it('never in the clear from a special purpose, nor where members see each other, whatever a policy says', () => {
    const special = withPurpose('prayer-times', { special: true })
    const group = withRecipient('group-chat', 'community-chat', { via: ['plaintext-file', 'sealed-file'] })
    expect(() => way('print-shop', 'plaintext-file', special)).toThrow(refused)
    expect(() => way('community-chat', 'plaintext-file', group, 'group-chat')).toThrow(refused)
    expect(way('community-chat', undefined, group, 'group-chat')).toBe('sealed-file')
  })

  it('handed over in batches only where that is asked for', () => {
    const both = withRecipient('prayer-times', 'print-shop', { via: ['delivery', 'sealed-file'] })
    expect(way('print-shop', undefined, both)).toBe('sealed-file')
    expect(way('print-shop', 'delivery', both)).toBe('delivery')
    const onlyDelivery = withRecipient('prayer-times', 'print-shop', { via: ['delivery'] })
    expect(() => way('print-shop', undefined, onlyDelivery)).toThrow(refused)
  })

  it('to the controller itself as the purpose says', () => {
    expect(way('self', 'delivery', riverside, 'counselling')).toBe('delivery')
    expect(() => way('self', undefined, riverside, 'counselling')).toThrow(refused)
    expect(() => way('self', 'sealed-file', riverside, 'counselling')).toThrow(refused)
    const plain = withPurpose('prayer-times', {
      self: { why: 'Ourselves', via: ['plaintext-file' as never, 'delivery'] },
    })
    expect(() => way('self', 'plaintext-file', plain)).toThrow(refused)
    expect(way('self', 'delivery', plain)).toBe('delivery')
  })

  it('or is refused with what would be allowed', () => {
    expect(() => way('community-chat', 'delivery', riverside, 'group-chat')).toThrow(
      expect.objectContaining({
        data: { purpose: 'group-chat', recipient: 'community-chat', allowed: ['sealed-file'] },
      }),
    )
  })

  it('not at all to somebody the purpose does not have', () => {
    expect(() => way('self')).toThrow(expect.objectContaining({ code: 'UNKNOWN_RECIPIENT' }))
    expect(() => way('sms-gateway', undefined, riverside, 'news')).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_PURPOSE' }),
    )
  })
})
