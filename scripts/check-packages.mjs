// Packs each package as it would be published and looks at the tarball with the eyes of those who install it: publint
// for what the manifest promises, Are The Types Wrong for what TypeScript finds, under Node's own resolution.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { binOf } from './bin-of.mjs'
import { pnpm } from './pnpm.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const packed = join(root, '.cache', 'packed')
rmSync(packed, { recursive: true, force: true })
mkdirSync(packed, { recursive: true })

if (pnpm(['-r', '--filter', './packages/*', 'pack', '--pack-destination', packed]) !== 0)
  throw new Error('pnpm could not pack the packages.')

const tarballs = readdirSync(packed).map(name => join(packed, name))
const names = readdirSync(join(root, 'packages'))
if (tarballs.length !== names.length) throw new Error(`${names.length} packages, and ${tarballs.length} packed.`)

let failed = 0
const look = (...args) => {
  if (spawnSync(execPath, args, { cwd: root, stdio: 'inherit' }).status !== 0) failed++
}
for (const tarball of tarballs) {
  look(binOf('publint'), 'run', '--strict', tarball)
  // A command has no types to be wrong.
  if (!isCommand(tarball)) look(binOf('@arethetypeswrong/cli'), '--profile', 'node16', tarball)
}
process.exitCode = failed > 0 ? 1 : 0

function isCommand(tarball) {
  const name = names.find(one => tarball.includes(`amanat-${one}-`))
  return JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')).bin !== undefined
}
