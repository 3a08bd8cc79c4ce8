/**
 * What the pages of an origin keep: every database and every file, read out whole and put where nothing is yet. So a vault that was
 * made once stands in as many browsers as tests need, and what a device or a copy of a folder does to storage can be done to it.
 */
import type { Page } from 'playwright'

interface KeptTable {
  readonly name: string
  readonly keyPath: string | null
  readonly indexes: readonly string[]
  readonly rows: readonly { readonly key: string | number; readonly value: unknown }[]
}

export interface Kept {
  readonly databases: readonly {
    readonly name: string
    readonly version: number
    readonly tables: readonly KeptTable[]
  }[]
  /** By path; its bytes. */
  readonly files: readonly { readonly path: readonly string[]; readonly bytes: Uint8Array }[]
}

export const storageOf = (page: Page): Promise<Kept> =>
  page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const databases = []
    for (const { name = '', version = 1 } of await indexedDB.databases()) {
      const db = await answer(indexedDB.open(name))
      const tables = []
      for (const table of db.objectStoreNames) {
        const store = db.transaction(table).objectStore(table)
        const { keyPath } = store
        const indexes = [...store.indexNames]
        // A key of bytes comes back as a buffer; where it lies in the value, only the value counts.
        const [keys, values] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())])
        tables.push({
          name: table,
          keyPath: keyPath as string | null,
          indexes,
          rows: values.map((value: unknown, at) => ({
            key: keyPath === null ? (keys[at] as string | number) : at,
            value,
          })),
        })
      }
      db.close()
      databases.push({ name, version, tables })
    }
    const files: { path: string[]; bytes: Uint8Array }[] = []
    const walk = async (folder: FileSystemDirectoryHandle, path: string[]): Promise<void> => {
      for await (const [name, handle] of folder) {
        if (handle instanceof FileSystemDirectoryHandle) await walk(handle, [...path, name])
        else if (handle instanceof FileSystemFileHandle)
          files.push({ path: [...path, name], bytes: await (await handle.getFile()).bytes() })
      }
    }
    await walk(await navigator.storage.getDirectory(), [])
    return { databases, files }
  })

export async function putStorage(page: Page, { databases, files }: Kept): Promise<void> {
  await putDatabases(page, databases)
  await putFiles(page, files)
}

const putDatabases = (page: Page, databases: Kept['databases']): Promise<void> =>
  page.evaluate(async databases => {
    for (const { name, version, tables } of databases) {
      const opening = indexedDB.open(name, version)
      opening.onupgradeneeded = () => {
        for (const { name, keyPath, indexes, rows } of tables) {
          const store = opening.result.createObjectStore(name, { keyPath })
          for (const index of indexes) store.createIndex(index, index)
          for (const { key, value } of rows) store.put(value, keyPath === null ? key : undefined)
        }
      }
      await new Promise<void>((resolve, reject) => {
        opening.onsuccess = () => {
          opening.result.close()
          resolve()
        }
        opening.onerror = () => reject(opening.error)
      })
    }
  }, databases)

/** In place of those that are there. */
export const putFiles = (page: Page, files: Kept['files']): Promise<void> =>
  page.evaluate(async files => {
    for (const { path, bytes } of files) {
      let folder = await navigator.storage.getDirectory()
      for (const name of path.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true })
      const file = await folder.getFileHandle(path.at(-1) ?? '', { create: true })
      const writing = await file.createWritable()
      await writing.write(bytes.slice())
      await writing.close()
    }
  }, files)
