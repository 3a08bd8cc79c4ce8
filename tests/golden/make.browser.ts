/** Freezes the golden vault of the browser's store, made in a real Chromium: its raw records and its cell's file. */
import { indexedDb } from '@amanat/store-indexeddb'
import { expect, test } from 'vitest'
import { commands } from 'vitest/browser'
import { readDatabase, readFiles } from './raw-chromium'
import { tell } from './story'

test('the golden vault in IndexedDB is made', async () => {
  const name = 'golden'
  await indexedDb(name).destroy()
  const made = await tell(() => indexedDb(name))
  const databases = [await readDatabase(`amanat:${name}`)]
  const files = await readFiles(`amanat/${name}`)
  expect(Object.keys(files)).toHaveLength(1)
  await commands.writeFile(
    'tests/golden/chromium.json',
    `${JSON.stringify({ made, databases, files }, undefined, 2)}\n`,
  )
}, 300_000)
