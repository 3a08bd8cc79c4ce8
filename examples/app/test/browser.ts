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
import { type BrowserContext, type ConsoleMessage, chromium, type Page, type Request, type WebError } from 'playwright'
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
export async function serve(port = 0, folder = DIST): Promise<Site> {
  if (!existsSync(join(folder, 'index.html'))) throw new Error('The app isn’t built: node scripts/bootstrap.mjs --app')
  const besides = new Map<string, string>()
  const server: Server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://here').pathname))
    const [, first = '', rest = ''] = /^\/([^/]+)(\/.*)$/.exec(path) ?? []
    const beside = besides.get(first)
    const whole = beside === undefined ? join(folder, path) : join(beside, rest)
    const file = path.endsWith('/') ? `${whole}index.html` : whole
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
    beside: (name, from) => void besides.set(name, from),
    close() {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

interface Site {
  readonly url: string
  readonly port: number
  /** Serves another folder under this name, beside the app and of its origin. */
  beside(name: string, folder: string): void
  close(): Promise<void>
}

const USUAL = { width: 1100, height: 800 }

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
  readonly site: Pick<Site, 'beside'>
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

/** A Chromium with a profile on disk, in which nothing was ever kept. */
export interface Chromium {
  readonly context: BrowserContext
  close(): Promise<void>
}

export async function launch({ language = 'en', isKept = false }: Look = {}): Promise<Chromium> {
  const profile = await mkdtemp(join(tmpdir(), 'amanat-app-'))
  const context = await chromium.launchPersistentContext(profile, {
    ...chromiumLaunch(),
    headless: true,
    locale: language === 'fa' ? 'fa-IR' : 'en-GB',
    timezoneId: 'Europe/London',
    viewport: USUAL,
    colorScheme: 'light',
    serviceWorkers: isKept ? 'allow' : 'block',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  return {
    context,
    async close() {
      await context.close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}

/** A browser that has never seen the app. Close it. */
export async function openBrowser(look: Look = {}): Promise<AppBrowser> {
  const own = await launch(look)
  const visiting = await visit(own, look)
  return {
    ...visiting,
    async close() {
      await visiting.close()
      await own.close()
    },
  }
}

/**
 * The app at an address that this Chromium has never seen: of an origin of its own, and so with a storage in which there is
 * nothing. Closing it closes its pages, not the Chromium.
 */
export async function visit(
  { context }: Chromium,
  { width = USUAL.width, height = USUAL.height, light = 'light', folder = DIST }: Look,
): Promise<AppBrowser> {
  const site = await serve(0, folder)
  const strangers: string[] = []
  const complaints: string[] = []
  const onRequest = (request: Request) => {
    const url = request.url()
    if (!url.startsWith(site.url) && !/^(?:data|blob):/.test(url)) strangers.push(url)
  }
  const onConsole = (message: ConsoleMessage) => message.type() === 'error' && complaints.push(message.text())
  const onError = (error: WebError) => complaints.push(String(error.error()))
  context.on('request', onRequest).on('console', onConsole).on('weberror', onError)
  // One is left empty: without a page Chromium may take itself for done.
  const before = new Set(context.pages())
  return {
    url: site.url,
    site,
    context,
    strangers,
    complaints,
    async tab(path = '/') {
      const page = await context.newPage()
      if (width !== USUAL.width || height !== USUAL.height) await page.setViewportSize({ width, height })
      if (light !== 'light') await page.emulateMedia({ colorScheme: light })
      await page.goto(`${site.url}#${path}`)
      await page.locator('[data-page-title]').first().waitFor()
      return page
    },
    unplug: () => site.close(),
    async close() {
      for (const page of context.pages()) if (!before.has(page)) await page.close()
      context.off('request', onRequest).off('console', onConsole).off('weberror', onError)
      await site.close().catch(() => undefined)
    },
  }
}
