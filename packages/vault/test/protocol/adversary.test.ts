/** The second reader is a reader: what isn't forgotten it finds, in every table. Otherwise finding nothing proves nothing. */

import { passphrase } from '@amanat/crypto'
import { memoryMedium, memoryStore } from '@amanat/store-contract/memory'
import { expect, test } from 'vitest'
import { createVault } from '../../src/index'
import { fakeClock, testKey } from '../../src/testing'
import { everythingIn } from './adversary'
import { actor, haulOf, imageOf, key1, marksOf, newWorld, PEOPLE, person, policy } from './world'

test('a second reader, written from the format page, reads a live vault completely', async () => {
  const { medium, vault, ids } = await newWorld()
  await vault.for('times').check({ recipient: 'gateway' })
  await vault.slots.add(testKey(2), 'spare')
  const haul = await haulOf(medium)
  for (const [number, purposes] of PEOPLE.entries()) {
    const marks = marksOf(number)
    expect(haul.where(marks.name)).toEqual(['heads', 'pages'])
    expect(haul.where(marks.phone)).toEqual(['pages'])
    expect(haul.where(marks.ref)).toEqual(['pages'])
    for (const purpose of purposes) expect(haul.where(`${purpose}-${marks.evidence}`)).toEqual(['blobs'])
    if (purposes.includes('chat')) expect(haul.where(marks.email)).toEqual(['pages'])
    if (purposes.includes('call')) expect(haul.where(marks.photo)).toEqual(['blobs'])
  }
  expect(haul.where('Riverside Centre')).toEqual(['undated'])
  expect(haul.where('spare')).toEqual(['root'])
  expect(haul.where('contact-added')).toEqual(['ledger'])
  expect(ids).toHaveLength(PEOPLE.length)
  expect(haul.openedRoots).toBe(medium.history.roots.length)
})

test('it opens a slot with a passphrase as it does with a key', async () => {
  const medium = memoryMedium()
  const unlock = passphrase('Fünf Wörter auf einem Zettel', { memory: 64 * 1024, passes: 1 })
  const vault = await createVault({ store: memoryStore({ medium }), unlock, policy, actor, clock: fakeClock() })
  await vault.add(person(0, ['times']) as never)
  const right = await haulOf(medium, [{ passphrase: 'Fu\u0308nf Wo\u0308rter auf einem Zettel' }])
  expect(right.where(marksOf(0).name)).toEqual(['heads', 'pages'])
  const wrong = await haulOf(medium, [{ passphrase: 'fünf Wörter auf einem Zettel' }])
  expect(wrong.openedRoots).toBe(0)
})

test('without the right key, or without the cell, it reads nothing', async () => {
  const { medium } = await newWorld()
  const stranger = await haulOf(medium, [{ secretKey: new Uint8Array(32).fill(9) }])
  expect(stranger.openedRoots).toBe(0)
  expect(stranger.where(marksOf(0).name)).toEqual([])
  const rowsAlone = await everythingIn({ ...imageOf(medium), halves: [] }, [key1])
  expect(rowsAlone.openedRoots).toBe(0)
})
