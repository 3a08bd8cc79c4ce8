// Every object of JSContact with its properties and their types, as RFC 9553 defines them (section numbers beside), and
// RFC 9555 for what begins with `vCard`. One table for whoever reads, and for whoever writes what programs made.

/**
 * A type: `text`, `flag`, `count` (1 and more), `whole` (0 and more), `pref`, `utc`, `id`, `language`, `words` (a set),
 * `texts` (a map of text), `params`, `patches`, `jcards`, or the name of an object. `[…]`: a list of it; `{…}`: a map of
 * it by ids; `<…>`: a map of it by anything. `!`: the object is nothing without it.
 */
export type Shape = { readonly [property: string]: string }

const REACHABLE = { contexts: 'words', pref: 'pref', label: 'text' }
const RESOURCE = { ...REACHABLE, kind: 'text', uri: 'text!', mediaType: 'text' }
const COMPONENT = { value: 'text!', kind: 'text!', phonetic: 'text' }
const PHONETIC = { phoneticScript: 'text', phoneticSystem: 'text' }

export const SHAPES: { readonly [object: string]: Shape } = {
  // Section 2.1 to 2.8, in their order.
  Card: {
    version: 'text',
    created: 'utc',
    kind: 'text',
    language: 'language',
    members: 'words',
    prodId: 'text',
    relatedTo: '<Relation>',
    uid: 'text',
    updated: 'utc',
    name: 'Name',
    nicknames: '{Nickname}',
    organizations: '{Organization}',
    speakToAs: 'SpeakToAs',
    titles: '{Title}',
    emails: '{EmailAddress}',
    onlineServices: '{OnlineService}',
    phones: '{Phone}',
    preferredLanguages: '{LanguagePref}',
    calendars: '{Calendar}',
    schedulingAddresses: '{SchedulingAddress}',
    addresses: '{Address}',
    cryptoKeys: '{CryptoKey}',
    directories: '{Directory}',
    links: '{Link}',
    media: '{Media}',
    localizations: 'patches',
    anniversaries: '{Anniversary}',
    keywords: 'words',
    notes: '{Note}',
    personalInfo: '{PersonalInfo}',
    vCardProps: 'jcards',
  },
  Relation: { relation: 'words' },
  Name: {
    full: 'text',
    components: '[NameComponent]',
    isOrdered: 'flag',
    defaultSeparator: 'text',
    sortAs: 'texts',
    ...PHONETIC,
  },
  NameComponent: COMPONENT,
  Nickname: { name: 'text!', contexts: 'words', pref: 'pref' },
  Organization: { name: 'text', units: '[OrgUnit]', sortAs: 'text', contexts: 'words' },
  OrgUnit: { name: 'text!', sortAs: 'text' },
  SpeakToAs: { grammaticalGender: 'text', pronouns: '{Pronouns}' },
  Pronouns: { pronouns: 'text!', contexts: 'words', pref: 'pref' },
  Title: { name: 'text!', kind: 'text', organizationId: 'id' },
  EmailAddress: { address: 'text!', ...REACHABLE },
  OnlineService: { service: 'text', uri: 'text', user: 'text', ...REACHABLE },
  Phone: { number: 'text!', features: 'words', ...REACHABLE },
  LanguagePref: { language: 'language!', contexts: 'words', pref: 'pref' },
  Calendar: { ...RESOURCE, kind: 'text!' },
  SchedulingAddress: { uri: 'text!', ...REACHABLE },
  Address: {
    components: '[AddressComponent]',
    isOrdered: 'flag',
    countryCode: 'text',
    coordinates: 'text',
    timeZone: 'text',
    contexts: 'words',
    full: 'text',
    defaultSeparator: 'text',
    pref: 'pref',
    ...PHONETIC,
  },
  AddressComponent: COMPONENT,
  CryptoKey: RESOURCE,
  Directory: { ...RESOURCE, kind: 'text!', listAs: 'count' },
  Link: RESOURCE,
  Media: { ...RESOURCE, kind: 'text!' },
  Anniversary: { kind: 'text!', date: 'Date!', place: 'Address' },
  // Section 2.8.1: a date is one of two.
  PartialDate: { year: 'whole', month: 'month', day: 'day', calendarScale: 'text' },
  Timestamp: { utc: 'utc!' },
  Note: { note: 'text!', created: 'utc', author: 'Author' },
  Author: { name: 'text', uri: 'text' },
  PersonalInfo: { kind: 'text!', value: 'text!', level: 'text', listAs: 'count', label: 'text' },
}

/** What any object may have: RFC 9553, section 1.3.4; RFC 9555, sections 2.15.2 and 2.15.3. */
export const ANY: Shape = { '@type': 'text', vCardParams: 'params', vCardName: 'text' }

const isText = (value: unknown): boolean => typeof value === 'string'
const isWhole = (value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most
const isLanguage = (value: unknown): boolean =>
  typeof value === 'string' && /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/.test(value)
/** `en-GB` of `en_GB`, as systems name their languages. `undefined`: no tag of a language (RFC 5646). */
export function tagFrom(text: string): string | undefined {
  const tag = text
    .trim()
    .replace(/\.[\w-]+$/, '')
    .replaceAll('_', '-')
  return isLanguage(tag) ? tag : undefined
}

const everyValue = (value: unknown, is: (value: unknown) => boolean): boolean =>
  isObject(value) && Object.values(value).every(is)

export const PLAIN: { readonly [type: string]: (value: unknown) => boolean } = {
  text: isText,
  flag: value => typeof value === 'boolean',
  count: value => isWhole(value, 1),
  whole: value => isWhole(value, 0),
  month: value => isWhole(value, 1, 12),
  day: value => isWhole(value, 1, 31),
  // Section 1.5.3.
  pref: value => isWhole(value, 1, 100),
  // Section 1.4.5: in UTC, without a fraction that says nothing.
  utc: value =>
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d*[1-9])?Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
  id: value => typeof value === 'string' && isId(value),
  language: isLanguage,
  // Section 1.4: in a set, nothing but `true` stands beside a word.
  words: value => everyValue(value, on => on === true),
  texts: value => everyValue(value, isText),
  params: value =>
    everyValue(
      value,
      one => ['string', 'number', 'boolean'].includes(typeof one) || (Array.isArray(one) && one.every(isText)),
    ),
  patches: value => isObject(value) && Object.keys(value).every(isLanguage) && everyValue(value, isObject),
}

/** Section 1.4.1. */
export function isId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,255}$/.test(text)
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** jCard (RFC 7095, section 3.3): name, parameters, type, values. */
export function isJCard(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    isText(value[0]) &&
    isObject(value[1]) &&
    isText(value[2]) &&
    (value.length < 4 || value[3] !== undefined)
  )
}

/** Of a type as it is written in the table: what it is, and around what. */
export function typeOf(written: string): { name: string; around: '' | '[' | '{' | '<'; must: boolean } {
  const must = written.endsWith('!')
  const bare = must ? written.slice(0, -1) : written
  const first = bare[0] as string
  return first === '[' || first === '{' || first === '<'
    ? { name: bare.slice(1, -1), around: first, must }
    : { name: bare, around: '', must }
}

/** Of a date without `@type` it is a `PartialDate` (RFC 9553, section 2.8.1). */
export function objectOf(name: string, value: Record<string, unknown>): string {
  return name === 'Date' ? (value['@type'] === 'Timestamp' ? 'Timestamp' : 'PartialDate') : name
}
