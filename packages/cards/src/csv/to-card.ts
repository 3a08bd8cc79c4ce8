// Cells, by their places, to a card.
import type { Card, PartialDate } from '@amanat/vault'
import { scriptOf } from '../script'
import { joinedDate } from './dates'
import { languageTag } from './languages'
import { ADDRESS, type CsvPlace, fold } from './places'

const HOME = new Set(['home', 'خانه', 'منزل', 'privat', 'domicile'].map(fold))
const WORK = new Set(['work', 'کار', 'محل کار', 'geschäftlich', 'arbeit', 'bureau', 'travail'].map(fold))
const MOBILE = new Set(
  ['mobile', 'cell', 'iphone', 'mobil', 'handy', 'portable', 'موبایل', 'همراه', 'تلفن همراه'].map(fold),
)
// SMTP and EX are what Outlook says of every address.
const NO_LABEL = new Set(['', 'other', 'none', 'smtp', 'ex', 'سایر'].map(fold))

/** What one cell says, or one of several values in it. */
export interface Cell {
  /** From 1. */
  readonly column: number
  readonly number: number
  readonly text: string
  readonly label: string
  /** Of a street. */
  readonly line: number
  /** Of a date, if it is one. */
  readonly date: PartialDate | undefined
  /** Of a field of one's own that isn't text. */
  readonly value?: number | boolean | string
}

export type Cells = Map<CsvPlace, Cell[]>

const PROPERTY = 'vCardProps:'

export function toCard(found: ReadonlyMap<CsvPlace, readonly Cell[]>): Card {
  const card: Record<string, unknown> = { '@type': 'Card', version: '2.0' }
  const one = (place: CsvPlace) => found.get(place)?.[0]?.text
  const map = (field: string, prefix: string, entries: readonly object[]) => {
    if (entries.length === 0) return
    const all: Record<string, object> = {}
    for (const [index, entry] of entries.entries()) all[`${prefix}${index + 1}`] = entry
    card[field] = all
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
    (found.get('phone') ?? []).map(cell => ({ number: cell.text, ...labelled(cell.label, true) })),
  )
  map(
    'emails',
    'e',
    (found.get('email') ?? []).map(cell => ({ address: cell.text, ...labelled(cell.label) })),
  )
  map(
    'links',
    'l',
    (found.get('url') ?? []).map(cell => ({ uri: cell.text, ...labelled(cell.label) })),
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
  map('anniversaries', 'a', anniversaries(found))
  map(
    'media',
    'm',
    (found.get('photo') ?? []).filter(({ text }) => isUri(text)).map(({ text }) => ({ kind: 'photo', uri: text })),
  )
  map(
    'preferredLanguages',
    'g',
    (found.get('language') ?? []).flatMap(({ text }) => languageTag(text) ?? []).map(language => ({ language })),
  )
  const keywords = (found.get('keywords') ?? []).flatMap(({ text }) => (text === '__proto__' ? [] : [text]))
  if (keywords.length > 0) card.keywords = Object.fromEntries(keywords.map(word => [word, true]))
  const related = [
    ...(found.get('relation') ?? []),
    ...(found.get('spouse') ?? []).map(cell => ({ ...cell, label: 'spouse' })),
    ...(found.get('child') ?? []).map(cell => ({ ...cell, label: 'child' })),
  ].filter(({ text }) => text !== '__proto__')
  if (related.length > 0) {
    // Of somebody who is named twice, both are said.
    const relations: Record<string, { relation: Record<string, true> }> = {}
    for (const { text, label } of related) {
      const said = Object.hasOwn(relations, text) ? relations[text]?.relation : {}
      relations[text] = { relation: NO_LABEL.has(fold(label)) ? { ...said } : { ...said, [fold(label)]: true } }
    }
    card.relatedTo = relations
  }
  const uid = one('uid')
  if (uid) card.uid = uid
  const props: unknown[] = []
  for (const [place, values] of found) {
    const [first] = values
    if (first && place.startsWith('x:')) card[place] = first.value ?? values.map(({ text }) => text).join('\n')
    if (place.startsWith(PROPERTY)) {
      const name = place.slice(PROPERTY.length).toLowerCase()
      if (/^x-[a-z0-9-]+$/.test(name)) for (const { text } of values) props.push([name, {}, 'unknown', text])
    }
  }
  if (props.length > 0) card.vCardProps = props
  return card as Card
}

export const isUri = (text: string): boolean => /^(https?|data):/.test(text)

function nameOf(one: (place: CsvPlace) => string | undefined): object | undefined {
  const components: object[] = []
  const sounds: string[] = []
  for (const [kind, said] of NAME) {
    const value = one(kind)
    const phonetic = said && one(said)
    if (value) components.push(phonetic ? { kind, value, phonetic } : { kind, value })
    if (value && phonetic) sounds.push(phonetic)
  }
  const full = one('name')
  if (!full && components.length === 0) return undefined
  return {
    ...(full ? { full } : {}),
    ...(components.length > 0 ? { components } : {}),
    ...(sounds.length > 0 ? { phoneticScript: scriptOf(sounds.join('')) } : {}),
  }
}

/** How a name sounds has no place where the part that it is of isn't there: the columns of such cells. */
export function soundsAlone(found: Cells): number[] {
  return NAME.flatMap(([kind, sound]) => {
    const cell = sound && !found.get(kind)?.[0]?.text ? found.get(sound)?.[0] : undefined
    return cell ? [cell.column - 1] : []
  })
}

const NAME = [
  ['title', undefined],
  ['given', 'phoneticGiven'],
  ['given2', 'phoneticGiven2'],
  ['surname', 'phoneticSurname'],
  ['credential', undefined],
] as const satisfies readonly (readonly [CsvPlace, CsvPlace | undefined])[]

/** What a label says, besides being one. */
interface Meaning {
  readonly context?: 'private' | 'work'
  readonly feature?: 'mobile' | 'fax' | 'pager' | 'main-number'
  /** It is only a word for one of these, or for none. */
  readonly plain: boolean
  readonly preferred: boolean
  readonly text: string
}

// The labels of a sheet are few; a file of labels must not fill the memory.
const meanings = new Map<string, Meaning>()

function meaningOf(written: string): Meaning {
  const known = meanings.get(written)
  if (known) return known
  // `* Mobile` is Google's way to say that it is the preferred one.
  const text = written.replace(/^\*\s*/, '')
  const word = fold(text)
  const [, where, kind] = /^(home|work|other) (fax|mobile|pager)$/.exec(word) ?? []
  const context = HOME.has(where ?? word) ? 'private' : WORK.has(where ?? word) ? 'work' : undefined
  const what = kind ?? word
  const feature = MOBILE.has(what)
    ? 'mobile'
    : what === 'fax' || what === 'pager'
      ? what
      : what === 'main'
        ? 'main-number'
        : undefined
  const meaning: Meaning = {
    ...(context ? { context } : {}),
    ...(feature ? { feature } : {}),
    plain: NO_LABEL.has(word),
    preferred: written.startsWith('*'),
    text,
  }
  if (meanings.size < 1_000) meanings.set(written, meaning)
  return meaning
}

function labelled(label: string, phone = false): { [key: string]: unknown } {
  if (label === '') return {}
  const { context, feature, plain, preferred, text } = meaningOf(label)
  const entry: Record<string, unknown> = {}
  if (context) entry.contexts = { [context]: true }
  if (phone && feature) entry.features = { [feature]: true }
  // `Other Fax` says more than that it is one.
  if (!plain && !context && !(phone && feature && !/^other /i.test(text))) entry.label = text
  if (preferred) entry.pref = 1
  return entry
}

/** Whether a label of an address is lost: there is no place for one but for home and work (RFC 9553, section 2.5.1). */
export function isLostOfAddress(label: string): boolean {
  const { context, plain } = meaningOf(label)
  return label !== '' && !plain && !context
}

function addresses(found: ReadonlyMap<CsvPlace, readonly Cell[]>): object[] {
  // The lines of a street in their order, whatever the order of the columns.
  const street = (number: number): { text: string } | undefined => {
    const lines = (found.get('street') ?? []).filter(cell => cell.number === number)
    const text = [...lines].sort((one, other) => one.line - other.line).map(cell => cell.text)
    return text.length > 0 ? { text: text.join('\n') } : undefined
  }
  const numbers = new Set<number>()
  for (const place of ADDRESS) for (const { number } of found.get(place) ?? []) numbers.add(number)
  return [...numbers].map(number => {
    const cell = (place: CsvPlace): Cell | undefined => found.get(place)?.find(other => other.number === number)
    const components: object[] = []
    for (const [kind, place] of COMPONENTS) {
      const part = place === 'street' ? street(number) : cell(place)
      if (part) components.push({ kind, value: part.text })
    }
    const full = cell('address')
    let label = ''
    for (const place of ADDRESS) label ||= cell(place)?.label ?? ''
    const { contexts, pref } = labelled(label)
    return {
      ...(components.length > 0 ? { components } : {}),
      ...(full ? { full: full.text } : {}),
      ...(contexts ? { contexts } : {}),
      ...(pref ? { pref } : {}),
    }
  })
}
const COMPONENTS = [
  ['postOfficeBox', 'postOfficeBox'],
  ['apartment', 'extended'],
  ['name', 'street'],
  ['locality', 'locality'],
  ['region', 'region'],
  ['postcode', 'postcode'],
  ['country', 'country'],
] as const satisfies readonly (readonly [string, CsvPlace])[]

/** Of the events that programs keep, JSContact has a word for this one alone. */
export const isWedding = (label: string): boolean => /^\*?\s*anniversary$/i.test(label)

function anniversaries(found: ReadonlyMap<CsvPlace, readonly Cell[]>): object[] {
  const birth = (found.get('birthday') ?? []).map(cell => ({ kind: 'birth', date: cell.date }))
  const parts = birthParts(found)
  if (parts && birth.length === 0) birth.push({ kind: 'birth', date: parts.date })
  const events = (found.get('event') ?? []).flatMap(cell =>
    isWedding(cell.label) ? [{ kind: 'wedding', date: cell.date }] : [],
  )
  return [...birth, ...events].filter(entry => entry.date !== undefined)
}

/** A birthday in columns of its year, its month and its day. */
export function birthParts(found: ReadonlyMap<CsvPlace, readonly Cell[]>) {
  // A program that keeps numbers writes 0 for none.
  const part = (place: CsvPlace) => found.get(place)?.find(({ text }) => !/^[0۰٠]+$/.test(text))
  const [year, month, day] = [part('birthYear'), part('birthMonth'), part('birthDay')]
  const some = year ?? month ?? day
  return some && { index: some.column - 1, date: joinedDate(year?.text, month?.text, day?.text) }
}
