import { expect, test } from 'vitest'
import { columnsFrom, csvSample, readCsv, refOf, suggestMapping } from '../src'
import { all } from './reading'

test('a mapping is suggested from the headers, from words in them, and from cells; never for consents', () => {
  const headers = [
    'Vorname',
    'Member phone (private)',
    'Reach',
    'Ring',
    'GDPR consent',
    'Membership no',
    'Contact point',
    '',
  ]
  const samples = [
    ['Sara', '07700 900123', 'sara@example.org', '020 7946 0001', 'yes', '12', 'a@example.org', ''],
    ['Omid', '', 'omid@example.org', '+44 7700 900124', 'no', '13', 'b@example.org', ''],
  ]
  const found = suggestMapping(headers, samples)
  expect(found.map(({ place, from }) => [place, from])).toEqual([
    ['given', 'header'],
    ['phone', 'words'],
    ['email', 'samples'],
    ['phone', 'samples'],
    [undefined, undefined],
    [undefined, undefined],
    ['email', 'samples'],
    [undefined, undefined],
  ])
  expect(columnsFrom(found)).toEqual({
    Vorname: 'given',
    'Member phone (private)': 'phone',
    Reach: 'email',
    Ring: 'phone',
    'Contact point': 'email',
  })
})

test.each([
  ['Spanish', 'Nombre,Apellidos,Móvil,Dirección de correo electrónico'],
  ['Italian', 'Nome,Cognome,Cellulare,Indirizzo e-mail'],
  ['Dutch', 'Voornaam,Achternaam,Mobiele telefoon,E-mailadres'],
  ['Turkish', 'Adı,Soyadı,Cep Telefonu,E-posta Adresi'],
  ['Polish', 'Imię,Nazwisko,Telefon komórkowy,Adres e-mail'],
  ['Russian', 'Имя,Фамилия,Мобильный телефон,Адрес эл. почты'],
  ['Arabic', 'الاسم الأول,اسم العائلة,الهاتف المحمول,عنوان البريد الإلكتروني'],
  ['Hebrew', 'שם פרטי,שם משפחה,טלפון נייד,כתובת דואר אלקטרוני'],
  ['Chinese', '名字,姓氏,手机,电子邮件'],
])('what matters most is suggested in %s, and not taken for said', async (_, header) => {
  const headers = header.split(',')
  expect(suggestMapping(headers).map(({ place }) => place)).toEqual(['given', 'surname', 'mobile', 'email'])
  await expect(all(readCsv(`${header}\nx,y,07700900123,a@example.org\n`))).rejects.toMatchObject({ code: 'NOT_CSV' })
})

test('a header that is a name of ours touches nothing', () => {
  const columns = columnsFrom(suggestMapping(['__proto__', 'constructor'], [['a@example.org', 'b@example.org']]))
  expect(Object.getPrototypeOf(columns)).toBe(Object.prototype)
  expect(({} as { email?: unknown }).email).toBeUndefined()
})

test.each(['sara@example.org', '07700 900123', '۰۷۷۰۰ ۹۰۰۱۲۳'])(
  'nothing suggests itself for a first row with %s in it',
  header => {
    const found = suggestMapping(['Sara', '12 Garden Street', header], [['Omid', '3 Quay Road', 'omid@example.org']])
    expect(columnsFrom(found)).toEqual({})
  },
)

test('the head of a sheet, below its notes', async () => {
  const text = `Notes:\n"a, b"\n\nFirst Name,Last Name\n${'Sara,Karimi\n'.repeat(40)}`
  const { headers, samples } = await csvSample(text, { rows: 3 })
  expect(headers).toEqual(['First Name', 'Last Name'])
  expect(samples).toEqual(Array(3).fill(['Sara', 'Karimi']))
})

test('a ref is the key of the program, or follows from what the card says and nothing else', async () => {
  const [one, same, other] = await all(readCsv('Name,Phone\nSara,1234\nSara,1234\nSara,12345'))
  if (!one || !same || !other || 'error' in one || 'error' in same || 'error' in other) throw new Error('unreadable')
  expect(await refOf(one)).toBe(await refOf(same))
  expect(await refOf(one)).not.toBe(await refOf(other))
  expect(await refOf({ ...one, card: { ...one.card, updated: '2026-01-01T00:00:00Z', prodId: 'x' } })).toBe(
    await refOf(one),
  )
  expect(await refOf(one, 'source')).toBeUndefined()
  expect(await refOf({ ...one, ref: 'hubspot:1' })).toBe('hubspot:1')
  expect((await refOf({ ...one, ref: 'x'.repeat(10_000) })).length).toBeLessThan(512)
})
