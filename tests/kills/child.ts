/** A process that makes, opens, uses or destroys a vault on disk as it is told, until it is killed. */
import { appendFileSync } from 'node:fs'
import { disk } from '@amanat/store-disk'
import { createVault, openVault } from '@amanat/vault'
import { fakeClock } from '@amanat/vault/testing'
import { act, formats, type Said } from './act'
import { batchLine, type Order, unlockOf } from './order'
import { instantOf, policyOf } from './people'
import { hear, say as speak } from './speak'
import { keepingOldCells, type Step, withBatches, withSteps } from './steps'

const say = (said: Said) => speak(said)

async function carryOut(order: Order): Promise<void> {
  const clock = fakeClock(new Date(instantOf(order.day)).toISOString())
  let steps = 0
  const at = (_: Step) => {
    if (steps++ === order.killAt) process.kill(process.pid, 'SIGKILL')
  }
  const onDisk = () => {
    const store = disk(order.folder)
    const kept = withBatches(store, ({ root, put }) => {
      if (order.batches) appendFileSync(order.batches, batchLine(root, put))
    })
    return withSteps(order.broken === 'keeps-old-cells' ? keepingOldCells(kept) : kept, at)
  }
  const store = onDisk()
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
    store: onDisk,
    unlockOf: (slot: number) => unlockOf(order.words, slot),
    say,
    early: order.broken === 'acknowledges-early',
  }
  await act(actor, order.steps, order.first)
  if (order.thenLock) await vault.lock()
  say({ say: 'all-done' })
}

hear<Order>(carryOut)
say({ say: 'ready' })
