// JSContact as RFC 9553 defines it, property by property: what each may hold and what it must refuse; and how much of
// RFC 9555 finds its place. Sections are those of the RFCs.
import type { Card } from '@amanat/vault'
import { describe, expect, test } from 'vitest'
import { applyPatch, csv, jscontact, readJsContact, readVCards, vcard, writeVCards } from '../src'
import { all, cards, vcf, written } from './reading'

type Row = [section: string, property: string, good: unknown, bad: readonly (readonly [value: unknown, path: string])[]]

const uri = 'https://example.org'
const reachable = (property: string, id: string, entry: object): [unknown, string][] => [
  [{ [id]: { ...entry, pref: 0 } }, `${property}/${id}/pref`],
  [{ [id]: { ...entry, pref: 1.5 } }, `${property}/${id}/pref`],
  [{ [id]: { ...entry, contexts: { work: false } } }, `${property}/${id}/contexts`],
  [{ [id]: { ...entry, label: 1 } }, `${property}/${id}/label`],
]

const TABLE: Row[] = [
  [
    '2.1.3',
    'created',
    '2022-09-30T14:35:10Z',
    [
      ['2022-09-30', 'created'],
      ['2022-09-30T14:35:10+01:00', 'created'],
      ['2022-09-30T14:35:10.00Z', 'created'],
    ],
  ],
  ['2.1.4', 'kind', 'individual', [[1, 'kind']]],
  ['2.1.5', 'language', 'de-AT', [['in German', 'language']]],
  [
    '2.1.6',
    'members',
    { 'urn:uuid:1': true },
    [
      [{ 'urn:uuid:1': false }, 'members'],
      [['urn:uuid:1'], 'members'],
    ],
  ],
  [
    '2.1.7',
    'prodId',
    '-//x',
    [
      [{}, 'prodId'],
      ['', 'prodId'],
    ],
  ],
  [
    '2.1.8',
    'relatedTo',
    { 'urn:uuid:1': { relation: { friend: true } }, b: { relation: {} } },
    [[{ 'urn:uuid:1': { relation: 'friend' } }, 'relatedTo/urn:uuid:1/relation']],
  ],
  ['2.1.9', 'uid', 'urn:uuid:1', [[1, 'uid']]],
  ['2.1.10', 'updated', '2022-09-30T14:35:10Z', [['yesterday', 'updated']]],
  [
    '2.2.1',
    'name',
    {
      components: [
        { kind: 'given', value: 'A', phonetic: 'a' },
        { kind: 'separator', value: ', ' },
      ],
      isOrdered: true,
      defaultSeparator: ' ',
      sortAs: { given: 'A' },
      phoneticSystem: 'ipa',
      full: 'A',
    },
    [
      [{ full: 1 }, 'name/full'],
      [{ components: [{ kind: 'given' }] }, 'name/components/0/value'],
      [{ components: [{ kind: 'separator', value: ' ' }] }, 'name/components'],
      [
        {
          components: [
            { kind: 'given', value: 'A' },
            { kind: 'separator', value: ' ' },
          ],
        },
        'name/components/1',
      ],
      [{ components: [{ kind: 'given', value: 'A', phonetic: 'a' }] }, 'name/components/0/phonetic'],
      [{ components: [{ kind: 'given', value: 'A' }], sortAs: { surname: 'B' } }, 'name/sortAs'],
      [{ components: [] }, 'name/components'],
      [{ isOrdered: false }, 'name'],
      [{ full: 'A', defaultSeparator: ' ' }, 'name/defaultSeparator'],
      [{ full: 'A', sortAs: 'A' }, 'name/sortAs'],
      [{ full: 'A', '@type': 'Nickname' }, 'name/@type'],
    ],
  ],
  [
    '2.2.2',
    'nicknames',
    { k1: { name: 'A', contexts: { private: true }, pref: 1 } },
    [
      [{ k1: {} }, 'nicknames/k1/name'],
      [{ 'a b': { name: 'A' } }, 'nicknames'],
    ],
  ],
  [
    '2.2.3',
    'organizations',
    { o1: { name: 'A', units: [{ name: 'B', sortAs: 'b' }], sortAs: 'a', contexts: { work: true } } },
    [
      [{ o1: { name: 5 } }, 'organizations/o1/name'],
      [{ o1: { units: [{}] } }, 'organizations/o1/units/0/name'],
      [{ o1: { name: 'A', sortAs: {} } }, 'organizations/o1/sortAs'],
      [{ o1: { sortAs: 'A' } }, 'organizations/o1'],
      [{ o1: { name: 'A', units: [] } }, 'organizations/o1/units'],
    ],
  ],
  [
    '2.2.4',
    'speakToAs',
    { grammaticalGender: 'neuter', pronouns: { k1: { pronouns: 'they', pref: 1 } } },
    [
      [{ grammaticalGender: 1 }, 'speakToAs/grammaticalGender'],
      [{ pronouns: { k1: {} } }, 'speakToAs/pronouns/k1/pronouns'],
      [{}, 'speakToAs'],
    ],
  ],
  [
    '2.2.5',
    'titles',
    { t1: { name: 'A', kind: 'role', organizationId: 'o1' } },
    [
      [{ t1: { kind: 'title' } }, 'titles/t1/name'],
      [{ t1: { name: 'A', organizationId: 'a b' } }, 'titles/t1/organizationId'],
    ],
  ],
  [
    '2.3.1',
    'emails',
    { e1: { address: 'a@example.org', contexts: { work: true }, pref: 100, label: 'x' } },
    [[{ e1: {} }, 'emails/e1/address'], ...reachable('emails', 'e1', { address: 'a@example.org' })],
  ],
  [
    '2.3.2',
    'onlineServices',
    { s1: { service: 'A', uri, user: 'a', label: 'x' } },
    [
      [{ s1: { uri: 1 } }, 'onlineServices/s1/uri'],
      [{ s1: { service: 'A' } }, 'onlineServices/s1'],
      ...reachable('onlineServices', 's1', { uri }),
    ],
  ],
  [
    '2.3.3',
    'phones',
    { p1: { number: '1234', features: { mobile: true, 'example.org:x': true } } },
    [
      [{ p1: { number: 1234 } }, 'phones/p1/number'],
      [{ p1: { number: '1', features: ['mobile'] } }, 'phones/p1/features'],
      ...reachable('phones', 'p1', { number: '1' }),
    ],
  ],
  [
    '2.3.4',
    'preferredLanguages',
    { g1: { language: 'fa', contexts: { work: true }, pref: 1 } },
    [[{ g1: { language: 'فارسی' } }, 'preferredLanguages/g1/language']],
  ],
  [
    '2.4.1',
    'calendars',
    { c1: { kind: 'freeBusy', uri, mediaType: 'text/calendar' } },
    [
      [{ c1: { uri } }, 'calendars/c1/kind'],
      [{ c1: { kind: 'calendar' } }, 'calendars/c1/uri'],
    ],
  ],
  [
    '2.4.2',
    'schedulingAddresses',
    { s1: { uri: 'mailto:a@example.org' } },
    [[{ s1: {} }, 'schedulingAddresses/s1/uri']],
  ],
  [
    '2.5.1',
    'addresses',
    {
      h1: {
        components: [{ kind: 'name', value: 'A' }],
        countryCode: 'GB',
        coordinates: 'geo:1,2',
        timeZone: 'Europe/London',
        contexts: { billing: true },
        full: 'A',
        pref: 1,
      },
    },
    [
      [{ h1: { components: {} } }, 'addresses/h1/components'],
      [{ h1: { countryCode: 44 } }, 'addresses/h1/countryCode'],
      [{ h1: { full: 'A', defaultSeparator: ', ' } }, 'addresses/h1/defaultSeparator'],
      [{ h1: { contexts: { work: true } } }, 'addresses/h1'],
    ],
  ],
  ['2.6.1', 'cryptoKeys', { k1: { uri } }, [[{ k1: { kind: 'x' } }, 'cryptoKeys/k1/uri']]],
  [
    '2.6.2',
    'directories',
    { d1: { kind: 'entry', uri, listAs: 1 } },
    [[{ d1: { kind: 'entry', uri, listAs: 0 } }, 'directories/d1/listAs']],
  ],
  ['2.6.3', 'links', { l1: { uri, kind: 'contact' } }, [[{ l1: { uri: [] } }, 'links/l1/uri']]],
  ['2.6.4', 'media', { m1: { kind: 'photo', uri } }, [[{ m1: { uri } }, 'media/m1/kind']]],
  [
    '2.7.1',
    'localizations',
    { fa: { uid: 'x' } },
    [
      [{ fa: [] }, 'localizations'],
      [{ 'in Persian': {} }, 'localizations'],
      [{ fa: { '/uid': 'x' } }, 'localizations/fa/~1uid'],
      [{ fa: { 'phones/p1/number': '1' } }, 'localizations/fa/phones~1p1~1number'],
      [{ fa: { uid: 5 } }, 'localizations/fa'],
      [{ fa: { name: { full: 'A' }, 'name/full': 'B' } }, 'localizations/fa/name'],
      [{ fa: { 'localizations/de': {} } }, 'localizations/fa/localizations~1de'],
    ],
  ],
  [
    '2.8.1',
    'anniversaries',
    {
      a1: { kind: 'birth', date: { year: 1990, month: 2, day: 3, calendarScale: 'persian' }, place: { full: 'A' } },
      a2: { kind: 'death', date: { '@type': 'Timestamp', utc: '2019-10-15T23:10:00Z' } },
    },
    [
      [{ a1: { kind: 'birth' } }, 'anniversaries/a1/date'],
      [{ a1: { kind: 'birth', date: '1990' } }, 'anniversaries/a1/date'],
      [{ a1: { kind: 'birth', date: { day: 3 } } }, 'anniversaries/a1/date/day'],
      [{ a1: { kind: 'birth', date: { month: 13, day: 3 } } }, 'anniversaries/a1/date/month'],
      [{ a1: { kind: 'birth', date: { '@type': 'Timestamp' } } }, 'anniversaries/a1/date/utc'],
    ],
  ],
  ['2.8.2', 'keywords', { choir: true }, [[{ choir: 1 }, 'keywords']]],
  [
    '2.8.3',
    'notes',
    { n1: { note: 'A', created: '2022-09-30T14:35:10Z', author: { name: 'A', uri } } },
    [
      [{ n1: { note: 1 } }, 'notes/n1/note'],
      [{ n1: { note: 'A', author: 'B' } }, 'notes/n1/author'],
      [{ n1: { note: 'A', author: {} } }, 'notes/n1/author'],
    ],
  ],
  [
    '2.8.4',
    'personalInfo',
    { i1: { kind: 'hobby', value: 'A', level: 'high', listAs: 2, label: 'x' } },
    [
      [{ i1: { kind: 'hobby' } }, 'personalInfo/i1/value'],
      [{ i1: { value: 'A' } }, 'personalInfo/i1/kind'],
    ],
  ],
]

describe('RFC 9553', () => {
  for (const [section, property, good, bad] of TABLE) {
    const card = { '@type': 'Card', version: '2.0', uid: 'u1', [property]: good }
    test(`section ${section}: ${property} is read as it is, with types, unknown types and properties of vendors`, async () => {
      expect(await cards(readJsContact(JSON.stringify(card)))).toEqual([card])
      if (typeof good !== 'object' || ['members', 'keywords', 'localizations'].includes(property)) return
      const [id, entry] = Object.entries(good as object)[0] as [string, object]
      const map = typeof entry === 'object' && !Array.isArray(entry)
      const odd = {
        ...card,
        [property]: map
          ? { [id]: { ...entry, 'example.org:x': 1, unknown: [1] }, z: { '@type': 'example.org:Thing', a: 1 } }
          : { ...good, unknown: {} },
      }
      expect(await cards(readJsContact(JSON.stringify(odd)))).toEqual([odd])
    })
    for (const [value, path] of bad) {
      test(`section ${section}: ${property} ${JSON.stringify(value)} is refused`, async () => {
        const [item] = await all(readJsContact(JSON.stringify({ '@type': 'Card', uid: 'u1', [property]: value })))
        expect(item).toMatchObject({ error: { code: 'CARD_INVALID', path } })
      })
    }
    test(`section ${section}: ${property} goes through both vCards and comes back`, async () => {
      const [sent] = (await cards(readJsContact(JSON.stringify({ ...card, name: card.name ?? { full: 'A' } })))) as [
        Card,
      ]
      for (const version of ['4.0', '3.0'] as const) {
        expect(await cards(readVCards(writeVCards([sent], { version })))).toEqual([sent])
      }
    })
  }

  test('section 1.4.3: a patch changes what is there, and a pointer that leads nowhere is refused', () => {
    const card = { name: { full: 'A' }, phones: { p1: { number: '1' } } }
    expect(applyPatch(card, { 'name/full': 'B', 'phones/p1': null, notes: { n1: { note: 'x' } } })).toEqual({
      name: { full: 'B' },
      phones: {},
      notes: { n1: { note: 'x' } },
    })
    expect(card.name.full).toBe('A')
    for (const pointer of ['/name', '', 'emails/e1/address', 'name/~2', '__proto__/x', 'name/full/x']) {
      expect(() => applyPatch(card, { [pointer]: 1 })).toThrow(TypeError)
    }
    expect(() => applyPatch(card, { name: { full: 'C' }, 'name/full': 'B' })).toThrow(TypeError)
  })
})

describe('writers', () => {
  const odd: unknown[] = [
    5,
    true,
    null,
    [],
    ['x'],
    {},
    { a: 1 },
    { a: { b: 5 } },
    'x',
    { x: null },
    {
      x: {
        name: 5,
        units: 5,
        components: 5,
        date: 5,
        contexts: 5,
        author: 5,
        note: 5,
        uri: 5,
        kind: 5,
        number: 5,
        address: 5,
      },
    },
  ]
  test.each(TABLE.map(([, property]) => property))(
    '%s of any type stops nobody else from being written',
    async property => {
      for (const value of odd) {
        const people = [
          { [property]: value },
          { name: { full: 'Sara' }, [property]: value },
          { name: { full: 'Omid' } },
        ] as Card[]
        for (const format of [vcard(), vcard({ version: '3.0' }), jscontact(), csv()])
          expect(await written(format, people)).toContain('Omid')
      }
    },
  )
})

// Every property that RFC 9555 converts (sections 2.4 to 2.13), as one line, and the field of the card where it goes.
const MAPPED: readonly (readonly [section: string, field: string, ...lines: string[]])[] = [
  ['2.4.2 KIND', 'kind', 'KIND:individual'],
  ['2.4.3 SOURCE', 'directories', 'SOURCE:https://example.org/a.vcf'],
  ['2.4.4 XML', 'vCardProps', 'XML:<a xmlns="b"/>'],
  ['2.5.1 BDAY', 'anniversaries', 'BDAY:19530415'],
  ['2.5.1 BIRTHPLACE', 'anniversaries', 'BDAY:19530415', 'BIRTHPLACE:London'],
  ['2.5.1 DEATHDATE', 'anniversaries', 'DEATHDATE:20191015'],
  ['2.5.1 DEATHPLACE', 'anniversaries', 'DEATHDATE:20191015', 'DEATHPLACE:London'],
  ['2.5.1 ANNIVERSARY', 'anniversaries', 'ANNIVERSARY:19860201'],
  ['2.5.2 FN', 'name', 'FN:Sara'],
  ['2.5.3 GENDER', 'vCardProps', 'GENDER:F'],
  ['2.5.4 GRAMGENDER', 'speakToAs', 'GRAMGENDER:NEUTER'],
  ['2.5.4 PRONOUNS', 'speakToAs', 'PRONOUNS:they'],
  ['2.5.5 N', 'name', 'N:Karimi;Sara;;;'],
  ['2.5.6 NICKNAME', 'nicknames', 'NICKNAME:Sasha'],
  ['2.5.7 PHOTO', 'media', 'PHOTO:https://example.org/a.jpg'],
  ['2.6.1 ADR', 'addresses', 'ADR:;;1 Quay Street;Riverside;;;'],
  ['2.7.1 EMAIL', 'emails', 'EMAIL:a@example.org'],
  ['2.7.2 IMPP', 'onlineServices', 'IMPP:xmpp:a@example.org'],
  ['2.7.3 LANG', 'preferredLanguages', 'LANG:fa'],
  ['2.7.4 LANGUAGE', 'language', 'LANGUAGE:fa'],
  ['2.7.5 SOCIALPROFILE', 'onlineServices', 'SOCIALPROFILE;SERVICE-TYPE=A:https://example.org/a'],
  ['2.7.6 TEL', 'phones', 'TEL:1234'],
  ['2.8.1 GEO', 'addresses', 'GEO:geo:1,2'],
  ['2.8.2 TZ', 'addresses', 'TZ:Europe/London'],
  ['2.9.1 CONTACT-URI', 'links', 'CONTACT-URI:mailto:a@example.org'],
  ['2.9.2 LOGO', 'media', 'LOGO:https://example.org/a.png'],
  ['2.9.3 MEMBER', 'members', 'MEMBER:urn:uuid:1'],
  ['2.9.4 ORG', 'organizations', 'ORG:Quay'],
  ['2.9.5 RELATED', 'relatedTo', 'RELATED:urn:uuid:1'],
  ['2.9.6 TITLE', 'titles', 'TITLE:Baker'],
  ['2.9.6 ROLE', 'titles', 'ROLE:Friend'],
  ['2.10.1 EXPERTISE', 'personalInfo', 'EXPERTISE;LEVEL=expert:bread'],
  ['2.10.2 HOBBY', 'personalInfo', 'HOBBY;LEVEL=high:chess'],
  ['2.10.3 INTEREST', 'personalInfo', 'INTEREST;LEVEL=low:rowing'],
  ['2.10.4 ORG-DIRECTORY', 'directories', 'ORG-DIRECTORY;INDEX=1:https://example.org/d'],
  ['2.11.1 CATEGORIES', 'keywords', 'CATEGORIES:choir'],
  ['2.11.2 CLIENTPIDMAP', 'vCardProps', 'CLIENTPIDMAP:1;urn:uuid:1'],
  ['2.11.3 CREATED', 'created', 'CREATED:20220930T143510Z'],
  ['2.11.4 NOTE', 'notes', 'NOTE:x'],
  ['2.11.5 PRODID', 'prodId', 'PRODID:x'],
  ['2.11.6 REV', 'updated', 'REV:20220930T143510Z'],
  ['2.11.7 SOUND', 'media', 'SOUND:https://example.org/a.ogg'],
  ['2.11.8 UID', 'uid', 'UID:urn:uuid:1'],
  ['2.11.9 URL', 'links', 'URL:https://example.org'],
  ['2.11.11 X-ABLabel', 'phones', 'item1.TEL:1234', 'item1.X-ABLabel:x'],
  ['2.12.1 KEY', 'cryptoKeys', 'KEY:https://example.org/a.asc'],
  ['2.13.1 CALADRURI', 'schedulingAddresses', 'CALADRURI:mailto:a@example.org'],
  ['2.13.2 CALURI', 'calendars', 'CALURI:https://example.org/c'],
  ['2.13.3 FBURL', 'calendars', 'FBURL:https://example.org/f'],
  ['3.2.1 JSPROP', 'x:diet', 'JSPROP;JSPTR="x:diet":"vegan"'],
]

describe('RFC 9555', () => {
  test.each(MAPPED.map(([section, ...rest]) => [section, rest] as const))(
    'section %s finds its place and comes back',
    async (_, [field, ...lines]) => {
      const [card] = (await cards(readVCards(vcf('4.0', ...lines)))) as [Card]
      expect(Object.keys(card)).toEqual(expect.arrayContaining([field]))
      if (field !== 'vCardProps') expect(card.vCardProps).toBeUndefined()
      const text = writeVCards([card])
      expect(text).toContain(
        (lines.at(-1) as string)
          .replace(/^item1\./, '')
          .split(/[;:]/)[0]
          ?.toUpperCase(),
      )
      for (const version of ['4.0', '3.0'] as const)
        expect(await cards(readVCards(writeVCards([card], { version })))).toEqual([card])
    },
  )

  test('the table has every property that the RFC converts, but the frame of a card', () => {
    const names = new Set(MAPPED.map(([section]) => section.split(' ')[1]))
    const places = MAPPED.filter(([, field]) => field !== 'vCardProps')
    expect([names.size, MAPPED.length - places.length]).toEqual([50, 3])
  })
})
