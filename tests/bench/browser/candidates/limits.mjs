// IndexedDB and a file of OPFS by themselves, without anything in front of them.
import { limitsOf } from '../../limits.mjs'

/** Only a worker may overwrite a file where its bytes lie. */
const WORKER = `let handle
  onmessage = async ({ data }) => {
    const root = await navigator.storage.getDirectory()
    handle ??= await (await root.getFileHandle('limit', { create: true })).createSyncAccessHandle()
    handle.write(data, { at: 0 })
    handle.flush()
    postMessage('durable')
  }`

async function engine() {
  const db = await new Promise((resolve, reject) => {
    const request = indexedDB.open('bench', 1)
    request.onupgradeneeded = () => request.result.createObjectStore('rows')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  let next = 1
  const worker = new Worker(URL.createObjectURL(new Blob([WORKER], { type: 'text/javascript' })))
  return {
    words: 'IndexedDB',
    write: rows =>
      new Promise((resolve, reject) => {
        const transaction = db.transaction('rows', 'readwrite', { durability: 'strict' })
        const store = transaction.objectStore('rows')
        for (const row of rows.slice(0, -1)) store.put(row, next++)
        store.put(rows.at(-1), 0)
        transaction.oncomplete = resolve
        transaction.onabort = () => reject(transaction.error)
      }),
    read: () =>
      new Promise((resolve, reject) => {
        const request = db.transaction('rows').objectStore('rows').get(0)
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      }),
    overwrite: bytes =>
      new Promise((resolve, reject) => {
        worker.onmessage = resolve
        worker.onerror = reject
        worker.postMessage(bytes)
      }),
    close() {
      worker.terminate()
      db.close()
    },
  }
}

export const candidate = () => ({ limits: async call => limitsOf(await engine(), call) })
