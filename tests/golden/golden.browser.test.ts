/** The vault that was frozen in Chromium, laid out again as it stood in IndexedDB and OPFS, and opened by today's store. */
import { indexedDb } from '@amanat/store-indexeddb'
import { describe } from 'vitest'
import { commands } from 'vitest/browser'
import { type RawOrigin, writeDatabase, writeFiles } from './raw-chromium'
import { seen } from './seen'
import type { Made } from './story'

let copies = 0

describe('the golden vault of the browser’s store', () => {
  seen(async use => {
    const text = await commands.readFile('tests/golden/chromium.json')
    const { made, databases, files } = JSON.parse(text) as RawOrigin & { made: Made }
    // The name is the store's, in both places; a copy gets one of its own.
    const name = `golden-${Date.now()}-${++copies}`
    for (const database of databases) await writeDatabase({ ...database, name: `amanat:${name}` })
    const renamed = Object.entries(files).map(([path, bytes]) => [
      path.replace('amanat/golden/', `amanat/${name}/`),
      bytes,
    ])
    await writeFiles(Object.fromEntries(renamed))
    try {
      return await use(() => indexedDb(name), made)
    } finally {
      await indexedDb(name).destroy()
    }
  })
})
