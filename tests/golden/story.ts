/**
 * What happened in the golden vaults: an invented centre, a handful of people, five weeks. Told once, to a store, by
 * the maker; never by a test. Clock and randomness are given, so that the same library makes the same bytes, and a
 * change of format shows as a change of the frozen files.
 */
import { hash, passphrase, type Randomness, ready, recoveryCode, secretKey } from '@amanat/crypto'
import { createRecoveryCode, createVault, definePolicy, openVault, type Store } from '@amanat/vault'
import { fakeClock } from '@amanat/vault/testing'

export const START = '2026-03-01T09:00:00Z'

export const policy = definePolicy({
  controller: {
    name: 'Riverside Centre',
    contact: 'privacy@riverside.example',
    address: '1 Quay Street, Riverside',
    jurisdiction: 'GB',
    withdraw: 'Reply STOP, or write to privacy@riverside.example',
  },
  region: 'GB',
  custom: { 'x:diet': 'text' },
  notices: {
    signup: { version: '1', text: { en: 'We will text you prayer times.', fa: 'برایتان اوقات نماز می‌فرستیم.' } },
  },
  purposes: {
    'prayer-times': {
      description: { en: 'Send you prayer times by SMS', fa: 'فرستادن اوقات نماز با پیامک' },
      fields: ['name', 'phones'],
      keepFor: 'P90D',
      recipients: {
        'sms-gateway': {
          name: 'Our SMS provider',
          role: 'processor',
          country: 'GB',
          members: 'kept-apart',
          via: ['delivery'],
        },
      },
    },
    newsletter: {
      description: 'Write to you once a month',
      fields: ['name', 'emails'],
      keepFor: 'P1Y',
      self: { why: 'We send it ourselves', via: ['delivery'] },
    },
    meals: {
      description: 'Bring you a meal',
      fields: ['name', 'phones', 'addresses', 'media', 'x:diet'],
      keepFor: 'P2Y',
    },
  },
  bulk: {
    perActor: [{ people: 40, within: 'PT1H' }],
    vault: [
      { share: 0.5, within: 'P7D' },
      { share: 0.1, within: 'P30D' },
    ],
  },
})

/** The policy after the eighteenth of March: the newsletter keeps for a shorter time. */
export const narrowed = {
  ...policy,
  purposes: { ...policy.purposes, newsletter: { ...policy.purposes.newsletter, keepFor: 'P300D' } },
} as const

export const PASSPHRASE = 'frozen lake under the café bridge'
export const SECRET_KEY = new Uint8Array(32).map((_, n) => n * 7)
export const PHOTO = new TextEncoder()
  .encode('not a photo, but 1,100 bytes that stand for one. '.repeat(23))
  .slice(0, 1100)
export const SHEET = new TextEncoder().encode('the signed sheet')

/** Bytes that anybody can foretell: what these vaults hold is written beside them. */
export async function foretold(): Promise<Randomness> {
  await ready()
  let drawn = 0
  return length => {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += 32) {
      bytes.set(hash('golden', Uint8Array.of(drawn >> 8, drawn & 255)).subarray(0, length - at), at)
      drawn += 1
    }
    return bytes
  }
}

const evidence = { kind: 'scan', content: SHEET, mediaType: 'image/png' }
const onPaper = { how: 'paper', evidence }

/** What isn't the same in every vault that was told this story: it is frozen beside it. */
export interface Made {
  readonly vault: string
  readonly recoveryCode: string
  /** The contacts' ids, by their ref. */
  readonly ids: Readonly<Record<string, string>>
}

/** Tells the story to an empty store. */
export async function tell(store: () => Store): Promise<Made> {
  const randomness = await foretold()
  const clock = fakeClock(START)
  const unlock = passphrase(PASSPHRASE, { memory: 65_536, passes: 1 })
  const code = createRecoveryCode(randomness)
  const options = { clock, randomness, actor: 'staff:leila' }
  const vault = await createVault({ ...options, store: store(), unlock, policy, slotLabel: 'Leila' })
  await vault.slots.add(secretKey(SECRET_KEY), 'the server')
  await vault.slots.add(recoveryCode(code), 'paper, in the safe')

  const ids: Record<string, string> = {}
  const add = async (contact: Parameters<typeof vault.add>[0] & { ref: string }) => {
    ids[contact.ref] = (await vault.add(contact)).id
  }
  const times = { purpose: 'prayer-times', recipients: ['sms-gateway'], notice: 'signup', language: 'en' } as const
  const news = { purpose: 'newsletter', recipients: ['self'] } as const
  await add({
    card: {
      name: { full: 'Sara Karimi' },
      phones: { p1: { number: '+44 7700 900101', features: { mobile: true } } },
      emails: { e1: { address: 'sara@example.org' } },
    },
    consents: [
      { ...times, given: onPaper },
      {
        ...news,
        given: { how: 'web-form', words: 'the form on our site', evidence: { kind: 'form', content: SHEET } },
      },
    ],
    source: 'sign-up sheet',
    sources: { 'emails/e1': 'the form on our site' },
    ref: 'sara',
  })
  await add({
    card: {
      name: { full: 'Omid Clarke', components: [{ kind: 'given', value: 'Omid' }] },
      phones: { p1: { number: '+44 7700 900102' }, p2: { number: '+44 7700 900202' } },
      addresses: { a1: { full: '2 Quay Street' } },
      media: {
        m1: {
          kind: 'photo',
          mediaType: 'image/png',
          uri: `data:image/png;base64,${btoa(String.fromCharCode(...PHOTO))}`,
        },
      },
      'x:diet': 'no nuts',
    },
    consents: [
      {
        purpose: 'meals',
        given: { ...onPaper, at: '2026-02-20', by: 'guardian', authority: 'his mother', authorityUntil: '2031-01-01' },
      },
    ],
    source: 'the kitchen',
    ref: 'omid',
  })
  await add({
    card: {
      name: { full: 'مهسا فرهادی' },
      emails: { e1: { address: 'mahsa@example.net' } },
      localizations: { en: { 'name/full': 'Mahsa Farhadi' } },
    },
    consents: [{ ...news, given: { how: 'verbal' } }],
    source: 'at the door',
    ref: 'mahsa',
  })
  await add({
    card: {
      name: { full: 'Yusuf Okafor' },
      phones: { p1: { number: '+44 7700 900104' } },
      emails: { e1: { address: 'yusuf@example.com' } },
    },
    consents: [
      { ...times, given: onPaper },
      { ...news, given: onPaper },
    ],
    source: 'sign-up sheet',
    ref: 'yusuf',
  })
  await add({
    card: { name: { full: 'Nadia Haddad' }, phones: { p1: { number: '+44 7700 900105' } } },
    consents: [{ ...times, given: onPaper }],
    source: 'sign-up sheet',
    ref: 'nadia',
  })
  await add({
    card: { name: { full: 'Tariq Aziz' }, phones: { p1: { number: '+44 7700 900106' } } },
    mayAsk: 'they-asked',
    source: 'a note on the door',
    ref: 'tariq',
  })
  await add({
    card: { name: { full: 'Zoë Núñez' }, phones: { p1: { number: '+44 7700 900107' } } },
    consents: [{ ...times, given: { how: 'sms', words: 'she texted yes' } }],
    source: 'SMS',
    ref: 'zoe',
  })
  await add({
    card: { name: { full: 'Ali Rezaei' }, phones: { p1: { number: '+44 7700 900108' } } },
    consents: [{ ...times, given: { how: 'verbal', at: '2026-02-15' } }],
    source: 'at the door',
    ref: 'ali',
  })

  await clock.advance('P3D')
  await vault.for('prayer-times').deliver({ recipient: 'sms-gateway', whenRefused: 'leave-out', to: async () => {} })
  await vault.withdraw(ids.yusuf as string, 'newsletter')
  await vault.erase(ids.nadia as string)
  await vault.suppress({ email: 'eve@example.org' })
  await clock.advance('P14D')
  // 18 March: Mahsa signs what she had said; Zoë signs too, and refuses the rest.
  await vault.consent(ids.mahsa as string, { ...news, notice: 'signup', language: 'fa', given: onPaper })
  await vault.consent(ids.zoe as string, { ...times, given: onPaper })
  await vault.refuse(ids.zoe as string, 'newsletter', { how: 'paper' })
  await vault.as('staff:omid').change(ids.sara as string, { phones: { p1: { number: '+44 7700 900111' } } })
  const next = await vault.changePolicy(narrowed, { accept: await vault.planPolicy(narrowed) })
  // Enough for a third row of the ledger.
  for (let hour = 0; hour < 12; hour++) {
    await clock.advance('PT1H')
    for (const ref of ['sara', 'yusuf', 'zoe']) await next.for('prayer-times').reveal(ids[ref] as string)
  }
  await clock.advance('P11D')
  await next.lock()
  const again = await openVault({ ...options, store: store(), unlock: secretKey(SECRET_KEY), policy: narrowed })
  await again.for('newsletter').reveal(ids.mahsa as string)
  const { id } = again
  await again.lock()
  return { vault: id, recoveryCode: code, ids }
}
