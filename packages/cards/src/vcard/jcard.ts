// jCard (RFC 7095): a vCard as JSON, which registries of domains and mail servers write. Its properties become those of a
// vCard, so that there is one mapping to JSContact and not two.
import type { Property } from './property'
import { escapeText, uriText } from './text'

export type JCard = readonly ['vcard', readonly unknown[]]

export function isJCardFile(value: unknown): value is JCard {
  return Array.isArray(value) && value.length === 2 && /^vcard$/i.test(String(value[0])) && Array.isArray(value[1])
}

/** What is no property is left out, and counted. */
export function jCardProperties([, entries]: JCard, line: number): { properties: Property[]; odd: number } {
  const properties: Property[] = []
  let odd = 0
  // The line stands for a name here: what translates another property is found by it.
  for (const [index, entry] of entries.entries()) {
    const property = propertyOf(entry, line + index)
    if (property) properties.push(property)
    else odd++
  }
  return { properties, odd }
}

const NAME = /^[A-Za-z0-9-]+$/
// Section 3.3: what the property says anyway.
const DEFAULT = new Set([
  'unknown',
  'text',
  'uri',
  'date',
  'date-time',
  'date-and-or-time',
  'utc-offset',
  'language-tag',
  'integer',
  'boolean',
  'float',
  'time',
])

function propertyOf(entry: unknown, line: number): Property | undefined {
  if (!Array.isArray(entry) || entry.length < 4) return undefined
  const [name, given, type, ...values] = entry as [unknown, unknown, unknown, ...unknown[]]
  if (typeof name !== 'string' || !NAME.test(name) || typeof type !== 'string') return undefined
  const params = new Map<string, readonly string[]>()
  let group: string | undefined
  for (const [param, value] of Object.entries(typeof given === 'object' && given !== null ? given : {})) {
    const texts = [value].flat().map(String)
    if (param === 'group') group = texts[0]?.toLowerCase()
    else if (NAME.test(param)) params.set(param.toLowerCase(), texts)
  }
  const said = type.toLowerCase()
  const own = name.toLowerCase() === 'tel' || !DEFAULT.has(said) ? said : undefined
  return {
    name: name.toLowerCase(),
    ...(group === undefined ? {} : { group }),
    params,
    ...(own === undefined || own === 'text' ? {} : { type: own }),
    raw: values.map(value => rawOf(value, said)).join(','),
    line,
  }
}

// Section 3.3.1.3: a list is a structure; a list in it has several values at one place.
function rawOf(value: unknown, type: string): string {
  if (Array.isArray(value))
    return value
      .map(part =>
        [part]
          .flat()
          .map(one => escapeText(String(one), '4.0', 'component'))
          .join(','),
      )
      .join(';')
  if (typeof value !== 'string') return JSON.stringify(value) ?? ''
  return type === 'uri' || type === 'unknown' ? uriText(value) : escapeText(value, '4.0')
}
