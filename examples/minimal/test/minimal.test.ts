// The one-page example, built as its page says and used in a real Chromium: add, list, show, reload, take back, and a wrong
// passphrase. What IndexedDB holds is looked at as well.
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type BrowserContext, chromium, type Page } from 'playwright'
import { build, type PreviewServer, preview } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumLaunch } from '../../../scripts/chromium.mjs'

const here = fileURLToPath(new URL('..', import.meta.url))
let folder: string
let server: PreviewServer
let context: BrowserContext
let page: Page
const complaints: string[] = []
const strangers: string[] = []

beforeAll(async () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  await promisify(execFile)(process.execPath, ['scripts/bootstrap.mjs', '--quiet', '--build'], { cwd: root })
  folder = await mkdtemp(join(tmpdir(), 'amanat-minimal-'))
  const outDir = join(folder, 'dist')
  await build({ root: here, base: './', logLevel: 'error', build: { outDir } })
  server = await preview({ root: here, logLevel: 'error', build: { outDir }, preview: { port: 0, host: 'localhost' } })
  const url = server.resolvedUrls?.local[0] ?? ''
  context = await chromium.launchPersistentContext(join(folder, 'profile'), { ...chromiumLaunch(), headless: true })
  context.on('request', request => !request.url().startsWith(url) && strangers.push(request.url()))
  context.on('weberror', error => complaints.push(String(error.error())))
  page = context.pages()[0] ?? (await context.newPage())
  await page.goto(url)
}, 600_000)

afterAll(async () => {
  await context?.close()
  await server?.close()
  await rm(folder, { recursive: true, force: true })
})

const open = async (passphrase: string) => {
  await page.getByLabel('Passphrase').fill(passphrase)
  await page.getByRole('button', { name: 'Open' }).click()
}

describe('the one-page example', () => {
  test('makes a vault, and adds somebody: the list has a name and a date, and no number', async () => {
    await open('correct horse battery staple')
    await page.getByLabel('Name').fill('Sara Karimi')
    await page.getByLabel('Phone').fill('۰۷۷۰۰ ۹۰۰۱۲۳')
    await page.getByLabel('How did they say').fill('in the corridor, to me')
    await page.getByRole('button', { name: 'Add' }).click()
    const item = page.getByRole('listitem')
    await item.waitFor()
    expect(await item.textContent()).toMatch(/^Sara Karimi, until \d{4}-\d\d-\d\d/)
    expect(await item.getByRole('status').textContent()).toBe('')
  })

  test('shows the number when it is asked for', async () => {
    await page.getByRole('button', { name: 'Show the number of Sara Karimi' }).click()
    const number = page.getByRole('listitem').getByRole('status')
    await number.filter({ hasText: /./ }).waitFor()
    expect(await number.textContent()).toBe('۰۷۷۰۰ ۹۰۰۱۲۳')
  })

  test('a person without a number that could be one is refused, in words', async () => {
    await page.getByLabel('Name').fill('Nobody')
    await page.getByLabel('Phone').fill('x'.repeat(70_000))
    await page.getByLabel('How did they say').fill('x')
    await page.getByRole('button', { name: 'Add' }).click()
    await page
      .getByRole('alert')
      .filter({ hasText: /\w+ \w+/ })
      .waitFor()
    expect(await page.getByRole('listitem').count()).toBe(1)
  })

  test('after a reload a wrong passphrase opens nothing, and the right one finds the person again', async () => {
    await page.reload()
    await open('incorrect horse battery staple')
    await page.getByRole('alert').filter({ hasText: 'passphrase' }).waitFor()
    expect(await page.getByRole('main').count()).toBe(0)
    await open('correct horse battery staple')
    await page.getByText('Sara Karimi, until').waitFor()
  })

  test('what IndexedDB holds says nothing of her', async () => {
    const found = await page.evaluate(async () => {
      const texts: string[] = []
      for (const { name } of await indexedDB.databases()) {
        const base = await new Promise<IDBDatabase>(resolve => {
          const request = indexedDB.open(name ?? '')
          request.onsuccess = () => resolve(request.result)
        })
        for (const table of base.objectStoreNames) {
          const rows = await new Promise<unknown[]>(resolve => {
            const request = base.transaction(table).objectStore(table).getAll()
            request.onsuccess = () => resolve(request.result)
          })
          const bytes = (value: unknown): string =>
            value instanceof Uint8Array
              ? new TextDecoder().decode(value)
              : typeof value === 'object' && value !== null
                ? Object.values(value).map(bytes).join(' ')
                : String(value)
          texts.push(...rows.map(bytes))
        }
        base.close()
      }
      return { rows: texts.length, karimi: texts.some(text => text.includes('Karimi') || text.includes('900123')) }
    })
    expect(found.rows).toBeGreaterThan(1)
    expect(found.karimi).toBe(false)
  })

  test('when she takes it back she is gone, after a reload as well', async () => {
    await page.getByRole('button', { name: 'Sara Karimi takes it back' }).click()
    await page.getByRole('listitem').waitFor({ state: 'detached' })
    await page.reload()
    await open('correct horse battery staple')
    await page.getByRole('button', { name: 'Add' }).waitFor()
    expect(await page.getByRole('listitem').count()).toBe(0)
  })

  test('all of it without a request to anywhere else, and without an error that nobody caught', () => {
    expect(strangers).toEqual([])
    expect(complaints).toEqual([])
  })
})
