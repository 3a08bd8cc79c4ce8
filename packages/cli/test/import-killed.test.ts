/**
 * An import that is killed, again and again, and begun anew with the same file: whoever was told to be in the vault is there,
 * under the same id, and in the end everybody is there once. The program is built and runs in a process of its own, which
 * gets SIGKILL at a moment that nobody chose; what it told is what its file of outcomes says when it is dead.
 *
 * Replay with AMANAT_SEED; the moments are drawn from it, though not what the process does in them.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, watch } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImportedRow } from '../src/import-rows'
import { terminal } from './terminal'

const folder = fileURLToPath(new URL('..', import.meta.url))
const built = join(folder, '.cache', `killed-${process.pid}`)
const bin = join(built, 'amanat.js')
const needs = ['vault', 'cards', 'store-disk'].map(name => join(folder, '..', name, 'dist', 'index.js'))

const SEED = Number(process.env['AMANAT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
/** Three lots, the last of them short. */
const PEOPLE = 5_000
const KILLS = 3

const people = Array.from({ length: PEOPLE }, (_, n) => ({ name: `Person ${n}`, email: `p${n}@example.org` }))
const vcard = people
  .map(
    ({ name, email }, n) => `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u-${n}\r\nFN:${name}\r\nEMAIL:${email}\r\nEND:VCARD\r\n`,
  )
  .join('')
const sheet = ['Name,Email', ...people.map(({ name, email }) => `${name},${email}`)].join('\r\n')

function chance(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0
    return state % below
  }
}

describe.skipIf(!needs.every(existsSync))('an import that is killed', () => {
  beforeAll(() => {
    const tsup = join(dirname(createRequire(import.meta.url).resolve('tsup/package.json')), 'dist', 'cli-default.js')
    execFileSync(process.execPath, [tsup, '--out-dir', built, '--silent'], { cwd: folder, stdio: 'pipe' })
  }, 120_000)
  afterAll(() => rmSync(built, { recursive: true, force: true }))

  test.each([
    ['by the UIDs of its cards', vcard],
    ['by what its rows say', sheet],
  ])(
    `loses nobody and brings nobody in twice, known %s (seed ${SEED})`,
    async (_, content) => {
      const below = chance(SEED)
      const it = await terminal()
      const here = ['--vault', it.path('vault'), '--key-file', it.path('key')]
      const env = { PATH: process.env['PATH'] }
      const amanat = (...argv: string[]) => {
        const said = spawnSync(process.execPath, [bin, ...argv, ...here, '--json'], { encoding: 'utf8', env })
        if (said.status !== 0) throw new Error(`${said.stdout}${said.stderr}`)
        return JSON.parse(said.stdout)
      }
      const about = ['--name', 'Quay', '--contact', 'q@quay.example', '--address', 'Quay', '--country', 'GB']
      amanat('init', '--template', 'community', ...about)
      const argv = ['import', it.file('book', content), '--source', 'old phone', '--may-ask', 'they-asked']

      /** One life: killed a moment after it told of so many rows, or sooner if it ends. */
      const killed = (report: string, after: number, moment: number) =>
        new Promise<void>((resolve, reject) => {
          const child = spawn(process.execPath, [bin, ...argv, ...here, '--report', report], { env, stdio: 'ignore' })
          const watcher = watch(it.folder, () => {
            if (rowsOf(report).length < after) return
            watcher.close()
            setTimeout(() => child.kill('SIGKILL'), moment)
          })
          child.on('error', reject).on('close', () => {
            watcher.close()
            resolve()
          })
        })

      const ids = new Map<number, string>()
      const told = (rows: readonly ImportedRow[]) => {
        for (const { line, id, outcome } of rows) {
          expect(outcome).toBe(ids.has(line) ? 'known' : 'quarantined')
          if (ids.has(line)) expect(id).toBe(ids.get(line))
          ids.set(line, id as string)
        }
      }
      let cut = 0
      for (let life = 0; life < KILLS; life++) {
        const report = it.path(`report-${life}`)
        // The first is killed with some people in; the others anywhere, also while they find those who are here.
        await killed(report, life === 0 ? 1 : below(PEOPLE), life === 0 ? 0 : below(400))
        const rows = rowsOf(report)
        // Told in the order of the file, without a gap.
        const lines = rows.map(({ line }) => line)
        expect(lines).toEqual(lines.slice().sort((a, b) => a - b))
        const known = rows.findIndex(({ line }) => !ids.has(line))
        // What was told before is known, and more may be: in the vault, but not told before it was dead.
        for (const row of rows.slice(known < 0 ? rows.length : known)) {
          if (row.outcome === 'known') ids.set(row.line, row.id as string)
        }
        told(rows)
        if (rows.length < PEOPLE) cut++
        expect(amanat('status').quarantine).toBeGreaterThanOrEqual(ids.size)
      }
      expect(cut).toBeGreaterThan(0)

      const last = it.path('report-last')
      const inside = amanat('status').quarantine
      const answer = amanat(...argv, '--report', last)
      expect(answer).toMatchObject({ quarantined: PEOPLE - inside, known: inside, refused: 0, unreadable: 0 })
      const rows = rowsOf(last)
      for (const { line, id } of rows) if (ids.has(line)) expect(id).toBe(ids.get(line))
      expect(new Set(rows.map(({ id }) => id)).size).toBe(PEOPLE)
      expect(rows.filter(({ outcome }) => outcome === 'known')).toHaveLength(inside)
      expect(amanat('status').quarantine).toBe(PEOPLE)
      // And once more, with nothing left to do.
      expect(amanat(...argv, '--report', it.path('report-again'))).toMatchObject({ quarantined: 0, known: PEOPLE })
    },
    300_000,
  )
})

/** What was told before it was killed: a line that was cut off was not. */
function rowsOf(report: string): ImportedRow[] {
  if (!existsSync(report)) return []
  const text = readFileSync(report, 'utf8')
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .flatMap(line => (line === '' ? [] : [JSON.parse(line) as ImportedRow]))
}
