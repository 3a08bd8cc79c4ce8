// A spreadsheet to cards: the first row names the columns, each row after it is one person. Columns that nobody
// knows are reported, not guessed; consents are not read here, because a cell is no evidence of one.
import type { Card } from '@amanat/vault'
import { CardsError, cardError } from '../errors'
import { type CardInput, inputBytes, inputText } from '../input'
import { LIMITS, type Limits } from '../limits'
import { isPossiblePhone } from '../phone'
import type { ReadCard } from '../read-card'
import { readDate } from '../vcard/date'
import { clean } from '../vcard/text'
import { type Column, type CsvPlace, columnOf, fold } from './places'
import { csvRows } from './rows'

/** What the columns of a file were taken for. */
export interface CsvColumns {
  /** Headers, as written, that have a place. */
  readonly placed: { readonly header: string; readonly column: number; readonly place: CsvPlace }[]
  /** Headers, as written, whose cells were not read. Tell the person who imports. */
  readonly unplaced: { readonly header: string; readonly column: number }[]
}

export interface CsvOptions {
  /** By header, before anything that is known: `{ 'Mobile no.': 'mobile', Diet: 'x:diet', Internal: 'ignore' }`. */
  readonly columns?: { readonly [header: string]: CsvPlace }
  /** Called once, before the first row is given. */
  readonly onColumns?: (columns: CsvColumns) => void
  readonly limits?: Partial<Limits>
}

/**
 * Reads Google's contacts export, or a sheet whose columns are named in English or Persian.
 *
 * @throws CardsError NOT_TEXT; NOT_CSV: no column of the first row is known.
 */
export function readCsv(input: CardInput, options: CsvOptions = {}): AsyncIterable<ReadCard> {
  return { [Symbol.asyncIterator]: () => readCsvBytes(inputBytes(input), options) }
}

export async function* readCsvBytes(bytes: AsyncIterable<Uint8Array>, options: CsvOptions): AsyncGenerator<ReadCard> {
  const limits = { ...LIMITS, ...options.limits }
  let columns: (Column | undefined)[] | undefined
  for await (const row of csvRows(inputText(bytes), limits)) {
    if ('error' in row) {
      yield { line: row.line, error: cardError(row.error) }
      continue
    }
    if (row.cells.every(cell => cell.trim() === '')) continue
    if (columns) yield readRow(row.line, row.cells, columns)
    else columns = header(row.cells, options)
  }
}

function header(cells: readonly string[], options: CsvOptions): (Column | undefined)[] {
  const wanted = new Map(Object.entries(options.columns ?? {}).map(([name, place]) => [fold(name), place]))
  const columns = cells.map(cell => {
    const place = wanted.get(fold(cell))
    return place === undefined ? columnOf(cell) : { place, number: 0 }
  })
  const report = cells.map((header, index) => ({ header, column: index + 1, place: columns[index]?.place }))
  if (!columns.some(column => column && column.place !== 'ignore')) throw new CardsError('NOT_CSV')
  options.onColumns?.({
    placed: report.flatMap(({ place, ...rest }) => (place ? [{ ...rest, place }] : [])),
    unplaced: report.flatMap(({ place, ...rest }) => (place || rest.header.trim() === '' ? [] : [rest])),
  })
  return columns
}

// Google puts several values of one label into one cell.
const SEVERAL = / ?::: ?/
const HOME = new Set(['home', 'خانه', 'منزل'])
const WORK = new Set(['work', 'کار', 'محل کار'])
const MOBILE = new Set(['mobile', 'cell', 'موبایل', 'همراه'])
const NO_LABEL = new Set(['', 'other', 'none', 'سایر'])

interface Cell {
  readonly column: number
  readonly number: number
  readonly text: string
  readonly label: string
}

function readRow(line: number, cells: readonly string[], columns: readonly (Column | undefined)[]): ReadCard {
  const found = new Map<CsvPlace, Cell[]>()
  const labels = new Map<string, string>()
  columns.forEach((column, index) => {
    if (column?.label) labels.set(`${column.place}/${column.number}`, unprotect(cells[index] ?? '').trim())
  })
  columns.forEach((column, index) => {
    if (!column || column.label || column.place === 'ignore') return
    const whole = clean(unprotect(cells[index] ?? '')).trim()
    const group = ADDRESS.has(column.place) ? 'address' : column.place
    const label = labels.get(`${group}/${column.number}`) ?? (column.place === 'mobile' ? 'mobile' : '')
    for (const text of SINGLE.has(column.place) ? [whole] : whole.split(SEVERAL)) {
      if (text.trim() === '') continue
      const cell = { column: index + 1, number: column.number, text: text.trim(), label }
      const place = column.place === 'mobile' ? 'phone' : column.place
      const cells = found.get(place)
      if (cells) cells.push(cell)
      else found.set(place, [cell])
    }
  })
  const impossible = found.get('phone')?.find(({ text }) => !isPossiblePhone(text))
  if (impossible) return { line, column: impossible.column, error: cardError('PHONE_IMPOSSIBLE') }
  const card = toCard(found)
  const said = ['name', 'nicknames', 'organizations', 'phones', 'emails', 'addresses'].some(key => key in card)
  return said ? { line, card } : { line, error: cardError('ROW_WITHOUT_PERSON') }
}

const ADDRESS = new Set<CsvPlace>([
  'address',
  'street',
  'extended',
  'postOfficeBox',
  'locality',
  'region',
  'postcode',
  'country',
])
const SINGLE = new Set<CsvPlace>([...ADDRESS, 'note', 'name', 'given', 'given2', 'surname'])

function toCard(found: ReadonlyMap<CsvPlace, readonly Cell[]>): Card {
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
  map(
    'titles',
    't',
    (found.get('jobTitle') ?? []).map(({ text }) => ({ kind: 'title', name: text })),
  )
  map('addresses', 'h', addresses(found))
  map('anniversaries', 'a', anniversaries(found))
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
    (found.get('language') ?? []).map(({ text }) => ({ language: text })),
  )
  // Google marks its own groups with a star: `* myContacts`.
  const keywords = (found.get('keywords') ?? []).flatMap(({ text }) =>
    text.startsWith('*') || text === '__proto__' ? [] : [text],
  )
  if (keywords.length > 0) card.keywords = Object.fromEntries(keywords.map(word => [word, true]))
  const related = (found.get('relation') ?? []).filter(({ text }) => text !== '__proto__')
  if (related.length > 0) {
    card.relatedTo = Object.fromEntries(
      related.map(({ text, label }) => [text, { relation: NO_LABEL.has(fold(label)) ? {} : { [fold(label)]: true } }]),
    )
  }
  const uid = one('uid')
  if (uid) card.uid = uid
  for (const [place, values] of found)
    if (place.startsWith('x:')) card[place] = values.map(({ text }) => text).join('\n')
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
  const numbers = [...ADDRESS].flatMap(place => (found.get(place) ?? []).map(({ number }) => number))
  return [...new Set(numbers)].map(number => {
    const cell = (place: CsvPlace) => found.get(place)?.find(other => other.number === number)
    const parts = [
      ['postOfficeBox', cell('postOfficeBox')],
      ['apartment', cell('extended')],
      ['name', cell('street')],
      ['locality', cell('locality')],
      ['region', cell('region')],
      ['postcode', cell('postcode')],
      ['country', cell('country')],
    ] as const
    const components = parts.flatMap(([kind, part]) => (part ? [{ kind, value: part.text }] : []))
    const full = cell('address')
    const label = [...ADDRESS].map(cell).find(part => part && part.label !== '')?.label
    const { contexts, pref } = labelled({ column: 0, number, text: '', label: label ?? '' }) as Record<string, unknown>
    return {
      ...(components.length > 0 ? { components } : {}),
      ...(full ? { full: full.text } : {}),
      ...(contexts ? { contexts } : {}),
      ...(pref ? { pref } : {}),
    }
  })
}

function anniversaries(found: ReadonlyMap<CsvPlace, readonly Cell[]>): object[] {
  const date = (text: string) => {
    // Google writes a birthday without its year as ` --03-05`.
    const read = readDate({ name: 'bday', params: new Map(), raw: text, line: 0 })
    return read && !('utc' in read) ? read : undefined
  }
  const birth = found.get('birthday')?.map(({ text }) => ({ kind: 'birth', date: date(text) })) ?? []
  const events = (found.get('event') ?? []).flatMap(({ text, label }) =>
    /^\*?\s*anniversary$/i.test(label) ? [{ kind: 'wedding', date: date(text) }] : [],
  )
  return [...birth, ...events].filter(entry => entry.date !== undefined)
}

/** The apostrophe that keeps a spreadsheet from running a cell; see write.ts. */
function unprotect(cell: string): string {
  return /^'+[=+\-@\t\r\n]/.test(cell) ? cell.slice(1) : cell
}
