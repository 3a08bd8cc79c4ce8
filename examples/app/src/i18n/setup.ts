/**
 * Two languages. English is in the first bundle; the other comes when it is asked for. The choice, and when this device locks
 * (vaults/device.ts), are all that this app keeps outside of vaults, and say nothing of anybody.
 */
import { createInstance, type FormatterModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { words as english } from './en'
import { formatFor } from './format'

export const LANGUAGES = ['en', 'fa'] as const
export type Language = (typeof LANGUAGES)[number]
/** Each in its own language, as whoever looks for it will look for it. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', fa: 'فارسی' }
const LOAD: Partial<Record<Language, () => Promise<{ words: Record<string, object> }>>> = { fa: () => import('./fa') }
const KEPT_AS = 'amanat-app:language'

/** Numbers inside sentences in the reader's digits, without each caller having to think of it. */
const numbers: FormatterModule = {
  type: 'formatter',
  init: () => undefined,
  add: () => undefined,
  addCached: () => undefined,
  format: (value: unknown, _format, language) =>
    typeof value === 'number' ? formatFor(language === 'fa' ? 'fa' : 'en').number(value) : (value as string),
}

export const i18n = createInstance()
void i18n
  .use(initReactI18next)
  .use(numbers)
  .init({
    resources: { en: english },
    lng: 'en',
    fallbackLng: 'en',
    ns: Object.keys(english),
    defaultNS: 'common',
    interpolation: { escapeValue: false, alwaysFormat: true },
    initAsync: false,
  })

const isLanguage = (value: string | null | undefined): value is Language => LANGUAGES.includes(value as Language)

/** What was chosen here before, else the first language of the browser's that there is. */
export function languageHere(): Language {
  const kept = keptChoice()
  if (isLanguage(kept)) return kept
  return navigator.languages.map(tag => tag.split('-')[0]).find(isLanguage) ?? 'en'
}

/** Fetches the words of a language, for those who write to somebody in another one than they read. */
export async function addLanguage(language: Language): Promise<void> {
  if (i18n.hasResourceBundle(language, 'common')) return
  const loaded = await LOAD[language]?.()
  for (const [name, bundle] of Object.entries(loaded?.words ?? {})) i18n.addResourceBundle(language, name, bundle)
}

export async function setLanguage(language: Language): Promise<void> {
  await addLanguage(language)
  document.documentElement.lang = language
  document.documentElement.dir = language === 'fa' ? 'rtl' : 'ltr'
  try {
    localStorage.setItem(KEPT_AS, language)
  } catch {
    // Where a browser keeps nothing, the choice holds until the page is closed.
  }
  await i18n.changeLanguage(language)
}

function keptChoice(): string | null {
  try {
    return localStorage.getItem(KEPT_AS)
  } catch {
    return null
  }
}
