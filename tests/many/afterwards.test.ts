/**
 * What one has acknowledged, every other shows from then on: a call that begins after a withdrawal, an erasure or a
 * change was answered in another process, or by another object of this one, shows nothing of what went, whichever call
 * it is. No clock and no waiting between the two: the answer is the only sign.
 */
import { env } from 'node:process'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { KilledVault } from '../kills/act'
import { Chance } from '../kills/chance'
import { PURPOSES, type Purpose } from '../kills/people'
import type { Script } from '../kills/process'
import { figures, size } from '../trust/figures'
import { ask } from './ask'
import { exportsOf, type Left } from './leaving'
import { asks, leaves, Place, type Worker, workerScript } from './place'
import type { Answered, Asked } from './register'

const SEED = Number(env.AMANAT_MANY_SEED ?? 1 + Math.floor(Math.random() * 1e9))

let worker: Script
let place: Place | undefined
beforeAll(async () => {
  worker = await workerScript()
})
afterEach(() => place?.end())
afterAll(() => worker.remove())

/** Somebody who works on the vault, in this process or another. */
interface Party {
  readonly name: string
  ask(asked: Asked): Promise<Answered>
  leave(): Promise<Left[]>
}

const inProcess = (name: string, one: Worker): Party => ({
  name,
  ask: asked => asks(one, asked),
  leave: () => leaves(one),
})

const here = (name: string, vault: KilledVault, { ids }: Place): Party => ({
  name,
  ask: asked => ask(vault, asked, ids),
  leave: () => exportsOf(vault),
})

type Going = 'withdraw one' | 'withdraw all' | 'erase'

/** Everything that could show them, all at once: each of these begins after the answer. */
async function showing(
  party: Party,
  key: string,
  id: string,
  gone: readonly Purpose[],
  left: boolean,
  leaving: boolean,
): Promise<string[]> {
  const wrong: string[] = []
  const is = (shows: boolean, call: string) => {
    if (shows) wrong.push(`${party.name} shows ${key} by ${call}`)
  }
  const calls = gone.flatMap(purpose => [
    party.ask({ do: 'get', key, purpose }).then(said => is('shown' in said && said.shown !== null, `get ${purpose}`)),
    party
      .ask({ do: 'reveal', key, purpose })
      .then(said => is('shown' in said && said.shown !== null, `reveal ${purpose}`)),
    ...(['list', 'find'] as const).map(call =>
      party
        .ask({ do: call, purpose })
        .then(said => is('names' in said && said.names.some(([each]) => each === key), `${call} ${purpose}`)),
    ),
  ])
  if (!left) {
    calls.push(
      party.ask({ do: 'exist' }).then(said => is('keys' in said && said.keys.includes(key), 'exists')),
      party
        .ask({ do: 'change', key, name: 'Name-back' })
        .then(said => is(!('refused' in said) || said.refused !== 'UNKNOWN_CONTACT', 'change')),
    )
  }
  await Promise.all(calls)
  for (const { purpose, handedOver } of leaving ? await party.leave() : []) {
    if (gone.includes(purpose)) is(handedOver.includes(id), `delivery for ${purpose}`)
  }
  return wrong
}

/** How many each purpose has, by every call that counts. */
async function counts(party: Party): Promise<number[][]> {
  const exported = new Map((await party.leave()).map(({ purpose, exported }) => [purpose, exported]))
  const all = PURPOSES.map(async purpose => {
    const count = await party.ask({ do: 'count', purpose })
    const check = await party.ask({ do: 'check', purpose })
    return [...[count, check].map(said => ('count' in said ? said.count : -1)), exported.get(purpose) ?? 0]
  })
  return Promise.all(all)
}

describe('what one has acknowledged, every other shows from then on:', () => {
  test(
    'whoever withdrew or was erased is in no answer of anybody that was asked for afterwards',
    async () => {
      const seed = SEED
      const chance = new Chance(seed)
      place = await Place.make(worker, size(10, 60))
      const [one, other] = await Promise.all([place.start('one'), place.start('other')])
      const parties = [
        inProcess('one', one),
        inProcess('other', other),
        here('mine', await place.open('staff:mine'), place),
        here('yours', await place.open('staff:yours'), place),
      ]
      const live = new Map([...place.initial].map(([key, held]) => [key, [...held.live]]))
      let looked = 0
      for (const [key, purposes] of live) {
        const id = place.ids.get(key) as string
        const going: Going = chance.pick(['withdraw one', 'withdraw all', 'erase'])
        const actor = chance.pick(parties)
        const gone = going === 'withdraw one' ? [chance.pick(purposes)] : [...purposes]
        const left = purposes.length > gone.length
        const said = await actor.ask(
          going === 'erase'
            ? { do: 'erase', key }
            : { do: 'withdraw', key, ...(going === 'withdraw one' ? { purpose: gone[0] as Purpose } : {}) },
        )
        expect(said).toEqual(going === 'erase' ? { done: true } : { taken: gone.length })
        // Exports take long: those of one process and of one object, in turn.
        const leavers = parties.filter((_, i) => i % 2 === (looked / 4) % 2)
        const wrong = await Promise.all(parties.map(each => showing(each, key, id, gone, left, leavers.includes(each))))
        expect(wrong.flat(), `AMANAT_MANY_SEED=${seed}: after ${going} by ${actor.name}`).toEqual([])
        live.set(key, left ? purposes.filter(each => !gone.includes(each)) : [])
        looked += parties.length
        if (chance.once(3)) {
          const expected = PURPOSES.map(purpose => [...live.values()].filter(each => each.includes(purpose)).length)
          expect(await counts(chance.pick(parties))).toEqual(expected.map(count => [count, count, count]))
        }
      }
      figures('many', { 'answers asked for after a leaving': looked, processes: 2 })
    },
    size(180_000, 3_600_000),
  )

  test(
    'a change is in the next answer of everybody, and a change on top of the old is CONFLICT',
    async () => {
      place = await Place.make(worker, 2)
      const [one, other] = await Promise.all([place.start('one'), place.start('other')])
      const parties = [
        inProcess('one', one),
        inProcess('other', other),
        here('mine', await place.open('staff:mine'), place),
      ]
      // The second has all three consents.
      const key = 'p1x'
      const purpose = place.initial.get(key)?.live[0] as Purpose
      for (let revision = 1; revision <= size(9, 200); revision++) {
        const actor = parties[revision % parties.length] as Party
        const name = `Name-${revision}`
        expect(await actor.ask({ do: 'change', key, name, ifRevision: revision })).toEqual({ revision: revision + 1 })
        await Promise.all(
          parties.map(async each => {
            expect(await each.ask({ do: 'get', key, purpose })).toEqual({ shown: { revision: revision + 1, name } })
            const late: Asked = { do: 'change', key, name: 'Name-late', ifRevision: revision }
            expect(await each.ask(late)).toEqual({ refused: 'CONFLICT' })
          }),
        )
      }
    },
    size(180_000, 3_600_000),
  )
})
