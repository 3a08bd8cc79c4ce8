/** The guard taken out: people are handed over while it is still being written down. */
import { expect, test, vi } from 'vitest'
import { found, REPLAYED } from './seeds'

vi.mock('../../packages/vault/src/door/deliver', async original => {
  const real = await original<typeof import('../../packages/vault/src/door/deliver')>()
  const deliver: typeof real.deliver = (session, people, asked, actor) => {
    let waits = asked.resume === undefined
    const commit: typeof session.commit = operation => {
      if (waits) {
        waits = false
        return session.commit(operation)
      }
      // Answered once it is planned.
      return new Promise((resolve, reject) => {
        const plan: typeof operation.plan = async draft => {
          const value = await operation.plan(draft)
          resolve(value)
          return value
        }
        session.commit({ ...operation, plan }).catch(reject)
      })
    }
    const hasty = new Proxy(session, {
      get: (target, name) => {
        if (name === 'commit') return commit
        const value = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    return real.deliver(hasty, people, asked, actor)
  }
  return { ...real, deliver }
})

test.skipIf(REPLAYED !== undefined)(
  'the simulation finds a vault that hands people over before that is on the record',
  async () => {
    expect((await found())?.says).toMatch(/the ledger/)
  },
  600_000,
)
