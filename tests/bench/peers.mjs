// Packages that only the benchmark needs lie outside of the workspace: installed here when they are first asked for, at the
// versions that peers/package.json names. One that can't be installed or loaded is named in the table, not dropped.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const manifest = fileURLToPath(new URL('./peers/package.json', import.meta.url))
export const PEERS = join(root, '.cache', 'bench-peers')

/** @returns by package name, its version or why it isn't there */
export function installPeers({ say, install = true }) {
  mkdirSync(PEERS, { recursive: true })
  const wanted = readFileSync(manifest, 'utf8')
  const stamp = join(PEERS, 'installed.json')
  const { dependencies } = JSON.parse(wanted)
  if (install && (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted)) {
    say('Installing what is measured beside the vault (minutes, where a native one has to be compiled) …')
    // The manifest there names only who is there: one that names everybody would have all of them installed with the first.
    const there = Object.entries(dependencies).filter(([name, version]) => versionOf(name) === version)
    const present = { name: 'amanat-bench-peers', private: true, dependencies: Object.fromEntries(there) }
    writeFileSync(join(PEERS, 'package.json'), JSON.stringify(present))
    for (const [name, version] of Object.entries(dependencies)) {
      if (versionOf(name) !== version) installOne(`${name}@${version}`)
    }
    writeFileSync(stamp, wanted)
  }
  return Object.fromEntries(Object.keys(dependencies).map(name => [name, stateOf(name)]))
}

/** One at a time: what can't be built here must not take the others along. Ranges of peers are older than what they run with. */
function installOne(spec) {
  spawnSync(
    'npm',
    ['install', '--save-exact', '--no-audit', '--no-fund', '--legacy-peer-deps', '--foreground-scripts', spec],
    { cwd: PEERS, stdio: 'ignore', shell: process.platform === 'win32' },
  )
}

function versionOf(name) {
  try {
    return JSON.parse(readFileSync(join(PEERS, 'node_modules', name, 'package.json'), 'utf8')).version
  } catch {
    return undefined
  }
}

function stateOf(name) {
  const version = versionOf(name)
  if (version === undefined)
    return { missing: 'it could not be installed (without .cache/bench-peers/installed.json it is tried again)' }
  try {
    // A native one may be there without its binary.
    const require = createRequire(join(PEERS, 'package.json'))
    if (name.startsWith('better-sqlite3')) new (require(name))(':memory:').close()
    if (name === 'classic-level') require(name)
    return { version }
  } catch (error) {
    return { missing: String(error.message).split('\n')[0] }
  }
}
