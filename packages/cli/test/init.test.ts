import { existsSync, readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { policyWith, terminal, withVault } from './terminal'

const ABOUT = [
  '--name',
  'Quay Advice',
  '--contact',
  'hello@quay.example',
  '--address',
  '2 Quay Street',
  '--country',
  'GB',
]

test('a vault is made from a policy in a file', async () => {
  const it = await terminal()
  const { purposes, unlockedBy, vault } = await it.json<Record<string, unknown>>(
    'init',
    '--policy',
    it.file('p.json', JSON.stringify(policyWith('age1qqugsrqt5eyg08vnnfht3vg50ttgdtqp9c487zu24rnp8dafp5ms6kz74w'))),
  )
  expect(purposes).toEqual(['news', 'chat'])
  expect(unlockedBy).toEqual(['key file'])
  expect(await it.json('status')).toMatchObject({ vault, controller: 'Riverside Centre' })
})

test.each(['community', 'advice', 'union'])('the template %s makes a vault', async template => {
  const it = await terminal()
  const made = await it.run('init', '--template', template, ...ABOUT)
  expect(made).toMatchObject({ exit: 0, err: '' })
  expect((await it.json('policy')) as unknown).toMatchObject({
    controller: { name: 'Quay Advice', jurisdiction: 'GB' },
  })
})

test('a template can be printed to be edited, and makes nothing', async () => {
  const it = await terminal()
  const { exit, out } = await it.run('init', '--template', 'union', ...ABOUT, '--print-policy')
  expect(exit).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ special: true })
  expect(existsSync(it.path('vault'))).toBe(false)
})

test('all mistakes of a policy are listed, and nothing is made', async () => {
  const it = await terminal()
  const policy = policyWith('age1wrong')
  policy.purposes.news.keepFor = 'P1D'
  policy.bulk.vault.pop()
  const { exit, err } = await it.run('init', '--policy', it.file('p.json', JSON.stringify(policy)))
  expect(exit).toBe(2)
  expect(err).toContain('purposes.news.keepFor: must be at least P2D')
  expect(err).toContain('purposes.news.recipients.mailer.ageKeys.0: must be an age recipient')
  expect(err).toContain('bulk.vault: must have a window')
  expect(existsSync(it.path('vault'))).toBe(false)
})

test('where a vault is, no other is made', async () => {
  const it = await withVault()
  expect(await it.run('init', '--template', 'union', ...ABOUT)).toMatchObject({ exit: 2, out: '' })
  expect(await it.json('init', '--template', 'union', ...ABOUT)).toMatchObject({ code: 'VAULT_EXISTS' })
})

test('a folder with other things in it stays as it is', async () => {
  const it = await terminal()
  const answer = await it.raw(['init', '--vault', it.folder, '--template', 'union', ...ABOUT, '--json'])
  expect(answer.exit).toBe(2)
  expect(JSON.parse(answer.out)).toMatchObject({ code: 'FOLDER_NOT_EMPTY' })
})

test('a key can be made: it opens the vault, is nobody else’s to read, and replaces no other', async () => {
  const it = await terminal()
  const key = it.path('new-key')
  const here = ['--vault', it.path('v')]
  expect(await it.raw(['init', '--template', 'union', ...ABOUT, ...here, '--new-key-file', key])).toMatchObject({
    exit: 0,
  })
  expect(statSync(key).mode & 0o777).toBe(0o600)
  expect(await it.raw(['status', ...here, '--key-file', key])).toMatchObject({ exit: 0, err: '' })
  const before = readFileSync(key)
  const again = await it.raw(['init', '--template', 'union', ...ABOUT, '--vault', it.path('w'), '--new-key-file', key])
  expect(again).toMatchObject({ exit: 2 })
  expect(readFileSync(key)).toEqual(before)
  expect(it.all()).not.toContain(before.toString().trim())
})

test('a recovery code is printed once, and is a second way in', async () => {
  const it = await terminal()
  const { recoveryCode, unlockedBy } = await it.json<{ recoveryCode: string; unlockedBy: string[] }>(
    'init',
    '--template',
    'union',
    ...ABOUT,
    '--with-recovery-code',
  )
  expect(recoveryCode).toMatch(/^([0-9A-Z]{5}-){6}[0-9A-Z]{5}$/)
  expect(unlockedBy).toEqual(['key file', 'recovery code'])
  const slots = await it.json<{ kind: string }[]>('slots')
  expect(slots.map(({ kind }) => kind)).toEqual(['secret-key', 'recovery-code'])
  expect(it.all().split(recoveryCode)).toHaveLength(2)
})

test('without a terminal nothing is asked: what is missing is said', async () => {
  const it = await terminal()
  const here = ['--vault', it.path('v')]
  expect((await it.raw(['init', ...here])).err).toContain('--template')
  expect((await it.raw(['init', ...here, '--template', 'advice', '--name', 'X'])).err).toContain('--contact')
  const noSecret = await it.raw(['init', ...here, '--template', 'advice', ...ABOUT])
  expect(noSecret).toMatchObject({ exit: 2 })
  expect(noSecret.err).toContain('--passphrase-file')
  expect(existsSync(it.path('v'))).toBe(false)
})

test('a short passphrase is not taken', async () => {
  const it = await terminal()
  const argv = ['init', '--vault', it.path('v'), '--template', 'advice', ...ABOUT, '--passphrase-file', '-', '--json']
  const { exit, out } = await it.raw(argv, { input: 'short\n' })
  expect(exit).toBe(2)
  expect(JSON.parse(out)).toMatchObject({ code: 'SECRET_UNUSABLE' })
})

test('a folder that is copied elsewhere is warned of, without its path', async () => {
  const it = await terminal()
  const made = await it.raw([
    ...['init', '--template', 'union', ...ABOUT, '--vault', it.path('Dropbox/members'), '--key-file', it.path('key')],
  ])
  expect(made.exit).toBe(0)
  expect(made.err).toContain('copied by Dropbox')
  expect(made.err).not.toContain(it.folder)
})
