import { chmodSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { disk } from '@amanat/store-disk'
import { expect, test } from 'vitest'
import { syncedBy } from '../src/synced'
import { book, type Terminal, withPeople, withVault } from './terminal'

interface Findings {
  readonly problems: number
  readonly findings: readonly { check: string; state: string; detail: string; broken?: string[] }[]
}

const stateOf = ({ findings }: Findings, check: string) => findings.find(finding => finding.check === check)?.state
const doctor = async (it: Terminal, ...argv: string[]): Promise<Findings> =>
  (await it.json<Findings & Record<string, never>>('doctor', ...argv)) as Findings

test('a sound vault is found sound', async () => {
  const it = await withVault()
  await withPeople(it)
  await it.run('import', it.file('b.csv', book([['Nima', '07700 900300', '']])), '--source', 's')
  const found = await doctor(it)
  expect(found.problems).toBe(0)
  const checks = ['permissions', 'sync', 'cell', 'guarantees', 'unlock', 'rows']
  expect(found.findings.map(({ check }) => check).sort()).toEqual([...checks].sort())
  expect(found.findings.find(({ check }) => check === 'rows')?.detail).toMatch(/opened: \d+/)
  const { out, exit } = await it.run('doctor')
  expect(exit).toBe(0)
  expect(out).not.toContain(it.folder)
})

test.skipIf(process.platform === 'win32')('files that others may read are a problem', async () => {
  const it = await withVault()
  chmodSync(join(it.path('vault'), 'cell'), 0o755)
  const said = await it.run('doctor', '--locked')
  expect(said.exit).toBe(1)
  expect(said.out).toContain('PROBLEM')
  expect(stateOf(await doctor(it, '--locked'), 'permissions')).toBe('problem')
})

test('a missing cell is found, without unlocking and with it', async () => {
  const it = await withVault()
  renameSync(join(it.path('vault'), 'cell'), it.path('cell'))
  expect(stateOf(await doctor(it, '--locked'), 'cell')).toBe('problem')
  expect(stateOf(await doctor(it), 'unlock')).toBe('problem')
})

test('rows that were damaged are named by table and id, and nobody is', async () => {
  const it = await withVault()
  await withPeople(it)
  const store = disk(it.path('vault'))
  await store.open()
  const root = await store.root()
  const pages = []
  for await (const row of store.scan('pages')) pages.push(row)
  // Rows are written once: damaged ones take the place of the good ones under their own ids.
  await store.commit({ expect: root?.version ?? null, root: root?.bytes ?? new Uint8Array(), put: [], drop: pages })
  const again = await store.root()
  const put = pages.map(row => ({ ...row, bytes: row.bytes.map((byte, i) => (i === 60 ? byte ^ 1 : byte)) }))
  await store.commit({ expect: again?.version ?? null, root: root?.bytes ?? new Uint8Array(), put, drop: [] })
  await store.close()
  const found = await doctor(it)
  expect(stateOf(found, 'rows')).toBe('problem')
  const damaged = pages.map(row => `pages ${Buffer.from(row.id).toString('hex')}`)
  expect(found.findings.find(({ check }) => check === 'rows')?.broken).toEqual(expect.arrayContaining(damaged))
})

test('a wrong key is no finding: it is said as it is', async () => {
  const it = await withVault()
  const key = it.file('other', new Uint8Array(32).fill(9))
  const said = await it.raw(['doctor', '--vault', it.path('vault'), '--key-file', key])
  expect(said).toMatchObject({ exit: 1, out: '' })
  expect(said.err).toContain('could not be unlocked')
})

test('status counts, and says what this machine can promise', async () => {
  const it = await withVault()
  await withPeople(it)
  await it.clock.advance('P70D')
  const value = await it.json<Record<string, unknown>>('status')
  expect(value).toMatchObject({
    controller: 'Riverside Centre',
    purposes: { news: 3, chat: 0 },
    quarantine: 0,
    expiring: { within: 'P30D', consents: 3, next: [{ until: '2026-05-30T00:00:00.000Z', consents: 3 }] },
    guarantees: { cell: 'file' },
  })
  const { out } = await it.run('status')
  expect(out).toContain('3  news')
  expect(out).toContain('until 30 May 2026')
  expect(out).toContain('Forgotten keys')
})

test.each([
  ['/home/x/Dropbox/members', 'Dropbox'],
  ['/home/x/OneDrive - Riverside/v', 'OneDrive'],
  ['/Users/x/Library/Mobile Documents/com~apple~CloudDocs/v', 'iCloud'],
  ['/home/x/Nextcloud/v', 'Nextcloud'],
  ['/home/x/boxes/v', undefined],
  ['/srv/amanat', undefined],
])('%s is copied by %s', (folder, by) => {
  expect(syncedBy(folder)).toBe(by)
})
