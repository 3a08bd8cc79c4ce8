import { afterEach, expect, test } from 'vitest'
import { cdp } from 'vitest/browser'
import { half, row, underTest } from './stores'

interface Protocol {
  send(method: 'Storage.clearDataForOrigin', given: { origin: string; storageTypes: 'all' }): Promise<unknown>
  send(method: 'Storage.overrideQuotaForOrigin', given: { origin: string; quotaSize?: number }): Promise<unknown>
}

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
})

test('a commit for which there is no room says so, leaves nothing, and is possible again when there is', async () => {
  const { store, remove } = underTest()
  undo.push(remove)
  const browser = cdp() as unknown as Protocol
  const { origin } = location
  undo.push(() => browser.send('Storage.overrideQuotaForOrigin', { origin }))
  // Chromium remembers for a while how much room it found, until the site's data is cleared.
  await browser.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
  await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000_000 })
  await store.open()
  await store.commit({ expect: null, root: Uint8Array.of(1), put: [], drop: [] })

  // 12 MB: Chromium lets a little more than the quota pass.
  const put = Array.from({ length: 200 }, (_, n) => row('pages', n, crypto.getRandomValues(new Uint8Array(60_000))))
  const batch = { expect: 1, root: Uint8Array.of(2), put, drop: [] }
  await expect(store.commit(batch)).rejects.toMatchObject({ code: 'NO_SPACE' })
  expect((await store.root())?.version).toBe(1)
  for await (const _ of store.scan('pages')) throw new Error('a row of the refused commit is there')

  await browser.send('Storage.overrideQuotaForOrigin', { origin })
  expect(await store.commit(batch)).toBe('committed')
})

test('a store whose site was cleared under it finds nothing, no cell either, and can begin anew', async () => {
  const { store, remove } = underTest()
  undo.push(remove)
  await store.open()
  await store.commit({ expect: null, root: Uint8Array.of(1), put: [row('pages', 1)], drop: [] })
  await store.cell.create([half(1), half(2)])
  const browser = cdp() as unknown as Protocol
  await browser.send('Storage.clearDataForOrigin', { origin: location.origin, storageTypes: 'all' })
  expect(await store.root()).toBeUndefined()
  expect(await store.cell.read(0)).toBeUndefined()
  expect(await store.commit({ expect: 1, root: Uint8Array.of(2), put: [], drop: [] })).toBe('conflict')
  expect(await store.commit({ expect: null, root: Uint8Array.of(2), put: [], drop: [] })).toBe('committed')
})
