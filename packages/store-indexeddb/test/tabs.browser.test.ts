import type { Store } from '@amanat/store-contract'
import { afterEach, expect, test } from 'vitest'
import type { indexedDb } from '../src'
import { freshName, half, row } from './stores'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
})

interface Tab {
  readonly indexedDb: typeof indexedDb
  /** The same bytes as an array of that realm, where another's is no Uint8Array. */
  own(bytes: Uint8Array): Uint8Array
  close(): void
}

/** The package loaded once more, in a frame: a realm of its own on the same origin, as another tab is. */
async function tab(): Promise<Tab> {
  const frame = document.createElement('iframe')
  undo.push(() => frame.remove())
  document.body.append(frame)
  const inside = frame.contentWindow as
    | (Window & { loaded?: typeof import('../src'); Uint8Array: typeof Uint8Array })
    | null
  if (!inside) throw new Error('no frame')
  await new Promise<void>((resolve, reject) => {
    const script = inside.document.createElement('script')
    script.type = 'module'
    script.textContent = `
      import * as loaded from '${new URL('../src/index.ts', import.meta.url).href}'
      window.loaded = loaded
      window.dispatchEvent(new Event('loaded'))`
    inside.addEventListener('loaded', () => resolve())
    inside.addEventListener('error', () => reject(new Error('the frame did not load the package')))
    inside.document.body.append(script)
  })
  if (!inside.loaded) throw new Error('nothing was loaded')
  return {
    indexedDb: inside.loaded.indexedDb,
    own: bytes => new inside.Uint8Array(bytes),
    close: () => frame.remove(),
  }
}

async function openIn(make: typeof indexedDb, name: string): Promise<Store> {
  const store = make(name)
  await store.open()
  return store
}

async function twoTabs() {
  const name = freshName()
  const here = await import('../src')
  undo.push(() => here.indexedDb(name).destroy())
  const other = await tab()
  return { mine: await openIn(here.indexedDb, name), theirs: await openIn(other.indexedDb, name), other }
}

test('two tabs change the cell a hundred times by turns, and no change is lost', async () => {
  const { mine, theirs, other } = await twoTabs()
  await mine.exclusive(() => mine.cell.create([half(0), half(0)]))
  const add = (store: Store, own: (bytes: Uint8Array) => Uint8Array) =>
    store.exclusive(async () => {
      const [count = 0] = (await store.cell.read(0)) ?? []
      await store.cell.overwrite(0, own(half(count + 1)))
    })
  await Promise.all(
    Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? add(mine, bytes => bytes) : add(theirs, other.own))),
  )
  expect(await mine.cell.read(0)).toEqual(half(100))
})

test('a tab hears that another has committed, and of two that race one wins', async () => {
  const { mine, theirs, other } = await twoTabs()
  const heard = new Promise<void>(resolve => mine.watch(resolve))
  const first = { expect: null, root: other.own(Uint8Array.of(1)), put: [], drop: [] }
  expect(await theirs.commit(first)).toBe('committed')
  await heard
  const batch = (root: Uint8Array) => ({ expect: 1, root, put: [], drop: [] })
  const answers = await Promise.all([
    mine.commit(batch(Uint8Array.of(2))),
    theirs.commit(batch(other.own(Uint8Array.of(3)))),
  ])
  expect(answers.sort()).toEqual(['committed', 'conflict'])
})

test('what a tab committed is there after it was closed without a word', async () => {
  const { mine, theirs, other } = await twoTabs()
  const { table, id, bucket, bytes } = row('pages', 1)
  const put = [{ table, id: other.own(id), bucket, bytes: other.own(bytes) }]
  await theirs.commit({ expect: null, root: other.own(Uint8Array.of(1)), put, drop: [] })
  await theirs.exclusive(() => theirs.cell.create([other.own(half(1)), other.own(half(2))]))
  other.close()
  expect((await mine.root())?.version).toBe(1)
  expect(await mine.read('pages', [id])).toEqual([Uint8Array.of(1)])
  expect(await mine.cell.read(1)).toEqual(half(2))
})

test('a tab that is closed in the middle of its work leaves the lock and the cell to the next', async () => {
  const { mine, theirs, other } = await twoTabs()
  await mine.exclusive(() => mine.cell.create([half(1), half(2)]))
  await new Promise<void>(working => {
    void theirs.exclusive(async () => {
      await theirs.cell.read(0)
      working()
      // More than it will come to do.
      for (let n = 0; n < 10_000; n++) await theirs.cell.overwrite(0, other.own(half(n % 256)))
    })
  })
  other.close()
  await mine.exclusive(async () => {
    await mine.cell.overwrite(0, half(77))
    expect(await mine.cell.read(0)).toEqual(half(77))
    expect(await mine.cell.read(1)).toEqual(half(2))
  })
})
