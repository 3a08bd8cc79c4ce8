/** A vault that is asked while others commit, or while its store or its clock fails. */
import { StoreError } from '@amanat/store-contract'
import { memoryMedium, memoryStore } from '@amanat/store-contract/memory'
import { expect, test } from 'vitest'
import { createVault, dropExpired, openVault } from '../../src/index'
import { fakeClock, testKey } from '../../src/testing'
import { over } from '../over'
import { actor, consentTo, newWorld, person, policy } from '../protocol/world'

const turns = async () => {
  for (let i = 0; i < 20; i++) await new Promise(resolve => setImmediate(resolve))
}

test('a look at a root that was read before somebody forgot something is no CELL_STALE', async () => {
  const { vault, clock, medium, ids } = await newWorld()
  const store = memoryStore({ medium })
  const gates: { commit?: Promise<void> | undefined; root?: Promise<void> | undefined } = {}
  const slow = over(store, {
    // Notices of other processes come late.
    watch: () => () => undefined,
    commit: async (batch: never) => {
      const gate = gates.commit
      gates.commit = undefined
      await gate
      return store.commit(batch)
    },
    root: async () => {
      const gate = gates.root
      gates.root = undefined
      const root = await store.root()
      await gate
      return root
    },
  })
  const one = await openVault({ store: slow, unlock: testKey(), policy, actor, clock })
  let commit = () => {}
  let root = () => {}
  gates.commit = new Promise<void>(resolve => {
    commit = resolve
  })
  const adding = one.add(person(7, ['times']) as never)
  await turns()
  // Another process adds a person; this one reads the root, and the answer is slow.
  await vault.add(person(8, ['times']) as never)
  gates.root = new Promise<void>(resolve => {
    root = resolve
  })
  const early = one.exists(ids)
  await turns()
  // The other erases somebody; this one looks again.
  await vault.erase(ids[0] as string)
  const late = one.exists(ids)
  await turns()
  root()
  await turns()
  commit()
  expect(await late).toHaveLength(3)
  expect(await early).toHaveLength(3)
  await adding
})

test('who is read while another call follows a commit is seen whole, as they were or as they are', async () => {
  const { vault, clock, medium, ids } = await newWorld()
  const id = ids[1] as string
  const store = memoryStore({ medium })
  const gates: { [table: string]: Promise<void> | undefined } = {}
  const slow = over(store, {
    watch: () => () => undefined,
    read: async (table: string, rows: never) => {
      const gate = gates[table]
      delete gates[table]
      const found = await store.read(table as never, rows)
      await gate
      return found
    },
  })
  const one = await openVault({ store: slow, unlock: testKey(), policy, actor, clock })
  let pages = () => {}
  let heads = () => {}
  gates['pages'] = new Promise<void>(resolve => {
    pages = resolve
  })
  const before = (await vault.for('chat').get(id))?.card.name?.full
  // The page is on its way when somebody else changes the person, and when another call hears of that.
  const shown = one.for('chat').get(id)
  await turns()
  await vault.change(id, { name: { full: 'Changed1Zq' } })
  gates['heads'] = new Promise<void>(resolve => {
    heads = resolve
  })
  const later = one.exists([id])
  await turns()
  pages()
  await turns()
  heads()
  expect([before, 'Changed1Zq']).toContain((await shown)?.card.name?.full)
  expect(await later).toEqual([id])
  expect((await one.for('chat').get(id))?.card.name?.full).toBe('Changed1Zq')
})

test('a plan that takes long is made again when somebody agrees meanwhile to what nobody had agreed to before', async () => {
  const { vault, clock, medium, ids } = await newWorld()
  const store = memoryStore({ medium })
  let gate: Promise<void> | undefined
  const slow = over(store, {
    watch: () => () => undefined,
    read: async (table: string, rows: never) => {
      const found = await store.read(table as never, rows)
      if (table === 'pages') await gate
      return found
    },
  })
  const one = await openVault({ store: slow, unlock: testKey(), policy, actor, clock })
  let pages = () => {}
  gate = new Promise<void>(resolve => {
    pages = resolve
  })
  const planned = one.planPolicy({ ...policy, region: 'IR' } as never)
  await turns()
  const last = ids.at(-1) as string
  await vault.consent(last, { ...consentTo('times', 'AnewZq', '2026-04-20'), fields: ['phones'] } as never)
  await one.exists(ids)
  gate = undefined
  pages()
  expect(await planned).toMatchObject({ forgotten: 0, shortened: 0 })
})

test('who is read while the last day of some of it passes is read again, and is no damage', async () => {
  const [medium, clock] = [memoryMedium(), fakeClock()]
  const vault = await createVault({ store: memoryStore({ medium }), unlock: testKey(), policy, actor, clock })
  const { id } = await vault.add({
    ...person(7, ['call']),
    consents: [consentTo('call', 'EveningZq', '2026-03-05')],
  } as never)
  await vault.lock()
  const looks: [string, (one: Awaited<ReturnType<typeof openVault>>) => Promise<unknown>][] = [
    ['pages', one => one.planPolicy({ ...policy, region: 'IR' } as never)],
    ['blobs', one => one.for('call').get(id)],
  ]
  for (const [table, look] of looks) {
    const store = memoryStore({ medium: medium.clone() })
    let gate: Promise<void> | undefined
    let answered: Promise<void> | undefined
    let stepped = false
    const slow = over(store, {
      watch: () => () => undefined,
      read: async (asked: string, rows: never) => {
        const found = await store.read(asked as never, rows)
        if (asked === table) await answered
        return found
      },
      commit: (batch: { put: unknown[] }) => {
        stepped ||= answered !== undefined && batch.put.length === 0
        return store.commit(batch as never)
      },
      cell: {
        ...store.cell,
        read: async (half: never) => {
          if (stepped) await gate
          return store.cell.read(half)
        },
      },
    })
    clock.set('2026-03-04T23:59:59Z')
    const one = await openVault({ store: slow, unlock: testKey(), policy, actor, clock })
    let [go, answer] = [() => {}, () => {}]
    gate = new Promise(resolve => {
      go = resolve
    })
    answered = new Promise(resolve => {
      answer = resolve
    })
    const read = look(one as never)
    await turns()
    const midnight = clock.advance('PT1S')
    await turns()
    // The ratchet stands at the next day; what lay in the one before isn't taken out yet.
    expect(stepped).toBe(true)
    answer()
    await turns()
    go()
    expect(await read).toEqual(table === 'pages' ? expect.objectContaining({ forgotten: 0 }) : undefined)
    await midnight
    await one.lock()
  }
})

test('who reads while others commit again and again is told that they are busy, and of no damage', async () => {
  const { vault, clock, medium, ids } = await newWorld()
  const store = memoryStore({ medium })
  let times = 0
  const slow = over(store, {
    watch: () => () => undefined,
    read: async (table: string, rows: never) => {
      if (table === 'pages') await vault.change(ids[0] as string, { name: { full: `Changed${times++}Zq` } })
      return store.read(table as never, rows)
    },
  })
  const one = await openVault({ store: slow, unlock: testKey(), policy, actor, clock })
  await expect(one.planPolicy({ ...policy, region: 'IR' } as never)).rejects.toMatchObject({ code: 'BUSY' })
  expect(times).toBeGreaterThan(30)
  expect((await one.examine()).damaged).toEqual([])
})

for (const what of ['add', 'remove'] as const) {
  test(`slots.list() beside slots.${what}() of the same vault`, async () => {
    const { vault } = await newWorld()
    const second = what === 'remove' ? await vault.slots.add(testKey(2), 'second') : undefined
    const changing = second ? vault.slots.remove(second.id) : vault.slots.add(testKey(2), 'second')
    let done = false
    const changed = changing.finally(() => {
      done = true
    })
    const wrong: unknown[] = []
    const lists: Promise<unknown>[] = []
    while (!done) {
      lists.push(vault.slots.list().catch(error => wrong.push(error)))
      await Promise.resolve()
    }
    await Promise.all(lists)
    await changed
    expect(wrong[0]).toBeUndefined()
  })
}

test('the right key opens a vault also while somebody else removes another slot', async () => {
  const world = await newWorld()
  const second = await world.vault.slots.add(testKey(2), 'second')
  const store = memoryStore({ medium: world.medium })
  let first = true
  const racing = over(store, {
    exclusive: async (work: never) => {
      if (first) {
        first = false
        await world.vault.slots.remove(second.id)
      }
      return store.exclusive(work)
    },
  })
  const vault = await openVault({ store: racing, unlock: testKey(), policy, actor, clock: world.clock })
  expect(vault.id).toBe(world.vault.id)
})

test('examine() names no row that somebody replaced while it looked', async () => {
  const world = await newWorld()
  const store = memoryStore({ medium: world.medium })
  let acting: (() => Promise<unknown>) | undefined
  const slow = over(store, {
    read: async (table: 'heads', ids: never) => {
      const act = table === 'heads' ? acting : undefined
      if (act) acting = undefined
      await act?.()
      return store.read(table, ids)
    },
  })
  const vault = await openVault({ store: slow, unlock: testKey(), policy, actor, clock: world.clock })
  acting = () => world.vault.change(world.ids[1] as string, { name: { full: 'Changed1Zq' } })
  expect((await vault.examine()).damaged).toEqual([])
})

for (const how of ['openVault', 'dropExpired', 'add', 'lock'] as const) {
  test(`${how} on a store that answers no commit ends`, async () => {
    const { medium, clock } = await newWorld()
    const store = memoryStore({ medium })
    let failing = false
    const mute = over(store, {
      commit: async (batch: never) => {
        if (!failing) return store.commit(batch)
        await new Promise(resolve => setTimeout(resolve, 1))
        throw new StoreError('UNKNOWN_RESULT', 'no answer')
      },
    })
    const options = { store: mute, unlock: testKey(), policy, actor, clock }
    const vault = await (how === 'add' || how === 'lock' ? openVault(options) : undefined)
    failing = true
    clock.set('2026-03-02T10:00:00Z')
    const asked: Promise<unknown> | undefined = {
      openVault: () => openVault(options),
      dropExpired: () => dropExpired(mute, { clock }),
      add: () => vault?.add(person(7, ['times']) as never),
      lock: () => vault?.lock(),
    }[how]()
    const late = new Promise(resolve => setTimeout(() => resolve('still waiting'), 4_000))
    const ended = await Promise.race([
      asked?.then(
        () => 'done',
        ({ code }) => code,
      ),
      late,
    ])
    failing = false
    await asked?.catch(() => undefined)
    expect(ended).toBe(how === 'lock' ? 'done' : 'UNKNOWN_RESULT')
  })
}

test('a clock with parts of milliseconds, as performance.now() gives, is a clock', async () => {
  const whole = fakeClock()
  const clock = { ...whole, now: () => whole.now() + 0.25 }
  const vault = await createVault({ store: memoryStore(), unlock: testKey(), policy, actor, clock })
  await vault.add(person(1, ['call']) as never)
})

test('a commit whose answer never came, where the root cannot be read either, is not said to have failed', async () => {
  const { medium, clock } = await newWorld()
  const store = memoryStore({ medium })
  let [failing, lost] = [false, false]
  const bad = over(store, {
    commit: async (batch: never) => {
      const answer = await store.commit(batch)
      if (!failing) return answer
      lost = true
      throw new StoreError('UNKNOWN_RESULT', 'no answer')
    },
    root: async () => {
      if (lost) throw new StoreError('IO', 'gone')
      return store.root()
    },
  })
  const vault = await openVault({ store: bad, unlock: testKey(), policy, actor, clock })
  failing = true
  await expect(vault.add(person(6, ['times']) as never)).rejects.toMatchObject({ code: 'UNKNOWN_RESULT' })
})

test('a vault locks although its clock fails', async () => {
  const { medium } = await newWorld()
  const store = memoryStore({ medium })
  const failing = () => {
    throw new Error('no timers here')
  }
  const clock = { ...fakeClock(), at: () => failing }
  let closed = 0
  const closing = over(store, {
    close: () => {
      closed++
      return store.close()
    },
  })
  const vault = await openVault({ store: closing, unlock: testKey(), policy, actor, clock })
  await vault.lock().catch(() => undefined)
  expect(closed).toBe(1)
})
