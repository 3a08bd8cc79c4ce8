// JSContact (RFC 9553; RFC 9982) from JSON. Its shape is checked, and it is otherwise taken as it is.
import type { Card } from '@amanat/vault'
import { CardsError, cardError } from '../errors'
import { type CardInput, inputBytes } from '../input'
import { isDeeper, LIMITS, type Limits } from '../limits'
import { isEmpty, type ReadCard } from '../read-card'
import { type JCard, jCardProperties } from '../vcard/jcard'
import { readProperties } from '../vcard/read'
import { invalidPath } from './check'
import { innerCards, isCardLike } from './kinds'
import { jsonObjects } from './objects'

// As many objects of another kind as are looked at before the first card.
const OTHERS = 1000

/**
 * Reads one Card, an array of them, one to a line, or those in the answer of a server; and jCard.
 *
 * @throws CardsError NOT_TEXT; NOT_JSCONTACT: there is no card.
 */
export function readJsContact(input: CardInput, limits: Partial<Limits> = {}): AsyncIterable<ReadCard> {
  return { [Symbol.asyncIterator]: () => readJsContactBytes(inputBytes(input), { ...LIMITS, ...limits }) }
}

export async function* readJsContactBytes(bytes: AsyncIterable<Uint8Array>, limits: Limits): AsyncGenerator<ReadCard> {
  const pieces = inputText(bytes)
  const start = await beginning(pieces)
  const text = withStart(start, pieces)
  if (/^\s*\[\s*(?:\[\s*)?"vcard"/i.test(start)) {
    yield* readJCards(text, limits)
    return
  }
  let found = false
  let any = false
  let held: ReadCard[] = []
  for await (const object of jsonObjects(text, limits)) {
    any = true
    const items =
      'error' in object
        ? [{ line: object.line, error: cardError(object.error) }]
        : readObject(object.line, object.text, limits)
    // Of one that is too large or cut off nobody knows what it was.
    found ||= items.some(item => 'card' in item || (item.error.path !== '@type' && item.error.code !== 'NOT_JSON'))
    if (found) {
      yield* held
      held = []
      yield* items
    } else held.push(...items)
    if (held.length > OTHERS) break
  }
  if (any && !found) throw new CardsError('NOT_JSCONTACT')
}

// The whole file is one value, and each card of it small.
async function* readJCards(text: AsyncIterable<string>, limits: Limits): AsyncGenerator<ReadCard> {
  const parts: string[] = []
  let size = 0
  for await (const piece of text) {
    size += piece.length
    if (size > limits.card) {
      yield { line: 1, error: cardError('CARD_TOO_LARGE') }
      return
    }
    parts.push(piece)
  }
  const whole = parts.join('')
  const value = parsed(whole)
  if (isDeeper(value, limits.depth)) {
    yield { line: 1, error: cardError('TOO_DEEP') }
    return
  }
  const cards = value === undefined ? [] : innerCards(value, whole, 1)
  if (value === undefined) yield { line: 1, error: cardError('NOT_JSON') }
  else if (cards.length === 0) throw new CardsError('NOT_JSCONTACT')
  for (const { line, ...one } of cards)
    yield 'jcard' in one ? readJCard(line, one.jcard) : readCard(line, one.card, limits)
}

async function beginning(pieces: AsyncIterator<string>): Promise<string> {
  let start = ''
  while (start.trim().length < 16) {
    const next = await pieces.next()
    if (next.done) break
    start += next.value
  }
  return start
}

async function* withStart(start: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  try {
    yield start
    yield* rest
  } finally {
    await rest.return(undefined)
  }
}

/** Malformed UTF-8 becomes U+FFFD. */
async function* inputText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true })
  yield decoder.decode()
}

function readObject(line: number, text: string, limits: Limits): ReadCard[] {
  const object = parsed(text) as Record<string, unknown> | undefined
  if (object === undefined) return [{ line, error: cardError('NOT_JSON') }]
  if (isCardLike(object)) return [readCard(line, object, limits)]
  const inner = text.includes('"Card"') || /"vcard"/i.test(text) ? innerCards(object, text, line) : []
  if (inner.length === 0) return [{ line, error: cardError('CARD_INVALID', '@type') }]
  return inner.map(one => ('jcard' in one ? readJCard(one.line, one.jcard) : readCard(one.line, one.card, limits)))
}

function readCard(line: number, card: Record<string, unknown>, limits: Limits): ReadCard {
  if (Object.keys(card.localizations ?? {}).length > limits.languages)
    return { line, error: cardError('TOO_MANY_PROPERTIES') }
  const path = invalidPath(card)
  if (path !== undefined) return { line, error: cardError('CARD_INVALID', path) }
  const { 'x:destroyBy': _, ...rest } = card
  if (isEmpty(rest)) return { line, error: cardError('CARD_EMPTY') }
  return { line, card: { '@type': 'Card', version: '2.0', ...rest } as Card }
}

function readJCard(line: number, jcard: JCard): ReadCard {
  const { properties, odd } = jCardProperties(jcard, line)
  const skipped = Array.from({ length: odd }, () => ({ line, why: 'not-a-property' as const }))
  return readProperties(line, properties, skipped) ?? { line, error: cardError('CARD_EMPTY') }
}

function parsed(text: string): unknown {
  try {
    // JSON.parse makes `__proto__` a property like any other; whoever copies it would set a prototype.
    if (/__proto__|\\u00/i.test(text))
      return JSON.parse(text, (key, value) => (key === '__proto__' ? undefined : value))
    return JSON.parse(text)
  } catch {
    // The message would quote the text.
    return undefined
  }
}
