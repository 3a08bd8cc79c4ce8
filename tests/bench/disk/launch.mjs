// One candidate, one launch: `node launch.mjs CANDIDATE load|work FOLDER PEERS COUNT SEED ROUND`, and one JSON value.
import { argv } from 'node:process'
import { loadAll, workThrough } from '../operations.mjs'
import { DISK, peersFrom } from './candidates.mjs'

const [name, phase, folder, peers, count, seed, round] = argv.slice(2)
const candidate = DISK[name](folder, peersFrom(peers))
const result =
  phase === 'load'
    ? await loadAll(candidate, Number(count), Number(seed))
    : await workThrough(candidate, Number(count), Number(seed), Number(round))
console.log(JSON.stringify(result))
