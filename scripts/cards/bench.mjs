// How fast address books are read and written and how much memory that takes, beside the library that reads the same file
// best, in the same run. Each reading is a process of its own, ours and theirs in turn, the median of three (`--times`).
// Cards a second and the ratios are of the processor's seconds, which another program's load changes least; `seconds` are
// the clock's. The others stop at their own model (jCard, rows, objects), ours at JSContact cards that were checked. No
// library was found that reads vCard 2.1 with quoted-printable.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { FORMATS, writeBook } from './bench-files.mjs'

const run = promisify(execFile)
const ONE = fileURLToPath(new URL('bench-one.mjs', import.meta.url))
const BESIDE = { 'vCard 3.0': 'ical.js', 'vCard 4.0': 'ical.js', 'CSV (Google)': 'papaparse', JSContact: 'JSON.parse' }

// vCard 2.1 is read and not written.
const WRITTEN = new Set(Object.keys(BESIDE))

/** `say` is told each format when it is done: all of them take minutes. */
export async function bench(cards, times = 3, say = () => undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'amanat-bench-'))
  try {
    const formats = {}
    for (const format of FORMATS) {
      const file = join(folder, `${FORMATS.indexOf(format)}`)
      await writeBook(file, format, cards)
      formats[format] = await compare('read', file, format, cards, times)
      if (WRITTEN.has(format)) formats[format].write = await compare('write', file, format, cards, times)
      say(`${format}: ${JSON.stringify(formats[format])}`)
      await rm(file)
    }
    return { cards, times, node: process.version, formats }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function compare(way, file, format, cards, times) {
  const other = BESIDE[format]
  const names = ['amanat', ...(other ? [other] : [])]
  const found = Object.fromEntries(names.map(name => [name, []]))
  for (let time = 0; time < times; time++) {
    for (const name of names) {
      const { stdout } = await run(execPath, [ONE, way, name, file, format, String(cards)], { maxBuffer: 1024 * 1024 })
      found[name].push(JSON.parse(stdout))
    }
  }
  const [ours, theirs] = names.map(name => figuresOf(found[name], cards))
  return {
    bytes: (await stat(file)).size,
    amanat: ours,
    ...(other && { [other]: theirs }),
    ...(other && {
      ratios: {
        speed: round(ours.cardsPerSecond / theirs.cardsPerSecond),
        memory: round(ours.memory / theirs.memory),
      },
    }),
  }
}

function figuresOf(runs, cards) {
  const [one] = runs
  // A library that reads fewer cards than there are hasn't read the file.
  const seconds = median(runs.map(run => run.seconds))
  const cpu = median(runs.map(run => run.cpu))
  return {
    read: one.cards,
    ...(one.cards < cards && { missing: cards - one.cards }),
    seconds: round(seconds),
    cpuSeconds: round(cpu),
    cardsPerSecond: Math.round(one.cards / cpu),
    memory: median(runs.map(run => run.memory)),
  }
}

const median = numbers => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]
const round = number => Math.round(number * 100) / 100

export function benchTable({ cards, times, formats }) {
  const row = (...cells) =>
    cells.map((cell, at) => (at < 2 ? cell.padEnd(at === 0 ? 20 : 12) : cell.padStart(14))).join('')
  const lines = [
    `${cards.toLocaleString('en')} cards, median of ${times}, each reading in a process of its own; cards a second of the processor`,
    '',
  ]
  lines.push(row('format', 'library', 'cards/s', 'peak memory', 'speed ours ÷', 'memory ours ÷'))
  for (const way of ['read', 'write']) {
    for (const [format, found] of Object.entries(formats)) {
      const figures = way === 'read' ? found : found.write
      if (figures) lines.push(...linesOf(`${way} ${format}`, figures, row))
    }
  }
  return lines.join('\n')
}

function linesOf(what, { amanat, bytes: _, write: __, ratios, ...others }, row) {
  const figures = one => [one.cardsPerSecond.toLocaleString('en'), `${Math.round(one.memory / 2 ** 20)} MiB`]
  const [other] = Object.entries(others)
  const ours = row(what, 'amanat', ...figures(amanat))
  if (!other) return [ours, row('', 'none found that reads it')]
  return [ours, row('', other[0], ...figures(other[1]), `${ratios.speed}`, `${ratios.memory}`)]
}
