/**
 * A vault counts in UTC, wherever it runs: the same life, around the nights on which clocks are put forward and back, is
 * lived by processes in four time zones, and each tells the same of it.
 */
import { spawnSync } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { env, execPath, pid } from 'node:process'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { figures } from '../trust/figures'

/** The hour of the change, in UTC: London, New York, and Tehran while it still changed; a leap day besides. */
const CHANGES = [
  '2026-03-29T01:00:00Z',
  '2026-10-25T01:00:00Z',
  '2026-03-08T07:00:00Z',
  '2026-11-01T06:00:00Z',
  '2022-03-21T20:30:00Z',
  '2022-09-21T19:30:00Z',
  '2028-03-02T00:00:00Z',
]
/** Minutes behind UTC at the instant of each change. */
const ZONES: { readonly [zone: string]: readonly number[] } = {
  UTC: [0, 0, 0, 0, 0, 0, 0],
  'Europe/London': [-60, 0, 0, 0, 0, -60, 0],
  'America/New_York': [240, 240, 240, 300, 240, 240, 300],
  'Asia/Tehran': [-210, -210, -210, -210, -270, -210, -210],
}

interface Told {
  readonly told: readonly {
    readonly change: string
    readonly until: readonly string[]
    readonly told: readonly string[]
  }[]
  readonly offsets: readonly number[]
}

const tests = fileURLToPath(new URL('..', import.meta.url))
// Below this package, so that the packages are found where it finds them.
const folder = join(tests, '.cache', `zones-${pid}`)
beforeAll(async () => {
  await mkdir(folder, { recursive: true })
  await build({
    entry: { zone: join(tests, 'clocks/zone-child.ts') },
    outDir: folder,
    format: ['esm'],
    outExtension: () => ({ js: '.mjs' }),
    config: false,
    dts: false,
    silent: true,
    target: 'es2022',
    platform: 'node',
    external: [/^@amanat\//],
  })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function livedIn(zone: string): Told {
  const { status, stdout, stderr } = spawnSync(execPath, [join(folder, 'zone.mjs'), ...CHANGES], {
    env: { ...env, TZ: zone },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new Error(`in ${zone}: ${stderr}`)
  return JSON.parse(stdout)
}

const DAY = 86_400_000
const day = (instant: number) => new Date(instant).toISOString().slice(0, 10)
let lives = 0
afterAll(() => figures('clocks', { 'lives in time zones': lives }))

test.each(Object.entries(ZONES))('R4, R13: days are those of UTC in %s', (zone, offsets) => {
  const { told, offsets: were } = livedIn(zone)
  // Otherwise the process never was in that zone.
  expect(were).toEqual(offsets)
  for (const { change, until, told: hours } of told) {
    const start = Date.parse(change) - 1.5 * DAY
    const midnight = Math.floor(start / DAY) * DAY
    expect(until.every(each => each.endsWith('T00:00:00.000Z'))).toBe(true)
    // Two days from then, and rounded down: the midnight before.
    expect(until[0]).toBe(new Date(midnight + 2 * DAY).toISOString())
    expect(hours).toEqual(
      hours.map(
        (_, hour) => `${day(start + (hour * DAY) / 24)} ${start + (hour * DAY) / 24 < midnight + 2 * DAY ? 1 : 0}`,
      ),
    )
    lives++
  }
  // 29 February, and from it: a month, and a year that has none; two years are rounded to the month.
  expect(told.at(-1)?.until.slice(1)).toEqual([
    '2028-03-29T00:00:00.000Z',
    '2029-02-28T00:00:00.000Z',
    '2030-02-01T00:00:00.000Z',
  ])
})
