import { describe, expect, it, vi } from 'vitest'
import { type DeliverOptions, type Vault, VaultError } from '../../src/index'
import { Session } from '../../src/session'
import { centre, ledgerOf, prayerTimes, type Riverside, refusal, said, signUp } from './centre'

type Options = DeliverOptions<Riverside, 'prayer-times'>

async function withPeople(count: number) {
  const made = await centre()
  for (let n = 0; n < count; n++) await signUp(made.vault, n, `Person ${n}`)
  const handed: string[] = []
  const deliver = (change: Partial<Options> = {}, vault: Vault<Riverside> = made.vault) =>
    vault.for('prayer-times').deliver({
      recipient: 'sms-gateway',
      batch: 2,
      to: async people => void handed.push(...people.map(({ id }) => id)),
      ...change,
    })
  return { ...made, handed, deliver }
}

describe('a delivery', () => {
  it('hands everybody over once, in batches, each on the ledger before it is handed over (R30)', async () => {
    const { vault, deliver, handed } = await withPeople(5)
    const sizes: number[] = []
    const noted: number[] = []
    const done = await deliver({
      to: async people => {
        sizes.push(people.length)
        noted.push((await ledgerOf(vault, { type: 'delivery-batch' })).length)
        handed.push(...people.map(({ id }) => id))
        for (const { card } of people) expect(Object.keys(card).sort()).toEqual(['@type', 'name', 'phones', 'version'])
      },
    })
    expect(done).toMatchObject({ delivered: 5, leftOut: 0, destroyBy: '2026-04-09T09:30:00.000Z' })
    expect([sizes, noted]).toEqual([
      [2, 2, 1],
      [1, 2, 3],
    ])
    expect(new Set(handed).size).toBe(5)
    expect(await ledgerOf(vault, { type: 'export-ended' })).toMatchObject([{ export: done.id, people: 5 }])
    expect(await ledgerOf(vault, { type: 'export-started' })).toMatchObject([{ via: 'delivery', people: 5 }])
  })

  it('can be gone on with as long as the longest consent in it, and not as the first (R29)', async () => {
    const { vault, clock } = await centre()
    for (const [n, until] of ['2026-03-20', undefined, '2026-03-20'].entries())
      await signUp(vault, n, `Person ${n}`, [prayerTimes(until ? { until } : {})])
    const door = vault.for('prayer-times')
    const none = async () => {
      throw new Error('the provider hung up')
    }
    // Of the two who are left for later, one at least has gone by then.
    const broken = await refusal('DELIVERY_BROKEN', door.deliver({ recipient: 'sms-gateway', batch: 1, to: none }))
    await clock.advance('P20D')
    const again = {
      recipient: 'sms-gateway' as const,
      batch: 1,
      to: async () => undefined,
      resume: broken.data.delivery,
    }
    expect((await door.deliver(again)).leftOut).toBeGreaterThan(0)
  })

  it('that broke is resumed after the last batch that was begun: at most once for each person', async () => {
    const { vault, deliver, handed } = await withPeople(7)
    let calls = 0
    const broken = await refusal(
      'DELIVERY_BROKEN',
      deliver({
        to: async people => {
          if (++calls === 2) throw new Error('the provider hung up')
          handed.push(...people.map(({ id }) => id))
        },
      }),
    )
    expect(broken.data.delivered).toBe(2)
    expect(await ledgerOf(vault, { type: 'export-broken' })).toMatchObject([
      { export: broken.data.delivery, people: 2 },
    ])
    const rest = await deliver({ resume: broken.data.delivery })
    expect(rest).toMatchObject({ id: broken.data.delivery, delivered: 3 })
    expect(handed).toHaveLength(5)
    expect(new Set(handed).size).toBe(5)
    await refusal('UNKNOWN_DELIVERY', deliver({ resume: broken.data.delivery }))
  })

  it.each([
    ['the vault is locked', 'VAULT_LOCKED', 3],
    ['a batch cannot be put on the record', 'NO_SPACE', 3],
    ['its end cannot be put on the record', 'NO_SPACE', 4],
  ] as const)('tells the id to resume by also when %s: nobody is handed over twice', async (_, code, nth) => {
    const { deliver, handed, open } = await withPeople(4)
    const commit = Session.prototype.commit
    let commits = 0
    vi.spyOn(Session.prototype, 'commit').mockImplementation(async function (this: Session, operation) {
      // The first tells of its start, and then each of its batch.
      if (++commits < nth) return commit.call(this, operation) as never
      if (code === 'VAULT_LOCKED') await this.lock()
      throw new VaultError(code)
    })
    const broken = await refusal('DELIVERY_BROKEN', deliver())
    vi.restoreAllMocks()
    expect(broken.cause).toMatchObject({ code })
    expect([broken.data.delivered, handed.length]).toEqual(nth === 3 ? [2, 2] : [4, 4])
    const rest = await deliver({ resume: broken.data.delivery }, await open())
    expect(rest.delivered).toBe(4 - broken.data.delivered)
    expect(new Set(handed).size).toBe(handed.length)
  })

  it('is resumed after a restart, by another actor', async () => {
    const { vault, open, deliver, handed } = await withPeople(4)
    const stop = new AbortController()
    const broken = await refusal(
      'DELIVERY_BROKEN',
      deliver({
        signal: stop.signal,
        to: async people => {
          handed.push(...people.map(({ id }) => id))
          stop.abort()
        },
      }),
    )
    await vault.lock()
    const again = await open('staff:omid')
    expect(await deliver({ resume: broken.data.delivery }, again)).toMatchObject({ delivered: 2 })
    expect(new Set(handed).size).toBe(4)
  })

  it('resumed twice at once hands nobody over twice', async () => {
    const { deliver, handed } = await withPeople(9)
    const broken = await refusal('DELIVERY_BROKEN', deliver({ to: () => Promise.reject(new Error('no')) }))
    await Promise.allSettled([1, 2].map(() => deliver({ resume: broken.data.delivery })))
    expect(new Set(handed).size).toBe(handed.length)
    expect(handed.length).toBeGreaterThan(0)
  })

  it('decides each person again when they are read', async () => {
    const { vault, deliver, handed } = await withPeople(6)
    let first = true
    const done = await deliver({
      to: async people => {
        handed.push(...people.map(({ id }) => id))
        if (!first) return
        first = false
        const { people: all } = await vault.for('prayer-times').list()
        for (const { id } of all) if (!handed.includes(id)) await vault.withdraw(id)
      },
    })
    expect(done).toMatchObject({ delivered: 2, leftOut: 4 })
    expect(handed).toHaveLength(2)
  })

  it('is refused like an export, and needs a recipient that takes deliveries', async () => {
    const { vault, deliver, handed } = await withPeople(1)
    await signUp(vault, 9, 'Eve', [prayerTimes({ given: said })])
    await refusal('EXPORT_REFUSED', deliver())
    await refusal('VIA_NOT_ALLOWED', deliver({ recipient: 'print-shop' }))
    await refusal('UNKNOWN_RECIPIENT', deliver({ recipient: 'broker' as never }))
    await refusal('UNKNOWN_DELIVERY', deliver({ resume: '00'.repeat(16) }))
    await refusal('UNKNOWN_DELIVERY', deliver({ resume: 'x' }))
    for (const batch of [0, 1.5, 1_001]) await expect(deliver({ batch })).rejects.toThrow(TypeError)
    expect(handed).toEqual([])
    expect(await deliver({ whenRefused: 'leave-out' })).toMatchObject({ delivered: 1, leftOut: 1 })
  })

  it('that an aborted signal stops hands nobody over afterwards', async () => {
    const { deliver, handed } = await withPeople(3)
    const stop = new AbortController()
    stop.abort()
    await refusal('DELIVERY_BROKEN', deliver({ signal: stop.signal }))
    expect(handed).toEqual([])
  })

  it('says nothing of what the provider threw but as its cause (R37)', async () => {
    const { deliver } = await withPeople(1)
    const error = await refusal(
      'DELIVERY_BROKEN',
      deliver({ to: () => Promise.reject(new Error('Sara +447700900000')) }),
    )
    expect(JSON.stringify(error) + error.message).not.toMatch(/Sara|900000/)
    expect(error.cause).toBeInstanceOf(Error)
  })
})
