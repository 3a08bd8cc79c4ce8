// A stream of bytes to cards: which lines belong to which card, and what is wrong with the ones that can't be read.
// A card that is cut off, too large or of another version is an item of its own; the next one is read as if
// nothing had been. What a property means is decided in to-card.ts.
import { type CardErrorCode, CardsError, cardError } from '../errors'
import { type CardInput, inputBytes } from '../input'
import { LIMITS, type Limits } from '../limits'
import { isPossibleEmail, isPossiblePhone } from '../phone'
import { type Doubt, isEmpty, type ReadCard, type Skipped } from '../read-card'
import { type ContentLine, LineReader } from './lines'
import { type Property, parseProperty } from './property'
import { escapeText, unescapeText } from './text'
import { toCard } from './to-card'
import { labelLetters } from './to-labels'

/**
 * Reads vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350) as JSContact (RFC 9555). Lines may end in LF, CRLF or CR.
 *
 * @throws CardsError NOT_TEXT, NOT_VCARD: nothing in the input can be read.
 */
export function readVCards(input: CardInput, limits: Partial<Limits> = {}): AsyncIterable<ReadCard> {
  return { [Symbol.asyncIterator]: () => readVCardBytes(inputBytes(input), { ...LIMITS, ...limits }) }
}

export async function* readVCardBytes(bytes: AsyncIterable<Uint8Array>, limits: Limits): AsyncGenerator<ReadCard> {
  const lines = new LineReader(limits.line)
  const cards = new CardReader(limits, () => lines.charset)
  const take = (line: ContentLine) => cards.take(line)
  for await (const piece of bytes) {
    lines.push(piece, take)
    yield* cards.drain()
  }
  lines.end(take)
  cards.end(lines.cut)
  yield* cards.drain()
  if (!cards.found && cards.text) throw new CardsError('NOT_VCARD')
}

/** `undefined`: they say nothing. `guessed`: of which nobody knows the character set. */
export function readProperties(
  line: number,
  properties: readonly Property[],
  skipped: readonly Skipped[] = [],
  guessed: ReadonlySet<Property> = new Set(),
): ReadCard | undefined {
  if (labelLetters(properties) > LIMITS.card) return { line, error: cardError('CARD_TOO_LARGE') }
  const { card, kept } = toCard(properties)
  if (isEmpty(card)) return undefined
  const doubts = doubtsOf(properties, guessed)
  return {
    line,
    card,
    ...(kept.length > 0 ? { kept } : {}),
    ...(skipped.length > 0 ? { skipped } : {}),
    ...(doubts.length > 0 ? { doubts } : {}),
  }
}

// A line that may frame a card, or says nothing.
const FRAME = /^[\s\0]*(?:$|[be])/i

/** Lines that belong to no card, as many as may turn out to be one. */
class Strays {
  first: number | undefined
  lines: ContentLine[] = []
  readonly #most: number
  #over = false

  constructor(most: number) {
    this.#most = most
  }

  push(line: ContentLine): void {
    this.first ??= line.line
    // No pictures: what may be nobody is not worth the memory.
    if (this.lines.length >= this.#most || (line.text?.length ?? 0) > MOST) this.#over = true
    if (this.#over) this.lines = []
    else this.lines.push(line)
  }

  clear(): void {
    this.first = undefined
    this.lines = []
    this.#over = false
  }
}

const MOST = 8_192

class CardReader {
  found = false
  text = false
  readonly #limits: Limits
  readonly #charset: () => string | undefined
  #guessed = new Map<Property, (charset: string) => string>()
  #items: ReadCard[] = []
  #line: number | undefined
  #last = 0
  #properties: Property[] = []
  #skipped: Skipped[] = []
  #size = 0
  #broken: CardErrorCode | undefined
  readonly #strays: Strays
  #nested = 0
  #agent: { property: Property; lines: ContentLine[] } | undefined
  /** Read once more, with no card inside another. */
  #flat = false
  #version = ''

  /** `charset`: what the file has said of itself so far. */
  constructor(limits: Limits, charset: () => string | undefined) {
    this.#limits = limits
    this.#charset = charset
    this.#strays = new Strays(limits.properties)
  }

  take(content: ContentLine): void {
    const { line, text, guessed } = content
    const word =
      text === undefined || text.length > 64 || !FRAME.test(text)
        ? undefined
        : text.replace(/[\s\0]+/g, '').toUpperCase()
    if (word === '') return
    this.text = true
    if (word === 'BEGIN:VCARD') this.#begin(line)
    else if (this.#line === undefined && word === 'END:VCARD') this.#headless(line)
    else if (this.#line === undefined) this.#strays.push(content)
    else if (word === 'END:VCARD') this.#end(line)
    else if (this.#nested > 0) this.#inner(content)
    else this.#property(line, text, guessed)
    this.#last = line
  }

  /** `cut`: in the middle of a line. */
  end(cut: boolean): void {
    if (this.#line === undefined) {
      this.#leaveStrays()
      return
    }
    // Half a value is worse than none: a number without its last digits is somebody else's.
    const last = this.#last
    const whole = (one: { readonly line: number }) => one.line !== last
    if (cut && this.#nested > 0 && this.#agent) this.#agent.lines = this.#agent.lines.filter(whole)
    else if (cut) {
      this.#properties = this.#properties.filter(whole)
      this.#skipped = this.#skipped.filter(whole)
    }
    if (this.#nested > 0) this.#unnest()
    if (this.#line !== undefined) this.#endless(cut ? { line: last, why: 'cut-off' } : undefined)
  }

  drain(): ReadCard[] {
    const items = this.#items
    this.#items = []
    return items
  }

  #begin(line: number): void {
    this.#leaveStrays()
    this.found = true
    if (this.#line !== undefined) {
      // AGENT of vCard 2.1 and 3.0 holds a card inside the card. Without it, the card before has no end.
      if (this.#agent) {
        this.#nested++
        this.#inner({ line, text: 'BEGIN:VCARD' })
        return
      }
      this.#endless()
    }
    this.#line = line
    this.#properties = []
    this.#skipped = []
    this.#size = 0
    this.#broken = undefined
    this.#agent = undefined
    this.#nested = 0
    this.#version = ''
  }

  // What is left of it are whole lines: only its end is missing.
  #endless(cut?: Skipped): void {
    if (this.#broken || this.#properties.length === 0) {
      this.#fail('CARD_UNFINISHED')
      return
    }
    this.#skipped.push(cut ?? { line: this.#last, why: 'no-end' })
    this.#finish('CARD_UNFINISHED')
  }

  // Between cards. What stands before the first one is a greeting, or the head of a message.
  #leaveStrays(): void {
    const { first } = this.#strays
    if (first !== undefined && this.found) this.#items.push({ line: first, error: cardError('OUTSIDE_CARD') })
    this.#strays.clear()
  }

  // An end without its beginning: a file that was cut at its head, or put together by hand. Only of somebody who is named.
  #headless(end: number): void {
    const { first = end, lines } = this.#strays
    if (!lines.some(({ text = '' }) => /^(?:[\w-]+\.)?(?:FN|N|ORG)[;:]/i.test(text))) {
      this.#strays.push({ line: end, text: undefined })
      return
    }
    this.#strays.clear()
    this.#begin(first)
    for (const { line, text, guessed } of lines) this.#property(line, text, guessed)
    this.#skipped.push({ line: first, why: 'no-begin' })
    this.#finish('CARD_EMPTY')
  }

  #counted(text: string): boolean {
    this.#size += text.length
    if (this.#size > this.#limits.card) this.#break('CARD_TOO_LARGE')
    return !this.#broken
  }

  #inner(line: ContentLine): void {
    if (this.#broken || line.text === undefined || !this.#agent) return
    const { lines } = this.#agent
    const many = lines.length >= this.#limits.properties
    const large = this.#size + line.text.length > this.#limits.card
    if ((many || large) && lines.some(isEnd)) {
      this.#unnest()
      this.take(line)
    } else if (many) this.#break('TOO_MANY_PROPERTIES')
    else if (this.#counted(line.text)) lines.push(line)
  }

  // A card inside a card that never ended, so that the cards behind it were taken for its lines: they are read again,
  // each by itself. The first frame behind its own beginning is where the card around it stops.
  #unnest(): void {
    const { property, lines } = this.#agent as { property: Property; lines: ContentLine[] }
    this.#agent = undefined
    this.#nested = 0
    this.#properties = this.#properties.filter(one => one !== property)
    this.#skipped.push({ line: property.line, why: 'cut-off' })
    const stop = lines.findIndex((line, at) => at > 0 && (isEnd(line) || isBegin(line)))
    const next = lines[stop]
    if (!next) return
    if (isBegin(next)) this.#skipped.push({ line: property.line, why: 'no-end' })
    this.#finish('CARD_UNFINISHED')
    this.#flat = true
    for (const line of lines.slice(isBegin(next) ? stop : stop + 1)) this.take(line)
    this.#flat = false
  }

  #property(line: number, text: string | undefined, guessed?: (charset: string) => string): void {
    this.#agent = undefined
    if (this.#broken) return
    if (text === undefined) {
      this.#skipped.push({ line, why: 'too-long' })
      return
    }
    if (!this.#counted(text)) return
    if (this.#properties.length + this.#skipped.length >= this.#limits.properties) {
      this.#break('TOO_MANY_PROPERTIES')
      return
    }
    const property = parseProperty(text, line)
    if (!property || property.name === 'begin' || property.name === 'end') {
      this.#skipped.push({ line, column: columnOf(text), why: 'not-a-property' })
      return
    }
    if (property.name === 'version') {
      this.#version = property.raw.trim()
      if (!/^(?:[234](?:\.\d)?)?$/.test(this.#version)) {
        this.#break('VERSION_UNSUPPORTED')
        return
      }
    }
    this.#properties.push(property)
    if (guessed) this.#guessed.set(property, guessed)
    if (property.name !== 'agent' || this.#flat) return
    // On the line itself or on the next one.
    const begins = property.raw.replace(/\s+/g, '').toUpperCase()
    if (begins === '' || begins === 'BEGIN:VCARD') this.#agent = { property, lines: [] }
    if (begins === 'BEGIN:VCARD') {
      this.#nested = 1
      this.#inner({ line, text: 'BEGIN:VCARD' })
    }
  }

  #break(code: CardErrorCode): void {
    this.#broken = code
    this.#properties = []
    if (this.#agent) this.#agent.lines = []
  }

  #end(line: number): void {
    if (this.#nested > 0) {
      this.#inner({ line, text: 'END:VCARD' })
      this.#nested--
      if (this.#nested > 0 || !this.#agent || this.#broken) return
      // As RFC 2426, section 3.5.4 writes it: a card as text.
      const { property, lines } = this.#agent
      const raw = escapeText(lines.map(({ text }) => text).join('\n'), '3.0')
      this.#properties[this.#properties.indexOf(property)] = { ...property, raw }
      this.#agent = undefined
      return
    }
    this.#finish('CARD_EMPTY')
  }

  #finish(otherwise: CardErrorCode): void {
    if (this.#broken) {
      this.#fail(this.#broken)
      return
    }
    const line = this.#line as number
    const said = this.#guessed.size === 0 ? this.#properties : this.#properties.map(property => this.#said(property))
    const properties = this.#version.startsWith('2') ? said.map(withoutLists) : said
    const known = this.#guessed.size === 0 || this.#charset() !== undefined
    const guessed = known ? undefined : new Set(properties.filter((_, at) => this.#guessed.has(said[at] as Property)))
    const item = readProperties(line, properties, this.#skipped, guessed)
    if (!item) {
      this.#fail(otherwise)
      return
    }
    this.#items.push(item)
    this.#line = undefined
    this.#guessed.clear()
    this.#properties = []
  }

  // A line that says nothing of its character set, with what the others of the file say.
  #said(property: Property): Property {
    const charset = this.#charset()
    const guessed = this.#guessed.get(property)
    return (charset !== undefined && guessed && parseProperty(guessed(charset), property.line)) || property
  }

  #fail(code: CardErrorCode): void {
    this.#items.push({ line: this.#line as number, error: cardError(code) })
    this.#line = undefined
    this.#guessed.clear()
    this.#nested = 0
    this.#agent = undefined
    this.#properties = []
  }
}

const isBegin = ({ text }: ContentLine) => text === 'BEGIN:VCARD'
const isEnd = ({ text }: ContentLine) => text === 'END:VCARD'

function doubtsOf(properties: readonly Property[], guessed: ReadonlySet<Property>): Doubt[] {
  const doubts: Doubt[] = []
  for (const property of properties) {
    const { name, raw, line } = property
    if (guessed.has(property) || raw.includes('\ufffd')) doubts.push({ code: 'LETTERS_LOST', line })
    if (name !== 'tel' && name !== 'email') continue
    const text = unescapeText(raw).trim()
    // A number may be at any service: RFC 9553, section 2.3.3.
    if (text === '' || (name === 'tel' && /^(?!tel:)[a-z][a-z0-9+.-]*:\S/i.test(text))) continue
    if (name === 'tel' && !isPossiblePhone(text)) doubts.push({ code: 'PHONE_IMPOSSIBLE', line })
    if (name === 'email' && !isPossibleEmail(text)) doubts.push({ code: 'EMAIL_IMPOSSIBLE', line })
  }
  return doubts
}

// From 1: where the name stops being one.
function columnOf(text: string): number {
  return (/^\s*[\w.-]*/.exec(text)?.[0].length ?? 0) + 1
}

// The parts of a name or an address in vCard 2.1 are no lists: a comma is a comma.
function withoutLists(property: Property): Property {
  if (!/^(?:n|adr|org|sound)$/.test(property.name) || !property.raw.includes(',')) return property
  return { ...property, raw: property.raw.replace(/\\.|,/gs, found => (found === ',' ? '\\,' : found)) }
}
