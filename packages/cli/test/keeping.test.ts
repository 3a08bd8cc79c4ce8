import { expect, test } from 'vitest'
import { book, withPeople, withVault } from './terminal'

test('whose consent ends soon can be asked for (R17)', async () => {
  const it = await withVault()
  const { sara } = await withPeople(it)
  expect((await it.run('expiring', 'P30D')).out).toBe('Nobody.\n')
  const soon = await it.json<{ id: string }[]>('expiring', 'P120D')
  expect(soon.map(({ id }) => id)).toContain(sara)
  expect(soon).toHaveLength(3)
  expect((await it.run('expiring', 'P120D')).out).toContain('30 May 2026')
  expect(await it.run('expiring', 'soon')).toMatchObject({ exit: 2 })
  expect(await it.run('expiring', 'P0D')).toMatchObject({ exit: 2 })
})

test('a cron job forgets what expired without unlocking (R14)', async () => {
  const it = await withVault()
  const file = it.file('b.csv', book())
  await it.run('import', file, '--source', 's', '--consent', 'news')
  expect(await it.json('status')).toMatchObject({ purposes: { news: 3 } })
  await it.clock.advance('P29D')
  const locked = ['purge', '--locked', '--vault', it.path('vault'), '--json']
  expect(JSON.parse((await it.raw(locked)).out)).toMatchObject({ tick: '2026-03-30' })
  await it.clock.advance('P3D')
  const dropped = JSON.parse((await it.raw(locked)).out)
  expect(dropped.tick).toBe('2026-04-02')
  expect(dropped.rows).toBeGreaterThan(0)
  expect(await it.json('status')).toMatchObject({ purposes: { news: 0 } })
})

test('purge with the vault unlocked says how far it got', async () => {
  const it = await withVault()
  await withPeople(it)
  await it.clock.advance('P91D')
  expect(await it.json('purge')).toMatchObject({ tick: '2026-05-31' })
  expect((await it.run('purge')).out).toContain('2026-05-31')
  expect(await it.json('list', 'news')).toMatchObject({ total: 0 })
})

test('a clock that jumped destroys nothing while the vault is locked, and until it is confirmed (R16)', async () => {
  const it = await withVault()
  await withPeople(it)
  it.clock.set('2028-03-01T09:00:00Z')
  const locked = await it.raw(['purge', '--locked', '--vault', it.path('vault')])
  expect(locked.exit).toBe(3)
  expect(locked.err).toContain('confirm-time')
  expect(await it.run('purge')).toMatchObject({ exit: 3 })
  expect(await it.run('confirm-time')).toMatchObject({ exit: 0, err: '' })
  expect(await it.run('purge')).toMatchObject({ exit: 0 })
  expect(await it.json('ledger', '--type', 'clock')).toMatchObject([{ kind: 'confirmed' }])
})

test('the ledger is read by type, actor, contact and date', async () => {
  const it = await withVault()
  const { sara } = await withPeople(it)
  await it.clock.advance('P1D')
  await it.run('withdraw', sara, '--actor', 'staff:omid')
  const types = async (...argv: string[]) =>
    (await it.json<{ type: string }[]>('ledger', ...argv)).map(({ type }) => type)
  expect(await types('--by', 'staff:omid')).toContain('consent')
  expect(await types('--by', 'staff:omid')).not.toContain('contact-added')
  expect(await types('--contact', sara)).toEqual(['contact-added', 'consent', 'consent'])
  expect(await types('--type', 'vault-created')).toEqual(['vault-created'])
  expect(await types('--since', '2026-03-02')).not.toContain('vault-created')
  expect(await types('--before', '2026-03-01')).toEqual([])
  const { out } = await it.run('ledger', '--contact', sara)
  expect(out).toContain('staff:omid')
  expect(out).not.toContain('Sara')
  expect(await it.run('ledger', '--since', 'yesterday')).toMatchObject({ exit: 2 })
})
