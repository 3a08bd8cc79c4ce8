// Dates as people and programs write them in cells: ISO, day first, month first, Persian years. One that may be two
// dates is none, unless the caller says the order.
import type { PartialDate } from '@amanat/vault'
import { readDate } from '../vcard/date'
import { fold } from './places'

/** Which comes first in `03/05/1990`. */
export type DateOrder = 'dmy' | 'mdy'

// English, German, French; what a year has of months where years are counted from the Hijra is told apart by the year.
const MONTHS: readonly (readonly string[])[] = [
  'jan january januar janner janvier janv',
  'feb february februar februar fevrier fevr fev',
  'mar march marz maerz mars mrz',
  'apr april avril avr',
  'may mai',
  'jun june juni juin',
  'jul july juli juillet juil',
  'aug august aout',
  'sep september septembre sept',
  'oct october oktober octobre okt',
  'nov november novembre',
  'dec december dezember decembre dez',
].map(words => words.split(' '))
const PERSIAN_MONTHS = 'فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند'.split(' ').map(fold)

/** 1 to 12, or 0. */
function monthOf(word: string): number {
  const name = fold(word).replace(/\.$/, '')
  return (
    1 +
    Math.max(
      MONTHS.findIndex(names => names.includes(name)),
      PERSIAN_MONTHS.indexOf(name),
    )
  )
}

/** With the digits of Persian and Arabic as those of ASCII, and nothing around it. */
export function ascii(text: string): string {
  return text
    .replace(/[۰-۹]/g, digit => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/[٠-٩]/g, digit => String(digit.charCodeAt(0) - 0x660))
    .trim()
}

/** No date that anybody writes is longer, with its time and the name of its zone; the patterns here are for short texts. */
export const LONGEST_DATE = 100

// As most programs write it.
const ISO = /^(\d{4})-(\d{2})-(\d{2})$/

/** A day, perhaps without its year. `undefined`: none that is sure. */
export function cellDate(cell: string, order?: DateOrder): PartialDate | undefined {
  if (cell.length > LONGEST_DATE) return undefined
  const plain = ISO.exec(cell)
  if (plain) {
    const [year, month, day] = [Number(plain[1]), Number(plain[2]), Number(plain[3])]
    if (month >= 1 && month <= 12 && day >= 1 && day <= 31) return dated(year, month, day)
  }
  // Google writes a birthday without its year as ` --03-05`; spreadsheets put an apostrophe before it.
  const text = ascii(cell)
    .replace(/^'/, '')
    .replace(/[T ]\d{1,2}:\d{2}.*$/, '')
  const read = readDate({ name: 'bday', params: new Map(), raw: text, line: 0 })
  if (read && !('utc' in read)) return read.year === undefined ? read : dated(read.year, read.month ?? 0, read.day ?? 0)
  const year = /^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})$/.exec(text)
  if (year) return dated(Number(year[1]), Number(year[2]), Number(year[3]))
  const named =
    /^(\d{1,2})(?:\.|er)?[ -]+([\p{L}\p{M}]{2,12}\.?)[ ,-]+(\d{4})$/u.exec(text) ??
    reversed(/^([\p{L}\p{M}]{3,12}\.?) (\d{1,2}),? (\d{4})$/u.exec(text))
  const month = named ? monthOf(named[2] as string) : 0
  if (named) return month > 0 ? dated(Number(named[3]), month, Number(named[1])) : undefined
  const parts = /^(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4})?)?$/.exec(text)
  if (!parts) return undefined
  const [, one, mark, two, last] = parts
  const first = Number(one)
  const second = Number(two)
  // A dot is put after a day, and nobody puts the month first there.
  const dayFirst = mark === '.' || order === 'dmy' || first > 12 || first === second
  const monthFirst = order === 'mdy' || second > 12
  if (dayFirst === monthFirst && first !== second) {
    if (first > 12) return dated(last === undefined ? undefined : Number(last), second, first)
    if (second > 12) return dated(last === undefined ? undefined : Number(last), first, second)
    return undefined
  }
  return dayFirst
    ? dated(last === undefined ? undefined : Number(last), second, first)
    : dated(last === undefined ? undefined : Number(last), first, second)
}

/** From columns of a year, a month (a number or a name) and a day. `undefined`: they make no date. */
export function joinedDate(year?: string, month?: string, day?: string): PartialDate | undefined {
  const [y = '', m = '', d = ''] = [year, month, day].map(part => ascii(part ?? ''))
  // A day that is written whole.
  if (y === '' && m === '' && !/^\d{1,2}$/.test(d)) return cellDate(d)
  const number = /^\d{1,2}$/.test(m) ? Number(m) : monthOf(m)
  if ((y !== '' && !/^\d{4}$/.test(y)) || (d !== '' && !/^\d{1,2}$/.test(d)) || (m !== '' && number === 0))
    return undefined
  // A day of no month, or a month of no year and no day, is no date of JSContact (RFC 9553, section 2.8.1).
  if (m === '' ? y === '' || d !== '' : y === '' && d === '') return undefined
  return dated(y === '' ? undefined : Number(y), m === '' ? 0 : number, Number(d))
}

const reversed = (match: RegExpExecArray | null) => match && [match[0], match[2], match[1], match[3]]

function dated(year: number | undefined, month: number, day: number): PartialDate | undefined {
  if (month > 12 || day > 31 || (month < 1 && day > 0)) return undefined
  // The 30th of February; in a year that is not said, its 29th may be.
  const ours = year === undefined || year >= 1500
  if (ours && day > 28 && day > new Date(Date.UTC(year ?? 2000, month, 0)).getUTCDate()) return undefined
  return {
    ...(year === undefined ? {} : { year }),
    ...(month > 0 ? { month } : {}),
    ...(day > 0 ? { day } : {}),
    // Nobody alive was born in 1370 of the common era; 1370 is 1991 in Iran.
    ...(year !== undefined && year > 1200 && year < 1500 ? { calendarScale: 'persian' } : {}),
  }
}

const TIME =
  /^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([AaPp][Mm])?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?$/

/** An instant, as ISO 8601; a time without a zone is taken as UTC, which is how the programs that are known write it. */
export function cellInstant(cell: string, order?: DateOrder): string | undefined {
  if (cell.length > LONGEST_DATE) return undefined
  const text = ascii(cell)
  if (/^\d{13}$/.test(text)) return iso(Number(text))
  const match = TIME.exec(text)
  if (!match) return undefined
  const day = cellDate(text.replace(/[T ]+\d{1,2}:.*$/, ''), order)
  if (!day || day.year === undefined || day.month === undefined || day.day === undefined || day.calendarScale)
    return undefined
  const [, , , , hour = '0', minute = '0', second = '0', half, zone] = match
  const late = half?.toLowerCase()
  const hours =
    late === 'pm' && Number(hour) < 12 ? Number(hour) + 12 : late === 'am' && Number(hour) === 12 ? 0 : Number(hour)
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '')
  const minutes = offset ? (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) : 0
  return iso(Date.UTC(day.year, day.month - 1, day.day, hours, Number(minute), Number(second)) - minutes * 60_000)
}

function iso(ms: number): string | undefined {
  return Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString().replace('.000Z', 'Z') : undefined
}
