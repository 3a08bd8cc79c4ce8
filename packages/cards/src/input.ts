// Whatever an address book comes in as, as a stream of UTF-8 bytes in small pieces. Bytes and not text, because
// some writers fold a line in the middle of a character: lines are put together first and decoded afterwards.
import { CardsError } from './errors'

/** A file's content: whole, or as it arrives. Text is taken as is; of bytes, UTF-16 is told by its mark or by its zeros. */
export type CardInput = string | Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>

// Large enough to be quick, small enough that the cards of one piece are no burden.
const PIECE = 65_536

// As much as tells UTF-16 from a picture.
const START = 512

/** @throws CardsError NOT_TEXT; CHARSET_UNKNOWN, if `charset` is said and there is no such. */
export async function* inputBytes(input: CardInput, charset?: string): AsyncGenerator<Uint8Array> {
  const said = charset === undefined ? undefined : decoderOf(charset)
  const bytes = pieces(input)
  const start: Uint8Array[] = []
  let size = 0
  try {
    while (size < START) {
      const next = await bytes.next()
      if (next.done) break
      start.push(next.value)
      size += next.value.length
    }
  } catch (error) {
    await bytes.return(undefined)
    throw error
  }
  let decoder: TextDecoder | undefined
  const encoder = new TextEncoder()
  let first = true
  for await (let piece of withHead(size < START || start.length > 1 ? [joined(start)] : start, bytes)) {
    if (piece.length === 0) continue
    if (first) {
      first = false
      const mark = byteOrderMark(piece)
      // What the file itself says is believed before what is said of it.
      const name =
        mark.length > 0
          ? mark.encoding
          : (zeros(piece) ?? (/^utf-16/.test(said?.encoding ?? '') ? said?.encoding : undefined))
      if (name !== undefined && name !== 'utf-8') decoder = new TextDecoder(name)
      else if (mark.length === 0 && said && said.encoding !== 'utf-8') decoder = said
      piece = piece.subarray(mark.length)
      if (!decoder && isBinary(piece.subarray(0, 1024)) && !looksLikeCards(piece)) throw new CardsError('NOT_TEXT')
    }
    for (let at = 0; at < piece.length; at += PIECE) {
      const part = piece.subarray(at, at + PIECE)
      yield decoder ? encoder.encode(decoder.decode(part, { stream: true })) : part
    }
  }
  if (decoder) yield encoder.encode(decoder.decode())
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset)
  } catch {
    throw new CardsError('CHARSET_UNKNOWN')
  }
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

// UTF-16 without its mark: of each two bytes, the high one is that of a Latin, Hebrew or Arabic letter, and some are 0.
function zeros(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const length = Math.min(bytes.length, START) & ~1
  if (length < 8) return undefined
  const count = [0, 0]
  const low = [0, 0]
  for (let at = 0; at < length; at++) {
    const side = at & 1
    const byte = bytes[at] as number
    if (byte === 0) count[side] = (count[side] as number) + 1
    // Cyrillic, Hebrew, Arabic, and the marks of punctuation.
    if (byte === 0 || byte === 4 || byte === 5 || byte === 6 || byte === 0x20) low[side] = (low[side] as number) + 1
  }
  const half = length / 2
  const of = (high: 0 | 1) =>
    (count[high] as number) > half / 16 && count[1 - high] === 0 && (low[high] as number) > half * 0.9
  return of(1) ? 'utf-16le' : of(0) ? 'utf-16be' : undefined
}

/** Puts back what was taken to look at the beginning. */
export async function* withHead(
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* head
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}

/** As text in pieces; malformed UTF-8 becomes U+FFFD. */
export async function* inputText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true })
  yield decoder.decode()
}

async function* pieces(input: CardInput): AsyncGenerator<Uint8Array> {
  if (typeof input === 'string') {
    // In slices, so that a large text isn't held twice. A slice never ends inside a surrogate pair.
    const encoder = new TextEncoder()
    for (let at = 0; at < input.length; ) {
      let end = Math.min(at + PIECE, input.length)
      const last = input.charCodeAt(end - 1)
      if (end < input.length && last >= 0xd800 && last < 0xdc00) end++
      yield encoder.encode(input.slice(at, end))
      at = end
    }
  } else if (input instanceof Uint8Array) {
    yield input
  } else if (Symbol.asyncIterator in input) {
    for await (const piece of input) yield typeof piece === 'string' ? new TextEncoder().encode(piece) : piece
  } else {
    // A ReadableStream in browsers that can't iterate one yet.
    const reader = (input as ReadableStream<Uint8Array>).getReader()
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
    } finally {
      await reader.cancel().catch(() => undefined)
    }
  }
}

function byteOrderMark(bytes: Uint8Array): { encoding: 'utf-8' | 'utf-16le' | 'utf-16be'; length: number } {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', length: 3 }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', length: 2 }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', length: 2 }
  return { encoding: 'utf-8', length: 0 }
}

// A stray NUL inside an address book is dropped later; a picture or an archive has many, and other control characters.
function isBinary(bytes: Uint8Array): boolean {
  let zeros = 0
  for (const byte of bytes) if (byte === 0) zeros++
  return (
    zeros > STRAY ||
    zeros * 8 > bytes.length ||
    (zeros > 0 && bytes.some(byte => (byte > 0 && byte < 9) || (byte > 13 && byte < 27)))
  )
}
const STRAY = 4

function looksLikeCards(bytes: Uint8Array): boolean {
  const head = new TextDecoder().decode(bytes.subarray(0, 1024))
  return /^\s*(BEGIN:VCARD|[{[])/i.test(head)
}
