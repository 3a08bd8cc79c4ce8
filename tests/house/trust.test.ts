/** How `npm run trust` is asked: what it can't do is said with what it can, and nothing is run. */
import { spawnSync } from 'node:child_process'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('../../scripts/trust.mjs', import.meta.url))
const trust = (...args: string[]) => spawnSync(execPath, [script, ...args], { encoding: 'utf8' })

test.each([
  ['a part that there is not', ['nothing'], 'There is no part called nothing.'],
  ['one that every object has', ['constructor', '--json'], 'There is no part called constructor.'],
  ['an option that there is not', ['vectors', '--nigthly'], '--nigthly'],
  ['an option with a value that it doesn’t take', ['--json=yes'], '--json'],
])('%s is told in words, with the parts that there are', (_, args, says) => {
  const { status, stdout, stderr } = trust(...args)
  expect(status).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain(says)
  expect(stderr).toMatch(/^ {2}vectors +\w/m)
  expect(stderr).not.toMatch(/^ +at /m)
})

test.each(['--help', '-h'])('%s is an answer and no mistake', asked => {
  const { status, stdout, stderr } = trust(asked)
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^ {2}simulation +\w/m)
})
