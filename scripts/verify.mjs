// Everything that has to hold, one line a step. What a step printed is kept in .cache/<step>.log and shown only when
// the step fails. All steps run, whatever failed before them, but for those that look at a build that isn't there.
// The last line counts: each test of vitest, and each other step, as one.
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { env, execPath, hrtime, stdout } from 'node:process'
import { fileURLToPath } from 'node:url'
import { binOf } from './bin-of.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const cache = join(root, '.cache')
const report = join(cache, 'vitest.json')
mkdirSync(cache, { recursive: true })
rmSync(report, { force: true })

let passed = 0
let failed = 0

step('lint', [binOf('@biomejs/biome'), 'check', '.'])
step('directions', ['scripts/check-directions.mjs'])
const built = step('build', ['scripts/bootstrap.mjs', '--build', '--app'])
step('types', ['scripts/check-types.mjs'], built)
step(
  'tests',
  [binOf('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  true,
  countTests,
)
step('packages', ['scripts/check-packages.mjs'], built)
step('size', [binOf('size-limit')], built)

console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

function step(name, command, possible = true, count = countOne) {
  stdout.write(`${name.padEnd(12)}`)
  if (!possible) {
    console.log('not run: there is no build')
    return false
  }
  const path = join(cache, `${name}.log`)
  const log = openSync(path, 'w')
  const start = hrtime.bigint()
  const { status } = spawnSync(execPath, command, {
    cwd: root,
    stdio: ['ignore', log, log],
    env: { ...env, NO_COLOR: '1', FORCE_COLOR: undefined },
  })
  closeSync(log)
  const seconds = (Number(hrtime.bigint() - start) / 1e9).toFixed(1)
  console.log(`${status === 0 ? 'ok' : 'FAILED'} ${`${seconds} s`.padStart(8)}`)
  const output = readFileSync(path, 'utf8')
  if (status !== 0) console.log(output)
  count(status === 0, output)
  return status === 0
}

function countOne(ok) {
  if (ok) passed++
  else failed++
}

function countTests(ok, output) {
  if (ok)
    for (const line of output.split('\n')) if (/^\s*(?:Test Files|Tests|Duration) {2}/.test(line)) console.log(line)
  if (!existsSync(report)) return countOne(false)
  const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
  // A file that can't even be loaded has no tests that fail, and an error outside any test belongs to none.
  const failures = testResults.map(({ status, assertionResults }) => {
    const wrong = assertionResults.filter(test => test.status === 'failed').length
    return status === 'failed' && wrong === 0 ? 1 : wrong
  })
  const sum = failures.reduce((total, more) => total + more, 0)
  passed += numPassedTests
  failed += !ok && sum === 0 ? 1 : sum
}
