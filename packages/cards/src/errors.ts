// What can be wrong with an address book. One bad card or row is a value beside the good ones (`CardError`);
// only an input in which nothing can be read is thrown (`CardsError`). Neither ever quotes the input: a line
// number is enough to find it, and errors end up in logs.

/** What was wrong with one card or row. Codes are stable; sentences may change. */
const FIXES = {
  CARD_UNFINISHED: 'The card has no END:VCARD, or the file was cut off. Export it again.',
  CARD_EMPTY: 'There is nothing in the card.',
  CARD_TOO_LARGE: 'The card is larger than the limit. Export it without its pictures.',
  CARD_INVALID: 'A property has the wrong shape for JSContact (RFC 9553); see `path`.',
  TOO_MANY_PROPERTIES: 'The card has more properties than the limit.',
  TOO_DEEP: 'The object is nested deeper than the limit.',
  VERSION_UNSUPPORTED: 'Export the address book as vCard 2.1, 3.0 or 4.0.',
  NOT_JSON: 'This is not valid JSON.',
  OUTSIDE_CARD: 'There is text between the cards that belongs to none.',
  ROW_WITHOUT_PERSON: 'The row has neither a name nor a way to reach anybody.',
  ROW_UNREADABLE: 'A quoted cell of this row is never closed.',
  ROW_TOO_LONG: 'The row is longer than the limit, probably because a quote is never closed.',
  TOO_MANY_COLUMNS: 'The row has more cells than the limit.',
} as const

/** Stable code of a {@link CardError}. */
export type CardErrorCode = keyof typeof FIXES

/** What was wrong with one card or row: a value, never thrown. Holds nothing of the card. */
export interface CardError {
  readonly code: CardErrorCode
  /** One English sentence: what to do. Screens translate from `code`. */
  readonly fix: string
  /** For `CARD_INVALID`: a JSON pointer without the leading slash, such as `phones/p1/number`. */
  readonly path?: string
}

export function cardError(code: CardErrorCode, path?: string): CardError {
  return path === undefined ? { code, fix: FIXES[code] } : { code, fix: FIXES[code], path }
}

const CARDS_FIXES = {
  NOT_TEXT: 'The file is not text. Choose a .vcf, .csv or .json file.',
  TYPE_UNKNOWN: 'This looks like neither vCard, CSV nor JSContact. Name the type if you know it.',
  NOT_VCARD: 'There is no vCard in the file (nothing begins with BEGIN:VCARD).',
  NOT_CSV: 'No column of the first row is known. Name them with `columns`.',
  CHARSET_UNKNOWN: 'No such character set. Try utf-8, utf-16le, windows-1252 or windows-1256.',
  NOT_JSCONTACT: 'This is JSON of another kind, or none: there is no card in the file.',
} as const

/** Stable code of a {@link CardsError}. */
export type CardsErrorCode = keyof typeof CARDS_FIXES

/** Nothing in the input can be read. */
export class CardsError extends Error {
  readonly code: CardsErrorCode
  /** One English sentence: what to do. */
  readonly fix: string

  constructor(code: CardsErrorCode) {
    super(`${code}: ${CARDS_FIXES[code]}`)
    this.name = 'CardsError'
    this.code = code
    this.fix = CARDS_FIXES[code]
  }
}
