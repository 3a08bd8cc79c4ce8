/** The benchmark is run once, small: that it works, and not how fast anything is. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { median } from './table.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

it('measures the vault and a peer, on disk and in Chromium, and names whom it could not measure', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['tests/bench/bench.mjs', '--quick', '--json', '--only', 'lmdb', '--only', 'dexie'],
    { cwd: root, encoding: 'utf8' },
  )
  expect(status, stderr).toBe(0)
  const { results, failures } = JSON.parse(stdout)
  expect(failures).toEqual([])
  expect(results.map(({ where, count }: { where: string; count: number }) => [where, count])).toEqual([
    ['On disk', 1000],
    ['In Chromium', 1000],
  ])
  for (const [{ medians }, peer] of [
    [results[0], 'lmdb'],
    [results[1], 'dexie'],
  ] as const) {
    expect(Object.keys(medians).sort()).toEqual(['amanat', peer].sort())
    for (const operation of [
      'load',
      'open',
      'byId',
      'byIdAgain',
      'byPhone',
      'addP50',
      'changes',
      'expiry',
      'withdrawals',
      'exportAll',
    ])
      for (const name of ['amanat', peer]) expect(medians[name][operation], `${name} ${operation}`).toBeGreaterThan(0)
  }
  for (const { limits, costs } of results) {
    expect(limits).toHaveLength(6)
    for (const { limit, ms } of limits) expect(ms, limit).toBeGreaterThan(0)
    expect(costs.operations).toHaveLength(8)
    for (const { operation, ms } of costs.operations) expect(ms, operation).toBeGreaterThan(0)
  }
}, 180_000)

it('takes the middle of several, and the mean of the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
})
