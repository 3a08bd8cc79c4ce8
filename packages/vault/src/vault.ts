/**
 * Creating and opening a vault, and the two things that can be done with a locked one: asking whether it is there, and
 * forgetting what has expired. Those two stand here with all they need; what only an open vault needs is loaded when
 * one is opened (docs/decisions/0025).
 */
import { type Randomness, ready, systemRandomness, type Unlock } from '@amanat/crypto'
import type { Store } from '@amanat/store-contract'
import { checkedActor, checkedLabel } from './actor'
import type { Restored, RestoreOptions } from './backup/restore'
import { guarded, unlessTaken } from './commit/cell'
import { again } from './commit/overtaken'
import { decodeRoot, isPlaceholder } from './commit/root'
import { observeFrom, settleStore } from './commit/settle-store'
import { noteTime, stepCell } from './commit/step-cell'
import { dropPassed } from './commit/tick'
import { fromStore } from './commit/translate'
import type { Formats } from './door/format'
import { VaultError } from './errors'
import { checkedStore, soundClock, soundRandomness } from './injected'
import { parsePolicy } from './policy/define'
import type { Policy } from './policy/policy'
import type { Vault } from './public'
import { durationMs, formatInstant } from './time/calendar'
import { dayOf } from './time/day'
import { type Clock, systemClock } from './time/now'

export interface VaultOptions<P extends Policy> {
  readonly store: Store
  readonly unlock: Unlock
  /** The policy that rules the vault. Opening with another one than it has is `POLICY_DIFFERS`. */
  readonly policy: P
  /** Who acts: an id of yours, such as `staff:leila`. It stands in the ledger. */
  readonly actor: string
  /** By the name that exports ask for; a function loads its format when it is first asked for. */
  readonly formats?: Formats
  /** Locks an idle vault: ISO 8601 duration, such as `PT10M`. */
  readonly lockAfter?: string
  readonly clock?: Clock
  readonly randomness?: Randomness
}

export interface CreateOptions<P extends Policy> extends VaultOptions<P> {
  /** Names the first way of unlocking; default `first`. */
  readonly slotLabel?: string
}

const FIRST_SLOT = 'first'
/** The most that a locked vault believes: a wrong clock must not erase it (R16). */
const MAX_LOCKED_JUMP_DAYS = 30
const DAY_MS = 86_400_000

/** @throws VaultError `VAULT_EXISTS`, `POLICY_INVALID`, `NO_SPACE`, `BUSY`, `UNSUPPORTED` */
export async function createVault<const P extends Policy>(options: CreateOptions<P>): Promise<Vault<P>> {
  const policy = parsePolicy(options.policy)
  checkOptions(options)
  const label = checkedLabel(options.slotLabel ?? FIRST_SLOT)
  const { create } = await import('./opening')
  return (await create(options, policy, label)) as unknown as Vault<P>
}

/**
 * @throws VaultError `VAULT_MISSING`, `CANNOT_UNLOCK`, `POLICY_DIFFERS`, `CELL_MISSING`, `CELL_STALE`, `CORRUPT`, `FORMAT_TOO_NEW`, `BUSY`
 */
export async function openVault<const P extends Policy>(options: VaultOptions<P>): Promise<Vault<P>> {
  const policy = parsePolicy(options.policy)
  checkOptions(options)
  const { open } = await import('./opening')
  return (await open(options, policy)) as unknown as Vault<P>
}

/** Opens a vault with the policy it has, for code that serves any policy: a command line, a migration. */
export async function openAnyVault(options: Omit<VaultOptions<Policy>, 'policy'>): Promise<Vault<Policy>> {
  checkOptions(options)
  const { open } = await import('./opening')
  return open(options)
}

function checkOptions({ store, actor, lockAfter }: Pick<VaultOptions<Policy>, 'store' | 'actor' | 'lockAfter'>): void {
  checkedStore(store)
  checkedActor(actor)
  if (lockAfter !== undefined) durationMs(lockAfter)
}

/** Whether there is a vault in this store. Needs no key. */
export async function vaultExists(store: Store): Promise<boolean> {
  checkedStore(store)
  try {
    await store.open()
    const root = await store.root()
    return root !== undefined && !isPlaceholder(root.bytes)
  } catch (error) {
    throw fromStore(error)
  }
}

/**
 * Puts a vault in a store from a backup: see {@link RestoreOptions}. The vault is left locked.
 *
 * @throws VaultError `NOT_A_BACKUP`, `CANNOT_UNLOCK`, `BACKUP_DAMAGED`, `BACKUP_FOREIGN`, `BACKUP_OLDER`, `FORMAT_TOO_NEW`, `CLOCK_JUMPED`,
 * `NO_SPACE`, `BUSY`, `IO`: then what stood in the store still stands. `UNKNOWN_RESULT`: it stands, or the new one does.
 */
export async function restoreVault(options: RestoreOptions): Promise<Restored> {
  checkedStore(options.store)
  const actor = checkedActor(options.actor)
  const slotLabel = checkedLabel(options.slotLabel ?? FIRST_SLOT)
  const { restore } = await import('./backup/restore')
  const { clock = systemClock, randomness = systemRandomness } = options
  return restore({ ...options, actor, slotLabel, clock: soundClock(clock), randomness: soundRandomness(randomness) })
}

export interface Dropped {
  /** The day from which on nothing older can be read. */
  readonly tick: string
  /** Rows that were dropped from the store. */
  readonly rows: number
}

/**
 * Forgets what has expired, without a key: for a cron job, and for any open page of an app. What lay in days that have
 * passed can't be opened afterwards, by anybody.
 *
 * @throws VaultError `VAULT_MISSING`, `CELL_MISSING`, `CELL_STALE`, `BUSY`; `CLOCK_JUMPED` when the clock moved more than
 * 30 days since the vault was last seen: nothing is destroyed then
 */
export async function dropExpired(
  store: Store,
  {
    clock: given = systemClock,
    randomness: drawn = systemRandomness,
  }: { readonly clock?: Clock; readonly randomness?: Randomness } = {},
): Promise<Dropped> {
  checkedStore(store)
  const clock = soundClock(given)
  const randomness = soundRandomness(drawn)
  await ready()
  try {
    await store.open()
    const tick = await store.exclusive(lost =>
      unlessTaken(lost, async () => {
        const cell = guarded(store.cell, lost)
        const { settled, root } = await again(async () => {
          const root = await store.root()
          if (!root) throw new VaultError('VAULT_MISSING')
          return await settleStore(store, cell, root, randomness, clock, MAX_LOCKED_JUMP_DAYS)
        })
        const { vaultId } = decodeRoot(root.bytes)
        const { lastSeen, maxJumpDays, tick } = settled.record
        const { now, jumped } = observeFrom(settled.record, clock, MAX_LOCKED_JUMP_DAYS)
        if (jumped) {
          const seen = { lastSeen: formatInstant(lastSeen), clock: formatInstant(now) }
          throw new VaultError('CLOCK_JUMPED', { data: seen })
        }
        if (dayOf(now) <= tick) {
          await noteTime(cell, vaultId, settled, now, maxJumpDays, randomness)
          return tick
        }
        return (await stepCell(store, cell, vaultId, settled, dayOf(now), now, randomness)).record.tick
      }),
    )
    const rows = await dropPassed(store, tick)
    return { tick: new Date(tick * DAY_MS).toISOString().slice(0, 10), rows }
  } catch (error) {
    throw fromStore(error)
  }
}
