// RxDB on Dexie with its free encryption plugin: one encrypted field, which is its kindest case.

import sodium from 'libsodium-wrappers'
import { createRxDatabase } from 'rxdb'
import { wrappedKeyEncryptionCryptoJsStorage } from 'rxdb/plugins/encryption-crypto-js'
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'
import { STRICT } from '../dexie.mjs'
import { daysLeft, hashOf, lots, memory, SHORTEST } from '../rows.mjs'

const text = maxLength => ({ type: 'string', maxLength })
const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: text(32),
    phone: text(32),
    day: { type: 'integer', minimum: 0, maximum: 400, multipleOf: 1 },
    card: { type: 'string' },
  },
  required: ['id', 'phone', 'day', 'card'],
  indexes: ['phone', 'day'],
  encrypted: ['card'],
}
const rowOf = one => ({ id: one.id, phone: hashOf(one.phones[0]), day: daysLeft(one), card: JSON.stringify(one) })

export function candidate() {
  let db
  let people
  const open = async () => {
    await sodium.ready
    db = await createRxDatabase({
      name: 'bench',
      storage: wrappedKeyEncryptionCryptoJsStorage({ storage: getRxStorageDexie(STRICT) }),
      password: 'a password of the benchmark',
      multiInstance: false,
    })
    ;({ people } = await db.addCollections({ people: { schema } }))
  }
  const cardOf = found => JSON.parse(found.card)
  const change = async (ids, note) => {
    const found = await people.findByIds(ids).exec()
    const rows = [...found.values()].map(one => ({
      ...one.toMutableJSON(),
      card: JSON.stringify({ ...cardOf(one), note }),
    }))
    await people.bulkUpsert(rows)
  }
  return {
    memory,
    async load(count, seed) {
      await open()
      for (const lot of lots(count, seed)) await people.bulkInsert(lot.map(rowOf))
    },
    open,
    async idsOf(known) {
      const found = await people.findByIds(known.map(one => one.id)).exec()
      return known.map(one => (found.has(one.id) ? one.id : undefined))
    },
    byId: async id => cardOf(await people.findOne(id).exec()).name,
    byPhone: async phone => cardOf(await people.findOne({ selector: { phone: hashOf(phone) } }).exec()).name,
    async list() {
      const all = (await people.find().exec()).map(cardOf)
      return all.sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, 50)
    },
    add: one => people.insert(rowOf(one)),
    change: (id, note) => change([id], note),
    withdraw: async id => (await people.findOne(id).exec()).remove(),
    changeMany: change,
    withdrawMany: ids => people.bulkRemove(ids),
    async expire() {
      const ids = (await people.find({ selector: { day: SHORTEST } }).exec()).map(one => one.id)
      await people.bulkRemove(ids)
      return ids.length
    },
    exportAll: async () => (await people.find().exec()).map(cardOf),
    close: () => db.close(),
  }
}
