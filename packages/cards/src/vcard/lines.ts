// Bytes to content lines (RFC 6350, section 3.2; RFC 2426, section 2.6): a line that begins with a blank goes on
// with the one before. Lines are joined as bytes and decoded whole, because the RFCs let a fold fall inside a
// character. CRLF, LF and CR all end a line. Memory is bounded by the longest line allowed, and work is linear
// however a line is folded.

export interface ContentLine {
  /** Where it begins, from 1. */
  readonly line: number
  /** `undefined`: longer than the limit. */
  readonly text: string | undefined
}

const LF = 10
const CR = 13
const TAB = 9
const SPACE = 32

export class LineReader {
  readonly #limit: number
  #decoder = new TextDecoder()
  #buffer = new Uint8Array(1024)
  #length = 0
  #overlong = false
  #starts = 1
  #line = 1
  // Where we are: at the beginning of a physical line, and whether the byte before was a CR.
  #fresh = true
  #afterCr = false
  #open = false

  constructor(limit: number) {
    this.#limit = limit
  }

  push(bytes: Uint8Array, take: (line: ContentLine) => void): void {
    let at = 0
    while (at < bytes.length) {
      if (this.#fresh) {
        const byte = bytes[at] as number
        if (this.#afterCr && byte === LF) {
          this.#afterCr = false
          at++
          continue
        }
        this.#afterCr = false
        this.#fresh = false
        if (this.#open && (byte === SPACE || byte === TAB)) {
          at++
        } else {
          this.#finish(take)
          this.#starts = this.#line
          this.#open = true
        }
      }
      let end = at
      while (end < bytes.length && bytes[end] !== LF && bytes[end] !== CR) end++
      this.#append(bytes.subarray(at, end))
      at = end
      if (end < bytes.length) {
        this.#afterCr = bytes[end] === CR
        this.#fresh = true
        this.#line++
        at++
      }
    }
  }

  end(take: (line: ContentLine) => void): void {
    this.#finish(take)
    this.#open = false
  }

  #append(part: Uint8Array): void {
    if (this.#overlong || part.length === 0) return
    const length = this.#length + part.length
    if (length > this.#limit) {
      this.#overlong = true
      this.#length = 0
      return
    }
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, this.#buffer.length * 2))
      larger.set(this.#buffer.subarray(0, this.#length))
      this.#buffer = larger
    }
    this.#buffer.set(part, this.#length)
    this.#length = length
  }

  #finish(take: (line: ContentLine) => void): void {
    if (!this.#open) return
    const text = this.#overlong ? undefined : this.#decoder.decode(this.#buffer.subarray(0, this.#length))
    if (this.#buffer.length > 1024 * 1024) this.#buffer = new Uint8Array(1024)
    this.#length = 0
    this.#overlong = false
    take({ line: this.#starts, text })
  }
}
