/**
 * What an open vault holds, and how it follows what others commit: nothing read twice, nothing told twice, what went
 * out of the index, what does not open named and left out while the rest goes on, and nothing secret left when it locks
 * (R19).
 */
import { ready, Secret, systemRandomness } from '@amanat/crypto'
import { UNDATED } from '@amanat/store-contract'
import { memoryStore } from '@amanat/vault/testing'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { hex } from '../../src/bytes'
import { Committer } from '../../src/commit/commit'
import { Opened } from '../../src/commit/opened'
import { Overtaken } from '../../src/commit/overtaken'
import { newRowId, sealRow } from '../../src/commit/rows'
import { stepToToday } from '../../src/commit/tick'
import { VaultError } from '../../src/errors'
import { encodePage } from '../../src/pages/page'
import { encodeRecord } from '../../src/pages/slice'
import { riverside } from '../riverside'
import { entryOf, idOf, inside, nameOf, putOf } from './inside'

beforeAll(() => ready())

const print = { purpose: 1, bits: 20, week: 2_900, value: 3 }
const pagesOf = (opened: Opened) => [...opened.index.pages()].sort()
const forget = ({ opened, time }: Awaited<ReturnType<typeof inside>>, person: number) =>
  new Committer(opened, time).submit({
    forgets: true,
    plan: async draft => {
      draft.remove(nameOf(person))
      draft.forgets = true
      draft.note(entryOf(person))
    },
  })
/** A vault with two people, and another object that has loaded it. */
async function two() {
  const vault = await inside()
  await vault.commit(draft => {
    draft.put(vault.person(1))
    draft.put(vault.person(2, 5))
    draft.left.push(print)
    draft.note(entryOf(9))
  })
  const other = await vault.other()
  await other.load()
  return { ...vault, tab: other }
}

describe('an object that opens a vault', () => {
  it('holds what the one that made it holds, and is told nothing of what was before', async () => {
    const { opened, tab } = await two()
    const { opened: there } = tab
    expect([there.version, there.epoch, there.days.tick]).toEqual([2, 1, opened.days.tick])
    expect(there.rootBytes).toEqual(opened.rootBytes)
    expect(pagesOf(there)).toEqual(pagesOf(opened))
    expect(pagesOf(there)).toHaveLength(2)
    expect([1, 2, 3].map(number => there.index.numberOf(idOf(number)) >= 0)).toEqual([true, true, false])
    expect(there.ring.size).toBe(2)
    expect(there.undated.map(({ id, kind, plain }) => [hex(id), kind, hex(plain)])).toEqual(
      opened.undated.map(({ id, kind, plain }) => [hex(id), kind, hex(plain)]),
    )
    expect(there.policyRecord).toEqual({ policy: riverside })
    expect(there.catalogue.record).toEqual(opened.catalogue.record)
    expect([there.left.prints, there.quarantined.size]).toEqual([[print], 0])
    expect(there.tail).toEqual(opened.tail)
    expect(there.maxJumpDays).toBe(62)
    expect(tab.heard).toEqual([])
    expect([there.corrupt.size, there.hidesPages, there.ledgerLost]).toEqual([0, false, false])
    expect(there.clear).toEqual(opened.clear)
  })

  it('has nothing to show before it has loaded', async () => {
    const { other } = await inside()
    const { opened } = await other()
    for (const ask of [() => opened.root, () => opened.policyRecord, () => opened.slots])
      expect(ask).toThrow(expect.objectContaining({ code: 'VAULT_LOCKED' }))
    expect(opened.place('undated', idOf(1))).toEqual({
      vaultId: opened.vaultId,
      table: 'undated',
      id: idOf(1),
      bucket: UNDATED,
    })
    expect(opened.place('pages', idOf(1), 5).bucket).toBe(5)
  })

  it('finds no vault, another one, or one whose cell is another', async () => {
    const { other, opened, store } = await inside()
    const empty = await other(memoryStore())
    for (const look of [() => empty.opened.refresh(), () => empty.load()])
      await expect(look()).rejects.toMatchObject({ code: 'VAULT_MISSING' })
    const stranger = new Opened(store, idOf(9), opened.rootKey, systemRandomness, () => {})
    for (const look of [() => stranger.refresh(), () => store.exclusive(lost => stranger.refreshSettled(lost))])
      await expect(look()).rejects.toMatchObject({ code: 'KEY_CHANGED' })
    const { opened: stale } = await other()
    stale.useCell({ ...(await cellOf(opened)), secret: Secret.random<'epoch'>(systemRandomness) })
    await expect(stale.refresh()).rejects.toMatchObject({ code: 'CELL_STALE' })
    const wrong = new Opened(
      store,
      opened.vaultId,
      Secret.random<'root-key'>(systemRandomness),
      systemRandomness,
      () => {},
    )
    await expect(store.exclusive(lost => wrong.refreshSettled(lost))).rejects.toMatchObject({ code: 'KEY_CHANGED' })
  })
})

/** The record in the cell as this object holds it. */
const cellOf = async (opened: Opened) => ({
  epoch: opened.epoch,
  secret: opened.epochSecret as Secret<'epoch'>,
  tick: opened.days.tick,
  ratchet: Secret.of<'ratchet'>(new Uint8Array(32)),
  lastSeen: 0,
  maxJumpDays: 3,
  seq: 1,
})

describe('following', () => {
  it('costs one look at the root where nothing changed', async () => {
    const { tab } = await two()
    const [root, read, exclusive] = (['root', 'read', 'exclusive'] as const).map(name => vi.spyOn(tab.store, name))
    await tab.opened.refresh()
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
    const [exclusive, read] = (['exclusive', 'read'] as const).map(name => vi.spyOn(tab.store, name))
    await there.refresh()
    expect(exclusive).not.toHaveBeenCalled()
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
    const { left, record } = there
    await commit(draft => draft.note(entryOf(2)))
    await there.refresh()
    expect(heard).toMatchObject([entryOf(1), entryOf(2)])
    // What is as it was isn't read anew.
    expect(there.left).toBe(left)
    expect(there.record).toBe(record)
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
    await tab.opened.refresh()
    expect(exclusive).toHaveBeenCalledTimes(2)
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

  it('takes over what the cell holds, and wipes the days that it goes on from', async () => {
    const { opened } = await inside()
    const { days, epochSecret } = opened
    const cell = await cellOf(opened)
    opened.useCell({ ...cell, secret: Secret.of<'epoch'>((epochSecret as Secret<'epoch'>).expose()), epoch: 9 })
    expect([opened.epochSecret, opened.epoch, opened.days, opened.maxJumpDays]).toEqual([epochSecret, 1, days, 3])
    expect(opened.epochSecret).toBe(epochSecret)
    expect(days.of(days.tick)).toBeDefined()
    const secret = Secret.random<'epoch'>(systemRandomness)
    opened.useCell({ ...cell, secret, epoch: 2, tick: cell.tick + 1 })
    expect([opened.epoch, opened.days.tick]).toEqual([2, cell.tick + 1])
    expect(opened.epochSecret).toBe(secret)
    expect(opened.days).not.toBe(days)
    expect(() => days.of(days.tick + 3)).toThrow()
  })
})

describe('a row that does not open', () => {
  const broken = (bytes: Uint8Array) => bytes.with(30, (bytes[30] as number) ^ 1)

  it.each(['heads', 'ring'] as const)('of %s leaves the rest, is named, and hides pages', async table => {
    const { commit, person, medium, other } = await inside()
    const first = await commit(draft => draft.put(person(1)))
    await commit(draft => draft.undated.push({ kind: 'notice', plain: encodeRecord('a'), replace: false }))
    const [row] = putOf(first, table)
    if (!row) throw new Error('there is one')
    medium.damageRow(table, row.id, broken(row.bytes))
    const { opened, load } = await other()
    await load()
    expect([...opened.corrupt]).toEqual([`${table} ${hex(row.id)}`])
    expect(opened.hidesPages).toBe(true)
    expect(opened.index.contacts()).toBe(0)
    expect([...opened.ring.chunks.values()].map(({ damaged, entries }) => [damaged, entries.length])).toEqual(
      table === 'ring' ? [[true, 0]] : [[undefined, 1]],
    )
    expect(opened.policyRecord).toEqual({ policy: riverside })
  })

  it('hides nothing where the page has passed, or where it is no page', async () => {
    const { commit, person, medium, other, clock, opened, time } = await inside()
    const batch = await commit(draft => {
      draft.put(person(1, 0))
      draft.left.push(print)
    })
    const [head] = putOf(batch, 'heads')
    const [left] = putOf(batch, 'undated')
    medium.damageRow('heads', head?.id as Uint8Array, broken(head?.bytes as Uint8Array))
    medium.damageRow('undated', left?.id as Uint8Array, broken(left?.bytes as Uint8Array))
    const there = await other()
    await there.load()
    expect(there.opened.hidesPages).toBe(true)
    await clock.advance('P1D')
    await stepToToday(opened, time)
    await there.opened.refresh()
    expect([there.opened.corrupt.size, there.opened.hidesPages]).toEqual([2, false])
    expect(there.opened.left.size).toBe(0)
    expect(there.opened.undated.filter(({ damaged }) => damaged).map(({ kind }) => kind)).toEqual(['left'])
  })

  it.each(['policy', 'catalogue'] as const)('of the %s keeps the vault shut', async kind => {
    const { opened, medium, other } = await inside()
    const row = opened.undated.find(each => each.kind === kind)
    medium.damageRow('undated', row?.id as Uint8Array, undefined)
    await expect((await other()).load()).rejects.toMatchObject({ code: 'CORRUPT', data: { row: 'undated' } })
  })

  it('is looked at a second time before that is believed', async () => {
    const { commit, person, other } = await inside()
    await commit(draft => draft.put(person(1)))
    const { opened, load, store } = await other()
    const real = store.read.bind(store)
    const seen = new Set<string>()
    store.read = async (table, ids) => {
      const rows = await real(table, ids)
      if (seen.has(table)) return rows
      seen.add(table)
      return rows.map(bytes => bytes && broken(bytes))
    }
    await load()
    expect([opened.corrupt.size, opened.index.contacts()]).toEqual([0, 1])
    expect([...seen].sort()).toEqual(['heads', 'ledger', 'ring', 'undated'])
  })

  it('of the ledger is remembered by who follows, and another row is begun behind it', async () => {
    const { commit, medium, tab } = await two()
    const batch = await commit(draft => draft.note(entryOf(1)))
    const [row] = putOf(batch, 'ledger')
    medium.damageRow('ledger', row?.id as Uint8Array, broken(row?.bytes as Uint8Array))
    await tab.opened.refresh()
    expect([tab.opened.ledgerLost, tab.opened.tail, tab.heard]).toEqual([true, undefined, []])
    expect([...tab.opened.corrupt]).toEqual([`ledger ${hex(row?.id as Uint8Array)}`])
    expect(tab.opened.version).toBe(3)
    await expect(tab.opened.unlessLost(() => Promise.reject(new VaultError('BUSY')))).rejects.toMatchObject({
      code: 'BUSY',
    })
    const no = new Error('no')
    await expect(tab.opened.unlessLost(() => Promise.reject(no))).rejects.toBe(no)
  })
})

describe('a page', () => {
  it('is read once, kept, and is nothing where it is unknown, gone or passed', async () => {
    const { opened, commit, person, medium, clock, time } = await inside()
    await commit(draft => [draft.put(person(1, 0)), draft.put(person(2)), draft.put(person(3, 5))])
    const [today, , later] = [...opened.ring.entries('pages')].sort((a, b) => a.bucket - b.bucket)
    const [first, last] = [hex(today?.id as Uint8Array), hex(later?.id as Uint8Array)]
    const read = vi.spyOn(opened.store, 'read')
    const plain = await opened.page(first)
    expect(plain?.length).toBeGreaterThan(20)
    expect(await opened.page(first)).toBe(plain)
    expect(read).toHaveBeenCalledTimes(1)
    expect(await opened.page('none')).toBeUndefined()
    medium.damageRow('pages', later?.id as Uint8Array, undefined)
    expect(await opened.page(last)).toBeUndefined()
    await clock.advance('P1D')
    await stepToToday(opened, time)
    expect(await opened.page(first)).toBeUndefined()
  })

  it('that holds other than its head says, or is none, is damage', async () => {
    const { opened, commit, person, medium } = await inside()
    await commit(draft => draft.put(person(1)))
    const [entry] = opened.ring.entries('pages')
    if (!entry) throw new Error('there is one')
    for (const plain of [encodePage([]), encodePage([encodeRecord(1), encodeRecord(2)]), encodeRecord('none')]) {
      const row = sealRow(
        opened.place('pages', entry.id, entry.bucket),
        entry.secret,
        opened.days,
        plain,
        systemRandomness,
      )
      medium.damageRow('pages', entry.id, row.bytes)
      await expect(opened.page(hex(entry.id))).rejects.toMatchObject({ code: 'CORRUPT', data: { row: 'pages' } })
    }
  })

  it('or an export that is not there is damage, unless somebody committed since', async () => {
    const { opened, commit, medium, TODAY, store } = await inside()
    await commit(draft => draft.exportRows.push({ id: newRowId(systemRandomness), bucket: TODAY + 3, plain: idOf(1) }))
    const [entry] = opened.ring.entries('exports')
    if (!entry) throw new Error('there is one')
    expect(await opened.exportRow(entry)).toEqual(idOf(1))
    medium.damageRow('exports', entry.id, undefined)
    await expect(opened.exportRow(entry)).rejects.toMatchObject({ code: 'CORRUPT', data: { row: 'exports' } })
    await store.commit({ expect: opened.version, root: opened.rootBytes, put: [], drop: [] })
    await expect(opened.exportRow(entry)).rejects.toThrow(Overtaken)
    expect(await opened.gone('pages', opened.version + 1)).toMatchObject({ code: 'CORRUPT', data: { row: 'pages' } })
  })
})

it('nothing secret is left when it locks', async () => {
  const { opened, commit, person } = await two()
  await commit(draft => draft.put(person(3, 3)))
  const key = pagesOf(opened)[0] as string
  const page = await opened.page(key)
  const { rootKey, root, tail, undated, days } = opened
  const epochSecret = opened.epochSecret as Secret<'epoch'>
  const head = opened.index.headOf(key)?.bytes
  const day = days.of(days.tick + 1)
  const secrets = [rootKey, epochSecret, root.ledger.secret, root.pointKey, root.leftKey, day as Secret<'day'>]
  const listed = [...opened.ring.entries(), ...opened.ring.chunks.values(), ...undated].map(({ secret }) => secret)
  const bytes = [...secrets, ...listed].map((secret: Secret<string>) => secret.expose())
  const plain = [...undated.map(row => row.plain), page, tail, head] as Uint8Array[]
  expect([...bytes, ...plain].every(each => each.some(byte => byte !== 0))).toBe(true)
  opened.wipe()
  expect([...bytes, ...plain].filter(each => each.some(byte => byte !== 0))).toEqual([])
  for (const ask of [() => opened.root, () => opened.policyRecord])
    expect(ask).toThrow(expect.objectContaining({ code: 'VAULT_LOCKED' }))
  expect([opened.left.size, opened.quarantined.size, opened.index.contacts()]).toEqual([0, 0, 0])
})
