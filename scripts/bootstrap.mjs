// From a fresh clone to something that runs, with nothing but Node and npm: installs what the lockfile
// names and, where asked, builds the packages (--build), the reference app with them (--app), and finds or gets a
// Chromium (--browser).
// What is done already is not done again, judged by content and not by dates, which a checkout changes.
// With --quiet nothing is printed unless something fails.
import { createHash } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { arch, argv, exit, platform, versions } from 'node:process'
import { fileURLToPath } from 'node:url'
import { pnpm } from './pnpm.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const APP = 'examples/app/package.json'
const asked = new Set(argv.slice(2))
const say = line => {
  if (!asked.has('--quiet')) console.error(line)
}

const [major = 0, minor = 0] = versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) fail(`This needs Node 20.19 or later; here is ${versions.node}.`)

install()
if (asked.has('--build') || asked.has('--app')) build()
if (asked.has('--browser')) await browser()

function install() {
  const stamp = join(root, 'node_modules', '.amanat-installed')
  const wanted = [platform, arch, major, digest([...manifests(), 'pnpm-lock.yaml', 'pnpm-workspace.yaml'])].join(' ')
  const there = manifests().every(
    path => !hasDependencies(path) || existsSync(join(root, dirname(path), 'node_modules')),
  )
  if (there && existsSync(join(root, 'node_modules', '.modules.yaml')) && read(stamp) === wanted) return
  say('Installing what the lockfile names (half a minute the first time) …')
  logged('install', ['install', '--frozen-lockfile'], 'The install failed.')
  writeFileSync(stamp, wanted)
}

function build() {
  const stamp = join(root, '.cache', 'built.json')
  mkdirSync(dirname(stamp), { recursive: true })
  const built = JSON.parse(read(stamp) ?? '{}')
  const packages = manifests()
    .filter(path => path.startsWith('packages/') || (path === APP && asked.has('--app')))
    .map(path => describe(path))
  const stale = new Set(packages.filter(one => built[one.name] !== one.digest || !existsSync(one.main)))
  // A package's types are made from those it builds on, so what stands on a stale one is stale too.
  for (let size = -1; size !== stale.size; ) {
    size = stale.size
    const names = new Set([...stale].map(one => one.name))
    for (const one of packages) if (one.needs.some(name => names.has(name))) stale.add(one)
  }
  if (stale.size === 0) return
  say(`Building ${stale.size === packages.length ? 'everything' : [...stale].map(one => one.name).join(', ')} …`)
  // Forgotten first: a build that fails half-way leaves a dist that nothing vouches for.
  for (const one of stale) delete built[one.name]
  writeFileSync(stamp, JSON.stringify(built, undefined, 2))
  const filters = [...stale].flatMap(one => ['--filter', one.name])
  logged('build', ['-r', ...filters, 'run', 'build'], 'The build failed.')
  for (const one of stale) built[one.name] = one.digest
  writeFileSync(stamp, JSON.stringify(built, undefined, 2))
}

async function browser() {
  // Imported only now: it needs what the install brought.
  const { ensureChromium } = await import('./chromium.mjs')
  try {
    await ensureChromium({ say })
  } catch (error) {
    fail(error.message)
  }
}

/** Every package.json of the workspace, as a path from the root. */
function manifests() {
  const inside = ['packages', 'examples'].flatMap(folder =>
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map(name => `${folder}/${name}`) : [],
  )
  return ['', ...inside.sort(), 'tests']
    .map(folder => (folder ? `${folder}/package.json` : 'package.json'))
    .filter(path => existsSync(join(root, path)))
}

function hasDependencies(path) {
  const { dependencies, devDependencies } = JSON.parse(read(join(root, path)))
  return Object.keys({ ...dependencies, ...devDependencies }).length > 0
}

function describe(path) {
  const folder = dirname(path)
  const manifest = JSON.parse(read(join(root, path)))
  return {
    name: manifest.name,
    main: join(root, folder, manifest.main ?? Object.values(manifest.bin ?? {})[0] ?? 'dist/index.html'),
    needs: Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }),
    digest: digest([
      path,
      'tsconfig.base.json',
      'pnpm-lock.yaml',
      `${folder}/tsup.config.ts`,
      `${folder}/vite.config.ts`,
      `${folder}/index.html`,
      ...under(`${folder}/src`),
      ...under(`${folder}/public`),
    ]),
  }
}

/** Every file in this folder and below it, as paths from the root. */
function under(folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => (entry.isDirectory() ? under(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]))
}

function digest(paths) {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(`${path}\0${read(join(root, path)) ?? ''}\0`)
  return hash.digest('hex')
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Runs pnpm with its output kept in a file, which is shown only when it fails. */
function logged(name, args, sentence) {
  mkdirSync(join(root, '.cache'), { recursive: true })
  const path = join(root, '.cache', `${name}.log`)
  const log = openSync(path, 'w')
  const code = pnpm(args, { stdio: ['ignore', log, log] })
  closeSync(log)
  if (code !== 0) fail(`${read(path)}\n${sentence}`)
}

function fail(sentence) {
  console.error(sentence)
  exit(1)
}
