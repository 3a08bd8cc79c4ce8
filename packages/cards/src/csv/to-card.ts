// One row to a card, once it is known what its columns are. What is doubtful is kept as written, and told.
import type { Card, PartialDate } from '@amanat/vault'
import { cardError } from '../errors'
import { isPossibleEmail, isPossiblePhone } from '../phone'
import type { Doubt, DoubtCode, ReadCard } from '../read-card'
import { clean } from '../vcard/text'
import { type ConsentCell, consentPlace, saidConsents } from './consents'
import { cellDate, joinedDate } from './dates'
import { languageTag } from './languages'
import { ADDRESS, type CsvPlace, fold, wordsOf } from './places'
import type { CsvProgram } from './programs'
import type { Sheet } from './read'

// Google puts several values of one label into one cell.
const SEVERAL = / ?::: ?/
const HOME = new Set(['home', 'خانه', 'منزل', 'privat', 'domicile'].map(fold))
const WORK = new Set(['work', 'کار', 'محل کار', 'geschäftlich', 'arbeit', 'bureau', 'travail'].map(fold))
const MOBILE = new Set(
  ['mobile', 'cell', 'iphone', 'mobil', 'handy', 'portable', 'موبایل', 'همراه', 'تلفن همراه'].map(fold),
)
// SMTP and EX are what Outlook says of every address.
const NO_LABEL = new Set(['', 'other', 'none', 'smtp', 'ex', 'سایر'].map(fold))

interface Cell {
  readonly column: number
  readonly number: number
  readonly text: string
  readonly label: string
  /** Of a street. */
  readonly line: number
}

export function readRow(line: number, cells: readonly string[], sheet: Sheet): ReadCard {
  const { columns, program } = sheet
  const found = new Map<CsvPlace, Cell[]>()
  const labels = new Map<string, string>()
  const called = new Map<number, string>()
  const doubts: Doubt[] = []
  const consents: ConsentCell[] = []
  const doubt = (code: DoubtCode, index?: number) =>
    doubts.push(index === undefined ? { code } : { code, column: index + 1 })
  const dateOf = (text: string, index: number) => cellDate(text, sheet.order ?? sheet.dates.order(index))
  columns.forEach((column, index) => {
    if (column?.label) labels.set(`${column.place}/${column.number}`, unprotect(cells[index] ?? '').trim())
    if (column?.called) called.set(column.number, clean(unprotect(cells[index] ?? '')).trim())
  })
  columns.forEach((column, index) => {
    if (!column || column.label || column.called || column.place === 'ignore') return
    const whole = clean(unprotect(cells[index] ?? '')).trim()
    if (column.place.startsWith('consent-') && consentPlace(column.place)) {
      consents.push({ place: column.place, header: sheet.headers[index] as string, text: whole })
      return
    }
    if (whole === '') return
    if (whole.includes('\ufffd')) doubt('LETTERS_LOST', index)
    const group = ADDRESS.has(column.place) ? 'address' : column.place
    const label = labels.get(`${group}/${column.number}`) ?? column.says ?? (column.place === 'mobile' ? 'mobile' : '')
    const place = column.place === 'mobile' ? 'phone' : column.place
    const here = found.get(place) ?? []
    if (ONE.has(place) && here.length > 0 && !here.some(cell => cell.text === whole)) doubt('SECOND_VALUE', index)
    found.set(place, here)
    for (const part of partsOf(place, whole, program)) {
      const text = part.trim()
      if (text === '') continue
      if (place === 'phone' && !isPossiblePhone(text)) doubt('PHONE_IMPOSSIBLE', index)
      if (place === 'email' && !isPossibleEmail(text)) doubt('EMAIL_IMPOSSIBLE', index)
      if ((place === 'birthday' || place === 'event') && !NO_DATE.test(text) && !dateOf(text, index))
        doubt('DATE_UNREADABLE', index)
      if (place === 'language' && !languageTag(text)) doubt('LANGUAGE_UNKNOWN', index)
      // The same number in two columns is one number; what we wrote comes back as it was.
      if ((place === 'phone' || place === 'email') && program !== 'amanat' && program !== 'google') {
        const same = here.find(cell => cell.text === text)
        if (same && (same.label === label || label === '')) continue
      }
      here.push({ column: index + 1, number: column.number, text, label, line: column.line ?? 0 })
    }
  })
  for (let index = columns.length; index < cells.length; index++) {
    if ((cells[index] as string).trim() !== '') doubt('CELL_WITHOUT_HEADER', index)
  }
  nameEmails(found, called)
  const born = birthParts(found)
  if (born && !born.date) doubt('DATE_UNREADABLE', born.index)
  const card = toCard(found, dateOf)
  const said = ['name', 'nicknames', 'organizations', 'phones', 'emails', 'addresses', 'onlineServices']
  if (!said.some(key => key in card)) return { line, error: cardError('ROW_WITHOUT_PERSON') }
  const id = found.get('id')?.[0]?.text
  return {
    line,
    card,
    ...(id === undefined ? {} : { ref: `${program ?? 'csv'}:${id}` }),
    ...(consents.length > 0 ? { consents: saidConsents(consents, sheet.order) } : {}),
    ...(doubts.length > 0 ? { doubts } : {}),
  }
}

const SINGLE = new Set<CsvPlace>([...ADDRESS, 'note', 'name', 'given', 'given2', 'surname'])
/** Of which a person has one. */
const ONE = new Set<CsvPlace>([
  'name',
  'given',
  'given2',
  'surname',
  'title',
  'credential',
  'organization',
  'unit',
  'uid',
  'id',
])
// How Outlook and databases write that there is none.
const NO_DATE = /^(?:0{1,4}[-/.]0{1,2}[-/.]0{1,4}|null|n\/a|-)(?:\s.*)?$/i

function partsOf(place: CsvPlace, whole: string, program: CsvProgram | undefined): string[] {
  if (SINGLE.has(place)) return [whole]
  if (place === 'keywords' && program === 'mailchimp')
    return whole.split(',').map(word => word.trim().replace(/^"|"$/g, ''))
  if (place === 'keywords' && (program === 'outlook' || program === 'hubspot' || program === 'civicrm'))
    return whole.split(/[;,]/)
  return whole.split(SEVERAL)
}

const PROPERTY = 'vCardProps:'

type DateOf = (text: string, index: number) => PartialDate | undefined

function toCard(found: ReadonlyMap<CsvPlace, readonly Cell[]>, dateOf: DateOf): Card {
  const card: Record<string, unknown> = { '@type': 'Card', version: '2.0' }
  const one = (place: CsvPlace) => found.get(place)?.[0]?.text
  const map = (field: string, prefix: string, entries: readonly object[]) => {
    if (entries.length > 0)
      card[field] = Object.fromEntries(entries.map((entry, index) => [`${prefix}${index + 1}`, entry]))
  }
  const name = nameOf(one)
  if (name) card.name = name
  map(
    'nicknames',
    'k',
    (found.get('nickname') ?? []).map(({ text }) => ({ name: text })),
  )
  map(
    'phones',
    'p',
    (found.get('phone') ?? []).map(cell => ({ number: cell.text, ...labelled(cell, true) })),
  )
  map(
    'emails',
    'e',
    (found.get('email') ?? []).map(cell => ({ address: cell.text, ...labelled(cell) })),
  )
  map(
    'links',
    'l',
    (found.get('url') ?? []).map(cell => ({ uri: cell.text, ...labelled(cell) })),
  )
  map(
    'notes',
    'n',
    (found.get('note') ?? []).map(({ text }) => ({ note: text })),
  )
  const organization = one('organization')
  const unit = one('unit')
  if (organization || unit) {
    map('organizations', 'o', [
      { ...(organization ? { name: organization } : {}), ...(unit ? { units: [{ name: unit }] } : {}) },
    ])
  }
  map('titles', 't', [
    ...(found.get('jobTitle') ?? []).map(({ text }) => ({ kind: 'title', name: text })),
    ...(found.get('role') ?? []).map(({ text }) => ({ kind: 'role', name: text })),
  ])
  map(
    'personalInfo',
    'i',
    (found.get('hobby') ?? []).map(({ text }) => ({ kind: 'hobby', value: text })),
  )
  map(
    'onlineServices',
    's',
    (found.get('im') ?? []).map(({ text, label }) => ({ ...(label ? { service: label } : {}), user: text })),
  )
  map('addresses', 'h', addresses(found))
  map('anniversaries', 'a', anniversaries(found, dateOf))
  map(
    'media',
    'm',
    (found.get('photo') ?? [])
      .filter(({ text }) => /^(https?|data):/.test(text))
      .map(({ text }) => ({ kind: 'photo', uri: text })),
  )
  map(
    'preferredLanguages',
    'g',
    (found.get('language') ?? []).flatMap(({ text }) => languageTag(text) ?? []).map(language => ({ language })),
  )
  // Google marks its own groups with a star: `* myContacts`.
  const keywords = (found.get('keywords') ?? []).flatMap(({ text }) =>
    text.startsWith('*') || text === '__proto__' ? [] : [text],
  )
  if (keywords.length > 0) card.keywords = Object.fromEntries(keywords.map(word => [word, true]))
  const related = [
    ...(found.get('relation') ?? []),
    ...(found.get('spouse') ?? []).map(cell => ({ ...cell, label: 'spouse' })),
    ...(found.get('child') ?? []).map(cell => ({ ...cell, label: 'child' })),
  ].filter(({ text }) => text !== '__proto__')
  if (related.length > 0) {
    card.relatedTo = Object.fromEntries(
      related.map(({ text, label }) => [text, { relation: NO_LABEL.has(fold(label)) ? {} : { [fold(label)]: true } }]),
    )
  }
  const uid = one('uid')
  if (uid) card.uid = uid
  const props: unknown[] = []
  for (const [place, values] of found) {
    if (place.startsWith('x:')) card[place] = values.map(({ text }) => text).join('\n')
    if (place.startsWith(PROPERTY)) {
      const name = place.slice(PROPERTY.length).toLowerCase()
      if (/^x-[a-z0-9-]+$/.test(name)) props.push(...values.map(({ text }) => [name, {}, 'unknown', text]))
    }
  }
  if (props.length > 0) card.vCardProps = props
  return card as Card
}

function nameOf(one: (place: CsvPlace) => string | undefined): object | undefined {
  const kinds = [
    ['title', one('title'), undefined],
    ['given', one('given'), one('phoneticGiven')],
    ['given2', one('given2'), one('phoneticGiven2')],
    ['surname', one('surname'), one('phoneticSurname')],
    ['credential', one('credential'), undefined],
  ] as const
  const components = kinds.flatMap(([kind, value, phonetic]) =>
    value ? [{ kind, value, ...(phonetic ? { phonetic } : {}) }] : [],
  )
  const full = one('name')
  if (!full && components.length === 0) return undefined
  return {
    ...(full ? { full } : {}),
    ...(components.length > 0 ? { components } : {}),
    ...(components.some(component => 'phonetic' in component) ? { phoneticSystem: 'script' } : {}),
  }
}

// `* Mobile` is Google's way to say that it is the preferred one.
function labelled(cell: Cell, phone = false): object {
  const preferred = cell.label.startsWith('*')
  const label = cell.label.replace(/^\*\s*/, '')
  const word = fold(label)
  const entry: Record<string, unknown> = {}
  const [context, kind = ''] = /^(home|work) (fax)$/.exec(word)?.slice(1) ?? [word]
  if (HOME.has(context as string)) entry.contexts = { private: true }
  else if (WORK.has(context as string)) entry.contexts = { work: true }
  if (phone && MOBILE.has(word)) entry.features = { mobile: true }
  else if (phone && (word === 'fax' || kind === 'fax')) entry.features = { fax: true }
  else if (phone && word === 'pager') entry.features = { pager: true }
  else if (phone && word === 'main') entry.features = { 'main-number': true }
  else if (!entry.contexts && !NO_LABEL.has(word)) entry.label = label
  if (preferred) entry.pref = 1
  return entry
}

function addresses(found: ReadonlyMap<CsvPlace, readonly Cell[]>): object[] {
  // The lines of a street in their order, whatever the order of the columns.
  const street = (number: number): { text: string } | undefined => {
    const lines = (found.get('street') ?? []).filter(cell => cell.number === number)
    const text = [...lines].sort((one, other) => one.line - other.line).map(cell => cell.text)
    return text.length > 0 ? { text: text.join('\n') } : undefined
  }
  const numbers = [...ADDRESS].flatMap(place => (found.get(place) ?? []).map(({ number }) => number))
  return [...new Set(numbers)].map(number => {
    const cell = (place: CsvPlace): Cell | undefined => found.get(place)?.find(other => other.number === number)
    const parts = [
      ['postOfficeBox', cell('postOfficeBox')],
      ['apartment', cell('extended')],
      ['name', street(number)],
      ['locality', cell('locality')],
      ['region', cell('region')],
      ['postcode', cell('postcode')],
      ['country', cell('country')],
    ] as const
    const components = parts.flatMap(([kind, part]) => (part ? [{ kind, value: part.text }] : []))
    const full = cell('address')
    const label = [...ADDRESS].map(cell).find(part => part && part.label !== '')?.label
    const { contexts, pref } = labelled({ column: 0, number, text: '', label: label ?? '', line: 0 }) as Record<
      string,
      unknown
    >
    return {
      ...(components.length > 0 ? { components } : {}),
      ...(full ? { full: full.text } : {}),
      ...(contexts ? { contexts } : {}),
      ...(pref ? { pref } : {}),
    }
  })
}

function anniversaries(found: ReadonlyMap<CsvPlace, readonly Cell[]>, dateOf: DateOf): object[] {
  const date = ({ text, column }: Cell) => dateOf(text, column - 1)
  const birth = (found.get('birthday') ?? []).map(cell => ({ kind: 'birth', date: date(cell) }))
  const parts = birthParts(found)
  if (parts && birth.length === 0) birth.push({ kind: 'birth', date: parts.date })
  const events = (found.get('event') ?? []).flatMap(cell =>
    /^\*?\s*anniversary$/i.test(cell.label) ? [{ kind: 'wedding', date: date(cell) }] : [],
  )
  return [...birth, ...events].filter(entry => entry.date !== undefined)
}

/** A birthday in columns of its year, its month and its day. */
function birthParts(found: ReadonlyMap<CsvPlace, readonly Cell[]>) {
  // A program that keeps numbers writes 0 for none.
  const part = (place: CsvPlace) => found.get(place)?.find(({ text }) => !/^[0۰٠]+$/.test(text))
  const [year, month, day] = [part('birthYear'), part('birthMonth'), part('birthDay')]
  const some = year ?? month ?? day
  return some && { index: some.column - 1, date: joinedDate(year?.text, month?.text, day?.text) }
}

/** Outlook names each address; what only says the person's name and the address once more is no label. */
function nameEmails(found: ReadonlyMap<CsvPlace, Cell[]>, called: ReadonlyMap<number, string>): void {
  if (called.size === 0) return
  const emails = found.get('email')
  if (!emails) return
  const known = new Set(NAMING.flatMap(place => found.get(place) ?? []).flatMap(({ text }) => wordsOf(text).split(' ')))
  for (const [at, email] of emails.entries()) {
    const text = called.get(email.number)
    if (!text || email.label !== '') continue
    const own = new Set(wordsOf(email.text).split(' '))
    if (
      wordsOf(text)
        .split(' ')
        .some(word => !known.has(word) && !own.has(word))
    )
      emails[at] = { ...email, label: text }
  }
}
const NAMING = ['name', 'given', 'given2', 'surname', 'title', 'credential', 'nickname', 'organization'] as const

/** The apostrophe that keeps a spreadsheet from running a cell; see write.ts. */
function unprotect(cell: string): string {
  return /^'+[=+\-@\t\r\n＝＋－＠]/.test(cell) ? cell.slice(1) : cell
}
