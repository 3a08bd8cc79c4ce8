/**
 * The format page is enough to write a reader from: this one is in Python, on other people's cryptography, and was
 * written without a look at the library. It must find in the golden vaults what their story says, and refuse whatever
 * isn't as the page says.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  ENTRIES,
  EXPORTED,
  type ExpectedEvent,
  FORMER_POLICY,
  LAST_DAY,
  PEOPLE,
  POLICY,
  STOPPED,
} from '../golden/expected'
import { type Dump, dumpOf, dumpOfRaw, fromChromium, onDisk, openingsOf } from '../golden/frozen'
import type { Made } from '../golden/story'
import { SHEET } from '../golden/story'
import { figures } from '../trust/figures'

const program = fileURLToPath(new URL('read.py', import.meta.url))
const python = ['/usr/bin/python3', 'python3'].find(
  command => spawnSync(command, ['-c', 'import argon2, cryptography']).status === 0,
)
if (!python) {
  console.warn('No python3 with the packages argon2 and cryptography: the second reader is skipped.')
}

interface Read {
  readonly contacts: Record<string, Record<string, unknown>>
  readonly entries: { readonly type: string }[]
  readonly rows: number
  readonly [what: string]: unknown
}

const DAY = 86_400_000
const instant = (text: string) => Date.parse(text)
const day = (text: string) => Date.parse(text) / DAY
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

function readAll(dumps: readonly Dump[], openings: object): readonly { read?: Read; unsound?: string }[] {
  const input = JSON.stringify(dumps.map(dump => ({ ...dump, openings, guesses: STOPPED })))
  const { status, stdout, stderr } = spawnSync(python as string, ['-B', program], { input, encoding: 'utf8' })
  if (status !== 0) throw new Error(`the reader broke down: ${stderr}`)
  return JSON.parse(stdout)
}

const frozen: Record<string, () => Promise<{ dump: Dump; made: Made }>> = {
  'the disk store': () =>
    onDisk(async (store, made) => {
      const opened = store()
      await opened.open()
      return { dump: await dumpOf(opened).finally(() => opened.close()), made }
    }),
  'the browser’s store': async () => {
    const { made, ...raw } = await fromChromium()
    return { dump: dumpOfRaw(raw), made }
  },
}

function eventOf({ kind, at, actor, how, until, fields, recipients, notice, kept }: ExpectedEvent) {
  return {
    kind,
    at: instant(at),
    actor,
    ...(how ? { how } : {}),
    ...(until ? { until: instant(until), fields, recipients } : {}),
    ...(notice ? { notice } : {}),
    ...(kept ? { evidence: hex(SHEET) } : {}),
  }
}

describe.skipIf(!python).each(Object.entries(frozen))('the golden vault of %s, to the second reader', (_, thaw) => {
  let dump: Dump
  let made: Made
  let found: Read

  beforeAll(async () => {
    ;({ dump, made } = await thaw())
    const [answer] = readAll([dump], openingsOf(made))
    expect(answer?.unsound).toBeUndefined()
    found = answer?.read as Read
    figures('reader', { 'golden vaults': 1, contacts: Object.keys(found.contacts).length, rows: found.rows })
  })

  test('opens by each of its slots, and every row is one that something leads to', () => {
    expect(found.vault).toBe(made.vault)
    expect((found.slots as { label: string }[]).sort((a, b) => (a.label < b.label ? -1 : 1))).toEqual([
      { kind: 'passphrase', label: 'Leila' },
      { kind: 'recoveryCode', label: 'paper, in the safe' },
      { kind: 'secretKey', label: 'the server' },
    ])
    expect([found.tick, found.rows]).toEqual([day(LAST_DAY), dump.rows.length])
  })

  test('holds the people of the story, field by field, each until its day', () => {
    expect(Object.keys(found.contacts).sort()).toEqual(
      Object.keys(PEOPLE)
        .map(ref => made.ids[ref])
        .sort(),
    )
    for (const [ref, person] of Object.entries(PEOPLE)) {
      const contact = found.contacts[made.ids[ref] as string]
      const days = Object.fromEntries(Object.entries(person.days).map(([field, until]) => [field, day(until)]))
      expect(contact).toMatchObject({
        ref,
        card: person.card,
        days,
        sources: person.sources,
        revision: person.revision,
      })
      expect(Object.keys(contact?.card as object).sort()).toEqual(Object.keys(person.card).sort())
      expect(contact?.translations).toEqual(person.translations ?? {})
      expect(contact?.photos).toEqual(person.photo ? { m1: hex(person.photo) } : {})
      expect(contact?.quarantine).toEqual(
        person.quarantine && {
          ...person.quarantine,
          since: instant(person.quarantine.since),
          until: instant(person.quarantine.until),
        },
      )
    }
  })

  test('holds each consent event with its date, scope, notice and proof', () => {
    for (const [ref, { consents }] of Object.entries(PEOPLE)) {
      const expected = Object.entries(consents).map(([purpose, events]) => [purpose, events.map(eventOf)])
      expect(found.contacts[made.ids[ref] as string]?.consents).toEqual(Object.fromEntries(expected))
    }
  })

  test('has the policy that rules and the one before, and knows who left only by a guess', () => {
    expect(found.policy).toEqual({ policy: POLICY })
    expect(found.history).toEqual([{ at: instant('2026-03-18T09:00:00Z'), policy: FORMER_POLICY }])
    // The weeks of 23 February and 2 March 2026, counted from 29 December 1969.
    expect(found.stopped).toEqual({ left: [[2931], [2931], [2931], [2931]], quarantined: [[2930]] })
    expect([found.left, found.quarantined]).toEqual([4, 1])
  })

  test('has the whole record in its order, and who was in the export', () => {
    expect(found.entries.map(({ type }) => type)).toEqual(ENTRIES)
    expect(found.ledger).toMatchObject({ forgetting: 4 })
    const [exported] = found.exports as { people: string[] }[]
    expect([...(exported?.people ?? [])].sort()).toEqual(EXPORTED.map(ref => made.ids[ref]).sort())
  })

  test('opens while one sector of the cell is whole, and not when none is', () => {
    const torn = (sectors: number): Dump => ({
      ...dump,
      cell: dump.cell.map(half => {
        const bytes = Buffer.from(half, 'base64')
        if (bytes.toString('latin1', 0, 4) === 'AMNC') bytes.fill(0xa5, 0, sectors * 512)
        return bytes.toString('base64')
      }),
    })
    const [hurt, gone] = readAll([torn(7), torn(8)], { secretKey: openingsOf(made).secretKey })
    expect(hurt?.read?.contacts).toEqual(found.contacts)
    expect(gone?.unsound).toBe('a half that is neither free nor a record')
  })

  test('is refused where one byte of a row, the root or the cell is another', () => {
    const other = (text: string, at: number) => {
      const bytes = Buffer.from(text, 'base64')
      bytes[at < 0 ? bytes.length + at : at] = (bytes.at(at) as number) ^ 1
      return bytes.toString('base64')
    }
    const rowOf = (table: string) => dump.rows.findIndex(row => row.table === table)
    const changed: [string, Dump][] = [
      ['a ring root', { ...dump, root: other(dump.root, -1) }],
      ['a commitment', { ...dump, root: other(dump.root, 40) }],
      ['a cell', { ...dump, cell: dump.cell.map(half => other(half, 500)) }],
      ...['slots', 'ring', 'heads', 'pages', 'blobs', 'undated', 'ledger', 'exports'].flatMap(table => {
        const which = rowOf(table)
        const rows = dump.rows.map((row, n) => (n === which ? { ...row, bytes: other(row.bytes, -20) } : row))
        const moved = dump.rows.map((row, n) => (n === which ? { ...row, bucket: row.bucket - 1 } : row))
        return [
          [`a row of ${table}`, { ...dump, rows }] as [string, Dump],
          [`the bucket of ${table}`, { ...dump, rows: moved }] as [string, Dump],
        ]
      }),
      [
        'a ledger without its last row',
        { ...dump, rows: dump.rows.filter(row => row !== dump.rows.filter(({ table }) => table === 'ledger').at(-1)) },
      ],
      [
        'a row too many',
        {
          ...dump,
          rows: [
            ...dump.rows,
            { ...(dump.rows[rowOf('pages')] as Dump['rows'][number]), id: Buffer.alloc(16).toString('base64') },
          ],
        },
      ],
    ]
    const answers = readAll([dump, ...changed.map(([, dump]) => dump)], { secretKey: openingsOf(made).secretKey })
    expect(answers[0]?.read, 'unchanged').toBeDefined()
    const unnoticed = changed.filter((_, n) => answers[n + 1]?.unsound === undefined).map(([what]) => what)
    expect(unnoticed).toEqual([])
    figures('reader', { 'changed bytes refused': changed.length })
  })
})
