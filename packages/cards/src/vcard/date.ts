// Dates of vCard, some with parts missing, and instants. RFC 6350, section 4.3 (ISO 8601 basic), RFC 2426 (extended),
// RFC 9555, section 2.2.2.
import type { PartialDate, Timestamp } from '@amanat/vault'
import type { Property } from './property'
import { unescapeText } from './text'

const DATE =
  /^(?:(\d{4})-?(\d{2})-?(\d{2})|(\d{4})-(\d{2})|(\d{4})|--(\d{2})-?(\d{2})|--(\d{2})|---(\d{2}))(?:[T ]([\d:.,+Z-]*))?$/
// As people and some programs write it; a day before a month, or after it, is a guess that nobody makes here.
const LOOSE = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/
const INSTANT = /^(\d{4})-?(\d{2})-?(\d{2})T(\d{2}):?(\d{2}):?(\d{2})(?:[.,]\d+)?(Z|[+-]\d{2}(?::?\d{2})?)?$/

/** `undefined`: not a date, for example words. */
export function readDate(property: Property): PartialDate | Timestamp | undefined {
  const text = unescapeText(property.raw).trim()
  const omit = property.params.get('x-apple-omit-year')?.[0]
  const scale = property.params.get('calscale')?.[0]?.toLowerCase()
  // A moment on the clock of one place is a day everywhere, unless it says that it is meant in UTC.
  const utc = /Z$/.test(text) || property.type === 'timestamp' ? readInstant(text) : undefined
  if (utc !== undefined && !/T00:?00:?00Z$/.test(text)) return { '@type': 'Timestamp', utc }
  const match =
    DATE.exec(text) ??
    DATE.exec(text.replace(LOOSE, (_, y, m, d) => `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`))
  if (!match) return undefined
  const number = (...at: number[]) => {
    const found = at.map(index => match[index]).find(part => part !== undefined)
    return found === undefined ? undefined : Number(found)
  }
  let year = number(1, 4, 6)
  const month = number(2, 5, 7, 9)
  const day = number(3, 8, 10)
  if (month !== undefined && (month < 1 || month > 12)) return undefined
  if (day !== undefined && (day < 1 || day > 31)) return undefined
  // A day of no month, or a month of no year and no day, is no date of JSContact (RFC 9553, section 2.8.1).
  if (month === undefined ? day !== undefined : year === undefined && day === undefined) return undefined
  if (year !== undefined && omit !== undefined && Number(omit) === year) year = undefined
  return {
    ...(year === undefined ? {} : { year }),
    ...(month === undefined ? {} : { month }),
    ...(day === undefined ? {} : { day }),
    ...(scale === undefined || scale === 'gregorian' ? {} : { calendarScale: scale }),
  }
}

/** A time of day on no clock in particular has no place in JSContact (RFC 9553, section 2.8.1): it is kept beside. */
export function timeOf(property: Property, date: PartialDate | Timestamp): { [TIME]: string } | undefined {
  const time = 'utc' in date ? undefined : DATE.exec(unescapeText(property.raw).trim())?.[11]
  return time === undefined || /^(?:00:?00(?::?00)?Z?)?$/.test(time) ? undefined : { [TIME]: `T${time}` }
}

/** Of `vCardParams`, for what follows a date. */
export const TIME = 'x-time'

/** The value, its type and parameters. `undefined`: RFC 6350 has no way to say it. */
export function writeDate(
  date: PartialDate | Timestamp,
  time?: unknown,
): { raw: string; type?: string; params: Map<string, string[]> } | undefined {
  if ('utc' in date) return { raw: basic(date.utc), type: 'timestamp', params: new Map() }
  const { year, month, day, calendarScale } = date
  const pad = (value: number, length: number) => String(value).padStart(length, '0')
  const params = new Map<string, string[]>()
  if (calendarScale !== undefined) params.set('calscale', [calendarScale])
  let raw: string | undefined
  if (year !== undefined && month !== undefined && day !== undefined) raw = pad(year, 4) + pad(month, 2) + pad(day, 2)
  else if (year !== undefined && month !== undefined) raw = `${pad(year, 4)}-${pad(month, 2)}`
  else if (year !== undefined && day === undefined) raw = pad(year, 4)
  else if (month !== undefined && day !== undefined) raw = `--${pad(month, 2)}${pad(day, 2)}`
  else if (month !== undefined) raw = `--${pad(month, 2)}`
  else if (day !== undefined) raw = `---${pad(day, 2)}`
  if (raw === undefined) return undefined
  return { raw: typeof time === 'string' && /^T[\d:.,+Z-]*$/.test(time) ? raw + time : raw, params }
}

/** An ISO instant in UTC, to the second; a time without a zone is taken as UTC. */
export function readInstant(text: string): string | undefined {
  const match = INSTANT.exec(text.trim())
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, zone = 'Z'] = match
  const offset = /^([+-]\d{2}):?(\d{2})?$/.exec(zone)
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}${offset ? `${offset[1]}:${offset[2] ?? '00'}` : 'Z'}`
  const ms = Date.parse(iso)
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString().replace('.000Z', 'Z')
}

/** `20260301T120000Z`: the basic form that RFC 6350, section 4.3.5 asks for. */
export function basic(utc: string): string {
  return utc.replace(/[-:]/g, '').replace(/\.\d+/, '')
}
