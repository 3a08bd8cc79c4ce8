/**
 * What the list of people costs with many of them, in a real Chromium on the built app: from the passphrase to the list, scrolling
 * through all of it, memory. Figures of one machine at one moment: to compare with, not to promise.
 */
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
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
  /** Reading and importing: as many rows of a sheet as there are people. */
  readonly longestTask: Readonly<
    Record<'opening' | 'scrolling' | 'toTheEnd' | 'searching' | 'reading' | 'importing', Longest>
  >
  readonly framesOver50Ms: number
  readonly heapMb: { readonly list: number; readonly scrolled: number }
  readonly domNodes: number
}

/**
 * The longest the main thread was at one thing: by the clock, which on a machine with other work counts that as well, and the longest by
 * the processor's time. What the browser does for the measuring itself isn't in it.
 */
export interface Longest {
  readonly ms: number
  readonly cpuMs: number
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

interface Tasks {
  /** Of all that ran since it was asked last. */
  longest(): Promise<Longest>
  /** One page at a time is watched. */
  end(): Promise<void>
}

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly dur?: number
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/** Every task of the page's main thread, from what Chromium itself writes down of them. */
async function watchTasks(page: Page): Promise<Tasks> {
  const devtools = await page.context().newCDPSession(page)
  let events: TraceEvent[] = []
  devtools.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  const begin = () =>
    devtools.send('Tracing.start', {
      transferMode: 'ReportEvents',
      traceConfig: { recordMode: 'recordAsMuchAsPossible', includedCategories: ['toplevel'] },
    })
  await begin()
  return {
    async longest() {
      const isWhole = new Promise(done => devtools.once('Tracing.tracingComplete', done))
      await devtools.send('Tracing.end')
      await isWhole
      const isMain = ({ name, args }: TraceEvent) => name === 'thread_name' && args?.name === 'CrRendererMain'
      const mains = new Set(events.filter(isMain).map(threadOf))
      const tasks = events.filter(event => event.name.endsWith('RunTask') && mains.has(threadOf(event)))
      const most = (of: (event: TraceEvent) => number | undefined) =>
        Math.round(tasks.reduce((longest, task) => Math.max(longest, of(task) ?? 0), 0) / 1_000)
      const found = { ms: most(({ dur }) => dur), cpuMs: most(({ tdur }) => tdur) }
      events = []
      await begin()
      return found
    },
    end: () => devtools.detach(),
  }
}

const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`

/** A sheet of so many others comes in. */
async function bringIn(
  page: Page,
  tasks: Tasks,
  rows: number,
): Promise<{ readonly reading: Longest; readonly importing: Longest }> {
  const words = wordsOf('en', 'bring')
  const lines = Array.from({ length: rows }, (_, n) => `Newcomer ${n},new${n}@example.org`)
  // From a file of its own: handed over as bytes, the page would be kept busy with taking them in.
  const folder = await mkdtemp(join(tmpdir(), 'amanat-rows-'))
  const file = join(folder, 'many.csv')
  await writeFile(file, ['Name,E-mail', ...lines].join('\r\n'))
  await go(page, '/bring')
  await page.getByText(words.choose.drop).waitFor()
  await tasks.longest()
  await page.locator('input[type=file]').first().setInputFiles(file)
  await page.getByText(words.preview.title).waitFor({ timeout: LONG_MS })
  const reading = await tasks.longest()
  await page.getByLabel(words.plan.source).fill('sign-up sheet, 3 May')
  await page.getByText(words.ground['they-asked'].name, { exact: true }).click()
  await page
    .locator('button.primary', { has: page.locator('svg') })
    .last()
    .click()
  await page.getByText(words.outcome.title, { exact: true }).waitFor({ timeout: LONG_MS })
  const importing = await tasks.longest()
  await rm(folder, { recursive: true })
  return { reading, importing }
}

const LONG_MS = 300_000

async function measured(browser: AppBrowser, people: number): Promise<Omit<Figures, 'brotliKb'>> {
  const page = await browser.tab('/open/members')
  const devtools = await browser.context.newCDPSession(page)
  const tasks = await watchTasks(page)
  const heap = async () => {
    await devtools.send('HeapProfiler.collectGarbage')
    return Math.round((await devtools.send('Runtime.getHeapUsage')).usedSize / 1e5) / 10
  }

  await page.locator('main input').first().fill('Leila')
  await page.locator('input[type=password]').fill(PASSPHRASE)
  await tasks.longest()
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
  const opening = await tasks.longest()
  const list = await heap()

  await tasks.longest()
  const framesOver50Ms = await page.evaluate(scrollThrough, 600)
  const scrolling = await tasks.longest()
  const scrolled = await heap()
  const domNodes = await page.evaluate(() => document.querySelectorAll('*').length)

  // From the top to the very end at once, as with the scroll bar.
  await page.evaluate(() => scrollTo(0, 0))
  await page.reload()
  await page.locator('[data-page-title]').first().waitFor()
  await tasks.end()
  const again = await reopened(page, browser)
  const more = await watchTasks(again)
  await again.locator('[data-at]').first().focus()
  await again.keyboard.press('End')
  await again.locator(`[data-at="${people - 1}"]`).waitFor()
  const toTheEnd = await more.longest()

  await again.getByRole('searchbox').fill('Sara')
  await again.locator('[role=status]', { hasText: 'found' }).waitFor()
  const searching = await more.longest()
  const { reading, importing } = await bringIn(again, more, people)
  return {
    people,
    unlockToListMs,
    longestTask: { opening, scrolling, toTheEnd, searching, reading, importing },
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
  return page
}
