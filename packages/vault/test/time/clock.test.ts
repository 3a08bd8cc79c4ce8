import { describe, expect, it } from 'vitest'
import { parseInstant } from '../../src/time/calendar'
import { observe } from '../../src/time/clock'

const lastSeen = parseInstant('2026-03-10T09:30Z')

describe('R16: the time in a vault', () => {
  it('is the clock of the device', () => {
    const clock = parseInstant('2026-03-11')
    expect(observe({ clock, lastSeen, maxJump: 'P400D' })).toEqual({ now: clock, jumped: false })
    expect(observe({ clock, maxJump: 'P400D' })).toEqual({ now: clock, jumped: false })
  })

  it('does not run backwards when the clock is set back', () => {
    const clock = parseInstant('2020-01-01')
    expect(observe({ clock, lastSeen, maxJump: 'P400D' })).toEqual({ now: lastSeen, jumped: false })
  })

  it('is doubted, and still hides, when the clock is further ahead than the vault allows', () => {
    const clock = parseInstant('2027-04-14T09:30Z')
    expect(observe({ clock, lastSeen, maxJump: 'P400D' })).toEqual({ now: clock, jumped: false })
    expect(observe({ clock: clock + 1, lastSeen, maxJump: 'P400D' })).toEqual({ now: clock + 1, jumped: true })
  })

  it('is doubted after 30 days while locked', () => {
    const month = 30 * 86_400_000
    expect(observe({ clock: lastSeen + month, lastSeen, maxJump: month }).jumped).toBe(false)
    expect(observe({ clock: lastSeen + month + 1, lastSeen, maxJump: month }).jumped).toBe(true)
  })

  it('is never made up', () => {
    expect(() => observe({ clock: Number.NaN, lastSeen, maxJump: 'P400D' })).toThrow(TypeError)
  })
})
