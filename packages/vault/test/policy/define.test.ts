import { describe, expect, it } from 'vitest'
import { isVaultError } from '../../src/errors'
import { definePolicy, definePurposes, parsePolicy } from '../../src/policy/define'
import type { Policy } from '../../src/policy/policy'
import { isPurpose, isRecipient } from '../../src/policy/purpose'
import { riverside, withPurpose, withRecipient } from '../riverside'

/** The mistakes found, as `path: message`. */
function mistakes(policy: unknown): string[] {
  try {
    parsePolicy(policy)
  } catch (error) {
    if (isVaultError(error, 'POLICY_INVALID'))
      return error.data.issues.map(({ path, message }) => `${path}: ${message}`)
    throw error
  }
  return []
}
const loose = (change: object) => ({ ...riverside, ...change })
const purpose = (change: object) => withPurpose('prayer-times', change as never)
const recipient = (change: object) => withRecipient('prayer-times', 'sms-gateway', change)
const bulk = (change: object) => loose({ bulk: { ...riverside.bulk, ...change } })
const share = (share: number, within: string) => bulk({ vault: [{ share, within }] })

const PURPOSE = 'purposes.prayer-times'
const SMS = `${PURPOSE}.recipients.sms-gateway`

describe('a policy', () => {
  it('is given back as it was written', () => {
    expect(definePolicy(riverside)).toBe(riverside)
    expect(mistakes(riverside)).toEqual([])
  })

  it('from JSON passes the same check', () => {
    expect(parsePolicy(JSON.parse(JSON.stringify(riverside)))).toEqual(riverside)
  })

  it.each<[rule: string, policy: unknown, mistake: string]>([
    [
      'R1: has a controller who can be found',
      loose({ controller: { ...riverside.controller, withdraw: ' ' } }),
      'controller.withdraw: must say something',
    ],
    [
      'R1: says where the controller is',
      loose({ controller: { ...riverside.controller, jurisdiction: 'UK!' } }),
      'controller.jurisdiction: must be a country',
    ],
    ['R1: has a purpose', loose({ purposes: {} }), 'purposes: must have at least one'],
    [
      'R1: names purposes plainly',
      loose({ purposes: { 'Prayer times': riverside.purposes['prayer-times'] } }),
      'purposes.Prayer times: must be a name',
    ],
    [
      'R1: keeps no field that JSContact does not know',
      purpose({ fields: ['name', 'shoeSize'] }),
      `${PURPOSE}.fields.1: is no field`,
    ],
    [
      'R1: keeps no field that describes the card and not the person',
      purpose({ fields: ['uid'] }),
      `${PURPOSE}.fields.0: is no field`,
    ],
    ['R1: declares its custom fields', purpose({ fields: ['x:shoe-size'] }), `${PURPOSE}.fields.0: must be declared`],
    ['R1: keeps something for each purpose', purpose({ fields: [] }), `${PURPOSE}.fields: must not be empty`],
    [
      'R1: names a field once',
      purpose({ fields: ['name', 'name'] }),
      `${PURPOSE}.fields: must not name anything twice`,
    ],
    ['R2: describes each purpose', purpose({ description: {} }), `${PURPOSE}.description: must say something`],
    ['R2: says how long', purpose({ keepFor: undefined }), `${PURPOSE}.keepFor: is missing`],
    ['R2: never keeps for ever', purpose({ keepFor: 'P101Y' }), `${PURPOSE}.keepFor: must end`],
    ['R2: never keeps for ever, in days either', purpose({ keepFor: 'P999999999D' }), `${PURPOSE}.keepFor: must end`],
    ['R4: keeps for at least two days', purpose({ keepFor: 'P1DT23H' }), `${PURPOSE}.keepFor: must be at least P2D`],
    ['R2: says what a recipient is', recipient({ role: 'partner' }), `${SMS}.role: must be`],
    ['R2: says where a recipient is', recipient({ country: 'gb' }), `${SMS}.country: must be a country`],
    ['R2: says whether members see each other', recipient({ members: undefined }), `${SMS}.members: is missing`],
    [
      'R2: has keys that are keys',
      recipient({ ageKeys: ['age1nonsense'] }),
      `${SMS}.ageKeys.0: must be an age recipient`,
    ],
    [
      'R2: has no identity in place of a key',
      recipient({ ageKeys: ['AGE-SECRET-KEY-1'] }),
      `${SMS}.ageKeys.0: must be an age recipient`,
    ],
    ['R2: knows the ways out', recipient({ via: ['carrier-pigeon'] }), `${SMS}.via.0: must be`],
    [
      'R2: keeps `self` for the controller',
      purpose({ recipients: { self: riverside.purposes['prayer-times'].recipients['sms-gateway'] } }),
      `${PURPOSE}.recipients.self: is a word of its own`,
    ],
    [
      'R2: tells people why the controller mails itself',
      purpose({ self: { why: '' } }),
      `${PURPOSE}.self.why: must say something`,
    ],
    [
      'R2: mails itself sealed or by delivery only',
      purpose({ self: { why: 'News', via: ['plaintext-file'] } }),
      `${PURPOSE}.self.via.0: must be sealed-file or delivery`,
    ],
    [
      'R2: lets nothing special leave as plaintext',
      withPurpose('prayer-times', { special: true }),
      `${PURPOSE}.recipients.print-shop.via: nothing leaves a special purpose as plaintext`,
    ],
    [
      'R2: lets nothing leave as plaintext when it is special as a whole',
      loose({ special: true }),
      `${PURPOSE}.recipients.print-shop.via: nothing leaves a special purpose as plaintext`,
    ],
    [
      'R2: takes no claim for a special purpose',
      withPurpose('counselling', { assurance: { use: 'claimed' } }),
      'purposes.counselling.assurance.use: a claim permits nothing',
    ],
    [
      'R2: asks for confirmed to export a special purpose',
      withPurpose('counselling', { assurance: { export: 'evidenced' } }),
      'purposes.counselling.assurance.export: an export needs confirmed',
    ],
    [
      'R30: lets nothing leave as plaintext where members see each other',
      withRecipient('group-chat', 'community-chat', { via: ['plaintext-file'] }),
      'purposes.group-chat.recipients.community-chat.via: nothing leaves as plaintext',
    ],
    [
      'R3: renames a purpose that is gone',
      purpose({ was: 'group-chat' }),
      `${PURPOSE}.was: is a purpose of this policy still`,
    ],
    [
      'R3: renames a purpose once',
      withPurpose('group-chat', { was: 'times' }, purpose({ was: 'times' })),
      'purposes.group-chat.was: was renamed to another',
    ],
    ['R3: waits seven days before it loosens', loose({ notice: 'P6D' }), 'notice: must be at least P7D'],
    [
      'R6: has notices that say something',
      loose({ notices: { signup: { version: '1', text: { en: '' } } } }),
      'notices.signup.text.en: must say something',
    ],
    [
      'R6: has notices in a language',
      loose({ notices: { signup: { version: '1', text: { '?': 'Hello' } } } }),
      'notices.signup.text.?: must be a language tag',
    ],
    [
      'R22: keeps nobody in quarantine for more than 30 days',
      loose({ quarantine: { keepFor: 'P31D' } }),
      'quarantine.keepFor: must be from P2D to P30D',
    ],
    [
      'R22: keeps nobody in quarantine for a month, which may have 31',
      loose({ quarantine: { keepFor: 'P1M' } }),
      'quarantine.keepFor: must be from P2D to P30D',
    ],
    ['R25: limits what one actor sees', bulk({ perActor: [] }), 'bulk.perActor: must not be empty'],
    [
      'R25: stops a patient reader: an hourly limit alone does not',
      bulk({ vault: [{ people: 10, within: 'PT1H' }] }),
      'bulk.vault: must have a window of P30D',
    ],
    [
      'R25: stops a patient reader: over 30 days at least',
      share(0.1, 'P29D'),
      'bulk.vault: must have a window of P30D',
    ],
    ['R25: stops a patient reader: at a tenth at most', share(0.11, 'P30D'), 'bulk.vault: must have a window of P30D'],
    ['R25: counts in windows of a fixed length', share(0.1, 'P1M'), 'bulk.vault.0.within: must be a window'],
    [
      'R25: counts people or a share of them',
      bulk({ perActor: [{ people: 1, share: 0.1, within: 'PT1H' }] }),
      'bulk.perActor.0: must say either',
    ],
    [
      'R25: counts whole people',
      bulk({ perActor: [{ people: 0.5, within: 'PT1H' }] }),
      'bulk.perActor.0.people: must be a whole number',
    ],
    ['R25: has no share above one', share(1.5, 'P30D'), 'bulk.vault.0.share: must be above 0'],
    ['knows its words', loose({ retention: 'P1Y' }), 'retention: is not a word of a policy'],
    ['is an object', null, ': must be Object'],
    ['is no list', [], ''],
  ])('%s', (_, policy, mistake) => {
    expect(mistakes(policy).filter(each => each.includes(mistake))).not.toEqual([])
  })

  it('has all its mistakes named at once', () => {
    const paths = mistakes(
      loose({ ...purpose({ keepFor: 'P1D', fields: ['shoeSize'] }), notice: 'P1D', bulk: undefined }),
    )
    expect(paths.map(each => each.split(':')[0])).toEqual(
      expect.arrayContaining([`${PURPOSE}.keepFor`, 'notice', 'bulk']),
    )
    const separate = mistakes({
      ...withPurpose('group-chat', { fields: ['shoeSize'] }, purpose({ keepFor: 'P1D' })),
      notice: 'P1D',
    })
    expect(separate).toHaveLength(3)
  })

  it('may ask for windows longer and shares smaller than the least', () => {
    expect(mistakes(share(0.05, 'P90D'))).toEqual([])
  })

  it('leaves room for the policy before it, beside it in one row', () => {
    const long = (letters: number) => ({
      ...riverside,
      notices: { ...riverside.notices, long: { version: '1', text: { en: 'x'.repeat(letters) } } },
    })
    expect(mistakes(long(25_000))).toEqual([])
    expect(mistakes(long(28_000))).toEqual([
      expect.stringMatching(/^: must be at most 28000 bytes of JSON with its notices, and is \d{5}$/),
    ])
  })

  it('may count on many things left out', () => {
    const { controller, bulk, purposes } = riverside
    expect(mistakes({ controller, bulk, purposes: { 'prayer-times': purposes['prayer-times'] } })).toEqual([])
  })
})

describe('purposes in a file of their own', () => {
  it('are checked as far as they can be', () => {
    expect(definePurposes(riverside.purposes)).toBe(riverside.purposes)
    expect(() => definePurposes({ news: { description: 'News', fields: ['x:diet'], keepFor: 'P30D' } })).not.toThrow()
    expect(() => definePurposes({ news: { description: 'News', fields: ['shoeSize'], keepFor: 'P1D' } })).toThrow(
      expect.objectContaining({ code: 'POLICY_INVALID' }),
    )
  })
})

describe('a string from outside', () => {
  it('is a purpose only if the policy has it', () => {
    expect(isPurpose(riverside, 'group-chat')).toBe(true)
    for (const no of ['news', 'constructor', '__proto__', '', 7, undefined])
      expect(isPurpose(riverside, no)).toBe(false)
  })

  it('is a recipient only if the purpose has it', () => {
    expect(isRecipient(riverside, 'prayer-times', 'sms-gateway')).toBe(true)
    expect(isRecipient(riverside, 'prayer-times', 'community-chat')).toBe(false)
    expect(isRecipient(riverside, 'prayer-times', 'self')).toBe(false)
    expect(isRecipient(riverside, 'counselling', 'self')).toBe(true)
    expect(isRecipient(riverside as Policy, 'prayer-times', 'constructor')).toBe(false)
  })
})
