/**
 * From the disk into a real Chromium's IndexedDB and OPFS, and back to the disk: the backup is read while it is made, piece by
 * piece, over whatever carries bytes. One piece is on its way at a time.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { disk } from '@amanat/store-disk'
import { createVault, openVault, restoreVault } from '@amanat/vault'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Launched, launch } from '../chromium/browser'
import { type Site, siteOf } from '../chromium/site'
import { figures, size } from '../trust/figures'
import type { Page } from './page'
import { actor, asMaker, asMembers, clockAt, damagedIn, entries, everything, fill, newKey, oldKey } from './people'

const PEOPLE = size(400, 5_000)
const PHOTOS = 20
const SAMPLE = 20
const HOUR = 3_600_000

let place: string
let site: Site
let browser: Launched

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'amanat-carried-'))
  site = await siteOf(fileURLToPath(new URL('page.ts', import.meta.url)))
  browser = await launch(join(place, 'profile'))
}, HOUR)

afterAll(async () => {
  await browser?.close()
  await site?.close()
  await rm(place, { recursive: true, force: true })
})

declare const page: Page

/** A page hands over letters of a byte each: what its bridge carries as it is. */
const lettersOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const bytesOf = (letters: string) => new Uint8Array(Buffer.from(letters, 'latin1'))

/** Pieces that are put in one at a time: whoever puts waits until it was taken. */
function pipe() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  return { readable, put: (bytes: Uint8Array) => writer.write(bytes), end: () => writer.close() }
}

test(
  'a vault goes from the disk into a browser and back to the disk, everything of it',
  async () => {
    const clock = clockAt()
    const vault = await createVault({ ...asMaker(), store: disk(join(place, 'first')), unlock: oldKey, clock })
    const ids = (await fill(vault, PEOPLE, PHOTOS)).slice(0, SAMPLE)
    const before = await everything(vault, ids)
    const backup = await vault.backup()
    const reader = backup.file.getReader()
    let given = 0

    const tab = await browser.tab(site.address)
    await tab.exposeFunction('nextPiece', async () => {
      const { done, value } = await reader.read()
      if (done) return null
      given++
      return lettersOf(value)
    })
    const back = pipe()
    await tab.exposeFunction('takePiece', (letters: string) => back.put(bytesOf(letters)))

    const arrived = await tab.evaluate(() => page.restore())
    await vault.lock()
    expect(arrived).toMatchObject({ people: PEOPLE, gone: 0, expired: 0, damaged: 0, backup: backup.id })
    expect(given).toBeGreaterThan(20)
    const seen = await tab.evaluate(ids => page.look(ids), ids)
    expect(seen).toEqual({ all: before, damaged: [], cell: 'opfs' })

    const folder = join(place, 'second')
    const [id, returned] = await Promise.all([
      tab.evaluate(() => page.backUp()).finally(() => back.end()),
      restoreVault({
        store: disk(folder),
        from: back.readable as never,
        backupUnlock: newKey,
        unlock: oldKey,
        actor,
        clock,
      }),
    ])
    await tab.evaluate(() => page.lock())
    expect(returned).toMatchObject({ people: PEOPLE, gone: 0, damaged: 0, backup: id })
    const again = await openVault({ ...asMembers, store: disk(folder), unlock: oldKey, clock })
    expect(await everything(again, ids)).toEqual(before)
    expect(await damagedIn(again)).toEqual([])
    expect((await entries(again, 'restored')).map(({ backup }) => backup)).toEqual([backup.id, id])
    await again.lock()
    figures('backup', { 'people carried over': 2 * PEOPLE, 'vaults restored': 2 })
  },
  HOUR,
)
