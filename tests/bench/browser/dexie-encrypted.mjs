// Dexie with the middleware that encrypts what isn't indexed.
import Dexie from 'dexie'
import { applyEncryptionMiddleware, clearAllTables, cryptoOptions } from 'dexie-encrypted'
import sodium from 'libsodium-wrappers'
import { dexieCandidate, hashOf, plain } from './candidates.mjs'

const KEY = new Uint8Array(32).fill(7)
/** The number is looked up by its hash; the rest is sealed by the middleware. */
const hashed = {
  ...plain,
  ready: () => sodium.ready,
  row: one => ({ ...plain.row(one), phones: one.phones.map(hashOf), numbers: one.phones }),
  point: hashOf,
}

export function candidate() {
  return dexieCandidate(hashed, name => {
    const db = new Dexie(name)
    applyEncryptionMiddleware(db, KEY, { people: cryptoOptions.NON_INDEXED_FIELDS }, clearAllTables)
    return db
  })
}
