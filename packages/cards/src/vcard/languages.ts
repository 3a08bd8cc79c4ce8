// The same thing said in several languages: in vCard, properties of one name with the same ALTID and a LANGUAGE each
// (RFC 6350, section 5.4); in JSContact, patches of the card by language. RFC 9555, sections 2.3.1 and 2.3.11.
import type { Card, PatchObject } from '@amanat/vault'
import { patched } from '../jscontact/patch'
import { isObject } from '../jscontact/shapes'
import { LIMITS } from '../limits'
import type { Draft } from './draft'
import type { Property } from './property'

interface Translation {
  readonly property: Property
  readonly original: Property
}

/** Sets apart what is a translation; `translations` reads it and adds it to the card once that is read. */
export function withTranslations(properties: readonly Property[]): {
  base: readonly Property[]
  translations: (draft: Draft, read: (properties: Property[]) => Card) => void
} {
  if (!properties.some(({ params }) => params.size > 0 && params.has('altid'))) {
    return { base: properties, translations: () => undefined }
  }
  const alternatives = new Map<string, Property[]>()
  for (const property of properties) {
    const altid = property.params.get('altid')?.[0]
    if (altid === undefined || property.params.has('phonetic')) continue
    const key = `${property.name}/${altid}`
    alternatives.set(key, [...(alternatives.get(key) ?? []), property])
  }
  const sounds = properties.filter(({ name, params }) => name === 'n' && params.has('phonetic'))
  const byLanguage = new Map<string, Translation[]>()
  const apart = new Set<Property>()
  const originals = new Set<Property>()
  for (const group of alternatives.values()) {
    const original = group.find(property => !property.params.has('language')) ?? group[0]
    if (!original || group.length < 2) continue
    for (const property of group) {
      const language = property.params.get('language')?.[0]
      if (property === original || language === undefined || language === '__proto__') continue
      if (language === original.params.get('language')?.[0]) continue
      byLanguage.set(language, [...(byLanguage.get(language) ?? []), { property, original }])
      apart.add(property)
      originals.add(original)
      // How the translation sounds belongs to it; how the original sounds in this language is no translation.
      const altid = property.params.get('altid')?.[0]
      for (const sound of property.name === 'n' ? sounds : []) {
        const { params } = sound
        if (params.get('language')?.[0] !== language || params.get('altid')?.[0] !== altid) continue
        byLanguage.get(language)?.push({ property: sound, original })
        apart.add(sound)
      }
    }
  }
  // A label goes with what it labels.
  const groups = new Set(
    properties.filter(one => !apart.has(one) && one.name !== 'x-ablabel').map(({ group }) => group),
  )
  for (const label of byLanguage.size > 0 ? properties.filter(({ name }) => name === 'x-ablabel') : []) {
    if (label.group === undefined || groups.has(label.group)) continue
    for (const found of byLanguage.values()) {
      if (!found.some(({ property }) => property.group === label.group)) continue
      found.push({ property: label, original: label })
      apart.add(label)
    }
  }
  return {
    base: properties
      .filter(property => !apart.has(property))
      .map(one => (originals.has(one) ? without(one, ['altid']) : one)),
    translations(draft, read) {
      for (const [index, [language, found]] of [...byLanguage].entries()) {
        if (index >= LIMITS.languages) {
          for (const { property } of found) draft.keep(property)
          continue
        }
        const translated = found.map(({ property, original }) => plain(property, draft.ids.get(original.line)))
        const patch = difference(draft.card, read(translated))
        if (Object.keys(patch).length > 0) draft.member('localizations', language, patch)
      }
    },
  }
}

function plain(property: Property, id: string | undefined): Property {
  if (id === undefined && property.name !== 'n' && property.name !== 'fn') return without(property, ['altid'])
  const found = without(property, ['altid', 'language'])
  return id === undefined ? found : { ...found, params: new Map([...found.params, ['prop-id', [id]]]) }
}

function without(property: Property, names: readonly string[]): Property {
  const params = new Map(property.params)
  for (const name of names) params.delete(name)
  return { ...property, params }
}

function difference(card: Card, translated: Card): PatchObject {
  const patch: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(translated)) {
    if (field === '@type' || field === 'version' || field === 'vCardProps') continue
    if (field === 'name') {
      patch.name = value
      continue
    }
    const before = (card as Record<string, unknown>)[field]
    if (!isObject(value) || (before !== undefined && !isObject(before))) {
      if (value !== before) patch[field] = value
      continue
    }
    for (const [id, entry] of Object.entries(value)) {
      const original = before?.[id]
      const at = `${field}/${id.replaceAll('~', '~0').replaceAll('/', '~1')}`
      if (JSON.stringify(entry) === JSON.stringify(original)) continue
      const keys = isObject(entry) && isObject(original) ? differing(entry, original) : []
      if (keys.length === 1) patch[`${at}/${keys[0]}`] = (entry as Record<string, unknown>)[keys[0] as string]
      else patch[at] = entry
    }
  }
  return patch
}

// Which properties are others; none where one is missing, since a patch of one property says too little then.
function differing(entry: Record<string, unknown>, original: Record<string, unknown>): string[] {
  if (Object.keys(original).some(key => !(key in entry))) return []
  return Object.keys(entry).filter(key => JSON.stringify(entry[key]) !== JSON.stringify(original[key]))
}

/** The card in another language: RFC 9553, section 2.7.1. A pointer that leads nowhere changes nothing. */
export function localized(card: Card, language: string): Card {
  const patch = card.localizations && Object.hasOwn(card.localizations, language) && card.localizations[language]
  if (!patch) return card
  const { localizations: _, ...rest } = card
  return patched(rest, patch)
}
