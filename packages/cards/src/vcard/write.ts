// vCard as an export format: one card after another, lines ending in CRLF and folded at 75 octets (RFC 6350,
// section 3.2) between characters. ical.js folds too, but its continuation lines are 76 octets long.
import type { Card, Format } from '@amanat/vault'
import { type NumberOptions, numberWriter } from '../numbers'
import { fromCard } from './from-card'
import { writeProperty } from './property'
import type { VCardVersion } from './text'

const OCTETS = 75
const ASCII = /^[\0-\x7f]*$/

/** vCard 4.0 (RFC 6350), or 3.0 (RFC 2426) for address books that know no better. */
export function vcard(options: { version?: VCardVersion } & NumberOptions = {}): Format {
  const version = options.version ?? '4.0'
  return {
    name: 'vcard',
    version,
    mediaType: 'text/vcard; charset=utf-8',
    extension: 'vcf',
    async *write(people, context) {
      const encoder = new TextEncoder()
      const numbered = await numberWriter(options)
      for await (const { card } of people) {
        // With each card, because address books take files apart.
        const until = `X-AMANAT-DESTROY-BY:${context.destroyBy.replace(/[^0-9A-Za-z:.+-]/g, '')}`
        yield encoder.encode(writeCard(await numbered(card), version, [until]))
      }
    },
  }
}

/**
 * Cards as text, outside of any vault: one vCard after another. For tests, conversions and round trips; people of a vault
 * leave by an export.
 */
export function writeVCards(cards: Iterable<Card>, options: { version?: VCardVersion } = {}): string {
  let text = ''
  for (const card of cards) text += writeCard(card, options.version ?? '4.0')
  return text
}

/** One card. */
export function writeCard(card: Card, version: VCardVersion, more: readonly string[] = []): string {
  const lines = fromCard(card, version).map(writeProperty)
  return ['BEGIN:VCARD', `VERSION:${version}`, ...lines, ...more, 'END:VCARD'].map(line => `${fold(line)}\r\n`).join('')
}

export function fold(line: string): string {
  if (line.length <= OCTETS && (line.length * 3 <= OCTETS || ASCII.test(line))) return line
  const parts: string[] = []
  let from = 0
  let octets = 0
  for (let at = 0; at < line.length; ) {
    const code = line.codePointAt(at) as number
    const width = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    if (octets + width > OCTETS) {
      parts.push(line.slice(from, at))
      from = at
      // The blank that says that the line goes on counts too.
      octets = 1
    }
    octets += width
    at += code > 0xffff ? 2 : 1
  }
  parts.push(line.slice(from))
  return parts.join('\r\n ')
}
