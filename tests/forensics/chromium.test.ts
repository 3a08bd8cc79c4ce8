/**
 * What a copied browser profile says. A page with a vault in IndexedDB and OPFS runs in a real Chromium; then every byte
 * that Chromium left in its profile is searched for every word that the vault was told. The words reach the page through
 * the debugger alone: no address, no file of the page and no cache holds them for another reason.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page as Tab } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch } from '../chromium/browser'
import { type Site, siteOf } from '../chromium/site'
import type { Lived } from './life'
import type { Page } from './page'
import { secrets, textsOf, world } from './people'
import { Search } from './search'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const search = new Search(secrets)
let place: string
let site: Site

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'amanat-chromium-'))
  site = await siteOf(here('page.ts'))
}, 120_000)

afterAll(async () => {
  await site?.close()
  await rm(place, { recursive: true, force: true })
})

/** One launch of the browser on a profile, until what is to be done in the page is done. */
async function inBrowser<T>(profile: string, act: (tab: Tab) => Promise<T>): Promise<T> {
  const browser = await launch(join(place, profile))
  try {
    return await act(await browser.tab(site.address))
  } finally {
    await browser.close()
  }
}

declare const page: Page

describe('the profile of a browser with a vault', () => {
  let lived: Lived

  beforeAll(async () => {
    lived = await inBrowser('vault', tab => tab.evaluate(given => page.live(given), world))
  }, 120_000)

  test('tells nothing about anybody after a whole life', async () => {
    const { findings, bytes } = await search.below(join(place, 'vault'))
    expect(findings).toEqual([])
    expect(bytes).toBeGreaterThan(1_000_000)
    expect(lived.exported).toBeGreaterThan(100_000)
  })

  test('holds the vault: another launch opens it, shows who stayed, and nobody who left', async () => {
    const { shown, counts, ledger, cell } = await inBrowser('vault', tab =>
      tab.evaluate(given => page.look(...given), [world.passphrase, world, lived] as const),
    )
    expect(counts).toEqual({ [world.purposes.news]: 4, [world.purposes.care]: 1 })
    for (const text of [world.staying.name, world.staying.email, world.moved.name]) expect(shown).toContain(text)
    for (const { name } of [world.withdrawing, world.erased, world.quarantined, world.moving]) {
      expect(shown).not.toContain(name)
    }
    expect(ledger).toContain('contact-erased')
    expect(cell).toBe('opfs')
  })

  test('does not open without its passphrase', async () => {
    const opening = inBrowser('vault', tab =>
      tab.evaluate(given => page.look(...given), ['another passphrase', world, lived] as const),
    )
    await expect(opening).rejects.toThrow('could not be unlocked')
  })

  test('still tells nothing when it was opened twice more', async () => {
    expect((await search.below(join(place, 'vault'))).findings).toEqual([])
  })

  test('is small enough that all of it lies in the log of LevelDB, in no table that would be compressed', async () => {
    const names = await readdir(join(place, 'vault'), { recursive: true })
    expect(names.filter(name => /indexeddb\.leveldb.*\.log$/.test(name))).toHaveLength(1)
    expect(names.filter(name => /indexeddb\.leveldb.*\.(?:ldb|sst)$/.test(name))).toEqual([])
  })
})

describe('the search', () => {
  test('finds every word in the profile of a browser whose page keeps them plainly in IndexedDB', async () => {
    const texts = [...textsOf(world), ...Object.keys(world.policy.purposes)]
    await inBrowser('plain', tab => tab.evaluate(given => page.keepPlainly(given), texts))
    const { findings } = await search.below(join(place, 'plain'))
    const found = new Set(findings.map(({ text }) => text))
    expect(secrets.filter(text => !found.has(text))).toEqual([])
  })

  test('finds nothing in what the page is made of', async () => {
    const { findings, files } = await search.below(site.files)
    expect(findings).toEqual([])
    expect(files).toBeGreaterThan(3)
  })
})
