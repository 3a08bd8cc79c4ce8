/**
 * Policies as somebody might write or send them: every mistake is a POLICY_INVALID that can be shown, and what is
 * accepted can be written down, compared, tightened and ruled by. And what policies are made of: durations, instants,
 * age recipients, ids.
 */
import { ready } from '@amanat/crypto'
import { type AnyVaultError, definePurposes, isContactId, parsePolicy } from '@amanat/vault'
import fc from 'fast-check'
import { beforeAll, describe } from 'vitest'
import { contactIdBytes, contactIdOf } from '../../packages/vault/src/contact/id'
import { hexId, hexIdBytes } from '../../packages/vault/src/hex-id'
import { isAgeRecipient } from '../../packages/vault/src/policy/age-recipient'
import { canonicalPolicy, isSamePolicy } from '../../packages/vault/src/policy/canonical'
import { comparePolicies } from '../../packages/vault/src/policy/change'
import { recordChange } from '../../packages/vault/src/policy/effective'
import { newNotices, policyHash } from '../../packages/vault/src/policy/record'
import { addDuration, formatInstant, parseDuration, parseInstant } from '../../packages/vault/src/time/calendar'
import { KEY, riverside } from '../../packages/vault/test/riverside'
import { type as typeError, vault } from './allowed'
import { KEYS, nastyJson, nastyText, nastyValue, warped, withKey } from './nasty'
import { fit, hostile } from './parser'

beforeAll(ready)

const NOW = Date.UTC(2026, 2, 10)
const sample = JSON.parse(JSON.stringify(riverside))
/** Whatever stands in a map whose keys are the author's own, under a name that every object has. */
const inherited = fc
  .tuple(
    fc.constantFrom(...KEYS),
    nastyJson,
    fc.constantFrom('purposes', 'notices', 'custom', 'recipients', 'text', 'bulk'),
  )
  .map(([key, value, where]) => {
    const put = (map: object) =>
      Object.defineProperties(
        {},
        { ...Object.getOwnPropertyDescriptors(map), ...Object.getOwnPropertyDescriptors(withKey(key, value)) },
      )
    const news = sample.purposes['prayer-times']
    if (where === 'recipients') {
      return {
        ...sample,
        purposes: { ...sample.purposes, 'prayer-times': { ...news, recipients: put(news.recipients) } },
      }
    }
    if (where === 'text') return { ...sample, notices: { signup: { version: '1', text: put({ en: 'a' }) } } }
    return { ...sample, [where]: put(sample[where]) }
  })

/** Uses an accepted policy as a vault does. */
function ruleBy(policy: ReturnType<typeof parsePolicy>): void {
  const again = JSON.parse(JSON.stringify(policy))
  fit(isSamePolicy(parsePolicy(again), policy), 'it is another policy once it was written as JSON')
  fit(policyHash(policy).length === 32 && canonicalPolicy(policy).length > 0, 'it has no hash')
  newNotices(policy)
  comparePolicies(riverside, policy)
  comparePolicies(policy, riverside)
  recordChange({ policy: riverside }, policy, NOW)
  recordChange({ policy }, riverside, NOW)
  for (const name of Object.keys(policy.purposes))
    fit(!Object.hasOwn(Object.prototype, name), 'a purpose has the name of what is inherited')
}

const shown = (error: unknown): boolean => {
  const { data } = error as AnyVaultError & { data: { issues: { path: string; message: string }[] } }
  return data.issues.length > 0 && data.issues.every(({ path, message }) => typeof path === 'string' && message !== '')
}
const invalid = (error: unknown) => vault('POLICY_INVALID')(error) && shown(error)

describe('a policy', () => {
  hostile('rules, or is POLICY_INVALID', {
    input: fc.oneof({ weight: 5, arbitrary: warped([sample], nastyJson) }, { weight: 1, arbitrary: nastyValue }),
    runs: 1_500,
    repeats: true,
    refuses: invalid,
    read: policy => ruleBy(parsePolicy(policy)),
  })

  hostile('with a name that every object has is POLICY_INVALID, or rules', {
    input: inherited,
    runs: 400,
    repeats: true,
    refuses: invalid,
    read: policy => ruleBy(parsePolicy(policy)),
  })

  hostile('whose purposes stand in a file of their own', {
    input: fc.oneof(
      warped([sample.purposes], nastyJson),
      inherited.map(({ purposes }) => purposes),
      nastyJson,
    ),
    runs: 500,
    repeats: true,
    refuses: invalid,
    read: purposes => void definePurposes(purposes as never),
  })

  const letters = fc.constantFrom(...'qpzry9x8gf2tvdw0s3jn54khce6mua7l1bioQ\ud800é ')
  hostile('an age recipient is one, or not', {
    input: fc.oneof(
      nastyText,
      fc.tuple(fc.nat(61), letters).map(([at, letter]) => KEY.slice(0, at) + letter + KEY.slice(at + 1)),
      fc.constantFrom(
        'age1',
        'age1pq1',
        'age1tag1',
        '1',
        KEY.toUpperCase(),
        `${KEY}${KEY}`,
        `age1${'q'.repeat(100_000)}`,
      ),
    ),
    runs: 800,
    refuses: () => false,
    read: text => fit(!isAgeRecipient(text) || text === KEY, 'a recipient out of nothing'),
  })
})

describe('time', () => {
  hostile('a duration can be added, or is none', {
    input: fc.oneof(nastyText, fc.stringMatching(/^P\d{0,10}[YMWD]?T?\d{0,10}[HMS]?$/), nastyValue),
    runs: 800,
    refuses: typeError(
      'not an ISO 8601 duration such as P90D or PT1H',
      'a duration must be longer than nothing',
      'beyond the end of time',
    ),
    read: text => {
      parseDuration(text as string)
      formatInstant(addDuration(NOW, text as string))
    },
  })

  hostile('an instant is written again, or is none', {
    input: fc.oneof(
      nastyText,
      fc.stringMatching(/^\d{4}-[01]\d-[0-3]\d(T[0-2]\d:[0-5]\d(:\d\d(\.\d{1,10})?)?(Z|[+-]\d\d:\d\d)?)?$/),
      nastyValue,
    ),
    runs: 800,
    refuses: typeError('not an ISO 8601 date, or date and time with an offset'),
    read: text => {
      const instant = parseInstant(text as string)
      fit(parseInstant(formatInstant(instant)) === instant || formatInstant(instant).startsWith('+'), 'another instant')
    },
  })
})

describe('ids', () => {
  hostile("a contact's id is sixteen bytes, or none", {
    input: fc.oneof(
      nastyValue,
      fc.stringMatching(/^[0-9a-z]{26}$/),
      fc.stringMatching(/^[0-9a-hjkmnp-tv-z]{25}[08gr]$/),
    ),
    runs: 600,
    refuses: () => false,
    read: id => {
      const bytes = contactIdBytes(id as string)
      fit(isContactId(id) === (bytes !== undefined), 'an id to one and not to the other')
      fit(bytes === undefined || (bytes.length === 16 && contactIdOf(bytes) === id), 'another id')
    },
  })

  hostile('an id in hexadecimal is sixteen bytes, or none', {
    input: fc.oneof(nastyText, fc.stringMatching(/^[0-9a-fA-F]{31,33}$/)),
    runs: 300,
    refuses: () => false,
    read: id => {
      const bytes = hexIdBytes(id)
      fit(bytes === undefined || (bytes.length === 16 && hexId(bytes) === id), 'another id')
    },
  })
})
