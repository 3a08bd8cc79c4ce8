// ORG, TITLE and ROLE, which a group ties together: RFC 9555, sections 2.9.4 and 2.9.6.
import { about, type Draft, type Labelled, textOf } from './draft'
import type { Property } from './property'
import { splitRaw, unescapeText } from './text'

export function organization(found: Labelled, draft: Draft): boolean {
  const [name = '', ...units] = splitRaw(found.property.raw, ';').map(part => unescapeText(part).trim())
  const sorts = found.property.params.get('sort-as')?.join(',').split(/[,;]/) ?? []
  const unitList = units.flatMap((unit, index) => {
    const sortAs = sorts[index + 1]?.trim()
    return unit === '' ? [] : [{ name: unit, ...(sortAs ? { sortAs } : {}) }]
  })
  if (name === '' && unitList.length === 0) return true
  const sortAs = sorts[0]?.trim()
  draft.add('organizations', 'o', found.property, {
    ...(name === '' ? {} : { name }),
    ...(unitList.length > 0 ? { units: unitList } : {}),
    ...(sortAs ? { sortAs } : {}),
    ...about(found, { params: ['sort-as'], label: false }),
  })
  return true
}

export function title(found: Labelled, draft: Draft, kind: 'title' | 'role'): boolean {
  const name = textOf(found.property).trim()
  if (name === '') return true
  draft.add('titles', 't', found.property, { kind, name, ...about(found, { label: false }) })
  return true
}

// A group ties a title to the organization in which it is held: RFC 9555, section 2.9.6.
export function organizationsOfTitles(draft: Draft, properties: readonly Property[]): void {
  for (const property of properties) {
    if ((property.name !== 'title' && property.name !== 'role') || property.group === undefined) continue
    const org = properties.find(other => other.name === 'org' && other.group === property.group)
    const organizationId = org && draft.ids.get(org.line)
    const id = draft.ids.get(property.line)
    const titles = draft.card.titles as Record<string, object> | undefined
    if (organizationId !== undefined && id !== undefined && titles?.[id]) {
      titles[id] = { ...titles[id], organizationId }
    }
  }
}
