/**
 * How an object that holds a vault follows what others commit: nothing is read twice and nothing told twice, it takes
 * the lock only where the cell moved, and begins again where what it was about to read is dropped meanwhile.
 */
import { ready, systemRandomness } from '@amanat/crypto'
import { memoryStore } from '@amanat/vault/testing'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { Committer } from '../../src/commit/commit'
import { newRowId, newRowSecret } from '../../src/commit/rows'
import { stepToToday } from '../../src/commit/tick'
import { Ring } from '../../src/pages/ring'
import { encodeRecord } from '../../src/record/record'
import { riverside } from '../riverside'
import { entryOf, forget, idOf, inside, pagesOf, print, putOf, two } from './inside'

beforeAll(() => ready())

const follows = async (tab: Awaited<ReturnType<typeof two>>['tab']) => {
  await tab.opened.refresh()
  return tab
}

describe('following', () => {
  it('costs one look at the root where nothing changed, and waits for nobody who plans', async () => {
    const { tab } = await two()
    const [root, read, exclusive] = (['root', 'read', 'exclusive'] as const).map(name => vi.spyOn(tab.store, name))
    await tab.opened.turns.take(() => tab.opened.refresh())
    expect([root, read, exclusive].map(spy => spy?.mock.calls.length)).toEqual([1, 0, 0])
  })

  it('reads what is new alone, without the lock, and tells each entry once', async () => {
    const { commit, person, opened, tab, store } = await two()
    const { opened: there, heard } = tab
    const before = pagesOf(there)
    await commit(draft => {
      draft.put(person(1, 9, { card: { name: { full: 'Another' } } }))
      draft.catalogue.purpose('choir')
      draft.note(entryOf(1))
    })
    const [exclusive, read, root] = (['exclusive', 'read', 'root'] as const).map(name => vi.spyOn(tab.store, name))
    await there.refresh()
    expect([exclusive, root].map(spy => spy?.mock.calls.length)).toEqual([0, 1])
    const asked = read?.mock.calls.map(([table, ids]) => [table, (ids as []).length])
    expect(asked).toEqual([
      ['undated', 1],
      ['ring', 1],
      ['heads', 1],
      ['ledger', 1],
    ])
    expect(pagesOf(there)).toEqual(pagesOf(opened))
    expect(pagesOf(there).filter(key => before.includes(key))).toHaveLength(1)
    expect(there.catalogue.findPurpose('choir')).toBe(3)
    expect(heard).toMatchObject([entryOf(1)])
    expect(there.version).toBe(3)
    await commit(draft => draft.note(entryOf(2)))
    await there.refresh()
    expect(heard).toMatchObject([entryOf(1), entryOf(2)])
    expect(await store.root()).toMatchObject({ version: 4 })
  })

  it('takes the lock once the cell has moved, for a forgetting and for a new day', async () => {
    const vault = await two()
    const { opened, tab, clock, time } = vault
    const exclusive = vi.spyOn(tab.store, 'exclusive')
    await forget(vault, 1)
    await tab.opened.refresh()
    expect(exclusive).toHaveBeenCalledTimes(1)
    expect([tab.opened.epoch, tab.opened.index.numberOf(idOf(1))]).toEqual([2, -1])
    expect(tab.opened.epochSecret?.expose()).toEqual(opened.epochSecret?.expose())
    await clock.advance('P6D')
    await stepToToday(opened, time)
    const [read, scan] = [vi.spyOn(tab.store, 'read'), vi.spyOn(tab.store, 'scan')]
    await tab.opened.refresh()
    expect(exclusive).toHaveBeenCalledTimes(2)
    // A new day says nothing in the ledger before the next commit.
    expect(read.mock.calls.filter(([table]) => table === 'ledger')).toEqual([])
    expect(scan).not.toHaveBeenCalled()
    expect([tab.opened.days.tick, tab.opened.index.contacts()]).toEqual([opened.days.tick, 0])
    expect(opened.index.contacts()).toBe(0)
  })

  it('learns from others how late it is, from the cell and from the root', async () => {
    const vault = await two()
    const { clock, tab } = vault
    const seen: number[] = []
    tab.opened.time = { see: (instant: number) => seen.push(instant) } as never
    await clock.advance('PT5H')
    await vault.commit(draft => draft.note(entryOf(1)))
    await tab.opened.refresh()
    expect(Math.max(...seen)).toBe(clock.now())
    seen.length = 0
    await clock.advance('PT5H')
    await forget(vault, 1)
    await tab.opened.refresh()
    expect(seen).toContain(clock.now())
  })

  it('begins again as often as others drop what it was about to read', async () => {
    for (const table of ['undated', 'ring', 'heads', 'ledger']) {
      const { commit, person, tab } = await two()
      await commit(draft => {
        draft.put(person(3))
        draft.undated.push({ kind: 'notice', plain: encodeRecord('a'), replace: false })
        draft.note(entryOf(1))
      })
      const { store, opened: there } = tab
      const real = store.read.bind(store)
      let times = 0
      store.read = async (asked, ids) => {
        if (asked !== table || times >= 3) return real(asked, ids)
        times++
        await commit(draft => draft.note(entryOf(2)))
        return ids.map(() => undefined)
      }
      await there.refresh()
      expect([times, there.version], table).toEqual([3, 6])
    }
  })

  it('gives up as a busy store when others drop what it was about to read sixty-four times', async () => {
    const { commit, tab, store } = await two()
    await commit(draft => draft.note(entryOf(1)))
    const read = tab.store.read.bind(tab.store)
    let times = 0
    tab.store.read = async (table, ids) => {
      if (table !== 'ledger') return read(table, ids)
      times++
      const root = await store.root()
      await store.commit({ expect: root?.version as number, root: root?.bytes as Uint8Array, put: [], drop: [] })
      return ids.map(() => undefined)
    }
    await expect(tab.opened.refresh()).rejects.toMatchObject({ code: 'BUSY' })
    expect(times).toBe(64)
  })

  it('does not go back where its own commit was further meanwhile', async () => {
    const { opened, commit, store } = await two()
    const root = store.root.bind(store)
    const old = await root()
    await commit(draft => draft.note(entryOf(1)))
    store.root = async () => old
    await opened.refresh()
    expect(opened.version).toBe(3)
  })

  it('reads nothing a second time: a page of today, a chunk of the ring, or a row of the vault as a whole', async () => {
    const { commit, person, TODAY, other, opened } = await inside()
    const exported = () => ({ id: newRowId(systemRandomness), bucket: TODAY + 3, plain: idOf(1) })
    await commit(draft => {
      draft.put(person(1, 0))
      draft.exportRows.push(...Array.from({ length: 150 }, exported))
    })
    const { opened: there, load, store } = await other()
    await load()
    expect([there.ring.chunks.size, there.ring.size, there.rows.corrupt.size]).toEqual([2, 151, 0])
    const read = vi.spyOn(store, 'read')
    const asked = () => read.mock.calls.splice(0).map(([table, ids]) => [table, ids.length])
    await commit(draft => draft.note(entryOf(1)))
    await there.refresh()
    expect(asked()).toEqual([
      ['undated', 0],
      ['ledger', 1],
    ])
    await commit(draft => draft.exportRows.push(exported()))
    await there.refresh()
    expect(asked()).toEqual([
      ['undated', 0],
      ['ring', 1],
      ['ledger', 1],
    ])
    expect([there.ring.size, there.ring.chunks.size]).toEqual([152, 2])
    expect(new Set(there.ring.chunks.keys())).toEqual(new Set(opened.ring.chunks.keys()))
  })

  it('asks for thirty-two rows at a time at most', async () => {
    const { commit, person, other, opened } = await inside()
    // Chunks whose rows have gone: they are asked for all the same.
    const chunks = Array.from({ length: 65 }, (_, number) => {
      const id = newRowId(systemRandomness)
      return [`${number}`, { id, secret: newRowSecret(systemRandomness), entries: [] }] as const
    })
    opened.ring = new Ring(new Map(chunks))
    await commit(draft => {
      for (let day = 1; day <= 65; day++) draft.put(person(day, day))
    })
    const { opened: there, load, store } = await other()
    const read = vi.spyOn(store, 'read')
    await load()
    const asked = (table: string) => read.mock.calls.filter(call => call[0] === table).map(([, ids]) => ids.length)
    expect(asked('heads')).toEqual([32, 32, 1])
    expect(new Set(asked('ring'))).toEqual(new Set([32, 32, 1]))
    expect([there.ring.chunks.size, there.ring.size, there.index.contacts()]).toEqual([65, 65, 65])
  })

  it('takes over a policy, who left and who was in quarantine, and nothing of it anew that is as it was', async () => {
    const { commit, tab, opened } = await two()
    const { opened: there } = tab
    const held = () => [there.record, there.catalogue, there.left, there.quarantined]
    const before = held()
    const other = { policy: { ...riverside, region: 'IE' as const } }
    await commit(draft => draft.setRecord(other))
    await there.refresh()
    expect(there.policyRecord).toEqual(other)
    expect(held().map((each, i) => each === before[i])).toEqual([false, true, true, true])
    await commit(draft => draft.quarantined.push(print))
    await there.refresh()
    expect(there.quarantined.prints).toEqual([print])
    await commit(draft => draft.left.push({ ...print, value: 4 }))
    await there.refresh()
    expect([there.left.size, there.quarantined.size]).toEqual([2, 1])
    const after = held()
    for (const object of [there, opened]) {
      const names = ['record', 'catalogue', 'left', 'quarantined'] as const
      const held = names.map(name => object[name])
      await commit(draft => draft.undated.push({ kind: 'notice', plain: encodeRecord('a'), replace: false }))
      await object.refresh()
      expect(names.map(name => object[name] === held[names.indexOf(name)])).toEqual([true, true, true, true])
    }
    expect(held().map((each, i) => each === after[i])).toEqual([true, true, true, true])
  })

  it('goes to the newest version also where its root, or its number, is the one it holds', async () => {
    const vault = await two()
    const { store, medium, opened, time, commit, person } = vault
    let below = vault.tab.store
    const turned = new Proxy(below, {
      get: (_, name) => {
        const value = Reflect.get(below, name)
        return typeof value === 'function' ? value.bind(below) : value
      },
    })
    const { opened: there, load } = await vault.other(turned)
    await load()
    await store.commit({ expect: 2, root: opened.rootBytes, put: [], drop: [] })
    await there.refresh()
    expect(there.version).toBe(3)

    // Somebody puts a copy of the store in its place, and goes on from there.
    below = memoryStore({ medium: medium.clone() })
    await below.open()
    const copied = await vault.other(below)
    await copied.load()
    await opened.refresh()
    await commit(draft => draft.put(person(3)))
    below = vault.tab.store
    await there.refresh()
    expect(there.index.numberOf(idOf(3))).toBeGreaterThan(0)
    below = copied.store
    await new Committer(copied.opened, time).submit({ plan: async draft => draft.put(person(4)) })
    expect([copied.opened.version, there.version]).toEqual([4, 4])
    await there.refresh()
    expect(there.rootBytes).toEqual(copied.opened.rootBytes)
    expect([3, 4].map(number => there.index.numberOf(idOf(number)) >= 0)).toEqual([false, true])
  })

  it('reads what is new once where two ask for it at the same time', async () => {
    const { commit, tab } = await two()
    await commit(draft => draft.note(entryOf(1)))
    const read = vi.spyOn(tab.store, 'read')
    await Promise.all([tab.opened.refresh(), tab.opened.refresh()])
    expect(read.mock.calls.map(([table]) => table)).toEqual(['undated', 'ledger'])
    expect(tab.heard).toMatchObject([entryOf(1)])
  })

  it('finds no vault where it is taken away under the reader, with the lock or without', async () => {
    const { tab, commit } = await two()
    const { store, opened: there, load } = tab
    await commit(draft => draft.note(entryOf(1)))
    const root = store.root.bind(store)
    let looks = 0
    store.root = async () => (++looks > 0 ? undefined : root())
    await expect(load()).rejects.toMatchObject({ code: 'VAULT_MISSING' })
    expect(looks).toBe(1)
    looks = -1
    store.read = async (_, ids) => {
      looks = 0
      return ids.map(() => undefined)
    }
    await expect(there.refresh()).rejects.toMatchObject({ code: 'VAULT_MISSING' })
    expect(looks).toBe(2)
  })

  it('reads the ledger from the row that was open on: what is damaged before it is not met again', async () => {
    const { commit, medium, opened, tab, other, time } = await two()
    const [row] = putOf(await commit(draft => draft.note(entryOf(1))), 'ledger')
    if (!row) throw new Error('there is one')
    medium.damageRow('ledger', row.id, new Uint8Array(row.bytes.length))
    // Somebody for whom the open row is damaged begins another behind it.
    const writer = new Committer((await follows(tab)).opened, time)
    const says = (person: number) => writer.submit({ plan: async draft => draft.note(entryOf(person)) })
    await says(2)
    const scanned = await other()
    const scan = vi.spyOn(scanned.store, 'scan')
    await scanned.load()
    expect(scan).not.toHaveBeenCalled()
    await says(3)
    await scanned.opened.refresh()
    expect(scanned.heard).toMatchObject([entryOf(3)])
    expect([scanned.opened.ledgerLost, scanned.opened.rows.corrupt.size]).toEqual([false, 0])
    // Who was there before has to know what it didn't hear.
    await opened.refresh()
    expect(opened.ledgerLost).toBe(true)
  })

  it('reads the ledger again as long as others replace its open row, and takes that for no damage', async () => {
    const { commit, tab } = await two()
    await commit(draft => draft.note(entryOf(1)))
    const scan = tab.store.scan.bind(tab.store)
    let races = 0
    tab.store.scan = async function* (table, from) {
      if (table === 'ledger' && races++ < 5) await commit(draft => draft.note(entryOf(races)))
      else yield* scan(table, from)
    }
    await tab.opened.refresh()
    expect(races).toBeGreaterThan(5)
    await tab.opened.refresh()
    expect([tab.opened.ledgerLost, tab.opened.rows.corrupt.size]).toEqual([false, 0])
    expect(tab.heard.slice(-6)).toEqual([1, 1, 2, 3, 4, 5].map(person => expect.objectContaining(entryOf(person))))
  })
})
