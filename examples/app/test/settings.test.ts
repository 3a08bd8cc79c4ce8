/** Looking after a vault: backups and bringing them back, ways of opening, the rules, the check, the end. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright'
import { afterEach, describe, expect, test } from 'vitest'
import type { AppBrowser } from './browser'
import { POLICY } from './centre'
import { expectSound, inBoth, NARROWEST, wordsOf } from './screen'
import { PASSPHRASE, seed, unlockHere } from './seed'
import { sharedBrowsers } from './shared-browser'

const open = sharedBrowsers()
let browser: AppBrowser
afterEach(async () => {
  await browser.close()
  expect(browser.complaints).toEqual([])
  expect(browser.strangers).toEqual([])
})

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

const wordsIn = { en: wordsOf('en', 'trouble'), fa: wordsOf('fa', 'trouble') }

const PURPOSE = Object.keys(POLICY.purposes)[0] as string
const CONTACTS = [0, 1, 2].map(n => ({
  given: 'Sara',
  surname: `Karimi ${n}`,
  phone: `+44 7700 90010${n}`,
  consents: [{ purpose: PURPOSE, isProved: true }],
}))

/** An open vault with three people, at its settings. */
async function settings(language: 'en' | 'fa', width = 1100): Promise<Page> {
  browser = await open({ language, width })
  await seed(browser, { name: 'Notebook', policy: POLICY, contacts: CONTACTS })
  const page = await browser.tab('/open/Notebook')
  await unlockHere(page)
  await page.getByRole('link', { name: wordsOf(language, 'common').nav.settings }).click()
  await page.locator('.settings-ways li').first().waitFor()
  return page
}

async function unlock(page: Page, language: 'en' | 'fa', secret: string) {
  const words = wordsOf(language, 'welcome').unlock
  await page.getByLabel(words.who).fill('NR')
  await page.getByLabel(words.passphrase, { exact: true }).fill(secret)
  await button(page, words.open).click()
}

/** A browser without a save dialog, as most are: then a backup comes as a download. */
async function backup(page: Page, language: 'en' | 'fa'): Promise<Buffer> {
  await page.evaluate(() => Reflect.deleteProperty(window, 'showSaveFilePicker'))
  const coming = page.waitForEvent('download')
  await button(page, wordsOf(language, 'settings').backup.make).click()
  const download = await coming
  expect(download.suggestedFilename()).toMatch(/^backup-\d{4}-\d\d-\d\d\.amanat$/)
  return readFile(await download.path())
}

describe.each(['en', 'fa'] as const)('a vault (%s)', language => {
  const [words, common] = [wordsOf(language, 'settings'), wordsOf(language, 'common')]

  test('is backed up, destroyed, and brought back without whoever left', async () => {
    const page = await settings(language, NARROWEST)
    await page.getByText(words.backup.none).waitFor()
    await expectSound(page)
    const file = await backup(page, language)
    await page.getByText(words.backup.none).waitFor({ state: 'detached' })

    await button(page, words.end.open).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: words.end.yes }).isDisabled()).toBe(true)
    await expectSound(page)
    await dialog.getByLabel(words.end.type.replace('{{name}}', 'Notebook')).fill('Notebook')
    await dialog.getByRole('button', { name: words.end.yes }).click()
    await page.getByText(wordsOf(language, 'welcome').honest.title).waitFor()

    await page.getByRole('link', { name: wordsOf(language, 'welcome').restoreInstead }).click()
    const input = page.locator('input[type=file]')
    const whole = { name: 'b.amanat', mimeType: 'application/octet-stream', buffer: file }
    const passphrase = page.getByLabel(words.restore.passphrase, { exact: true }).last()
    await page.getByLabel(wordsOf(language, 'create').key.name).fill('Returned')
    await page.getByLabel(wordsOf(language, 'create').key.who).fill('NR')
    // What is said of a file that is no good is read in both languages at once.
    if (language === 'en') {
      const told = (sentence: (trouble: typeof wordsIn.en) => string) =>
        inBoth(page, language => page.getByText(sentence(wordsIn[language])).waitFor())
      await input.setInputFiles({
        name: 'holiday.jpg',
        mimeType: 'image/jpeg',
        buffer: Buffer.from('no backup at all'),
      })
      await passphrase.fill('seven quiet')
      await button(page, words.restore.go).click()
      await told(trouble => trouble.NOT_A_BACKUP.what)
      await input.setInputFiles({ ...whole, buffer: file.subarray(0, file.length - 40) })
      await button(page, words.restore.go).click()
      await told(trouble => trouble.CANNOT_UNLOCK.what_backup)
      await passphrase.fill(PASSPHRASE)
      await button(page, words.restore.go).click()
      await told(trouble => trouble.BACKUP_DAMAGED.what)
    }
    await passphrase.fill(PASSPHRASE)
    await input.setInputFiles(whole)
    await page.getByLabel(words.restore.erasures).fill('07700 900101\n')
    await button(page, words.restore.go).click()
    await page.getByText(words.restore.done).waitFor()
    await expectSound(page)
    await page.getByRole('link', { name: words.restore.open }).click()
    await unlock(page, language, PASSPHRASE)
    await page.waitForURL(/#\/people$/)
    await page.getByText('Karimi 2').first().waitFor()
    expect(await page.getByText('Karimi 1').count()).toBe(0)
  })

  test('shows what a change of the rules would forget before it is made', async () => {
    const page = await settings(language)
    await page.getByRole('link', { name: words.rules.change }).click()
    // A vault keeps its purposes in an order of its own.
    const { description } = POLICY.purposes[PURPOSE] ?? {}
    const said = typeof description === 'object' ? (description[language] ?? '') : ''
    const purpose = page.locator('details.create-purpose').filter({ hasText: said })
    await purpose.locator('summary').first().click()
    const create = wordsOf(language, 'create')
    await purpose.getByRole('button', { name: create.purpose.keepFor }).click()
    await page.getByRole('option').first().click()
    await expectSound(page)
    await button(page, words.change.look).click()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    // Three people agreed to longer than the new rules keep them.
    const three = language === 'fa' ? '۳' : '3'
    await dialog.getByText(words.change.shortened_other.replace('{{people}}', three)).waitFor()
    await expectSound(page)
    await dialog
      .getByRole('button', { name: words.change.accept, exact: true })
      .or(dialog.getByRole('button', { name: words.change.acceptForgets, exact: true }))
      .click()
    await page.getByText(words.change.done).waitFor()
  })

  test('gets another passphrase, and is found sound', async () => {
    const page = await settings(language)
    await button(page, words.check.start).click()
    await page.getByText(new RegExp(words.check.sound.split('{{rows}}').at(-1) ?? '')).waitFor()
    await button(page, words.ways.replace).first().click()
    const create = wordsOf(language, 'create')
    const dialog = page.getByRole('dialog')
    await dialog.getByText(create.key.own, { exact: true }).click()
    await dialog.getByLabel(create.key.ownLabel, { exact: true }).fill('nine loud geese over the hill')
    await dialog.getByLabel(create.key.repeat).fill('nine loud geese over the hill')
    await expectSound(page)
    await dialog.getByRole('button', { name: common.save }).click()
    await page.getByText(words.ways.replaced).waitFor()
    await button(page, common.lock).click()
    await page.getByRole('link', { name: 'Notebook' }).click()
    await unlock(page, language, PASSPHRASE)
    await page.getByText(wordsOf(language, 'trouble').CANNOT_UNLOCK.what).waitFor()
    await unlock(page, language, 'nine loud geese over the hill')
    await page.waitForURL(/#\/people$/)
  })
})
