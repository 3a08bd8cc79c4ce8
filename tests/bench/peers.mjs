// Packages that only the benchmark needs lie outside of the workspace: installed here when they are first asked for, at the
// versions that peers/package.json names. One that can't be installed or loaded is named in the table, not dropped.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
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
    cpSync(manifest, join(PEERS, 'package.json'))
    // One at a time: what can't be built here must not take the others along.
    for (const [name, version] of Object.entries(dependencies)) {
      spawnSync(
        'npm',
        [
          'install',
          '--no-save',
          '--no-audit',
          '--no-fund',
          '--legacy-peer-deps',
          '--foreground-scripts',
          `${name}@${version}`,
        ],
        {
          cwd: PEERS,
          stdio: 'ignore',
          shell: process.platform === 'win32',
        },
      )
    }
    writeFileSync(stamp, wanted)
  }
  return Object.fromEntries(Object.keys(dependencies).map(name => [name, stateOf(name)]))
}

function stateOf(name) {
  try {
    const require = createRequire(join(PEERS, 'package.json'))
    const { version } = JSON.parse(readFileSync(join(PEERS, 'node_modules', name, 'package.json'), 'utf8'))
    // A native one may be there without its binary.
    if (name.startsWith('better-sqlite3')) new (require(name))(':memory:').close()
    return { version }
  } catch (error) {
    return { missing: error.code === 'ENOENT' ? 'it could not be installed' : String(error.message).split('\n')[0] }
  }
}
