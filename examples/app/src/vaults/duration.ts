/** ISO 8601 durations in words: "90 days", "۶ ماه". */
import type { Language } from '../i18n/setup'

const LOCALE: Record<Language, string> = { en: 'en-GB', fa: 'fa-IR' }
const UNITS = { Y: 'year', M: 'month', W: 'week', D: 'day' } as const
const TIME_UNITS = { H: 'hour', M: 'minute', S: 'second' } as const

export function durationWords(language: Language, duration: string): string {
  const [date = '', time = ''] = duration.replace(/^P/, '').split('T')
  const parts = [...partsOf(date, UNITS), ...partsOf(time, TIME_UNITS)].map(([count, unit]) =>
    new Intl.NumberFormat(LOCALE[language], { style: 'unit', unit, unitDisplay: 'long' }).format(count),
  )
  return new Intl.ListFormat(LOCALE[language], { type: 'conjunction' }).format(parts)
}

function partsOf(text: string, units: { readonly [letter: string]: string }): (readonly [number, string])[] {
  return [...text.matchAll(/(\d+)([A-Z])/g)].map(([, count, letter = '']) => [Number(count), units[letter] ?? 'day'])
}
