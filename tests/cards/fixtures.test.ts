// Address books in the shapes that programs write, through the same check as `npm run cards`: everything is read,
// nothing is lost but what is listed here with its reason, and nothing drifts. The check itself is seen to fail on
// readers and writers that are broken on purpose.
import { fileURLToPath } from 'node:url'
import * as cards from '@amanat/cards'
import { describe, expect, test } from 'vitest'
import { checkFolder, type FileReport } from '../../scripts/cards/check-folder.mjs'
import { LOSSES } from './losses'

const folder = fileURLToPath(new URL('fixtures', import.meta.url))

async function reportsOf(library: object): Promise<Map<string, FileReport>> {
  const reports = new Map<string, FileReport>()
  for await (const report of checkFolder(library, folder)) reports.set(report.path, report)
  return reports
}

const reports = await reportsOf(cards)

describe('address books as programs write them', () => {
  test('are all found', () => {
    expect(reports.size).toBeGreaterThanOrEqual(60)
    for (const path of Object.keys(LOSSES)) expect(reports.has(path), path).toBe(true)
  })

  describe.each([...reports.values()].map(report => [report.path, report] as const))('%s', (path, report) => {
    test('is read whole: every card, and none refused', () => {
      expect(report.error).toBeUndefined()
      expect(report.refusals).toEqual([])
      expect(report.skipped ?? []).toEqual([])
      expect(report.cards).toBeGreaterThan(0)
    })

    test('loses nothing but what is listed', () => {
      const allowed = LOSSES[path] ?? {}
      const lost = Object.fromEntries(Object.entries(report.losses).filter(([property]) => !(property in allowed)))
      expect(lost).toEqual({})
    })

    test('does not drift', () => {
      const ways = Object.entries(report.ways).map(([way, { drift, error }]) => [way, { drift, error }])
      for (const [way, found] of ways) expect(found, String(way)).toEqual({ drift: {}, error: undefined })
    })
  })
})

type Found = { card?: Record<string, unknown> }

/** The library with every card that is read changed on the way out. */
function reading(change: (card: Record<string, unknown>, times: number) => void): object {
  let times = 0
  async function* changed(items: AsyncIterable<Found>) {
    for await (const item of items) {
      const copy = structuredClone(item)
      if (copy.card) change(copy.card, times++)
      yield copy
    }
  }
  return {
    ...cards,
    readCards: (...args: Parameters<typeof cards.readCards>) => changed(cards.readCards(...args) as never),
  }
}

describe('the check', () => {
  test.each(['phones', 'name', 'emails', 'notes', 'organizations', 'addresses', 'vCardProps'])(
    'sees that a reader leaves out %s',
    async field => {
      const broken = await reportsOf(reading(card => delete card[field]))
      const lost = [...broken.values()].filter(
        ({ path, reading: found }) => sum(found) > sum(reports.get(path)?.reading ?? {}),
      )
      expect(lost.length).toBeGreaterThan(3)
    },
  )

  test('sees a card that was neither read nor refused', async () => {
    const { readCards } = cards
    async function* every(items: AsyncIterable<unknown>) {
      let odd = false
      for await (const item of items) {
        odd = !odd
        if (odd) yield item
      }
    }
    const broken = await reportsOf({ ...cards, readCards: (...args: never) => every(readCards(...(args as [never]))) })
    expect(broken.get('apple/icloud.vcf')?.losses).toMatchObject({ card: expect.any(Number) })
    expect(broken.get('google/contacts-new.csv')?.losses).toMatchObject({ row: 1 })
  })

  test('sees what grows at each round trip', async () => {
    const growing = await reportsOf(
      reading(card => {
        const name = card.name as { full?: string } | undefined
        if (name?.full) name.full += '\\'
      }),
    )
    expect(growing.get('apple/icloud.vcf')?.drift).toBeGreaterThan(0)
    expect(growing.get('apple/icloud.vcf')?.ways['vcard 4.0']?.losses).toMatchObject({ 'name/full': 2 })
  })

  test('reports a reader that throws as a fault of that file, and goes on', async () => {
    const broken = await reportsOf({
      ...cards,
      readCards: () => {
        throw new TypeError('broken on purpose')
      },
    })
    expect(broken.size).toBe(reports.size)
    expect([...broken.values()].every(({ error }) => error?.reason === 'FAULT')).toBe(true)
  })
})

const sum = (found: Record<string, number>) => Object.values(found).reduce((all, times) => all + times, 0)
