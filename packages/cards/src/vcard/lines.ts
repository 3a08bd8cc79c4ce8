// Bytes to content lines (RFC 6350, section 3.2; RFC 2426, section 2.6; vCard 2.1, section 2.1.3): a line that begins
// with a blank goes on with the one before, quoted-printable goes on after a soft break, and base64 until it ends.
// Lines are joined as bytes and decoded whole, because a fold may fall inside a character. CRLF, LF and CR all end a
// line. Memory is bounded by the longest line allowed, and work is linear however a line is folded.
import { decodeBase64, decodeQuotedPrintable, decodeText, isLikelyUtf8 } from './charset'

export interface ContentLine {
  /** Where it begins, from 1. */
  readonly line: number
  /** `undefined`: longer than the limit. */
  readonly text: string | undefined
  /** Where its character set is a guess: what it is in another. */
  readonly guessed?: (charset: string) => string
}

const LF = 10
const CR = 13
const TAB = 9
const SPACE = 32
const EQUALS = 0x3d
const COLON = 0x3a
const SEMICOLON = 0x3b
const BACKSLASH = 0x5c
const HASH = 0x23
// Folds are at 75 or 76 octets; a line of 2.1 that ends much earlier was broken between words, and keeps the blank.
const EARLY = 65
// Blanks that something put behind a soft break: more than a line of them is text.
const TRAIL = 76
// What says how the rest of a line is read stands at its beginning.
const HEAD = 512

const isBlank = (byte: number | undefined) => byte === SPACE || byte === TAB

/** Bytes that grow. */
class Bytes {
  #bytes = new Uint8Array(1024)
  length = 0

  append(part: Uint8Array): void {
    const length = this.length + part.length
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, this.#bytes.length * 2))
      larger.set(this.#bytes.subarray(0, this.length))
      this.#bytes = larger
    }
    this.#bytes.set(part, this.length)
    this.length = length
  }

  view(from = 0, to = this.length): Uint8Array {
    return this.#bytes.subarray(from, to)
  }

  at(index: number): number | undefined {
    return index >= 0 && index < this.length ? this.#bytes[index] : undefined
  }

  clear(): void {
    if (this.#bytes.length > 1024 * 1024) this.#bytes = new Uint8Array(1024)
    this.length = 0
  }
}

type How = 'plain' | 'quoted-printable' | 'base64'

export class LineReader {
  readonly #limit: number
  // The physical line that isn't whole yet.
  readonly #part = new Bytes()
  #partLong = false
  #line = 1
  #afterCr = false
  // The content line that is put together.
  readonly #whole = new Bytes()
  #open = false
  #long = false
  #starts = 1
  #how: How | undefined
  #last = 0
  /** Where quoted-printable goes on behind a blank, and how often it goes on. */
  #blanks: number[] = []
  #soft = 0
  #old = false
  #indent = 0
  /** Lines of a card inside a card may have a margin, which is no fold. */
  #inside = false
  #margin = false
  #gap = false
  #gaps = 0
  #lines = 0
  /** What the file last said of itself, other than UTF-8. */
  charset: string | undefined
  /** Whether the input ended in the middle of a line. */
  cut = false

  constructor(limit: number) {
    this.#limit = limit
  }

  push(bytes: Uint8Array, take: (line: ContentLine) => void): void {
    let at = 0
    if (this.#afterCr && bytes.length > 0) {
      if (bytes[0] === LF) at = 1
      this.#afterCr = false
    }
    while (at < bytes.length) {
      let end = at
      while (end < bytes.length && bytes[end] !== LF && bytes[end] !== CR) end++
      const part = bytes.subarray(at, end)
      if (end === bytes.length) {
        this.#grow(part)
        return
      }
      if (this.#part.length > 0 || this.#partLong) {
        this.#grow(part)
        this.#physical(this.#part.view(), take)
        this.#part.clear()
        this.#partLong = false
      } else this.#physical(part, take)
      this.#line++
      at = end + 1
      if (bytes[end] === CR) {
        if (at === bytes.length) this.#afterCr = true
        else if (bytes[at] === LF) at++
      }
    }
  }

  end(take: (line: ContentLine) => void): void {
    this.cut = this.#part.length > 0 || this.#partLong
    if (this.cut) this.#physical(this.#part.view(), take)
    this.#part.clear()
    // A soft break with nothing behind it.
    if (this.#open && this.#whole.at(this.#whole.length - 1) === EQUALS && this.#reading() === 'quoted-printable')
      this.cut = true
    this.#finish(take)
  }

  #grow(part: Uint8Array): void {
    if (this.#partLong || this.#part.length + part.length > this.#limit) this.#partLong = true
    else this.#part.append(part)
  }

  #physical(found: Uint8Array, take: (line: ContentLine) => void): void {
    const glued = gluedAt(found)
    if (glued > 0) {
      this.#physical(found.subarray(0, glued), take)
      this.#physical(found.subarray(glued), take)
      return
    }
    let line = found
    const frame = isFrame(found)
    if (frame || this.#inside) {
      let blanks = 0
      while (isBlank(found[blanks])) blanks++
      // A card that somebody pasted, with a margin.
      if (blanks > 0 || this.#indent > 0) this.#indent = blanks
      this.#inside = false
      // Its end is the end of the margin, too.
      if (frame && this.#margin && /END/i.test(ascii(found))) {
        line = found.subarray(blanks)
        this.#margin = false
        this.#indent = 0
      }
    }
    if (found.length < HEAD && isAgent(found)) this.#inside = this.#margin = true
    if (this.#indent > 0 && line.length > this.#indent && line.subarray(0, this.#indent).every(isBlank)) {
      line = line.subarray(this.#indent)
    }
    // A gap belongs to neither side: files whose line ends were doubled have one after each line.
    if (line.length === 0 && !this.#partLong) {
      if (!this.#gap) this.#gaps++
      this.#gap = true
      return
    }
    this.#lines++
    const join = this.#open ? this.#joins(line) : undefined
    if (join === undefined) {
      this.#finish(take)
      this.#starts = this.#line
      this.#open = true
      this.#append(line)
    } else {
      if (join.newline) this.#append(NEWLINE)
      if (join.newline && this.#gap) this.#append(NEWLINE)
      this.#append(line.subarray(join.from))
    }
    this.#gap = false
    this.#last = line.length
    if (this.#partLong) this.#long = true
  }

  /** From where this line goes on with the one before; `undefined`: it begins another. */
  #joins(line: Uint8Array): { from: number; newline?: boolean } | undefined {
    if (isFrame(line)) return undefined
    const first = line[0]
    const how = this.#reading()
    if (how === 'quoted-printable') {
      let end = this.#whole.length
      const least = Math.max(0, end - TRAIL)
      while (end > least && isBlank(this.#whole.at(end - 1))) end--
      if (this.#whole.at(end - 1) === EQUALS) {
        this.#whole.length = end - 1
        // Behind the gap something else begins; unless there is one behind each line.
        if (this.#gap && this.#gaps < this.#lines - 1 && isProperty(line)) return undefined
        this.#soft++
        if (isBlank(first)) this.#blanks.push(this.#whole.length)
        return { from: 0 }
      }
      // Some phones break the line and leave the `=` out.
      if (first === EQUALS && line.length > 2) return { from: 0 }
    }
    if (isBlank(first)) {
      const words = this.#old && how === 'plain' && this.#last < EARLY && !isBlank(line[1])
      return this.#whole.length === 0 && !this.#long ? undefined : { from: words ? 0 : 1 }
    }
    if (how === 'base64')
      return !this.#gap && this.#whole.at(this.#whole.length - 1) !== EQUALS && isBase64(line) ? { from: 0 } : undefined
    if (how !== 'plain' || first === HASH || isProperty(line)) return undefined
    // Lines that were never escaped: the end of one may say so; a note and an address go on in any case.
    if (this.#whole.at(this.#whole.length - 1) === BACKSLASH) {
      this.#whole.length--
      return { from: 0, newline: true }
    }
    return this.#holdsLines() ? { from: 0, newline: true } : undefined
  }

  // Once for each content line, as soon as its head is there.
  #reading(): How {
    if (this.#how) return this.#how
    const view = this.#whole.view(0, Math.min(HEAD, this.#whole.length))
    const colon = colonOf(view)
    if (colon < 0) {
      if (this.#whole.length >= HEAD) this.#how = 'plain'
      return 'plain'
    }
    if (view.indexOf(SEMICOLON) < 0 || view.indexOf(SEMICOLON) > colon) {
      this.#how = 'plain'
      return this.#how
    }
    const head = ascii(view.subarray(0, colon)).replace(/"[^";]*;[^"]*"/g, '')
    if (/;\s*(?:encoding\s*=\s*"?)?(?:quoted-printable|q)\b/i.test(head)) this.#how = 'quoted-printable'
    else if (/;\s*(?:encoding\s*=\s*"?)?(?:b|base64)"?\s*(?:;|$)/i.test(head)) this.#how = 'base64'
    else this.#how = 'plain'
    return this.#how
  }

  #holdsLines(): boolean {
    return /^(?:[\w-]+\.)?(?:NOTE|LABEL|ADR)[;:]/i.test(ascii(this.#whole.view(0, Math.min(64, this.#whole.length))))
  }

  #append(part: Uint8Array): void {
    if (this.#long) return
    if (this.#whole.length + part.length > this.#limit) {
      this.#long = true
      this.#whole.clear()
    } else this.#whole.append(part)
  }

  #finish(take: (line: ContentLine) => void): void {
    if (!this.#open) return
    const found = this.#long ? undefined : this.#text()
    const text = found?.text
    if (text !== undefined && text.length < 64) {
      if (/^\s*BEGIN\s*:\s*VCARD\s*$/i.test(text)) this.#old = false
      else if (/^VERSION[^:]*:\s*2/i.test(text)) this.#old = true
    }
    take({ line: this.#starts, text, ...(found?.guessed ? { guessed: found.guessed } : {}) })
    this.#whole.clear()
    this.#open = false
    this.#long = false
    this.#how = undefined
    this.#soft = 0
    if (this.#blanks.length > 0) this.#blanks = []
  }

  #text(): { text: string; guessed?: (charset: string) => string } {
    const how = this.#reading()
    const printable = how === 'quoted-printable'
    const whole = printable ? this.#withoutFolds() : this.#whole.view()
    const plain = how === 'plain' ? asciiText(whole) : undefined
    if (plain !== undefined) return { text: plain }
    const colon = colonOf(whole.subarray(0, HEAD))
    const head = colon < 0 ? '' : ascii(whole.subarray(0, colon))
    const hidden = how === 'base64' && TEXTS.test(head) ? textOfBase64(head, whole.subarray(colon + 1)) : undefined
    if (hidden !== undefined) return { text: hidden }
    const said = CHARSET.exec(head)?.[1]
    if (said !== undefined && !isLikelyUtf8(said)) this.charset = said
    const as = (bytes: Uint8Array, charset: string | undefined) => {
      const from = printable ? colon + 1 : 0
      const value = decodeText(printable ? decodeQuotedPrintable(bytes.subarray(from)) : bytes, charset)
      return printable ? { ...value, text: `${decodeText(bytes.subarray(0, from), charset).text}${value.text}` } : value
    }
    const { text, guessed } = as(whole, said)
    if (!guessed) return { text }
    const kept = whole.slice()
    return { text, guessed: charset => as(kept, charset).text }
  }

  // Soft breaks need no blank after them. Where each has one, and more than one has, it is a fold as well; a single one
  // is a fold where the text has no other blank.
  #withoutFolds(): Uint8Array {
    const whole = this.#whole.view()
    if (this.#blanks.length === 0 || this.#blanks.length < this.#soft) return whole
    const blanks = new Set(this.#blanks)
    const colon = colonOf(whole.subarray(0, HEAD))
    if (this.#soft === 1 && whole.some((byte, at) => byte === SPACE && at > colon && !blanks.has(at))) return whole
    return whole.filter((_, at) => !blanks.has(at))
  }
}

const CHARSET = /;\s*charset\s*=\s*"?([^";]+)/i
const BASE64 = /;\s*(?:encoding\s*=\s*"?)?(?:b|base64)"?(?=\s*(?:;|$))/i
// What is text however it is encoded; pictures, sounds, keys and what nobody knows stay as they are.
const TEXTS = /^(?:[\w-]+\.)?(?:FN|N|NICKNAME|NOTE|ORG|TITLE|ROLE|ADR|LABEL|TEL|EMAIL|URL|CATEGORIES)\s*;/i

// vCard 2.1, section 2.1.4: any value may be in base64.
function textOfBase64(head: string, value: Uint8Array): string | undefined {
  const bytes = decodeBase64(ascii(value))
  const found = bytes && decodeText(bytes, CHARSET.exec(head)?.[1])
  if (!found || found.guessed) return undefined
  return `${head.replace(BASE64, '')}:${found.text.replace(/\r\n?|\n/g, '\\n')}`
}

const NEWLINE = Uint8Array.of(BACKSLASH, 0x6e)

// Of the first colon that stands in no quotes.
function colonOf(bytes: Uint8Array): number {
  let quoted = false
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 0x22) quoted = !quoted
    else if (bytes[at] === COLON && !quoted) return at
  }
  return -1
}

// Most lines are short and of seven bits: no decoder is asked for these. An escape may shift to another alphabet.
function asciiText(bytes: Uint8Array): string | undefined {
  if (bytes.length > 256) return undefined
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte >= 0x80 || byte === 0x1b) return undefined
  }
  return String.fromCharCode.apply(undefined, bytes as unknown as number[])
}

function ascii(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

function isFrame(line: Uint8Array): boolean {
  if (line.length >= 32) return false
  let at = 0
  while (isBlank(line[at])) at++
  // b or e
  const first = (line[at] ?? 0) | 0x20
  return (first === 0x62 || first === 0x65) && /^\s*(?:BEGIN|END)\s*:\s*VCARD\s*$/i.test(ascii(line))
}

// Where the next card begins on the line that ends one: files that were put behind one another without a line end.
function gluedAt(line: Uint8Array): number {
  if (line.length < 20 || line.length > 48 || ((line[0] ?? 0) | 0x20) !== 0x65) return -1
  return /^END\s*:\s*VCARD\s*(?=(?:\xef\xbb\xbf)?BEGIN\s*:\s*VCARD\s*$)/i.exec(ascii(line))?.[0].length ?? -1
}

const isAgent = (line: Uint8Array) =>
  ((line[0] ?? 0) | 0x20) === 0x61 && /^AGENT\b[^:]*:\s*BEGIN\s*:\s*VCARD\s*$/i.test(ascii(line))

// A name, or `X-GOOGLE TALK`. None begins with a digit: that is a postcode behind a fold without its blank.
function isProperty(line: Uint8Array): boolean {
  const first = (line[0] ?? 0) | 0x20
  if (first < 0x61 || first > 0x7a) return false
  const odd = first === 0x78 && line[1] === 0x2d
  let end = 0
  let blanks = 0
  for (; end < 128 && end < line.length; end++) {
    const byte = line[end] as number
    if (byte === COLON || byte === SEMICOLON) return true
    if (isBlank(byte) || (odd && byte === 0x2f)) blanks = 1
    else if (!isNameByte(byte) || (blanks > 0 && !odd)) return false
  }
  return false
}

const isNameByte = (byte: number) =>
  (byte >= 0x61 && byte <= 0x7a) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x30 && byte <= 0x39) ||
  byte === 0x2d ||
  byte === 0x5f ||
  byte === 0x2e

function isBase64(line: Uint8Array): boolean {
  return line.every(
    byte =>
      (byte >= 0x30 && byte <= 0x39) ||
      (byte >= 0x41 && byte <= 0x5a) ||
      (byte >= 0x61 && byte <= 0x7a) ||
      byte === 0x2b ||
      byte === 0x2f ||
      byte === EQUALS ||
      isBlank(byte),
  )
}
