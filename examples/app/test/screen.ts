/** What every screen is held to, and the words by which a test finds things on it. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import AxeBuilder from '@axe-core/playwright'
import type { Locator, Page } from 'playwright'
import { expect } from 'vitest'
import type { words } from '../src/i18n/en'

type Words = typeof words

/** The texts of a namespace, as they stand in the app. */
export function wordsOf<N extends keyof Words>(language: 'en' | 'fa', namespace: N): Words[N] {
  const file = fileURLToPath(new URL(`../src/i18n/${language}/${namespace}.json`, import.meta.url))
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** Axe finds nothing, and nothing has to be scrolled sideways on the narrowest phone. */
export async function expectSound(page: Page): Promise<void> {
  const isThere = await page.evaluate(() => 'axe' in globalThis)
  const { violations } = await new AxeBuilder({ page, ...(isThere ? { axeSource: '0' } : {}) })
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
  const size = page.viewportSize()
  await page.setViewportSize({ width: 320, height: 700 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  if (size) await page.setViewportSize(size)
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

/** Types into a field by keyboard. */
export async function typeKeys(page: Page, there: Locator, text: string): Promise<void> {
  await tabTo(page, there)
  await page.keyboard.type(text)
}
