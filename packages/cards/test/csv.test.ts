import { describe, expect, test } from 'vitest'
import { type CsvColumns, csv, readCsv } from '../src'
import { all, cards, codes, written } from './reading'

const GOOGLE =
  'First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,Custom Field 1 - Label,Custom Field 1 - Value'

describe('reading a spreadsheet', () => {
  test("Google's columns: labels, a preferred value, several in one cell, an address in parts", async () => {
    const row =
      'Sara,,Karimi,,,,Dr.,,,,Centre,Baker,Kitchen,--03-05,"one, two\nthree",,* myContacts ::: Choir,* Work,sara@example.org,Mobile,07700 900123 ::: +44 7700 900124,Home Fax,020 7946 0001,Home,"1 Fiction Row\nLondon",1 Fiction Row,London,,,E1 1AA,UK,,Diet,vegan'
    let columns: CsvColumns | undefined
    const [card] = await cards(readCsv(`${GOOGLE}\r\n${row}\r\n`, { onColumns: found => (columns = found) }))
    expect(card).toEqual({
      '@type': 'Card',
      version: '2.0',
      name: {
        components: [
          { kind: 'title', value: 'Dr.' },
          { kind: 'given', value: 'Sara' },
          { kind: 'surname', value: 'Karimi' },
        ],
      },
      organizations: { o1: { name: 'Centre', units: [{ name: 'Kitchen' }] } },
      titles: { t1: { kind: 'title', name: 'Baker' } },
      anniversaries: { a1: { kind: 'birth', date: { month: 3, day: 5 } } },
      notes: { n1: { note: 'one, two\nthree' } },
      keywords: { Choir: true },
      emails: { e1: { address: 'sara@example.org', contexts: { work: true }, pref: 1 } },
      phones: {
        p1: { number: '07700 900123', features: { mobile: true } },
        p2: { number: '+44 7700 900124', features: { mobile: true } },
        p3: { number: '020 7946 0001', features: { fax: true }, contexts: { private: true } },
      },
      addresses: {
        h1: {
          components: [
            { kind: 'name', value: '1 Fiction Row' },
            { kind: 'locality', value: 'London' },
            { kind: 'postcode', value: 'E1 1AA' },
            { kind: 'country', value: 'UK' },
          ],
          full: '1 Fiction Row\nLondon',
          contexts: { private: true },
        },
      },
    })
    expect(columns?.unplaced).toEqual([
      { header: 'Custom Field 1 - Label', column: 33 },
      { header: 'Custom Field 1 - Value', column: 34 },
    ])
  })

  test.each([
    ['English', 'Name,Mobile,E-mail', 'Sara Karimi'],
    ['Persian', 'نام و نام خانوادگی,شماره موبایل,ایمیل', 'Sara Karimi'],
    [
      'Persian with Arabic letters, joiners and capitals',
      'نام\u200cو\u200cنام\u200cخانوادگي,شماره موبايل,E-MAIL',
      'Sara Karimi',
    ],
    ['semicolons', 'Full name;mobile phone;Email address', 'Sara Karimi'],
    ['tabs and quotes', '"Full_Name"\t"Cell"\t"mail"', 'Sara Karimi'],
  ])('headers in %s', async (_, header, name) => {
    const delimiter = header.includes(';') ? ';' : header.includes('\t') ? '\t' : ','
    const row = [name, '۰۷۷۰۰ ۹۰۰۱۲۳', 'sara@example.org'].join(delimiter)
    expect(await cards(readCsv(`\ufeff${header}\n${row}`))).toEqual([
      {
        '@type': 'Card',
        version: '2.0',
        name: { full: 'Sara Karimi' },
        phones: { p1: { number: '۰۷۷۰۰ ۹۰۰۱۲۳', features: { mobile: true } } },
        emails: { e1: { address: 'sara@example.org' } },
      },
    ])
  })

  test('columns that the caller names come before those that are known', async () => {
    const columns = { Who: 'name', 'Mobile no.': 'mobile', Diet: 'x:diet', Email: 'ignore' } as const
    const found: CsvColumns[] = []
    const items = readCsv('Who,Mobile no.,Diet,Email,Consent?\nSara,07700 900123,vegan,a@example.org,yes', {
      columns,
      onColumns: report => found.push(report),
    })
    expect(await cards(items)).toEqual([
      {
        '@type': 'Card',
        version: '2.0',
        name: { full: 'Sara' },
        phones: { p1: { number: '07700 900123', features: { mobile: true } } },
        'x:diet': 'vegan',
      },
    ])
    expect(found[0]?.unplaced).toEqual([{ header: 'Consent?', column: 5 }])
  })

  test('a bad row is an item with its line and cell, and the rows around it are read', async () => {
    const items = await all(
      readCsv('Name,Phone,Notes\nA,07700 900001,"two\nlines"\nB,call me,\n,,nobody\n\nC,,\nD,0770090000112345678,\n'),
    )
    expect(codes(items)).toEqual(['2:card', '4:card', '5:ROW_WITHOUT_PERSON', '7:card', '8:card'])
    // A number that can't be one is kept as it was written, and told.
    for (const [at, number] of [
      [1, 'call me'],
      [4, '0770090000112345678'],
    ] as const) {
      expect(items[at]).toMatchObject({
        card: { phones: { p1: { number } } },
        doubts: [{ code: 'PHONE_IMPOSSIBLE', column: 2 }],
      })
    }
  })

  test('a quote that is never closed costs its own row only', async () => {
    const items = await all(readCsv('Name,Phone\nA,1234\nB,"56\nC,1234\nD,1234\n'))
    expect(codes(items)).toEqual(['2:card', '3:ROW_UNREADABLE', '4:card', '5:card'])
  })

  test('however the text arrives, the rows are the same', async () => {
    const text = `Name,Phone\r\n${Array.from({ length: 50 }, (_, n) => `"سارا ""${n}""",07700 9000${10 + n}`).join('\r\n')}`
    const whole = await all(readCsv(text))
    async function* bytes() {
      for (const byte of new TextEncoder().encode(text)) yield Uint8Array.of(byte)
    }
    expect(await all(readCsv(bytes()))).toEqual(whole)
    expect(whole).toHaveLength(50)
    expect(whole[49]).toMatchObject({ line: 51, card: { name: { full: 'سارا "49"' } } })
  })

  test('a sheet in which no column is known is refused', async () => {
    await expect(all(readCsv('a,b\n1,2'))).rejects.toMatchObject({ code: 'NOT_CSV' })
  })
})

describe('CSV as an export', () => {
  const person = {
    name: { full: 'Sara Karimi' },
    phones: { p1: { number: '+44 7700 900123', features: { mobile: true } }, p2: { number: 'tel:+44-20-7946-0001' } },
    notes: { n1: { note: '=HYPERLINK("https://example.org")' } },
  }

  test('the header depends on the layout alone, with a byte order mark and CRLF', async () => {
    const none = await written(csv(), [])
    expect(none).toBe(
      '\ufeffName,Given name,Surname,Nickname,Mobile,Phone,Other phones,Email,Other emails,Organization,Job title,Address,Birthday,Notes,Destroy by\r\n',
    )
    expect((await written(csv(), [person])).startsWith(none)).toBe(true)
    const google = await written(csv({ layout: 'google' }), [person])
    expect(google.split('\r\n')[0]).toBe((await written(csv({ layout: 'google' }), [])).trimEnd())
    expect(google).toContain('Phone 4 - Value')
  })

  test('no cell begins with what a spreadsheet would run; a number in international form stays as it is', async () => {
    const text = await written(csv(), [
      person,
      { name: { full: '@SUM(1)' }, emails: { e1: { address: "'=1" } }, phones: { p1: { number: '+44-7700-900123' } } },
      { name: { full: '\t=1' }, organizations: { o1: { name: '-1' } }, nicknames: { k1: { name: '+1+cmd|x' } } },
    ])
    expect(text.split('\r\n').slice(1, -1)).toEqual([
      'Sara Karimi,,,,+44 7700 900123,"\'+44-20-7946-0001",,,,,,,,"\'=HYPERLINK(""https://example.org"")",2026-06-01T00:00:00Z',
      '"\'@SUM(1)",,,,,"\'+44-7700-900123",,"\'\'=1",,,,,,,2026-06-01T00:00:00Z',
      '"\'\t=1",,,"\'+1+cmd|x",,,,,,"\'-1",,,,,2026-06-01T00:00:00Z',
    ])
  })

  test("Google's layout is read back, and the fifth number is not lost", async () => {
    const phones = Object.fromEntries(
      [1, 2, 3, 4, 5].map(n => [`p${n}`, { number: `07700 90000${n}`, features: { mobile: true } }]),
    )
    const sent = {
      '@type': 'Card' as const,
      version: '2.0',
      name: {
        components: [
          { kind: 'given', value: 'Sara' },
          { kind: 'surname', value: 'Karimi' },
        ],
      },
      organizations: { o1: { name: 'Centre', units: [{ name: 'Kitchen' }] } },
      anniversaries: { a1: { kind: 'birth', date: { month: 3, day: 5 } } },
      emails: {
        e1: { address: 'a@example.org', contexts: { work: true }, pref: 1 },
        e2: { address: 'b@example.org', label: 'Choir' },
      },
      phones,
    }
    expect(await cards(readCsv(await written(csv({ layout: 'google' }), [sent])))).toEqual([sent])
  })
})
