// `npm run bench`: the vault beside its peers in one run, round by round, in an order that turns with each round, each in a folder
// or on an origin of its own, loading in one launch and all the rest in another. Prints medians and ratios: not how fast this
// machine is, but how the candidates stand to each other on it. Under each table: what this machine can't go below, measured in the
// same run, and what consent, ledger and forgetting cost. A peer that can't be built or run is named, with why.
import { cpus, totalmem } from 'node:os'
import { argv, exit } from 'node:process'
import { parseArgs } from 'node:util'
import { browserPlace } from './browser/place.mjs'
import { diskPlace } from './disk/place.mjs'
import { batchOf, FEW } from './operations.mjs'
import { installPeers } from './peers.mjs'
import { costsFrom, costTableOf, limitLinesOf, limitsFrom, mediansOf, tableOf } from './table.mjs'

const HELP = `npm run bench [-- OPTIONS]

  --quick            1,000 contacts, one round, only who is there without installing: to see that the benchmark works
  --full             also 1,000,000 contacts on disk, and the slow peers (Evolu, RxDB, PouchDB, dexie-encrypted) at 100,000
  --disk, --browser  only there
  --only NAME        this peer beside the vault (again for more)
  --count N          this many contacts
  --rounds N         this many rounds
  --json             one JSON value instead of tables`
const asked = optionsFrom(argv.slice(2))

function optionsFrom(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        quick: { type: 'boolean' },
        full: { type: 'boolean' },
        disk: { type: 'boolean' },
        browser: { type: 'boolean' },
        json: { type: 'boolean' },
        only: { type: 'string', multiple: true },
        count: { type: 'string' },
        rounds: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (!values.help) return values
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`)
    exit(2)
  }
  console.error(HELP)
  exit(0)
}

const OWN = 'amanat'
/** Minutes a round at 100,000: measured there only when all is asked for. */
const SLOW = ['rxdb + crypto-js', 'pouchdb + crypto-pouch', 'dexie-encrypted', 'evolu']
const LARGE = 100_000
const say = line => console.error(line)

const peers = installPeers({ say, install: !asked.quick })
const places = [diskPlace, browserPlace].filter(
  place => asked.disk === asked.browser || (place === diskPlace ? asked.disk : asked.browser),
)
/** A peer that can't be built or run, and why. */
const notMeasured = []
/** Of the vault itself. */
const failures = []
const results = []
for (const place of places) {
  const wanted = place.names.filter(name => name === OWN || !asked.only || asked.only.includes(name))
  const lacks = name => place.needs[name]?.find(need => peers[need]?.missing)
  const broken = await place.begin([...wanted.filter(name => !lacks(name)), 'limits'])
  const reasonFor = name => (lacks(name) ? `${lacks(name)}: ${peers[lacks(name)].missing}` : broken[name])
  for (const name of [...wanted, 'limits'].filter(reasonFor)) leftOut(place, name, reasonFor(name))
  const there = wanted.filter(name => !reasonFor(name))
  for (const count of countsFor(place)) {
    const names = there.filter(name => count < LARGE || asked.full || asked.only || !SLOW.includes(name))
    const rounds = Number(asked.rounds ?? (asked.quick || count > LARGE ? 1 : 5))
    results.push({
      where: place.words,
      count,
      rounds,
      batch: batchOf(count),
      ...(await measured(place, names, count, rounds)),
    })
  }
  await place.end()
}
tell()
exit(failures.length > 0 ? 1 : 0)

function leftOut(place, name, reason) {
  const line = `${name}, ${place.words.toLowerCase()}: ${reason}`
  const list = name === OWN ? failures : notMeasured
  if (!list.includes(line)) list.push(line)
}

function countsFor(place) {
  if (asked.count) return [Number(asked.count)]
  if (asked.quick) return [1000]
  return [1000, 10_000, LARGE, ...(asked.full && place === diskPlace ? [1_000_000] : [])]
}

async function measured(place, names, count, rounds) {
  const found = Object.fromEntries(names.map(name => [name, []]))
  const limits = []
  const costs = []
  // Minutes for what takes seconds: whoever isn't done by then hangs.
  const patience = 120_000 + count * 30
  const broken = new Set()
  const few = asked.quick ? { samples: FEW } : {}
  const attempt = async (name, round, calls, take) => {
    if (broken.has(name)) return
    try {
      take(
        await place.run(
          name,
          calls.map(call => ({ count, seed: 1, round, ...few, ...call })),
          patience,
        ),
      )
    } catch (error) {
      broken.add(name)
      leftOut(place, name, `with ${count.toLocaleString('en')}: ${String(error.message).split('\n')[0]}`)
    }
    say(`${place.words} · ${count} · round ${round + 1} of ${rounds} · ${name}`)
  }
  let sizes
  for (let round = 0; round < rounds; round++) {
    const turn = round % names.length
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) {
      await attempt(name, round, [{ phase: 'load' }, { phase: 'work' }], ([load, work]) => {
        found[name].push({ ...work, times: { ...load.times, ...work.times } })
        sizes = work.parts.written ?? sizes
      })
    }
    await attempt('limits', round, [{ phase: 'limits', sizes }], ([one]) => limits.push(one))
    await attempt(OWN, round, [{ phase: 'costs' }], ([one]) => costs.push(one))
  }
  return {
    medians: mediansOf(Object.fromEntries(Object.entries(found).filter(([, runs]) => runs.length > 0))),
    limits: limitsFrom(limits),
    costs: { people: costs[0]?.people ?? 0, operations: costsFrom(costs.map(one => one.costs)) },
  }
}

function tell() {
  const machine = {
    node: process.version,
    cpu: cpus()[0]?.model.trim(),
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
  }
  if (asked.json) {
    console.log(JSON.stringify({ machine, peers, notMeasured, failures, results }, undefined, 2))
    return
  }
  console.log(`Node ${machine.node}, ${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB`)
  for (const { where, count, rounds, batch, medians, limits, costs } of results) {
    const many = count.toLocaleString('en')
    console.log(`\n${where}, ${many} contacts, medians of ${rounds}; batches and look-ups of ${batch}\n`)
    console.log(tableOf(medians, OWN))
    console.log(`\nLimits of this machine, in the same run:\n\n${limitLinesOf(limits)}\n`)
    console.log(
      `What consent, ledger and forgetting cost, in a vault of ${costs.people.toLocaleString('en')}, medians in ms:\n`,
    )
    console.log(costTableOf(costs.operations))
  }
  for (const one of notMeasured) console.log(`\nNot measured: ${one}`)
  for (const failure of failures) console.log(`\nFailed: ${failure}`)
}
