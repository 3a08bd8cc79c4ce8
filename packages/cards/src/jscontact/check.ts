// Whether an object from outside is a card (RFC 9553, RFC 9982). Unknown properties and unknown types stay as they are;
// a name that differs from a known one only in its case is refused (RFC 9553, section 1.7.1: names are case-sensitive),
// since it would otherwise pass every rule under a name that nobody looks for.
import type { Card } from '@amanat/vault'
import { invalidPointer, patched } from './patch'
import { ANY, isId, isJCard, isObject, objectOf, PLAIN, SHAPES, typeOf } from './shapes'

// RFC 9553, section 1.7.3.1: no object may have it.
const RESERVED = 'extra'
const LOWER = new Map(
  Object.entries(SHAPES).map(([name, shape]) => [
    name,
    new Map([...Object.keys(shape), ...Object.keys(ANY)].map(property => [property.toLowerCase(), property])),
  ]),
)

// Read once: this is asked of every object of every card.
const PROPERTIES = new Map(
  Object.entries(SHAPES).map(([name, shape]) => [
    name,
    Object.entries({ ...shape, ...ANY }).map(([key, written]) => ({ key, ...typeOf(written) })),
  ]),
)

/** The pointer of the first thing that is wrong; `undefined`: a card. */
export function invalidPath(card: Record<string, unknown>): string | undefined {
  const wrong = invalidObject(card, 'Card')
  if (wrong !== undefined) return wrong
  for (const [language, patch] of Object.entries((card.localizations ?? {}) as Record<string, object>)) {
    const at = `localizations/${language}`
    const pointers = Object.keys(patch)
    const odd = pointers.find(pointer => /^localizations(?:\/|$)|(?:^|\/)extra$/.test(pointer))
    const unfit = odd ?? invalidPointer(card, patch as Record<string, unknown>)
    if (unfit !== undefined) return `${at}/${escaped(unfit)}`
    const { localizations: _, ...rest } = card
    const translated = patched(rest as Card, patch as Record<string, unknown>) as unknown as Record<string, unknown>
    if (invalidObject(translated, 'Card') !== undefined) return at
  }
  return undefined
}

/** Whether a value is of this type. */
export function isWell(value: unknown, written: string): boolean {
  const { name, around } = typeOf(written)
  return invalidValue(value, name, around) === undefined
}

function invalidObject(object: Record<string, unknown>, name: string): string | undefined {
  const type = object['@type']
  // Section 1.3.4: what nobody has registered says how it is read to somebody else.
  if (type !== undefined && type !== name) {
    return typeof type === 'string' && type !== '' && !Object.hasOwn(SHAPES, type) && name !== 'Card'
      ? undefined
      : '@type'
  }
  const lower = LOWER.get(name)
  for (const key of Object.keys(object)) {
    const known = lower?.get(key.toLowerCase())
    if ((known !== undefined && known !== key) || key === RESERVED) return sayable(key)
  }
  for (const { key, name: inner, around, must } of PROPERTIES.get(name) ?? []) {
    const value = object[key]
    if (value === undefined) {
      if (must) return key
      continue
    }
    const wrong = invalidValue(value, inner, around)
    if (wrong !== undefined) return wrong === '' ? key : `${key}/${wrong}`
  }
  return invalidTogether(object, name)
}

/** Below a property; `''`: the value itself. */
function invalidValue(value: unknown, name: string, around: string): string | undefined {
  if (around === '[') {
    if (!Array.isArray(value)) return ''
    for (const [index, one] of value.entries()) {
      const wrong = invalidValue(one, name, '')
      if (wrong !== undefined) return wrong === '' ? `${index}` : `${index}/${wrong}`
    }
    return undefined
  }
  if (around !== '') {
    if (!isObject(value)) return ''
    for (const [id, one] of Object.entries(value)) {
      if (around === '{' && !isId(id)) return ''
      const wrong = invalidValue(one, name, '')
      if (wrong !== undefined) return wrong === '' ? escaped(id) : `${escaped(id)}/${wrong}`
    }
    return undefined
  }
  if (name === 'jcards') {
    const bad = Array.isArray(value) ? value.findIndex(one => !isJCard(one)) : undefined
    return bad === undefined ? '' : bad < 0 ? undefined : `${bad}`
  }
  const plain = PLAIN[name]
  if (plain) return plain(value) ? undefined : ''
  return isObject(value) ? invalidObject(value, objectOf(name, value)) : ''
}

// Of which an object must have one: sections 2.2.1.1, 2.2.3, 2.2.4, 2.3.2, 2.5.1.1 and 2.8.3.
const ONE_OF: { readonly [object: string]: readonly string[] } = {
  Name: ['components', 'full'],
  Organization: ['name', 'units'],
  SpeakToAs: ['grammaticalGender', 'pronouns'],
  OnlineService: ['uri', 'user'],
  Address: ['components', 'coordinates', 'countryCode', 'full', 'timeZone'],
  Author: ['name', 'uri'],
}

// What holds between properties; `''`: the object itself.
function invalidTogether(object: Record<string, unknown>, name: string): string | undefined {
  const needed = ONE_OF[name]
  if (needed?.every(property => object[property] === undefined)) return ''
  switch (name) {
    case 'PartialDate':
      // Section 2.8.1: a month is one of a year or has a day, and a day is one of a month.
      if (object.month === undefined && object.day !== undefined) return 'day'
      if (object.month !== undefined && object.year === undefined && object.day === undefined) return 'month'
      return object.month === undefined && object.year === undefined ? '' : undefined
    case 'Organization':
      return Array.isArray(object.units) && object.units.length === 0 ? 'units' : undefined
    case 'Card':
      // Section 2.1.7.
      return object.prodId === '' ? 'prodId' : undefined
    case 'Name':
    case 'Address':
      return invalidComponents(object)
  }
  return undefined
}

// Sections 2.2.1.1 and 2.5.1.1, and 1.5.4 for how they sound.
function invalidComponents(object: Record<string, unknown>): string | undefined {
  const components = object.components as { kind: unknown; phonetic?: unknown }[] | undefined
  if (components && !components.some(({ kind }) => kind !== 'separator')) return 'components'
  // Only in an order is something between two components.
  if (object.defaultSeparator !== undefined && !(object.isOrdered === true && components)) return 'defaultSeparator'
  const separator = object.isOrdered === true ? -1 : (components ?? []).findIndex(({ kind }) => kind === 'separator')
  if (separator >= 0) return `components/${separator}`
  const kinds = Object.keys((object.sortAs ?? {}) as object)
  if (kinds.some(kind => !components?.some(component => component.kind === kind))) return 'sortAs'
  if (object.phoneticSystem !== undefined || object.phoneticScript !== undefined) return undefined
  const sounded = (components ?? []).findIndex(({ phonetic }) => phonetic !== undefined)
  return sounded >= 0 ? `components/${sounded}/phonetic` : undefined
}

/** The card without what has the wrong shape: for writers, which have to make do with what programs put in. */
export function repaired(card: Card): Card {
  return invalidPath(card as unknown as Record<string, unknown>) === undefined
    ? card
    : ((repair(card, 'Card', '') ?? {}) as Card)
}

function repair(value: unknown, name: string, around: string): unknown {
  if (around === '[') {
    return Array.isArray(value) ? value.map(one => repair(one, name, '')).filter(one => one !== undefined) : undefined
  }
  if (around !== '') {
    if (!isObject(value)) return undefined
    return from(Object.entries(value).map(([id, one]) => [id, repair(one, name, '')]))
  }
  if (name === 'jcards') return Array.isArray(value) ? value.filter(isJCard) : undefined
  if (name === 'words') return isObject(value) ? from(Object.entries(value).filter(([, on]) => on === true)) : undefined
  const plain = PLAIN[name]
  if (plain) return plain(value) ? value : undefined
  if (!isObject(value)) return undefined
  const own = objectOf(name, value)
  const types = { ...SHAPES[own], ...ANY }
  const kept = from(
    Object.entries(value).map(([key, one]) => {
      const written = Object.hasOwn(types, key) ? types[key] : undefined
      if (written === undefined) return [key, one]
      const { name: inner, around: outer } = typeOf(written)
      return [key, repair(one, inner, outer)]
    }),
  )
  const whole = Object.entries(types).every(([key, written]) => !written.endsWith('!') || kept[key] !== undefined)
  return whole ? together(kept, own) : undefined
}

// What doesn't go with the rest is left out: of a list the one at fault, else the property.
function together(object: Record<string, unknown>, name: string): Record<string, unknown> | undefined {
  for (let wrong = invalidTogether(object, name); wrong !== undefined; wrong = invalidTogether(object, name)) {
    const [property = '', index, inner] = wrong.split('/')
    const list = object[property]
    if (wrong === '') return undefined
    if (index === undefined || !Array.isArray(list)) delete object[property]
    else if (inner === undefined) object[property] = list.filter((_, at) => at !== Number(index))
    else
      object[property] = list.map((one, at) =>
        at === Number(index) ? from(Object.entries(one as object).filter(([key]) => key !== inner)) : one,
      )
  }
  return object
}

const from = (entries: (readonly [string, unknown])[]): Record<string, unknown> =>
  Object.fromEntries(entries.filter(([key, value]) => value !== undefined && key !== '__proto__'))

const escaped = (key: string) => sayable(key.replaceAll('~', '~0').replaceAll('/', '~1'))

// A key from outside can be anything: only what looks like a name or an id is said in an error.
function sayable(key: string): string {
  return /^[A-Za-z0-9_@~:.-]{1,64}$/.test(key) ? key : ''
}
