// What nothing that writes as much, seals as much and parses as much can go below on this machine: measured in the same run and in
// the same runtime as the candidates, as lines of their own.
import sodium from 'libsodium-wrappers'
import { people } from './contacts.mjs'
import { SINGLES } from './operations.mjs'
import { median } from './table.mjs'

/** A page, its head, a chunk of the index, a row of the ledger and the root: until a vault was measured in the same run. */
export const SIZES = [24_000, 5_000, 6_000, 4_000, 10_000]
const PAGE = 24_576
/** As many as the candidates look up. */
const LOOKS = 1000
/** Half of the cell. */
const HALF = 4096

async function medianOf(times, act) {
  const each = []
  for (let i = 0; i < times; i++) {
    const start = performance.now()
    await act(i)
    each.push(performance.now() - start)
  }
  return median(each)
}

/**
 * @param engine `words` for its name, and `write(rows)`, which resolves when these are durable; the last one overwrites the same row;
 * `read()` reads that row; `overwrite(bytes)`, which does so in a file, where they lie
 * @param call `samples`, how often; `sizes` of the rows that one change of the vault writes, in bytes
 */
export async function limitsOf(engine, { sizes = SIZES, samples = SINGLES }) {
  await sodium.ready
  const bytes = size => sodium.randombytes_buf(size)
  const rows = sizes.map(bytes)
  const total = Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1000)
  const found = []
  await engine.write(rows)
  const written = await medianOf(samples, () => engine.write(rows))
  found.push({
    limit: `${engine.words}'s own durable write of what one change writes`,
    ms: written,
    of: `${total} kB in ${rows.length} rows`,
  })

  found.push({
    limit: `${LOOKS.toLocaleString('en')} of ${engine.words}'s own reads of the root, one after another`,
    ms: await medianOf(11, async () => {
      for (let i = 0; i < LOOKS; i++) await engine.read()
    }),
    of: `${(sizes.at(-1) / 1000).toFixed(1)} kB each`,
  })

  const half = bytes(HALF)
  await engine.overwrite(half)
  found.push({
    limit: "a file's own durable overwriting of what a key is forgotten with",
    ms: await medianOf(samples, () => engine.overwrite(half)),
    of: `${HALF / 1024} KiB where they lie`,
  })

  const [page, key] = [bytes(PAGE), bytes(32)]
  const nonce = bytes(sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
  const seal = () => sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(page, null, null, nonce, key)
  const sealed = seal()
  // Many at a time: a browser's clock doesn't tell less than a tenth of a millisecond.
  const LOT = 50
  const lot = act => () => {
    for (let i = 0; i < LOT; i++) act()
  }
  const throughput = ms => `${Math.round(PAGE / 1000 / ms)} MB/s`
  const sealing = (await medianOf(11, lot(seal))) / LOT
  found.push({ limit: 'XChaCha20-Poly1305, sealing 24 KiB', ms: sealing, of: throughput(sealing) })
  const open = () => sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, null, nonce, key)
  const opening = (await medianOf(11, lot(open))) / LOT
  found.push({ limit: 'XChaCha20-Poly1305, opening 24 KiB', ms: opening, of: throughput(opening) })

  const texts = [...people(1000)].map(one => JSON.stringify(one))
  const parsing = await medianOf(11, () => {
    for (const text of texts) JSON.parse(text)
  })
  found.push({ limit: 'JSON.parse of 1,000 contacts', ms: parsing })
  await engine.close()
  return found
}
