// The second reading of a vCard, which says what the first one left out: it must not cry wolf over what is there in
// another dress, and must still see what is gone.
import { Buffer } from 'node:buffer'
import { type ReadCard, readVCards } from '@amanat/cards'
import { describe, expect, test } from 'vitest'
import { unreached } from '../../scripts/cards/vcard-source.mjs'

const file = (...lines: string[]) => ['BEGIN:VCARD', 'VERSION:3.0', 'FN:Sara', ...lines, 'END:VCARD', ''].join('\r\n')

async function lossesOf(text: string, change: (item: ReadCard) => ReadCard = item => item) {
  const items: ReadCard[] = []
  for await (const item of readVCards(text)) items.push(change(structuredClone(item)))
  return unreached(Buffer.from(text), items).losses
}

const KEY = 'MIICajCCAdOgAwIBAgICBEUwDQYJKoZIhvcNAQEEBQ=='
const CASES: [why: string, field: string, lines: string[]][] = [
  ['line breaks in what is kept as it was written', 'vCardProps', ['X-EXAMPLE:tea\\nnever\\Ncoffee \\; or milk']],
  [
    'line breaks in a card inside the card',
    'vCardProps',
    ['AGENT:BEGIN:VCARD\\nFN:Omid\\nNOTE:a\\\\nb\\nEND:VCARD\\n'],
  ],
  ['a card inside the card, on lines of its own', 'vCardProps', ['AGENT:', 'BEGIN:VCARD', 'NOTE:a\\nb', 'END:VCARD']],
  ['the kind of a key in lower case', 'cryptoKeys', [`key;type=x509;encoding=b:${KEY}`]],
  ['text in base64', 'notes', ['NOTE;ENCODING=BASE64:VGVh']],
  ['a label without its quotes', 'addresses', ['ADR;LABEL=Flat 3: 12 Garden Street:;;12 Garden Street;Leeds;;;']],
  ['a type behind another sign', 'phones', ['TEL;TYPE#CELL:07700 900123', 'TEL;TYPE#=HOME:07700 900124']],
]

describe('the second reading finds', () => {
  test.each(CASES)('%s, and misses it where it is gone', async (_, field, lines) => {
    const text = file(...lines)
    expect(await lossesOf(text)).toEqual({})
    const without = (item: ReadCard) => {
      if ('card' in item) delete (item.card as Record<string, unknown>)[field]
      return item
    }
    expect(await lossesOf(text, without)).not.toEqual({})
  })

  test('nothing to lose in the types of an address without any part, but its label', async () => {
    expect(await lossesOf(file('ADR;TYPE=work;TYPE=dom:;;;;;;', 'ADR;TYPE=home:;; ;;;;'))).toEqual({})
    const labelled = file('ADR;TYPE=dom;LABEL="12 Garden Street":;;;;;;')
    expect(await lossesOf(labelled)).toEqual({})
    expect(
      await lossesOf(labelled, item => ({ line: item.line, card: { name: { full: 'Sara' } } }) as ReadCard),
    ).toEqual({ 'adr;type': 1, 'adr;label': 1 })
  })
})
