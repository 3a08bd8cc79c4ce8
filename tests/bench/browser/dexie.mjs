// Dexie, with the rows that a codec makes of people.
import Dexie from 'dexie'
import { lots, memory, plain, SHORTEST } from './rows.mjs'

/** Dexie leaves it to Chromium, which answers before anything is on the disk: every commit here is durable. */
export const STRICT = { chromeTransactionDurability: 'strict' }

/** @param make opens the database, given its name */
export function dexieCandidate(codec, make = name => new Dexie(name, STRICT)) {
  let db
  const open = async () => {
    await codec.ready()
    db = await make('bench')
    db.version(1).stores({ people: codec === plain ? 'id, *phones, day, name' : 'id, *phones, day' })
    await db.open()
  }
  const changed = (row, note) => codec.row({ ...codec.one(row), note })
  const change = (ids, note) =>
    db.transaction('rw', db.people, async () => {
      const rows = await db.people.bulkGet(ids)
      await db.people.bulkPut(rows.map(row => changed(row, note)))
    })
  return {
    memory,
    async load(count, seed) {
      await open()
      for (const lot of lots(count, seed)) await db.people.bulkAdd(lot.map(codec.row))
    },
    open,
    async idsOf(known) {
      const rows = await db.people.bulkGet(known.map(one => one.id))
      return rows.map(row => row?.id)
    },
    byId: async id => codec.one(await db.people.get(id)).name,
    byPhone: async phone => codec.one(await db.people.where('phones').equals(codec.point(phone)).first()).name,
    async list() {
      if (codec === plain) return db.people.orderBy('name').limit(50).toArray()
      const all = (await db.people.toArray()).map(codec.one)
      return all.sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, 50)
    },
    add: one => db.people.add(codec.row(one)),
    change: (id, note) => change([id], note),
    withdraw: id => db.people.delete(id),
    changeMany: change,
    withdrawMany: ids => db.people.bulkDelete(ids),
    expire: () => db.people.where('day').equals(SHORTEST).delete(),
    exportAll: async () => (await db.people.toArray()).map(codec.one),
    close: () => db.close(),
  }
}
