// One candidate, one launch: `node launch.mjs CANDIDATE FOLDER PEERS CALL`, the call as JSON, and one JSON value.
import { argv } from 'node:process'
import { loadAll, workThrough } from '../operations.mjs'
import { DISK, peersFrom } from './candidates.mjs'

const [name, folder, peers, call] = argv.slice(2)
const { phase, ...how } = JSON.parse(call)
const candidate = DISK[name](folder, peersFrom(peers))
const phases = { load: () => loadAll(candidate, how), work: () => workThrough(candidate, how) }
console.log(JSON.stringify(await (phases[phase]?.() ?? candidate[phase](how))))
