/**
 * A page of the tests, built from the sources and served on this machine alone: what a real Chromium is driven with,
 * beside the test runner's own browser. The page offers what it can do as globals and says nothing by itself; a worker
 * of its own may be beside it.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const SOURCES = fileURLToPath(new URL('../../packages', import.meta.url))
const TYPES: { readonly [extension: string]: string } = { '.html': 'text/html', '.js': 'text/javascript' }

export interface Site {
  readonly address: string
  /** The folder with everything that is served. */
  readonly files: string
  close(): Promise<void>
}

/** @param page the path of the module that the page runs */
export async function siteOf(page: string): Promise<Site> {
  const place = await mkdtemp(join(tmpdir(), 'amanat-site-'))
  const root = join(place, 'source')
  const files = join(place, 'site')
  await mkdir(root)
  await writeFile(join(root, 'main.js'), `import ${JSON.stringify(page)}`)
  await writeFile(join(root, 'index.html'), '<!doctype html><script type="module" src="./main.js"></script>')
  const alias = [
    { find: /^@amanat\/vault\/testing$/, replacement: join(SOURCES, 'vault/src/testing.ts') },
    { find: /^@amanat\/store-contract\/memory$/, replacement: join(SOURCES, 'store-contract/src/memory.ts') },
    { find: /^@amanat\/([a-z-]+)$/, replacement: join(SOURCES, '$1/src/index.ts') },
  ]
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { outDir: files, chunkSizeWarningLimit: 10_000, minify: false },
    worker: { format: 'es' },
    resolve: { alias },
  })
  const server = createServer(async (request, response) => {
    const path = request.url === '/' ? '/index.html' : (request.url ?? '')
    const file = await readFile(join(files, normalize(path))).catch(() => undefined)
    const type = TYPES[extname(path)] ?? 'application/octet-stream'
    response.writeHead(file ? 200 : 404, { 'content-type': type, 'cache-control': 'no-store' }).end(file)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    files,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      await rm(place, { recursive: true, force: true })
    },
  }
}
