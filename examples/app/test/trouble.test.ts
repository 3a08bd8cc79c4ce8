/**
 * What happens to people's devices: a tab that lies open for a week, a clock set back, a full disk, a page that is killed while a list
 * comes in, a reload at every step. Nothing half, nobody doubled, each with a sentence. A vault whose storage was cleared or
 * whose clock runs far ahead stands in the test of the way in; two tabs at one person in that of a person's page.
 */
import type { Page } from 'playwright'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AppBrowser } from './browser'
import { POLICY, phone } from './centre'
import { expectSound, NARROWEST, wordsOf } from './screen'
import { go, seed, unlocked, unlockHere } from './seed'
import { sharedBrowsers } from './shared-browser'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

const DAY_MS = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)
const [bring, common] = [wordsOf('en', 'bring'), wordsOf('en', 'common')]
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })

/** Both agreed to prayer times: one for three days more, one for sixty. */
const TWO = [3, 60].map((days, n) => ({
  full: ['Sara', 'Omid'][n] as string,
  phone: phone(n),
  consents: [{ purpose: 'prayer-times', recipients: ['sms-gateway'], isProved: true, until: inDays(days) }],
}))

const open = sharedBrowsers()
let browser: AppBrowser
afterEach(() => expect(browser.strangers).toEqual([]))

describe('time', () => {
  beforeEach(async () => {
    browser = await open({ width: NARROWEST })
    await seed(browser, { name: 'members', policy: POLICY, contacts: TWO })
  })
  afterEach(() => browser.close())

  test('a tab left open for a week is locked, and whoever was due meanwhile is gone, also for a clock set back', async () => {
    const here = await browser.tab('/open/members')
    await here.clock.install()
    await unlockHere(here)
    await expect.poll(() => names(here)).toEqual(['Omid', 'Sara'])
    await here.clock.fastForward(11 * 60_000)
    await here.getByText(common.lockedNow).waitFor()
    expect(await here.getByText('Sara').count()).toBe(0)
    await here.clock.fastForward(7 * DAY_MS)
    await here.getByRole('link', { name: 'members' }).click()
    await unlockHere(here)
    await expect.poll(() => names(here)).toEqual(['Omid'])
    await go(here, '/forgetting')
    await here.getByText('the details of one person').waitFor()
    await expectSound(here)
    await here.close()

    // The week never was, says the device.
    const back = await unlocked(browser)
    await expect.poll(() => names(back)).toEqual(['Omid'])
    await go(back, '/forgetting/record')
    await back.getByText('What was due was forgotten: the details of one person.').waitFor()
    expect(browser.complaints).toEqual([])
  })

  test('what one tab locks, another goes on with', async () => {
    const [one, other] = [await unlocked(browser), await unlocked(browser)]
    await button(one, common.lock).click()
    await one.getByText(common.lockedNow).waitFor()
    await other.bringToFront()
    expect(await names(other)).toEqual(['Omid', 'Sara'])
    await other.locator('.people-name', { hasText: 'Omid' }).click()
    await other.getByRole('heading', { name: 'Omid' }).waitFor()
    expect(browser.complaints).toEqual([])
  })
})

const names = (page: Page) => page.locator('.people-name').allTextContents()

/** The room that a browser is said to have, before its storage is asked for anything. */
const ROOM = 4_000_000

/** Says how much room the app's origin has; without a figure as much as there is. */
async function roomOf({ context, url }: AppBrowser): Promise<(bytes?: number) => Promise<unknown>> {
  const devtools = await context.newCDPSession(await context.newPage())
  const { origin } = new URL(url)
  return quotaSize =>
    devtools.send('Storage.overrideQuotaForOrigin', { origin, ...(quotaSize === undefined ? {} : { quotaSize }) })
}

/** Whether there is no room for so many bytes beside the vault. */
function refusesToStore(bytes: number): Promise<boolean> {
  return new Promise(resolve => {
    const opening = indexedDB.open('probe', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('rows')
    opening.onerror = () => resolve(true)
    opening.onsuccess = () => {
      // Of chance: what is alike, Chromium writes in fewer bytes.
      const row = new Uint8Array(bytes)
      for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(row.subarray(at, at + 65_536))
      const writing = opening.result.transaction('rows', 'readwrite')
      writing.objectStore('rows').put(row, 'row')
      const end = (isRefused: boolean) => () => {
        opening.result.close()
        resolve(isRefused)
      }
      writing.oncomplete = end(false)
      writing.onabort = end(true)
    }
  })
}

describe('an import', () => {
  const MANY = 1_000
  const sheet = ['Name,E-mail', ...Array.from({ length: MANY }, (_, n) => `Person ${n},p${n}@example.org`)].join('\r\n')
  beforeEach(async () => {
    browser = await open({ width: NARROWEST })
  })
  afterEach(() => browser.close())
  const seeded = () => seed(browser, { name: 'members', policy: POLICY, contacts: TWO })

  test('that finds no room says so, keeps who came in, and goes on when there is room', async () => {
    const room = await roomOf(browser)
    await room(ROOM)
    await seeded()
    const page = await unlocked(browser)
    // Less than is there already: how much one commit takes is nothing to rely on. Chromium goes by what it last knew of the
    // room for half a minute, unless it is asked for more than that: only when it refuses others does it refuse the vault.
    await room(1)
    await expect.poll(() => page.evaluate(refusesToStore, ROOM), { timeout: 90_000, interval: 1_000 }).toBe(true)
    expect(await page.evaluate(refusesToStore, 1_000)).toBe(true)
    await choose(page, sheet)
    await confirm(page)
    await page.getByText(wordsOf('en', 'trouble').NO_SPACE.what).waitFor()
    await expectSound(page)
    await room()
    await expect.poll(() => page.evaluate(refusesToStore, 1_000_000), { timeout: 90_000, interval: 1_000 }).toBe(false)
    await page.close()
    await everybodyOnce(await unlocked(browser))
  }, 180_000)

  test('whose page is killed doubles nobody when it is brought in again', async () => {
    await seeded()
    const page = await unlocked(browser)
    await choose(page, sheet)
    await confirm(page)
    await page.locator('.bar .said', { hasText: /[1-9]\d* of 1,000/ }).waitFor()
    const crashed = page.waitForEvent('crash')
    const devtools = await browser.context.newCDPSession(page)
    void devtools.send('Page.crash').catch(() => undefined)
    await crashed
    await page.close()
    expect(await everybodyOnce(await unlocked(browser))).toBeGreaterThan(0)
  })

  test('that is reloaded while it is only looked at, or asked about, has brought nobody', async () => {
    await seeded()
    let page = await unlocked(browser)
    await choose(page, sheet)
    await page.getByText(bring.preview.title).waitFor()
    page = await reloaded(page)
    expect(await waiting(page)).toBe(0)
    await choose(page, sheet)
    await page.getByLabel(bring.plan.source).fill('sign-up sheet, 3 May')
    page = await reloaded(page)
    expect(await waiting(page)).toBe(0)
    expect(browser.complaints).toEqual([])
  })

  async function choose(page: Page, content: string): Promise<void> {
    await go(page, '/bring')
    await page.getByText(bring.choose.drop).waitFor()
    const buffer = Buffer.from(content)
    await page.locator('input[type=file]').first().setInputFiles({ name: 'many.csv', mimeType: 'text/csv', buffer })
    await page.getByText(bring.preview.title).waitFor()
  }

  async function confirm(page: Page): Promise<void> {
    await page.getByLabel(bring.plan.source).fill('sign-up sheet, 3 May')
    await page.getByText(bring.ground['they-asked'].name, { exact: true }).click()
    await page
      .locator('button.primary', { has: page.locator('svg') })
      .last()
      .click()
  }

  /** What is nought isn't shown. */
  const figure = async (page: Page, words: string) => {
    const [shown = '0'] = await page.locator('.bring-figures > div', { hasText: words }).locator('dd').allTextContents()
    return Number(shown.replace(',', ''))
  }

  /** The same sheet again: how many were there already. */
  async function everybodyOnce(page: Page): Promise<number> {
    await choose(page, sheet)
    await confirm(page)
    await page.getByText(bring.outcome.title, { exact: true }).waitFor()
    const [known, came] = [await figure(page, bring.figure.known), await figure(page, bring.figure.waits)]
    expect(known + came).toBe(MANY)
    expect(await waiting(page)).toBe(MANY)
    return known
  }

  /** How many wait to be asked, as the screen of the import says it. */
  async function waiting(page: Page): Promise<number> {
    await go(page, '/people')
    await page.locator('.people-standing').waitFor()
    await go(page, '/bring')
    await page.getByText(bring.choose.drop).waitFor()
    const link = page.locator('main a[href="#/bring/quarantine"]')
    await link.waitFor({ timeout: 3_000 }).catch(() => undefined)
    if ((await link.count()) === 0) return 0
    return Number((await link.textContent())?.replace(/\D/g, ''))
  }
})

/** The tab as a reload leaves it: at the lock, then opened again. */
async function reloaded(page: Page): Promise<Page> {
  page.on('dialog', asked => void asked.accept())
  await page.reload()
  await page.locator('[data-page-title]').first().waitFor()
  await page.getByRole('link', { name: 'members' }).waitFor()
  await page.close()
  return unlocked(browser)
}
