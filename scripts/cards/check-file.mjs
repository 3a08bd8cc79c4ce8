// One address book through reading, writing and reading again, and what became of it on the way. A loss is something
// that the file says and the card doesn't, or that the card says and the same card read back doesn't; drift is a
// third generation that differs from the second. Whatever a file does to the reader becomes part of its report.
import { createReadStream } from 'node:fs'
import { open, readFile, stat } from 'node:fs/promises'
import { hrtime } from 'node:process'
import { unreachedCells } from './csv-source.mjs'
import { addTo, count, differences, total } from './differences.mjs'
import { unreached } from './vcard-source.mjs'

// Read a second time, as a whole, to see what the reader left out; larger files are only sent through it.
const WHOLE = 64 * 1024 * 1024
// Cards that go through the writers together.
const BATCH = 500
const BATCH_SIZE = 16 * 1024 * 1024
// As many as anybody reads; the numbers count all of them.
const LISTED = 1000

const CONTEXT = {
  purpose: 'check',
  recipient: 'check',
  destroyBy: '2030-01-01T00:00:00Z',
  exported: '2029-01-01T00:00:00Z',
}

/** The ways that a card of each type goes. The first of them has a place for everything that the type can say. */
const WAYS = {
  vcard: ['vcard 4.0', 'vcard 3.0'],
  csv: ['jscontact', 'csv plain'],
  jscontact: ['jscontact', 'vcard 4.0'],
}

/** @param cards the public names of @amanat/cards, built or as sources */
export async function checkFile(cards, path) {
  const start = hrtime.bigint()
  const type = await typeOf(path)
  const report = {
    type,
    bytes: (await stat(path)).size,
    cards: 0,
    refused: 0,
    refusals: [],
    losses: {},
    reading: {},
    ways: Object.fromEntries(WAYS[type].map(way => [way, { losses: {}, drift: {} }])),
    drift: 0,
  }
  try {
    await checkInto(report, cards, path)
  } catch (error) {
    // Of another kind, or more than the reader can stand: the second is a fault, and says so.
    report.error = errorOf(cards, error)
  }
  addTo(report.losses, report.reading)
  addTo(report.losses, report.ways[WAYS[type][0]].losses)
  report.drift = Object.values(report.ways).reduce((sum, { drift }) => sum + total(drift), 0)
  return { ...report, ms: Math.round(Number(hrtime.bigint() - start) / 1e5) / 10 }
}

async function checkInto(report, cards, path) {
  const kept = report.bytes <= WHOLE ? [] : undefined
  let batch = []
  let size = 0
  let columns
  const flush = async () => {
    if (batch.length > 0) await throughWays(report, cards, batch)
    batch = []
    size = 0
  }
  try {
    const onColumns = found => {
      columns = found
      report.columns = { placed: found.placed.length, unplaced: found.unplaced.map(({ header }) => header) }
    }
    for await (const item of cards.readCards(createReadStream(path), { onColumns })) {
      kept?.push(item)
      if (item.card === undefined) refuse(report, item)
      else {
        report.cards++
        for (const { why, ...where } of item.skipped ?? []) note(report, 'skipped', { ...where, reason: why })
        for (const { code, ...where } of item.doubts ?? [])
          note(report, 'doubts', { line: item.line, ...where, reason: code })
        batch.push(item.card)
        size += sizeOf(item.card)
        if (batch.length >= BATCH || size >= BATCH_SIZE) await flush()
      }
    }
  } finally {
    await flush()
  }
  if (kept === undefined) report.readOnce = true
  else if (report.type !== 'jscontact') {
    const second = report.type === 'vcard' ? unreached : unreachedCells
    const { losses, lines, reported = {} } = second(await readFile(path), kept, columns)
    report.reading = losses
    if (Object.keys(reported).length > 0) report.reported = reported
    if (Object.keys(lines).length > 0) report.lines = lines
  }
}

function refuse(report, { line, column, error }) {
  report.refused++
  if (report.refusals.length >= LISTED) return
  const where = { line, ...(column === undefined ? {} : { column }) }
  const path = error.path === undefined ? {} : { path: error.path }
  report.refusals.push({ ...where, reason: error.code, ...path, fix: error.fix })
}

function note(report, list, entry) {
  report[list] ??= []
  if (report[list].length < LISTED) report[list].push(entry)
}

async function throughWays(report, cards, first) {
  for (const [way, result] of Object.entries(report.ways)) {
    try {
      const format = formatOf(cards, way)
      const second = await again(cards, format, first)
      for (const [at, card] of first.entries()) compare(card, second[at], result.losses)
      if (second.length > first.length) count(result.losses, 'card', second.length - first.length)
      const there = second.filter(card => card !== undefined)
      const third = await again(cards, format, there)
      for (const [at, card] of there.entries()) compare(card, third[at], result.drift)
    } catch (error) {
      result.error ??= errorOf(cards, error)
    }
  }
}

function compare(before, after, found) {
  if (after === undefined) count(found, 'card')
  else differences(before, after, found)
}

/** Each card written and read, by its place in the list; a card that was refused leaves a hole. */
async function again(cards, format, people) {
  async function* each() {
    for (const card of people) yield { card }
  }
  const found = []
  const type = format.name
  for await (const item of cards.readCards(format.write(each(), CONTEXT), { type })) found.push(item.card)
  return found
}

function formatOf(cards, way) {
  const [name, kind] = way.split(' ')
  if (name === 'vcard') return cards.vcard({ version: kind })
  return name === 'csv' ? cards.csv({ layout: kind }) : cards.jscontact()
}

async function typeOf(path) {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read({ buffer: new Uint8Array(16_384), position: 0 })
    const head = new TextDecoder('latin1').decode(buffer.subarray(0, bytesRead)).replace(/[\0þÿ]|ï»¿/g, '')
    if (/^\s*[[{]/.test(head)) return 'jscontact'
    return /^\s*BEGIN\s*:\s*VCARD/im.test(head) || !/\.csv$/i.test(path) ? 'vcard' : 'csv'
  } finally {
    await file.close()
  }
}

// What a picture weighs is all that matters.
function sizeOf(card) {
  return JSON.stringify(card).length
}

function errorOf(cards, error) {
  if (error instanceof cards.CardsError) return { reason: error.code, fix: error.fix }
  return {
    reason: 'FAULT',
    fix: `${error?.name ?? 'Error'}: this is a fault of the program.`,
    fault: String(error?.stack ?? error),
  }
}
