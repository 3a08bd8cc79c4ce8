/**
 * Makes folders and files that only their owner may enter or read: 0700 and 0600. What was there before keeps the
 * mode that somebody gave it.
 */
import { mkdir, open, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StoreError } from '@amanat/store-contract'
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
 * Makes the folder of an LMDB environment and its two files, because LMDB itself would make them readable by others.
 * A file that isn't LMDB's is refused here: LMDB would end the whole process on it.
 */
export async function makeEnvironment(path: string): Promise<void> {
  await makeFolder(path)
  for (const name of ['data.mdb', 'lock.mdb']) {
    const file = await open(join(path, name), 'wx', 0o600).catch(error => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
    if (file === undefined) continue
    await file.close()
    await syncFolder(path)
  }
  const { size } = await stat(join(path, 'data.mdb'))
  if (size === 0) return
  const head = await readHead(join(path, 'data.mdb'))
  if (head.length < 32 || head.readUInt32LE(LMDB_MAGIC_AT) !== LMDB_MAGIC) {
    throw new StoreError('IO', 'the file of rows is damaged, or of another format')
  }
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path, 'r')
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
  const folder = await open(path, 'r').catch(error => {
    if (codeOf(error) !== 'EACCES') throw error
  })
  if (folder === undefined) return
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
