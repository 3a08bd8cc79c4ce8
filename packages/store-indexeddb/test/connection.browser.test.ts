import { Dexie } from 'dexie'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { row, underTest } from './stores'

const undo: (() => unknown)[] = []
const connections: IDBDatabase[] = []

beforeEach(() => {
  const { open } = IDBFactory.prototype
  IDBFactory.prototype.open = function (...given) {
    const request = open.apply(this, given)
    request.addEventListener('success', () => connections.push(request.result))
    return request
  }
  undo.push(() => {
    IDBFactory.prototype.open = open
  })
})

afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
  connections.length = 0
})

/** A store whose vault has version 1 and the row `pages 1`. */
async function opened() {
  const under = underTest()
  undo.push(under.remove)
  await under.store.open()
  await under.store.commit({ expect: null, root: Uint8Array.of(1), put: [row('pages', 1)], drop: [] })
  return under
}

/** What iOS does: the connection is closed, and no event says so. */
function closeUnderneath() {
  for (const connection of connections) connection.close()
}

/** Aborts the transaction of the next commit at its first answer, or instead of committing it; undone after it struck. */
function abortNextCommit(when: 'first answer' | 'everything asked for') {
  const { get } = IDBObjectStore.prototype
  const { commit } = IDBTransaction.prototype
  const restore = () => {
    IDBObjectStore.prototype.get = get
    IDBTransaction.prototype.commit = commit
  }
  if (when === 'first answer') {
    IDBObjectStore.prototype.get = function (...given) {
      restore()
      const request = get.apply(this, given)
      request.addEventListener('success', () => this.transaction.abort())
      return request
    }
  } else {
    IDBTransaction.prototype.commit = function () {
      restore()
      this.abort()
    }
  }
  undo.push(restore)
}

test('a commit waits until it is on the disk, as Chromium does not by default; what drops rows need not', async () => {
  const { transaction } = IDBDatabase.prototype
  const written: IDBTransaction[] = []
  IDBDatabase.prototype.transaction = function (...given) {
    const made = transaction.apply(this, given)
    if (made.mode === 'readwrite') written.push(made)
    return made
  }
  undo.push(() => {
    IDBDatabase.prototype.transaction = transaction
  })
  const { store } = await opened()
  await store.commit({ expect: 1, root: Uint8Array.of(2), put: [row('pages', 2)], drop: [] })
  expect(written.length).toBeGreaterThan(1)
  expect(new Set(written.map(({ durability }) => durability))).toEqual(new Set(['strict']))
  written.length = 0
  expect(await store.dropRows('pages', 2 ** 31)).toBe(2)
  expect(written.map(({ durability }) => durability)).toEqual(['relaxed'])
})

describe('a connection that was closed underneath', () => {
  test('is opened again for a read', async () => {
    const { store } = await opened()
    closeUnderneath()
    expect(await store.root()).toEqual({ version: 1, bytes: Uint8Array.of(1) })
    closeUnderneath()
    expect(await store.read('pages', [row('pages', 1).id])).toEqual([Uint8Array.of(1)])
  })

  test('is opened again for several calls at once', async () => {
    const { store } = await opened()
    closeUnderneath()
    const roots = await Promise.all(Array.from({ length: 10 }, () => store.root()))
    expect(roots.map(root => root?.version)).toEqual(Array.from({ length: 10 }, () => 1))
  })

  test('is opened again for a commit, which is applied once', async () => {
    const { store } = await opened()
    closeUnderneath()
    const put = [row('pages', 2)]
    expect(await store.commit({ expect: 1, root: Uint8Array.of(2), put, drop: [] })).toBe('committed')
    expect((await store.root())?.version).toBe(2)
  })

  test('is opened again in the middle of a scan', async () => {
    const { store } = await opened()
    const put = Array.from({ length: 999 }, (_, n) => row('pages', n + 2))
    await store.commit({ expect: 1, root: Uint8Array.of(2), put, drop: [] })
    let seen = 0
    for await (const _ of store.scan('pages')) if (++seen % 100 === 0) closeUnderneath()
    expect(seen).toBe(1000)
  })

  test('is opened again for dropping rows', async () => {
    const { store } = await opened()
    closeUnderneath()
    expect(await store.dropRows('pages', 2)).toBe(1)
  })

  test('stays closed when the store was closed', async () => {
    const { store } = await opened()
    await store.close()
    await expect(store.root()).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(store.commit({ expect: 1, root: Uint8Array.of(2), put: [], drop: [] })).rejects.toMatchObject({
      code: 'CLOSED',
    })
  })
})

describe('a commit whose transaction was aborted', () => {
  test('before anything was asked for is done again, because nothing of it was applied', async () => {
    const { store } = await opened()
    abortNextCommit('first answer')
    const put = [row('pages', 2), row('pages', 3)]
    expect(await store.commit({ expect: 1, root: Uint8Array.of(2), put, drop: [] })).toBe('committed')
    expect((await store.root())?.version).toBe(2)
  })

  test('after everything was asked for has an unknown result, and the root tells which', async () => {
    const { store } = await opened()
    abortNextCommit('everything asked for')
    const batch = { expect: 1, root: Uint8Array.of(2), put: [row('pages', 2)], drop: [] }
    await expect(store.commit(batch)).rejects.toMatchObject({ code: 'UNKNOWN_RESULT' })
    expect((await store.root())?.version).toBe(1)
    expect(await store.commit(batch)).toBe('committed')
  })
})

test('a commit in the middle of which something throws leaves nothing behind', async () => {
  const { store } = await opened()
  const { delete: original } = IDBObjectStore.prototype
  undo.push(() => {
    IDBObjectStore.prototype.delete = original
  })
  IDBObjectStore.prototype.delete = () => {
    throw new RangeError('by the test')
  }
  const { table, id } = row('pages', 1)
  const batch = { expect: 1, root: Uint8Array.of(2), put: [row('pages', 2)], drop: [{ table, id }] }
  await expect(store.commit(batch)).rejects.toMatchObject({ code: 'IO' })
  expect((await store.root())?.version).toBe(1)
  expect(await store.read('pages', [row('pages', 2).id])).toEqual([undefined])
})

describe('a store that is closed', () => {
  test('while it is asked does not open its database again', async () => {
    const { store, name } = await opened()
    closeUnderneath()
    const asked = store.root().catch((error: unknown) => error)
    await store.close()
    await asked
    const before = connections.length
    await expect(store.root()).rejects.toMatchObject({ code: 'CLOSED' })
    expect(connections.length).toBe(before)
    const gone = indexedDB.deleteDatabase(`amanat:${name}`)
    await new Promise<void>((resolve, reject) => {
      gone.onsuccess = () => resolve()
      gone.onblocked = () => reject(new Error('a connection was left open'))
      gone.onerror = () => reject(gone.error)
    })
  })
})

describe('another connection', () => {
  test('may delete the database while the store is open, and the store then finds nothing', async () => {
    const { store, name } = await opened()
    await Dexie.delete(`amanat:${name}`)
    expect(await store.root()).toBeUndefined()
  })

  test('may change its version while the store is open, and the store goes on', async () => {
    const { store, name } = await opened()
    const request = indexedDB.open(`amanat:${name}`, 990)
    const upgraded = await new Promise<IDBDatabase>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onblocked = () => reject(new Error('blocked'))
      request.onerror = () => reject(request.error)
    })
    upgraded.close()
    expect((await store.root())?.version).toBe(1)
    expect(await store.commit({ expect: 1, root: Uint8Array.of(2), put: [], drop: [] })).toBe('committed')
  })
})

describe('rows', () => {
  test('are refused under an id that is there already, and nothing of the batch is applied', async () => {
    const { store } = await opened()
    const put = [row('pages', 2), row('pages', 1)]
    await expect(store.commit({ expect: 1, root: Uint8Array.of(2), put, drop: [] })).rejects.toThrow(TypeError)
    expect((await store.root())?.version).toBe(1)
    expect(await store.read('pages', [row('pages', 2).id])).toEqual([undefined])
  })

  test('that are views are stored without the buffer they look into', async () => {
    const { store } = await opened()
    const large = new Uint8Array(1_000_000)
    const put = [{ ...row('pages', 2), bytes: large.subarray(10, 20) }]
    await store.commit({ expect: 1, root: large.subarray(0, 5), put, drop: [] })
    const [bytes] = await store.read('pages', [row('pages', 2).id])
    expect(bytes?.buffer.byteLength).toBe(10)
    expect((await store.root())?.bytes.buffer.byteLength).toBe(5)
  })

  test('may be wiped by the caller as soon as the commit was called', async () => {
    const { store } = await opened()
    const mine = row('pages', 2, Uint8Array.of(42))
    const committing = store.commit({ expect: 1, root: Uint8Array.of(2), put: [mine], drop: [] })
    const id = mine.id.slice()
    mine.bytes.fill(0)
    mine.id.fill(0)
    await committing
    expect(await store.read('pages', [id])).toEqual([Uint8Array.of(42)])
  })
})
