// The page, built for each candidate by itself so that one that doesn't build fails alone, served on an origin of its own, and
// driven in a real Chromium on a profile on disk: one launch for loading and another one for the rest, as when somebody comes back
// the next day.

import { mkdirSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { build } from 'vite'
import { chromiumLaunch } from '../../../scripts/chromium.mjs'
import { PEERS } from '../peers.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
/** Of this run: another one may be under way. */
const OUT = join(PEERS, '..', 'bench-page', String(process.pid))
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.wasm': 'application/wasm' }

/**
 * @param file of the candidate, in the folder `candidates`
 * @param packages of its own that lie outside of the workspace
 */
export async function buildPage(file, packages) {
  await build({
    root: here,
    base: './',
    logLevel: 'silent',
    configFile: false,
    define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' },
    resolve: {
      alias: { 'bench:candidate': join(here, 'candidates', `${file}.mjs`) },
      // RxDB refuses to run beside another version, and all that stand on Dexie shall stand on the same.
      dedupe: ['dexie'],
    },
    plugins: [outside(packages)],
    build: {
      outDir: join(OUT, file),
      emptyOutDir: true,
      target: 'es2022',
      minify: true,
      chunkSizeWarningLimit: 10_000,
    },
    worker: { format: 'es' },
  })
}

/** These are looked for where the benchmark installs them, through their own `exports`. */
function outside(packages) {
  return {
    name: 'outside',
    enforce: 'pre',
    resolveId(id) {
      if (!packages.some(name => id === name || id.startsWith(`${name}/`))) return undefined
      return this.resolve(id, join(PEERS, 'package.json'), { skipSelf: true })
    },
  }
}

export const removePages = () => rmSync(OUT, { recursive: true, force: true })

/** Serves a candidate's page on a port, so an origin, of its own. */
export async function servePage(file) {
  const folder = join(OUT, file)
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://here').pathname)
    try {
      const asked = join(folder, path.endsWith('/') ? `${path}index.html` : path)
      const bytes = await readFile(asked)
      response.writeHead(200, { 'content-type': TYPES[extname(asked)] ?? 'application/octet-stream' }).end(bytes)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  return { url: `http://localhost:${server.address().port}/`, close: () => server.close() }
}

/**
 * One launch of a browser on this profile, for one phase of one candidate.
 *
 * @param patience in milliseconds: a candidate that hangs must not hold up the others
 */
export async function launchPage(profile, url, call, patience) {
  mkdirSync(profile, { recursive: true })
  const launch = chromiumLaunch()
  const context = await chromium.launchPersistentContext(profile, {
    ...launch,
    args: [...launch.args, '--enable-precise-memory-info'],
    headless: true,
  })
  let late
  try {
    const page = context.pages()[0] ?? (await context.newPage())
    const broken = new Promise((_, reject) => {
      page.on('crash', () => reject(new Error('the page crashed')))
      late = setTimeout(() => reject(new Error(`no end after ${Math.round(patience / 60_000)} minutes`)), patience)
    })
    const work = async () => {
      await page.goto(url)
      await page.waitForFunction(() => 'bench' in globalThis)
      return page.evaluate(request => globalThis.bench(request), call)
    }
    return await Promise.race([work(), broken])
  } finally {
    clearTimeout(late)
    await context.close()
  }
}
