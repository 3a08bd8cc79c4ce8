// One candidate, one launch: `node launch.mjs CANDIDATE FOLDER PEERS CALL`, the call as JSON, and one JSON value.
import { argv } from 'node:process'
import { loadAll, workThrough } from '../operations.mjs'
import { DISK, peersFrom } from './candidates.mjs'

const [name, folder, peers, call] = argv.slice(2)
const { phase, count, seed, round, ...more } = JSON.parse(call)
const candidate = DISK[name](folder, peersFrom(peers))
const phases = { load: () => loadAll(candidate, count, seed), work: () => workThrough(candidate, count, seed, round) }
const result = await (phases[phase]?.() ?? candidate[phase]({ count, seed, round, ...more }))
console.log(JSON.stringify(result))
