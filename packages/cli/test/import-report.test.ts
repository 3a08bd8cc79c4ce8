/** What is told of an import: the same by a dry run and by the import itself, row by row, and in a file as it comes. */
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { ImportedRow } from '../src/import-rows'
import { signedUp, type Terminal, withPeople, withVault } from './terminal'

afterEach(() => vi.unstubAllEnvs())

interface Imported {
  readonly dryRun: boolean
  readonly quarantined: number
  readonly refused: number
  readonly rows: readonly ImportedRow[]
  readonly reasons: Record<string, number>
}

const day = (it: Terminal, back: number) => new Date(it.clock.now() - back * 86_400_000).toISOString().slice(0, 10)

const LIST = (it: Terminal) =>
  [
    'Email Address,First Name,Last Name,Phone Number,Birthday,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,UNSUB_TIME,EUID,LEID,Favourite',
    `sara@example.org,Sara,Karimi,07700 900123,,${day(it, 3)},192.0.2.1,,,a,1,tea`,
    `omid@example.org,Omid,Rahimi,call me,,${day(it, 400)},192.0.2.1,,,b,2,`,
    `leila@example.org,Leila,Azadi,,,,,,${day(it, 2)},c,3,`,
    'nima@example.org,Nima,Taheri,07700 900123,,,,,,d,4,',
    `sara@example.org,Sara,Karimi,07700 900123,,${day(it, 3)},192.0.2.1,,,a,1,tea`,
    'bahar@example.org,Bahar,Noori,,03/05,,,,,e,5,',
    ',,,,,,,,,f,6,nobody',
    `kian@example.org,Kian,${'x'.repeat(40_000)},,,,,,,g,7,`,
  ].join('\r\n')

const CARDS = [
  'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:Sara Karimi\r\nTEL:07700 900123\r\nNOTE:likes tea\r\nEND:VCARD',
  'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:2\r\nFN:Omid Rahimi\r\nTEL:12\r\nno colon\r\nEND:VCARD',
  'BEGIN:VCARD\r\nVERSION:9.0\r\nEND:VCARD',
  'BEGIN:VCARD\r\nVERSION:4.0\r\nUID:1\r\nFN:Sara again\r\nTEL:07700 900123\r\nEND:VCARD',
  '',
].join('\r\n')

const JSCONTACT = JSON.stringify([
  { '@type': 'Card', version: '2.0', uid: '1', name: { full: 'Sara' }, phones: { p1: { number: '07700 900123' } } },
  { '@type': 'Card', version: '2.0', uid: '2', phones: 'none' },
  { '@type': 'Card', version: '2.0', uid: '3', name: { full: 'Omid' }, emails: { e1: { address: 'o@example.org' } } },
])

describe('a dry run', () => {
  test.each([
    ['a list with consents of every kind', LIST, ['--consent', 'news', '--from-columns', '--may-ask', 'they-asked']],
    ['the same list, nothing agreed', LIST, ['--undeclared', 'leave-out']],
    ['vCards', () => CARDS, ['--undeclared', 'leave-out']],
    ['vCards, strictly', () => CARDS, []],
    ['JSContact', () => JSCONTACT, ['--consent', 'news', '--how', 'paper']],
    ['people with their consents', () => signedUp(), []],
  ])('tells of %s what the import tells in a vault with nobody in it', async (_, content, options) => {
    const it = await withVault()
    const argv = ['import', it.file('book', content(it)), '--source', 'sheet', ...options]
    const dry = await it.json<Imported>(...argv, '--dry-run')
    const text = await it.run(...argv, '--dry-run')
    const real = await it.json<Imported>(...argv)
    expect(dry.dryRun).toBe(true)
    expect(dry.rows.some(row => 'id' in row || 'maybeSame' in row)).toBe(false)
    const nobody = real.rows.map(({ id: _id, maybeSame: _same, ...row }) => row)
    expect(dry).toEqual({ ...real, dryRun: true, rows: nobody })
    expect(real.rows.length).toBeGreaterThan(0)
    // And in words.
    const fresh = await withVault()
    const said = await fresh.run('import', fresh.file('book', content(fresh)), ...argv.slice(2))
    expect(text.exit).toBe(said.exit)
    expect(text.out.split('\n').slice(1)).toEqual(said.out.split('\n'))
  })

  test('of the list, every outcome is among them', async () => {
    const it = await withVault()
    const argv = ['--source', 'sheet', '--consent', 'news', '--from-columns', '--may-ask', 'they-asked']
    const dry = await it.json<Imported>('import', it.file('list.csv', LIST(it)), ...argv, '--dry-run')
    expect(dry.rows.map(({ outcome, code, doubts }) => code ?? doubts?.[0]?.code ?? outcome)).toEqual([
      'added',
      'EXPIRES_TOO_SOON',
      'OPTED_OUT',
      'quarantined',
      'known',
      'DATE_UNREADABLE',
      'ROW_WITHOUT_PERSON',
      'CARD_TOO_LARGE',
    ])
    expect(dry).toMatchObject({ maybeSame: 1, columnsNotRead: ['LEID', 'Favourite'] })
  })

  test('leaves nothing: not in the vault, not in its ledger, and no file anywhere', async () => {
    const it = await withVault()
    const temporary = it.path('temporary')
    mkdirSync(temporary)
    vi.stubEnv('TMPDIR', temporary)
    const before = [await it.json('ledger'), readdirSync(it.folder)]
    const file = it.file('cards.vcf', CARDS)
    expect(await it.json('import', file, '--source', 's', '--dry-run')).toMatchObject({ dryRun: true })
    // One that breaks off leaves nothing either.
    const stop = new AbortController()
    const here = ['--vault', it.path('vault'), '--key-file', it.path('key')]
    const cut = it.raw(['import', '-', '--source', 's', '--dry-run', ...here], {
      signal: stop.signal,
      get stdin() {
        return Object.assign(
          (async function* () {
            yield Buffer.from(CARDS)
            stop.abort()
          })(),
        ) as never
      },
    })
    expect((await cut).exit).toBe(130)
    expect(readdirSync(temporary)).toEqual([])
    expect([await it.json('ledger'), readdirSync(it.folder).filter(name => name !== 'cards.vcf')]).toEqual(before)
    expect(await it.json('status')).toMatchObject({ quarantine: 0 })
  })

  test('does not tell who is here or has left (R11)', async () => {
    const it = await withVault()
    const { sara } = await withPeople(it)
    await it.run('erase', sara)
    const rows = 'Name,Phone\r\nSara Karimi,07700 900123\r\nOmid Rahimi,07700 900124'
    const dry = await it.json<Imported>('import', it.file('b.csv', rows), '--source', 's', '--dry-run')
    expect(dry).toMatchObject({ quarantined: 2, refused: 0, known: 0, maybeSame: 0 })
  })
})

describe('a file of outcomes', () => {
  test('has a line for each row, in the order of the file, for its owner only; the answer names it instead', async () => {
    const it = await withVault()
    const report = it.path('report.jsonl')
    const file = it.file('list.csv', LIST(it))
    const answer = await it.json<Imported>('import', file, '--source', 's', '--dry-run', '--report', report)
    expect(answer).toMatchObject({ report, quarantined: 4 })
    expect(answer).not.toHaveProperty('rows')
    const lines = readFileSync(report, 'utf8').trimEnd().split('\n')
    const { rows } = await it.json<Imported>('import', file, '--source', 's', '--dry-run')
    expect(lines.map(line => JSON.parse(line))).toEqual(rows)
    expect(rows.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
    expect(statSync(report).mode & 0o777).toBe(0o600)
  })

  test('never takes the place of another, and goes where nothing was told', async () => {
    const it = await withVault()
    const report = it.file('report.jsonl', 'mine')
    const file = it.file('list.csv', LIST(it))
    const there = await it.run('import', file, '--source', 's', '--report', report)
    expect(there).toMatchObject({ exit: 2, err: expect.stringContaining('a file already') })
    expect(readFileSync(report, 'utf8')).toBe('mine')
    expect(await it.json('quarantine')).toMatchObject({ total: 0 })
    const none = await it.run('import', file, '--report', it.path('none'))
    expect(none.err).toContain('--source')
    expect(readdirSync(it.folder)).not.toContain('none')
    expect((await it.run('import', file, '--source', 's', '--report', it.path('no/such'))).exit).toBe(1)
  })

  test('holds nobody who may have left (R11)', async () => {
    const it = await withVault()
    const { sara } = await withPeople(it)
    await it.run('erase', sara)
    const file = it.file('b.csv', 'Name,Phone\r\nSara Karimi,07700 900123\r\nNima Taheri,07700 900200')
    const report = it.path('report.jsonl')
    const { quarantined, refused, reasons } = await it.json<Imported>(
      'import',
      file,
      '--source',
      's',
      '--report',
      report,
    )
    // The other one may be stopped as well, one in a hundred (R20).
    expect(refused).toBeGreaterThanOrEqual(1)
    expect(refused + quarantined).toBe(2)
    expect(reasons).toEqual({ SUPPRESSED: refused })
    const held = readFileSync(report, 'utf8').split('\n').filter(Boolean)
    expect(held).toHaveLength(quarantined)
    expect(held.join()).not.toContain('Sara')
  })
})

test('a file larger than a lot goes in whole, each row once and in its place', async () => {
  const it = await withVault()
  const rows = Array.from({ length: 4_500 }, (_, n) => (n % 1_000 === 7 ? ',,lost' : `Person ${n},p${n}@example.org,`))
  const file = it.file('large.csv', ['Name,Email,Notes', ...rows].join('\r\n'))
  const answer = await it.json<Imported>('import', file, '--source', 's')
  expect(answer).toMatchObject({ quarantined: 4_495, unreadable: 5, reasons: { ROW_WITHOUT_PERSON: 5 } })
  expect(answer.rows.map(({ line }) => line)).toEqual(rows.map((_, n) => n + 2))
  expect(new Set(answer.rows.flatMap(({ id }) => id ?? [])).size).toBe(4_495)
  const ids = new Map(answer.rows.map(({ line, id }) => [line, id]))
  const again = await it.json<Imported>('import', file, '--source', 's')
  expect(again).toMatchObject({ known: 4_495, quarantined: 0 })
  expect(new Map(again.rows.map(({ line, id }) => [line, id]))).toEqual(ids)
})
