/** What every screen is held to, and the words by which a test finds things on it. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import AxeBuilder from '@axe-core/playwright'
import type { Locator, Page } from 'playwright'
import { expect } from 'vitest'
import type { Words } from '../src/i18n/words'

/** The texts of a namespace, as they stand in the app. */
export function wordsOf<N extends keyof Words>(language: 'en' | 'fa', namespace: N): Words[N] {
  const file = fileURLToPath(new URL(`../src/i18n/${language}/${namespace}.json`, import.meta.url))
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** The narrowest phone that is thought of. */
export const NARROWEST = 320

const ofAxe = createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright'))
const AXE = readFileSync(ofAxe.resolve('axe-core/axe.min.js'), 'utf8')

/** Axe finds nothing, and nothing has to be scrolled sideways on the narrowest phone. */
export async function expectSound(page: Page): Promise<void> {
  // Once a page: left to itself, the builder puts all of axe there twice at each look.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE)
  const { violations } = await new AxeBuilder({ page, axeSource: '0' })
    // The app has no frames: without this, axe goes on in a second page to put the answers of several together.
    .setLegacyMode()
    // Rules are the same; only of what passed nothing is written down.
    .options({ resultTypes: ['violations'] })
    // What react-aria reads out for a moment names buttons that may be gone by then; it is no part of the screen.
    .exclude('[data-live-announcer]')
    .analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)).toEqual(
    [],
  )
  await expectNarrow(page)
}

/** Nothing has to be scrolled sideways on the narrowest phone: enough where axe has seen the same screen in the other language. */
export async function expectNarrow(page: Page): Promise<void> {
  const size = page.viewportSize()
  const isNarrow = size !== null && size.width <= NARROWEST
  if (!isNarrow) await page.setViewportSize({ width: NARROWEST, height: 700 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(NARROWEST)
  if (size && !isNarrow) await page.setViewportSize(size)
}

/**
 * What a person reads in either language, wherever they are in the middle of something: a sentence of trouble, say, without going
 * all the way there once more. Ends in English.
 */
export async function inBoth(page: Page, said: (language: 'en' | 'fa') => Promise<unknown>): Promise<void> {
  for (const [language, name] of [
    ['fa', 'فارسی'],
    ['en', 'English'],
  ] as const) {
    await page.getByRole('button', { name, exact: true }).click()
    await page.locator(`html[lang=${language}]`).waitFor()
    await said(language)
    await (language === 'en' ? expectSound(page) : expectNarrow(page))
  }
}

const MOST_TABS = 60

/** Goes there with the Tab key alone. */
export async function tabTo(page: Page, there: Locator): Promise<void> {
  await there.waitFor()
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    if (await there.evaluate(element => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`The Tab key doesn’t lead to ${there}.`)
}

/** Presses a button or follows a link by keyboard. */
export async function pressKey(page: Page, there: Locator): Promise<void> {
  await tabTo(page, there)
  await page.keyboard.press('Enter')
}

const KEYS = 4

/** Types into a field by keyboard: some letters key by key, and the rest of a long text at once, as a phone puts in whole words. */
export async function typeKeys(page: Page, there: Locator, text: string): Promise<void> {
  await tabTo(page, there)
  await page.keyboard.type(text.slice(0, KEYS))
  if (text.length > KEYS) await page.keyboard.insertText(text.slice(KEYS))
}
