/**
 * Carries out the operations of a plan on an open vault, and tells when each begins and when its promise has resolved:
 * never before. Runs in whatever process or page is about to be killed.
 */
import { csv } from '@amanat/cards'
import { dropExpired, isVaultError, type openVault, type Store, type Unlock } from '@amanat/vault'
import type { Operation } from './acknowledged'
import { cardOf, consentTo, instantOf, newContact, type policy, policyOf } from './people'

export type KilledVault = Awaited<ReturnType<typeof openVault<typeof policy>>>

export const formats = { csv: csv() }

/** One line of what a process that may be killed says. */
export type Said =
  | { readonly say: 'begin'; readonly number: number; readonly operation: Operation }
  | { readonly say: 'row'; readonly number: number; readonly key: string; readonly id?: string }
  /** About to hand these people over: at most once for each. */
  | { readonly say: 'handing'; readonly number: number; readonly ids: readonly string[] }
  | { readonly say: 'done'; readonly number: number; readonly export?: string }
  | { readonly say: 'refused'; readonly number: number; readonly code: string }
  | { readonly say: 'ready' | 'open' | 'all-done' | 'ended' }
  | { readonly say: 'failed'; readonly why: string }

export interface Actor {
  readonly vault: KilledVault
  readonly ids: Map<string, string>
  readonly clock: { now(): number; set(instant: string): void }
  /** Another store on the same vault, for whoever has no key. */
  readonly store: () => Store
  readonly unlockOf: (slot: number) => Unlock
  readonly say: (said: Said) => void
  /** Broken on purpose: says that it is done before it is. */
  readonly early?: boolean
}

/** What the rules may answer to any of these: a refusal is an acknowledgement, too. */
const REFUSALS = ['SUPPRESSED', 'UNKNOWN_CONTACT', 'BULK_READ_REFUSED', 'EXPORT_REFUSED', 'PLAN_OUTDATED']

/** Steps follow each other; the operations of one step are begun together. */
export async function act(actor: Actor, steps: readonly (readonly Operation[])[], first = 0): Promise<void> {
  let number = first
  for (const step of steps) {
    await Promise.all(step.map(operation => one(actor, operation, number++)))
  }
}

async function one(actor: Actor, operation: Operation, number: number): Promise<void> {
  const { say } = actor
  say({ say: 'begin', number, operation })
  if (actor.early) {
    say({ say: 'done', number })
    await carryOut({ ...actor, say: () => {} }, operation, number)
    return
  }
  try {
    const exported = await carryOut(actor, operation, number)
    say({ say: 'done', number, ...(exported === undefined ? {} : { export: exported }) })
  } catch (error) {
    if (!isVaultError(error) || !REFUSALS.includes(error.code)) throw error
    say({ say: 'refused', number, code: error.code })
  }
}

async function carryOut(actor: Actor, operation: Operation, number: number): Promise<string | undefined> {
  const { vault, ids, clock, say } = actor
  const idOf = (key: string) => ids.get(key) ?? 'nobody'
  switch (operation.do) {
    case 'add': {
      const people = operation.people.map(newContact)
      const keys = operation.people.map(({ key }) => key)
      const told = (key: string, id: string | undefined) => {
        if (id !== undefined) ids.set(key, id)
        say({ say: 'row', number, key, ...(id === undefined ? {} : { id }) })
      }
      if (people.length === 1) told(keys[0] as string, (await vault.add(people[0] as never)).id)
      else await vault.addMany(people as never, { onEach: ({ index, id }) => told(keys[index] as string, id) })
      return
    }
    case 'consent':
      await vault.consent(idOf(operation.key), consentTo(operation.purpose, operation.word))
      return
    case 'change':
      await vault.change(idOf(operation.key), cardOf(operation.fields))
      return
    case 'withdraw':
      await vault.withdraw(idOf(operation.key), operation.purpose)
      return
    case 'erase':
      await vault.erase(idOf(operation.key), { suppress: false })
      return
    case 'reveal':
      await vault.for(operation.purpose).reveal(idOf(operation.key))
      return
    case 'deliver': {
      const to = async (people: readonly { id: string }[]) =>
        say({ say: 'handing', number, ids: people.map(({ id }) => id) })
      return (await vault.for(operation.purpose).deliver({ recipient: 'gateway', batch: 3, to })).id
    }
    case 'export': {
      const out = await vault.for(operation.purpose).export({ recipient: 'gateway', format: 'csv' })
      const reader = out.file.getReader()
      while (!(await reader.read()).done);
      return (await out.manifest).export
    }
    case 'narrow': {
      const next = policyOf(true)
      await vault.changePolicy(next, { accept: await vault.planPolicy(next) })
      return
    }
    case 'replace-slot': {
      const [slot] = await vault.slots.list()
      if (!slot) throw new Error('the vault has no slot')
      await vault.slots.replace(slot.id, actor.unlockOf(operation.to))
      return
    }
    case 'expire':
      clock.set(new Date(instantOf(operation.day)).toISOString())
      if (operation.by === 'purge') await vault.purge()
      else {
        const store = actor.store()
        await dropExpired(store, { clock: clock as never })
        await store.close()
      }
      return
  }
}
