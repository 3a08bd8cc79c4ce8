/**
 * Vaults in real browsers that are killed at random moments: the whole browser, one page, or the cell's worker alone.
 * The next page that opens the vault finds what was acknowledged, nothing of what was acknowledged as forgotten, and of
 * what was under way all or nothing. AMANAT_KILLS_SEED runs a case again, as far as such moments can be met twice.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Page as Tab } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Launched } from '../chromium/browser'
import { type Site, siteOf } from '../chromium/site'
import { figures, size } from '../trust/figures'
import { Chance } from './chance'
import { ChromiumLife, StorageLost } from './chromium-life'

const SEED = Number(env.AMANAT_KILLS_SEED ?? 1 + Math.floor(Math.random() * 1e9))
const LONG = size(300_000, 7_200_000)

let site: Site
let place: string
const browsers = new Set<Launched>()

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'amanat-kills-chromium-'))
  site = await siteOf(fileURLToPath(new URL('chromium-page.ts', import.meta.url)))
}, 120_000)

afterAll(async () => {
  for (const browser of browsers) await browser.close()
  await site?.close()
  await rm(place, { recursive: true, force: true })
})

async function launched(life: ChromiumLife): Promise<Launched> {
  const browser = await life.launch()
  browsers.add(browser)
  browser.context.once('close', () => browsers.delete(browser))
  return browser
}

/** What a kill waits for is a moment, not an event. */
const moment = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

interface Choice {
  readonly whole: boolean
  readonly steps?: number
  readonly adversary: boolean
}

/** One tab finds out what the last one left, and uses the vault until somewhen. Answers what contradicts the record. */
async function round(life: ChromiumLife, tab: Tab, chance: Chance, choice: Choice) {
  const wrong = await life.open(tab, choice)
  const answers = 1 + chance.below(20)
  const { enough, ended } = life.use(tab, chance, { whole: choice.whole, steps: choice.steps ?? 60 }, answers)
  await Promise.race([enough, ended])
  await moment(chance.next() * 20)
  return { wrong, ended }
}

const told = (life: ChromiumLife, kind: string, killed: number) =>
  figures('kills', {
    [kind]: killed,
    'acknowledged operations checked': life.known.checked,
    'forgotten words looked for': life.wordsLookedFor,
  })

/** More than that is no bad luck of a browser. */
const MOST_REMOVED = size(1, 4)

describe('a browser that is killed', () => {
  let removed = 0

  test.each(Array.from({ length: size(2, 10) }, (_, number) => number))(
    'in the middle of its work leaves all that it acknowledged, and nothing that it forgot (life %i)',
    async number => {
      const life = new ChromiumLife(join(place, `life-${number}`), site.address)
      const chance = new Chance(SEED + number)
      const kills = size(10, 20)
      let killed = 0
      for (let each = 0; each <= kills; each++) {
        const where = `AMANAT_KILLS_SEED=${SEED}, life ${number}, kill ${each}`
        const browser = await launched(life)
        const tab = await browser.tab(site.address)
        const choice = { whole: true, adversary: each % 4 === 3 || each === kills }
        const found = await round(life, tab, chance, choice).catch(error => {
          if (each === 0 || !(error instanceof StorageLost)) throw error
        })
        // There is no vault any more that could go on: what was looked at until then counts.
        if (!found) {
          figures('kills', { 'vaults that the browser removed': 1 })
          expect(++removed, where).toBeLessThanOrEqual(MOST_REMOVED)
          await browser.close()
          break
        }
        expect(found.wrong, where).toEqual([])
        if (each < kills) {
          await browser.kill()
          killed++
        } else await browser.close()
        life.cut()
      }
      expect(life.known.checked).toBeGreaterThan(killed)
      told(life, 'kills', killed)
      await life.end()
    },
    LONG,
  )
})

describe('in a browser that goes on, the next tab finds the vault as it was acknowledged', () => {
  const ways: [what: string, die: (tab: Tab, ended: Promise<string>) => Promise<unknown>][] = [
    [
      'pages crashed',
      async tab => {
        const crashed = tab.waitForEvent('crash')
        const session = await tab.context().newCDPSession(tab)
        void session.send('Page.crash' as never).catch(() => {})
        await crashed
      },
    ],
    ['pages closed', tab => tab.close()],
    [
      'workers of the cell killed',
      async (tab, ended) => {
        const closing = tab.workers().map(worker => worker.evaluate(() => globalThis.close()))
        await Promise.all(closing)
        expect(closing).not.toEqual([])
        // What was under way fails, or hadn't begun to ask for it: nobody waits for ever for a worker that is no more.
        await ended
        await tab.close()
      },
    ],
  ]

  test.each(ways)(
    'after %s',
    async (what, die) => {
      const life = new ChromiumLife(join(place, what.replaceAll(' ', '-')), site.address)
      const chance = new Chance(SEED + what.length)
      const browser = await launched(life)
      const deaths = what.startsWith('workers') ? size(2, 20) : size(5, 40)
      for (let each = 0; each <= deaths; each++) {
        const tab = await browser.context.newPage()
        await tab.goto(site.address)
        const choice = { whole: false, adversary: each === deaths, steps: 200 }
        const { wrong, ended } = await round(life, tab, chance, choice)
        expect(wrong, `AMANAT_KILLS_SEED=${SEED}, ${what}, ${each}`).toEqual([])
        if (each < deaths) await die(tab, ended)
        life.cut()
      }
      await browser.close()
      told(life, what, deaths)
      await life.end()
    },
    LONG,
  )
})

describe('these tests', () => {
  test.each(['acknowledges-early', 'keeps-old-cells'])(
    'find out a vault that %s',
    async broken => {
      const life = new ChromiumLife(join(place, broken), site.address, broken)
      const chance = new Chance(SEED + broken.length)
      const browser = await launched(life)
      const found: string[] = []
      for (let each = 0; each < 40 && found.length === 0; each++) {
        const tab = await browser.context.newPage()
        await tab.goto(site.address)
        // What a kept half opens is the state before the last commit, and that was seen only if it is the one of the opening.
        const choice = broken === 'keeps-old-cells' ? { adversary: true, steps: 1 } : { adversary: false }
        const { wrong } = await round(life, tab, chance, { whole: false, ...choice })
        found.push(...wrong)
        await tab.close()
        life.cut()
      }
      await browser.close()
      expect(found.join('\n')).toMatch(broken === 'keeps-old-cells' ? /was forgotten, and can be read/ : /p\d+x: /)
      await life.end()
    },
    LONG,
  )
})
