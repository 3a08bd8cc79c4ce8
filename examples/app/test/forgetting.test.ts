/** Forgetting and the record: the words for every entry there is, the calendar, and both screens in the built app. */
import type { LedgerLine } from '@amanat/vault'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { CHECKS } from '../../../packages/vault/src/ledger/entry-checks'
import { formatFor } from '../src/i18n/format'
import { addLanguage, addWords, i18n, LANGUAGES } from '../src/i18n/setup'
import { DAY_MS, type Ending, spansOf } from '../src/screens/forgetting/calendar'
import { kindOf } from '../src/screens/record/entries'
import { wordsFor } from '../src/screens/record/words'
import { type AppBrowser, openBrowser } from './browser'
import { POLICY, phone } from './centre'
import { expectSound, pressKey, tabTo, wordsOf } from './screen'
import { go, seed, unlocked } from './seed'

vi.setConfig({ testTimeout: 180_000 })

const en = wordsOf('en', 'forgetting')
const fa = wordsOf('fa', 'forgetting')
const NAMESPACES = ['forgetting', 'handover', 'common'] as const

describe('the words of the record', () => {
  const id = '00112233445566778899aabbccddeeff'
  const at = '2027-05-03T09:00:00.000Z'
  const asked = { purpose: 'prayer-times', recipient: 'sms-gateway', format: 'csv', version: '1', who: 'consented' }
  const reasons = { 'no-consent': 2, 'some-reason-to-come': 1 }
  const reveals = ['reveal', 'find', 'quarantine', 'identify', 'subject-report', 'ask']
  const events = ['requested', 'given', 'renewed', 'refused', 'withdrawn']
  const slots = ['passphrase', 'secret-key', 'recovery-code']
  /** What each type of entry may say, where it is said differently. */
  const SAID: Readonly<Record<keyof typeof CHECKS, readonly Readonly<Record<string, unknown>>[]>> = {
    'vault-created': [{}],
    'policy-changed': [{}, { effective: at }],
    'contact-added': [{}],
    'contact-changed': [{}],
    'contact-erased': [{}],
    'contact-forgotten': [{ contacts: 3 }],
    consent: events.map(event => ({ event, purpose: 'prayer-times' })),
    quarantined: [{}],
    purge: [{ tick: 20_000, slices: 7, rows: 1 }],
    reveal: reveals.flatMap(via => [{ via }, { via, purpose: 'prayer-times' }]),
    miss: [{ count: 4 }],
    check: [{ purpose: 'prayer-times', recipient: 'sms-gateway', allowed: 2, reasons }],
    'export-started': ['sealed-file', 'plaintext-file', 'delivery'].map(via => ({
      ...asked,
      via,
      export: id,
      people: 5,
      leftOut: 1,
      reasons,
      destroyBy: at,
    })),
    'export-ended': [
      { export: id, sha256: id, bytes: 4_000, people: 5, leftOut: 1 },
      { export: id, bytes: 0, people: 5, leftOut: 1 },
    ],
    'export-broken': [{ export: id }, { export: id, people: 2 }],
    'export-refused': [{ ...asked, via: 'sealed-file', people: 3, reasons }],
    'delivery-batch': [{ export: id, batch: 1, from: 0, to: 100 }],
    'bulk-read-refused': [{}, { resets: at }],
    suppressed: [{ count: 1 }, { count: 2 }],
    'slot-added': slots.map(kind => ({ kind })),
    'slot-removed': slots.map(kind => ({ kind })),
    'slot-replaced': slots.map(kind => ({ kind })),
    clock: [
      { kind: 'confirmed', from: at, to: at },
      { kind: 'corrected', from: at, to: at },
    ],
    verified: [{ epoch: 3 }],
    'backup-started': [{ backup: id }],
    restored: [
      { people: 8, gone: 0 },
      { people: 8, gone: 2 },
    ],
  }
  const lines = Object.entries(SAID).flatMap(([type, said]) =>
    said.map((details): LedgerLine => ({ index: 0, leaf: 0, type, actor: 'volunteer:leila', at, ...details })),
  )

  test.each(LANGUAGES)('are there in %s for every type of entry that the library writes', async language => {
    await Promise.all([addLanguage(language), addWords('inside')])
    const t = i18n.getFixedT(language, NAMESPACES)
    const format = formatFor(language)
    for (const type of Object.keys(CHECKS)) expect(lines.some(line => line.type === type)).toBe(true)
    for (const line of lines)
      for (const count of [1, 3]) {
        const { what, more = '' } = wordsFor({ line, count }, { t, format, policy: POLICY })
        const said = `${line.type}: ${what} ${more}`
        // A key that has no words is said as the key.
        expect(said).not.toMatch(/record\.|handover:|\{\{|undefined|NaN|Invalid/)
        expect(what).toMatch(language === 'fa' ? /[\u0600-\u06ff]/ : /^[A-Z\d]/)
      }
  })

  test.each(LANGUAGES)('say in %s that something isn’t known, instead of saying nothing', async language => {
    await Promise.all([addLanguage(language), addWords('inside')])
    const t = i18n.getFixedT(language, NAMESPACES)
    const line: LedgerLine = { index: 0, leaf: 0, type: 'unknown', was: 'recalled', actor: 'someone', at }
    expect(wordsFor({ line, count: 1 }, { t, format: formatFor(language), policy: POLICY }).what).toContain('recalled')
  })

  test('let refusals stand out', () => {
    expect(['export-refused', 'bulk-read-refused'].map(kindOf)).toEqual(['refused', 'refused'])
  })
})

describe('the calendar', () => {
  const now = Date.parse('2027-03-01T15:00:00Z')
  const end = (id: string, purpose: string, day: string, isLast = false): Ending => ({ id, purpose, day, isLast })

  test('puts each end into its week, counts a person once, and what has gone before today', () => {
    const spans = spansOf(
      [end('a', 'news', '2027-03-01'), end('a', 'chat', '2027-03-07', true), end('b', 'news', '2027-03-08')],
      [{ day: '2027-02-28', slices: 4 }],
      now,
      { days: 7, before: 1, count: 3 },
    )
    expect(spans.map(({ start, people, gone, forgotten }) => [start, people, gone, forgotten])).toEqual([
      ['2027-02-22', 0, 0, 4],
      ['2027-03-01', 1, 1, 0],
      ['2027-03-08', 1, 0, 0],
    ])
    expect([...(spans[1]?.byPurpose ?? [])]).toEqual([
      ['news', 1],
      ['chat', 1],
    ])
  })

  test('leaves out what lies beyond its end', () => {
    const spans = spansOf([end('a', 'news', '2028-03-01', true)], [], now, { days: 7, before: 0, count: 2 })
    expect(spans.map(({ people }) => people)).toEqual([0, 0])
  })
})

let browser: AppBrowser
let page: Page
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)

beforeAll(async () => {
  browser = await openBrowser()
  const consent = (until: string) => ({ purpose: 'prayer-times', recipients: ['sms-gateway'], isProved: true, until })
  const contacts = Array.from({ length: 40 }, (_, n) => ({
    full: `Person ${n}`,
    phone: phone(n),
    email: `person${n}@example.org`,
    consents: [
      consent(inDays(n < 6 ? 3 : 24 + (n % 30))),
      ...(n === 10 ? [{ purpose: 'newsletter', isProved: true, until: inDays(200) }] : []),
    ],
  }))
  await seed(browser, { name: 'members', policy: POLICY, contacts })
  // They open it a fortnight later.
  await browser.context.clock.setSystemTime(Date.now() + 14 * DAY_MS)
  page = await unlocked(browser)
  await go(page, '/forgetting')
  await page.locator('.forgetting-days').waitFor()
}, 120_000)
afterAll(() => browser.close())

const inPersian = () => page.getByRole('button', { name: 'فارسی' }).first().click()
const inEnglish = () => page.getByRole('button', { name: 'English' }).first().click()

test('says what went since the last visit, and who goes next', async () => {
  await page.getByText('the details of up to 6 people').waitFor()
  const day = page.locator('.forgetting-days button').first()
  expect(await day.textContent()).toMatch(/^(?:1 person|2 people) on \w+day/)
  await pressKey(page, day)
  await page.locator('.forgetting-names a').first().waitFor()
  expect(await page.locator('.forgetting-names a').first().textContent()).toMatch(/^Person \d+$/)
})

test('draws the strip, and says the same as a table that a keyboard reaches', async () => {
  await page.locator('.forgetting-strip canvas').waitFor()
  const isDrawn = await page.locator('.forgetting-strip canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
    return data.some(value => value > 0)
  })
  expect(isDrawn).toBe(true)
  const table = page.getByRole('button', { name: en.strip.table })
  await tabTo(page, table)
  await page.keyboard.press('Enter')
  await page.getByRole('table').waitFor()
  const people = await page.locator('.forgetting-table tbody td:nth-child(2)').allTextContents()
  // Thirty-four prayer times and a newsletter: the weeks together hold each once.
  expect(people.reduce((sum, cell) => sum + Number.parseInt(cell, 10), 0)).toBe(35)
  await expectSound(page)
})

test('promises no more than the device can keep', async () => {
  const text = (await page.locator('main').textContent()) ?? ''
  expect(text).toContain(en.means.unknown)
  expect(text).not.toContain('for ever')
})

test('forgets what is due when asked, and says when nothing is', async () => {
  await page.getByRole('button', { name: en.lately.purge }).click()
  await page.getByRole('status').filter({ hasText: en.lately.nothingDue }).waitFor()
})

test('is whole in Persian: from right to left, in the Persian calendar', async () => {
  await inPersian()
  await page.getByText('اطلاعات حداکثر ۶ نفر').waitFor()
  await page.locator('.forgetting-strip canvas').waitFor()
  const text = (await page.locator('main').textContent()) ?? ''
  expect(text.replaceAll(/Person \d+/g, '')).not.toMatch(/[0-9]/)
  await expectSound(page)
  await inEnglish()
})

test('tells the record by day, many at once in one line, and the vault’s own doing too', async () => {
  await pressKey(page, page.getByRole('link', { name: en.toRecord }))
  await page.locator('.record-line').first().waitFor()
  const text = (await page.locator('main').textContent()) ?? ''
  expect(text).toContain('40 people were added.')
  expect(text).toContain('40 people agreed to “Text you prayer times during Ramadan”.')
  expect(text).toContain('What was due was forgotten: the details of up to 6 people.')
  expect(text).toContain('by the vault itself')
  expect(await page.locator('.record-day').count()).toBe(2)
  await expectSound(page)
})

test('shows one kind and one person’s doing, where that is asked for', async () => {
  await page.getByRole('button', { name: en.record.kind }).click()
  await page.getByRole('option', { name: en.record.kinds.forgotten }).click()
  await expect.poll(() => page.locator('.record-line:not(.forgotten)').count()).toBe(0)
  await page.getByRole('button', { name: en.record.actor }).click()
  await page.getByRole('option', { name: 'Leila' }).click()
  await page.getByText(en.record.empty).waitFor()
  await expectSound(page)
})

test('tells the record in Persian', async () => {
  await inPersian()
  await page.getByText(fa.record.empty).waitFor()
  await page.getByRole('button', { name: fa.record.actor }).click()
  await page.getByRole('option', { name: fa.record.everybody }).click()
  await page.getByText('آنچه سر رسیده بود فراموش شد: اطلاعات حداکثر ۶ نفر.').waitFor()
  await expectSound(page)
})

test('asks nobody else on the network, and complains of nothing', () => {
  expect(browser.strangers).toEqual([])
  expect(browser.complaints).toEqual([])
})
