// Where a column of a spreadsheet goes in a card, told by its header: Google's own (2024 and later, and before), what
// people and programs write in English, German, French and Persian, and what the caller says. What a header means is
// never guessed from its cells; a guess is only ever suggested (suggest.ts).
import { HOME_WORDS, OTHER_WORDS, PHONES, SERVICES, WORDS, WORK_WORDS } from './words'

/** What the columns about a consent say. Each may name its purpose: `consent-at:newsletter`. */
export type ConsentPlace =
  /** Yes or no, in words. */
  | 'consent-status'
  /** When they agreed. */
  | 'consent-at'
  /** From which address on the Internet. */
  | 'consent-ip'
  /** Where or how: a form, an event. */
  | 'consent-source'
  /** Yes here means no: `Email Opt Out`, `Do not email`. */
  | 'consent-no'
  /** When they left. */
  | 'consent-no-at'

const PLACES = [
  'name',
  'given',
  'given2',
  'surname',
  'title',
  'credential',
  'phoneticGiven',
  'phoneticGiven2',
  'phoneticSurname',
  'nickname',
  'organization',
  'unit',
  'jobTitle',
  'role',
  'hobby',
  'phone',
  'mobile',
  'email',
  'address',
  'street',
  'extended',
  'postOfficeBox',
  'locality',
  'region',
  'postcode',
  'country',
  'url',
  'im',
  'relation',
  'spouse',
  'child',
  'birthday',
  'birthYear',
  'birthMonth',
  'birthDay',
  'event',
  'note',
  'keywords',
  'photo',
  'uid',
  'id',
  'language',
  'ignore',
] as const

/**
 * Where the cells of a column go. `ignore`: left out on purpose. `id`: the program's own key of the person, told as the
 * row's `ref`. `x:…`: a custom field, as text unless `custom` says otherwise. `vCardProps:x-…`: what the same program writes into a vCard as a property
 * of its own.
 */
export type CsvPlace =
  | (typeof PLACES)[number]
  | `x:${string}`
  | `vCardProps:x-${string}`
  | ConsentPlace
  | `${ConsentPlace}:${string}`

/** For what somebody types: a place that there isn't would lose its column. */
export const isCsvPlace = (text: string): text is CsvPlace =>
  (PLACES as readonly string[]).includes(text) ||
  /^(?:x:.+|vCardProps:[xX]-[A-Za-z0-9-]+|consent-(?:status|at|ip|source|no|no-at)(?::.+)?)$/.test(text)

/** A column: where it goes, and what its header alone says. */
export interface Column {
  readonly place: CsvPlace
  /** Which of several it belongs to (`Phone 2 - …`); 0 where there is one only. */
  readonly number: number
  /** It holds the label of the others with this number. */
  readonly label?: boolean
  /** It holds what the others with this number are called: a label, if it says more than the name and the address do. */
  readonly called?: boolean
  /** The label that its header is: `Home`, `Work Fax`. */
  readonly says?: string
  /** Of a street of several lines. */
  readonly line?: number
}

/** The parts of an address; columns with the same number make one. */
export const ADDRESS: ReadonlySet<CsvPlace> = new Set<CsvPlace>([
  'address',
  'street',
  'extended',
  'postOfficeBox',
  'locality',
  'region',
  'postcode',
  'country',
])

const BY_HEADER = new Map<string, CsvPlace>()
for (const [place, words] of Object.entries(WORDS)) {
  for (const word of (words ?? '').split('|')) {
    if (!BY_HEADER.has(wordsOf(word))) BY_HEADER.set(wordsOf(word), place as CsvPlace)
  }
}
const BY_SERVICE = new Map(Object.entries(SERVICES).map(([word, service]) => [wordsOf(word), service]))
const BY_PHONE = new Map(Object.entries(PHONES).map(([word, label]) => [wordsOf(word), label]))

// Google's columns that come several times: `Phone 1 - Label`, `Address 2 - Street`.
const NUMBERED = /^(e mail|email|phone|address|website|relation|event|im|organization|custom field) (\d{1,2}) (.+)$/
const PARTS = new Map<string, CsvPlace>([
  ['e mail value', 'email'],
  ['email value', 'email'],
  ['e mail address', 'email'],
  ['e mail adresse', 'email'],
  ['e mail type', 'email'],
  ['e mail typ', 'ignore'],
  ['phone value', 'phone'],
  ['website value', 'url'],
  ['relation value', 'relation'],
  ['event value', 'event'],
  ['im value', 'im'],
  ['organization name', 'organization'],
  ['organization title', 'jobTitle'],
  ['organization department', 'unit'],
  ['address formatted', 'address'],
  ['address street', 'street'],
  ['address extended address', 'extended'],
  ['address po box', 'postOfficeBox'],
  ['address city', 'locality'],
  ['address region', 'region'],
  ['address postal code', 'postcode'],
  ['address country', 'country'],
])
const VALUE = new Map<string, CsvPlace>([
  ['e mail', 'email'],
  ['email', 'email'],
  ['phone', 'phone'],
  ['address', 'address'],
  ['website', 'url'],
  ['relation', 'relation'],
  ['event', 'event'],
])

// Outlook's `E-mail 2 Display Name`, `E-Mail 2: Angezeigter Name`, `Nom complet de l'adresse de messagerie 2`.
const CALLED =
  /^(?:e mail (?:(\d) )?(?:display name|angezeigter name)|nom complet de l adresse de messagerie(?: (\d))?)$/

const CONTEXTS = [
  { says: 'Home', number: 1001, words: HOME_WORDS },
  { says: 'Work', number: 1002, words: WORK_WORDS },
  { says: 'Other', number: 1003, words: OTHER_WORDS },
].map(({ words, ...context }) => {
  const any = words.split('|').map(wordsOf).join('|')
  return { ...context, at: new RegExp(`^(?:${any}) (.+)$|^(.+?) (?:${any})$`) }
})

/** `undefined`: nobody knows what it means. */
export function columnOf(header: string): Column | undefined {
  const name = wordsOf(header)
  if (name === '' || name.length > 100) return undefined
  // `FirstName`, `MailingStreet`, as Salesforce names its fields; `Phone2`.
  const parted = wordsOf(header.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').replace(/(\p{L})(\p{Nd})/gu, '$1 $2'))
  return found(name) ?? (parted === name ? undefined : found(parted))
}

function found(name: string): Column | undefined {
  const direct = plainly(name)
  if (direct) return direct
  const called = CALLED.exec(name)
  if (called) return { place: 'email', number: Number(called[1] ?? called[2] ?? 0), called: true }
  const match = NUMBERED.exec(name)
  if (match) {
    const [, what = '', number, part = ''] = match
    if (part === 'label' || (part === 'type' && what !== 'organization')) {
      const labelled = VALUE.get(what)
      return labelled && { place: labelled, number: Number(number), label: true }
    }
    if (part === 'service' && what === 'im') return { place: 'im', number: Number(number), label: true }
    const place = PARTS.get(`${what} ${part}`)
    if (place) return { place, number: Number(number) }
  }
  // `Phone 2`, `موبایل ۲`, `Téléphone 2 (bureau)`.
  const numbered = /^(.*?)(?:^| )(\d{1,2})(?: (.*))?$/.exec(name)
  const bare = numbered ? `${numbered[1]} ${numbered[3] ?? ''}`.trim() : name
  const number = numbered ? Number(numbered[2]) : 0
  for (const { says, number: group, at } of CONTEXTS) {
    const parts = at.exec(bare)
    const rest = parts && plainly((parts[1] ?? parts[2]) as string)
    if (!rest || rest.place === 'ignore' || NOT_SOMEWHERE.has(rest.place)) continue
    const label = [says, rest.says].filter(word => word && word !== 'Mobile').join(' ')
    if (ADDRESS.has(rest.place))
      return { place: rest.place, number: group, says, ...(number > 0 ? { line: number } : {}) }
    return { place: rest.place, number: group + number, says: label }
  }
  const base = numbered ? plainly(bare) : undefined
  if (!base) return undefined
  return base.place === 'street' && /line|supplemental|zeile/.test(bare)
    ? { ...base, number: 0, line: bare.startsWith('supplemental') ? number + 1 : number }
    : { ...base, number }
}

// `Work title`, `Other notes`: of the person all the same, but not what is looked for here.
const NOT_SOMEWHERE = new Set<CsvPlace>([
  'name',
  'given',
  'surname',
  'uid',
  'photo',
  'birthday',
  'note',
  'organization',
])

function plainly(name: string): Column | undefined {
  const phone = BY_PHONE.get(name)
  if (phone) return { place: 'phone', number: 0, says: phone }
  const service = BY_SERVICE.get(name)
  if (service) return { place: 'im', number: 0, says: service }
  const place = BY_HEADER.get(name)
  return place && { place, number: 0, ...(place === 'event' ? { says: 'anniversary' } : {}) }
}

/**
 * What columns mean beside one another. `Address`, `City`, `Postcode`: that address is a street. `Address 1`,
 * `Address 2`, `City`: those are lines of one. `Street 2` without a second city is a line too.
 */
export function together(columns: readonly (Column | undefined)[]): (Column | undefined)[] {
  const groups = new Map<number, Set<CsvPlace>>()
  for (const column of columns) {
    if (!column || column.label || !ADDRESS.has(column.place)) continue
    const places = groups.get(column.number) ?? new Set()
    groups.set(column.number, places.add(column.place))
  }
  const parted = (number: number) => groups.get(number)?.has('locality') || groups.get(number)?.has('postcode')
  return columns.map(column => {
    if (!column || column.label || (column.place !== 'address' && column.place !== 'street')) return column
    const { number } = column
    const alone = [...(groups.get(number) ?? [])].every(place => place === 'address' || place === 'street')
    if (number > 0 && number < 1000 && alone && parted(0))
      return { ...column, place: 'street', number: 0, line: number }
    if (column.place === 'address' && parted(number) && !groups.get(number)?.has('street'))
      return { ...column, place: 'street' }
    return column
  })
}

/** Headers are compared without case, accents, script variants, and what doesn't show. */
export function fold(header: string): string {
  return header
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad]/g, ' ')
    .replace(/[يى]/g, 'ی')
    .replace(/ك/g, 'ک')
    .replace(/[۰-۹]/g, digit => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/[٠-٩]/g, digit => String(digit.charCodeAt(0) - 0x660))
    .replace(/[_\s]+/g, ' ')
    .trim()
    .toLowerCase()
}

/** A header as its words only. */
export function wordsOf(header: string): string {
  return fold(header)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
