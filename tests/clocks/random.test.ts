/**
 * Clocks at random: histories of a device whose clock is set forward and back while people come and go, processes open
 * and lock, and a cron job comes by; the model in device.ts judges every step. At the end the clock comes back, and
 * whoever isn't over by what was believed must open, byte for byte. Replay one with AMANAT_CLOCKS=seed:path, as a
 * failure prints them.
 */

import { env } from 'node:process'
import { memoryMedium, memoryStore } from '@amanat/vault/testing'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { figures, size } from '../trust/figures'
import { DAY, Device, HOUR, type Medium, type Op } from './device'

function inMemory(): Medium {
  const medium = memoryMedium()
  return { store: () => memoryStore({ medium }), cell: async () => medium.cellNow() as readonly Uint8Array[] }
}

const SHIFTS = [
  ...[1 * HOUR, 6 * HOUR, 23 * HOUR, DAY, 2 * DAY, 29 * DAY, 30 * DAY, 31 * DAY, 200 * DAY, 399 * DAY, 401 * DAY],
  ...[3650 * DAY, 36_500 * DAY, -1, -HOUR, -DAY, -30 * DAY, -401 * DAY, -3650 * DAY],
]
const who = fc.nat({ max: 1 })
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('shift' as const), by: fc.constantFrom(...SHIFTS) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('look' as const), who }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      who,
      until: fc.constantFrom(2, 3, 8, 31, 40, 100, 300, 420, 900),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), for: fc.constantFrom('PT1H', 'P1D', 'P3D') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drop' as const), by: fc.constantFrom(0, 0, DAY, -DAY) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('purge' as const, 'erase' as const, 'confirm' as const, 'reopen' as const, 'kill' as const),
      who,
    }),
  },
)
const history = fc.record({
  skews: fc.constantFrom([0], [0, 0], [0, -3 * HOUR], [0, -2 * DAY], [0, 5 * DAY]),
  ops: fc.array(op, { minLength: 4, maxLength: 24 }),
})

const counted = { 'random histories': 0, steps: 0 }
afterAll(() => figures('clocks', counted))

test('R13 to R16 hold in every history of a clock, and nobody is destroyed whom no believable time reached', async () => {
  const [seed, path] = env.AMANAT_CLOCKS?.split(/:(.*)/s) ?? []
  await fc.assert(
    fc.asyncProperty(history, async ({ skews, ops }) => {
      const device = await Device.create(inMemory(), '2026-03-01T09:00:00Z', skews)
      await device.run({ do: 'add', name: 'Soon', until: '2026-03-20' })
      await device.run({ do: 'add', name: 'Later', until: '2027-03-20' })
      for (const each of ops) await device.run(each)
      await device.intact()
      counted['random histories']++
      counted.steps += device.steps
    }),
    { numRuns: size(60, 20_000), ...(seed ? { seed: Number(seed) } : {}), ...(path ? { path } : {}) },
  )
  expect(counted['random histories']).toBeGreaterThan(0)
}, 21_600_000)
