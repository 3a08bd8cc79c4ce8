/**
 * Examining: each row that the vault lists is looked at once, and each that is missing or was changed is named, with
 * nobody's page hiding behind another's. What has passed is nobody's to open any more.
 */
import { ready, Secret, systemRandomness } from '@amanat/crypto'
import type { Table } from '@amanat/store-contract'
import { UNDATED } from '@amanat/store-contract'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { hex } from '../../src/bytes'
import { examine as examineThrough } from '../../src/commit/examine'
import type { Opened } from '../../src/commit/opened'
import { ledgerKey, newRowId, openRow, sealRow } from '../../src/commit/rows'
import { stepToToday } from '../../src/commit/tick'
import { ledgerRowId } from '../../src/ledger/rows'
import { encodeRecord } from '../../src/record/record'
import { entryOf, type Inside, idOf, inside } from './inside'

const examine = (opened: Opened) => examineThrough(work => work(opened))

beforeAll(() => ready())

/** Two people on two days, an export, and the rows that every vault has: 2 pages, 2 heads, 1 of each other. */
async function peopled() {
  const vault = await inside()
  const { commit, person, TODAY } = vault
  await commit(draft => {
    draft.put(person(1, 0))
    draft.put(person(2))
    draft.exportRows.push({ id: newRowId(systemRandomness), bucket: TODAY + 3, plain: idOf(1) })
  })
  return vault
}
/** Every row that the vault lists now: 2 pages, 2 heads, an export, a chunk, 3 undated ones, a slot, the ledger's. */
const ROWS = 11

async function idsOf({ store, opened }: Inside, table: Table): Promise<Uint8Array[]> {
  const ids: Uint8Array[] = []
  for await (const { id } of store.scan(table)) ids.push(id)
  expect(opened.version).toBeGreaterThan(0)
  return ids
}

describe('a vault', () => {
  it('that is whole has nothing damaged, and every row was looked at', async () => {
    const { opened } = await peopled()
    expect(await examine(opened)).toEqual({ rows: ROWS, damaged: [] })
  })

  it.each(['pages', 'heads', 'exports', 'ring', 'undated', 'slots'] as const)(
    'names each row of %s that was changed, and each that is gone',
    async table => {
      const vault = await peopled()
      const ids = await idsOf(vault, table)
      expect(ids.length).toBeGreaterThan(0)
      for (const id of ids) {
        const [bytes] = (await vault.store.read(table, [id])) as [Uint8Array]
        vault.medium.damageRow(table, id, bytes.with(30, (bytes[30] as number) ^ 1))
        expect(await examine(vault.opened)).toEqual({ rows: ROWS, damaged: [`${table} ${hex(id)}`] })
        vault.medium.damageRow(table, id, bytes)
      }
      for (const id of ids) vault.medium.damageRow(table, id, undefined)
      const gone = await examine(vault.opened)
      expect(gone.rows).toBe(ROWS)
      expect([...gone.damaged].sort()).toEqual(ids.map(id => `${table} ${hex(id)}`).sort())
    },
  )

  it.each([
    ['pages', 'none'],
    ['heads', 'none'],
  ] as const)('names a row of %s that opens and is none', async (table, text) => {
    const { opened, medium } = await peopled()
    const entry = [...opened.ring.entries('pages')][1]
    if (!entry) throw new Error('there are two')
    const place = opened.rows.place(table, entry.id, entry.bucket)
    const { bytes } = sealRow(place, entry.secret, opened.days, encodeRecord(text), systemRandomness)
    medium.damageRow(table, entry.id, bytes)
    expect((await examine(opened)).damaged).toEqual([`${table} ${hex(entry.id)}`])
  })

  it('does not look at what has passed', async () => {
    const { opened, clock, time } = await peopled()
    await clock.advance('P1D')
    await stepToToday(opened, time)
    expect(await examine(opened)).toEqual({ rows: ROWS - 2, damaged: [] })
  })

  it('reads no more than sixty-four rows at a time, and each of many', async () => {
    const { opened, commit, person, medium } = await inside()
    await commit(draft => Array.from({ length: 70 }, (_, i) => draft.put(person(i, i))))
    const read = vi.spyOn(opened.store, 'read')
    expect(await examine(opened)).toEqual({ rows: 140 + 6, damaged: [] })
    const asked = read.mock.calls.filter(([table]) => table === 'pages').map(([, ids]) => ids.length)
    expect(asked).toEqual([64, 6])
    const last = [...opened.ring.entries('pages')].at(-1)
    medium.damageRow('heads', last?.id as Uint8Array, undefined)
    expect((await examine(opened)).damaged).toEqual([`heads ${hex(last?.id as Uint8Array)}`])
  })
})

describe('the ledger', () => {
  /** A vault with a ledger of two rows, and their ids. */
  async function written() {
    const vault = await inside()
    await vault.commit(draft => Array.from({ length: 100 }, () => draft.note(entryOf(1))))
    await vault.commit(draft => draft.note(entryOf(2)))
    const ids = await idsOf(vault, 'ledger')
    expect(ids).toHaveLength(2)
    return { ...vault, ids }
  }

  it('with a row that is gone or changed is damaged, by the row where there is one', async () => {
    const { opened, medium, ids, store } = await written()
    const whole = (await examine(opened)).rows
    for (const id of ids) {
      const [bytes] = (await store.read('ledger', [id])) as [Uint8Array]
      medium.damageRow('ledger', id, bytes.with(30, (bytes[30] as number) ^ 1))
      expect(await examine(opened)).toEqual({ rows: whole - 1, damaged: [`ledger ${hex(id)}`] })
      medium.damageRow('ledger', id, bytes)
    }
    medium.damageRow('ledger', ids[1] as Uint8Array, undefined)
    expect(await examine(opened)).toEqual({ rows: whole - 1, damaged: ['ledger'] })
  })

  it('with rows of strangers is whole as long as its own are all there', async () => {
    const vault = await written()
    const { opened, store, ids, medium } = vault
    const whole = await examine(opened)
    const id = ledgerRowId(5, new Uint8Array(8).fill(1))
    const stranger = Secret.of<'ledger'>(new Uint8Array(32).fill(9))
    const place = opened.rows.place('ledger', id, UNDATED)
    const row = sealRow(place, ledgerKey(stranger, id), opened.days, encodeRecord([]), systemRandomness)
    await store.commit({ expect: opened.version, root: opened.rootBytes, put: [row], drop: [] })
    expect(await examine(opened)).toEqual(whole)
    medium.damageRow('ledger', ids[0] as Uint8Array, undefined)
    expect((await examine(opened)).damaged).toEqual([`ledger ${hex(id)}`])
  })

  it('is not whole because a row that was replaced is there still', async () => {
    const { opened, store, ids, medium } = await written()
    const [first, last] = ids as [Uint8Array, Uint8Array]
    const [sealed] = (await store.read('ledger', [first])) as [Uint8Array]
    const key = (id: Uint8Array) => ledgerKey(opened.root.ledger.secret, id)
    const plain = openRow(opened.rows.place('ledger', first), key(first), opened.days, sealed)
    const id = ledgerRowId(0, new Uint8Array(8).fill(255))
    const row = sealRow(opened.rows.place('ledger', id), key(id), opened.days, plain, systemRandomness)
    await store.commit({ expect: opened.version, root: opened.rootBytes, put: [row], drop: [] })
    expect((await examine(opened)).damaged).toEqual([])
    medium.damageRow('ledger', last, undefined)
    expect((await examine(opened)).damaged).toEqual(['ledger'])
  })
})
