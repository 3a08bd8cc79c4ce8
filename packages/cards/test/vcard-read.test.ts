// vCard to JSContact, one table: what a line means, and which RFC says so.
import { describe, expect, test } from 'vitest'
import { readVCards } from '../src'
import { all, cards, vcf } from './reading'

type Row = [name: string, version: '3.0' | '4.0', lines: string[], part: Record<string, unknown>]

const components = (...pairs: [string, string][]) => pairs.map(([kind, value]) => ({ kind, value }))

const TABLE: Row[] = [
  ['RFC 9555 2.5.2: FN is the full name', '4.0', ['FN:Sara Karimi'], { name: { full: 'Sara Karimi' } }],
  [
    'RFC 9554 4.4: FN with DERIVED says nothing that N does not',
    '4.0',
    ['FN;DERIVED=TRUE:Sara Karimi', 'N:Karimi;Sara;;;'],
    { name: { components: components(['surname', 'Karimi'], ['given', 'Sara']) } },
  ],
  [
    'RFC 9555 2.5.5: N holds lists, and its components are listed from left to right',
    '4.0',
    ['FN:x', 'N:Stevenson;John;Philip,Paul;Dr.;Jr.,M.D.'],
    {
      name: {
        full: 'x',
        components: components(
          ['surname', 'Stevenson'],
          ['given', 'John'],
          ['given2', 'Philip'],
          ['given2', 'Paul'],
          ['title', 'Dr.'],
          ['credential', 'Jr.'],
          ['credential', 'M.D.'],
        ),
      },
    },
  ],
  [
    'RFC 9554 2.2: a second surname and a generation are not read twice',
    '4.0',
    ['N:Rivera,Barrientos;Diego;;;III,PhD;Barrientos;III'],
    {
      name: {
        components: components(
          ['surname', 'Rivera'],
          ['given', 'Diego'],
          ['credential', 'PhD'],
          ['surname2', 'Barrientos'],
          ['generation', 'III'],
        ),
      },
    },
  ],
  [
    'RFC 9555 3.3.1: JSCOMPS gives the order and what stands between',
    '4.0',
    ['N;JSCOMPS=";1;0;s,\\, ;4":van Gogh;Vincent;;;PhD'],
    {
      name: {
        isOrdered: true,
        components: components(
          ['given', 'Vincent'],
          ['surname', 'van Gogh'],
          ['separator', ', '],
          ['credential', 'PhD'],
        ),
      },
    },
  ],
  [
    'RFC 9553 2.2.1.1: words to sort by are of parts that the name has',
    '4.0',
    ['N;SORT-AS="Karimi,Sara":Karimi;;;;'],
    { name: { components: components(['surname', 'Karimi']), sortAs: { surname: 'Karimi' } } },
  ],
  [
    'RFC 9555 3.3.1: JSCOMPS that leaves a part out is left aside',
    '4.0',
    ['N;JSCOMPS=";0":van Gogh;Vincent;;;'],
    { name: { components: components(['surname', 'van Gogh'], ['given', 'Vincent']) } },
  ],
  [
    'RFC 9555 3.3.1: JSCOMPS of nothing but what stands between is left aside',
    '4.0',
    ['ADR;JSCOMPS=";s,-":;;1 Quay Street;;;;'],
    { addresses: { h1: { components: components(['name', '1 Quay Street']) } } },
  ],
  [
    'RFC 9555 3.3.1: JSCOMPS that does not fit the value is left aside',
    '4.0',
    ['N;JSCOMPS=";1;9":van Gogh;Vincent;;;'],
    { name: { components: components(['surname', 'van Gogh'], ['given', 'Vincent']) } },
  ],
  [
    'Phones write how a name sounds without saying by which system',
    '3.0',
    ['N:Karimi;Sara;;;', 'FN:Sara Karimi', 'X-PHONETIC-FIRST-NAME:sɑːrɑ'],
    {
      name: {
        full: 'Sara Karimi',
        components: [
          { kind: 'surname', value: 'Karimi' },
          { kind: 'given', value: 'Sara', phonetic: 'sɑːrɑ' },
        ],
        phoneticScript: 'Latn',
      },
    },
  ],
  [
    'RFC 6350 6.2.3: one NICKNAME line holds several',
    '4.0',
    ['NICKNAME:Robbie,Bob\\, the builder'],
    { nicknames: { k1: { name: 'Robbie' }, k2: { name: 'Bob, the builder' } } },
  ],
  [
    'RFC 9555 2.9.4: the parts of ORG are units',
    '3.0',
    ['ORG:Acme\\, Inc.;R&D;'],
    { organizations: { o1: { name: 'Acme, Inc.', units: [{ name: 'R&D' }] } } },
  ],
  [
    'RFC 9555 2.9.6: a group ties a title to its organization',
    '4.0',
    ['g1.ORG:Acme', 'g1.TITLE:Baker', 'ROLE:Friend'],
    {
      organizations: { o1: { name: 'Acme' } },
      titles: { t1: { kind: 'title', name: 'Baker', organizationId: 'o1' }, t2: { kind: 'role', name: 'Friend' } },
    },
  ],
  [
    'RFC 2426 3.3.1: types of TEL in 3.0, each as a parameter or in a list',
    '3.0',
    ['TEL;TYPE=CELL;TYPE=pref:07700 900123', 'TEL;TYPE="home,fax":020 7946 0001', 'TEL;WORK;VOICE:020 7946 0002'],
    {
      phones: {
        p1: { number: '07700 900123', features: { mobile: true }, pref: 1 },
        p2: { number: '020 7946 0001', features: { fax: true }, contexts: { private: true } },
        p3: { number: '020 7946 0002', features: { voice: true }, contexts: { work: true } },
      },
    },
  ],
  [
    'RFC 6350 6.4.1: TEL as a URI, with its extension',
    '4.0',
    ['TEL;VALUE=uri;PREF=2;TYPE="voice,home";PROP-ID=tel0:tel:+1-555-555-5555;ext=5555'],
    {
      phones: {
        tel0: {
          number: 'tel:+1-555-555-5555;ext=5555',
          features: { voice: true },
          contexts: { private: true },
          pref: 2,
        },
      },
    },
  ],
  [
    'RFC 9555 2.15.2: what TYPE and other parameters say besides is kept',
    '4.0',
    ['EMAIL;TYPE=work,x-night;X-FOO=bar:sara@example.org'],
    {
      emails: {
        e1: {
          address: 'sara@example.org',
          contexts: { work: true },
          vCardParams: { type: 'x-night', 'x-foo': 'bar' },
        },
      },
    },
  ],
  [
    'Apple labels: its own are contexts, those of people are labels',
    '3.0',
    [
      'item1.TEL:07700 900123',
      'item1.X-ABLabel:_$!<Mobile>!$_',
      'item2.TEL:07700 900124',
      "item2.X-ABLabel:Grandmother's kitchen",
      'item3.EMAIL:sara@example.org',
      'item3.X-ABLabel:_$!<Home>!$_',
      'item4.URL:https://example.org',
      'item4.X-ABLabel:_$!<HomePage>!$_',
    ],
    {
      phones: {
        p1: { number: '07700 900123', features: { mobile: true } },
        p2: { number: '07700 900124', label: "Grandmother's kitchen" },
      },
      emails: { e1: { address: 'sara@example.org', contexts: { private: true } } },
      links: { l1: { uri: 'https://example.org', label: 'HomePage' } },
    },
  ],
  [
    'RFC 9555 2.6.1: the places of ADR, and its label',
    '4.0',
    ['ADR;TYPE=home;LABEL="1 Fiction Row\\nLondon";CC=GB:;;1 Fiction Row;London;;E1 1AA;UK'],
    {
      addresses: {
        h1: {
          components: components(
            ['name', '1 Fiction Row'],
            ['locality', 'London'],
            ['postcode', 'E1 1AA'],
            ['country', 'UK'],
          ),
          full: '1 Fiction Row\nLondon',
          countryCode: 'GB',
          contexts: { private: true },
        },
      },
    },
  ],
  [
    'RFC 2426 3.2.2: LABEL of 3.0 belongs to the ADR of its type',
    '3.0',
    ['ADR;TYPE=work:;;2 Fiction Row;London;;;', 'LABEL;TYPE=WORK:2 Fiction Row\\nLondon', 'LABEL;TYPE=home:Elsewhere'],
    {
      addresses: {
        h1: {
          components: components(['name', '2 Fiction Row'], ['locality', 'London']),
          full: '2 Fiction Row\nLondon',
          contexts: { work: true },
        },
        h2: { full: 'Elsewhere', contexts: { private: true } },
      },
    },
  ],
  [
    'RFC 9554 2.1: the new places of ADR, not the copies in the old',
    '4.0',
    ['ADR:;Flat 2;54 Fiction Row;London;;;;;2;;54;Fiction Row;;;;;;'],
    {
      addresses: {
        h1: {
          components: components(['apartment', '2'], ['number', '54'], ['name', 'Fiction Row'], ['locality', 'London']),
        },
      },
    },
  ],
  [
    'RFC 6350 6.2.5 and 6.2.6: dates, some with parts missing',
    '4.0',
    ['BDAY:--0203', 'ANNIVERSARY:20090808', 'DEATHDATE;VALUE=timestamp:20191015T231000Z', 'DEATHPLACE:London'],
    {
      anniversaries: {
        a1: { kind: 'birth', date: { month: 2, day: 3 } },
        a2: { kind: 'wedding', date: { year: 2009, month: 8, day: 8 } },
        a3: {
          kind: 'death',
          date: { '@type': 'Timestamp', utc: '2019-10-15T23:10:00Z' },
          place: { full: 'London' },
        },
      },
    },
  ],
  [
    'Apple writes a birthday without a year as one of 1604',
    '3.0',
    ['BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-05'],
    { anniversaries: { a1: { kind: 'birth', date: { month: 3, day: 5 } } } },
  ],
  [
    'RFC 2426 2.4.2 and RFC 9555 2.11.4: escapes in a note, also `\\;`',
    '3.0',
    ['NOTE:one\\; two\\, three\\nfour\\\\five'],
    { notes: { n1: { note: 'one; two, three\nfour\\five' } } },
  ],
  [
    'RFC 9554 4.1 to 4.3: who wrote a note, and when',
    '4.0',
    ['NOTE;CREATED=20221123T150132Z;AUTHOR-NAME="Leila, staff":hello'],
    { notes: { n1: { note: 'hello', created: '2022-11-23T15:01:32Z', author: { name: 'Leila, staff' } } } },
  ],
  [
    'RFC 2426 3.1.4: a picture inside the card becomes a data: URI',
    '3.0',
    ['PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ', 'LOGO;VALUE=uri:https://example.org/logo.png'],
    {
      media: {
        m1: { kind: 'photo', uri: 'data:image/jpeg;base64,/9j/4AAQ' },
        m2: { kind: 'logo', uri: 'https://example.org/logo.png' },
      },
    },
  ],
  [
    'RFC 4770 and the property that phones write: instant messaging and social profiles',
    '3.0',
    [
      'IMPP;X-SERVICE-TYPE=Jabber:xmpp:sara@example.org',
      'X-SOCIALPROFILE;type=mastodon;x-user=sara:https://example.org/@sara',
      'X-SKYPE:sara.k',
    ],
    {
      onlineServices: {
        s1: { service: 'Jabber', uri: 'xmpp:sara@example.org', vCardName: 'impp' },
        s2: { service: 'mastodon', uri: 'https://example.org/@sara', user: 'sara' },
        s3: { service: 'Skype', user: 'sara.k', vCardName: 'x-skype' },
      },
    },
  ],
  [
    'RFC 9555 2.4.2 and 2.11: what describes the card',
    '4.0',
    ['UID:urn:uuid:1', 'REV:20160301T120000Z', 'PRODID:-//x', 'KIND:group', 'MEMBER:urn:uuid:2', 'CATEGORIES:a,b\\,c'],
    {
      uid: 'urn:uuid:1',
      updated: '2016-03-01T12:00:00Z',
      prodId: '-//x',
      kind: 'group',
      members: { 'urn:uuid:2': true },
      keywords: { a: true, 'b,c': true },
    },
  ],
  [
    'RFC 6350 6.6.6: RELATED, as a URI or in words',
    '4.0',
    ['RELATED;TYPE=friend:urn:uuid:2', 'RELATED;VALUE=text:Uncle Reza'],
    { relatedTo: { 'urn:uuid:2': { relation: { friend: true } }, 'Uncle Reza': { relation: {} } } },
  ],
  [
    'RFC 9554 3.2 and 3.4: how to speak to somebody; GENDER has no place',
    '4.0',
    ['GRAMGENDER:Neuter', 'PRONOUNS;PREF=1:they/them', 'GENDER:O;other', 'LANG;PREF=1:fa'],
    {
      speakToAs: { grammaticalGender: 'neuter', pronouns: { r1: { pronouns: 'they/them', pref: 1 } } },
      preferredLanguages: { g1: { language: 'fa', pref: 1 } },
      vCardProps: [['gender', {}, 'unknown', 'O;other']],
    },
  ],
  [
    'RFC 6350 5.4 and RFC 9555 2.3.1: ALTID with LANGUAGE is a translation',
    '4.0',
    [
      'FN;ALTID=1:Sara Karimi',
      'FN;ALTID=1;LANGUAGE=fa:سارا کریمی',
      'TITLE;ALTID=2:Baker',
      'TITLE;ALTID=2;LANGUAGE=fa:نانوا',
    ],
    {
      name: { full: 'Sara Karimi' },
      titles: { t1: { kind: 'title', name: 'Baker' } },
      localizations: { fa: { name: { full: 'سارا کریمی' }, 'titles/t1/name': 'نانوا' } },
    },
  ],
  [
    'RFC 9555 2.15.1: unknown properties are kept with group, parameters and label',
    '3.0',
    ['item1.X-FOO;X-BAR=1:raw\\, as it is', 'item1.X-ABLabel:theirs'],
    {
      vCardProps: [
        ['x-foo', { group: 'item1', 'x-bar': '1' }, 'unknown', 'raw\\, as it is'],
        ['x-ablabel', { group: 'item1' }, 'unknown', 'theirs'],
      ],
    },
  ],
  [
    'RFC 9555 3.2.1: JSPROP brings properties that vCard does not know',
    '4.0',
    ['FN:Sara', 'JSPROP;JSPTR="x:diet":"vegan"', 'JSPROP;JSPTR="name/example.org:a":1', 'JSPROP;JSPTR=name:"no"'],
    {
      name: { full: 'Sara', 'example.org:a': 1 },
      'x:diet': 'vegan',
      vCardProps: [['jsprop', { jsptr: 'name' }, 'unknown', '"no"']],
    },
  ],
  [
    'RFC 6868: carets in parameters are quotes and newlines',
    '4.0',
    ["EMAIL;X-SAID=one ^'two^'^nthree^^:a@example.org"],
    { emails: { e1: { address: 'a@example.org', vCardParams: { 'x-said': 'one "two"\nthree^' } } } },
  ],
  [
    'RFC 6350 6.5.2: a place of the whole card belongs to its only address',
    '4.0',
    ['ADR:;;;London;;;', 'GEO:geo:51.5,-0.1', 'TZ:Europe/London'],
    {
      addresses: {
        h1: {
          components: components(['locality', 'London']),
          coordinates: 'geo:51.5,-0.1',
          timeZone: 'Europe/London',
        },
      },
    },
  ],
]

describe('a vCard as JSContact', () => {
  test.each(TABLE)('%s', async (_, version, lines, part) => {
    const [card] = await cards(readVCards(vcf(version, ...lines)))
    expect(card).toEqual({ '@type': 'Card', version: '2.0', ...part })
  })

  test('unplaced properties are named beside the card', async () => {
    const [item] = await all(readVCards(vcf('3.0', 'FN:Sara', 'X-FOO:1', 'MAILER:x')))
    expect(item).toMatchObject({ kept: ['x-foo', 'mailer'] })
  })
})

describe('the lines of a vCard', () => {
  test('RFC 6350 3.2: a fold is taken out wherever it falls, with LF, CRLF or a tab', async () => {
    const [card] = await cards(readVCards('BEGIN:VCARD\nVERSION:4.0\nNO\n TE:on\n  e \r\n\tline\nEND:VCARD'))
    expect(card?.notes).toEqual({ n1: { note: 'on e line' } })
  })

  test('RFC 2426 2.6: a fold inside a character of UTF-8 does not break it', async () => {
    const bytes = new TextEncoder().encode(vcf('3.0', 'FN:سارا'))
    const at = bytes.indexOf(0xd8) + 1
    const folded = new Uint8Array([...bytes.subarray(0, at), 13, 10, 32, ...bytes.subarray(at)])
    expect((await cards(readVCards(folded)))[0]?.name).toEqual({ full: 'سارا' })
  })

  test('a byte order mark, of UTF-8 or UTF-16, is no part of the card', async () => {
    const text = vcf('4.0', 'FN:سارا')
    const utf16 = new Uint8Array(2 + text.length * 2)
    new DataView(utf16.buffer).setUint16(0, 0xfeff, true)
    for (let i = 0; i < text.length; i++) new DataView(utf16.buffer).setUint16(2 + i * 2, text.charCodeAt(i), true)
    for (const input of [`\ufeff${text}`, utf16]) {
      expect((await cards(readVCards(input)))[0]?.name).toEqual({ full: 'سارا' })
    }
  })

  test('however the bytes arrive, whole, streamed or one by one, the cards are the same', async () => {
    const text = vcf('4.0', 'FN:سارا کریمی', `NOTE:${'long '.repeat(40)}`, 'TEL:07700 900123') + vcf('3.0', 'FN:B')
    const whole = await all(readVCards(text))
    const bytes = new TextEncoder().encode(text)
    async function* one() {
      for (const byte of bytes) yield Uint8Array.of(byte)
    }
    expect(await all(readVCards(one()))).toEqual(whole)
    expect(await all(readVCards(bytes))).toEqual(whole)
    expect(await all(readVCards(new Blob([bytes]).stream()))).toEqual(whole)
    expect(whole).toHaveLength(2)
  })
})
