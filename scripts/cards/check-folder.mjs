// Every address book below a folder, one report after another in the order of their paths, and the sum of them.
import { lstat, readdir } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { checkFile } from './check-file.mjs'
import { addTo, total } from './differences.mjs'

const ADDRESS_BOOK = /\.(vcf|vcard|csv|json)$/i

/** Reports of the files in this folder and below it, or of the one file. Links are not followed. */
export async function* checkFolder(cards, folder) {
  for await (const path of filesOf(folder)) {
    const name = relative(folder, path).split(sep).join('/') || basename(path)
    try {
      yield { path: name, ...(await checkFile(cards, path)) }
    } catch (error) {
      // It can't be opened, or is gone.
      yield { path: name, ...NOTHING, error: { reason: error.code ?? 'FAULT', fix: 'The file could not be opened.' } }
    }
  }
}

const NOTHING = {
  type: 'vcard',
  bytes: 0,
  cards: 0,
  refused: 0,
  refusals: [],
  losses: {},
  reading: {},
  ways: {},
  drift: 0,
  ms: 0,
}

async function* filesOf(path) {
  const found = await lstat(path)
  if (found.isFile()) yield path
  if (!found.isDirectory()) return
  const names = (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of names) {
    if (entry.isDirectory() || (entry.isFile() && ADDRESS_BOOK.test(entry.name))) yield* filesOf(join(path, entry.name))
  }
}

/** What all of them come to. */
export function totalsOf(reports) {
  const losses = {}
  const refusals = {}
  const ways = {}
  for (const report of reports) {
    addTo(losses, report.losses)
    for (const { reason } of report.refusals) addTo(refusals, { [reason]: 1 })
    for (const [way, { losses, drift }] of Object.entries(report.ways)) {
      ways[way] ??= { losses: {}, drift: {} }
      addTo(ways[way].losses, losses)
      addTo(ways[way].drift, drift)
    }
  }
  const sum = of => reports.reduce((all, report) => all + of(report), 0)
  return {
    files: reports.length,
    filesWithoutLoss: reports.filter(report => !report.error && total(report.losses) === 0 && report.refused === 0)
      .length,
    notAddressBooks: reports.filter(({ error }) => error && error.reason !== 'FAULT').length,
    faults: reports.filter(({ error, ways }) => error?.reason === 'FAULT' || Object.values(ways).some(way => way.error))
      .length,
    bytes: sum(({ bytes }) => bytes),
    cards: sum(({ cards }) => cards),
    refused: sum(({ refused }) => refused),
    refusals,
    losses: byCount(losses),
    lost: total(losses),
    reported: sum(({ reported = {} }) => total(reported)),
    drift: sum(({ drift }) => drift),
    ways,
    ms: Math.round(sum(({ ms }) => ms)),
  }
}

const byCount = found => Object.fromEntries(Object.entries(found).sort(([, a], [, b]) => b - a))
