// What the tests of this folder share: everything that a reader gives, and the cards in it.
import type { Card, Format } from '@amanat/vault'
import type { ReadCard } from '../src'

export async function all(items: AsyncIterable<ReadCard>): Promise<ReadCard[]> {
  const found: ReadCard[] = []
  for await (const item of items) found.push(item)
  return found
}

export async function cards(items: AsyncIterable<ReadCard>): Promise<Card[]> {
  return (await all(items)).map(item => {
    if ('error' in item) throw new Error(`line ${item.line}: ${item.error.code}`)
    return item.card
  })
}

export const codes = (items: readonly ReadCard[]) =>
  items.map(item => ('error' in item ? `${item.line}:${item.error.code}` : `${item.line}:card`))

/** One vCard of these lines. */
export const vcf = (version: '3.0' | '4.0', ...lines: string[]) =>
  ['BEGIN:VCARD', `VERSION:${version}`, ...lines, 'END:VCARD', ''].join('\r\n')

export const CONTEXT = {
  purpose: 'prayer-times',
  recipient: 'sms-gateway',
  destroyBy: '2026-06-01T00:00:00Z',
  exported: '2026-03-01T12:00:00Z',
}

export async function written(format: Format, people: readonly Card[]): Promise<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let text = ''
  async function* each() {
    for (const card of people) yield { card }
  }
  for await (const bytes of format.write(each(), CONTEXT)) text += decoder.decode(bytes, { stream: true })
  return text + decoder.decode()
}
