/** What is asked at the same time, or while something else is under way, comes out as if it had been asked one after the other. */
import type { MemoryStep } from '@amanat/store-contract/memory'
import { fakeClock, memoryStore } from '@amanat/vault/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { OpenPages } from '../../src/commit/open-pages'
import { type Policy, type Vault, VaultError } from '../../src/index'
import { OpenVault } from '../../src/open-vault'
import { Session } from '../../src/session'
import { OTHER_KEY, riverside, withRecipient } from '../riverside'
import {
  card,
  centre,
  groupChat,
  ledgerOf,
  lines,
  phone,
  prayerTimes,
  type Riverside,
  refusal,
  signUp,
  textOf,
  typesIn,
} from './centre'

afterEach(() => void vi.restoreAllMocks())

const { 'prayer-times': times, ...others } = riverside.purposes
const renamed = { ...riverside, purposes: { ...others, ramadan: { ...times, was: 'prayer-times' } } } as never
const without = (...names: string[]) => {
  const purposes = Object.fromEntries(Object.entries(riverside.purposes).filter(([name]) => !names.includes(name)))
  return { ...riverside, purposes } as Policy as Riverside
}
const noGateway = {
  ...riverside,
  purposes: { ...others, 'prayer-times': { ...times, recipients: { 'print-shop': times.recipients['print-shop'] } } },
} as Policy as Riverside
const withOtherKey = withRecipient('prayer-times', 'sms-gateway', { ageKeys: [OTHER_KEY] }) as Policy as Riverside
const change = async (vault: Vault<Riverside>, next: Riverside) =>
  vault.changePolicy(next, { accept: await vault.planPolicy(next) })

/** A commit is under way, and these wait for it in this order: else they would be committed one by one. */
async function together(vault: Vault<Riverside>, ...calls: (() => Promise<unknown>)[]) {
  const turns = async (count: number) => {
    for (let i = 0; i < count; i++) await Promise.resolve()
  }
  const all = [vault.suppress({ phone: phone(500) })] as Promise<unknown>[]
  await turns(10)
  for (const call of calls) {
    const answer = call()
    answer.catch(() => undefined)
    all.push(answer)
    await turns(2)
  }
  return (await Promise.allSettled(all)).slice(1)
}

describe('a change of the policy', () => {
  it('that renames a purpose loses nobody who changes or comes at the same time (R3)', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1, 'Sara')
    const accept = await vault.planPolicy(renamed)
    expect(accept.forgotten).toBe(0)
    const outcomes = await together(
      vault,
      () => vault.change(id, { name: { full: 'Sanna' } }),
      () => vault.changePolicy(renamed, { accept } as never),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    const { people } = await vault.for('ramadan' as never).list()
    expect(people).toMatchObject([{ id, name: 'Sanna' }])
  })

  it('that gives up a purpose is planned again when somebody came for it meanwhile (R3)', async () => {
    const { vault } = await centre()
    const accept = await vault.planPolicy(without('prayer-times'))
    const [came, changed] = await together(
      vault,
      () => signUp(vault, 2, 'Omid'),
      () => vault.changePolicy(without('prayer-times'), { accept }),
    )
    expect([came?.status, changed]).toMatchObject([
      'fulfilled',
      { status: 'rejected', reason: { code: 'PLAN_OUTDATED' } },
    ])
    expect(await vault.for('prayer-times').count()).toBe(1)
  })

  it('takes nobody who agrees to something else while it is carried out (R12)', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1)
    // Behind a commit that is under way the consent waits, and then the lot of people that is looked at.
    const commit = Session.prototype.commit
    let commits = 0
    let consented: unknown
    vi.spyOn(Session.prototype, 'commit').mockImplementation(async function (this: Session, operation) {
      if (++commits !== 2) return commit.call(this, operation) as never
      const looked = together(
        vault,
        () => vault.consent(id, groupChat()),
        () => commit.call(this, operation),
      )
      consented = (await looked)[0]?.status
      return undefined as never
    })
    await change(vault, without('prayer-times'))
    vi.restoreAllMocks()
    expect(consented).toBe('fulfilled')
    expect((await vault.for('group-chat').reveal(id))?.card).toEqual(card(1))
  })

  it('is carried out to its end though another one still is (R12)', async () => {
    for (let delay = 0; delay < 40; delay += 3) {
      const { vault } = await centre()
      const ids = [await signUp(vault, 1), await signUp(vault, 2, 'B', [groupChat()])].map(({ id }) => id)
      const first = change(vault, without('prayer-times'))
      while (Object.hasOwn(vault.policy.purposes, 'prayer-times')) await Promise.resolve()
      const accept = await vault.planPolicy(without('prayer-times', 'group-chat'))
      for (let i = 0; i < delay; i++) await Promise.resolve()
      await vault.as('staff:omid').changePolicy(without('prayer-times', 'group-chat'), { accept })
      await first
      expect(await vault.exists(ids)).toEqual([])
      await vault.lock()
    }
  })

  it('that gives up a purpose is carried out before another puts it back: nobody agreed to that one (R3)', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1, 'Sara', [prayerTimes(), groupChat()])
    const { narrow } = OpenVault.prototype
    let goOn = () => {}
    const held = new Promise<void>(resolve => {
      goOn = resolve
    })
    vi.spyOn(OpenVault.prototype, 'narrow').mockImplementationOnce(async function (this: OpenVault) {
      await held
      await narrow.call(this)
    })
    const first = change(vault, without('prayer-times'))
    while (Object.hasOwn(vault.policy.purposes, 'prayer-times')) await Promise.resolve()
    // With a key that would have to wait where the purpose had been there all the time.
    const other = vault.as('staff:omid')
    await other.changePolicy(withOtherKey, { accept: await other.planPolicy(withOtherKey) })
    goOn()
    await first
    expect(await vault.for('prayer-times').check({ recipient: 'sms-gateway', ids: [id] })).toMatchObject({ allowed: 0 })
    expect(await vault.for('prayer-times').get(id)).toBeUndefined()
  })

  it('is carried out by who opens the vault, when who accepted it ended and another was still at an older one (R12)', async () => {
    const { vault, open } = await centre()
    const ids = [await signUp(vault, 1), await signUp(vault, 2, 'B', [groupChat()])].map(({ id }) => id)
    const other = await open()
    // Stands still before the last commit of its own change.
    let go = () => {}
    const held = new Promise<void>(resolve => {
      go = resolve
    })
    const commit = Session.prototype.commit
    let own: unknown
    let commits = 0
    const there = new Promise<void>(reached => {
      vi.spyOn(Session.prototype, 'commit').mockImplementation(async function (this: Session, operation) {
        own ??= this
        if (this === own && ++commits === 3) {
          reached()
          await held
        }
        return commit.call(this, operation) as never
      })
    })
    const first = change(vault, without('prayer-times'))
    await there
    vi.spyOn(OpenVault.prototype, 'narrow').mockResolvedValueOnce(undefined)
    await change(other, without('prayer-times', 'group-chat'))
    go()
    await first
    vi.restoreAllMocks()
    const later = await open('staff:nasrin', { policy: without('prayer-times', 'group-chat') } as never)
    expect(await later.exists(ids)).toEqual([])
  })
})

describe('look-ups', () => {
  it('that find nobody are limited though they are asked at once (R25)', async () => {
    const limited = { ...riverside, bulk: { ...riverside.bulk, missesPerHour: 20 } } as Policy as Riverside
    for (const look of [
      (vault: Vault<Riverside>, n: number) => vault.for('prayer-times').find({ phone: phone(n) }),
      (vault: Vault<Riverside>, n: number) => vault.identify({ phone: phone(n) }),
    ]) {
      const { vault } = await centre(limited)
      const all = await Promise.allSettled(Array.from({ length: 200 }, (_, n) => look(vault, 100 + n)))
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
      await refusal('BULK_READ_REFUSED', look(vault, 400))
    }
  })

  it('that are refused at once are on the record once (R25)', async () => {
    const limited = { ...riverside, bulk: { ...riverside.bulk, perActor: [{ people: 1, within: 'PT1H' }] } }
    const { vault } = await centre(limited as Policy as Riverside)
    const ids: string[] = []
    for (let n = 0; n < 8; n++) ids.push((await signUp(vault, n)).id)
    await Promise.allSettled(ids.map(id => vault.for('prayer-times').reveal(id)))
    expect(await ledgerOf(vault, { type: 'bulk-read-refused' })).toHaveLength(1)
  })

  it('of somebody who goes, or leaves the purpose, in the same commit show nobody (R18)', async () => {
    const { vault } = await centre()
    const ids: string[] = []
    for (let n = 0; n < 3; n++) ids.push((await signUp(vault, n, 'Sara', [prayerTimes(), groupChat()])).id)
    const [erased, left, stays] = ids as [string, string, string]
    const door = vault.for('prayer-times')
    const outcomes = await together(
      vault,
      () => vault.erase(erased),
      () => vault.withdraw(left, 'prayer-times'),
      () => door.reveal(erased),
      () => door.reveal(left),
      () => door.find({ phone: phone(1) }),
      () => door.reveal(stays),
    )
    const shown = outcomes.slice(2).map(one => (one.status === 'fulfilled' ? one.value : one.reason))
    expect(shown).toMatchObject([undefined, undefined, [], { id: stays }])
  })
})

describe('the meter of quarantine', () => {
  it('looks back as far as its own windows, open or opened anew (R22)', async () => {
    const policy = { ...riverside, quarantine: { perActor: [{ people: 2, within: 'P60D' }] } } as Policy as Riverside
    for (const restart of [false, true]) {
      const { vault, open, clock } = await centre(policy)
      const waits = async (by: Vault<Riverside>, n: number) =>
        (await by.add({ card: card(n), source: 'list', mayAsk: 'they-asked' } as never)).id
      for (const n of [1, 2]) await vault.quarantine.reveal(await waits(vault, n))
      if (restart) await vault.lock()
      await clock.advance('P32D')
      const later = restart ? await open('staff:leila', { policy } as never) : vault
      await refusal('BULK_READ_REFUSED', later.quarantine.reveal(await waits(later, 3)))
    }
  })
})

describe('what leaves', () => {
  const printed = prayerTimes({ recipients: ['print-shop'] })
  const sealedOnly = (recipient: string) =>
    withRecipient('prayer-times', recipient, { via: ['sealed-file'] }) as Policy as Riverside
  const sixPeople = async () => {
    const all = await centre()
    const ids: string[] = []
    for (let n = 0; n < 6; n++) ids.push((await signUp(all.vault, n)).id)
    return { ...all, ids, door: all.vault.for('prayer-times') }
  }
  const endsOf = async (vault: Vault<Riverside>) => (await typesIn(vault)).filter(type => type.startsWith('export-'))

  it('stops at once when its way is taken away, and is not gone on with (R3, R30)', async () => {
    const { vault, door } = await sixPeople()
    let handed = 0
    const to = async (people: readonly unknown[]) => {
      handed += people.length
      await change(vault, sealedOnly('sms-gateway'))
    }
    const error = await refusal('DELIVERY_BROKEN', door.deliver({ recipient: 'sms-gateway', batch: 2, to }))
    expect(error.cause).toMatchObject({ code: 'VIA_NOT_ALLOWED' })
    const resume = error.data.delivery
    await refusal('VIA_NOT_ALLOWED', door.deliver({ recipient: 'sms-gateway', batch: 2, resume, to }))
    expect(handed).toBe(2)
  })

  it.each([
    ['its recipient', noGateway, 'UNKNOWN_RECIPIENT'],
    ['its purpose', without('prayer-times'), 'UNKNOWN_PURPOSE'],
  ])('in batches stops when %s is taken away, and is on the ledger as broken (R29)', async (_, next, code) => {
    const { vault, ids, door } = await sixPeople()
    for (const id of ids) await vault.consent(id, groupChat())
    let handed = 0
    const to = async (people: readonly unknown[]) => {
      handed += people.length
      await change(vault, next)
    }
    const error = await refusal('DELIVERY_BROKEN', door.deliver({ recipient: 'sms-gateway', batch: 2, to }))
    expect([error.cause, error.data.delivered]).toMatchObject([{ code }, 2])
    expect(handed).toBe(2)
    expect(await endsOf(vault)).toEqual(['export-started', 'export-broken'])
  })

  it('in the clear is not opened once that was taken away (R3, R30)', async () => {
    const { vault } = await centre()
    await signUp(vault, 1, 'Sara', [printed])
    const door = vault.for('prayer-times')
    const out = await door.export({ recipient: 'print-shop', format: 'lines', via: 'plaintext-file' })
    out.manifest.catch(() => undefined)
    await change(vault, sealedOnly('print-shop'))
    await expect(textOf(out.file)).rejects.toMatchObject({ code: 'VIA_NOT_ALLOWED' })
    expect(await endsOf(vault)).toEqual(['export-started', 'export-broken'])
  })

  it.each([
    ['in the clear, its way', sealedOnly('print-shop'), 'print-shop', 'plaintext-file', 'VIA_NOT_ALLOWED'],
    ['sealed, a key of its recipient', withOtherKey, 'sms-gateway', 'sealed-file', 'NO_AGE_KEYS'],
    ['sealed, its recipient', noGateway, 'sms-gateway', 'sealed-file', 'UNKNOWN_RECIPIENT'],
  ] as const)(
    '%s is taken away while it is read: nobody more leaves (R3, R30)',
    async (_, next, recipient, via, code) => {
      const { vault, open } = await centre()
      const both = prayerTimes({ recipients: ['print-shop', 'sms-gateway'] })
      const people = Array.from({ length: 200 }, (_, n) => ({
        card: card(n),
        consents: [both, groupChat()],
        source: 'x',
      }))
      await vault.addMany(people)
      // Sealing reads ahead: so much of each that it hasn't read everybody at once.
      const long = {
        ...lines,
        async *write(people: AsyncIterable<unknown>) {
          for await (const _person of people) yield new Uint8Array(4_000)
        },
      }
      const other = await open('staff:omid', { formats: { lines: long } } as never)
      let written = 0
      const onProgress = (people: number) => {
        written = people
      }
      const out = await other.for('prayer-times').export({ recipient, format: 'lines', via, onProgress } as never)
      out.manifest.catch(() => undefined)
      const reader = out.file.getReader()
      await reader.read()
      await change(vault, next as Riverside)
      const rest = async () => {
        while (!(await reader.read()).done);
      }
      await expect(rest()).rejects.toMatchObject({ code })
      expect(written).toBeLessThanOrEqual(64)
      expect(await endsOf(vault)).toEqual(['export-started', 'export-broken'])
    },
  )

  it('was read to its end when its recipient is taken away, or who reads it turns away, while that is recorded (R29)', async () => {
    const meanwhile = [
      (vault: Vault<Riverside>) => change(vault, noGateway),
      (_: unknown, reader: { cancel(): Promise<void> }) => void reader.cancel(),
    ]
    for (const happens of meanwhile) {
      const { vault } = await centre()
      await signUp(vault, 1, 'Sara', [prayerTimes(), groupChat()])
      const out = await vault.for('prayer-times').export({ recipient: 'sms-gateway', format: 'lines' })
      const reader = out.file.getReader()
      const commit = Session.prototype.commit
      const spy = vi.spyOn(Session.prototype, 'commit').mockImplementation(async function (this: Session, operation) {
        spy.mockRestore()
        await happens(vault, reader)
        return commit.call(this, operation) as never
      })
      while (!(await reader.read()).done);
      expect((await out.manifest).recipient).toMatchObject({ id: 'sms-gateway', name: 'Pigeon SMS' })
      expect(await endsOf(vault)).toEqual(['export-started', 'export-ended'])
    }
  })

  it('is not who withdrew after they were read and before that was on the record (R18)', async () => {
    const { vault, door, ids } = await sixPeople()
    const commit = Session.prototype.commit
    let read = false
    const ahead = vi.spyOn(OpenPages.prototype, 'readAhead').mockImplementation(async () => {
      read = true
    })
    vi.spyOn(Session.prototype, 'commit').mockImplementation(async function (this: Session, operation) {
      if (read) {
        read = false
        ahead.mockRestore()
        for (const id of ids.slice(0, 2)) await vault.withdraw(id)
      }
      return commit.call(this, operation) as never
    })
    const handed: string[] = []
    const to = async (people: readonly { id: string }[]) => void handed.push(...people.map(({ id }) => id))
    const report = await door.deliver({ recipient: 'sms-gateway', to: to as never })
    expect(handed.sort()).toEqual(ids.slice(2).sort())
    expect(report).toMatchObject({ delivered: 4, leftOut: 2 })
  })

  it('and cannot be read on with is told as broken, and can be gone on with', async () => {
    const { vault, door, ids } = await sixPeople()
    const readAhead = OpenPages.prototype.readAhead
    let reads = 0
    vi.spyOn(OpenPages.prototype, 'readAhead').mockImplementation(async function (this: OpenPages, all) {
      if ([...all].length > 0 && ++reads === 2) throw new VaultError('CORRUPT', { data: { row: 'pages' } })
      return readAhead.call(this, all)
    })
    const handed: string[] = []
    const to = async (people: readonly { id: string }[]) => void handed.push(...people.map(({ id }) => id))
    const all = { recipient: 'sms-gateway', batch: 2, to: to as never } as const
    const error = await refusal('DELIVERY_BROKEN', door.deliver(all))
    vi.restoreAllMocks()
    expect(await endsOf(vault)).toContain('export-broken')
    await door.deliver({ ...all, resume: error.data.delivery })
    expect(handed.sort()).toEqual(ids.sort())
  })

  it.each([
    ['while its format is slow', async () => new Promise(resolve => setTimeout(resolve, 20)), false],
    ['with a format that fails at its end', async () => undefined, true],
  ])('and is cancelled %s is broken, and never a finished export (R29)', async (_, between, fails) => {
    const { vault, open } = await centre()
    for (let n = 0; n < 3; n++) await signUp(vault, n, undefined, [printed])
    const format = {
      ...lines,
      async *write(people: AsyncIterable<unknown>) {
        try {
          for await (const _person of people) {
            yield new Uint8Array(10)
            await between()
          }
        } finally {
          if (fails) await Promise.reject(new Error('the end'))
        }
      },
    }
    const other = await open('staff:omid', { formats: { lines: format } } as never)
    const door = other.for('prayer-times')
    const out = await door.export({ recipient: 'print-shop', format: 'lines', via: 'plaintext-file' })
    const manifest = out.manifest.then(
      () => 'a manifest',
      (error: Error) => error.name,
    )
    const reader = out.file.getReader()
    await reader.read()
    const pending = fails ? undefined : reader.read().catch(() => undefined)
    if (!fails) await new Promise(resolve => setTimeout(resolve, 5))
    await reader.cancel('enough').catch(() => undefined)
    await pending
    expect(await manifest).toBe('AbortError')
    await vi.waitFor(async () => expect(await endsOf(other)).toEqual(['export-started', 'export-broken']))
  })
})

describe('a listener that throws', () => {
  it('fails nothing that it is told of, and keeps nobody else from hearing it', async () => {
    const { vault } = await centre()
    const reported = vi.fn()
    vi.stubGlobal('reportError', reported)
    const heard: string[] = []
    const mistake = new Error('the listener')
    vault.subscribe(() => {
      throw mistake
    })
    vault.subscribe(({ type }) => void heard.push(type))
    await signUp(vault, 1)
    expect(await vault.for('prayer-times').count()).toBe(1)
    await vault.lock()
    vi.unstubAllGlobals()
    expect(heard).toEqual(['changed', 'locked'])
    expect(reported.mock.calls).toEqual([[mistake], [mistake]])
  })
})

describe('a listener that is told', () => {
  it('may subscribe anew, and hears of the next event', async () => {
    const { vault } = await centre()
    let calls = 0
    let off = vault.subscribe(function again() {
      // Else this would go on for ever.
      if (++calls > 100) return
      off()
      off = vault.subscribe(again)
    })
    await signUp(vault, 1)
    expect(calls).toBe(1)
    await signUp(vault, 2)
    expect(calls).toBe(2)
  })

  it('is told no more once another one has taken it off', async () => {
    const { vault } = await centre()
    const heard: string[] = []
    vault.subscribe(() => off())
    const off = vault.subscribe(({ type }) => void heard.push(type))
    await signUp(vault, 1)
    expect(heard).toEqual([])
  })

  it('is told as often as it was given, and the one stays when the other goes', async () => {
    const { vault } = await centre()
    let calls = 0
    const listener = () => void calls++
    const off = vault.subscribe(listener)
    vault.subscribe(listener)
    off()
    await signUp(vault, 1)
    expect(calls).toBe(1)
  })
})

describe('a clock that fails at midnight', () => {
  it('is set again by who comes next, and people are forgotten in time (R14)', async () => {
    const inner = fakeClock('2026-03-10T09:30:00Z')
    let fails = false
    const failed = vi.fn()
    const clock = {
      now: () => {
        if (fails) throw new Error('no time')
        return inner.now()
      },
      at: (instant: number, run: () => Promise<void>) => inner.at(instant, () => run().catch(failed)),
    }
    const { vault } = await centre(riverside, { clock })
    const heard: string[] = []
    vault.subscribe(({ type }) => void heard.push(type))
    await signUp(vault, 1, 'Sara', [prayerTimes({ until: '2026-03-14' })])
    fails = true
    await inner.advance('PT15H')
    fails = false
    expect(failed).not.toHaveBeenCalled()
    await vault.for('prayer-times').count()
    await inner.advance('P6D')
    expect(heard).toContain('expired')
  })
})

describe('a vault that is locked while it forgets at midnight', () => {
  it('leaves no timer', async () => {
    const inner = fakeClock('2026-03-10T09:30:00Z')
    const waiting = new Set<object>()
    const clock = {
      now: () => inner.now(),
      at: (instant: number, run: () => Promise<void>) => {
        const timer = {}
        waiting.add(timer)
        const cancel = inner.at(instant, () => {
          waiting.delete(timer)
          return run()
        })
        return () => {
          waiting.delete(timer)
          cancel()
        }
      },
    }
    let locking: Promise<void> | undefined
    let armed = false
    const onStep = ({ op }: MemoryStep) => {
      if (armed && op === 'dropRows') locking ??= vault.lock()
    }
    const { vault } = await centre(riverside, { clock, store: memoryStore({ onStep }) })
    armed = true
    await inner.advance('PT15H')
    expect(locking).toBeDefined()
    await locking
    expect(waiting.size).toBe(0)
  })
})
