// JSContact (RFC 9553; RFC 9982) from JSON. Its shape is checked, and it is otherwise taken as it is.
import type { Card } from '@amanat/vault'
import { CardsError, cardError } from '../errors'
import { type CardInput, inputBytes } from '../input'
import { LIMITS, type Limits } from '../limits'
import { isEmpty, type ReadCard } from '../read-card'
import { invalidPath } from './check'
import { jsonObjects } from './objects'

/**
 * Reads one Card, an array of them, or one to a line.
 *
 * @throws CardsError NOT_TEXT; NOT_JSCONTACT: there is no JSON object.
 */
export function readJsContact(input: CardInput, limits: Partial<Limits> = {}): AsyncIterable<ReadCard> {
  return { [Symbol.asyncIterator]: () => readJsContactBytes(inputBytes(input), { ...LIMITS, ...limits }) }
}

export async function* readJsContactBytes(bytes: AsyncIterable<Uint8Array>, limits: Limits): AsyncGenerator<ReadCard> {
  let objects = false
  let text = false
  for await (const found of jsonObjects(inputText(bytes), limits)) {
    text = true
    if ('error' in found) {
      objects ||= found.error !== 'NOT_JSON'
      yield { line: found.line, error: cardError(found.error) }
    } else {
      objects = true
      yield readObject(found.line, found.text)
    }
  }
  if (text && !objects) throw new CardsError('NOT_JSCONTACT')
}

/** Malformed UTF-8 becomes U+FFFD. */
async function* inputText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true })
  yield decoder.decode()
}

function readObject(line: number, text: string): ReadCard {
  let card: Record<string, unknown>
  try {
    // JSON.parse makes `__proto__` a property like any other; whoever copies it would set a prototype.
    card = JSON.parse(text, (key, value) => (key === '__proto__' ? undefined : value))
  } catch {
    // The message would quote the text.
    return { line, error: cardError('NOT_JSON') }
  }
  const path = invalidPath(card)
  if (path !== undefined) return { line, error: cardError('CARD_INVALID', path) }
  const { 'x:destroyBy': _, ...rest } = card
  if (isEmpty(rest)) return { line, error: cardError('CARD_EMPTY') }
  return { line, card: { '@type': 'Card', version: '2.0', ...rest } as Card }
}
