/**
 * The recoverability oracle on real files: whoever copied a vault's whole folder before and after every step, and has
 * the passphrase, finds nothing of what was forgotten, as long as the only cell is today's. With the old cells, that is
 * with the overwrite taken out, all of it is found. The second reader is the one of the vault's own oracle.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HALF_BYTES, TABLES } from '@amanat/store-contract'
import { disk } from '@amanat/store-disk'
import { createVault, dropExpired, openVault } from '@amanat/vault'
import { type FakeClock, fakeClock, testKey, testRandomness } from '@amanat/vault/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everythingIn, type Haul, type Image, type ImageRow } from '../../packages/vault/test/protocol/adversary'
import { everythingTried } from '../../packages/vault/test/protocol/oracle-tireless'
import {
  actor,
  consentTo,
  key1,
  marksOf,
  PEOPLE,
  person,
  policy,
  type TestVault,
} from '../../packages/vault/test/protocol/world'
import { copyFolder } from '../forensics/search'
import { figures } from '../trust/figures'

let place: string
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'amanat-oracle-'))
})
afterAll(() => rm(place, { recursive: true, force: true }))

interface DiskWorld {
  readonly vault: TestVault
  readonly clock: FakeClock
  readonly folder: string
  readonly ids: readonly string[]
  open(): Promise<TestVault>
  /** Copies the whole folder. */
  copy(): void
  readonly copies: readonly string[]
}

async function newDiskWorld(): Promise<DiskWorld> {
  const own = await mkdtemp(join(place, 'world-'))
  const folder = join(own, 'vault')
  const clock = fakeClock()
  const options = () => ({ store: disk(folder), unlock: testKey(), policy, actor, clock })
  const vault = (await createVault({ ...options(), randomness: testRandomness() })) as unknown as TestVault
  const ids: string[] = []
  for (const [number, purposes] of PEOPLE.entries()) ids.push((await vault.add(person(number, purposes) as never)).id)
  const copies: string[] = []
  const copy = () => {
    const to = join(own, `copy-${copies.length}`)
    copyFolder(folder, to)
    copies.push(to)
  }
  return {
    vault,
    clock,
    folder,
    ids,
    copies,
    copy,
    open: async () => (await openVault(options())) as unknown as TestVault,
  }
}

/** Everything that the stores in these copies hold, each row once. */
async function rowsOf(copies: readonly string[]): Promise<{ roots: Uint8Array[]; rows: ImageRow[] }> {
  const roots: Uint8Array[] = []
  const rows = new Map<string, ImageRow>()
  for (const copy of copies) {
    const store = disk(copy)
    await store.open()
    const root = await store.root()
    if (root) roots.push(root.bytes)
    for (const table of TABLES) {
      for await (const row of store.scan(table)) rows.set(Buffer.concat([row.id, row.bytes]).toString('base64'), row)
    }
    await store.close()
  }
  return { roots, rows: [...rows.values()] }
}

async function halvesOf(folder: string): Promise<Uint8Array[]> {
  const cell = new Uint8Array(await readFile(join(folder, 'cell', 'cell')))
  return [cell.slice(0, HALF_BYTES), cell.slice(HALF_BYTES)]
}

/** What the adversary is given: all rows of all copies and of today, with the cells of these folders. */
async function imageOf(world: DiskWorld, cells: readonly string[]): Promise<Image> {
  const halves = (await Promise.all(cells.map(halvesOf))).flat()
  return { ...(await rowsOf(world.copies)), halves }
}

const haulOf = async (world: DiskWorld, cells: readonly string[]): Promise<Haul> =>
  everythingIn(await imageOf(world, cells), [key1])

function all(number: number): string[] {
  const { name, phone, email, note, photo, ref, evidence } = marksOf(number)
  const purposes = PEOPLE[number] ?? []
  return [
    ...[name, phone, ref],
    ...(purposes.includes('chat') ? [email, note] : []),
    ...(purposes.includes('call') ? [photo] : []),
    ...purposes.map(purpose => `${purpose}-${evidence}`),
  ]
}

const everybody = PEOPLE.flatMap((_, number) => all(number))

interface Scenario {
  readonly act: (world: DiskWorld) => Promise<unknown>
  readonly forgotten: readonly string[]
}

const SCENARIOS: { readonly [name: string]: Scenario } = {
  'R19: a person is erased': {
    act: ({ vault, ids }) => vault.erase(ids[2] as string),
    forgotten: all(2),
  },
  'R18: the only consent is withdrawn': {
    act: ({ vault, ids }) => vault.withdraw(ids[0] as string, 'times'),
    forgotten: all(0),
  },
  'R18: a consent is withdrawn, and only its own fields go': {
    act: ({ vault, ids }) => vault.withdraw(ids[1] as string, 'chat'),
    forgotten: [marksOf(1).email, marksOf(1).note, `chat-${marksOf(1).evidence}`],
  },
  'a number and a photo are changed': {
    act: ({ vault, ids }) =>
      vault.change(ids[2] as string, { phones: { p1: { number: '07700 900777' } }, media: null } as never),
    forgotten: [marksOf(2).phone, marksOf(2).photo],
  },
  'R3: a field goes from the policy': {
    async act({ vault }) {
      const chat = { ...policy.purposes.chat, fields: ['name', 'phones', 'emails'] }
      const next = { ...policy, purposes: { ...policy.purposes, chat } } as unknown as typeof policy
      await vault.changePolicy(next, { accept: await vault.planPolicy(next) })
    },
    forgotten: [marksOf(1).note, marksOf(3).note],
  },
  'R13: consents expire while the vault is open': {
    act: ({ clock }) => clock.advance('P91D'),
    forgotten: all(0),
  },
  'R14: consents expire while the vault is locked, and a cron job without a key forgets': {
    async act({ vault, clock, folder }) {
      await vault.lock()
      for (let visits = 0; visits < 5; visits++) {
        await clock.advance('P20D')
        const store = disk(folder)
        await dropExpired(store, { clock })
        await store.close()
      }
    },
    forgotten: all(0),
  },
  'two vaults on one folder forget at the same time': {
    async act(world) {
      const other = await world.open()
      await Promise.all([world.vault.erase(world.ids[0] as string), other.withdraw(world.ids[3] as string, 'chat')])
      await other.lock()
    },
    forgotten: [...all(0), ...all(3)],
  },
  'a consent is renewed to a later day, copied in between, and then withdrawn': {
    async act({ vault, ids, clock, copy }) {
      await clock.advance('P10D')
      await vault.consent(ids[0] as string, consentTo('times', 'RenewedZq'))
      copy()
      await vault.withdraw(ids[0] as string, 'times')
    },
    forgotten: [...all(0), 'RenewedZq'],
  },
}

describe('on disk, of what was forgotten', () => {
  const counted = { scenarios: 0, 'combinations tried': 0 }
  afterAll(() => figures('oracle', counted))

  test.each(Object.entries(SCENARIOS))('%s', async (_, { act, forgotten }) => {
    const world = await newDiskWorld()
    world.copy()
    const yesterday = world.copies[0] as string
    await act(world)
    world.copy()
    await world.vault.lock()
    world.copy()
    const today = world.copies.at(-1) as string

    const before = await haulOf({ ...world, copies: [yesterday] }, [yesterday])
    expect(everybody.filter(mark => before.where(mark).length === 0)).toEqual([])

    const after = await everythingTried(await imageOf(world, [today]), [key1])
    counted.scenarios++
    counted['combinations tried'] += after.tried
    expect(after.openedRoots).toBeGreaterThan(0)
    expect(forgotten.filter(mark => after.where(mark).length > 0)).toEqual([])

    const kept = await haulOf(world, world.copies)
    expect(forgotten.filter(mark => kept.where(mark).length === 0)).toEqual([])
  })
})
