/** Making a vault, and opening one: from a store and a way to unlock it to what an open vault holds in memory. */
import { createSlot, openAnySlot, type Randomness, ready, Secret, type Unlock } from '@amanat/crypto'
import type { Store, Version } from '@amanat/store-contract'
import { sameBytes } from '../bytes'
import { VaultError } from '../errors'
import type { AnyEntry } from '../ledger/entry'
import { emptyFrontier, encodeFrontier } from '../ledger/tree'
import { newNotices, type PolicyRecord, policyHash } from '../policy/record'
import { addDuration } from '../time/calendar'
import { dayOf } from '../time/day'
import { type Clock, VaultTime } from '../time/now'
import { createCell, guarded, unlessTaken } from './cell'
import { Draft } from './draft'
import { Opened } from './opened'
import { decodeRoot, isPlaceholder } from './root'
import { newRowId } from './rows'
import { cutDraft, sealDraft, slotHash } from './seal-draft'
import { noteTime } from './step-cell'
import { dropPassed, stepSettled } from './tick'
import { fromStore } from './translate'

export interface Unlocked {
  readonly opened: Opened
  readonly time: VaultTime
}

const DAY_MS = 86_400_000
const VAULT_ID_BYTES = 16

/** The policy's `maxJump` in days, for the cell, where no policy can be read. */
export const maxJumpDays = (maxJump: string, now: number): number =>
  Math.ceil((addDuration(now, maxJump) - now) / DAY_MS)

/** @throws VaultError `VAULT_EXISTS` */
export async function makeVault(o: {
  store: Store
  unlock: Unlock
  label: string
  record: PolicyRecord
  maxJump: string
  actor: string
  clock: Clock
  randomness: Randomness
  onEntries: (entries: readonly AnyEntry[]) => void
}): Promise<Unlocked> {
  const { store, randomness } = o
  await ready()
  await store.open()
  await noVault(store)
  const vaultId = randomness(VAULT_ID_BYTES).slice()
  const rootKey = Secret.random<'root-key'>(randomness)
  const { slot, publicKey } = await createSlot({ vaultId, rootKey, unlock: o.unlock, randomness })
  const now = o.clock.now()
  // Days are counted from 1970, and a cell made before could never be read again. Later such a clock is one set back.
  if (now < 0) throw new VaultError('UNSUPPORTED', { data: { what: 'a clock that tells the time' } })
  const opened = new Opened(store, vaultId, rootKey, randomness, o.clock, o.onEntries)
  return store.exclusive(async lost => {
    const expect = await noVault(store)
    const record = {
      epoch: 1,
      secret: Secret.random<'epoch'>(randomness),
      tick: dayOf(now),
      ratchet: Secret.random<'ratchet'>(randomness),
      lastSeen: now,
      maxJumpDays: maxJumpDays(o.maxJump, now),
      seq: 1,
    }
    const settled = await unlessTaken(lost, () => createCell(guarded(store.cell, lost), vaultId, record, randomness))
    opened.useCell(settled.record)
    opened.ringRoot = {
      chunks: [],
      undated: [],
      ledger: {
        secret: Secret.random<'ledger'>(randomness),
        leaves: 0,
        records: 0,
        frontier: encodeFrontier(emptyFrontier()),
        tail: undefined,
        tailFirst: 0,
      },
      pointKey: Secret.random<'points'>(randomness),
      leftKey: Secret.random<'left'>(randomness),
      slots: [],
      lastSeen: now,
      verified: 1,
      purged: dayOf(now),
      marks: [],
      quiet: [],
    }
    opened.record = o.record
    opened.verifiedEpoch = 1
    const draft = new Draft(opened, now)
    draft.setRecord(o.record)
    for (const purpose of Object.keys(o.record.policy.purposes)) draft.catalogue.purpose(purpose)
    draft.catalogue.touch()
    for (const plain of newNotices(o.record.policy)) draft.undated.push({ kind: 'notice', plain, replace: false })
    const id = newRowId(randomness)
    draft.slotChange = {
      rootKey,
      slots: [{ id, hash: slotHash(slot), publicKey, label: o.label, added: now }],
      put: [{ id, bytes: slot }],
      drop: [],
    }
    draft.note({ type: 'vault-created', actor: o.actor, vault: vaultId, policy: policyHash(o.record.policy) })
    const { epoch, secret } = settled.record
    const prepared = await sealDraft(opened, draft, cutDraft(draft), { epoch, secret })
    if (lost.aborted) throw new VaultError('BUSY')
    const result = await store.commit({ ...prepared.batch, expect })
    if (result === 'conflict') throw new VaultError('VAULT_EXISTS')
    prepared.apply((expect ?? 0) + 1)
    opened.time = new VaultTime(o.clock, now, o.maxJump)
    return { opened, time: opened.time }
  })
}

/** The version that a new vault's first commit has to expect. @throws VaultError `VAULT_EXISTS` */
export async function noVault(store: Store): Promise<Version | null> {
  const root = await store.root()
  if (root && !isPlaceholder(root.bytes)) throw new VaultError('VAULT_EXISTS')
  return root?.version ?? null
}

/**
 * @throws VaultError `VAULT_MISSING`, `CANNOT_UNLOCK`, `CELL_MISSING`, `CELL_STALE`, `CORRUPT`, `FORMAT_TOO_NEW`
 */
export async function unlockVault(o: {
  store: Store
  unlock: Unlock
  clock: Clock
  randomness: Randomness
  onEntries: (entries: readonly AnyEntry[]) => void
  maxJumpOf: (opened: Opened, now: number) => string
  /** Looks at what was opened before anything of it is changed; throws to stop. */
  check: (opened: Opened) => void
}): Promise<Unlocked> {
  const { store } = o
  await ready()
  await store.open()
  let door = await doorOf(store)
  for (let tries = 1; ; tries++) {
    try {
      return await unlockDoor(o, door)
    } catch (error) {
      // Deriving a key takes its time. Whoever took a slot away meanwhile put a new root key into all others.
      if (!(error instanceof VaultError && error.code === 'CANNOT_UNLOCK') || tries === MOST_TRIES) throw error
      const now = await doorOf(store)
      if (sameDoor(door, now)) throw error
      door = now
    }
  }
}

/** What a key is tried on. */
interface Door {
  readonly vaultId: Uint8Array
  readonly slots: readonly Uint8Array[]
}

/** Times that a key is tried, on other slots each time. */
const MOST_TRIES = 8

async function doorOf(store: Store): Promise<Door> {
  const root = await store.root()
  if (!root) throw new VaultError('VAULT_MISSING')
  const slots: Uint8Array[] = []
  for await (const row of store.scan('slots')) slots.push(row.bytes)
  return { vaultId: decodeRoot(root.bytes).vaultId, slots }
}

const sameDoor = (one: Door, other: Door): boolean =>
  sameBytes(one.vaultId, other.vaultId) &&
  one.slots.length === other.slots.length &&
  one.slots.every((bytes, i) => sameBytes(bytes, other.slots[i] as Uint8Array))

async function unlockDoor(o: Parameters<typeof unlockVault>[0], { vaultId, slots }: Door): Promise<Unlocked> {
  const { store, randomness, clock } = o
  // Never while others wait for the lock.
  const rootKey = await rootKeyFrom(slots, vaultId, o.unlock)
  const opened = new Opened(store, vaultId, rootKey, randomness, clock, o.onEntries)
  const time = await store.exclusive(async lost => {
    const settled = await unlockRoot(opened, lost)
    o.check(opened)
    const seen = Math.max(settled.record.lastSeen, opened.root.lastSeen)
    const time = new VaultTime(clock, seen, o.maxJumpOf(opened, seen))
    opened.time = time
    if (!time.jumped) {
      const now = time.forWriting()
      if (dayOf(now) > opened.days.tick) {
        await stepSettled(opened, time, settled, lost)
      } else {
        const cell = guarded(store.cell, lost)
        const jump = maxJumpDays(time.maxJump, now)
        await unlessTaken(lost, () => noteTime(cell, vaultId, settled, now, jump, randomness))
      }
    }
    opened.verifiedEpoch = opened.epoch
    return time
  })
  await dropPassed(store, opened.days.tick)
  return { opened, time }
}

/** Settled at open, so everything of the current epoch is verified; a root that doesn't open with a slot's key was tampered with. */
async function unlockRoot(opened: Opened, lost: AbortSignal) {
  try {
    return await opened.refreshSettled(lost)
  } catch (error) {
    if (error instanceof VaultError && error.code === 'KEY_CHANGED')
      throw new VaultError('CANNOT_UNLOCK', { cause: error })
    throw error
  }
}

async function rootKeyFrom(
  slots: readonly Uint8Array[],
  vaultId: Uint8Array,
  unlock: Unlock,
): Promise<Secret<'root-key'>> {
  try {
    return (await openAnySlot({ slots, vaultId, unlock })).rootKey
  } catch (error) {
    throw fromStore(error)
  }
}
