/**
 * Restoring: a backup becomes a vault of its own, sealed anew under fresh keys and with a fresh cell. What it brings lies
 * in the store unopenable until one commit puts it in the place of what stood there, by the same steps as a forgetting:
 * the new record into the free half of the cell, the commit, the old half overwritten. So whatever happens, the old
 * vault stands or the new one does; and of the old one nothing can be opened afterwards.
 *
 * Before that commit everything is applied that anybody here knows: days that have passed, who was erased, who
 * withdrew (R21). The ledger comes along whole; its next entry says where it came from.
 */
import { createSlot, isCryptoError, openAnySlot, type Randomness, ready, Secret, type Unlock } from '@amanat/crypto'
import { type Batch, isStoreError, type Store } from '@amanat/store-contract'
import { hex, sameBytes } from '../bytes'
import { type CellRecord, createCell, eraseHalf, guarded, type Settled, unlessTaken, writeNext } from '../commit/cell'
import { Draft } from '../commit/draft'
import { maxJumpDays, noVault, unlockVault } from '../commit/open'
import { Opened } from '../commit/opened'
import { Overtaken } from '../commit/overtaken'
import { advanced, DayKeys, MAX_DAYS_AHEAD } from '../commit/ratchet'
import { isPlaceholder } from '../commit/root'
import { newRowId } from '../commit/rows'
import { cutDraft, sealDraft, slotHash } from '../commit/seal-draft'
import { fromStore } from '../commit/translate'
import { phoneReader } from '../contact/points'
import { VaultError } from '../errors'
import { hexId } from '../hex-id'
import { decodeFrontier, frontierRoot } from '../ledger/tree'
import { effectivePolicy } from '../policy/effective'
import { maxJumpOf } from '../policy/loosen'
import { formatInstant } from '../time/calendar'
import { observe } from '../time/clock'
import { type Day, dayOf } from '../time/day'
import type { Clock } from '../time/now'
import { type Arrived, Arriving } from './arriving'
import { malformed, readFrames } from './frames'
import { checkedErasures, type Erasure, planGone, type Since, sinceBackup } from './gone'
import { type BackupHeader, type BackupKey, Incoming, openPieces, readHeader } from './pieces'
import { Staging } from './staging'
import { firstLeaf } from './write'

export interface RestoreOptions {
  /** Empty, or with a vault of the same line in it. */
  readonly store: Store
  /** The bytes of a backup: what `backup()` gave, or a file's. */
  readonly from: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>
  /** A way in which the vault could be unlocked when the backup was made. */
  readonly backupUnlock: Unlock
  /** The first way of unlocking the vault that comes of it; the ways it had before don't come along. */
  readonly unlock: Unlock
  /** Names that way; default `first`. */
  readonly slotLabel?: string
  readonly actor: string
  /** Who must not come back, from a list of your own: contact ids, or contact points. */
  readonly erasures?: Iterable<Erasure>
  /** Opens the vault that stands in the store; default `unlock`. What it knows of people who left is applied. */
  readonly standingUnlock?: Unlock
  /** Lets a backup take the place of a vault that knows more than it (`BACKUP_OLDER`). */
  readonly evenIfOlder?: boolean
  /** Says that the device's clock is right although it is far ahead of the backup (`CLOCK_JUMPED`). */
  readonly confirmTime?: boolean
  readonly clock?: Clock
  readonly randomness?: Randomness
}

export interface Restored {
  /** Id of the new vault. */
  readonly vault: string
  /** Id of the backup, as it stands in the ledger. */
  readonly backup: string
  /** When the backup was begun. */
  readonly made: string
  /** People who are in the vault now. */
  readonly people: number
  /** Slices whose day had passed since. */
  readonly expired: number
  /** People who had been erased or had withdrawn since, as far as is known. */
  readonly gone: number
  /** Rows that couldn't be read when the backup was made. */
  readonly damaged: number
}

/** As they were asked for, with everything that has a default. */
type Asked = RestoreOptions & Required<Pick<RestoreOptions, 'slotLabel' | 'clock' | 'randomness'>>

/** Conflicts in a row at the last commit. */
const MOST_TRIES = 64

/**
 * Leaves the vault locked: open it with `openVault` and the policy it had.
 *
 * @throws VaultError `NOT_A_BACKUP`, `CANNOT_UNLOCK`, `BACKUP_DAMAGED`, `FORMAT_TOO_NEW`, `BACKUP_FOREIGN`, `BACKUP_OLDER`, `CLOCK_JUMPED`,
 * `NO_SPACE`, `BUSY`, `IO`; what stood in the store still stands then. `UNKNOWN_RESULT`: the old vault stands or the new one does.
 */
export async function restore(o: Asked): Promise<Restored> {
  const erasures = checkedErasures(o.erasures)
  await ready()
  const incoming = new Incoming(o.from)
  const { store, clock, randomness } = o
  let standing: Opened | undefined
  let staging: Staging | undefined
  let fresh: Opened | undefined
  let key: BackupKey | undefined
  try {
    const header = await readHeader(incoming)
    key = await keyOf(header, o.backupUnlock)
    await store.open()
    standing = await openStanding(o, clock, randomness)
    staging = new Staging(store, standing?.vaultId)
    let made: NewVault | undefined
    let arriving: Arriving | undefined
    for await (const frame of readFrames(openPieces(incoming, header, key))) {
      if (!made || !arriving) {
        if (frame[0] !== 'begin') throw malformed()
        if (standing && !sameBytes(frame[1].first, await firstLeaf(standing))) throw new VaultError('BACKUP_FOREIGN')
        made = await newVault(o, clock, randomness, Math.max(frame[1].at, standing?.root.lastSeen ?? 0))
        fresh = made.fresh
        arriving = new Arriving(fresh, staging, Secret.random<'ledger'>(randomness))
      }
      await arriving.take(frame)
    }
    if (!made || !arriving) throw malformed()
    const arrived = await arriving.finish()
    const report = await takePlace({ ...made, o, clock, standing, staging, arrived, backup: header.id, erasures })
    return { ...report, backup: hexId(header.id) }
  } catch (error) {
    // Nobody takes rows from a vault that nobody has yet: what was put is not there.
    const told = error instanceof Overtaken ? new VaultError('IO', { cause: error }) : fromStore(error)
    // After an answer that never came the rows may be those of the vault that stands here now.
    if (!(told instanceof VaultError && told.code === 'UNKNOWN_RESULT')) await staging?.undo()
    throw told
  } finally {
    await incoming.close().catch(() => undefined)
    key?.wipe()
    fresh?.wipe()
    standing?.wipe()
  }
}

/** @throws VaultError `CANNOT_UNLOCK`, which says that it was the backup */
async function keyOf({ id, slots }: BackupHeader, unlock: Unlock): Promise<BackupKey> {
  try {
    return (await openAnySlot({ slots, vaultId: id, unlock })).rootKey
  } catch (error) {
    if (!isCryptoError(error) || error.code !== 'CANNOT_OPEN') throw error
    throw new VaultError('CANNOT_UNLOCK', { data: { what: 'backup' }, cause: error })
  }
}

async function openStanding(o: Asked, clock: Clock, randomness: Randomness): Promise<Opened | undefined> {
  const root = await o.store.root()
  if (!root || isPlaceholder(root.bytes)) return undefined
  const { opened } = await unlockVault({
    store: o.store,
    unlock: o.standingUnlock ?? o.unlock,
    clock,
    randomness,
    onEntries: () => undefined,
    maxJumpOf: (held, now) => maxJumpOf(effectivePolicy(held.policyRecord, now)),
    check: () => undefined,
  })
  return opened
}

interface NewVault {
  readonly fresh: Opened
  readonly slot: Uint8Array
  readonly publicKey: Uint8Array
  /** The ratchet, and the day it stands at while pages come in. */
  readonly ratchet: Secret<'ratchet'>
  readonly tick: Day
  /** What the clock said then. */
  readonly began: number
}

/** Keys of its own, days from today, and a slot; nothing in it yet. */
async function newVault(o: Asked, clock: Clock, randomness: Randomness, seen: number): Promise<NewVault> {
  const vaultId = randomness(16).slice()
  const rootKey = Secret.random<'root-key'>(randomness)
  const { slot, publicKey } = await createSlot({ vaultId, rootKey, unlock: o.unlock, randomness })
  const fresh = new Opened(o.store, vaultId, rootKey, randomness, clock, () => undefined)
  const ratchet = Secret.random<'ratchet'>(randomness)
  const began = clock.now()
  // From the day on which the backup was made at least: on a clock that is behind, its last days lie too far ahead.
  const tick = dayOf(Math.max(began, seen))
  fresh.days = new DayKeys(tick, ratchet)
  return { fresh, slot, publicKey, ratchet, tick, began }
}

interface TakePlace extends NewVault {
  readonly o: Asked
  readonly clock: Clock
  readonly standing: Opened | undefined
  readonly staging: Staging
  readonly arrived: Arrived
  readonly backup: Uint8Array
  readonly erasures: readonly Erasure[]
}

/** The one commit. Everything before it can be undone, everything after it only clears away. */
async function takePlace(the: TakePlace): Promise<Omit<Restored, 'backup'>> {
  const { o, standing, staging, arrived, fresh, erasures } = the
  const { store } = o
  const readPhone = await phoneReader()
  const slotId = newRowId(fresh.randomness)
  let known: { readonly since: Since; readonly version: number } | undefined
  const leftovers = await staging.others()

  const done = await store.exclusive(async lost => {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const settled = standing && (await standing.refreshSettled(lost))
      // Under the lock, where no day can pass for others: while we waited for it, one may have.
      const { now, jumped, lastSeen } = timeNow(the, settled)
      if (standing && known?.version !== standing.version) {
        known = { since: await sinceBackup(standing, arrived.leaves), version: standing.version }
        const { missing } = known.since
        if (missing > 0 && !o.evenIfOlder) throw new VaultError('BACKUP_OLDER', { data: { missing } })
      }
      // What `known` was read at: whatever anybody commits after that conflicts, and is looked at first.
      const { expect } = standing ? { expect: standing.version } : await staging.expected()
      const record = nextRecord(the, now, settled)
      fresh.useCell(record)
      fresh.version = expect ?? 0

      // Days that have passed while the rest was coming in.
      for (const { id, bucket } of fresh.ring.entries('pages'))
        if (bucket < record.tick) fresh.index.removePage(hex(id))
      const draft = new Draft(fresh, now)
      const gone = await planGone(draft, { standing, since: known?.since, erasures, actor: o.actor, readPhone })
      const left = [...draft.contacts.values()].filter(contact => contact === undefined).length
      const people = fresh.index.contacts() - left
      draft.forgets = standing !== undefined
      noteRestored(draft, the, people, gone)
      if (jumped) draft.note({ type: 'clock', actor: o.actor, kind: 'confirmed', from: lastSeen, to: now })
      draft.slotChange = {
        rootKey: fresh.rootKey,
        slots: [{ id: slotId, hash: slotHash(the.slot), publicKey: the.publicKey, label: o.slotLabel, added: now }],
        put: [{ id: slotId, bytes: the.slot }],
        drop: await otherSlots(store),
      }
      const { batch } = await sealDraft(fresh, draft, cutDraft(draft), { epoch: record.epoch, secret: record.secret })

      const cell = guarded(store.cell, lost)
      const written = settled && (await unlessTaken(lost, () => writeNext(cell, fresh.vaultId, settled, record)))
      if (!settled) {
        await noVault(store)
        await createCell(cell, fresh.vaultId, record, fresh.randomness)
      }
      if (lost.aborted) throw new VaultError('BUSY')
      // A root that came to nothing may lie on the disk all the same, and would open all that the old vault has forgotten since.
      const takeBack = async () => {
        if (standing && written) await eraseHalf(cell, standing.vaultId, written.half, fresh.randomness)
      }
      if (!(await committed(store, { ...batch, expect }, takeBack))) continue
      try {
        if (settled) await eraseHalf(cell, fresh.vaultId, settled.half, fresh.randomness)
      } catch (cause) {
        // The new vault stands. Whoever opens it next overwrites what is left of the old one first.
        throw new VaultError('UNKNOWN_RESULT', { cause })
      }
      return { people, gone }
    }
    throw new VaultError('BUSY')
  })
  // Rows of what stood here before, and pages that the backup itself says were replaced: nobody can open them any more.
  await new Staging(store, fresh.vaultId).drop([...leftovers, ...arrived.unused]).catch(() => undefined)
  return {
    vault: hexId(fresh.vaultId),
    made: formatInstant(arrived.begin.at),
    ...done,
    expired: arrived.expired,
    damaged: arrived.end.damaged,
  }
}

/** None of the ways in which the old vault was unlocked comes along. */
async function otherSlots(store: Store): Promise<Uint8Array[]> {
  const ids: Uint8Array[] = []
  for await (const { id } of store.scan('slots')) ids.push(id)
  return ids
}

/** @throws VaultError `CLOCK_JUMPED` */
function timeNow(
  { o, clock, standing, arrived, fresh, began }: TakePlace,
  settled: Settled | undefined,
): { now: number; jumped: boolean; lastSeen: number } {
  const seen = [arrived.begin.at, arrived.end.seen, standing?.root.lastSeen ?? 0, settled?.record.lastSeen ?? 0]
  const lastSeen = Math.max(...seen)
  // What the clock said at the beginning has been seen too: by it was left out what is over.
  const shown = Math.max(clock.now(), began)
  // No vault has seen a time that lies so far ahead of every clock.
  if (dayOf(lastSeen) - dayOf(shown) > MAX_DAYS_AHEAD) throw malformed()
  const maxJump = maxJumpOf(effectivePolicy(fresh.policyRecord, lastSeen))
  const observed = observe({ clock: shown, lastSeen, maxJump })
  if (observed.jumped && !o.confirmTime) {
    throw new VaultError('CLOCK_JUMPED', { data: { lastSeen: formatInstant(lastSeen), clock: formatInstant(shown) } })
  }
  return { ...observed, lastSeen }
}

/** The new vault's cell: epochs go on counting, everything else is its own. */
function nextRecord(
  { fresh, ratchet, tick: from, arrived }: TakePlace,
  now: number,
  settled: Settled | undefined,
): CellRecord {
  const tick = dayOf(now)
  const maxJump = maxJumpOf(effectivePolicy(fresh.policyRecord, now))
  return {
    epoch: Math.max(arrived.end.epoch, settled?.record.epoch ?? 0) + 1,
    secret: Secret.random<'epoch'>(fresh.randomness),
    tick,
    ratchet: advanced(ratchet, from, tick),
    lastSeen: now,
    maxJumpDays: maxJumpDays(maxJump, now),
    seq: (settled?.record.seq ?? 0) + 1,
  }
}

function noteRestored(draft: Draft, the: TakePlace, people: number, gone: number): void {
  const { o, arrived, standing, backup } = the
  const { begin, end, expired } = arrived
  draft.entries.unshift({
    type: 'restored',
    actor: o.actor,
    backup,
    vault: begin.vault,
    size: end.leaves,
    root: frontierRoot(decodeFrontier(end.frontier)),
    people,
    gone,
    expired,
    ...(standing && {
      replaced: standing.vaultId,
      replacedSize: standing.root.ledger.leaves,
      replacedRoot: frontierRoot(decodeFrontier(standing.root.ledger.frontier)),
    }),
  })
}

/**
 * False when somebody else was first.
 *
 * @param takeBack what must go when the batch surely isn't in
 * @throws VaultError `UNKNOWN_RESULT` when even the root doesn't say
 */
async function committed(store: Store, batch: Batch, takeBack: () => Promise<void>): Promise<boolean> {
  try {
    if ((await store.commit(batch)) === 'committed') return true
  } catch (error) {
    if (!isStoreError(error) || error.code !== 'UNKNOWN_RESULT') {
      await takeBack()
      throw error
    }
    const root = await store.root().catch(() => {
      throw error
    })
    if (root && sameBytes(root.bytes, batch.root)) return true
    if ((root?.version ?? null) !== batch.expect) throw error
  }
  await takeBack()
  return false
}
