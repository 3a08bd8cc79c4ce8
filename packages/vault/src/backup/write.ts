/**
 * Making a backup: everything that can be read now, as plain slices sealed under a key of the backup's own. Whoever opens the
 * vault opens the backup: the key is wrapped for each of its slots, whose owners needn't be there.
 *
 * Others may go on committing meanwhile. Pages are taken as they are found; what replaced them is taken too, until all
 * that the newest root lists has been taken; then the end says which of them count. So a backup is the vault as of one
 * version, however long it took.
 */
import { rewrapSlot, Secret } from '@amanat/crypto'
import { concat, hex, utf8 } from '../bytes'
import { blobsOf, openPiece } from '../commit/blobs'
import type { Opened } from '../commit/opened'
import { Overtaken } from '../commit/overtaken'
import { ledgerRecords, ledgerRows } from '../commit/read-ledger'
import type { LedgerPlace, RingRoot, UndatedKind } from '../commit/ring-root'
import { openRow } from '../commit/rows'
import type { BlobRef } from '../consent/consent'
import { readSliceRecord } from '../contact/slice'
import { VaultError } from '../errors'
import { hexId } from '../hex-id'
import { leafHash } from '../ledger/tree'
import { decodePage } from '../pages/page'
import type { RingEntry } from '../pages/ring'
import type { Session } from '../session'
import { streamOf } from '../stream'
import { slotRows } from '../verbs/slots'
import { type BackupEnd, encodeFrame, type Frame } from './frames'
import { sealPieces } from './pieces'

export interface Backup {
  /** Stands in the ledger, and in the ledger of whatever is restored from it. */
  readonly id: string
  /** Sealed; reads nothing before it is read. Cancelling or a failure leaves a file that `restoreVault` refuses. */
  readonly file: ReadableStream<Uint8Array>
}

const ROWS_AT_ONCE = 16
/** How much of a document is read at once, in pieces. */
const PIECES_AT_ONCE = 16
const DEAD_AT_ONCE = 3_000
const LEDGER_ROWS_AT_ONCE = 16

export async function startBackup(session: Session, actor: string): Promise<Backup> {
  session.mustBeOpen()
  const { randomness } = session.opened
  const id = randomness(16).slice()
  const key = Secret.random<'root-key'>(randomness)
  const slots = await session.commit({
    plan: async draft => {
      draft.note({ type: 'backup-started', actor, backup: id })
      return (await slotRows(draft)).map(({ listed, bytes }) =>
        rewrapSlot({ slot: bytes, publicKey: listed.publicKey, vaultId: id, rootKey: key, randomness }),
      )
    },
  })
  async function* bytes(): AsyncGenerator<Uint8Array, void, void> {
    try {
      yield* sealPieces({ id, slots }, key, encoded(framesOf(session)), randomness)
    } finally {
      key.wipe()
    }
  }
  return { id: hexId(id), file: streamOf(bytes()) }
}

async function* encoded(frames: AsyncIterable<Frame>): AsyncGenerator<Uint8Array, void, void> {
  for await (const frame of frames) yield encodeFrame(frame)
}

async function* framesOf(session: Session): AsyncGenerator<Frame, void, void> {
  const taken = new Set<string>()
  const documents = new Set<string>()
  let damaged = 0
  yield await session.read(async ({ opened }): Promise<Frame> => {
    // A jump of the clock that nobody has confirmed has not been seen, and whoever restores this would go on from there (R16).
    const at = Math.max(session.time.lastSeen, opened.root.lastSeen)
    return ['begin', { v: 1, vault: opened.vaultId, first: await firstLeaf(opened), at }]
  })
  for (;;) {
    const { rows, rest } = await session.read(({ opened }) => nextLot(opened, taken))
    for (const { key, frame, blobs } of rows) {
      for (const blob of blobs) {
        const name = hex(blob.pieces[0] as Uint8Array)
        if (documents.has(name)) continue
        documents.add(name)
        for await (const piece of piecesOf(session, blob)) {
          if (piece === 'damaged') damaged++
          else yield piece
        }
      }
      taken.add(key)
      if (frame) yield frame
      else damaged++
    }
    if (rest) return yield* restFrames(session, rest, taken, damaged + rest.damaged)
  }
}

interface Lot {
  /** Without a frame: it doesn't open. */
  readonly rows: readonly { readonly key: string; readonly frame?: Frame; readonly blobs: readonly BlobRef[] }[]
  /** Once everything has been taken: the vault as of the version that this was found at. */
  readonly rest?: Rest
}

async function nextLot(opened: Opened, taken: ReadonlySet<string>): Promise<Lot> {
  // This vault's own commits move it on while rows are read.
  const { version, days } = opened
  const some: RingEntry[] = []
  for (const entry of opened.ring.entries()) {
    if (entry.bucket < opened.days.tick || taken.has(hex(entry.id))) continue
    if (some.push(entry) === ROWS_AT_ONCE) break
  }
  if (some.length === 0) return { rows: [], rest: restOf(opened) }
  const ids = some.map(({ id }) => id)
  const [pages, heads, exports] = [
    await opened.store.read('pages', ids),
    await opened.store.read('heads', ids),
    await opened.store.read('exports', ids),
  ]
  const rows: { key: string; frame?: Frame; blobs: readonly BlobRef[] }[] = []
  for (const [i, { table, id, bucket, secret }] of some.entries()) {
    const open = (from: 'pages' | 'heads' | 'exports', sealed: Uint8Array | undefined) =>
      openRow(opened.rows.place(from, id, bucket), secret, opened.days, sealed ?? new Uint8Array())
    const key = hex(id)
    try {
      if (table === 'exports') {
        rows.push({ key, frame: ['export', id, bucket, open('exports', exports[i])], blobs: [] })
      } else {
        const page = open('pages', pages[i])
        rows.push({ key, frame: ['page', id, bucket, page, open('heads', heads[i])], blobs: blobsIn(page) })
      }
    } catch {
      // Replaced meanwhile, or damaged: only then is it listed by a root that has not changed.
      if (opened.days !== days) throw new Overtaken()
      const why = await opened.rows.gone(table, version)
      if (why instanceof Overtaken) throw why
      rows.push({ key, blobs: [] })
    }
  }
  return { rows }
}

const PIECES_KEY = utf8('pieces')

/** A page that doesn't even hold the word has no documents, and isn't decoded for it. */
function blobsIn(page: Uint8Array): BlobRef[] {
  if (!holds(page, PIECES_KEY)) return []
  return decodePage(page).flatMap(record => blobsOf(readSliceRecord(record.slice())))
}

function holds(bytes: Uint8Array, word: Uint8Array): boolean {
  for (let at = bytes.indexOf(word[0] as number); at >= 0; at = bytes.indexOf(word[0] as number, at + 1)) {
    if (word.every((byte, i) => bytes[at + i] === byte)) return true
  }
  return false
}

/** A document that went meanwhile is named by no page that counts. */
async function* piecesOf(session: Session, blob: BlobRef): AsyncGenerator<Frame | 'damaged', void, void> {
  const [name] = blob.pieces as [Uint8Array]
  for (let at = 0; at < blob.pieces.length; at += PIECES_AT_ONCE) {
    const ids = blob.pieces.slice(at, at + PIECES_AT_ONCE)
    const lot = await session.read(async ({ opened }) => {
      const { version } = opened
      if (blob.bucket < opened.days.tick) return []
      const sealed = await opened.store.read('blobs', ids)
      const gone = sealed.includes(undefined) && (await opened.rows.gone('blobs', version)) instanceof Overtaken
      // Its day may have passed meanwhile: then nobody can open it, and nothing is damaged.
      if (blob.bucket < opened.days.tick) return []
      return sealed.map((bytes, i): Frame | 'damaged' | undefined => {
        if (!bytes && gone) return undefined
        const plain = bytes && openPiece(opened, blob, at + i, bytes)
        return plain ? ['piece', name, at + i, blob.bucket, plain] : 'damaged'
      })
    })
    for (const piece of lot) if (piece) yield piece
  }
}

/** What the end of a backup says of the vault, as of one version. */
interface Rest {
  readonly live: ReadonlySet<string>
  readonly undated: readonly (readonly [UndatedKind, Uint8Array])[]
  /** Undated rows that don't open. */
  readonly damaged: number
  readonly tail: Uint8Array | undefined
  readonly ring: RingRoot
  readonly epoch: number
}

/** @throws VaultError `CORRUPT` when it isn't known who left: a vault restored without that would let them be brought back */
function restOf(opened: Opened): Rest {
  if (opened.undated.some(({ kind, damaged }) => damaged && (kind === 'left' || kind === 'quarantined'))) {
    throw new VaultError('CORRUPT', { data: { row: 'undated' } })
  }
  const { ring, days, root, epoch, tail } = opened
  const live = [...ring.entries()].filter(({ bucket }) => bucket >= days.tick)
  return {
    live: new Set(live.map(({ id }) => hex(id))),
    undated: opened.undated.filter(row => !row.damaged).map(({ kind, plain }) => [kind, plain]),
    damaged: opened.undated.filter(row => row.damaged).length,
    tail: tail?.slice(),
    ring: root,
    epoch,
  }
}

async function* restFrames(
  session: Session,
  { live, undated, tail, ring, epoch }: Rest,
  taken: ReadonlySet<string>,
  damaged: number,
): AsyncGenerator<Frame, void, void> {
  const dead = [...taken].filter(key => !live.has(key)).map(bytesOf)
  for (let at = 0; at < dead.length; at += DEAD_AT_ONCE) yield ['dead', concat(...dead.slice(at, at + DEAD_AT_ONCE))]
  for (const [kind, plain] of undated) yield ['undated', kind, plain]
  yield* closedRows(session, ring.ledger)
  if (tail) yield ['ledger', ring.ledger.tailFirst, tail]
  else if (ring.ledger.tail) throw new VaultError('CORRUPT', { data: { row: 'ledger' } })
  session.mustBeOpen()
  const end: BackupEnd = {
    epoch,
    leaves: ring.ledger.leaves,
    records: ring.ledger.records,
    frontier: ring.ledger.frontier,
    points: ring.pointKey.expose(),
    left: ring.leftKey.expose(),
    seen: ring.lastSeen,
    marks: ring.marks,
    damaged,
  }
  yield ['end', end]
}

/** The ledger's rows before its open one are never written again. @throws VaultError `CORRUPT` when one is missing */
async function* closedRows(session: Session, { tailFirst }: LedgerPlace): AsyncGenerator<Frame, void, void> {
  let next = 0
  while (next < tailFirst) {
    const lot = await session.read(({ opened }) => ledgerRows(opened, next, tailFirst, LEDGER_ROWS_AT_ONCE))
    if (lot.length === 0) throw new VaultError('CORRUPT', { data: { row: 'ledger' } })
    for (const { first, plain, records } of lot) {
      yield ['ledger', first, plain]
      next = first + records
    }
  }
}

/** By which vaults of one line know each other. */
export async function firstLeaf(opened: Opened): Promise<Uint8Array> {
  for await (const { kind, bytes } of ledgerRecords(opened, opened.root)) if (kind === 0) return leafHash(bytes)
  throw new VaultError('CORRUPT', { data: { row: 'ledger' } })
}

const bytesOf = (key: string): Uint8Array =>
  Uint8Array.from({ length: key.length / 2 }, (_, i) => Number.parseInt(key.slice(2 * i, 2 * i + 2), 16))
