/** Handing over in the built app: the refusal, the sealed file and its manifest, what is in the way, a reload in the middle. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Policy } from '@amanat/vault'
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type AppBrowser, openBrowser } from './browser'
import { POLICY, phone } from './centre'
import { expectSound, pressKey, tabTo, wordsOf } from './screen'
import { go, type SeedContact, seed, unlocked } from './seed'

// Axe looks at 232 dots, more than once in a test; a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 })

const PEOPLE = 232
const en = wordsOf('en', 'handover')
const fa = wordsOf('fa', 'handover')
/** A text of the app, with this in its holes. */
const fill = (text: string, data: Readonly<Record<string, string | number>>) =>
  text.replace(/\{\{(\w+)\}\}/g, (_, hole: string) => String(data[hole]))

let identity: string
let browser: AppBrowser
let page: Page

const policyWith = (key: string): Policy => {
  const kept = { role: 'processor', country: 'GB', members: 'kept-apart' } as const
  const { 'prayer-times': prayers, 'group-chat': chat, newsletter } = POLICY.purposes as Required<Policy>['purposes']
  if (!prayers || !chat || !newsletter) throw new Error('The centre has other purposes.')
  const community = { name: 'Community chat', role: 'controller', country: 'GB', members: 'see-each-other' } as const
  return {
    ...POLICY,
    purposes: {
      'group-chat': { ...chat, recipients: { community: { ...community, ageKeys: [key] } } },
      'prayer-times': {
        ...prayers,
        recipients: {
          'sms-gateway': { name: 'Pigeon SMS', ...kept, ageKeys: [key] },
          'print-shop': { name: 'Quay Print', ...kept },
          robot: { name: 'Nightly sender', ...kept, via: ['delivery'] },
        },
      },
      newsletter,
    },
  }
}

/** Everybody agreed to prayer times and to their gateway; of every fourth there is no proof. */
const PEOPLE_HERE: SeedContact[] = Array.from({ length: PEOPLE }, (_, n) => ({
  full: `Person ${n}`,
  phone: phone(n),
  consents: [{ purpose: 'prayer-times', recipients: ['sms-gateway'], isProved: n % 4 !== 0 }],
}))
const PROVED = PEOPLE - PEOPLE / 4

/** Takes the dialog in which a person chooses a file away: then files go to the downloads. */
const withoutPicker = () => Reflect.deleteProperty(globalThis, 'showSaveFilePicker')

/** A stand-in for that dialog: turned away, or a file that takes what is written, or one that never does. */
const withPicker = (on: Page, chosen: 'nothing' | 'file' | 'file that stalls') =>
  on.evaluate(async chosen => {
    const folder = await navigator.storage.getDirectory()
    const handle = await folder.getFileHandle('picked', { create: true })
    const stalled = { createWritable: async () => new WritableStream({ write: () => new Promise(() => {}) }) }
    const showSaveFilePicker = async () => {
      if (chosen === 'nothing') throw new DOMException('turned away', 'AbortError')
      return chosen === 'file' ? handle : stalled
    }
    Object.assign(globalThis, { showSaveFilePicker })
  }, chosen)

beforeAll(async () => {
  identity = await generateIdentity()
  browser = await openBrowser()
  await browser.context.addInitScript(withoutPicker)
  await seed(browser, {
    name: 'members',
    policy: policyWith(await identityToRecipient(identity)),
    contacts: PEOPLE_HERE,
  })
  page = await unlocked(browser)
}, 120_000)
afterAll(() => browser.close())

const title = () => page.locator('[data-page-title]')
const button = (name: string | RegExp) => page.getByRole('button', { name })
const choose = (value: string) => page.locator(`input[value="${value}"]`).check({ force: true })
const inPersian = () => page.getByRole('button', { name: 'فارسی' }).first().click()
const inEnglish = () => page.getByRole('button', { name: 'English' }).first().click()

async function afresh(): Promise<void> {
  await go(page, '/people')
  await page.locator('.people-standing').waitFor()
  await go(page, '/handover')
  await expect.poll(() => title().textContent()).toBe(en.title)
}

test('refuses the chat group to 232 people, says why without blame, and what to do instead; by keyboard alone', async () => {
  await afresh()
  await expectSound(page)
  await tabTo(page, page.locator('input[type=radio]').first())
  await page.keyboard.press('Space')
  await expect
    .poll(() => page.locator('.handover-said').textContent())
    .toBe(fill(en.picture.none_other, { count: PEOPLE }))
  expect(await page.locator('.handover-dots .no-consent').count()).toBe(PEOPLE)
  await expectSound(page)
  await pressKey(page, button(fill(en.act.all_other, { count: PEOPLE })))
  await expect.poll(() => title().textContent()).toBe(en.refusal.title)
  expect(await title().evaluate(element => element === document.activeElement)).toBe(true)
  const said = await page.locator('main').textContent()
  expect(said).toContain(en.refusal.stayed)
  expect(said).toContain(fill(en.refusal.seen_other, { count: PEOPLE - 1 }))
  expect(said).toContain('232 people agreed to: “Text you prayer times during Ramadan”')
  expect(said).toContain(en.refusal.agreedNot)
  await expectSound(page)
})

test('gives an invitation to copy, in either language', async () => {
  const text = page.getByRole('textbox')
  await expect.poll(() => text.inputValue()).toContain('Riverside Cultural Centre would like to know')
  await page.locator('.handover-languages button', { hasText: 'فارسی' }).click()
  await expect.poll(() => text.inputValue()).toContain('ما در Riverside Cultural Centre')
  await button(en.instead.copy).click()
  await page
    .getByRole('status')
    .filter({ hasText: wordsOf('en', 'common').copied })
    .waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('خودتان بپیوندید')
})

test('refuses in Persian as it does in English', async () => {
  await inPersian()
  await expect.poll(() => title().textContent()).toBe(fa.refusal.title)
  expect(await page.locator('main').textContent()).toContain(fill(fa.refusal.seen_other, { count: '۲۳۱' }))
  await expectSound(page)
  await inEnglish()
})

test('writes the refusal into the record', async () => {
  await page.getByRole('link', { name: en.refusal.recordLink }).click()
  const line = page.locator('.record-line.refused').first()
  await expect.poll(() => line.textContent()).toContain('Refused: handing over 232 people to Community chat')
  expect(await line.textContent()).toContain('232 never agreed to this')
})

test('says who is covered and who isn’t, by name where the purpose shows names', async () => {
  await afresh()
  await choose('prayer-times')
  await choose('sms-gateway')
  await expect
    .poll(() => page.locator('.handover-said').textContent())
    .toBe(fill(en.picture.some, { allowed: PROVED, total: PEOPLE }))
  const reason = page.locator('.handover-reason button').filter({ hasText: en.reason['assurance-too-low'] })
  await reason.click()
  await expect.poll(() => page.locator('.handover-names li').count()).toBe(PEOPLE - PROVED)
  expect(await page.locator('.handover-names').textContent()).toContain('Person 4')
  expect(await page.locator('main').textContent()).not.toContain('7700')
  await expectSound(page)
})

test('seals a file for the recipient, who opens it with their key; the manifest says what it was', async () => {
  await button(fill(en.act.covered_other, { count: PROVED })).click()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  expect(await dialog.textContent()).toContain('Pigeon SMS')
  expect(await dialog.textContent()).toContain(fill(en.confirm.leftOut_other, { count: PEOPLE - PROVED }))
  await expectSound(page)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: en.confirm.yes }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^sms-gateway-\d{4}-\d\d-\d\d\.csv\.age$/)
  await expect.poll(() => title().textContent()).toBe(fill(en.left.title_other, { count: PROVED }))
  const sealed = await readFile(await download.path())
  const opener = new Decrypter()
  opener.addIdentity(identity)
  const text = await opener.decrypt(sealed, 'text')
  expect(text).toContain('Person 1')
  expect(text).not.toContain('Person 4,')
  expect(text.trim().split('\n')).toHaveLength(PROVED + 1)

  await expectSound(page)
  const [kept] = await Promise.all([page.waitForEvent('download'), button(en.left.manifest).click()])
  const manifest = JSON.parse(await readFile(await kept.path(), 'utf8'))
  const sha256 = createHash('sha256').update(sealed).digest('hex')
  expect(manifest).toMatchObject({ people: PROVED, leftOut: PEOPLE - PROVED, sha256, actor: 'volunteer:Leila' })
  expect(await page.locator('main').textContent()).toContain(sha256)
})

test('says what left in Persian, with Persian digits', async () => {
  await inPersian()
  await expect.poll(() => title().textContent()).toBe(fill(fa.left.title_other, { count: '۱۷۴' }))
  await expectSound(page)
  await inEnglish()
})

test('says why nothing can leave to a recipient without a key, and to one that takes no file', async () => {
  await afresh()
  await choose('prayer-times')
  await choose('print-shop')
  await page.getByText(fill(en.cant.title, { name: 'Quay Print' })).waitFor()
  await page.getByText(en.cant.keysFix).waitFor()
  await choose('robot')
  await page.getByText(en.cant.deliveryFix).waitFor()
  expect(await button(/^Hand over/).count()).toBe(0)
  await expectSound(page)
})

async function handOverCovered(): Promise<void> {
  await afresh()
  await choose('prayer-times')
  await choose('sms-gateway')
  await button(fill(en.act.covered_other, { count: PROVED })).click()
  await page.getByRole('dialog').getByRole('button', { name: en.confirm.yes }).click()
}

test('after a no, hands over those who said yes, where somebody did', async () => {
  await afresh()
  await choose('prayer-times')
  await choose('sms-gateway')
  await choose('vcard')
  await button(fill(en.act.all_other, { count: PEOPLE })).click()
  await page.getByText(en.refusal.titleSome).waitFor()
  await expectSound(page)
  await button(fill(en.act.covered_other, { count: PROVED })).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('dialog').getByRole('button', { name: en.confirm.yes }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/\.vcf\.age$/)
  await page.getByText(fill(en.left.title_other, { count: PROVED })).waitFor()
})

test('hands nothing over when the person turns away at the question for a place', async () => {
  await withPicker(page, 'nothing')
  await handOverCovered()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await title().textContent()).toBe(en.title)
  await go(page, '/forgetting/record')
  await page.locator('.record-line').first().waitFor()
  // Of the two hand-overs before: begun and ended, once each.
  expect(await page.locator('.record-line.left').count()).toBe(4)
})

test('writes into the file that the person chose', async () => {
  await withPicker(page, 'file')
  await handOverCovered()
  await expect.poll(() => title().textContent()).toBe(fill(en.left.title_other, { count: PROVED }))
  const bytes = await page.evaluate(async () => {
    const file = await (await (await navigator.storage.getDirectory()).getFileHandle('picked')).getFile()
    return [...new Uint8Array(await file.arrayBuffer())]
  })
  const sum = createHash('sha256').update(Uint8Array.from(bytes)).digest('hex')
  expect(await page.locator('main').textContent()).toContain(sum)
})

test('after a reload in the middle, says that a hand-over was begun and never ended', async () => {
  await withPicker(page, 'file that stalls')
  await handOverCovered()
  await page.getByText(en.running.stay).waitFor()
  await expectSound(page)
  page.on('dialog', asked => void asked.accept())
  await page.reload()
  await page.close()
  page = await unlocked(browser)
  await go(page, '/handover')
  await page.getByText(en.unended.title_one).waitFor()
  expect(await page.locator('main').textContent()).toContain(`${PROVED} people to Pigeon SMS`)
  await expectSound(page)
})

test('asks nobody else on the network, and complains of nothing', () => {
  expect(browser.strangers).toEqual([])
  expect(browser.complaints).toEqual([])
})
