/**
 * A reload at every step of handing over: the vault is locked, what was chosen is gone and has to be chosen again, and the record
 * holds what really happened up to there: nothing, a no, or a file that left. A reload while the file is being written stands in the
 * test of handing over.
 */
import { generateIdentity, identityToRecipient } from 'age-encryption'
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { type AppBrowser, openBrowser } from './browser'
import { POLICY, phone } from './centre'
import { inBoth, NARROWEST, wordsOf } from './screen'
import { go, seed, unlockHere } from './seed'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const words = wordsOf('en', 'handover')
const both = { en: words, fa: wordsOf('fa', 'handover') }
const welcome = wordsOf('en', 'welcome')
const fill = (text: string, count: number) => text.replace('{{count}}', String(count))

let browser: AppBrowser
let page: Page
/** What the page asked before it went. */
const asked: string[] = []

beforeAll(async () => {
  browser = await openBrowser({ width: NARROWEST })
  const prayers = POLICY.purposes['prayer-times']
  if (!prayers) throw new Error('The centre has other purposes.')
  const ageKeys = [await identityToRecipient(await generateIdentity())]
  const gateway = { name: 'Pigeon SMS', role: 'processor', country: 'GB', members: 'kept-apart', ageKeys } as const
  await seed(browser, {
    name: 'members',
    policy: { ...POLICY, purposes: { 'prayer-times': { ...prayers, recipients: { 'sms-gateway': gateway } } } },
    // Two whose yes is proved, and one whose isn't.
    contacts: ['Sara', 'Omid', 'Mina'].map((full, n) => ({
      full,
      phone: phone(n),
      consents: [{ purpose: 'prayer-times', recipients: ['sms-gateway'], isProved: n < 2 }],
    })),
  })
  page = await browser.tab('/open/members')
  // Where files can't be put at a place, they go to the downloads.
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'showSaveFilePicker'))
  page.on('dialog', dialog => {
    asked.push(dialog.type())
    void dialog.accept()
  })
  await page.reload()
  await unlockHere(page)
})
afterEach(() => {
  expect(asked).toEqual([])
  expect(browser.complaints).toEqual([])
  expect(browser.strangers).toEqual([])
})
afterAll(() => browser.close())

const title = (name: string) => page.getByRole('heading', { level: 1, name, exact: true })
const button = (name: string) => page.getByRole('button', { name, exact: true })

/** As far as the picture of who is covered. */
async function compose(): Promise<void> {
  await go(page, '/handover')
  await title(words.title).waitFor()
  await page.locator('input[value="vcard"]').check({ force: true })
  await button(fill(words.act.covered_other, 2)).waitFor()
}

/** At the lock, says so, and is opened again: at the same screen, with nothing chosen that wasn't there at first. */
async function reload(): Promise<void> {
  await page.reload()
  await page.getByText(welcome.yours).waitFor()
  expect(await page.getByText('Pigeon SMS').count()).toBe(0)
  await page.getByRole('link', { name: 'members' }).click()
  await unlockHere(page)
  await go(page, '/handover')
  await button(fill(words.act.covered_other, 2)).waitFor()
  expect(await page.locator('input[value="csv"]').isChecked()).toBe(true)
  expect(await page.locator('input[value="vcard"]').isChecked()).toBe(false)
  await inBoth(page, async language => {
    await title(both[language].title).waitFor()
    // Nothing was begun that never ended.
    expect(await page.getByText(both[language].unended.title_one).count()).toBe(0)
  })
}

/** What the record has of handing over, newest first. */
async function recorded(): Promise<string[]> {
  await go(page, '/forgetting/record')
  await page.locator('.record-line').first().waitFor()
  return page.locator('.record-line.left .record-what, .record-line.refused .record-what').allTextContents()
}

test('while it is being chosen, or asked about, hands nothing over', async () => {
  await compose()
  await reload()
  await compose()
  await button(fill(words.act.covered_other, 2)).click()
  await page.getByRole('dialog').getByText('Pigeon SMS').waitFor()
  await reload()
  expect(await recorded()).toEqual([])
})

test('after a no, leaves the no in the record, once', async () => {
  await compose()
  await button(fill(words.act.all_other, 3)).click()
  await page.getByText(words.refusal.titleSome).waitFor()
  await reload()
  expect(await recorded()).toEqual([expect.stringMatching(/^Refused: handing over 3 people to Pigeon SMS/)])
})

test('after the file left, leaves the whole hand-over in the record, once', async () => {
  await compose()
  await button(fill(words.act.covered_other, 2)).click()
  const saved = page.waitForEvent('download')
  await page.getByRole('dialog').getByRole('button', { name: words.confirm.yes }).click()
  expect((await saved).suggestedFilename()).toMatch(/\.vcf\.age$/)
  await page.getByText(fill(words.left.title_other, 2)).waitFor()
  await reload()
  // Ended, begun, and the no of before.
  expect(await recorded()).toEqual([
    expect.stringMatching(/^The hand-over ended: 2 people/),
    expect.stringMatching(/^2 people began to be handed over to Pigeon SMS/),
    expect.stringMatching(/^Refused/),
  ])
})
