// A card while it is being put together from properties: ids, contexts, preferences, labels, and what is left over.
// Keys come from the file, so nothing is ever stored under `__proto__`.
import type { Card, VCardParams, VCardProp } from '@amanat/vault'
import { invalidPath } from '../jscontact/check'
import { LIMITS } from '../limits'
import type { Property } from './property'
import { unescapeText } from './text'

export type Mutable<T> = { -readonly [key in keyof T]: T[key] }
type Entry = Record<string, unknown>

/** A property and what its group says of it. */
export interface Labelled {
  readonly property: Property
  /** Of X-ABLabel, as somebody wrote it. */
  readonly label?: string
}

// RFC 9555, section 2.3.22: `home` is JSContact's `private`.
const CONTEXTS = new Map([
  ['home', 'private'],
  ['work', 'work'],
  ['billing', 'billing'],
  ['delivery', 'delivery'],
])
// Apple's own labels, which it writes as `_$!<Home>!$_` and translates on the screen.
const APPLE = /^_\$!<(.*)>!\$_$/
const APPLE_TYPES = new Map([
  ['home', ['home']],
  ['work', ['work']],
  ['mobile', ['cell']],
  ['main', ['main-number']],
  ['iphone', ['cell', 'iphone']],
  ['homefax', ['home', 'fax']],
  ['workfax', ['work', 'fax']],
  ['pager', ['pager']],
])

// Parameters that the mapping reads itself, or that say nothing once the card is read.
const READ = new Set(['type', 'pref', 'prop-id', 'derived', 'jscomps', 'encoding', 'charset'])

export class Draft {
  readonly card: Mutable<Card> = { '@type': 'Card', version: '2.0' }
  readonly kept: string[] = []
  readonly #props: VCardProp[] = []
  // JSContact ids by the line that they come from, so that translations find what they translate.
  readonly ids = new Map<number, string>()
  readonly #entries = new Map<string, number>()
  /** What JSPROP sets, after everything else is in its place. */
  readonly later: { path: readonly string[]; value: unknown; property: Property }[] = []

  /** Puts an entry under its PROP-ID (RFC 9554, section 4.7), or under the first free id of this prefix. */
  add(field: string, prefix: string, property: Property, entry: Entry): string {
    const fields = this.card as unknown as Record<string, Record<string, Entry> | undefined>
    const map = fields[field] ?? {}
    fields[field] = map
    const wanted = property.params.get('prop-id')?.[0]
    let id = wanted !== undefined && isId(wanted) && !Object.hasOwn(map, wanted) ? wanted : undefined
    // Counted and not looked up: one line can name hundreds of thousands.
    const before = this.#entries.get(field) ?? 0
    this.#entries.set(field, before + 1)
    for (let n = before + 1; id === undefined; n++) {
      if (!Object.hasOwn(map, `${prefix}${n}`)) id = `${prefix}${n}`
    }
    map[id] = entry
    this.ids.set(property.line, id)
    return id
  }

  /** Sets a member of a map or a set whose keys come from the file. */
  member(field: string, key: string, value: unknown): void {
    if (key === '' || key === '__proto__') return
    const fields = this.card as unknown as Record<string, Entry | undefined>
    const map = fields[field] ?? {}
    fields[field] = map
    map[key] = value
  }

  /** RFC 9555, section 2.15.1: a property with no place goes to `vCardProps`, as jCard. */
  keep(property: Property): void {
    const params: Record<string, string | string[]> = {}
    if (property.group !== undefined) params.group = property.group
    for (const [name, values] of property.params)
      params[name] = values.length === 1 ? (values[0] as string) : [...values]
    // RFC 2426, section 3.5.4: a card as text.
    const type = property.type ?? (property.name === 'agent' ? 'text' : 'unknown')
    const value = type === 'text' ? unescapeText(property.raw) : property.raw
    this.#props.push([property.name, params, type, value])
    this.kept.push(property.name)
  }

  finish(): Card {
    if (this.later.length > 0) this.#setLater()
    if (this.#props.length > 0) this.card.vCardProps = this.#props
    return this.card
  }

  // JSPROP says whatever it likes. Where a card would be none with it, all of them are kept as text.
  #setLater(): void {
    const before = structuredClone(this.card)
    const lost = this.later.filter(({ path, value }) => !this.#set(path, value) && !same(this.#get(path), value))
    const broken = !isCard(this.card) && isCard(before)
    if (broken) {
      for (const key of Object.keys(this.card)) delete (this.card as unknown as Entry)[key]
      Object.assign(this.card, before)
    }
    for (const { property } of broken ? this.later : lost) this.keep(property)
  }

  #get(path: readonly string[]): unknown {
    let target: unknown = this.card
    for (const key of path) {
      if (typeof target !== 'object' || target === null || !Object.hasOwn(target, key)) return undefined
      target = (target as Record<string, unknown>)[key]
    }
    return target
  }

  // Only what isn't there yet, and only inside what is there: a pointer can't replace what a property said.
  #set(path: readonly string[], value: unknown): boolean {
    let target = this.card as unknown as Record<string, unknown>
    for (const [depth, key] of path.slice(0, -1).entries()) {
      if (depth === 0 && path.length === 2 && !Object.hasOwn(target, key)) target[key] = {}
      const next = Object.hasOwn(target, key) ? target[key] : undefined
      if (typeof next !== 'object' || next === null) return false
      target = next as Record<string, unknown>
    }
    const last = path.at(-1) as string
    if (Object.hasOwn(target, last) || Array.isArray(target)) return false
    target[last] = value
    return true
  }
}

// Not of one in so many languages: each is a look at the whole card.
function isCard(card: Card): boolean {
  const few = Object.keys(card.localizations ?? {}).length <= LIMITS.languages
  return few && invalidPath(card as unknown as Record<string, unknown>) === undefined
}

function same(one: unknown, other: unknown): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other)
}

export function isId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,255}$/.test(text) && text !== '__proto__'
}

export const uriOf = (property: Property) => unescapeText(property.raw).trim()
export const textOf = (property: Property) => unescapeText(property.raw)
export const isUri = (text: string) => /^[A-Za-z][A-Za-z0-9+.-]*:\S/.test(text)

/** TYPE in lower case, with what Apple's own label means. */
export function typesOf({ property, label }: Labelled): string[] {
  const stated = property.params.get('type')
  if (stated === undefined && label === undefined) return []
  const types = (stated ?? []).map(type => type.toLowerCase()).filter(type => type !== '')
  if (label === undefined && types.length === 1) return types
  const apple = label === undefined ? undefined : APPLE.exec(label)?.[1]?.toLowerCase()
  return [...new Set([...types, ...(apple === undefined ? [] : (APPLE_TYPES.get(apple) ?? []))])]
}

/** What somebody called it; Apple's own labels only where TYPE can't say them. */
export function labelOf(label: string | undefined): string | undefined {
  if (label === undefined) return undefined
  const apple = APPLE.exec(label)?.[1]
  if (apple === undefined) return label.trim() || undefined
  return APPLE_TYPES.has(apple.toLowerCase()) ? undefined : apple.trim() || undefined
}

/** contexts, pref, label and what is left of the parameters: RFC 9555, section 2.3. */
export function about(
  labelled: Labelled,
  { types = [], params = [], label = true }: { types?: Iterable<string>; params?: string[]; label?: boolean } = {},
): Entry {
  const { property } = labelled
  const entry: Entry = {}
  // Most say nothing more.
  if (property.params.size === 0 && labelled.label === undefined) return entry
  const contexts: Record<string, true> = {}
  const rest: string[] = []
  const known = new Set(types)
  let preferred = false
  for (const type of typesOf(labelled)) {
    const context = CONTEXTS.get(type)
    if (context) contexts[context] = true
    else if (type === 'pref') preferred = true
    else if (!known.has(type)) rest.push(type)
  }
  if (Object.keys(contexts).length > 0) entry.contexts = contexts
  const pref = Number(property.params.get('pref')?.[0])
  if (Number.isInteger(pref) && pref >= 1 && pref <= 100) entry.pref = pref
  else if (preferred) entry.pref = 1
  const text = label ? labelOf(labelled.label) : undefined
  if (text !== undefined) entry.label = text
  const left = leftOver(property, params, rest)
  if (left) entry.vCardParams = left
  return entry
}

/** All parameters but these, as a name keeps them: it has no contexts and no preference of its own (RFC 9553, 2.2.1.1). */
export function paramsBut(property: Property, read: readonly string[]): Record<string, string | readonly string[]> {
  const left: Record<string, string | readonly string[]> = {}
  for (const [name, values] of property.params) {
    if (!read.includes(name)) left[name] = values.length === 1 ? (values[0] as string) : values
  }
  return left
}

/** Parameters that nothing has read. */
export function leftOver(
  property: Property,
  read: readonly string[] = [],
  types: readonly string[] = [],
): VCardParams | undefined {
  const left: Record<string, string | readonly string[]> = {}
  if (types.length > 0) left.type = types.length === 1 ? (types[0] as string) : types
  for (const [name, values] of property.params) {
    if (READ.has(name) || read.includes(name)) continue
    left[name] = values.length === 1 ? (values[0] as string) : values
  }
  return Object.keys(left).length > 0 ? left : undefined
}
