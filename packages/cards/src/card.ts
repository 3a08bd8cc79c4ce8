// Everyday questions to a card, and the shortest way to make one. Pure functions over plain JSContact.
import type { Card } from '@amanat/vault'
import { localized } from './vcard/languages'
import { fullName } from './vcard/name'

export interface CardFrom {
  /** As it is said. */
  readonly name?: string
  readonly given?: string
  readonly surname?: string
  readonly phone?: string
  readonly phones?: readonly string[]
  readonly email?: string
  readonly emails?: readonly string[]
  readonly organization?: string
  readonly note?: string
}

/** A card of what a small form asks for. Numbers and addresses stay as they were typed. */
export function cardFrom(from: CardFrom): Card {
  const components = [
    ...(from.given?.trim() ? [{ kind: 'given', value: from.given.trim() }] : []),
    ...(from.surname?.trim() ? [{ kind: 'surname', value: from.surname.trim() }] : []),
  ]
  const full = from.name?.trim()
  const phones = texts(from.phone, from.phones)
  const emails = texts(from.email, from.emails)
  const organization = from.organization?.trim()
  const note = from.note?.trim()
  return {
    '@type': 'Card',
    version: '2.0',
    ...(full || components.length > 0
      ? { name: { ...(full ? { full } : {}), ...(components.length > 0 ? { components } : {}) } }
      : {}),
    ...(phones.length > 0 ? { phones: entries('p', phones, number => ({ number })) } : {}),
    ...(emails.length > 0 ? { emails: entries('e', emails, address => ({ address })) } : {}),
    ...(organization ? { organizations: { o1: { name: organization } } } : {}),
    ...(note ? { notes: { n1: { note } } } : {}),
  }
}

/**
 * The number to use, as it was typed: the preferred one, or the first. `mobile`: one that is said to be mobile, or
 * one of which nothing is said; never one that is said to be something else. `undefined`: there is none.
 */
export function phoneOf(card: Pick<Card, 'phones'>, feature?: 'mobile'): string | undefined {
  const phones = byPreference(card.phones)
  if (feature === undefined) return phones[0]?.number
  const said = phones.find(phone => phone.features?.[feature])
  return (said ?? phones.find(phone => !Object.values(phone.features ?? {}).includes(true)))?.number
}

/** The address to use: the preferred one, or the first. */
export function emailOf(card: Pick<Card, 'emails'>): string | undefined {
  return byPreference(card.emails)[0]?.address
}

/**
 * What to call them, in a language where the card has it: their name, else a nickname, else an organization.
 * `undefined`: the card names nobody.
 */
export function nameOf(card: Card, language?: string): string | undefined {
  const said = language === undefined ? card : localized(card, language)
  const full = said.name ? fullName(said.name) : ''
  return full || Object.values(said.nicknames ?? {})[0]?.name || Object.values(said.organizations ?? {})[0]?.name
}

/**
 * A name as it is compared, not shown: without case, accents, vowel signs, hamza, joiners and marks of direction, and
 * with Arabic and Persian letters that look alike made one. Sort keys with `Intl.Collator`: the alphabet of Persian
 * isn't in the order of its code points.
 */
export function sortKey(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\u00ad\ufeff\u0640]/g, '')
    .replace(/\p{M}/gu, '')
    .replace(/[يىۍې]/g, 'ی')
    .replace(/[كڪ]/g, 'ک')
    .replace(/ٱ/g, 'ا')
    .replace(/[ةۀەھہ]/g, 'ه')
    .replace(/ء/g, '')
    .replace(/[۰-۹]/g, digit => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/[٠-٩]/g, digit => String(digit.charCodeAt(0) - 0x660))
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/ı/g, 'i')
    .replace(/\s+/g, ' ')
    .trim()
}

function texts(one: string | undefined, more: readonly string[] = []): string[] {
  const all = [...(one === undefined ? [] : [one]), ...more].map(text => text.trim()).filter(text => text !== '')
  return [...new Set(all)]
}

function entries<T>(prefix: string, values: readonly string[], entry: (value: string) => T): Record<string, T> {
  return Object.fromEntries(values.map((value, index) => [`${prefix}${index + 1}`, entry(value)]))
}

function byPreference<T extends { readonly pref?: number }>(map: { readonly [id: string]: T } | undefined): T[] {
  return Object.values(map ?? {}).sort((one, other) => (one.pref ?? 101) - (other.pref ?? 101))
}
