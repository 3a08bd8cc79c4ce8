// Local-first, in Chromium: a whole life of a vault asks for nothing beyond the page's own origin, and of that only the
// code it is made of. Everything that the browser loads, in the page and in its workers, is in the timeline.
import { indexedDb } from '@amanat/store-indexeddb'
import { expect, test } from 'vitest'
import { life } from './life'

/** Addresses that were asked for while something ran, but for the page's own code. */
async function askedDuring(work: () => Promise<unknown>): Promise<string[]> {
  const asked: string[] = []
  const note = (entries: PerformanceEntryList) => asked.push(...entries.map(({ name }) => name))
  const observer = new PerformanceObserver(list => note(list.getEntries()))
  observer.observe({ type: 'resource' })
  const policy = (event: SecurityPolicyViolationEvent) => asked.push(event.blockedURI)
  document.addEventListener('securitypolicyviolation', policy)
  await work()
  note(observer.takeRecords())
  observer.disconnect()
  document.removeEventListener('securitypolicyviolation', policy)
  return asked.filter(name => !isCode(name))
}

/** A module or WebAssembly that the development server hands out, and its own socket. */
function isCode(name: string): boolean {
  const url = new URL(name, location.href)
  return url.origin === location.origin && /\.(?:[mc]?[jt]s|wasm|map)$/.test(url.pathname)
}

test('the watch would see a request', async () => {
  const asked = await askedDuring(async () => {
    await fetch('/a-list-of-people').catch(() => undefined)
    await fetch('http://127.0.0.1:9/away').catch(() => undefined)
    await new Promise(done => setTimeout(done))
  })
  expect(asked.map(name => new URL(name).pathname).sort()).toEqual(['/a-list-of-people', '/away'])
})

test('a life of a vault in IndexedDB asks the network for nothing', async () => {
  const name = `network ${crypto.randomUUID()}`
  expect(await askedDuring(() => life(() => indexedDb(name)))).toEqual([])
  await indexedDb(name).destroy()
})
