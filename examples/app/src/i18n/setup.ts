/**
 * Two languages, and the words of each in three parts: they come when they are first needed, in the languages that are. The choice,
 * and when this device locks (vaults/device.ts), are all that this app keeps outside of vaults, and say nothing of anybody.
 */
import { createInstance, type FormatterModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { words as english } from './en/first'
import { formatFor } from './format'

export const LANGUAGES = ['en', 'fa'] as const
export type Language = (typeof LANGUAGES)[number]
/** Each in its own language, as whoever looks for it will look for it. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', fa: 'فارسی' }
type Load = () => Promise<{ words: Record<string, object> }>
const LOAD = {
  // The first screen speaks English whatever doesn't come.
  en: {
    first: async () => ({ words: english }),
    inside: () => import('./en/inside'),
    story: () => import('./en/story'),
  },
  fa: { first: () => import('./fa/first'), inside: () => import('./fa/inside'), story: () => import('./fa/story') },
} as const satisfies Record<Language, Record<string, Load>>
/** Which words a screen needs: those of the first screen are always there. */
export type Part = keyof (typeof LOAD)['en']
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

/** Every language that was asked for has every part that was. */
const languages = new Set<Language>()
const parts = new Set<Part>(['first'])
const loading = new Map<Load, Promise<void>>()

/** Fetches the words of a part of the app, before a screen of it is shown. */
export function addWords(part: Part): Promise<void> {
  parts.add(part)
  return loadAll()
}

/** Fetches the words of a language, for those who write to somebody in another one than they read. */
export function addLanguage(language: Language): Promise<void> {
  languages.add(language)
  return loadAll()
}

async function loadAll(): Promise<void> {
  // The one that is read as well: where another didn't come, nobody asked for it.
  const wanted = [...new Set(languages).add(i18n.language as Language)].flatMap(language =>
    [...parts].map(part => [language, LOAD[language][part]] as const),
  )
  await Promise.all(wanted.map(([language, load]) => loadOnce(language, load)))
}

function loadOnce(language: Language, load: Load): Promise<void> {
  const before = loading.get(load)
  if (before) return before
  const coming = load().then(({ words }) => {
    for (const [name, bundle] of Object.entries(words)) i18n.addResourceBundle(language, name, bundle)
  })
  loading.set(load, coming)
  // Asked for again, it is tried again.
  coming.catch(() => loading.delete(load))
  return coming
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
