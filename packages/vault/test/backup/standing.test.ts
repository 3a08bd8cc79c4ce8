/**
 * A backup that takes the place of a vault: what that one knows of people who left still holds, and of that one nothing
 * can be read afterwards, by anybody (R21).
 */
import { type Batch, type Root, type Store, StoreError } from '@amanat/store-contract'
import { type MemoryMedium, memoryMedium, memoryStore } from '@amanat/store-contract/memory'
import { expect, test, vi } from 'vitest'
import { hex } from '../../src/bytes'
import { decodeRoot } from '../../src/commit/root'
import {
  createVault,
  dropExpired,
  openVault,
  type Policy,
  type PurposeSpec,
  type Vault,
  VaultError,
} from '../../src/index'
import { fakeClock, testKey } from '../../src/testing'
import { everythingIn } from '../protocol/adversary'
import {
  actor,
  consentTo,
  haulOf,
  imageOf,
  key1,
  marksOf,
  newWorld,
  openOn,
  person,
  policy,
  type TestVault,
  type World,
} from '../protocol/world'
import { backupOf, bytesOf, everybody, marksIn, openAt, restoreTo, shown, undatedIn } from './place'

async function rootOf(medium: MemoryMedium) {
  const store = memoryStore({ medium })
  await store.open()
  return store.root()
}

/** A vault, a backup of it, and what was done since. */
async function since(act: (world: World) => Promise<unknown>): Promise<World & { readonly bytes: Uint8Array }> {
  const world = await newWorld()
  const bytes = await backupOf(world.vault)
  await act(world)
  await world.vault.lock()
  return { ...world, bytes }
}

const id = ({ ids }: Pick<World, 'ids'>, number: number) => ids[number] as string

test('a backup that knows everything takes the place of the vault', async () => {
  const world = await newWorld()
  const older = world.medium.clone()
  await world.vault.add(person(6, ['times']) as never)
  const report = await restoreTo(await backupOf(world.vault), { medium: older, clock: world.clock })
  expect(report).toMatchObject({ people: 5, gone: 0 })
  const vault = await openAt(older, world.clock)
  const lines = []
  for await (const line of vault.ledger.entries({ type: 'restored' })) lines.push(line)
  expect(lines).toMatchObject([{ vault: world.vault.id, replaced: world.vault.id }])
  expect((await vault.examine()).damaged).toEqual([])
})

for (const keepOverwrittenCells of [false, true]) {
  test(`of the vault that stood there ${keepOverwrittenCells ? 'everything is found where the cell is not overwritten' : 'nothing opens any more'}`, async () => {
    const world = await newWorld({ keepOverwrittenCells })
    const bytes = await backupOf(world.vault)
    await world.vault.add(person(6, ['times']) as never)
    await world.vault.lock()
    await restoreTo(bytes, { medium: world.medium, clock: world.clock, evenIfOlder: true })
    // Every row that the old vault ever had is still on the medium, and its key is the same.
    const found = (await haulOf(world.medium)).where(marksOf(6).name)
    expect(found).toEqual(keepOverwrittenCells ? ['heads', 'pages'] : [])
  })
}

test('rows of the vault that stood there are dropped', async () => {
  const world = await newWorld()
  const medium = world.medium.clone()
  const before = new Set<string>()
  const store = memoryStore({ medium })
  await store.open()
  const tables = ['slots', 'ring', 'heads', 'pages', 'blobs', 'undated', 'ledger', 'exports'] as const
  for (const table of tables) for await (const row of store.scan(table)) before.add(`${table} ${row.id}`)
  await restoreTo(await backupOf(world.vault), { medium, clock: world.clock })
  for (const table of tables) {
    for await (const row of store.scan(table)) expect(before.has(`${table} ${row.id}`), table).toBe(false)
  }
})

test('one that is older than the vault is refused, says by how much, and changes nothing', async () => {
  const world = await since(async ({ vault }) => {
    await vault.add(person(6, ['times']) as never)
    await vault.add(person(7, ['times']) as never)
  })
  const before = await rootOf(world.medium)
  const refused = restoreTo(world.bytes, { medium: world.medium, clock: world.clock })
  await expect(refused).rejects.toMatchObject({ code: 'BACKUP_OLDER', data: { missing: 2 } })
  const vault = await openAt(world.medium, world.clock)
  expect(await vault.for('times').count()).toBe(5)
  expect((await rootOf(world.medium))?.bytes.subarray(0, 64)).toEqual(before?.bytes.subarray(0, 64))
})

test('what a vault only tells itself of its forgetting does not make a backup older', async () => {
  const world = await newWorld()
  await world.vault.erase(id(world, 0))
  const bytes = await backupOf(world.vault)
  await world.vault.lock()
  await restoreTo(bytes, { medium: world.medium, clock: world.clock })
  expect(await (await openAt(world.medium, world.clock)).exists(world.ids)).toHaveLength(3)
})

const LEFT: {
  readonly [how: string]: { act(world: World): Promise<unknown>; gone: readonly string[]; people: number }
} = {
  'was erased': { act: world => world.vault.erase(id(world, 1)), gone: marksIn(1), people: 3 },
  'was erased without a suppression': {
    act: world => world.vault.erase(id(world, 1), { suppress: false }),
    gone: marksIn(1),
    people: 3,
  },
  'withdrew one consent': {
    act: world => world.vault.withdraw(id(world, 1), 'chat'),
    gone: [marksOf(1).email, marksOf(1).note, `chat-${marksOf(1).evidence}`],
    people: 4,
  },
  'withdrew their only consent': { act: world => world.vault.withdraw(id(world, 0)), gone: marksIn(0), people: 3 },
  'refused after having agreed': {
    act: world => world.vault.refuse(id(world, 3), 'chat'),
    gone: marksIn(3),
    people: 3,
  },
  // Still in the vault that stands there: only its ledger tells what they said no to.
  'refused one of two, having agreed': {
    act: world => world.vault.refuse(id(world, 1), 'chat'),
    gone: [marksOf(1).email, marksOf(1).note, `chat-${marksOf(1).evidence}`],
    people: 4,
  },
}

for (const [how, { act, gone, people }] of Object.entries(LEFT)) {
  test(`R21: somebody who ${how} since the backup does not come back with it`, async () => {
    const world = await since(act)
    const report = await restoreTo(world.bytes, { medium: world.medium, clock: world.clock, evenIfOlder: true })
    expect(report).toMatchObject({ people, gone: 1 })
    const haul = await haulOf(world.medium)
    expect(gone.filter(mark => haul.where(mark).length > 0)).toEqual([])
    const kept = everybody().filter(mark => !gone.includes(mark))
    expect(kept.filter(mark => haul.where(mark).length === 0)).toEqual([])
    // Nor by an import.
    if (!how.includes('without')) {
      const vault = await openAt(world.medium, world.clock)
      const [number] = [0, 1, 3].filter(
        one => gone.includes(`chat-${marksOf(one).evidence}`) || gone.includes(marksOf(one).name),
      )
      const purposes =
        how.includes('one consent') || how.includes('refused') ? (['chat'] as const) : (['times'] as const)
      const again = { ...person(number as number, purposes), ref: undefined }
      await expect(vault.add(again as never)).rejects.toMatchObject({ code: 'SUPPRESSED' })
    }
  })
}

const renamed = ({ times, chat, ...others } = policy.purposes) => ({
  ...policy,
  purposes: { ...others, ramadan: { ...times, was: 'times' }, friends: { ...chat, was: 'chat' } },
})

for (const when of ['before', 'after']) {
  for (const [number, purpose] of [
    [0, 'times'],
    [1, 'chat'],
  ] as const) {
    test(`R21: whoever withdrew ${purpose} ${when} it got another name does not come back under the one it had`, async () => {
      const world = await since(async ({ vault, ids }) => {
        const rename = async () => vault.changePolicy(renamed(), { accept: await vault.planPolicy(renamed()) })
        if (when === 'after') await rename()
        const name = when === 'after' ? { times: 'ramadan', chat: 'friends' }[purpose] : purpose
        await vault.withdraw(ids[number] as string, name as 'times')
        if (when === 'before') await rename()
      })
      const report = await restoreTo(world.bytes, { medium: world.medium, clock: world.clock, evenIfOlder: true })
      expect(report).toMatchObject({ gone: 1 })
      const vault = await openAt(world.medium, world.clock)
      expect(await vault.for(purpose).get(id(world, number))).toBeUndefined()
      const again = { ...person(number, [purpose]), ref: undefined }
      await expect(vault.add(again as never)).rejects.toMatchObject({ code: 'SUPPRESSED' })
      expect((await vault.examine()).damaged).toEqual([])
    })
  }
}

/** The purpose chat has one name after the other, and whoever is second withdraws from it when it has the first of them. */
async function renamedOften({ vault, medium, ids }: World, ...names: readonly string[]) {
  const rows = async () => (await undatedIn(medium)).map(({ id }) => hex(id))
  let known = await rows()
  /** The rows that each change wrote. */
  const written: string[][] = []
  let [name, now] = ['chat', policy as Policy]
  let open = vault as unknown as Vault<Policy>
  for (const next of names) {
    const { [name]: spec, ...others } = now.purposes
    now = { ...now, purposes: { ...others, [next]: { ...(spec as PurposeSpec), was: name } } }
    open = await open.changePolicy(now, { accept: await open.planPolicy(now) })
    name = next
    written.push((await rows()).filter(id => !known.includes(id)))
    if (written.length === 1) await open.withdraw(ids[1] as string, name)
    known = [...known, ...(await rows())]
  }
  return written
}

test('R21: whoever withdrew between two renames of a purpose does not come back under the name it had before', async () => {
  const world = await since(world => renamedOften(world, 'friends', 'mates'))
  const report = await restoreTo(world.bytes, { medium: world.medium, clock: world.clock, evenIfOlder: true })
  expect(report).toMatchObject({ gone: 1 })
  const vault = await openAt(world.medium, world.clock)
  expect(await vault.for('chat').get(id(world, 1))).toBeUndefined()
  expect(await vault.for('times').get(id(world, 1))).toBeDefined()
})

test('R21: nor where nobody can tell any more what it was called: then each of their consents may be the one', async () => {
  let written: string[][] = []
  const world = await since(async world => {
    written = await renamedOften(world, 'friends', 'mates', 'pals')
  })
  // Of what the second change wrote, the third replaced everything but the policy that had ruled before.
  const former = (await undatedIn(world.medium)).filter(({ id }) => written[1]?.includes(hex(id)))
  expect(former).toHaveLength(1)
  for (const { id, bytes } of former) world.medium.damageRow('undated', id, bytes.with(40, (bytes[40] as number) ^ 1))
  const report = await restoreTo(world.bytes, { medium: world.medium, clock: world.clock, evenIfOlder: true })
  expect(report).toMatchObject({ gone: 1 })
  const vault = await openAt(world.medium, world.clock)
  for (const purpose of ['chat', 'times'] as const) expect(await vault.for(purpose).get(id(world, 1))).toBeUndefined()
  expect((await vault.for('chat').list()).people.length).toBeGreaterThan(0)
})

test('R21: somebody who came after the backup and asked to be left alone is stopped from there on', async () => {
  const world = await since(({ vault }) => vault.suppress({ phone: marksOf(6).phone }))
  await restoreTo(world.bytes, { medium: world.medium, clock: world.clock, evenIfOlder: true })
  const vault = await openAt(world.medium, world.clock)
  await expect(vault.add(person(6, ['times']) as never)).rejects.toMatchObject({ code: 'SUPPRESSED' })
})

test('R22: whoever waited in quarantine after the backup and went does not wait again', async () => {
  const { name, phone } = marksOf(6)
  const contact = { card: { name: { full: name }, phones: { p1: { number: phone } } }, source: 'list' }
  const world = await newWorld()
  const bytes = await backupOf(world.vault)
  await world.vault.add(contact as never)
  await world.clock.advance('P40D')
  await world.vault.lock()
  await restoreTo(bytes, { medium: world.medium, clock: world.clock, evenIfOlder: true })
  const vault = await openAt(world.medium, world.clock)
  await expect(vault.add(contact as never)).rejects.toMatchObject({ code: 'QUARANTINE_AGAIN' })
})

test('epochs go on from those of the vault that stood there, where it forgot more often than the backup knows', async () => {
  const world = await since(async ({ vault, ids }) => {
    for (const each of ids.slice(0, 3)) await vault.change(each, { name: { full: 'AnewZq' } })
  })
  const epoch = async () => decodeRoot((await rootOf(world.medium))?.bytes as Uint8Array).epoch
  const before = await epoch()
  await restoreTo(world.bytes, { medium: world.medium, clock: world.clock, evenIfOlder: true })
  expect(await epoch()).toBe(before + 1)
})

test('R21: whoever is in the backup, and not in the vault that suppressed their number, does not come back', async () => {
  // Somebody else's vault of the same line: there they never were, and somebody with their number said no.
  const world = await newWorld()
  const elsewhere = world.medium.clone()
  await world.vault.add(person(6, ['times', 'chat']) as never)
  const bytes = await backupOf(world.vault)
  const other = await openOn({ medium: elsewhere, clock: world.clock })
  await other.suppress({ phone: marksOf(6).phone })
  await other.lock()
  const report = await restoreTo(bytes, { medium: elsewhere, clock: world.clock, evenIfOlder: true })
  expect(report).toMatchObject({ people: 4, gone: 1 })
  const haul = await haulOf(elsewhere)
  expect(haul.where(marksOf(6).name)).toEqual([])
})

test('R21: whoever waited in quarantine, consented and withdrew since does not wait again', async () => {
  const world = await newWorld()
  const { name, phone } = marksOf(6)
  const card = { name: { full: name }, phones: { p1: { number: phone } } }
  const { id } = await world.vault.add({ card, source: 'list', mayAsk: 'they-asked' } as never)
  const bytes = await backupOf(world.vault)
  await world.vault.consent(id, consentTo('times', 'AnewZq'))
  await world.vault.withdraw(id, 'times')
  await world.vault.lock()
  const report = await restoreTo(bytes, { medium: world.medium, clock: world.clock, evenIfOlder: true })
  expect(report).toMatchObject({ people: 4, gone: 1 })
  expect(await (await openAt(world.medium, world.clock)).quarantine.count()).toBe(0)
  expect((await haulOf(world.medium)).where(name)).toEqual([])
})

test('R21: whoever waited with a number, agreed to something without one and withdrew since does not wait again', async () => {
  const withoutPhones = {
    ...policy,
    purposes: {
      ...policy.purposes,
      letters: { description: 'Write to you', fields: ['name', 'notes'], keepFor: 'P90D' },
    },
  } as typeof policy
  const clock = fakeClock()
  const medium = memoryMedium()
  const options = { unlock: testKey(), policy: withoutPhones, actor, clock }
  const vault = await createVault({ ...options, store: memoryStore({ medium }) })
  const { name, phone } = marksOf(6)
  const card = { name: { full: name }, phones: { p1: { number: phone } } }
  const { id } = await vault.add({ card, source: 'list', mayAsk: 'they-asked' } as never)
  const bytes = await bytesOf((await vault.backup()).file)
  // Their number goes as soon as they agree, and leaves no fingerprint behind.
  await vault.consent(id, { purpose: 'letters', given: { how: 'paper' } } as never)
  await vault.withdraw(id, 'letters' as never)
  await vault.lock()
  expect(await restoreTo(bytes, { medium, clock, evenIfOlder: true })).toMatchObject({ people: 0, gone: 1 })
  const restored = await openVault({ ...options, store: memoryStore({ medium }) })
  expect(await restored.quarantine.count()).toBe(0)
  expect((await haulOf(medium)).where(name)).toEqual([])
})

for (const code of ['NO_SPACE', 'UNKNOWN_RESULT'] as const) {
  test(`a last commit that fails with ${code} leaves no key to what the vault has forgotten since`, async () => {
    const world = await since(({ vault, ids }) => vault.change(ids[0] as string, { name: { full: 'AnewZq' } }))
    const standing = await rootOf(world.medium)
    const store = memoryStore({ medium: world.medium })
    const lost: Batch[] = []
    const failing = new Proxy(store, {
      get: (target, name) => {
        if (name === 'commit') {
          return async (batch: Batch) => {
            const other = (standing as Root).bytes.subarray(8, 24)
            if (Buffer.compare(batch.root.subarray(8, 24), other) === 0) {
              // From then on there is no room for anything.
              if (lost.length > 0) throw new StoreError('NO_SPACE', 'full')
              return store.commit(batch)
            }
            // It got as far as the disk, and no further.
            lost.push(structuredClone(batch))
            throw new StoreError(code, 'the last one')
          }
        }
        const value = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const failed = restoreTo(world.bytes, { ...world, store: failing, evenIfOlder: true })
    await expect(failed).rejects.toThrow(VaultError)
    expect(lost.length).toBeGreaterThan(0)
    const image = imageOf(world.medium)
    const roots = [...image.roots, ...lost.map(({ root }) => root)]
    const rows = [...image.rows, ...lost.flatMap(({ put }) => put)]
    const haul = await everythingIn({ ...image, roots, rows }, [key1])
    expect(haul.where(marksOf(0).name)).toEqual([])
    expect(haul.where('AnewZq')).not.toEqual([])
    expect(await (await openAt(world.medium, world.clock)).exists(world.ids)).toHaveLength(4)
  })
}

/** A store to which something happens before the lock is taken for the so-manieth time. */
function before(world: World, lock: number, happens: () => unknown): Store {
  const store = memoryStore({ medium: world.medium })
  let locks = 0
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'exclusive' && ++locks === lock) {
        return async (work: (lost: AbortSignal) => Promise<unknown>) => {
          await happens()
          return store.exclusive(work)
        }
      }
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

test('a day that passes for others while a restore waits for the lock has passed for it too', async () => {
  const world = await since(async () => undefined)
  // Everything has come in, sealed for the days that it was given for; the last of them pass now.
  const happens = vi.fn(async () => {
    for (let weeks = 0; weeks < 16; weeks++) {
      await world.clock.advance('P7D')
      await dropExpired(memoryStore({ medium: world.medium }), { clock: world.clock })
    }
  })
  const store = before(world, 2, happens)
  const report = await restoreTo(world.bytes, { ...world, store, erasures: [id(world, 0), id(world, 3)] })
  expect(happens).toHaveBeenCalledOnce()
  const vault = await openAt(world.medium, world.clock)
  expect(await vault.exists(world.ids)).toHaveLength(report.people)
  expect((await vault.examine()).damaged).toEqual([])
  expect((await haulOf(world.medium)).where(marksOf(0).name)).toEqual([])
})

test('a clock that is set back during a restore changes nothing (R16)', async () => {
  const world = await since(async () => undefined)
  await world.clock.advance('P10D')
  const empty = { ...world, medium: memoryMedium() }
  const store = before(empty, 1, () => world.clock.set('2026-03-01T00:00:00Z'))
  expect(await restoreTo(world.bytes, { ...empty, store })).toMatchObject({ people: 4, expired: 0 })
  const vault = await openAt(empty.medium, world.clock)
  expect(await vault.exists(world.ids)).toHaveLength(4)
  expect((await vault.examine()).damaged).toEqual([])
})

test('a clock that was far ahead when a restore began leaves nobody out, though it is set right meanwhile (R16)', async () => {
  const world = await since(async () => undefined)
  const now = new Date(world.clock.now()).toISOString()
  const medium = memoryMedium()
  const ahead = { ...world, medium }
  world.clock.set('2029-01-01T00:00:00Z')
  const store = before(ahead, 1, () => world.clock.set(now))
  const refused = restoreTo(world.bytes, { ...ahead, store })
  await expect(refused).rejects.toMatchObject({ code: 'CLOCK_JUMPED', data: { clock: '2029-01-01T00:00:00.000Z' } })
  expect(await restoreTo(world.bytes, { medium, clock: world.clock })).toMatchObject({ people: 4, expired: 0 })
})

test('a consent that was given anew after a withdrawal elsewhere is not taken back', async () => {
  const world = await newWorld()
  const elsewhere = world.medium.clone()
  const other = await openOn({ medium: elsewhere, clock: world.clock })
  await other.withdraw(id(world, 3), 'chat')
  await other.lock()
  await world.clock.advance('P8D')
  await world.vault.consent(id(world, 3), consentTo('chat', 'AnewZq'))
  const bytes = await backupOf(world.vault)
  const report = await restoreTo(bytes, { medium: elsewhere, clock: world.clock, evenIfOlder: true })
  expect(report).toMatchObject({ people: 4, gone: 0 })
})

test('another vault than the backup was made of is not replaced', async () => {
  const world = await newWorld()
  const bytes = await backupOf(world.vault)
  const medium = memoryMedium()
  // Alike in everything but its id.
  const stranger = await createVault({
    store: memoryStore({ medium }),
    unlock: testKey(),
    policy,
    actor,
    clock: fakeClock(),
  })
  await stranger.lock()
  const before = await rootOf(medium)
  const refused = restoreTo(bytes, { medium, clock: world.clock, evenIfOlder: true })
  await expect(refused).rejects.toMatchObject({ code: 'BACKUP_FOREIGN' })
  expect((await rootOf(medium))?.bytes.subarray(0, 64)).toEqual(before?.bytes.subarray(0, 64))
  expect((await openAt(medium, world.clock)).id).toBe(stranger.id)
})

test('a vault that does not open is not replaced: what it knows of people who left could not be applied', async () => {
  const world = await since(async () => undefined)
  const failed = restoreTo(world.bytes, { medium: world.medium, clock: world.clock, standingUnlock: testKey(7) })
  await expect(failed).rejects.toMatchObject({ code: 'CANNOT_UNLOCK', data: undefined })
  expect((await openAt(world.medium, world.clock)).id).toBe(world.vault.id)
})

test('an object that had the old vault open is told to open anew', async () => {
  const world = await newWorld()
  const bytes = await backupOf(world.vault)
  await restoreTo(bytes, { medium: world.medium, clock: world.clock })
  await expect(world.vault.for('times').count()).rejects.toMatchObject({ code: 'KEY_CHANGED' })
  await expect(world.vault.add(person(6, ['times']) as never)).rejects.toMatchObject({ code: 'KEY_CHANGED' })
  await expect(world.vault.erase(id(world, 0))).rejects.toMatchObject({ code: 'KEY_CHANGED' })
  await world.vault.lock()
  expect(await (await openAt(world.medium, world.clock)).exists(world.ids)).toHaveLength(4)
})

test('R21: a list that comes with a restore is applied: by id, by phone and by e-mail', async () => {
  const world = await newWorld()
  const bytes = await backupOf(world.vault)
  const medium = memoryMedium()
  const erasures = [id(world, 0), { phone: marksOf(1).phone }, { email: marksOf(3).email }]
  const report = await restoreTo(bytes, { medium, clock: world.clock, erasures })
  expect(report).toMatchObject({ people: 1, gone: 3 })
  const haul = await haulOf(medium)
  const gone = [0, 1, 3].flatMap(marksIn)
  expect(gone.filter(mark => haul.where(mark).length > 0)).toEqual([])
  const vault = await openAt(medium, world.clock)
  const again = { ...person(1, ['times']), ref: undefined }
  await expect(vault.add(again as never)).rejects.toMatchObject({ code: 'SUPPRESSED' })
  const types = []
  for await (const { type } of vault.ledger.entries()) types.push(type)
  expect(types.filter(type => type === 'contact-erased')).toHaveLength(3)
})

test('a vault can be backed up and restored again and again, and stays of one line', async () => {
  const world = await newWorld()
  let bytes = await backupOf(world.vault)
  const before = await shown(world.vault, world.ids)
  await world.vault.lock()
  let vault: TestVault | undefined
  for (let round = 0; round < 3; round++) {
    await restoreTo(bytes, { medium: world.medium, clock: world.clock, evenIfOlder: round === 0 })
    vault = await openAt(world.medium, world.clock)
    bytes = await backupOf(vault)
    await vault.lock()
  }
  expect(await shown(await openAt(world.medium, world.clock), world.ids)).toEqual(before)
})
