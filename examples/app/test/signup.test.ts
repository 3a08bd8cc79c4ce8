/** Consent at the door: each purpose by itself, nothing ticked, evidence, and no way back to whoever was before. */
import type { Page } from 'playwright'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { textIn } from '../src/i18n/policy'
import type { AppBrowser, Look } from './browser'
import { POLICY } from './centre'
import { expectNarrow, expectSound, NARROWEST, pressKey, tabTo, typeKeys, wordsOf } from './screen'
import { go, PASSPHRASE, seed, unlocked } from './seed'
import { sharedBrowsers } from './shared-browser'

// Argon2 and a real Chromium, beside other tests: generous, since only what hangs is to be found.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 })

const open = sharedBrowsers()
let browser: AppBrowser
afterEach(async () => {
  await browser.close()
  expect(browser.complaints).toEqual([])
  expect(browser.strangers).toEqual([])
})

type Language = 'en' | 'fa'
const OFFERED = ['prayer-times', 'newsletter'] as const

async function begin(look: Look = {}): Promise<Page> {
  browser = await open(look)
  await seed(browser, { name: 'members', policy: POLICY, contacts: [] })
  return unlocked(browser)
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const described = (purpose: string, language: Language): string =>
  textIn(POLICY.purposes[purpose]?.description ?? '', language).text

/** The volunteer chooses what is offered, and hands the device over. */
async function handOver(page: Page, language: Language): Promise<void> {
  const { offer } = wordsOf(language, 'signup')
  await go(page, '/signup')
  await page.getByText(offer.which).waitFor()
  expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0)
  for (const purpose of OFFERED) await page.locator('label.tile', { hasText: described(purpose, language) }).click()
  await button(page, offer.handOver).click()
  await page.getByText(wordsOf(language, 'signup').greeting.lead).waitFor()
}

async function answer(page: Page, language: Language, said: 'yes' | 'no'): Promise<void> {
  const { question } = wordsOf(language, 'signup')
  await page.getByRole('radiogroup', { name: question.label }).waitFor()
  expect(await page.getByRole('radio', { checked: true }).count()).toBe(0)
  await page
    .locator('label.tile')
    .nth(said === 'yes' ? 0 : 1)
    .click()
  await button(page, wordsOf(language, 'common').continue).click()
}

async function takeBack(page: Page, language: Language): Promise<void> {
  const { leave } = wordsOf(language, 'signup')
  await button(page, leave.button).click()
  await page.getByLabel(leave.passphrase).fill(PASSPHRASE)
  await button(page, leave.yes).click()
  await page.getByText(wordsOf(language, 'signup').offer.back).waitFor()
}

async function toPeople(page: Page): Promise<void> {
  await go(page, '/people')
  await page.getByRole('heading', { level: 1 }).waitFor()
}

describe.each(['en', 'fa'] as const)('somebody at the door (%s)', language => {
  const words = wordsOf(language, 'signup')
  const common = wordsOf(language, 'common')

  const seen = (page: Page) => (language === 'en' ? expectSound(page) : expectNarrow(page))

  test('says yes to one and no to another, signs, and is a person of the vault with both on record', async () => {
    const page = await begin({ language, width: NARROWEST, light: language === 'fa' ? 'dark' : 'light' })
    await go(page, '/signup')
    await page.getByText(words.offer.which).waitFor()
    await expectSound(page)
    await handOver(page, language)
    await expectSound(page)
    await button(page, language === 'fa' ? 'فارسی' : 'English').click()

    await page.getByText(words.question.lead).waitFor()
    await button(page, common.continue).click()
    await page.getByText(words.question.missed).waitFor()
    await seen(page)
    await page.getByText('Pigeon SMS').waitFor()
    await answer(page, language, 'yes')
    await answer(page, language, 'no')

    await page.getByRole('heading', { name: words.details.title }).waitFor()
    expect(await page.getByLabel(words.details.emails).count()).toBe(0)
    await button(page, common.continue).click()
    await page.getByText(words.details.wrong.name).waitFor()
    await seen(page)
    await page.getByLabel(words.details.name, { exact: true }).fill('Sara Karimi')
    await page.getByLabel(words.details.phones, { exact: true }).fill('07700 900123')
    await button(page, common.continue).click()

    await page.getByRole('tab', { name: words.proof.drawn }).click()
    await button(page, common.continue).click()
    await page.getByText(words.proof.missed.drawn).waitFor()
    await sign(page)
    await page.getByText(words.sign.there, { exact: true }).waitFor()
    await seen(page)
    await button(page, common.continue).click()

    await page.getByRole('heading', { name: words.summary.title }).waitFor()
    await page.getByText('07700 900123').waitFor()
    await expectSound(page)
    await button(page, words.summary.agree).click()
    await page.getByRole('heading', { name: words.thanks.title }).waitFor()
    await page.getByText(words.thanks.refused).waitFor()
    expect(await page.getByText('Sara Karimi').count()).toBe(0)
    await expectSound(page)
    const saved = page.waitForEvent('download')
    await button(page, words.thanks.download).click()
    const receipt = await textOf(await saved)
    expect(receipt).toContain(described('prayer-times', language))
    expect(receipt).not.toMatch(/Sara|900123/)
    await button(page, common.done).click()

    await page.getByText(words.greeting.lead).waitFor()
    await takeBack(page, language)
    await toPeople(page)
    await page.locator('[data-at]', { hasText: 'Sara Karimi' }).waitFor()
    expect(await page.locator('[data-at]').count()).toBe(1)
  })
})

/** With the mouse, in one stroke. */
async function sign(page: Page): Promise<void> {
  const box = await page.locator('canvas').boundingBox()
  if (!box) throw new Error('There is nothing to sign on.')
  await page.mouse.move(box.x + 20, box.y + 20)
  await page.mouse.down()
  for (let at = 0; at < 10; at++) await page.mouse.move(box.x + 20 + at * 12, box.y + 20 + (at % 3) * 15)
  await page.mouse.up()
}

async function textOf(download: { createReadStream(): Promise<NodeJS.ReadableStream> }): Promise<string> {
  let text = ''
  for await (const chunk of await download.createReadStream()) text += String(chunk)
  return text
}

test('the whole form is filled in by keyboard, and signed with the arrow keys', async () => {
  const page = await begin()
  const [words, common] = [wordsOf('en', 'signup'), wordsOf('en', 'common')]
  await handOver(page, 'en')
  await pressKey(page, button(page, 'English'))
  for (const said of ['yes', 'yes']) {
    await page.getByText(words.question.lead).waitFor()
    await tabTo(page, page.getByRole('radio').first())
    await page.keyboard.press('Space')
    expect(await page.getByRole('radio', { name: words.question[said as 'yes'] }).isChecked()).toBe(true)
    await pressKey(page, button(page, common.continue))
  }
  await typeKeys(page, page.getByLabel(words.details.name, { exact: true }), 'Omid Rahimi')
  await typeKeys(page, page.getByLabel(words.details.phones, { exact: true }), '07700 900124')
  await typeKeys(page, page.getByLabel(words.details.emails, { exact: true }), 'omid@example.org')
  await pressKey(page, button(page, common.continue))
  await tabTo(page, page.getByRole('tab', { name: words.proof.typed }))
  await page.keyboard.press('ArrowRight')
  await tabTo(page, page.locator('canvas'))
  for (const key of ['Space', 'ArrowRight', 'ArrowRight', 'ArrowDown', 'Space']) await page.keyboard.press(key)
  await page.getByText(words.sign.there, { exact: true }).waitFor()
  await pressKey(page, button(page, common.continue))
  await pressKey(page, button(page, words.summary.agree))
  await page.getByRole('heading', { name: words.thanks.title }).waitFor()
})

test('whoever declines everything leaves nothing, and is told so', async () => {
  const page = await begin()
  const [words, common] = [wordsOf('en', 'signup'), wordsOf('en', 'common')]
  await handOver(page, 'en')
  await button(page, 'English').click()
  for (const _ of OFFERED) await answer(page, 'en', 'no')
  await page.getByText(words.declined.nothing).waitFor()
  await expectSound(page)
  await button(page, common.done).click()
  await takeBack(page, 'en')
  await toPeople(page)
  await page.getByText(wordsOf('en', 'people').empty.title).waitFor()
})

test('the device can’t be taken from the form: not by address, not by the back button, not without the passphrase', async () => {
  const page = await begin()
  const words = wordsOf('en', 'signup')
  await handOver(page, 'en')
  await button(page, 'English').click()
  await answer(page, 'en', 'yes')
  for (const address of ['/people', '/settings', '/new', '/']) {
    await page.evaluate(to => {
      location.hash = to
    }, address)
    await page.waitForURL(/#\/signup$/)
  }
  await page.goBack()
  await page.waitForURL(/#\/signup$/)
  await page.getByText(described('newsletter', 'en')).waitFor()
  expect(await page.getByRole('navigation').count()).toBe(0)
  await button(page, words.leave.button).click()
  await page.getByLabel(words.leave.passphrase).fill('not the passphrase at all')
  await button(page, words.leave.yes).click()
  await page.getByText(words.leave.wrong).waitFor()
  await expectSound(page)
  await page.getByLabel(words.leave.passphrase).fill(PASSPHRASE)
  await button(page, words.leave.yes).click()
  await page.getByText(words.offer.back).waitFor()
})

test('a form that was left half-filled empties itself, and so does the thank-you', async () => {
  const page = await begin()
  const [words, common] = [wordsOf('en', 'signup'), wordsOf('en', 'common')]
  await handOver(page, 'en')
  await page.clock.install()
  await button(page, 'English').click()
  await answer(page, 'en', 'yes')
  await answer(page, 'en', 'no')
  await page.getByLabel(words.details.name, { exact: true }).fill('Nora')
  await page.clock.fastForward('03:00')
  await page.getByText(words.greeting.lead).waitFor()
  await button(page, 'English').click()
  await answer(page, 'en', 'yes')
  await answer(page, 'en', 'no')
  expect(await page.getByLabel(words.details.name, { exact: true }).inputValue()).toBe('')
  await page.getByLabel(words.details.name, { exact: true }).fill('Nora Clarke')
  await page.getByLabel(words.details.phones, { exact: true }).fill('07700 900125')
  await button(page, common.continue).click()
  await page.getByLabel(words.proof.name).fill('Nora Clarke')
  await button(page, common.continue).click()
  await button(page, words.summary.agree).click()
  await page.getByRole('heading', { name: words.thanks.title }).waitFor()
  await page.clock.runFor(61_000)
  await page.getByText(words.greeting.lead).waitFor()
})

test('a photo of the paper proves it; a file that is none is told', async () => {
  const page = await begin()
  const [words, common] = [wordsOf('en', 'signup'), wordsOf('en', 'common')]
  await handOver(page, 'en')
  await button(page, 'English').click()
  await answer(page, 'en', 'yes')
  await answer(page, 'en', 'no')
  await page.getByLabel(words.details.name, { exact: true }).fill('Zoe Patel')
  await page.getByLabel(words.details.phones, { exact: true }).fill('07700 900126')
  await button(page, common.continue).click()
  await page.getByRole('tab', { name: words.proof.photo }).click()
  const file = page.locator('input[type=file]')
  await file.setInputFiles({ name: 'paper.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('not a picture') })
  await page.getByText(words.proof.photoWrong).waitFor()
  await file.setInputFiles({ name: 'paper.png', mimeType: 'image/png', buffer: await page.screenshot() })
  await page.getByAltText(words.proof.photoAlt).waitFor()
  await expectSound(page)
  await button(page, common.continue).click()
  await button(page, words.summary.agree).click()
  await page.getByRole('heading', { name: words.thanks.title }).waitFor()
})
