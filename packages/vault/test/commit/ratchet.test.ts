/** The ratchet: which day's key comes from which, that no way leads back, and that what it leaves behind is wiped. */
import { derive, ready, Secret } from '@amanat/crypto'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { advanced, DayKeys, MAX_DAYS_AHEAD, stepped } from '../../src/commit/ratchet'

beforeAll(() => ready())

const START = 20_000
const seed = () => Secret.of<'ratchet'>(new Uint8Array(32).fill(5))
const shown = (secret: Secret<string> | undefined) => secret && Buffer.from(secret.expose()).toString('hex')
/** What the format says, step by step. */
const ratchetAfter = (days: number) => {
  let at: Secret<string> = seed()
  for (let i = 0; i < days; i++) at = derive('amanat/ratchet/1', at)
  return at
}
const dayKey = (day: number) => shown(derive('amanat/day/1', ratchetAfter(day - START)))

describe('the ratchet', () => {
  it('steps once a day, by the label of the format', () => {
    expect(shown(stepped(seed()))).toBe(shown(ratchetAfter(1)))
    for (const days of [0, 1, 2, 3, 30]) {
      expect(shown(advanced(seed(), START, START + days))).toBe(shown(ratchetAfter(days)))
    }
  })

  it('never leads back, and never further than a hundred years', () => {
    expect(MAX_DAYS_AHEAD).toBe(36_600)
    expect(() => advanced(seed(), START, START - 1)).toThrow(
      new RangeError('the ratchet steps forward only, and at most a hundred years'),
    )
    expect(() => advanced(seed(), START, START + MAX_DAYS_AHEAD + 1)).toThrow(RangeError)
    expect(shown(advanced(seed(), START, START + MAX_DAYS_AHEAD))).toHaveLength(64)
  })

  it('wipes every secret on its way, and neither the one it began with nor the last (R19)', () => {
    const first = seed()
    const wipe = vi.spyOn(Secret.prototype, 'wipe')
    const last = advanced(first, START, START + 3)
    expect(wipe).toHaveBeenCalledTimes(3)
    wipe.mockRestore()
    expect(shown(first)).toBe(shown(seed()))
    expect(shown(last)).toBe(shown(ratchetAfter(3)))
    const same = advanced(first, START, START)
    first.wipe()
    expect(shown(same)).toBe(shown(seed()))
  })
})

describe('the keys of days', () => {
  it('are those of the days from the tick on, in whatever order they are asked for', () => {
    const ahead = new DayKeys(START, seed())
    for (const day of [START + 9, START, START + 4, START + 9, START + 30])
      expect(shown(ahead.of(day))).toBe(dayKey(day))
    expect(ahead.of(START + 4)).toBe(ahead.of(START + 4))
    const later = new DayKeys(START + 7, ratchetAfter(7) as Secret<'ratchet'>)
    expect(shown(later.of(START + 9))).toBe(dayKey(START + 9))
  })

  it('are none for a day that has passed or lies beyond a hundred years (R13)', () => {
    const days = new DayKeys(START, seed())
    expect(days.of(START - 1)).toBeUndefined()
    expect(days.of(0)).toBeUndefined()
    expect(days.of(START + MAX_DAYS_AHEAD + 1)).toBeUndefined()
    expect(days.of(0xffff_ffff)).toBeUndefined()
    expect(days.of(START + MAX_DAYS_AHEAD)).toBeDefined()
  })

  it('are made of a ratchet of their own', () => {
    const ratchet = seed()
    const days = new DayKeys(START, ratchet)
    ratchet.wipe()
    expect(shown(days.of(START))).toBe(dayKey(START))
  })

  it('are wiped together, with every ratchet they came from, and then there are none (R19)', () => {
    const days = new DayKeys(START, seed())
    const keys = [days.of(START), days.of(START + 3)]
    const wipe = vi.spyOn(Secret.prototype, 'wipe')
    days.wipe()
    // Four ratchets and two keys.
    expect(wipe).toHaveBeenCalledTimes(6)
    wipe.mockRestore()
    for (const key of keys) expect(() => key?.expose()).toThrow(TypeError)
    expect(() => days.of(START)).toThrow(TypeError)
    expect(() => days.of(START + 3)).toThrow(TypeError)
    const again = vi.spyOn(Secret.prototype, 'wipe')
    days.wipe()
    expect(again).not.toHaveBeenCalled()
    again.mockRestore()
  })
})
