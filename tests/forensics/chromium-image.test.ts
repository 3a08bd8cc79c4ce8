/**
 * What a disk says under a browser. A real Chromium has its profile on a file system of its own in a file; a vault in
 * it forgets again and again; and every byte of that file is searched for every secret that the cell in OPFS ever held:
 * Chromium's own databases and logs, deleted files and what is no file any more included.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page as Tab } from 'playwright'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { launch } from '../chromium/browser'
import { type Site, siteOf } from '../chromium/site'
import { figures, size } from '../trust/figures'
import type { Image } from './image'
import { onImage } from './on-image'
import type { Page } from './page'
import { secrets as words, world } from './people'
import { SecretSearch } from './raw'
import { Search } from './search'
import { all, expectForgotten, oldOf, standing, told } from './standing'
import { type Given, STEPS } from './turning'

const ROTATIONS = size(20, 200)
const FEW = 8
const MEGABYTES = 384

const given: Given = {
  start: world.start,
  policy: world.policy,
  purpose: world.purposes.news,
  words: words.filter(word => !/^[+\d]/.test(word)),
}

let site: Site
beforeAll(async () => {
  site = await siteOf(fileURLToPath(new URL('page.ts', import.meta.url)))
}, 120_000)
afterAll(() => site?.close())

declare const page: Page

async function inBrowser<T>(image: Image, act: (tab: Tab) => Promise<T>): Promise<T> {
  const browser = await launch(join(image.path, 'profile'))
  try {
    return await act(await browser.tab(site.address))
  } finally {
    await browser.close()
  }
}

const onBrowserImage = (name: string, run: (image: Image) => Promise<void>) => onImage('ext4', name, run, MEGABYTES)

describe('a disk with the profile of a browser with a vault', () => {
  onBrowserImage('keeps no secret that the cell in OPFS ever held before', async image => {
    const last = await inBrowser(image, async tab => {
      const made = await tab.evaluate(given => page.create(given, 'opfs'), given)
      expect(made).toMatchObject({ cell: 'opfs', forgetting: 'in-place' })
      await tab.evaluate(count => page.turn(count), ROTATIONS / 2)
      image.sync()
      const turned = await tab.evaluate(count => page.turn(count), ROTATIONS / 2)
      const { sought, found } = expectForgotten(image, turned.taken, turned.now)
      expect(sought).toBeGreaterThanOrEqual(ROTATIONS)
      figures('forensics', { 'rotations searched in OPFS': sought, found })
      return turned
    })
    // The browser has been closed, and has written what browsers write then.
    expectForgotten(image, last.taken, last.now)
    const copy = mkdtempSync(join(tmpdir(), 'amanat-copy-'))
    try {
      cpSync(join(image.path, 'profile'), copy, { recursive: true, verbatimSymlinks: true })
      const files = await new SecretSearch(all(last.taken)).below(copy)
      // One file, and it lies in the folder of OPFS: no database, no log, no lock and no cache.
      expect([...files.keys()]).toEqual([expect.stringMatching(/File System/)])
    } finally {
      rmSync(copy, { recursive: true, force: true })
    }
    image.unmount()
    const { hits } = new SecretSearch(all(last.taken)).inFile(image.file)
    expect(new Set(hits.map(({ secret }) => secret))).toEqual(new Set(all(last.now)))
    image.remount()
  })

  onBrowserImage(
    'keeps none after any of the ways to forget, and nothing of a vault that was destroyed',
    async image => {
      const every = await inBrowser(image, async tab => {
        await tab.evaluate(given => page.create(given, 'opfs'), given)
        for (const step of STEPS) {
          const { taken, now } = await tab.evaluate(step => page.step(step), step)
          const { found } = expectForgotten(image, taken, now)
          figures('forensics', { 'ways to forget': 1, found })
        }
        const { taken } = await tab.evaluate(count => page.turn(count), 1)
        await tab.evaluate(() => page.destroy())
        expect([...standing(image, all(taken))]).toEqual([])
        figures('forensics', { 'ways to forget': 1 })
        return all(taken)
      })
      expect([...standing(image, every)]).toEqual([])
      expect(told(image, new Search(words))).toEqual([])
    },
  )
})

describe('the search finds what stays', () => {
  onBrowserImage('where the cell is written to OPFS through a stream', async image => {
    const { taken, now } = await inBrowser(image, async tab => {
      await tab.evaluate(given => page.create(given, 'stream'), given)
      // A stream leaves it to the system when to write; by then a file may be gone that never was on the disk.
      for (let turns = 1; turns < FEW; turns++) {
        await tab.evaluate(() => page.turn(1))
        image.sync()
      }
      return tab.evaluate(() => page.turn(1))
    })
    expect(standing(image, oldOf(taken, now)).size).toBeGreaterThan(FEW / 2)
  })

  onBrowserImage('where there is no OPFS, of which guarantees() says best-effort', async image => {
    const { taken, now, cell, forgetting } = await inBrowser(image, async tab => {
      await tab.evaluate(given => page.create(given, 'database'), given)
      return tab.evaluate(count => page.turn(count), FEW)
    })
    expect({ cell, forgetting }).toEqual({ cell: 'idb', forgetting: 'best-effort' })
    expect(standing(image, oldOf(taken, now)).size).toBeGreaterThan(FEW / 2)
  })
})
