// Pictures of every screen of the reference app: both languages, a phone and a desk, light and dark. The story's people are on
// them, so nobody else is. They go to .cache/app-screens, to be looked at.
//
//   node scripts/app-screens.mjs [--language en|fa] [--width 320|1280] [--light light|dark] [--only NAME]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argv, env } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright'
import { preview } from 'vite'
import { chromiumLaunch } from './chromium.mjs'

const { values: asked } = parseArgs({
  args: argv.slice(2),
  options: {
    language: { type: 'string' },
    width: { type: 'string' },
    light: { type: 'string' },
    only: { type: 'string' },
  },
})
const app = fileURLToPath(new URL('../examples/app', import.meta.url))
const out = fileURLToPath(new URL('../.cache/app-screens', import.meta.url))
mkdirSync(out, { recursive: true })
const server = await preview({
  root: app,
  logLevel: 'error',
  preview: { port: 0, host: 'localhost' },
  ...(env.AMANAT_APP_DIST ? { build: { outDir: env.AMANAT_APP_DIST } } : {}),
})
const url = server.resolvedUrls.local[0]
/** Screens of an open vault, seen once the story has been played to its end. */
const INSIDE = [
  ['people', '/people'],
  ['person-new', '/people/new'],
  ['signup', '/signup'],
  ['bring', '/bring'],
  ['quarantine', '/bring/quarantine'],
  ['handover', '/handover'],
  ['forgetting', '/forgetting'],
  ['record', '/forgetting/record'],
  ['settings', '/settings'],
]
const OUTSIDE = [
  ['welcome', '/'],
  ['new', '/new'],
  ['restore', '/restore'],
  ['story', '/story'],
  ['about', '/about'],
]
/** Not in the page while it is whole: rows and pictures that are still on their way. */
const COMING = 'main[aria-busy=true], .people-waiting, .react-aria-Button[data-pending]'
/** In the story's guide the way on is its one coloured button. */
const ON = '.guide-ways .button.primary'

for (const language of asked.language ? [asked.language] : ['en', 'fa'])
  for (const width of asked.width ? [Number(asked.width)] : [320, 1280])
    for (const light of asked.light ? [asked.light] : ['light', 'dark']) await pictures(language, width, light)
await server.close()
console.log(`Pictures are in ${out}`)

async function pictures(language, width, light) {
  const profile = mkdtempSync(join(tmpdir(), 'amanat-screens-'))
  const context = await chromium.launchPersistentContext(profile, {
    ...chromiumLaunch(),
    headless: true,
    locale: language === 'fa' ? 'fa-IR' : 'en-GB',
    timezoneId: 'Europe/London',
    viewport: { width, height: width < 600 ? 760 : 820 },
    colorScheme: light,
  })
  const page = context.pages()[0]
  const take = async name => {
    if (asked.only && !name.includes(asked.only)) return
    await page.waitForFunction(() => document.fonts.status === 'loaded')
    await page.waitForFunction(selector => document.querySelector(selector) === null, COMING)
    // Above the screen itself where one looks: what was hovered or scrolled before isn't part of it.
    await page.mouse.move(0, 0)
    await page.waitForTimeout(250)
    const path = join(out, `${language}-${width}-${light}-${name}.png`)
    await page.screenshot({ path, fullPage: true })
  }
  const to = async path => {
    await page.goto(`${url}#${path}`)
    await page.locator('[data-page-title]').first().waitFor()
  }
  for (const [name, path] of OUTSIDE) {
    await to(path)
    await take(name)
  }
  await to('/story')
  await page.locator('main .button.primary').first().click()
  for (let step = 0; ; step++) {
    await page.locator(ON).first().waitFor()
    await page.waitForFunction(selector => !document.querySelector(selector)?.hasAttribute('data-pending'), ON)
    await take(`story-${String(step).padStart(2, '0')}`)
    // The last step leads nowhere but out.
    if ((await page.locator('.guide-dots > :not(.past)').count()) === 0) break
    const before = await page.locator('.guide').textContent()
    await page.locator(ON).first().click()
    await page.waitForFunction(last => document.querySelector('.guide')?.textContent !== last, before)
    await page.waitForFunction(selector => !document.querySelector(selector)?.hasAttribute('data-pending'), ON, {
      timeout: 60_000,
    })
  }
  await page.locator('.guide-head').click()
  for (const [name, path] of INSIDE) {
    // Inside one page: a load would lock the vault.
    await page.evaluate(hash => {
      location.hash = hash
    }, path)
    await page.locator('[data-page-title]').first().waitFor()
    await page.waitForTimeout(400)
    await take(name)
  }
  await within()
  await context.close()
  rmSync(profile, { recursive: true, force: true })

  /** Screens that one doesn't come to by their address alone. */
  async function within() {
    const hash = path =>
      page.evaluate(to => {
        location.hash = to
      }, path)
    await hash('/people')
    await page.locator('[data-at]').first().click()
    await page.locator('.person-facts').first().waitFor()
    await take('person')
    await hash('/handover')
    for (const group of [0, 1]) await page.locator('main [role=radiogroup]').nth(group).locator('label').first().click()
    await page.locator('main .button.wide').first().waitFor()
    await take('handover-covered')
    await hash('/signup')
    await page.locator('main label.tile').first().click()
    await page.locator('main .button.primary').last().click()
    await page.locator('.signup-greeting').waitFor()
    await take('signup-greeting')
    await page.locator(`.signup-languages [lang=${language}]`).click()
    await page.locator('.signup-answer').waitFor()
    await take('signup-question')
  }
}
