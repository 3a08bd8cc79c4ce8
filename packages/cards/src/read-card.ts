// What reading an address book gives, one item for each card or row, in the order of the file.
import type { Card } from '@amanat/vault'
import type { CardError } from './errors'

/** A line inside a card that could not be read and was left out; the card is good without it. */
export interface Skipped {
  readonly line: number
  readonly why: 'not-a-property' | 'too-long'
}

export type ReadCard =
  | {
      /** Where it begins, from 1. */
      readonly line: number
      readonly card: Card
      /** vCard properties that have no place in JSContact and are in `card.vCardProps`. */
      readonly kept?: readonly string[]
      readonly skipped?: readonly Skipped[]
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
