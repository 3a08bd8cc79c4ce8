/** From its options to an open vault. Loaded when the first one is opened: a locked page needs none of it. */
import { systemRandomness } from '@amanat/crypto'
import { makeVault, type Unlocked, unlockVault } from './commit/open'
import { meteredEntries } from './commit/read-ledger'
import { MARKED_DAYS } from './commit/seal-draft'
import { fromStore } from './commit/translate'
import { longestOf, Meter } from './door/meter'
import { VaultError } from './errors'
import { soundClock, soundRandomness } from './injected'
import type { AnyEntry } from './ledger/entry'
import { OpenVault, type Shared } from './open-vault'
import { isSamePolicy } from './policy/canonical'
import { effectivePolicy } from './policy/effective'
import { maxJumpOf } from './policy/loosen'
import type { Policy } from './policy/policy'
import { Session } from './session'
import { dayOf } from './time/day'
import { systemClock } from './time/now'
import type { VaultOptions } from './vault'

/** Checked by whoever calls. */
type Opening = Omit<VaultOptions<Policy>, 'policy'>

/** Makes the vault and opens it. */
export async function create(opening: Opening, policy: Policy, label: string): Promise<OpenVault> {
  const meter = new Meter()
  try {
    const made = await makeVault({
      ...surroundings(opening, meter),
      label,
      record: { policy },
      maxJump: maxJumpOf(policy),
      actor: opening.actor,
    })
    return sessionOf(made, opening, meter).vault
  } catch (error) {
    throw fromStore(error)
  }
}

/** @param policy that it must have; none: whichever it has */
export async function open(opening: Opening, policy?: Policy): Promise<OpenVault> {
  const meter = new Meter()
  try {
    const unlocked = await unlockVault({
      ...surroundings(opening, meter),
      check: ({ policyRecord }) => policy && checkSame(policyRecord.policy, policy),
      maxJumpOf: (held, now) => maxJumpOf(effectivePolicy(held.policyRecord, now)),
    })
    const { opened, time } = unlocked
    const seen = time.believed()
    const oldest = seen - longestOf(effectivePolicy(opened.policyRecord, seen))
    const mark = opened.root.marks.find(([day]) => day >= dayOf(oldest) || day <= dayOf(seen) - MARKED_DAYS)
    await opened.unlessLost(async () => {
      for await (const entry of meteredEntries(opened, opened.root, mark?.[1] ?? 0)) {
        if (entry.at > oldest) meter.hear([entry])
      }
    })
    const { session, vault } = sessionOf(unlocked, opening, meter)
    try {
      if (!time.jumped) {
        // What expired meanwhile has gone already; the ledger is told before the first answer.
        await session.purge()
        if (opened.policyRecord.pending) await vault.narrow()
      }
    } catch (error) {
      await session.abandon()
      throw error
    }
    return vault
  } catch (error) {
    throw fromStore(error)
  }
}

const surroundings = (
  { store, unlock, clock = systemClock, randomness = systemRandomness }: Opening,
  meter: Meter,
) => ({
  store,
  unlock,
  clock: soundClock(clock),
  randomness: soundRandomness(randomness),
  onEntries: (entries: readonly AnyEntry[]) => meter.hear(entries),
})

function sessionOf({ opened, time }: Unlocked, { formats = {}, actor, lockAfter }: Opening, meter: Meter) {
  const session = new Session(opened, time, lockAfter, meter)
  const shared: Shared = { session, formats, actors: new Map(), people: new Map() }
  session.subscribe(({ type }) => {
    if (type === 'locked') for (const people of shared.people.values()) people.forget()
  })
  const vault = new OpenVault(shared, actor)
  shared.actors.set(actor, vault)
  return { session, vault }
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
