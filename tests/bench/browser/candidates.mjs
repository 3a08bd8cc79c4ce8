// Who is measured in the browser, each on an origin of its own. Rows of whoever encrypts a row at a time carry the hash of each
// number and the day of expiry in the clear, without which they could neither look up nor expire: they tell what the vault seals.
import { indexedDb } from '@amanat/store-indexeddb'
import Dexie from 'dexie'
import sodium from 'libsodium-wrappers'
import { people } from '../contacts.mjs'
import { vaultCandidate } from '../vault.mjs'

const daysLeft = one => 365 - one.age
const SHORTEST = 1
const KEY = new Uint8Array(32).fill(7)
/** As a bulk load does: a transaction for each lot, so that none grows without bounds. */
const LOT = 5_000
const memory = () => performance.memory?.usedJSHeapSize

export const hashOf = text => sodium.to_base64(sodium.crypto_generichash(16, text, KEY))

/** A row for each person; the codec says what of it can be read. */
export const plain = {
  ready: async () => undefined,
  row: one => ({ ...one, day: daysLeft(one) }),
  one: row => row,
  point: phone => phone,
}
export const secretbox = {
  ready: () => sodium.ready,
  row(one) {
    const nonce = sodium.randombytes_buf(sodium.crypto_secretbox_NONCEBYTES)
    const box = sodium.crypto_secretbox_easy(JSON.stringify(one), nonce, KEY)
    return { id: one.id, phones: one.phones.map(hashOf), day: daysLeft(one), nonce, box }
  },
  one: row => JSON.parse(sodium.to_string(sodium.crypto_secretbox_open_easy(row.box, row.nonce, KEY))),
  point: hashOf,
}

export function* lots(count, seed) {
  let lot = []
  for (const one of people(count, seed)) {
    lot.push(one)
    if (lot.length < LOT) continue
    yield lot
    lot = []
  }
  if (lot.length > 0) yield lot
}

/** @param make opens the database, given its name */
export function dexieCandidate(codec, make = name => new Dexie(name)) {
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

export const BROWSER = {
  amanat: async () => vaultCandidate({ store: () => indexedDb('bench'), memory }),
  dexie: async () => dexieCandidate(plain),
  'dexie + secretbox': async () => dexieCandidate(secretbox),
  'dexie-encrypted': async () => (await import('./dexie-encrypted.mjs')).candidate(),
  'rxdb + crypto-js': async () => (await import('./rxdb.mjs')).candidate(),
  'pouchdb + crypto-pouch': async () => (await import('./pouchdb.mjs')).candidate(),
}
