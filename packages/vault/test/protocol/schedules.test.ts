/**
 * Two vault objects on one medium, as two tabs or processes are, in many orders of their steps; and one of them ends at
 * some step. Neither bricks the vault, none loses what was answered for, and nothing that was forgotten comes back.
 */

import type { Store } from '@amanat/store-contract'
import { CrashError, type MemoryMedium, memoryStore } from '@amanat/store-contract/memory'
import { beforeAll, describe, expect, test } from 'vitest'
import { dropExpired } from '../../src/index'
import { type FakeClock, fakeClock, testKey } from '../../src/testing'
import { eachSchedule, Interleaving, type Ran, type Schedule, turns } from './interleave'
import { consentTo, haulOf, marksOf, newWorld, openOn, person, type TestVault } from './world'

const EVENING = '2026-03-10T20:00:00Z'
const NIGHT = '2026-03-11T01:00:00Z'
const soon = { ...person(5, ['times']), consents: [consentTo('times', 'SoonZq', '2026-03-11')] }

/** Schedules in each test; raise both to look further. */
const MOST = 20
const INTERRUPTIONS = 2

let medium: MemoryMedium
let ids: readonly string[]
const id = (number: number) => ids[number] as string

beforeAll(async () => {
  const world = await newWorld({ hook: 'schedules' })
  await world.vault.add(soon as never)
  await world.clock.advance('P9DT11H')
  await world.vault.lock()
  medium = world.medium
  ids = world.ids
})

/** After its commit a forgetting that ends says that the answer isn't known, and why. */
const endedByCrash = (error: unknown): boolean =>
  error instanceof CrashError || (error as { cause?: unknown })?.cause instanceof CrashError

interface Party {
  readonly act: (vault: TestVault, clock: FakeClock) => Promise<unknown>
  readonly gone?: readonly number[]
  readonly here?: readonly number[]
}

const erases = (number: number): Party => ({ act: vault => vault.erase(id(number)), gone: [number] })
/** Finds out only while planning that it forgets. */
const changes = (number: number): Party => ({
  act: vault => vault.change(id(number), { name: { full: `Changed${number}Zq` } }),
  gone: [number],
})
const adds = (number: number): Party => ({
  act: vault => vault.add(person(number, ['times']) as never),
  here: [number],
})
const addsAtNight = (number: number): Party => ({
  act: async (vault, clock) => {
    clock.set(NIGHT)
    await vault.add(person(number, ['times']) as never)
  },
  here: [number],
  gone: [5],
})
const replacesSlot: Party = {
  act: async vault => {
    const [slot] = await vault.slots.list()
    await vault.slots.replace((slot as { id: string }).id, testKey())
  },
}
/** Sees everybody who was there all along, whatever others do meanwhile. */
const reads: Party = {
  act: async vault => {
    const { people } = await vault.for('chat').list()
    expect(people.map(({ name }) => name)).toEqual(expect.arrayContaining([marksOf(1).name, marksOf(3).name]))
    expect((await vault.consents(id(3))).map(({ purpose }) => purpose)).toEqual(['chat'])
    const { people: called } = await vault.for('call').list()
    expect(called.map(({ name }) => name)).toEqual([marksOf(2).name])
  },
}
/** Acts on the store alone, without a key. */
const cron: Party = { act: async () => undefined, gone: [5] }

async function play(parties: readonly [Party, Party], schedule: Schedule): Promise<Ran> {
  const on = medium.clone()
  const interleaving = new Interleaving()
  const clocks = parties.map(() => fakeClock(EVENING))
  const vaults: TestVault[] = []
  const acts: (() => Promise<unknown>)[] = []
  for (const [actor, party] of parties.entries()) {
    const onStep = interleaving.gate(actor)
    const clock = clocks[actor] as FakeClock
    if (party === cron) {
      acts.push(() => dropExpired(memoryStore({ medium: on, onStep }), { clock: fakeClock(NIGHT) }))
      continue
    }
    const vault = await openOn({ medium: on, clock, onStep })
    vaults.push(vault)
    acts.push(() => party.act(vault, clock))
  }
  const ran = await interleaving.run(acts, schedule)
  const what = JSON.stringify(schedule)
  const changed = parties.includes(replacesSlot)
  for (const [actor, error] of ran.errors.entries()) {
    if (schedule.crash?.actor === actor && endedByCrash(error)) continue
    // One whose key was changed meanwhile must be opened again, and is told so.
    if (changed && (error as { code?: string })?.code === 'KEY_CHANGED') continue
    expect(error, what).toBeUndefined()
  }

  const answered = parties.filter((_, actor) => ran.errors[actor] === undefined)
  const gone = answered.flatMap(party => party.gone ?? []).map(number => marksOf(number).name)
  const here = answered.flatMap(party => party.here ?? []).map(number => marksOf(number).name)
  // Whoever lives goes on, and so does whoever comes next.
  const survivor = vaults.at(-1) as TestVault
  const alive = schedule.crash === undefined && !changed && ran.errors.every(error => error === undefined)
  if (alive) await survivor.add({ ...person(8, ['chat']), ref: undefined } as never)
  const next = await openOn({ medium: on, clock: fakeClock(NIGHT) })
  await next.erase(id(2))
  const haul = await haulOf(on)
  for (const name of [...gone, marksOf(2).name, 'SoonZq']) expect(haul.where(name), `${name} ${what}`).toEqual([])
  for (const name of [...here, marksOf(1).name, ...(alive ? [marksOf(8).name] : [])]) {
    expect(haul.where(name), `${name} ${what}`).toEqual(['heads', 'pages'])
  }
  const times = (await next.for('times').list()).people.map(({ name }) => name)
  expect(times, what).toEqual(expect.arrayContaining([...here]))
  expect(
    (await next.for('chat').list()).people.map(({ name }) => name),
    what,
  ).toEqual(expect.arrayContaining([marksOf(1).name, ...(alive ? [marksOf(8).name] : [])]))
  return ran
}

const PAIRS: { readonly [name: string]: readonly [Party, Party] } = {
  'two forget': [erases(0), erases(3)],
  'one forgets, and the other finds out that it forgets': [erases(0), changes(3)],
  'one forgets, and the other adds': [erases(0), adds(6)],
  'two add': [adds(6), adds(7)],
  'one forgets, and the other reads': [erases(0), reads],
  'one adds, and the other reads': [adds(6), reads],
  'one forgets at midnight, and the other adds': [addsAtNight(6), adds(7)],
  'one notices midnight, and the other reads': [addsAtNight(6), reads],
  'a cron job forgets, and the other adds': [cron, adds(6)],
  'a cron job forgets, and the other forgets': [cron, erases(0)],
  'a cron job forgets, and the other notices midnight': [cron, addsAtNight(6)],
  'one changes a slot, and the other adds': [replacesSlot, adds(6)],
}

describe('two on one medium, in many orders of their steps', () => {
  test.each(Object.entries(PAIRS))('%s', async (_, parties) => {
    const count = await eachSchedule({ most: MOST, interruptions: INTERRUPTIONS }, schedule => play(parties, schedule))
    expect(count).toBeGreaterThan(3)
  })
})

describe('two on one medium, and one of them ends at some step', () => {
  test.each(Object.entries(PAIRS))('%s', async (_, parties) => {
    const { steps } = await play(parties, { choices: [] })
    let step = 0
    let actor = 0
    await eachSchedule({ most: MOST / 2, interruptions: 1 }, schedule => {
      // The moment of the crash moves on with the schedules, through all steps of the one and of the other.
      step += 3
      if (step >= (steps[actor] as number)) [actor, step] = [1 - actor, step % 3]
      return play(parties, { ...schedule, crash: { actor, step } })
    })
    expect(steps.every(taken => taken > 0)).toBe(true)
  })
})

describe('one follows what the other committed, and the other commits again, between any two steps', () => {
  /** Nobody tells this one that there is something to follow: it finds out when it is asked. */
  const untold = (store: Store): Store =>
    new Proxy(store, {
      get(target, name) {
        if (name === 'watch') return () => () => undefined
        const value = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })

  /** Looks, with one commit to follow, and a second one, that drops the rows of the first, before step number `at`. */
  async function follow(at: number, again: Again, look: (vault: TestVault) => Promise<void>): Promise<number> {
    const on = medium.clone()
    const clock = fakeClock(EVENING)
    const one = await openOn({ medium: on, clock })
    let step = -1
    let second: Promise<unknown> = Promise.resolve()
    const other = await openOn({
      medium: on,
      clock,
      through: untold,
      async onStep({ phase }) {
        if (step < 0 || phase !== 'before' || step++ !== at) return
        // Until it is done, or waits for the lock that the other one may have.
        second = again(one)
        await Promise.race([second, turns(30)])
      },
    })
    await one.add(person(6, ['times', 'chat']) as never)
    step = 0
    await look(other)
    await second
    return step
  }

  type Again = (vault: TestVault) => Promise<unknown>
  const AGAIN: { readonly [what: string]: Again } = {
    'adds somebody': vault => vault.add(person(7, ['chat']) as never),
    'renews a consent': vault => vault.consent(id(1), consentTo('chat', 'RenewedZq')),
  }
  const LOOKS: { readonly [what: string]: (vault: TestVault) => Promise<void> } = {
    'who reads sees everybody': async vault => {
      const names = (await vault.for('chat').list()).people.map(({ name }) => name)
      expect(names).toEqual(expect.arrayContaining([1, 3, 6].map(number => marksOf(number).name)))
    },
    'who changes somebody finds them': async vault => {
      await vault.change(id(3), { name: { full: 'Changed3Zq' } })
      const names = (await vault.for('chat').list()).people.map(({ name }) => name)
      expect(names).toEqual(expect.arrayContaining([marksOf(1).name, 'Changed3Zq', marksOf(6).name]))
    },
    'who reads the record misses nothing': async vault => {
      const lines = []
      for await (const line of vault.ledger.entries()) lines.push(line)
      const leaves = lines.map(({ index }) => index)
      expect(leaves).toEqual([...leaves].sort((a, b) => a - b))
      expect(lines.filter(({ type }) => type === 'contact-added').length).toBeGreaterThanOrEqual(6)
    },
  }

  test('who is sealing while midnight passes elsewhere, and hears of it by reading, seals nothing with wiped keys', async () => {
    let steps = 1
    for (let at = 0; at < steps; at++) {
      const on = medium.clone()
      let step = -1
      let reading: Promise<unknown> = Promise.resolve()
      const vault: TestVault = await openOn({
        medium: on,
        clock: fakeClock(EVENING),
        async onStep({ phase }) {
          if (step < 0 || phase !== 'before' || step++ !== at) return
          const cron = dropExpired(memoryStore({ medium: on }), { clock: fakeClock(NIGHT) })
          await Promise.race([cron, turns(30)])
          reading = vault.for('chat').list()
          await Promise.race([reading, turns(30)])
        },
      })
      step = 0
      await vault.consent(id(0), consentTo('times', 'RenewedZq'))
      steps = step
      await reading
      step = -1
      const haul = await haulOf(on)
      expect(haul.where('RenewedZq'), `before step ${at}`).toEqual(['blobs'])
    }
    expect(steps).toBeGreaterThan(3)
  })

  test.each(
    Object.entries(AGAIN).flatMap(([what, again]) =>
      Object.entries(LOOKS).map(([who, look]) => ({ what, again, who, look })),
    ),
  )('the other $what: $who', async ({ again, look }) => {
    let steps = 1
    for (let at = 0; at < steps; at++) steps = await follow(at, again, look)
    expect(steps).toBeGreaterThan(3)
  })
})
