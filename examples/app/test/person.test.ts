/** One person in the built app: what is shown and what is behind a reveal, changing, adding, renewing, and every way of leaving. */

import type { Card } from '@amanat/vault'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cardOf, draftOf, EMPTY, patchOf, replaced, withName } from '../src/screens/person/card-draft'
import { forgets } from '../src/screens/person/forgets'
import { wouldEnd } from '../src/screens/person/lasts'
import type { Consent } from '../src/screens/person/look-at'
import { type AppBrowser, openBrowser } from './browser'
import { crowd, POLICY, phone } from './centre'
import { go, seed, unlocked } from './seed'

describe('a card in a form', () => {
  const card = {
    '@type': 'Card',
    version: '2.0',
    name: {
      full: 'Sara Karimi',
      components: [
        { kind: 'given', value: 'Sara' },
        { kind: 'surname', value: 'Karimi' },
      ],
    },
    phones: { p1: { number: phone(1), features: { mobile: true } }, p2: { number: phone(2) } },
    notes: { n1: { note: 'calls back' } },
  } as Card

  test('changes nothing that was not changed', () => expect(patchOf(card, draftOf(card), POLICY)).toEqual({}))

  test('patches a number and leaves what stands beside it, removes an emptied one, adds a new one', () => {
    const draft = draftOf(card)
    const phones = [
      { key: 'p1', text: phone(9) },
      { key: 'p2', text: ' ' },
      { key: 'p3', text: phone(3) },
    ]
    const wanted = { ...draft, entries: { ...draft.entries, phones } }
    expect(patchOf(card, wanted, POLICY)).toEqual({
      phones: { p1: { number: phone(9) }, p2: null, p3: { number: phone(3) } },
    })
    expect(replaced(card, wanted).map(({ text }) => text)).toEqual([phone(1), phone(2)])
  })

  test('lets the whole name follow its parts, until somebody wrote it otherwise', () => {
    expect(withName(draftOf(card), 'surname', 'Clarke').full).toBe('Sara Clarke')
    expect(withName({ ...draftOf(card), full: 'Sara K.' }, 'surname', 'Clarke').full).toBe('Sara K.')
  })

  test('makes a new card of what was filled in and of nothing else', () => {
    const draft = { ...withName(EMPTY, 'full', 'Omid'), birthday: '1990-05-03', custom: { 'x:diet': 'no nuts' } }
    expect(cardOf(draft, POLICY)).toEqual({
      '@type': 'Card',
      version: '2.0',
      name: { full: 'Omid' },
      anniversaries: { b1: { kind: 'birth', date: { '@type': 'PartialDate', year: 1990, month: 5, day: 3 } } },
      'x:diet': 'no nuts',
    })
  })
})

describe('what is said before it is forgotten', () => {
  const consent = (purpose: string, until: string): Consent =>
    ({ purpose, state: 'given', until, fields: POLICY.purposes[purpose]?.fields, events: [] }) as unknown as Consent
  const both = [consent('prayer-times', '2027-01-01T00:00:00Z'), consent('newsletter', '2027-06-01T00:00:00Z')]

  test('are the fields that no other consent holds', () =>
    expect(forgets(both, ['prayer-times'], POLICY)).toEqual({ fields: ['phones'], sooner: [], everything: false }))

  test('is a sooner date for what a shorter consent still holds', () =>
    expect(forgets(both, ['newsletter'], POLICY).sooner).toEqual([{ field: 'name', until: '2027-01-01T00:00:00Z' }]))

  test('is everything when nothing else holds them', () =>
    expect(forgets(both, ['newsletter', 'prayer-times'], POLICY).everything).toBe(true))

  test('is a month at most for a mere claim', () => {
    const given = Date.parse('2026-03-01T10:00:00Z')
    expect(wouldEnd(given, 'P1Y', true).slice(0, 10)).toBe('2026-03-31')
    expect(wouldEnd(given, 'P1Y', false).slice(0, 10)).toBe('2027-03-01')
  })
})

let browser: AppBrowser
let page: Page
let ids: readonly string[]

beforeAll(async () => {
  browser = await openBrowser()
  ids = await seed(browser, { name: 'members', policy: POLICY, contacts: crowd(120) })
  page = await unlocked(browser)
}, 120_000)
afterAll(() => browser.close())

const button = (name: string | RegExp, on = page) => on.getByRole('button', { name })
const dialog = () => page.getByRole('dialog')

/** What react-aria is just reading out names a button that may be gone: left out. */
async function isSound(on: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page: on }).exclude('[data-live-announcer]').analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  const [wide, screen] = await on.evaluate(() => [document.documentElement.scrollWidth, innerWidth] as const)
  expect(wide).toBeLessThanOrEqual(screen)
}

/** Nothing is chosen before somebody does. */
async function saidHow(way: string): Promise<void> {
  await button(/How did they say yes/).click()
  await page.getByRole('option', { name: way }).click()
}

async function open(n: number, on = page): Promise<void> {
  await go(on, `/people/${ids[n]}`)
  await on.locator('.person-purpose, .empty').first().waitFor()
}

test('shows why, until when and for whom somebody is held, and no way to reach them', async () => {
  await open(4)
  const text = (await page.locator('main').textContent()) ?? ''
  for (const said of [
    'Text you prayer times',
    'newsletter',
    'evidenced',
    'Pigeon SMS',
    'noted by Leila',
    'not shown yet',
  ])
    expect(text).toContain(said)
  expect(text).not.toContain('7700')
  expect(text).not.toContain('@')
  await isSound(page)
})

test('reveals when asked to, with what is left, and hides again when the page is left', async () => {
  expect(await page.locator('.person-purpose').last().textContent()).toContain('You may look at 12 more')
  await button(/Show: Phone numbers/).click()
  const call = page.getByRole('link', { name: phone(4) })
  await call.waitFor()
  await expect.poll(() => call.getAttribute('href')).toBe('tel:+447700900004')
  expect(await page.locator('main').textContent()).toContain('source: sign-up sheet, 3 May')
  await button(/Show: E-mail/).click()
  expect(await page.getByRole('link', { name: 'person4@example.org' }).getAttribute('href')).toBe(
    'mailto:person4@example.org',
  )
  await isSound(page)
  await go(page, '/people')
  await open(4)
  await button(/Show: Phone numbers/).waitFor()
  expect(await page.locator('main').textContent()).not.toContain('7700')
})

test('takes one purpose back: says first what only it holds, and then that is gone', async () => {
  await open(8)
  await page
    .locator('.person-purpose', { hasText: 'newsletter' })
    .getByRole('button', { name: 'They take it back' })
    .click()
  await dialog().getByText('This is forgotten').waitFor()
  const said = await dialog().getByRole('listitem').allTextContents()
  expect(said).toContain('E-mail addresses')
  expect(said).not.toContain('Name')
  expect(said).not.toContain('Phone numbers')
  await isSound(page)
  await button('Take back and forget').click()
  await page.getByText('Taken back, and forgotten.').waitFor()
  await page.locator('.person-others', { hasText: 'took it back' }).waitFor()
  expect(await page.locator('.person-purpose').count()).toBe(1)
})

test('with the keyboard alone: somebody who goes altogether leaves a page that says so', async () => {
  await open(9)
  await button('They take it back').focus()
  await page.keyboard.press('Enter')
  await dialog().getByText('everything is forgotten').waitFor()
  for (
    let i = 0;
    i < 6 && !(await button('Take back and forget').evaluate(each => each === document.activeElement));
    i++
  )
    await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText('Nothing holds this person any more').waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  await isSound(page)
  await go(page, '/people')
  await page.locator('.people-standing').waitFor()
  await open(9)
  await page.getByText('This person isn’t in the vault').waitFor()
})

test('erases for good, and then nobody adds that number again by hand', async () => {
  await open(10)
  await button('Erase this person').click()
  await dialog().getByText('Never bring them back').waitFor()
  await isSound(page)
  await button('Erase for good').click()
  await page.getByText('This person was erased').waitFor()
  await go(page, '/people/new')
  await page.getByText('Text you prayer times during Ramadan').first().click()
  await saidHow('in a talk or a call')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Somebody')
  await page.getByRole('textbox', { name: /^Phone numbers/ }).fill(phone(10))
  await button('Add').click()
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').textContent()).toContain('may have left')
  await go(page, '/people')
  await button('Leave it').click()
  await page.waitForURL(/#\/people$/)
})

test('writes down a no and a new yes, each in the timeline', async () => {
  await open(11)
  const chat = page.locator('.person-others li', { hasText: 'community chat' })
  await chat.getByRole('button', { name: 'They say no' }).click()
  await button('Write down the no').click()
  await chat.getByText('said no').waitFor()
  await button('They say yes again').click()
  await dialog().getByText('lasts thirty days at most').waitFor()
  await dialog().getByText('That is sooner than now').waitFor()
  await dialog().getByText('Pigeon SMS').click()
  expect(await button('Write down the yes').isDisabled()).toBe(true)
  await saidHow('on paper')
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'form.txt', mimeType: 'text/plain', buffer: Buffer.from('yes') })
  await dialog().getByText('the yes is evidenced').waitFor()
  await isSound(page)
  await button('Write down the yes').click()
  await page.getByText(/Written down, until/).waitFor()
  await expect.poll(() => page.locator('.person-timeline').textContent()).toContain('Yes again:')
})

test('adds somebody with a claim, and says who may be the same', async () => {
  await go(page, '/people/new')
  await page.getByText('Text you prayer times during Ramadan').first().click()
  await page.getByText('Still needed: how they said yes.').waitFor()
  expect(await button('Add').isDisabled()).toBe(true)
  await saidHow('in a talk or a call')
  await page.getByText('Given and family name apart').click()
  await page.getByRole('textbox', { name: 'Given name' }).fill('Parvaneh')
  await page.getByRole('textbox', { name: 'Family name' }).fill('Rad')
  await page.getByRole('textbox', { name: /^Phone numbers/ }).fill('۰۷۷۰۰ ۹۰۰۰۱۲')
  await isSound(page)
  await button('Add').click()
  await page.getByText('They are in').waitFor()
  const same = page.locator('.say', { hasText: 'Perhaps somebody who is here already' })
  await expect.poll(() => same.getByRole('link').getAttribute('href')).toContain(ids[12])
  expect(await page.locator('main').textContent()).toContain('(claimed)')
  await isSound(page)
  await page.getByRole('link', { name: 'Look at the page' }).click()
  await expect.poll(() => page.locator('h1').textContent()).toBe('Parvaneh Rad')
})

test('asks before what was typed is lost, on the browser’s own way back as well', async () => {
  await go(page, '/people')
  await page.locator('[data-at]').first().waitFor()
  await go(page, '/people/new')
  await page.getByLabel('Name', { exact: true }).fill('Half a na')
  await page.goBack()
  await page.getByText('Leave without saving?').waitFor()
  await isSound(page)
  await page.getByRole('button', { name: 'Stay here' }).click()
  expect(page.url()).toMatch(/#\/people\/new$/)
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Half a na')
  await page.goBack()
  await page.getByRole('button', { name: 'Leave it' }).click()
  await page.waitForURL(/#\/people$/)
  await page.locator('[data-at]').first().waitFor()
})

test('two tabs that edit the same person: both versions, and a choice', async () => {
  const other = await unlocked(browser)
  for (const tab of [page, other]) {
    await go(tab, `/people/${ids[16]}/edit`)
    await button('Show and edit', tab).click()
    await tab.getByRole('textbox', { name: 'Family name' }).waitFor()
  }
  await other.getByRole('textbox', { name: 'Family name' }).fill('Theirs')
  await other.getByText('When you save, this is forgotten').waitFor()
  await button('Save', other).click()
  await other.locator('.person-purpose').first().waitFor()
  await other.close()

  await page.getByRole('textbox', { name: 'Family name' }).fill('Mine')
  await page.getByRole('textbox', { name: /^Phone numbers/ }).fill('07700 900777')
  await button('Save').click()
  await page.getByText('Somebody else changed this person meanwhile').waitFor()
  const [mine, theirs] = await page.getByRole('radio').all()
  expect(await page.getByRole('radiogroup').count()).toBe(1)
  await isSound(page)
  await theirs?.check({ force: true })
  await mine?.check({ force: true })
  await button('Save').click()
  await page.locator('.person-purpose').first().waitFor()
  expect(await page.locator('h1').textContent()).toContain('Mine')
  await button(/Show: Phone numbers/).click()
  await page.getByRole('link', { name: '07700 900777' }).waitFor()
})

test('stops at the limit in words, with when it resets', async () => {
  for (let n = 20; n < 34; n++) {
    await open(n)
    await button(/Show: Phone numbers/).click()
    await page.locator('.person-reach, [role=alert]').first().waitFor()
    if (await page.getByRole('alert').count()) break
  }
  expect(await page.getByRole('alert').textContent()).toMatch(/looked at .* from \d/s)
})

test('reads in Persian, on the smallest screen and in the dark', async () => {
  await button('فارسی').click()
  await page.setViewportSize({ width: 320, height: 640 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await open(40)
  await page.getByRole('heading', { name: 'آنچه گفته است' }).waitFor()
  expect(await page.locator('.person-purpose').first().textContent()).toMatch(/[۰-۹]+ روز مانده/)
  await isSound(page)
  await button('پاک کردن این شخص').click()
  await dialog().getByText('هرگز برنگردد').waitFor()
  await isSound(page)
  await button('پاک کردن برای همیشه').click()
  await page.getByText('این شخص پاک شد').waitFor()
  await go(page, '/people/new')
  await page.getByText('با چه چیزی موافقت کرد؟').waitFor()
  await page.getByText('فرستادن اوقات شرعی').first().click()
  await isSound(page)
})

test('asks nobody else for anything, and has nothing to complain of', () => {
  expect(browser.strangers).toEqual([])
  expect(browser.complaints).toEqual([])
})
