/**
 * What a draft becomes: which rows a commit puts and drops, what the root says of them, and what is held in memory once
 * it is in. Were a row left that something was taken out of, or one dropped that is still needed, it would show here
 * first; that nothing forgotten can be read is for `test/protocol` to say.
 */
import { fingerprint, hash, ready, Secret, systemRandomness } from '@amanat/crypto'
import { UNDATED } from '@amanat/store-contract'
import { beforeAll, describe, expect, it } from 'vitest'
import { hex } from '../../src/bytes'
import { commitmentOf } from '../../src/commit/cell'
import { decodePrints, type Print } from '../../src/commit/fingerprints'
import type { Opened } from '../../src/commit/opened'
import { decodeRoot } from '../../src/commit/root'
import { ledgerKey, newRowId, openRow, type RowSecret } from '../../src/commit/rows'
import { cutDraft, MARKED_DAYS, owesEntry, slotHash } from '../../src/commit/seal-draft'
import { stepToToday } from '../../src/commit/tick'
import { type AnyEntry, decodeEntry } from '../../src/ledger/entry'
import { readHeader } from '../../src/ledger/leaf'
import { firstRecordOf, readRow } from '../../src/ledger/rows'
import { appendLeaf, decodeFrontier, leafHash } from '../../src/ledger/tree'
import { HeadView } from '../../src/pages/head'
import { decodePage } from '../../src/pages/page'
import { decodeChunk } from '../../src/pages/ring'
import { decodeRecord } from '../../src/record/record'
import { startOf } from '../../src/time/day'
import { riverside } from '../riverside'
import { droppedOf, entryOf, idOf, inside, nameOf, putOf, rootOf } from './inside'

beforeAll(() => ready())

const rootNow = (opened: Opened) => rootOf(opened.rootBytes, opened.rootKey, opened.epochSecret as Secret<'epoch'>)
const print = (value: number): Print => ({ purpose: 1, bits: 20, week: 2_900, value })

/** A row of a batch, opened with this secret. */
function plainOf(opened: Opened, row: ReturnType<typeof putOf>[number], secret: RowSecret): Uint8Array {
  return openRow(opened.rows.place(row.table, row.id, row.bucket), secret, opened.days, row.bytes)
}

describe('people', () => {
  it('lie in a page and its head, under one secret that the ring lists in a chunk of its own', async () => {
    const { opened, commit, person, TODAY } = await inside()
    const batch = await commit(draft => [1, 2].map(number => draft.put(person(number))))
    const [page] = putOf(batch, 'pages')
    const [head] = putOf(batch, 'heads')
    const [ring] = putOf(batch, 'ring')
    if (!page || !head || !ring) throw new Error('there is one of each')
    expect(batch.put).toHaveLength(4)
    expect([hex(head.id), head.bucket, page.bucket, ring.bucket]).toEqual([hex(page.id), TODAY + 9, TODAY + 9, UNDATED])
    const [chunk] = rootNow(opened).chunks
    expect(hex(chunk?.id as Uint8Array)).toBe(hex(ring.id))
    const [entry, ...more] = decodeChunk(plainOf(opened, ring, chunk?.secret as RowSecret))
    if (!entry) throw new Error('it lists the page')
    expect(more).toEqual([])
    expect(hex(entry.id)).toBe(hex(page.id))
    expect(entry).toMatchObject({ table: 'pages', bucket: TODAY + 9, count: 2 })
    const records = decodePage(plainOf(opened, page, entry.secret))
    expect(records.map(record => decodeRecord(record))).toMatchObject([{ i: idOf(1) }, { i: idOf(2) }])
    expect(entry.size).toBe(records.reduce((sum, { length }) => sum + length + 4, 0))
    const view = new HeadView(plainOf(opened, head, entry.secret))
    expect([0, 1].map(slot => view.name(slot))).toEqual(['Person 1', 'Person 2'])
    expect(batch.expect).toBe(1)
  })

  it('are in the index as soon as the commit is, and one who goes is out of it and out of the cache', async () => {
    const { opened, commit, person } = await inside()
    const first = await commit(draft => [1, 2].map(number => draft.put(person(number))))
    const key = hex(putOf(first, 'pages')[0]?.id as Uint8Array)
    expect([1, 2].map(number => opened.index.numberOf(idOf(number)) >= 0)).toEqual([true, true])
    expect([opened.version, opened.index.hasPage(key), opened.ring.size]).toEqual([2, true, 1])
    const plain = await opened.pages.read(key, plain => plain)
    const second = await commit(draft => draft.remove(nameOf(1)))
    expect([1, 2].map(number => opened.index.numberOf(idOf(number)) >= 0)).toEqual([false, true])
    expect(plain.every(byte => byte === 0)).toBe(true)
    expect(droppedOf(second, 'pages')).toEqual([key])
    expect(droppedOf(second, 'heads')).toEqual([key])
    expect(droppedOf(second, 'ring')).toEqual([hex(putOf(first, 'ring')[0]?.id as Uint8Array)])
    const third = await commit(draft => draft.remove(nameOf(2)))
    expect([putOf(third, 'pages'), putOf(third, 'ring'), opened.ring.size]).toEqual([[], [], 0])
    expect(opened.index.contacts()).toBe(0)
  })

  it('have their documents sealed for their day, and those dropped that nothing names any more', async () => {
    const { opened, commit, person, TODAY } = await inside()
    const media = { p1: { content: new Uint8Array(513).fill(7), mediaType: 'image/png' } }
    const card = { media: { p1: { kind: 'photo' as const, uri: 'data:' } } }
    const first = await commit(draft => draft.put(person(1, 9, { card, media })))
    expect(putOf(first, 'blobs').map(({ bucket }) => bucket)).toEqual([TODAY + 9])
    const pages = putOf(first, 'pages').map(({ id }) => hex(id))
    expect(pages).toHaveLength(1)
    const second = await commit(draft => draft.remove(nameOf(1)))
    expect(droppedOf(second, 'blobs')).toEqual(putOf(first, 'blobs').map(({ id }) => hex(id)))
    expect(opened.index.contacts()).toBe(0)
  })

  it('have their points found by the key of the vault, and their numbers read for its region', async () => {
    const { opened, commit, person } = await inside()
    await commit(draft => draft.put(person(1, 9, { card: { phones: { p1: { number: '07700 900101' } } } })))
    const point = fingerprint(
      'amanat/point/1',
      opened.root.pointKey,
      8,
      Buffer.from('phone'),
      Buffer.from('+447700900101'),
    )
    expect(opened.index.byPoint(1, point)).toEqual([opened.index.numberOf(idOf(1))])
  })

  it('are cut by when each part must go, and who is removed into nothing', async () => {
    const { opened, commit, person, TODAY } = await inside()
    await commit(draft => {
      draft.put(person(1))
      draft.remove(nameOf(2))
      const cuts = cutDraft(draft)
      expect(cuts.get(nameOf(1))?.map(({ bucket }) => bucket)).toEqual([TODAY + 9])
      expect(cuts.get(nameOf(2))).toEqual([])
    })
    expect(opened.index.contacts()).toBe(1)
  })
})

describe('an export', () => {
  it('has its list in a row of the day that it is kept until, which the ring lists', async () => {
    const { opened, commit, TODAY } = await inside()
    const id = newRowId(systemRandomness)
    const batch = await commit(draft => draft.exportRows.push({ id, bucket: TODAY + 3, plain: new Uint8Array([7, 8]) }))
    const [row] = putOf(batch, 'exports')
    const [entry] = opened.ring.entries('exports')
    if (!row || !entry) throw new Error('there is one')
    expect([hex(row.id), row.bucket]).toEqual([hex(id), TODAY + 3])
    expect(entry).toMatchObject({ table: 'exports', bucket: TODAY + 3, size: 2, count: 0 })
    expect([...plainOf(opened, row, entry.secret)]).toEqual([7, 8])
    expect(opened.ring.size).toBe(1)
    expect([...(await opened.exportRow(entry))]).toEqual([7, 8])
  })
})

describe('undated rows', () => {
  const kindsOf = (opened: Opened) => opened.undated.map(({ kind }) => kind).sort()

  it('are listed by the root with their secrets, and held as they are written', async () => {
    const { opened, commit } = await inside()
    expect(kindsOf(opened)).toEqual(['catalogue', 'notice', 'policy'])
    const batch = await commit(draft =>
      draft.undated.push({ kind: 'notice', plain: new Uint8Array([1]), replace: false }),
    )
    expect(kindsOf(opened)).toEqual(['catalogue', 'notice', 'notice', 'policy'])
    expect(droppedOf(batch, 'undated')).toEqual([])
    const [row] = putOf(batch, 'undated')
    const listed = rootNow(opened).undated.find(({ id }) => hex(id) === hex(row?.id as Uint8Array))
    expect(listed?.kind).toBe('notice')
    expect([...plainOf(opened, row as never, listed?.secret as RowSecret)]).toEqual([1])
    expect(rootNow(opened).undated.map(({ id }) => hex(id))).toEqual(opened.undated.map(({ id }) => hex(id)))
  })

  it('of a policy give way to the last one of a commit, and no other row does', async () => {
    const { opened, commit } = await inside()
    const old = opened.undated.find(({ kind }) => kind === 'policy')
    const batch = await commit(draft => {
      draft.setRecord({ policy: riverside, sameLegalPerson: ['One'] })
      draft.setRecord({ policy: riverside, sameLegalPerson: ['Two'] })
    })
    expect(droppedOf(batch, 'undated')).toEqual([hex(old?.id as Uint8Array)])
    expect(putOf(batch, 'undated')).toHaveLength(1)
    expect(kindsOf(opened)).toEqual(['catalogue', 'notice', 'policy'])
    expect(opened.policyRecord).toMatchObject({ sameLegalPerson: ['Two'] })
  })

  it('of the catalogue are written anew where something was added to it, and not otherwise', async () => {
    const { opened, commit } = await inside()
    const old = opened.undated.find(({ kind }) => kind === 'catalogue')
    expect(putOf(await commit(draft => draft.note(entryOf(1))), 'undated')).toEqual([])
    const batch = await commit(draft => draft.catalogue.purpose('choir'))
    expect(droppedOf(batch, 'undated')).toEqual([hex(old?.id as Uint8Array)])
    expect(opened.catalogue.findPurpose('choir')).toBe(3)
    expect(kindsOf(opened)).toEqual(['catalogue', 'notice', 'policy'])
  })

  it('of people who left fill up to a thousand, the open one written anew each time, the full ones never', async () => {
    const { opened, commit } = await inside()
    const rows = (kind: 'left' | 'quarantined') =>
      opened.undated.filter(row => row.kind === kind).map(({ plain }) => decodePrints(plain).length)
    await commit(draft => draft.left.push(print(1), print(2)))
    expect([rows('left'), rows('quarantined')]).toEqual([[2], []])
    await commit(draft => draft.quarantined.push(print(9)))
    expect([rows('left'), rows('quarantined')]).toEqual([[2], [1]])
    const open = opened.undated.find(({ kind }) => kind === 'left')
    const batch = await commit(draft => draft.left.push(...Array.from({ length: 1_500 }, (_, i) => print(i + 3))))
    expect(droppedOf(batch, 'undated')).toEqual([hex(open?.id as Uint8Array)])
    expect([rows('left'), rows('quarantined')]).toEqual([[1_000, 502], [1]])
    expect(opened.left.prints.map(({ value }) => value).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 1_502 }, (_, i) => i + 1),
    )
    await commit(draft => draft.left.push(...Array.from({ length: 498 }, (_, i) => print(i + 2_000))))
    expect(rows('left')).toEqual([1_000, 1_000])
    const next = await commit(draft => draft.left.push(print(9_999)))
    expect(droppedOf(next, 'undated')).toEqual([])
    expect([rows('left'), opened.left.size]).toEqual([[1_000, 1_000, 1], 2_001])
    expect(putOf(await commit(draft => draft.note(entryOf(1))), 'undated')).toEqual([])
  })

  it('that do not open take nothing in, and stay', async () => {
    const { opened, commit } = await inside()
    await commit(draft => draft.left.push(print(1)))
    opened.undated = opened.undated.map(row =>
      row.kind === 'left' ? { ...row, plain: new Uint8Array(), damaged: true } : row,
    )
    const batch = await commit(draft => draft.left.push(print(2)))
    expect(droppedOf(batch, 'undated')).toEqual([])
    expect(opened.undated.filter(({ kind }) => kind === 'left').map(({ damaged }) => damaged)).toEqual([
      true,
      undefined,
    ])
    expect(opened.left.prints).toEqual([print(2)])
  })
})

describe('the ledger', () => {
  const read = (opened: Opened, row: ReturnType<typeof putOf>[number]) =>
    readRow(plainOf(opened, row, ledgerKey(opened.root.ledger.secret, row.id)))

  it('gets one leaf a commit, its header first, and the open row is written anew with it', async () => {
    const { opened, commit, told, clock } = await inside()
    const before = opened.root.ledger
    expect(before).toMatchObject({ leaves: 1, records: 2, tailFirst: 0 })
    await clock.advance('PT1H')
    const batch = await commit(draft => [1, 2].map(number => draft.note(entryOf(number))))
    const [row, ...more] = putOf(batch, 'ledger')
    if (!row) throw new Error('there is one')
    expect(more).toEqual([])
    expect(droppedOf(batch, 'ledger')).toEqual([hex(before.tail as Uint8Array)])
    const records = read(opened, row)
    expect(records.map(([leaf, kind]) => [leaf, kind])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
      [1, 1],
    ])
    expect(readHeader(records[2]?.[2] as Uint8Array)).toMatchObject({ index: 1, at: clock.now(), epoch: 1, count: 2 })
    const entries = records.slice(3).map(([, , bytes]) => decodeEntry(bytes))
    expect(entries).toEqual([1, 2].map(number => ({ ...entryOf(number), at: clock.now() })))
    expect(told).toEqual(entries)
    const after = opened.root.ledger
    expect(after).toMatchObject({ leaves: 2, records: 5, tailFirst: 0 })
    expect(hex(after.tail as Uint8Array)).toBe(hex(row.id))
    expect(firstRecordOf(row.id)).toBe(0)
    const leaf = leafHash(records[2]?.[2] as Uint8Array)
    expect(decodeFrontier(after.frontier)).toEqual(appendLeaf(decodeFrontier(before.frontier), leaf))
    expect(opened.tail).toEqual(plainOf(opened, row, ledgerKey(after.secret, row.id)))
    expect(rootNow(opened).ledger).toEqual(after)
  })

  it('says whether a leaf forgot something, and of which epoch it is', async () => {
    const { opened, commit } = await inside()
    const next = { epoch: 2, secret: Secret.random<'epoch'>(systemRandomness) }
    const [plainly] = putOf(await commit(draft => draft.note(entryOf(1))), 'ledger')
    const [forgetting] = putOf(await commit(draft => (draft.forgets = true), next), 'ledger')
    const headers = [plainly, forgetting].map(row =>
      read(opened, row as never)
        .filter(([, kind]) => kind === 0)
        .at(-1),
    )
    const shown = headers.map(header => readHeader(header?.[2] as Uint8Array))
    expect(shown).toMatchObject([
      { epoch: 1, forgetting: false },
      { epoch: 2, forgetting: true },
    ])
  })

  it('begins a row behind what it has where the open one is large, or does not open', async () => {
    const { opened, commit } = await inside()
    const many = await commit(draft => Array.from({ length: 100 }, () => draft.note(entryOf(1))))
    const full = opened.root.ledger
    expect(full).toMatchObject({ records: 103, tailFirst: 0 })
    expect(putOf(many, 'ledger')).toHaveLength(1)
    const next = await commit(draft => draft.note(entryOf(2)))
    expect(droppedOf(next, 'ledger')).toEqual([])
    expect(putOf(next, 'ledger').map(({ id }) => firstRecordOf(id))).toEqual([103])
    expect(opened.root.ledger).toMatchObject({ records: 105, tailFirst: 103, leaves: 3 })
    opened.tail = undefined
    const lost = await commit(draft => draft.note(entryOf(3)))
    expect(droppedOf(lost, 'ledger')).toEqual([])
    expect(putOf(lost, 'ledger').map(({ id }) => firstRecordOf(id))).toEqual([105])
    expect(opened.root.ledger).toMatchObject({ records: 107, tailFirst: 105 })
  })

  it('is told of a forgetting that was verified meanwhile, once', async () => {
    const { opened, commit, told, clock } = await inside()
    expect(owesEntry(opened)).toBe(false)
    opened.verifiedEpoch = 4
    expect(owesEntry(opened)).toBe(true)
    await commit(draft => draft.note(entryOf(1)))
    expect(told.at(-1)).toEqual({ type: 'verified', actor: 'vault', at: clock.now(), epoch: 4 })
    expect([opened.root.verified, owesEntry(opened), told.length]).toEqual([4, false, 2])
    await commit(draft => draft.note(entryOf(1)))
    expect(told).toHaveLength(3)
    opened.verifiedEpoch = 3
    await commit(draft => draft.note(entryOf(1)))
    expect([opened.root.verified, told.length]).toEqual([4, 4])
  })
})

describe('a day that has passed', () => {
  const purges = (told: readonly AnyEntry[]) => told.filter(({ type }) => type === 'purge')

  it('is told to the ledger once, with how much there was, and swept out of the ring', async () => {
    const { opened, commit, told, person, clock, time, TODAY } = await inside()
    await commit(draft => [1, 2].map(number => draft.put(person(number, 0))))
    await commit(draft => draft.put(person(3)))
    await commit(draft => draft.exportRows.push({ id: newRowId(systemRandomness), bucket: TODAY, plain: idOf(1) }))
    expect([opened.ring.size, owesEntry(opened)]).toEqual([3, false])
    await clock.advance('P1D')
    await stepToToday(opened, time)
    expect(owesEntry(opened)).toBe(true)
    const batch = await commit(() => {})
    const purge = { type: 'purge', actor: 'vault', at: clock.now(), tick: TODAY + 1, slices: 2, rows: 1 }
    expect(purges(told)).toEqual([purge])
    expect([opened.ring.size, opened.root.purged, owesEntry(opened)]).toEqual([1, TODAY + 1, false])
    expect(putOf(batch, 'ring')).toHaveLength(1)
    expect(putOf(await commit(draft => draft.note(entryOf(1))), 'ring')).toEqual([])
    expect(purges(told)).toHaveLength(1)
  })

  it('is not told again while the ring goes on listing its pages', async () => {
    const { opened, commit, told, person, clock, time, TODAY } = await inside()
    await commit(draft => [0, 1, 9].map(days => draft.put(person(days + 1, days))))
    expect(opened.ring.size).toBe(3)
    for (const day of [1, 2]) {
      await clock.advance('P1D')
      await stepToToday(opened, time)
      await commit(() => {})
      expect(purges(told).at(-1)).toMatchObject({ tick: TODAY + day, slices: 1, rows: 1 })
      expect([purges(told).length, opened.ring.size]).toEqual([day, day === 1 ? 3 : 1])
    }
    await clock.advance('P1D')
    await stepToToday(opened, time)
    expect(owesEntry(opened)).toBe(false)
  })
})

describe('the root', () => {
  it('says its epoch, the day and the commitment in the clear, and the latest time that anybody saw', async () => {
    const { opened, commit, clock, TODAY } = await inside()
    await clock.advance('PT2H')
    const next = { epoch: 7, secret: Secret.random<'epoch'>(systemRandomness) }
    const batch = await commit(draft => draft.note(entryOf(1)), next)
    const clear = decodeRoot(batch.root)
    expect(clear).toMatchObject({ epoch: 7, tick: TODAY, vaultId: opened.vaultId })
    expect(clear.commitment).toEqual(commitmentOf(opened.vaultId, 7, next.secret))
    expect([opened.epoch, opened.epochSecret]).toEqual([7, next.secret])
    expect(opened.rootBytes).toBe(batch.root)
    const seen = clock.now()
    expect(rootNow(opened)).toMatchObject({ lastSeen: seen, purged: TODAY, verified: 1 })
    clock.set('2026-03-01T09:30:00Z')
    await commit(draft => draft.note(entryOf(1)))
    expect(rootNow(opened).lastSeen).toBe(seen)
    expect({ ...rootNow(opened), undated: [] }).toEqual({ ...opened.root, undated: [] })
  })

  it('marks where in the ledger each day begins, for a hundred days', async () => {
    const { opened, commit, clock, TODAY } = await inside()
    expect(opened.root.marks).toEqual([[TODAY, 0]])
    await commit(draft => Array.from({ length: 100 }, () => draft.note(entryOf(1))))
    await commit(draft => draft.note(entryOf(2)))
    expect(opened.root.marks).toEqual([[TODAY, 0]])
    // The days of this vault stand still: only the clock goes on.
    clock.set(new Date(startOf(TODAY + 1)).toISOString())
    await commit(draft => draft.note(entryOf(1)))
    expect(opened.root.marks).toEqual([
      [TODAY, 0],
      [TODAY + 1, 103],
    ])
    clock.set(new Date(startOf(TODAY + MARKED_DAYS - 1)).toISOString())
    await commit(draft => draft.note(entryOf(1)))
    expect(opened.root.marks.map(([day]) => day - TODAY)).toEqual([0, 1, 99])
    clock.set(new Date(startOf(TODAY + MARKED_DAYS)).toISOString())
    await commit(draft => draft.note(entryOf(1)))
    expect(opened.root.marks.map(([day]) => day - TODAY)).toEqual([1, 99, 100])
  })

  it('changes its key and its slots with a change of slots, and keeps both without', async () => {
    const { opened, commit, same } = await inside()
    const [slot] = opened.slots
    if (!slot) throw new Error('there is one')
    const old = opened.rootKey
    await commit(draft => draft.note(entryOf(1)))
    expect([opened.slots, opened.rootKey]).toEqual([[slot], old])
    const rootKey = Secret.random<'root-key'>(systemRandomness)
    const row = { id: newRowId(systemRandomness), bytes: new Uint8Array([1, 2, 3]) }
    const listed = { ...slot, id: row.id, hash: slotHash(row.bytes), label: 'Home' }
    const batch = await commit(draft => {
      draft.slotChange = { rootKey, slots: [listed], put: [row], drop: [slot.id] }
    })
    expect(putOf(batch, 'slots')).toEqual([{ table: 'slots', bucket: UNDATED, ...row }])
    expect(droppedOf(batch, 'slots')).toEqual([hex(slot.id)])
    expect(opened.rootKey).toBe(rootKey)
    expect(rootOf(batch.root, rootKey, same().secret).slots).toEqual([listed])
    expect(() => rootOf(batch.root, old, same().secret)).toThrow(expect.objectContaining({ code: 'KEY_CHANGED' }))
    expect(slotHash(row.bytes)).toEqual(hash('amanat/slot-row/1', row.bytes))
  })
})
