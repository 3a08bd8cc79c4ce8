/**
 * The library broken on purpose, one guard at a time, to see the oracle notice: each mutation takes out what one step of
 * forgetting rests on, and the scenario that should find forgotten words again must. A mutation that nothing finds is a
 * guard that nothing watches. The modules are replaced in this file alone; `broken` says which part of them is.
 */
import { Secret } from '@amanat/crypto'
import type { Cell } from '@amanat/store-contract'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { DAYS } from '../../packages/vault/test/protocol/oracle-days'
import { LEAVING } from '../../packages/vault/test/protocol/oracle-leaving'
import { type Look, look, type Scenario } from '../../packages/vault/test/protocol/oracle-look'
import { TROUBLE } from '../../packages/vault/test/protocol/oracle-trouble'
import { figures } from '../trust/figures'

type Mutation =
  | 'the old half is not overwritten'
  | 'settling frees nothing'
  | 'row secrets are used twice'
  | 'chunk secrets are used twice'
  | 'the ratchet stands still'
  | 'the epoch secret stays'
  | 'the root key stays'
  | 'document secrets are used twice'
  | 'days are not mixed into row keys'
  | 'what is lost goes unnoticed'
  | 'a head keeps what its slices lost'
  | 'a tick steps nothing'

const broken = vi.hoisted(() => ({ by: '' }))
const is = (mutation: Mutation) => broken.by === mutation

const used = new Uint8Array(32).fill(7)

vi.mock('../../packages/vault/src/commit/cell', async original => {
  const real = await original<typeof import('../../packages/vault/src/commit/cell')>()
  return {
    ...real,
    eraseHalf: (...args: Parameters<typeof real.eraseHalf>) =>
      is('the old half is not overwritten') ? Promise.resolve() : real.eraseHalf(...args),
    async settle(...[cell, ...rest]: Parameters<typeof real.settle>) {
      if (!is('settling frees nothing')) return real.settle(cell, ...rest)
      // Whatever it writes it reads back, and nothing of it is there.
      const pretended = new Map<number, Uint8Array>()
      const deaf: Cell = {
        create: halves => cell.create(halves),
        read: async half => pretended.get(half)?.slice() ?? (await cell.read(half)),
        overwrite: async (half, bytes) => void pretended.set(half, bytes.slice()),
      }
      return real.settle(deaf, ...rest)
    },
  }
})

vi.mock('../../packages/vault/src/commit/rows', async original => {
  const real = await original<typeof import('../../packages/vault/src/commit/rows')>()
  return {
    ...real,
    newRowSecret: (...args: Parameters<typeof real.newRowSecret>) =>
      is('row secrets are used twice') ? Secret.of<'row'>(used) : real.newRowSecret(...args),
  }
})

vi.mock('../../packages/vault/src/pages/ring', async original => {
  const real = await original<typeof import('../../packages/vault/src/pages/ring')>()
  const { change } = real.Ring.prototype
  real.Ring.prototype.change = function (...args) {
    const changed = change.apply(this, args)
    if (is('chunk secrets are used twice')) {
      for (const chunk of changed.written) Object.assign(chunk, { secret: Secret.of<'row'>(used) })
    }
    return changed
  }
  return real
})

vi.mock('../../packages/crypto/src/index', async original => {
  const real = await original<typeof import('../../packages/crypto/src/index')>()
  return {
    ...real,
    derive(...args: Parameters<typeof real.derive>) {
      const [label, secret] = args
      if (label === 'amanat/ratchet/1' && is('the ratchet stands still')) return real.Secret.of(secret.expose())
      if (label.startsWith('amanat/row/') && is('days are not mixed into row keys')) return real.derive(label, secret)
      return real.derive(...args)
    },
  }
})

vi.mock('../../packages/vault/src/commit/pending-epoch', async original => {
  const real = await original<typeof import('../../packages/vault/src/commit/pending-epoch')>()
  return {
    ...real,
    PendingEpoch: class extends real.PendingEpoch {
      constructor(...[opened, ...rest]: ConstructorParameters<typeof real.PendingEpoch>) {
        super(opened, ...rest)
        if (is('the epoch secret stays') && opened.epochSecret) {
          Object.assign(this.record, { secret: Secret.of<'epoch'>(opened.epochSecret.expose()) })
        }
      }
    },
  }
})

vi.mock('../../packages/vault/src/commit/blobs', async original => {
  const real = await original<typeof import('../../packages/vault/src/commit/blobs')>()
  return {
    ...real,
    settleBlobs(...[opened, ...rest]: Parameters<typeof real.settleBlobs>) {
      if (!is('document secrets are used twice')) return real.settleBlobs(opened, ...rest)
      const randomness = (bytes: number) => (bytes === 32 ? used.slice() : opened.randomness(bytes))
      return real.settleBlobs(Object.create(opened, { randomness: { value: randomness } }), ...rest)
    },
  }
})

vi.mock('../../packages/vault/src/verbs/slots', async original => {
  const real = await original<typeof import('../../packages/vault/src/verbs/slots')>()
  return {
    ...real,
    async removeSlot(...[session, id, actor]: Parameters<typeof real.removeSlot>) {
      if (!is('the root key stays')) return real.removeSlot(session, id, actor)
      await session.commit({
        forgets: true,
        alone: true,
        plan: async draft => {
          const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
          const gone = draft.opened.slots.find(slot => hex(slot.id) === id)
          if (!gone) throw new Error('no such slot')
          const slots = draft.opened.slots.filter(slot => slot !== gone)
          draft.slotChange = { rootKey: draft.opened.rootKey, slots, put: [], drop: [gone.id] }
          draft.forgets = true
        },
      })
    },
  }
})

vi.mock('../../packages/vault/src/commit/loses', async original => {
  const real = await original<typeof import('../../packages/vault/src/commit/loses')>()
  return {
    ...real,
    losesSomething: (...args: Parameters<typeof real.losesSomething>) =>
      is('what is lost goes unnoticed') ? Promise.resolve(false) : real.losesSomething(...args),
  }
})

vi.mock('../../packages/vault/src/commit/head-slice', async original => {
  const real = await original<typeof import('../../packages/vault/src/commit/head-slice')>()
  type Points = ReturnType<typeof real.headSliceOf>['points']
  const ever = new Map<string, Points>()
  return {
    ...real,
    headSliceOf(...args: Parameters<typeof real.headSliceOf>) {
      const slice = real.headSliceOf(...args)
      if (!is('a head keeps what its slices lost')) return slice
      const id = Buffer.from(slice.contact).toString('hex')
      const points = [...(ever.get(id) ?? []), ...slice.points]
      ever.set(id, points)
      return { ...slice, points }
    },
  }
})

vi.mock('../../packages/vault/src/commit/ratchet', async original => {
  const real = await original<typeof import('../../packages/vault/src/commit/ratchet')>()
  return {
    ...real,
    advanced: (...[ratchet, from, to]: Parameters<typeof real.advanced>) =>
      is('a tick steps nothing') ? Secret.of<'ratchet'>(ratchet.expose()) : real.advanced(ratchet, from, to),
  }
})

const SCENARIOS = { ...LEAVING, ...DAYS, ...TROUBLE }

/** Which scenarios must find something, under each mutation. */
const FOUND_BY: { readonly [mutation in Mutation]: readonly (keyof typeof SCENARIOS)[] } = {
  'the old half is not overwritten': [
    'R19: a person is erased',
    'R18: the only consent is withdrawn',
    'a way of unlocking is removed: it opens nothing',
  ],
  'settling frees nothing': [
    'the process ends before the old half is overwritten, and the vault is opened',
    'the process ends before the old half is overwritten, and a cron job comes by',
    'the process ends before the old half is overwritten, and another one that was open goes on',
    'the process ends after the commit of an erasure, and the vault is opened',
  ],
  'row secrets are used twice': ['R19: a person is erased', 'a name and a number are changed'],
  'chunk secrets are used twice': ['R19: a person is erased', 'a name and a number are changed'],
  'the ratchet stands still': [
    'R13: a consent expires while the vault is open',
    'R14: consents expire while the vault is locked, and a cron job without a key forgets',
    'R12: a number expires before the name while the vault is locked',
  ],
  'the epoch secret stays': [
    'R19: a person is erased',
    'a photo is replaced',
    'R3: the policy is narrowed by a field',
    'a consent with a photo is given anew for a shorter time, and then withdrawn',
    'two vault objects forget at the same time',
  ],
  'the root key stays': ['a way of unlocking is removed: it opens nothing'],
  'document secrets are used twice': [
    'a photo is replaced',
    'R19: a person is erased',
    'a consent is renewed to a later day, and then withdrawn',
  ],
  'days are not mixed into row keys': [
    'R14: consents expire while the vault is locked, and a cron job without a key forgets',
    'R22: somebody in quarantine is never asked, and the vault is locked all the while',
    'R12: a number expires before the name while the vault is locked',
  ],
  'what is lost goes unnoticed': ['a name and a number are changed', 'a note is taken out', 'a photo is replaced'],
  'a head keeps what its slices lost': ['R12: a number expires before the name: heads and pages hold the name alone'],
  'a tick steps nothing': ['R14: consents expire while the vault is locked, and a cron job without a key forgets'],
}

const counted = { scenarios: 0, 'combinations tried': 0, 'mutations found': 0 }
afterEach(() => {
  broken.by = ''
})
afterAll(() => figures('oracle', counted))

const lookAt = async (name: string): Promise<Look> => {
  const seen = await look(SCENARIOS[name] as Scenario)
  counted.scenarios++
  counted['combinations tried'] += seen.tried
  return seen
}

describe('broken on purpose, what was forgotten is found again', () => {
  test.each(Object.entries(FOUND_BY) as [Mutation, string[]][])('when %s', async (mutation, names) => {
    for (const name of names) {
      broken.by = ''
      expect((await lookAt(name)).found, name).toEqual([])
      broken.by = mutation
      expect((await lookAt(name)).found, name).not.toEqual([])
    }
    counted['mutations found']++
  })
})
