/** The values of one field of a card as lines of text: for showing, in the reader's language. Phones and e-mails have links of their own. */
import type { Card } from '@amanat/vault'
import type { Format } from '../../i18n/format'

type Entry = { readonly [property: string]: unknown }

export function linesOf(card: Card, field: string, format: Format): string[] {
  const value: unknown = (card as unknown as Entry)[field]
  if (value === undefined || value === null) return []
  if (field === 'name') return [nameText(value as NonNullable<Card['name']>)]
  if (field.startsWith('x:')) return [typeof value === 'number' ? format.number(value) : String(value)]
  if (field === 'keywords') return Object.keys(value)
  return Object.values(value).flatMap(entry => lineOf(field, entry as Entry, format))
}

function lineOf(field: string, entry: Entry, format: Format): string[] {
  if (field === 'anniversaries') return dateLine(entry.date as Entry, format)
  if (field === 'preferredLanguages') return [languageName(String(entry.language), format)]
  const said =
    entry.full ?? entry.note ?? entry.name ?? entry.number ?? entry.address ?? entry.user ?? entry.value ?? entry.uri
  if (typeof said === 'string' && !said.startsWith('data:')) return [said]
  const components = entry.components as readonly { readonly value: string }[] | undefined
  return components ? [components.map(({ value }) => value).join(' ')] : []
}

const nameText = (name: NonNullable<Card['name']>): string =>
  name.full ?? name.components?.map(({ value }) => value).join(' ') ?? ''

function dateLine({ year, month, day, utc }: Entry, format: Format): string[] {
  if (typeof utc === 'string') return [format.date(utc)]
  if (year && month && day) {
    const pad = (part: unknown, to: number) => String(part).padStart(to, '0')
    return [format.date(`${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`)]
  }
  return [format.digits([year, month, day].filter(Boolean).join('-'))]
}

const languageName = (tag: string, { locale }: Format): string => {
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}
