// @ts-check
// Who asked for what: the record, as counts, and then the entries somebody would want to see.
import { all } from '../stage.mjs'
import { day, time } from '../tell.mjs'

const TOLD = new Set(['export-refused', 'export-started', 'export-ended', 'bulk-read-refused', 'contact-erased'])

/** @param {import('../stage.mjs').Stage} stage */
export async function readTheLedger({ tell, clock, vault, counts, expect }) {
  tell.scene(8, 'The record', day(clock.now()))
  const lines = await all(vault.ledger.entries())
  /** @type {Record<string, number>} */
  const types = {}
  for (const { type } of lines) types[type] = (types[type] ?? 0) + 1
  tell.say(`${lines.length} entries, each with who and when. They hold ids and counts: no name, no number.`)
  const sorted = Object.entries(types).sort(([, a], [, b]) => b - a)
  const half = Math.ceil(sorted.length / 2)
  tell.table(
    sorted.slice(0, half).map(([type, count], at) => {
      const [other, otherCount] = sorted[half + at] ?? []
      return other === undefined ? [count, type] : [count, type.padEnd(18), otherCount ?? 0, other]
    }),
  )
  tell.say('Who took or tried to take something out, and who was removed:')
  tell.table(
    lines
      .filter(({ type }) => TOLD.has(type))
      .map(({ index, at, actor, type, purpose, recipient, people, leftOut }) => [
        index,
        time(at),
        actor,
        type,
        [
          recipient ?? purpose,
          people === undefined ? undefined : `${people} people`,
          leftOut ? `${leftOut} left out` : undefined,
        ]
          .filter(Boolean)
          .join(', '),
      ]),
  )
  counts.ledger = { entries: lines.length, types }
  // What one commit did shares one leaf of the ledger's tree, and every commit has one.
  const whole = lines.every(({ leaf }, at) => leaf - (lines[at - 1]?.leaf ?? 0) <= 1)
  expect(whole, true, 'no leaf is missing from the ledger')
}
