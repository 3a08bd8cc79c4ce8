/**
 * What the list of people costs with many of them, in a real Chromium on the built app: from the passphrase to the list, scrolling
 * through all of it, memory. Figures of one machine at one moment: to compare with, not to promise.
 */

import { type AppBrowser, openBrowser } from './browser'
import { crowd, POLICY } from './centre'
import { PASSPHRASE, seed } from './seed'

export interface Figures {
  readonly people: number
  /** From pressing "Open" to the first names on the screen, Argon2 included. */
  readonly unlockToListMs: number
  /** The longest the main thread was busy at once. */
  readonly longestTaskMs: {
    readonly opening: number
    readonly scrolling: number
    readonly toTheEnd: number
    readonly searching: number
  }
  readonly framesOver50Ms: number
  readonly heapMb: { readonly list: number; readonly scrolled: number }
  readonly domNodes: number
}

export async function measure(people: number): Promise<Figures> {
  const browser = await openBrowser({ width: 390, height: 844 })
  try {
    await seed(browser, { name: 'members', policy: POLICY, contacts: crowd(people) })
    return await measured(browser, people)
  } finally {
    await browser.close()
  }
}

async function measured(browser: AppBrowser, people: number): Promise<Figures> {
  const page = await browser.tab('/open/members')
  const devtools = await browser.context.newCDPSession(page)
  await page.evaluate(() => {
    const tasks: number[] = []
    new PerformanceObserver(list => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    })
    Object.assign(globalThis, { longest: () => Math.round(Math.max(0, ...tasks.splice(0))) })
  })
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
  return {
    people,
    unlockToListMs,
    longestTaskMs: { opening, scrolling, toTheEnd, searching },
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
  await page.locator('main input').first().fill('Leila')
  await page.locator('input[type=password]').fill(PASSPHRASE)
  await page.locator('main button[type=submit]').click()
  await page.locator('[data-at]').first().waitFor()
  await page.evaluate(() => {
    const tasks: number[] = []
    new PerformanceObserver(list => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    })
    Object.assign(globalThis, { longest: () => Math.round(Math.max(0, ...tasks.splice(0))) })
  })
  return page
}

const longestOf = (page: Page) => page.evaluate(() => (globalThis as unknown as { longest: () => number }).longest())
