/**
 * One Chromium for all tests of a file, one a language. Each test comes to an address of its own, so that its storage is as new as a
 * new browser's; only the starting is saved. What can't be taken back, such as a clock, ends the Chromium with its test.
 */
import type { BrowserContext } from 'playwright'
import { afterAll } from 'vitest'
import { type AppBrowser, type Chromium, type Look, launch, visit } from './browser'

interface Standing extends Chromium {
  /** Whether something was done to all of its pages, also to those to come. */
  isChanged(): boolean
}

/** At the top of a file of tests; what it answers is used as `openBrowser` is. */
export function sharedBrowsers(): (look?: Look) => Promise<AppBrowser> {
  const standing = new Map<string, Promise<Standing>>()
  afterAll(async () => {
    for (const chromium of standing.values()) await (await chromium).close()
  })
  return async (look = {}) => {
    const { language = 'en' } = look
    const starting = standing.get(language) ?? launch({ language }).then(watched)
    standing.set(language, starting)
    const chromium = await starting
    const visiting = await visit(chromium, look)
    return {
      ...visiting,
      async close() {
        await visiting.close()
        if (!chromium.isChanged()) return
        standing.delete(language)
        await chromium.close()
      },
    }
  }
}

function watched(chromium: Chromium): Standing {
  let isChanged = false
  const telling = <on extends object, act extends keyof on>(on: on, ...acts: act[]): void => {
    for (const act of acts) {
      const before = on[act] as (...given: unknown[]) => unknown
      const after = (...given: unknown[]) => {
        isChanged = true
        return before.apply(on, given)
      }
      Object.assign(on, { [act]: after })
    }
  }
  const { context } = chromium
  telling<BrowserContext, keyof BrowserContext>(context, 'addInitScript', 'exposeFunction', 'route')
  telling(context.clock, 'install', 'pauseAt', 'setFixedTime', 'setSystemTime')
  return { ...chromium, isChanged: () => isChanged }
}
