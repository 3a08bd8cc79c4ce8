// Random histories of a vault beside a plain model of the rules: after each step both must say the same of everybody,
// through every door, from another object than the one that acted. AMANAT_HISTORIES sets how many histories there are.
import { fakeClock, memoryMedium, memoryStore, testKey } from '@amanat/vault/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createVault, definePolicy, isVaultError, openVault, type Vault } from '../../src/index'
import { KEY } from '../riverside'
import { ALL, type Ask, DAY, Model, type Person, PURPOSES, type Purpose } from './model'

interface WithEnvironment {
  readonly process?: { readonly env: { readonly AMANAT_HISTORIES?: string } }
}
const HISTORIES = Number((globalThis as WithEnvironment).process?.env.AMANAT_HISTORIES ?? 1_000)

const to = (members: 'kept-apart' | 'see-each-other') =>
  ({ name: 'Somebody', role: 'processor', country: 'GB', members, ageKeys: [KEY] }) as const
const policy = definePolicy({
  controller: { name: 'Quay', contact: 'q@quay.example', address: '1 Quay', jurisdiction: 'GB', withdraw: 'Write' },
  region: 'GB',
  purposes: {
    news: {
      description: 'News',
      fields: ['name', 'phones'],
      keepFor: 'P60D',
      recipients: { mailer: to('kept-apart') },
    },
    chat: {
      description: 'Chat',
      fields: ['name', 'emails'],
      keepFor: 'P200D',
      recipients: { group: to('see-each-other') },
    },
    care: {
      description: 'Care',
      fields: ['name', 'phones', 'emails'],
      keepFor: 'P800D',
      special: true,
      recipients: { clinic: to('kept-apart') },
    },
  },
  bulk: { perActor: [{ people: 1_000, within: 'PT1H' }], vault: [{ share: 0.1, within: 'P30D' }] },
})
type V = Vault<typeof policy>

const START = '2026-03-10T09:30:00Z'
/** So few that a tenth, of which ten are always allowed, is never used up: the meter has tests of its own. */
const MOST_PEOPLE = 9

const purpose = fc.constantFrom(...ALL)
const ask: fc.Arbitrary<Ask> = fc.record({
  purpose,
  evidence: fc.boolean(),
  daysAgo: fc.constantFrom(0, 0, 0, 3, 20, 70),
  untilDays: fc.option(fc.integer({ min: 1, max: 90 }), { nil: undefined, freq: 3 }),
  toRecipient: fc.boolean(),
  nameOnly: fc.nat(4).map(n => n === 0),
})
const point = fc.nat(7)
const who = fc.nat(MOST_PEOPLE - 1)
const by = fc.constantFrom(0 as const, 1 as const)
const points = fc.record({ phones: fc.option(point, { freq: 4 }), emails: fc.option(point, { freq: 2 }) })

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('add' as const), by, points, asks: fc.array(ask, { maxLength: 2 }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('consent' as const), by, who, ask }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refuse' as const), by, who, purpose }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('withdraw' as const),
      by,
      who,
      purpose: fc.option(purpose, { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('change' as const), by, who, points }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('erase' as const), by, who, suppress: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('suppress' as const), by, phone: point }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      by,
      days: fc.constantFrom(1, 2, 9, 29, 31, 60, 200),
      purges: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('back' as const), by, days: fc.integer({ min: 1, max: 100 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('midnight' as const), by }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const), by }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const phone = (n: number) => `+44 7700 90000${n}`
const email = (n: number) => `p${n}@example.org`
const cardOf = ({ name, phones, emails }: Person['card']) => ({
  ...(name === undefined ? {} : { name: { full: name } }),
  ...(phones === undefined ? {} : { phones: { p1: { number: phone(phones) } } }),
  ...(emails === undefined ? {} : { emails: { e1: { address: email(emails) } } }),
})
const iso = (instant: number) => new Date(instant).toISOString()

/** Short fingerprints stop an innocent point now and then (R20): how often is counted, and must be rare. */
const innocent = { asked: 0, stopped: 0 }

async function play(steps: readonly Step[]): Promise<void> {
  const clock = fakeClock(START)
  const medium = memoryMedium()
  const options = () => ({ store: memoryStore({ medium }), unlock: testKey(), policy, actor: 'staff:leila', clock })
  const vaults: [V, V] = [await createVault(options()), await openVault(options())]
  const model = new Model(clock.now())
  const ids: string[] = []
  const idOf = (n: number) => ids[n % Math.max(1, ids.length)]

  const asked = ({ purpose, evidence, daysAgo, untilDays, toRecipient, nameOnly }: Ask) =>
    ({
      purpose,
      recipients: toRecipient ? [PURPOSES[purpose].recipient] : [],
      ...(nameOnly ? { fields: ['name'] } : {}),
      ...(untilDays === undefined ? {} : { until: iso(model.now + untilDays * DAY) }),
      given: {
        how: 'paper',
        at: iso(model.now - daysAgo * DAY),
        ...(evidence ? { evidence: { kind: 'scan', content: new Uint8Array([1]) } } : {}),
      },
    }) as never

  /** Runs one call, and the model beside it; both must say the same. */
  async function both<T>(
    call: Promise<T>,
    expected: () => { refused: string } | { done: true },
  ): Promise<T | undefined> {
    const answer = await call.then(
      value => ({ value }),
      (error: unknown) => {
        if (!isVaultError(error)) throw error
        return { refused: error.code }
      },
    )
    innocent.asked++
    if ('refused' in answer && (answer.refused === 'SUPPRESSED' || answer.refused === 'QUARANTINE_AGAIN')) {
      const saved = structuredClone({ people: model.people, left: model.left, waited: model.waited })
      const said = expected()
      if ('refused' in said) {
        expect(answer.refused).toBe(said.refused)
        return undefined
      }
      innocent.stopped++
      model.people.clear()
      for (const [id, person] of saved.people) model.people.set(id, person)
      model.left.splice(0, Number.POSITIVE_INFINITY, ...saved.left)
      model.waited.splice(0, Number.POSITIVE_INFINITY, ...saved.waited)
      return undefined
    }
    const said = expected()
    expect('refused' in answer ? { refused: answer.refused } : { done: true }).toEqual(said)
    return 'value' in answer ? answer.value : undefined
  }

  for (const one of steps) {
    const vault = vaults[one.by]
    switch (one.do) {
      case 'add': {
        if (ids.length >= MOST_PEOPLE) break
        const card: Person['card'] = { name: `Person ${ids.length}` }
        if (one.points.phones !== null) card.phones = one.points.phones
        if (one.points.emails !== null) card.emails = one.points.emails
        const sharing = model.sharing(card)
        const added = await both(
          vault.add({
            card: cardOf(card),
            consents: one.asks.map(asked),
            source: 'model',
            ...(one.asks.length === 0 ? { mayAsk: 'they-asked' } : {}),
          }),
          () => model.add(undefined, card, one.asks),
        )
        if (!added) break
        model.add(added.id, card, one.asks)
        ids.push(added.id)
        expect([...added.maybeSame].sort()).toEqual(sharing.sort())
        break
      }
      case 'consent': {
        const id = idOf(one.who)
        if (id) await both(vault.consent(id, asked(one.ask)), () => model.consent(id, one.ask))
        break
      }
      case 'refuse': {
        const id = idOf(one.who)
        if (id) await both(vault.refuse(id, one.purpose), () => model.refuse(id, one.purpose))
        break
      }
      case 'withdraw': {
        const id = idOf(one.who)
        if (id) await both(vault.withdraw(id, one.purpose), () => model.withdraw(id, one.purpose))
        break
      }
      case 'change': {
        const id = idOf(one.who)
        const { phones, emails } = one.points
        const patch = {
          phones: phones === null ? null : { p1: { number: phone(phones) } },
          ...(emails === null ? {} : { emails: { e1: { address: email(emails) } } }),
        }
        const simple = { phones, ...(emails === null ? {} : { emails }) }
        if (id) await both(vault.change(id, patch), () => model.change(id, simple))
        break
      }
      case 'erase': {
        const id = idOf(one.who)
        if (id) await both(vault.erase(id, { suppress: one.suppress }), () => model.erase(id, one.suppress))
        break
      }
      case 'suppress':
        await vault.suppress({ phone: phone(one.phone) })
        model.suppress(one.phone)
        break
      case 'move':
        clock.set(iso(model.now + one.days * DAY))
        model.move(clock.now())
        // A time that nobody looked at was not seen.
        for (const each of vaults) await each.exists([])
        if (one.purges) await vault.purge()
        break
      case 'back':
        clock.set(iso(model.now - one.days * DAY))
        break
      case 'midnight':
        clock.set(iso(model.now))
        await clock.advance('P1D')
        model.move(clock.now())
        for (const each of vaults) await each.exists([])
        break
      case 'reopen':
        await vault.lock()
        vaults[one.by] = await openVault(options())
        break
    }
    await compare(vaults[one.by === 0 ? 1 : 0], model, ids)
  }
  await compare(vaults[0], model, ids)
  for (const id of ids) {
    for (const purpose of ALL) {
      const shown = await vaults[1].for(purpose).reveal(id)
      const seen = model.seen(id, purpose)
      expect(shown?.card).toEqual(seen && cardOf(seen.card))
    }
  }
  for (const vault of vaults) await vault.lock()
}

/** Everything that a vault says of everybody, beside what the model says. */
async function compare(vault: V, model: Model, ids: readonly string[]): Promise<void> {
  expect([...(await vault.exists(ids))].sort()).toEqual([...model.people.keys()].sort())
  for (const purpose of ALL) await compareDoor(vault, model, ids, purpose)
  for (const id of ids) {
    const consents = await vault.consents(id).catch(() => undefined)
    const person = model.people.get(id)
    const shown = consents?.map(({ purpose, state, events, until }) => [
      purpose,
      state,
      events.map(({ kind }) => kind).join(),
      until,
    ])
    const said =
      person &&
      [...person.consents].map(([purpose, { state, kinds, until }]) => [
        purpose,
        state,
        kinds.join(),
        state === 'given' ? iso(until) : undefined,
      ])
    expect(shown?.sort()).toEqual(said?.sort())
  }
  const waiting = [...model.people].filter(([, person]) => person.quarantinedUntil !== undefined)
  const { people, total } = await vault.quarantine.list()
  expect(total).toBe(waiting.length)
  expect(people.map(({ id, until }) => `${id} ${until}`).sort()).toEqual(
    waiting.map(([id, person]) => `${id} ${iso(person.quarantinedUntil as number)}`).sort(),
  )
}

async function compareDoor(vault: V, model: Model, ids: readonly string[], purpose: Purpose): Promise<void> {
  const door = vault.for(purpose)
  const { special, recipient } = PURPOSES[purpose]
  const seen = ids.flatMap(id => {
    const one = model.seen(id, purpose)
    return one ? [{ id, ...one }] : []
  })
  expect(await door.count()).toBe(seen.length)
  const { people } = await door.list()
  const said = seen.map(({ id, consent, card }) => ({
    id,
    until: iso(consent.until),
    assurance: consent.assurance,
    ...(special || card.name === undefined ? {} : { name: card.name }),
  }))
  const sorted = <T extends { id: string }>(list: readonly T[]) => [...list].sort((a, b) => (a.id < b.id ? -1 : 1))
  expect(sorted(people)).toEqual(sorted(said))
  for (const id of ids) {
    const one = model.seen(id, purpose)
    const shown = await door.get(id)
    expect(shown?.card).toEqual(one && cardOf(special || one.card.name === undefined ? {} : { name: one.card.name }))
    if (one) expect(shown?.revision).toBe(model.people.get(id)?.revision)
  }
  const request = { recipient: recipient as never }
  expect(await door.check(request)).toEqual(model.check(purpose))
  if (ids.length > 0) expect(await door.check({ ...request, ids })).toMatchObject(model.tally(ids, purpose))
}

describe('a vault', () => {
  it(`says after every step of ${HISTORIES} histories what the rules say`, async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), play), {
      numRuns: HISTORIES,
      endOnFailure: false,
      verbose: 0,
    })
    // One in a hundred points at most (R20); each call brings two at most.
    expect(innocent.stopped).toBeLessThanOrEqual(10 + 0.02 * innocent.asked)
  }, 3_600_000)
})
