/**
 * A vault in a browser whose parts fail: an access handle that writes short, doesn't flush or has no room, a cell's worker
 * that breaks down, connections that are closed before every call, a database that somebody deletes. What the store
 * alone makes of most of these is in its other tests; here a vault stands on it.
 */
import type { Store } from '@amanat/store-contract'
import { type AnyVault, createVault, openVault, type Policy } from '@amanat/vault'
import { fakeClock, testKey, testRandomness } from '@amanat/vault/testing'
import { Dexie } from 'dexie'
import { afterEach, describe, expect, test } from 'vitest'
import { type IndexedDbOptions, indexedDb } from '../../packages/store-indexeddb/src'
import { freshName, half, underTest } from '../../packages/store-indexeddb/test/stores'
import { actor, marksOf, person, policy } from '../../packages/vault/test/protocol/world'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
})

/** The cell's own worker, with an access handle that does otherwise once it is told to. */
function faultyWorker() {
  const workers: Worker[] = []
  const real = new URL('../../packages/store-indexeddb/src/cell-worker.js', import.meta.url).href
  const code = `import ${JSON.stringify(real)}
    const { write, flush } = FileSystemSyncAccessHandle.prototype
    let fault, after = 0
    addEventListener('message', ({ data }) => { if ('fault' in data) ({ fault, after } = data) })
    const now = which => fault === which && after-- <= 0
    FileSystemSyncAccessHandle.prototype.write = function (bytes, given) {
      if (now('breaks down')) { setTimeout(() => { throw new Error('broke down') }); throw new Error('breaking down') }
      if (now('no room')) throw new DOMException('full', 'QuotaExceededError')
      return write.call(this, now('short') ? bytes.subarray(0, 4095) : bytes, given)
    }
    FileSystemSyncAccessHandle.prototype.flush = function () {
      if (now('no flush')) throw new Error('EIO')
      return flush.call(this)
    }`
  const cellWorker = () => {
    const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
    const worker = new Worker(url, { type: 'module' })
    workers.push(worker)
    return worker
  }
  /** From the `after`th act of its kind on; none: as it should be. */
  const set = (fault?: string, after = 0) => workers.at(-1)?.postMessage({ fault, after })
  return { cellWorker, set }
}

async function storeWith() {
  const { cellWorker, set } = faultyWorker()
  const under = underTest({ cellWorker })
  undo.push(under.remove)
  await under.store.open()
  await under.store.cell.create([half(1), half(2)])
  return { ...under, set }
}

describe('an access handle', () => {
  test.each([
    ['short', 'IO'],
    ['no room', 'NO_SPACE'],
  ])('that is %s fails with %s, and the next time works', async (fault, code) => {
    const { store, set } = await storeWith()
    set(fault)
    await expect(store.cell.overwrite(0, half(3))).rejects.toMatchObject({ code })
    set()
    await store.cell.overwrite(0, half(4))
    expect(await store.cell.read(0)).toEqual(half(4))
    expect(await store.cell.read(1)).toEqual(half(2))
  })

  test('that does not flush is asked once, and nothing more goes through this store', async () => {
    const { store, name, set } = await storeWith()
    set('no flush')
    await expect(store.cell.overwrite(0, half(3))).rejects.toMatchObject({ code: 'IO' })
    set()
    await expect(store.cell.overwrite(0, half(4))).rejects.toMatchObject({ code: 'IO' })
    await expect(store.cell.read(0)).rejects.toMatchObject({ code: 'IO' })
    const another = indexedDb(name)
    await another.open()
    await another.cell.overwrite(0, half(5))
    expect(await another.cell.read(0)).toEqual(half(5))
    await another.close()
  })
})

interface InBrowser {
  readonly vault: AnyVault
  readonly name: string
  readonly ids: readonly string[]
  open(): Promise<AnyVault>
}

async function vaultWith(options: IndexedDbOptions = {}, through = (store: Store) => store): Promise<InBrowser> {
  const name = freshName()
  const clock = fakeClock()
  const given = { unlock: testKey(), policy: policy as Policy, actor, clock }
  const store = through(indexedDb(name, options))
  const vault = (await createVault({ ...given, store, randomness: testRandomness() })) as AnyVault
  undo.push(() => indexedDb(name).destroy())
  undo.push(() => vault.lock().catch(() => undefined))
  const ids: string[] = []
  for (const number of [0, 1, 2]) ids.push((await vault.add(person(number, ['times']) as never)).id)
  const open = async () => {
    const again = (await openVault({ ...given, store: indexedDb(name) })) as AnyVault
    undo.push(() => again.lock())
    return again
  }
  return { vault, name, ids, open }
}

const names = async (vault: AnyVault) => (await vault.for('times').list()).people.map(({ name }) => name).sort()
const all = [0, 1, 2].map(number => marksOf(number).name)

describe('a forgetting', () => {
  // One before the halves are looked at and one of the new secret; then, after the commit, one of the overwritten old secret.
  test.each([
    [0, 'IO', all],
    [1, 'IO', all],
    [2, 'UNKNOWN_RESULT', all.slice(1)],
  ] as const)('whose flush number %i fails is never answered for', async (after, code, here) => {
    const { cellWorker, set } = faultyWorker()
    const { vault, ids, open } = await vaultWith({ cellWorker })
    set('no flush', after)
    await expect(vault.erase(ids[0] as string)).rejects.toMatchObject({ name: 'VaultError', code })
    expect(await names(vault)).toEqual(here)
    await expect(vault.erase(ids[1] as string)).rejects.toMatchObject({ code: 'IO' })
    await vault.lock()
    const again = await open()
    expect(await names(again)).toEqual(here)
    await again.erase(ids[1] as string)
    expect((await again.examine()).damaged).toEqual([])
  })

  test("whose cell's worker breaks down ends in a code, and works the next time", async () => {
    const { cellWorker, set } = faultyWorker()
    const { vault, ids } = await vaultWith({ cellWorker })
    set('breaks down')
    await expect(vault.erase(ids[0] as string)).rejects.toMatchObject({ name: 'VaultError', code: 'IO' })
    // Another worker was started: what the first one was told is gone with it.
    await vault.erase(ids[0] as string).catch(error => expect(error).toMatchObject({ code: 'IO' }))
    expect([all, all.slice(1)]).toContainEqual(await names(vault))
  })
})

describe('a connection', () => {
  test('that is closed before every call of the store disturbs no vault', async () => {
    const connections: IDBDatabase[] = []
    const { open } = IDBFactory.prototype
    IDBFactory.prototype.open = function (...given) {
      const request = open.apply(this, given)
      request.addEventListener('success', () => connections.push(request.result))
      return request
    }
    undo.push(() => {
      IDBFactory.prototype.open = open
    })
    let closed = 0
    const closing = (store: Store): Store =>
      new Proxy(store, {
        get(target, name) {
          const value = Reflect.get(target, name, target)
          if (typeof value !== 'function') return value
          return (...given: unknown[]) => {
            if (/^(root|read|scan|commit|dropRows)$/.test(String(name))) {
              for (const connection of connections.splice(0)) connection.close()
              closed++
            }
            return value.apply(target, given)
          }
        },
      })
    const { vault, ids } = await vaultWith({}, closing)
    await vault.erase(ids[0] as string)
    await vault.for('times').reveal(ids[1] as string)
    await vault.withdraw(ids[1] as string)
    expect(await names(vault)).toEqual(all.slice(2))
    expect((await vault.examine()).damaged).toEqual([])
    expect(closed).toBeGreaterThan(20)
  })

  test('whose database somebody deletes leaves a vault that says so', async () => {
    const { vault, name, ids, open } = await vaultWith()
    await Dexie.delete(`amanat:${name}`)
    await expect(names(vault)).rejects.toMatchObject({ name: 'VaultError', code: 'VAULT_MISSING' })
    await expect(vault.erase(ids[0] as string)).rejects.toMatchObject({ code: 'VAULT_MISSING' })
    await expect(open()).rejects.toMatchObject({ code: 'VAULT_MISSING' })
  })
})

test('a lock that something steals in the middle of a forgetting ends in BUSY or UNKNOWN_RESULT, and all is well', async () => {
  const { vault, name, ids, open } = await vaultWith()
  const { postMessage } = Worker.prototype
  let stolen: Promise<unknown> | undefined
  Worker.prototype.postMessage = function (this: Worker, message: { act?: string }, ...rest: never[]) {
    if (message.act === 'overwrite')
      stolen ??= navigator.locks.request(`amanat:${name}`, { steal: true }, async () => {})
    return postMessage.call(this, message, ...rest)
  }
  undo.push(() => {
    Worker.prototype.postMessage = postMessage
  })
  const code = expect.stringMatching(/^(BUSY|UNKNOWN_RESULT)$/)
  await expect(vault.erase(ids[0] as string)).rejects.toMatchObject({ name: 'VaultError', code })
  await stolen
  const again = await open()
  await again.erase(ids[1] as string)
  expect((await again.examine()).damaged).toEqual([])
})
