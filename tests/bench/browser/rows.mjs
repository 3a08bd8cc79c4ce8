// A row for each person, as whoever encrypts a row at a time keeps it: the hash of each number and the day of expiry stay in the
// clear, without which they could neither look up nor expire. They tell what the vault seals.
import sodium from 'libsodium-wrappers'
import { people } from '../contacts.mjs'

export const daysLeft = one => 365 - one.age
/** Days left from loading on; the launch that works is a day later, when those with one day left have expired. */
export const SHORTEST = 1
export const KEY = new Uint8Array(32).fill(7)
/** As a bulk load does: a transaction for each lot, so that none grows without bounds. */
const LOT = 5_000
export const memory = () => performance.memory?.usedJSHeapSize

export const hashOf = text => sodium.to_base64(sodium.crypto_generichash(16, text, KEY))

/** The codec says what of a row can be read. */
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
