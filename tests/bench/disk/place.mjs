// Measuring on disk: a folder for each candidate and round, a process for loading and another one for the rest.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { PEERS } from '../peers.mjs'
import { DISK } from './candidates.mjs'

const launcher = fileURLToPath(new URL('./launch.mjs', import.meta.url))

export const diskPlace = {
  words: 'On disk',
  names: Object.keys(DISK).filter(name => name !== 'limits'),
  /** What each needs that is installed for the benchmark alone. */
  needs: {
    'leveldb + secretbox': ['classic-level'],
    sqlite: ['better-sqlite3-multiple-ciphers'],
    sqlcipher: ['better-sqlite3-multiple-ciphers'],
    'sqlite + chacha20': ['better-sqlite3-multiple-ciphers'],
  },
  /** Nothing has to be built. */
  begin: async () => ({}),
  async run(name, calls, patience) {
    const folder = mkdtempSync(join(tmpdir(), 'amanat-bench-'))
    try {
      return calls.map(call => launch(name, join(folder, 'it'), call, patience))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
  async end() {},
}

function launch(name, folder, call, patience) {
  const { status, error, stdout, stderr } = spawnSync(
    execPath,
    ['--expose-gc', '--max-old-space-size=8192', launcher, name, folder, PEERS, JSON.stringify(call)],
    { encoding: 'utf8', maxBuffer: 1e8, timeout: patience },
  )
  if (status === 0) return JSON.parse(stdout)
  if (error?.code === 'ETIMEDOUT')
    throw new Error(`${call.phase}: no end after ${Math.round(patience / 60_000)} minutes`)
  throw new Error(`${call.phase}: ${stderr.split('\n').find(line => /Error/.test(line)) ?? stderr.slice(0, 300)}`)
}
