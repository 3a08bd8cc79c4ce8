/** Bringing people in: a dry run, what is said of it, the import, and the waiting room that it fills. */
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { AppBrowser, Look } from './browser'
import { POLICY } from './centre'
import { expectNarrow, expectSound, NARROWEST, pressKey, tabTo, typeKeys, wordsOf } from './screen'
import { go, seed, unlocked, unlockHere } from './seed'
import { sharedBrowsers } from './shared-browser'

// Argon2 and a real Chromium, beside other tests: generous, since only what hangs is to be found.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 })

const open = sharedBrowsers()
let browser: AppBrowser
afterEach(() => {
  expect(browser.complaints).toEqual([])
  expect(browser.strangers).toEqual([])
})

type Language = 'en' | 'fa'

/** An empty vault, open at the screen on which people are brought in. */
async function begin(look: Look = {}): Promise<Page> {
  browser = await open(look)
  await seed(browser, { name: 'members', policy: POLICY, contacts: [] })
  const page = await unlocked(browser)
  await toBring(page, look.language)
  return page
}

/** The same, for one test. */
async function anew(look: Look = {}): Promise<Page> {
  const page = await begin(look)
  onTestFinished(() => browser.close())
  return page
}

async function toBring(page: Page, language: Language = 'en'): Promise<void> {
  await go(page, '/bring')
  await page.getByText(wordsOf(language, 'bring').choose.drop).waitFor()
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

async function choose(page: Page, name: string, content: string | Buffer): Promise<void> {
  const buffer = Buffer.from(content as string)
  await page.locator('input[type=file]').first().setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
}

/** The figure beside these words. */
async function figure(page: Page, words: string): Promise<string | null> {
  return page.locator('.bring-figures > div', { hasText: words }).locator('dd').textContent()
}

type Ground = 'they-asked' | 'soft-opt-in' | 'in-person-or-post' | 'none'

async function plan(page: Page, language: Language, ground?: Ground): Promise<void> {
  const words = wordsOf(language, 'bring')
  await page.getByLabel(words.plan.source).fill('sign-up sheet, 3 May')
  if (ground) await page.getByText(words.ground[ground].name, { exact: true }).click()
  await page
    .locator('button.primary', { has: page.locator('svg') })
    .last()
    .click()
}

const SHEET = [
  'Name,Mobile,E-mail,Title,Consent',
  'Sara Karimi,07700 900123,sara@example.org,Teacher,yes',
  'سیده فاطمه‌زهرا حسینی‌نژاد تهرانی اصل,07700 900124,,,',
  'Omid Rahimi,call me,,,',
  ',,,lost,',
  'Sara Karimi,07700 900123,sara@example.org,Teacher,yes',
].join('\r\n')

describe.each(['en', 'fa'] as const)('a sheet (%s)', language => {
  const words = wordsOf(language, 'bring')
  const number = (value: number) =>
    new Intl.NumberFormat(language === 'fa' ? 'fa-IR-u-nu-arabext' : 'en-GB').format(value)

  const seen = (page: Page) => (language === 'en' ? expectSound(page) : expectNarrow(page))

  test('is only read first, then comes in, and doubles nobody when it comes again', async () => {
    const page = await anew({ language, light: language === 'fa' ? 'dark' : 'light', width: NARROWEST })
    await seen(page)
    await choose(page, 'members.csv', SHEET)
    await page.getByText(words.preview.title).waitFor()
    expect(await figure(page, words.figure.quarantined)).toBe(number(3))
    expect(await figure(page, words.figure.twice)).toBe(number(1))
    expect(await figure(page, words.figure.unreadable)).toBe(number(1))
    await page.getByText(words.reason.ROW_WITHOUT_PERSON).waitFor()
    await page.getByText(words.doubt.PHONE_IMPOSSIBLE).waitFor()
    await page.getByText(wordsOf(language, 'common').fields.titles).first().waitFor()
    await expectSound(page)

    await page
      .locator('button.primary', { has: page.locator('svg') })
      .last()
      .click()
    await page.getByText(words.plan.sourceWrong).waitFor()
    await page.getByText(words.plan.groundWrong).waitFor()
    await plan(page, language, 'they-asked')
    await page.getByText(words.outcome.title, { exact: true }).waitFor()
    expect(await figure(page, words.figure.waits)).toBe(number(3))
    await expectSound(page)
    const saved = page.waitForEvent('download')
    await button(page, words.outcome.download).click()
    const report = await textOf(await saved)
    expect(report.split('\r\n')).toHaveLength(6)
    expect(report).not.toMatch(/Sara|900123|example\.org/)

    await button(page, words.another).click()
    await choose(page, 'members.csv', SHEET)
    await plan(page, language, 'they-asked')
    await page.getByText(words.outcome.title, { exact: true }).waitFor()
    expect(await figure(page, words.figure.waits)).toBe(number(0))
    expect(await figure(page, words.figure.known)).toBe(number(4))
  })

  test('fills the waiting room, where each is asked by themselves', async () => {
    const room = wordsOf(language, 'quarantine')
    const page = await anew({ language, width: NARROWEST })
    await choose(page, 'members.csv', 'Name,Mobile\r\nSara,07700 900123\r\nOmid,07700 900124\r\nMina,07700 900125\r\n')
    await plan(page, language, 'they-asked')
    await page.getByRole('link', { name: words.outcome.toQuarantine }).click()
    await button(page, room.reveal.button).waitFor()
    expect(await page.getByText('07700').count()).toBe(0)
    await expectSound(page)

    await button(page, room.reveal.button).click()
    await page.getByText(/07700 90012\d/).waitFor()
    await page.getByText(room.script.title).click()
    await page.getByText('sign-up sheet, 3 May').first().waitFor()
    await seen(page)
    await button(page, room.yes.button).click()
    expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0)
    await button(page, room.yes.record).click()
    await page.getByText(room.yes.whichWrong).waitFor()
    await seen(page)
    await page.locator('label.tile').first().click()
    await page.getByText(room.how.verbal, { exact: true }).click()
    await button(page, room.yes.record).click()
    await page.getByText(room.done.yes).waitFor()

    await button(page, room.reveal.button).click()
    await button(page, room.no.button).click()
    await page.getByText(room.no.what).waitFor()
    await seen(page)
    await button(page, room.no.yes).click()
    await page.getByText(room.done.no).waitFor()

    await button(page, room.later).click()
    await page.getByText(room.allPassed).waitFor()
    await button(page, room.again).click()
    await button(page, room.delete.button).click()
    await button(page.getByRole('alertdialog').or(page.getByRole('dialog')) as unknown as Page, room.delete.yes).click()
    await page.getByText(room.empty.done).waitFor()
    await expectSound(page)
  })
})

async function textOf(download: { createReadStream(): Promise<NodeJS.ReadableStream> }): Promise<string> {
  let text = ''
  for await (const chunk of await download.createReadStream()) text += String(chunk)
  return text
}

describe('a file that is only looked at', () => {
  let page: Page
  beforeAll(async () => {
    page = await begin()
  })
  beforeEach(async () => {
    await go(page, '/people')
    await page.getByText(wordsOf('en', 'people').empty.title).waitFor()
    await toBring(page)
  })
  afterAll(() => browser.close())

  test('files that are nothing are each told in a sentence that helps', async () => {
    const words = wordsOf('en', 'bring')
    for (const [name, content, code] of [
      ['members.xlsx', Buffer.from([0x50, 0x4b, 3, 4, 9, 9, 9, 9]), 'WORKBOOK'],
      ['takeout.zip', Buffer.from([0x50, 0x4b, 3, 4, 9, 9, 9, 9]), 'ARCHIVE'],
      ['list.pdf', '%PDF-1.7', 'PDF'],
      ['list.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4]), 'PICTURE'],
      ['noise.vcf', Buffer.from(Array.from({ length: 900 }, (_, at) => (at * 37) % 256)), 'NOT_TEXT'],
    ] as const) {
      await choose(page, name, content as string)
      await page.getByText(words.wrong[code].what).waitFor()
      await page.getByText(words.wrong[code].fix).waitFor()
    }
    await expectSound(page)
    await choose(page, 'empty.csv', '')
    await page.getByText(words.empty.title).waitFor()
    await button(page, words.another).click()
    await choose(
      page,
      'hostile.csv',
      'Name,Phone\r\n<img src=x onerror=alert(1)>,=HYPERLINK("http://evil.example")\r\n',
    )
    await page.getByText(words.preview.title).waitFor()
    expect(await page.locator('img[src="x"]').count()).toBe(0)
  })

  test('a sheet that nobody knows is mapped by whoever brings it', async () => {
    const words = wordsOf('en', 'bring')
    await choose(page, 'odd.csv', 'Who is it,Reach them at\r\nSara Karimi,sara@example.org\r\n')
    await page.getByText(words.mapping.unknown).waitFor()
    await expectSound(page)
    await tabTo(page, page.getByRole('button', { name: /Who is it/ }))
    await page.keyboard.press('Enter')
    await page.getByRole('option', { name: words.place.name, exact: true }).click()
    await button(page, words.mapping.read).click()
    await page.getByText(words.preview.title).waitFor()
    expect(await figure(page, words.figure.quarantined)).toBe('1')
  })

  test('what a sheet says of a consent is a claim, and only for the purpose that somebody names', async () => {
    const words = wordsOf('en', 'bring')
    const today = new Date().toISOString().slice(0, 10)
    const sheet = `Email,First Name,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP\r\nsara@example.org,Sara,${today} 00:00:01,192.0.2.1,${today} 00:00:02,192.0.2.1\r\nomid@example.org,Omid,,,,\r\n`
    await choose(page, 'audience.csv', sheet)
    await page.getByText(words.claims.title).waitFor()
    expect(await figure(page, words.figure.added)).toBe('0')
    await page.getByRole('button', { name: new RegExp(words.claims.which.replace('?', '\\?')) }).click()
    await page.getByRole('option', { name: 'Send you our newsletter by e-mail' }).click()
    await page.locator('.bring-figures dd', { hasText: '1' }).first().waitFor()
    expect(await figure(page, words.figure.added)).toBe('1')
    expect(await figure(page, words.figure.quarantined)).toBe('1')
  })
})

test('people who may not be asked are only counted out loud, and can only be deleted', async () => {
  const page = await anew()
  const [words, room] = [wordsOf('en', 'bring'), wordsOf('en', 'quarantine')]
  await choose(page, 'members.csv', 'Name,Mobile\r\nSara,07700 900123\r\n')
  await plan(page, 'en', 'none')
  await page.getByRole('link', { name: words.outcome.toQuarantine }).click()
  await button(page, room.reveal.button).click()
  await page.getByText(room.refused['no-ground']).waitFor()
  expect(await page.getByText('07700').count()).toBe(0)
})

test('whoever left is stopped, counted and not named', async () => {
  const page = await anew()
  const [words, room] = [wordsOf('en', 'bring'), wordsOf('en', 'quarantine')]
  const sheet = 'Name,Mobile\r\nSara,07700 900123\r\n'
  await choose(page, 'members.csv', sheet)
  await plan(page, 'en', 'they-asked')
  await page.getByRole('link', { name: words.outcome.toQuarantine }).click()
  await button(page, room.reveal.button).click()
  await button(page, room.no.button).click()
  await button(page, room.no.yes).click()
  await page.getByText(room.done.no).waitFor()
  await toBring(page)
  await choose(page, 'members.csv', sheet)
  await plan(page, 'en', 'they-asked')
  await page.getByText(words.outcome.unnamed).waitFor()
  expect(await figure(page, words.figure.stopped)).toBe('1')
  const saved = page.waitForEvent('download')
  await button(page, words.outcome.download).click()
  expect(await textOf(await saved)).not.toContain('SUPPRESSED')
})

test('a page that is gone in the middle of an import loses nobody and doubles nobody', async () => {
  const page = await anew()
  const words = wordsOf('en', 'bring')
  const people = 600
  const rows = Array.from({ length: people }, (_, n) => `Person ${n},person${n}@example.org`)
  const sheet = ['Name,E-mail', ...rows].join('\r\n')
  await choose(page, 'many.csv', sheet)
  await plan(page, 'en', 'they-asked')
  await page.getByText(words.importing.safe).waitFor()
  await page.locator('.bar .said', { hasText: /[1-9]\d* of 600/ }).waitFor()
  await page.reload()
  await page.getByRole('link', { name: 'members' }).click()
  await unlockHere(page)
  await toBring(page)
  await choose(page, 'many.csv', sheet)
  await plan(page, 'en', 'they-asked')
  await page.getByText(words.outcome.title, { exact: true }).waitFor()
  const [known, came] = [await figure(page, words.figure.known), await figure(page, words.figure.waits)]
  expect(Number(known)).toBeGreaterThan(0)
  expect(Number(known) + Number(came)).toBe(people)
})

test('an import that is stopped keeps who came in, and says how to go on', async () => {
  const page = await anew()
  const words = wordsOf('en', 'bring')
  // So many that somebody has the time to press the button.
  const people = 4_000
  const rows = Array.from({ length: people }, (_, n) => `Person ${n},person${n}@example.org`)
  await choose(page, 'many.csv', ['Name,E-mail', ...rows].join('\r\n'))
  await plan(page, 'en', 'they-asked')
  await button(page, words.importing.stop).click()
  await page.getByText(words.outcome.cutFix).waitFor()
  expect(Number((await figure(page, words.figure.waits))?.replace(',', ''))).toBeLessThan(people)
  await expectSound(page)
})

test('people are picked from the phone, and a file comes in by keyboard alone', async () => {
  const page = await anew()
  const words = wordsOf('en', 'bring')
  // Chromium has the Contact Picker on Android only.
  await page.evaluate(() =>
    Object.assign(navigator, { contacts: { select: async () => [{ name: ['Sara'], tel: ['07700 900123'] }] } }),
  )
  await go(page, '/people')
  await page.getByText(wordsOf('en', 'people').empty.title).waitFor()
  await go(page, '/bring')
  await pressKey(page, button(page, words.choose.picker))
  await page.getByText(words.preview.title).waitFor()
  await typeKeys(page, page.getByLabel(words.plan.source), 'the phone of the office')
  await tabTo(page, page.getByRole('radio', { name: new RegExp(words.ground['they-asked'].name) }))
  await page.keyboard.press('Space')
  await pressKey(page, page.locator('button.primary', { has: page.locator('svg') }).last())
  await page.getByText(words.outcome.title, { exact: true }).waitFor()
  expect(await figure(page, words.figure.waits)).toBe('1')
})
