/** The clock that a vault has unless it is given another: timers that are late, asleep, set back, and years ahead. */
import type { Store } from '@amanat/store-contract'
import { createVault, openVault, systemClock } from '@amanat/vault'
import { memoryStore, testKey } from '@amanat/vault/testing'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { figures } from '../trust/figures'
import { DAY, HOUR, iso, policy } from './device'

const START = Date.parse('2026-03-01T09:00:00Z')
let cases = 0
afterAll(() => figures('clocks', { 'cases of the system clock': cases }))

test('it tells the time of the machine, and calls when that time has come', async () => {
  const asked = systemClock.now()
  const called = await new Promise<number>(resolve => {
    systemClock.at(asked + 5, async () => resolve(systemClock.now()))
  })
  expect(called).toBeGreaterThanOrEqual(asked + 5)
  cases++
})

describe('on a machine whose clock is moved', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: START })
  })
  afterEach(() => {
    vi.useRealTimers()
    cases++
  })

  const wakes = (instant: number) => {
    const run = vi.fn(async () => undefined)
    return { run, cancel: systemClock.at(instant, run) }
  }

  test('it calls once, at the time, however far ahead: beyond 2^31 milliseconds too', () => {
    const { run } = wakes(START + 60 * DAY)
    vi.advanceTimersByTime(60 * DAY - 1)
    expect(run).not.toHaveBeenCalled()
    vi.advanceTimersByTime(10 * DAY)
    expect(run).toHaveBeenCalledTimes(1)
  })

  test('after a sleep it calls within the hour', () => {
    const { run } = wakes(START + 10 * HOUR)
    vi.setSystemTime(START + 3 * DAY)
    vi.advanceTimersByTime(HOUR)
    expect(run).toHaveBeenCalledTimes(1)
  })

  test('set back it calls within the hour, and once, so that whoever waits looks at it again', () => {
    const { run } = wakes(START + 30 * DAY)
    vi.advanceTimersByTime(2 * DAY)
    vi.setSystemTime(START)
    expect(run).not.toHaveBeenCalled()
    vi.advanceTimersByTime(HOUR)
    expect(run).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(40 * DAY)
    expect(run).toHaveBeenCalledTimes(1)
  })

  const pagesOf = async (store: Store) => {
    let pages = 0
    for await (const _ of store.scan('pages')) pages++
    return pages
  }

  test('R14: a vault that was opened while the clock was far ahead forgets in time once it is set right, though nobody comes', async () => {
    const store = memoryStore()
    const open = { unlock: testKey(), policy, actor: 'staff:leila' }
    const vault = await createVault({ ...open, store })
    const given = { how: 'paper', evidence: { kind: 'scan', content: new Uint8Array([1]) } }
    const consents = [{ purpose: 'list' as const, until: iso(START + 3 * DAY).slice(0, 10), given }]
    await vault.add({ card: { name: { full: 'Sara' } }, consents, source: 'sign-up sheet' })
    await vault.lock()
    vi.setSystemTime(START + 500 * DAY)
    const again = memoryStore({ medium: store.medium })
    const opened = await openVault({ ...open, store: again })
    vi.setSystemTime(START)
    await vi.advanceTimersByTimeAsync(2 * DAY)
    expect(await pagesOf(again)).toBe(1)
    await vi.advanceTimersByTimeAsync(2 * DAY)
    expect(await pagesOf(again)).toBe(0)
    await opened.lock()
  })

  test('a vault that locks itself when nobody comes does so in time though the clock was set back, and not while it is used', async () => {
    const vault = await createVault({
      store: memoryStore(),
      unlock: testKey(),
      policy,
      actor: 'staff:leila',
      lockAfter: 'PT30M',
    })
    const locked = vi.fn()
    vault.subscribe(({ type }) => type === 'locked' && locked())
    vi.setSystemTime(START - 300 * DAY)
    for (let minutes = 0; minutes < 120; minutes += 20) {
      await vi.advanceTimersByTimeAsync(20 * 60_000)
      expect(await vault.for('list').count()).toBe(0)
    }
    expect(locked).not.toHaveBeenCalled()
    vi.setSystemTime(START - 600 * DAY)
    await vi.advanceTimersByTimeAsync(30 * 60_000)
    expect(locked).toHaveBeenCalledOnce()
  })

  test('what has passed is called at once, and what was cancelled never', () => {
    expect(wakes(START - 1).run).toHaveBeenCalledTimes(1)
    const { run, cancel } = wakes(START + HOUR)
    cancel()
    vi.advanceTimersByTime(DAY)
    expect(run).not.toHaveBeenCalled()
  })

  test('R13, R14: a vault that slept over an expiry hides at the first call, and forgets by itself', async () => {
    const store = memoryStore()
    const vault = await createVault({ store, unlock: testKey(), policy, actor: 'staff:leila' })
    const given = { how: 'paper', evidence: { kind: 'scan', content: new Uint8Array([1]) } }
    const consents = [{ purpose: 'list' as const, until: iso(START + 3 * DAY).slice(0, 10), given }]
    const { id } = await vault.add({ card: { name: { full: 'Sara' } }, consents, source: 'sign-up sheet' })
    expect(await vault.exists([id])).toEqual([id])
    vi.setSystemTime(START + 4 * DAY)
    expect(await vault.exists([id])).toEqual([])
    expect(await vault.for('list').get(id)).toBeUndefined()
    const expired = new Promise<void>(resolve => {
      vault.subscribe(({ type }) => {
        if (type === 'expired') resolve()
      })
    })
    vi.advanceTimersByTime(HOUR)
    await expired
    expect(await pagesOf(store)).toBe(0)
    await vault.lock()
  })
})
