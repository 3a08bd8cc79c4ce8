// Whatever an address book comes in as, as a stream of UTF-8 bytes in small pieces. Bytes and not text, because
// some writers fold a line in the middle of a character: lines are put together first and decoded afterwards.
import { CardsError } from './errors'

/** A file's content: whole, or as it arrives. Text is taken as is; bytes are UTF-8, or UTF-16 with a byte order mark. */
export type CardInput = string | Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>

// Large enough to be quick, small enough that the cards of one piece are no burden.
const PIECE = 65_536

export async function* inputBytes(input: CardInput): AsyncGenerator<Uint8Array> {
  let decoder: TextDecoder | undefined
  const encoder = new TextEncoder()
  let first = true
  for await (let piece of pieces(input)) {
    if (piece.length === 0) continue
    if (first) {
      first = false
      const mark = byteOrderMark(piece)
      if (mark.encoding !== 'utf-8') decoder = new TextDecoder(mark.encoding)
      piece = piece.subarray(mark.length)
      if (!decoder && piece.subarray(0, 1024).includes(0) && !looksLikeCards(piece)) throw new CardsError('NOT_TEXT')
    }
    for (let at = 0; at < piece.length; at += PIECE) {
      const part = piece.subarray(at, at + PIECE)
      yield decoder ? encoder.encode(decoder.decode(part, { stream: true })) : part
    }
  }
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

// A stray NUL inside an address book is dropped later; a picture or an archive is not an address book.
function looksLikeCards(bytes: Uint8Array): boolean {
  const head = new TextDecoder().decode(bytes.subarray(0, 1024))
  return /^\s*(BEGIN:VCARD|[{[])/i.test(head)
}
