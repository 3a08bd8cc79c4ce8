// How long bringing an address book into a vault on disk takes, and how much memory, as a user does it: the program as it
// is built, `amanat import FILE --report`, in a process of its own, into an empty vault; then the same file once more, as
// after a crash, when everybody is known already; then the vault opened and nothing else, which says how much of the
// memory is the vault's own. Cards a second are by the clock: most of an import is sealing and waiting for the disk.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath, hrtime } from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { writeBook } from './bench-files.mjs'

const run = promisify(execFile)
const PROGRAM = fileURLToPath(new URL('../../packages/cli/dist/amanat.js', import.meta.url))
const USAGE = new URL('usage.mjs', import.meta.url).href
const FORMATS = ['vCard 3.0', 'vCard 4.0', 'CSV (Google)', 'JSContact']

const POLICY = {
  controller: {
    name: 'Example Ltd',
    contact: 'privacy@example.com',
    address: '1 Garden Street, Leeds',
    jurisdiction: 'GB',
    withdraw: 'Write to privacy@example.com',
  },
  region: 'GB',
  notices: {},
  purposes: {
    news: {
      description: { en: 'Send you our news' },
      fields: ['name', 'phones', 'emails', 'addresses', 'organizations', 'anniversaries', 'notes', 'keywords'],
      keepFor: 'P90D',
      recipients: {},
    },
  },
  bulk: {
    perActor: [{ people: 3, within: 'PT1H' }],
    vault: [
      { people: 900, within: 'PT1H' },
      { share: 0.1, within: 'P30D' },
    ],
  },
}

/** `say` is told each format when it is done. */
export async function benchImport(cards, say = () => undefined) {
  const formats = {}
  for (const format of FORMATS) {
    formats[format] = await measure(format, cards)
    say(`${format}: ${JSON.stringify(formats[format])}`)
  }
  return { cards, node: process.version, formats }
}

async function measure(format, cards) {
  const folder = await mkdtemp(join(tmpdir(), 'amanat-bench-'))
  try {
    const path = name => join(folder, name)
    await writeBook(path('book'), format, cards)
    await writeFile(path('policy'), JSON.stringify(POLICY))
    await writeFile(path('key'), randomBytes(32), { mode: 0o600 })
    const amanat = (...argv) =>
      program(path('usage'), [...argv, '--vault', path('vault'), '--key-file', path('key'), '--json'])
    await amanat('init', '--policy', path('policy'))
    const bring = report =>
      amanat('import', path('book'), '--source', 'bench', '--consent', 'news', '--report', path(report))
    const first = await bring('first')
    const again = await bring('again')
    if (first.answer.added !== cards || again.answer.known !== cards)
      throw new Error(`not everybody came in: ${JSON.stringify([first.answer, again.answer])}`)
    // Nothing has expired: the vault is opened and locked again.
    const { memory } = await amanat('purge')
    return {
      bytes: (await stat(path('book'))).size,
      import: figuresOf(first, cards),
      again: figuresOf(again, cards),
      openMemory: memory,
      vaultBytes: await sizeOf(path('vault')),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function program(usage, argv) {
  const start = hrtime.bigint()
  const { stdout } = await run(execPath, ['--import', USAGE, PROGRAM, ...argv], {
    env: { ...process.env, AMANAT_USAGE: usage },
    maxBuffer: 64 * 1024 * 1024,
  })
  const seconds = Number(hrtime.bigint() - start) / 1e9
  return { answer: JSON.parse(stdout), seconds, ...JSON.parse(await readFile(usage, 'utf8')) }
}

const figuresOf = ({ seconds, cpu, memory }, cards) => ({
  seconds: round(seconds),
  cpuSeconds: round(cpu),
  cardsPerSecond: Math.round(cards / seconds),
  memory,
})
const round = number => Math.round(number * 100) / 100

async function sizeOf(folder) {
  let size = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) size += (await stat(join(entry.parentPath ?? entry.path, entry.name))).size
  }
  return size
}

export function importTable({ cards, formats }) {
  const row = (...cells) => cells.map((cell, at) => (at === 0 ? cell.padEnd(14) : cell.padStart(12))).join('')
  const mib = bytes => `${Math.round(bytes / 2 ** 20)} MiB`
  const lines = [
    `${cards.toLocaleString('en')} people from one file into a vault on disk, one run each; by the clock`,
    '',
    row('format', 'cards/s', 'seconds', 'CPU s', 'peak memory', 'again /s', 'opened', 'vault'),
  ]
  for (const [format, { import: first, again, openMemory, vaultBytes }] of Object.entries(formats)) {
    lines.push(
      row(
        format,
        first.cardsPerSecond.toLocaleString('en'),
        String(first.seconds),
        String(first.cpuSeconds),
        mib(first.memory),
        again.cardsPerSecond.toLocaleString('en'),
        mib(openMemory),
        mib(vaultBytes),
      ),
    )
  }
  return lines.join('\n')
}
