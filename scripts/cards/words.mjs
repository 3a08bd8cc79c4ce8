// Whether something that a file says is found anywhere in what was read from it. Letters and digits alone count:
// where the blanks and the punctuation went is the business of the reader.
import { Buffer } from 'node:buffer'

/** Letters and digits of a text, folded. */
export const squash = text =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]/gu, '')

// What JSContact calls otherwise (RFC 9555, section 2.3 and 2.7), and what Apple, Google and Outlook call theirs.
const SYNONYMS = new Map(
  Object.entries({
    home: ['private'],
    privat: ['private'],
    personal: ['private'],
    work: ['work'],
    business: ['work'],
    cell: ['mobile'],
    mobile: ['mobile'],
    homefax: ['private', 'fax'],
    workfax: ['work', 'fax'],
    homepage: [],
    other: [],
    main: ['main-number'],
    anniversary: ['wedding'],
    beginner: ['low'],
    average: ['medium'],
    expert: ['high'],
    spouse: ['spouse'],
    male: ['masculine'],
    female: ['feminine'],
    m: ['masculine'],
    f: ['feminine'],
  }),
)

/** Everything that an item says: keys, texts and numbers, at any depth. */
export class Said {
  #texts = new Set()
  #numbers = new Set()
  #raw

  constructor(value) {
    this.#take(value)
    this.#raw = [...this.#texts].filter(text => text.length > 64)
    this.#texts = [...new Set([...this.#texts].map(squash))]
  }

  /** A name, a label, a sentence. */
  has(text) {
    const wanted = squash(text)
    if (wanted === '' || this.#within(wanted)) return true
    const other = SYNONYMS.get(wanted)
    return other?.every(word => this.#within(squash(word)))
  }

  /** A date, written in any order and without its year too; not its time, which may be in another zone. */
  hasDate(text) {
    const parts = text.match(/\d+/g) ?? []
    const [first = ''] = parts
    const split = /^\d{8}/.test(first)
      ? [first.slice(0, 4), first.slice(4, 6), first.slice(6, 8)]
      : /^--\d{4}$/.test(text.trim())
        ? [first.slice(0, 2), first.slice(2)]
        : parts.slice(0, 3)
    return split.length > 0 && split.every(part => this.#numbers.has(Number(part)) || this.#within(part))
  }

  /** Base64 of a picture, a sound or a key. */
  hasBinary(base64) {
    const wanted = base64.replace(/[\s=]/g, '')
    return wanted === '' || this.#raw.some(text => text.includes(wanted)) || this.#within(squash(wanted))
  }

  #within(wanted) {
    return this.#texts.some(text => text.includes(wanted))
  }

  #take(value) {
    if (typeof value === 'string') {
      this.#texts.add(value)
      // What is kept as it was written still has its escapes.
      if (/\\n/i.test(value)) this.#texts.add(value.replace(/\\n/gi, ' '))
      // A URI may say the same in percent signs.
      if (/%[0-9a-f]{2}/i.test(value)) {
        try {
          this.#texts.add(decodeURIComponent(value))
        } catch {}
      }
    } else if (typeof value === 'number') {
      this.#numbers.add(value)
      this.#texts.add(String(value))
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        if (!Array.isArray(value)) this.#texts.add(key)
        this.#take(inner)
      }
    }
  }
}

/** What the bytes say, and whether that is sure: bytes without a mark that are no UTF-8 can be of any alphabet. */
export function textOf(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes), sure: true }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes), sure: true }
  // Without a mark, as Windows hands it on: the high byte of a comma is 0.
  if (
    bytes.length > 3 &&
    bytes.subarray(0, 512).filter((byte, at) => byte === 0 && at % 2 === 1).length * 16 > Math.min(bytes.length, 512)
  )
    return { text: new TextDecoder('utf-16le').decode(bytes), sure: true }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), sure: true }
  } catch {
    // Byte for byte, so that a property which names its alphabet can be read by it.
    return { text: Buffer.from(bytes).toString('latin1'), sure: false }
  }
}
