// Days that matter: BDAY, DEATHDATE, ANNIVERSARY with their places (RFC 9555, section 2.5.1), and what Android keeps in
// a property of its own.
import { readDate, timeOf } from './date'
import { type Draft, isUri, type Labelled, leftOver, textOf } from './draft'
import type { Property } from './property'
import { android, relationWord } from './relations'
import { splitRaw, unescapeText } from './text'

export function anniversary({ property }: Labelled, draft: Draft, kind: string): boolean {
  const date = property.type === 'text' ? undefined : readDate(property)
  if (date === undefined) return false
  const params = { ...leftOver(property, ['x-apple-omit-year', 'calscale']), ...timeOf(property, date) }
  draft.add('anniversaries', 'a', property, {
    kind,
    date,
    ...(Object.keys(params).length > 0 ? { vCardParams: params } : {}),
  })
  return true
}

export function anniversaryPlace(draft: Draft, property: Property): boolean {
  const kind = property.name === 'birthplace' ? 'birth' : 'death'
  const known = Object.entries(draft.card.anniversaries ?? {}).filter(
    ([, entry]) => entry.kind === kind && !entry.place,
  )
  // Of several, the one that it says it belongs to.
  const id = property.params.get('prop-id')?.[0]
  const found = known.find(([own]) => own === id) ?? known[0]
  const text = textOf(property).trim()
  const geo = /^geo:/i.test(text)
  if (!found || (isUri(text) && property.type === 'uri' && !geo)) return text === ''
  const params = leftOver(property)
  const place = { ...(geo ? { coordinates: text } : { full: text }), ...(params ? { vCardParams: params } : {}) }
  const anniversaries = draft.card.anniversaries as Record<string, object>
  anniversaries[found[0]] = { ...found[1], place }
  return true
}

export function androids({ property }: Labelled, draft: Draft): boolean {
  const found = android(splitRaw(property.raw, ';').map(unescapeText))
  if (!found) return false
  const as = (name: string) => ({ name, params: new Map(), raw: found.value.trim(), line: property.line }) as Property
  if (found.what === 'event')
    return anniversary({ property: as('bday') }, draft, found.type === '1' ? 'wedding' : 'birth')
  if (found.what === 'nickname') {
    draft.add('nicknames', 'k', property, { name: found.value.trim() })
    return true
  }
  const word = relationWord(found.type)
  const who = found.value.trim()
  if (draft.card.relatedTo && Object.hasOwn(draft.card.relatedTo, who)) return false
  const params = { 'x-android-relation': found.type }
  draft.member('relatedTo', who, { relation: word === undefined ? {} : { [word]: true }, vCardParams: params })
  return true
}
