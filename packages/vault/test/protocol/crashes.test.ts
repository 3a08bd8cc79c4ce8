/**
 * The process ends at any moment: before or after any step of the store, in any operation. Whoever opens the vault next
 * finds it whole, with everything that was answered for, as it was before or after what was under way, and nothing of
 * what had to be forgotten. Answers that never come are the same, but for a process that lives on.
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
import { createVault, dropExpired, openVault, vaultExists } from '../../src/index'
import { type FakeClock, fakeClock, testKey } from '../../src/testing'
import { everythingIn, type Opening } from './adversary'
import { actor, consentTo, haulOf, key1, marksOf, newWorld, openOn, person, policy, type TestVault } from './world'

/** Four hours before the last day of person 5 ends. */
const EVENING = '2026-03-10T20:00:00Z'
const key5: Opening = { secretKey: new Uint8Array(32).fill(5) }
const soon = { ...person(5, ['times']), consents: [consentTo('times', 'SoonZq', '2026-03-11')] }

/** Everything that may be found in the live vault, or not. */
const WORDS = [0, 1, 2, 3, 5, 6].flatMap(number => {
  const { name, phone, email, note, photo, evidence } = marksOf(number)
  return [name, phone, email, note, photo, ...['times', 'chat', 'call'].map(purpose => `${purpose}-${evidence}`)]
})
const MORE = ['SoonZq', 'RenewedZq', 'Changed0Zq', 'spare', 'first']

let medium: MemoryMedium
let ids: readonly string[]

beforeAll(async () => {
  const world = await newWorld({ hook: 'crashes' })
  await world.vault.add(soon as never)
  await world.vault.slots.add(testKey(2), 'spare')
  await world.clock.advance('P9DT11H')
  await world.vault.lock()
  medium = world.medium
  ids = world.ids
})

interface Acting {
  readonly vault: TestVault
  readonly clock: FakeClock
  readonly medium: MemoryMedium
}

interface Case {
  act(on: Acting): Promise<unknown>
  /** What can't be found once it is done. */
  readonly forgotten?: readonly string[]
  /** With which key the vault opens once it is done, where that is another one. */
  readonly key?: number
  readonly policy?: typeof policy
}

const id = (number: number) => ids[number] as string
const narrowed = {
  ...policy,
  purposes: { ...policy.purposes, chat: { ...policy.purposes.chat, fields: ['name', 'phones', 'emails'] } },
} as unknown as typeof policy

const CASES: { readonly [name: string]: Case } = {
  'a contact is added': { act: ({ vault }) => vault.add(person(6, ['times', 'chat']) as never) },
  'a contact is changed': {
    act: ({ vault }) => vault.change(id(0), { name: { full: 'Changed0Zq' } }),
    forgotten: [marksOf(0).name],
  },
  'a consent is renewed': { act: ({ vault }) => vault.consent(id(0), consentTo('times', 'RenewedZq')) },
  'a consent is withdrawn': {
    act: ({ vault }) => vault.withdraw(id(1), 'chat'),
    forgotten: [marksOf(1).email, marksOf(1).note, `chat-${marksOf(1).evidence}`],
  },
  'a contact is erased': {
    act: ({ vault }) => vault.erase(id(0)),
    forgotten: [marksOf(0).name, marksOf(0).phone, `times-${marksOf(0).evidence}`],
  },
  'one is erased and another added, in one commit': {
    act: ({ vault }) => Promise.all([vault.erase(id(3)), vault.add(person(6, ['chat']) as never)]),
    forgotten: [marksOf(3).name, marksOf(3).email],
  },
  'midnight passes': {
    act: async ({ clock }) => clock.advance('PT5H'),
    forgotten: [marksOf(5).name, 'SoonZq'],
  },
  'midnight passes, and the first to notice is somebody who adds': {
    act: async ({ clock, vault }) => {
      clock.set('2026-03-11T01:00:00Z')
      await vault.add(person(6, ['times']) as never)
    },
    forgotten: [marksOf(5).name, 'SoonZq'],
  },
  'midnight passes, and the first to notice is somebody who erases': {
    act: async ({ clock, vault }) => {
      clock.set('2026-03-11T01:00:00Z')
      await vault.erase(id(0))
    },
    forgotten: [marksOf(5).name, 'SoonZq', marksOf(0).name],
  },
  'a slot is replaced': {
    act: async ({ vault }) => {
      const slot = (await vault.slots.list()).find(({ label }) => label === 'first')
      await vault.slots.replace((slot as { id: string }).id, testKey(5))
    },
    key: 5,
  },
  'a slot is removed': {
    act: async ({ vault }) => {
      const slot = (await vault.slots.list()).find(({ label }) => label === 'spare')
      await vault.slots.remove((slot as { id: string }).id)
    },
  },
  'the policy is narrowed': {
    act: async ({ vault }) => vault.changePolicy(narrowed, { accept: await vault.planPolicy(narrowed) }),
    forgotten: [marksOf(1).note, marksOf(3).note],
    policy: narrowed,
  },
  'a contact is erased, and the vault is locked': {
    act: async ({ vault }) => {
      await vault.erase(id(0))
      await vault.lock()
    },
    forgotten: [marksOf(0).name],
  },
}

interface Run {
  readonly medium: MemoryMedium
  readonly clock: FakeClock
  readonly vault: TestVault
  /** Undefined when the operation was answered for. */
  readonly error: unknown
  readonly steps: number
}

/** Runs one case on a copy of the medium, with something happening at the steps of its store. */
async function run({ act }: Case, happens: (step: MemoryStep, number: number, on: MemoryMedium) => void): Promise<Run> {
  const copy = medium.clone()
  const clock = fakeClock(EVENING)
  let steps = 0
  let armed = false
  const onStep = (step: MemoryStep) => {
    if (armed) happens(step, steps++, copy)
  }
  const vault = await openOn({ medium: copy, clock, onStep })
  armed = true
  const error = await act({ vault, clock, medium: copy }).then(
    () => undefined,
    reason => reason ?? new Error('rejected with nothing'),
  )
  armed = false
  return { medium: copy, clock, vault, error, steps }
}

/** What the vault holds: which words can be read from what is live, by the second reader and through the door. */
async function stateOf(on: MemoryMedium, vault: TestVault): Promise<string> {
  const store = memoryStore({ medium: on })
  await store.open()
  const rows = []
  for (const table of ['slots', 'ring', 'heads', 'pages', 'blobs', 'undated', 'exports'] as const) {
    for await (const row of store.scan(table)) rows.push(row)
  }
  const root = (await store.root()) as { bytes: Uint8Array }
  const live = await everythingIn({ roots: [root.bytes], rows, halves: [...(on.cellNow() ?? [])] }, [key1, key5])
  const words = [...WORDS, ...MORE].filter(word => live.where(word).some(where => where !== 'clear'))
  const lists = []
  for (const purpose of ['times', 'chat', 'call'] as const) {
    lists.push((await vault.for(purpose).list()).people.map(({ name }) => name).sort())
  }
  return JSON.stringify({ words, lists, slots: (await vault.slots.list()).map(({ label }) => label).sort() })
}

/** Opens what a case left, with whichever key and policy it left it with; fails as the vault does. */
async function reopen(the: Case, on: MemoryMedium, clock: FakeClock): Promise<TestVault> {
  const keys = the.key === undefined ? [1] : [the.key, 1]
  const policies = the.policy === undefined ? [policy] : [the.policy, policy]
  let failure: unknown
  for (const key of keys) {
    for (const each of policies) {
      const store = memoryStore({ medium: on })
      try {
        return (await openVault({ store, unlock: testKey(key), policy: each, actor, clock })) as TestVault
      } catch (error) {
        failure ??= error
        const { code } = error as { code?: string }
        if (code !== 'CANNOT_UNLOCK' && code !== 'POLICY_DIFFERS') throw error
      }
    }
  }
  throw failure
}

/** Goes on with a vault: somebody comes, somebody goes, and both are as they should be. */
async function goOn(vault: TestVault, on: MemoryMedium, forgotten: readonly string[]): Promise<void> {
  await vault.add({ ...person(8, ['times']), ref: undefined } as never)
  await vault.erase(id(2))
  const haul = await haulOf(on, [key1, key5])
  expect([...forgotten, marksOf(2).name].filter(word => haul.where(word).length > 0)).toEqual([])
  expect(haul.where(marksOf(8).name)).toEqual(['heads', 'pages'])
}

interface Ends {
  readonly old: string
  readonly after: string
  readonly steps: number
}

const ends = new Map<Case, Ends>()

/** The states between which a case may end: as if it had never begun, at the same time of day, and done. */
async function endsOf(the: Case): Promise<Ends> {
  const known = ends.get(the)
  if (known) return known
  const calm = await run(the, () => undefined)
  expect(calm.error).toBeUndefined()
  const after = await stateOf(calm.medium, await reopen(the, calm.medium, calm.clock))
  const idle = await run(
    { act: async ({ clock }) => clock.set(new Date(calm.clock.now()).toISOString()) },
    () => undefined,
  )
  const old = await stateOf(idle.medium, await reopen({ ...the }, idle.medium, idle.clock))
  expect(calm.steps).toBeGreaterThan(2)
  ends.set(the, { old, after, steps: calm.steps })
  return { old, after, steps: calm.steps }
}

describe('R15: a process that ends at any step leaves the vault as it was or as it was to be', () => {
  test.each(Object.entries(CASES))('%s', async (_, the) => {
    const { old, after, steps } = await endsOf(the)
    let moments = 0
    for (let crash = 0; crash < steps; crash++) {
      let here = false
      const crashed = await run(the, (step, number) => {
        // After one step and before the next is the same moment for whoever comes next.
        here = number === crash && (step.phase === 'before' || crash === steps - 1)
        if (here) throw new CrashError(`${step.phase} ${step.op}`)
      })
      if (!here) continue
      moments++
      const again = await reopen(the, crashed.medium, crashed.clock)
      const state = await stateOf(crashed.medium, again)
      const where = `crash at step ${crash} of ${steps}`
      if (crashed.error === undefined) expect(state, where).toBe(after)
      else expect([old, after], where).toContain(state)
      const forgotten = state === after ? (the.forgotten ?? []) : []
      if (forgotten.length > 0) {
        // Opening it was enough: nothing has to be forgotten after it for this to be gone.
        const haul = await haulOf(crashed.medium, [key1, key5])
        expect(
          forgotten.filter(word => haul.where(word).length > 0),
          where,
        ).toEqual([])
      }
      await goOn(again, crashed.medium, forgotten)
    }
    expect(moments).toBeGreaterThan(steps / 2 - 1)
  })

  test('a vault that is being made: it is there, or it can be made', async () => {
    const make = async (on: MemoryMedium, onStep?: (step: MemoryStep) => void) => {
      const store = memoryStore({ medium: on, ...(onStep ? { onStep } : {}) })
      await createVault({ store, unlock: testKey(), policy, actor, clock: fakeClock() })
    }
    let steps = 0
    await make(memoryMedium(), () => void steps++)
    for (let crash = 0; crash < steps; crash++) {
      const on = memoryMedium()
      let number = 0
      await expect(
        make(on, () => {
          if (number++ === crash) throw new CrashError()
        }),
      ).rejects.toThrow()
      if (!(await vaultExists(memoryStore({ medium: on })))) await make(on)
      const vault = await openOn({ medium: on, clock: fakeClock() })
      await vault.add(person(0, ['times']) as never)
      expect(await vault.for('times').count()).toBe(1)
    }
    expect(steps).toBeGreaterThan(3)
  })

  test('a cron job without a key', async () => {
    const drop = async (on: MemoryMedium, onStep?: (step: MemoryStep) => void) => {
      const store = memoryStore({ medium: on, ...(onStep ? { onStep } : {}) })
      await dropExpired(store, { clock: fakeClock('2026-03-11T01:00:00Z') })
    }
    let steps = 0
    await drop(medium.clone(), () => void steps++)
    for (let crash = 0; crash < steps; crash++) {
      const on = medium.clone()
      let number = 0
      const crashing = drop(on, () => {
        if (number++ === crash) throw new CrashError()
      })
      await expect(crashing).rejects.toThrow()
      // Opened by somebody whose clock hasn't come so far: what has passed has passed.
      const vault = await openOn({ medium: on, clock: fakeClock('2026-03-11T00:30:00Z') })
      await goOn(vault, on, [marksOf(5).name, 'SoonZq'])
    }
    expect(steps).toBeGreaterThan(10)
  })
})

describe('an answer that never comes', () => {
  const WAYS = {
    'was a yes': (step: MemoryStep) => step.op === 'commit' && step.phase === 'after',
    'was a no': (step: MemoryStep) => step.op === 'commit' && step.phase === 'before',
  }
  test.each(
    Object.entries(CASES).flatMap(([name, the]) => Object.entries(WAYS).map(([way, at]) => ({ name, the, way, at }))),
  )('$name: it $way, and the root says so', async ({ the, at }) => {
    const { after } = await endsOf(the)
    const seen = new Set<string>()
    const done = await run(the, (step, _, on) => {
      if (!at(step)) return
      // Each commit once: until the root is another, what is tried after that is answered.
      const root = Buffer.from(on.history.roots.at(-1) as Uint8Array).toString('base64')
      if (seen.has(root)) return
      seen.add(root)
      throw new StoreError('UNKNOWN_RESULT', 'the answer never came')
    })
    expect(done.error).toBeUndefined()
    expect(seen.size).toBeGreaterThan(0)
    const vault = await reopen(the, done.medium, done.clock)
    expect(await stateOf(done.medium, vault)).toBe(after)
    await goOn(vault, done.medium, the.forgotten ?? [])
  })

  test.each(Object.entries(WAYS))(
    'which %s, and the root can not be read: the caller is told so, and the vault lives',
    async (way, at) => {
      const erase = CASES['a contact is erased'] as Case
      const { old, after } = await endsOf(erase)
      let gone = false
      const done = await run(erase, step => {
        if (gone && step.op === 'root' && step.phase === 'before')
          throw new StoreError('UNKNOWN_RESULT', 'no connection')
        if (!at(step)) return
        gone = true
        throw new StoreError('UNKNOWN_RESULT', 'the answer never came')
      })
      expect(done.error).toMatchObject({ code: 'UNKNOWN_RESULT' })
      expect(await stateOf(done.medium, done.vault)).toBe(way === 'was a yes' ? after : old)
      await goOn(done.vault, done.medium, way === 'was a yes' ? (erase.forgotten ?? []) : [])
    },
  )
})
