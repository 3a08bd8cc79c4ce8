/**
 * A whole life of a vault, from the first contact to the last purge, on any store. It runs in Node and in a page, and
 * has not one word of its own about anybody: who they are and what they said comes in from outside.
 */
import {
  type Card,
  createVault,
  type Format,
  type NewConsent,
  type NewContact,
  openAnyVault,
  type Policy,
  passphrase,
  type Store,
  type Vault,
} from '@amanat/vault'
import { fakeClock } from '@amanat/vault/testing'
import type { Someone, Told, World } from './people'

/** More than one row holds. */
const LARGE = 80_000

const bytesOf = (text: string) => new TextEncoder().encode(text)
const large = (text: string) => bytesOf(text.repeat(Math.ceil(LARGE / bytesOf(text).length)))

function base64(bytes: Uint8Array): string {
  let letters = ''
  for (const byte of bytes) letters += String.fromCharCode(byte)
  return btoa(letters)
}

function cardOf({ name, phone, email, address, note, photo, diet }: Omit<Someone, 'source' | 'ref' | 'consents'>) {
  return {
    name: { full: name },
    phones: { p1: { number: phone } },
    ...(email === undefined ? {} : { emails: { e1: { address: email } } }),
    ...(address === undefined ? {} : { addresses: { a1: { full: address } } }),
    ...(note === undefined ? {} : { notes: { n1: { note } } }),
    ...(photo === undefined
      ? {}
      : { media: { m1: { kind: 'photo', uri: `data:image/png;base64,${base64(large(photo))}` } } }),
    ...(diet === undefined ? {} : { 'x:diet': diet }),
  }
}

const consentOf = ({ purpose, recipients = [], words, evidence }: Told): NewConsent<Policy> => ({
  purpose,
  recipients,
  given: { how: 'paper', words, evidence: { kind: 'scan', content: large(evidence), mediaType: 'text/plain' } },
})

const contactOf = (someone: Someone): NewContact<Policy> => ({
  card: cardOf(someone) as Card,
  consents: someone.consents.map(consentOf),
  source: someone.source,
  ref: someone.ref,
})

const lines: Format = {
  name: 'lines',
  version: '1',
  mediaType: 'application/jsonl',
  extension: 'jsonl',
  async *write(people) {
    for await (const { card } of people) yield bytesOf(`${JSON.stringify(card)}\n`)
  },
}

export interface Lived {
  /** When it ended, and by which policy the vault was ruled then. */
  readonly now: string
  readonly ids: { readonly [who: string]: string }
  /** Bytes that left by the door. */
  readonly exported: number
  readonly delivered: number
}

export interface Seen {
  /** Everybody that any door shows, all of what it shows, as JSON. */
  readonly shown: string
  readonly counts: { readonly [purpose: string]: number }
  /** What happened, as the ledger has it. */
  readonly ledger: readonly string[]
  /** Where the cell lies, as the store says. */
  readonly cell: string
}

type AnyVault = Vault<Policy>

async function leave(vault: AnyVault, world: World): Promise<{ exported: number; delivered: number }> {
  const door = vault.for(world.purposes.news)
  await door.list({ sort: 'name', locale: 'fa' })
  await door.find({ text: world.staying.name.slice(0, 4) })
  const asked = { recipient: world.recipient, whenRefused: 'leave-out' } as const
  const { file, manifest } = await door.export({ ...asked, format: 'lines' })
  const read = new Response(file as unknown as BodyInit).arrayBuffer()
  await manifest
  const { delivered } = await door.deliver({ ...asked, to: async () => undefined })
  return { exported: (await read).byteLength, delivered }
}

/** `after` is told each step, when it is done and the vault is still open. */
export async function live(
  store: () => Store,
  world: World,
  after: (step: string) => Promise<void> = async () => undefined,
): Promise<Lived> {
  const { start, policy, actors, purposes } = world
  const clock = fakeClock(start)
  let now = Date.parse(start)
  const days = async (count: number) => {
    now += count * 86_400_000
    await clock.advance(`P${count}D`)
  }
  const options = { clock, formats: { lines }, actor: actors[0] }
  let vault: AnyVault = await createVault({
    ...options,
    store: store(),
    unlock: passphrase(world.passphrase),
    policy,
    slotLabel: world.slotLabel,
  })
  await after('create')

  const ids: Record<string, string> = {}
  for (const who of ['staying', 'moving', 'refusing', 'withdrawing'] as const) {
    ids[who] = (await vault.add(contactOf(world[who]))).id
  }
  await after('add')
  const { added } = await vault.addMany([world.erased, ...world.crowd].map(contactOf))
  if (added !== world.crowd.length + 1) throw new Error('not everybody was added')
  ids.erased = (await vault.for(purposes.care).list()).people[0]?.id as string
  await after('addMany')
  const { name, phone, email, source } = world.quarantined
  const waiting = await vault.add({
    card: cardOf({ name, phone, ...(email === undefined ? {} : { email }) }) as Card,
    source,
    mayAsk: 'they-asked',
  })
  ids.quarantined = waiting.id
  await after('quarantine')
  await vault.consent(ids.staying as string, consentOf(world.second))
  await after('consent')

  const other = vault.as(actors[1])
  const met = await other.for(purposes.news).reveal(ids.staying as string)
  if (!(met && 'phones' in met.card)) throw new Error('nobody was revealed')
  await after('reveal')
  const left = await leave(vault, world)
  await after('export')

  await vault.change(ids.moving as string, cardOf(world.moved) as Card, { source: world.moving.source })
  await after('change')
  await vault.refuse(ids.refusing as string, purposes.news, { how: 'verbal', words: world.refusing.source })
  await after('refuse')
  await vault.withdraw(ids.withdrawing as string, purposes.news)
  await after('withdraw')
  await vault.erase(ids.erased)
  await after('erase')
  await vault.suppress({ phone: world.stranger })
  await after('suppress')
  await vault.slots.add(passphrase(world.spare.passphrase, { memory: 64 * 1024, passes: 1 }), world.spare.label)
  await after('slots')

  const narrow = narrowed(policy, purposes.news)
  vault = await vault.changePolicy(narrow, { accept: await vault.planPolicy(narrow) })
  await after('policy')
  await days(31)
  await vault.purge()
  await after('purge')
  await vault.lock()
  await after('lock')
  const again = await openAnyVault({ ...options, store: store(), unlock: passphrase(world.spare.passphrase) })
  await after('open')
  await again.lock()
  return { now: new Date(now).toISOString(), ids, ...left }
}

/** Without notes: those of the staying go, too. */
function narrowed(policy: Policy, name: string): Policy {
  const purpose = policy.purposes[name]
  if (!purpose) throw new Error('no such purpose')
  const fields = purpose.fields.filter(field => field !== 'notes')
  return { ...policy, purposes: { ...policy.purposes, [name]: { ...purpose, fields } } }
}

/** Opens the vault of a life that was lived, and looks through every door. */
export async function look(store: Store, words: string, world: World, lived: Lived): Promise<Seen> {
  const vault = await openAnyVault({
    store,
    unlock: passphrase(words),
    actor: world.actors[1],
    clock: fakeClock(lived.now),
  })
  const shown: unknown[] = []
  const counts: Record<string, number> = {}
  for (const purpose of Object.values(world.purposes)) {
    const door = vault.for(purpose)
    counts[purpose] = await door.count()
    const { people } = await door.list()
    shown.push(people)
    for (const { id } of people) shown.push(await door.get(id))
  }
  shown.push(await vault.for(world.purposes.news).reveal(lived.ids.staying as string))
  for (const id of Object.values(lived.ids)) shown.push(await vault.consents(id).catch(() => 'unknown'))
  const ledger: string[] = []
  for await (const { type } of vault.ledger.entries()) ledger.push(type)
  const { cell } = await vault.guarantees()
  await vault.lock()
  return { shown: JSON.stringify(shown), counts, ledger, cell }
}
