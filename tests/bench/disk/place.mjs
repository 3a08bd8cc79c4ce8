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
  names: Object.keys(DISK),
  /** What each needs that is installed for the benchmark alone. */
  needs: {
    'leveldb + secretbox': ['classic-level'],
    sqlite: ['better-sqlite3-multiple-ciphers'],
    sqlcipher: ['better-sqlite3-multiple-ciphers'],
    'sqlite + chacha20': ['better-sqlite3-multiple-ciphers'],
  },
  async begin() {},
  async run(name, count, round) {
    const folder = mkdtempSync(join(tmpdir(), 'amanat-bench-'))
    try {
      const load = launch(name, 'load', join(folder, 'it'), count, round)
      return [load, launch(name, 'work', join(folder, 'it'), count, round)]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
  async end() {},
}

function launch(name, phase, folder, count, round) {
  const { status, stdout, stderr } = spawnSync(
    execPath,
    [
      '--expose-gc',
      '--max-old-space-size=8192',
      launcher,
      name,
      phase,
      folder,
      PEERS,
      String(count),
      '1',
      String(round),
    ],
    { encoding: 'utf8', maxBuffer: 1e8 },
  )
  if (status === 0) return JSON.parse(stdout)
  throw new Error(`${phase}: ${stderr.split('\n').find(line => /Error/.test(line)) ?? stderr.slice(0, 300)}`)
}
