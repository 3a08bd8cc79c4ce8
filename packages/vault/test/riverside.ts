/** A made-up community centre: its policy, and consents to it. Shared by the tests of the rules. */
import type { ConsentSummary, GivenEvent, Scope } from '../src/consent/consent'
import { scopeFrom } from '../src/consent/give'
import { definePolicy } from '../src/policy/define'
import type { Assurance, Policy, PurposeSpec } from '../src/policy/policy'
import { addDuration, parseInstant } from '../src/time/calendar'
import { roundExpiry } from '../src/time/expiry'

// Made for these tests with age's own key generator; nobody holds the identities.
export const KEY = 'age1qqugsrqt5eyg08vnnfht3vg50ttgdtqp9c487zu24rnp8dafp5ms6kz74w'
export const OTHER_KEY = 'age10hzzcfs93tcnkmv9e9xu8sj8nvlvz5vjxh6juq8620mt94fx7csq06rsfn'

export const riverside = definePolicy({
  controller: {
    name: 'Riverside Centre',
    contact: 'privacy@riverside.example',
    address: '1 Quay Street, Riverside',
    jurisdiction: 'GB',
    withdraw: 'Reply STOP, or write to privacy@riverside.example',
  },
  region: 'GB',
  custom: { 'x:diet': 'text', 'x:age': 'number' },
  notices: { signup: { version: '2', text: { en: 'We will text you prayer times during Ramadan.' } } },
  purposes: {
    'prayer-times': {
      description: { en: 'Send you prayer times by SMS during Ramadan' },
      fields: ['name', 'phones'],
      keepFor: 'P90D',
      recipients: {
        'sms-gateway': {
          name: 'Pigeon SMS',
          role: 'processor',
          country: 'GB',
          members: 'kept-apart',
          ageKeys: [KEY],
          via: ['sealed-file', 'delivery'],
        },
        'print-shop': {
          name: 'Quay Print',
          role: 'processor',
          country: 'GB',
          members: 'kept-apart',
          ageKeys: [KEY],
          via: ['plaintext-file', 'sealed-file'],
        },
      },
    },
    'group-chat': {
      description: 'Add you to the community chat, where members see your number',
      fields: ['name', 'phones', 'emails'],
      keepFor: 'P1Y',
      recipients: {
        'community-chat': {
          name: 'Community chat',
          role: 'controller',
          country: 'GB',
          members: 'see-each-other',
          ageKeys: [KEY],
        },
      },
    },
    counselling: {
      description: 'Call you back about what you asked us',
      fields: ['name', 'phones', 'media', 'x:diet', 'x:age'],
      keepFor: 'P2Y',
      special: true,
      recipients: {
        clinic: { name: 'Quay Clinic', role: 'controller', country: 'GB', members: 'kept-apart', ageKeys: [KEY] },
      },
      self: { why: 'To call you back ourselves', via: ['delivery'] },
    },
  },
  bulk: {
    perActor: [{ people: 40, within: 'PT1H' }],
    vault: [
      { people: 900, within: 'PT1H' },
      { share: 0.1, within: 'P30D' },
    ],
  },
})

export const on = parseInstant
/** The day on which everybody in these tests signed up. */
export const SIGNED = on('2026-03-10T09:30Z')

type Purposes = Policy['purposes']

/** The policy with one purpose changed. */
export function withPurpose(name: string, change: Partial<PurposeSpec>, policy: Policy = riverside): Policy {
  const { purposes: before }: { purposes: Purposes } = policy
  const purposes = { ...before, [name]: { ...before[name], ...change } } as Purposes
  return { ...policy, purposes }
}

/** The policy with one recipient of a purpose changed. */
export function withRecipient(purpose: string, id: string, change: object, policy: Policy = riverside): Policy {
  const recipients = policy.purposes[purpose]?.recipients ?? {}
  return withPurpose(
    purpose,
    { recipients: { ...recipients, [id]: { ...recipients[id], ...change } } } as never,
    policy,
  )
}

/** The summary of a consent given on {@link SIGNED} to everything that a purpose had then. */
export function agreed(
  purpose: string,
  change: { assurance?: Assurance; at?: number; until?: number; scope?: Partial<Scope>; policy?: Policy } = {},
): ConsentSummary {
  const { assurance = 'evidenced', at = SIGNED, scope } = change
  const policy: Policy = change.policy ?? riverside
  const spec = policy.purposes[purpose] as PurposeSpec
  const until = change.until ?? roundExpiry(addDuration(at, spec.keepFor), at)
  const whole = scopeFrom(policy, purpose, Object.keys(spec.recipients ?? {}))
  return { purpose, state: 'given', given: { at, until, assurance, scope: { ...whole, ...scope } } }
}

/** A given event, as the vault writes it. */
export function given(change: Partial<GivenEvent> = {}): GivenEvent {
  return {
    kind: 'given',
    at: SIGNED,
    recorded: SIGNED,
    actor: 'staff:leila',
    by: 'person',
    how: 'paper',
    scope: scopeFrom(riverside, 'prayer-times', ['sms-gateway']),
    until: on('2026-06-08'),
    ...change,
  }
}

export const scan = { kind: 'scan', blob: { content: new Uint8Array([1, 2, 3]) } }
