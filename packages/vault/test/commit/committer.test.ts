/**
 * Committing, with operations made for it: who is told what when somebody else was first, when the store doesn't answer, and when
 * one of those asked for together fails. What stays readable afterwards is for `test/protocol` to say.
 */
import { ready } from '@amanat/crypto'
import { type Root, StoreError } from '@amanat/store-contract'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { Committer, type Operation } from '../../src/commit/commit'
import { Overtaken } from '../../src/commit/overtaken'
import { VaultError } from '../../src/errors'
import { forgetting, magics, noting, typesOf, unknown, vault } from './committing'
import { inside } from './inside'

beforeAll(() => ready())

describe('what is asked for together', () => {
  it('is committed together, and each is answered with its own', async () => {
    const { committer, steps, told, opened } = await vault()
    const version = opened.version
    const answers = ['a', 'b', 'c'].map(answer => committer.submit(noting(answer).operation))
    expect(await Promise.all(answers)).toEqual(['a', 'b', 'c'])
    expect(steps).toEqual(['commit'])
    expect(opened.version).toBe(version + 1)
    expect(typesOf(told)).toEqual(['contact-erased', 'contact-erased', 'contact-erased'])
    expect(await committer.submit(noting('d').operation)).toBe('d')
    expect(steps).toEqual(['commit', 'commit'])
  })

  it('waits while something is under way, and goes in next', async () => {
    const { committer, steps, changed } = await vault()
    let later: Promise<string>[] = []
    changed.commit = (_, really) => {
      if (later.length === 0) later = ['b', 'c'].map(answer => committer.submit(noting(answer).operation))
      return really()
    }
    expect(await committer.submit(noting('a').operation)).toBe('a')
    expect(await Promise.all(later)).toEqual(['b', 'c'])
    expect(steps).toEqual(['commit', 'commit'])
  })

  it('stands alone where one rests on what is held, before and after it', async () => {
    const { committer, steps, opened } = await vault()
    const alone = noting('alone', () => {}, { alone: true })
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(answer => noting(answer))
    const order = [a, b, alone, c, d].map(each => committer.submit((each ?? alone).operation))
    expect(await Promise.all(order)).toEqual(['a', 'b', 'alone', 'c', 'd'])
    expect(steps).toEqual(['commit', 'commit', 'commit'])
    expect(a?.planned[0]).toBe(b?.planned[0])
    expect(c?.planned[0]).toBe(d?.planned[0])
    expect(new Set([a, alone, c].map(each => each?.planned[0])).size).toBe(3)
    const two = [1, 2].map(() => committer.submit(noting('x', () => {}, { alone: true }).operation))
    await Promise.all(two)
    expect(steps).toHaveLength(5)
    expect(opened.version).toBe(6)
  })

  it('fails alone when one is refused, and leaves nothing of it', async () => {
    const { committer, told, steps } = await vault()
    const no = new VaultError('UNKNOWN_CONTACT')
    const refused = noting('never', () => {
      throw no
    })
    const results = await Promise.allSettled(
      [noting('a'), refused, noting('b')].map(each => committer.submit(each.operation)),
    )
    expect(results).toEqual([
      { status: 'fulfilled', value: 'a' },
      { status: 'rejected', reason: no },
      { status: 'fulfilled', value: 'b' },
    ])
    expect(typesOf(told)).toHaveLength(2)
    expect(steps).toEqual(['commit'])
  })

  it('commits nothing when nothing changes, by whichever way', async () => {
    const { committer, steps, opened, released } = await vault()
    const nothing = { plan: async () => 'nothing' }
    expect(await committer.submit(nothing)).toBe('nothing')
    expect(steps).toEqual([])
    expect(await committer.submit({ ...nothing, forgets: true })).toBe('nothing')
    expect(await released()).toEqual(['lock', 'unlock'])
    // What was verified meanwhile is owed to the ledger all the same.
    opened.verifiedEpoch = 2
    expect(await committer.submit(nothing)).toBe('nothing')
    expect(await released()).toEqual(['lock', 'unlock', 'commit'])
    opened.verifiedEpoch = 3
    expect(await committer.submit({ ...nothing, forgets: true })).toBe('nothing')
    expect((await released()).slice(3)).toEqual(['lock', 'commit', 'unlock'])
  })

  it('is refused once it was stopped, after what is under way', async () => {
    const { committer, changed } = await vault()
    const why = new VaultError('VAULT_LOCKED')
    const done: string[] = []
    changed.commit = async (_, really) => {
      const answer = await really()
      done.push('commit')
      return answer
    }
    const running = committer.submit(noting('a').operation)
    await committer.stop(why)
    expect(done).toEqual(['commit'])
    expect(await running).toBe('a')
    await expect(committer.submit(noting('b').operation)).rejects.toBe(why)
  })
})

it('a plain commit for which it is midnight while it waits for its turn steps on first, and the ledger is told what went', async () => {
  const { opened, commit, person, clock, time, told, TODAY } = await inside()
  await commit(draft => [draft.put(person(1, 0)), draft.put(person(2, 5))])
  clock.set('2026-03-01T23:59:59Z')
  let go = () => {}
  const gate = new Promise<void>(resolve => {
    go = resolve
  })
  const following = opened.turns.take(() => gate)
  const { operation, planned } = noting(undefined, draft => draft.put(person(3, 5)))
  const done = new Committer(opened, time).submit(operation)
  await new Promise(resolve => setTimeout(resolve, 20))
  clock.set('2026-03-02T00:00:01Z')
  go()
  await Promise.all([following, done])
  expect(told).toMatchObject([{ type: 'contact-erased' }, { type: 'purge', slices: 1 }])
  expect(planned.map(({ today }) => today - TODAY)).toEqual([1])
  expect(opened.days.tick).toBe(TODAY + 1)
})

describe('a plain commit that keeps losing', () => {
  it('takes the lock after eight times, so that those who lose are not one another’s next conflict', async () => {
    const { committer, changed, below, opened } = await vault()
    const exclusive = vi.spyOn(opened.store, 'exclusive')
    let conflicts = 7
    changed.commit = (_, really) => (conflicts-- > 0 ? Promise.resolve('conflict') : really())
    await committer.submit(noting('seven').operation)
    expect(exclusive).not.toHaveBeenCalled()
    conflicts = 8
    const before = ((await below.root()) as Root).version
    await committer.submit(noting('eight').operation)
    expect(exclusive).toHaveBeenCalledTimes(1)
    expect(opened.version).toBeGreaterThan(before)
  })
})

describe.each([
  ['a plain commit', () => noting('done'), ['commit']],
  ['a forgetting', forgetting, ['overwrite', 'commit']],
] as const)('%s that somebody else is ahead of', (_, made, steps) => {
  it('is planned again on what they left, until it is in', async () => {
    const standing = await vault()
    const { committer, changed, opened, fences } = standing
    let conflicts = 63
    changed.commit = (_, really) => (conflicts-- > 0 ? Promise.resolve('conflict') : really())
    const version = opened.version
    const { operation, planned } = made()
    await committer.submit(operation)
    expect(planned).toHaveLength(64)
    expect(new Set(planned).size).toBe(64)
    expect(opened.version).toBe(version + 1 + fences.count)
    expect(magics(standing).sort()).toEqual(['AMNC', 'AMNF'])
  })

  it('gives up after a thousand times, as a busy store, and nothing was done', async () => {
    const { committer, changed, opened, below, fences } = await vault()
    changed.commit = async () => 'conflict'
    const { operation, planned } = made()
    const before = (await below.root()) as Root
    await expect(committer.submit(operation)).rejects.toMatchObject({ code: 'BUSY' })
    // Those without the lock come first.
    expect(planned).toHaveLength(steps.length === 1 ? 1008 : 1000)
    expect(await below.root()).toEqual({ ...before, version: before.version + fences.count })
    delete changed.commit
    await committer.submit(noting('next').operation)
    expect(opened.version).toBe(before.version + 1 + fences.count)
  })

  it('that reads a page which goes meanwhile is planned again, and is damage when nobody committed', async () => {
    const { committer, opened } = await vault()
    const gone = new Overtaken()
    const planned: number[] = []
    const { operation } = made()
    const once: Operation<unknown> = {
      ...operation,
      plan: async draft => {
        planned.push(opened.version)
        if (planned.length === 1) throw gone
        return operation.plan(draft)
      },
    }
    await committer.submit(once)
    expect(planned).toHaveLength(2)
    let tries = 0
    const always: Operation<unknown> = {
      ...operation,
      plan: async () => {
        tries++
        throw gone
      },
    }
    await expect(committer.submit(always)).rejects.toMatchObject({ code: 'CORRUPT', data: { row: 'pages' } })
    expect(tries).toBe(2)
  })

  it('whose answer is lost is in if the root says so, and done again if it says no', async () => {
    const { committer, changed, opened, told, fences } = await vault()
    const { operation, planned } = made()
    const version = opened.version
    changed.commit = async (_, really) => {
      await really()
      throw unknown()
    }
    await committer.submit(operation)
    expect(planned).toHaveLength(1)
    expect(opened.version).toBe(version + 1)
    let lost = 1
    changed.commit = (_, really) => (lost-- > 0 ? Promise.reject(unknown()) : really())
    await committer.submit(made().operation)
    expect(opened.version).toBe(version + 2 + fences.count)
    expect(typesOf(told).filter(type => type === 'contact-erased')).toHaveLength(2)
  })

  it('whose answer is lost, and on which others went on, stays unknown', async () => {
    const { committer, changed, below } = await vault()
    changed.commit = async (_, really) => {
      await really()
      const root = (await below.root()) as Root
      await below.commit({
        expect: root.version,
        root: root.bytes.with(100, (root.bytes[100] as number) ^ 1),
        put: [],
        drop: [],
      })
      throw unknown()
    }
    await expect(committer.submit(made().operation)).rejects.toMatchObject({ code: 'UNKNOWN_RESULT' })
  })

  it('whose answer is lost, and the root with it, stays unknown', async () => {
    const { committer, changed } = await vault()
    changed.commit = async (_, really) => {
      await really()
      changed.root = async () => undefined
      throw unknown()
    }
    await expect(committer.submit(made().operation)).rejects.toMatchObject({ code: 'UNKNOWN_RESULT' })
  })

  it('that the store refuses is refused in the words of the vault, and not tried again', async () => {
    const { committer, changed, opened, fences } = await vault()
    const version = opened.version
    for (const [error, seen] of [
      [new StoreError('NO_SPACE', 'full'), { code: 'NO_SPACE' }],
      [new TypeError('not ours'), new TypeError('not ours')],
    ] as const) {
      changed.commit = () => Promise.reject(error)
      const { operation, planned } = made()
      await expect(committer.submit(operation)).rejects.toMatchObject(seen)
      expect(planned).toHaveLength(1)
      expect(opened.version).toBe(version + fences.count)
    }
  })

  it(`writes ${steps.join(', ')} before anything else`, async () => {
    const { committer, steps: seen } = await vault()
    await committer.submit(made().operation)
    expect(seen.filter(step => step === 'commit' || step === 'overwrite').slice(0, steps.length)).toEqual([...steps])
  })
})
