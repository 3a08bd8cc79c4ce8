// What vCard can't say: written as JSPROP, JSON behind a JSON pointer (RFC 9555, section 3.2.1). Properties that nobody
// knows, and whatever else of a card is missing when its properties are read again.
import type { Card } from '@amanat/vault'
import { isObject, SHAPES } from '../jscontact/shapes'

const APART = ['localizations', 'keywords', 'members', 'relatedTo', 'vCardProps']
const known = (key: string) => key === '@type' || Object.hasOwn(SHAPES.Card as object, key)
const token = (key: string) => (/[~/]/.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key)

// Where something is, put into words only once it is found: most of a card never is.
interface Way {
  readonly to: Way | undefined
  readonly key: string
}
const pointer = ({ to, key }: Way): string => (to === undefined ? token(key) : `${pointer(to)}/${token(key)}`)

/** Properties that RFC 9553 doesn't know: `x:…`, vendors' own, at the top or inside; as JSON pointers. */
export function extensions(card: Card): [string, unknown][] {
  const found: [string, unknown][] = []
  const walk = (value: object, to: Way, depth: number) => {
    if (Array.isArray(value) || depth > 8) return
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'vCardParams' || key === 'sortAs' || inner === undefined) continue
      if (key.includes(':')) found.push([pointer({ to, key }), inner])
      else if (typeof inner === 'object' && inner !== null) walk(inner, { to, key }, depth + 1)
    }
  }
  for (const [key, value] of Object.entries(card)) {
    if (value === undefined) continue
    if (!known(key)) found.push([token(key), value])
    else if (typeof value === 'object' && value !== null && !APART.includes(key)) walk(value, { to: undefined, key }, 1)
  }
  return found
}

/** What `again` has not, as JSON pointers: whole properties, not what differs. */
export function missing(card: Card, again: Card): [pointer: string, value: unknown][] {
  const found: [string, unknown][] = []
  const walk = (one: object, other: unknown, to: Way | undefined, depth: number) => {
    if (!(isObject(one) && isObject(other)) && !(Array.isArray(one) && Array.isArray(other))) return
    if (depth > 8) return
    for (const [key, value] of Object.entries(one)) {
      if (value === undefined || (depth === 0 && (key === '@type' || key === 'version' || key === 'vCardProps')))
        continue
      const there = Object.hasOwn(other, key) ? (other as Record<string, unknown>)[key] : undefined
      // A patch that says the same in another way lacks nothing.
      if (there !== undefined) {
        const inside = typeof value === 'object' && value !== null
        if (inside && (to?.key !== 'localizations' || to.to !== undefined)) walk(value, there, { to, key }, depth + 1)
      } else if (!Array.isArray(one)) found.push([pointer({ to, key }), value])
    }
  }
  walk(card, again, undefined, 0)
  return found
}

/** Whether the ids of a field are the same, and in the same order. */
export function sameIds(one: unknown, other: unknown): boolean {
  return Object.keys(one ?? {}).join() === Object.keys(other ?? {}).join()
}
