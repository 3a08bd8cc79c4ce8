/** Restoring and backing up while others go on, from backups that lost something, and by clocks that are wrong. */
import { createSlot, openAnySlot, Secret, systemRandomness } from '@amanat/crypto'
import type { Store } from '@amanat/store-contract'
import { memoryMedium, memoryStore } from '@amanat/store-contract/memory'
import { expect, test } from 'vitest'
import { encodeFrame, type Frame, readFrames } from '../../src/backup/frames'
import { Incoming, openPieces, readHeader, sealPieces } from '../../src/backup/pieces'
import { createVault, openVault } from '../../src/index'
import { fakeClock, testKey } from '../../src/testing'
import { over } from '../over'
import { actor, marksOf, newWorld, person, policy } from '../protocol/world'
import { backupOf, bytesOf, chunked, openAt, restoreTo } from './place'

for (const what of ['add', 'suppress', 'refuse'] as const) {
  test(`what is acknowledged (${what}) while a restore looks at the ledger under the lock is not lost`, async () => {
    const world = await newWorld()
    const bytes = await backupOf(world.vault)
    const store = memoryStore({ medium: world.medium })
    let [locks, told] = [0, false]
    let locked = false
    const racing = over(store, {
      exclusive: (work: (lost: AbortSignal) => Promise<unknown>) =>
        store.exclusive(async lost => {
          locked = ++locks === 2
          try {
            return await work(lost)
          } finally {
            locked = false
          }
        }),
      async *scan(table: 'ledger', from: never) {
        try {
          yield* store.scan(table, from)
        } finally {
          if (table === 'ledger' && locked && !told) {
            told = true
            // By an app that has the vault open. None of these needs the lock.
            if (what === 'add') await world.vault.add(person(6, ['times']) as never)
            if (what === 'suppress') await world.vault.suppress({ phone: marksOf(0).phone })
            if (what === 'refuse') await world.vault.refuse(world.ids[0] as string, 'chat')
          }
        }
      },
    })
    const restored = restoreTo(bytes, { medium: world.medium, clock: world.clock, store: racing })
    await expect(restored).rejects.toMatchObject({ code: 'BACKUP_OLDER' })
    expect(told).toBe(true)
  })
}

test('a restore that loses the lock overwrites no cell of a vault that others have made meanwhile', async () => {
  const world = await newWorld()
  const bytes = await backupOf(world.vault)
  const medium = memoryMedium()
  const store = memoryStore({ medium })
  const lost = new AbortController()
  const opening = { unlock: testKey(), policy, actor, clock: world.clock }
  let locked = false
  let ready = false
  const slow = over(store, {
    exclusive: (work: (lost: AbortSignal) => Promise<unknown>) => {
      locked = true
      return work(lost.signal)
    },
    async *scan(table: 'slots', from: never) {
      yield* store.scan(table, from)
      ready ||= locked && table === 'slots'
    },
    // The last look before the cell is made.
    root: async () => {
      const root = await store.root()
      if (ready && !lost.signal.aborted) {
        lost.abort()
        await (await createVault({ store: memoryStore({ medium }), ...opening })).lock()
      }
      return root
    },
  })
  const restored = restoreTo(bytes, { medium, clock: world.clock, store: slow })
  await expect(restored).rejects.toMatchObject({ code: 'BUSY' })
  expect(lost.signal.aborted).toBe(true)
  const vault = await openVault({ store: memoryStore({ medium }), ...opening })
  expect((await vault.examine()).damaged).toEqual([])
})

test('one piece of a document that does not open does not cost the whole backup', async () => {
  const { vault, ids, clock, medium: from } = await newWorld()
  const before = from.history.rows.length
  const evidence = { kind: 'scan', content: new Uint8Array(120_000).map((_, i) => i % 251) }
  const consents = [{ purpose: 'call', given: { how: 'paper', evidence } }]
  await vault.add({ ...person(10, ['call']), ref: undefined, consents } as never)
  const [piece] = from.history.rows.slice(before).filter(row => row.table === 'blobs' && row.bytes.length > 50_000)
  from.damageRow('blobs', (piece as { id: Uint8Array }).id, undefined)
  const bytes = await backupOf(vault)
  const medium = memoryMedium()
  expect(await restoreTo(bytes, { medium, clock })).toMatchObject({ damaged: 1, people: 5 })
  expect(await (await openAt(medium, clock)).exists(ids)).toHaveLength(4)
})

test('a document whose last day passes while it is being read for a backup is not told of as damaged', async () => {
  let passes: (() => Promise<unknown>) | undefined
  const through = (store: Store) =>
    over(store, {
      read: async (table: 'blobs', ids: readonly Uint8Array[]) => {
        const rows = await store.read(table, ids)
        if (table === 'blobs' && rows.some(row => row && row.length > 50_000)) await passes?.()
        return rows
      },
    })
  const { vault, ids, clock } = await newWorld({ through })
  const evidence = { kind: 'scan', content: new Uint8Array(120_000).map((_, i) => i % 251) }
  const consents = [{ purpose: 'call', given: { how: 'paper', evidence }, until: '2026-03-04' }]
  await vault.add({ ...person(10, ['call']), ref: undefined, consents } as never)
  passes = async () => {
    passes = undefined
    clock.set('2026-03-04T01:00:00Z')
    await vault.purge()
  }
  const bytes = await backupOf(vault)
  expect(passes).toBeUndefined()
  const medium = memoryMedium()
  expect(await restoreTo(bytes, { medium, clock })).toMatchObject({ damaged: 0, people: 4 })
  expect(await (await openAt(medium, clock)).exists(ids)).toHaveLength(4)
})

test('R16: a clock that is wrong while a backup is read, and right again later, costs nobody', async () => {
  const { vault, ids, clock, medium } = await newWorld()
  const { file } = await vault.backup()
  clock.set('2060-01-01T00:00:00Z')
  const bytes = await bytesOf(file)
  clock.set('2026-03-01T10:00:00Z')
  await vault.lock()
  // In the place of the vault: nothing of it is left.
  await restoreTo(bytes, { medium, clock })
  expect(await (await openAt(medium, clock)).exists(ids)).toHaveLength(4)
})

async function framesIn(bytes: Uint8Array): Promise<Frame[]> {
  const incoming = new Incoming(chunked(bytes))
  const read = await readHeader(incoming)
  const { rootKey } = await openAnySlot({ slots: read.slots, vaultId: read.id, unlock: testKey() })
  const frames: Frame[] = []
  for await (const frame of readFrames(openPieces(incoming, read, rootKey))) frames.push(structuredClone(frame))
  return frames
}

async function written(frames: readonly Frame[]): Promise<Uint8Array> {
  const id = systemRandomness(16).slice()
  const key = Secret.random<'root-key'>(systemRandomness)
  const { slot } = await createSlot({ vaultId: id, rootKey: key, unlock: testKey(), randomness: systemRandomness })
  async function* plain() {
    for (const frame of frames) yield encodeFrame(frame)
  }
  const parts: Uint8Array[] = []
  for await (const part of sealPieces({ id, slots: [slot] }, key, plain(), systemRandomness)) parts.push(part)
  return new Uint8Array(await new Blob(parts as never).arrayBuffer())
}

test.each([0, 1, 2])('a forged backup whose epoch is %d below the largest number destroys no vault', async below => {
  const { vault, ids, clock, medium } = await newWorld()
  const frames = await framesIn(await backupOf(vault))
  await vault.lock()
  const epoch = Number.MAX_SAFE_INTEGER - below
  const forged = frames.map((frame): Frame => (frame[0] === 'end' ? ['end', { ...frame[1], epoch }] : frame))
  const refused = restoreTo(await written(forged), { medium, clock })
  const error = await refused.then(
    () => undefined,
    reason => reason,
  )
  const opened = await openAt(medium, clock)
  expect(await opened.exists(ids)).toHaveLength(4)
  await opened.erase(ids[0] as string)
  expect(error).toMatchObject({ code: 'BACKUP_DAMAGED' })
})

test('a page that this vault itself replaces while it is backed up is not told of as damaged', async () => {
  let acting: (() => Promise<unknown>) | undefined
  const through = (store: Store) =>
    over(store, {
      read: async (table: 'heads', ids: never) => {
        const act = table === 'heads' ? acting : undefined
        if (act) acting = undefined
        await act?.()
        return store.read(table, ids)
      },
    })
  const { vault, ids, clock } = await newWorld({ through })
  const { file } = await vault.backup()
  acting = () => vault.change(ids[1] as string, { name: { full: 'Changed1Zq' } })
  const bytes = await bytesOf(file)
  expect(acting).toBeUndefined()
  expect(await restoreTo(bytes, { medium: memoryMedium(), clock })).toMatchObject({ damaged: 0, people: 4 })
})

test('a backup that is overtaken twice, while another call on the vault follows, goes on', async () => {
  const world = await newWorld()
  const store = memoryStore({ medium: world.medium })
  let changes = 0
  let roots = Number.POSITIVE_INFINITY
  let reading = false
  const slow = over(store, {
    watch: () => () => undefined,
    read: async (table: 'pages', ids: never) => {
      // Twice another process replaces a page that is just being read.
      if (table === 'pages' && reading && changes < 2) {
        await world.vault.change(world.ids[1] as string, { name: { full: `Changed${changes++}Zq` } })
        if (changes === 2) roots = 0
      }
      return store.read(table, ids)
    },
    root: async () => {
      // Another call on this vault follows them meanwhile.
      if (++roots === 2) await vault.exists(world.ids)
      return store.root()
    },
  })
  const vault = await openVault({ store: slow, unlock: testKey(), policy, actor, clock: world.clock })
  const { file } = await vault.backup()
  reading = true
  const bytes = await bytesOf(file)
  expect(await restoreTo(bytes, { medium: memoryMedium(), clock: world.clock })).toMatchObject({ people: 4 })
})

test.each([
  ['P100Y', '2025-12-01T00:00:00Z'],
  ['P50Y', '1970-01-01T00:00:00Z'],
])('R16: a backup of a purpose kept for %s comes back where the clock says %s', async (keepFor, now) => {
  const purposes = { ...policy.purposes, call: { ...policy.purposes.call, keepFor } }
  const long = { ...policy, purposes } as unknown as typeof policy
  const options = { unlock: testKey(), policy: long, actor, clock: fakeClock() }
  const vault = await createVault({ ...options, store: memoryStore({ medium: memoryMedium() }) })
  await vault.add(person(1, ['call']) as never)
  const bytes = await bytesOf((await vault.backup()).file)
  expect(await restoreTo(bytes, { medium: memoryMedium(), clock: fakeClock(now) })).toMatchObject({ people: 1 })
})

test('R21: who was erased does not come back by way of two restores', async () => {
  const { vault, medium, clock } = await newWorld()
  const first = await backupOf(vault)
  const { id } = await vault.add(person(6, ['times']) as never)
  const second = await backupOf(vault)
  await vault.erase(id, { suppress: false })
  await vault.lock()
  await restoreTo(first, { medium, clock, evenIfOlder: true })
  expect(await restoreTo(second, { medium, clock, evenIfOlder: true })).toMatchObject({ people: 4, gone: 1 })
})

test.each([[7], [{}]])('a label that is no text is refused before a vault is replaced', async slotLabel => {
  const { vault, ids, medium, clock } = await newWorld()
  const bytes = await backupOf(vault)
  await vault.lock()
  const refused = restoreTo(bytes, { medium, clock, slotLabel: slotLabel as never })
  const error = await refused.then(
    () => undefined,
    reason => reason,
  )
  expect(await (await openAt(medium, clock)).exists(ids)).toHaveLength(4)
  expect(error).toBeInstanceOf(TypeError)
})

const throwing = () => {
  throw new Error('boom')
}
test.each([
  ['a clock that throws', { clock: { ...fakeClock(), now: throwing } }],
  ['a clock without a time', { clock: { ...fakeClock(), now: () => Number.NaN } }],
  ['randomness that is too short', { randomness: (length: number) => new Uint8Array(length - 1) }],
])('%s fails a restore with UNSUPPORTED, as it fails every other call', async (_, more) => {
  const { vault, medium, clock } = await newWorld()
  const bytes = await backupOf(vault)
  await expect(restoreTo(bytes, { medium, clock, ...more } as never)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
})
