/** The clock that a vault has unless it is given another: timers that are late, asleep, set back, and years ahead. */
import { createVault, systemClock } from '@amanat/vault'
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

  test('set back it waits until its time has come', () => {
    const { run } = wakes(START + HOUR)
    vi.setSystemTime(START - DAY)
    vi.advanceTimersByTime(DAY)
    expect(run).not.toHaveBeenCalled()
    vi.advanceTimersByTime(2 * HOUR)
    expect(run).toHaveBeenCalledTimes(1)
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
    const pages = []
    for await (const page of store.scan('pages')) pages.push(page)
    expect(pages).toEqual([])
    await vault.lock()
  })
})
