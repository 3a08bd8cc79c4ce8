// Dexie with the middleware that encrypts what isn't indexed.
import Dexie from 'dexie'
import { applyEncryptionMiddleware, clearAllTables, cryptoOptions } from 'dexie-encrypted'
import sodium from 'libsodium-wrappers'
import { dexieCandidate, STRICT } from '../dexie.mjs'
import { hashOf, KEY, plain } from '../rows.mjs'

/** The number is looked up by its hash; the rest is sealed by the middleware. */
const hashed = {
  ...plain,
  ready: () => sodium.ready,
  row: one => ({ ...plain.row(one), phones: one.phones.map(hashOf), numbers: one.phones }),
  point: hashOf,
}

export function candidate() {
  return dexieCandidate(hashed, name => {
    const db = new Dexie(name, STRICT)
    applyEncryptionMiddleware(db, KEY, { people: cryptoOptions.NON_INDEXED_FIELDS }, clearAllTables)
    return db
  })
}
