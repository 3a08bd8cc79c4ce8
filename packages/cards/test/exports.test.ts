// What the exports of real address books look like, frozen: invented people in the shapes that Google, iCloud and
// Android write. A change here is a change for everybody who imports.
import { describe, expect, test } from 'vitest'
import { readVCards, vcard } from '../src'
import { cards, written } from './reading'

const GOOGLE = `BEGIN:VCARD
VERSION:3.0
FN:Dr. Sara Karimi
N:Karimi;Sara;Mina;Dr.;
NICKNAME:Sasha
EMAIL;TYPE=INTERNET;TYPE=HOME:sara@example.org
item1.EMAIL;TYPE=INTERNET:choir@example.org
item1.X-ABLabel:Choir
TEL;TYPE=CELL:+44 7700 900123
TEL;TYPE=WORK;TYPE=PREF:020 7946 0001
ADR;TYPE=HOME:;;1 Fiction Row;London;;E1 1AA;United Kingdom
item2.ADR;TYPE=HOME;TYPE=PREF:;;2 Fiction Row;London;;E1 1AB;GB;2 Fiction Row\\nLondon
ORG:Riverside\\, Ltd.;Kitchen
TITLE:Baker
BDAY:1990-02-03
item3.URL:https\\://example.org
item3.X-ABLabel:PROFILE
item4.X-ABDATE:2014-06-01
item4.X-ABLabel:_$!<Anniversary>!$_
item5.X-ABRELATEDNAMES:Omid
item5.X-ABLabel:_$!<Brother>!$_
NOTE:one\\ntwo\\, three
CATEGORIES:myContacts,Choir
END:VCARD
`

const ICLOUD = `BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//macOS 14.5//EN
N:کریمی;سارا;;;
FN:سارا کریمی
X-PHONETIC-FIRST-NAME:Sara
X-PHONETIC-LAST-NAME:Karimi
EMAIL;type=INTERNET;type=HOME;type=pref:sara@example.org
TEL;type=CELL;type=VOICE;type=pref:۰۷۷۰۰ ۹۰۰۱۲۳
item1.TEL:020 7946 0001
item1.X-ABLabel:خانه مادر
item2.ADR;type=HOME;type=pref:;;1 Fiction Row;London;;E1 1AA;United Kingdom
item2.X-ABADR:gb
X-SOCIALPROFILE;type=mastodon;x-user=sara:https://example.org/@sara
BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-05
PHOTO;ENCODING=b;TYPE=PNG:iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADU
 lEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==
REV:2016-03-12T10:00:00Z
UID:5A1B
X-ABUID:5A1B:ABPerson
END:VCARD
`

const ANDROID = `BEGIN:VCARD
VERSION:3.0
N:Clarke;Omid;;;
FN:Omid Clarke
TEL;TYPE=CELL:07700-900-124
TEL;TYPE=X-Shop:020 7946 0002
X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Sara;2;;;;;;;;;;;;;
X-SIP:omid@example.org
END:VCARD
`

describe('exports of address books', () => {
  test('Google', async () => {
    expect(await cards(readVCards(GOOGLE))).toEqual([
      {
        '@type': 'Card',
        version: '2.0',
        name: {
          full: 'Dr. Sara Karimi',
          components: [
            { kind: 'surname', value: 'Karimi' },
            { kind: 'given', value: 'Sara' },
            { kind: 'given2', value: 'Mina' },
            { kind: 'title', value: 'Dr.' },
          ],
        },
        nicknames: { k1: { name: 'Sasha' } },
        emails: {
          e1: { address: 'sara@example.org', contexts: { private: true } },
          e2: { address: 'choir@example.org', label: 'Choir' },
        },
        phones: {
          p1: { number: '+44 7700 900123', features: { mobile: true } },
          p2: { number: '020 7946 0001', contexts: { work: true }, pref: 1 },
        },
        organizations: { o1: { name: 'Riverside, Ltd.', units: [{ name: 'Kitchen' }] } },
        titles: { t1: { kind: 'title', name: 'Baker' } },
        anniversaries: {
          a1: { kind: 'birth', date: { year: 1990, month: 2, day: 3 } },
          a2: { kind: 'wedding', date: { year: 2014, month: 6, day: 1 } },
        },
        links: { l1: { uri: 'https://example.org', label: 'PROFILE' } },
        notes: { n1: { note: 'one\ntwo, three' } },
        keywords: { myContacts: true, Choir: true },
        addresses: {
          h1: {
            components: [
              { kind: 'name', value: '1 Fiction Row' },
              { kind: 'locality', value: 'London' },
              { kind: 'postcode', value: 'E1 1AA' },
              { kind: 'country', value: 'United Kingdom' },
            ],
            contexts: { private: true },
          },
          h2: {
            components: [
              { kind: 'name', value: '2 Fiction Row' },
              { kind: 'locality', value: 'London' },
              { kind: 'postcode', value: 'E1 1AB' },
              { kind: 'country', value: 'GB' },
            ],
            full: '2 Fiction Row\nLondon',
            contexts: { private: true },
            pref: 1,
          },
        },
        relatedTo: {
          Omid: {
            relation: { sibling: true },
            vCardName: 'x-abrelatednames',
            vCardParams: { 'x-ablabel': '_$!<Brother>!$_' },
          },
        },
      },
    ])
  })

  test('iCloud', async () => {
    expect(await cards(readVCards(ICLOUD))).toEqual([
      {
        '@type': 'Card',
        version: '2.0',
        prodId: '-//Apple Inc.//macOS 14.5//EN',
        name: {
          full: 'سارا کریمی',
          components: [
            { kind: 'surname', value: 'کریمی', phonetic: 'Karimi' },
            { kind: 'given', value: 'سارا', phonetic: 'Sara' },
          ],
          phoneticScript: 'Latn',
        },
        emails: { e1: { address: 'sara@example.org', contexts: { private: true }, pref: 1 } },
        phones: {
          p1: { number: '۰۷۷۰۰ ۹۰۰۱۲۳', features: { mobile: true, voice: true }, pref: 1 },
          p2: { number: '020 7946 0001', label: 'خانه مادر' },
        },
        addresses: {
          h1: {
            components: [
              { kind: 'name', value: '1 Fiction Row' },
              { kind: 'locality', value: 'London' },
              { kind: 'postcode', value: 'E1 1AA' },
              { kind: 'country', value: 'United Kingdom' },
            ],
            countryCode: 'GB',
            contexts: { private: true },
            pref: 1,
          },
        },
        onlineServices: {
          s1: { service: 'mastodon', uri: 'https://example.org/@sara', user: 'sara' },
        },
        anniversaries: { a1: { kind: 'birth', date: { month: 3, day: 5 } } },
        media: {
          m1: {
            kind: 'photo',
            uri: 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
          },
        },
        updated: '2016-03-12T10:00:00Z',
        uid: '5A1B',
        vCardProps: [['x-abuid', {}, 'unknown', '5A1B:ABPerson']],
      },
    ])
  })

  test('Android', async () => {
    expect(await cards(readVCards(ANDROID))).toEqual([
      {
        '@type': 'Card',
        version: '2.0',
        name: {
          full: 'Omid Clarke',
          components: [
            { kind: 'surname', value: 'Clarke' },
            { kind: 'given', value: 'Omid' },
          ],
        },
        phones: {
          p1: { number: '07700-900-124', features: { mobile: true } },
          p2: { number: '020 7946 0002', vCardParams: { type: 'x-shop' } },
        },
        relatedTo: { Sara: { relation: { sibling: true }, vCardParams: { 'x-android-relation': 'brother' } } },
        onlineServices: { s1: { service: 'SIP', user: 'omid@example.org', vCardName: 'x-sip' } },
      },
    ])
  })

  test('each goes through vCard 4.0 and comes back the same', async () => {
    const people = await cards(readVCards(GOOGLE + ICLOUD + ANDROID))
    expect(await cards(readVCards(await written(vcard(), people)))).toEqual(people)
  })

  test('each goes through vCard 3.0 and comes back the same', async () => {
    const people = await cards(readVCards(GOOGLE + ICLOUD + ANDROID))
    expect(await cards(readVCards(await written(vcard({ version: '3.0' }), people)))).toEqual(people)
  })
})
