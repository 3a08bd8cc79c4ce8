import { existsSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import type { AnyVault } from '@amanat/vault'
import { expect, test } from 'vitest'
import { withVault as openVault } from '../src/open'
import { run } from '../src/run'
import { plain, plainJson } from '../src/terminal'
import { book, policyWith, signedUp, terminal, withPeople, withVault } from './terminal'

test('a mistake in the call exits with 2 and says what to do', async () => {
  const it = await withVault()
  for (const argv of [
    [],
    ['lst'],
    ['list'],
    ['list', 'news', 'more'],
    ['list', 'news', '--limit', 'many'],
    ['list', 'news', '--limit', '5000'],
    ['list', 'weather'],
    ['show', 'news', 'nobody'],
    ['import'],
    ['export', 'news'],
    ['list', 'news', '--colour'],
    ['suppress'],
    ['identify', '--phone', '1', '--email', 'x'],
    ['list', 'news', '--actor', ' '],
  ]) {
    const { exit, out, err } = await it.run(...argv)
    expect([argv, exit, out]).toEqual([argv, 2, ''])
    expect(err.trim().split('\n').length).toBeGreaterThan(1)
    expect(err).not.toMatch(/ {4}at /)
  }
})

test('help is pointed to where it is: of the command that was called', async () => {
  const it = await terminal()
  const told = async (...argv: string[]) => (await it.raw(argv)).err.trim().split('\n')
  expect(await told('consent')).toEqual(["Missing required argument 'id'.", 'See `amanat consent --help`.'])
  expect(await told('--vault', 'list', 'export', 'news')).toEqual([
    "Required option '--recipient <id>' not specified.",
    'See `amanat export --help`.',
  ])
  expect(await told('slots', 'remove')).toContain('See `amanat slots --help`.')
  expect(await told('list', 'news', '--colour')).toContain('See `amanat list --help`.')
  expect(await told('nothing')).toContain('See `amanat --help`.')
})

test('with --json every answer is exactly one JSON value on stdout, errors too', async () => {
  const it = await withVault()
  const { sara } = await withPeople(it)
  for (const argv of [
    ['lst'],
    [],
    ['list', 'weather'],
    ['list', 'news'],
    ['find', 'news', '--text', 'sara'],
    ['show', 'news', sara],
    ['consents', sara],
    ['status'],
    ['ledger'],
    ['policy'],
    ['slots'],
    ['quarantine'],
    ['expiring', 'P1Y'],
    ['doctor', '--locked'],
    ['check', 'news', '--recipient', 'mailer'],
    ['check', 'news', '--recipient', 'nobody'],
  ]) {
    const { out } = await it.run(...argv, '--json')
    const value = JSON.parse(out)
    if ('code' in value) {
      expect(
        Object.keys(value)
          .filter(key => key !== 'data')
          .sort(),
      ).toEqual(['code', 'fix', 'message', 'name'])
    }
  }
})

test('help and version are shown where they are asked for', async () => {
  const it = await terminal()
  expect(await it.raw(['--version'])).toMatchObject({ exit: 0, out: '0.1.0\n', err: '' })
  const help = await it.raw(['--help'])
  expect(help.exit).toBe(0)
  expect(help.out).toContain('export')
  const one = await it.raw(['export', '--help'])
  expect(one.out).toContain('--leave-out')
  expect(one.out).toContain('--vault')
})

test('where no vault is, none is made by looking', async () => {
  const it = await terminal()
  const said = await it.run('list', 'news')
  expect(said).toMatchObject({ exit: 2, out: '' })
  expect(said.err).toContain('amanat init')
  expect(existsSync(it.path('vault'))).toBe(false)
  expect(await it.raw(['list', 'news'])).toMatchObject({ exit: 2 })
})

test('the vault and the actor are taken from the environment too', async () => {
  const it = await withVault()
  const env = { AMANAT_VAULT: it.path('vault'), AMANAT_ACTOR: 'job:nightly' }
  const key = ['--key-file', it.path('key')]
  await it.raw(['suppress', '--phone', '07700 900999', ...key], { env })
  const { out } = await it.raw(['ledger', '--type', 'suppressed', '--json', ...key], { env })
  expect(JSON.parse(out)).toMatchObject([{ actor: 'job:nightly', count: 1 }])
})

test('a wrong key is a failure, and says no more than that', async () => {
  const it = await withVault()
  const key = it.file('wrong', '00'.repeat(32))
  const said = await it.raw(['list', 'news', '--vault', it.path('vault'), '--key-file', key, '--json'])
  expect(said.exit).toBe(1)
  expect(JSON.parse(said.out)).toMatchObject({ name: 'VaultError', code: 'CANNOT_UNLOCK' })
  const none = await it.raw(['list', 'news', '--vault', it.path('vault'), '--key-file', it.file('short', 'abc')])
  expect(none).toMatchObject({ exit: 2 })
  expect(await it.run('list', 'news', '--recovery-code')).toMatchObject({ exit: 2 })
})

test('what was typed is never said again: it may be a passphrase or a name', async () => {
  const it = await withVault()
  const secret = 'hunter2-correct-horse'
  for (const argv of [
    ['list', 'news', `--passphrase=${secret}`],
    ['list', 'news', '--passphrase', secret],
    [secret],
    ['list', secret],
    ['show', 'news', secret],
    ['list', 'news', '--limit', secret],
    ['list', 'news', secret],
    ['export', 'news', '--recipient', secret, '--format', secret, '--out', it.path(secret), '--via', secret],
    ['export', 'news', '--recipient', secret, '--format', 'csv', '--out', it.path(`${secret}/x`)],
    ['import', it.path(secret), '--source', secret],
    ['find', 'news', '--phone', secret],
    ['expiring', secret],
    ['policy', 'plan', it.file('policy-2.json', secret)],
  ]) {
    for (const json of [[], ['--json']]) {
      const { out, err } = await it.run(...argv, ...json)
      expect([argv, out + err]).not.toEqual([argv, expect.stringContaining(secret)])
    }
  }
})

test('there is no option that takes a passphrase, a code or a clock', async () => {
  const it = await terminal()
  const { out } = await it.raw(['--help'])
  const options = [...out.matchAll(/--[a-z-]+(?: <[a-z]+>)?/g)].map(([option]) => option)
  expect(options.filter(option => /pass|secret|code|clock|key/.test(option))).toEqual([
    '--passphrase-file <file>',
    '--passphrase-fd <number>',
    '--key-file <file>',
    '--recovery-code',
  ])
})

test('names that hold escape sequences or turn lines around reach no terminal as they are', async () => {
  const it = await withVault()
  const hostile = '\u001b]0;owned\u0007\u001b[2J\u202eevil\u2066 \u009b31m\u0000 Sara'
  await it.run('import', it.file('p.json', signedUp([[hostile, '07700 900123', 'sara@example.org']])))
  const { people } = await it.json<{ people: { id: string }[] }>('list', 'news')
  const id = people[0]?.id ?? ''
  for (const argv of [
    ['list', 'news'],
    ['show', 'news', id, '--reveal'],
    ['find', 'news', '--text', 'sara'],
    ['list', 'news', '--json'],
    ['show', 'news', id, '--json'],
  ]) {
    const { out, err } = await it.run(...argv)
    expect(out).toContain('Sara')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
  }
})

test('text is made safe for a terminal, and what scripts need stays', () => {
  expect(plain('a\u001b[31mb\nc')).toBe('a\ufffd[31mb\ufffdc')
  expect(plain('می‌خواهم')).toBe('می‌خواهم')
  const value = { name: '\u202e\u009b\u{e0041}\u2028\n' }
  expect(plainJson(value)).not.toMatch(/[\u202e\u009b\u2028\u{e0041}]/u)
  expect(JSON.parse(plainJson(value))).toEqual(value)
})

test('there is colour on a terminal alone, and not where NO_COLOR is set', async () => {
  const it = await withVault()
  const key = ['status', '--vault', it.path('vault'), '--key-file', it.path('key')]
  const said = async (isTTY: boolean, env: Record<string, string>) => {
    const stdout = Object.assign(new PassThrough(), { isTTY })
    await it.raw(key, { stdout, env })
    return String(stdout.read())
  }
  expect(await said(true, {})).toContain('\u001b[1m')
  expect(await said(true, { NO_COLOR: '1' })).not.toContain('\u001b')
  expect(await said(true, { TERM: 'dumb' })).not.toContain('\u001b')
  expect(await said(false, {})).not.toContain('\u001b')
})

test('an interruption locks the vault even if the work never comes to an end', async () => {
  const it = await withVault()
  const interrupt = new AbortController()
  const io = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough(), env: {} }
  const cli = {
    io: { ...io, clock: it.clock, signal: interrupt.signal },
    globals: { vault: it.path('vault'), keyFile: it.path('key') },
    paint: (_: unknown, text: string) => text,
    note: () => undefined,
  }
  const events: string[] = []
  let seen: AnyVault | undefined
  const stopped = openVault(cli, vault => {
    seen = vault
    vault.subscribe(({ type }) => events.push(type))
    interrupt.abort()
    return new Promise(() => undefined)
  })
  await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' })
  expect(events).toEqual(['locked'])
  await expect(seen?.slots.list()).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
})

test('an interrupted command leaves the vault locked and ends with 130', async () => {
  const it = await withVault()
  const interrupt = new AbortController()
  // Stdin that never ends: the import waits for more when it is interrupted.
  const stdin = new PassThrough()
  stdin.write(book())
  stdin.on('data', () => interrupt.abort())
  const argv = ['import', '-', '--source', 's', '--vault', it.path('vault'), '--key-file', it.path('key')]
  const running = it.raw(argv, { stdin, signal: interrupt.signal })
  await new Promise(resolve => interrupt.signal.addEventListener('abort', resolve))
  stdin.end()
  expect(await running).toMatchObject({ exit: 130, out: '' })
  expect(await it.json('status')).toMatchObject({ quarantine: 0 })
})

test('a passphrase is asked for on the terminal, on stderr, and not shown', async () => {
  const it = await terminal()
  const secret = 'five words nobody ever drew'
  const policy = policyWith('age1qqugsrqt5eyg08vnnfht3vg50ttgdtqp9c487zu24rnp8dafp5ms6kz74w')
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined })
  const stdout = new PassThrough()
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80 })
  let shown = ''
  let asked = 0
  stderr.on('data', piece => {
    shown += piece
    const questions = shown.split(/New passphrase|The same again/).length - 1
    if (asked < 2 && shown.includes(asked === 0 ? 'New passphrase' : 'The same again') && questions > asked) {
      asked++
      setImmediate(() => stdin.write(`${secret}\r`))
    }
  })
  const argv = ['init', '--vault', it.path('v'), '--policy', it.file('p.json', JSON.stringify(policy))]
  expect(await run(argv, { stdin, stdout, stderr, env: {}, clock: it.clock })).toBe(0)
  expect(String(stdout.read())).toContain('It opens with: passphrase')
  expect(shown).not.toContain(secret)
  const opened = await it.raw(['status', '--vault', it.path('v'), '--passphrase-file', it.file('s', secret)])
  expect(opened.exit).toBe(0)
})
