import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalPolicy, isSamePolicy } from '../../src/policy/canonical'
import { comparePolicies } from '../../src/policy/change'
import { effectivePolicy, isLoosened, type PolicyRecord, recordChange } from '../../src/policy/effective'
import type { Policy } from '../../src/policy/policy'
import { assuranceToUse, findRecipient, isSpecial } from '../../src/policy/purpose'
import { KEY, OTHER_KEY, on, riverside, withPurpose, withRecipient } from '../riverside'

const now = on('2026-03-10T09:30Z')
const DAY = 86_400_000
const changed = (next: Policy, record: PolicyRecord = { policy: riverside }, at = now) => recordChange(record, next, at)
const loose = (change: object): Policy => ({ ...riverside, ...change })
const bulk = (change: object) => loose({ bulk: { ...riverside.bulk, ...change } })
const sms = (change: object) => withRecipient('prayer-times', 'sms-gateway', change)
const without = (purpose: string, recipient: string) => {
  const { [recipient]: _, ...rest } = (riverside as Policy).purposes[purpose]?.recipients ?? {}
  return withPurpose(purpose, { recipients: rest })
}

describe('R3: what loosens waits', () => {
  it.each<[what: string, next: Policy, path: string]>([
    ['more people for an actor', bulk({ perActor: [{ people: 41, within: 'PT1H' }] }), 'bulk.perActor'],
    ['as many people in a shorter window', bulk({ perActor: [{ people: 40, within: 'PT59M' }] }), 'bulk.perActor'],
    ['another kind of window', bulk({ perActor: [{ share: 0.01, within: 'PT1H' }] }), 'bulk.perActor'],
    ['a window of the vault left out', bulk({ vault: [{ share: 0.1, within: 'P30D' }] }), 'bulk.vault'],
    ['more guesses that find nobody', bulk({ missesPerHour: 2000 }), 'bulk.missesPerHour'],
    [
      'more people in quarantine',
      loose({ quarantine: { perActor: [{ people: 80, within: 'PT1H' }] } }),
      'quarantine.perActor',
    ],
    [
      'less proof to export',
      withPurpose('prayer-times', { assurance: { export: 'claimed' } }),
      'purposes.prayer-times.assurance.export',
    ],
    ['a purpose no longer special', withPurpose('counselling', { special: false }), 'purposes.counselling.special'],
    [
      'a key of a recipient added',
      sms({ ageKeys: [KEY, OTHER_KEY] }),
      'purposes.prayer-times.recipients.sms-gateway.ageKeys',
    ],
    [
      'a key of a recipient replaced',
      sms({ ageKeys: [OTHER_KEY] }),
      'purposes.prayer-times.recipients.sms-gateway.ageKeys',
    ],
    [
      'another way out',
      sms({ via: ['sealed-file', 'delivery', 'plaintext-file'] }),
      'purposes.prayer-times.recipients.sms-gateway.via',
    ],
    [
      'a recipient that may keep it longer',
      sms({ destroyAfter: 'P31D' }),
      'purposes.prayer-times.recipients.sms-gateway.destroyAfter',
    ],
    ['a clock that may jump further', loose({ maxJump: 'P401D' }), 'maxJump'],
    ['rows of people who left being named', loose({ nameStoppedRows: true }), 'nameStoppedRows'],
  ])('%s', (_, next, path) => {
    const { loosened } = comparePolicies(riverside, next)
    expect(loosened).toEqual([path])
    expect(isLoosened(riverside, next)).toBe(true)
    const record = changed(next)
    expect(record.loosensAt).toBe(now + 7 * DAY)
    expect(effectivePolicy(record, now + 7 * DAY - 1)).not.toEqual(next)
    expect(effectivePolicy(record, now + 7 * DAY)).toEqual(next)
  })

  it.each<[what: string, next: Policy]>([
    ['fewer people for an actor', bulk({ perActor: [{ people: 39, within: 'PT1H' }] })],
    ['a window more', bulk({ perActor: [...riverside.bulk.perActor, { people: 60, within: 'P1D' }] })],
    ['more proof', withPurpose('prayer-times', { assurance: { use: 'evidenced', export: 'confirmed' } })],
    ['being special', withPurpose('group-chat', { special: true })],
    ['a way out less', sms({ via: ['sealed-file'] })],
    ['no key any more', sms({ ageKeys: [] })],
    ['a longer notice', loose({ notice: 'P30D' })],
    ['another text', loose({ region: 'IE' })],
    ['a recipient less', without('prayer-times', 'print-shop')],
    ['less time', withPurpose('prayer-times', { keepFor: 'P30D' })],
  ])('and %s does not', (_, next) => {
    expect(changed(next)).toEqual({ policy: next })
    expect(effectivePolicy(changed(next), now)).toBe(next)
  })

  it('until the notice is over the stricter of both policies rules, and everything else is new at once', () => {
    const next = { ...bulk({ perActor: [{ people: 400, within: 'PT1H' }] }), region: 'IE', notice: 'P7D' }
    const ruling = effectivePolicy(changed(next), now)
    expect(ruling.region).toBe('IE')
    expect(ruling.bulk.perActor).toContainEqual({ people: 40, within: 'PT1H' })
  })

  it('less proof to use a consent waits too', () => {
    const strict = withPurpose('prayer-times', { assurance: { use: 'evidenced' } })
    const record = recordChange({ policy: strict }, riverside, now)
    expect(assuranceToUse(effectivePolicy(record, now), 'prayer-times')).toBe('evidenced')
    expect(assuranceToUse(effectivePolicy(record, now + 7 * DAY), 'prayer-times')).toBe('claimed')
  })

  it('more people in quarantine waits where its limit was that of the door', () => {
    const next = loose({ quarantine: { perActor: [{ people: 80, within: 'PT1H' }] } })
    expect(effectivePolicy(changed(next), now).quarantine?.perActor).toContainEqual({ people: 40, within: 'PT1H' })
  })

  it('a notice that becomes shorter waits for the one before it', () => {
    const slow = loose({ notice: 'P30D' })
    const record = recordChange({ policy: slow }, loose({ notice: 'P7D' }), now)
    expect(record.loosensAt).toBe(now + 30 * DAY)
    expect(effectivePolicy(record, now).notice).toBe('P30D')
  })

  it('an export is never sealed to a key that was just added, nor to one that was just removed', () => {
    const ruling = effectivePolicy(changed(sms({ ageKeys: [OTHER_KEY] })), now)
    expect(findRecipient(ruling, 'prayer-times', 'sms-gateway')?.ageKeys).toEqual([])
  })

  it('a recipient taken out and put back with other keys waits like one whose keys were changed', () => {
    const gone = changed(without('prayer-times', 'sms-gateway'))
    const back = recordChange(gone, sms({ ageKeys: [OTHER_KEY] }), now + 1)
    expect(findRecipient(effectivePolicy(back, now + DAY), 'prayer-times', 'sms-gateway')).toMatchObject({
      ageKeys: [],
      via: [],
    })
  })

  it('a renamed purpose is compared with what it was', () => {
    const { 'prayer-times': times, ...others } = (riverside as Policy).purposes
    const renamed = { ...times, was: 'prayer-times', assurance: { export: 'claimed' } } as NonNullable<typeof times>
    const next = loose({ purposes: { ...others, times: renamed } })
    expect(comparePolicies(riverside, next)).toMatchObject({
      loosened: ['purposes.times.assurance.export'],
      renamed: new Map([['prayer-times', 'times']]),
      narrowed: [],
      widened: [],
    })
  })

  it('a purpose stays special while the policy as a whole stops being so', () => {
    const special = loose({ special: true })
    const ruling = effectivePolicy(recordChange({ policy: special }, riverside, now), now)
    expect(isSpecial(ruling, 'prayer-times')).toBe(true)
    expect(assuranceToUse(ruling, 'prayer-times')).toBe('evidenced')
  })

  it('a purpose that stops being special goes on asking for the proof it asked for', () => {
    const before = withPurpose('counselling', { assurance: { use: 'confirmed' } })
    const record = recordChange({ policy: before }, withPurpose('counselling', { special: false }), now)
    const ruling = effectivePolicy(record, now)
    expect(isSpecial(ruling, 'counselling')).toBe(true)
    expect(assuranceToUse(ruling, 'counselling')).toBe('confirmed')
  })

  it('a second loosening does not cut the wait of the first short', () => {
    const first = bulk({ perActor: [{ people: 80, within: 'PT1H' }] })
    const second = { ...first, maxJump: 'P800D' }
    const record = recordChange(changed(first), second, now + 3 * DAY)
    expect(record.loosensAt).toBe(now + 10 * DAY)
    expect(effectivePolicy(record, now + 8 * DAY).bulk.perActor).toContainEqual({ people: 40, within: 'PT1H' })
    expect(effectivePolicy(record, now + 10 * DAY)).toEqual(second)
  })

  it('a change of something else in between neither cuts the wait short nor makes it longer', () => {
    const first = bulk({ perActor: [{ people: 80, within: 'PT1H' }] })
    const record = recordChange(changed(first), { ...first, region: 'IE' }, now + 3 * DAY)
    expect(record.loosensAt).toBe(now + 7 * DAY)
    expect(effectivePolicy(record, now + 6 * DAY).bulk.perActor).toContainEqual({ people: 40, within: 'PT1H' })
  })

  it('however policies follow each other, nothing looser than what ruled comes into force within seven days', () => {
    const policies = fc.constantFrom<Policy>(
      riverside,
      bulk({ perActor: [{ people: 80, within: 'PT1H' }] }),
      bulk({ perActor: [{ people: 20, within: 'PT2H' }], missesPerHour: 5000 }),
      sms({ ageKeys: [OTHER_KEY] }),
      without('prayer-times', 'sms-gateway'),
      withPurpose('counselling', { special: false }),
      loose({ maxJump: 'P800D', notice: 'P30D' }),
    )
    const steps = fc.array(fc.record({ next: policies, after: fc.integer({ min: 0, max: 12 }) }), { maxLength: 8 })
    fc.assert(
      fc.property(steps, steps => {
        let record: PolicyRecord = { policy: riverside }
        let at = now
        const history: { at: number; ruling: Policy }[] = [{ at, ruling: riverside }]
        for (const { next, after } of steps) {
          at += after * DAY
          history.push({ at, ruling: effectivePolicy(record, at) })
          record = recordChange(record, next, at)
          const ruling = effectivePolicy(record, at)
          // Nothing is loosened by accepting a change, whatever ruled before it.
          expect(isLoosened(history.at(-1)?.ruling as Policy, ruling)).toBe(false)
          if (record.loosensAt !== undefined) expect(effectivePolicy(record, record.loosensAt - 1)).toEqual(ruling)
        }
      }),
    )
  })
})

describe('R3: comparing two policies', () => {
  it.each<[what: string, next: Policy]>([
    ['a field less', withPurpose('prayer-times', { fields: ['name'] })],
    ['less time', withPurpose('prayer-times', { keepFor: 'P60D' })],
    ['a recipient less', without('prayer-times', 'print-shop')],
    ['a recipient in another country', sms({ country: 'US' })],
    ['more proof to use it', withPurpose('prayer-times', { assurance: { use: 'evidenced' } })],
  ])('%s narrows', (_, next) => {
    expect(comparePolicies(riverside, next).narrowed).toEqual(['prayer-times'])
  })

  it('a purpose that went away is narrowed, one that is new is widened', () => {
    const { 'group-chat': chat, ...others } = (riverside as Policy).purposes
    const next = loose({ purposes: { ...others, news: chat } })
    expect(comparePolicies(riverside, next)).toMatchObject({
      narrowed: ['group-chat'],
      widened: ['news'],
      renamed: new Map(),
    })
  })

  it.each<[what: string, next: Policy]>([
    ['a field more', withPurpose('prayer-times', { fields: ['name', 'phones', 'emails'] })],
    ['more time', withPurpose('prayer-times', { keepFor: 'P3M' })],
  ])('%s widens', (_, next) => {
    expect(comparePolicies(riverside, next)).toMatchObject({ widened: ['prayer-times'], narrowed: [] })
  })

  it('a processor replaced in its own country changes nothing', () => {
    const change = comparePolicies(riverside, sms({ name: 'Owl SMS' }))
    expect(change).toMatchObject({ narrowed: [], widened: [], loosened: [], controllerChanged: false })
  })

  it('another controller is noticed', () => {
    const next = loose({ controller: { ...riverside.controller, name: 'City Council' } })
    expect(comparePolicies(riverside, next).controllerChanged).toBe(true)
  })
})

describe('a policy in bytes', () => {
  it('is the same whatever the order of its properties, and with or without what is undefined', () => {
    const { controller, ...rest } = riverside
    const other = { ...rest, special: undefined, controller: Object.fromEntries(Object.entries(controller).reverse()) }
    expect(isSamePolicy(riverside, other as never)).toBe(true)
    expect(canonicalPolicy(JSON.parse(JSON.stringify(riverside)))).toEqual(canonicalPolicy(riverside))
  })

  it('differs when anything differs', () => {
    expect(isSamePolicy(riverside, loose({ region: 'IE' }))).toBe(false)
    expect(isSamePolicy(riverside, bulk({ vault: [...riverside.bulk.vault].reverse() }))).toBe(false)
  })
})
