// The addresses of a card, which vCard says in up to five properties: ADR, LABEL (3.0), GEO and TZ of the whole card,
// and Apple's X-ABADR. RFC 9555, sections 2.6 and 2.8.
import { readAddress } from './address'
import { about, type Draft, type Labelled, labelOf, type Mutable, textOf } from './draft'
import type { Property } from './property'

export function addresses(
  draft: Draft,
  properties: readonly Property[],
  labels: ReadonlyMap<string, string>,
  countries: ReadonlyMap<string, string>,
): void {
  const label3 = properties.filter(property => property.name === 'label')
  // Once for each: there may be a thousand of both.
  const typesOf = new Map(label3.map(property => [property, placeTypes(property)]))
  for (const property of properties) {
    if (property.name !== 'adr') continue
    const label = property.group === undefined ? undefined : labels.get(property.group)
    const found: Labelled = label === undefined ? { property } : { property, label }
    // vCard 3.0 writes the envelope in a LABEL with the same TYPE (RFC 2426, section 3.2.2).
    const tied = property.group === undefined ? -1 : label3.findIndex(other => other.group === property.group)
    const types = placeTypes(property)
    const same = tied >= 0 ? tied : label3.findIndex(other => other.group === undefined && typesOf.get(other) === types)
    const labelled = same < 0 ? undefined : textOf(label3[same] as Property).trim()
    const address = readAddress(property, labelled)
    // An address that says itself what is on the envelope may have a second one.
    const envelope = same < 0 || (address && address.full !== labelled) ? undefined : label3.splice(same, 1)[0]
    const country = property.group === undefined ? undefined : countries.get(property.group)
    if (!address) continue
    const text = labelOf(label)
    const entry: Record<string, unknown> = {
      ...address,
      ...(country ? { countryCode: country.toUpperCase() } : {}),
      ...about(envelope ? withTypesOf(found, envelope) : found, { params: ['label', 'geo', 'tz', 'cc'], label: false }),
    }
    if (address?.vCardParams)
      entry.vCardParams = { ...(entry.vCardParams as object | undefined), ...address.vCardParams }
    // An address has no label in RFC 9553: it keeps its group, and the label goes beside (RFC 9555, section 2.15.1).
    if (text !== undefined && property.group !== undefined) {
      entry.vCardParams = { ...(entry.vCardParams as object | undefined), group: property.group }
      const owner = properties.find(other => other.name === 'x-ablabel' && other.group === property.group)
      if (owner) draft.keep(owner)
    }
    draft.add('addresses', 'h', property, entry)
  }
  for (const property of label3) {
    const full = textOf(property).trim()
    if (full)
      draft.add('addresses', 'h', property, {
        full,
        ...about({ property }, { label: false }),
      })
  }
  // A place and a time zone of the whole card belong to its only address: RFC 9555, section 2.8.3.
  for (const property of properties) {
    if (property.name !== 'geo' && property.name !== 'tz') continue
    const ids = Object.keys(draft.card.addresses ?? {})
    const raw = textOf(property).trim()
    if (raw === '') continue
    const value = property.name === 'geo' ? (/^geo:/i.test(raw) ? raw : geoUri(raw)) : timeZone(raw)
    if (!value || ids.length > 1) {
      draft.keep(property)
      continue
    }
    const extra = property.name === 'geo' ? { coordinates: value } : { timeZone: value }
    const map = draft.card.addresses as Record<string, Mutable<object>> | undefined
    const only = map && ids[0] ? (map[ids[0]] as Record<string, unknown>) : undefined
    if (only && Object.keys(extra).some(key => key in only)) draft.keep(property)
    else if (map && ids[0]) map[ids[0]] = { ...only, ...extra }
    else draft.add('addresses', 'h', property, extra)
  }
}

// RFC 2426, section 3.4.2: two numbers with a semicolon.
function geoUri(raw: string): string | undefined {
  const match = /^(-?\d+(?:\.\d+)?)[;,](-?\d+(?:\.\d+)?)$/.exec(raw)
  return match ? `geo:${match[1]},${match[2]}` : undefined
}

// A name of the IANA database; an offset of whole hours is one of them, with its sign turned: RFC 9555, section 2.8.2.
// What is neither says something that JSContact can't.
function timeZone(raw: string): string | undefined {
  const offset = /^([+-])(\d{2})(?::?00)?$/.exec(raw)
  if (offset) return Number(offset[2]) === 0 ? 'Etc/GMT' : `Etc/GMT${offset[1] === '+' ? '-' : '+'}${Number(offset[2])}`
  return /^[A-Za-z_]+(?:[/+-][A-Za-z0-9_+-]+(?:\/[A-Za-z0-9_+-]+)*)?$/.test(raw) ? raw : undefined
}

// What LABEL calls the address and ADR doesn't: both are one here.
function withTypesOf(found: Labelled, { params }: Property): Labelled {
  const known = found.property.params.get('type') ?? []
  const said = new Set(known.map(type => type.toLowerCase()))
  const more = (params.get('type') ?? []).filter(type => !said.has(type.toLowerCase()))
  if (more.length === 0) return found
  return {
    ...found,
    property: { ...found.property, params: new Map([...found.property.params, ['type', [...known, ...more]]]) },
  }
}

/** Which address it is, among those of a card. */
function placeTypes({ params }: Property): string {
  return (params.get('type') ?? [])
    .map(type => type.toLowerCase())
    .filter(type => !['pref', 'dom', 'intl', 'postal', 'parcel'].includes(type))
    .sort()
    .join()
}
