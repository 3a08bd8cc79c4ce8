/** What lies in the folder: names, modes, bytes; and what is said when the folder can't be used. */
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  open as openFile,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HALF_BYTES, isStoreError, StoreError, UNDATED } from '@amanat/store-contract'
import { open } from 'lmdb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { diskStore } from '../src/disk'
import { failure } from '../src/failure'
import { parseExt } from '../src/file-system'
import { type Files, systemFiles } from '../src/files'
import { disk } from '../src/index'
import { buildStore } from './built'

let parent: string
let folder: string

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'amanat-'))
  // A dot in the name must not make LMDB take it for a file.
  folder = join(parent, 'deep', 'members.vault')
})

afterEach(() => rm(parent, { recursive: true, force: true }))

const half = (n: number) => new Uint8Array(HALF_BYTES).fill(n)

async function filled() {
  const store = disk(folder)
  await store.open()
  await store.exclusive(() => store.cell.create([half(1), half(2)]))
  const id = new Uint8Array(16).fill(7)
  await store.commit({
    expect: null,
    root: Uint8Array.of(1, 2, 3),
    put: [{ table: 'undated', id, bucket: UNDATED, bytes: Uint8Array.of(4, 5) }],
    drop: [],
  })
  return store
}

describe('the folder', () => {
  /** What somebody who makes the folder has there meanwhile. */
  async function drafts(minutesAgo: number): Promise<string[]> {
    const names: string[] = []
    for (const place of ['rows', 'lock/mutex', 'lock/turn']) {
      const draft = join(place, randomUUID())
      await mkdir(join(folder, draft), { recursive: true })
      await writeFile(join(folder, draft, 'data.mdb'), 'half a file')
      const made = new Date(Date.now() - minutesAgo * 60_000)
      await utimes(join(folder, draft), made, made)
      names.push(draft)
    }
    return names.sort()
  }

  const draftsThere = async () =>
    (await readdir(folder, { recursive: true })).filter(name => /[0-9a-f]{8}-[0-9a-f-]{27}$/.test(name)).sort()

  test('is rid of what a process that was killed while making it left behind, at an opening some minutes later', async () => {
    await drafts(15)
    const store = await filled()
    const left = await draftsThere()
    await store.close()
    expect(left).toEqual([])
    expect(await readdir(join(folder, 'rows'))).toContain('data.mdb')
  })

  test('keeps what another process may be making at this moment', async () => {
    const made = await drafts(0)
    const store = await filled()
    const left = await draftsThere()
    await store.close()
    expect(left).toEqual(made)
  })

  test('is for its owner alone, with everything in it', async () => {
    const store = await filled()
    const modes: Record<string, string> = {}
    for (const name of ['', ...(await readdir(folder, { recursive: true })).sort()]) {
      modes[name] = ((await stat(join(folder, name))).mode & 0o777).toString(8)
    }
    await store.close()
    expect(modes).toEqual({
      '': '700',
      cell: '700',
      'cell/CACHEDIR.TAG': '600',
      'cell/cell': '600',
      lock: '700',
      'lock/mutex': '700',
      'lock/mutex/data.mdb': '600',
      'lock/mutex/lock.mdb': '600',
      'lock/turn': '700',
      'lock/turn/data.mdb': '600',
      'lock/turn/lock.mdb': '600',
      rows: '700',
      'rows/data.mdb': '600',
      'rows/lock.mdb': '600',
    })
  })

  test('keeps rows, buckets and root in the layout that is written down', async () => {
    const store = await filled()
    await store.close()
    const binary = { encoding: 'binary', keyEncoding: 'binary' } as const
    const env = open<Buffer, Buffer>({ path: join(folder, 'rows'), noSubdir: false, ...binary })
    const entries = (name: string) =>
      [...env.openDB<Buffer, Buffer>({ name, ...binary }).getRange()].map(({ key, value }) => [
        key.toString('hex'),
        value.toString('hex'),
      ])
    const id = '07'.repeat(16)
    expect(entries('rows')).toEqual([[`06${id}`, 'ffffffff0405']])
    expect(entries('buckets')).toEqual([[`06ffffffff${id}`, '']])
    expect(entries('root')).toEqual([[Buffer.from('root').toString('hex'), '0100000000000000010203']])
    await env.close()
  })

  test('listens to the end of its process once, however many stores there are, and no more when they are closed', async () => {
    const before = process.listenerCount('exit')
    const stores = Array.from({ length: 3 }, (_, i) => disk(join(parent, `store-${i}`)))
    for (const store of stores) {
      await store.open()
      await store.exclusive(async () => {})
    }
    const after = process.listenerCount('exit')
    for (const store of stores) await store.close()
    expect(after - before).toBeLessThanOrEqual(1)
    expect(process.listenerCount('exit')).toBeLessThanOrEqual(before)
  })

  test('is one vault by whatever path it is reached', async () => {
    const store = await filled()
    await symlink(folder, join(parent, 'alias'))
    const alias = disk(join(parent, 'alias'))
    await alias.open()
    expect((await alias.root())?.version).toBe(1)
    let inside = 0
    const work = async () => {
      expect(++inside).toBe(1)
      await store.root()
      inside--
    }
    await Promise.all([store, alias, store, alias].map(each => each.exclusive(work)))
    await alias.close()
    await store.close()
  })

  test('stays the one that was opened, with its cell, though the link to it names another by now', async () => {
    await (await filled()).close()
    await cp(folder, join(parent, 'copy'), { recursive: true })
    const link = join(parent, 'current')
    await symlink(folder, link)
    const store = disk(link)
    await store.open()
    await rm(link)
    await symlink(join(parent, 'copy'), link)
    await store.exclusive(() => store.cell.overwrite(0, half(7)))
    expect(new Set(await readFile(join(parent, 'copy', 'cell', 'cell')))).toEqual(new Set([1, 2]))
    expect(new Set(await readFile(join(folder, 'cell', 'cell')))).toEqual(new Set([7, 2]))
    await store.close()
    await expect(store.cell.read(0)).rejects.toMatchObject({ code: 'CLOSED' })
  })

  test('is gone after destroy', async () => {
    const store = await filled()
    await store.destroy()
    expect(await readdir(join(parent, 'deep'))).toEqual([])
  })

  test('stays after destroy when something else lies in it', async () => {
    const store = await filled()
    await writeFile(join(folder, 'notes.txt'), 'mine')
    await store.destroy()
    expect(await readdir(folder)).toEqual(['notes.txt'])
  })

  test('destroyed under another store of the process is empty for that one', async () => {
    const store = await filled()
    const other = disk(folder)
    await other.open()
    await store.destroy()
    expect(await other.root()).toBeUndefined()
    expect(await other.cell.read(0)).toBeUndefined()
    await other.close()
  })

  test('destroyed while somebody holds the lock keeps nothing that they write to the cell', async () => {
    const store = await filled()
    const file = await openFile(join(folder, 'cell', 'cell'), 'r')
    let write: (() => Promise<void>) | undefined
    const unlink: Files['unlink'] = async path => {
      await write?.()
      await systemFiles.unlink(path)
    }
    const other = diskStore(folder, { files: { ...systemFiles, unlink } })
    let destroying: Promise<void> | undefined
    await store.exclusive(async () => {
      write = () => store.cell.overwrite(1, half(7))
      destroying = other.destroy()
      await Promise.race([destroying, new Promise(resolve => setTimeout(resolve, 100))])
      write = undefined
    })
    await destroying
    const bytes = Buffer.alloc(2 * HALF_BYTES)
    await file.read(bytes, 0, bytes.length, 0)
    expect(bytes.every(byte => byte === 0)).toBe(true)
    await file.close()
    await store.close()
  })
})

describe('the cell file', () => {
  test('stays the same file of 8192 bytes, overwritten where it lies', async () => {
    const store = await filled()
    const before = await stat(join(folder, 'cell', 'cell'))
    await store.cell.overwrite(1, half(9))
    await store.cell.create([half(3), half(4)])
    await store.cell.overwrite(0, half(8))
    const after = await stat(join(folder, 'cell', 'cell'))
    expect([after.ino, after.size]).toEqual([before.ino, 2 * HALF_BYTES])
    const bytes = await readFile(join(folder, 'cell', 'cell'))
    expect(bytes.equals(Buffer.concat([half(8), half(4)]))).toBe(true)
    await store.close()
  })

  test('is marked so that archivers leave it out', async () => {
    const store = await filled()
    const tag = await readFile(join(folder, 'cell', 'CACHEDIR.TAG'), 'utf8')
    expect(tag.startsWith('Signature: 8a477f597d28d172789f06886806bc55\n')).toBe(true)
    await store.close()
  })

  test('that was cut off at its creation is no cell yet, and can be created', async () => {
    const store = await filled()
    await writeFile(join(folder, 'cell', 'cell'), new Uint8Array(5000))
    expect(await store.cell.read(0)).toBeUndefined()
    await expect(store.cell.overwrite(0, half(1))).rejects.toMatchObject({ code: 'CELL_MISSING' })
    await store.cell.create([half(5), half(6)])
    expect(await store.cell.read(1)).toEqual(half(6))
    await store.close()
  })
})

describe('a folder that can’t be used', () => {
  const refused = async (path: string) => {
    const error = await disk(path)
      .open()
      .catch(error => error)
    expect(isStoreError(error) && error.code).toBe('IO')
    expect(`${error.message} ${error.stack}`.includes(parent)).toBe(false)
    expect(error.cause).toBeUndefined()
  }

  test('because it is a file', async () => {
    await writeFile(join(parent, 'file'), '')
    await refused(join(parent, 'file'))
    await refused(join(parent, 'file', 'below'))
  })

  test('because nothing can be made there', async () => {
    await refused(process.platform === 'linux' ? '/proc/amanat/members' : join(parent, 'x'.repeat(300)))
  })

  test('because its rows are something else, which LMDB itself would not survive', async () => {
    await mkdir(join(folder, 'rows'), { recursive: true })
    for (const bytes of [new Uint8Array(10_000).fill(7), new Uint8Array(3)]) {
      await writeFile(join(folder, 'rows', 'data.mdb'), bytes)
      await refused(folder)
    }
  })

  test('because it may not be written', async () => {
    const built = await buildStore()
    await mkdir(folder, { recursive: true })
    await chmod(parent, 0o755)
    await chmod(folder, 0o555)
    // Root may write everywhere; nobody, by their usual number, may not.
    const uid = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
    const script = `
      const { disk } = require(${JSON.stringify(join(built.folder, 'disk.cjs'))})
      disk(${JSON.stringify(folder)}).open().catch(error => console.log(error.code, error.message))`
    const said = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd: '/', ...uid })
    await built.remove()
    expect(said).toBe('IO opening the folder failed (EACCES)\n')
  })
})

describe('failures of the system', () => {
  test.each(['ENOSPC', 'EDQUOT', 28, 122])('%s is NO_SPACE', code => {
    expect(failure({ code }, 'writing')).toMatchObject({ code: 'NO_SPACE' })
  })

  test('another is IO, with its code and nothing of its message', () => {
    const error = failure(Object.assign(new Error('EACCES /home/leila/vault'), { code: 'EACCES' }), 'writing')
    expect(error).toMatchObject({ code: 'IO', message: 'writing failed (EACCES)' })
    expect(JSON.stringify([error.message, error.cause])).not.toContain('leila')
  })

  test('what is said already, and a mistake in a call, pass as they are', () => {
    const said = new StoreError('CELL_MISSING', 'there is no cell')
    expect(failure(said, 'reading')).toBe(said)
    const mistake = new TypeError('a half has 4096 bytes')
    expect(failure(mistake, 'reading')).toBe(mistake)
  })
})

describe('what is promised of forgetting', () => {
  const line = (type: string, options: string) =>
    `30 1 253:0 / / rw,relatime shared:1 - ${type} /dev/vda ${options}\n31 30 0:5 / /dev rw - devtmpfs none rw`

  test.each([
    ['ext4', 'rw,errors=remount-ro', 'ext4', 'in-place'],
    ['ext4', 'rw,data=ordered', 'ext4', 'in-place'],
    ['ext4', 'rw,data=journal', 'ext4', 'best-effort'],
    ['ext3', 'rw', 'ext3', 'unknown'],
  ])('%s with %s is %s, %s', (type, options, name, forgetting) => {
    expect(parseExt(line(type, options), '253:0')).toEqual({ name, forgetting })
  })

  test('an ext file system that the mount table does not name is taken for ext4 as it usually is', () => {
    expect(parseExt('', '253:0')).toEqual({ name: 'ext4', forgetting: 'in-place' })
  })

  test('is what this machine’s file system is known for', async () => {
    const store = await filled()
    const said = await store.guarantees()
    await store.close()
    expect(said).toMatchObject({ cell: 'file', persisted: true, readBack: false })
    const known: Record<string, string> = {
      ext4: 'in-place',
      xfs: 'in-place',
      btrfs: 'copy-on-write',
      tmpfs: 'unknown',
    }
    if (said.fileSystem in known) expect(said.forgetting).toBe(known[said.fileSystem])
    else expect(said.forgetting).not.toBe('in-place')
  })
})
