/**
 * Address books that somebody else wrote: vCard, CSV and JSContact, mutated, warped, endless. Reading ends, with an item
 * for each card or row or with one CardsError, and what was read can be written and read again. No error quotes the file.
 */
import {
  type CardError,
  type CardInput,
  CardsError,
  csv,
  jscontact,
  type ReadCard,
  readCards,
  readCsv,
  readJsContact,
  readVCards,
  vcard,
} from '@amanat/cards'
import fc from 'fast-check'
import { describe } from 'vitest'
import { written } from '../../packages/cards/test/reading'
import { mutated, utf8 } from './bytes'
import { KEYS, MARK, nastyJson, nastyText, warped } from './nasty'
import { fit, hostile, shownOf } from './parser'

const person = {
  '@type': 'Card',
  version: '2.0',
  uid: 'u1',
  name: { full: `Sara ${MARK}`, components: [{ kind: 'given', value: 'Sara' }], isOrdered: true },
  nicknames: { k1: { name: 'S' } },
  phones: { p1: { number: '+447700900123', features: { mobile: true }, pref: 1, contexts: { private: true } } },
  emails: { e1: { address: 'sara@example.org', label: 'x' } },
  organizations: { o1: { name: 'Quay', units: [{ name: 'A' }] } },
  titles: { t1: { kind: 'title', name: 'Baker', organizationId: 'o1' } },
  addresses: { h1: { components: [{ kind: 'name', value: '1 Quay Street' }], full: 'Quay', countryCode: 'GB' } },
  anniversaries: { a1: { kind: 'birth', date: { '@type': 'PartialDate', year: 1990, month: 2, day: 3 } } },
  speakToAs: { grammaticalGender: 'feminine', pronouns: { r1: { pronouns: 'she/her' } } },
  keywords: { choir: true },
  relatedTo: { 'urn:uuid:2': { relation: { friend: true } } },
  notes: { n1: { note: 'rings\nback', created: '2026-01-01T00:00:00Z', author: { name: 'Omid' } } },
  media: { m1: { kind: 'photo', uri: 'data:image/png;base64,AAAA' } },
  links: { l1: { uri: 'https://example.org', kind: 'contact' } },
  personalInfo: { i1: { kind: 'hobby', value: 'chess', level: 'high', listAs: 1 } },
  onlineServices: { s1: { service: 'Mastodon', user: '@s', uri: 'https://example.social/@s' } },
  preferredLanguages: { g1: { language: 'fa', pref: 1 } },
  localizations: { fa: { 'name/full': 'سارا', 'titles/t1/name': 'نانوا' } },
  vCardProps: [['x-odd', { group: 'item1' }, 'text', 'y']],
  'x:diet': 'vegan',
}

const vcf = (...lines: string[]) => ['BEGIN:VCARD', 'VERSION:4.0', ...lines, 'END:VCARD', ''].join('\r\n')
const VCARDS = [
  vcf(
    `FN:${MARK}`,
    'N:Karimi;Sara;;;',
    'item1.TEL;TYPE="cell,home";PREF=1:tel:+447700900123',
    'item1.X-ABLabel:_$!<Home>!$_',
    'ADR;LABEL="a\\nb";JSCOMPS=";0;2":;;1 Quay Street;Riverside;;;GB',
    'BDAY:--0203',
    'DEATHDATE;VALUE=text:circa 1800',
    'TITLE;ALTID=1:Baker',
    'TITLE;ALTID=1;LANGUAGE=fa:نانوا',
    'ORG;SORT-AS="Q":Quay;A',
    'PHOTO;ENCODING=b;TYPE=PNG:AAAA',
    'GEO:geo:51.5,-0.1',
    'TZ:Europe/London',
    'CATEGORIES:a,b\\,c',
    'RELATED;TYPE=friend:urn:uuid:2',
    'JSPROP;JSPTR="x:a/b":{"c":[1]}',
    'NOTE:folded',
    '  text',
    'X-SOCIALPROFILE;TYPE=twitter:https://example.org/s',
    'REV:20260101T000000Z',
  ),
  [
    'BEGIN:VCARD',
    'VERSION:3.0',
    'N;CHARSET=UTF-8:;;',
    'TEL;CELL;VOICE:1234',
    'LABEL;TYPE=home:x',
    'ADR;TYPE=home:;;x;;;;',
    'END:VCARD',
    '',
  ].join('\n'),
]
const CSVS = [
  `Name,Phone 1 - Label,Phone 1 - Value,E-mail 1 - Value,Address 1 - Street,Birthday,Labels,Relation 1 - Label,Relation 1 - Value,Notes\nSara,Mobile,+44 7700 900123 ::: 07700 900124,sara@example.org,"1 Quay\nStreet",1990-02-03,* myContacts ::: choir,Friend,Omid,"${MARK} ""q"""\n`,
  `نام;تلفن;ایمیل\r\nسارا;۰۷۷۰۰۹۰۰۱۲۳;s@example.org\r\n`,
]

async function all(items: AsyncIterable<ReadCard>): Promise<ReadCard[]> {
  const found: ReadCard[] = []
  for await (const item of items) found.push(item)
  return found
}

const isCardError = (error: CardError) => /^[A-Z_]+$/.test(error.code) && error.fix !== ''

/** Reads, and writes what was read in every format: twice the same, once it has been through it. */
async function through(read: AsyncIterable<ReadCard>): Promise<void> {
  let line = 0
  for (const item of await all(read)) {
    fit(item.line >= line && Number.isInteger(item.line), 'out of order')
    line = item.line
    if ('error' in item) {
      fit(isCardError(item.error) && !shownOf(item.error).includes(MARK), 'R37: the error repeats the file')
      continue
    }
    const { card } = item
    fit(Object.getPrototypeOf(card) === Object.prototype, 'another prototype')
    for (const format of [vcard(), vcard({ version: '3.0' }), csv(), jscontact()]) await written(format, [card])
    const text = await written(vcard(), [card])
    const [again] = await all(readVCards(text))
    fit(text === '' || (again !== undefined && 'card' in again), 'what was written is not read')
  }
}

const refuses = (error: unknown) => error instanceof CardsError
/** In one piece, in a few, as bytes or as text. */
const cutUp = (bytes: Uint8Array, size: number): CardInput =>
  size === 0
    ? bytes
    : (async function* () {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
      })()
const pieces = fc.constantFrom(0, 0, 1, 7, 1_000)

describe('address books', () => {
  for (const [what, samples, read] of [
    ['vCards', VCARDS.map(utf8), readVCards],
    ['spreadsheets', CSVS.map(utf8), readCsv],
    ['JSContact', [utf8(JSON.stringify(person)), utf8(`[${JSON.stringify(person)}\n,{"uid":"2"}]`)], readJsContact],
    ['files of any kind', [...VCARDS, ...CSVS, JSON.stringify(person)].map(utf8), readCards],
  ] as const) {
    hostile(`${what} whose bytes were changed are read to their end`, {
      input: fc.tuple(mutated(samples), pieces),
      runs: 600,
      refuses,
      read: ([bytes, size]) => through(read(cutUp(bytes, size))),
    })
  }

  hostile('JSContact of any shape is a card or an error', {
    input: warped([person], nastyJson),
    runs: 1_200,
    refuses,
    read: async json => void (await all(readJsContact(JSON.stringify(json) ?? ''))),
  })

  const name = fc.constantFrom(
    ...['FN', 'N', 'TEL', 'ADR', 'ORG', 'BDAY', 'PHOTO', 'CATEGORIES', 'RELATED', 'JSPROP', 'PRONOUNS', 'GEO', 'IMPP'],
    ...['LABEL', 'MEMBER', 'NOTE', 'X-ABLabel', 'REV', 'LANG', 'EXPERTISE', 'NICKNAME', ...KEYS],
  )
  const parameter = fc
    .tuple(
      fc.constantFrom(
        'TYPE',
        'PREF',
        'PROP-ID',
        'ALTID',
        'LANGUAGE',
        'JSPTR',
        'JSCOMPS',
        'VALUE',
        'INDEX',
        'SORT-AS',
        ...KEYS,
      ),
      fc.oneof(nastyText, fc.constantFrom('1', 's,0,1;2;;', '"x:y"', 'name/full', 'uri')),
    )
    .map(([key, value]) => `;${key}="${value.replace(/["\r\n]/g, '').slice(0, 300)}"`)
  const property = fc
    .tuple(fc.constantFrom('', 'item1.', '__proto__.'), name, fc.array(parameter, { maxLength: 4 }), nastyText)
    .map(([group, key, parameters, value]) => `${group}${key}${parameters.join('')}:${value.replace(/[\r\n]/g, '\\n')}`)
  hostile('a vCard of any properties is read, and can be written', {
    input: fc.array(property, { maxLength: 12 }).map(lines => vcf(...lines)),
    runs: 900,
    refuses,
    read: text => through(readVCards(text)),
  })

  const header = fc.constantFrom(
    ...['Name', 'Phone', 'E-mail 1 - Value', 'Labels', 'Relation 1 - Label', 'Relation 1 - Value', 'Photo', 'Birthday'],
    ...['Address 1 - Street', 'Custom Field 1 - Label', 'x', '', ...KEYS],
  )
  hostile('a spreadsheet of any cells is read, and can be written', {
    input: fc
      .tuple(
        fc.constantFrom(',', ';', '\t'),
        fc.array(header, { maxLength: 9 }),
        fc.array(fc.array(nastyText, { maxLength: 9 }), { maxLength: 4 }),
      )
      .map(([delimiter, headers, rows]) =>
        [['Name', ...headers], ...rows.map(row => row.map(cell => `"${cell.replaceAll('"', '""')}"`))]
          .map(cells => cells.join(delimiter))
          .join('\n'),
      ),
    runs: 600,
    refuses,
    read: text => through(readCsv(text, { columns: { ['__proto__']: 'note', x: 'x:diet' } })),
  })
})

/** Of the length at which squares show: thirty seconds end a reader that isn't linear (watchdog.ts). */
const LONG: readonly [what: string, text: () => string][] = [
  ['one cell of many values', () => `Name,E-mail 1 - Value\nA,"${'a:::'.repeat(240_000)}"\n`],
  ['phones in one cell', () => `Name,Phone\nA,"${'123:::'.repeat(150_000)}"\n`],
  ['labels in one cell', () => `Name,Labels\nA,"${'a ::: '.repeat(160_000)}"\n`],
  ['colons in a cell', () => `Name,E-mail 1 - Value\nA,"${':'.repeat(1_000_000)}"\n`],
  ['spaces and colons in a cell', () => `Name,E-mail 1 - Value\nA,"${' :'.repeat(500_000)}"\n`],
  ['quotes in quotes', () => `Name,Notes\nA,"${'""'.repeat(400_000)}"\n`],
  ['semicolons in a header', () => `Name${';'.repeat(500_000)}\nA\n`],
  ['nicknames in one line', () => vcf('FN:A', `NICKNAME:${'a,'.repeat(400_000)}`)],
  ['keywords in one line', () => vcf('FN:A', `CATEGORIES:${'a,b,'.repeat(200_000)}`)],
  ['components in one line', () => vcf('FN:A', `N:${'a,'.repeat(400_000)};b`, `ADR:;;${'a,'.repeat(200_000)}`)],
  ['units in one line', () => vcf('FN:A', `ORG;SORT-AS="${'a,'.repeat(100_000)}":${'a;'.repeat(400_000)}`)],
  ['an order of components', () => vcf('FN:A', `N;JSCOMPS="${';0,0'.repeat(50_000)}":${'a,'.repeat(50_000)}`)],
  [
    'a pointer of slashes',
    () => vcf('FN:A', `JSPROP;JSPTR="${'a/'.repeat(500)}":1`, `JSPROP;JSPTR="${'/'.repeat(900_000)}":1`),
  ],
  [
    'a date of digits',
    () => vcf('FN:A', `BDAY:${'1'.repeat(500_000)}`, `BDAY:${'-'.repeat(500_000)}`, `REV:${'0'.repeat(500_000)}`),
  ],
  ['a place of digits', () => vcf('FN:A', `GEO:${'1'.repeat(500_000)}`, `GEO:${'1.'.repeat(300_000)}`)],
  ['a telephone number', () => vcf('FN:A', `TEL:${'+'.repeat(500_000)}`, `TEL:${'1 '.repeat(300_000)};ext=1`)],
  ['blanks', () => vcf(`FN:${' '.repeat(500_000)}x`, `NOTE:${'\\n'.repeat(400_000)}`, `EMAIL:${' '.repeat(500_000)}x`)],
  ['escapes', () => vcf('FN:A', `NOTE;X="${'^n'.repeat(300_000)}":${'\\'.repeat(500_001)}`)],
  ['a picture', () => vcf('FN:A', `PHOTO;ENCODING=b:${'A'.repeat(6_000_000)}`, `PHOTO:data:${','.repeat(500_000)}`)],
  [
    'properties of one name',
    () => vcf('FN:A', ...Array.from({ length: 1_900 }, (_, i) => `item${i}.TEL;ALTID=1;LANGUAGE=l${i}:${i}`)),
  ],
  [
    'addresses and their labels',
    () => vcf(...Array.from({ length: 950 }, (_, i) => `i${i}.ADR:;;x;;;;\r\ni${i}.LABEL:y`)),
  ],
  ['a vCard behind blanks', () => `${' \n'.repeat(500_000)}${vcf('FN:A')}`],
  ['one object of many keys', () => `{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":1`).join()}}`],
  ['objects of objects', () => `{"x:a":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`],
  ['one list', () => `{"x:a":[${'0,'.repeat(1_000_000)}0]}`],
  ['one key many times', () => `{${'"name":{"full":"a"},'.repeat(100_000)}"uid":"1"}`],
  ['a field of ten megabytes', () => JSON.stringify({ notes: { n1: { note: 'x'.repeat(10_000_000) } } })],
]

describe('work grows with the length of', () => {
  for (const [what, text] of LONG) {
    hostile(what, {
      input: fc.constantFrom(0, 65_536),
      runs: 1,
      refuses,
      read: async size => void (await all(readCards(cutUp(utf8(text()), size)))),
    })
  }
})
