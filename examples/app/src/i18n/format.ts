/**
 * Numbers, dates and lists in the reader's way of writing: Persian digits and the Persian calendar in Persian. For display only:
 * whatever is stored or exported stays ISO 8601.
 */
import { useTranslation } from 'react-i18next'
import type { Language } from './setup'

const LOCALE: Record<Language, string> = { en: 'en-GB', fa: 'fa-IR-u-ca-persian-nu-arabext' }
const DAY_MS = 86_400_000

export interface Format {
  readonly language: Language
  /** BCP 47, for sorting and for react-aria. */
  readonly locale: string
  number(value: number): string
  percent(share: number): string
  /** 3 May 2027. A date by itself (`2027-05-03`) is no instant and doesn't move with the time zone. */
  date(iso: string): string
  /** 3 May, where the year goes without saying. */
  day(iso: string): string
  dateTime(iso: string): string
  /** "in 3 days", "yesterday". */
  relative(iso: string, now: number): string
  list(items: readonly string[]): string
  bytes(count: number): string
  /** "90 days", of an ISO 8601 duration. */
  duration(iso: string): string
  /** Of an ISO 3166 code. */
  country(code: string): string
  /** Persian digits in a text that has others; for numbers inside sentences. */
  digits(text: string): string
}

export function useFormat(): Format {
  const { i18n } = useTranslation()
  const language = (i18n.language === 'fa' ? 'fa' : 'en') as Language
  return formatFor(language)
}

const made: Partial<Record<Language, Format>> = {}

/** Made once for each language: it is asked for with every number in a sentence. */
export function formatFor(language: Language): Format {
  made[language] ??= make(language)
  return made[language]
}

function make(language: Language): Format {
  const locale = LOCALE[language]
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' })
  const plainDate = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' })
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const list = new Intl.ListFormat(locale, { type: 'conjunction' })
  const countries = new Intl.DisplayNames(locale, { type: 'region' })
  const megabytes = new Intl.NumberFormat(locale, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 })
  const kilobytes = new Intl.NumberFormat(locale, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 })
  return {
    language,
    locale: language === 'fa' ? 'fa-IR' : 'en-GB',
    number: value => number.format(value),
    percent: share => percent.format(share),
    date: iso => (iso.length === 10 ? plainDate : date).format(new Date(iso)),
    day: iso => day.format(new Date(iso)),
    dateTime: iso => dateTime.format(new Date(iso)),
    relative(iso, now) {
      const days = Math.round((Date.parse(iso) - now) / DAY_MS)
      if (Math.abs(days) < 60) return relative.format(days, 'day')
      if (Math.abs(days) < 730) return relative.format(Math.round(days / 30.44), 'month')
      return relative.format(Math.round(days / 365.25), 'year')
    },
    list: items => list.format(items),
    bytes: count => (count < 1e6 ? kilobytes.format(Math.max(1, count / 1e3)) : megabytes.format(count / 1e6)),
    duration: iso => list.format(partsOf(iso).map(([unit, value]) => counted(locale, unit, value))),
    country: code => countries.of(code) ?? code,
    digits: text => text.replace(/[0-9]/g, digit => number.format(Number(digit))),
  }
}

const UNITS = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'] as const
const DURATION = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/

const partsOf = (iso: string) =>
  (DURATION.exec(iso) ?? []).slice(1).flatMap((value, at) => {
    const unit = UNITS[at]
    return value === undefined || unit === undefined ? [] : [[unit, Number(value)] as const]
  })

const counted = (locale: string, unit: string, value: number): string =>
  new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
