// R11, R22: two address books of one import share people, who come in and are said to be perhaps the same; nobody
// who never was here is stopped; and an old list that is imported again renews nothing.
import { fakeClock, memoryStore, testKey } from '@amanat/vault/testing'
import { expect, test } from 'vitest'
import { createVault } from '../../src/index'
import { riverside } from '../riverside'

const book = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({
    card: { phones: { p1: { number: `+44 7700 900${String(from + n).padStart(3, '0')}` } } },
    source: 'address book',
    mayAsk: 'in-person-or-post' as const,
  }))

// A Monday: fingerprints know weeks, no days.
async function open() {
  const clock = fakeClock('2026-03-02T09:00:00Z')
  const vault = await createVault({
    store: memoryStore(),
    unlock: testKey(),
    policy: riverside,
    actor: 'staff:leila',
    clock,
  })
  return { vault, clock }
}

test('nobody of a first import is taken for somebody who was in quarantine before', async () => {
  const { vault } = await open()
  expect(await vault.addMany(book(0, 600))).toMatchObject({ quarantined: 600, refused: 0, maybeSame: 0 })
  await vault.lock()
})

test('people in two files of one import come in twice, as perhaps the same', async () => {
  const { vault } = await open()
  await vault.addMany(book(0, 100))
  expect(await vault.addMany(book(80, 40))).toMatchObject({ quarantined: 40, refused: 0, maybeSame: 20 })
  await vault.lock()
})

test('being brought in again does not lengthen the wait', async () => {
  const { vault, clock } = await open()
  await vault.addMany(book(0, 3))
  await clock.advance('P3D')
  expect(await vault.addMany(book(2, 2))).toMatchObject({ quarantined: 2, maybeSame: 1 })
  const { people } = await vault.quarantine.list()
  expect(people.map(({ until }) => until)).toEqual([
    ...Array(4).fill('2026-04-01T00:00:00.000Z'),
    '2026-04-04T00:00:00.000Z',
  ])
  await vault.lock()
})

test('in a later week, here or gone, they are refused', async () => {
  const { vault, clock } = await open()
  await vault.addMany(book(0, 5))
  await clock.advance('P7D')
  expect(await vault.addMany(book(0, 5))).toMatchObject({ refused: 5, reasons: { QUARANTINE_AGAIN: 5 } })
  await clock.advance('P60D')
  expect(await vault.addMany(book(0, 5))).toMatchObject({ refused: 5, reasons: { QUARANTINE_AGAIN: 5 } })
  await vault.lock()
})
