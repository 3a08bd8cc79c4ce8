/**
 * Makes folders and files that only their owner may enter or read: 0700 and 0600. What was there before keeps the
 * mode that somebody gave it.
 */
import { randomUUID } from 'node:crypto'
import { chmod, link, mkdir, open as openFile, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StoreError } from '@amanat/store-contract'
import { open } from 'lmdb'
import { codeOf } from './failure'

/** Makes the folder and those above it. Not `recursive`: Node's own never comes back below `/proc`. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return
    if (code === 'EEXIST' || code === 'ENOTDIR') throw new StoreError('IO', 'the folder of the store is a file')
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    // Another process may have been first meanwhile.
    await mkdir(path, { mode: 0o700 }).catch(error => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
  }
  await syncFolder(dirname(path))
}

/** What lies at the start of an LMDB file of this format: `MDB_MAGIC`, 24 bytes in (liblmdb/mdb.c). */
const LMDB_MAGIC = 0xbeefc0de
const LMDB_MAGIC_AT = 24

/**
 * Room for LMDB's table of readers, more than it asks for. It writes there through a memory map, and where the disk
 * turns out to be full then, the system ends the process: so the room is taken before, where that is an error.
 */
const LOCK_BYTES = 16_384

/** Free bytes wanted before an environment is made: it takes less, but LMDB ends the process when it gets none. */
const ROOM = 1 << 20

/**
 * Makes the folder of an LMDB environment and its two files, because LMDB itself would make them readable by others.
 * A file that isn't LMDB's is refused here: LMDB would end the whole process on it.
 */
export async function makeEnvironment(path: string): Promise<void> {
  await makeFolder(path)
  await makeFile(path, 'lock.mdb', async draft => {
    await writeFile(join(draft, 'lock.mdb'), Buffer.alloc(LOCK_BYTES))
  })
  await makeFile(path, 'data.mdb', async draft => {
    const { bavail, bsize } = await statfs(draft)
    if (bavail * bsize < ROOM) throw new StoreError('NO_SPACE', 'no room on the disk for a store')
    await open({ path: draft, noSubdir: false, overlappingSync: false }).close()
  })
  await sweepDrafts(path)
  const { size } = await stat(join(path, 'data.mdb'))
  if (size === 0) return
  const head = await readHead(join(path, 'data.mdb'))
  if (head.length < 32 || head.readUInt32LE(LMDB_MAGIC_AT) !== LMDB_MAGIC) {
    throw new StoreError('IO', 'the file of rows is damaged, or of another format')
  }
}

/**
 * A new file, unless there is one. It gets its name only when it is whole: another process may open the environment
 * at the same time, and what it writes there must not be overwritten.
 */
async function makeFile(folder: string, name: string, make: (draft: string) => Promise<void>): Promise<void> {
  if (await stat(join(folder, name)).catch(() => undefined)) return
  const draft = join(folder, randomUUID())
  try {
    await mkdir(draft, { mode: 0o700 })
    await make(draft)
    await chmod(join(draft, name), 0o600)
    const file = await openFile(join(draft, name), 'r+')
    await file.sync().finally(() => file.close())
    await link(join(draft, name), join(folder, name)).catch(error => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
  } catch (error) {
    // Another process was first: then nobody needs this one.
    if (!(await stat(join(folder, name)).catch(() => undefined))) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  await syncFolder(folder)
}

const DRAFT = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * How old a draft must be that nobody is at any more; making one takes milliseconds. Its maker has an environment of
 * LMDB open in it, and lmdb-js ends the process when the files of one go while it is opened.
 */
const LEFT_MS = 10 * 60_000

/** What a process that was killed while making a file left of it. Only once both files are there. */
async function sweepDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!DRAFT.test(name)) continue
    const draft = join(folder, name)
    // Its maker may remove it at the same time; and where it can't be removed it does no harm.
    const made = await stat(draft).catch(() => undefined)
    if (made && Date.now() - made.mtimeMs > LEFT_MS) await rm(draft, { recursive: true, force: true }).catch(() => {})
  }
}

async function readHead(path: string): Promise<Buffer> {
  const file = await openFile(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(32), 0, 32, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Makes the names in a folder durable. Windows can't, and needs no asking; nor may everybody read a folder above. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await openFile(path, 'r').catch(error => {
    if (codeOf(error) !== 'EACCES') throw error
  })
  if (folder === undefined) return
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
