/**
 * A restore that ends at some step of its store: the old vault stands or the new one does, with all of its people, and
 * what was left behind stops nobody from restoring again. When there was none, there is none or there is the new one.
 */
import { StoreError } from '@amanat/store-contract'
import {
  CrashError,
  type MemoryMedium,
  type MemoryStep,
  memoryMedium,
  memoryStore,
} from '@amanat/store-contract/memory'
import { beforeAll, describe, expect, test } from 'vitest'
import { figures, size } from '../../../../tests/trust/figures'
import { createVault, vaultExists } from '../../src/index'
import { testKey } from '../../src/testing'
import { actor, haulOf, marksOf, newWorld, openOn, person, policy, type World } from '../protocol/world'
import { backupOf, marksIn, openAt, restoreTo } from './place'

let world: World
let bytes: Uint8Array

beforeAll(async () => {
  world = await newWorld({ hook: 'crashes of a restore' })
  bytes = await backupOf(world.vault)
  // Since then: somebody came, who goes with the old vault; and somebody left, who must not come back.
  await world.vault.add(person(6, ['times']) as never)
  await world.vault.erase(world.ids[1] as string)
  await world.vault.lock()
})

const EVERY = size(7, 1)

const PLACES: { readonly [onto: string]: () => MemoryMedium } = {
  'an empty store': () => memoryMedium(),
  'the vault it was made of': () => world.medium.clone(),
}

/** How many steps a restore takes. */
async function stepsOf(medium: MemoryMedium): Promise<number> {
  let steps = 0
  await restoreTo(bytes, { medium, clock: world.clock, evenIfOlder: true, onStep: () => void steps++ })
  return steps
}

/** The one or the other, with everything that belongs to it. */
async function check(
  medium: MemoryMedium,
  onto: string,
  answered: boolean,
  where: string,
): Promise<'old' | 'new' | 'none'> {
  if (!(await vaultExists(memoryStore({ medium })))) {
    expect([onto, answered], where).toEqual(['an empty store', false])
    return 'none'
  }
  const vault = await openAt(medium, world.clock)
  const isOld = vault.id === world.vault.id
  if (answered) expect(isOld, where).toBe(false)
  const names = (await vault.for('times').list()).people.map(({ name }) => name).sort()
  const empty = onto === 'an empty store'
  const expected = isOld ? [0, 2, 6] : empty ? [0, 1, 2] : [0, 2]
  expect(names, where).toEqual(expected.map(number => marksOf(number).name).sort())
  expect((await vault.examine()).damaged, where).toEqual([])
  await vault.lock()
  const haul = await haulOf(medium)
  if (!empty)
    expect(
      marksIn(1).filter(mark => haul.where(mark).length > 0),
      where,
    ).toEqual([])
  if (!isOld) expect(haul.where(marksOf(6).name), where).toEqual([])
  return isOld ? 'old' : 'new'
}

describe.each(Object.entries(PLACES))('onto %s', (onto, place) => {
  test('a process that ends before or after any step of the store', async () => {
    const steps = await stepsOf(place())
    const ends = new Set<string>()
    for (let at = 0; at < steps; at++) {
      const medium = place()
      let step = 0
      const onStep = () => {
        if (step++ === at) throw new CrashError()
      }
      const failed = await restoreTo(bytes, { medium, clock: world.clock, evenIfOlder: true, onStep }).then(
        () => false,
        () => true,
      )
      const where = `step ${at} of ${steps}`
      ends.add(await check(medium, onto, !failed, where))
      // Whoever tries again gets there, and nothing of the first try is left. Looked at every few steps: it takes its time.
      if (at % EVERY !== 0) continue
      await restoreTo(bytes, { medium, clock: world.clock, evenIfOlder: true })
      expect(await check(medium, onto, true, `${where}, and again`)).toBe('new')
    }
    figures('backup', { 'crash points in restores': steps })
    expect(ends).toContain('new')
    expect(ends).toContain(onto === 'an empty store' ? 'none' : 'old')
  })

  test.each(['NO_SPACE', 'IO'] as const)('a store that fails once with %s before any write', async code => {
    const steps = await stepsOf(place())
    let failures = 0
    for (let at = 0; at < steps; at++) {
      const medium = place()
      let step = 0
      let failed = false
      const onStep = ({ op, phase }: MemoryStep) => {
        const writes = op === 'commit' || op.startsWith('cell-')
        if (step++ !== at || phase !== 'before' || !writes) return
        failed = true
        throw new StoreError(code, 'as told')
      }
      const answered = await restoreTo(bytes, { medium, clock: world.clock, evenIfOlder: true, onStep }).then(
        () => true,
        error => {
          expect([code, 'UNKNOWN_RESULT']).toContain(error.code)
          return false
        },
      )
      if (!failed) continue
      failures++
      await check(medium, onto, answered, `${code} at step ${at}`)
    }
    expect(failures).toBeGreaterThan(3)
  })
})

test('a vault can be created where a restore was left unfinished', async () => {
  const steps = await stepsOf(memoryMedium())
  let created = 0
  for (let at = 0; at < steps; at += 3) {
    const medium = memoryMedium()
    let step = 0
    const onStep = () => {
      if (step++ === at) throw new CrashError()
    }
    await restoreTo(bytes, { medium, clock: world.clock, onStep }).catch(() => undefined)
    const store = memoryStore({ medium })
    if (await vaultExists(store)) continue
    const vault = await createVault({ store, unlock: testKey(), policy, actor, clock: world.clock })
    await vault.add(person(6, ['times']) as never)
    await vault.lock()
    const again = await openAt(medium, world.clock)
    expect(await again.for('times').count()).toBe(1)
    const types = []
    for await (const { type } of again.ledger.entries()) types.push(type)
    expect(types.slice(0, 2)).toEqual(['vault-created', 'contact-added'])
    expect((await again.examine()).damaged).toEqual([])
    created++
  }
  expect(created).toBeGreaterThan(3)
})

test('R15: with the old half left behind and room for nothing, not even its root, the vault says NO_SPACE and stays as it is', async () => {
  const overwrites = ({ op, phase }: MemoryStep) => op === 'cell-overwrite' && phase === 'before'
  let most = 0
  const onStep = (step: MemoryStep) => void (overwrites(step) && most++)
  await restoreTo(bytes, { medium: world.medium.clone(), clock: world.clock, evenIfOlder: true, onStep })
  const medium = world.medium.clone()
  let writes = 0
  const ends = (step: MemoryStep) => {
    if (overwrites(step) && ++writes === most) throw new CrashError()
  }
  await restoreTo(bytes, { medium, clock: world.clock, evenIfOlder: true, onStep: ends }).catch(() => undefined)
  const halves = () => medium.cellNow()?.map(half => String.fromCharCode(...half.subarray(0, 4)))
  expect(halves()).toEqual(['AMNC', 'AMNC'])

  const before = medium.clone()
  const full = ({ op, phase }: MemoryStep) => {
    if (op === 'commit' && phase === 'before') throw new StoreError('NO_SPACE', 'as told')
  }
  await expect(openOn({ medium, clock: world.clock, onStep: full })).rejects.toMatchObject({
    name: 'VaultError',
    code: 'NO_SPACE',
    fix: expect.stringContaining('Free some space'),
  })
  expect([medium.cellNow(), medium.history]).toEqual([before.cellNow(), before.history])
  const vault = await openAt(medium, world.clock)
  expect(vault.id).not.toBe(world.vault.id)
  expect(await vault.for('times').count()).toBe(2)
  expect(halves()?.sort()).toEqual(['AMNC', 'AMNF'])
})
