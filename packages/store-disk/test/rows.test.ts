/** What is said of a commit when the system can't tell how much room there is. */
import { rmSync, statfsSync } from 'node:fs'
import { copyFile, mkdtemp, realpath, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '@amanat/store-contract'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Environment } from '../src/environment'
import { disk } from '../src/index'
import { leave, type Shared, takePart } from '../src/shared'

vi.mock('node:fs', async original => {
  const real = await original<typeof import('node:fs')>()
  return { ...real, statfsSync: vi.fn(real.statfsSync) }
})

let folder: string
let store: Store
let shared: Shared

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'amanat-')))
  store = disk(folder)
  await store.open()
  shared = takePart(folder)
})

afterEach(async () => {
  await leave(folder, shared)
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const root = Uint8Array.of(1)

test('rows are not written to a folder that goes while their commit waits for its turn', async () => {
  const real = vi.mocked(statfsSync).getMockImplementation() as typeof statfsSync
  vi.mocked(statfsSync).mockImplementationOnce(((path: string) => {
    rmSync(folder, { recursive: true })
    return real(path)
  }) as typeof statfsSync)
  const row = { table: 'pages', id: new Uint8Array(16), bucket: 1, bytes: new Uint8Array(1) } as const
  await expect(store.commit({ expect: null, root, put: [row], drop: [] })).rejects.toMatchObject({
    name: 'StoreError',
    code: 'IO',
    message: 'writing rows failed (ENOENT)',
  })
  expect(await store.root()).toBeUndefined()
})

test('nothing is written to a file of rows that another has taken the place of', async () => {
  await store.commit({ expect: null, root, put: [], drop: [] })
  const rows = join(folder, 'rows', 'data.mdb')
  await copyFile(rows, `${rows}.new`)
  await rename(`${rows}.new`, rows)
  await expect(store.commit({ expect: 1, root, put: [], drop: [] })).rejects.toMatchObject({
    name: 'StoreError',
    code: 'IO',
  })
})

test.each([
  ['before', 'IO', 'writing rows failed (5)'],
  ['after', 'UNKNOWN_RESULT', 'the disk failed while committing (5)'],
] as const)(
  'a write that comes short %s the commit is told of, not that nobody knows about room',
  async (when, code, message) => {
    const { env } = shared.rows as unknown as { env: Environment }
    const transaction = env.transactionSync.bind(env)
    vi.spyOn(env, 'transactionSync').mockImplementationOnce((act => {
      if (when === 'after') transaction(act)
      throw Object.assign(new Error('EIO'), { code: 5 })
    }) as typeof env.transactionSync)
    vi.mocked(statfsSync).mockImplementationOnce(() => {
      throw Object.assign(new Error(`ENOENT ${folder}`), { code: 'ENOENT' })
    })
    const failed = { name: 'StoreError', code, message }
    await expect(store.commit({ expect: null, root, put: [], drop: [] })).rejects.toMatchObject(failed)
    // A commit that the disk failed in may be seen by whoever reads, and be gone after a power cut: nothing is built on it.
    const next = store.commit({ expect: when === 'after' ? 1 : null, root, put: [], drop: [] })
    if (when === 'before') return expect(await next).toBe('committed')
    await expect(next).rejects.toMatchObject({ code: 'IO' })
    await expect(store.cell.read(0)).rejects.toMatchObject({ code: 'IO' })
  },
)

test('a value that is too short to be a row is one without bytes, and keeps nobody from the others', async () => {
  const [short, whole] = [1, 2].map(byte => new Uint8Array(16).fill(byte)) as [Uint8Array, Uint8Array]
  const row = { table: 'pages', id: whole, bucket: 1, bytes: Uint8Array.of(7, 8) } as const
  await store.commit({ expect: null, root, put: [row], drop: [] })
  const { rows } = shared.rows as unknown as { rows: { putSync(key: Buffer, value: Buffer): boolean } }
  for (const length of [0, 1, 3, 4]) {
    rows.putSync(Buffer.concat([Buffer.of(4), short]), Buffer.alloc(length))
    expect(await store.read('pages', [short, whole])).toEqual([new Uint8Array(), row.bytes])
  }
})
