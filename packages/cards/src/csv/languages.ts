// A language as people and programs write it in a cell, as a tag (RFC 5646): `en_GB` is how databases write `en-GB`, and
// `German`, `Deutsch`, `آلمانی`, `German (Austria)` are names. What is neither is no language that anybody could be asked in.

const TAG = /^[a-z]{2,3}(?:[-_][a-z]{4})?(?:[-_](?:[a-z]{2}|\d{3}))?(?:[-_](?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*$/i
const NAMED = /^([^()]{2,60}?)(?:\s*\((.{2,60})\))?$/
/** Of a tag or a name: the patterns here are for short texts. */
const LONGEST = 200
const SPEAKERS = ['en', 'de', 'fr', 'fa'] as const

/** `undefined`: no language that is known. */
export function languageTag(cell: string): string | undefined {
  // POSIX puts the character set after a dot, and more after an @.
  const text = cell.trim()
  if (text.length > LONGEST) return undefined
  const plain = text.replace(/[.@].*$/, '')
  if (TAG.test(plain)) return canonical(plain.replaceAll('_', '-'))
  const [, name = '', where] = NAMED.exec(text) ?? []
  const language = names('language').get(name.toLowerCase())
  if (language === undefined || where === undefined) return language
  const region = /^uk$/i.test(where) ? 'GB' : names('region').get(where.toLowerCase())
  return region && `${language}-${region}`
}

function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}

const found = new Map<string, ReadonlyMap<string, string>>()

/** Codes of two letters by their names (ISO 639-1, ISO 3166): as good as all that anybody writes into a sheet. */
function names(type: 'language' | 'region'): ReadonlyMap<string, string> {
  const there = found.get(type)
  if (there) return there
  const byName = new Map<string, string>()
  const letters = [...'abcdefghijklmnopqrstuvwxyz']
  const codes = letters.flatMap(one => letters.map(two => (type === 'region' ? (one + two).toUpperCase() : one + two)))
  for (const speaker of SPEAKERS) {
    const words = new Intl.DisplayNames([speaker], { type, fallback: 'none' })
    for (const code of codes) {
      const name = words.of(code)?.toLowerCase()
      if (name && !byName.has(name)) byName.set(name, code)
    }
  }
  if (type === 'region') for (const code of codes) byName.set(code.toLowerCase(), code)
  found.set(type, byName)
  return byName
}
