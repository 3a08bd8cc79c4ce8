// What reading an address book gives, one item for each card or row, in the order of the file.
import type { Card } from '@amanat/vault'
import type { CardError } from './errors'

/** A line inside a card that could not be read and was left out, or the last of an open card; the card is good without it. */
export interface Skipped {
  readonly line: number
  /** From 1, where it is known. */
  readonly column?: number
  /**
   * `no-end`: the card has no END:VCARD; this is its last line, and nothing of it is missing. `no-begin`: it has no
   * BEGIN:VCARD, and what stood before its first line is not here. `cut-off`: the file ends in the middle of this line, or
   * the card inside the card that begins here never ends; it is left out.
   */
  readonly why: 'not-a-property' | 'too-long' | 'no-end' | 'no-begin' | 'cut-off'
}

/** What is doubtful in a card or row that is good all the same. Nothing is lost: it is in the card as it was written. */
export interface Doubt {
  readonly code: DoubtCode
  /** For a CSV: which cell, from 1. */
  readonly column?: number
  /** For a vCard: which property, by the line where it begins. */
  readonly line?: number
}

export type DoubtCode =
  /** What stands where a number should be can't be one; kept as written. */
  | 'PHONE_IMPOSSIBLE'
  /** What stands where an e-mail address should be can't be one; kept as written. */
  | 'EMAIL_IMPOSSIBLE'
  /** Not a date, or one that may be two (`03/05/1990`); left out, a consent of that date unknown. Say the order with `dates`. */
  | 'DATE_UNREADABLE'
  /** Not in the character set that was said or seen: some letters are lost, or a guess. Say it with `charset`. */
  | 'LETTERS_LOST'
  /** A cell beyond the last header; left out. */
  | 'CELL_WITHOUT_HEADER'
  /** What stands where a language should be is none that is known; left out. */
  | 'LANGUAGE_UNKNOWN'
  /** There is no place for it in a card: an event that is no wedding, a label of an address, a sound of no name; left out. */
  | 'NO_PLACE'
  /** A second value where a person has one; left out. */
  | 'SECOND_VALUE'
  /** No number, no yes or no, or no sure date, where a field of one's own holds one; left out. */
  | 'VALUE_UNREADABLE'

/**
 * What a row says of a consent: never a consent by itself. `given`: somebody wrote down that the person agreed, and
 * when. `unknown`: anything less; it permits nothing (R10).
 */
export interface SaidConsent {
  /** Where whoever mapped the columns said which. */
  readonly purpose?: string
  readonly status: 'given' | 'refused' | 'unknown'
  /** ISO 8601: when they agreed, or left. */
  readonly at?: string
  readonly ip?: string
  /** A form, an event: as the row has it. */
  readonly source?: string
  /** They answered a message that asked them (Mailchimp's CONFIRM_TIME). */
  readonly confirmed?: boolean
}

export type ReadCard =
  | {
      /** Where it begins, from 1. */
      readonly line: number
      readonly card: Card
      /** vCard properties that have no place in JSContact and are in `card.vCardProps`. */
      readonly kept?: readonly string[]
      readonly skipped?: readonly Skipped[]
      /** The program's own key of the person, such as `hubspot:123`. */
      readonly ref?: string
      /** What a sheet says of consents: of each purpose, or of none that is named. */
      readonly consents?: readonly SaidConsent[]
      readonly doubts?: readonly Doubt[]
    }
  | {
      readonly line: number
      /** For a CSV: which cell, from 1. */
      readonly column?: number
      readonly error: CardError
    }

/** Whether a card says nothing at all. */
export function isEmpty(card: object): boolean {
  return Object.keys(card).every(key => key === '@type' || key === 'version')
}
