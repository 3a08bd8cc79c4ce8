// A spreadsheet as an export format. Columns are fixed by the layout and not by the people, so that files of one
// kind can be put together; UTF-8 with a byte order mark and CRLF, because spreadsheets expect them (RFC 4180).
//
// A cell that begins with = + - @ would be run as a formula. It gets an apostrophe, which `readCsv` takes off again.
// A phone number in international form begins with + too, and an apostrophe would make it useless to whatever sends
// the messages: it stays as it is, since nothing but digits, blanks and brackets can be run to any effect.
import type { Card, Format } from '@amanat/vault'
import Papa from 'papaparse'
import { repaired } from '../jscontact/check'
import { type NumberOptions, numberWriter } from '../numbers'
import { fullAddress } from '../vcard/address'
import { writeDate } from '../vcard/date'
import { plainNumber } from '../vcard/from-card'
import { fullName } from '../vcard/name'

// Spreadsheets take the wide forms of Chinese and Japanese keyboards for the plain ones.
const FORMULA = /^(?!\+[\p{Nd} ()]+$)'*[=+\-@\t\r\n＝＋－＠]/u
// Google's mark between several values of one cell.
const AND = ' ::: '

const GOOGLE_PHONES = 4
const GOOGLE_EMAILS = 3
const GOOGLE_ADDRESSES = 2
const numbered = (what: string, count: number, ...parts: string[]) =>
  Array.from({ length: count }, (_, index) => parts.map(part => `${what} ${index + 1} - ${part}`)).flat()

const GOOGLE = [
  'First Name',
  'Middle Name',
  'Last Name',
  'Phonetic First Name',
  'Phonetic Middle Name',
  'Phonetic Last Name',
  'Name Prefix',
  'Name Suffix',
  'Nickname',
  'File As',
  'Organization Name',
  'Organization Title',
  'Organization Department',
  'Birthday',
  'Notes',
  'Photo',
  'Labels',
  ...numbered('E-mail', GOOGLE_EMAILS, 'Label', 'Value'),
  ...numbered('Phone', GOOGLE_PHONES, 'Label', 'Value'),
  ...numbered(
    'Address',
    GOOGLE_ADDRESSES,
    'Label',
    'Formatted',
    'Street',
    'City',
    'PO Box',
    'Region',
    'Postal Code',
    'Country',
    'Extended Address',
  ),
  ...numbered('Website', 1, 'Label', 'Value'),
]
const PLAIN = [
  'Name',
  'Given name',
  'Surname',
  'Nickname',
  'Mobile',
  'Phone',
  'Other phones',
  'Email',
  'Other emails',
  'Organization',
  'Job title',
  'Address',
  'Birthday',
  'Notes',
]
const LAYOUTS = { google: { header: GOOGLE, row: googleRow }, plain: { header: PLAIN, row: plainRow } } as const

/**
 * CSV, in the layout of Google's contacts (which phones and mail programs import) or a plain one. `phones`: `e164` writes
 * numbers that can be read as `+447700900123`, which providers of SMS ask for; `region` (ISO 3166) is that of numbers
 * without a country code. Those that can't be read stay as they are.
 */
export function csv(options: { layout?: keyof typeof LAYOUTS } & NumberOptions = {}): Format {
  const layout = options.layout ?? 'plain'
  const { header, row } = LAYOUTS[layout]
  return {
    name: 'csv',
    version: `${layout}-1`,
    mediaType: 'text/csv; charset=utf-8',
    extension: 'csv',
    async *write(people, context) {
      const encoder = new TextEncoder()
      yield encoder.encode(`\ufeff${line([...header, 'Destroy by'])}`)
      const numbered = await numberWriter(options)
      for await (const { card } of people)
        yield encoder.encode(line([...row(await numbered(repaired(card))), context.destroyBy]))
    },
  }
}

function line(cells: readonly string[]): string {
  return `${Papa.unparse([cells.map(cell => (typeof cell === 'string' ? cell.replace(/\r\n?/g, '\n').replaceAll('\0', '') : ''))], { escapeFormulae: FORMULA, newline: '\r\n' })}\r\n`
}

const component = (card: Card, kind: string) =>
  (card.name?.components ?? [])
    .filter(one => one.kind === kind)
    .map(one => one.value)
    .join(' ')
const phonetic = (card: Card, kind: string) =>
  (card.name?.components ?? [])
    .filter(one => one.kind === kind)
    .map(one => one.phonetic ?? '')
    .join(' ')
    .trim()
const list = <T>(map: { readonly [id: string]: T } | undefined): T[] => Object.values(map ?? {})
const birthday = (card: Card) => {
  const birth = list(card.anniversaries).find(({ kind }) => kind === 'birth')
  if (!birth) return ''
  if ('utc' in birth.date) return birth.date.utc.slice(0, 10)
  return (writeDate(birth.date)?.raw ?? '').replace(/^(\d{4}|-)-?(\d{2})(\d{2})$/, '$1-$2-$3')
}
const notes = (card: Card) =>
  list(card.notes)
    .map(({ note }) => note)
    .join('\n\n')

function plainRow(card: Card): string[] {
  const phones = list(card.phones).map(phone => ({ number: plainNumber(phone.number), mobile: phone.features?.mobile }))
  const mobile = phones.find(phone => phone.mobile)
  const others = phones.filter(phone => phone !== mobile).map(({ number }) => number)
  const emails = list(card.emails).map(({ address }) => address)
  return [
    card.name ? fullName(card.name) : '',
    component(card, 'given'),
    component(card, 'surname'),
    list(card.nicknames)
      .map(({ name }) => name)
      .join(AND),
    mobile?.number ?? '',
    others[0] ?? '',
    others.slice(1).join(AND),
    emails[0] ?? '',
    emails.slice(1).join(AND),
    list(card.organizations)[0]?.name ?? '',
    list(card.titles)
      .map(({ name }) => name)
      .join(AND),
    list(card.addresses).map(fullAddress)[0] ?? '',
    birthday(card),
    notes(card),
  ]
}

function googleRow(card: Card): string[] {
  const unsaid = !card.name?.components?.length
  const organization = list(card.organizations)[0]
  const photo = list(card.media).find(({ kind, uri }) => kind === 'photo' && !uri.startsWith('data:'))
  return [
    // Google has no column for a whole name: it is read back as the first.
    unsaid && card.name ? fullName(card.name) : component(card, 'given'),
    component(card, 'given2'),
    [component(card, 'surname'), component(card, 'surname2')].join(' ').trim(),
    phonetic(card, 'given'),
    phonetic(card, 'given2'),
    phonetic(card, 'surname'),
    component(card, 'title'),
    [component(card, 'generation'), component(card, 'credential')].join(' ').trim(),
    list(card.nicknames)
      .map(({ name }) => name)
      .join(AND),
    '',
    organization?.name ?? '',
    list(card.titles)
      .map(({ name }) => name)
      .join(AND),
    (organization?.units ?? []).map(({ name }) => name).join(AND),
    birthday(card),
    notes(card),
    photo?.uri ?? '',
    Object.entries(card.keywords ?? {})
      .flatMap(([word, on]) => (on ? [word] : []))
      .join(AND),
    ...several(list(card.emails), GOOGLE_EMAILS, entry => entry.address),
    ...several(list(card.phones), GOOGLE_PHONES, entry => plainNumber(entry.number)),
    ...Array.from({ length: GOOGLE_ADDRESSES }, (_, index) => {
      const address = list(card.addresses)[index]
      const part = (kind: string) =>
        (address?.components ?? [])
          .filter(one => one.kind === kind)
          .map(one => one.value)
          .join(' ')
      const street = ['number', 'name'].map(part).join(' ').trim()
      return address
        ? [
            label(address),
            fullAddress(address),
            street,
            part('locality'),
            part('postOfficeBox'),
            part('region'),
            part('postcode'),
            part('country'),
            part('apartment'),
          ]
        : Array<string>(9).fill('')
    }).flat(),
    ...several(list(card.links), 1, entry => entry.uri),
  ]
}

interface Labelled {
  readonly contexts?: { readonly [context: string]: boolean | undefined }
  readonly features?: { readonly [feature: string]: boolean | undefined }
  readonly label?: string
  readonly pref?: number
}

function label(entry: Labelled): string {
  const { contexts = {}, features = {} } = entry
  const where = contexts.work ? 'Work' : contexts.private ? 'Home' : ''
  const word =
    entry.label ??
    (features.fax
      ? `${where} Fax`.trim()
      : features.mobile
        ? 'Mobile'
        : features.pager
          ? 'Pager'
          : features['main-number']
            ? 'Main'
            : where)
  return entry.pref === 1 ? `* ${word || 'Other'}` : word
}

/** Label and value for as many as there are columns; what is left joins the last. */
function several<T extends Labelled>(entries: readonly T[], columns: number, value: (entry: T) => string): string[] {
  return Array.from({ length: columns }, (_, index) => {
    const entry = entries[index]
    if (!entry) return ['', '']
    const here = index === columns - 1 ? entries.slice(index) : [entry]
    return [label(entry), here.map(value).join(AND)]
  }).flat()
}
