/** Ways of unlocking that change at the same time: each change rests on the others, none takes another's place. */
import { expect, test } from 'vitest'
import { testKey } from '../../src/testing'
import { haulOf, marksOf, newWorld } from './world'

const labels = async (vault: { slots: { list(): Promise<{ label: string }[]> } }) =>
  (await vault.slots.list()).map(({ label }) => label).sort()

test('two slots that are added together are both there', async () => {
  const { vault } = await newWorld()
  await Promise.all([vault.slots.add(testKey(2), 'two'), vault.slots.add(testKey(3), 'three')])
  expect(await labels(vault)).toEqual(['first', 'three', 'two'])
})

test('a slot that is removed while another is added is gone, and opens nothing', async () => {
  const { vault, medium } = await newWorld()
  const spare = await vault.slots.add(testKey(2), 'spare')
  await Promise.all([vault.slots.remove(spare.id), vault.slots.add(testKey(3), 'three')])
  expect(await labels(vault)).toEqual(['first', 'three'])
  const old = await haulOf(medium, [{ secretKey: new Uint8Array(32).fill(2) }])
  expect(old.where(marksOf(0).name)).toEqual([])
  const added = await haulOf(medium, [{ secretKey: new Uint8Array(32).fill(3) }])
  expect(added.where(marksOf(0).name)).toEqual(['heads', 'pages'])
})

test('a person who is erased beside a change of slots is gone', async () => {
  const { vault, medium, ids } = await newWorld()
  const spare = await vault.slots.add(testKey(2), 'spare')
  await Promise.all([vault.erase(ids[0] as string), vault.slots.remove(spare.id), vault.erase(ids[1] as string)])
  const haul = await haulOf(medium)
  for (const number of [0, 1]) expect(haul.where(marksOf(number).name)).toEqual([])
  expect(haul.where(marksOf(2).name)).toEqual(['heads', 'pages'])
})
