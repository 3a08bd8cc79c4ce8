/** A card as `field: value` lines: what is plain to say plainly, everything else as it is written in JSContact. */
import { nameOf } from '@amanat/cards'
import type { Card } from '@amanat/vault'

type Line = readonly [string, string]

/** The one property of each field's entries that says it all. */
const SAYS: { readonly [field: string]: string } = {
  phones: 'number',
  emails: 'address',
  nicknames: 'name',
  organizations: 'name',
  titles: 'name',
  notes: 'note',
  links: 'uri',
  preferredLanguages: 'language',
}
/** Of the card itself, not of the person. */
const ABOUT_THE_CARD = new Set(['@type', 'version'])
const LONGEST = 300

export function cardLines(card: object): Line[] {
  return Object.entries(card).flatMap(([field, value]): Line[] => {
    if (ABOUT_THE_CARD.has(field) || value === undefined) return []
    if (field === 'name') return [['name', nameOf(card as Card) ?? '']]
    const property = SAYS[field]
    if (property === undefined || typeof value !== 'object' || value === null) return [[field, short(value)]]
    return Object.values(value).map(entry => [field, short((entry as Record<string, unknown>)?.[property] ?? entry)])
  })
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text
}
