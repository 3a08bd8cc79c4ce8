/**
 * The vault that things go wrong in, everything that can be asked of it, and what it is afterwards: as a second reader
 * finds it on the medium, and as its own doors show it. The same people and marks as in the vault's own oracle.
 */
import { systemRandomness } from '@amanat/crypto'
import { type MemoryMedium, memoryMedium, memoryStore } from '@amanat/store-contract/memory'
import {
  type AnyVault,
  createVault,
  definePolicy,
  dropExpired,
  type Format,
  openVault,
  type Policy,
  vaultExists,
} from '@amanat/vault'
import { type FakeClock, fakeClock, testKey, testRandomness } from '@amanat/vault/testing'
import { everythingIn, type Opening } from '../../packages/vault/test/protocol/adversary'
import {
  actor,
  policy as base,
  consentTo,
  key1,
  marksOf,
  PEOPLE,
  person,
} from '../../packages/vault/test/protocol/world'
import type { Ports } from './failing'

/** Four hours before the last day of person 5 ends. */
export const EVENING = '2026-03-10T20:00:00Z'
export const MORNING = '2026-03-11T09:00:00Z'
export const key5: Opening = { secretKey: new Uint8Array(32).fill(5) }

/** The policy of the oracle's world, and a printer to whom plain files may go. */
export const policy = definePolicy({
  ...base,
  purposes: {
    ...base.purposes,
    chat: {
      ...base.purposes.chat,
      recipients: {
        printer: {
          name: 'Quay Print',
          role: 'processor',
          country: 'GB',
          members: 'kept-apart',
          ageKeys: ['age1qqugsrqt5eyg08vnnfht3vg50ttgdtqp9c487zu24rnp8dafp5ms6kz74w'],
          via: ['plaintext-file', 'delivery'],
        },
      },
    },
  },
} as unknown as typeof base)

export const narrowed = {
  ...policy,
  purposes: { ...policy.purposes, chat: { ...policy.purposes.chat, fields: ['name', 'phones', 'emails'] } },
} as unknown as typeof policy

/** One JSON object a line. */
const lines: Format = {
  name: 'lines',
  version: '1',
  mediaType: 'application/jsonl',
  extension: 'jsonl',
  async *write(people) {
    for await (const { card } of people) yield new TextEncoder().encode(`${JSON.stringify(card)}\n`)
  },
}

const toPrinter = <C extends { purpose: string }>(consent: C): C =>
  consent.purpose === 'chat' ? { ...consent, recipients: ['printer'] } : consent
const somebody = (number: number, purposes: readonly ('times' | 'chat' | 'call')[]) => {
  const one = person(number, purposes)
  return { ...one, consents: one.consents.map(toPrinter) }
}
const soon = { ...person(5, ['times']), consents: [consentTo('times', 'SoonZq', '2026-03-11')] }

export const optionsOn = (medium: MemoryMedium, clock: FakeClock, ports?: Ports) => {
  const store = memoryStore({ medium, timeoutMs: 2_000 })
  return {
    store: ports ? ports.store(store) : store,
    clock: ports ? ports.clock(clock) : clock,
    ...(ports ? { randomness: ports.randomness(systemRandomness) } : {}),
    unlock: testKey(),
    policy: policy as Policy,
    actor,
    formats: { lines },
  }
}

export interface World {
  readonly medium: MemoryMedium
  readonly ids: readonly string[]
}

/** People 0 to 3 and 5, one in quarantine, an export on the record, somebody who left, a second way in. Locked in the evening. */
export async function newWorld(): Promise<World> {
  const medium = memoryMedium()
  const clock = fakeClock()
  const vault = (await createVault({ ...optionsOn(medium, clock), randomness: testRandomness() })) as AnyVault
  const ids: string[] = []
  for (const [number, purposes] of PEOPLE.entries()) {
    ids.push((await vault.add(somebody(number, purposes) as never)).id)
  }
  ids[5] = (await vault.add(soon as never)).id
  await vault.add({
    card: { name: { full: 'Waiting7Zq' }, phones: { p1: { number: '07700 900177' } } },
    source: 'old phone',
    mayAsk: 'they-asked',
  })
  await vault.slots.add(testKey(2), 'spare')
  await vault.suppress({ phone: '07700 900199' })
  const out = await vault.for('chat').export({ recipient: 'printer', format: 'lines', via: 'plaintext-file' })
  await new Response(out.file as never).text()
  await clock.advance('P9DT11H')
  await vault.lock()
  return { medium, ids }
}

export interface Acting {
  readonly vault: AnyVault
  /** What the vault's own clock stands on. */
  readonly clock: FakeClock
  readonly medium: MemoryMedium
  readonly ports: Ports
  id(number: number): string
}

export interface Operation {
  /** What it answers is compared with what it answers when nothing goes wrong. */
  act(on: Acting): Promise<unknown>
  /** Answers something drawn at random, or of another day: then only the state counts. */
  readonly reads?: boolean
  /** Begins without an open vault. */
  readonly unopened?: boolean
  /** What the clock stands at before it begins. */
  readonly at?: string
  /** On an empty medium. */
  readonly empty?: boolean
  /** What can't be found once it is done. */
  readonly forgotten?: readonly string[]
  /** Nothing of a vault may be there when it is done. */
  readonly destroys?: boolean
  /** The object is dead afterwards. */
  readonly ends?: boolean
  /** Several commits, or several operations that fare each for itself: it may end in between. */
  readonly several?: boolean
}

const door = (vault: AnyVault, purpose: string) => vault.for(purpose)

export async function gather<T>(all: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const one of all) found.push(one)
  return found
}

/** A whole export, read to its end. */
async function exported(vault: AnyVault): Promise<unknown> {
  const out = await door(vault, 'chat').export({ recipient: 'printer', format: 'lines', via: 'plaintext-file' })
  const text = await new Response(out.file as never).text()
  const { people, leftOut, reasons } = await out.manifest
  return { lines: text.split('\n').sort(), people, leftOut, reasons }
}

async function delivered(vault: AnyVault): Promise<unknown> {
  const got: unknown[] = []
  const to = async (people: readonly { card: unknown }[]) => void got.push(...people.map(({ card }) => card))
  const { delivered, leftOut } = await door(vault, 'chat').deliver({ recipient: 'printer', to, batch: 2 })
  return { got: got.map(card => JSON.stringify(card)).sort(), delivered, leftOut }
}

async function slotOf(vault: AnyVault, label: string): Promise<string> {
  return ((await vault.slots.list()).find(slot => slot.label === label) as { id: string }).id
}

const soonForgotten = [marksOf(5).name, 'SoonZq']

export const OPERATIONS: { readonly [name: string]: Operation } = {
  create: {
    unopened: true,
    empty: true,
    act: async ({ medium, clock, ports }) => void (await createVault(optionsOn(medium, clock, ports))),
  },
  open: {
    unopened: true,
    act: async ({ medium, clock, ports }) => void (await openVault(optionsOn(medium, clock, ports))),
  },
  'open, the first on another day': {
    unopened: true,
    at: MORNING,
    forgotten: soonForgotten,
    act: async ({ medium, clock, ports }) => void (await openVault(optionsOn(medium, clock, ports))),
  },
  'drop what expired': {
    unopened: true,
    at: MORNING,
    forgotten: soonForgotten,
    act: async ({ medium, clock, ports }) => {
      const { store, clock: through, randomness } = optionsOn(medium, clock, ports)
      await dropExpired(store, { clock: through, ...(randomness ? { randomness } : {}) })
    },
  },
  // What it answers when the store says that there is no root, is no.
  'ask whether it is there': {
    unopened: true,
    act: ({ medium, clock, ports }) => vaultExists(optionsOn(medium, clock, ports).store),
  },
  add: { act: ({ vault }) => vault.add(somebody(6, ['times', 'chat']) as never) },
  'add many': {
    act: ({ vault }) => vault.addMany([somebody(6, ['times', 'chat']), { card: {} }, somebody(4, ['call'])] as never[]),
  },
  consent: { act: ({ vault, id }) => vault.consent(id(0), consentTo('times', 'RenewedZq')) },
  change: {
    act: ({ vault, id }) => vault.change(id(0), { name: { full: 'Changed0Zq' } }),
    forgotten: [marksOf(0).name],
  },
  withdraw: {
    act: ({ vault, id }) => vault.withdraw(id(1), 'chat'),
    forgotten: [marksOf(1).email, marksOf(1).note, `chat-${marksOf(1).evidence}`],
  },
  erase: {
    act: ({ vault, id }) => vault.erase(id(2)),
    forgotten: [marksOf(2).name, marksOf(2).phone, marksOf(2).photo, `times-${marksOf(2).evidence}`],
  },
  'erase and add at once': {
    several: true,
    act: ({ vault, id }) => Promise.all([vault.erase(id(3)), vault.add(somebody(6, ['chat']) as never)]),
    forgotten: [marksOf(3).name, marksOf(3).email],
  },
  refuse: {
    act: ({ vault, id }) => vault.refuse(id(1), 'chat', 'by phone'),
    forgotten: [marksOf(1).email, marksOf(1).note],
  },
  suppress: { act: ({ vault }) => vault.suppress({ phone: '07700 900188' }) },
  'change the policy': {
    several: true,
    act: async ({ vault }) => {
      await vault.changePolicy(narrowed as Policy, { accept: await vault.planPolicy(narrowed as Policy) })
    },
    forgotten: [marksOf(1).note, marksOf(3).note],
  },
  'add a slot': { act: ({ vault }) => vault.slots.add(testKey(3), 'third') },
  'replace a slot': { act: async ({ vault }) => vault.slots.replace(await slotOf(vault, 'first'), testKey(5)) },
  'remove a slot': { act: async ({ vault }) => vault.slots.remove(await slotOf(vault, 'spare')) },
  'list the slots': { reads: true, act: ({ vault }) => vault.slots.list() },
  get: { reads: true, act: ({ vault, id }) => door(vault, 'call').get(id(2)) },
  reveal: { reads: true, act: ({ vault, id }) => door(vault, 'call').reveal(id(2)) },
  list: { reads: true, act: ({ vault }) => door(vault, 'times').list() },
  find: { reads: true, act: ({ vault }) => door(vault, 'times').find({ phone: marksOf(1).phone }) },
  identify: { reads: true, act: ({ vault }) => vault.identify({ phone: marksOf(1).phone }) },
  'look into quarantine': {
    reads: true,
    act: async ({ vault }) => {
      const { people } = await vault.quarantine.list()
      return Promise.all(people.map(({ id }) => vault.quarantine.reveal(id)))
    },
  },
  'look at consents': { reads: true, act: ({ vault, id }) => vault.consents(id(2)) },
  'ask what is expiring': { reads: true, act: ({ vault }) => gather(vault.expiring('P2D')) },
  'read the ledger': { reads: true, act: ({ vault }) => gather(vault.ledger.entries({ type: 'contact-added' })) },
  // What it was given damaged it names: that is no wrong answer.
  examine: { act: ({ vault }) => vault.examine() },
  guarantees: { reads: true, act: ({ vault }) => vault.guarantees() },
  export: { reads: true, act: ({ vault }) => exported(vault) },
  deliver: { reads: true, act: ({ vault }) => delivered(vault) },
  'midnight passes': { act: async ({ clock }) => clock.advance('PT5H'), forgotten: soonForgotten },
  'purge, when a day has passed': { at: MORNING, act: ({ vault }) => vault.purge(), forgotten: soonForgotten },
  'add, when a day has passed': {
    at: MORNING,
    act: ({ vault }) => vault.add(somebody(6, ['times', 'chat']) as never),
    forgotten: soonForgotten,
  },
  'erase, when a day has passed': {
    at: MORNING,
    act: ({ vault, id }) => vault.erase(id(0)),
    forgotten: [...soonForgotten, marksOf(0).name],
  },
  lock: { ends: true, at: '2026-03-10T21:00:00Z', act: ({ vault }) => vault.lock() },
  destroy: { ends: true, destroys: true, act: ({ vault }) => vault.destroy() },
}

/** Everything that may be found in the live vault, or not. */
const WORDS = [
  ...[0, 1, 2, 3, 4, 5, 6].flatMap(number => {
    const { name, phone, email, note, photo, evidence } = marksOf(number)
    return [name, phone, email, note, photo, ...['times', 'chat', 'call'].map(purpose => `${purpose}-${evidence}`)]
  }),
  ...['SoonZq', 'RenewedZq', 'Changed0Zq', 'Waiting7Zq', 'spare', 'first', 'third'],
]

/** The rows as they are now, without what was dropped, by a reader that shares no code with the library. */
async function wordsOn(medium: MemoryMedium): Promise<string[]> {
  const store = memoryStore({ medium })
  await store.open()
  const rows = []
  for (const table of ['slots', 'ring', 'heads', 'pages', 'blobs', 'undated', 'exports'] as const) {
    for await (const row of store.scan(table)) rows.push(row)
  }
  const root = (await store.root()) as { bytes: Uint8Array }
  const live = await everythingIn({ roots: [root.bytes], rows, halves: [...(medium.cellNow() ?? [])] }, [key1, key5])
  return WORDS.filter(word => live.where(word).some(where => where !== 'clear'))
}

/** Who is seen through each door, and what of them. */
export async function shownBy(vault: AnyVault): Promise<unknown> {
  const shown = []
  for (const purpose of ['times', 'chat', 'call']) {
    const { people } = await vault.for(purpose).list()
    const cards = []
    for (const { id } of people) cards.push(JSON.stringify((await vault.for(purpose).get(id))?.card))
    shown.push({ purpose, names: people.map(({ name }) => name).sort(), cards: cards.sort() })
  }
  return { shown, waiting: await vault.quarantine.count() }
}

export async function stateOf(medium: MemoryMedium, vault: AnyVault): Promise<string> {
  const labels = (await vault.slots.list()).map(({ label }) => label).sort()
  const fields = vault.policy.purposes.chat?.fields
  return JSON.stringify({ words: await wordsOn(medium), seen: await shownBy(vault), labels, fields })
}

/** Opens what an operation left, with whichever key and policy it left it with. */
export async function reopen(medium: MemoryMedium, clock: FakeClock): Promise<AnyVault> {
  let failure: unknown
  for (const number of [1, 5]) {
    for (const each of [policy, narrowed]) {
      try {
        const options = { ...optionsOn(medium, clock), unlock: testKey(number), policy: each as Policy }
        return (await openVault(options)) as AnyVault
      } catch (error) {
        failure ??= error
        const { code } = error as { code?: string }
        if (code !== 'CANNOT_UNLOCK' && code !== 'POLICY_DIFFERS') throw error
      }
    }
  }
  throw failure
}
