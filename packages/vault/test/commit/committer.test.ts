/**
 * Committing, with operations made for it on a vault in memory: who is told what when somebody else was first, when the
 * store doesn't answer, when the lock goes, and in which order a forgetting writes. The store is real; a test changes
 * one answer of it. What stays readable afterwards is for `test/protocol` to say.
 */
import { ready, type Secret, systemRandomness } from '@amanat/crypto'
import { type Batch, type Root, type Store, StoreError } from '@amanat/store-contract'
import { fakeClock, memoryMedium, memoryStore, testKey } from '@amanat/vault/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { Committer, type Operation } from '../../src/commit/commit'
import type { Draft } from '../../src/commit/draft'
import { makeVault } from '../../src/commit/open'
import { Overtaken } from '../../src/commit/overtaken'
import { VaultError } from '../../src/errors'
import type { AnyEntry } from '../../src/ledger/entry'
import { riverside } from '../riverside'

beforeAll(() => ready())

type Answer = 'committed' | 'conflict'
interface Changed {
  commit?: (batch: Batch, really: () => Promise<Answer>) => Promise<Answer>
  root?: (really: () => Promise<Root | undefined>) => Promise<Root | undefined>
  overwrite?: (really: () => Promise<void>) => Promise<void>
  /** The platform takes the lock away. */
  lost?: AbortController
}

/**
 * A vault, its committer, and the steps on its store: c(ommit), o(verwrite), lock, unlock. The root committed once more as it was, which
 * fences off what a lost lock left under way, is counted and never changed.
 */
async function vault() {
  const medium = memoryMedium()
  const below = memoryStore({ medium })
  const changed: Changed = {}
  const steps: string[] = []
  const fences = { count: 0 }
  const cell: Store['cell'] = {
    create: halves => below.cell.create(halves),
    read: half => below.cell.read(half),
    overwrite: (half, bytes) => {
      steps.push('overwrite')
      const really = () => below.cell.overwrite(half, bytes)
      return changed.overwrite ? changed.overwrite(really) : really()
    },
  }
  const instead: Partial<Store> = {
    cell,
    commit: batch => {
      if (batch.put.length === 0 && batch.drop.length === 0) {
        fences.count++
        return below.commit(batch)
      }
      steps.push('commit')
      const really = () => below.commit(batch)
      return changed.commit ? changed.commit(batch, really) : really()
    },
    root: () => {
      const really = () => below.root()
      return changed.root ? changed.root(really) : really()
    },
    exclusive: async work => {
      steps.push('lock')
      return below.exclusive(async lost => {
        try {
          return await work(changed.lost?.signal ?? lost)
        } finally {
          steps.push('unlock')
        }
      })
    },
  }
  const store = new Proxy(below as Store, {
    get: (target, name) => {
      if (name in instead) return instead[name as keyof Store]
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const clock = fakeClock()
  const told: AnyEntry[] = []
  const { opened, time } = await makeVault({
    store,
    unlock: testKey(),
    label: 'Office',
    record: { policy: riverside },
    maxJump: 'P62D',
    actor: 'staff:leila',
    clock,
    randomness: systemRandomness,
    onEntries: entries => told.push(...entries),
  })
  steps.length = 0
  told.length = 0
  const committer = new Committer(opened, time)
  /** The steps once nobody holds the lock: whoever asked is told before it goes. */
  const released = async () => {
    await below.exclusive(async () => {})
    return steps
  }
  return { medium, below, changed, steps, fences, released, clock, opened, time, committer, told }
}

let contact = 0
/** Notes one entry and answers it; what it planned on is remembered. */
function noting<T = string>(answer?: T, more: (draft: Draft) => void = () => {}, how: Partial<Operation<T>> = {}) {
  const planned: Draft[] = []
  const operation: Operation<T> = {
    ...how,
    plan: async draft => {
      planned.push(draft)
      draft.note({ type: 'contact-erased', actor: 'staff:leila', contact: new Uint8Array(16).fill(++contact % 256) })
      more(draft)
      return answer as T
    },
  }
  return { operation, planned }
}
const forgetting = () => noting('forgot', draft => (draft.forgets = true), { forgets: true })
/** Forgets, as it turns out when it plans. */
const finding = () => noting('found', draft => (draft.forgets = true))
const typesOf = (told: readonly AnyEntry[]) => told.map(entry => entry.type)
const unknown = () => new StoreError('UNKNOWN_RESULT', 'nobody knows')
const cellOf = (store: { medium: ReturnType<typeof memoryMedium> }) =>
  (store.medium.cellNow() ?? []).map(half => Buffer.from(half).toString('base64'))
const magics = (store: { medium: ReturnType<typeof memoryMedium> }) =>
  (store.medium.cellNow() ?? []).map(half => Buffer.from(half.subarray(0, 4)).toString())

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

  it('gives up after sixty-four times, as a busy store, and nothing was done', async () => {
    const { committer, changed, opened, below, fences } = await vault()
    changed.commit = async () => 'conflict'
    const { operation, planned } = made()
    const before = (await below.root()) as Root
    await expect(committer.submit(operation)).rejects.toMatchObject({ code: 'BUSY' })
    expect(planned).toHaveLength(64)
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

describe('a forgetting', () => {
  it('runs under the lock from its plan to the overwrite, and only then is anybody told', async () => {
    const standing = await vault()
    const { committer, released, opened, changed } = standing
    const [old] = cellOf(standing)
    const oldBytes = (opened.epochSecret as Secret<'epoch'>).expose().slice()
    let resolved = false
    changed.overwrite = async really => {
      expect(resolved).toBe(false)
      await really()
    }
    const done = committer.submit(forgetting().operation).then(answer => {
      resolved = true
      return answer
    })
    expect(await done).toBe('forgot')
    expect(await released()).toEqual(['lock', 'overwrite', 'commit', 'overwrite', 'unlock'])
    expect(opened.epoch).toBe(2)
    expect(opened.verifiedEpoch).toBe(2)
    expect(opened.clear.epoch).toBe(2)
    expect(magics(standing)).toEqual(['AMNF', 'AMNC'])
    expect(cellOf(standing)).not.toContain(old)
    for (const half of standing.medium.cellNow() ?? [])
      expect(Buffer.from(half).includes(Buffer.from(oldBytes))).toBe(false)
    expect(Buffer.from(opened.epochSecret?.expose() ?? []).equals(Buffer.from(oldBytes))).toBe(false)
    expect(await committer.submit(noting('next').operation)).toBe('next')
    expect(opened.epoch).toBe(2)
  })

  it('leaves the old secret in no object that held it (R19)', async () => {
    const { committer, opened } = await vault()
    for (let epoch = 2; epoch < 5; epoch++) {
      const old = opened.epochSecret as Secret<'epoch'>
      await committer.submit(forgetting().operation)
      expect(() => old.expose()).toThrow(TypeError)
      expect(opened.epochSecret?.expose()).toHaveLength(32)
      expect(await committer.submit(noting('next').operation)).toBe('next')
    }
  })

  it('that shows only when it is planned takes the lock then, for all that were asked for with it', async () => {
    const { committer, released, opened } = await vault()
    const [plain, found] = [noting('plain'), finding()]
    const answers = await Promise.all([committer.submit(plain.operation), committer.submit(found.operation)])
    expect(answers).toEqual(['plain', 'found'])
    expect(await released()).toEqual(['lock', 'overwrite', 'commit', 'overwrite', 'unlock'])
    expect([plain.planned.length, found.planned.length]).toEqual([2, 2])
    expect(opened.epoch).toBe(2)
  })

  it('counts its record on, and never sets back the time that was seen', async () => {
    const standing = await vault()
    const { committer, clock, opened } = standing
    await clock.advance('PT2H')
    await committer.submit(forgetting().operation)
    const half = (standing.medium.cellNow()?.[1] ?? new Uint8Array()) as Uint8Array
    const view = new DataView(half.buffer, half.byteOffset)
    expect(Number(view.getBigUint64(112, true))).toBe(2)
    expect(view.getFloat64(100, true)).toBe(clock.now())
    expect(Number(view.getBigUint64(24, true))).toBe(2)
    expect(view.getUint32(108, true)).toBe(opened.maxJumpDays)
    expect(opened.maxJumpDays).toBeGreaterThan(50)
  })

  it('that turns out to forget nothing replaces no secret', async () => {
    const { committer, released, opened } = await vault()
    const secret = opened.epochSecret
    await committer.submit(noting('plain', () => {}, { forgets: true }).operation)
    expect(await released()).toEqual(['lock', 'commit', 'unlock'])
    expect(opened.epoch).toBe(1)
    expect(opened.epochSecret).toBe(secret)
  })

  it('commits nothing once its lock is gone, before the new secret is written and after', async () => {
    const before = await vault()
    before.changed.lost = new AbortController()
    before.changed.lost.abort()
    const cell = cellOf(before)
    const root = await before.below.root()
    await expect(before.committer.submit(forgetting().operation)).rejects.toMatchObject({ code: 'BUSY' })
    expect(cellOf(before)).toEqual(cell)
    expect(before.steps).not.toContain('commit')

    const after = await vault()
    const lost = new AbortController()
    after.changed.lost = lost
    after.changed.overwrite = async really => {
      await really()
      lost.abort()
    }
    await expect(after.committer.submit(forgetting().operation)).rejects.toMatchObject({ code: 'BUSY' })
    expect(await after.released()).toEqual(['lock', 'overwrite', 'unlock'])
    expect((await after.below.root())?.version).toBe(root?.version)
    after.changed.lost = undefined as never
    delete after.changed.overwrite
    expect(await after.committer.submit(forgetting().operation)).toBe('forgot')
    expect(magics(after).sort()).toEqual(['AMNC', 'AMNF'])
  })

  it('is unknown when its end is not seen: the lock gone, the old half unwritten, the root another or none', async () => {
    const root = async (standing: Awaited<ReturnType<typeof vault>>, answer: (root: Root) => Root | undefined) => {
      standing.changed.commit = async (_, really) => {
        const result = await really()
        standing.changed.root = async really => answer((await really()) as Root)
        return result
      }
    }
    const ends: [string, (standing: Awaited<ReturnType<typeof vault>>) => void][] = [
      [
        'the lock',
        ({ changed }) => {
          const lost = new AbortController()
          changed.lost = lost
          changed.commit = async (_, really) => {
            const result = await really()
            lost.abort()
            return result
          }
        },
      ],
      [
        'the overwrite',
        standing => {
          let written = 0
          standing.changed.overwrite = really => (++written === 2 ? Promise.reject(new Error('no')) : really())
        },
      ],
      [
        'another root',
        standing => root(standing, held => ({ ...held, bytes: held.bytes.with(40, (held.bytes[40] as number) ^ 1) })),
      ],
      ['another epoch', standing => root(standing, held => ({ ...held, bytes: held.bytes.with(24, 9) }))],
      [
        'the last byte of its header',
        standing => root(standing, held => ({ ...held, bytes: held.bytes.with(63, (held.bytes[63] as number) ^ 1) })),
      ],
      ['no root', standing => root(standing, () => undefined)],
    ]
    for (const [why, end] of ends) {
      const standing = await vault()
      const [old] = cellOf(standing)
      end(standing)
      const error = await standing.committer.submit(forgetting().operation).then(
        () => undefined,
        (error: unknown) => error,
      )
      expect(error, why).toMatchObject({ code: 'UNKNOWN_RESULT', cause: expect.anything() })
      expect(cellOf(standing)[0], why).toBe(old)
      expect(magics(standing), why).toEqual(['AMNC', 'AMNC'])
      // Whoever comes next goes on where it stopped.
      for (const name of ['commit', 'root', 'overwrite', 'lost'] as const) delete standing.changed[name]
      expect(await standing.committer.submit(forgetting().operation), why).toBe('forgot')
      expect(magics(standing).sort(), why).toEqual(['AMNC', 'AMNF'])
      expect(cellOf(standing), why).not.toContain(old)
    }
  })

  it('ends well when others committed in its epoch before the old half went', async () => {
    const standing = await vault()
    standing.changed.commit = async (_, really) => {
      const result = await really()
      standing.changed.root = async held => {
        const root = (await held()) as Root
        return { version: root.version + 1, bytes: root.bytes.with(64, (root.bytes[64] as number) ^ 1) }
      }
      return result
    }
    expect(await standing.committer.submit(forgetting().operation)).toBe('forgot')
    expect(magics(standing)).toEqual(['AMNF', 'AMNC'])
  })
})
