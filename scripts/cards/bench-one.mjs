// One library reading one file, in a process of its own: node bench-one.mjs WHAT FILE. Prints the cards, the
// seconds, the processor's seconds and the largest memory of the process as JSON. The file is given as a stream to whoever takes one, and
// read whole for whoever doesn't; that is part of what is compared.
import { createReadStream, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { argv, cpuUsage, hrtime, resourceUsage, stdout } from 'node:process'

const require = createRequire(new URL('../../packages/cards/package.json', import.meta.url))
const [what, file] = argv.slice(2)

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

const read = await READERS[what]()
const start = hrtime.bigint()
const before = cpuUsage()
const cards = await read()
const seconds = Number(hrtime.bigint() - start) / 1e9
const { user, system } = cpuUsage(before)
stdout.write(JSON.stringify({ cards, seconds, cpu: (user + system) / 1e6, memory: resourceUsage().maxRSS * 1024 }))
