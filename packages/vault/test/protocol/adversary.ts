/**
 * A second reader of the format, written from docs/format.md alone: it shares no code with the library. It stands for
 * whoever gets a full image of the storage, with every byte that was ever written to it but for what was overwritten in
 * the cell, and the passphrase as well. It takes every root key that any slot ever held, every epoch secret and every
 * ratchet that it can find in any sector (checksums and all other good manners aside), tries them on every root that ever
 * was, and reads whatever follows from those that open. Quick enough to be asked thousands of times; the one in
 * oracle-tireless.ts follows no pointers and tries every secret on every row.
 */
import { decode } from 'cborg'
import { type Sodium, sodium } from './sodium'

export interface ImageRow {
  readonly table: string
  readonly id: Uint8Array
  readonly bucket: number
  readonly bytes: Uint8Array
}

/** What lies, or ever lay, on the medium. */
export interface Image {
  readonly roots: readonly Uint8Array[]
  readonly rows: readonly ImageRow[]
  /** Halves of the cell as they are now; and, on a medium that keeps them, as they ever were. */
  readonly halves: readonly Uint8Array[]
}

export type Opening = { readonly secretKey: Uint8Array } | { readonly passphrase: string }

/** Something that could be read: where, and what. `clear` is what needed no key at all. */
export interface Found {
  readonly where: string
  readonly bytes: Uint8Array
}

export interface Haul {
  readonly found: readonly Found[]
  /** Roots that opened, of how many that were tried. */
  readonly openedRoots: number
  /** Where a text can be read; empty: nowhere. */
  where(text: string): string[]
}

export const TABLES = ['slots', 'ring', 'heads', 'pages', 'blobs', 'undated', 'ledger', 'exports']
export const UNDATED = 0xffff_ffff
export const MOST_DAYS = 36_600

const encoder = new TextEncoder()
export const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
/** Bytes as a map key; none of them is long. Spread out as arguments they would be walked through one by one: seven times as slow. */
export const key = (bytes: Uint8Array): string => String.fromCharCode.apply(null, bytes as unknown as number[])

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  view(bytes).setUint32(0, value, true)
  return bytes
}

export function framed(label: string, fields: readonly Uint8Array[]): Uint8Array {
  const all = [encoder.encode(label), ...fields]
  const whole = new Uint8Array(all.reduce((sum, field) => sum + 4 + field.length, 0))
  const lengths = view(whole)
  let at = 0
  for (const field of all) {
    lengths.setUint32(at, field.length, true)
    whole.set(field, at + 4)
    at += 4 + field.length
  }
  return whole
}

/** What slots were found to hold, so that thousands of images of one vault don't derive the same thousands of times. */
const knownSlots = new Map<string, Uint8Array | undefined>()
/** A run of a million histories makes slots without end. */
const MOST_KNOWN = 10_000

export class Reader {
  readonly found: Found[] = []
  openedRoots = 0
  readonly #rows = new Map<string, ImageRow[]>()
  readonly #days = new Map<number, Uint8Array[]>()
  readonly #done = new Set<string>()

  constructor(
    readonly sodium: Sodium,
    readonly image: Image,
  ) {
    for (const row of image.rows) {
      const at = `${row.table} ${key(row.id)}`
      const known = this.#rows.get(at)
      if (known) known.push(row)
      else this.#rows.set(at, [row])
    }
    for (const bytes of [...image.roots, ...image.rows.map(row => row.bytes), ...image.halves]) {
      this.found.push({ where: 'clear', bytes })
    }
  }

  derive(label: string, secret: Uint8Array, ...fields: readonly Uint8Array[]): Uint8Array {
    return this.sodium.crypto_generichash(32, framed(label, fields), secret)
  }

  open(secret: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Uint8Array | undefined {
    if (sealed.length < 40) return undefined
    try {
      const { crypto_aead_xchacha20poly1305_ietf_decrypt: decrypt } = this.sodium
      return decrypt(null, sealed.subarray(24), aad, sealed.subarray(0, 24), secret)
    } catch {
      return undefined
    }
  }

  /** Every root key that any slot ever held for one of these openings. */
  rootKeys(vaultIds: readonly Uint8Array[], openings: readonly Opening[]): Uint8Array[] {
    const keys = new Map<string, Uint8Array>()
    const slots = new Map(this.image.rows.filter(row => row.table === 'slots').map(row => [key(row.bytes), row.bytes]))
    const ways = openings.map(
      opening => [opening, 'passphrase' in opening ? `words ${opening.passphrase}` : key(opening.secretKey)] as const,
    )
    for (const [letters, slot] of slots) {
      for (const vaultId of vaultIds) {
        for (const [opening, way] of ways) {
          const once = `${letters} ${key(vaultId)} ${way}`
          if (knownSlots.size >= MOST_KNOWN) knownSlots.clear()
          if (!knownSlots.has(once)) knownSlots.set(once, this.#slot(slot, vaultId, opening))
          const opened = knownSlots.get(once)
          if (opened) keys.set(key(opened), opened)
        }
      }
    }
    return [...keys.values()]
  }

  #slot(slot: Uint8Array, vaultId: Uint8Array, opening: Opening): Uint8Array | undefined {
    const fields = view(slot)
    const kind = 'passphrase' in opening ? 1 : 2
    if (slot.length !== 1252 || key(slot.subarray(0, 4)) !== 'AMSL' || slot[4] !== 1 || slot[5] !== kind)
      return undefined
    const material =
      'passphrase' in opening
        ? this.sodium.crypto_pwhash(
            32,
            encoder.encode(opening.passphrase.normalize('NFC')),
            slot.subarray(12, 28),
            fields.getUint16(6, true),
            fields.getUint32(8, true) * 1024,
            this.sodium.crypto_pwhash_ALG_ARGON2ID13,
          )
        : opening.secretKey
    const seed = this.derive('amanat/slot-seed/1', material, slot.subarray(4, 28))
    const { privateKey } = this.sodium.crypto_kem_xwing_seed_keypair(seed)
    const shared = this.sodium.crypto_kem_xwing_dec(slot.subarray(28, 1148), privateKey)
    const wrap = this.derive('amanat/slot-wrap/1', shared, slot.subarray(0, 1148), vaultId)
    return this.open(wrap, slot.subarray(1180), join(slot.subarray(0, 1180), vaultId))
  }

  /** Whatever may be an epoch secret or a ratchet: each sector is taken for a record, whatever it says of itself. */
  secrets(): { epochs: Uint8Array[]; ratchets: Ratchet[] } {
    const epochs = new Map<string, Uint8Array>()
    const seen = new Map<string, Ratchet>()
    for (const half of this.image.halves) {
      for (let at = 0; at + 512 <= half.length; at += 512) {
        const sector = half.subarray(at, at + 512)
        epochs.set(key(sector.subarray(32, 64)), sector.subarray(32, 64))
        const tick = view(sector).getUint32(64, true)
        if (tick < 200_000) seen.set(key(sector.subarray(64, 100)), { tick, chain: [sector.subarray(68, 100)] })
      }
    }
    // One that follows from an earlier one adds nothing.
    const ratchets: Ratchet[] = []
    for (const next of [...seen.values()].sort((a, b) => a.tick - b.tick)) {
      const known = ratchets.some(
        from =>
          next.tick - from.tick <= MOST_DAYS && key(this.stepped(from, next.tick)) === key(next.chain[0] as Uint8Array),
      )
      if (!known) ratchets.push(next)
    }
    return { epochs: [...epochs.values()], ratchets }
  }

  /** The keys of a day that follow from any ratchet there is. */
  days(bucket: number, ratchets: readonly Ratchet[]): Uint8Array[] {
    let keys = this.#days.get(bucket)
    if (!keys) {
      keys = ratchets
        .filter(({ tick }) => tick <= bucket && bucket - tick <= MOST_DAYS)
        .map(from => this.derive('amanat/day/1', this.stepped(from, bucket)))
      this.#days.set(bucket, keys)
    }
    return keys
  }

  /** The ratchet of a later day. */
  stepped({ tick, chain }: Ratchet, day: number): Uint8Array {
    for (let last = chain.at(-1) as Uint8Array; chain.length <= day - tick; chain.push(last)) {
      last = this.derive('amanat/ratchet/1', last)
    }
    return chain[day - tick] as Uint8Array
  }

  /** Opens whatever ever lay under this id. */
  row(
    vaultId: Uint8Array,
    table: string,
    id: Uint8Array,
    secret: Uint8Array,
    ratchets: readonly Ratchet[],
  ): Uint8Array[] {
    const once = `${table} ${key(id)} ${key(secret)}`
    if (this.#done.has(once)) return []
    this.#done.add(once)
    const plains: Uint8Array[] = []
    for (const row of this.#rows.get(`${table} ${key(id)}`) ?? []) {
      const aad = join(new Uint8Array([1, TABLES.indexOf(table)]), vaultId, id, u32(row.bucket))
      const label = `amanat/row/${table}/1`
      const keys =
        row.bucket === UNDATED
          ? [this.derive(label, secret)]
          : this.days(row.bucket, ratchets).map(day => this.derive(label, secret, day))
      for (const each of keys) {
        const frame = this.open(each, row.bytes, aad)
        if (!frame) continue
        const plain = frame.subarray(4, 4 + view(frame).getUint32(0, true))
        this.found.push({ where: table, bytes: plain })
        plains.push(plain)
      }
    }
    return plains
  }

  root(root: Uint8Array, rootKey: Uint8Array, epoch: Uint8Array, ratchets: readonly Ratchet[]): boolean {
    const ringKey = this.derive('amanat/ring-root/1', rootKey, epoch, root.subarray(24, 32))
    const plain = this.open(ringKey, root.subarray(68), root.subarray(0, 64))
    if (!plain) return false
    this.found.push({ where: 'root', bytes: plain })
    const vaultId = root.subarray(8, 24)
    const ring = decode(plain)
    for (const [, id, secret] of ring.u) this.row(vaultId, 'undated', id, secret, ratchets)
    for (let at = 0; at < ring.c.length; at += 48) {
      const [id, secret] = [ring.c.subarray(at, at + 16), ring.c.subarray(at + 16, at + 48)]
      for (const chunk of this.row(vaultId, 'ring', id, secret, ratchets)) this.#chunk(vaultId, chunk, ratchets)
    }
    const ledger = this.image.rows.filter(row => row.table === 'ledger')
    for (const { id } of ledger) {
      this.row(vaultId, 'ledger', id, this.derive('amanat/ledger-row/1', ring.l.k, id), ratchets)
    }
    return true
  }

  #chunk(vaultId: Uint8Array, chunk: Uint8Array, ratchets: readonly Ratchet[]): void {
    for (let at = 4; at < chunk.length; at += 60) {
      const [id, secret] = [chunk.subarray(at + 12, at + 28), chunk.subarray(at + 28, at + 60)]
      if (chunk[at] === 1) {
        this.row(vaultId, 'exports', id, secret, ratchets)
        continue
      }
      this.row(vaultId, 'heads', id, secret, ratchets)
      for (const page of this.row(vaultId, 'pages', id, secret, ratchets)) this.#page(vaultId, page, ratchets)
    }
  }

  #page(vaultId: Uint8Array, page: Uint8Array, ratchets: readonly Ratchet[]): void {
    const fields = view(page)
    const count = fields.getUint16(2, true)
    for (let slot = 0; slot < count; slot++) {
      const slice = decode(page.subarray(fields.getUint32(4 + 4 * slot, true), fields.getUint32(8 + 4 * slot, true)))
      const documents: Document[] = [
        ...Object.values<Document>(slice.o ?? {}),
        ...(slice.n ?? []).flatMap(([, events]: [number, { e?: { blob?: Document } }[]]) =>
          events.flatMap(event => event.e?.blob ?? []),
        ),
      ]
      for (const { secret, pieces } of documents) {
        // A small document stands in the page itself.
        pieces?.forEach((id, piece) => {
          this.row(vaultId, 'blobs', id, this.derive('amanat/piece/1', secret, u32(piece)), ratchets)
        })
      }
    }
  }
}

export interface Ratchet {
  readonly tick: number
  /** The secrets of `tick` and of the days after it, as far as they were needed. */
  readonly chain: Uint8Array[]
}

interface Document {
  readonly secret: Uint8Array
  readonly pieces?: readonly Uint8Array[]
}

/** Everything that can be read of an image with these ways of unlocking. */
export async function everythingIn(image: Image, openings: readonly Opening[]): Promise<Haul> {
  const reader = new Reader(await sodium(), image)
  const vaultIds = [...new Map(image.roots.map(root => [key(root.subarray(8, 24)), root.subarray(8, 24)])).values()]
  const rootKeys = reader.rootKeys(vaultIds, openings)
  const { epochs, ratchets } = reader.secrets()
  for (const root of image.roots) {
    let opened = false
    for (const rootKey of rootKeys) {
      for (const epoch of epochs) opened = reader.root(root, rootKey, epoch, ratchets) || opened
    }
    if (opened) reader.openedRoots++
  }
  return {
    found: reader.found,
    openedRoots: reader.openedRoots,
    where(text) {
      const wanted = encoder.encode(text)
      return [...new Set(reader.found.filter(({ bytes }) => contains(bytes, wanted)).map(({ where }) => where))].sort()
    },
  }
}

export function contains(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const first = wanted[0] as number
  for (
    let at = bytes.indexOf(first);
    at >= 0 && at + wanted.length <= bytes.length;
    at = bytes.indexOf(first, at + 1)
  ) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return true
  }
  return false
}
