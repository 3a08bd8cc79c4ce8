// One row, once it is known what its columns are: its cells by their places, and what is doubtful in them, which is kept
// as written and told. What can be known of a column is found out once for the sheet and not for each row.
import { cardError } from '../errors'
import { isPossibleEmail, isPossiblePhone } from '../phone'
import type { Doubt, DoubtCode, ReadCard } from '../read-card'
import { clean } from '../vcard/text'
import { type ConsentCell, consentPlace, saidConsents } from './consents'
import { customValue } from './custom'
import { cellDate, cellInstant } from './dates'
import { languageTag } from './languages'
import { ADDRESS, type Column, type CsvPlace, wordsOf } from './places'
import type { CsvProgram } from './programs'
import type { Sheet } from './read'
import { birthParts, type Cell, type Cells, isLostOfAddress, isUri, isWedding, soundsAlone, toCard } from './to-card'

/** A column that is read. */
export interface ColumnPlan {
  readonly index: number
  readonly what: 'value' | 'label' | 'called' | 'consent'
  readonly place: CsvPlace
  readonly number: number
  readonly line: number
  /** Of the column that holds the label of this one; of a label, itself. */
  readonly key: string
  /** Where no column holds one. */
  readonly label: string
}

export function plansOf(columns: readonly (Column | undefined)[]): ColumnPlan[] {
  return columns.flatMap((column, index): ColumnPlan[] => {
    if (!column || (column.place === 'ignore' && !column.label)) return []
    const { place, number, line = 0, says } = column
    const consent = place.startsWith('consent-') && consentPlace(place) !== undefined
    const what = column.label ? 'label' : column.called ? 'called' : consent ? 'consent' : 'value'
    const group = what === 'value' && ADDRESS.has(place) ? 'address' : place
    const label = place === 'mobile' ? `${says ?? ''} mobile`.trim() : (says ?? '')
    return [
      { index, what, place: place === 'mobile' ? 'phone' : place, number, line, key: `${group}/${number}`, label },
    ]
  })
}

export function readRow(line: number, cells: readonly string[], sheet: Sheet): ReadCard {
  const { plans, columns, program } = sheet
  const found: Map<CsvPlace, Cell[]> = new Map()
  const labels = new Map<string, string>()
  const called = new Map<number, string>()
  // The label of each number and address, where it first stands.
  const said = new Map<string, string>()
  const doubts: Doubt[] = []
  const consents: ConsentCell[] = []
  const doubt = (code: DoubtCode, index: number) => doubts.push({ code, column: index + 1 })
  // A column of labels may stand behind those that it is of.
  if (sheet.labelled) {
    for (const { what, index, key, number, place } of plans) {
      if (what === 'label') {
        const label = textOf(cells[index])
        labels.set(key, label)
        if (place === 'address' && isLostOfAddress(label)) doubt('NO_PLACE', index)
      } else if (what === 'called') called.set(number, textOf(cells[index]))
    }
  }
  for (const plan of plans) {
    const { what, index, place, number } = plan
    if (what === 'label' || what === 'called') continue
    const whole = textOf(cells[index])
    if (what === 'consent') {
      consents.push({ place, header: sheet.headers[index] as string, text: whole })
      // A yes without its date is unknown: whoever imports has to learn why.
      if (isConsentDate(place) && whole !== '' && !NO_DATE.test(whole) && cellInstant(whole, sheet.order) === undefined)
        doubt('DATE_UNREADABLE', index)
      continue
    }
    if (whole === '') continue
    if (whole.includes('\ufffd')) doubt('LETTERS_LOST', index)
    const label = labels.get(plan.key) ?? plan.label
    const here = found.get(place) ?? []
    if (here.length === 0) found.set(place, here)
    const first = ONE.has(place) || sheet.custom.has(place) ? here : here.filter(cell => cell.number === number)
    const single = isOne(place) || sheet.custom.has(place)
    if (first.length > 0 && single && !first.some(cell => cell.text === whole)) doubt('SECOND_VALUE', index)
    for (const part of sheet.custom.has(place) ? [whole] : partsOf(place, whole, program)) {
      const text = place === 'phone' ? part.trim().replace(AS_NUMBER, '$1') : part.trim()
      if (text === '') continue
      let date: Cell['date']
      let value: Cell['value']
      if (place === 'phone') {
        if (!isPossiblePhone(text)) doubt('PHONE_IMPOSSIBLE', index)
      } else if (place === 'email') {
        if (!isPossibleEmail(text)) doubt('EMAIL_IMPOSSIBLE', index)
      } else if (place === 'birthday' || place === 'event') {
        date = NO_DATE.test(text) ? undefined : cellDate(text, sheet.order ?? sheet.dates.order(index))
        if (!date && !NO_DATE.test(text)) doubt('DATE_UNREADABLE', index)
        else if (date && place === 'event' && !isWedding(label)) doubt('NO_PLACE', index)
      } else if (place === 'photo') {
        if (!isUri(text)) doubt('NO_PLACE', index)
      } else if (place === 'language') {
        if (!languageTag(text)) doubt('LANGUAGE_UNKNOWN', index)
      } else if (sheet.custom.has(place)) {
        value = customValue(sheet.custom.get(place) as 'number', text, sheet.order)
        if (value === undefined) {
          doubt('VALUE_UNREADABLE', index)
          continue
        }
      }
      // The same number in two columns is one number; what we wrote comes back as it was.
      if ((place === 'phone' || place === 'email') && program !== 'amanat' && program !== 'google') {
        const before = said.get(`${place} ${text}`)
        if (before !== undefined && (before === label || label === '')) continue
        if (before === undefined) said.set(`${place} ${text}`, label)
      }
      here.push({
        column: index + 1,
        number,
        text,
        label,
        line: plan.line,
        date,
        ...(value === undefined ? {} : { value }),
      })
    }
  }
  for (let index = columns.length; index < cells.length; index++) {
    if ((cells[index] as string).trim() !== '') doubt('CELL_WITHOUT_HEADER', index)
  }
  nameEmails(found, called)
  const born = birthParts(found)
  if (born && !born.date) doubt('DATE_UNREADABLE', born.index)
  for (const index of soundsAlone(found)) doubt('NO_PLACE', index)
  const card = toCard(found)
  if (!PERSON.some(key => key in card)) return { line, error: cardError('ROW_WITHOUT_PERSON') }
  const id = found.get('id')?.[0]?.text
  return {
    line,
    card,
    ...(id === undefined ? {} : { ref: `${program ?? 'csv'}:${id}` }),
    ...(consents.length > 0 ? { consents: saidConsents(consents, sheet.order) } : {}),
    ...(doubts.length > 0 ? { doubts } : {}),
  }
}

/** Who somebody is, or how to reach them. */
const PERSON = ['name', 'nicknames', 'organizations', 'phones', 'emails', 'addresses', 'onlineServices']
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
/** An address has one of each part, but for the lines of its street. */
const isOne = (place: CsvPlace) => ONE.has(place) || (ADDRESS.has(place) && place !== 'street')
const isConsentDate = (place: CsvPlace): boolean => /^consent-(?:no-)?at(?::|$)/.test(place)
// How Outlook and databases write that there is none.
const NO_DATE = /^(?:0{1,4}[-/.]0{1,2}[-/.]0{1,4}|null|n\/a|-)(?:\s.*)?$/i
// Google puts several values of one label into one cell.
const SEVERAL = / ?::: ?/

function partsOf(place: CsvPlace, whole: string, program: CsvProgram | undefined): readonly string[] {
  if (SINGLE.has(place)) return [whole]
  if (place === 'keywords' && program === 'mailchimp')
    return whole.split(',').map(word => word.trim().replace(/^"|"$/g, ''))
  if (place === 'keywords' && (program === 'outlook' || program === 'hubspot' || program === 'civicrm'))
    return whole.split(/[;,]/)
  // Google marks its own groups with a star: `* myContacts`. A star of anybody else's is a letter like any other.
  if (place === 'keywords' && (program === 'google' || program === 'google-old'))
    return whole.split(SEVERAL).filter(word => !word.startsWith('* '))
  if (whole.includes(':::')) return whole.split(SEVERAL)
  const [several, between] = program === 'amanat' || whole.length > 1_000 ? [] : (SEVERAL_IN[place] ?? [])
  return between && several?.test(whole) ? whole.split(between).filter(part => part.trim() !== '') : [whole]
}
// People put several addresses or numbers into one cell. It is parted only where each part is one without a doubt.
const SEVERAL_IN: Partial<Record<CsvPlace, readonly [several: RegExp, between: RegExp]>> = {
  email: [/^\s*[^\s@,;<>"|]+@[^\s@,;<>"|]+(?:[\s,;|]+[^\s@,;<>"|]+@[^\s@,;<>"|]+)+[\s,;|]*$/, /[\s,;|]+/],
  // What parts two numbers begins in one way only, so that a cell full of newlines isn't tried in every way.
  phone: [/^\s*[+(]?\d[\d ().-]{5,20}\d(?:[^\S\n]*[,;|/\n][\s,;|/]*[+(]?\d[\d ().-]{5,20}\d)+[\s,;|/]*$/, /[,;|/\n]+/],
}
// A spreadsheet's apostrophe that says it is text, and the nought of a number with decimals.
const AS_NUMBER = /^'?([+(]?\d[\d ]*?)(?:\.0)?$/

/** Outlook names each address; what only says the person's name and the address once more is no label. */
function nameEmails(found: Cells, called: ReadonlyMap<number, string>): void {
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

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPLAIN = /[\u0000-\u001f\u007f-\u009f]/

function textOf(cell: string | undefined): string {
  if (cell === undefined || cell === '') return ''
  const bare = cell.startsWith("'") ? unprotect(cell) : cell.startsWith('="') ? unwrapped(cell) : cell
  return (UNPLAIN.test(bare) ? clean(bare) : bare).trim()
}

/** `="07700…"`, so that a spreadsheet takes it as text. */
function unwrapped(cell: string): string {
  return /^="((?:[^"]|"")*)"$/.exec(cell)?.[1]?.replaceAll('""', '"') ?? cell
}

/** The apostrophe that keeps a spreadsheet from running a cell; see write.ts. */
function unprotect(cell: string): string {
  return /^'+[=+\-@\t\r\n＝＋－＠]/.test(cell) ? cell.slice(1) : cell
}
