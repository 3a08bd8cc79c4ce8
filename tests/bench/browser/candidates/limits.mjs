// IndexedDB by itself, without anything in front of it.
import { limitsOf } from '../../limits.mjs'

async function engine() {
  const db = await new Promise((resolve, reject) => {
    const request = indexedDB.open('bench', 1)
    request.onupgradeneeded = () => request.result.createObjectStore('rows')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  let next = 1
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
    close: () => db.close(),
  }
}

export const candidate = () => ({ limits: async call => limitsOf(await engine(), call) })
