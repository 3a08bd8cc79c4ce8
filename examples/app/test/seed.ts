/**
 * Vaults for tests of the built app: planted by a page beside it, of the same origin and therefore in the same storage. What is built
 * for that page lies in a temporary folder, and only a test's browser is given it.
 */
import { rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Policy } from '@amanat/vault'
import type { Page } from 'playwright'
import { build } from 'vite'
import type { AppBrowser } from './browser'
import { wordsOf } from './screen'
import { type Kept, putStorage, storageOf } from './storage'

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
  readonly code: string
  readonly policy: Policy
  readonly contacts: readonly SeedContact[]
}

export const PASSPHRASE = 'seven quiet herons by the river'
const CODE = '3G9B8-5RFVP-84JBG-QE3XG-C41TP-4R560-GJ36Q'

let built: Promise<string> | undefined

/** What stood in the storage when a vault had been made from this seed: for every further test of a file that asks for the same. */
const made = new Map<string, { readonly ids: readonly string[]; readonly kept: Kept }>()

/** Into a browser that keeps nothing yet. Answers the ids, in the order of the contacts. */
export async function seed(browser: AppBrowser, seed: Omit<Seed, 'passphrase' | 'code'>): Promise<readonly string[]> {
  const known = JSON.stringify(seed)
  const page = await browser.context.newPage()
  try {
    built ??= buildPage()
    browser.site.beside('planting', await built)
    const before = made.get(known)
    if (before) {
      await page.goto(`${browser.url}planting/bare.html`)
      await putStorage(page, before.kept)
      return before.ids
    }
    await page.goto(`${browser.url}planting/`)
    await page.waitForFunction('"plant" in globalThis')
    const ids = await page.evaluate(
      whole => (globalThis as unknown as { plant: (seed: Seed) => Promise<readonly string[]> }).plant(whole),
      { ...seed, passphrase: PASSPHRASE, code: CODE },
    )
    await page.goto(`${browser.url}planting/bare.html`)
    made.set(known, { ids, kept: await storageOf(page) })
    return ids
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
  // An icon of its own, or Chromium asks for one that isn't there.
  const bare = '<!doctype html><title>planting</title><link rel="icon" href="data:,">'
  await writeFile(join(folder, 'bare.html'), bare)
  await writeFile(join(folder, 'index.html'), `${bare}<script type="module" src="./page.js"></script>`)
  return folder
}

/** A tab in which that vault is open, at its list of people. */
export async function unlocked(browser: AppBrowser, name = 'members'): Promise<Page> {
  const page = await browser.tab(`/open/${name}`)
  await unlockHere(page)
  return page
}

const [EN, FA] = [wordsOf('en', 'welcome').unlock, wordsOf('fa', 'welcome').unlock]

/**
 * From the screen of its lock, with the recovery code: a passphrase takes a second of a processor by design. That it opens a vault
 * is looked at in the test of the way in.
 */
export async function unlockHere(page: Page, then: 'opens' | 'stays' = 'opens'): Promise<void> {
  await page.getByLabel(EN.who).or(page.getByLabel(FA.who)).fill('Leila')
  await page
    .getByRole('button', { name: EN.withCode })
    .or(page.getByRole('button', { name: FA.withCode }))
    .click()
  await page
    .getByLabel(EN.code, { exact: true })
    .or(page.getByLabel(FA.code, { exact: true }))
    .fill(CODE)
  await page.locator('main button[type=submit]').click()
  if (then === 'stays') return
  await page.waitForURL(/#\/people$/)
  await page.locator('.people-standing, .empty').first().waitFor()
}

/** To another address of the same tab; a reload would lock the vault. */
export async function go(page: Page, path: string): Promise<void> {
  await page.evaluate(hash => {
    location.hash = hash
  }, path)
}
