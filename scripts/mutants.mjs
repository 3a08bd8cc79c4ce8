// `node scripts/mutants.mjs [ROOM …] [--files GLOB,…] [--quick]`: breaks the code on purpose, one small change at a
// time, and counts how many of the changes a test notices; `--help` says how to look at one file. A room is a part of
// the code with the tests that are to guard it. Each, or each of its files, has a share of mutants that must be killed,
// a little below what was measured, so that untested code doesn't slip in; a file without one was not measured yet.
// What survives, and why that is right, stands in tests/mutants.md.
//
// Stryker works on a copy of the project in .cache, where its reports are too. `npm run trust -- mutants` is all rooms.
import { appendFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { argv, env } from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const cache = join(root, '.cache', 'mutants')
const { Stryker } = await import(pathToFileURL(createRequire(import.meta.url).resolve('@stryker-mutator/core')).href)

const VAULT = 'packages/vault'
const testsOf = (...folders) => folders.map(folder => `${VAULT}/test/${folder}/*.test.ts`)
// First the room's own tests, which are quick; then, for what they left alive, those that go through the whole vault.
const ROOMS = {
  crypto: {
    mutate: 'packages/crypto/src',
    tests: [['packages/crypto/test/!(slot|argon2).test.ts'], ['packages/crypto/test/{slot,argon2}.test.ts']],
    skipsStatic: true,
    least: 70,
  },
  rules: { mutate: `${VAULT}/src/rules`, tests: [testsOf('rules', 'consent'), testsOf('vault')], least: 95 },
  pages: {
    mutate: `${VAULT}/src/pages`,
    tests: [testsOf('pages'), testsOf('vault')],
    least: { 'page.ts': 97, 'ring.ts': 96, 'index.ts': 90, 'index-table.ts': 89, 'head.ts': 89 },
  },
  record: {
    mutate: `${VAULT}/src/record`,
    tests: [testsOf('record')],
    least: { 'cbor-read.ts': 77, 'cbor-write.ts': 87, 'copy.ts': 90, 'plain.ts': 83, 'record.ts': 100 },
  },
  commit: {
    mutate: `${VAULT}/src/commit`,
    tests: [testsOf('commit'), testsOf('vault'), testsOf('protocol')],
    least: {
      'cell.ts': 97,
      'commit.ts': 90,
      'tick.ts': 97,
      'tell-root.ts': 97,
      'ratchet.ts': 97,
      'rows.ts': 96,
      'root.ts': 96,
      'ring-root.ts': 92,
      'loses.ts': 94,
      'place-slices.ts': 96,
      'fingerprints.ts': 92,
      'head-slice.ts': 94,
      'opened.ts': 96,
      'fence.ts': 96,
      'overtaken.ts': 95,
    },
  },
}

const { values, positionals, mistake } = parsed()
const HELP = `node scripts/mutants.mjs [ROOM …] [--files GLOB,…] [--tests GLOB,…] [--quick] [--concurrency N]

Rooms: ${Object.keys(ROOMS).join(', ')}. Without one: all of them, which takes hours.

  --files        only these files of the room, or places in them: FILE.ts, FILE.ts:20-40
  --tests        these tests alone, in the place of the room's own
  --quick        the room's own tests alone: what they leave alive isn't tried against the slower ones
  --concurrency  how many mutants at a time (2)

One file, against the tests that are about it:
  node scripts/mutants.mjs commit --files ${VAULT}/src/commit/cell.ts --tests ${VAULT}/test/commit/cell.test.ts
The same as a part of trust, with its log and its figures:
  npm run trust -- mutants -- pages --quick --files ${VAULT}/src/pages/page.ts`
const ALIVE = new Set(['Survived', 'NoCoverage'])
const DEAD = new Set(['Killed', 'Timeout'])
const unknown = positionals.filter(name => !Object.hasOwn(ROOMS, name))
if (values.help || mistake || unknown.length > 0) {
  if (mistake) console.error(mistake)
  for (const name of unknown) console.error(`There is no room called ${name}.`)
  console[values.help ? 'log' : 'error'](HELP)
  process.exit(values.help ? 0 : 2)
}
/** A look at some places, or with some of the tests, proves nothing about a file, and one at some files nothing about a room. */
const partly = values.files?.includes(':') || values.tests !== undefined || values.quick === true

for (const room of positionals.length > 0 ? positionals : Object.keys(ROOMS)) {
  const results = await mutate(room, ROOMS[room])
  const { all, killed, share } = shareOf(results)
  const short = partly ? [] : tooFew(results, ROOMS[room].least)
  const enough = all > 0 && short.length === 0
  console.log(`${enough ? 'ok' : 'FAILED'}  ${room}: ${killed} of ${all} mutants killed, ${share.toFixed(1)} %`)
  for (const line of short) console.log(`  ${line}`)
  for (const result of results) if (ALIVE.has(result.status)) console.log(`  ${lineOf(result)}`)
  if (!enough) process.exitCode = 1
  const counted = { 'mutants killed': killed, mutants: all, [`of ${room} killed`]: killed, [`of ${room}`]: all }
  if (env.AMANAT_TRUST_FIGURES) {
    appendFileSync(env.AMANAT_TRUST_FIGURES, `${JSON.stringify({ part: 'mutants', counted })}\n`)
  }
}

/** A mistyped option is told like a mistyped name, and not by a stack trace. */
function parsed() {
  try {
    return parseArgs({
      args: argv.slice(2).filter(arg => arg !== '--'),
      allowPositionals: true,
      options: {
        files: { type: 'string' },
        tests: { type: 'string' },
        quick: { type: 'boolean' },
        concurrency: { type: 'string', default: '2' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    if (!String(error.code).startsWith('ERR_PARSE_ARGS')) throw error
    return { values: {}, positionals: [], mistake: error.message }
  }
}

async function mutate(room, { mutate, tests, skipsStatic = false }) {
  mkdirSync(cache, { recursive: true })
  const found = new Map()
  let files = values.files?.split(',') ?? [`${mutate}/**/*.ts`]
  const rounds = values.tests ? [values.tests.split(',')] : tests.slice(0, values.quick ? 1 : undefined)
  for (const [round, those] of rounds.entries()) {
    for (const result of await runOf(room, round + 1, files, those, skipsStatic)) {
      const known = found.get(nameOf(result))
      // A place may hold other mutants inside it, dead already.
      if (round === 0 || (known && ALIVE.has(known.status))) found.set(nameOf(result), result)
    }
    files = [...found.values()].filter(({ status }) => ALIVE.has(status)).map(placeOf)
    if (files.length === 0) break
  }
  return [...found.values()].filter(({ status }) => ALIVE.has(status) || DEAD.has(status))
}

function shareOf(results) {
  const killed = results.filter(({ status }) => DEAD.has(status)).length
  return { all: results.length, killed, share: results.length === 0 ? 0 : (100 * killed) / results.length }
}

/** Which parts of a room have less than they must: the room as a whole, or those of its files that were measured. */
function tooFew(results, least) {
  if (typeof least === 'number') {
    return values.files === undefined && shareOf(results).share < least ? [`at least ${least} % must be killed`] : []
  }
  return Object.entries(least).flatMap(([file, share]) => {
    const own = results.filter(({ fileName }) => fileName.endsWith(`/${file}`))
    return own.length > 0 && shareOf(own).share < share ? [`${file}: at least ${share} % must be killed`] : []
  })
}

async function runOf(room, round, files, tests, skipsStatic) {
  const name = `${room}-${round}`
  // For the vitest configuration, in the processes that Stryker starts.
  env.AMANAT_MUTANTS_TESTS = JSON.stringify(tests)
  return new Stryker({
    mutate: files,
    testRunner: 'vitest',
    vitest: { configFile: 'scripts/mutants-vitest.mjs', related: false },
    plugins: ['@stryker-mutator/vitest-runner'],
    coverageAnalysis: 'perTest',
    // What runs once, when a file is loaded, has to be tried against every test: hours where these are slow.
    ignoreStatic: skipsStatic,
    concurrency: Number(values.concurrency),
    tempDirName: '.cache/mutants/sandbox',
    ignorePatterns: ['.cache', 'dist', 'docs', 'examples', '.git'],
    reporters: ['json', 'html', 'progress-append-only'],
    jsonReporter: { fileName: join(cache, `${name}.json`) },
    htmlReporter: { fileName: join(cache, `${name}.html`) },
    // A mutant that never ends is killed; the machine may be busy. This much on top of what the tests take unbroken.
    timeoutMS: round === 1 ? 6_000 : 20_000,
    dryRunTimeoutMinutes: 60,
    disableTypeChecks: false,
    logLevel: 'warn',
    allowConsoleColors: false,
  }).runMutationTest()
}

function nameOf({ fileName, location: { start, end }, mutatorName, replacement }) {
  return JSON.stringify([fileName, start, end, mutatorName, replacement])
}

/** Where a mutant is, as Stryker's `mutate` takes it: lines from 1, columns from 0. */
function placeOf({ fileName, location: { start, end } }) {
  const file = fileName.slice(fileName.indexOf('packages/'))
  return `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`
}

function lineOf({ fileName, location, mutatorName, replacement, status }) {
  const place = `${fileName.slice(fileName.indexOf('packages/'))}:${location.start.line}:${location.start.column}`
  const missed = status === 'NoCoverage' ? ' (no test comes here)' : ''
  return `${place} ${mutatorName}${missed} -> ${replacement?.replaceAll(/\s+/g, ' ').slice(0, 100)}`
}
