import { describe, expect, it } from 'vitest'
import type { NewContact, RowOutcome } from '../../src/index'
import { riverside } from '../riverside'
import { card, centre, ledgerOf, phone, prayerTimes, type Riverside, said } from './centre'

type Row = NewContact<Riverside>
const row = (n: number, change: object = {}): Row =>
  ({ card: card(n), consents: [prayerTimes()], source: 'crm', ref: `crm:${n}`, ...change }) as Row

describe('adding many', () => {
  it('never lets one bad row stop the rest, and says of each what became of it', async () => {
    const { vault } = await centre()
    const notes = { n1: { note: 'x' } }
    const report = await vault.addMany([
      row(1),
      row(2, { card: { ...card(2), notes } }),
      row(3, { consents: [prayerTimes({ purpose: 'newsletter' })] }),
      row(4, { consents: undefined, mayAsk: 'they-asked' }),
      row(5, { consents: [prayerTimes({ until: '2020-01-01' })] }),
      row(6),
    ])
    expect(report).toMatchObject({ added: 2, quarantined: 1, known: 0, refused: 3 })
    expect(report.rows.map(({ index, ref, outcome, code }) => [index, ref, outcome, code])).toEqual([
      [0, 'crm:1', 'added', undefined],
      [1, 'crm:2', 'refused', 'FIELD_NOT_DECLARED'],
      [2, 'crm:3', 'refused', 'UNKNOWN_PURPOSE'],
      [3, 'crm:4', 'quarantined', undefined],
      [4, 'crm:5', 'refused', 'EXPIRES_TOO_SOON'],
      [5, 'crm:6', 'added', undefined],
    ])
    expect(report.rows[1]?.fields).toEqual(['notes'])
    expect(report.reasons).toEqual({ FIELD_NOT_DECLARED: 1, UNKNOWN_PURPOSE: 1, EXPIRES_TOO_SOON: 1 })
    expect(await vault.for('prayer-times').count()).toBe(2)
  })

  it('names what is wrong with a card or a consent by its place, and never what stands there', async () => {
    const { vault } = await centre()
    const report = await vault.addMany([
      row(1, { card: { ...card(1), phones: { sara: { number: 5 } } } as never }),
      row(2, { consents: [prayerTimes({ given: { how: 'paper', at: 'Sara said so in May' } })] }),
      row(3, { source: '' }),
    ])
    expect(report.rows.map(({ code, issues }) => [code, issues?.map(({ path }) => path)])).toEqual([
      ['CARD_INVALID', ['phones/*/number']],
      ['CONSENT_INVALID', ['given.at']],
      ['CARD_INVALID', ['source']],
    ])
    expect(JSON.stringify(report).toLowerCase()).not.toContain('sara')
  })

  it.each([
    ['nothing', null],
    ['a string', 'Sara Karimi'],
    ['a card that is none', row(2, { card: 'Sara Karimi' })],
    ['a consent that is none', row(2, { consents: [null] })],
    ['a consent given in no way', row(2, { consents: [{ purpose: 'prayer-times' }] })],
    ['consents that are no list', row(2, { consents: 'prayer-times' })],
    ['a phone that is none', row(2, { card: { phones: { p1: null } } })],
  ])('is not stopped by a row that is %s', async (_, bad) => {
    const { vault } = await centre()
    const report = await vault.addMany([row(1), bad as never, row(3)])
    expect(report).toMatchObject({ added: 2, refused: 1 })
    expect(report.rows[1]?.outcome).toBe('refused')
    expect(JSON.stringify(report)).not.toContain('Sara')
  })

  it('adds nobody twice who comes with the same ref, in one import or the next', async () => {
    const { vault } = await centre()
    const first = await vault.addMany([row(1), row(2), row(1)])
    expect(first).toMatchObject({ added: 2, known: 1 })
    expect(first.rows[2]?.id).toBe(first.rows[0]?.id)
    const { version } = vault
    expect(await vault.addMany([row(1), row(2)])).toMatchObject({ added: 0, known: 2 })
    expect(vault.version).toBe(version)
    expect(await vault.for('prayer-times').count()).toBe(2)
  })

  it('takes rows as they come, and tells of each and of how far it got', async () => {
    const { vault } = await centre()
    async function* arriving() {
      for (let n = 0; n < 5; n++) yield row(n)
    }
    const each: RowOutcome[] = []
    const progress: number[] = []
    const report = await vault.addMany(arriving(), { onEach: one => each.push(one), onProgress: n => progress.push(n) })
    expect(each).toEqual(report.rows)
    expect(progress.at(-1)).toBe(5)
  })

  it('brings in 3,000 people in a few commits, all of them to be found', async () => {
    const { vault } = await centre()
    const people = Array.from({ length: 3_000 }, (_, n) =>
      row(n, { card: { name: { full: `Person ${n}` } }, consents: [prayerTimes({ given: said })] }),
    )
    const report = await vault.addMany(people)
    expect(report.added).toBe(3_000)
    expect(vault.version).toBeLessThan(10)
    expect(await vault.for('prayer-times').count()).toBe(3_000)
    expect(await vault.for('prayer-times').find({ text: 'Person 2999' })).toHaveLength(1)
  })

  it('commits as many at once as the caller says, and tells how far it got after each', async () => {
    const { vault } = await centre()
    const { version } = vault
    const progress: number[] = []
    const rows = Array.from({ length: 10 }, (_, n) => row(n))
    const report = await vault.addMany(rows, { batch: 4, onProgress: done => progress.push(done) })
    expect(progress).toEqual([4, 8, 10])
    expect(vault.version).toBe(version + 3)
    expect(report.rows.map(one => one.index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it.each([0, -1, 1.5, Number.NaN])('takes no batch of %s', async batch => {
    const { vault } = await centre()
    await expect(vault.addMany([row(1)], { batch })).rejects.toThrow(TypeError)
    expect(await vault.for('prayer-times').count()).toBe(0)
  })

  it('lets others have their turn while many are planned and sealed', async () => {
    const { vault } = await centre()
    const done = vault.addMany(Array.from({ length: 200 }, (_, n) => row(n)))
    let turns = 0
    let isGoing = true
    done.then(() => {
      isGoing = false
    })
    while (isGoing) {
      await new Promise(resolve => setImmediate(resolve))
      turns++
    }
    expect((await done).added).toBe(200)
    // Twelve while they are planned, three while they are sealed; without them it is done in four.
    expect(turns).toBeGreaterThan(10)
  })

  it('commits nothing more once it is aborted', async () => {
    const { vault } = await centre()
    const stop = new AbortController()
    const people = function* () {
      for (let n = 0; n < 100; n++) {
        if (n === 50) stop.abort()
        yield row(n)
      }
    }
    expect(await vault.addMany(people(), { signal: stop.signal })).toMatchObject({ rows: [], added: 0 })
    expect(await vault.for('prayer-times').count()).toBe(0)
    expect(await vault.addMany([row(1)])).toMatchObject({ added: 1 })
  })

  it('leaves out undeclared fields where that is asked for, and never without being asked', async () => {
    const { vault } = await centre()
    const notes = { n1: { note: 'x' } }
    const rows = [row(1, { card: { ...card(1), notes } }), row(2, { card: { ...card(2), notes }, consents: [] })]
    expect(await vault.addMany(rows)).toMatchObject({ refused: 2 })
    expect(await vault.addMany(rows, { whenUndeclared: 'leave-out' })).toMatchObject({ added: 1, quarantined: 1 })
  })

  it('counts people who may have left, and does not name their rows (R11)', async () => {
    const { vault } = await centre()
    await vault.suppress({ phone: phone(7) })
    const report = await vault.addMany([row(1), row(7)])
    expect(report.reasons).toEqual({ SUPPRESSED: 1 })
    expect(report.rows[1]).toEqual({ index: 1, ref: 'crm:7', outcome: 'refused' })
  })

  it('names them where the policy says that it may', async () => {
    const { vault } = await centre({ ...riverside, nameStoppedRows: true })
    await vault.suppress({ phone: phone(7) })
    const report = await vault.addMany([row(7)] as never)
    expect(report.rows[0]?.code).toBe('SUPPRESSED')
  })

  it('tells how many rows share a contact point with somebody, and not whose (R11)', async () => {
    const { vault } = await centre()
    await vault.addMany([row(1)])
    const report = await vault.addMany([row(1, { ref: 'other:1' })])
    expect(report.maybeSame).toBe(1)
    expect(report.rows[0]).not.toHaveProperty('maybeSame')
  })

  it('names twenty of those who share a number and no more, and counts every row: many may have one switchboard (R11)', async () => {
    const { vault } = await centre({ ...riverside, nameStoppedRows: true })
    const all = Array.from({ length: 60 }, (_, n) => row(n, { card: card(1) }))
    const { rows, maybeSame } = await vault.addMany(all, { batch: 30 })
    expect(maybeSame).toBe(59)
    expect(rows.map(({ maybeSame = [] }) => new Set(maybeSame).size)).toEqual(all.map((_, n) => Math.min(n, 20)))
  })

  it('keeps each row to its own consents: a blank grants nothing (R10)', async () => {
    const { vault } = await centre()
    await vault.addMany([row(1), row(2, { consents: [], mayAsk: 'they-asked' })])
    expect(await vault.for('prayer-times').count()).toBe(1)
    expect((await ledgerOf(vault, { type: 'consent' })).length).toBe(1)
  })
})
