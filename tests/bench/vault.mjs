// The vault through its public API, with everything on that it has: a consent with its evidence for each person, the ledger,
// suppression, limits that count. Its limits are as wide as a policy may make them, so that a tenth of the people may be looked at.
import { cardFrom } from '@amanat/cards'
import { createVault, definePolicy, openVault, secretKey } from '@amanat/vault'
import { people } from './contacts.mjs'
import { createWatch, watched } from './watched.mjs'

const DAY_MS = 86_400_000
/** The day of loading; the launch that works comes a day later, so that somebody has expired. */
const LOADED = Date.parse('2026-03-01T09:00:00Z')

const policy = definePolicy({
  controller: {
    name: 'Benchmark',
    contact: 'privacy@benchmark.example',
    address: '1 Quay Street',
    jurisdiction: 'GB',
    withdraw: 'Reply STOP',
  },
  region: 'GB',
  notices: { signup: { version: '1', text: { en: 'We will write to you about events.' } } },
  purposes: {
    events: {
      description: 'Write to you about events',
      fields: ['name', 'phones', 'emails', 'addresses', 'notes'],
      keepFor: 'P365D',
      self: { why: 'We write ourselves', via: ['delivery'] },
    },
  },
  bulk: {
    perActor: [{ people: 10_000_000, within: 'PT1H' }],
    vault: [{ share: 0.1, within: 'P30D' }],
    missesPerHour: 1_000_000,
  },
})

/** Half of its life before it expires at midnight, the clock stands where it was set: nothing expires while others are measured. */
function clockAt(start) {
  let now = start
  return { now: () => now, at: () => () => undefined, forward: ms => (now += ms) }
}

export const contactOf = (one, now) => ({
  card: {
    ...cardFrom({ name: one.name }),
    phones: Object.fromEntries(one.phones.map((number, i) => [`p${i + 1}`, { number }])),
    emails: Object.fromEntries(one.emails.map((address, i) => [`e${i + 1}`, { address }])),
    addresses: { a1: { full: one.address } },
    notes: { n1: { note: one.note } },
  },
  source: 'sign-up sheet',
  ref: one.id,
  consents: [
    {
      purpose: 'events',
      recipients: ['self'],
      notice: 'signup',
      language: 'en',
      given: {
        how: 'web-form',
        at: new Date(now - one.age * DAY_MS).toISOString(),
        evidence: { kind: 'form', content: new TextEncoder().encode(`signed ${one.id}`) },
      },
    },
  ],
})

/** @param store a store of `@amanat/store-contract` */
export const optionsFor = (store, clock = clockAt(LOADED)) => ({
  store,
  unlock: secretKey(new Uint8Array(32).fill(7)),
  policy,
  actor: 'staff:bench',
  clock,
})

/** Creates a vault with so many people in it, and locks it. */
export async function loadVault(options, count, seed) {
  const vault = await createVault(options)
  const contacts = function* () {
    for (const one of people(count, seed)) yield contactOf(one, options.clock.now())
  }
  const report = await vault.addMany(contacts())
  if (report.added !== count) throw new Error(`added ${report.added} of ${count}: ${JSON.stringify(report.reasons)}`)
  await vault.lock()
}

/**
 * @param store makes a store for one launch
 * @param memory bytes in use, where the runtime can tell
 */
export function vaultCandidate({ store, memory }) {
  let vault
  let door
  const clock = clockAt(LOADED)
  const watch = createWatch()
  const parts = {}
  return {
    memory,
    parts,
    load: (count, seed) => loadVault(optionsFor(store(), clock), count, seed),
    async open() {
      vault = await openVault(optionsFor(watched(store(), watch), clock))
      door = vault.for('events')
    },
    async idsOf(known) {
      const ids = []
      for (const { name } of known) ids.push((await door.find({ text: name })).find(one => one.name === name)?.id)
      return ids
    },
    async byId(id) {
      return (await door.reveal(id)).card.name.full
    },
    async byPhone(phone) {
      return (await door.find({ phone }))[0]?.name
    },
    async list() {
      return (await door.list({ sort: 'name', limit: 50 })).people
    },
    async add(one) {
      await vault.add(contactOf(one, clock.now()))
      watch.wipe()
    },
    async change(id, note) {
      await vault.change(id, { notes: { n1: { note } } })
      parts.written = watch.written()
    },
    withdraw: id => vault.withdraw(id, 'events'),
    changeMany: (ids, note) => Promise.all(ids.map(id => vault.change(id, { notes: { n1: { note } } }))),
    withdrawMany: ids => Promise.all(ids.map(id => vault.withdraw(id, 'events'))),
    async expire() {
      clock.forward(DAY_MS)
      return (await vault.purge()).contacts
    },
    async exportAll() {
      const cards = []
      await door.deliver({
        recipient: 'self',
        batch: 1000,
        to: async batch => {
          for (const { card } of batch) cards.push({ ...card, name: card.name.full })
        },
      })
      return cards
    },
    close: () => vault?.lock(),
  }
}
