// Reads an address book of any kind, and tells the kind by what is in it, not by its name.

import { charsetOf } from './csv/decode'
import { columnOf } from './csv/places'
import { type CsvOptions, readCsvBytes } from './csv/read'
import { CardsError } from './errors'
import { type CardInput, inputBytes, joined, withHead } from './input'
import { readJsContactBytes } from './jscontact/read'
import { LIMITS } from './limits'
import type { ReadCard } from './read-card'
import { readVCardBytes } from './vcard/read'

/** What an address book is written in. */
export type CardType = 'vcard' | 'csv' | 'jscontact'

export interface ReadOptions extends CsvOptions {
  /** Told by the content where left out. */
  readonly type?: CardType
}

// As much as is looked at.
const HEAD = 16_384

/**
 * Reads vCard, CSV or JSContact. An empty input gives nothing.
 *
 * @throws CardsError NOT_TEXT, TYPE_UNKNOWN, and those of the type.
 */
export function readCards(input: CardInput, options: ReadOptions = {}): AsyncIterable<ReadCard> {
  return { [Symbol.asyncIterator]: () => read(input, options) }
}

async function* read(input: CardInput, options: ReadOptions): AsyncGenerator<ReadCard> {
  const bytes = inputBytes(input, options.charset)
  const head: Uint8Array[] = []
  for (let size = 0; size < HEAD; ) {
    const next = await bytes.next()
    if (next.done) break
    head.push(next.value.slice())
    size += next.value.length
  }
  const start = joined(head)
  const text = new TextDecoder(charsetOf(start)).decode(start)
  if (text.replace(/[\s\0\ufeff]/g, '') === '') return
  const type = options.type ?? typeOf(text)
  if (type === undefined) {
    await bytes.return(undefined)
    throw new CardsError('TYPE_UNKNOWN')
  }
  const whole = withHead(head, bytes)
  const limits = { ...LIMITS, ...options.limits }
  if (type === 'vcard') yield* readVCardBytes(whole, limits)
  else if (type === 'csv') yield* readCsvBytes(whole, options)
  else yield* readJsContactBytes(whole, limits)
}

// No sheet has these; noise and old binary formats do.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0001-\u0008\u000e-\u001f\u0080-\u0084\u0086-\u009f]/

function typeOf(text: string): CardType | undefined {
  const start = text.replace(/^[\s\0\ufeff]+/, '')
  if (/^BEGIN\s*:\s*VCARD/i.test(start)) return 'vcard'
  // LDIF, which Thunderbird and directories write. A comment ends where its line does: anything looser is tried in every way.
  if (/^(?:version:\s*\d+\s+)?(?:#[^\r\n]*[\r\n]\s*)*dn::?\s/i.test(start)) return undefined
  if (/^\{|^\[\s*(?:[[{\]"\d]|$)/.test(start)) return 'jscontact'
  // Without its beginning.
  if (/^(?:VERSION|PRODID|UID|REV|FN|N)\b[^\n]*:/i.test(start) && /^END:VCARD\s*$/im.test(start)) return 'vcard'
  // A header may stand below a line `sep=;`, or below notes.
  const lines = start
    .split(/\r\n?|\n/, 12)
    .map(line => line.split(/[,;\t|]/).map(cell => cell.trim().replace(/^"|"$/g, '')))
  const known = (cells: readonly string[] = []) => cells.filter(cell => columnOf(cell)).length
  if (/^"?sep=.\W*$/i.test(start.split(/\r\n?|\n/, 1)[0] ?? '') || known(lines[0]) > 0) return 'csv'
  if (lines.some(cells => known(cells) > 1)) return 'csv'
  const cells = lines[0] ?? []
  if (/^BEGIN:VCARD\s*$/im.test(start)) return 'vcard'
  // Not text, or a sheet whose columns the caller has to name.
  return cells.length > 1 && !start.includes('\ufffd') && !CONTROL.test(start) ? 'csv' : undefined
}
