/** The few pages that stay open: which go when others come, and that what goes is wiped (R19). */
import { expect, it } from 'vitest'
import { PageCache } from '../../src/commit/page-cache'

const page = () => new Uint8Array([1, 2, 3])
const wiped = new Uint8Array(3)

it('keeps the pages that were used last, and wipes the one that goes', () => {
  const cache = new PageCache(32 * 3)
  const pages = Array.from({ length: 34 }, page)
  for (let i = 0; i < 32; i++) cache.put(`${i}`, pages[i] as Uint8Array)
  for (let i = 0; i < 32; i++) expect(cache.get(`${i}`)).toEqual(page())
  // The first is used again, so the second is the one that goes.
  expect(cache.get('0')).toBe(pages[0])
  cache.put('32', pages[32] as Uint8Array)
  expect(cache.get('1')).toBeUndefined()
  expect(pages[1]).toEqual(wiped)
  cache.put('33', pages[33] as Uint8Array)
  expect([cache.get('2'), cache.get('0'), cache.get('3')]).toEqual([undefined, pages[0], pages[3]])
  expect(pages[0]).toEqual(page())
})

it('knows no page that was never put, before and after it was looked for', () => {
  const cache = new PageCache()
  expect(cache.get('0')).toBeUndefined()
  for (let i = 0; i < 32; i++) cache.put(`${i}`, page())
  expect(cache.get('none')).toBeUndefined()
  expect(cache.get('0')).toEqual(page())
  cache.put('0', page())
  expect(cache.get('1')).toEqual(page())
})

it('counts bytes, not pages, and keeps a page that is larger than all of it', () => {
  const cache = new PageCache(8)
  const [one, two, large] = [page(), page(), new Uint8Array(9).fill(1)]
  cache.put('one', one)
  cache.put('two', two)
  // Put again, it takes its place and no other's.
  cache.put('two', page())
  expect([cache.get('one'), two]).toEqual([page(), wiped])
  cache.put('large', large)
  expect([one, cache.get('one'), cache.get('two'), cache.get('large')]).toEqual([wiped, undefined, undefined, large])
  cache.drop('large')
  cache.drop('large')
  cache.put('one', page())
  cache.put('two', page())
  expect([cache.get('one'), cache.get('two')]).toEqual([page(), page()])
})

it('drops one page, and with wiping all of them', () => {
  const cache = new PageCache()
  const [one, two, three] = [page(), page(), page()]
  for (const [key, plain] of Object.entries({ one, two, three })) cache.put(key, plain)
  cache.drop('one')
  cache.drop('none')
  expect([one, two]).toEqual([wiped, page()])
  expect(cache.get('one')).toBeUndefined()
  cache.wipe()
  expect([two, three]).toEqual([wiped, wiped])
  expect([cache.get('two'), cache.get('three')]).toEqual([undefined, undefined])
})
