/**
 * The sealed part of the root: everything an open vault needs to find and open the rest. It is rewritten at every
 * commit, so it stays small; what grows (pages, notices, fingerprints, the ledger) lies in rows whose secrets it lists.
 *
 * CBOR, a map with these keys: `v` 1 · `c` chunks, 48 bytes each · `u` undated rows, [kind, id, secret] · `l` the ledger:
 * {`k` secret, `n` leaves, `r` records, `f` frontier, `t` id of the open row or null, `o` number of its first record} ·
 * `p` key of the fingerprints in heads · `s` key of the fingerprints of people who left · `k` slots, {`i` id, `h` hash of
 * the row, `p` public key, `l` label, `a` added} · `t` latest time seen · `e` last epoch whose forgetting was verified ·
 * `d` the day up to which the ledger tells what expired · `w` where in the ledger the last days begin, [day, record] · `q`,
 * where there are any, long runs of the ledger in which nobody was looked at, [record, record after it], each the first of a row.
 */
import { derive, openSealed, type Randomness, Secret, seal } from '@amanat/crypto'
import { ROW_ID_BYTES } from '@amanat/store-contract'
import * as v from 'valibot'
import { u64 } from '../bytes'
import { VaultError } from '../errors'
import { decodeFrontier } from '../ledger/tree'
import { decodeChunkList, encodeChunkList } from '../pages/ring'
import { decodeRecord, encodeRecord } from '../record/record'
import { isInstant } from '../time/calendar'
import type { Day } from '../time/day'
import { readAs } from './damaged'
import type { RowSecret } from './rows'

/** What an undated row holds. */
const UNDATED_KINDS = ['policy', 'policy-history', 'catalogue', 'notice', 'left', 'quarantined'] as const
export type UndatedKind = (typeof UNDATED_KINDS)[number]
/** Of X-Wing. */
const PUBLIC_KEY_BYTES = 1216

export interface ListedUndated {
  readonly kind: UndatedKind
  readonly id: Uint8Array
  readonly secret: RowSecret
}

export interface LedgerPlace {
  readonly secret: Secret<'ledger'>
  readonly leaves: number
  readonly records: number
  readonly frontier: Uint8Array
  /** The row that is still being filled. */
  readonly tail: Uint8Array | undefined
  readonly tailFirst: number
}

export interface ListedSlot {
  readonly id: Uint8Array
  readonly hash: Uint8Array
  readonly publicKey: Uint8Array
  readonly label: string
  readonly added: number
}

export interface RingRoot {
  readonly chunks: readonly { readonly id: Uint8Array; readonly secret: RowSecret }[]
  readonly undated: readonly ListedUndated[]
  readonly ledger: LedgerPlace
  readonly pointKey: Secret<'points'>
  readonly leftKey: Secret<'left'>
  readonly slots: readonly ListedSlot[]
  readonly lastSeen: number
  readonly verified: number
  readonly purged: Day
  /** For each of the last days on which something was committed, a record from which its entries can be read. */
  readonly marks: readonly (readonly [day: Day, record: number])[]
  /** Runs of records without an entry that the meter counts, in order; rows begin at both ends. */
  readonly quiet: readonly QuietRun[]
}

export type QuietRun = readonly [from: number, end: number]

const ringRootKey = (rootKey: Secret<'root-key'>, epoch: number, secret: Secret<'epoch'>): Secret<'ring-root'> =>
  derive<'ring-root'>('amanat/ring-root/1', rootKey, secret.expose(), u64(epoch))

export function sealRingRoot(
  root: RingRoot,
  rootKey: Secret<'root-key'>,
  epoch: number,
  secret: Secret<'epoch'>,
  header: Uint8Array,
  randomness: Randomness,
): Uint8Array {
  const plain = encodeRecord({
    v: 1,
    c: encodeChunkList(root.chunks),
    u: root.undated.map(row => [row.kind, row.id, row.secret.expose()]),
    l: {
      k: root.ledger.secret.expose(),
      n: root.ledger.leaves,
      r: root.ledger.records,
      f: root.ledger.frontier,
      t: root.ledger.tail ?? null,
      o: root.ledger.tailFirst,
    },
    p: root.pointKey.expose(),
    s: root.leftKey.expose(),
    k: root.slots.map(slot => ({ i: slot.id, h: slot.hash, p: slot.publicKey, l: slot.label, a: slot.added })),
    t: root.lastSeen,
    e: root.verified,
    d: root.purged,
    w: root.marks,
    q: root.quiet.length > 0 ? root.quiet : undefined,
  })
  const key = ringRootKey(rootKey, epoch, secret)
  const sealed = seal(key, plain, header, randomness)
  key.wipe()
  plain.fill(0)
  return sealed
}

/**
 * @throws VaultError `KEY_CHANGED` when it doesn't open with this root key and epoch secret: the caller knows whether
 * that means a slot was changed elsewhere or a row was tampered with. `FORMAT_TOO_NEW` for a later version.
 */
export function openRingRoot(
  sealed: Uint8Array,
  rootKey: Secret<'root-key'>,
  epoch: number,
  secret: Secret<'epoch'>,
  header: Uint8Array,
): RingRoot {
  const key = ringRootKey(rootKey, epoch, secret)
  let plain: Uint8Array
  try {
    plain = openSealed(key, sealed, header)
  } catch (cause) {
    throw new VaultError('KEY_CHANGED', { cause })
  } finally {
    key.wipe()
  }
  return readAs('root', () => ringRootFrom(decodeRecord(plain)))
}

/** A later version first of all; then the shape, since whoever had the keys can have written anything. */
function ringRootFrom(map: unknown): RingRoot {
  if (v.is(VERSIONED, map) && map.v !== 1) throw new VaultError('FORMAT_TOO_NEW')
  if (!v.is(SHAPE, map)) throw new RangeError('ring root malformed')
  decodeFrontier(map.l.f)
  return {
    chunks: decodeChunkList(map.c),
    undated: map.u.map(([kind, id, bytes]) => ({
      kind,
      id,
      secret: Secret.of<'row'>(bytes),
    })),
    ledger: {
      secret: Secret.of<'ledger'>(map.l.k),
      leaves: map.l.n,
      records: map.l.r,
      frontier: map.l.f,
      tail: map.l.t ?? undefined,
      tailFirst: map.l.o,
    },
    pointKey: Secret.of<'points'>(map.p),
    leftKey: Secret.of<'left'>(map.s),
    slots: map.k.map(slot => ({
      id: slot.i,
      hash: slot.h,
      publicKey: slot.p,
      label: slot.l,
      added: slot.a,
    })),
    lastSeen: map.t,
    verified: map.e,
    purged: map.d,
    marks: map.w,
    quiet: map.q ?? [],
  }
}

const bytesOf = (length: number) =>
  v.pipe(
    v.instance(Uint8Array),
    v.check(bytes => bytes.length === length),
  )
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const instant = v.custom<number>(isInstant)
const id = bytesOf(ROW_ID_BYTES)
const secret = bytesOf(32)

const VERSIONED = v.object({ v: v.number() })
const SHAPE = v.object({
  v: v.literal(1),
  c: v.instance(Uint8Array),
  u: v.array(v.tuple([v.picklist(UNDATED_KINDS), id, secret])),
  l: v.object({ k: secret, n: count, r: count, f: v.instance(Uint8Array), t: v.nullable(id), o: count }),
  p: secret,
  s: secret,
  k: v.array(v.object({ i: id, h: secret, p: bytesOf(PUBLIC_KEY_BYTES), l: v.string(), a: instant })),
  t: instant,
  e: count,
  d: count,
  w: v.array(v.tuple([count, count])),
  q: v.optional(v.array(v.tuple([count, count]))),
})
