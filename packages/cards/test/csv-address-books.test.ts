// What address books of phones and mail programs write over their columns, with invented people: each is told by its
// headers, and each column is read for what it is there.
import { describe, expect, test } from 'vitest'
import { read } from './sheet'

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

test('a sheet made of an address book of Apple', async () => {
  const { item, columns } = await read(
    'First,Last,Phonetic First,Phonetic Last,Company,iPhone,Work Phone,Home Email,Work Email,Home Street,Home City,Birthday',
    'سارا,کریمی,Sara,Karimi,Quay,۰۷۷۰۰ ۹۰۰۱۲۳,020 7946 0001,sara@example.org,s@example.com,1 Quay Street,Riverside,۱۳۶۹/۱۲/۱۴',
  )
  expect(columns).toMatchObject({ program: 'apple', unplaced: [] })
  expect(item.card).not.toHaveProperty('name.phoneticSystem')
  expect(item.card).toMatchObject({
    // No program says by which system: the letters say in which script (RFC 9553, section 1.5.4).
    name: {
      components: [{ kind: 'given', value: 'سارا', phonetic: 'Sara' }, { kind: 'surname' }],
      phoneticScript: 'Latn',
    },
    phones: { p1: { features: { mobile: true } }, p2: { contexts: { work: true } } },
    emails: { e1: { contexts: { private: true } }, e2: { contexts: { work: true } } },
    anniversaries: { a1: { date: { year: 1369, month: 12, day: 14, calendarScale: 'persian' } } },
  })
})

describe('Thunderbird', () => {
  const ENGLISH =
    'First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,Home Phone,Fax Number,Pager Number,Mobile Number,Home Address,Home Address 2,Home City,Home State,Home ZipCode,Home Country,Work Address,Work Address 2,Work City,Work State,Work ZipCode,Work Country,Job Title,Department,Organization,Web Page 1,Web Page 2,Birth Year,Birth Month,Birth Day,Custom 1,Custom 2,Custom 3,Custom 4,Notes,'
  const GERMAN =
    'Vorname,Nachname,Anzeigename,Spitzname,Primäre E-Mail-Adresse,Sekundäre E-Mail-Adresse,Messenger-Name,Tel. dienstlich,Tel. privat,Fax-Nummer,Pager-Nummer,Mobil-Tel.-Nr.,Privat: Adresse,Privat: Adresse 2,Privat: Ort,Privat: Bundesland,Privat: PLZ,Privat: Land,Dienstlich: Adresse,Dienstlich: Adresse 2,Dienstlich: Ort,Dienstlich: Bundesland,Dienstlich: PLZ,Dienstlich: Land,Arbeitstitel,Abteilung,Organisation,Webseite 1,Webseite 2,Geburtsjahr,Geburtsmonat,Geburtstag,Benutzerdef. 1,Benutzerdef. 2,Benutzerdef. 3,Benutzerdef. 4,Notizen,'
  const FRENCH =
    'Prénom,Nom de famille,Nom à afficher,Surnom,Adresse électronique principale,Adresse électronique secondaire,Nom de l’écran,Tél. professionnel,Tél. personnel,Fax,Pager,Portable,Adresse privée,Adresse privée 2,Ville,Pays/État,Code postal,Pays/Région (domicile),Adresse professionnelle,Adresse professionnelle 2,Ville,Pays/État,Code postal,Pays/Région (bureau),Profession,Service,Société,Site web 1,Site web 2,Année de naissance,Mois,Jour,Divers 1,Divers 2,Divers 3,Divers 4,Notes,'
  const ROW =
    'Kim,Lee,Kim Lee,Kimmy,kim@example.net,k.lee@example.com,kimchat,020 7946 0001,020 7946 0002,020 7946 0003,020 7946 0004,07700 900851,1 Long Lane,Flat 2,London,LDN,EC1A 9PN,UK,2 Quay,Floor 3,York,YKS,YO1 1AA,UK,Reader,Research,Example Ltd,https://kim.example.com,https://work.example.com,1985,3,25,Gold member,,,b,Vegetarian,'

  test.each([
    ['English', ENGLISH],
    ['German', GERMAN],
    ['French', FRENCH],
  ])('in %s: every column has a place', async (language, header) => {
    const { item, columns } = await read(header, ROW)
    expect(columns).toMatchObject({ program: 'thunderbird', unplaced: [] })
    const { titles, ...card } = item.card
    // In French, Thunderbird calls it a profession.
    expect(titles).toEqual({ t1: { kind: language === 'French' ? 'role' : 'title', name: 'Reader' } })
    const address = (parts: readonly string[], context: string) => ({
      components: ['name', 'locality', 'region', 'postcode', 'country'].map((kind, at) => ({ kind, value: parts[at] })),
      contexts: { [context]: true },
    })
    expect(item.doubts).toBeUndefined()
    expect(card).toEqual({
      '@type': 'Card',
      version: '2.0',
      name: {
        full: 'Kim Lee',
        components: [
          { kind: 'given', value: 'Kim' },
          { kind: 'surname', value: 'Lee' },
        ],
      },
      nicknames: { k1: { name: 'Kimmy' } },
      emails: { e1: { address: 'kim@example.net' }, e2: { address: 'k.lee@example.com' } },
      onlineServices: { s1: { user: 'kimchat' } },
      phones: {
        p1: { number: '020 7946 0001', contexts: { work: true } },
        p2: { number: '020 7946 0002', contexts: { private: true } },
        p3: { number: '020 7946 0003', features: { fax: true } },
        p4: { number: '020 7946 0004', features: { pager: true } },
        p5: { number: '07700 900851', features: { mobile: true } },
      },
      addresses: {
        h1: address(['1 Long Lane\nFlat 2', 'London', 'LDN', 'EC1A 9PN', 'UK'], 'private'),
        h2: address(['2 Quay\nFloor 3', 'York', 'YKS', 'YO1 1AA', 'UK'], 'work'),
      },
      organizations: { o1: { name: 'Example Ltd', units: [{ name: 'Research' }] } },
      links: { l1: { uri: 'https://kim.example.com' }, l2: { uri: 'https://work.example.com' } },
      anniversaries: { a1: { kind: 'birth', date: { year: 1985, month: 3, day: 25 } } },
      notes: { n1: { note: 'Vegetarian' } },
      // As Thunderbird names them in a vCard.
      vCardProps: [
        ['x-custom1', {}, 'unknown', 'Gold member'],
        ['x-custom4', {}, 'unknown', 'b'],
      ],
    })
  })

  test.each([
    [',3,25', { month: 3, day: 25 }],
    ['1985,,', { year: 1985 }],
    ['1985,3,', { year: 1985, month: 3 }],
    ['1369,12,14', { year: 1369, month: 12, day: 14, calendarScale: 'persian' }],
    ['0,0,0', undefined],
  ])('a birthday in three columns: %s', async (cells, date) => {
    const { item } = await read(
      'Display Name,Primary Email,Birth Year,Birth Month,Birth Day',
      `Kim,k@example.org,${cells}`,
    )
    expect(item.card.anniversaries).toEqual(date && { a1: { kind: 'birth', date } })
    expect(item.doubts).toBeUndefined()
  })

  test.each([',,25', '1985,13,1', ',3,', '85,3,25'])('%s is no date, and told', async cells => {
    const { item } = await read(
      'Display Name,Primary Email,Birth Year,Birth Month,Birth Day',
      `Kim,k@example.org,${cells}`,
    )
    expect(item.card.anniversaries).toBeUndefined()
    expect(item.doubts).toMatchObject([{ code: 'DATE_UNREADABLE' }])
  })
})

test('Yahoo, which calls a number by its place alone', async () => {
  const { item, columns } = await read(
    'First,Middle,Last,Nickname,Email,Category,Distribution Lists,Messenger ID,Home,Work,Mobile,Yahoo! Phone,Primary,Alternate Email 1,Title,Company,Home Address,Home City,Birthday,Custom 1,Comments,Skype ID',
    'Sara,,Karimi,sk,sara@example.org,Choir,,sara.y,020 7946 0001,020 7946 0002,07700 900123,,020 7946 0003,s@example.com,Baker,Quay Ltd,1 Quay Street,Riverside,1990-02-03,vegan,hello,sara.k',
  )
  expect(columns?.program).toBe('yahoo')
  expect(columns?.unplaced.map(({ header }) => header)).toEqual(['Distribution Lists'])
  expect(item.card).toMatchObject({
    phones: {
      p1: { number: '020 7946 0001', contexts: { private: true } },
      p2: { number: '020 7946 0002', contexts: { work: true } },
      p3: { number: '07700 900123', features: { mobile: true } },
      p4: { number: '020 7946 0003', features: { 'main-number': true } },
    },
    emails: { e1: { address: 'sara@example.org' }, e2: { address: 's@example.com' } },
    onlineServices: { s1: { service: 'Yahoo', user: 'sara.y' }, s2: { service: 'Skype', user: 'sara.k' } },
    titles: { t1: { kind: 'title', name: 'Baker' } },
    addresses: { h1: { contexts: { private: true } } },
    'x:custom1': 'vegan',
  })
})
