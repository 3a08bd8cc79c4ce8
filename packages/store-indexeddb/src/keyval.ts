/**
 * A database for idb-keyval that survives what browsers do to connections. idb-keyval's own `createStore` keeps a dead
 * connection for good where the browser closes it without a word (iOS), never makes way for a deletion, and can't ask
 * for durable writes; its functions take any store of the same shape, so this is one.
 */
import { promisifyRequest, type UseStore } from 'idb-keyval'

const STORE = 'keyval'

export interface KeyVal {
  readonly use: UseStore
  close(): void
}

export function keyVal(database: string): KeyVal {
  let opening: Promise<IDBDatabase> | undefined

  const close = () => {
    opening?.then(db => db.close()).catch(() => {})
    opening = undefined
  }

  const connect = () => {
    opening ??= open(database, close).catch(error => {
      opening = undefined
      throw error
    })
    return opening
  }

  const begin = async (mode: IDBTransactionMode) => {
    const transact = (db: IDBDatabase) => db.transaction(STORE, mode, { durability: 'strict' }).objectStore(STORE)
    const connection = connect()
    try {
      return transact(await connection)
    } catch (error) {
      // A closed connection says so here, before anything was done.
      if (!(error instanceof DOMException) || error.name !== 'InvalidStateError') throw error
      // Another call may have opened a new one already: one that nobody knows of would never make way for a deletion.
      if (opening === connection) opening = undefined
      return transact(await connect())
    }
  }

  return {
    close,
    use: async (mode, callback) => callback(await begin(mode)),
  }
}

async function open(database: string, close: () => void): Promise<IDBDatabase> {
  const request = indexedDB.open(database)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE)
  const db = await promisifyRequest(request)
  db.onclose = close
  db.onversionchange = close
  return db
}
