import { afterEach, describe, expect, test } from 'vitest'
import { half, id, underTest, workerWithoutOpfs } from './stores'

const removals: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove()
})

async function opened(options?: Parameters<typeof underTest>[0]) {
  const under = underTest(options)
  removals.push(under.remove)
  await under.store.open()
  return under
}

/** The cell's file as the page sees it; the vault is the only one below `amanat` whose folder has this name. */
async function cellFile(name: string): Promise<FileSystemFileHandle> {
  const top = await (await navigator.storage.getDirectory()).getDirectoryHandle('amanat', { create: true })
  const folder = await top.getDirectoryHandle(encodeURIComponent(name), { create: true })
  return await folder.getFileHandle('cell', { create: true })
}

async function bytesOf(name: string): Promise<Uint8Array> {
  return new Uint8Array(await (await (await cellFile(name)).getFile()).arrayBuffer())
}

/** A second tab's worker, which opens the cell's file if nobody else has it, and holds it until it is told to let go. */
async function secondTab(name: string): Promise<{ readonly holds: boolean; letGo(): Promise<void> }> {
  const worker = new Worker(
    URL.createObjectURL(
      new Blob(
        [
          `onmessage = async ({ data }) => {
            const top = await (await navigator.storage.getDirectory()).getDirectoryHandle('amanat')
            const file = await (await top.getDirectoryHandle(data)).getFileHandle('cell')
            const handle = await file.createSyncAccessHandle().catch(() => undefined)
            onmessage = () => postMessage(handle?.close())
            postMessage(handle !== undefined)
          }`,
        ],
        { type: 'text/javascript' },
      ),
    ),
  )
  const answerTo = (message: string): Promise<boolean> => {
    const answer = new Promise<boolean>(resolve => {
      worker.addEventListener('message', ({ data }) => resolve(data), { once: true })
    })
    worker.postMessage(message)
    return answer
  }
  const letGo = async () => {
    await answerTo('let go')
    worker.terminate()
  }
  return { holds: await answerTo(encodeURIComponent(name)), letGo }
}

/** Whether another tab could open the cell's file now, without waiting. */
async function isFree(name: string): Promise<boolean> {
  const { holds, letGo } = await secondTab(name)
  await letGo()
  return holds
}

describe('the cell in OPFS', () => {
  test('is a file of 8192 bytes that fifty rotations change in place, each read back', async () => {
    const { store, name } = await opened()
    await store.exclusive(() => store.cell.create([half(0), half(1)]))
    for (let n = 2; n <= 51; n++) {
      await store.exclusive(async () => {
        const at = n % 2 === 0 ? 0 : 1
        await store.cell.overwrite(at, half(n))
        expect(await store.cell.read(at)).toEqual(half(n))
      })
    }
    expect(await bytesOf(name)).toEqual(new Uint8Array([...half(50), ...half(51)]))
    expect((await store.guarantees()).cell).toBe('opfs')
  })

  test('is missing while its creation has not come to its end', async () => {
    const { store, name } = await opened()
    const writable = await (await cellFile(name)).createWritable()
    await writable.write(new Uint8Array(4096))
    await writable.close()
    expect(await store.cell.read(0)).toBeUndefined()
    await expect(store.cell.overwrite(0, half(1))).rejects.toMatchObject({ code: 'CELL_MISSING' })
    expect((await bytesOf(name)).length, 'a refused overwrite writes nothing').toBe(4096)
    await store.cell.create([half(1), half(2)])
    expect(await store.cell.read(1)).toEqual(half(2))
  })

  test('waits for a tab that holds the file, and then does what it was asked', async () => {
    const { store, name } = await opened()
    await store.cell.create([half(1), half(2)])
    const other = await secondTab(name)
    expect(other.holds).toBe(true)
    let done = false
    const writing = store.cell.overwrite(0, half(3)).then(() => {
      done = true
    })
    // A read of the rows takes longer than a free cell would.
    for (let n = 0; n < 20; n++) await store.read('pages', [id(n)])
    expect(done).toBe(false)
    await other.letGo()
    await writing
    expect(await store.cell.read(0)).toEqual(half(3))
  })

  test('is gone after destroy, and so is its folder', async () => {
    const { store, name } = await opened()
    await store.cell.create([half(1), half(2)])
    await store.destroy()
    const top = await (await navigator.storage.getDirectory()).getDirectoryHandle('amanat')
    await expect(top.getDirectoryHandle(encodeURIComponent(name))).rejects.toMatchObject({ name: 'NotFoundError' })
  })

  test('is followed when another tab destroys the vault and a new one is made', async () => {
    const { store, another } = await opened()
    const other = await another()
    await other.open()
    await store.cell.create([half(1), half(2)])
    expect(await other.cell.read(0)).toEqual(half(1))
    await store.destroy()
    expect(await other.cell.read(0)).toBeUndefined()
    await expect(other.cell.overwrite(0, half(9))).rejects.toMatchObject({ code: 'CELL_MISSING' })
    await store.open()
    await store.cell.create([half(3), half(4)])
    expect(await other.cell.read(0)).toEqual(half(3))
    await other.cell.overwrite(1, half(5))
    expect(await store.cell.read(1)).toEqual(half(5))
  })

  test('is overwritten before it is removed', async () => {
    const { store, name } = await opened()
    await store.cell.create([half(1), half(2)])
    // A folder that can't be removed while somebody has a file open in it shows what was done before.
    const top = await (await navigator.storage.getDirectory()).getDirectoryHandle('amanat')
    const folder = await top.getDirectoryHandle(encodeURIComponent(name))
    const other = await (await folder.getFileHandle('other', { create: true })).createWritable()
    await expect(store.destroy()).rejects.toMatchObject({ code: 'BUSY' })
    const left = await bytesOf(name)
    expect(left.length).toBe(8192)
    expect(left.filter(byte => byte === 1).length).toBeLessThan(200)
    await other.abort()
  })

  test('says UNSUPPORTED when its worker does not start, and looks nowhere else for the cell', async () => {
    const { store } = await opened({ cellWorker: () => new Worker('/no-such-worker.js') })
    await expect(store.cell.read(0)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    await expect(store.cell.create([half(1), half(2)])).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    await expect(store.guarantees()).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    // So that the removal has a worker to ask.
    removals.splice(0)
    await store.close()
  })

  test('gives up a worker that ended without a word, and starts another', async () => {
    const workers: Worker[] = []
    const cellWorker = () => {
      const worker = new Worker(new URL('../src/cell-worker.js', import.meta.url), { type: 'module' })
      workers.push(worker)
      return worker
    }
    const { store } = await opened({ cellWorker, cellTimeoutMs: 2_000 })
    await store.cell.create([half(1), half(2)])
    workers[0]?.terminate()
    await expect(store.cell.overwrite(0, half(3))).rejects.toMatchObject({ code: 'IO' })
    await store.cell.overwrite(0, half(4))
    expect(await store.cell.read(0)).toEqual(half(4))
    expect(workers).toHaveLength(2)
  })

  test('stays open from act to act while the lock is held, and is free when it is given back, by whichever way', async () => {
    const { store, name } = await opened()
    await store.cell.create([half(1), half(2)])
    expect(await isFree(name)).toBe(true)
    await store.exclusive(async () => {
      await store.cell.read(0)
      expect(await isFree(name)).toBe(false)
      await store.cell.overwrite(1, half(3))
      expect(await Promise.all([store.cell.read(0), store.cell.read(1)])).toEqual([half(1), half(3)])
      expect(await isFree(name)).toBe(false)
    })
    expect(await isFree(name)).toBe(true)
    // Opened before it is asked for, as by now there is a worker that can: free again all the same.
    await store.exclusive(async () => expect.poll(() => isFree(name)).toBe(false))
    expect(await isFree(name)).toBe(true)
    await store.exclusive(async () => undefined)
    expect(await isFree(name)).toBe(true)
    const no = new Error('no')
    const failing = store.exclusive(async () => {
      await store.cell.read(0)
      throw no
    })
    await expect(failing).rejects.toBe(no)
    expect(await isFree(name)).toBe(true)
    await store.cell.read(0)
    expect(await isFree(name)).toBe(true)
    expect((await bytesOf(name)).subarray(4096)).toEqual(half(3))
  })

  test('is free as soon as the platform takes the lock away, whatever its holder still does', async () => {
    const { store, name } = await opened()
    await store.cell.create([half(1), half(2)])
    await store
      .exclusive(async lost => {
        await store.cell.read(0)
        expect(await isFree(name)).toBe(false)
        const told = new Promise(resolve => lost.addEventListener('abort', resolve, { once: true }))
        await navigator.locks.request(`amanat:${name}`, { steal: true }, () => undefined)
        await told
        expect(await isFree(name)).toBe(true)
        await store.cell.read(1)
        expect(await isFree(name)).toBe(true)
      })
      .catch(() => undefined)
    expect(await isFree(name)).toBe(true)
  })

  test('lies in its folder for names of every script, and no name reaches out of it', async () => {
    for (const odd of ['امانت', '../..', '.', 'a/b', '100% (mine)']) {
      const { indexedDb } = await import('../src')
      const store = indexedDb(odd)
      await store.open()
      await store.cell.create([half(7), half(8)])
      expect(await store.cell.read(0)).toEqual(half(7))
      await store.destroy()
    }
  })
})

describe('the cell where there is no OPFS', () => {
  test('lies in a database of its own, and the guarantees are graded down', async () => {
    const { store, name } = await opened({ cellWorker: workerWithoutOpfs, fileSystem: 'ext4' })
    await store.cell.create([half(1), half(2)])
    await store.cell.overwrite(1, half(3))
    expect(await store.guarantees()).toMatchObject({ cell: 'idb', forgetting: 'best-effort' })
    const databases = (await indexedDB.databases()).map(database => database.name)
    expect(databases).toContain(`amanat-cell:${name}`)
    await store.destroy()
    const left = (await indexedDB.databases()).map(database => database.name)
    expect(left.filter(database => database?.includes(name))).toEqual([])
  })

  test('is still found when the browser has learned of OPFS since', async () => {
    const { indexedDb } = await import('../src')
    const { store, name } = await opened({ cellWorker: workerWithoutOpfs })
    await store.cell.create([half(1), half(2)])
    const later = indexedDb(name)
    await later.open()
    expect(await later.cell.read(1)).toEqual(half(2))
    await later.cell.overwrite(1, half(5))
    expect(await store.cell.read(1)).toEqual(half(5))
    expect(await later.guarantees()).toMatchObject({ cell: 'idb', forgetting: 'best-effort' })
    await later.destroy()
  })

  test('makes way when it is destroyed after its connection was closed without a word and both halves were read', async () => {
    const connections: IDBDatabase[] = []
    const { open } = IDBFactory.prototype
    IDBFactory.prototype.open = function (...given) {
      const request = open.apply(this, given)
      request.addEventListener('success', () => connections.push(request.result))
      return request
    }
    try {
      const { store } = await opened({ cellWorker: workerWithoutOpfs })
      await store.exclusive(() => store.cell.create([half(1), half(2)]))
      for (const connection of connections) connection.close()
      const both = () => Promise.all([store.cell.read(0), store.cell.read(1)])
      expect(await store.exclusive(both)).toEqual([half(1), half(2)])
      const later = new Promise(resolve => setTimeout(resolve, 5_000, 'waits'))
      expect(await Promise.race([store.destroy().then(() => 'gone'), later])).toBe('gone')
    } finally {
      IDBFactory.prototype.open = open
      for (const connection of connections) connection.close()
    }
  })

  test('makes way when another tab destroys the vault', async () => {
    const { store, another } = await opened({ cellWorker: workerWithoutOpfs })
    await store.cell.create([half(1), half(2)])
    const other = await another()
    await other.open()
    expect(await other.cell.read(0)).toEqual(half(1))
    await store.destroy()
    expect(await other.cell.read(0)).toBeUndefined()
  })
})
