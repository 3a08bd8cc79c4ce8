// Groups and labels: what belongs together in a card (RFC 6350, section 3.3), and what somebody called it.
import type { Labelled } from './draft'
import type { Property } from './property'
import { RELATIVES } from './relations'
import { OLD_SERVICES } from './to-ways'

// Of X-ABLabel, or of Android's own way to write one (property.ts).
export function labelledBy(property: Property, labels: ReadonlyMap<string, string>): Labelled {
  const label = property.group === undefined ? undefined : labels.get(property.group)
  const android = property.params.get('x-custom')?.[0]
  if (label !== undefined || android === undefined || !isLabelled(property)) {
    return label === undefined ? { property } : { property, label }
  }
  const params = new Map(property.params)
  params.delete('x-custom')
  return { property: { ...property, params }, label: android }
}

// Of these, the label is in the card itself.
const LABELLED =
  /^(?:tel|email|impp|(?:x-)?socialprofile|url|contact-uri|caluri|fburl|caladruri|source|org-directory|photo|logo|sound|key|expertise|hobby|interest|x-abdate|x-abrelatednames|adr)$/
export const isLabelled = ({ name }: Property) => LABELLED.test(name) || OLD_SERVICES.has(name) || RELATIVES.has(name)
// Tied together in the card itself: titles to organizations, and all that is said of one address.
const TIED = [/^(?:title|role|org)$/, /^(?:adr|label|geo|tz)$/]

/** Groups that say more than what belongs to what in the card: several properties, or a label of one that has none. */
export function keptGroupsOf(properties: readonly Property[], labels: ReadonlyMap<string, string>): Set<string> {
  const groups = new Map<string, Property[]>()
  for (const property of properties) {
    if (property.group === undefined || /^x-ab(?:label|adr)$/.test(property.name)) continue
    const members = groups.get(property.group)
    if (members) members.push(property)
    else groups.set(property.group, [property])
  }
  const kept = new Set<string>()
  for (const [group, members] of groups) {
    const several = members.length > 1 && !TIED.some(names => members.every(({ name }) => names.test(name)))
    const labelled = labels.has(group) && members.some(property => !isLabelled(property))
    if (several || labelled) kept.add(group)
  }
  return kept
}

/** Letters that a card will hold of labels: of each, one copy for all that its group labels. */
export function labelLetters(properties: readonly Property[]): number {
  const lengths = new Map<string, number>()
  for (const { group, name, raw } of properties) {
    if (group !== undefined && /^x-ab(?:label|adr)$/.test(name)) lengths.set(group, raw.length)
  }
  if (lengths.size === 0) return 0
  return properties.reduce((sum, { group }) => sum + (group === undefined ? 0 : (lengths.get(group) ?? 0)), 0)
}

export function inUse(properties: readonly Property[], group: string): boolean {
  return properties.some(other => other.group === group && other.name !== 'x-ablabel' && other.name !== 'x-abadr')
}
