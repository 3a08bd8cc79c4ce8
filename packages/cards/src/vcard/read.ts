// A stream of bytes to cards: which lines belong to which card, and what is wrong with the ones that can't be read.
// A card that is cut off, too large or of another version is an item of its own; the next one is read as if
// nothing had been. What a property means is decided in to-card.ts.
import { type CardErrorCode, CardsError, cardError } from '../errors'
import { type CardInput, inputBytes } from '../input'
import { LIMITS, type Limits } from '../limits'
import { isEmpty, type ReadCard, type Skipped } from '../read-card'
import { type ContentLine, LineReader } from './lines'
import { type Property, parseProperty } from './property'
import { toCard } from './to-card'

/**
 * Reads vCard 3.0 (RFC 2426) and 4.0 (RFC 6350) as JSContact (RFC 9555). Lines may end in LF or CRLF.
 *
 * @throws CardsError NOT_TEXT, NOT_VCARD: nothing in the input can be read.
 */
export function readVCards(input: CardInput, limits: Partial<Limits> = {}): AsyncIterable<ReadCard> {
  return { [Symbol.asyncIterator]: () => readVCardBytes(inputBytes(input), { ...LIMITS, ...limits }) }
}

export async function* readVCardBytes(bytes: AsyncIterable<Uint8Array>, limits: Limits): AsyncGenerator<ReadCard> {
  const lines = new LineReader(limits.line)
  const cards = new CardReader(limits)
  const take = (line: ContentLine) => cards.take(line)
  for await (const piece of bytes) {
    lines.push(piece, take)
    yield* cards.drain()
  }
  lines.end(take)
  cards.end()
  yield* cards.drain()
  if (!cards.found && cards.text) throw new CardsError('NOT_VCARD')
}

class CardReader {
  found = false
  text = false
  readonly #limits: Limits
  #items: ReadCard[] = []
  #line: number | undefined
  #properties: Property[] = []
  #skipped: Skipped[] = []
  #size = 0
  #broken: CardErrorCode | undefined
  #outside = false
  #nested = 0
  #agent = false

  constructor(limits: Limits) {
    this.#limits = limits
  }

  take({ line, text }: ContentLine): void {
    const word = text === undefined || text.length > 64 ? undefined : text.replaceAll('\0', '').trim().toUpperCase()
    if (word === '') return
    this.text = true
    if (word === 'BEGIN:VCARD') this.#begin(line)
    else if (this.#line === undefined) this.#stray(line)
    else if (word === 'END:VCARD') this.#end()
    else if (this.#nested === 0) this.#property(line, text)
  }

  end(): void {
    if (this.#line !== undefined) this.#fail('CARD_UNFINISHED')
  }

  drain(): ReadCard[] {
    const items = this.#items
    this.#items = []
    return items
  }

  #begin(line: number): void {
    this.found = true
    this.#outside = false
    if (this.#line !== undefined) {
      // AGENT of vCard 2.1 and 3.0 holds a card inside the card. Without it, the card before was cut off.
      if (this.#agent || this.#nested > 0) {
        this.#nested++
        return
      }
      this.#fail('CARD_UNFINISHED')
    }
    this.#line = line
    this.#properties = []
    this.#skipped = []
    this.#size = 0
    this.#broken = undefined
    this.#agent = false
  }

  #stray(line: number): void {
    if (this.#outside || !this.found) return
    this.#outside = true
    this.#items.push({ line, error: cardError('OUTSIDE_CARD') })
  }

  #property(line: number, text: string | undefined): void {
    this.#agent = false
    if (this.#broken) return
    if (text === undefined) {
      this.#skipped.push({ line, why: 'too-long' })
      return
    }
    this.#size += text.length
    if (this.#size > this.#limits.card) {
      this.#break('CARD_TOO_LARGE')
      return
    }
    if (this.#properties.length + this.#skipped.length >= this.#limits.properties) {
      this.#break('TOO_MANY_PROPERTIES')
      return
    }
    const property = parseProperty(text, line)
    if (!property) {
      this.#skipped.push({ line, why: 'not-a-property' })
      return
    }
    if (property.name === 'version' && !/^[34]\.0$/.test(property.raw.trim())) {
      this.#break('VERSION_UNSUPPORTED')
      return
    }
    this.#agent = property.name === 'agent' && property.raw.trim() === ''
    this.#properties.push(property)
  }

  #break(code: CardErrorCode): void {
    this.#broken = code
    this.#properties = []
  }

  #end(): void {
    if (this.#nested > 0) {
      this.#nested--
      return
    }
    if (this.#broken) {
      this.#fail(this.#broken)
      return
    }
    const line = this.#line as number
    const { card, kept } = toCard(this.#properties)
    if (isEmpty(card)) {
      this.#fail('CARD_EMPTY')
      return
    }
    this.#items.push({
      line,
      card,
      ...(kept.length > 0 ? { kept } : {}),
      ...(this.#skipped.length > 0 ? { skipped: this.#skipped } : {}),
    })
    this.#line = undefined
  }

  #fail(code: CardErrorCode): void {
    this.#items.push({ line: this.#line as number, error: cardError(code) })
    this.#line = undefined
    this.#nested = 0
    this.#properties = []
  }
}
