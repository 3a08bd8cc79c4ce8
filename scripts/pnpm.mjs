// The bridge from npm to pnpm: the pinned pnpm, without corepack and without a global install.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

const { packageManager } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const version = packageManager.split('@')[1]
const shell = process.platform === 'win32'

/** Runs pnpm with these arguments in this folder's parent; answers its exit code. */
export function pnpm(args, { stdio = 'inherit' } = {}) {
  // Asked outside the checkout, where no pin can make pnpm switch versions.
  const found = spawnSync('pnpm', ['--version'], {
    encoding: 'utf8',
    shell,
    cwd: fileURLToPath(new URL('/', import.meta.url)),
  })
  const own = found.status === 0 && found.stdout.trim() === version
  const [command, before] = own ? ['pnpm', []] : ['npm', ['exec', '--yes', `--package=pnpm@${version}`, '--', 'pnpm']]
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  return spawnSync(command, [...before, ...args], { stdio, shell, cwd }).status ?? 1
}

if (argv[1] === fileURLToPath(import.meta.url)) process.exit(pnpm(argv.slice(2)))
