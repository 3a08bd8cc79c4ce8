/** What the blocks of the pages stand on: the vault of an invented community centre, with a few people in it. */
import { cardFrom, csv, vcard } from '@amanat/cards'
import { createVault, definePolicy, openVault, type Vault } from '@amanat/vault'
import { fakeClock, memoryMedium, memoryStore, testKey, testRandomness } from '@amanat/vault/testing'

// Made for these pages with age's own key generator; nobody holds the identity.
export const AGE_KEY = 'age1qqugsrqt5eyg08vnnfht3vg50ttgdtqp9c487zu24rnp8dafp5ms6kz74w'

export const policy = definePolicy({
  controller: {
    name: 'Riverside Centre',
    contact: 'privacy@riverside.example',
    address: '1 Quay Street, Riverside',
    jurisdiction: 'GB',
    withdraw: 'Reply STOP, or write to privacy@riverside.example',
  },
  region: 'GB',
  purposes: {
    'prayer-times': {
      description: 'Send you prayer times by SMS during Ramadan',
      fields: ['name', 'phones'],
      keepFor: 'P90D',
      recipients: {
        'sms-gateway': {
          name: 'Our SMS provider',
          role: 'processor',
          country: 'GB',
          members: 'kept-apart',
          ageKeys: [AGE_KEY],
          via: ['sealed-file', 'delivery'],
        },
      },
    },
    newsletter: {
      description: 'Write to you once a month',
      fields: ['name', 'emails'],
      keepFor: 'P1Y',
      self: { why: 'We send it ourselves', via: ['delivery'] },
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

export type Members = Vault<typeof policy>

export const onPaper = { how: 'paper', evidence: { kind: 'scan', content: new Uint8Array([1, 2, 3]) } }

/** Ofcom keeps +44 7700 900000 to 900999 for fiction. */
export const phone = (n: number): string => `+44 7700 900${String(n).padStart(3, '0')}`

export async function members(people = 3) {
  const clock = fakeClock('2026-03-10T09:30:00Z')
  const medium = memoryMedium()
  const options = {
    unlock: testKey(),
    policy,
    actor: 'staff:leila',
    clock,
    formats: { csv: csv(), vcard: vcard() },
  }
  const store = memoryStore({ medium })
  const vault = await createVault({ store, ...options, randomness: testRandomness() })
  for (let n = 0; n < people; n++) {
    await vault.add({
      card: cardFrom({ name: `Person ${n}`, phone: phone(n), email: `person-${n}@example.org` }),
      consents: [
        { purpose: 'prayer-times', recipients: ['sms-gateway'], given: onPaper },
        { purpose: 'newsletter', recipients: ['self'], given: onPaper },
      ],
      source: 'sign-up sheet',
      ref: `crm:${n}`,
    })
  }
  const { people: listed } = await vault.for('prayer-times').list()
  const ids = listed.map(({ id }) => id)
  const open = (actor = 'staff:omid') => openVault({ store: memoryStore({ medium }), ...options, actor })
  return { vault, store, clock, medium, ids, open }
}
