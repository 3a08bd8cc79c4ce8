// PouchDB with crypto-pouch, which seals everything but the id: what is looked up lies in ids of their own.
import CryptoPouch from 'crypto-pouch'
import sodium from 'libsodium-wrappers'
import PouchDB from 'pouchdb-browser'
import { daysLeft, hashOf, lots, memory, SHORTEST } from '../rows.mjs'

PouchDB.plugin(CryptoPouch)
// It has no option for it, and leaves it to Chromium, which answers before anything is on the disk.
const transaction = IDBDatabase.prototype.transaction
IDBDatabase.prototype.transaction = function (stores, mode, options) {
  return transaction.call(this, stores, mode, { durability: 'strict', ...options })
}
const dayOf = one => String(daysLeft(one)).padStart(4, '0')
const docsOf = one => [
  { _id: `r:${one.id}`, ...one },
  ...one.phones.map(phone => ({ _id: `p:${hashOf(phone)}`, of: one.id })),
  { _id: `d:${dayOf(one)}:${one.id}` },
]

export function candidate() {
  let db
  const open = async () => {
    await sodium.ready
    db = new PouchDB('bench', { auto_compaction: true })
    await db.crypto('a password of the benchmark')
  }
  const ids = one => docsOf(one).map(doc => doc._id)
  const all = async keys =>
    (await db.allDocs({ keys, include_docs: true })).rows.filter(row => row.doc).map(row => row.doc)
  const drop = async people => {
    const docs = await all(people.flatMap(ids))
    await db.bulkDocs(docs.map(({ _id, _rev }) => ({ _id, _rev, _deleted: true })))
  }
  const records = async list => all(list.map(id => `r:${id}`))
  const everybody = async () =>
    (await db.allDocs({ startkey: 'r:', endkey: 'r;', include_docs: true })).rows.map(row => row.doc)
  const change = async (list, note) => db.bulkDocs((await records(list)).map(doc => ({ ...doc, note })))
  return {
    memory,
    async load(count, seed) {
      await open()
      for (const lot of lots(count, seed)) await db.bulkDocs(lot.flatMap(docsOf))
    },
    open,
    async idsOf(known) {
      const found = new Set((await records(known.map(one => one.id))).map(doc => doc.id))
      return known.map(one => (found.has(one.id) ? one.id : undefined))
    },
    byId: async id => (await db.get(`r:${id}`)).name,
    byPhone: async phone => (await db.get(`r:${(await db.get(`p:${hashOf(phone)}`)).of}`)).name,
    list: async () => (await everybody()).sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, 50),
    add: one => db.bulkDocs(docsOf(one)),
    change: (id, note) => change([id], note),
    withdraw: async id => drop(await records([id])),
    changeMany: change,
    withdrawMany: async list => drop(await records(list)),
    async expire() {
      const day = `d:${String(SHORTEST).padStart(4, '0')}:`
      const rows = (await db.allDocs({ startkey: day, endkey: `${day}~` })).rows
      await drop(await records(rows.map(row => row.id.slice(day.length))))
      return rows.length
    },
    exportAll: everybody,
    close: () => db.close(),
  }
}
