// The story, played in the built app by somebody with a keyboard: each step does what it says in both languages, nothing of it is
// kept, and a reload begins it again. That the numbers are right is asked in story-acts.test.ts, without a page.
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatFor } from '../src/i18n/format'
import { type AppBrowser, type Look, openBrowser } from './browser'
import { expectSound, pressKey, wordsOf } from './screen'

/** What stands large in the guide after each act: the number of people that the story is about there. */
const COMES = [
  ['bring', 232],
  ['signup', 95],
  ['claim', 218],
  ['chat', 232],
  ['provider', 86],
  ['leave', undefined],
  ['again', 0],
  ['time', 14],
  ['record', undefined],
] as const

/** In which the guide's three shapes are looked at beside a screen: counts, a refusal, a chart. */
const LOOKED_AT: ReadonlySet<string> = new Set(['signup', 'chat', 'time'])

async function begin(app: AppBrowser, language: 'en' | 'fa'): Promise<Page> {
  const page = await app.tab('/story')
  await pressKey(page, page.getByRole('button', { name: wordsOf(language, 'tour').start, exact: true }))
  await page.getByRole('complementary', { name: wordsOf(language, 'tour').guide.label }).waitFor()
  return page
}

/** What a page of this origin could find afterwards. */
const kept = (page: Page) =>
  page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name).filter(name => name !== 'amanat-vaults'),
    folders: await navigator.storage.getDirectory().then(async folder => {
      const names: string[] = []
      for await (const name of folder.keys()) names.push(name)
      return names
    }),
    local: Object.keys(localStorage).filter(key => key !== 'amanat-app:language'),
    session: Object.keys(sessionStorage),
  }))

const LOOKS: readonly (Look & { readonly language: 'en' | 'fa' })[] = [
  { language: 'en', width: 1280, height: 800, light: 'light' },
  { language: 'fa', width: 360, height: 740, light: 'dark' },
]

describe.each(LOOKS)('the story ($language, $width px, $light)', look => {
  const words = wordsOf(look.language, 'tour')
  const { number } = formatFor(look.language)
  let app: AppBrowser
  let page: Page
  beforeAll(async () => {
    app = await openBrowser(look)
  })
  afterAll(() => app.close())

  test('says what it is, and begins', async () => {
    const first = await app.tab('/story')
    await expectSound(first)
    await first.close()
    page = await begin(app, look.language)
    await page.getByRole('region', { name: words.band.label }).getByText(words.band.kept).waitFor()
    await page.getByRole('heading', { name: words.steps.begin.title }).waitFor()
    // The guide is there before the screen that it speaks of.
    await page.locator('main .empty').waitFor()
    await expectSound(page)
  }, 120_000)

  test('plays to its end with the keyboard alone, and each act answers as its people did', async () => {
    const guide = page.getByRole('complementary', { name: words.guide.label })
    for (const [name, people] of COMES) {
      await pressKey(page, guide.getByRole('button', { name: words.guide.next, exact: true }))
      const title = guide.getByRole('heading', { name: words.steps[name].title, exact: true })
      await title.waitFor()
      await expect.poll(() => title.evaluate(element => element === document.activeElement)).toBe(true)
      await pressKey(page, guide.getByRole('button', { name: words.steps[name].do, exact: true }))
      const big = guide.locator('.guide-big')
      await big.waitFor({ timeout: 120_000 })
      const said = (await big.textContent()) ?? ''
      if (people !== undefined) expect(said).toContain(number(people))
      // A screen is loaded when it is first gone to.
      await page.locator('main [data-page-title]').waitFor()
      if (LOOKED_AT.has(name)) await expectSound(page)
    }
    await pressKey(page, guide.getByRole('button', { name: words.guide.next, exact: true }))
    await guide.getByRole('heading', { name: words.steps.end.title }).waitFor()
  }, 300_000)

  test('the screens behind it show the same', async () => {
    const { nav } = wordsOf(look.language, 'common')
    await page.getByRole('navigation').getByRole('link', { name: nav.people }).click()
    await page.getByRole('main').getByText(number(14)).first().waitFor()
  })

  test('leaving it ends at the welcome, with nothing kept', async () => {
    const band = page.getByRole('region', { name: words.band.label })
    await pressKey(page, band.getByRole('button', { name: words.band.leave }))
    await band.waitFor({ state: 'detached' })
    await page.waitForURL(url => url.hash === '#/' || url.hash === '')
    expect(await kept(page)).toEqual({ databases: [], folders: [], local: [], session: [] })
    await page.reload()
    await page.getByRole('heading', { name: wordsOf(look.language, 'common').tagline }).waitFor()
  })

  test('a reload in the middle begins it again, and says so', async () => {
    const again = await begin(app, look.language)
    await again.getByRole('button', { name: words.guide.next, exact: true }).click()
    await again.getByRole('button', { name: words.steps.bring.do }).click()
    await again.locator('.guide-big').waitFor()
    await again.reload()
    await again.getByText(words.interrupted, { exact: true }).waitFor()
    expect(await again.evaluate(() => location.hash)).toBe('#/story')
    await expectSound(again)
    await again.getByRole('button', { name: words.startAgain }).click()
    await again.getByRole('heading', { name: words.steps.begin.title }).waitFor()
    // The lock ends it as well, and isn't taken for a reload.
    await again.getByRole('button', { name: wordsOf(look.language, 'common').lock, exact: true }).click()
    await again.getByRole('region', { name: words.band.label }).waitFor({ state: 'detached' })
    expect(await again.evaluate(() => location.hash)).toBe('#/')
    expect(await kept(again)).toMatchObject({ session: [] })
  }, 120_000)

  test('the page for developers shows its lines', async () => {
    const about = await app.tab('/about')
    await about.getByText('examples/app/src/screens/handover/handover.tsx').waitFor()
    expect(await about.locator('pre').count()).toBeGreaterThan(12)
    await expectSound(about)
  })

  test('nothing was asked of anybody else, and nothing complained', () => {
    expect(app.strangers).toEqual([])
    expect(app.complaints).toEqual([])
  })
})

describe('the real hand-over screen in the story', () => {
  const words = wordsOf('en', 'tour')
  let app: AppBrowser
  beforeAll(async () => {
    app = await openBrowser({ language: 'en', width: 1280 })
  })
  afterAll(() => app.close())

  test('refuses the chat group all 232, and the guide knows that it was tried there', async () => {
    const page = await begin(app, 'en')
    const next = page.getByRole('button', { name: words.guide.next, exact: true })
    for (const name of ['bring', 'signup', 'claim'] as const) {
      await next.click()
      await page.getByRole('button', { name: words.steps[name].do }).click()
      await page.locator('.guide-big').waitFor({ timeout: 60_000 })
    }
    await next.click()
    const main = page.getByRole('main')
    await main.getByText('232').first().waitFor()
    await main.getByRole('button', { name: /hand over/i }).click()
    await main.getByText('232').first().waitFor()
    await page.getByText(words.outcome.chat.record).waitFor()
    expect(await page.locator('.guide-big').textContent()).toContain('232')
  }, 180_000)
})
