/**
 * What the list of people costs with many of them, in a real Chromium on the built app: from the passphrase to the list, scrolling
 * through all of it, memory. Figures of one machine at one moment: to compare with, not to promise.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { type AppBrowser, DIST, openBrowser } from './browser'
import { crowd, POLICY } from './centre'
import { wordsOf } from './screen'
import { go, PASSPHRASE, seed } from './seed'

export interface Figures {
  readonly people: number
  /** What comes over the network, by brotli: until the first screen stands there, and until the list of an open vault does. */
  readonly brotliKb: { readonly firstScreen: number; readonly vaultOpen: number }
  /** From pressing "Open" to the first names on the screen, Argon2 included. */
  readonly unlockToListMs: number
  /** The longest the main thread was busy at once. */
  readonly longestTaskMs: {
    readonly opening: number
    readonly scrolling: number
    readonly toTheEnd: number
    readonly searching: number
    /** As many rows of a sheet as there are people. */
    readonly reading: number
    readonly importing: number
  }
  readonly framesOver50Ms: number
  readonly heapMb: { readonly list: number; readonly scrolled: number }
  readonly domNodes: number
}

export async function measure(people: number): Promise<Figures> {
  const brotliKb = await bytesLoaded()
  const browser = await openBrowser({ width: 390, height: 844 })
  try {
    await seed(browser, { name: 'members', policy: POLICY, contacts: crowd(people) })
    return { ...(await measured(browser, people)), brotliKb }
  } finally {
    await browser.close()
  }
}

async function bytesLoaded(): Promise<Figures['brotliKb']> {
  const browser = await openBrowser({ width: 390, height: 844 })
  try {
    // Of another profile than the seed's page, whose files aren't the app's.
    const paths = new Set<string>()
    browser.context.on('request', request => paths.add(new URL(request.url()).pathname))
    const page = await browser.tab()
    await page.waitForLoadState('networkidle')
    const firstScreen = kilobytesOf(paths)
    await seed(browser, { name: 'members', policy: POLICY, contacts: crowd(50) })
    await page.close()
    const opened = await browser.tab('/open/members')
    await unlock(opened)
    await opened.waitForLoadState('networkidle')
    return { firstScreen, vaultOpen: kilobytesOf(paths) }
  } finally {
    await browser.close()
  }
}

function kilobytesOf(paths: ReadonlySet<string>): number {
  const files = [...paths].map(path => join(DIST, path === '/' ? 'index.html' : path)).filter(file => existsSync(file))
  return Math.round(files.reduce((sum, file) => sum + brotliCompressSync(readFileSync(file)).length, 0) / 1_000)
}

async function unlock(page: Page): Promise<void> {
  await page.locator('main input').first().fill('Leila')
  await page.locator('input[type=password]').fill(PASSPHRASE)
  await page.locator('main button[type=submit]').click()
  await page.locator('[data-at]').first().waitFor()
}

const watchTasks = (page: Page) =>
  page.evaluate(() => {
    const tasks: number[] = []
    new PerformanceObserver(list => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    })
    Object.assign(globalThis, { longest: () => Math.round(Math.max(0, ...tasks.splice(0))) })
  })

/** A sheet of so many others comes in. */
async function bringIn(page: Page, rows: number): Promise<{ readonly reading: number; readonly importing: number }> {
  const words = wordsOf('en', 'bring')
  const lines = Array.from({ length: rows }, (_, n) => `Newcomer ${n},new${n}@example.org`)
  const buffer = Buffer.from(['Name,E-mail', ...lines].join('\r\n'))
  await go(page, '/bring')
  await page.getByText(words.choose.drop).waitFor()
  await longestOf(page)
  await page.locator('input[type=file]').first().setInputFiles({ name: 'many.csv', mimeType: 'text/csv', buffer })
  await page.getByText(words.preview.title).waitFor({ timeout: LONG_MS })
  const reading = await longestOf(page)
  await page.getByLabel(words.plan.source).fill('sign-up sheet, 3 May')
  await page.getByText(words.ground['they-asked'].name, { exact: true }).click()
  await page
    .locator('button.primary', { has: page.locator('svg') })
    .last()
    .click()
  await page.getByText(words.outcome.title, { exact: true }).waitFor({ timeout: LONG_MS })
  return { reading, importing: await longestOf(page) }
}

const LONG_MS = 300_000

async function measured(browser: AppBrowser, people: number): Promise<Omit<Figures, 'brotliKb'>> {
  const page = await browser.tab('/open/members')
  const devtools = await browser.context.newCDPSession(page)
  await watchTasks(page)
  const longest = () => page.evaluate(() => (globalThis as unknown as { longest: () => number }).longest())
  const heap = async () => {
    await devtools.send('HeapProfiler.collectGarbage')
    return Math.round((await devtools.send('Runtime.getHeapUsage')).usedSize / 1e5) / 10
  }

  await page.locator('main input').first().fill('Leila')
  await page.locator('input[type=password]').fill(PASSPHRASE)
  await longest()
  const unlockToListMs = await page.evaluate(
    () =>
      new Promise<number>(done => {
        const start = performance.now()
        new MutationObserver((_, observer) => {
          if (!document.querySelector('[data-at] .people-name')) return
          observer.disconnect()
          requestAnimationFrame(() => done(Math.round(performance.now() - start)))
        }).observe(document.body, { childList: true, subtree: true })
        document.querySelector<HTMLButtonElement>('main button[type=submit]')?.click()
      }),
  )
  const opening = await longest()
  const list = await heap()

  await longest()
  const framesOver50Ms = await page.evaluate(scrollThrough, 600)
  const scrolling = await longest()
  const scrolled = await heap()
  const domNodes = await page.evaluate(() => document.querySelectorAll('*').length)

  // From the top to the very end at once, as with the scroll bar.
  await page.evaluate(() => scrollTo(0, 0))
  await page.reload()
  await page.locator('[data-page-title]').first().waitFor()
  const again = await reopened(page, browser)
  await again.locator('[data-at]').first().focus()
  await again.keyboard.press('End')
  await again.locator(`[data-at="${people - 1}"]`).waitFor()
  const toTheEnd = await longestOf(again)

  await again.getByRole('searchbox').fill('Sara')
  await again.locator('[role=status]', { hasText: 'found' }).waitFor()
  const searching = await longestOf(again)
  const { reading, importing } = await bringIn(again, people)
  return {
    people,
    unlockToListMs,
    longestTaskMs: { opening, scrolling, toTheEnd, searching, reading, importing },
    framesOver50Ms,
    heapMb: { list, scrolled },
    domNodes,
  }
}

/** Runs in the page: a flick of a thumb after another down the whole list; answers how many frames came late. */
function scrollThrough(step: number): Promise<number> {
  return new Promise(done => {
    let late = 0
    let before = performance.now()
    const go = () => {
      const now = performance.now()
      if (now - before > 50) late++
      before = now
      const end = document.documentElement.scrollHeight - innerHeight
      if (scrollY >= end - 1) return done(late)
      scrollBy(0, step)
      requestAnimationFrame(go)
    }
    requestAnimationFrame(go)
  })
}

type Page = Awaited<ReturnType<AppBrowser['tab']>>

async function reopened(old: Page, browser: AppBrowser): Promise<Page> {
  await old.close()
  const page = await browser.tab('/open/members')
  await unlock(page)
  await watchTasks(page)
  return page
}

const longestOf = (page: Page) => page.evaluate(() => (globalThis as unknown as { longest: () => number }).longest())
