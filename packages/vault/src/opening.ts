/** From its options to an open vault. Loaded when the first one is opened: a locked page needs none of it. */
import { type Randomness, ready, systemRandomness, type Unlock } from '@amanat/crypto'
import type { Store } from '@amanat/store-contract'
import { makeVault, unlockVault } from './commit/open'
import { meteredEntries } from './commit/read-ledger'
import { MARKED_DAYS } from './commit/seal-draft'
import { fromStore } from './commit/translate'
import type { Formats } from './door/format'
import { Meter } from './door/meter'
import { VaultError } from './errors'
import { soundClock, soundRandomness } from './injected'
import { OpenVault, type Shared } from './open-vault'
import { isSamePolicy } from './policy/canonical'
import { effectivePolicy } from './policy/effective'
import { DEFAULT_MAX_JUMP } from './policy/loosen'
import type { Policy } from './policy/policy'
import { longestWindow } from './rules/meter'
import { Session } from './session'
import { dayOf } from './time/day'
import { type Clock, systemClock } from './time/now'

/** What {@link VaultOptions} says, checked. */
export interface Opening {
  readonly store: Store
  readonly unlock: Unlock
  readonly actor: string
  readonly formats?: Formats
  readonly lockAfter?: string
  readonly clock?: Clock
  readonly randomness?: Randomness
}

const jumpOf = (policy: Policy): string => policy.maxJump ?? DEFAULT_MAX_JUMP

/** Makes the vault and opens it. */
export async function create(opening: Opening, policy: Policy, label: string): Promise<OpenVault> {
  const { store, unlock, actor, lockAfter } = opening
  await ready()
  const meter = new Meter()
  try {
    const { opened, time } = await makeVault({
      store,
      unlock,
      label,
      record: { policy },
      maxJump: jumpOf(policy),
      actor,
      ...surroundings(opening),
      onEntries: entries => meter.hear(entries),
    })
    return vaultOf(new Session(opened, time, lockAfter, meter), opening)
  } catch (error) {
    throw fromStore(error)
  }
}

/** @param policy that it must have; none: whichever it has */
export async function open(opening: Opening, policy?: Policy): Promise<OpenVault> {
  const { store, unlock, lockAfter } = opening
  await ready()
  const meter = new Meter()
  try {
    const { opened, time } = await unlockVault({
      store,
      unlock,
      ...surroundings(opening),
      onEntries: entries => meter.hear(entries),
      check: ({ policyRecord }) => policy && checkSame(policyRecord.policy, policy),
      maxJumpOf: (held, now) => jumpOf(effectivePolicy(held.policyRecord, now)),
    })
    const oldest = time.now() - longestWindow(effectivePolicy(opened.policyRecord, time.now()).bulk)
    const mark = opened.root.marks.find(([day]) => day >= dayOf(oldest) || day <= dayOf(time.now()) - MARKED_DAYS)
    await opened.unlessLost(async () => {
      for await (const entry of meteredEntries(opened, opened.root, mark?.[1] ?? 0)) {
        if (entry.at > oldest) meter.hear([entry])
      }
    })
    const session = new Session(opened, time, lockAfter, meter)
    const vault = vaultOf(session, opening)
    if (!time.jumped) {
      // What expired meanwhile has gone already; the ledger is told before the first answer.
      await session.purge()
      if (opened.policyRecord.pending) await vault.narrow()
    }
    return vault
  } catch (error) {
    throw fromStore(error)
  }
}

const surroundings = ({ clock = systemClock, randomness = systemRandomness }: Opening) => ({
  clock: soundClock(clock),
  randomness: soundRandomness(randomness),
})

function vaultOf(session: Session, { formats = {}, actor }: Opening): OpenVault {
  const shared: Shared = { session, formats, actors: new Map() }
  const vault = new OpenVault(shared, actor)
  shared.actors.set(actor, vault)
  return vault
}

/** @throws VaultError `POLICY_DIFFERS` */
function checkSame(ruling: Policy, policy: Policy): void {
  if (!isSamePolicy(ruling, policy))
    throw new VaultError('POLICY_DIFFERS', { data: { paths: differing(ruling, policy) } })
}

/** Where two policies differ, as paths: what somebody who sees `POLICY_DIFFERS` wants to know first. */
function differing(one: unknown, other: unknown, path = ''): string[] {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other ? [] : [path]
  }
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...keys].flatMap(key =>
    differing(
      (one as Record<string, unknown>)[key],
      (other as Record<string, unknown>)[key],
      path === '' ? key : `${path}.${key}`,
    ),
  )
}
