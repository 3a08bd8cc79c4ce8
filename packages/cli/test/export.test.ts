import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { Decrypter } from 'age-encryption'
import { expect, test } from 'vitest'
import { book, type policyWith, signedUp, withPeople, withVault } from './terminal'

const TO_MAILER = ['news', '--recipient', 'mailer']

test('an export is a sealed file that only the recipient’s key opens (R30)', async () => {
  const it = await withVault()
  await withPeople(it)
  const out = it.path('news.vcf.age')
  const manifest = await it.json<{ sha256: string; bytes: number }>(
    ...(['export', ...TO_MAILER, '--format', 'vcard', '--out', out, '--actor', 'staff:leila'] as const),
  )
  expect(manifest).toMatchObject({ type: 'export', actor: 'staff:leila', people: 3, leftOut: 0, via: 'sealed-file' })
  const file = readFileSync(out)
  expect(statSync(out).mode & 0o777).toBe(0o600)
  expect(createHash('sha256').update(file).digest('hex')).toBe(manifest.sha256)
  expect(file.length).toBe(manifest.bytes)
  expect(file.includes('Sara')).toBe(false)
  const decrypter = new Decrypter()
  decrypter.addIdentity(it.identity)
  const text = await decrypter.decrypt(new Uint8Array(file), 'text')
  expect(text.match(/BEGIN:VCARD/g)).toHaveLength(3)
  expect(text).toContain('Sara Karimi')
  expect(readdirSync(it.folder).filter(name => name.endsWith('.part'))).toEqual([])
})

test.each(['csv', 'csv-google', 'jscontact', 'vcard-3'])(
  'the format %s leaves in the clear where the recipient takes that',
  async format => {
    const it = await withVault()
    await withPeople(it)
    const out = it.path('out')
    const said = await it.run('export', ...TO_MAILER, '--format', format, '--out', out, '--via', 'plaintext-file')
    expect(said).toMatchObject({ exit: 0, err: '' })
    expect(said.out).toContain('3 people')
    expect(said.out).toMatch(/destroy by +31 Mar 2026/)
    expect(readFileSync(out, 'utf8')).toContain('Sara Karimi')
  },
)

test('a way that the recipient does not allow is refused with those that a command has (R30)', async () => {
  const mailerBy = (via: readonly string[]) => (policy: ReturnType<typeof policyWith>) => {
    Object.assign(policy.purposes.news.recipients.mailer, { via })
    return policy
  }
  for (const [via, fix] of [
    [['plaintext-file', 'delivery'], 'Use --via with one of: plaintext-file.'],
    [['delivery'], 'by delivery only'],
  ] as const) {
    const it = await withVault(mailerBy(via))
    await withPeople(it)
    const refused = await it.run('export', ...TO_MAILER, '--format', 'csv', '--out', it.path('out'))
    expect(refused).toMatchObject({ exit: 3, out: '' })
    expect(refused.err).toContain(fix)
    expect(await it.json<unknown>('ledger', '--type', 'export-started')).toEqual([])
  }
})

test('one person short and the whole export is refused: how many, why, and what can be done (R27, R28)', async () => {
  const it = await withVault()
  const { sara } = await withPeople(it)
  const claimed = it.file('book.csv', book([['Nima Taheri', '07700 900300', 'nima@example.org']]))
  await it.run('import', claimed, '--source', 's', '--consent', 'news', '--recipient', 'mailer')
  const out = it.path('out.age')
  const request = ['export', ...TO_MAILER, '--format', 'csv', '--out', out] as const
  const refused = await it.run(...request)
  expect(refused).toMatchObject({ exit: 3, out: '' })
  expect(refused.err).toContain('nothing was exported')
  expect(refused.err).toContain('1 person short of it')
  expect(refused.err).toContain('not proved well enough')
  expect(refused.err).toContain('--evidence')
  expect(refused.err).toContain('--leave-out')
  expect(existsSync(out)).toBe(false)
  expect(await it.json(...request)).toMatchObject({
    code: 'EXPORT_REFUSED',
    data: { reasons: { 'assurance-too-low': 1 } },
  })
  const left = await it.run(...request, '--leave-out')
  expect(left.exit).toBe(0)
  expect(left.out).toContain('Left out: 1 person')
  expect(await it.json<unknown>('ledger', '--type', 'export-refused')).toHaveLength(2)
  expect(await it.json(...request, '--id', sara, '--force')).toMatchObject({ people: 1, who: 'ids' })
})

test('consent for one purpose is none for another', async () => {
  const it = await withVault()
  await withPeople(it)
  const refused = await it.run(
    ...['export', 'chat', '--recipient', 'members', '--format', 'vcard', '--out', it.path('o')],
  )
  expect(refused.exit).toBe(3)
  expect(refused.err).toContain('nothing is recorded for this purpose')
  expect(refused.err).not.toContain('news')
})

test('check answers the same and exports nothing', async () => {
  const it = await withVault()
  await withPeople(it)
  const said = await it.run('check', ...TO_MAILER)
  expect(said).toMatchObject({ exit: 0, out: '3 people could be exported.\n' })
  const other = await it.run('check', 'chat', '--recipient', 'members')
  expect(other.out).toContain('Not in it:')
  expect(await it.json<unknown>('ledger', '--type', 'export-started')).toEqual([])
})

test('no file is replaced unasked, and nothing leaves then', async () => {
  const it = await withVault()
  await withPeople(it)
  const out = it.file('precious', 'mine')
  const request = ['export', ...TO_MAILER, '--format', 'csv', '--out', out] as const
  expect(await it.run(...request)).toMatchObject({ exit: 2 })
  expect(readFileSync(out, 'utf8')).toBe('mine')
  expect(await it.json<unknown>('ledger', '--type', 'export-started')).toEqual([])
  expect(await it.run(...request, '--force')).toMatchObject({ exit: 0 })
  expect(readFileSync(out, 'utf8')).toMatch(/^age-encryption.org/)
})

test('a file that can’t be written is a failure, and the ledger says that the export broke (R29)', async () => {
  const it = await withVault()
  await withPeople(it)
  const said = await it.run('export', ...TO_MAILER, '--format', 'csv', '--out', it.path('nowhere/out'))
  expect(said.exit).toBe(1)
  expect(said.err).toContain('--out')
  expect(said.err).not.toContain(it.folder)
})

test('a file may have a name as long as names can be', async () => {
  const { writeBeside } = await import('../src/files')
  const it = await withVault()
  const out = it.path('ن'.repeat(125))
  await writeBeside(out, [new Uint8Array([1])], { option: '--out' })
  expect(readFileSync(out)).toHaveLength(1)
})

test('a file that came up meanwhile is not replaced either', async () => {
  const { writeBeside } = await import('../src/files')
  const it = await withVault()
  const out = it.path('late')
  async function* pieces() {
    yield new Uint8Array([1])
    writeFileSync(out, 'mine')
    yield new Uint8Array([2])
  }
  await expect(writeBeside(out, pieces(), { option: '--out' })).rejects.toMatchObject({ code: 'FILE_EXISTS' })
  expect(readFileSync(out, 'utf8')).toBe('mine')
  expect(readdirSync(it.folder).filter(name => name.endsWith('.part'))).toEqual([])
})

test.each([
  [['--format', 'pdf'], 2, 'Use one of: csv'],
  [['--format', 'csv', '--via', 'fax'], 2, '--via'],
  [['--format', 'csv', '--ground', 'Court Order!'], 2, 'court-order'],
  [['--format', 'csv', '--recipient', 'nobody'], 2, 'Use one of: mailer'],
])('what the policy or a format does not have is a mistake: %j', async (argv, exit, words) => {
  const it = await withVault()
  await it.run('import', it.file('people.json', signedUp()))
  const said = await it.run('export', ...TO_MAILER, '--out', it.path('o'), ...argv)
  expect(said.exit).toBe(exit)
  expect(said.err).toContain(words)
})
