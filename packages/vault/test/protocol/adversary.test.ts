/** The second reader is a reader: what isn't forgotten it finds, in every table. Otherwise finding nothing proves nothing. */
import { expect, test } from 'vitest'
import { testKey } from '../../src/testing'
import { everythingIn } from './adversary'
import { haulOf, imageOf, key1, marksOf, newWorld, PEOPLE } from './world'

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

test('without the right key, or without the cell, it reads nothing', async () => {
  const { medium } = await newWorld()
  const stranger = await haulOf(medium, [{ secretKey: new Uint8Array(32).fill(9) }])
  expect(stranger.openedRoots).toBe(0)
  expect(stranger.where(marksOf(0).name)).toEqual([])
  const rowsAlone = await everythingIn({ ...imageOf(medium), halves: [] }, [key1])
  expect(rowsAlone.openedRoots).toBe(0)
})
