/** What people agree to is listed once for all who agreed to the same. Twelve boxes to tick are four thousand scopes: no row holds them all. */
import { memoryMedium, memoryStore } from '@amanat/store-contract/memory'
import { expect, test } from 'vitest'
import { Catalogue, readCatalogueRow } from '../../src/contact/catalogue'
import { CARD_FIELDS, createVault, openVault, type Policy } from '../../src/index'
import { decodeRecord, encodeRecord } from '../../src/record/record'
import { fakeClock, testKey } from '../../src/testing'
import { backupOf, restoreTo } from '../backup/place'
import { actor, policy } from '../protocol/world'

const BOXES = CARD_FIELDS.filter(field => field !== 'name').slice(0, 12)
const agreedBy = (n: number) => ['name', ...BOXES.filter((_, i) => (n >> i) & 1)]
const { chat } = policy.purposes
const wide = { ...policy, purposes: { ...policy.purposes, chat: { ...chat, fields: ['name', ...BOXES] } } } as Policy

test('two thousand people agree to as many different things, and each is known for what they agreed to', async () => {
  const medium = memoryMedium()
  const clock = fakeClock()
  const options = { unlock: testKey(), policy: wide, actor, clock }
  const first = await createVault({ store: memoryStore({ medium }), ...options })
  const ids: string[] = []
  for (let from = 1; from <= 2000; from += 400) {
    const added = Array.from({ length: 400 }, (_, i) => {
      const consents = [{ purpose: 'chat', fields: agreedBy(from + i), given: { how: 'web-form' } }]
      return first.add({ card: { name: { full: `N${from + i}` } }, source: 'form', consents } as never)
    })
    for (const { id } of await Promise.all(added)) ids.push(id)
  }
  const hold = async (vault: typeof first) => {
    for (const n of [1, 400, 401, 573, 1200, 2000]) {
      const [consent] = await vault.consents(ids[n - 1] as string)
      expect([...(consent?.fields ?? [])].sort()).toEqual(agreedBy(n).sort())
    }
  }
  await hold(first)
  // The purpose has another name from now on, and keeps its number in all that was written.
  const { chat: renamed, ...others } = wide.purposes as Record<string, object>
  const talking = {
    ...wide,
    purposes: { ...others, talk: { ...renamed, was: 'chat' } },
  } as unknown as Policy
  const plan = await first.planPolicy(talking)
  await first.changePolicy(talking, { accept: plan })
  const backup = await backupOf(first as never)
  await first.lock()
  const again = await openVault({ store: memoryStore({ medium }), ...options, policy: talking })
  await hold(again as never)
  expect((await again.examine()).damaged).toEqual([])

  const elsewhere = memoryMedium()
  await restoreTo(backup, { medium: elsewhere, clock })
  const restored = await openVault({ store: memoryStore({ medium: elsewhere }), ...options, policy: talking })
  await hold(restored as never)
}, 60_000)

const scopeOf = (n: number) => ({ fields: agreedBy(n), recipients: [], controller: 'Riverside Centre' })
const rowsOf = (catalogue: Catalogue) => [...catalogue.changedRows()].map(([, plain]) => plain)

test('a row that is full is followed by another one, and only what changed is written anew', () => {
  const catalogue = new Catalogue()
  catalogue.purpose('chat')
  for (let n = 0; n < 1000; n++) expect(catalogue.scope(scopeOf(n))).toBe(n)
  const rows = rowsOf(catalogue)
  expect(rows.length).toBeGreaterThan(2)
  for (const row of rows) expect(row.length).toBeLessThan(41_000)
  expect(rows.map(row => readCatalogueRow(row).number)).toEqual(rows.map((_, i) => i))
  // The first says no number: it is what a vault has that needs one row.
  expect(decodeRecord(rows[0] as Uint8Array)).not.toHaveProperty('number')

  const read = new Catalogue(rows.toReversed())
  expect(read.record).toEqual(catalogue.record)
  expect([read.changed, rowsOf(read)]).toEqual([false, []])
  expect(read.scope(scopeOf(999))).toBe(999)
  expect(read.changed).toBe(false)
  const copy = read.copy()
  expect(copy.scope(scopeOf(1000))).toBe(1000)
  expect([...copy.changedRows()].map(([number]) => number)).toEqual([rows.length - 1])
  const takeBack = copy.mark()
  copy.renamePurpose('chat', 'talk')
  expect([...copy.changedRows()].map(([number]) => number)).toEqual([0, rows.length - 1])
  takeBack()
  expect(copy.findPurpose('chat')).toBe(0)
  expect([...copy.changedRows()].map(([number]) => number)).toEqual([rows.length - 1])
  expect(read.changed).toBe(false)
})

test('rows that are missing, are there twice or count otherwise are no catalogue', () => {
  const catalogue = new Catalogue()
  for (let n = 0; n < 1000; n++) catalogue.scope(scopeOf(n))
  const [one, two, three] = rowsOf(catalogue) as [Uint8Array, Uint8Array, Uint8Array]
  for (const rows of [[two], [one, three], [one, one], [one, two, two], [encodeRecord({ number: 0 })]])
    expect(() => new Catalogue(rows)).toThrow(RangeError)
  const record = decodeRecord(two) as object
  for (const number of [0, -1, 1.5, '1', null])
    expect(() => readCatalogueRow(encodeRecord({ ...record, number }))).toThrow(RangeError)
})

test('more scopes than a head can name are refused with a code', () => {
  const catalogue = new Catalogue()
  for (let n = 0; n < 65_535; n++) catalogue.scope({ fields: [`x:${n}`], recipients: [], controller: 'R' })
  expect(() => catalogue.scope({ fields: ['x:more'], recipients: [], controller: 'R' })).toThrow(
    expect.objectContaining({ code: 'UNSUPPORTED' }),
  )
})
