/** What is read of the cell is on the disk: a process may have ended between writing and flushing. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HALF_BYTES } from '@amanat/store-contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cellFile } from '../src/cell-file'
import { type Files, type OpenFile, systemFiles } from '../src/files'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amanat-cell-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const standing = { check: () => undefined, fail: () => undefined }

/** The file system, and in which order a file is flushed and read. */
function told(): { readonly files: Files; readonly acts: string[] } {
  const acts: string[] = []
  const tell = (file: OpenFile): OpenFile => {
    const told =
      (name: string, act: (...given: never[]) => unknown) =>
      (...given: never[]) => {
        acts.push(name)
        return act(...given)
      }
    return Object.fromEntries(Object.entries(file).map(([name, act]) => [name, told(name, act)])) as unknown as OpenFile
  }
  return { files: { ...systemFiles, open: async (...given) => tell(await systemFiles.open(...given)) }, acts }
}

test('a half is read only after what anybody wrote before is flushed', async () => {
  const { files, acts } = told()
  const cell = cellFile(join(folder, 'one'), standing, files)
  await cell.create([new Uint8Array(HALF_BYTES).fill(1), new Uint8Array(HALF_BYTES).fill(2)])
  acts.length = 0
  expect(await cell.read(1)).toEqual(new Uint8Array(HALF_BYTES).fill(2))
  expect(acts).toEqual(['datasync', 'read', 'close'])
})

test('while the lock is held the file is opened and flushed once, and closed before the lock is given back', async () => {
  const { files, acts } = told()
  const cell = cellFile(join(folder, 'held'), standing, files)
  await cell.create([new Uint8Array(HALF_BYTES).fill(1), new Uint8Array(HALF_BYTES).fill(2)])
  acts.length = 0
  cell.hold()
  await cell.read(0)
  await cell.overwrite(1, new Uint8Array(HALF_BYTES).fill(3))
  expect(await cell.read(1)).toEqual(new Uint8Array(HALF_BYTES).fill(3))
  expect(acts).toEqual(['datasync', 'read', 'stat', 'write', 'datasync', 'read'])
  await cell.letGo()
  expect(acts.at(-1)).toBe('close')
  acts.length = 0
  expect(await cell.read(1)).toEqual(new Uint8Array(HALF_BYTES).fill(3))
  expect(acts).toEqual(['datasync', 'read', 'close'])
})

test('a cell that was removed while its file is open is missing, and takes nothing more', async () => {
  const cell = cellFile(join(folder, 'removed'), standing)
  await cell.create([new Uint8Array(HALF_BYTES), new Uint8Array(HALF_BYTES)])
  cell.hold()
  await cell.read(0)
  await cellFile(join(folder, 'removed'), standing).destroy()
  await expect(cell.overwrite(0, new Uint8Array(HALF_BYTES))).rejects.toMatchObject({ code: 'CELL_MISSING' })
  await cell.letGo()
  expect(await cell.read(0)).toBeUndefined()
})

test('a flush that fails while reading is fatal for the store, as every other', async () => {
  let failed = 0
  const { files } = told()
  const cell = cellFile(join(folder, 'two'), { check: () => undefined, fail: () => failed++ }, files)
  await cell.create([new Uint8Array(HALF_BYTES), new Uint8Array(HALF_BYTES)])
  const broken: Files = {
    ...files,
    open: async (...given) => ({
      ...(await systemFiles.open(...given)),
      datasync: async () => {
        throw Object.assign(new Error('EIO'), { code: 'EIO' })
      },
    }),
  }
  const again = cellFile(join(folder, 'two'), { check: () => undefined, fail: () => failed++ }, broken)
  await expect(again.read(0)).rejects.toMatchObject({ code: 'IO' })
  expect(failed).toBe(1)
})

test('an act that the lock’s end overtakes touches no other file', async () => {
  const path = join(folder, 'overtaken')
  const cell = cellFile(path, standing)
  await cell.create([new Uint8Array(HALF_BYTES), new Uint8Array(HALF_BYTES)])
  for (let times = 0; times < 50; times++) {
    cell.hold()
    await cell.read(0)
    const late = [cell.overwrite(0, new Uint8Array(HALF_BYTES).fill(1)), cell.read(1)]
    await cell.letGo()
    // It has the number that the cell's file had.
    const other = await systemFiles.open(join(folder, 'other'), times === 0 ? 'wx' : 'r+')
    for (const { reason } of (await Promise.allSettled(late)).flatMap(each =>
      each.status === 'rejected' ? [each] : [],
    ))
      expect(reason).toMatchObject({ name: 'StoreError' })
    expect(other.stat().size).toBe(0)
    await other.close()
    await other.close()
    expect(() => other.stat()).toThrow()
    expect(() => other.write(new Uint8Array(1), 0)).toThrow()
    expect(() => other.read(new Uint8Array(1), 0)).toThrow()
  }
})
