/**
 * Reading the ledger from rows that others go on writing: nothing twice, nothing skipped, rows of strangers passed over,
 * and a gap noticed. The rows are sealed as a commit seals them; the store gives them as each test says.
 */
import { ready, Secret, systemRandomness } from '@amanat/crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { hex } from '../../src/bytes'
import type { Opened } from '../../src/commit/opened'
import { DayKeys } from '../../src/commit/ratchet'
import { ledgerEntries, ledgerRecords, ledgerRows } from '../../src/commit/read-ledger'
import type { RingRoot } from '../../src/commit/ring-root'
import { ledgerKey, sealRow } from '../../src/commit/rows'
import { encodeEntry } from '../../src/ledger/entry'
import { type LedgerRecord, ledgerRowId } from '../../src/ledger/rows'
import { encodeRecord } from '../../src/record/record'

beforeAll(() => ready())

const UNDATED = 0xffff_ffff
const vaultId = new Uint8Array(16).fill(7)
const secret = Secret.of<'ledger'>(new Uint8Array(32).fill(1))
const days = new DayKeys(20_600, Secret.of<'ratchet'>(new Uint8Array(32)))
const erased = (person: number) =>
  encodeEntry({ type: 'contact-erased', actor: 'staff:leila', at: 5, contact: new Uint8Array(16).fill(person) })
/** Records from a number on, each with its own number in it, a header where it divides by three. */
const from = (first: number, count: number): LedgerRecord[] =>
  Array.from({ length: count }, (_, i) => {
    const number = first + i
    return number % 3 === 0 ? [number, 0, new Uint8Array([number])] : [number, 1, erased(number)]
  })
let rows = 0
function row(first: number, records: readonly LedgerRecord[] | Uint8Array, own = secret) {
  const id = ledgerRowId(first, new Uint8Array(8).fill(++rows))
  const plain = records instanceof Uint8Array ? records : encodeRecord(records)
  const place = { vaultId, table: 'ledger' as const, id, bucket: UNDATED }
  return sealRow(place, ledgerKey(own, id), days, plain, systemRandomness)
}
type Rows = readonly ReturnType<typeof row>[]
/** A store that gives these rows at each look, the last of them from then on; and where each look began. */
function giving(...looks: readonly Rows[]) {
  const starts: string[] = []
  const opened = {
    days,
    root: { ledger: { secret } },
    rows: { place: (table: 'ledger', id: Uint8Array) => ({ vaultId, table, id, bucket: UNDATED }) },
    store: {
      root: async () => ({ version: 1, bytes: new Uint8Array() }),
      scan: async function* (table: string, start: Uint8Array) {
        expect(table).toBe('ledger')
        const look = looks[Math.min(starts.length, looks.length - 1)] as Rows
        starts.push(hex(start))
        yield* [...look].sort((a, b) => (hex(a.id) < hex(b.id) ? -1 : 1)).filter(({ id }) => hex(id) >= hex(start))
      },
    },
  }
  return { opened: opened as unknown as Opened, starts }
}
const rootOf = (records: number) => ({ ledger: { secret, records } }) as RingRoot
const damage = { code: 'CORRUPT', data: { row: 'ledger' } }
const stranger = Secret.of<'ledger'>(new Uint8Array(32).fill(9))
const idFrom = (first: number) => `${first.toString(16).padStart(16, '0')}${'00'.repeat(8)}`

async function numbers(opened: Opened, records: number, start?: number): Promise<number[]> {
  const found: number[] = []
  for await (const { number, leaf, kind, bytes } of ledgerRecords(opened, rootOf(records), start)) {
    expect([leaf, kind]).toEqual([number, number % 3 === 0 ? 0 : 1])
    expect(bytes).toEqual(from(number, 1)[0]?.[2])
    found.push(number)
  }
  return found
}
const upTo = (end: number, start = 0) => Array.from({ length: end - start }, (_, i) => start + i)

describe('the records of the ledger', () => {
  it('come in the order of their numbers, over all rows, from the row that is asked for', async () => {
    const look = [row(0, from(0, 3)), row(3, from(3, 1)), row(4, from(4, 3))]
    const { opened, starts } = giving(look)
    expect(await numbers(opened, 7)).toEqual(upTo(7))
    expect(await numbers(opened, 7, 3)).toEqual(upTo(7, 3))
    expect(starts).toEqual([idFrom(0), idFrom(3)])
    expect(await numbers(opened, 0)).toEqual([])
    expect(starts).toHaveLength(2)
  })

  it('end where the root says, though others have written more since', async () => {
    const { opened } = giving([row(0, from(0, 3)), row(3, from(3, 4)), row(7, from(7, 2))])
    expect(await numbers(opened, 5)).toEqual(upTo(5))
    expect(await numbers(opened, 3)).toEqual(upTo(3))
    // What comes after isn't opened: it may be of a later version.
    expect(await numbers(giving([row(0, from(0, 3)), row(3, encodeRecord('later'))]).opened, 3)).toEqual(upTo(3))
  })

  it('go on in the row that took the place of the last one meanwhile, none twice', async () => {
    const { opened, starts } = giving(
      [row(0, from(0, 3)), row(3, from(3, 2))],
      [row(0, from(0, 3)), row(3, from(3, 6))],
    )
    expect(await numbers(opened, 9)).toEqual(upTo(9))
    expect(starts).toEqual([idFrom(0), idFrom(3)])
    // Gone while it was looked for: the row before it is where the search goes on.
    const gone = giving([row(0, from(0, 3))], [row(0, from(0, 3)), row(3, from(3, 2))])
    expect(await numbers(gone.opened, 5)).toEqual(upTo(5))
    const late = giving([], [row(0, from(0, 2))], [row(0, from(0, 4))])
    expect(await numbers(late.opened, 4)).toEqual(upTo(4))
  })

  it('come past rows of strangers, before them and among them', async () => {
    const strangers = [row(0, from(0, 5), stranger), row(2, from(2, 5), stranger), row(4, from(4, 2), stranger)]
    const { opened } = giving([...strangers, row(0, from(0, 3)), row(3, from(3, 3))])
    expect(await numbers(opened, 6)).toEqual(upTo(6))
  })

  it('with a gap are damage, which is believed after a second look', async () => {
    for (const look of [
      [],
      [row(3, from(3, 3))],
      [row(0, from(0, 2)), row(3, from(3, 3))],
      [row(0, from(0, 3)), row(3, from(3, 3), stranger)],
    ]) {
      const { opened, starts } = giving(look)
      await expect(numbers(opened, 6)).rejects.toMatchObject(damage)
      expect(starts).toHaveLength(2)
    }
  })

  it('in a row that is none are damage, and an id that is none of the ledger ends them', async () => {
    await expect(numbers(giving([row(0, encodeRecord('none'))]).opened, 2)).rejects.toMatchObject(damage)
    const odd = { ...row(0, from(0, 1)), id: new Uint8Array(16).fill(255) }
    expect(await numbers(giving([row(0, from(0, 2)), odd]).opened, 2)).toEqual([0, 1])
    await expect(numbers(giving([odd]).opened, 2)).rejects.toMatchObject(damage)
  })
})

describe('the entries of the ledger', () => {
  const consent = encodeEntry({ type: 'suppressed', actor: 'staff:leila', at: 5, count: 2 })
  const later = encodeRecord({ at: 5, type: 'x'.repeat(30), actor: 'staff:leila' })
  const look = () => [
    row(0, [
      [0, 0, new Uint8Array([1])],
      [0, 1, erased(1)],
      [0, 1, consent],
    ]),
    row(3, [
      [1, 0, new Uint8Array([1])],
      [1, 1, erased(2)],
      [1, 1, later],
    ]),
  ]
  const read = async (types?: readonly string[], start?: number) => {
    const found: [number, number, string][] = []
    const { opened } = giving(look())
    for await (const { number, leaf, entry } of ledgerEntries(
      opened,
      rootOf(6),
      start,
      types && (new Set(types) as never),
    ))
      found.push([number, leaf, entry.type])
    return found
  }

  it('are all but the headers, decoded, from the row that is asked for', async () => {
    const all = [
      [1, 0, 'contact-erased'],
      [2, 0, 'suppressed'],
      [4, 1, 'contact-erased'],
      [5, 1, 'unknown'],
    ]
    expect(await read()).toEqual(all)
    expect(await read(undefined, 3)).toEqual(all.slice(2))
  })

  it('are those of some types alone, and what can only be told by decoding it', async () => {
    expect(await read(['suppressed'])).toEqual([
      [2, 0, 'suppressed'],
      [5, 1, 'unknown'],
    ])
    expect(await read([])).toEqual([[5, 1, 'unknown']])
  })

  it('that are none are damage', async () => {
    const { opened } = giving([row(0, [[0, 1, new Uint8Array([1, 2, 3])]])])
    await expect(ledgerEntries(opened, rootOf(1)).next()).rejects.toMatchObject(damage)
  })
})

describe('the rows of the ledger', () => {
  it('come as they are, one behind the other, up to a number of rows or a record', async () => {
    const look = [row(0, from(0, 3)), row(3, from(3, 1)), row(4, from(4, 3)), row(4, from(4, 2), stranger)]
    const { opened, starts } = giving(look)
    const read = async (first: number, end: number, most: number) =>
      (await ledgerRows(opened, first, end, most)).map(({ first, records }) => [first, records])
    const all = [
      [0, 3],
      [3, 1],
      [4, 3],
    ]
    expect(await read(0, 7, 9)).toEqual(all)
    expect(await read(3, 7, 9)).toEqual(all.slice(1))
    expect(await read(0, 4, 9)).toEqual(all.slice(0, 2))
    expect(await read(0, 5, 9)).toEqual(all)
    expect(await read(0, 7, 2)).toEqual(all.slice(0, 2))
    expect(starts.slice(0, 2)).toEqual([idFrom(0), idFrom(3)])
    const [whole] = await ledgerRows(opened, 0, 7, 1)
    expect(whole?.plain).toEqual(encodeRecord(from(0, 3)))
  })

  it('leave out strangers and what begins elsewhere, and end at a gap', async () => {
    const { opened } = giving([
      row(0, from(0, 3), stranger),
      row(0, from(0, 3)),
      row(1, from(1, 2)),
      row(4, from(4, 1)),
    ])
    expect((await ledgerRows(opened, 0, 9, 9)).map(({ first }) => first)).toEqual([0])
    await expect(ledgerRows(giving([row(0, encodeRecord('none'))]).opened, 0, 9, 9)).rejects.toMatchObject(damage)
  })
})
