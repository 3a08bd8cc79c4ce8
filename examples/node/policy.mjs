// @ts-check
// What people are held for, how long, and who may be handed their details. Stored in the vault; begin here.
import { definePolicy } from '@amanat/vault'

export const policy = definePolicy({
  controller: {
    name: 'Riverside Centre',
    contact: 'privacy@riverside.example',
    address: '1 Quay Street, Riverside',
    jurisdiction: 'GB',
    withdraw: 'Reply STOP, or write to privacy@riverside.example',
  },
  region: 'GB',
  notices: { form: { version: '1', text: { en: 'We will write to you once a month, for a year.' } } },
  purposes: {
    newsletter: {
      description: 'Write to you once a month',
      fields: ['name', 'emails'],
      keepFor: 'P1Y',
      self: { why: 'We send it ourselves', via: ['delivery'] },
    },
  },
  bulk: { perActor: [{ people: 20, within: 'PT1H' }], vault: [{ share: 0.1, within: 'P30D' }] },
})
