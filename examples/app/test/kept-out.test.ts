/**
 * A vault that is there, whole, and may not be opened as things stand: another tab holds it for too long, a copy of the browser's
 * folder put half of it back, a newer app wrote it. Each brought about in the storage itself; each screen says what to do.
 */
import type { Page } from 'playwright'
import { afterEach, expect, test, vi } from 'vitest'
import type { AppBrowser } from './browser'
import { POLICY, phone } from './centre'
import { inBoth, NARROWEST, wordsOf } from './screen'
import { seed, unlocked, unlockHere } from './seed'
import { sharedBrowsers } from './shared-browser'
import { putFiles, storageOf } from './storage'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

const open = sharedBrowsers()
const trouble = { en: wordsOf('en', 'trouble'), fa: wordsOf('fa', 'trouble') }
const common = { en: wordsOf('en', 'common'), fa: wordsOf('fa', 'common') }
const welcome = { en: wordsOf('en', 'welcome'), fa: wordsOf('fa', 'welcome') }

let browser: AppBrowser
afterEach(async () => {
  await browser.close()
  expect(browser.complaints).toEqual([])
  expect(browser.strangers).toEqual([])
})

async function begin(): Promise<void> {
  browser = await open({ width: NARROWEST })
  const consents = [{ purpose: 'prayer-times', recipients: ['sms-gateway'], isProved: true }]
  const contacts = ['Sara', 'Omid'].map((full, n) => ({ full, phone: phone(n), consents }))
  await seed(browser, { name: 'members', policy: POLICY, contacts })
}

/** A page of the app's origin in which nothing of the app runs. */
async function beside(): Promise<Page> {
  const page = await browser.context.newPage()
  await page.goto(`${browser.url}planting/bare.html`)
  return page
}

/** What stands on the screen of the lock once somebody has tried, in both languages. */
const told = (page: Page, code: 'BUSY' | 'CELL_STALE' | 'FORMAT_TOO_NEW') =>
  inBoth(page, async language => {
    const said = page.getByRole('alert').filter({ hasText: trouble[language][code].what })
    await said.getByText(trouble[language][code].fix).waitFor()
  })

const choice = (page: Page, name: string) => page.getByRole('main').getByRole('button', { name, exact: true })

test('another tab that works on it for too long is named, and when it is done the same press opens', async () => {
  await begin()
  const other = await beside()
  await other.evaluate(
    () =>
      new Promise<void>(held => {
        void navigator.locks.request('amanat:members', () => {
          held()
          return new Promise<void>(done => Object.assign(globalThis, { done }))
        })
      }),
  )
  const page = await browser.tab('/open/members')
  await page.clock.install()
  const answered = unlockHere(page)
  // It waits half a minute for its turn.
  await page.getByRole('button', { name: welcome.en.unlock.opening }).waitFor()
  await expect
    .poll(async () => {
      await page.clock.fastForward(10_000)
      return page.getByText(trouble.en.BUSY.what).count()
    })
    .toBe(1)
  await told(page, 'BUSY')
  await other.evaluate(() => (globalThis as unknown as { done: () => void }).done())
  await choice(page, common.en.retry).click()
  await answered
  expect((await page.locator('.people-name').allTextContents()).sort()).toEqual(['Omid', 'Sara'])
})

test('of which an old half was put back says that both must come from one day, and opens when they do', async () => {
  await begin()
  const old = await beside()
  const before = await storageOf(old)
  const page = await unlocked(browser)
  await page.locator('.people-name', { hasText: 'Sara' }).click()
  await erase(page)
  await page.close()
  const today = await storageOf(old)
  await putFiles(old, before.files)

  const back = await browser.tab('/open/members')
  await unlockHere(back, 'stays')
  await told(back, 'CELL_STALE')
  const restoring = back.getByRole('link', { name: welcome.en.restore })
  expect(await restoring.getAttribute('href')).toBe('#/restore/members')

  await putFiles(old, today.files)
  await choice(back, common.en.retry).click()
  await back.waitForURL(/#\/people$/)
  await expect.poll(() => back.locator('.people-name').allTextContents()).toEqual(['Omid'])
})

async function erase(page: Page): Promise<void> {
  const words = wordsOf('en', 'person')
  await page.getByRole('button', { name: words.leave.erase, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: words.erase.yes, exact: true }).click()
  await page.getByText(words.gone.erased).waitFor()
}

test('that a newer app wrote asks for the newest one, loses nothing, and opens there', async () => {
  await begin()
  const written = await beside()
  /** Byte 4 of the root is the format, as docs/format.md has it. */
  const write = (format: number) =>
    written.evaluate(
      format =>
        new Promise<void>((resolve, reject) => {
          const opening = indexedDB.open('amanat:members')
          opening.onsuccess = () => {
            const writing = opening.result.transaction('root', 'readwrite')
            const table = writing.objectStore('root')
            const reading = table.get(0)
            reading.onsuccess = () => {
              reading.result.bytes[4] = format
              table.put(reading.result, 0)
            }
            writing.oncomplete = () => {
              opening.result.close()
              resolve()
            }
            writing.onabort = () => reject(writing.error)
          }
        }),
      format,
    )
  await write(2)
  const page = await browser.tab('/open/members')
  await unlockHere(page, 'stays')
  await told(page, 'FORMAT_TOO_NEW')
  await choice(page, welcome.en.unlock.newest).waitFor()
  expect(await choice(page, common.en.retry).count()).toBe(0)

  // The newer app, as far as this one can play it.
  await write(1)
  await choice(page, welcome.en.unlock.newest).click()
  await page.getByLabel(welcome.en.unlock.who).waitFor()
  await page.close()
  const newer = await unlocked(browser)
  expect((await newer.locator('.people-name').allTextContents()).sort()).toEqual(['Omid', 'Sara'])
})
