// Whether JSON is an address book at all. A card says so by its type, or by a property that only cards have: `name` and
// `version` are in half of all JSON there is. Cards are also found inside the answers of servers (JMAP, RDAP).
import { isJCardFile, type JCard } from '../vcard/jcard'
import { isWell } from './check'
import { isObject, SHAPES } from './shapes'

// In much else, too.
const COMMON = new Set(['version', 'kind', 'language', 'uid', 'created', 'updated', 'prodId', '@type'])
const OWN = Object.entries(SHAPES.Card ?? {}).filter(([property]) => !COMMON.has(property))
const DEEP = 8

export function isCardLike(object: Record<string, unknown>): boolean {
  if (object['@type'] !== undefined) return object['@type'] === 'Card'
  // Named as somebody, and said to be something that cards say, if not well.
  if (typeof object.uid === 'string') {
    const keys = Object.keys(object)
    if (
      OWN.some(([property]) => Object.hasOwn(object, property)) ||
      keys.every(key => COMMON.has(key) || key.includes(':'))
    )
      return true
  }
  return OWN.some(([property, type]) => {
    const value = Object.hasOwn(object, property) ? object[property] : undefined
    return isObject(value) && Object.keys(value).length > 0 && isWell(value, type)
  })
}

export type Inner = { readonly line: number } & ({ readonly card: Record<string, unknown> } | { readonly jcard: JCard })

/** Cards and jCards inside of something else, with the lines where they begin. */
export function innerCards(value: unknown, text: string, line: number): Inner[] {
  const found: Inner[] = []
  const lines = openings(text, line)
  let at = 0
  const walk = (one: unknown, depth: number): void => {
    if (typeof one !== 'object' || one === null || depth > DEEP) return
    const opened = lines[at++] ?? line
    if (isJCardFile(one)) found.push({ line: opened, jcard: one })
    else if (isObject(one) && one['@type'] === 'Card') found.push({ line: opened, card: one })
    else for (const inner of Object.values(one)) walk(inner, depth + 1)
    // What was not walked into has opened brackets, too.
    if (isJCardFile(one) || (isObject(one) && one['@type'] === 'Card') || depth === DEEP) at += bracketsIn(one) - 1
  }
  walk(value, 0)
  return found
}

function bracketsIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 1
  for (const inner of Object.values(value)) count += bracketsIn(inner)
  return count
}

// The lines of all brackets that open, in their order.
function openings(text: string, first: number): number[] {
  const lines: number[] = []
  let line = first
  let string = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === 0x0a) line++
    else if (string) {
      if (char === 0x5c) at++
      else if (char === 0x22) string = false
    } else if (char === 0x22) string = true
    else if (char === 0x7b || char === 0x5b) lines.push(line)
  }
  return lines
}
