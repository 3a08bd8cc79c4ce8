/** The people of the stories, their centre and its policy. All of it is invented. */
import { csv, vcard } from '@amanat/cards'
import {
  createVault,
  definePolicy,
  type ErrorCode,
  isVaultError,
  type LedgerLine,
  type NewConsent,
  openVault,
  type Vault,
  type VaultError,
} from '@amanat/vault'
import { fakeClock, testKey, testRandomness } from '@amanat/vault/testing'
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { seedOfTest } from '../../packages/vault/test/seed-of-test'
import type { Place } from './place'

/** What the SMS provider holds; the policy pins what belongs to it. */
const identity = await generateIdentity()
const ageKeys = [await identityToRecipient(identity)]

export const policy = definePolicy({
  controller: {
    name: 'Riverside Centre',
    contact: 'privacy@riverside.example',
    address: '1 Quay Street, Riverside',
    jurisdiction: 'GB',
    withdraw: 'Reply STOP, or write to privacy@riverside.example',
  },
  region: 'GB',
  notices: { signup: { version: '1', text: { en: 'We will text you prayer times during Ramadan.' } } },
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
          ageKeys,
          via: ['sealed-file', 'delivery'],
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
          ageKeys,
        },
      },
    },
  },
  bulk: {
    perActor: [{ people: 5, within: 'PT1H' }],
    vault: [
      { people: 900, within: 'PT1H' },
      { share: 0.1, within: 'P30D' },
    ],
  },
})

export type Centre = Vault<typeof policy>
export const START = '2016-06-01T09:00:00Z'
export const LEILA = 'staff:leila'
export const OMID = 'staff:omid'

const NAMES = ['Sara Karimi', 'Mina Rostami', 'Yusuf Okafor', 'Nadia Haddad', 'Tariq Aziz', 'Zoë Núñez', 'Ali Rezaei']
export const nameOf = (n: number): string => `${NAMES[n % NAMES.length]} ${n}`
/** Ofcom keeps +44 7700 900000 to 900999 for fiction. */
export const phoneOf = (n: number): string => `+44 7700 900${String(n).padStart(3, '0')}`
export const cardOf = (n: number) => ({ name: { full: nameOf(n) }, phones: { p1: { number: phoneOf(n) } } })

export async function centre(place: Place) {
  const clock = fakeClock(START)
  const formats = { csv: csv(), vcard: vcard() }
  const options = { unlock: testKey(), policy, clock, formats }
  const randomness = testRandomness(seedOfTest())
  const vault: Centre = await createVault({ ...options, store: place.store(), actor: LEILA, randomness })
  const open = (actor = LEILA, unlock = testKey()): Promise<Centre> =>
    openVault({ ...options, unlock, store: place.store(), actor })
  return { vault, open, clock }
}

const sheet = { kind: 'scan', content: new TextEncoder().encode('signed: yes') }
/** Signed on paper, and the paper is kept. */
export const signed = (purpose: 'prayer-times' | 'group-chat' = 'prayer-times'): NewConsent<typeof policy> => {
  const shown = { notice: 'signup', language: 'en', given: { how: 'paper', evidence: sheet } } as const
  return purpose === 'prayer-times'
    ? { purpose, recipients: ['sms-gateway'], ...shown }
    : { purpose, recipients: ['community-chat'], ...shown }
}
/** Somebody says that they said yes. */
export const claimed = (purpose: 'prayer-times' | 'group-chat' = 'prayer-times'): NewConsent<typeof policy> => ({
  ...signed(purpose),
  given: { how: 'sms', words: 'I texted all of them' },
})

/** So many people who signed up for prayer times. */
export async function signUps(vault: Centre, count: number): Promise<string[]> {
  const report = await vault.addMany(
    Array.from({ length: count }, (_, n) => ({
      card: cardOf(n),
      consents: [signed()],
      source: 'sign-up sheet, 1 June',
    })),
  )
  if (report.added !== count) throw new Error('not everybody was added')
  return report.rows.map(({ id }) => id as string)
}

export async function refusal<C extends ErrorCode>(code: C, attempt: Promise<unknown>): Promise<VaultError<C>> {
  const error = await attempt.then(
    () => new Error('nothing was refused'),
    (error: unknown) => error,
  )
  if (!isVaultError(error, code)) throw new Error(`not refused with ${code}`, { cause: error })
  return error
}

export async function ledgerOf(vault: Centre): Promise<LedgerLine[]> {
  const lines: LedgerLine[] = []
  for await (const line of vault.ledger.entries()) lines.push(line)
  return lines
}

/** What the provider reads with its own key. */
export async function openedByProvider(file: ReadableStream<Uint8Array>): Promise<string> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  return decrypter.decrypt(new Uint8Array(await new Response(file as never).arrayBuffer()), 'text')
}
