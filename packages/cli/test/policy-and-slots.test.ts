import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { policyWith, terminal, withPeople, withVault } from './terminal'

const policyOf = async (it: Awaited<ReturnType<typeof withVault>>) =>
  (await it.json('policy', 'show')) as unknown as ReturnType<typeof policyWith>

test('the policy is shown in words and as it is', async () => {
  const it = await withVault()
  const { out } = await it.run('policy')
  expect(out).toContain('Riverside Centre (GB)')
  expect(out).toContain('news: Send you our news')
  expect(out).toContain('recipients: Pigeon Post')
  expect((await policyOf(it)).purposes.news.keepFor).toBe('P90D')
})

test('a plan says what a change would forget, and changes nothing (R3)', async () => {
  const it = await withVault()
  await withPeople(it)
  const { news: _, ...purposes } = (await policyOf(it)).purposes
  const next = it.file('next.json', JSON.stringify({ ...(await policyOf(it)), purposes }))
  const { out, exit } = await it.run('policy', 'plan', next)
  expect(exit).toBe(0)
  expect(out).toContain('3 people would be forgotten.')
  expect(await it.json('policy', 'plan', next)).toMatchObject({ forgotten: 3 })
  expect(await it.json('status')).toMatchObject({ purposes: { news: 3 } })
  const unconfirmed = await it.run('policy', 'change', next)
  expect(unconfirmed.exit).toBe(2)
  expect(unconfirmed.err).toContain('3 people would be forgotten.')
  expect(await it.json('status')).toMatchObject({ purposes: { news: 3 } })
})

test('an accepted change rules at once where it narrows', async () => {
  const it = await withVault()
  await withPeople(it)
  const now = await policyOf(it)
  const news = { ...now.purposes.news, fields: ['name', 'emails'] }
  const next = it.file('next.json', JSON.stringify({ ...now, purposes: { ...now.purposes, news } }))
  expect(await it.json('policy', 'change', next, '--yes')).toMatchObject({ forgotten: 0, shortened: 3 })
  expect((await policyOf(it)).purposes.news.fields).toEqual(['name', 'emails'])
  expect((await it.json<unknown[]>('ledger', '--type', 'policy-changed')).length).toBe(1)
})

test('ways of unlocking are added, used and removed; the last one stays', async () => {
  const it = await withVault()
  const key = it.path('second')
  const { id } = await it.json<{ id: string }>('slots', 'add', '--label', 'the server', '--new-key-file', key)
  expect((await it.run('slots')).out).toContain('the server')
  expect(await it.raw(['status', '--vault', it.path('vault'), '--key-file', key])).toMatchObject({ exit: 0 })
  expect(await it.run('slots', 'remove', id)).toMatchObject({ exit: 0 })
  const locked = await it.raw(['status', '--vault', it.path('vault'), '--key-file', key, '--json'])
  expect(locked.exit).toBe(1)
  expect(JSON.parse(locked.out)).toMatchObject({ name: 'VaultError', code: 'CANNOT_UNLOCK' })
  const [last] = await it.json<{ id: string }[]>('slots')
  const refused = await it.run('slots', 'remove', last?.id ?? '')
  expect(refused).toMatchObject({ exit: 3 })
  expect(refused.err).toContain('amanat slots add')
  expect(await it.run('slots', 'remove', 'ff'.repeat(16))).toMatchObject({ exit: 2 })
  expect(await it.run('slots', 'passphrase')).toMatchObject({ exit: 2 })
})

test('a passphrase is replaced: the new one opens, the old one does not, and neither is ever shown', async () => {
  const it = await terminal()
  const [first, second] = ['correct horse battery staple', 'پنج واژه که کسی نمی‌داند']
  const old = it.file('old', `${first}\n`)
  const next = it.file('next', second)
  const here = ['--vault', it.path('v')]
  const policy = policyWith('age1qqugsrqt5eyg08vnnfht3vg50ttgdtqp9c487zu24rnp8dafp5ms6kz74w')
  const made = ['init', ...here, '--policy', it.file('p.json', JSON.stringify(policy)), '--passphrase-file', old]
  expect(await it.raw(made)).toMatchObject({ exit: 0 })
  const replaced = await it.raw([
    'slots',
    'passphrase',
    ...here,
    '--passphrase-file',
    old,
    '--new-passphrase-file',
    next,
  ])
  expect(replaced).toMatchObject({ exit: 0, err: '' })
  const wrong = await it.raw(['status', ...here, '--passphrase-file', '-'], { input: `${first}\n` })
  expect(wrong).toMatchObject({ exit: 1, out: '' })
  expect(wrong.err).toContain('could not be unlocked')
  expect(await it.raw(['status', ...here, '--passphrase-fd', '0'], { input: `${second}\r\n` })).toMatchObject({
    exit: 0,
  })
  expect(it.all()).not.toContain(first)
  expect(it.all()).not.toContain(second)
})

test('a vault is destroyed where that is confirmed, without its passphrase', async () => {
  const it = await withVault()
  const here = ['--vault', it.path('vault')]
  expect(await it.raw(['destroy', ...here])).toMatchObject({ exit: 2 })
  expect(await it.json('status')).toMatchObject({ controller: 'Riverside Centre' })
  expect(await it.raw(['destroy', '--yes', ...here])).toMatchObject({ exit: 0 })
  expect(existsSync(it.path('vault'))).toBe(false)
  expect(await it.json('status')).toMatchObject({ code: 'VAULT_MISSING' })
})
