/**
 * The policy and the people of a vault that is killed again and again. Every detail is a word that stands nowhere else,
 * so that whatever can still be read tells whose it is, and which change it came from. Runs in Node and in browsers.
 */
import { definePolicy } from '@amanat/vault'

export type Purpose = 'times' | 'chat' | 'call'
export const PURPOSES: readonly Purpose[] = ['times', 'chat', 'call']

/** Days. Below 400, so that each consent ends on the day so many days after it was given (R4). */
export const KEEP: { readonly [P in Purpose]: number } = { times: 40, chat: 120, call: 360 }

export type Field = 'name' | 'phone' | 'email' | 'note'
export const FIELDS: readonly Field[] = ['name', 'phone', 'email', 'note']
export const SCOPE: { readonly [P in Purpose]: readonly Field[] } = {
  times: ['name', 'phone'],
  chat: ['name', 'phone', 'email', 'note'],
  call: ['name', 'email'],
}

/** After the policy was narrowed nobody's note is kept. */
export const scopeOf = (purpose: Purpose, narrowed: boolean): readonly Field[] =>
  SCOPE[purpose].filter(field => !(narrowed && field === 'note'))

const KEY = 'age1qqugsrqt5eyg08vnnfht3vg50ttgdtqp9c487zu24rnp8dafp5ms6kz74w'
const gateway = {
  name: 'Pigeon SMS',
  role: 'processor',
  country: 'GB',
  members: 'kept-apart',
  ageKeys: [KEY],
  via: ['sealed-file', 'delivery'],
} as const

const controller = {
  name: 'Riverside Centre',
  contact: 'privacy@riverside.example',
  address: '1 Quay Street, Riverside',
  jurisdiction: 'GB',
  withdraw: 'Reply STOP',
}
const bulk = {
  perActor: [{ people: 40, within: 'PT1H' }],
  vault: [{ share: 0.1, within: 'P30D' }],
} as const

const recipients = { gateway }

export const policy = definePolicy({
  controller,
  region: 'GB',
  purposes: {
    times: { description: 'Send you prayer times', fields: ['name', 'phones'], keepFor: 'P40D', recipients },
    chat: {
      description: 'Add you to the community chat',
      fields: ['name', 'phones', 'emails', 'notes'],
      keepFor: 'P120D',
      recipients,
    },
    call: { description: 'Write to you', fields: ['name', 'emails'], keepFor: 'P360D', recipients },
  },
  bulk,
})

/** The same, but nobody's notes. */
export const narrowPolicy = definePolicy({
  ...policy,
  purposes: { ...policy.purposes, chat: { ...policy.purposes.chat, fields: ['name', 'phones', 'emails'] } },
})

export const policyOf = (narrowed: boolean): typeof policy => (narrowed ? (narrowPolicy as never) : policy)

export const DAY_MS = 86_400_000
/** 1 March 2026. */
export const FIRST_DAY = Date.UTC(2026, 2, 1) / DAY_MS
/** Nine in the morning. */
export const instantOf = (day: number): number => day * DAY_MS + 9 * 3_600_000

/** What somebody comes with. */
export interface Person {
  /** Names them in the plan, and is their ref. */
  readonly key: string
  readonly fields: Fields
  /** With the word that stands in the document that proves it. */
  readonly consents: { readonly [P in Purpose]?: string }
}

export type Fields = { readonly [F in Field]?: string }

/** Whose a detail is, by any of its words. */
export const keyIn = (text: string): string | undefined => /p\d+x/.exec(text)?.[0]

/** The card of these fields, as JSContact. */
export const cardOf = ({ name, phone, email, note }: Fields) => ({
  ...(name === undefined ? {} : { name: { full: name } }),
  ...(phone === undefined ? {} : { phones: { p1: { number: phone } } }),
  ...(email === undefined ? {} : { emails: { e1: { address: email } } }),
  ...(note === undefined ? {} : { notes: { n1: { note } } }),
})

/** The fields of a card that a door showed. */
export function fieldsIn(card: object): Fields {
  const { name, phones, emails, notes } = card as {
    name?: { full?: string }
    phones?: { p1?: { number?: string } }
    emails?: { e1?: { address?: string } }
    notes?: { n1?: { note?: string } }
  }
  const found = {
    name: name?.full,
    phone: phones?.p1?.number,
    email: emails?.e1?.address,
    note: notes?.n1?.note,
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

const bytes = (text: string) => new TextEncoder().encode(text)

/** A consent with a document of some length, in which the word stands several times. */
export const consentTo = (purpose: Purpose, word: string) => ({
  purpose,
  recipients: ['gateway'] as const,
  given: { how: 'paper', evidence: { kind: 'scan', content: bytes(`${word} `.repeat(100)) } },
})

export const newContact = ({ key, fields, consents }: Person) => ({
  card: cardOf(fields),
  consents: Object.entries(consents).map(([purpose, word]) => consentTo(purpose as Purpose, word)),
  source: 'sign-up sheet',
  ref: key,
})
