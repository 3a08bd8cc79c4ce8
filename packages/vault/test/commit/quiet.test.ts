/**
 * What whoever opens a vault needn't read of its ledger: the rows that an import filled by itself. Passing over a row with
 * somebody in it who was looked at would let them be looked at again as if nobody had (R25).
 */
import { ready } from '@amanat/crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { hex } from '../../src/bytes'
import { ledgerEntries, meteredEntries } from '../../src/commit/read-ledger'
import { type AnyEntry, METERED } from '../../src/ledger/entry'
import { entryOf, type Inside, idOf, inside } from './inside'

beforeAll(() => ready())

/** Enough entries to fill nine rows of the ledger. */
const MANY = 9_000
const looked = (person: number) =>
  ({ type: 'reveal', actor: 'staff:leila', contact: idOf(person), via: 'reveal', purpose: 'prayer-times' }) as const

const many = ({ commit }: Inside, count = MANY) =>
  commit(draft => {
    for (let i = 0; i < count; i++) draft.note(entryOf(i % 250))
  })
const look = ({ commit }: Inside, person: number) => commit(draft => draft.note(looked(person)))

async function all(entries: AsyncIterable<AnyEntry>): Promise<string[]> {
  const found: string[] = []
  for await (const entry of entries) found.push('contact' in entry ? hex(entry.contact as Uint8Array) : entry.type)
  return found
}
const told = ({ opened }: Inside, from = 0) => all(meteredEntries(opened, opened.root, from))
async function* read({ opened }: Inside): AsyncGenerator<AnyEntry> {
  for await (const { entry } of ledgerEntries(opened, opened.root, 0, METERED)) yield entry
}

describe('the ledger of a vault that took many people in', () => {
  it('tells everybody who was looked at before, between and after, and reads little else', async () => {
    const vault = await inside()
    await look(vault, 1)
    await many(vault)
    await look(vault, 2)
    await look(vault, 3)
    await many(vault)
    await many(vault)
    await look(vault, 4)
    const everybody = [1, 2, 3, 4].map(person => hex(idOf(person)))
    expect(await told(vault)).toEqual(everybody)
    expect(await all(read(vault))).toEqual(everybody)

    const { quiet, ledger } = vault.opened.root
    expect(quiet).toHaveLength(2)
    const passedOver = quiet.reduce((sum, [from, end]) => sum + end - from, 0)
    expect(passedOver / ledger.records).toBeGreaterThan(0.6)
    let rows = 0
    const { store } = vault.opened
    const scan = store.scan.bind(store)
    store.scan = async function* (...asked) {
      for await (const row of scan(...asked)) {
        rows++
        yield row
      }
    }
    await told(vault)
    const few = rows
    await all(read(vault))
    expect(few).toBeLessThan((rows - few) / 2)
  })

  it('is read from wherever the reader begins, inside a run that is passed over as well', async () => {
    const vault = await inside()
    await many(vault)
    await look(vault, 1)
    await many(vault)
    await look(vault, 2)
    const [first, second] = vault.opened.root.quiet
    if (!first || !second) throw new Error('there are two')
    for (const from of [first[0], first[1]]) expect(await told(vault, from)).toHaveLength(2)
    for (const from of [second[0], second[1]]) expect(await told(vault, from)).toEqual([hex(idOf(2))])
  })

  it('passes over nothing that somebody was looked at in, and nothing that is as soon read', async () => {
    const vault = await inside()
    await vault.commit(draft => {
      for (let i = 0; i < MANY; i++) draft.note(entryOf(i % 250))
      draft.note(looked(7))
    })
    for (let i = 0; i < 20; i++) await vault.commit(draft => draft.note(entryOf(i)))
    expect(vault.opened.root.quiet).toEqual([])
    expect(await told(vault)).toEqual([hex(idOf(7))])
  })

  it('passes over one run, however many commits an import takes, and what filled rows after it', async () => {
    const vault = await inside()
    await look(vault, 1)
    for (let commit = 0; commit < 4; commit++) await many(vault)
    for (let commit = 0; commit < 4; commit++) {
      await vault.commit(draft => {
        for (let i = 0; i < 400; i++) draft.note(entryOf(i % 250))
      })
    }
    const { quiet, ledger } = vault.opened.root
    expect(quiet).toHaveLength(1)
    expect(quiet[0]?.[1]).toBe(ledger.tailFirst)
    await look(vault, 2)
    await many(vault)
    expect(vault.opened.root.quiet).toHaveLength(2)
    expect(await told(vault)).toEqual([1, 2].map(person => hex(idOf(person))))
  })

  it('ends a run before a row that began as its last and went on with somebody who was looked at', async () => {
    const vault = await inside()
    // So many that the last row is short enough to be gone on with.
    await many(vault, 8_900)
    const { tailFirst } = vault.opened.root.ledger
    await look(vault, 1)
    expect(vault.opened.root.ledger.tailFirst).toBe(tailFirst)
    await many(vault)
    expect(await told(vault)).toEqual([hex(idOf(1))])
  })

  it('ends a run before a row that tells of somebody who was looked at, and where the open row is lost', async () => {
    const vault = await inside()
    await many(vault)
    const [first] = vault.opened.root.quiet
    vault.opened.tail = undefined
    await many(vault)
    expect(vault.opened.root.quiet[0]).toEqual(first)
    expect(vault.opened.root.quiet).toHaveLength(2)
  })

  it('forgets what lies before all that is counted, and keeps no more than it says', async () => {
    const vault = await inside()
    await many(vault)
    expect(vault.opened.root.quiet).toHaveLength(1)
    vault.opened.ringRoot = {
      ...vault.opened.root,
      marks: [[vault.TODAY - 1, vault.opened.root.ledger.tailFirst]],
      quiet: Array.from(
        { length: 64 },
        (_, i) => [1_000_000 + 10 * i, 1_000_000 + 10 * i + (i === 5 ? 2 : 9)] as const,
      ),
    }
    await many(vault)
    const { quiet } = vault.opened.root
    expect(quiet).toHaveLength(64)
    expect(quiet.map(([from]) => from)).not.toContain(1_000_050)
    expect(quiet.at(-1)?.[0]).toBeGreaterThan(MANY)
  })
})
