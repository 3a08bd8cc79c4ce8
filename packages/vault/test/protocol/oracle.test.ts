/**
 * What was forgotten can't be found: the second reader is given every byte that the store ever held, the passphrase and
 * today's cell. Each scenario runs on three media: one that overwrites, where it must find nothing of what was forgotten
 * and all that was not; and two that are broken on purpose, where it must find everything.
 */
import type { Store } from '@amanat/store-contract'
import { describe, expect, test } from 'vitest'
import { dropExpired } from '../../src/index'
import { fakeClock, testKey } from '../../src/testing'
import type { Opening } from './adversary'
import { consentTo, haulOf, marksOf, newWorld, PEOPLE, person, policy, type World, type WorldOptions } from './world'

interface Outcome {
  readonly forgotten: readonly string[]
  readonly kept: readonly string[]
  /** With which keys the image is searched; default: the first one. */
  readonly openings?: readonly Opening[]
}

/** Every mark of a person that the vault was given. */
function all(number: number): string[] {
  const { name, phone, email, note, photo, ref, evidence } = marksOf(number)
  const purposes = PEOPLE[number] ?? []
  return [
    name,
    phone,
    ref,
    ...(purposes.includes('chat') ? [email, note] : []),
    ...(purposes.includes('call') ? [photo] : []),
    ...purposes.map(purpose => `${purpose}-${evidence}`),
  ]
}

const everybody = () => PEOPLE.flatMap((_, number) => all(number))
const but = (gone: readonly string[]) => everybody().filter(mark => !gone.includes(mark))
const id = (world: World, number: number) => world.ids[number] as string
const key = (number: number): Opening => ({ secretKey: new Uint8Array(32).fill(number) })

const withChat = (change: object) =>
  ({ ...policy, purposes: { ...policy.purposes, chat: { ...policy.purposes.chat, ...change } } }) as typeof policy

async function narrow({ vault }: World, next: typeof policy): Promise<void> {
  await vault.changePolicy(next, { accept: await vault.planPolicy(next) })
}

const SCENARIOS: { readonly [name: string]: (world: World) => Promise<Outcome> } = {
  'R19: a person is erased': async world => {
    await world.vault.erase(id(world, 1))
    return { forgotten: all(1), kept: but(all(1)) }
  },

  'R18: a consent is withdrawn, and only its own fields go': async world => {
    await world.vault.withdraw(id(world, 1), 'chat')
    const { email, note, evidence } = marksOf(1)
    const forgotten = [email, note, `chat-${evidence}`]
    return { forgotten, kept: but(forgotten) }
  },

  'R18: the only consent is withdrawn': async world => {
    await world.vault.withdraw(id(world, 0), 'times')
    return { forgotten: all(0), kept: but(all(0)) }
  },

  'a consent is refused after it was given': async world => {
    await world.vault.refuse(id(world, 3), 'chat')
    return { forgotten: all(3), kept: but(all(3)) }
  },

  'a name and a number are changed': async world => {
    await world.vault.change(id(world, 2), {
      name: { full: 'Changed2Zq' },
      phones: { p1: { number: '07700 900777' } },
    })
    const { name, phone } = marksOf(2)
    return { forgotten: [name, phone], kept: [...but([name, phone]), 'Changed2Zq', '07700 900777'] }
  },

  'a note is taken out': async world => {
    await world.vault.change(id(world, 1), { notes: null } as never)
    return { forgotten: [marksOf(1).note], kept: but([marksOf(1).note]) }
  },

  'a photo is replaced': async world => {
    const uri = `data:image/png;base64,${btoa('AnotherPhotoZq'.repeat(20))}`
    await world.vault.change(id(world, 2), { media: { m1: { kind: 'photo', uri } } } as never)
    return { forgotten: [marksOf(2).photo], kept: [...but([marksOf(2).photo]), 'AnotherPhotoZq'] }
  },

  'R13: a consent expires while the vault is open': async world => {
    await world.clock.advance('P91D')
    const forgotten = [...all(0), `times-${marksOf(1).evidence}`, `times-${marksOf(2).evidence}`]
    return { forgotten, kept: but(forgotten) }
  },

  'R14: consents expire while the vault is locked, and a cron job without a key forgets': async world => {
    await world.vault.lock()
    for (let weeks = 0; weeks < 5; weeks++) {
      await world.clock.advance('P20D')
      await dropExpired(world.store(), { clock: world.clock })
    }
    const forgotten = [...all(0), `times-${marksOf(1).evidence}`, `times-${marksOf(2).evidence}`]
    return { forgotten, kept: but(forgotten) }
  },

  'R14: consents expire while the vault is locked, and opening it forgets': async world => {
    await world.vault.lock()
    await world.clock.advance('P91D')
    await world.open()
    return { forgotten: all(0), kept: all(3) }
  },

  'a consent is renewed to a later day, and then withdrawn': async world => {
    await world.clock.advance('P10D')
    await world.vault.consent(id(world, 0), consentTo('times', 'RenewedZq'))
    await world.vault.withdraw(id(world, 0), 'times')
    return { forgotten: [...all(0), 'RenewedZq'], kept: but(all(0)) }
  },

  'a consent is renewed to a later day, the first day passes, and then it is withdrawn': async world => {
    await world.clock.advance('P80D')
    await world.vault.consent(id(world, 0), consentTo('times', 'RenewedZq'))
    await world.clock.advance('P20D')
    await world.vault.withdraw(id(world, 0), 'times')
    return { forgotten: [...all(0), 'RenewedZq'], kept: all(3) }
  },

  'a consent is given anew, for a shorter time': async world => {
    await world.vault.consent(id(world, 3), consentTo('chat', 'ShorterZq', '2026-03-20'))
    await world.clock.advance('P20D')
    return { forgotten: [...all(3), 'ShorterZq'], kept: but(all(3)) }
  },

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

  'a passphrase is replaced: the old one opens nothing': async world => {
    const [slot] = await world.vault.slots.list()
    await world.vault.slots.replace((slot as { id: string }).id, testKey(5))
    return { forgotten: everybody(), kept: [] }
  },

  'a passphrase is replaced: the new one opens everything': async world => {
    const [slot] = await world.vault.slots.list()
    await world.vault.slots.replace((slot as { id: string }).id, testKey(5))
    await world.vault.erase(id(world, 0))
    return { forgotten: all(0), kept: but(all(0)), openings: [key(5), key(1)] }
  },

  'a way of unlocking is removed: it opens nothing': async world => {
    const spare = await world.vault.slots.add(testKey(2), 'spare')
    await world.vault.slots.remove(spare.id)
    return { forgotten: everybody(), kept: [], openings: [key(2)] }
  },

  'R22: somebody in quarantine is never asked': async world => {
    const { name, phone } = marksOf(7)
    await world.vault.add({
      card: { name: { full: name }, phones: { p1: { number: phone } } },
      source: 'a list',
    } as never)
    await world.clock.advance('P31D')
    return { forgotten: [name, phone], kept: everybody() }
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
}

async function look(scenario: (world: World) => Promise<Outcome>, options: WorldOptions) {
  const world = await newWorld(options)
  const { forgotten, kept, openings } = await scenario(world)
  const haul = await haulOf(world.medium, openings)
  return {
    forgotten: forgotten.filter(mark => haul.where(mark).length > 0),
    missing: kept.filter(mark => haul.where(mark).length === 0),
    all: forgotten,
  }
}

/** A device that answers for its overwrites and doesn't do those that free a half. */
function skipsFreeing(store: Store): Store {
  const pretended = new Map<number, Uint8Array>()
  const { cell } = store
  const lying: Store['cell'] = {
    create: halves => cell.create(halves),
    read: async half => pretended.get(half)?.slice() ?? (await cell.read(half)),
    async overwrite(half, bytes) {
      if (new TextDecoder().decode(bytes.subarray(0, 4)) === 'AMNF') {
        pretended.set(half, bytes.slice())
        return
      }
      pretended.delete(half)
      await cell.overwrite(half, bytes)
    },
  }
  return new Proxy(store, {
    get(target, name) {
      if (name === 'cell') return lying
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

describe('of what was forgotten nothing can be found, and the rest can', () => {
  test.each(Object.entries(SCENARIOS))('%s', async (_, scenario) => {
    const { forgotten, missing } = await look(scenario, {})
    expect(forgotten).toEqual([])
    expect(missing).toEqual([])
  })
})

describe('on a medium that keeps what is overwritten all of it is found', () => {
  test.each(Object.entries(SCENARIOS))('%s', async (_, scenario) => {
    const { forgotten, all } = await look(scenario, { keepOverwrittenCells: true })
    expect(forgotten).toEqual(all)
  })
})

describe('when the old half is not overwritten at the end, it is found', () => {
  const ONE_STEP = ['R19: a person is erased', 'R18: the only consent is withdrawn', 'a name and a number are changed']
  test.each(ONE_STEP)('%s', async name => {
    const { forgotten, all } = await look(SCENARIOS[name] as never, { through: skipsFreeing })
    expect(forgotten).toEqual(all)
  })
})
