/**
 * Vaults for tests of the built app: planted by a page beside it, of the same origin and therefore in the same storage. What is built
 * for that page lies in a temporary folder, and only a test's browser is given it.
 */
import { rmSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Policy } from '@amanat/vault'
import type { Page } from 'playwright'
import { build } from 'vite'
import type { AppBrowser } from './browser'

export interface SeedContact {
  readonly full?: string
  readonly given?: string
  readonly surname?: string
  readonly phone?: string
  readonly email?: string
  readonly consents: readonly {
    readonly purpose: string
    readonly recipients?: readonly string[]
    readonly until?: string
    /** Whether the document is kept with it. */
    readonly isProved?: boolean
  }[]
}

export interface Seed {
  readonly name: string
  readonly passphrase: string
  readonly policy: Policy
  readonly contacts: readonly SeedContact[]
}

export const PASSPHRASE = 'seven quiet herons by the river'

let built: Promise<string> | undefined

/** Answers the ids, in the order of the contacts. */
export async function seed(browser: AppBrowser, seed: Omit<Seed, 'passphrase'>): Promise<readonly string[]> {
  built ??= buildPage()
  const folder = await built
  const address = `${browser.url}planting/`
  await browser.context.route(`${address}**`, async route => {
    const file = new URL(route.request().url()).pathname.slice('/planting/'.length)
    const [body, contentType] = file
      ? [await readFile(join(folder, file)), extname(file) === '.js' ? 'text/javascript' : 'application/wasm']
      : ['<!doctype html><title>planting</title><script type="module" src="./page.js"></script>', 'text/html']
    await route.fulfill({ body, contentType })
  })
  const page = await browser.context.newPage()
  try {
    await page.goto(address)
    await page.waitForFunction('"plant" in globalThis')
    return await page.evaluate(
      whole => (globalThis as unknown as { plant: (seed: Seed) => Promise<readonly string[]> }).plant(whole),
      { ...seed, passphrase: PASSPHRASE },
    )
  } finally {
    await page.close()
  }
}

async function buildPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'amanat-planting-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  await build({
    configFile: false,
    root: fileURLToPath(new URL('..', import.meta.url)),
    base: './',
    logLevel: 'error',
    build: {
      outDir: folder,
      target: 'es2022',
      copyPublicDir: false,
      rollupOptions: {
        input: fileURLToPath(new URL('./seed-page.ts', import.meta.url)),
        output: { entryFileNames: 'page.js' },
      },
    },
  })
  return folder
}

/** A tab in which that vault is open, at its list of people. */
export async function unlocked(browser: AppBrowser, name = 'members'): Promise<Page> {
  const page = await browser.tab(`/open/${name}`)
  await page.locator('main input').first().fill('Leila')
  await page.locator('input[type=password]').fill(PASSPHRASE)
  await page.locator('main button[type=submit]').click()
  await page.locator('.people-standing').waitFor()
  return page
}

/** To another address of the same tab; a reload would lock the vault. */
export async function go(page: Page, path: string): Promise<void> {
  await page.evaluate(hash => {
    location.hash = hash
  }, path)
}
