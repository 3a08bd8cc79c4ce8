/** The judge judged: with the rule of time broken on purpose, the model in device.ts must object. */
import { memoryMedium, memoryStore } from '@amanat/vault/testing'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { figures } from '../trust/figures'
import { Device, type Op } from './device'

const broken = vi.hoisted(() => ({ by: '' }))

vi.mock('../../packages/vault/src/time/clock', async original => {
  const real = await original<typeof import('../../packages/vault/src/time/clock')>()
  return {
    ...real,
    observe(asked: Parameters<typeof real.observe>[0]) {
      const { now, jumped } = real.observe(asked)
      if (broken.by === 'every clock is believed') return { now, jumped: false }
      if (broken.by === 'time runs back') return { now: asked.clock, jumped }
      if (broken.by === 'a jump hides nothing' && jumped) return { now: asked.lastSeen ?? now, jumped }
      return { now, jumped }
    },
  }
})

const BROKEN: { readonly [how: string]: readonly Op[] } = {
  'every clock is believed': [{ do: 'set', to: '2029-01-01T00:00:00Z' }, { do: 'purge' }],
  'time runs back': [
    { do: 'set', to: '2026-03-20T00:00:00Z' },
    { do: 'look' },
    { do: 'set', to: '2026-03-19T23:00:00Z' },
    { do: 'look' },
  ],
  'a jump hides nothing': [{ do: 'set', to: '2029-01-01T00:00:00Z' }, { do: 'look' }],
}

async function play(steps: readonly Op[]): Promise<void> {
  const medium = memoryMedium()
  const cell = async () => medium.cellNow() as readonly Uint8Array[]
  const device = await Device.create({ store: () => memoryStore({ medium }), cell }, '2026-03-01T09:00:00Z')
  await device.run({ do: 'add', name: 'Soon', until: '2026-03-20' })
  for (const step of steps) await device.run(step)
}

let found = 0
beforeEach(() => {
  broken.by = ''
})
afterAll(() => figures('clocks', { 'broken clocks found': found }))

test.each(Object.entries(BROKEN))('the model objects when %s, and not otherwise', async (how, steps) => {
  await play(steps)
  broken.by = how
  await expect(play(steps)).rejects.toThrow()
  found++
})
