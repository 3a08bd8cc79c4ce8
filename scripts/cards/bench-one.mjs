// One library reading one file, or writing what is in it, in a process of its own: node bench-one.mjs read|write WHAT FILE
// FORMAT CARDS. Prints the cards, the seconds, the processor's seconds and the largest memory of the process as JSON. The
// file is given as a stream to whoever takes one, and read whole for whoever doesn't; that is part of what is compared.
// Writing begins with whatever the library has read, or with cards that are made one at a time for ours; what is written
// is counted and let go.
import { createReadStream, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { argv, cpuUsage, hrtime, resourceUsage, stdout } from 'node:process'

const require = createRequire(new URL('../../packages/cards/package.json', import.meta.url))
const [way, what, file, format, number] = argv.slice(2)

const READERS = {
  async amanat() {
    const { readCards } = await import('../../packages/cards/dist/index.js')
    return async () => {
      let cards = 0
      for await (const item of readCards(createReadStream(file))) if (item.card) cards++
      return cards
    }
  },
  async 'ical.js'() {
    const ICAL = require('ical.js')
    return async () => (ICAL.default ?? ICAL).parse(readFileSync(file, 'utf8')).length
  },
  async papaparse() {
    const Papa = require('papaparse')
    return () =>
      new Promise((resolve, reject) => {
        let rows = 0
        const stream = createReadStream(file).pipe(Papa.parse(Papa.NODE_STREAM_INPUT, { header: true }))
        stream
          .on('data', () => rows++)
          .on('end', () => resolve(rows))
          .on('error', reject)
      })
  },
  async 'JSON.parse'() {
    return async () => JSON.parse(readFileSync(file, 'utf8')).length
  },
}

const CONTEXT = {
  purpose: 'bench',
  recipient: 'bench',
  destroyBy: '2030-01-01T00:00:00Z',
  exported: '2029-01-01T00:00:00Z',
}
const WRITERS = {
  async amanat() {
    const { csv, jscontact, vcard } = await import('../../packages/cards/dist/index.js')
    const { people } = await import('./bench-files.mjs')
    const formats = {
      'vCard 3.0': vcard({ version: '3.0' }),
      'vCard 4.0': vcard(),
      'CSV (Google)': csv({ layout: 'google' }),
      JSContact: jscontact(),
    }
    return async () => {
      let bytes = 0
      for await (const piece of formats[format].write(people(Number(number)), CONTEXT)) bytes += piece.length
      return bytes > 0 ? Number(number) : 0
    }
  },
  async 'ical.js'() {
    const ICAL = require('ical.js')
    const { parse, stringify } = ICAL.default ?? ICAL
    const cards = parse(readFileSync(file, 'utf8'))
    return async () => (Buffer.byteLength(stringify(cards)) > 0 ? cards.length : 0)
  },
  async papaparse() {
    const Papa = require('papaparse')
    const { data } = Papa.parse(readFileSync(file, 'utf8'), { header: true, skipEmptyLines: true })
    return async () => (Buffer.byteLength(Papa.unparse(data)) > 0 ? data.length : 0)
  },
  async 'JSON.parse'() {
    const cards = JSON.parse(readFileSync(file, 'utf8'))
    return async () => (Buffer.byteLength(JSON.stringify(cards)) > 0 ? cards.length : 0)
  },
}

const work = await (way === 'write' ? WRITERS : READERS)[what]()
const start = hrtime.bigint()
const before = cpuUsage()
const cards = await work()
const seconds = Number(hrtime.bigint() - start) / 1e9
const { user, system } = cpuUsage(before)
stdout.write(JSON.stringify({ cards, seconds, cpu: (user + system) / 1e6, memory: resourceUsage().maxRSS * 1024 }))
