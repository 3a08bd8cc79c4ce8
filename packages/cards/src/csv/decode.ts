// The bytes of a sheet as text. UTF-8 where they are UTF-8; otherwise one of the old code pages, which spreadsheets on
// Windows still write: which one, the letters tell. It is decided at the first letter that isn't ASCII, once for the file.
import { likely } from '../vcard/charset'

// As much as is looked at to tell.
const ENOUGH = 65_536

/** `told` is called once, when it is known; a file of nothing but ASCII is UTF-8. */
export async function* sheetText(
  bytes: AsyncIterable<Uint8Array>,
  told: (charset: string) => void = () => undefined,
): AsyncGenerator<string> {
  const ascii = new TextDecoder()
  let decoder: TextDecoder | undefined
  let held: Uint8Array[] = []
  let size = 0
  const decide = () => {
    const sample = new Uint8Array(size)
    let at = 0
    for (const piece of held) {
      sample.set(piece, at)
      at += piece.length
    }
    held = []
    const charset = charsetOf(sample)
    told(charset)
    decoder = new TextDecoder(charset)
    return decoder.decode(sample, { stream: true })
  }
  for await (const piece of bytes) {
    if (decoder) yield decoder.decode(piece, { stream: true })
    else if (size === 0 && isAscii(piece)) yield ascii.decode(piece)
    else {
      held.push(piece.slice())
      size += piece.length
      if (size >= ENOUGH) yield decide()
    }
  }
  if (size > 0 && !decoder) yield decide()
  if (decoder) yield decoder.decode()
  else told('utf-8')
}

// A loop is ten times as fast here as `every`, and each byte of a file goes through it.
function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if ((bytes[at] as number) >= 0x80) return false
  return true
}

/** The charset of text of which this is a part: `utf-8`, or the code page that is likely. */
export function charsetOf(bytes: Uint8Array): string {
  let whole = 0
  let broken = 0
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] as number
    if (byte < 0x80) {
      at++
      continue
    }
    const length =
      byte >= 0xf0 && byte < 0xf5 ? 4 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xc2 && byte < 0xe0 ? 2 : 1
    let follows = 1
    while (follows < length && ((bytes[at + follows] ?? 0) & 0xc0) === 0x80) follows++
    if (length > 1 && follows === length) whole++
    // Cut off where the sample ends: says nothing.
    else if (at + length <= bytes.length) broken++
    at += follows
  }
  // A stray byte in a file of UTF-8 doesn't make it anything else.
  return broken === 0 || whole > broken * 4 ? 'utf-8' : likely(bytes)
}
