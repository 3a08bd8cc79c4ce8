// Medians and ratios, as a table that a page can take.
import { OPERATIONS } from './operations.mjs'

export const median = values => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

const shown = ms =>
  ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms >= 0.1 || ms === 0 ? ms.toFixed(2) : ms.toFixed(3)

/** What is told of opening besides its time. */
const ASIDE = ['memory', 'held']

/**
 * @param rounds by candidate, a list of `{ times, memory, held }`
 * @returns by candidate, the median of each operation and of what held up the page in milliseconds, and of memory in bytes
 */
export function mediansOf(rounds) {
  return Object.fromEntries(
    Object.entries(rounds).map(([name, runs]) => {
      const of = key =>
        runs.map(run => (ASIDE.includes(key) ? run[key] : run.times[key])).filter(value => value !== undefined)
      const keys = [...OPERATIONS.map(([key]) => key), ...ASIDE]
      return [
        name,
        Object.fromEntries(
          keys
            .map(key => [key, of(key)])
            .filter(([, v]) => v.length)
            .map(([k, v]) => [k, median(v)]),
        ),
      ]
    }),
  )
}

/** Times of each candidate, and beside each peer how many times as long the vault takes: under 1 the vault is faster. */
export function tableOf(medians, own = 'amanat') {
  const names = Object.keys(medians)
  const lines = [`| ms (the vault's ratio to it) | ${names.join(' | ')} |`, `|---|${names.map(() => '---').join('|')}|`]
  for (const [key, words] of OPERATIONS) {
    const cells = names.map(name => {
      const value = medians[name][key]
      if (value === undefined) return ''
      const mine = medians[own]?.[key]
      return name === own || mine === undefined ? shown(value) : `${shown(value)} (${(mine / value).toFixed(2)})`
    })
    lines.push(`| ${words} | ${cells.join(' | ')} |`)
  }
  const memory = names.map(name => (medians[name].memory ? `${Math.round(medians[name].memory / 1e6)} MB` : ''))
  if (memory.some(Boolean)) lines.push(`| memory after opening | ${memory.join(' | ')} |`)
  const held = names
    .map(name => medians[name].held)
    .map(ms => (ms === undefined ? '' : ms === 0 ? 'under 50' : shown(ms)))
  if (held.some(Boolean)) lines.push(`| longest task while opening | ${held.join(' | ')} |`)
  return lines.join('\n')
}

/** A median of each over the rounds, by its words. */
const middles = (rounds, words, keys) => {
  const names = [...new Set(rounds.flat().map(one => one[words]))]
  return names.map(name => {
    const of = rounds.flat().filter(one => one[words] === name)
    return { [words]: name, ...Object.fromEntries(keys.map(key => [key, median(of.map(one => one[key]))])) }
  })
}

/** @param rounds of `[{ limit, ms, of }]`; `of` says of what, as in the last round */
export function limitsFrom(rounds) {
  const of = new Map(rounds.flat().map(one => [one.limit, one.of]))
  return middles(rounds, 'limit', ['ms']).map(one => ({ ...one, of: of.get(one.limit) }))
}

const COSTS = [
  ['ms', 'ms'],
  ['commit', 'of which the durable commit'],
  ['cell', 'the cell'],
  ['read', 'reading'],
  ['own', 'the vault itself'],
  ['kb', 'kB written'],
]

/** @param rounds of `[{ operation, ms, commit, cell, read, own, kb }]` */
export const costsFrom = rounds =>
  middles(
    rounds,
    'operation',
    COSTS.map(([key]) => key),
  )

export function costTableOf(costs) {
  const lines = [
    `| what it costs | ${COSTS.map(([, words]) => words).join(' | ')} |`,
    `|---|${COSTS.map(() => '---').join('|')}|`,
  ]
  for (const one of costs) lines.push(`| ${one.operation} | ${COSTS.map(([key]) => shown(one[key])).join(' | ')} |`)
  return lines.join('\n')
}

export const limitLinesOf = limits =>
  limits.map(({ limit, ms, of }) => `- ${limit}: ${shown(ms)} ms${of ? ` (${of})` : ''}`).join('\n')
