// Whether an object from outside is a card: the shapes of RFC 9553 that the rest relies on, and no more. Unknown
// properties stay; one that differs from a known one only in its case is refused (RFC 9553, section 1.7.1: names are
// case-sensitive), since it would otherwise pass every rule under a name that nobody looks for.

/** What each entry of a map must have, as text. */
const MAPS = {
  nicknames: 'name',
  titles: 'name',
  emails: 'address',
  phones: 'number',
  preferredLanguages: 'language',
  calendars: 'uri',
  schedulingAddresses: 'uri',
  cryptoKeys: 'uri',
  directories: 'uri',
  links: 'uri',
  media: 'uri',
  notes: 'note',
  personalInfo: 'value',
  organizations: undefined,
  onlineServices: undefined,
  addresses: undefined,
  anniversaries: 'kind',
} as const
const TEXTS = ['created', 'kind', 'language', 'prodId', 'uid', 'updated', 'version'] as const
const SETS = ['members', 'keywords'] as const
const OBJECTS = ['name', 'speakToAs', 'relatedTo', 'localizations'] as const
// Of the objects inside a card: RFC 9553, section 2.
const INNER = (
  'value kind phonetic full components isOrdered defaultSeparator sortAs phoneticScript phoneticSystem name contexts ' +
  'pref units grammaticalGender pronouns organizationId address label service uri user number features language ' +
  'mediaType countryCode coordinates timeZone listAs date place year month day calendarScale utc note created author ' +
  'level relation vCardParams vCardName @type'
).split(' ')
const INNER_LOWER = new Map(INNER.map(name => [name.toLowerCase(), name]))
// Their keys are words or names of somebody else's.
const OPEN = new Set(['contexts', 'features', 'vCardParams', 'sortAs', 'relation'])
// A name that the registry of RFC 9553, section 3 keeps free: no card may have it.
const RESERVED = 'extra'
const KNOWN = ['@type', ...Object.keys(MAPS), ...TEXTS, ...SETS, ...OBJECTS, 'vCardProps']
const LOWER = new Map(KNOWN.map(name => [name.toLowerCase(), name]))

/** The pointer of the first thing that is wrong; `undefined`: a card. */
export function invalidPath(card: Record<string, unknown>): string | undefined {
  if (card['@type'] !== undefined && card['@type'] !== 'Card') return '@type'
  for (const key of Object.keys(card)) {
    const known = LOWER.get(key.toLowerCase())
    if ((known !== undefined && known !== key) || key === RESERVED) return pointer(key)
  }
  for (const key of TEXTS) if (card[key] !== undefined && typeof card[key] !== 'string') return key
  for (const key of OBJECTS) if (card[key] !== undefined && !isObject(card[key])) return key
  for (const key of SETS) {
    const set = card[key]
    if (set === undefined) continue
    if (!isObject(set)) return key
    const odd = Object.entries(set).find(([, on]) => typeof on !== 'boolean')
    if (odd) return key
  }
  for (const [key, must] of Object.entries(MAPS)) {
    const map = card[key]
    if (map === undefined) continue
    if (!isObject(map)) return key
    for (const [id, entry] of Object.entries(map)) {
      if (!/^[A-Za-z0-9_-]{1,255}$/.test(id)) return key
      if (!isObject(entry)) return `${key}/${id}`
      if (must !== undefined && typeof entry[must] !== 'string') return `${key}/${id}/${must}`
      const wrong = invalidEntry(entry)
      if (wrong !== undefined) return `${key}/${id}/${wrong}`
    }
  }
  for (const [id, anniversary] of Object.entries(
    (card.anniversaries ?? {}) as Record<string, Record<string, unknown>>,
  )) {
    if (!isObject(anniversary.date)) return `anniversaries/${id}/date`
  }
  for (const [key, value] of Object.entries(card)) {
    const depth = key in MAPS ? 0 : 1
    const wrong = key in MAPS || key === 'name' || key === 'speakToAs' ? misnamed(value, depth) : undefined
    if (wrong !== undefined) return `${key}/${wrong}`
  }
  for (const [language, patch] of Object.entries((card.localizations ?? {}) as Record<string, unknown>)) {
    if (!isObject(patch)) return 'localizations'
    const reserved = Object.keys(patch).find(path => path.split('/').at(-1) === RESERVED)
    if (reserved !== undefined) return `localizations/${language}/${reserved.replaceAll('/', '~1')}`
  }
  const name = card.name as Record<string, unknown> | undefined
  // Of a name it is a map; of an organization, words.
  if (name?.sortAs !== undefined && !isObject(name.sortAs)) return 'name/sortAs'
  const wrong = name && invalidEntry(name)
  if (wrong !== undefined) return `name/${wrong}`
  const props = card.vCardProps
  if (props !== undefined) {
    if (!Array.isArray(props)) return 'vCardProps'
    const bad = props.findIndex(
      prop => !Array.isArray(prop) || typeof prop[0] !== 'string' || !isObject(prop[1]) || typeof prop[2] !== 'string',
    )
    if (bad >= 0) return `vCardProps/${bad}`
  }
  return undefined
}

// Properties that several objects have, and their shapes.
function invalidEntry(entry: Record<string, unknown>): string | undefined {
  for (const key of ['full', 'label', 'user', 'service', 'mediaType', 'countryCode', 'coordinates', 'timeZone']) {
    if (entry[key] !== undefined && typeof entry[key] !== 'string') return key
  }
  for (const key of ['contexts', 'features', 'vCardParams']) {
    if (entry[key] !== undefined && !isObject(entry[key])) return key
  }
  const { pref, components, units } = entry
  if (pref !== undefined && !(Number.isInteger(pref) && (pref as number) >= 1 && (pref as number) <= 100)) return 'pref'
  for (const [key, list, must] of [
    ['components', components, 'value'],
    ['units', units, 'name'],
  ] as const) {
    if (list === undefined) continue
    if (!Array.isArray(list)) return key
    const bad = list.findIndex(part => !isObject(part) || typeof part[must] !== 'string')
    if (bad >= 0) return `${key}/${bad}`
  }
  return undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// The pointer of a property inside that is reserved, or known in another case. At depth 0 the keys are ids.
function misnamed(value: unknown, depth: number): string | undefined {
  if (Array.isArray(value)) {
    for (const [index, part] of value.entries()) {
      const wrong = misnamed(part, depth + 1)
      if (wrong !== undefined) return `${index}/${wrong}`
    }
    return undefined
  }
  if (!isObject(value)) return undefined
  for (const [key, inner] of Object.entries(value)) {
    if (depth > 0) {
      const known = INNER_LOWER.get(key.toLowerCase())
      if (key === RESERVED || (known !== undefined && known !== key)) return key
      if (OPEN.has(key)) continue
    }
    // The pronouns of a person have ids too.
    const wrong = misnamed(inner, key === 'pronouns' ? 0 : depth + 1)
    if (wrong !== undefined) return `${key}/${wrong}`
  }
  return undefined
}

// A key from outside can be anything: only what looks like a name is said in an error.
function pointer(key: string): string {
  return /^[A-Za-z]{1,40}$/.test(key) ? key : ''
}
