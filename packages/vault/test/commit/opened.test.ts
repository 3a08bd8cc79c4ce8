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
import { Opened } from '../../src/commit/opened'
import { Overtaken } from '../../src/commit/overtaken'
import { DayKeys } from '../../src/commit/ratchet'
import { newRowId, sealRow } from '../../src/commit/rows'
import { stepToToday } from '../../src/commit/tick'
import { VaultError } from '../../src/errors'
import { encodePage } from '../../src/pages/page'
import { encodeRecord } from '../../src/record/record'
import { riverside } from '../riverside'
import { entryOf, forget, idOf, inside, pagesOf, print, putOf, two } from './inside'

beforeAll(() => ready())

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
    expect([there.rows.corrupt.size, there.hidesPages, there.ledgerLost]).toEqual([0, false, false])
    expect(there.clear).toMatchObject({ vaultId: opened.vaultId, epoch: 1, tick: opened.days.tick })
  })

  it('has nothing to show before it has loaded', async () => {
    const { other } = await inside()
    const { opened } = await other()
    for (const ask of [() => opened.root, () => opened.policyRecord, () => opened.slots])
      expect(ask).toThrow(expect.objectContaining({ code: 'VAULT_LOCKED' }))
    expect(opened.rows.place('undated', idOf(1))).toEqual({
      vaultId: opened.vaultId,
      table: 'undated',
      id: idOf(1),
      bucket: UNDATED,
    })
    expect(opened.rows.place('pages', idOf(1), 5).bucket).toBe(5)
  })

  it('finds no vault, another one, or one whose cell is another', async () => {
    const { other, opened, store, clock } = await inside()
    const empty = await other(memoryStore())
    for (const look of [() => empty.opened.refresh(), () => empty.load()])
      await expect(look()).rejects.toMatchObject({ code: 'VAULT_MISSING' })
    const stranger = new Opened(store, idOf(9), opened.rootKey, systemRandomness, clock, () => {})
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
      clock,
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
    expect([...opened.rows.corrupt]).toEqual([`${table} ${hex(row.id)}`])
    expect(opened.hidesPages).toBe(true)
    expect(opened.index.contacts()).toBe(0)
    expect([...opened.ring.chunks.values()].map(({ damaged, entries }) => [damaged, entries.length])).toEqual(
      table === 'ring' ? [[true, 0]] : [[undefined, 1]],
    )
    expect(opened.policyRecord).toEqual({ policy: riverside })
  })

  it('hides nothing where the page has passed, or where it is no page', async () => {
    const { commit, person, medium, other, clock, opened, time, TODAY } = await inside()
    const batch = await commit(draft => {
      draft.put(person(1, 0))
      draft.left.push(print)
      draft.exportRows.push({ id: newRowId(systemRandomness), bucket: TODAY + 3, plain: idOf(1) })
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
    expect([there.opened.rows.corrupt.size, there.opened.hidesPages]).toEqual([2, false])
    expect(there.opened.left.size).toBe(0)
    expect(there.opened.undated.filter(({ damaged }) => damaged).map(({ kind }) => kind)).toEqual(['left'])
  })

  it.each(['policy', 'catalogue'] as const)('of the %s keeps the vault shut, as one that is none does', async kind => {
    const { opened, medium, other } = await inside()
    const row = opened.undated.find(each => each.kind === kind)
    if (!row) throw new Error('there is one')
    const { bytes } = sealRow(
      opened.rows.place('undated', row.id),
      row.secret,
      opened.days,
      encodeRecord('none'),
      systemRandomness,
    )
    for (const instead of [bytes, undefined]) {
      medium.damageRow('undated', row.id, instead)
      await expect((await other()).load()).rejects.toMatchObject({ code: 'CORRUPT', data: { row: 'undated' } })
    }
  })

  it('because its day has passed is no damage', async () => {
    const { commit, person, clock, opened, time, other } = await inside()
    await commit(draft => draft.put(person(1, 0)))
    await clock.advance('P1D')
    await stepToToday(opened, time)
    const { opened: there, load } = await other()
    await load()
    expect([there.ring.size, there.index.contacts(), there.rows.corrupt.size]).toEqual([1, 0, 0])
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
    expect([opened.rows.corrupt.size, opened.index.contacts()]).toEqual([0, 1])
    expect([...seen].sort()).toEqual(['heads', 'ledger', 'ring', 'undated'])
  })

  it('of the ledger is remembered by who follows, and another row is begun behind it', async () => {
    const { commit, medium, tab } = await two()
    const batch = await commit(draft => draft.note(entryOf(1)))
    const [row] = putOf(batch, 'ledger')
    medium.damageRow('ledger', row?.id as Uint8Array, broken(row?.bytes as Uint8Array))
    await tab.opened.refresh()
    expect([tab.opened.ledgerLost, tab.opened.tail, tab.heard]).toEqual([true, undefined, []])
    expect([...tab.opened.rows.corrupt]).toEqual([`ledger ${hex(row?.id as Uint8Array)}`])
    expect(tab.opened.version).toBe(3)
    await expect(tab.opened.unlessLost(() => Promise.reject(new VaultError('BUSY')))).rejects.toMatchObject({
      code: 'BUSY',
    })
    const no = new Error('no')
    await expect(tab.opened.unlessLost(() => Promise.reject(no))).rejects.toBe(no)
  })
})

describe('a page', () => {
  const whole = (plain: Uint8Array) => plain

  it('is read once, kept, and looked for again where it is unknown, gone or passed', async () => {
    const { opened, commit, person, medium, clock, time } = await inside()
    await commit(draft => [draft.put(person(1, 0)), draft.put(person(2)), draft.put(person(3, 5))])
    const [today, , later] = [...opened.ring.entries('pages')].sort((a, b) => a.bucket - b.bucket)
    const [first, last] = [hex(today?.id as Uint8Array), hex(later?.id as Uint8Array)]
    const read = vi.spyOn(opened.store, 'read')
    const plain = await opened.pages.read(first, whole)
    expect(plain.length).toBeGreaterThan(20)
    expect(await opened.pages.read(first, whole)).toBe(plain)
    expect(read).toHaveBeenCalledTimes(1)
    await expect(opened.pages.read('none', whole)).rejects.toThrow(Overtaken)
    medium.damageRow('pages', later?.id as Uint8Array, undefined)
    await expect(opened.pages.read(last, whole)).rejects.toThrow(Overtaken)
    await clock.advance('P1D')
    await stepToToday(opened, time)
    await expect(opened.pages.read(first, whole)).rejects.toThrow(Overtaken)
  })

  it('that passed, or that another object dropped, is wiped from memory as soon as it is known', async () => {
    const vault = await two()
    const { opened, tab, person, commit, clock, time } = vault
    await commit(draft => [draft.put(person(3, 0)), draft.put(person(4, 5))])
    await tab.opened.refresh()
    const plains = await Promise.all(pagesOf(tab.opened).map(key => tab.opened.pages.read(key, whole)))
    const wiped = () => plains.map(plain => plain.every(byte => byte === 0))
    expect(wiped()).toEqual(plains.map(() => false))
    const [passes] = [...tab.opened.ring.entries('pages')].sort((a, b) => a.bucket - b.bucket)
    const first = pagesOf(tab.opened).indexOf(hex(passes?.id as Uint8Array))
    await clock.advance('P1D')
    await stepToToday(opened, time)
    await tab.opened.refresh()
    expect(wiped()).toEqual(plains.map((_, i) => i === first))
    await forget(vault, 4)
    await tab.opened.refresh()
    expect(wiped().filter(Boolean)).toHaveLength(2)
  })

  it('that goes while it is read is looked for again, and never kept', async () => {
    const { opened, commit, person } = await inside()
    await commit(draft => draft.put(person(1)))
    const [key] = pagesOf(opened)
    const { read } = opened.store
    opened.store.read = async (table, ids) => {
      const rows = await read.call(opened.store, table, ids)
      opened.dropPage(key as string)
      return rows
    }
    await expect(opened.pages.read(key as string, whole)).rejects.toThrow(Overtaken)
  })

  it('or an export whose last day passes while it is read is looked for again, and is no damage', async () => {
    const { opened, commit, person, TODAY } = await inside()
    await commit(draft => {
      draft.put(person(1, 0))
      draft.exportRows.push({ id: newRowId(systemRandomness), bucket: TODAY, plain: idOf(1) })
    })
    const [exported] = opened.ring.entries('exports')
    const [page] = pagesOf(opened)
    const cell = await cellOf(opened)
    const { read } = opened.store
    const reads = [
      () => opened.pages.read(page as string, whole),
      () => opened.exportRow(exported as NonNullable<typeof exported>),
    ]
    for (const look of reads) {
      // As it is until the root and the index have followed the cell.
      opened.days = new DayKeys(cell.tick, cell.ratchet)
      opened.store.read = async (table, ids) => {
        const rows = await read.call(opened.store, table, ids)
        opened.useCell({ ...cell, tick: cell.tick + 1 })
        return rows
      }
      await expect(look()).rejects.toThrow(Overtaken)
    }
  })

  it('that holds other than its head says, or is none, is damage', async () => {
    const { opened, commit, person, medium } = await inside()
    await commit(draft => draft.put(person(1)))
    const [entry] = opened.ring.entries('pages')
    if (!entry) throw new Error('there is one')
    for (const plain of [encodePage([]), encodePage([encodeRecord(1), encodeRecord(2)]), encodeRecord('none')]) {
      const row = sealRow(
        opened.rows.place('pages', entry.id, entry.bucket),
        entry.secret,
        opened.days,
        plain,
        systemRandomness,
      )
      medium.damageRow('pages', entry.id, row.bytes)
      await expect(opened.pages.read(hex(entry.id), plain => plain)).rejects.toMatchObject({
        code: 'CORRUPT',
        data: { row: 'pages' },
      })
    }
  })

  it('of which the head does not open is damage, whatever is in it', async () => {
    const { opened, commit, person, medium, other } = await inside()
    await commit(draft => draft.put(person(1)))
    const [entry] = opened.ring.entries('pages')
    if (!entry) throw new Error('there is one')
    medium.damageRow('heads', entry.id, new Uint8Array(200))
    const { opened: there, load } = await other()
    await load()
    await expect(there.pages.read(hex(entry.id), plain => plain)).rejects.toMatchObject({
      code: 'CORRUPT',
      data: { row: 'pages' },
    })
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
    expect(await opened.rows.gone('pages', opened.version + 1)).toMatchObject({
      code: 'CORRUPT',
      data: { row: 'pages' },
    })
  })
})

it('nothing secret is left when it locks', async () => {
  const { opened, commit, person } = await two()
  await commit(draft => draft.put(person(3, 3)))
  const key = pagesOf(opened)[0] as string
  const page = await opened.pages.read(key, plain => plain)
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

it('not even the secrets of pages that went while it was open are left when it locks', async () => {
  const vault = await two()
  const { opened } = vault.tab
  const before = [...opened.ring.entries()].map(({ secret }) => secret.expose())
  await forget({ ...vault, opened }, 1)
  await forget({ ...vault, opened }, 2)
  expect([...opened.ring.entries()]).toEqual([])
  opened.wipe()
  expect(before).toHaveLength(2)
  expect(before.filter(bytes => bytes.some(byte => byte !== 0))).toEqual([])
})

it.each(['undated', 'heads', 'ledger'])(
  'nor what it was following when it locked, with %s on their way',
  async table => {
    const { commit, person, tab } = await two()
    const { opened: there, heard, store } = tab
    await commit(draft => {
      draft.put(person(3, 3))
      draft.undated.push({ kind: 'notice', plain: encodeRecord('a'), replace: false })
      draft.note(entryOf(3))
    })
    const read = store.read.bind(store)
    let [answer, begun] = [() => {}, () => {}]
    const asked = new Promise<void>(resolve => {
      begun = resolve
    })
    const gate = new Promise<void>(resolve => {
      answer = resolve
    })
    store.read = async (from, ids) => {
      const rows = await read(from, ids)
      if (from !== table) return rows
      begun()
      await gate
      return rows
    }
    const following = there.refresh()
    await asked
    there.wipe()
    answer()
    await following.catch(() => {})
    expect([there.index.contacts(), there.left.size, heard]).toEqual([0, 0, []])
    expect(() => there.root).toThrow(expect.objectContaining({ code: 'VAULT_LOCKED' }))
    for (const { secret } of there.ring.entries()) expect(() => secret.expose()).toThrow('wiped')
    expect(there.tail?.every(byte => byte === 0)).toBe(true)
  },
)

it('nor what it was reading from the cell when it locked', async () => {
  const { opened, other } = await inside()
  const { opened: there, store } = await other()
  const read = store.cell.read.bind(store.cell)
  const cell = await cellOf(opened)
  store.cell.read = async half => {
    there.wipe()
    return read(half)
  }
  await expect(store.exclusive(lost => there.refreshSettled(lost))).rejects.toThrow()
  expect(there.days.tick).toBe(cell.tick)
  for (const ask of [() => there.epochSecret?.expose(), () => there.days.of(cell.tick)]) expect(ask).toThrow()
})

it('one that has loaded nothing yet locks as well, and a second time', async () => {
  const { other } = await inside()
  const { opened } = await other()
  const key = opened.rootKey.expose()
  for (let times = 0; times < 2; times++) expect(() => opened.wipe()).not.toThrow()
  expect(key.every(byte => byte === 0)).toBe(true)
})
