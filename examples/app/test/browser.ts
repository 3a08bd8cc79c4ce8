/**
 * The built app in a real Chromium: served from this machine, in a profile on disk, in a language, a width and a light of the
 * test's choosing. Every request that isn't for the app itself is kept, so that a test can see that there was none.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, chromium, type Page } from 'playwright'
import { chromiumLaunch } from '../../../scripts/chromium.mjs'

/** A build that lies elsewhere can be named, so that one can go on building while another is tested. */
export const DIST = env.AMANAT_APP_DIST ?? fileURLToPath(new URL('../dist', import.meta.url))

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
}

/** Any web server would do: files as they are. `close` is a network that is gone. */
export async function serve(
  port = 0,
  folder = DIST,
): Promise<{ readonly url: string; readonly port: number; close(): Promise<void> }> {
  if (!existsSync(join(folder, 'index.html'))) throw new Error('The app isn’t built: node scripts/bootstrap.mjs --app')
  const server: Server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://here').pathname))
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path)
    try {
      const bytes = await readFile(file)
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
      response.end(bytes)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  const taken = (server.address() as AddressInfo).port
  return {
    url: `http://localhost:${taken}/`,
    port: taken,
    close() {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

export interface Look {
  readonly language?: 'en' | 'fa'
  readonly width?: number
  readonly height?: number
  readonly light?: 'light' | 'dark'
  /** Whether the service worker runs, as it does for everybody: then nothing after the first visit comes from the server. */
  readonly isKept?: boolean
  /** Where the built app lies; default {@link DIST}. */
  readonly folder?: string
}

export interface AppBrowser {
  readonly url: string
  readonly context: BrowserContext
  /** Addresses outside of the app that anything on its pages asked for. */
  readonly strangers: string[]
  /** What the pages complained of: errors on the console, exceptions, breaches of the content security policy. */
  readonly complaints: string[]
  /** A new tab at this address inside the app, such as `/story`. */
  tab(path?: string): Promise<Page>
  /** Takes the network away; the app goes on from what it kept. */
  unplug(): Promise<void>
  close(): Promise<void>
}

/** A browser that has never seen the app. Close it. */
export async function openBrowser({
  language = 'en',
  width = 1100,
  height = 800,
  light = 'light',
  isKept = false,
  folder = DIST,
}: Look = {}): Promise<AppBrowser> {
  const site = await serve(0, folder)
  const profile = await mkdtemp(join(tmpdir(), 'amanat-app-'))
  const context = await chromium.launchPersistentContext(profile, {
    ...chromiumLaunch(),
    headless: true,
    locale: language === 'fa' ? 'fa-IR' : 'en-GB',
    timezoneId: 'Europe/London',
    viewport: { width, height },
    colorScheme: light,
    serviceWorkers: isKept ? 'allow' : 'block',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const strangers: string[] = []
  const complaints: string[] = []
  context.on('request', request => {
    const url = request.url()
    if (!url.startsWith(site.url) && !/^(?:data|blob):/.test(url)) strangers.push(url)
  })
  context.on('console', message => message.type() === 'error' && complaints.push(message.text()))
  context.on('weberror', error => complaints.push(String(error.error())))
  const spare = context.pages()
  return {
    url: site.url,
    context,
    strangers,
    complaints,
    async tab(path = '/') {
      const page = spare.pop() ?? (await context.newPage())
      await page.goto(`${site.url}#${path}`)
      await page.locator('[data-page-title]').first().waitFor()
      return page
    },
    unplug: () => site.close(),
    async close() {
      await context.close()
      await site.close().catch(() => undefined)
      await rm(profile, { recursive: true, force: true })
    },
  }
}
