import { spawnSync } from 'node:child_process'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

// All of it takes hours and runs seldom: that it still runs is looked at here, in one place of one file.
test('breaking the code on purpose works, and a test notices', () => {
  const where = 'packages/vault/src/commit/ratchet.ts:16-16'
  const { stdout, stderr, status } = spawnSync(
    execPath,
    ['scripts/mutants.mjs', 'commit', '--files', where, '--tests', 'packages/vault/test/commit/ratchet.test.ts'],
    { cwd: root, encoding: 'utf8' },
  )
  expect(stderr).not.toMatch(/Error/)
  expect(stdout).toMatch(/^ok {2}commit: (\d+) of \1 mutants killed, 100\.0 %$/m)
  expect(status).toBe(0)
}, 300_000)
