// What programs write over their columns, with invented people: each is told by its headers, and each column is read
// for what it is there. The headers are facts about those programs, gathered from their documentation and exports.
import { describe, expect, test } from 'vitest'
import { type CsvColumns, type CsvOptions, type ReadCard, readCards, readCsv } from '../src'
import { all } from './reading'

type Good = Extract<ReadCard, { card: unknown }>

async function read(header: string, row: string, options: CsvOptions = {}) {
  let columns: CsvColumns | undefined
  const text = `${header}\r\n${row}\r\n`
  const items = (await all(readCards(text, { ...options, onColumns: found => (columns = found) }))) as Good[]
  return { item: items[0] as Good, items, columns }
}

const quoted = (cells: readonly string[]) => cells.map(cell => `"${cell}"`).join(',')
/** A row with some cells filled, by header; a header that comes twice is filled in order. */
function rowOf(header: readonly string[], cells: readonly (readonly [string, string])[]): string {
  const row = header.map(() => '')
  for (const [name, text] of cells) {
    const at = header.findIndex((word, index) => word === name && row[index] === '')
    if (at < 0) throw new Error(`no column ${name}`)
    row[at] = text
  }
  return quoted(row)
}

const OUTLOOK = {
  English: {
    header:
      'Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business Street 2,Business City,Business State,Business Postal Code,Business Country/Region,Home Street,Home City,Home Postal Code,Home Country/Region,Business Fax,Business Phone,Home Phone,Home Phone 2,Mobile Phone,Pager,Primary Phone,Birthday,Categories,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,E-mail 2 Type,E-mail 2 Display Name,Notes,Spouse,Web Page,Anniversary',
    words: [
      'Title',
      'First Name',
      'Last Name',
      'Company',
      'Department',
      'Job Title',
      'Business Street',
      'Business Street 2',
      'Business City',
      'Business Postal Code',
      'Home Street',
      'Home City',
      'Business Fax',
      'Business Phone',
      'Home Phone',
      'Mobile Phone',
      'Birthday',
      'Categories',
      'E-mail Address',
      'E-mail 2 Address',
      'Notes',
      'Spouse',
      'Web Page',
    ],
  },
  German: {
    header:
      'Anrede,Vorname,Weitere Vornamen,Nachname,Suffix,Firma,Abteilung,Position,Straße geschäftlich,Straße geschäftlich 2,Ort geschäftlich,Region geschäftlich,Postleitzahl geschäftlich,Land/Region geschäftlich,Straße privat,Ort privat,Bundesland/Kanton privat,Postleitzahl privat,Land/Region privat,Weitere Straße,Weiterer Ort,Weiteres/r Bundesland/Kanton,Weitere Postleitzahl,Weiteres/e Land/Region,Telefon Assistent,Fax geschäftlich,Telefon geschäftlich,Telefon geschäftlich 2,Telefon Firma,Telefon privat,Mobiltelefon,Weiteres Telefon,Haupttelefon,Geburtstag,E-Mail-Adresse,E-Mail-Typ,E-Mail: Angezeigter Name,E-Mail 2: Adresse,E-Mail 2: Typ,Kategorien,Notizen,Partner,Webseite,Jahrestag,Ort',
    words: [
      'Anrede',
      'Vorname',
      'Nachname',
      'Firma',
      'Abteilung',
      'Position',
      'Straße geschäftlich',
      'Straße geschäftlich 2',
      'Ort geschäftlich',
      'Postleitzahl geschäftlich',
      'Straße privat',
      'Ort privat',
      'Fax geschäftlich',
      'Telefon geschäftlich',
      'Telefon privat',
      'Mobiltelefon',
      'Geburtstag',
      'Kategorien',
      'E-Mail-Adresse',
      'E-Mail 2: Adresse',
      'Notizen',
      'Partner',
      'Webseite',
    ],
  },
  French: {
    header:
      "Titre,Prénom,Deuxième prénom,Nom,Suffixe,Société,Service,Titre,Rue (bureau),Rue (bureau) 2,Ville (bureau),Dép/Région (bureau),Code postal (bureau),Pays/Région (bureau),Rue (domicile),Ville (domicile),Code postal (domicile),Pays/Région (domicile),Téléphone de l'assistant(e),Télécopie (bureau),Téléphone (bureau),Téléphone 2 (bureau),Téléphone société,Téléphone (domicile),Tél. mobile,Téléphone principal,Anniversaire,Adresse de messagerie,Type de messagerie,Nom complet de l'adresse de messagerie,Adresse de messagerie 2,Catégories,Notes,Conjoint(e),Page Web",
    words: [
      'Titre',
      'Prénom',
      'Nom',
      'Société',
      'Service',
      'Titre',
      'Rue (bureau)',
      'Rue (bureau) 2',
      'Ville (bureau)',
      'Code postal (bureau)',
      'Rue (domicile)',
      'Ville (domicile)',
      'Télécopie (bureau)',
      'Téléphone (bureau)',
      'Téléphone (domicile)',
      'Tél. mobile',
      'Anniversaire',
      'Catégories',
      'Adresse de messagerie',
      'Adresse de messagerie 2',
      'Notes',
      'Conjoint(e)',
      'Page Web',
    ],
  },
  Persian: {
    header:
      'عنوان,نام,نام میانی,نام خانوادگی,پسوند,شرکت,بخش,عنوان شغلی,خیابان محل کار,خیابان محل کار 2,شهر محل کار,استان محل کار,کد پستی محل کار,کشور/منطقه محل کار,خیابان منزل,شهر منزل,نمابر محل کار,تلفن محل کار,تلفن منزل,تلفن همراه,تولد,دسته‌ها,آدرس پست الکترونیک,آدرس پست الکترونیک 2,یادداشت‌ها,همسر,صفحه وب',
    words: [
      'عنوان',
      'نام',
      'نام خانوادگی',
      'شرکت',
      'بخش',
      'عنوان شغلی',
      'خیابان محل کار',
      'خیابان محل کار 2',
      'شهر محل کار',
      'کد پستی محل کار',
      'خیابان منزل',
      'شهر منزل',
      'نمابر محل کار',
      'تلفن محل کار',
      'تلفن منزل',
      'تلفن همراه',
      'تولد',
      'دسته‌ها',
      'آدرس پست الکترونیک',
      'آدرس پست الکترونیک 2',
      'یادداشت‌ها',
      'همسر',
      'صفحه وب',
    ],
  },
} as const

const VALUES = [
  'Mrs',
  'Sara',
  'Karimi',
  'Quay Ltd',
  'Kitchen',
  'Baker',
  '1 Quay Street',
  'Floor 2',
  'Riverside',
  'E1 1AA',
  '2 Fiction Row',
  'London',
  '020 7946 0001',
  '020 7946 0002',
  '020 7946 0003',
  '07700 900123',
  '25.12.1990',
  'Choir;Garden',
  'sara@example.org',
  's@example.com',
  'likes tea',
  'Omid',
  'https://example.org',
]

describe('Outlook', () => {
  test.each(Object.entries(OUTLOOK))('in %s', async (_, { header, words }) => {
    const names = header.split(',')
    const row = rowOf(
      names,
      words.map((word, at) => [word, VALUES[at] as string] as const),
    )
    const { item, columns } = await read(quoted(names), row)
    expect(columns?.program).toBe('outlook')
    expect(columns?.unplaced).toEqual([])
    expect(item.doubts).toBeUndefined()
    expect(item.card).toMatchObject({
      name: {
        components: [
          { kind: 'title', value: 'Mrs' },
          { kind: 'given', value: 'Sara' },
          { kind: 'surname', value: 'Karimi' },
        ],
      },
      organizations: { o1: { name: 'Quay Ltd', units: [{ name: 'Kitchen' }] } },
      titles: { t1: { kind: 'title', name: 'Baker' } },
      anniversaries: { a1: { kind: 'birth', date: { year: 1990, month: 12, day: 25 } } },
      keywords: { Choir: true, Garden: true },
      emails: { e1: { address: 'sara@example.org' }, e2: { address: 's@example.com' } },
      notes: { n1: { note: 'likes tea' } },
      relatedTo: { Omid: { relation: { spouse: true } } },
      links: { l1: { uri: 'https://example.org' } },
    })
    expect(Object.values(item.card.phones ?? {})).toEqual([
      { number: '020 7946 0001', contexts: { work: true }, features: { fax: true } },
      { number: '020 7946 0002', contexts: { work: true } },
      { number: '020 7946 0003', contexts: { private: true } },
      { number: '07700 900123', features: { mobile: true } },
    ])
    expect(Object.values(item.card.addresses ?? {})).toEqual([
      {
        components: [
          { kind: 'name', value: '1 Quay Street\nFloor 2' },
          { kind: 'locality', value: 'Riverside' },
          { kind: 'postcode', value: 'E1 1AA' },
        ],
        contexts: { work: true },
      },
      {
        components: [
          { kind: 'name', value: '2 Fiction Row' },
          { kind: 'locality', value: 'London' },
        ],
        contexts: { private: true },
      },
    ])
  })

  test('an empty date of Outlook is none, and one that may be two is told', async () => {
    const header = 'First Name,Last Name,E-mail Address,Business Phone,Birthday'
    expect((await read(header, 'Sara,Karimi,,,0/0/00')).item.doubts).toBeUndefined()
    const unsure = await read(header, 'Sara,Karimi,,,03/05/1990')
    expect(unsure.item).toMatchObject({ doubts: [{ code: 'DATE_UNREADABLE', column: 5 }] })
    const said = await read(header, 'Sara,Karimi,,,03/05/1990', { dates: 'mdy' })
    expect(said.item.card.anniversaries).toEqual({ a1: { kind: 'birth', date: { year: 1990, month: 3, day: 5 } } })
  })
})

test("Google's older headers", async () => {
  const { item, columns } = await read(
    'Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Name Prefix,Name Suffix,Nickname,Birthday,Gender,Occupation,Hobby,Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,IM 1 - Type,IM 1 - Service,IM 1 - Value,Phone 1 - Type,Phone 1 - Value,Address 1 - Type,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Organization 1 - Type,Organization 1 - Name,Organization 1 - Yomi Name,Organization 1 - Title,Organization 1 - Department,Relation 1 - Type,Relation 1 - Value,Website 1 - Type,Website 1 - Value,Event 1 - Type,Event 1 - Value',
    'Sara Mina Karimi,Sara,Mina,Karimi,,,,,,1990-02-03,,Baker,chess,hello,* myContacts ::: Choir,* Home,sara@example.org,Work,s@example.com,,Jabber,sara@example.net,Mobile,+44 7700 900123,Home,"1 Quay Street\nRiverside",1 Quay Street,Riverside,,Quay Ltd,,Chief,Kitchen,Brother,Omid,Blog,https://example.org,Anniversary,2014-06-01',
  )
  expect(columns?.program).toBe('google-old')
  expect(item.card).toEqual({
    '@type': 'Card',
    version: '2.0',
    name: {
      full: 'Sara Mina Karimi',
      components: [
        { kind: 'given', value: 'Sara' },
        { kind: 'given2', value: 'Mina' },
        { kind: 'surname', value: 'Karimi' },
      ],
    },
    phones: { p1: { number: '+44 7700 900123', features: { mobile: true } } },
    emails: {
      e1: { address: 'sara@example.org', contexts: { private: true }, pref: 1 },
      e2: { address: 's@example.com', contexts: { work: true } },
    },
    links: { l1: { uri: 'https://example.org', label: 'Blog' } },
    notes: { n1: { note: 'hello' } },
    organizations: { o1: { name: 'Quay Ltd', units: [{ name: 'Kitchen' }] } },
    titles: { t1: { kind: 'title', name: 'Chief' }, t2: { kind: 'role', name: 'Baker' } },
    personalInfo: { i1: { kind: 'hobby', value: 'chess' } },
    onlineServices: { s1: { service: 'Jabber', user: 'sara@example.net' } },
    addresses: {
      h1: {
        components: [
          { kind: 'name', value: '1 Quay Street' },
          { kind: 'locality', value: 'Riverside' },
        ],
        full: '1 Quay Street\nRiverside',
        contexts: { private: true },
      },
    },
    anniversaries: {
      a1: { kind: 'birth', date: { year: 1990, month: 2, day: 3 } },
      a2: { kind: 'wedding', date: { year: 2014, month: 6, day: 1 } },
    },
    keywords: { Choir: true },
    relatedTo: { Omid: { relation: { brother: true } } },
  })
})

test('LinkedIn, below its notes', async () => {
  const notes =
    'Notes:\n"When exporting your connection data, you may notice that some addresses are missing, or so."\n\n'
  const { item, columns } = await read(
    `${notes}First Name,Last Name,URL,Email Address,Company,Position,Connected On`,
    'Sara,Karimi,https://www.linkedin.example/in/sara,sara@example.org,"Quay, Ltd",Baker,12 Mar 2024',
  )
  expect(columns).toMatchObject({ program: 'linkedin', line: 4, unplaced: [{ header: 'Connected On' }] })
  expect(item).toMatchObject({
    line: 5,
    card: { organizations: { o1: { name: 'Quay, Ltd' } }, titles: { t1: { name: 'Baker' } }, emails: { e1: {} } },
  })
})

describe('lists of those who write to many', () => {
  const MAILCHIMP =
    'Email Address,First Name,Last Name,Address,Phone Number,Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS'

  test.each([
    [
      'who confirmed',
      '"2026-02-01 10:00:00",192.0.2.7,"2026-02-01 10:05:00",192.0.2.7',
      { status: 'given', at: '2026-02-01T10:05:00Z', ip: '192.0.2.7', confirmed: true },
    ],
    [
      'who signed up',
      '"2026-02-01 10:00:00",192.0.2.7,,',
      { status: 'given', at: '2026-02-01T10:00:00Z', ip: '192.0.2.7' },
    ],
    [
      'whom somebody added: a date alone is no consent',
      '"2026-02-01 10:00:00",,,',
      { status: 'unknown', at: '2026-02-01T10:00:00Z' },
    ],
    ['of whom nothing is said (R10)', ',,,', { status: 'unknown' }],
  ])('Mailchimp: somebody %s', async (_, cells, consent) => {
    const row = `sara@example.org,Sara,Karimi,,07700 900123,12/25,2,${cells},,,,,,GB,ENG,2026-02-02,123,abc1,,"""choir"",""garden"""`
    const { item, columns } = await read(MAILCHIMP, row)
    expect(columns?.program).toBe('mailchimp')
    expect(item).toMatchObject({
      ref: 'mailchimp:abc1',
      consents: [consent],
      card: { keywords: { choir: true, garden: true }, anniversaries: { a1: { date: { month: 12, day: 25 } } } },
    })
    expect(item.consents).toEqual([consent])
    expect(item.card.addresses).toBeUndefined()
  })

  test('Mailchimp: somebody who left', async () => {
    const { item } = await read(
      `${MAILCHIMP},UNSUB_TIME`,
      `sara@example.org,Sara,,,,,2,"2026-02-01 10:00:00",192.0.2.7,,,,,,,,,,,1,abc1,,,"2026-02-05 10:00:00"`,
    )
    expect(item.consents).toEqual([{ status: 'refused', at: '2026-02-05T10:00:00Z', ip: '192.0.2.7' }])
  })

  test.each([
    [
      'brevo',
      'CONTACT ID,EMAIL,FIRSTNAME,LASTNAME,SMS,DOUBLE_OPT-IN,ADDED_TIME',
      '7,sara@example.org,Sara,Karimi,447700900123,1,03-02-2026 10:00:00',
      'brevo:7',
      'unknown',
    ],
    [
      'brevo',
      'EMAIL;PRENOM;NOM;SMS;EMAIL_BLOCKLISTED',
      'sara@example.org;Sara;Karimi;447700900123;TRUE',
      undefined,
      'refused',
    ],
    [
      'hubspot',
      'Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Company Name,Job Title,Street Address,City,Unsubscribed from all email',
      '51,Sara,Karimi,sara@example.org,,07700 900123,Quay,Baker,1 Quay Street,Riverside,true',
      'hubspot:51',
      'refused',
    ],
    [
      'hubspot',
      "Record ID,First Name,Last Name,Email,Opted out of email: Marketing Information,Legal basis for processing contact's data",
      '51,Sara,Karimi,sara@example.org,,Freely given consent from contact',
      'hubspot:51',
      'unknown',
    ],
    [
      'salesforce',
      'Id,Salutation,FirstName,LastName,Title,MailingStreet,MailingCity,MobilePhone,Email,HasOptedOutOfEmail,DoNotCall',
      '003A,Mrs,Sara,Karimi,Baker,1 Quay Street,Riverside,07700 900123,sara@example.org,false,0',
      'salesforce:003A',
      'unknown',
    ],
    [
      'salesforce',
      'Contact ID,First Name,Last Name,Account Name,Mailing Street,Mailing City,Email,Email Opt Out',
      '003A,Sara,Karimi,Quay,1 Quay Street,Riverside,sara@example.org,1',
      'salesforce:003A',
      'refused',
    ],
    [
      'civicrm',
      'Contact ID,Contact Type,Sort Name,Display Name,Do Not Email,Do Not Phone,No Bulk Emails (User Opt Out),First Name,Last Name,Street Address,Supplemental Address 1,City,Email,Phone',
      '9,Individual,"Karimi, Sara",Sara Karimi,No,,No,Sara,Karimi,1 Quay Street,Floor 2,Riverside,sara@example.org,07700 900123',
      'civicrm:9',
      'unknown',
    ],
    [
      'civicrm',
      'Contact ID,Contact Type,Sort Name,Display Name,Do Not Email,Do Not Phone,First Name,Last Name,Home-Street Address,Home-City,Home-Email,Home-Phone-Mobile',
      '9,Individual,"Karimi, Sara",Sara Karimi,Yes,,Sara,Karimi,1 Quay Street,Riverside,sara@example.org,07700 900123',
      'civicrm:9',
      'refused',
    ],
  ])('%s: %s', async (program, header, row, ref, status) => {
    const { item, columns } = await read(header, row)
    expect(columns?.program).toBe(program)
    expect(item.ref).toBe(ref)
    expect(item.consents).toMatchObject([{ status }])
    expect(item.card.emails?.e1?.address).toBe('sara@example.org')
    expect(JSON.stringify(item.card.name)).toContain('Sara')
    const street = header.match(/street/i) ? item.card.addresses?.h1?.components?.[0]?.value : undefined
    if (street !== undefined) expect(street.split('\n')[0]).toBe('1 Quay Street')
    if (header.includes('Supplemental')) expect(street).toBe('1 Quay Street\nFloor 2')
  })

  test('columns of consents that the caller names say which purpose; the words decide, and no date is no claim', async () => {
    const columns = { Agreed: 'consent-status:news', On: 'consent-at:news', Where: 'consent-source:news' } as const
    const said = async (agreed: string, on: string) =>
      (await read('Name,Agreed,On,Where', `Sara,${agreed},${on},stall`, { columns })).item.consents
    const base = { purpose: 'news', source: 'stall' }
    expect(await said('yes', '2026-02-01')).toEqual([{ ...base, status: 'given', at: '2026-02-01T00:00:00Z' }])
    expect(await said('بله', '۲۰۲۶/۰۲/۰۱')).toEqual([{ ...base, status: 'given', at: '2026-02-01T00:00:00Z' }])
    expect(await said('yes', '')).toEqual([{ ...base, status: 'unknown' }])
    expect(await said('', '2026-02-01')).toEqual([{ ...base, status: 'unknown', at: '2026-02-01T00:00:00Z' }])
    expect(await said('maybe', '2026-02-01')).toMatchObject([{ status: 'unknown' }])
    expect(await said('false', '2026-02-01')).toMatchObject([{ status: 'unknown' }])
    expect(await said('yes', '03/05/2026')).toMatchObject([{ status: 'unknown' }])
    expect(await said('Unsubscribed', '2026-02-01')).toMatchObject([{ status: 'refused' }])
  })
})

test('a sheet made of an address book of Apple', async () => {
  const { item, columns } = await read(
    'First,Last,Phonetic First,Phonetic Last,Company,iPhone,Work Phone,Home Email,Work Email,Home Street,Home City,Birthday',
    'سارا,کریمی,Sara,Karimi,Quay,۰۷۷۰۰ ۹۰۰۱۲۳,020 7946 0001,sara@example.org,s@example.com,1 Quay Street,Riverside,۱۳۶۹/۱۲/۱۴',
  )
  expect(columns).toMatchObject({ program: 'apple', unplaced: [] })
  expect(item.card).toMatchObject({
    name: { components: [{ kind: 'given', value: 'سارا', phonetic: 'Sara' }, { kind: 'surname' }] },
    phones: { p1: { features: { mobile: true } }, p2: { contexts: { work: true } } },
    emails: { e1: { contexts: { private: true } }, e2: { contexts: { work: true } } },
    anniversaries: { a1: { date: { year: 1369, month: 12, day: 14, calendarScale: 'persian' } } },
  })
})

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

const utf16 = (text: string, big = false, mark = true) => {
  const bytes = new Uint8Array((text.length + (mark ? 1 : 0)) * 2)
  const view = new DataView(bytes.buffer)
  for (const [at, char] of [...(mark ? '\ufeff' : ''), ...text.split('')].entries())
    view.setUint16(at * 2, char.charCodeAt(0), !big)
  return bytes
}
/** Text in a code page: what its decoder gives for each byte, turned round. */
function encoded(text: string, charset: string): Uint8Array {
  const all256 = [...new TextDecoder(charset).decode(Uint8Array.from({ length: 256 }, (_, byte) => byte))]
  return Uint8Array.from([...text].map(char => all256.indexOf(char)))
}

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
