// What a card says of itself (UID, REV and their like), of the person's interests, and in JSPROP.
import { isDeeper, LIMITS } from '../limits'
import { readInstant } from './date'
import { about, type Draft, type Labelled, textOf } from './draft'
import type { Property } from './property'

// RFC 9553, section 1.9.1.
const VERSION = /^\d{1,3}\.\d{1,3}$/
const LEVELS = new Map([
  ['beginner', 'low'],
  ['average', 'medium'],
  ['expert', 'high'],
])
export function member(draft: Draft, uri: string): boolean {
  draft.member('members', uri, true)
  return true
}

export function single(draft: Draft, key: 'uid' | 'prodId' | 'language' | 'kind', value: string): boolean {
  if (value === '' || draft.card[key] === value) return true
  if (draft.card[key] !== undefined) return false
  draft.card[key] = value
  return true
}

export function instant(draft: Draft, key: 'updated' | 'created', property: Property): boolean {
  const utc = readInstant(textOf(property)) ?? readInstant(`${textOf(property).trim()}T00:00:00Z`)
  if (utc === undefined || draft.card[key] !== undefined) return draft.card[key] === utc && utc !== undefined
  draft.card[key] = utc
  return true
}

export function personal(found: Labelled, draft: Draft, kind: string): boolean {
  const { property } = found
  const value = textOf(property).trim()
  if (value === '') return true
  const stated = property.params.get('level')?.[0]?.toLowerCase()
  const level = stated === undefined ? undefined : (LEVELS.get(stated) ?? stated)
  const index = Number(property.params.get('index')?.[0])
  draft.add('personalInfo', 'i', property, {
    kind,
    value,
    ...(level === undefined ? {} : { level }),
    ...(Number.isInteger(index) && index > 0 ? { listAs: index } : {}),
    ...about(found, { params: ['level', 'index'] }),
  })
  return true
}

// RFC 9555, section 3.2.1: a property of JSContact itself, as JSON at a JSON pointer. Only where nothing is yet.
export function jsprop(property: Property, draft: Draft): boolean {
  const pointer = property.params.get('jsptr')?.join(',')
  if (pointer === undefined || pointer === '' || pointer.length > 1024) return false
  let value: unknown
  try {
    value = JSON.parse(textOf(property))
  } catch {
    return false
  }
  if (isDeeper(value, LIMITS.depth)) return false
  const path = pointer.split('/').map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (path.some(part => part === '__proto__' || part === '')) return false
  if (path[0] === '@type') return true
  if (path[0] === 'version') {
    if (path.length === 1 && typeof value === 'string' && VERSION.test(value)) draft.card.version = value as '2.0'
    return true
  }
  draft.later.push({ path, value, property })
  return true
}
