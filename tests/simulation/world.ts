/**
 * A small vault and the people in it. Every detail is a word that is written once in a history and stands nowhere else, so
 * that finding it anywhere says whose it is and of which version.
 */
import { createVault, definePolicy, openAnyVault, restoreVault } from '@amanat/vault'
import { testKey } from '@amanat/vault/testing'
import { SimulatedTime } from './clock'
import { Disk } from './disk'
import { Seeded } from './random'
import { SimulatedStore } from './store'

export const DAY = 86_400_000
/** Four hours before midnight. */
export const START = Date.UTC(2026, 2, 10, 20)
export const ACTOR = 'staff:leila'

export const policy = definePolicy({
  controller: { name: 'Quay', contact: 'q@quay.example', address: '1 Quay', jurisdiction: 'GB', withdraw: 'Write' },
  region: 'GB',
  purposes: {
    news: {
      description: 'News',
      fields: ['name', 'phones'],
      keepFor: 'P25D',
      assurance: { export: 'claimed' },
      recipients: {
        gateway: { name: 'Gate', role: 'processor', country: 'GB', members: 'kept-apart', via: ['delivery'] },
      },
    },
    care: { description: 'Care', fields: ['name', 'notes'], keepFor: 'P25D' },
  },
  quarantine: { keepFor: 'P8D' },
  bulk: { perActor: [{ people: 100, within: 'PT1H' }], vault: [{ share: 0.1, within: 'P30D' }] },
})

/** As the policy says, in milliseconds. */
export const STAY = 8 * DAY

/** Nobody keeps notes any more. */
export const narrowed = {
  ...policy,
  purposes: { ...policy.purposes, care: { ...policy.purposes.care, fields: ['name'] } },
}

export type Purpose = keyof typeof policy.purposes
export type Field = 'name' | 'phones' | 'notes'
export const ALL = Object.keys(policy.purposes) as Purpose[]
export const FIELDS: { readonly [purpose in Purpose]: readonly Field[] } = {
  news: ['name', 'phones'],
  care: ['name', 'notes'],
}

/** The word in a field, by the version of the person that it was written with. */
export const wordOf = (field: Field, version: number): string =>
  field === 'phones' ? `07700 900${100 + version}` : `${field}${version}q`

export const evidenceOf = (number: number): string => `evidence${number}q`

export const cardOf = (fields: readonly Field[], version: number) => ({
  ...(fields.includes('name') ? { name: { full: wordOf('name', version) } } : {}),
  ...(fields.includes('phones') ? { phones: { p1: { number: wordOf('phones', version) } } } : {}),
  ...(fields.includes('notes') ? { notes: { n1: { note: wordOf('notes', version) } } } : {}),
})

export interface Ask {
  readonly purpose: Purpose
  /** Midnight of a day. */
  readonly until: number
  readonly evidence: string | undefined
}

export const consentTo = ({ purpose, until, evidence }: Ask) =>
  ({
    purpose,
    recipients: purpose === 'news' ? ['gateway'] : [],
    until: new Date(until).toISOString(),
    given: {
      how: 'paper',
      ...(evidence === undefined
        ? {}
        : { evidence: { kind: 'scan', content: new TextEncoder().encode(evidence.padEnd(200).repeat(3)) } }),
    },
  }) as never

export interface Prepared {
  readonly disk: Disk
  readonly people: readonly {
    readonly id: string
    readonly asks: readonly Ask[]
    /** When they were brought in, without a consent. */
    readonly came?: number
  }[]
}

/** When people came who wait in quarantine from the beginning: one in an earlier week, for whom it ends at midnight. */
const CAME = [START - 7 * DAY, START]

/** Ends of consents of those who are there from the beginning, in days after the first midnight. */
const PEOPLE: readonly (readonly [Purpose, number][])[] = [
  [['news', 9]],
  [
    ['news', 0],
    ['care', 9],
  ],
  [['care', 2]],
]

/** The vault that histories begin with; made once, cloned for each. */
export async function prepare(): Promise<Prepared> {
  const disk = new Disk()
  const random = new Seeded(0, 9)
  const time = new SimulatedTime(CAME[0] as number, () => undefined)
  const store = new SimulatedStore(disk, async () => undefined)
  const options = { store, unlock: testKey(), policy, actor: ACTOR, clock: time.clock(0) }
  const vault = await createVault({ ...options, randomness: length => random.bytes(length), slotLabel: 'slot1' })
  const people: Prepared['people'][number][] = []
  const midnight = START - (START % DAY) + DAY
  // Their versions are those after everybody else's.
  const strangers: Prepared['people'][number][] = []
  for (const [number, came] of CAME.entries()) {
    time.move(came - time.now)
    const card = cardOf(['name', 'phones'], PEOPLE.length + number)
    const { id } = await vault.add({ card, source: 'list', mayAsk: 'they-asked' })
    strangers.push({ id, asks: [], came })
  }
  for (const [version, consents] of PEOPLE.entries()) {
    const asks = consents.map(([purpose, days]) => ({
      purpose,
      until: midnight + days * DAY,
      evidence: purpose === 'care' ? evidenceOf(version) : undefined,
    }))
    const fields = [...new Set(asks.flatMap(({ purpose }) => FIELDS[purpose]))]
    const { id } = await vault.add({ card: cardOf(fields, version), consents: asks.map(consentTo), source: 'list' })
    people.push({ id, asks })
  }
  people.push(...strangers)
  await vault.lock()
  // What is loaded at its first use: nothing may come from outside while steps are counted.
  const other = new SimulatedStore(disk.clone(), async () => undefined)
  const scratch = await openAnyVault({ ...options, store: other })
  const to = async () => undefined
  await scratch.for('news').deliver({ recipient: 'gateway', whenRefused: 'leave-out', to } as never)
  await scratch.quarantine.list()
  const bytes = await bytesIn((await scratch.backup()).file)
  await scratch.lock()
  await restoreVault({ ...options, store: other, from: chunksIn(bytes), backupUnlock: testKey() })
  return { disk, people }
}

export async function* chunksIn(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

export async function bytesIn(file: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of file as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return new Uint8Array(Buffer.concat(chunks))
}
