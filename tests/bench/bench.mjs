// `npm run bench`: the vault beside its peers in one run, round by round, in an order that turns with each round, each in a folder
// of its own, loading in one process and all the rest in another. Prints medians and ratios; measures nothing of how fast this
// machine is, only of how the candidates stand to each other on it.
//
//   --quick      1,000 contacts, one round, only who is there without installing: to see that the benchmark works
//   --full       a million contacts on disk too
//   --only NAME  one candidate beside the vault (again for more)
//   --count N    this many contacts only; --rounds N
//   --json       one JSON value instead of tables
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { argv, execPath, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { DISK } from './disk/candidates.mjs'
import { batchOf } from './operations.mjs'
import { installPeers, PEERS } from './peers.mjs'
import { mediansOf, tableOf } from './table.mjs'

const { values: asked } = parseArgs({
  args: argv.slice(2),
  options: {
    quick: { type: 'boolean' },
    full: { type: 'boolean' },
    json: { type: 'boolean' },
    only: { type: 'string', multiple: true },
    count: { type: 'string' },
    rounds: { type: 'string' },
  },
})
const say = line => console.error(line)
const launcher = fileURLToPath(new URL('./disk/launch.mjs', import.meta.url))
/** What each candidate needs that is installed for the benchmark alone. */
const NEEDS = {
  'leveldb + secretbox': 'classic-level',
  sqlite: 'better-sqlite3-multiple-ciphers',
  sqlcipher: 'better-sqlite3-multiple-ciphers',
  'sqlite + chacha20': 'better-sqlite3-multiple-ciphers',
}

const peers = installPeers({ say, install: !asked.quick })
const missing = {}
const candidates = Object.keys(DISK).filter(name => {
  if (asked.only && name !== 'amanat' && !asked.only.includes(name)) return false
  const state = peers[NEEDS[name]]
  if (state?.missing) missing[name] = state.missing
  return !state?.missing
})
const counts = asked.count
  ? [Number(asked.count)]
  : asked.quick
    ? [1000]
    : [1000, 10_000, 100_000, ...(asked.full ? [1_000_000] : [])]
const failures = []
const results = {}
for (const count of counts) {
  const rounds = Number(asked.rounds ?? (asked.quick ? 1 : count > 100_000 ? 1 : 5))
  results[count] = { rounds, medians: mediansOf(runAll(count, rounds)), batch: batchOf(count) }
}
const machine = {
  node: process.version,
  cpu: cpus()[0]?.model.trim(),
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
}
if (asked.json) {
  console.log(JSON.stringify({ machine, peers, missing, failures, disk: results }, undefined, 2))
} else {
  console.log(`Node ${machine.node}, ${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB`)
  for (const [count, { rounds, medians, batch }] of Object.entries(results)) {
    console.log(
      `\nOn disk, ${Number(count).toLocaleString('en')} contacts, medians of ${rounds}; batches and look-ups of ${batch}\n`,
    )
    console.log(tableOf(medians))
  }
  for (const [name, why] of Object.entries(missing)) console.log(`\nNot measured: ${name} (${why})`)
  for (const failure of failures) console.log(`\nFailed: ${failure}`)
}
exit(failures.length > 0 ? 1 : 0)

function runAll(count, rounds) {
  const found = Object.fromEntries(candidates.map(name => [name, []]))
  for (let round = 0; round < rounds; round++) {
    const turn = round % candidates.length
    for (const name of [...candidates.slice(turn), ...candidates.slice(0, turn)]) {
      const folder = mkdtempSync(join(tmpdir(), 'amanat-bench-'))
      const load = launch(name, 'load', join(folder, 'it'), count, round)
      const work = load && launch(name, 'work', join(folder, 'it'), count, round)
      if (work) found[name].push({ ...work, times: { ...load.times, ...work.times } })
      rmSync(folder, { recursive: true, force: true })
      say(`${count} · round ${round + 1} of ${rounds} · ${name}`)
    }
  }
  return found
}

function launch(name, phase, folder, count, round) {
  const heap = ['--expose-gc', '--max-old-space-size=8192']
  const { status, stdout, stderr } = spawnSync(
    execPath,
    [...heap, launcher, name, phase, folder, PEERS, String(count), '1', String(round)],
    { encoding: 'utf8', maxBuffer: 1e8 },
  )
  if (status === 0) return JSON.parse(stdout)
  failures.push(
    `${name}, ${phase}, ${count}: ${stderr.split('\n').find(line => /Error/.test(line)) ?? stderr.slice(0, 300)}`,
  )
  return undefined
}
