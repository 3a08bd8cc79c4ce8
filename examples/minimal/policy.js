// @ts-check
// What people are held for, how long, and how many may be looked at. Stored in the vault; begin here.
import { definePolicy } from '@amanat/vault'

export const policy = definePolicy({
  controller: {
    name: 'Our street',
    contact: 'street@example.org',
    address: '1 Fiction Row, Riverside',
    jurisdiction: 'GB',
    withdraw: 'Say so to whoever rings you',
  },
  region: 'GB',
  purposes: {
    'ring-round': { description: 'Ring you when the road is flooded', fields: ['name', 'phones'], keepFor: 'P1Y' },
  },
  bulk: { perActor: [{ people: 20, within: 'PT1H' }], vault: [{ share: 0.1, within: 'P30D' }] },
})
