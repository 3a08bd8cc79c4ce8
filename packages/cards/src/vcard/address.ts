// ADR, with LABEL, GEO, TZ and CC. RFC 9555, section 2.6.1, and the eleven places that RFC 9554, section 2.1 added.
import type { Address, AddressComponent } from '@amanat/vault'
import { inOrderOf, joinComponents, readOrder, writeOrder } from './components'
import type { Property } from './property'
import { escapeText, structured, type VCardVersion } from './text'

const PLACES = [
  'postOfficeBox',
  'apartment',
  'name',
  'locality',
  'region',
  'postcode',
  'country',
  'room',
  'apartment',
  'floor',
  'number',
  'name',
  'building',
  'block',
  'subdistrict',
  'district',
  'landmark',
  'direction',
] as const
const OLD = new Set<string>(PLACES.slice(0, 7))
// The two old places hold everything that has a place of its own since RFC 9554.
const IN_EXTENDED = ['room', 'floor', 'apartment', 'building']
// In which order they are listed where nothing says in which order they are said, as in the example of RFC 9555, section
// 2.6.1. The places of the two formats would be read in two orders.
const LISTED = [
  'postOfficeBox',
  'room',
  'apartment',
  'floor',
  'building',
  'number',
  'name',
  'block',
  'direction',
  'landmark',
  'subdistrict',
  'district',
  'locality',
  'region',
  'postcode',
  'country',
]
const IN_STREET = ['number', 'name', 'block', 'direction', 'landmark', 'subdistrict', 'district']

type Mutable<T> = { -readonly [key in keyof T]: T[key] }

/** Of `vCardParams`, for parts that no RFC knows, where there is an envelope as well. */
const MORE = 'x-adr-more'

/** `envelope`: what LABEL says of it. `undefined`: there is nothing in it. */
export function readAddress(adr: Property, envelope?: string): Address | undefined {
  const address: Mutable<Address> = {}
  const all = structured(adr.raw)
  // Google writes an eighth part that no RFC knows: the address as on an envelope. The places of RFC 9554 are eighteen, of
  // which some programs leave the last ones out.
  const more = all.length > 7 && all.length < 12 ? all.splice(7).flat().join(', ') : ''
  const values = all.slice(0, PLACES.length)
  const modern = values.slice(7).some(list => list.length > 0)
  if (modern) {
    values[1] = []
    values[2] = []
  }
  const jscomps = adr.params.get('jscomps')?.join(',')
  const order = jscomps === undefined ? undefined : readOrder(jscomps, PLACES, values)
  const components: AddressComponent[] = order ? order.components : listed(values)
  if (components.length > 0) {
    address.components = components
    if (order) address.isOrdered = true
    if (order?.defaultSeparator !== undefined) address.defaultSeparator = order.defaultSeparator
  }
  const one = (param: string) => adr.params.get(param)?.join(',').trim()
  // RFC 6350, section 6.3.1: the LABEL parameter writes a newline as `\n`, RFC 6868 as `^n`.
  const label = one('label')?.replace(/\\n/gi, '\n')
  const full = label || envelope || more
  if (full) address.full = full
  if (more && more !== full) address.vCardParams = { [MORE]: more }
  const geo = one('geo')
  if (geo) address.coordinates = geo
  const zone = one('tz')
  if (zone) address.timeZone = zone
  const country = one('cc')
  if (country) address.countryCode = country
  return Object.keys(address).length > 0 ? address : undefined
}

function listed(values: readonly (readonly string[])[]): AddressComponent[] {
  const components: AddressComponent[] = []
  for (const [place, list] of values.entries()) {
    for (const value of list) components.push({ kind: PLACES[place] as (typeof PLACES)[number], value })
  }
  return inOrderOf(LISTED, components)
}

export function fullAddress(address: Address): string {
  if (address.full !== undefined) return address.full
  const components = address.components ?? []
  if (address.isOrdered) return joinComponents(components, true, address.defaultSeparator)
  return joinComponents(inOrderOf(LISTED, components), false)
}

/** ADR without TYPE and PREF; in 3.0 the label is a property of its own, which comes second. */
export function writeAddress(address: Address, version: VCardVersion): Omit<Property, 'line'>[] {
  const components = address.components ?? []
  const of = (kind: string) => components.filter(component => component.kind === kind).map(({ value }) => value)
  const values: string[][] = PLACES.map((kind, place) => (place === 1 || place === 2 ? [] : of(kind)))
  const params = new Map<string, string[]>()
  if (address.isOrdered) {
    const order = writeOrder(components, address.defaultSeparator, PLACES, values)
    if (order !== undefined) params.set('jscomps', [order])
  }
  if (version === '4.0' && address.full !== undefined) params.set('label', [address.full])
  // Not of 3.0, which has them for the whole card only.
  if (address.coordinates !== undefined) params.set('geo', [address.coordinates])
  if (address.timeZone !== undefined) params.set('tz', [address.timeZone])
  if (address.countryCode !== undefined) params.set('cc', [address.countryCode])
  values[1] = IN_EXTENDED.flatMap(of)
  values[2] = IN_STREET.flatMap(of)
  // 3.0 knows seven: the others only where one of them says more.
  const more = components.some(({ kind }) => !OLD.has(kind)) || params.has('jscomps')
  const places = version === '4.0' || more ? PLACES.length : 7
  const raw = values
    .slice(0, places)
    .map(list => list.map(value => escapeText(value, version, 'component')).join(','))
    .join(';')
  const adr = { name: 'adr', params, raw }
  if (version === '4.0' || address.full === undefined) return [adr]
  return [adr, { name: 'label', params: new Map(), raw: escapeText(address.full, version) }]
}
