/**
 * A small vault on a medium that remembers everything, and people in it whose every detail is a word that stands
 * nowhere else: what these tests look for in whatever can still be read.
 */

import type { Store } from '@amanat/store-contract'
import { type MemoryMedium, type MemoryStep, memoryMedium, memoryStore } from '@amanat/store-contract/memory'
import { createVault, definePolicy, openVault } from '../../src/index'
import { type FakeClock, fakeClock, testKey, testRandomness } from '../../src/testing'
import { seedOfTest } from '../seed-of-test'
import { everythingIn, type Haul, type Image, type Opening } from './adversary'

const KEY = 'age1qqugsrqt5eyg08vnnfht3vg50ttgdtqp9c487zu24rnp8dafp5ms6kz74w'

export const policy = definePolicy({
  controller: {
    name: 'Riverside Centre',
    contact: 'privacy@riverside.example',
    address: '1 Quay Street, Riverside',
    jurisdiction: 'GB',
    withdraw: 'Reply STOP',
  },
  region: 'GB',
  purposes: {
    times: {
      description: 'Send you prayer times by SMS',
      fields: ['name', 'phones'],
      keepFor: 'P90D',
      recipients: {
        gateway: {
          name: 'Pigeon SMS',
          role: 'processor',
          country: 'GB',
          members: 'kept-apart',
          ageKeys: [KEY],
          via: ['delivery'],
        },
      },
    },
    chat: {
      description: 'Add you to the community chat',
      fields: ['name', 'phones', 'emails', 'notes'],
      keepFor: 'P300D',
    },
    call: { description: 'Call you back', fields: ['name', 'phones', 'notes', 'media'], keepFor: 'P2Y' },
  },
  bulk: {
    perActor: [{ people: 40, within: 'PT1H' }],
    vault: [{ share: 0.1, within: 'P30D' }],
  },
})

export const actor = 'staff:leila'
export const key1: Opening = { secretKey: new Uint8Array(32).fill(1) }

/** What of a person can be looked for: each stands once in the world. */
export interface Marks {
  readonly name: string
  readonly phone: string
  readonly email: string
  readonly note: string
  readonly evidence: string
  readonly photo: string
  readonly ref: string
}

export function marksOf(number: number, suffix = ''): Marks {
  return {
    name: `Name${number}${suffix}Zq`,
    phone: `07700 900${String(100 + number + (suffix ? 400 : 0))}`,
    email: `mail${number}${suffix}zq@people.example`,
    note: `Note${number}${suffix}Zq`,
    evidence: `Evidence${number}${suffix}Zq`,
    photo: `Photo${number}${suffix}Zq`,
    ref: `ref-${number}${suffix}-zq`,
  }
}

const bytes = (text: string) => new TextEncoder().encode(text)

export type Purpose = 'times' | 'chat' | 'call'

/** With a document large enough to lie in rows of its own. */
export const consentTo = (purpose: Purpose, evidence: string, until?: string) => ({
  purpose,
  ...(until === undefined ? {} : { until }),
  given: { how: 'paper', evidence: { kind: 'scan', content: bytes(evidence.repeat(60)) } },
})

export function person(number: number, purposes: readonly Purpose[]) {
  const marks = marksOf(number)
  const card = {
    name: { full: marks.name },
    phones: { p1: { number: marks.phone } },
    ...(purposes.includes('chat') ? { emails: { e1: { address: marks.email } } } : {}),
    ...(purposes.includes('chat') || purposes.includes('call') ? { notes: { n1: { note: marks.note } } } : {}),
    ...(purposes.includes('call')
      ? { media: { m1: { kind: 'photo' as const, uri: `data:image/png;base64,${btoa(marks.photo.repeat(80))}` } } }
      : {}),
  }
  return {
    card,
    consents: purposes.map(purpose => consentTo(purpose, `${purpose}-${marks.evidence}`)),
    source: 'sign-up sheet',
    ref: marks.ref,
  }
}

export type TestVault = Awaited<ReturnType<typeof openVault<typeof policy>>>

export interface World {
  readonly clock: FakeClock
  readonly medium: MemoryMedium
  readonly vault: TestVault
  /** Another store on the same medium. */
  readonly store: () => Store
  /** Another vault object on it, as another tab or process has one. */
  readonly open: (clock?: FakeClock) => Promise<TestVault>
  /** Ids of the people, by their number. */
  readonly ids: readonly string[]
}

/** People 0 to 3: times; times and chat; all three; chat. */
export const PEOPLE: readonly (readonly Purpose[])[] = [
  ['times'],
  ['times', 'chat'],
  ['times', 'chat', 'call'],
  ['chat'],
]

export interface WorldOptions {
  /** What its keys are drawn from where a hook makes it; otherwise the name of the test. */
  readonly hook?: string
  readonly keepOverwrittenCells?: boolean
  /** Stands between the vault and its store. */
  readonly through?: (store: Store) => Store
}

export async function newWorld({ hook, through = store => store, ...options }: WorldOptions = {}): Promise<World> {
  const clock = fakeClock()
  const medium = memoryMedium(options)
  const store = () => through(memoryStore({ medium }))
  const randomness = testRandomness(seedOfTest(hook))
  const vault = await createVault({ store: store(), unlock: testKey(), policy, actor, clock, randomness })
  const ids: string[] = []
  for (const [number, purposes] of PEOPLE.entries()) ids.push((await vault.add(person(number, purposes) as never)).id)
  const open = (on = clock) => openOn({ medium, clock: on, through })
  return { clock, medium, vault: vault as TestVault, store, open, ids }
}

export interface Opens {
  readonly medium: MemoryMedium
  readonly clock: FakeClock
  readonly onStep?: (step: MemoryStep) => void | Promise<void>
  readonly through?: (store: Store) => Store
  readonly unlock?: ReturnType<typeof testKey>
}

/** Another vault object on the same medium, as another tab or process has it. */
export async function openOn({ medium, clock, onStep, through = store => store, unlock }: Opens): Promise<TestVault> {
  const store = through(memoryStore({ medium, ...(onStep ? { onStep } : {}), timeoutMs: 2_000 }))
  return (await openVault({ store, unlock: unlock ?? testKey(), policy, actor, clock })) as TestVault
}

/** A full image of the medium: all that was ever committed, and the cell as it is (or ever was, where it is kept). */
export function imageOf(medium: MemoryMedium): Image {
  const { roots, rows, cells } = medium.history
  return { roots, rows, halves: [...(medium.cellNow() ?? []), ...cells] }
}

export const haulOf = (medium: MemoryMedium, openings: readonly Opening[] = [key1]): Promise<Haul> =>
  everythingIn(imageOf(medium), openings)
