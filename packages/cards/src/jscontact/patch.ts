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
 * The first pointer of a patch that RFC 9553, section 1.4.3 forbids: it is malformed, points into a list or at what isn't
 * there, or another begins with it. `undefined`: the patch fits the card.
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
    return path === undefined || parentOf(card as Record<string, unknown>, path) === undefined
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
    if (value === null) delete parent[last]
    else parent[last] = structuredClone(value)
  }
  return copy as Card
}

function parentOf(card: Record<string, unknown>, path: readonly string[]): Record<string, unknown> | undefined {
  let target: unknown = card
  for (const key of path.slice(0, -1)) {
    if (!isObject(target) || !Object.hasOwn(target, key)) return undefined
    target = target[key]
  }
  return isObject(target) ? target : undefined
}
