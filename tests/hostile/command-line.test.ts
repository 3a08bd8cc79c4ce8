/**
 * The command line with whatever was typed, piped or imported: it ends with one of its exit codes, tells nothing of what
 * went in (R37), and with --json writes exactly one JSON value. No case may end as UNEXPECTED.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chdir } from 'node:process'
import { PassThrough, Readable } from 'node:stream'
import { fakeClock } from '@amanat/vault/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe } from 'vitest'
import { run } from '../../packages/cli/src/run'
import { policyWith, signedUp } from '../../packages/cli/test/terminal'
import { KEY } from '../../packages/vault/test/riverside'
import { mutated, utf8 } from './bytes'
import { MARK, nastyJson, nastyText, warped } from './nasty'
import { fit, hostile } from './parser'

const clock = fakeClock()
let place: string
beforeAll(async () => {
  // Whatever is taken for a relative path lands here.
  place = mkdtempSync(join(tmpdir(), 'amanat-hostile-'))
  chdir(place)
  writeFileSync(join(place, 'key'), new Uint8Array(32).fill(7), { mode: 0o600 })
  const made = await raw([...here(), 'init', '--policy', '-'], JSON.stringify(policyWith(KEY)))
  if (made.exit !== 0) throw new Error(made.err)
})
afterAll(() => {
  chdir(tmpdir())
  rmSync(place, { recursive: true, force: true })
})

async function raw(argv: readonly string[], input: string | Uint8Array) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const exit = await run(argv, { stdin: Readable.from([Buffer.from(input as string)]), stdout, stderr, env: {}, clock })
  return { exit, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') }
}

const COMMANDS = [
  'status',
  'import',
  'list',
  'find',
  'show',
  'consents',
  'consent',
  'refuse',
  'withdraw',
  'change',
  'erase',
  'identify',
  'suppress',
  'check',
  'expiring',
  'quarantine',
  'purge',
  'ledger',
  'policy',
  'slots',
  'nothing',
  '',
]
const OPTIONS = [
  '--json',
  '--phone',
  '--email',
  '--how',
  '--at',
  '--until',
  '--recipient',
  '--field',
  '--notice',
  '--text',
  '--limit',
  '--within',
  '--since',
  '--type',
  '--source',
  '--dry-run',
  '--yes',
  '--help',
  '--reason',
  '--actor',
  '--',
  '-',
  '-x',
]
const word = fc.oneof(
  fc.constantFrom(...OPTIONS),
  // No path out of the folder, and no NUL: no process can be given one.
  nastyText.map(text => text.replace(/[\0/]/g, '').slice(0, 400)),
  fc.constantFrom('news', 'chat', 'mailer', 'P30D', '2026-03-01', '0123456789abcdefghjkmnpqrs'),
)
const EXITS = [0, 1, 2, 3, 130]

/** @param own what went in are the author's own words, and nobody's data: a policy's mistakes are told by its names. */
function told({ exit, out, err }: { exit: number; out: string; err: string }, json: boolean, own = false): void {
  fit(EXITS.includes(exit), `exit ${exit}`)
  fit(
    !out.includes('UNEXPECTED') && !err.includes('unexpected went wrong'),
    `unexpected: ${out.slice(0, 300)}${err.slice(0, 300)}`,
  )
  if (exit !== 0 && !own) fit(!`${out}${err}`.includes(MARK), 'R37: it repeats what went in')
  if (json && exit !== 0 && out !== '') fit(typeof JSON.parse(out) === 'object', 'no JSON')
}
function here() {
  return ['--vault', join(place, 'vault'), '--key-file', join(place, 'key')]
}

describe('the command line', () => {
  hostile('ends with a code of its own, whatever is typed', {
    input: fc.tuple(fc.constantFrom(...COMMANDS), fc.array(word, { maxLength: 5 }), fc.boolean()),
    runs: 250,
    refuses: () => false,
    read: async ([command, words, json]) =>
      told(await raw([...here(), ...(json ? ['--json'] : []), command, ...words], MARK), json && !words.includes('--')),
  })

  const people = JSON.parse(signedUp())
  hostile('reads any file of people to its end', {
    input: fc.oneof(
      warped([people], nastyJson).map(json => utf8(JSON.stringify(json) ?? '')),
      mutated([utf8(signedUp()), utf8('Name,Phone\nSara,1234\n'), utf8('BEGIN:VCARD\nVERSION:4.0\nFN:A\nEND:VCARD\n')]),
    ),
    runs: 30,
    refuses: () => false,
    read: async input => {
      const said = await raw(
        [...here(), 'import', '-', '--source', 'a list', '--may-ask', 'they-asked', '--json'],
        input,
      )
      fit(!said.out.includes('UNEXPECTED'), said.out.slice(0, 500))
      fit(EXITS.includes(said.exit) && typeof JSON.parse(said.out) === 'object', 'no answer')
    },
  })

  hostile('takes any policy on stdin, or says what is wrong with it', {
    input: fc.oneof(
      nastyJson.map(json => JSON.stringify(json) ?? ''),
      nastyText,
      fc.constant(`${'['.repeat(100_000)}`),
    ),
    runs: 60,
    refuses: () => false,
    read: async input =>
      told(
        await raw(
          ['--json', 'init', '--policy', '-', '--vault', join(place, 'other'), '--key-file', join(place, 'key')],
          input,
        ),
        true,
        true,
      ),
  })
})
