// `npm run trust [-- NAME …] [--nightly] [--json] [-- …]`: runs the parts that show that nothing acknowledged is lost and
// nothing forgotten comes back, and prints what each has tried. The normal sizes are part of `npm test` too; the
// large ones take hours. A part is a set of test files; its figures are counted by the tests themselves
// (tests/trust/figures.ts), so a part whose tests did nothing has nothing to print, and has failed.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { argv, env, execPath, hrtime, stdout } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { binOf } from './bin-of.mjs'
import { PARTS } from './trust-parts.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const cache = join(root, '.cache')
mkdirSync(cache, { recursive: true })

// pnpm hands its own `--` on, npm doesn't; a later one begins what is for the part itself.
const args = argv.slice(argv[2] === '--' ? 3 : 2)
const own = args.includes('--') ? args.slice(args.indexOf('--') + 1) : []
const { values, positionals, mistake } = parsed()
const unknown = positionals.filter(name => !Object.hasOwn(PARTS, name))
if (values.help || mistake || unknown.length > 0) {
  const say = values.help ? console.log : console.error
  if (mistake) say(mistake)
  for (const name of unknown) say(`There is no part called ${name}.`)
  say('npm run trust [-- NAME …] [--nightly] [--json] [-- what the part takes itself]\n')
  for (const [name, { what }] of Object.entries(PARTS)) say(`  ${name.padEnd(12)}${what}`)
  process.exit(values.help ? 0 : 2)
}

const names =
  positionals.length > 0 ? positionals : Object.keys(PARTS).filter(name => values.nightly || !PARTS[name].nightly)
const report = {}
for (const name of names) {
  if (!values.json) stdout.write(name.padEnd(14))
  report[name] = run(name)
  if (!values.json) console.log(lineOf(report[name]))
}
const failed = names.filter(name => !report[name].ok)
if (values.json) console.log(JSON.stringify({ sizes: values.nightly ? 'nightly' : 'normal', parts: report }))
else if (names.length > 1) {
  const seconds = Object.values(report).reduce((sum, part) => sum + part.seconds, 0)
  const ended = failed.length > 0 ? `failed: ${failed.join(', ')}` : `all ${names.length} parts held`
  console.log(
    `${'in all'.padEnd(14)}${failed.length > 0 ? 'FAILED' : 'ok'} ${`${seconds.toFixed(1)} s`.padStart(9)}  ${ended}`,
  )
}
process.exitCode = failed.length > 0 ? 1 : 0

/** A mistyped option is told like a mistyped name, and not by a stack trace. */
function parsed() {
  try {
    return parseArgs({
      args: args.includes('--') ? args.slice(0, args.indexOf('--')) : args,
      allowPositionals: true,
      options: { nightly: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    })
  } catch (error) {
    if (!String(error.code).startsWith('ERR_PARSE_ARGS')) throw error
    return { values: {}, positionals: [], mistake: error.message }
  }
}

function run(name) {
  const figuresFile = join(cache, `trust-${name}.jsonl`)
  const log = join(cache, `trust-${name}.log`)
  rmSync(figuresFile, { force: true })
  const { files = [], command, projects = ['node*'] } = PARTS[name]
  const vitest = [
    binOf('vitest'),
    'run',
    '--passWithNoTests=false',
    ...projects.flatMap(project => ['--project', project]),
    ...(values.nightly ? ['--testTimeout=21600000', '--hookTimeout=21600000'] : []),
    ...files,
  ]
  const start = hrtime.bigint()
  const { status } = spawnSync(
    '/bin/sh',
    ['-c', 'exec "$0" "$@" >"$TRUST_LOG" 2>&1', execPath, ...(command ?? vitest), ...own],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...env,
        NO_COLOR: '1',
        FORCE_COLOR: undefined,
        TRUST_LOG: log,
        AMANAT_TRUST: values.nightly ? 'nightly' : 'normal',
        AMANAT_TRUST_FIGURES: figuresFile,
      },
    },
  )
  const seconds = Number(hrtime.bigint() - start) / 1e9
  const counted = sumOf(figuresFile)
  const ok = status === 0 && Object.keys(counted).length > 0
  // What it printed, and then its line with its name again.
  if (!ok && !values.json) stdout.write(`\n${readFileSync(log, 'utf8')}\n${name.padEnd(14)}`)
  return { ok, seconds: Math.round(seconds * 10) / 10, ...counted, ...(ok ? {} : { log }) }
}

function sumOf(file) {
  const sum = {}
  if (!existsSync(file)) return sum
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (!line) continue
    for (const [what, count] of Object.entries(JSON.parse(line).counted)) sum[what] = (sum[what] ?? 0) + count
  }
  return sum
}

function lineOf({ ok, seconds, log, ...counted }) {
  const figures = Object.entries(counted).map(([what, count]) => `${count.toLocaleString('en')} ${what}`)
  return `${ok ? 'ok' : 'FAILED'} ${`${seconds.toFixed(1)} s`.padStart(9)}  ${figures.join(' · ')}`
}
