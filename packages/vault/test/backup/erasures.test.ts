/** A list of people who left, given to a restore: they are erased as by `erase`, and an old import can't bring them back (R20, R21). */
import { type MemoryMedium, memoryMedium, memoryStore } from '@amanat/store-contract/memory'
import { describe, expect, test } from 'vitest'
import { type Erasure, openVault, restoreVault } from '../../src/index'
import { testKey } from '../../src/testing'
import { actor, marksOf, newWorld, PEOPLE, person, policy, type TestVault, type World } from '../protocol/world'

/** Number 2, with a phone, an e-mail and a note. */
const WHO = 2

async function restoredWithout(list: (world: World) => Erasure[]) {
  const world = await newWorld()
  const medium: MemoryMedium = memoryMedium()
  const store = () => memoryStore({ medium })
  const { file } = await world.vault.backup()
  const options = { unlock: testKey(), actor, clock: world.clock }
  const report = await restoreVault({
    ...options,
    store: store(),
    from: file,
    backupUnlock: testKey(),
    erasures: list(world),
  })
  const vault = (await openVault({ ...options, store: store(), policy })) as TestVault
  return { world, report, vault }
}

describe.each([
  ['contact id', ({ ids }: World): Erasure[] => [ids[WHO] as string]],
  ['phone', (): Erasure[] => [{ phone: marksOf(WHO).phone }]],
  ['e-mail', (): Erasure[] => [{ email: marksOf(WHO).email.toUpperCase() }]],
])('somebody who is on the list by %s', (_, list) => {
  test('is not in the restored vault, nor brought back by either of their contact points', async () => {
    const { world, report, vault } = await restoredWithout(list)
    expect(report).toMatchObject({ people: PEOPLE.length - 1, gone: 1 })
    expect(await vault.exists([...world.ids])).toEqual(world.ids.filter((_, n) => n !== WHO))
    const whole = person(WHO, ['chat'])
    const claimed = [{ purpose: 'chat' as const, given: { how: 'sms', words: 'said so' } }]
    const { name, phones, emails } = whole.card
    for (const card of [
      { name, phones },
      { name, emails },
    ]) {
      const again = vault.add({ card, consents: claimed, source: 'old list' } as never)
      await expect(again).rejects.toMatchObject({ code: 'SUPPRESSED' })
    }
  })
})

test('somebody who is on the list and not in the backup is kept away all the same, by the point that is given', async () => {
  const { vault, report } = await restoredWithout(() => [{ phone: '07700 900999' }, '0'.repeat(26)])
  expect(report).toMatchObject({ people: PEOPLE.length, gone: 0 })
  const card = { name: { full: 'Nobody' }, phones: { p1: { number: '+44 7700 900999' } } }
  const claimed = [{ purpose: 'chat' as const, given: { how: 'sms', words: 'said so' } }]
  await expect(vault.add({ card, consents: claimed, source: 'old list' } as never)).rejects.toMatchObject({
    code: 'SUPPRESSED',
  })
})

test('what is no contact id is a mistake, and nothing is restored', async () => {
  await expect(restoredWithout(() => ['sara'])).rejects.toThrow(TypeError)
})
