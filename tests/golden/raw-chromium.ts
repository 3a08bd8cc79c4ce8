/**
 * What stands in a browser's own storage for one vault, read and written by the browser's own calls: the databases of
 * IndexedDB and the files of OPFS. Nothing of the store is used, so a store that one day lays out its rows
 * otherwise still meets yesterday's layout.
 */

interface RawStore {
  readonly name: string
  readonly keyPath: string | null
  readonly indexes: readonly { readonly name: string; readonly keyPath: string; readonly unique: boolean }[]
  readonly records: readonly { readonly key: unknown; readonly value: unknown }[]
}

export interface RawDatabase {
  readonly name: string
  readonly version: number
  readonly stores: readonly RawStore[]
}

export interface RawOrigin {
  readonly databases: readonly RawDatabase[]
  /** OPFS, by path. */
  readonly files: Readonly<Record<string, unknown>>
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** Bytes as text that JSON holds, and back. */
export const asText = (bytes: Uint8Array) => ({ base64: btoa(String.fromCharCode(...bytes)) })

function frozen(value: unknown): unknown {
  if (value instanceof ArrayBuffer) return asText(new Uint8Array(value))
  if (value instanceof Uint8Array) return asText(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, frozen(inner)]))
}

export function thawed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { base64 } = value as { base64?: string }
  if (base64 !== undefined) return Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, thawed(inner)]))
}

export async function readDatabase(name: string): Promise<RawDatabase> {
  const db = await answer(indexedDB.open(name))
  try {
    const stores: RawStore[] = []
    for (const of of [...db.objectStoreNames].sort()) {
      const store = db.transaction(of).objectStore(of)
      const [keys, values] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())])
      stores.push({
        name: of,
        keyPath: store.keyPath as string | null,
        indexes: [...store.indexNames].map(index => {
          const { keyPath, unique } = store.index(index)
          return { name: index, keyPath: keyPath as string, unique }
        }),
        records: keys.map((key, at) => ({
          key: store.keyPath === null ? frozen(key) : undefined,
          value: frozen(values[at]),
        })),
      })
    }
    return { name, version: db.version, stores }
  } finally {
    db.close()
  }
}

export async function writeDatabase({ name, version, stores }: RawDatabase): Promise<void> {
  const opening = indexedDB.open(name, version)
  opening.onupgradeneeded = () => {
    for (const { name, keyPath, indexes, records } of stores) {
      const store = opening.result.createObjectStore(name, { keyPath })
      for (const { name, keyPath, unique } of indexes) store.createIndex(name, keyPath, { unique })
      for (const { key, value } of records) {
        if (keyPath === null) store.add(thawed(value), thawed(key) as IDBValidKey)
        else store.add(thawed(value))
      }
    }
  }
  ;(await answer(opening)).close()
}

/** Every file below this folder of OPFS, by path. */
export async function readFiles(folder: string): Promise<Record<string, unknown>> {
  const files: Record<string, unknown> = {}
  const walk = async (directory: FileSystemDirectoryHandle, path: string): Promise<void> => {
    // The types of the DOM lack the iterator.
    const entries = (directory as unknown as { values(): AsyncIterable<FileSystemHandle> }).values()
    for await (const entry of entries) {
      if (entry.kind === 'directory') await walk(entry as FileSystemDirectoryHandle, `${path}${entry.name}/`)
      else files[path + entry.name] = frozen(await (await (entry as FileSystemFileHandle).getFile()).arrayBuffer())
    }
  }
  const top = folder.split('/')
  let directory = await navigator.storage.getDirectory()
  for (const name of top) directory = await directory.getDirectoryHandle(name)
  await walk(directory, `${folder}/`)
  return files
}

export async function writeFiles(files: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    const names = path.split('/')
    let directory = await navigator.storage.getDirectory()
    for (const name of names.slice(0, -1)) directory = await directory.getDirectoryHandle(name, { create: true })
    const file = await directory.getFileHandle(names.at(-1) as string, { create: true })
    const writing = await file.createWritable()
    await writing.write(thawed(bytes) as Uint8Array<ArrayBuffer>)
    await writing.close()
  }
}
