// However a sheet is written: separators, line ends, columns that come twice, and bytes in the code pages of old Windows.
import { describe, expect, test } from 'vitest'
import { columnsFrom, readCards, readCsv, suggestMapping } from '../src'
import { all } from './reading'
import { encoded, type Good, read, utf16 } from './sheet'

describe('however the sheet is written', () => {
  const person = { name: { full: 'Zoë Müller' } }

  test.each([
    ['sep=;', 'sep=;\r\nName;Phone\r\nZoë Müller;"07700;900123"'],
    ['sep=|', 'sep=|\nName|Phone\nZoë Müller|07700 900123'],
    ['pipes', 'Name|Phone\nZoë Müller|07700 900123'],
    ['old line ends', 'Name,Phone\rZoë Müller,07700 900123\r'],
  ])('%s', async (_, text) => {
    const items = (await all(readCards(text))) as Good[]
    expect(items).toHaveLength(1)
    expect(items[0]?.card).toMatchObject(person)
  })

  test('two columns of one name are both read; a second name, a cell without a header and a short row are told or fine', async () => {
    const { items } = await read(
      'Name,Phone,Phone,Name',
      'A,07700 900001,07700 900002,B,extra\nC\nD,07700 900003,07700 900003,D',
    )
    expect(items).toMatchObject([
      {
        card: { phones: { p1: { number: '07700 900001' }, p2: { number: '07700 900002' } } },
        doubts: [
          { code: 'SECOND_VALUE', column: 4 },
          { code: 'CELL_WITHOUT_HEADER', column: 5 },
        ],
      },
      { card: { name: { full: 'C' } } },
      { card: { name: { full: 'D' } } },
    ])
    expect(Object.keys(items[2]?.card.phones ?? {})).toHaveLength(1)
    expect(items[2]?.doubts).toBeUndefined()
  })
})

describe('the bytes', () => {
  const persian = 'نام;نام خانوادگي;موبايل\r\nسارا;كريمي;07700900123\r\nاميد;رحيمي;07700900124\r\n'
  const western = 'Prénom;Nom de famille;Téléphone\r\nZoë;Müller;07700900123\r\nJosé;Núñez;07700900124\r\n'
  test.each([
    ['UTF-8', new TextEncoder().encode(persian), 'utf-8', 'سارا'],
    ['UTF-8 with its mark', new TextEncoder().encode(`\ufeff${persian}`), 'utf-8', 'سارا'],
    ['UTF-16 LE', utf16(persian), 'utf-8', 'سارا'],
    ['UTF-16 BE', utf16(persian, true), 'utf-8', 'سارا'],
    ['UTF-16 LE without a mark', utf16(western, false, false), 'utf-8', 'Zoë'],
    ['UTF-16 BE without a mark', utf16(persian, true, false), 'utf-8', 'سارا'],
    ['Windows-1252', encoded(western, 'windows-1252'), 'windows-1252', 'Zoë'],
    ['Windows-1256', encoded(persian, 'windows-1256'), 'windows-1256', 'سارا'],
  ])('%s is told by itself, however it arrives', async (_, bytes, charset, given) => {
    const told: string[] = []
    const whole = (await all(readCards(bytes, { onCharset: name => told.push(name) }))) as Good[]
    expect(whole.map(({ card }) => card.name?.components?.[0]?.value)[0]).toBe(given)
    expect(whole).toHaveLength(2)
    expect(told).toEqual([charset])
    async function* pieces() {
      for (const byte of bytes) yield Uint8Array.of(byte)
    }
    expect(await all(readCsv(pieces()))).toEqual(whole)
  })

  test('what is said of the bytes is believed, and letters that it loses are told by their cell', async () => {
    const bytes = encoded('Name;Phone\r\nZoë;07700900123\r\nAnna;07700900124', 'windows-1252')
    const [wrong, fine] = (await all(readCards(bytes, { charset: 'utf-8' }))) as Good[]
    // Told by itself it would be right; UTF-8 said of what isn't is caught by the same look.
    expect(wrong?.card.name?.full).toBe('Zoë')
    expect(fine?.card.name?.full).toBe('Anna')
    const lost = (await all(
      readCards(new TextEncoder().encode('Name;Phone\nZoë Müller Ärz ﬁ;1234\nA\ufffd;1234')),
    )) as Good[]
    expect(lost[1]?.doubts).toEqual([{ code: 'LETTERS_LOST', column: 1 }])
    const greek = (await all(
      readCards(encoded('Name\r\nΑθηνά', 'windows-1253'), { charset: 'windows-1253' }),
    )) as Good[]
    expect(greek[0]?.card.name?.full).toBe('Αθηνά')
    await expect(all(readCards(bytes, { charset: 'klingon' }))).rejects.toMatchObject({ code: 'CHARSET_UNKNOWN' })
  })
})

test.each([
  ['Mobile no.', 'phone'],
  ['Contact Number', 'phone'],
  ['Email ID', 'email'],
  ['Zipcode', 'postcode'],
  ['Handynr.', 'phone'],
  ['شماره تلفن همراه', 'phone'],
])('a header that people write: %s', async (header, place) => {
  const { columns } = await read(`Name,${header}`, 'Sara,07700 900123')
  expect(columns?.placed[1]?.place.replace('mobile', 'phone')).toBe(place)
})

test('numbers stand behind a word with or without a blank', async () => {
  const { item } = await read('Name,Phone1,Phone2,Email1', 'Sara,07700 900001,07700 900002,a@example.org')
  expect(Object.keys(item.card.phones ?? {})).toHaveLength(2)
  expect(item.card.emails?.e1?.address).toBe('a@example.org')
})

test('a mapping that says what the header says keeps what else the header says', async () => {
  const header = 'Name,Home Phone,E-mail 1 - Label,E-mail 1 - Value'
  const columns = columnsFrom(suggestMapping(header.split(',')))
  const { item } = await read(header, 'Sara,020 7946 0001,Work,a@example.org', { columns })
  expect(item.card.phones).toEqual({ p1: { number: '020 7946 0001', contexts: { private: true } } })
  expect(item.card.emails).toEqual({ e1: { address: 'a@example.org', contexts: { work: true } } })
})

test('a word with a star is one, but for the groups of Google’s own', async () => {
  const outlook = await read('First Name,E-mail Address,Business Phone,Categories', 'Sara,s@example.org,,* VIP;*Choir')
  expect(outlook.item.card.keywords).toEqual({ '* VIP': true, '*Choir': true })
  const google = await read('First Name,Organization Name,Labels', 'Sara,,*Choir ::: * myContacts')
  expect(google.item.card.keywords).toEqual({ '*Choir': true })
})

test('how a name sounds is told where the name has no such part', async () => {
  const { item } = await read('Name,Phonetic First Name,Phonetic Last Name,Last Name', 'Sara,Sa-ra,Ka-ri-mi,Karimi')
  expect(item.card.name?.components).toEqual([{ kind: 'surname', value: 'Karimi', phonetic: 'Ka-ri-mi' }])
  expect(item.doubts).toEqual([{ code: 'NO_PLACE', column: 2 }])
})

test('a second city of one address is told, the lines of a street are no second', async () => {
  const { item } = await read(
    'Name,Street,Street 2,City,City,Work City,Postcode,Postcode',
    'Sara,1 Quay Street,Flat 2,Leeds,York,Hull,LS1 1AA,LS1 1AA',
  )
  expect(item.doubts).toEqual([{ code: 'SECOND_VALUE', column: 5 }])
})

test('somebody who is named in two columns is both', async () => {
  const { item } = await read(
    'Name,Relation 1 - Label,Relation 1 - Value,Relation 2 - Label,Relation 2 - Value,Spouse',
    'Sara,Friend,Omid,Other,Omid,Omid',
  )
  expect(item.card.relatedTo).toEqual({ Omid: { relation: { friend: true, spouse: true } } })
})

test('what a header or a label says beside home and work is kept, or told that it has no place', async () => {
  const { item } = await read(
    'Name,Work Mobile,Other Fax,Address 1 - Label,Address 1 - City,Event 1 - Label,Event 1 - Value,Photo',
    'Sara,07700 900123,020 7946 0001,Summer house,Leeds,Graduation,2012-07-01,photo.jpg',
  )
  expect(item.card.phones).toEqual({
    p1: { number: '07700 900123', contexts: { work: true }, features: { mobile: true } },
    p2: { number: '020 7946 0001', features: { fax: true }, label: 'Other Fax' },
  })
  expect(item.doubts?.map(({ code, column }) => [code, column])).toEqual([
    ['NO_PLACE', 4],
    ['NO_PLACE', 7],
    ['NO_PLACE', 8],
  ])
})
