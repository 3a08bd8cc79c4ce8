/**
 * What a store on disk waits for, and what it overwrites. That a write reached the disk is seen by nobody who reads it back,
 * nor by a process that is killed: only a power cut would tell. So it is asked in which order things are done.
 */
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { HALF_BYTES } from '@amanat/store-contract'
import { openAsClass } from 'lmdb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { cellFile } from '../src/cell-file'
import { type Files, type OpenFile, systemFiles } from '../src/files'
import { disk } from '../src/index'
import { leave, type Shared, takePart } from '../src/shared'

const acts: string[] = []

vi.mock('lmdb', async original => {
  const real = await original<typeof import('lmdb')>()
  return { ...real, openAsClass: vi.fn(real.openAsClass) }
})

vi.mock('../src/folder', async original => {
  const real = await original<typeof import('../src/folder')>()
  const syncFolder: typeof real.syncFolder = path => {
    acts.push(`sync ${basename(path)}/`)
    return real.syncFolder(path)
  }
  return { ...real, syncFolder }
})

let folder: string
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'amanat-waits-')))
  acts.length = 0
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const telling = (file: OpenFile): OpenFile => ({
  ...file,
  write: (bytes, at) => {
    acts.push(`write ${bytes.length} at ${at}${bytes.every(byte => byte === 0) ? ', zeros' : ''}`)
    return file.write(bytes, at)
  },
  sync: () => {
    acts.push('sync')
    return file.sync()
  },
  close: () => {
    acts.push('close')
    return file.close()
  },
})

const files: Files = {
  ...systemFiles,
  open: async (...given) => telling(await systemFiles.open(...given)),
  unlink: async path => {
    acts.push('unlink')
    await systemFiles.unlink(path)
  },
}

const inVault = async () => {
  await mkdir(join(folder, 'vault'))
  return cellFile(join(folder, 'vault', 'cell'), { check: () => undefined, fail: () => undefined }, files)
}

test('a new cell is on the disk, and so are its name and its folder’s, before anybody hears of it', async () => {
  const cell = await inVault()
  acts.length = 0
  await cell.create([new Uint8Array(HALF_BYTES).fill(1), new Uint8Array(HALF_BYTES).fill(2)])
  const written = acts.indexOf(`write ${2 * HALF_BYTES} at 0`)
  expect(acts.slice(written)).toEqual([`write ${2 * HALF_BYTES} at 0`, 'sync', 'close', 'sync cell/', 'sync vault/'])
})

test('a cell that is destroyed is overwritten on the disk first: removing a file leaves its bytes', async () => {
  const cell = await inVault()
  await cell.create([new Uint8Array(HALF_BYTES).fill(1), new Uint8Array(HALF_BYTES).fill(2)])
  acts.length = 0
  await cell.destroy()
  expect(acts).toEqual([`write ${2 * HALF_BYTES} at 0, zeros`, 'sync', 'close', 'unlink', 'sync cell/'])
})

test('LMDB waits for the disk at each commit', async () => {
  vi.mocked(openAsClass).mockClear()
  const store = disk(folder)
  await store.open()
  await store.close()
  const given = vi.mocked(openAsClass).mock.calls.map(([options]) => options as unknown as Record<string, unknown>)
  const rows = given.find(({ path }) => basename(String(path)) === 'rows')
  // None of `noSync`, `noMetaSync`, `mapAsync`, `useWritemap`: with any of them a commit is answered for before it is there.
  const { asClass: _, ...own } = rows ?? {}
  expect(Object.keys(own).sort()).toEqual(
    ['path', 'isRoot', 'noSubdir', 'overlappingSync', 'encoding', 'keyEncoding', 'maxDbs'].sort(),
  )
  expect(rows).toMatchObject({ overlappingSync: false })
})

test('whoever holds the lock learns that its worker ended', async () => {
  const store = disk(folder)
  await store.open()
  const shared: Shared = takePart(folder)
  const heard = await store.exclusive(async lost => {
    const before = lost.aborted
    // Only told: a thread that is stopped inside a transaction of LMDB never ends.
    const { worker } = shared.lock as unknown as { readonly worker: Worker }
    worker.emit('exit', 1)
    return { before, after: lost.aborted, worker }
  })
  expect(heard).toMatchObject({ before: false, after: true })
  heard.worker.postMessage('close')
  await leave(folder, shared)
  await store.close()
})
