// Patches (PatchObject of RFC 9553, section 1.4.3): JSON pointers without the leading slash, to a new value or `null`.
// Localizations are made of them (section 2.7.1), and so are changes.
import type { Card, PatchObject } from '@amanat/vault'
import { isObject } from './shapes'

/** The segments of a pointer; `undefined` where no pointer of a patch may look like this. */
export function pathOf(pointer: string): string[] | undefined {
  if (pointer === '' || pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined
  const path = pointer.split('/').map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  return path.includes('__proto__') ? undefined : path
}

/**
 * The first pointer of a patch that RFC 9553, section 1.4.3 forbids: it is malformed, points at what isn't there, would make
 * a list longer or shorter, or another begins with it. `undefined`: the patch fits the card.
 */
export function invalidPointer(card: object, patch: PatchObject): string | undefined {
  const pointers = Object.keys(patch)
  // Sorted by segments, one that begins another stands right before it.
  const sorted = pointers.map(pointer => `${pointer}/`).sort()
  for (const [index, pointer] of sorted.entries()) {
    if (sorted[index + 1]?.startsWith(pointer)) return pointer.slice(0, -1)
  }
  return pointers.find(pointer => {
    const path = pathOf(pointer)
    const parent = path && parentOf(card as Record<string, unknown>, path)
    if (!path || !parent) return true
    return Array.isArray(parent) && (patch[pointer] === null || !hasMember(parent, path.at(-1) as string))
  })
}

/**
 * The card with a patch applied, as a copy.
 *
 * @throws TypeError The patch does not fit: RFC 9553, section 1.4.3.
 */
export function applyPatch(card: Card, patch: PatchObject): Card {
  if (invalidPointer(card, patch) !== undefined) throw new TypeError('patch must fit the card: RFC 9553, section 1.4.3')
  return patched(card, patch)
}

/** The same, where a pointer that doesn't fit changes nothing. */
export function patched(card: Card, patch: PatchObject): Card {
  const copy = structuredClone(card) as Record<string, unknown>
  for (const [pointer, value] of Object.entries(patch)) {
    const path = pathOf(pointer)
    const parent = path && parentOf(copy, path)
    if (!path || !parent) continue
    const last = path.at(-1) as string
    // What a list holds may be replaced; none is put in or taken out.
    if (Array.isArray(parent) && (value === null || !hasMember(parent, last))) continue
    if (value === null) delete (parent as Record<string, unknown>)[last]
    else (parent as Record<string, unknown>)[last] = structuredClone(value)
  }
  return copy as Card
}

type Parent = Record<string, unknown> | unknown[]

function parentOf(card: Record<string, unknown>, path: readonly string[]): Parent | undefined {
  let target: unknown = card
  for (const key of path.slice(0, -1)) {
    if (!(isObject(target) || Array.isArray(target)) || !hasMember(target, key)) return undefined
    target = (target as Record<string, unknown>)[key]
  }
  return isObject(target) || Array.isArray(target) ? target : undefined
}

// RFC 6901, section 4: an index has no leading zeros. `length` is no member.
function hasMember(parent: Parent, key: string): boolean {
  return Object.hasOwn(parent, key) && (!Array.isArray(parent) || /^(?:0|[1-9]\d*)$/.test(key))
}
