/**
 * The app on a device: kept there at the first visit and whole without a network from then on, in any window; a newer version that
 * is offered and never forced; and a policy by which the browser itself lets nothing go anywhere. Coming for the first time
 * without a network shows the browser's own page: nothing of the app is there yet that could say a word.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type AppBrowser, DIST, openBrowser } from './browser'
import { POLICY, phone } from './centre'
import { expectSound, wordsOf } from './screen'
import { go, seed, unlocked } from './seed'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

const common = wordsOf('en', 'common')
const title = (page: Page) => page.locator('[data-page-title]').first()

describe('without a network', () => {
  let browser: AppBrowser
  let page: Page
  let ids: readonly string[]
  beforeAll(async () => {
    browser = await openBrowser({ isKept: true, width: 390 })
    const consents = [{ purpose: 'prayer-times', recipients: ['sms-gateway'] }]
    // Before the app is visited: from then on its service worker answers for every page here.
    ids = await seed(browser, {
      name: 'members',
      policy: POLICY,
      contacts: [{ full: 'Sara', phone: phone(1), consents }],
    })
    page = await browser.tab()
    await page.getByText(common.offlineReady).waitFor()
  })
  afterAll(() => browser.close())

  test('every file of the app was kept at the first visit', async () => {
    const kept = await page.evaluate(async () => {
      const keys = await Promise.all((await caches.keys()).map(async name => (await caches.open(name)).keys()))
      return keys.flat().map(({ url }) => new URL(url).pathname)
    })
    const files = await readdir(DIST, { recursive: true, withFileTypes: true })
    const paths = files
      .filter(file => file.isFile())
      .map(file => join(file.parentPath, file.name).slice(DIST.length).replaceAll('\\', '/'))
    expect(paths.length).toBeGreaterThan(50)
    // The worker itself is kept by the browser.
    const notKept = paths.filter(path => !kept.includes(path) && !/^\/(?:sw|workbox-\w+)\.js$/.test(path))
    expect(notKept).toEqual([])
  })

  test('a vault is opened, each screen is there, and somebody’s time goes on', async () => {
    await browser.unplug()
    await page.reload()
    await title(page).waitFor()
    await page.close()
    page = await unlocked(browser)
    await page.locator('.people-name', { hasText: 'Sara' }).waitFor()
    for (const path of ['/signup', '/bring', '/bring/quarantine', '/handover', '/forgetting', '/forgetting/record']) {
      await go(page, path)
      await title(page).waitFor()
      expect(await page.getByRole('alert').count()).toBe(0)
    }
    await go(page, '/settings')
    await title(page).waitFor()
    await page.getByRole('button', { name: 'فارسی' }).first().click()
    await go(page, `/people/${ids[0]}`)
    await page.getByRole('heading', { name: 'آنچه گفته است' }).waitFor()
    await page.getByRole('button', { name: wordsOf('fa', 'common').lock, exact: true }).click()
    await page.getByText(wordsOf('fa', 'common').lockedNow).waitFor()
    await page.getByRole('button', { name: 'English' }).first().click()
  })

  test('a new vault is made', async () => {
    const words = wordsOf('en', 'create')
    const own = 'four storks along a quiet canal'
    await go(page, '/new')
    await page.getByRole('button', { name: words.template.community.title }).click()
    await page.getByLabel(words.rules.name).fill('Riverside Centre')
    await page.getByLabel(words.rules.contact).fill('privacy@riverside.example')
    await page.getByLabel(words.rules.address).fill('1 Quay Street, Riverside')
    await page.getByLabel(words.rules.withdraw).fill('Reply STOP')
    await page.getByRole('button', { name: common.continue, exact: true }).click()
    await page.getByText(words.key.own, { exact: true }).click()
    const passphrases = page.locator('input[type=password]')
    await passphrases.first().fill(own)
    await passphrases.nth(1).fill(own)
    await page.getByLabel(words.key.who).fill('NR')
    await page.getByRole('button', { name: words.key.make, exact: true }).click()
    await page.getByTestId('code').waitFor()
  })

  test('nobody else was asked for anything', () => expect(browser.strangers).toEqual([]))
})

describe('a newer version', () => {
  let folder: string
  let browser: AppBrowser
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amanat-app-version-'))
    await cp(DIST, folder, { recursive: true })
    browser = await openBrowser({ isKept: true, width: 360, folder })
  })
  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('is offered, waits until it is asked for, and is there then', async () => {
    const page = await browser.tab('/about')
    await page.getByText(common.offlineReady).waitFor()
    const [index, worker] = [join(folder, 'index.html'), join(folder, 'sw.js')]
    await writeFile(
      index,
      (await readFile(index, 'utf8')).replace('<title>', '<meta name="newer" content="yes"><title>'),
    )
    const before = await readFile(worker, 'utf8')
    const after = before.replace(/(url:"index\.html",revision:")\w/, '$1-')
    expect(after).not.toBe(before)
    await writeFile(worker, after)

    const isNewer = () => page.locator('meta[name=newer]').count()
    await page.reload()
    await page.getByText(common.newVersionHint).waitFor()
    expect(await isNewer()).toBe(0)
    await expectSound(page)
    // Another reload isn't a yes.
    await page.reload()
    await page.getByText(common.newVersionHint).waitFor()
    expect(await isNewer()).toBe(0)
    await page.getByRole('button', { name: common.reload, exact: true }).click()
    await expect.poll(isNewer, { timeout: 30_000 }).toBe(1)
    await title(page).waitFor()
    expect(await page.getByText(common.newVersionHint).count()).toBe(0)
    expect(browser.complaints).toEqual([])
    expect(browser.strangers).toEqual([])
  })
})

describe('the built app', () => {
  let browser: AppBrowser
  const answered: string[] = []
  beforeAll(async () => {
    browser = await openBrowser({ isKept: true })
    browser.context.on('requestfinished', request => {
      if (!request.url().startsWith(browser.url)) answered.push(request.url())
    })
  })
  // What a page asks for is seen before its browser forbids it: here it is answers that count.
  afterEach(() => expect(answered).toEqual([]))
  afterAll(() => browser.close())

  test('can be installed, by what Chromium itself asks of a manifest', async () => {
    const page = await browser.tab()
    await page.getByText(common.offlineReady).waitFor()
    const devtools = await browser.context.newCDPSession(page)
    const { errors, data } = await devtools.send('Page.getAppManifest')
    expect(errors).toEqual([])
    expect(JSON.parse(data ?? '{}')).toMatchObject({ name: 'Amanat', start_url: './', display: 'standalone' })
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
    expect(installabilityErrors).toEqual([])
  })

  test.each(['https://elsewhere.example/', 'here'])(
    'may not ask %s for anything, by the browser’s own word',
    async where => {
      const page = await browser.tab()
      const refused = await page.evaluate(async where => {
        const told = new Promise<string>(resolve =>
          addEventListener('securitypolicyviolation', event => resolve(event.effectiveDirective), { once: true }),
        )
        const answer = await fetch(where === 'here' ? location.href : where).then(
          () => 'answered',
          () => 'refused',
        )
        return [answer, await told]
      }, where)
      expect(refused).toEqual(['refused', 'connect-src'])
    },
  )

  test('may show no picture and send no form elsewhere', async () => {
    const page = await browser.tab()
    const directives = await page.evaluate(async () => {
      const heard = () =>
        new Promise<string>(resolve =>
          addEventListener('securitypolicyviolation', event => resolve(event.effectiveDirective), { once: true }),
        )
      const picture = heard()
      new Image().src = 'https://elsewhere.example/x.png'
      const first = await picture
      const form = document.createElement('form')
      form.action = 'https://elsewhere.example/'
      document.body.append(form)
      const sent = heard()
      form.submit()
      return [first, await sent]
    })
    expect(directives).toEqual(['img-src', 'form-action'])
  })
})

test('a screen that can’t be loaded says so, and the others are still there', async () => {
  const browser = await openBrowser()
  try {
    const page = await browser.tab()
    await browser.unplug()
    await go(page, '/about')
    await page.getByText(wordsOf('en', 'trouble').notLoaded.what).waitFor()
    await expectSound(page)
    await go(page, '/')
    await page.getByText(wordsOf('en', 'welcome').honest.title).waitFor()
  } finally {
    await browser.close()
  }
})
