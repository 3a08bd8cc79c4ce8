import { expect, test } from 'vitest'
import type { ImportedRow } from '../src/import-rows'
import { book, signedUp, withPeople, withVault } from './terminal'

interface Imported {
  readonly dryRun: boolean
  readonly added: number
  readonly quarantined: number
  readonly refused: number
  readonly unreadable: number
  readonly reasons: Record<string, number>
  readonly rows: readonly ImportedRow[]
  readonly columnsNotRead: readonly string[]
  readonly maybeSame: number
}

test('people without a consent go into quarantine, and through no door (R22)', async () => {
  const it = await withVault()
  const file = it.file('book.csv', book())
  const answer = await it.json<Imported>('import', file, '--source', 'old phone', '--may-ask', 'they-asked')
  expect(answer).toMatchObject({ added: 0, quarantined: 3, refused: 0, unreadable: 0, dryRun: false })
  expect(answer.rows.map(({ line, outcome }) => [line, outcome])).toEqual([
    [2, 'quarantined'],
    [3, 'quarantined'],
    [4, 'quarantined'],
  ])
  expect(await it.json('list', 'news')).toMatchObject({ people: [], total: 0 })
  expect(await it.json('quarantine')).toMatchObject({ total: 3 })
})

test('a row that is broken never stops the rest, and is told by its line', async () => {
  const it = await withVault()
  const rows = [
    ['Sara Karimi', '07700 900123', 'sara@example.org'],
    ['Nobody', '12', ''],
    ['', '', ''],
    ['Omid Rahimi', '07700 900124', 'omid@example.org'],
  ]
  const said = await it.run('import', it.file('book.csv', book(rows)), '--source', 'sheet')
  expect(said.exit).toBe(0)
  expect(said.out).toContain('3  in quarantine')
  expect(said.out).toContain('line 3, column 2: PHONE_IMPOSSIBLE')
  expect(said.out).not.toContain('Nobody')
})

test('vCards are told by their content, whatever the file is called', async () => {
  const it = await withVault()
  const card = 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Sara Karimi\r\nTEL:07700 900123\r\nEND:VCARD\r\n'
  const unfinished = 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Cut Off\r\n'
  const answer = await it.json<Imported>('import', it.file('book.txt', card + unfinished), '--source', 'phone')
  // A card that was cut off is read as far as it goes, and that is told.
  expect(answer).toMatchObject({ quarantined: 2, unreadable: 0, skippedLines: 1 })
  expect(answer.rows.map(({ skipped }) => skipped)).toEqual([undefined, [{ line: 8, why: 'no-end' }]])
  const said = await it.run('import', it.file('again.txt', card + unfinished), '--source', 'phone')
  expect(said.out).toContain('line 8: the card has no END:VCARD after it')
})

test('fields that nobody declared are refused, or left out where that is asked for (R1)', async () => {
  const it = await withVault()
  const csv = 'Name,Phone,Notes\r\nSara Karimi,07700 900123,likes tea'
  const file = it.file('book.csv', csv)
  const refused = await it.run('import', file, '--source', 'sheet')
  expect(refused.exit).toBe(3)
  expect(refused.out).toContain('line 2: FIELD_NOT_DECLARED (notes)')
  expect(refused.out).toContain('--undeclared leave-out')
  expect(await it.json('import', file, '--source', 'sheet', '--undeclared', 'leave-out')).toMatchObject({
    quarantined: 1,
  })
})

test('what is wrong with a card is told by its place', async () => {
  const it = await withVault()
  const person = {
    card: { '@type': 'Card', version: '1.0', name: { full: 'Sara Karimi' }, phones: { p1: { number: 5 } } },
  }
  const said = await it.run('import', it.file('people.json', JSON.stringify([person])), '--source', 'sheet')
  expect(said.out).toContain('line 1: CARD_INVALID (phones/*/number: must be string)')
})

test('a dry run says what would come of it, and changes nothing', async () => {
  const it = await withVault()
  const file = it.file('book.csv', 'Name,Phone,Notes\r\nSara,07700 900123,\r\nOmid,07700 900124,tea\r\n"",,lost')
  const answer = await it.json<Imported>('import', file, '--source', 'sheet', '--dry-run')
  expect(answer).toMatchObject({ dryRun: true, quarantined: 1, refused: 1, unreadable: 1 })
  expect(answer.rows.map(({ line, outcome }) => [line, outcome])).toEqual([
    [2, 'quarantined'],
    [3, 'refused'],
    [4, 'unreadable'],
  ])
  expect(await it.json('quarantine')).toMatchObject({ total: 0 })
  expect((await it.run('import', file, '--source', 'sheet', '--dry-run')).out).toContain('nothing was changed')
})

test('people come in with the consents that a JSON file brings; one that is badly written stays out alone', async () => {
  const it = await withVault()
  const entries = [
    ...JSON.parse(signedUp()),
    { card: { name: { full: 'X' } }, consents: [{ purpose: 3 }], source: 's' },
  ]
  const answer = await it.json<Imported>('import', it.file('people.json', JSON.stringify(entries)))
  expect(answer).toMatchObject({ added: 3, unreadable: 1, reasons: { ENTRY_INVALID: 1 } })
  const list = await it.json<{ people: { name: string; assurance: string }[] }>('list', 'news')
  expect(list.people.map(({ name, assurance }) => [name, assurance])).toEqual([
    ['Leila Azadi', 'evidenced'],
    ['Omid Rahimi', 'evidenced'],
    ['Sara Karimi', 'evidenced'],
  ])
})

test('a consent for a whole file is a claim, and no export takes it (R7)', async () => {
  const it = await withVault()
  const file = it.file('book.csv', book())
  const argv = ['--source', 'sheet', '--consent', 'news', '--how', 'paper', '--recipient', 'mailer']
  expect(await it.json('import', file, ...argv)).toMatchObject({ added: 3 })
  expect(await it.json('check', 'news', '--recipient', 'mailer')).toEqual({
    allowed: 0,
    refused: { 'assurance-too-low': 3 },
  })
})

test('somebody who left is not brought back: a total, and nobody’s row (R11, R20)', async () => {
  const it = await withVault()
  const { sara } = await withPeople(it)
  await it.run('erase', sara)
  const others = ['200', '201', '202', '203'].map(last => [`Nima ${last}`, `07700 900${last}`, ''])
  const file = it.file('book.csv', book([['Sara Karimi', '07700 900123', ''], ...others]))
  const { quarantined, refused, reasons, rows } = await it.json<Imported>('import', file, '--source', 'old list')
  expect(rows).toHaveLength(quarantined)
  expect(rows.map(({ line }) => line)).not.toContain(2)
  // A short fingerprint of hers fits one innocent number in a hundred as well.
  expect(quarantined).toBeGreaterThanOrEqual(1)
  expect(quarantined + refused).toBe(5)
  expect(reasons).toEqual({ SUPPRESSED: refused })
})

test('importing the same list again renews nobody’s stay in quarantine (R22)', async () => {
  const it = await withVault()
  const file = it.file('book.csv', book())
  await it.run('import', file, '--source', 'sheet')
  await it.clock.advance('P40D')
  expect(await it.json('quarantine')).toMatchObject({ total: 0 })
  const again = await it.run('import', file, '--source', 'sheet')
  expect(again.exit).toBe(3)
  expect(again.out).toContain('3 waited in quarantine within the last year')
})

test('where people were got from has to be said', async () => {
  const it = await withVault()
  const said = await it.run('import', it.file('book.csv', book()))
  expect(said).toMatchObject({ exit: 2, out: '' })
  expect(said.err).toContain('--source')
})

test('an address book comes from stdin too', async () => {
  const it = await withVault()
  const argv = ['import', '-', '--source', 'pipe', '--vault', it.path('vault'), '--key-file', it.path('key'), '--json']
  expect(JSON.parse((await it.raw(argv, { input: book() })).out)).toMatchObject({ quarantined: 3 })
})

test.each([
  ['a file that is not there', undefined, 2, 'FILE_UNREADABLE'],
  ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 0xff, 0xfe]), 2, undefined],
])('%s is said to be none', async (_, content, exit, code) => {
  const it = await withVault()
  const file = content === undefined ? it.path('nothing.csv') : it.file('picture.png', content)
  const said = await it.raw([
    'import',
    file,
    '--source',
    's',
    '--vault',
    it.path('vault'),
    '--key-file',
    it.path('key'),
    '--json',
  ])
  expect(said.exit).toBe(exit)
  const error = JSON.parse(said.out)
  if (code) expect(error.code).toBe(code)
  else expect(error.name).toBe('CardsError')
  expect(said.out).not.toContain(it.folder)
})

test('the same list again finds those who are here, by the key of its program or by what it says (idempotent)', async () => {
  const it = await withVault()
  const rows = ['51,Sara,Karimi,sara@example.org', '52,Omid,Rahimi,omid@example.org']
  const head = 'Record ID,First Name,Last Name,Email'
  const cut = it.file('cut.csv', [head, rows[0]].join('\r\n'))
  const whole = it.file('whole.csv', [head, ...rows].join('\r\n'))
  expect(await it.json('import', cut, '--source', 'crm')).toMatchObject({ quarantined: 1, program: 'hubspot' })
  // What was cut off by a crash is done again: whoever is here already is left as they are.
  expect(await it.json('import', whole, '--source', 'crm')).toMatchObject({ quarantined: 1, known: 1 })
  expect(await it.json('import', whole, '--source', 'crm')).toMatchObject({ quarantined: 0, known: 2 })

  const plain = it.file('plain.csv', book())
  expect(await it.json('import', plain, '--source', 'sheet')).toMatchObject({ quarantined: 3 })
  expect(await it.json('import', plain, '--source', 'sheet')).toMatchObject({ quarantined: 0, known: 3 })
})

test('a column makes a claim from its own day, and a blank one nothing (R7, R8, R10)', async () => {
  const it = await withVault()
  const now = it.clock.now()
  const days = (back: number) => new Date(now - back * 86_400_000).toISOString().slice(0, 19).replace('T', ' ')
  const head = 'Email Address,First Name,Last Name,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LEID,EUID'
  const list = [
    head,
    `sara@example.org,Sara,Karimi,${days(5)},192.0.2.1,,,1,a`,
    `omid@example.org,Omid,Rahimi,${days(400)},192.0.2.2,,,2,b`,
    `leila@example.org,Leila,Azadi,${days(5)},,,,3,c`,
    'nima@example.org,Nima,Taheri,,,,,4,d',
  ].join('\r\n')
  const file = it.file('list.csv', list)
  const argv = ['--source', 'old list', '--consent', 'news', '--from-columns', '--may-ask', 'they-asked']
  const answer = await it.json<Imported & { claims: number }>('import', file, ...argv)
  expect(answer).toMatchObject({ program: 'mailchimp', claims: 2, added: 1, quarantined: 2, refused: 1 })
  expect(answer.reasons).toEqual({ EXPIRES_TOO_SOON: 1 })
  const list1 = await it.json<{ people: { name: string; assurance: string }[] }>('list', 'news')
  expect(list1.people).toMatchObject([{ assurance: 'claimed' }])
})

test('whoever opted out is not brought in, with or without a purpose', async () => {
  const it = await withVault()
  const file = it.file(
    'crm.csv',
    'Contact ID,First Name,Last Name,Account Name,Mailing City,Email,Email Opt Out\r\n003A,Sara,Karimi,,,sara@example.org,1\r\n003B,Omid,Rahimi,,,omid@example.org,0',
  )
  const answer = await it.json<Imported>('import', file, '--source', 'crm')
  expect(answer).toMatchObject({ quarantined: 1, refused: 1, reasons: { OPTED_OUT: 1 } })
  const dry = await it.json<Imported>('import', file, '--source', 'crm', '--dry-run')
  expect(dry).toMatchObject({ dryRun: true, quarantined: 1, refused: 1, reasons: { OPTED_OUT: 1 } })
})

test('a sheet of nobody’s making is mapped by hand, and what its columns may be is suggested', async () => {
  const it = await withVault()
  const rows = 'Wer,Erreichbar,Sonst\r\nSara Karimi,sara@example.org,x\r\nOmid Rahimi,omid@example.org,y'
  const file = it.file('sheet.csv', rows)
  const said = await it.run('import', file, '--source', 'sheet')
  expect(said.exit).toBe(2)
  expect(said.err).toContain('Erreichbar=email')
  const argv = ['--column', 'Wer=name', '--column', 'Erreichbar=email']
  expect(await it.json('import', file, '--source', 'sheet', ...argv)).toMatchObject({
    quarantined: 2,
    columnsNotRead: ['Sonst'],
  })
  expect((await it.run('import', file, '--source', 's', '--column', 'Wer')).exit).toBe(2)
})

test('a file of an old code page says what it was read as', async () => {
  const it = await withVault()
  const bytes = Uint8Array.from(Buffer.from('Name;Phone\r\nZo\xeb M\xfcller;07700 900123', 'latin1'))
  expect(await it.json('import', it.file('old.csv', bytes), '--source', 's')).toMatchObject({
    quarantined: 1,
    charset: 'windows-1252',
  })
})

test('a sheet in another language is refused with what its columns may be; what is no sheet, without', async () => {
  const it = await withVault()
  const spanish = it.file('book.csv', 'Nombre,Apellidos,Móvil\nSara,Karimi,07700 900123\n')
  const sheet = await it.run('import', spanish, '--source', 'phone')
  expect(sheet.exit).not.toBe(0)
  expect(sheet.err).toContain('--column "Nombre=given" --column "Apellidos=surname" --column "Móvil=mobile"')
  const ldif = it.file('book.ldif', 'dn: cn=Sara,mail=sara@example.org\nobjectclass: person\nmail: sara@example.org\n')
  const other = await it.run('import', ldif, '--source', 'phone')
  expect(other.exit).not.toBe(0)
  expect(other.err).not.toContain('sara@example.org')
})

test('a sheet without headers is refused without saying who is in it', async () => {
  const it = await withVault()
  const rows =
    'Sara Karimi,12 Garden Street,sara@example.org,07700 900123\r\nOmid Rahimi,3 Quay Road,omid@example.org,07700 900124\r\n'
  const said = await it.run('import', it.file('book.csv', rows), '--source', 'sheet')
  expect(said.exit).toBe(2)
  expect(it.all()).not.toMatch(/sara|karimi|garden|07700/i)
  expect(said.err).toContain('first row')
})

test.each(['mobil', 'x:', 'X:diet', 'consent', 'vCardProps:tel', 'constructor'])(
  'a column is nowhere else than in a card: %s',
  async place => {
    const it = await withVault()
    const said = await it.run('import', it.file('book.csv', book()), '--source', 'sheet', '--column', `Phone=${place}`)
    expect(said.exit).toBe(2)
    expect(said.err).toContain('mobile')
    expect(said.err).not.toContain(`=${place}`)
    expect(await it.json('quarantine')).toMatchObject({ total: 0 })
  },
)

test('columns of fields of their own come as the policy says that they are', async () => {
  const it = await withVault(policy => ({
    ...policy,
    custom: { 'x:children': 'number', 'x:vegan': 'boolean', 'x:since': 'date', 'x:diet': 'text' },
    purposes: {
      ...policy.purposes,
      news: {
        ...policy.purposes.news,
        fields: [...policy.purposes.news.fields, 'x:children', 'x:vegan', 'x:since', 'x:diet'],
      },
    },
  }))
  const rows = [
    'Name,Phone,Children,Vegan,Since,Diet,Consent date,Consent',
    'Sara Karimi,07700 900123,2,yes,2024-03-25,no nuts,2026-02-20,yes',
    'Omid Rahimi,07700 900124,two,perhaps,03/05/2024,2,2026-02-20,yes',
  ]
  const columns = ['Children=x:children', 'Vegan=x:vegan', 'Since=x:since', 'Diet=x:diet', 'Consent=consent-status']
  const argv = [
    '--source',
    'sheet',
    '--consent',
    'news',
    '--from-columns',
    ...columns.flatMap(each => ['--column', each]),
  ]
  const { rows: told, added } = await it.json<Imported>(
    'import',
    it.file('book.csv', rows.join('\r\n')),
    ...argv,
    '--column',
    'Consent date=consent-at',
  )
  expect(added).toBe(2)
  expect(told[1]?.doubts?.map(({ code, column }) => [code, column])).toEqual([
    ['VALUE_UNREADABLE', 3],
    ['VALUE_UNREADABLE', 4],
    ['VALUE_UNREADABLE', 5],
  ])
  const shown = await Promise.all(
    told.map(({ id }) => it.json<{ card: Record<string, unknown> }>('show', 'news', id as string, '--reveal')),
  )
  expect(shown[0]?.card).toMatchObject({ 'x:children': 2, 'x:vegan': true, 'x:since': '2024-03-25' })
  expect(shown[1]?.card).not.toHaveProperty('x:children')
})
