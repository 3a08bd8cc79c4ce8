/** A process that makes, opens, uses or destroys a vault on disk as it is told, until it is killed. */
import { disk } from '@amanat/store-disk'
import { createVault, openVault, passphrase, type Unlock } from '@amanat/vault'
import { fakeClock, testKey } from '@amanat/vault/testing'
import type { Operation } from './acknowledged'
import { act, formats, type Said } from './act'
import { instantOf, policyOf } from './people'
import { hear, say as speak } from './speak'
import { type Step, withSteps } from './steps'

export interface Order {
  readonly what: 'create' | 'use' | 'destroy'
  readonly folder: string
  readonly narrowed: boolean
  readonly day: number
  /** Which unlocking it is opened with. */
  readonly slot: number
  readonly words: boolean
  readonly ids: readonly (readonly [key: string, id: string])[]
  readonly steps: readonly (readonly Operation[])[]
  /** Operations are numbered from here on. */
  readonly first: number
  /** Kills itself at so many calls of the store, before or after the call; never, if absent. */
  readonly killAt?: number
  readonly thenLock?: boolean
}

/** A key that costs nothing, or words that cost what they cost everybody. */
export const unlockOf = (words: boolean, slot: number): Unlock =>
  words ? passphrase(`seven tired otters carry lanterns home ${slot}`) : testKey(slot)

const say = (said: Said) => speak(said)

async function carryOut(order: Order): Promise<void> {
  const clock = fakeClock(new Date(instantOf(order.day)).toISOString())
  let steps = 0
  const at = (_: Step) => {
    if (steps++ === order.killAt) process.kill(process.pid, 'SIGKILL')
  }
  const store = withSteps(disk(order.folder), at)
  const policy = policyOf(order.narrowed)
  const options = { store, unlock: unlockOf(order.words, order.slot), policy, actor: 'staff:leila', formats, clock }
  if (order.what === 'create') {
    await createVault(options)
    say({ say: 'open' })
    return
  }
  const vault = await openVault(options)
  say({ say: 'open' })
  if (order.what === 'destroy') {
    await vault.destroy()
    say({ say: 'all-done' })
    return
  }
  const ids = new Map(order.ids)
  const actor = {
    vault,
    ids,
    clock,
    store: () => withSteps(disk(order.folder), at),
    unlockOf: (slot: number) => unlockOf(order.words, slot),
    say,
  }
  await act(actor, order.steps, order.first)
  if (order.thenLock) await vault.lock()
  say({ say: 'all-done' })
}

hear<Order>(carryOut)
say({ say: 'ready' })
