/** A process that restores a backup into a folder as it is told, until it is killed. */
import { createReadStream } from 'node:fs'
import { disk } from '@amanat/store-disk'
import { restoreVault } from '@amanat/vault'
import { hear, say } from '../kills/speak'
import { withSteps } from '../kills/steps'
import { actor, clockAt, newKey, oldKey } from './people'

export interface Order {
  readonly folder: string
  readonly file: string
  /** Which key opens the vault that stands there. */
  readonly standing: 'old' | 'new'
  /** Kills itself at so many calls of the store, before or after the call; never, if absent. */
  readonly killAt?: number
}

export type Said =
  | { readonly say: 'ready' | 'begun' }
  | { readonly say: 'done'; readonly steps: number; readonly people: number }
  | { readonly say: 'failed'; readonly why: string }

hear<Order>(async ({ folder, file, standing, killAt }) => {
  let steps = 0
  const store = withSteps(disk(folder), () => {
    if (steps++ === killAt) process.kill(process.pid, 'SIGKILL')
  })
  say({ say: 'begun' } satisfies Said)
  const { people } = await restoreVault({
    store,
    from: createReadStream(file),
    backupUnlock: oldKey,
    unlock: newKey,
    standingUnlock: standing === 'old' ? oldKey : newKey,
    evenIfOlder: true,
    actor,
    clock: clockAt('2026-03-03T09:00:00Z'),
  })
  say({ say: 'done', steps, people } satisfies Said)
  await store.close()
})
say({ say: 'ready' } satisfies Said)
