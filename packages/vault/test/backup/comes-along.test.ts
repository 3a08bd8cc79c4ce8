/** What a backup brings back besides people: who was in an export, the notices that people were shown, policies that ruled before. */
import { memoryMedium, memoryStore } from '@amanat/store-contract/memory'
import { expect, test } from 'vitest'
import { openVault, type Policy, type Vault } from '../../src/index'
import { decodeRecord } from '../../src/record/record'
import { type FakeClock, type MemoryMedium, testKey } from '../../src/testing'
import { everythingIn } from '../protocol/adversary'
import { imageOf, key1 } from '../protocol/world'
import { riverside } from '../riverside'
import { centre, type Riverside, refusal, signUp } from '../vault/centre'
import { bytesOf, restoreTo } from './place'

/** A backup of the vault as it is now, on a device where nothing was before, after so long. */
async function elsewhere(vault: Vault<Riverside>, clock: FakeClock, later = 'PT1S') {
  const bytes = await bytesOf((await vault.backup()).file)
  await vault.lock()
  await clock.advance(later)
  const medium = memoryMedium()
  return { medium, report: await restoreTo(bytes, { medium, clock }) }
}

const openOn = async (medium: MemoryMedium, clock: FakeClock, policy: Policy = riverside) =>
  (await openVault({
    store: memoryStore({ medium }),
    unlock: testKey(),
    policy,
    actor: 'staff:omid',
    clock,
  })) as unknown as Vault<Riverside>

/** Fingerprints stand beside them, which are no records. */
function noticeIn(row: Uint8Array): unknown {
  try {
    const record = decodeRecord(row)
    return typeof record === 'object' && record !== null && 'text' in record ? record : undefined
  } catch {
    return undefined
  }
}

/** A delivery to three people, which broke over the second. */
async function withBrokenDelivery() {
  const { vault, clock } = await centre()
  for (let n = 0; n < 3; n++) await signUp(vault, n)
  let calls = 0
  const to = async () => {
    if (++calls === 2) throw new Error('the provider hung up')
  }
  const delivery = { recipient: 'sms-gateway' as const, batch: 1 }
  const broken = await refusal('DELIVERY_BROKEN', vault.for('prayer-times').deliver({ ...delivery, to }))
  return { vault, clock, again: { ...delivery, resume: broken.data.delivery } }
}

test('R30: a delivery that broke before a backup is gone on with after it, and hands nobody over twice', async () => {
  const { vault, clock, again } = await withBrokenDelivery()
  const { medium } = await elsewhere(vault, clock)
  const restored = await openOn(medium, clock)
  const handed: string[] = []
  const to = async (people: readonly { readonly id: string }[]) => void handed.push(...people.map(({ id }) => id))
  expect(await restored.for('prayer-times').deliver({ ...again, to })).toMatchObject({ delivered: 1 })
  expect(handed).toHaveLength(1)
})

test('R29: who was in an export that is kept no longer does not come along, nor keep a backup from being restored', async () => {
  const { vault, clock, again } = await withBrokenDelivery()
  // Longer than anybody had agreed to.
  const { medium, report } = await elsewhere(vault, clock, 'P100D')
  expect(report).toMatchObject({ people: 0 })
  expect(imageOf(medium).rows.filter(({ table }) => table === 'exports')).toEqual([])
  const restored = await openOn(medium, clock)
  const to = async () => undefined
  await refusal('UNKNOWN_DELIVERY', restored.for('prayer-times').deliver({ ...again, to }))
})

test('R6: the notices that people were shown come along, those too that the policy no longer has', async () => {
  const { vault, clock } = await centre()
  const text = { en: 'We will text you prayer times all year.' }
  const next = { ...riverside, notices: { signup: { version: '3', text } } } as unknown as Riverside
  await vault.changePolicy(next, { accept: await vault.planPolicy(next) })
  const { medium } = await elsewhere(vault, clock)
  const { found } = await everythingIn(imageOf(medium), [key1])
  const rows = found.filter(({ where }) => where === 'undated').map(({ bytes }) => noticeIn(bytes))
  expect(rows.filter(row => row !== undefined)).toEqual(
    expect.arrayContaining([
      { id: 'signup', version: '2', text: riverside.notices.signup.text },
      { id: 'signup', version: '3', text },
    ]),
  )
})

test('R3: after a backup too, the controller that ruled before may be recorded as the same legal person', async () => {
  const { vault, clock } = await centre()
  const { id } = await signUp(vault, 1)
  const controller = { ...riverside.controller, name: 'Riverside Trust' }
  const trust = { ...riverside, controller } as unknown as Riverside
  await vault.changePolicy(trust, { accept: await vault.planPolicy(trust) })
  const { medium } = await elsewhere(vault, clock)
  const restored = await openOn(medium, clock, trust)
  expect(await restored.for('prayer-times').get(id)).toBeUndefined()
  const plan = await restored.planPolicy(trust, { sameLegalPerson: { evidence: 'deed of 1 March' } })
  await restored.changePolicy(trust, { accept: plan })
  expect((await restored.for('prayer-times').get(id))?.id).toBe(id)
})
