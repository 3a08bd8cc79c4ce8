/**
 * The adversary who gives up last: the keys and labels of docs/format.md, and of its pointers none. Every secret that
 * was found anywhere is tried on every row that ever lay in any table, whatever its ring says of it; dated rows with
 * the keys of all days that follow from any ratchet, with those of a ratchet that never moved, and without a day's key.
 * So it finds what a fault would leave behind that the format rules out: a secret used twice, a day that isn't mixed
 * in. It counts what it tries. Guesses it confirms as well: whoever knows a number asks whether a head has its
 * fingerprint.
 */
import { decode } from 'cborg'
import {
  contains,
  framed,
  type Haul,
  type Image,
  type ImageRow,
  join,
  key,
  MOST_DAYS,
  type Opening,
  type Ratchet,
  Reader,
  TABLES,
  UNDATED,
  u32,
  view,
} from './adversary'
import { type Sodium, sodium } from './sodium'

export interface TirelessHaul extends Haul {
  /** Where a text, or bytes, can be read. */
  where(wanted: string | Uint8Array): string[]
  /** Keys that were tried on a sealed text. */
  readonly tried: number
  /** Dated rows that could be read, by their last day. */
  readonly openedBuckets: ReadonlySet<number>
  /** Whether a head that could be read says that somebody has this point. */
  confirms(kind: 'phone' | 'email' | 'ref', value: string): boolean
}

/** libsodium below its wrapper: sealed texts lie in its memory once, however many keys are tried on them. */
interface Raw {
  readonly HEAPU8: Uint8Array
  _malloc(bytes: number): number
  _free(at: number): void
  _crypto_aead_xchacha20poly1305_ietf_decrypt(...args: readonly number[]): number
}

interface Lying {
  readonly row: ImageRow
  readonly sealed: number
  readonly aad: number
  readonly aadBytes: number
  open: boolean
}

const SECRET = 32
const NONCE = 24
const TAG = 16
const encoder = new TextEncoder()

class Tireless {
  tried = 0
  readonly openedBuckets = new Set<number>()
  readonly #raw: Raw
  readonly #out: number
  readonly #key: number
  readonly #taken: number[] = []
  readonly #pool = new Map<string, Uint8Array>()
  readonly #waiting: Uint8Array[] = []
  readonly #rows = new Map<string, Lying[]>()
  readonly #days = new Map<number, Uint8Array[]>()
  readonly #heads: Uint8Array[] = []
  readonly #pointKeys: Uint8Array[] = []
  /** Pieces of the longest document: so many secrets follow from each. */
  readonly #pieces: number

  constructor(
    readonly sodium: Sodium,
    readonly reader: Reader,
    readonly image: Image,
    readonly ratchets: readonly Ratchet[],
  ) {
    this.#raw = (sodium as unknown as { libsodium: Raw }).libsodium
    this.#out = this.#take(
      Math.max(...[...image.roots, ...image.rows.map(({ bytes }) => bytes)].map(each => each.length)),
    )
    this.#key = this.#take(SECRET)
    const [vaultId = new Uint8Array(16)] = image.roots.map(root => root.subarray(8, 24))
    const seen = new Set<string>()
    for (const row of image.rows) {
      const once = `${row.table} ${key(row.id)} ${key(row.bytes.subarray(0, 64))}`
      if (row.table === 'slots' || seen.has(once) || row.bytes.length < NONCE + TAG) continue
      seen.add(once)
      const aad = join(new Uint8Array([1, TABLES.indexOf(row.table)]), vaultId, row.id, u32(row.bucket))
      const lying = { row, sealed: this.#put(row.bytes), aad: this.#put(aad), aadBytes: aad.length, open: false }
      const same = this.#rows.get(row.table)
      if (same) same.push(lying)
      else this.#rows.set(row.table, [lying])
    }
    this.#pieces = Math.max(
      1,
      (this.#rows.get('blobs') ?? []).filter(({ row }) => row.bytes.length > 50_000).length * 2,
    )
  }

  #take(bytes: number): number {
    const at = this.#raw._malloc(bytes)
    this.#taken.push(at)
    return at
  }

  #put(bytes: Uint8Array): number {
    const at = this.#take(bytes.length)
    this.#raw.HEAPU8.set(bytes, at)
    return at
  }

  free(): void {
    for (const at of this.#taken) this.#raw._free(at)
  }

  #open(secret: Uint8Array, sealed: number, length: number, aad: number, aadBytes: number): Uint8Array | undefined {
    this.tried++
    this.#raw.HEAPU8.set(secret, this.#key)
    const code = this.#raw._crypto_aead_xchacha20poly1305_ietf_decrypt(
      ...[this.#out, 0, 0, sealed + NONCE, length - NONCE, 0, aad, aadBytes, 0, sealed, this.#key],
    )
    if (code !== 0) return undefined
    return this.#raw.HEAPU8.slice(this.#out, this.#out + length - NONCE - TAG)
  }

  /** Each root with each pair of a root key and an epoch secret. Answers whether it opened. */
  root(root: Uint8Array, rootKeys: readonly Uint8Array[], epochs: readonly Uint8Array[]): boolean {
    const sealed = this.#put(root)
    let opened = false
    for (const rootKey of rootKeys) {
      for (const epoch of epochs) {
        const ringKey = this.reader.derive('amanat/ring-root/1', rootKey, epoch, root.subarray(24, 32))
        const plain = this.#open(ringKey, sealed + 68, root.length - 68, sealed, 64)
        if (!plain) continue
        opened = true
        this.reader.found.push({ where: 'root', bytes: plain })
        const ring = decode(plain)
        this.#pointKeys.push(ring.p)
        this.#learn(ring)
        for (let at = 0; at + 48 <= ring.c.length; at += 48) this.learn(ring.c.subarray(at + 16, at + 48))
      }
    }
    return opened
  }

  learn(secret: Uint8Array): void {
    const once = key(secret)
    if (secret.length !== SECRET || this.#pool.has(once)) return
    this.#pool.set(once, secret.slice())
    this.#waiting.push(secret.slice())
  }

  /** Whatever has the length of a secret, wherever it stands. */
  #learn(value: unknown): void {
    if (value instanceof Uint8Array) this.learn(value)
    else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) this.#learn(each)
  }

  /** Tries until nothing new is found. */
  exhaust(): void {
    for (let secret = this.#waiting.pop(); secret; secret = this.#waiting.pop()) {
      for (const table of TABLES) this.#tryOn(table, secret)
    }
  }

  #tryOn(table: string, secret: Uint8Array): void {
    const rows = this.#rows.get(table)
    if (!rows) return
    const label = `amanat/row/${table}/1`
    const secrets = [secret]
    if (table === 'blobs') {
      for (let n = 0; n < this.#pieces; n++) secrets.push(this.reader.derive('amanat/piece/1', secret, u32(n)))
    }
    for (const each of secrets) {
      const bare = this.reader.derive(label, each)
      const dated = new Map<number, Uint8Array[]>()
      for (const lying of rows) {
        if (lying.open) continue
        const { id, bucket } = lying.row
        let keys = dated.get(bucket)
        if (!keys) {
          keys = [bare, ...this.#daysFor(bucket).map(day => this.reader.derive(label, each, day))]
          dated.set(bucket, keys)
        }
        if (table === 'ledger') {
          keys = [...keys, this.reader.derive(label, this.reader.derive('amanat/ledger-row/1', each, id))]
        }
        for (const one of keys) this.#tryKey(lying, one)
      }
    }
  }

  #tryKey(lying: Lying, secret: Uint8Array): void {
    if (lying.open) return
    const { row, sealed, aad, aadBytes } = lying
    const frame = this.#open(secret, sealed, row.bytes.length, aad, aadBytes)
    if (!frame) return
    lying.open = true
    const plain = frame.subarray(4, 4 + view(frame).getUint32(0, true))
    this.reader.found.push({ where: row.table, bytes: plain })
    if (row.bucket !== UNDATED) this.openedBuckets.add(row.bucket)
    if (row.table === 'ring') {
      for (let at = 4; at + 60 <= plain.length; at += 60) this.learn(plain.subarray(at + 28, at + 60))
    } else if (row.table === 'pages') {
      const fields = view(plain)
      for (let slot = 0; slot < fields.getUint16(2, true); slot++) {
        const [from, to] = [fields.getUint32(4 + 4 * slot, true), fields.getUint32(8 + 4 * slot, true)]
        this.#learn(decode(plain.subarray(from, to)))
      }
    } else if (row.table === 'heads') {
      this.#heads.push(plain)
    }
  }

  /** The keys that may be the day's: also of other days, of a ratchet that was never moved, and of one that stands still. */
  #daysFor(bucket: number): Uint8Array[] {
    const known = this.#days.get(bucket)
    if (known) return known
    const first = Math.min(...this.image.roots.map(root => view(root).getUint32(64, true)))
    const buckets = new Set(this.image.rows.map(row => row.bucket).filter(each => each !== UNDATED))
    const keys = new Map<string, Uint8Array>()
    for (const ratchet of this.ratchets) {
      const { tick } = ratchet
      const steps = new Set([0, bucket - first, ...[...buckets].map(other => other - tick)])
      for (const step of steps) {
        if (step < 0 || step > MOST_DAYS) continue
        const day = this.reader.derive('amanat/day/1', this.reader.stepped(ratchet, tick + step))
        keys.set(key(day), day)
      }
    }
    const all = bucket === UNDATED ? [] : [...keys.values()]
    this.#days.set(bucket, all)
    return all
  }

  confirms(kind: string, value: string): boolean {
    return this.#pointKeys.some(pointKey => {
      const message = framed('amanat/point/1', [encoder.encode(kind), encoder.encode(value)])
      const print = this.sodium.crypto_generichash(8, message, pointKey)
      return this.#heads.some(head => contains(head, print))
    })
  }
}

/** Everything that can be read of an image with these ways of unlocking, whatever the format says of where to look. */
export async function everythingTried(image: Image, openings: readonly Opening[]): Promise<TirelessHaul> {
  const loaded = await sodium()
  const reader = new Reader(loaded, image)
  const vaultIds = [...new Map(image.roots.map(root => [key(root.subarray(8, 24)), root.subarray(8, 24)])).values()]
  const rootKeys = reader.rootKeys(vaultIds, openings)
  const { epochs, ratchets } = reader.secrets()
  const tireless = new Tireless(loaded, reader, image, ratchets)
  let openedRoots = 0
  try {
    // The tick aside, which anybody may move: so many roots are the same.
    const roots = new Map(image.roots.map(root => [key(root.subarray(24, 64)) + key(root.subarray(68, 140)), root]))
    for (const root of roots.values()) if (tireless.root(root, rootKeys, epochs)) openedRoots++
    for (const secret of [...rootKeys, ...epochs, ...ratchets.flatMap(({ chain }) => chain.slice(0, 1))]) {
      tireless.learn(secret)
    }
    tireless.exhaust()
  } finally {
    tireless.free()
  }
  return {
    found: reader.found,
    openedRoots,
    tried: tireless.tried,
    openedBuckets: tireless.openedBuckets,
    confirms: (kind, value) => tireless.confirms(kind, value),
    where(text) {
      const wanted = typeof text === 'string' ? encoder.encode(text) : text
      return [...new Set(reader.found.filter(({ bytes }) => contains(bytes, wanted)).map(({ where }) => where))].sort()
    },
  }
}
