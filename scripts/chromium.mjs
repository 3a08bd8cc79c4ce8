// Finds a Chromium that really runs, or gets one. Used by vitest (browser tests), Playwright
// (end-to-end tests) and the bootstrap. That a file exists proves little: a Chromium can lack a
// system library, or start and then die at its first letter. So each candidate has to open a page and
// draw a Persian word before it counts, and the one that did is remembered in .cache/chromium/launch.json.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { arch, argv, env, execPath, getuid, platform } from 'node:process'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const cache = fileURLToPath(new URL('../.cache/chromium', import.meta.url))
const remembered = join(cache, 'launch.json')

// A Chromium as an npm package: for Linux on x64, with the libraries that a bare machine lacks.
const NPM_CHROMIUM = '@sparticuz/chromium@153.0.0'

/**
 * Of a window nobody sees, what Chromium makes ready for whoever types an address: pages of its own, loaded with each
 * window, that cost as much as most of the pages a test opens.
 */
const UNSEEN = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup', 'PreloadTopChromeWebUI']

/** What Playwright switches off: Chromium goes by the last such list alone, and ours comes after its own. */
const OFF_FOR_PLAYWRIGHT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
]

const FLAGS = [
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  `--disable-features=${[...OFF_FOR_PLAYWRIGHT, ...UNSEEN].join()}`,
]

/** Launch options for the Chromium found last; never probes, never throws. */
export function chromiumLaunch() {
  const known = env.CHROME_PATH ? { executablePath: env.CHROME_PATH } : (recall() ?? candidates()[0])
  return launchOptions(known ?? {})
}

/**
 * Makes sure that there is a Chromium which runs, and answers where it lies.
 * @throws Error with one sentence for a person when there is none and none could be fetched.
 */
export async function ensureChromium({ say = () => {} } = {}) {
  if (env.CHROME_PATH) {
    const problem = existsSync(env.CHROME_PATH)
      ? await probe({ executablePath: env.CHROME_PATH })
      : 'there is no such file'
    if (problem)
      throw new Error(`CHROME_PATH names ${env.CHROME_PATH}, which is of no use: ${problem}. Correct or unset it.`)
    return env.CHROME_PATH
  }
  const tried = []
  const works = async candidate => {
    const problem = await probe(candidate)
    if (problem) tried.push(`${candidate.executablePath}: ${problem}`)
    else remember(candidate)
    return !problem
  }
  for (const candidate of candidates()) if (await works(candidate)) return candidate.executablePath
  for (const { name, get } of sources()) {
    say(`No Chromium that runs here yet: getting one ${name}.`)
    const candidate = get()
    if (candidate && (await works(candidate))) return candidate.executablePath
  }
  const why = tried.length > 0 ? ` Tried:\n${tried.map(line => `  ${line}`).join('\n')}` : ''
  throw new Error(`The browser tests need a Chromium. Install one, or set CHROME_PATH to one.${why}`)
}

function launchOptions({ executablePath, env: extra }) {
  return {
    ...(executablePath ? { executablePath } : {}),
    // Playwright gives the browser this environment instead of its own, not in addition.
    ...(extra ? { env: { ...env, ...extra } } : {}),
    // Chromium's sandbox refuses to start as root, and where user namespaces are switched off: as in most containers.
    chromiumSandbox: platform !== 'linux',
    args: FLAGS,
  }
}

/** Undefined when this Chromium opened a page and drew on it, else what went wrong. */
async function probe(candidate) {
  const { chromium } = require('playwright')
  let browser
  try {
    browser = await chromium.launch({ ...launchOptions(candidate), timeout: 30_000 })
    const page = await browser.newPage()
    await page.setContent('<p lang="fa" dir="rtl">امانت</p>')
    const picture = await page.screenshot({ timeout: 30_000 })
    return picture.length > 0 ? undefined : 'it drew nothing'
  } catch (error) {
    return (
      String(error instanceof Error ? error.message : error)
        .split('\n')
        .filter(line => /error while loading|cannot open|FATAL|ENOENT|closed|Timeout/i.test(line))
        .slice(0, 2)
        .join(' ')
        .trim() || 'it does not start'
    )
  } finally {
    await browser?.close().catch(() => {})
  }
}

/** What may already be here, likeliest first. */
function candidates() {
  const found = [playwrightOwn(), ...systemPlaces()].filter(path => path && existsSync(path))
  const known = recall()
  return [...found.map(executablePath => ({ executablePath })), ...(known ? [known] : [])]
}

function playwrightOwn() {
  try {
    return require('playwright').chromium.executablePath()
  } catch {
    return undefined
  }
}

function systemPlaces() {
  if (platform === 'darwin')
    return ['Google Chrome', 'Chromium'].map(name => `/Applications/${name}.app/Contents/MacOS/${name}`)
  if (platform === 'win32')
    return [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
      .filter(Boolean)
      .map(base => join(base, 'Google', 'Chrome', 'Application', 'chrome.exe'))
  return ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'].flatMap(name =>
    ['/usr/bin', '/usr/local/bin', '/snap/bin'].map(folder => join(folder, name)),
  )
}

/** Where one can be had, cheapest first. Each answers a candidate, or undefined. */
function sources() {
  return [
    { name: 'through npm (67 MB)', get: fromNpm, when: platform === 'linux' && arch === 'x64' },
    { name: 'from Playwright', get: fromPlaywright, when: true },
    { name: 'with apt-get', get: fromApt, when: platform === 'linux' && getuid?.() === 0 },
  ].filter(source => source.when)
}

function fromNpm() {
  const unpacked = join(cache, 'unpacked')
  // The package takes whatever lies there for complete, so an unpacking that was cut short must go.
  rmSync(unpacked, { recursive: true, force: true })
  mkdirSync(unpacked, { recursive: true })
  const install = [
    'install',
    '--prefix',
    cache,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    NPM_CHROMIUM,
  ]
  if (run('npm', install, { shell: platform === 'win32' }).status !== 0) return undefined
  // It brings the missing libraries along only where it believes itself on Lambda, and unpacks into TMPDIR.
  const unpack = `
    const { default: chromium } = await import('@sparticuz/chromium')
    console.log(JSON.stringify(await chromium.executablePath()))`
  const answer = run(execPath, ['--input-type=module', '-e', unpack], {
    cwd: cache,
    env: { ...env, TMPDIR: unpacked, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' },
  })
  if (answer.status !== 0) return undefined
  // Its fonts.conf names a folder of Lambda's, and Skia aborts at the first text when there is no font at all.
  const fonts = join(unpacked, 'fonts')
  mkdirSync(fonts, { recursive: true })
  writeFileSync(
    join(fonts, 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><dir>${fonts}</dir><cachedir>${join(unpacked, 'font-cache')}</cachedir></fontconfig>\n`,
  )
  const libraries = [join(unpacked, 'al2023', 'lib'), env.LD_LIBRARY_PATH].filter(Boolean).join(':')
  return {
    executablePath: JSON.parse(answer.stdout.trim().split('\n').at(-1)),
    env: { LD_LIBRARY_PATH: libraries, FONTCONFIG_PATH: fonts },
  }
}

function fromPlaywright() {
  const cli = join(dirname(require.resolve('playwright/package.json')), 'cli.js')
  if (run(execPath, [cli, 'install', 'chromium']).status !== 0) return undefined
  const executablePath = playwrightOwn()
  return executablePath && existsSync(executablePath) ? { executablePath } : undefined
}

function fromApt() {
  const quiet = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } }
  if (run('apt-get', ['update'], quiet).status !== 0) return undefined
  if (run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], quiet).status !== 0) return undefined
  const executablePath = systemPlaces().find(path => existsSync(path))
  return executablePath ? { executablePath } : undefined
}

function run(command, args, options = {}) {
  return spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options })
}

function remember(candidate) {
  mkdirSync(cache, { recursive: true })
  writeFileSync(remembered, `${JSON.stringify(candidate, undefined, 2)}\n`)
}

function recall() {
  try {
    const candidate = JSON.parse(readFileSync(remembered, 'utf8'))
    return typeof candidate.executablePath === 'string' && existsSync(candidate.executablePath) ? candidate : undefined
  } catch {
    return undefined
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(await ensureChromium({ say: line => console.error(line) }))
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
