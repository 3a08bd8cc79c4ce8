/** A backup goes into a file and comes back from it; and a restore that fails leaves the folder as it was. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Terminal, terminal, withPeople, withVault } from './terminal'

async function backedUp() {
  const it = await withVault()
  const ids = await withPeople(it)
  const out = it.path('one.backup')
  expect(await it.run('backup', '--out', out)).toMatchObject({ exit: 0, err: '' })
  return { it, ids, out }
}

/** Restores into another folder; by the key that opened the vault, unless something else is said. */
const restore = (it: Terminal, folder: string, file: string, ...more: string[]) =>
  it.raw(['restore', file, '--vault', it.path(folder), '--key-file', it.path('key'), ...more])

const statusOf = async (it: Terminal, folder: string, key = 'key') =>
  JSON.parse((await it.raw(['status', '--vault', it.path(folder), '--key-file', it.path(key), '--json'])).out)

const drafts = (it: Terminal) => readdirSync(it.folder).filter(name => name.endsWith('.part'))

/** What went wrong, and everything that somebody could look for afterwards. */
const answer = ({ exit, out }: { exit: number; out: string }) => ({ exit, code: JSON.parse(out).code })

test('a backup is a sealed file of its owner’s, and what it is stands in the ledger', async () => {
  const it = await withVault()
  await withPeople(it)
  const out = it.path('one.backup')
  const said = await it.json<{ backup: string; bytes: number; sha256: string }>('backup', '--out', out)
  const file = readFileSync(out)
  expect(said).toMatchObject({ bytes: file.length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(statSync(out).mode & 0o777).toBe(0o600)
  expect(file.subarray(0, 4).toString()).toBe('AMNB')
  expect(file.includes('Sara')).toBe(false)
  expect(drafts(it)).toEqual([])
  expect(await it.json('ledger', '--type', 'backup-started')).toMatchObject([{ backup: said.backup }])
})

test('no file is replaced by a backup unasked, and none is begun then', async () => {
  const it = await withVault()
  const out = it.file('precious', 'mine')
  expect(await it.run('backup', '--out', out)).toMatchObject({ exit: 2 })
  expect(readFileSync(out, 'utf8')).toBe('mine')
  expect(await it.json('ledger', '--type', 'backup-started')).toEqual([])
  expect(await it.run('backup', '--out', out, '--force')).toMatchObject({ exit: 0 })
  expect(readFileSync(out, 'latin1')).toMatch(/^AMNB/)
  const nowhere = await it.run('backup', '--out', it.path('nowhere/out'))
  expect(nowhere.exit).toBe(1)
  expect(nowhere.err).not.toContain(it.folder)
  expect(await it.run('backup', '--out', '-')).toMatchObject({ exit: 2 })
})

test('it comes back in a new folder, and opens in the way that the backup was opened in', async () => {
  const { it, out } = await backedUp()
  const said = await restore(it, 'new', out)
  expect(said).toMatchObject({ exit: 0, err: '' })
  expect(said.out).toContain('3 people')
  expect(said.out).toContain('It opens with: key file')
  const [before, after] = [await statusOf(it, 'vault'), await statusOf(it, 'new')]
  expect(after).toMatchObject({ purposes: { news: 3 }, controller: 'Riverside Centre' })
  expect(after.vault).not.toBe(before.vault)
  expect(drafts(it)).toEqual([])
})

test('a backup is read from stdin too', async () => {
  const { it, out } = await backedUp()
  const said = await it.raw(['restore', '-', '--vault', it.path('new'), '--key-file', it.path('key'), '--json'], {
    input: readFileSync(out),
  })
  expect(said.exit).toBe(0)
  expect(JSON.parse(said.out)).toMatchObject({ people: 3, gone: 0, unlockedBy: ['key file'] })
})

test('another passphrase may open the new vault; the old key opens it no more, and neither is shown', async () => {
  const { it, out } = await backedUp()
  const words = 'correct horse battery staple'
  expect(await restore(it, 'new', out, '--new-passphrase-file', it.file('words', `${words}\n`))).toMatchObject({
    exit: 0,
  })
  expect(await statusOf(it, 'new')).toMatchObject({ code: 'CANNOT_UNLOCK' })
  const opened = ['status', '--vault', it.path('new'), '--passphrase-file', it.path('words'), '--json']
  expect(JSON.parse((await it.raw(opened)).out)).toMatchObject({ purposes: { news: 3 } })
  const coded = await restore(it, 'coded', out, '--new-recovery-code', '--json')
  expect(JSON.parse(coded.out)).toMatchObject({ recoveryCode: expect.any(String), unlockedBy: ['recovery code'] })
  expect(await restore(it, 'other', out, '--new-passphrase')).toMatchObject({ exit: 2 })
  expect(existsSync(it.path('other'))).toBe(false)
  expect(it.all()).not.toContain(words)
})

test('onto the vault that it was made of: who was erased since stays gone (R21)', async () => {
  const { it, ids, out } = await backedUp()
  expect(await it.run('erase', ids.sara)).toMatchObject({ exit: 0 })
  const refused = await it.run('restore', out)
  expect(refused).toMatchObject({ exit: 3, out: '' })
  expect(refused.err).toContain('--even-if-older')
  expect(await it.json('status')).toMatchObject({ purposes: { news: 2 } })
  expect(await it.json('restore', out, '--even-if-older')).toMatchObject({ people: 2, gone: 1 })
  expect(await it.json('status')).toMatchObject({ purposes: { news: 2 } })
  expect((await it.run('find', 'news', '--phone', '07700 900123')).out).not.toContain('Sara')
})

test('the vault that stands there may have another key than the backup', async () => {
  const { it, out } = await backedUp()
  await it.run('slots', 'add', '--label', 'next', '--new-key-file', it.path('next'))
  const [{ id }] = await it.json<[{ id: string }]>('slots')
  const next = ['--vault', it.path('vault'), '--key-file', it.path('next')]
  expect(await it.raw(['slots', 'remove', id, ...next])).toMatchObject({ exit: 0 })
  const locked = await it.run('restore', out, '--even-if-older')
  expect(locked.exit).toBe(1)
  expect(locked.err).toContain('--standing-passphrase')
  expect(await statusOf(it, 'vault', 'next')).toMatchObject({ purposes: { news: 3 } })
  const both = await it.run('restore', out, '--even-if-older', '--standing-key-file', it.path('next'))
  expect(both).toMatchObject({ exit: 0, err: '' })
  expect(await statusOf(it, 'vault')).toMatchObject({ purposes: { news: 3 } })
})

test.each([
  ['lines', (id: string) => `# left in June\r\n\r\n ${id}\r\n+44 (0)7700 900-124\r\nLEILA@example.org\r\n`],
  ['JSON', (id: string) => JSON.stringify([id, { phone: '07700 900124' }, 'leila@example.org'])],
])('a list of erasures in %s keeps those in it away: by id, phone and e-mail (R21)', async (_, list) => {
  const { it, ids, out } = await backedUp()
  const file = it.file('left', list(ids.sara))
  const said = await restore(it, 'new', out, '--erasures', file, '--json')
  expect(JSON.parse(said.out)).toMatchObject({ people: 0, gone: 3 })
  expect(await statusOf(it, 'new')).toMatchObject({ purposes: { news: 0 } })
})

test.each([['Sara Karimi'], ['["x"]'], ['[{"phone":1}]'], ['[1'], ['07700 900124, 07700 900125']])(
  'a list that cannot be read is a mistake, nothing is restored, and what stands there is not shown: %s',
  async list => {
    const { it, out } = await backedUp()
    const said = await restore(it, 'new', out, '--erasures', it.file('left', list))
    expect(said).toMatchObject({ exit: 2, out: '' })
    expect(said.err).toContain('--erasures')
    expect(said.err).not.toMatch(/Sara|900124/)
    expect(existsSync(it.path('new'))).toBe(false)
  },
)

/** A whole backup, and what may have become of it. */
const BROKEN: readonly (readonly [string, number, string, (file: Buffer) => Uint8Array])[] = [
  ['cut short in its first piece', 1, 'BACKUP_DAMAGED', file => file.subarray(0, file.length - 1)],
  ['cut short in its header', 1, 'BACKUP_DAMAGED', file => file.subarray(0, 100)],
  ['changed in a byte', 1, 'BACKUP_DAMAGED', file => changed(file, file.length - 200)],
  ['with something behind its end', 1, 'BACKUP_DAMAGED', file => Buffer.concat([file, Buffer.alloc(1)])],
  ['with a slot changed', 1, 'CANNOT_UNLOCK', file => changed(file, 700)],
  ['of a later format', 1, 'FORMAT_TOO_NEW', file => changed(file, 4)],
  ['empty', 2, 'NOT_A_BACKUP', () => Buffer.alloc(0)],
  ['something else', 2, 'NOT_A_BACKUP', () => Buffer.from('BEGIN:VCARD\r\n')],
]

const changed = (file: Buffer, at: number): Uint8Array => {
  const bytes = Uint8Array.from(file)
  bytes[at] = (bytes[at] ?? 0) ^ 2
  return bytes
}

test.each(BROKEN)('a backup %s restores nothing: exit %i, %s', async (_, exit, code, change) => {
  const { it, out } = await backedUp()
  const broken = it.file('broken', change(readFileSync(out)))
  expect(answer(await restore(it, 'new', broken, '--json'))).toEqual({ exit, code })
  expect(existsSync(it.path('new'))).toBe(false)
  expect(answer(await restore(it, 'vault', broken, '--json'))).toEqual({ exit, code })
  expect(await statusOf(it, 'vault')).toMatchObject({ purposes: { news: 3 } })
})

test('a folder that was made for it is empty again after a restore that failed', async () => {
  const { it, out } = await backedUp()
  const file = readFileSync(out)
  const broken = it.file('broken', changed(file, file.length - 200))
  mkdirSync(it.path('empty'), { mode: 0o750 })
  expect((await restore(it, 'empty', broken)).exit).toBe(1)
  expect(readdirSync(it.path('empty'))).toEqual([])
  expect(statSync(it.path('empty')).mode & 0o777).toBe(0o750)
  expect(await restore(it, 'empty', out)).toMatchObject({ exit: 0 })
})

test('a key that does not open the backup, a file that is not there, and a folder with other things in it', async () => {
  const { it, out } = await backedUp()
  const wrong = it.file('wrong', new Uint8Array(32).fill(9))
  const locked = await it.raw(['restore', out, '--vault', it.path('new'), '--key-file', wrong, '--json'])
  expect(answer(locked)).toEqual({ exit: 1, code: 'CANNOT_UNLOCK' })
  expect(existsSync(it.path('new'))).toBe(false)
  const missing = await restore(it, 'new', it.path('nowhere'), '--json')
  expect(answer(missing)).toEqual({ exit: 2, code: 'FILE_UNREADABLE' })
  expect(missing.out).not.toContain(it.folder)
  mkdirSync(it.path('taken'))
  it.file('taken/letter', 'mine')
  expect(answer(await restore(it, 'taken', out, '--json'))).toEqual({ exit: 2, code: 'FOLDER_NOT_EMPTY' })
  expect(readdirSync(it.path('taken'))).toEqual(['letter'])
})

test('another vault is not replaced by it', async () => {
  const { out } = await backedUp()
  const other = await withVault()
  await withPeople(other)
  expect(answer(await restore(other, 'vault', out, '--json'))).toEqual({ exit: 3, code: 'BACKUP_FOREIGN' })
  expect(answer(await restore(other, 'vault', out, '--even-if-older', '--json')).exit).toBe(3)
  expect(await statusOf(other, 'vault')).toMatchObject({ purposes: { news: 3 } })
  expect(await other.run('doctor')).toMatchObject({ exit: 0 })
})

test('what had expired is not in it; and a clock far ahead has to be confirmed (R16, R21)', async () => {
  const { it, out } = await backedUp()
  await it.clock.advance('P91D')
  const said = await restore(it, 'new', out, '--json')
  expect(JSON.parse(said.out)).toMatchObject({ people: 0 })
  it.clock.set('2029-03-01T09:00:00Z')
  const ahead = await restore(it, 'later', out)
  expect(ahead.exit).toBe(3)
  expect(ahead.err).toContain('--confirm-time')
  expect(existsSync(it.path('later'))).toBe(false)
  expect(await restore(it, 'later', out, '--confirm-time')).toMatchObject({ exit: 0 })
})

test('interrupted, a restore leaves nothing behind', async () => {
  const { it, out } = await backedUp()
  const stop = new AbortController()
  async function* slowly() {
    const file = readFileSync(out)
    yield file.subarray(0, 3000)
    stop.abort()
    yield file.subarray(3000)
  }
  const stdin = Object.assign(slowly(), {}) as never
  const said = await it.raw(['restore', '-', '--vault', it.path('new'), '--key-file', it.path('key'), '--json'], {
    stdin,
    signal: stop.signal,
  })
  expect(answer(said)).toEqual({ exit: 130, code: 'INTERRUPTED' })
  expect(existsSync(it.path('new'))).toBe(false)
})

test('both need a vault or a folder to be named, and a way of unlocking', async () => {
  const it = await terminal()
  expect(await it.raw(['backup', '--out', it.path('b')])).toMatchObject({ exit: 2 })
  expect(await it.run('backup')).toMatchObject({ exit: 2 })
  expect(await it.run('restore')).toMatchObject({ exit: 2 })
  expect(await it.run('backup', '--out', it.path('b'))).toMatchObject({ exit: 2 })
  expect(existsSync(it.path('b'))).toBe(false)
})
