/** The list of people in the built app: order, counts, finding, the keyboard, other tabs, small screens, both languages. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lookUpFor } from '../src/screens/people/look-up'
import { type AppBrowser, openBrowser } from './browser'
import { crowd, POLICY, phone } from './centre'
import { go, seed, unlocked } from './seed'

describe('what is typed into the search field', () => {
  test.each([
    ['Sara', { kind: 'text', text: 'Sara' }],
    ['  کریمی ', { kind: 'text', text: 'کریمی' }],
    ['Room 12', { kind: 'text', text: 'Room 12' }],
    ['07700 900123', { kind: 'phone', phone: '07700 900123' }],
    ['+44 (0)7700-900123', { kind: 'phone', phone: '+44 (0)7700-900123' }],
    ['۰۷۷۰۰ ۹۰۰۱۲۳', { kind: 'phone', phone: '۰۷۷۰۰ ۹۰۰۱۲۳' }],
    ['٠٧٧٠٠٩٠٠١٢٣', { kind: 'phone', phone: '٠٧٧٠٠٩٠٠١٢٣' }],
    ['0770', { kind: 'unfinished' }],
    ['sara@', { kind: 'unfinished' }],
    ['sara@example.org', { kind: 'email', email: 'sara@example.org' }],
  ])('%s is told by its letters and digits', (typed, meant) => expect(lookUpFor(typed)).toEqual(meant))
})

const COUNT = 400
let browser: AppBrowser
let page: Page
let ids: readonly string[]

beforeAll(async () => {
  browser = await openBrowser()
  const soon = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10)
  const contacts = crowd(COUNT).map((contact, n) =>
    n === 7 ? { ...contact, consents: [{ purpose: 'prayer-times', isProved: true, until: soon }] } : contact,
  )
  ids = await seed(browser, { name: 'members', policy: POLICY, contacts })
  page = await unlocked(browser)
}, 120_000)
afterAll(() => browser.close())

const names = (on = page) => on.locator('.people-name').allTextContents()
const rows = (on = page) => on.locator('[data-at]')
const search = () => page.getByRole('searchbox')
const inPersian = () => page.getByRole('button', { name: 'فارسی' }).click()
const inEnglish = () => page.getByRole('button', { name: 'English' }).click()

/** Nothing that axe finds wrong, and nothing wider than the screen. What react-aria is just reading out names a button that may be gone. */
async function isSound(on: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page: on }).exclude('[data-live-announcer]').analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  const [wide, screen] = await on.evaluate(() => [document.documentElement.scrollWidth, innerWidth] as const)
  expect(wide).toBeLessThanOrEqual(screen)
}

test('lists everybody of the purpose with the most people, by name, with counts and what is left of the meter', async () => {
  await rows().first().waitFor()
  await expect.poll(() => page.getByRole('grid').getAttribute('aria-rowcount')).toBe(String(COUNT))
  const seen = await names()
  expect(seen).toEqual(seen.toSorted(new Intl.Collator('en-GB', { sensitivity: 'base', numeric: true }).compare))
  const text = await page.locator('.people-standing').textContent()
  expect(text).toContain('400 people')
  expect(text).toContain('1 ends within 14 days')
  expect(text).toContain('12 more people')
  expect(await page.locator('main').textContent()).not.toContain('7700')
  await isSound(page)
})

test('shows who ends first where that is asked for', async () => {
  await page.getByRole('button', { name: 'Ending first' }).click()
  await expect.poll(() => rows().first().textContent()).toContain('days left')
  await page.getByRole('button', { name: 'By name' }).click()
})

test('goes through everybody with the keyboard alone, with thirty rows in the page', async () => {
  await search().focus()
  for (
    let i = 0;
    i < 8 &&
    !(await rows()
      .first()
      .evaluate(row => row === document.activeElement));
    i++
  )
    await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLElement).dataset.at)).toBe('1')
  await page.keyboard.press('End')
  await expect
    .poll(() => page.evaluate(() => (document.activeElement as HTMLElement).dataset.at))
    .toBe(String(COUNT - 1))
  expect(await page.locator(':focus').isVisible()).toBe(true)
  expect(await rows().count()).toBeLessThan(60)
  await page.keyboard.press('PageUp')
  await expect
    .poll(() => page.evaluate(() => Number((document.activeElement as HTMLElement).dataset.at)))
    .toBeLessThan(COUNT - 2)
  const name = await page.locator(':focus .people-name').textContent()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('h1').textContent()).toBe(name)
  await page.goBack()
  // Back where one was, though that row wasn't in the page when the list was: it has the focus.
  await expect.poll(() => page.locator(':focus .people-name').textContent()).toBe(name)
  expect(Number(await page.locator(':focus').getAttribute('data-at'))).toBeGreaterThan(300)
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(1_000)
})

test('finds a name however it is written, and says how many', async () => {
  await search().fill('كريمي')
  await expect.poll(() => page.getByRole('status').first().textContent()).toMatch(/\d+ people found/)
  expect((await names()).every(name => name.includes('کریمی'))).toBe(true)
  await rows().nth(1).click()
  await page.locator('h1', { hasText: 'کریمی' }).waitFor()
  await page.goBack()
  await expect.poll(() => page.locator(':focus').getAttribute('data-at')).toBe('1')
  await search().fill('nobody of this name')
  await page.getByText('Nobody found').waitFor()
  expect(await page.getByRole('link', { name: 'Bring a list in' }).getAttribute('href')).toBe('#/bring')
  await isSound(page)
})

test('looks a number up only when asked, in any digits, and says that it counts', async () => {
  await search().fill('۰۷۷۰۰ ۹۰۰۰۰۳')
  await page.getByText('You may look at 12 more').waitFor()
  await search().press('Enter')
  await page.getByText('1 person found').waitFor()
  expect(await rows().first().getAttribute('href')).toBe(`#/people/${ids[3]}`)
  await expect.poll(() => page.locator('.people-meter').textContent()).toContain('11 more')
  await search().fill(phone(3).slice(0, 5))
  await page.getByText('Type the whole number').waitFor()
  await page.getByRole('button', { name: 'Clear the search' }).click()
})

test('says what to do where nobody agreed yet', async () => {
  await page.getByRole('button', { name: /People who agreed to/ }).click()
  await page.getByRole('option', { name: /community chat/ }).click()
  await page.getByText('Nobody has agreed to this yet').waitFor()
  await isSound(page)
  // Whoever agreed to something else isn't missing.
  await search().fill('کریمی')
  await page.getByText('agreed to something else').waitFor()
  await isSound(page)
  await page
    .getByRole('button', { name: /prayer times.*\(\d+\)/ })
    .last()
    .click()
  await page.getByText('people found').waitFor()
  await page.getByRole('button', { name: 'Clear the search' }).click()
  await page.getByRole('button', { name: /People who agreed to/ }).click()
  await page.getByRole('option', { name: /community chat/ }).click()
  await page.getByRole('button', { name: /People who agreed to/ }).click()
  await page.getByRole('option', { name: /prayer times/ }).click()
})

test('follows what another tab does, and stays where one was reading', async () => {
  const other = await unlocked(browser)
  await page.bringToFront()
  await rows().first().waitFor()
  await page.evaluate(() => scrollTo(0, 8_000))
  await expect.poll(async () => (await rows().nth(15).getAttribute('data-at')) ?? '0').not.toBe('15')
  const first = await firstOnScreen(page)
  const gone = await page.evaluate(() => scrollY)
  // Somebody at the very top of the list leaves.
  await other.evaluate(() => scrollTo(0, 0))
  const top = (await rows(other).first().getAttribute('href'))?.slice(1) ?? ''
  await go(other, top)
  await other.getByRole('button', { name: 'Erase this person' }).click()
  await other.getByRole('button', { name: 'Erase for good' }).click()
  await other.getByText('This person was erased').waitFor()
  await page.bringToFront()
  await expect.poll(() => page.getByRole('grid').getAttribute('aria-rowcount')).toBe(String(COUNT - 1))
  await expect.poll(() => firstOnScreen(page)).toEqual(first)
  expect(await page.evaluate(() => scrollY)).toBeLessThan(gone)
  await other.close()
})

/** Who is highest on the screen, and where. */
const firstOnScreen = (on: Page) =>
  on.evaluate(() => {
    const link = [...document.querySelectorAll<HTMLElement>('[data-at]')]
      .map(each => ({ href: each.getAttribute('href'), top: Math.round(each.getBoundingClientRect().top) }))
      .filter(({ top }) => top >= 0)
      .sort((a, b) => a.top - b.top)[0]
    return link
  })

test('reads in Persian, from the right, with Persian digits, on the smallest screen and in the dark', async () => {
  await inPersian()
  await page.evaluate(() => scrollTo(0, 0))
  await page.setViewportSize({ width: 320, height: 640 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.getByRole('heading', { name: 'آدم‌ها' }).waitFor()
  await expect.poll(() => page.locator('.people-count').textContent()).toContain('۳۹۹ نفر')
  const seen = await names()
  expect(seen.slice(0, 3)).toEqual(
    seen.toSorted(new Intl.Collator('fa-IR', { sensitivity: 'base', numeric: true }).compare).slice(0, 3),
  )
  expect(await page.locator('main').textContent()).not.toMatch(/[0-9]{4}/)
  await isSound(page)
  await search().fill('کسی که نیست')
  await page.getByText('کسی پیدا نشد').waitFor()
  await isSound(page)
  await inEnglish()
})

test('asks nobody else for anything, and has nothing to complain of', () => {
  expect(browser.strangers).toEqual([])
  expect(browser.complaints).toEqual([])
})
