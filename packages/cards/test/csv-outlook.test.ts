// Outlook's contacts, whose headers are in the language of the program. English, German and French are what it writes; the
// Persian ones are a translation of ours, since no export of a Persian Outlook could be found. The people are invented.
import { describe, expect, test } from 'vitest'
import { quoted, read, rowOf } from './sheet'

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
})

describe('dates of Outlook', () => {
  const HEADER = 'First Name,Last Name,E-mail Address,Business Phone,Birthday,Anniversary'

  test('an empty date is none, and one that may be two is told', async () => {
    expect((await read(HEADER, 'Sara,Karimi,,,0/0/00,')).item.doubts).toBeUndefined()
    const unsure = await read(HEADER, 'Sara,Karimi,,,03/05/1990,')
    expect(unsure.item).toMatchObject({ doubts: [{ code: 'DATE_UNREADABLE', column: 5 }] })
    expect(unsure.item.card.anniversaries).toBeUndefined()
    const said = await read(HEADER, 'Sara,Karimi,,,03/05/1990,', { dates: 'mdy' })
    expect(said.item.card.anniversaries).toEqual({ a1: { kind: 'birth', date: { year: 1990, month: 3, day: 5 } } })
  })

  test('Outlook writes all its dates alike: what one cell shows holds for the file, above and below', async () => {
    const { items, columns } = await read(HEADER, 'Sara,Karimi,,,03/05/1990,6/9/2012\r\nOmid,Rahimi,,,,12/25/2001')
    expect(items.map(({ doubts }) => doubts)).toEqual([undefined, undefined])
    expect(items[0]?.card.anniversaries).toEqual({
      a1: { kind: 'birth', date: { year: 1990, month: 3, day: 5 } },
      a2: { kind: 'wedding', date: { year: 2012, month: 6, day: 9 } },
    })
    expect(columns?.placed.filter(({ dates }) => dates).map(({ header, dates }) => [header, dates])).toEqual([
      ['Birthday', 'mdy'],
      ['Anniversary', 'mdy'],
    ])
    const french = await read(
      'Prénom,Nom,Adresse de messagerie,Anniversaire,Anniversaire de mariage ou fête',
      'Élise,Moreau,,02/11/1979,18/09/2010',
    )
    expect(french.item.card.anniversaries).toEqual({
      a1: { kind: 'birth', date: { year: 1979, month: 11, day: 2 } },
      a2: { kind: 'wedding', date: { year: 2010, month: 9, day: 18 } },
    })
  })

  test('cells that contradict one another show nothing, and what is said goes before what they show', async () => {
    const rows = 'Sara,,,,03/05/1990,\r\nOmid,,,,25/12/1990,\r\nNoor,,,,12/25/1990,'
    const { items, columns } = await read(HEADER, rows)
    expect(items.map(({ card, doubts }) => doubts?.[0]?.code ?? card.anniversaries?.a1?.date)).toEqual([
      'DATE_UNREADABLE',
      { year: 1990, month: 12, day: 25 },
      { year: 1990, month: 12, day: 25 },
    ])
    expect(columns?.placed.every(({ dates }) => dates === undefined)).toBe(true)
    const said = await read(HEADER, 'Sara,,,,03/05/1990,\r\nOmid,,,,25/12/1990,', { dates: 'mdy' })
    expect(said.items[0]?.card.anniversaries?.a1?.date).toMatchObject({ month: 3, day: 5 })
  })

  test('what only rows far below show settles nothing: the same file always reads the same', async () => {
    const many = Array.from({ length: 1_100 }, (_, n) => `P${n},,,,${n === 1_050 ? '25/12/1990' : '03/05/1990'},`)
    const { items, columns } = await read(HEADER, many.join('\r\n'))
    expect(items.filter(({ doubts }) => doubts?.[0]?.code === 'DATE_UNREADABLE')).toHaveLength(1_099)
    expect(columns?.placed.some(({ dates }) => dates)).toBe(false)
  })

  test('a contradiction far below is told from there on', async () => {
    const many = Array.from({ length: 1_100 }, (_, n) => `P${n},,,,${n === 0 ? '25/12/1990' : ''},`)
    const { items } = await read(HEADER, [...many, 'Sara,,,,12/25/1990,', 'Omid,,,,03/05/1990,'].join('\r\n'))
    expect(items).toHaveLength(1_102)
    expect(items[1_101]?.doubts).toEqual([{ code: 'DATE_UNREADABLE', column: 5 }])
  })
})

test('what an address is called is its label, unless it only says the name and the address once more', async () => {
  const header =
    'First Name,Last Name,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,E-mail 2 Type,E-mail 2 Display Name'
  const row = 'Robin,Taylor,robin@example.com,SMTP,Robin Taylor (robin@example.com),r@example.org,EX,Robin at home'
  const { item, columns } = await read(header, row)
  expect(item.card.emails).toEqual({
    e1: { address: 'robin@example.com' },
    e2: { address: 'r@example.org', label: 'Robin at home' },
  })
  // How an address is carried says nothing of the person: left out, and told.
  expect(columns?.placed.filter(({ place }) => place === 'ignore').map(({ header }) => header)).toEqual([
    'E-mail Type',
    'E-mail 2 Type',
  ])
  const german = await read(
    'Vorname;Nachname;E-Mail-Adresse;E-Mail 2: Adresse;E-Mail 2: Typ;E-Mail 2: Angezeigter Name',
    'Jürgen;Müller;j@example.org;jm@example.org;SMTP;Jürgen im Verein',
  )
  expect(german.item.card.emails).toMatchObject({ e2: { address: 'jm@example.org', label: 'Jürgen im Verein' } })
  expect(german.columns?.placed.find(({ header }) => header === 'E-Mail 2: Typ')?.place).toBe('ignore')
})
