/**
 * One vault in several tabs of one browser, and in a worker: whatever they are answered fits one vault that does one
 * thing at a time. A withdrawal in one is seen by the next answer of every other, also of a tab that slept, that heard
 * no message, whose lock was taken away or whose connection went. AMANAT_MANY_SEED runs a history again.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Page as Tab } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Launched, launch } from '../chromium/browser'
import { type Site, siteOf } from '../chromium/site'
import { Chance } from '../kills/chance'
import type { Person, Purpose } from '../kills/people'
import { figures, size } from '../trust/figures'
import type { Ids, Interruption, ManyPage, Opening } from './chromium-work'
import { linearizable, type Timed, told } from './linearizable'
import { type Answered, type Asked, type Held, registerOf } from './register'
import { Lane } from './throws'

const SEED = Number(env.AMANAT_MANY_SEED ?? 1 + Math.floor(Math.random() * 1e9))
const LONG = size(300_000, 7_200_000)
const TABS = 3

let site: Site
let place: string
let browser: Launched
let vaults = 0
const open: Tab[] = []

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'amanat-many-chromium-'))
  site = await siteOf(fileURLToPath(new URL('chromium-page.ts', import.meta.url)))
  browser = await launch(join(place, 'profile'))
}, 120_000)

afterEach(async () => {
  for (const tab of open.splice(0)) await tab.close()
})

afterAll(async () => {
  await browser?.close()
  await site?.close()
  await rm(place, { recursive: true, force: true })
})

declare const page: ManyPage
declare function endWorker(key: string, interruption: Interruption): Promise<void>
declare function inWorker(name: keyof ManyPage, ...given: readonly unknown[]): Promise<unknown>

/** Who asks: a tab, or a worker in one. */
type Caller = <N extends keyof ManyPage>(name: N, ...given: Parameters<ManyPage[N]>) => ReturnType<ManyPage[N]>

const tabCaller = (tab: Tab): Caller =>
  (async (name: keyof ManyPage, ...given: readonly unknown[]) =>
    tab.evaluate(([name, given]) => (page[name] as (...given: readonly unknown[]) => Promise<unknown>)(...given), [
      name,
      given,
    ] as const)) as Caller

const workerCaller = (tab: Tab): Caller =>
  (async (name: keyof ManyPage, ...given: readonly unknown[]) =>
    tab.evaluate(([name, given]) => inWorker(name, ...given), [name, given] as const)) as Caller

async function newTab(): Promise<Tab> {
  const tab = await browser.context.newPage()
  open.push(tab)
  await tab.goto(site.address)
  return tab
}

interface Made {
  readonly name: string
  readonly ids: Ids
  readonly people: readonly Person[]
  open(call: Caller, who: string, more?: Partial<Opening>): Promise<void>
}

const everything: { readonly [P in Purpose]: string } = { times: 'Scan', chat: 'Scan', call: 'Scan' }

/** A vault of its own, made in a tab that is closed again. */
async function vaultOf(count: number): Promise<Made> {
  const name = `many-${++vaults}`
  const people = Array.from({ length: count }, (_, i) => ({
    key: `p${i + 1}x`,
    fields: { name: `Name-p${i + 1}x` },
    consents: everything,
  }))
  const tab = await newTab()
  const ids = await tabCaller(tab)('make', name, people)
  await tab.close()
  return { name, ids, people, open: (call, who, more) => call('open', { name, who, ids, ...more }) }
}

const keysOf = (made: Made) => made.people.map(({ key }) => key)
const get = (key: string, purpose: Purpose = 'times'): Asked => ({ do: 'get', key, purpose })

/** Several at the same time, each one thing after the other. */
async function historyOf(made: Made, callers: readonly Caller[], chance: Chance, asks: number) {
  const history: Timed<Asked, Answered>[] = []
  const work = async (call: Caller, number: number) => {
    const lane = new Lane(`tab${number}`, number, keysOf(made), new Chance(chance.below(2 ** 31)))
    for (let asked = 0; asked < asks; asked++) {
      const next = lane.next()
      const start = performance.now()
      const answered = await call('ask', next)
      lane.heard(next, answered)
      history.push({ who: lane.who, start, end: performance.now(), asked: next, answered })
    }
  }
  await Promise.all(callers.map(work))
  return history
}

const initial = (made: Made) => {
  const held = (name: string): Held => ({ name, revision: 1, live: ['call', 'chat', 'times'] })
  return new Map(made.people.map(({ key, fields }) => [key, held(fields.name as string)]))
}

describe('several tabs and a worker', () => {
  test(
    'are answered as by one vault that does one thing at a time',
    async () => {
      for (let each = 0; each < size(4, 60); each++) {
        const chance = new Chance(SEED + each)
        const made = await vaultOf(5)
        const tabs = await Promise.all(Array.from({ length: TABS }, newTab))
        const callers = [...tabs.map(tabCaller), workerCaller(tabs[0] as Tab)]
        for (const [number, call] of callers.entries()) await made.open(call, `tab${number}`)
        const history = await historyOf(made, callers, chance, size(30, 60))
        const verdict = linearizable(history, registerOf(initial(made)))
        expect(verdict.linearizable, `AMANAT_MANY_SEED=${SEED}, history ${each}: ${told(verdict)}`).toBe(true)
        expect(await (callers[0] as Caller)('examine')).toBe(0)
        for (const call of callers) await call('lock')
        for (const tab of open.splice(0)) await tab.close()
        figures('many', { histories: 1, operations: history.length, tabs: tabs.length, 'workers of tabs': 1 })
      }
    },
    LONG,
  )

  test(
    'are found out when one of them trusts what it saw first',
    async () => {
      const made = await vaultOf(3)
      const callers = (await Promise.all([newTab(), newTab()])).map(tabCaller)
      const [one, other] = callers as [Caller, Caller]
      await made.open(one, 'one', { stale: true })
      await made.open(other, 'other')
      const timed = async (who: string, call: Caller, asked: Asked): Promise<Timed<Asked, Answered>> => {
        const start = performance.now()
        const answered = await call('ask', asked)
        return { who, start, end: performance.now(), asked, answered }
      }
      const history = [
        await timed('one', one, get('p1x')),
        await timed('other', other, { do: 'withdraw', key: 'p1x', purpose: 'times' }),
        await timed('one', one, get('p1x')),
      ]
      expect(linearizable(history, registerOf(initial(made))).linearizable).toBe(false)
    },
    LONG,
  )
})

/**
 * Puts a tab to sleep, by its debugger: from when this resolves no message, no event and no timer reaches it. Answers
 * what wakes it up. (Chromium freezes a page only when it can't be seen, and in a browser without a screen all can.)
 */
async function sleep(tab: Tab): Promise<() => Promise<void>> {
  const session = await tab.context().newCDPSession(tab)
  const asleep = new Promise(resolve => session.once('Debugger.paused', resolve))
  await session.send('Debugger.enable')
  const evaluated = session.send('Runtime.evaluate', { expression: 'debugger' })
  await asleep
  return async () => {
    await session.send('Debugger.resume')
    await evaluated
    await session.detach()
  }
}

describe('what one tab has withdrawn', () => {
  const tries = size(10, 100)

  test(
    'the other knows before its next answer',
    async () => {
      const made = await vaultOf(tries)
      const [one, other] = (await Promise.all([newTab(), newTab()])).map(tabCaller) as [Caller, Caller]
      await made.open(one, 'one')
      await made.open(other, 'other')
      for (const key of keysOf(made)) {
        expect(await one('ask', get(key))).toMatchObject({ shown: { revision: 1 } })
        await other('ask', { do: 'withdraw', key, purpose: 'times' })
        expect(await one('ask', get(key))).toEqual({ shown: null })
        expect(await one('ask', get(key, 'chat'))).toMatchObject({ shown: { revision: 1 } })
      }
      figures('many', { 'withdrawals seen': tries })
    },
    LONG,
  )

  test(
    'a tab knows that hears no messages of others',
    async () => {
      const made = await vaultOf(tries)
      const deaf = await browser.context.newPage()
      open.push(deaf)
      await deaf.addInitScript(() => {
        class Nothing extends EventTarget {
          postMessage() {}
          close() {}
        }
        Object.assign(globalThis, { BroadcastChannel: Nothing })
      })
      await deaf.goto(site.address)
      const one = tabCaller(deaf)
      const other = workerCaller(await newTab())
      await made.open(one, 'one')
      await made.open(other, 'other')
      for (const key of keysOf(made)) {
        await other('ask', { do: 'erase', key })
        expect(await one('ask', get(key))).toEqual({ shown: null })
      }
      expect(await one('ask', { do: 'count', purpose: 'times' })).toEqual({ count: 0 })
      figures('many', { 'withdrawals seen': tries })
    },
    LONG,
  )

  test(
    'a tab knows that slept',
    async () => {
      const made = await vaultOf(size(6, 60))
      const [sleeper, awake] = (await Promise.all([newTab(), newTab()])) as [Tab, Tab]
      const [one, other] = [tabCaller(sleeper), tabCaller(awake)]
      await made.open(one, 'one')
      await made.open(other, 'other')
      for (const [number, key] of keysOf(made).entries()) {
        expect(await one('ask', get(key))).toMatchObject({ shown: { revision: 1 } })
        // Every second time in the middle of a question of its own, which may be answered either way.
        const asked = number % 2 === 0 ? undefined : one('ask', get(key))
        const wake = await sleep(sleeper)
        await other('ask', { do: 'withdraw', key })
        await wake()
        await asked
        expect(await one('ask', get(key))).toEqual({ shown: null })
      }
      figures('many', { 'withdrawals seen': made.people.length })
    },
    LONG,
  )
})

describe('a tab that is put to sleep while it forgets', () => {
  test(
    'comes to its end when it wakes up, and keeps nobody else from theirs for good',
    async () => {
      const made = await vaultOf(size(6, 40))
      const keys = keysOf(made)
      const [sleeper, awake] = (await Promise.all([newTab(), newTab()])) as [Tab, Tab]
      const [one, other] = [tabCaller(sleeper), tabCaller(awake)]
      await made.open(one, 'one')
      await made.open(other, 'other')
      for (let at = 0; at + 1 < keys.length; at += 2) {
        await one('beginErasing', keys[at] as string)
        const wake = await sleep(sleeper)
        const erased = other('ask', { do: 'erase', key: keys[at + 1] as string })
        await wake()
        expect(await erased).toEqual({ done: true })
        expect(await one('erased')).toBe('erased')
        expect(await other('ask', { do: 'exist' })).toEqual({ keys: keys.slice(at + 2) })
        expect(await one('ask', { do: 'exist' })).toEqual({ keys: keys.slice(at + 2) })
      }
      expect(await other('examine')).toBe(0)
    },
    LONG,
  )
})

describe('a tab whose lock was taken away', () => {
  test(
    'has erased what it said it had, and leaves a vault that every other can use',
    async () => {
      const made = await vaultOf(size(16, 200))
      const keys = keysOf(made)
      const [one, other] = (await Promise.all([newTab(), newTab()])).map(tabCaller) as [Caller, Caller]
      await made.open(one, 'one')
      await made.open(other, 'other')
      const gone = new Set<string>()
      const answers = new Map<string, number>()
      for (let at = 0; at + 1 < keys.length; at += 2) {
        const [mine, theirs] = keys.slice(at, at + 2) as [string, string]
        // Before the new half, before the commit, before the old half, and by somebody else at any moment.
        const writes = (at / 2) % 4
        await one('beginErasing', mine, ...(writes < 3 ? [{ theft: made.name, writes }] : []))
        if (writes === 3) await other('steal', made.name)
        const erased = other('attempt', { do: 'erase', key: theirs })
        const answer = await one('erased')
        answers.set(answer, (answers.get(answer) ?? 0) + 1)
        // IO: what it had written to the cell was the next one's by the time it was read back.
        expect(['erased', 'BUSY', 'UNKNOWN_RESULT', 'IO']).toContain(answer)
        // The last write of the one who was robbed may land between a write and its reading: told, and done again.
        if ((await erased) !== 'answered') {
          expect(await erased).toBe('IO')
          expect(['answered', 'UNKNOWN_CONTACT']).toContain(await other('attempt', { do: 'withdraw', key: theirs }))
        }
        if (answer === 'erased') gone.add(mine)
        gone.add(theirs)
        const { keys: left } = (await other('ask', { do: 'exist' })) as { keys: string[] }
        expect(left.filter(key => gone.has(key))).toEqual([])
        // Nobody has gone who wasn't to go.
        expect(left).toEqual(expect.arrayContaining(keys.slice(at + 2)))
      }
      await one('lock')
      const third = tabCaller(await newTab())
      await made.open(third, 'third')
      expect(await third('examine')).toBe(0)
      figures('many', {
        'locks taken away': keys.length / 2,
        'refused for it': keys.length / 2 - (answers.get('erased') ?? 0),
      })
    },
    LONG,
  )
})

describe('a worker that is terminated while it forgets', () => {
  test(
    'gives the lock back, and leaves a vault in which somebody is as they were, or gone',
    async () => {
      const made = await vaultOf(size(12, 120))
      const keys = keysOf(made)
      const [first, second] = (await Promise.all([newTab(), newTab()])) as [Tab, Tab]
      const other = tabCaller(second)
      await made.open(other, 'other')
      const left = new Set(keys)
      for (let at = 0; at + 1 < keys.length; at += 2) {
        const [theirs, mine] = keys.slice(at, at + 2) as [string, string]
        await made.open(workerCaller(first), `worker${at}`)
        // Before the new half, before the commit, before the old half; and somewhere in what follows.
        const writes = (at / 2) % 3
        const end = at % 12 < 6 ? 'standing' : 'going'
        await first.evaluate(([key, interruption]) => endWorker(key, interruption), [theirs, { writes, end }] as const)
        // Half of the time whoever comes next has yet to open the vault.
        const next = at % 4 === 0 ? other : tabCaller(await newTab())
        if (next !== other) await made.open(next, 'next')
        const { keys: here } = (await next('ask', { do: 'exist' })) as { keys: string[] }
        if (end === 'standing') expect([writes, here.includes(theirs)]).toEqual([writes, writes < 2])
        if (!here.includes(theirs)) left.delete(theirs)
        expect(await next('ask', { do: 'erase', key: mine })).toEqual({ done: true })
        left.delete(mine)
        for (const call of [next, other]) expect(await call('ask', { do: 'exist' })).toEqual({ keys: [...left] })
      }
      expect(await other('examine')).toBe(0)
      figures('many', { 'workers terminated': keys.length / 2 })
    },
    LONG,
  )
})

describe('a tab whose database', () => {
  test(
    'is opened by a newer version of the app makes way, and loses nothing',
    async () => {
      const made = await vaultOf(2)
      const [one, other] = (await Promise.all([newTab(), newTab()])).map(tabCaller) as [Caller, Caller]
      await made.open(one, 'one')
      await one('ask', { do: 'withdraw', key: 'p1x', purpose: 'times' })
      await other('upgrade', made.name)
      expect(await one('ask', get('p1x'))).toEqual({ shown: null })
      expect(await one('ask', get('p2x'))).toMatchObject({ shown: { name: 'Name-p2x' } })
      expect(await one('ask', { do: 'erase', key: 'p1x' })).toEqual({ done: true })
      await made.open(other, 'other')
      expect(await other('ask', { do: 'exist' })).toEqual({ keys: ['p2x'] })
      figures('many', { 'connections taken away': 1 })
    },
    LONG,
  )

  test(
    'is deleted makes way, shows nobody any more, and brings nothing back',
    async () => {
      const made = await vaultOf(2)
      const [one, other] = (await Promise.all([newTab(), newTab()])).map(tabCaller) as [Caller, Caller]
      await made.open(one, 'one')
      await other('deleteDatabase', made.name)
      const asks: Asked[] = [
        get('p2x'),
        { do: 'list', purpose: 'times' },
        { do: 'change', key: 'p1x', name: 'Name-other' },
        { do: 'erase', key: 'p1x' },
      ]
      for (const asked of asks) expect(await one('attempt', asked)).toBe('VAULT_MISSING')
      await expect(made.open(other, 'other')).rejects.toThrow('no vault in this store')
      // Another one in the same place is none of its business.
      const ids = await other('make', made.name, made.people)
      for (const asked of asks) expect(await one('attempt', asked)).toBe('KEY_CHANGED')
      const third = tabCaller(await newTab())
      await made.open(third, 'third', { ids })
      expect(await third('ask', { do: 'exist' })).toEqual({ keys: ['p1x', 'p2x'] })
      expect(await third('examine')).toBe(0)
      figures('many', { 'connections taken away': 1 })
    },
    LONG,
  )
})
