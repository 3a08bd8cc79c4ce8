// A card, as JSContact writes it: RFC 9553, in version 2.0 (RFC 9982 made `uid` optional; nothing else changed).
// Only types and two lists. Nothing is checked here: whether a card is well formed is asked where one comes in,
// and these types stay lenient about `@type` and `version` so that a card written by hand compiles.

/** Identifies an entry inside one card: 1 to 255 characters of `A-Za-z0-9_-`. RFC 9553, section 1.4.1. */
export type Id = string
/** An instant, RFC 3339 in UTC, such as `2026-03-01T12:00:00Z`. RFC 9553, section 1.4.5. */
export type UtcDateTime = string
/** A language tag, RFC 5646, such as `fa` or `en-GB`. */
export type LanguageTag = string
/** A set of words: only `true` is a member. RFC 9553, section 1.4 (`String[Boolean]`). */
export type WordSet<Word extends string = string> = { readonly [word in Word]?: boolean }
/** A patch: JSON pointers without the leading slash, to the new value or `null`. RFC 9553, section 1.4.3. */
export type PatchObject = { readonly [pointer: string]: unknown }
/** jCard parameters with no place in JSContact. RFC 9555, section 2.15.2. */
export type VCardParams = { readonly [name: string]: string | readonly string[] }
/** A jCard property with no place in JSContact: name, parameters, type, values. RFC 9555, section 2.15.1. */
export type VCardProp = readonly [name: string, params: VCardParams, type: string, ...values: unknown[]]

/** `private` or `work`; an open list. RFC 9553, section 1.5.1. */
export type Contexts = WordSet
/** 1 (most wanted) to 100. RFC 9553, section 1.5.3. */
export type Pref = number

/** What any object of a card may carry besides its own properties. */
interface Entry {
  /** RFC 9553, section 1.3.4: may be left out where only one type fits. */
  readonly '@type'?: string
  /** RFC 9555, section 2.15.2. */
  readonly vCardParams?: VCardParams
  /** The vCard property this came from, where that isn't plain. RFC 9555, section 2.15.3. */
  readonly vCardName?: string
}

/** What every way to reach somebody has. */
interface Reachable extends Entry {
  readonly contexts?: Contexts
  readonly pref?: Pref
  /** A name that somebody gave it: "Grandmother's kitchen". RFC 9553, section 1.5.2. */
  readonly label?: string
}

/** What every pointer to something elsewhere has. RFC 9553, section 1.4.4. */
interface Resource extends Reachable {
  readonly kind?: string
  readonly uri: string
  readonly mediaType?: string
}

/** RFC 9553, section 2.2.1.2. */
export interface NameComponent extends Entry {
  readonly value: string
  readonly kind:
    | 'title'
    | 'given'
    | 'given2'
    | 'surname'
    | 'surname2'
    | 'credential'
    | 'generation'
    | 'separator'
    | (string & {})
  readonly phonetic?: string
}

/** RFC 9553, section 2.2.1. */
export interface Name extends Entry {
  readonly full?: string
  readonly components?: readonly NameComponent[]
  /** Whether the components are in the order in which the name is said. */
  readonly isOrdered?: boolean
  readonly defaultSeparator?: string
  /** Component kind to the words to sort by. */
  readonly sortAs?: { readonly [kind: string]: string }
  readonly phoneticScript?: string
  /** `ipa`, `jyut`, `piny`, `script` or another. */
  readonly phoneticSystem?: string
}

/** RFC 9553, section 2.2.2. */
export interface Nickname extends Entry {
  readonly name: string
  readonly contexts?: Contexts
  readonly pref?: Pref
}

/** RFC 9553, section 2.2.3. */
export interface OrgUnit extends Entry {
  readonly name: string
  readonly sortAs?: string
}

/** RFC 9553, section 2.2.3. */
export interface Organization extends Entry {
  readonly name?: string
  readonly units?: readonly OrgUnit[]
  readonly sortAs?: string
  readonly contexts?: Contexts
}

/** RFC 9553, section 2.2.4. */
export interface Pronouns extends Entry {
  readonly pronouns: string
  readonly contexts?: Contexts
  readonly pref?: Pref
}

/** RFC 9553, section 2.2.4. */
export interface SpeakToAs extends Entry {
  readonly grammaticalGender?: 'animate' | 'common' | 'feminine' | 'inanimate' | 'masculine' | 'neuter' | (string & {})
  readonly pronouns?: { readonly [id: Id]: Pronouns }
}

/** RFC 9553, section 2.2.5. */
export interface Title extends Entry {
  readonly name: string
  readonly kind?: 'title' | 'role' | (string & {})
  /** An id in `organizations`. */
  readonly organizationId?: Id
}

/** RFC 9553, section 2.3.1. */
export interface EmailAddress extends Reachable {
  readonly address: string
}

/** RFC 9553, section 2.3.2. At least one of `uri` and `user` says who. */
export interface OnlineService extends Reachable {
  readonly service?: string
  readonly uri?: string
  readonly user?: string
}

/** `mobile`, `voice`, `text`, `video`, `fax`, `pager`, `textphone`, `main-number`; an open list. */
export type PhoneFeature =
  | 'mobile'
  | 'voice'
  | 'text'
  | 'video'
  | 'main-number'
  | 'textphone'
  | 'fax'
  | 'pager'
  | (string & {})

/** RFC 9553, section 2.3.3. */
export interface Phone extends Reachable {
  /** As it was typed, or a URI such as `tel:+44-7700-900123`. */
  readonly number: string
  readonly features?: WordSet<PhoneFeature>
}

/** RFC 9553, section 2.3.4. */
export interface LanguagePref extends Entry {
  readonly language: LanguageTag
  readonly contexts?: Contexts
  readonly pref?: Pref
}

/** RFC 9553, section 2.4.1. */
export interface Calendar extends Resource {
  readonly kind?: 'calendar' | 'freeBusy' | (string & {})
}

/** RFC 9553, section 2.4.2. */
export interface SchedulingAddress extends Reachable {
  readonly uri: string
}

/** RFC 9553, section 2.5.1.2. */
export interface AddressComponent extends Entry {
  readonly value: string
  readonly kind:
    | 'room'
    | 'apartment'
    | 'floor'
    | 'building'
    | 'number'
    | 'name'
    | 'block'
    | 'subdistrict'
    | 'district'
    | 'locality'
    | 'region'
    | 'postcode'
    | 'country'
    | 'direction'
    | 'landmark'
    | 'postOfficeBox'
    | 'separator'
    | (string & {})
  readonly phonetic?: string
}

/** RFC 9553, section 2.5.1. */
export interface Address extends Entry {
  readonly components?: readonly AddressComponent[]
  readonly isOrdered?: boolean
  /** ISO 3166-1, two letters. */
  readonly countryCode?: string
  /** A `geo:` URI. */
  readonly coordinates?: string
  /** A name of the IANA time zone database. */
  readonly timeZone?: string
  readonly contexts?: Contexts
  /** The whole address, as on an envelope. */
  readonly full?: string
  readonly defaultSeparator?: string
  readonly pref?: Pref
  readonly phoneticScript?: string
  readonly phoneticSystem?: string
}

/** RFC 9553, section 2.6.1. */
export interface CryptoKey extends Resource {}

/** RFC 9553, section 2.6.2. */
export interface Directory extends Resource {
  readonly kind?: 'directory' | 'entry' | (string & {})
  readonly listAs?: number
}

/** RFC 9553, section 2.6.3. */
export interface Link extends Resource {
  readonly kind?: 'contact' | (string & {})
}

/** RFC 9553, section 2.6.4. A `data:` URI holds what came inside the card. Nothing is ever fetched. */
export interface Media extends Resource {
  readonly kind?: 'photo' | 'sound' | 'logo' | (string & {})
}

/** RFC 9553, section 2.8.1. Any part may be missing: a birthday without its year. */
export interface PartialDate extends Entry {
  readonly year?: number
  readonly month?: number
  readonly day?: number
  /** A calendar system of the Unicode CLDR, such as `persian`; `gregorian` where left out. */
  readonly calendarScale?: string
}

/** RFC 9553, section 2.8.1. */
export interface Timestamp extends Entry {
  readonly '@type': 'Timestamp'
  readonly utc: UtcDateTime
}

/** RFC 9553, section 2.8.1. */
export interface Anniversary extends Entry {
  readonly kind: 'birth' | 'death' | 'wedding' | (string & {})
  readonly date: PartialDate | Timestamp
  readonly place?: Address
}

/** RFC 9553, section 2.8.3. */
export interface Author extends Entry {
  readonly name?: string
  readonly uri?: string
}

/** RFC 9553, section 2.8.3. */
export interface Note extends Entry {
  readonly note: string
  readonly created?: UtcDateTime
  readonly author?: Author
}

/** RFC 9553, section 2.8.4. */
export interface PersonalInfo extends Entry {
  readonly kind: 'expertise' | 'hobby' | 'interest' | (string & {})
  readonly value: string
  readonly level?: 'high' | 'medium' | 'low' | (string & {})
  readonly listAs?: number
  readonly label?: string
}

/** RFC 9553, section 2.1.8. */
export interface Relation extends Entry {
  readonly relation?: WordSet
}

/** A contact, as RFC 9553 and RFC 9982 define it. Each top-level property but the metadata is a *field*. */
export interface Card {
  readonly '@type'?: 'Card'
  /** `2.0` (RFC 9982, section 2) or `1.0` (RFC 9553, section 2.1.2). */
  readonly version?: '2.0' | '1.0' | (string & {})
  /** Section 2.1.3. */
  readonly created?: UtcDateTime
  /** Section 2.1.4. */
  readonly kind?: 'individual' | 'group' | 'org' | 'location' | 'device' | 'application' | (string & {})
  /** Of the free text in this card. Section 2.1.5. */
  readonly language?: LanguageTag
  /** Section 2.1.6. */
  readonly members?: WordSet
  /** Section 2.1.7. */
  readonly prodId?: string
  /** Keys are uids or URIs of the others. Section 2.1.8. */
  readonly relatedTo?: { readonly [uid: string]: Relation }
  /** Section 2.1.9; optional since RFC 9982, section 2. */
  readonly uid?: string
  /** Section 2.1.10. */
  readonly updated?: UtcDateTime

  /** Section 2.2.1. */
  readonly name?: Name
  /** Section 2.2.2. */
  readonly nicknames?: { readonly [id: Id]: Nickname }
  /** Section 2.2.3. */
  readonly organizations?: { readonly [id: Id]: Organization }
  /** Section 2.2.4. */
  readonly speakToAs?: SpeakToAs
  /** Section 2.2.5. */
  readonly titles?: { readonly [id: Id]: Title }
  /** Section 2.3.1. */
  readonly emails?: { readonly [id: Id]: EmailAddress }
  /** Section 2.3.2. */
  readonly onlineServices?: { readonly [id: Id]: OnlineService }
  /** Section 2.3.3. */
  readonly phones?: { readonly [id: Id]: Phone }
  /** Section 2.3.4. */
  readonly preferredLanguages?: { readonly [id: Id]: LanguagePref }
  /** Section 2.4.1. */
  readonly calendars?: { readonly [id: Id]: Calendar }
  /** Section 2.4.2. */
  readonly schedulingAddresses?: { readonly [id: Id]: SchedulingAddress }
  /** Section 2.5.1. */
  readonly addresses?: { readonly [id: Id]: Address }
  /** Section 2.6.1. */
  readonly cryptoKeys?: { readonly [id: Id]: CryptoKey }
  /** Section 2.6.2. */
  readonly directories?: { readonly [id: Id]: Directory }
  /** Section 2.6.3. */
  readonly links?: { readonly [id: Id]: Link }
  /** Section 2.6.4. */
  readonly media?: { readonly [id: Id]: Media }
  /** Other languages, as patches of this card. Section 2.7.1. Cut to the fields in scope like everything else. */
  readonly localizations?: { readonly [language: LanguageTag]: PatchObject }
  /** Section 2.8.1. */
  readonly anniversaries?: { readonly [id: Id]: Anniversary }
  /** Section 2.8.2. */
  readonly keywords?: WordSet
  /** Section 2.8.3. */
  readonly notes?: { readonly [id: Id]: Note }
  /** Section 2.8.4. */
  readonly personalInfo?: { readonly [id: Id]: PersonalInfo }

  /** vCard properties with no place above. RFC 9555, section 2.15.1. */
  readonly vCardProps?: readonly VCardProp[]

  /** A custom field. The prefix keeps it apart from everything that RFC 9553 may ever define (section 1.8). */
  readonly [custom: `x:${string}`]: unknown
}

/**
 * The top-level properties that a purpose can declare as its fields; `x:…` besides.
 *
 * Not among them: what describes the card and not the person (`@type`, `version`, `created`, `updated`, `language`,
 * `kind`, `prodId`, `members`), `uid`, which would be the same in every address book that holds them, `localizations`,
 * which are part of the fields that they translate, and `vCardProps`, where anything can hide under any name.
 */
export const CARD_FIELDS = [
  'name',
  'nicknames',
  'organizations',
  'speakToAs',
  'titles',
  'emails',
  'onlineServices',
  'phones',
  'preferredLanguages',
  'calendars',
  'schedulingAddresses',
  'addresses',
  'cryptoKeys',
  'directories',
  'links',
  'media',
  'anniversaries',
  'keywords',
  'notes',
  'personalInfo',
  'relatedTo',
] as const

/** One of {@link CARD_FIELDS}. */
export type CardField = (typeof CARD_FIELDS)[number]

/** The fields that are ways to reach a person: metered, and never in a list. */
export const CONTACT_POINTS = ['phones', 'emails', 'onlineServices', 'addresses'] as const

/** One of {@link CONTACT_POINTS}. */
export type ContactPoint = (typeof CONTACT_POINTS)[number]
