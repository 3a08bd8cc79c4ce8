import { afterEach, expect, test } from 'vitest'
import { cdp } from 'vitest/browser'
import { row, underTest } from './stores'

interface Protocol {
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
  // Before the first commit: Chromium remembers for some seconds how much room it found.
  const { usage = 0 } = await navigator.storage.estimate()
  await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 1_000_000 })
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
