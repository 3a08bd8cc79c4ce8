// The page, built once with the peers that are there, served on an origin for each candidate, and driven in a real Chromium on a
// profile on disk: one launch for loading and another one for the rest, as when somebody comes back the next day.

import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { build } from 'vite'
import { chromiumLaunch } from '../../../scripts/chromium.mjs'
import { PEERS } from '../peers.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const OUT = join(PEERS, '..', 'bench-page')
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.wasm': 'application/wasm' }

/** @param missing names of packages that aren't there: the candidates that need them fail by name */
export async function buildPage(missing) {
  const modules = join(PEERS, 'node_modules')
  await build({
    root: here,
    base: './',
    logLevel: 'error',
    configFile: false,
    define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' },
    resolve: {
      alias: ['rxdb', 'dexie-encrypted', 'pouchdb-browser', 'crypto-pouch']
        .filter(name => !missing.includes(name))
        .map(name => ({ find: new RegExp(`^${name}(?=/|$)`), replacement: join(modules, name) })),
      dedupe: ['dexie'],
    },
    plugins: [absent(missing)],
    build: { outDir: OUT, emptyOutDir: true, target: 'es2022', minify: true, chunkSizeWarningLimit: 10_000 },
    worker: { format: 'es' },
  })
}

/** What each file of a candidate imports that may be missing. */
const IMPORTS = {
  './dexie-encrypted.mjs': ['dexie-encrypted'],
  './rxdb.mjs': ['rxdb'],
  './pouchdb.mjs': ['pouchdb-browser', 'crypto-pouch'],
}

/** In place of a candidate whose packages aren't there: it is never asked. */
function absent(missing) {
  return {
    name: 'absent',
    enforce: 'pre',
    resolveId: id => (IMPORTS[id]?.some(name => missing.includes(name)) ? '\0absent' : undefined),
    load: id => (id === '\0absent' ? 'export const candidate = undefined' : undefined),
  }
}

/** Serves the page on as many origins as are asked for; ports stay the same for a candidate. */
export async function servePage(port) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://here').pathname)
    try {
      const file = join(OUT, path.endsWith('/') ? `${path}index.html` : path)
      const bytes = await readFile(file)
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(bytes)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  return { url: `http://localhost:${server.address().port}/`, port: server.address().port, close: () => server.close() }
}

/** One launch of a browser on this profile, for one phase of one candidate. */
export async function launchPage(profile, url, call) {
  mkdirSync(profile, { recursive: true })
  const launch = chromiumLaunch()
  const context = await chromium.launchPersistentContext(profile, {
    ...launch,
    args: [...launch.args, '--enable-precise-memory-info'],
    headless: true,
  })
  try {
    const page = context.pages()[0] ?? (await context.newPage())
    await page.goto(url)
    await page.waitForFunction(() => 'bench' in globalThis)
    return await page.evaluate(request => globalThis.bench(request), call)
  } finally {
    await context.close()
  }
}
