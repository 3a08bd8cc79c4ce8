import { type Root, type Store, StoreError } from '@amanat/store-contract'
import { fakeClock, memoryMedium, memoryStore, testKey } from '@amanat/vault/testing'
import { describe, expect, test } from 'vitest'
import { decodeRoot, rootAtTick } from '../../src/commit/root'
import { createVault, dropExpired, openVault, restoreVault, vaultExists } from '../../src/index'
import { dayOf } from '../../src/time/day'
import { riverside } from '../riverside'

const consents = [{ purpose: 'prayer-times' as const, given: { how: 'paper' } }]

/** The platform takes the lock away as soon as it was given. */
function losing(store: Store): Store {
  const exclusive: Store['exclusive'] = work => {
    const lost = new AbortController()
    lost.abort()
    return store.exclusive(() => work(lost.signal))
  }
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'exclusive') return exclusive
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

async function vaultWithSara() {
  const clock = fakeClock()
  const medium = memoryMedium()
  const open = { unlock: testKey(), policy: riverside, actor: 'staff:leila', clock }
  const vault = await createVault({ store: memoryStore({ medium }), ...open })
  const { id } = await vault.add({ card: { name: { full: 'Sara' } }, consents, source: 'sheet' })
  return { clock, medium, open, vault, id }
}

test('a forgetting that loses its lock overwrites nothing, and the vault stays as it was', async () => {
  const { medium, open, vault, id } = await vaultWithSara()
  await vault.lock()
  const before = medium.cellNow()
  const lost = await openVault({ store: losing(memoryStore({ medium })), ...open })
  await expect(lost.withdraw(id)).rejects.toMatchObject({ code: 'BUSY' })
  expect(medium.cellNow()).toEqual(before)
  await lost.lock()
  const again = await openVault({ store: memoryStore({ medium }), ...open })
  expect(await again.exists([id])).toEqual([id])
})

test('a restore that loses its lock puts no vault anywhere', async () => {
  const { clock, vault } = await vaultWithSara()
  const { file } = await vault.backup()
  const medium = memoryMedium()
  const options = { backupUnlock: testKey(), unlock: testKey(), actor: 'staff:omid', clock }
  const lost = restoreVault({ ...options, store: losing(memoryStore({ medium })), from: file })
  await expect(lost).rejects.toMatchObject({ code: 'BUSY' })
  expect(await vaultExists(memoryStore({ medium }))).toBe(false)
})

test.each(['opens it', 'lets a day pass'])(
  'a forgetting whose commit is under way when its lock goes to one who %s conflicts',
  async what => {
    const { clock, medium, open, vault, id } = await vaultWithSara()
    await vault.lock()
    const lost = new AbortController()
    const store = memoryStore({ medium })
    let meanwhile: (() => Promise<unknown>) | undefined
    const late: Partial<Store> = {
      exclusive: work => work(lost.signal),
      commit: async batch => {
        await meanwhile?.()
        return store.commit(batch)
      },
    }
    const slow = await openVault({
      store: new Proxy(store, {
        get: (target, name) => {
          const value = late[name as keyof Store] ?? Reflect.get(target, name, target)
          return typeof value === 'function' ? value.bind(target) : value
        },
      }),
      ...open,
    })
    let other: typeof vault | undefined
    meanwhile = async () => {
      meanwhile = undefined
      lost.abort()
      if (what === 'opens it') other = await openVault({ store: memoryStore({ medium }), ...open })
      else await dropExpired(memoryStore({ medium }), { clock })
    }
    await expect(slow.erase(id)).rejects.toMatchObject({ code: 'BUSY' })
    expect(lost.signal.aborted).toBe(true)
    // What they wrote to the cell is gone, and so must be what would have needed it.
    other ??= await openVault({ store: memoryStore({ medium }), ...open })
    expect(await other.exists([id])).toEqual([id])
    await other.erase(id)
    const third = await openVault({ store: memoryStore({ medium }), ...open })
    expect(await third.exists([id])).toEqual([])
  },
)

test('who loses the lock while reading the cell is told that others were at it, and of no damage', async () => {
  const { clock, medium, open, vault } = await vaultWithSara()
  await vault.lock()
  // What one looks for in the root, the other has read there before.
  for (const looks of [
    (store: Store) => openVault({ store, ...open }),
    (store: Store) => dropExpired(store, { clock }),
  ]) {
    const lost = new AbortController()
    const store = memoryStore({ medium })
    const late: Partial<Store> = {
      exclusive: work => work(lost.signal),
      cell: {
        ...store.cell,
        read: async half => {
          const bytes = await store.cell.read(half)
          if (lost.signal.aborted) return bytes
          lost.abort()
          for (const day of ['P1D', 'P1D'] as const) {
            await clock.advance(day)
            await dropExpired(memoryStore({ medium }), { clock })
          }
          return bytes
        },
      },
    }
    const slow = new Proxy(store, {
      get: (target, name) => {
        const value = late[name as keyof Store] ?? Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    await expect(looks(slow)).rejects.toMatchObject({ code: 'BUSY' })
    expect(lost.signal.aborted).toBe(true)
  }
})

test('who finds no cell once the lock is gone is told that others were at it', async () => {
  const { medium, open, vault } = await vaultWithSara()
  await vault.lock()
  for (const looks of [
    (store: Store) => openVault({ store, ...open }),
    (store: Store) => dropExpired(store, { clock: fakeClock() }),
  ]) {
    const lost = new AbortController()
    const store = memoryStore({ medium })
    store.exclusive = work => work(lost.signal)
    store.cell.read = async () => {
      lost.abort()
      return undefined
    }
    await expect(looks(store)).rejects.toMatchObject({ code: 'BUSY', cause: { code: 'CELL_MISSING' } })
  }
})

test('who loses the lock between the cell and the root is told that others were at it, and of no damage', async () => {
  const { clock, medium, open, vault, id } = await vaultWithSara()
  await vault.lock()
  const looks: readonly ((store: Store) => Promise<unknown>)[] = [
    store => openVault({ store, ...open }),
    store => dropExpired(store, { clock }),
  ]
  for (const look of looks) {
    await clock.advance('P1D')
    const lost = new AbortController()
    const store = memoryStore({ medium })
    const { cell } = store
    let overwritten = 0
    const late: Partial<Store> = {
      exclusive: work => work(lost.signal),
      cell: {
        ...cell,
        // Both halves are written and read back; the root isn't told of the day yet. Somebody else opens a day later.
        overwrite: async (half, bytes) => {
          await cell.overwrite(half, bytes)
          overwritten++
        },
        read: async half => {
          const bytes = await cell.read(half)
          if (overwritten < 2 || lost.signal.aborted) return bytes
          lost.abort()
          await clock.advance('P1D')
          await dropExpired(memoryStore({ medium }), { clock })
          return bytes
        },
      },
    }
    const slow = new Proxy(store, {
      get: (target, name) => {
        const value = late[name as keyof Store] ?? Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    await expect(look(slow)).rejects.toMatchObject({ code: 'BUSY', cause: { code: 'CELL_STALE' } })
    expect(lost.signal.aborted).toBe(true)
  }
  const again = await openVault({ store: memoryStore({ medium }), ...open })
  expect(await again.exists([id])).toEqual([id])
})

test('who makes a vault and loses the lock overwrites no cell of a vault that others have made meanwhile', async () => {
  const medium = memoryMedium()
  const open = { unlock: testKey(), policy: riverside, actor: 'staff:leila', clock: fakeClock() }
  const store = memoryStore({ medium })
  const lost = new AbortController()
  let locked = false
  const slow = but(store, {
    exclusive: work => {
      locked = true
      return work(lost.signal)
    },
    // They have seen that there is no vault, and sleep.
    root: async () => {
      const root = await store.root()
      if (locked && !lost.signal.aborted) {
        lost.abort()
        const other = await createVault({ store: memoryStore({ medium }), ...open })
        await other.add({ card: { name: { full: 'Sara' } }, consents, source: 'sheet' })
        await other.lock()
      }
      return root
    },
  })
  await expect(createVault({ store: slow, ...open })).rejects.toMatchObject({ code: 'BUSY' })
  expect(lost.signal.aborted).toBe(true)
  const vault = await openVault({ store: memoryStore({ medium }), ...open })
  expect((await vault.for('prayer-times').list()).people.map(({ name }) => name)).toEqual(['Sara'])
})

test('who makes a vault and loses the lock over its cell commits nothing', async () => {
  const medium = memoryMedium()
  const store = memoryStore({ medium })
  const lost = new AbortController()
  const open = { unlock: testKey(), policy: riverside, actor: 'staff:leila', clock: fakeClock() }
  const create: Store['cell']['create'] = async halves => {
    await store.cell.create(halves)
    lost.abort()
  }
  const slow = but(store, { exclusive: work => work(lost.signal), cell: { ...store.cell, create } })
  await expect(createVault({ store: slow, ...open })).rejects.toMatchObject({ code: 'BUSY' })
  expect(await store.root()).toBeUndefined()
})

describe('a cell that somebody asleep has overwritten with what it held days ago', () => {
  /** They look at the lock, sleep for three days in the middle of the write, and end after it. */
  async function overwrittenLate() {
    const { clock, medium, open, vault, id } = await vaultWithSara()
    await vault.lock()
    const store = memoryStore({ medium })
    let asleep = true
    const slow = but(store, {
      exclusive: work => work(new AbortController().signal),
      cell: {
        ...store.cell,
        overwrite: async (half, bytes) => {
          if (asleep) {
            asleep = false
            for (const day of ['P1D', 'P1D', 'P1D'] as const) {
              await clock.advance(day)
              await dropExpired(memoryStore({ medium }), { clock })
            }
            await store.cell.overwrite(half, bytes)
          }
          throw new StoreError('IO', 'ended')
        },
      },
    })
    await clock.advance('P1D')
    await expect(dropExpired(slow, { clock })).rejects.toMatchObject({ code: 'IO' })
    const root = (await store.root()) as Root
    expect(decodeRoot(root.bytes).tick).toBe(dayOf(clock.now()))
    return { clock, medium, open, id, root, store }
  }

  test.each([
    ['who opens the vault', 'opens'],
    ['a purge of the locked vault', 'purges'],
  ])('is brought to the day that the root has seen by %s', async (_, what) => {
    const { clock, medium, open, id } = await overwrittenLate()
    const seen = memoryStore({ medium })
    if (what === 'purges') await dropExpired(seen, { clock })
    const vault = await openVault({ store: seen, ...open })
    expect(await vault.exists([id])).toEqual([id])
    await vault.withdraw(id)
    expect((await vault.examine()).damaged).toEqual([])
  })

  test('stays as it is while that day has not come by the clock, or the clock is not believed', async () => {
    const { clock, medium, open, root, store } = await overwrittenLate()
    const before = medium.cellNow()
    const now = clock.now()
    const far = new Date(now + 500 * 86_400_000).toISOString()
    const early = new Date(now - 86_400_000).toISOString()
    for (const at of [early, far]) {
      clock.set(at)
      for (const look of [
        () => openVault({ store: memoryStore({ medium }), ...open }),
        () => dropExpired(memoryStore({ medium }), { clock }),
      ])
        await expect(look(), at).rejects.toMatchObject({ code: 'CELL_STALE' })
      expect(medium.cellNow()).toEqual(before)
    }
    // A purge of the locked vault believes a month, whatever day somebody wrote into the root.
    clock.set(new Date(now + 33 * 86_400_000).toISOString())
    await store.commit({ expect: root.version, root: rootAtTick(root.bytes, dayOf(now) + 32), put: [], drop: [] })
    await expect(dropExpired(memoryStore({ medium }), { clock })).rejects.toMatchObject({ code: 'CELL_STALE' })
    expect(medium.cellNow()).toEqual(before)
    await openVault({ store: memoryStore({ medium }), ...open })
    expect(medium.cellNow()).not.toEqual(before)
  })
})

test('a look at the cell that ends late, when another call has followed who got the lock, is not believed', async () => {
  const { medium, open, vault, id } = await vaultWithSara()
  const add = async (on: typeof vault, full: string) =>
    (await on.add({ card: { name: { full } }, consents, source: 'sheet' })).id
  const [omid, amir] = [await add(vault, 'Omid'), await add(vault, 'Amir')]
  const store = memoryStore({ medium })
  const lost = new AbortController()
  let losing = false
  let gate: Promise<void> | undefined
  const slow = but(store, {
    watch: () => () => undefined,
    exclusive: work => {
      if (!losing) return store.exclusive(work)
      losing = false
      return work(lost.signal)
    },
    cell: {
      ...store.cell,
      read: async half => {
        const bytes = await store.cell.read(half)
        await gate
        return bytes
      },
    },
  })
  const one = await openVault({ store: slow, ...open })
  await vault.erase(id)
  let end = () => {}
  gate = new Promise(resolve => {
    end = resolve
  })
  losing = true
  const late = one.exists([omid, amir])
  await new Promise(resolve => setTimeout(resolve, 20))
  gate = undefined
  lost.abort()
  await vault.erase(omid)
  expect(await one.exists([omid, amir])).toEqual([amir])
  end()
  expect(await late).toEqual([amir])
  const leila = await add(one, 'Leila')
  const again = await openVault({ store: memoryStore({ medium }), ...open })
  expect(await again.exists([id, omid, amir, leila])).toEqual([amir, leila])
})

test('a day that passes without the lock steps no ratchet', async () => {
  const { medium, clock, vault } = await vaultWithSara()
  await vault.lock()
  const before = medium.cellNow()
  await clock.advance('P2D')
  await expect(dropExpired(losing(memoryStore({ medium })), { clock })).rejects.toMatchObject({ code: 'BUSY' })
  expect(medium.cellNow()).toEqual(before)
})

test('who finds no room to tell the root of a day that the cell has seen goes on once there is room', async () => {
  const { clock, medium, open, vault } = await vaultWithSara()
  // Some of what she agreed to is over in two days.
  const both = ['prayer-times', 'group-chat'].map(purpose => ({ ...consents[0], purpose }))
  const { id } = await vault.add({
    card: { name: { full: 'Omid' }, emails: { e1: { address: 'omid@example.org' } } },
    consents: [{ ...both[0], until: '2026-03-02' }, both[1]] as never,
    source: 'sheet',
  })
  await vault.lock()
  const store = memoryStore({ medium })
  let room = true
  const opened = await openVault({
    store: but(store, {
      commit: async batch => {
        if (!room) throw new StoreError('NO_SPACE', 'full')
        return store.commit(batch)
      },
    }),
    ...open,
  })
  // Somebody else steps over midnight, and ends before the root is told.
  const ending = but(memoryStore({ medium }), { commit: () => Promise.reject(new StoreError('IO', 'ended')) })
  await expect(dropExpired(ending, { clock: fakeClock('2026-03-03T09:00:00Z') })).rejects.toMatchObject({ code: 'IO' })
  clock.set('2026-03-03T09:00:00Z')
  const rename = () => opened.change(id, { name: { full: 'Amir' } })
  room = false
  await expect(rename()).rejects.toMatchObject({ code: 'NO_SPACE' })
  room = true
  // A plain commit, which takes no lock and settles nothing.
  await opened.add({ card: { name: { full: 'Leila' } }, consents, source: 'sheet' })
  await rename()
  expect((await opened.for('group-chat').list()).people.map(({ name }) => name)).toEqual(['Amir'])
  expect((await opened.examine()).damaged).toEqual([])
})

/** The same store, but for these. */
const but = (store: Store, other: Partial<Store>): Store =>
  new Proxy(store, {
    get: (target, name) => {
      const value = other[name as keyof Store] ?? Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
