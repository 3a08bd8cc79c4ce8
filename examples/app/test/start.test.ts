/** The way in: the first screen, making a vault, opening it, and what is said when it doesn't open. */
import type { Page } from 'playwright'
import { afterEach, describe, expect, test } from 'vitest'
import type { AppBrowser, Look } from './browser'
import { POLICY } from './centre'
import { expectSound, inBoth, NARROWEST, pressKey, tabTo, typeKeys, wordsOf } from './screen'
import { PASSPHRASE, seed, unlockHere } from './seed'
import { sharedBrowsers } from './shared-browser'

const open = sharedBrowsers()
let browser: AppBrowser
afterEach(async () => {
  await browser.close()
  expect(browser.complaints).toEqual([])
  expect(browser.strangers).toEqual([])
})

const begin = async (look: Look = {}) => {
  browser = await open(look)
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** As far as the screen where the group says who it is. */
async function sayWho(page: Page, language: 'en' | 'fa', type: (label: string, text: string) => Promise<void>) {
  const { rules } = wordsOf(language, 'create')
  await type(rules.name, 'Riverside Centre')
  await type(rules.contact, 'privacy@riverside.example')
  await type(rules.address, '1 Quay Street, Riverside')
  await type(rules.withdraw, 'Reply STOP, or tell any of us')
  expect(await page.getByLabel(rules.name).inputValue()).toBe('Riverside Centre')
}

async function unlock(page: Page, language: 'en' | 'fa', secret: string, label?: string) {
  const words = wordsOf(language, 'welcome').unlock
  await page.getByLabel(words.who).fill('NR')
  await page.getByLabel(label ?? words.passphrase, { exact: true }).fill(secret)
  await button(page, words.open).click()
}

describe.each(['en', 'fa'] as const)('a newcomer (%s)', language => {
  test('is told what this is and what it can’t do, and finds every way on', async () => {
    await begin({ language, light: language === 'fa' ? 'dark' : 'light' })
    const page = await browser.tab()
    const words = wordsOf(language, 'welcome')
    await page.getByText(words.honest.passphrase).waitFor()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(wordsOf(language, 'common').tagline)
    expect(await page.evaluate(() => document.documentElement.dir)).toBe(language === 'fa' ? 'rtl' : 'ltr')
    const ways = await page.locator('#main a').evaluateAll(links => links.map(link => link.getAttribute('href')))
    expect(new Set(ways)).toEqual(new Set(['#/new', '#/story', '#/restore', '#/about']))
    await expectSound(page)
  })
})

test('a vault is made, locked and opened again with the keyboard alone', async () => {
  await begin({ language: 'en' })
  const page = await browser.tab()
  const [welcome, words, common] = [wordsOf('en', 'welcome'), wordsOf('en', 'create'), wordsOf('en', 'common')]
  await pressKey(page, page.getByRole('link', { name: welcome.make }))
  await pressKey(page, page.getByRole('button', { name: words.template.community.title }))
  await sayWho(page, 'en', (label, text) => typeKeys(page, page.getByLabel(label), text))
  await pressKey(page, button(page, common.continue))

  const drawn = page.getByTestId('words').locator('li')
  await drawn.first().waitFor()
  const passphrase = (await drawn.allTextContents()).join(' ')
  expect(passphrase.split(' ')).toHaveLength(6)
  await pressKey(page, button(page, words.key.written))
  await typeKeys(page, page.locator(':focus'), passphrase)
  await typeKeys(page, page.getByLabel(words.key.who), 'NR')
  await pressKey(page, button(page, words.key.make))

  const code = page.getByTestId('code').locator('span')
  await code.first().waitFor()
  const groups = await code.allTextContents()
  await typeKeys(page, page.getByLabel(words.paper.check), groups.at(-1) ?? '')
  await pressKey(page, button(page, words.paper.add))
  await page.getByText(wordsOf('en', 'settings').promise.forgetting.unknown).waitFor()
  await pressKey(page, button(page, words.promise.go))
  await page.waitForURL(/#\/people$/)

  await pressKey(page, button(page, common.lock))
  await page.getByText(common.lockedNow).waitFor()
  await expectSound(page)
  await pressKey(page, page.getByRole('link', { name: words.key.nameDefault }))
  await typeKeys(page, page.getByLabel(welcome.unlock.who), 'NR')
  await typeKeys(page, page.getByLabel(welcome.unlock.passphrase, { exact: true }), `${passphrase} `)
  await page.keyboard.press('Enter')
  await page.waitForURL(/#\/people$/)

  // The paper opens it as well, however it is typed.
  await pressKey(page, button(page, common.lock))
  await page.getByRole('link', { name: words.key.nameDefault }).click()
  await button(page, welcome.unlock.withCode).click()
  await unlock(page, 'en', groups.join(' ').toLowerCase(), welcome.unlock.code)
  await page.waitForURL(/#\/people$/)
})

test('a vault is made in Persian, with a passphrase of one’s own that is measured', async () => {
  await begin({ language: 'fa', width: NARROWEST })
  const page = await browser.tab('/new')
  const [words, common] = [wordsOf('fa', 'create'), wordsOf('fa', 'common')]
  await expectSound(page)
  await page.getByRole('button', { name: words.template.union.title }).click()
  // What is missing is said where it is missing.
  await button(page, common.continue).click()
  await page.getByText(words.rules.sayIt).first().waitFor()
  expect(await page.getByText(words.rules.sayIt).count()).toBe(4)
  await sayWho(page, 'fa', (label, text) => page.getByLabel(label).fill(text))
  await page.locator('details.create-purpose summary').first().click()
  await button(page, words.recipient.makeKey).first().click()
  await page.getByTestId('identity').filter({ hasText: 'AGE-SECRET-KEY-1' }).waitFor()
  await expectSound(page)
  await button(page, words.ageKey.useWritten).click()
  const key = page.getByLabel(words.recipient.key)
  expect(await key.inputValue()).toMatch(/^age1/)
  const sound = await key.inputValue()
  await key.fill(`${sound.slice(0, -1)}${sound.endsWith('q') ? 'p' : 'q'}`)
  await button(page, common.continue).click()
  await page.getByText(words.recipient.keyWrong).waitFor()
  await expectSound(page)
  await key.fill(sound)
  await button(page, common.continue).click()

  await page.getByText(words.key.own, { exact: true }).click()
  const [first, again] = [page.getByLabel(words.key.ownLabel, { exact: true }), page.getByLabel(words.key.repeat)]
  await first.fill('password1')
  await page.getByText(words.key.weak_common).or(page.getByText(words.key.weak_similarToCommon)).first().waitFor()
  await expectSound(page)
  await first.fill('چهار لک‌لک آرام کنار رود')
  await page.getByText(words.key.enough).waitFor()
  await again.fill('چهار لک‌لک آرام کنار')
  await page.getByText(words.key.differ).waitFor()
  await page.getByLabel(words.key.who).fill('لیلا')
  expect(await button(page, words.key.make).isDisabled()).toBe(true)
  await again.fill('چهار لک‌لک آرام کنار رود')
  await button(page, words.key.make).click()
  await page.getByTestId('code').waitFor()
  await expectSound(page)
  await button(page, words.paper.without).click()
  await button(page, words.promise.go).waitFor()
  await expectSound(page)
  await button(page, words.promise.go).click()
  await page.waitForURL(/#\/people$/)
})

test('a browser that lacks something says so on the first screen', async () => {
  await begin()
  const page = await browser.tab()
  // `in` asks for the property itself.
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'locks'))
  await page.reload()
  await page.getByText(wordsOf('en', 'trouble').UNSUPPORTED.what).waitFor()
  await expectSound(page)
})

test('an open vault is locked when its page goes out of sight, if this device was told so', async () => {
  await begin()
  await seed(browser, { name: 'Notebook', policy: POLICY, contacts: [] })
  const page = await browser.tab('/open/Notebook')
  const [words, common] = [wordsOf('en', 'welcome'), wordsOf('en', 'common')]
  await page.getByText(words.lock.title).click()
  await page.getByRole('button', { name: words.lock.outOfSight }).click()
  await page.getByRole('option', { name: words.lock.hidden['0'] }).click()
  await unlockHere(page)
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await page.getByText(common.lockedNow).waitFor()
  await tabTo(page, page.getByRole('link', { name: 'Notebook' }))
})

describe('a vault that doesn’t open', () => {
  const words = { en: wordsOf('en', 'welcome'), fa: wordsOf('fa', 'welcome') }
  const trouble = { en: wordsOf('en', 'trouble'), fa: wordsOf('fa', 'trouble') }

  async function atTheDoor(look: Look = {}): Promise<Page> {
    await begin(look)
    await seed(browser, { name: 'Notebook', policy: POLICY, contacts: [] })
    return browser.tab()
  }

  const toLock = (page: Page) => page.getByRole('link', { name: 'Notebook' }).click()

  test('says so for a wrong passphrase, and opens with the right one', async () => {
    const page = await atTheDoor({ width: NARROWEST })
    await toLock(page)
    await unlock(page, 'en', 'seven quiet herons')
    await inBoth(page, language => page.getByText(trouble[language].CANNOT_UNLOCK.what).waitFor())
    await button(page, words.en.unlock.withCode).click()
    await unlock(page, 'en', 'ABCDE', words.en.unlock.code)
    await inBoth(page, language => page.getByText(trouble[language].RECOVERY_CODE_MISTYPED.what).waitFor())
    await button(page, words.en.unlock.withPassphrase).click()
    await unlock(page, 'en', PASSPHRASE)
    await page.waitForURL(/#\/people$/)
  })

  test('says so in Persian, and opens', async () => {
    await begin({ language: 'fa', width: NARROWEST })
    await seed(browser, { name: 'Notebook', policy: POLICY, contacts: [] })
    const page = await browser.tab('/open/Notebook')
    await unlock(page, 'fa', 'seven quiet herons')
    await page.getByText(trouble.fa.CANNOT_UNLOCK.what).waitFor()
    await expectSound(page)
    await unlock(page, 'fa', PASSPHRASE)
    await page.waitForURL(/#\/people$/)
  })

  test('because the browser cleared its rows, can be restored or taken off the list', async () => {
    const page = await atTheDoor()
    await clear(page, 'rows')
    await page.reload()
    await inBoth(page, language => page.getByText(words[language].notHere).waitFor())
    await toLock(page)
    await unlock(page, 'en', PASSPHRASE)
    await inBoth(page, async language => {
      await page.getByText(trouble[language].VAULT_MISSING.what).waitFor()
      const restoring = page.getByRole('link', { name: words[language].restore })
      expect(await restoring.getAttribute('href')).toBe('#/restore/Notebook')
    })
    await button(page, words.en.unlock.forget).click()
    await page.getByRole('dialog').getByRole('button', { name: words.en.unlock.forget }).click()
    await page.getByText(words.en.honest.title).waitFor()
  })

  test('because the browser cleared its cell, asks for a backup', async () => {
    const page = await atTheDoor()
    await clear(page, 'cell')
    await toLock(page)
    await unlock(page, 'en', PASSPHRASE)
    await inBoth(page, language => page.getByText(trouble[language].CELL_MISSING.what).waitFor())
    await page.getByRole('link', { name: words.en.restore }).click()
    await page.getByText(wordsOf('en', 'settings').restore.standing).waitFor()
  })

  test('for a clock that is far ahead, asks for the date before anything is shown or forgotten', async () => {
    const page = await atTheDoor()
    await page.clock.setFixedTime(Date.now() + 900 * 86_400_000)
    await toLock(page)
    await unlock(page, 'en', PASSPHRASE)
    await inBoth(page, language => page.getByRole('heading', { name: words[language].date.title }).waitFor())
    await button(page, words.en.date.wrong).click()
    await toLock(page)
    await unlock(page, 'en', PASSPHRASE)
    await button(page, words.en.date.right).click()
    await page.waitForURL(/#\/people$/)
  })
})

/** What a browser does that needs the room. */
async function clear(page: Page, what: 'rows' | 'cell') {
  await page.evaluate(async what => {
    if (what === 'cell') {
      const root = await navigator.storage.getDirectory()
      await root.removeEntry('amanat', { recursive: true })
      return
    }
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase('amanat:Notebook')
      request.onsuccess = () => resolve()
      request.onerror = () => reject(request.error)
    })
  }, what)
}
