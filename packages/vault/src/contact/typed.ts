/**
 * The types of the properties inside a card, by name: RFC 9553 gives a name the same type wherever it stands, with two
 * exceptions. What has another would be taken in today, and stop an export years later. Properties that it doesn't
 * define stay as they are; what each entry must have is checked in check-card.ts.
 */

type Is = (value: unknown) => boolean

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText: Is = value => typeof value === 'string'
const isCount: Is = value => Number.isInteger(value) && (value as number) >= 0
const isSet: Is = value => isObject(value) && Object.values(value).every(on => typeof on === 'boolean')

const TYPES: { readonly [property: string]: Is } = {
  ...named(
    'name full label number address uri user service mediaType kind value phonetic phoneticScript phoneticSystem note ' +
      'defaultSeparator language created level organizationId countryCode coordinates timeZone calendarScale utc ' +
      'grammaticalGender vCardName @type',
    isText,
  ),
  ...named('contexts features relation', isSet),
  ...named('listAs year month day', isCount),
  ...named('date place author vCardParams', isObject),
  ...named('components units', value => Array.isArray(value) && value.every(isObject)),
  isOrdered: value => typeof value === 'boolean',
  pref: value => isCount(value) && (value as number) >= 1 && (value as number) <= 100,
  // Of a name the words to sort by, of each kind; of an organization one.
  sortAs: value => isText(value) || (isObject(value) && Object.values(value).every(isText)),
  // Of somebody, by ids; of each of those, a text.
  pronouns: value => isText(value) || (isObject(value) && Object.values(value).every(isObject)),
}
/** Fields that are one object; the others are maps by ids. */
const ONE = ['name', 'speakToAs']
const DEEP = 8

/** The name of the first property with another type than JSContact gives it. */
export function mistyped(field: string, value: unknown): string | undefined {
  if (!isObject(value) || field === 'keywords') return undefined
  if (ONE.includes(field)) return below(value, field, 0)
  return first(Object.values(value), entry => (isObject(entry) ? below(entry, field, 0) : undefined))
}

/** The same of a patch of the whole card: a pointer ends in a field, in an id or in a property. */
export function mistypedPatch(patch: { readonly [pointer: string]: unknown }): string | undefined {
  return first(Object.entries(patch), ([pointer, value]) => {
    const [field = '', ...path] = pointer.split('/')
    const last = path.at(-1)
    if (value === null || field.startsWith('x:')) return undefined
    if (last === undefined) return mistyped(field, value)
    if (path.length === 1 && !ONE.includes(field)) return isObject(value) ? below(value, field, 0) : undefined
    return below({ [last]: value }, field, 0)
  })
}

function below(object: { readonly [key: string]: unknown }, field: string, depth: number): string | undefined {
  if (depth > DEEP) return undefined
  return first(Object.entries(object), ([key, value]) => {
    if (value === undefined) return undefined
    const is = Object.hasOwn(TYPES, key) ? TYPES[key] : undefined
    if (is && (!is(value) || (key === 'sortAs' && (field === 'name') !== isObject(value)))) return key
    // Below these, the names are others' own.
    if (!is || is === isSet || key === 'vCardParams' || key === 'sortAs') return undefined
    const inner = Array.isArray(value) || key === 'pronouns' ? Object.values(value as object) : [value]
    return first(inner, one => (isObject(one) ? below(one, field === 'name' ? 'name' : key, depth + 1) : undefined))
  })
}

function first<T, R>(values: readonly T[], of: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = of(value)
    if (found !== undefined) return found
  }
  return undefined
}

function named(names: string, is: Is): { [property: string]: Is } {
  return Object.fromEntries(names.split(' ').map(name => [name, is]))
}
