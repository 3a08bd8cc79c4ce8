/** What the oracle looks for when the policy changes, when several act at once, and when something goes wrong on the way. */
import { StoreError } from '@amanat/store-contract'
import { CrashError, type MemoryStep } from '@amanat/store-contract/memory'
import { expect } from 'vitest'
import { dropExpired, openVault } from '../../src/index'
import { fakeClock, testKey } from '../../src/testing'
import { all, but, everybody, id, key, narrow, type Scenarios, withChat } from './oracle-look'
import { consentTo, marksOf, openOn, person, policy, type World } from './world'

type At = { readonly op: MemoryStep['op']; readonly phase: MemoryStep['phase']; readonly count?: number }

/** Another object on the same medium, in which something happens at one step from when it is armed. */
async function trouble({ medium, clock }: World, { op, phase, count = 1 }: At, fault: () => Error) {
  let left = Number.POSITIVE_INFINITY
  const vault = await openOn({
    medium,
    clock,
    onStep(step) {
      if (step.op === op && step.phase === phase && --left === 0) throw fault()
    },
  })
  return {
    vault,
    arm: () => {
      left = count
    },
    happened: () => left <= 0,
  }
}

/** The process ends at one step of what it does. */
async function crashes(world: World, at: At, act: (vault: World['vault']) => Promise<unknown>): Promise<void> {
  const { vault, arm, happened } = await trouble(world, at, () => new CrashError())
  arm()
  await expect(act(vault)).rejects.toThrow()
  expect(happened()).toBe(true)
}

const erases = (world: World) => (vault: World['vault']) => vault.erase(id(world, 0))

/** In erasing: the new half is written and read back, then the batch, then the old half is overwritten. */
const BEFORE_OVERWRITE: At = { op: 'cell-overwrite', phase: 'before', count: 2 }
const AFTER_COMMIT: At = { op: 'commit', phase: 'after' }
const BEFORE_COMMIT: At = { op: 'commit', phase: 'before' }

export const TROUBLE: Scenarios = {
  'R3: the policy is narrowed by a field': async world => {
    await narrow(world, withChat({ fields: ['name', 'phones', 'emails'] }))
    const forgotten = [marksOf(1).note, marksOf(3).note]
    return { forgotten, kept: but(forgotten) }
  },

  'R3: a purpose goes from the policy, and with it what proved the consents to it': async world => {
    const { chat: _, ...purposes } = policy.purposes
    await narrow(world, { ...policy, purposes } as unknown as typeof policy)
    const { email, note, evidence } = marksOf(1)
    const forgotten = [...all(3), email, note, `chat-${evidence}`, marksOf(2).email, `chat-${marksOf(2).evidence}`]
    return { forgotten, kept: but(forgotten) }
  },

  'R3: the policy keeps for a shorter time': async world => {
    await narrow(world, withChat({ keepFor: 'P30D' }))
    await world.clock.advance('P31D')
    const forgotten = [...all(3), marksOf(1).email, marksOf(1).note, `chat-${marksOf(1).evidence}`]
    return { forgotten, kept: but([...forgotten, marksOf(2).email, `chat-${marksOf(2).evidence}`]) }
  },

  'two vault objects forget in turns': async world => {
    const other = await world.open()
    await world.vault.erase(id(world, 0))
    await other.erase(id(world, 1))
    await world.vault.withdraw(id(world, 2), 'chat')
    await other.change(id(world, 3), { notes: null } as never)
    const forgotten = [...all(0), ...all(1), marksOf(2).email, `chat-${marksOf(2).evidence}`, marksOf(3).note]
    return { forgotten, kept: but(forgotten) }
  },

  'two vault objects forget at the same time': async world => {
    const other = await world.open()
    await Promise.all([
      world.vault.erase(id(world, 0)),
      other.erase(id(world, 1)),
      world.vault.withdraw(id(world, 2), 'chat'),
      other.change(id(world, 3), { notes: null } as never),
    ])
    const forgotten = [...all(0), ...all(1), marksOf(2).email, `chat-${marksOf(2).evidence}`, marksOf(3).note]
    return { forgotten, kept: but(forgotten) }
  },

  'one vault object forgets while another adds': async world => {
    const other = await world.open()
    await Promise.all([world.vault.erase(id(world, 0)), other.add(person(8, ['times']) as never)])
    await Promise.all([other.erase(id(world, 1)), world.vault.add(person(9, ['chat']) as never)])
    return { forgotten: [...all(0), ...all(1)], kept: [...all(2), ...all(3), marksOf(8).name, marksOf(9).note] }
  },

  'a cron job forgets beside an open vault whose clock is behind': async world => {
    const soon = { ...person(5, ['times']), ref: undefined, consents: [consentTo('times', 'SoonZq', '2026-03-10')] }
    await world.vault.add(soon as never)
    await dropExpired(world.store(), { clock: fakeClock('2026-03-12T03:00:00Z') })
    // Its own clock still stands before the day that has passed: it takes over what the vault has seen.
    await expect(world.vault.add(soon as never)).rejects.toThrow(expect.objectContaining({ code: 'EXPIRES_TOO_SOON' }))
    await world.vault.add(person(6, ['times']) as never)
    const { name, phone } = marksOf(5)
    return { forgotten: [name, phone, 'SoonZq'], kept: [...everybody(), marksOf(6).name] }
  },

  'one vault object forgets, and the other, that heard nothing of it, goes on': async world => {
    const other = await world.open()
    await world.vault.erase(id(world, 0))
    await other.add(person(20, ['times']) as never)
    await other.consent(id(world, 1), consentTo('times', 'RenewedZq'))
    return { forgotten: all(0), kept: [...but(all(0)), 'RenewedZq', ...all(20, ['times'])] }
  },

  'a cron job forgets while an open vault erases': async world => {
    await world.vault.add({ ...person(5, ['times']), consents: [consentTo('times', 'SoonZq', '2026-03-10')] } as never)
    const night = fakeClock('2026-03-12T03:00:00Z')
    await Promise.all([
      world.vault.erase(id(world, 0)),
      dropExpired(world.store(), { clock: night }),
      world.vault.withdraw(id(world, 3), 'chat'),
    ])
    const forgotten = [...all(0), ...all(3), marksOf(5).name, marksOf(5).phone, marksOf(5).ref, 'SoonZq']
    return { forgotten, kept: but(forgotten) }
  },

  'a card is refused: nothing of it was ever written': async world => {
    const { name, phone } = marksOf(20)
    const card = { name: { full: name }, phones: { p1: { number: phone } }, titles: { t1: { name: 'TitleZq' } } }
    const adding = world.vault.add({ card, consents: [consentTo('times', 'RefusedZq')], source: 'x' } as never)
    await expect(adding).rejects.toMatchObject({ code: 'FIELD_NOT_DECLARED' })
    return { forgotten: [], kept: everybody(), never: [name, phone, 'TitleZq', 'RefusedZq'] }
  },

  'one is erased, and beside it in the same commit another call is refused': async world => {
    const late = { ...person(20, ['times']), consents: [consentTo('times', 'RefusedZq', '2026-02-01')] }
    const [erased, refused] = await Promise.allSettled([
      world.vault.erase(id(world, 0)),
      world.vault.add(late as never),
    ])
    expect([erased.status, refused.status]).toEqual(['fulfilled', 'rejected'])
    return { forgotten: all(0), kept: but(all(0)), never: [marksOf(20).name, 'RefusedZq'] }
  },

  'the disk is full when somebody is erased, and they are erased again': async world => {
    const { vault, arm } = await trouble(world, BEFORE_COMMIT, () => new StoreError('NO_SPACE', 'full'))
    arm()
    await expect(vault.erase(id(world, 0))).rejects.toMatchObject({ code: 'NO_SPACE' })
    await vault.erase(id(world, 0))
    return { forgotten: all(0), kept: but(all(0)) }
  },

  'the disk is full when somebody is added: what was to be written was not': async world => {
    const { vault, arm } = await trouble(world, BEFORE_COMMIT, () => new StoreError('NO_SPACE', 'full'))
    arm()
    await expect(vault.add(person(20, ['chat']) as never)).rejects.toMatchObject({ code: 'NO_SPACE' })
    await vault.erase(id(world, 0))
    return { forgotten: all(0), kept: but(all(0)), never: all(20, ['chat']) }
  },

  'the answer to an erasure never comes': async world => {
    const { vault, arm, happened } = await trouble(world, AFTER_COMMIT, () => new Error('no answer'))
    arm()
    await vault.erase(id(world, 0))
    expect(happened()).toBe(true)
    return { forgotten: all(0), kept: but(all(0)) }
  },

  'the process ends after the commit of an erasure, and the vault is opened': async world => {
    await crashes(world, AFTER_COMMIT, erases(world))
    await world.open()
    return { forgotten: all(0), kept: but(all(0)) }
  },

  'the process ends before the old half is overwritten, and the vault is opened': async world => {
    await crashes(world, BEFORE_OVERWRITE, erases(world))
    await world.open()
    return { forgotten: all(0), kept: but(all(0)) }
  },

  'the process ends before the old half is overwritten, and a cron job comes by': async world => {
    await crashes(world, BEFORE_OVERWRITE, erases(world))
    await dropExpired(world.store(), { clock: world.clock })
    return { forgotten: all(0), kept: but(all(0)) }
  },

  'the process ends before the old half is overwritten, and another one that was open goes on': async world => {
    await crashes(world, BEFORE_OVERWRITE, erases(world))
    await world.vault.add(person(20, ['times']) as never)
    return { forgotten: all(0), kept: [...but(all(0)), marksOf(20).name] }
  },

  'the process ends before the commit of an erasure, and it is done again': async world => {
    await crashes(world, BEFORE_COMMIT, erases(world))
    await (await world.open()).erase(id(world, 0))
    return { forgotten: all(0), kept: but(all(0)) }
  },

  'the process ends while a way of unlocking is removed, and the vault is opened': async world => {
    const spare = await world.vault.slots.add(testKey(2), 'spare')
    await crashes(world, BEFORE_OVERWRITE, vault => vault.slots.remove(spare.id))
    await world.open()
    return { forgotten: everybody(), kept: [], openings: [key(2)], opensNothing: true }
  },

  'the process ends while the ratchet steps, and the vault is opened': async world => {
    await world.vault.add({ ...person(5, ['times']), consents: [consentTo('times', 'SoonZq', '2026-03-10')] } as never)
    await crashes(world, BEFORE_OVERWRITE, vault => {
      world.clock.set('2026-03-10T00:00:00Z')
      return vault.purge()
    })
    await world.open()
    const { name, phone, ref } = marksOf(5)
    return { forgotten: [name, phone, ref, 'SoonZq'], kept: everybody() }
  },

  'the process ends while a narrowed policy is carried out, and the vault is opened': async world => {
    const next = withChat({ fields: ['name', 'phones', 'emails'] })
    // The first commit has the policy, the second takes out what it no longer lets the vault keep.
    await crashes(world, { ...BEFORE_COMMIT, count: 2 }, vault => narrow({ vault }, next))
    await openVault({ store: world.store(), unlock: testKey(), policy: next, actor: 'staff:omid', clock: world.clock })
    const forgotten = [marksOf(1).note, marksOf(3).note]
    return { forgotten, kept: but(forgotten) }
  },
}
