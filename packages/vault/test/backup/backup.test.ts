/**
 * A backup brings everything back, to wherever; and nobody whom it must not bring back (R21). The world is the oracle's:
 * every detail of its people is a word that stands nowhere else.
 */
import { type MemoryMedium, memoryMedium, memoryStore } from '@amanat/store-contract/memory'
import { expect, test } from 'vitest'
import { openVault, type RestoreOptions, restoreVault } from '../../src/index'
import { type FakeClock, testKey } from '../../src/testing'
import { actor, haulOf, marksOf, newWorld, PEOPLE, policy, type TestVault, type World } from '../protocol/world'

export async function bytesOf(file: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(file as never).arrayBuffer())
}

const streamOf = (bytes: Uint8Array) => new Blob([bytes as never]).stream() as ReadableStream<Uint8Array>

const backupOf = async (vault: TestVault): Promise<Uint8Array> => bytesOf((await vault.backup()).file)

const restoreTo = (medium: MemoryMedium, bytes: Uint8Array, clock: FakeClock, more: Partial<RestoreOptions> = {}) =>
  restoreVault({
    store: memoryStore({ medium }),
    from: streamOf(bytes),
    backupUnlock: testKey(),
    unlock: testKey(),
    actor,
    clock,
    ...more,
  })

const openOn = async (medium: MemoryMedium, clock: FakeClock) =>
  (await openVault({ store: memoryStore({ medium }), unlock: testKey(), policy, actor, clock })) as TestVault

/** Everything that the vault shows of everybody. */
async function shown(vault: TestVault, { ids }: Pick<World, 'ids'>) {
  const all = []
  for (const id of ids) {
    const consents = await vault.consents(id).catch(() => undefined)
    const cards = []
    for (const purpose of ['times', 'chat', 'call'] as const) cards.push((await vault.for(purpose).reveal(id))?.card)
    all.push({ id, consents, cards })
  }
  return all
}

test('R21: everything comes back, in a vault of its own', async () => {
  const world = await newWorld()
  const before = await shown(world.vault, world)
  const bytes = await backupOf(world.vault)
  const medium = memoryMedium()
  const report = await restoreTo(medium, bytes, world.clock)
  expect(report).toMatchObject({ people: PEOPLE.length, gone: 0, expired: 0, damaged: 0 })
  expect(report.vault).not.toBe(world.vault.id)
  const restored = await openOn(medium, world.clock)
  expect(restored.id).toBe(report.vault)
  expect(await shown(restored, world)).toEqual(before)
  const { damaged } = await restored.examine()
  expect(damaged).toEqual([])
  const haul = await haulOf(medium)
  for (const number of PEOPLE.keys()) expect(haul.where(marksOf(number).name)).toEqual(['heads', 'pages'])
})
