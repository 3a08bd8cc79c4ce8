// A JSContact card to vCard properties: RFC 9555, section 2 read backwards. What vCard has no property for is
// written as JSPROP (section 3.2.1), and what came in `vCardProps` goes out as it came.
import type { Card, VCardParams } from '@amanat/vault'
import { repaired } from '../jscontact/check'
import { SHAPES } from '../jscontact/shapes'
import { fullAddress, writeAddress } from './address'
import { sortAs } from './components'
import { basic, TIME, writeDate } from './date'
import { Groups, groupsOf } from './groups'
import { extensions, missing, sameIds } from './jsprops'
import { localized } from './languages'
import { inlineContent, isUri } from './media'
import { writeName } from './name'
import { plainNumber } from './plain-number'
import type { Property } from './property'
import { RELATIVES } from './relations'
import { escapeText, rawText, uriText, type VCardVersion } from './text'
import { toCard } from './to-card'

export type Written = Omit<Property, 'line'>
/** A property, and where in the card it comes from, so that a translation finds its original. */
interface Placed {
  readonly path: string
  readonly property: Written
  readonly label?: string
}
type Entry = Record<string, unknown>

const FEATURES = new Map([
  ['mobile', 'cell'],
  ...['voice', 'text', 'video', 'fax', 'pager', 'textphone', 'main-number'].map(word => [word, word] as const),
])
const DATES = new Map([
  ['birth', 'bday'],
  ['death', 'deathdate'],
  ['wedding', 'anniversary'],
])
const PLACES = new Map([
  ['birth', 'birthplace'],
  ['death', 'deathplace'],
])
const LEVELS = new Map([
  ['low', 'beginner'],
  ['medium', 'average'],
  ['high', 'expert'],
])
const VERSION = '2.0'
// Names that would end the card, begin another or make it another version.
const STRUCTURE = new Set(['begin', 'end', 'version'])

const KEYED = Object.entries(SHAPES.Card ?? {}).flatMap(([field, type]) =>
  type.startsWith('{') ? [field as keyof Card] : [],
)

const GIVEN = [
  ['phones', /^p\d+$/],
  ['emails', /^e\d+$/],
  ['addresses', /^h\d+$/],
  ['organizations', /^o\d+$/],
  ['titles', /^t\d+$/],
  ['notes', /^n\d+$/],
] as const

/**
 * The properties of a card. They are read again: what is missing then is written as JSPROP, and where ids would be
 * others, they are written too.
 */
export function fromCard(written: Card, version: VCardVersion): Written[] {
  const card = repaired(written)
  const own = version === '4.0' || hasOwnIds(card)
  const first = properties(card, version, own)
  const again = asRead(first)
  const ids =
    own ||
    (KEYED.every(field => sameIds(card[field], again[field])) &&
      sameIds(card.speakToAs?.pronouns, again.speakToAs?.pronouns))
  const all = ids ? first : properties(card, version, true)
  const lost = missing(card, ids ? again : asRead(all)).map(([pointer, value]) => jsprop(pointer, value, version))
  return [...all, ...lost]
}

// Ids that no reading gives, in fields of which every entry is written: no need to read it to see that they are lost.
function hasOwnIds(card: Card): boolean {
  for (const [field, given] of GIVEN) {
    const entries = card[field]
    if (entries) for (const id in entries) if (Object.hasOwn(entries, id) && !given.test(id)) return true
  }
  return false
}

function asRead(properties: readonly Written[]): Card {
  return toCard(properties.map((property, line) => ({ ...property, line }))).card
}

function jsprop(pointer: string, value: unknown, version: VCardVersion): Written {
  return { name: 'jsprop', params: new Map([['jsptr', [pointer]]]), raw: escapeText(JSON.stringify(value), version) }
}

function properties(card: Card, version: VCardVersion, ids: boolean): Written[] {
  const base = placed(card, version, ids)
  const properties: Written[] = []
  const groups = new Groups(card)
  const tied = groupsOf(card, groups, version)
  const labelled = new Set<string>()
  // An ALTID is one of a property's name: RFC 6350, section 5.4.
  const alts = new Map<string, number>()
  const next = ({ name }: Written) => {
    const alt = (alts.get(name) ?? 0) + 1
    alts.set(name, alt)
    return alt
  }
  const alternatives = new Map<string, Placed[]>()
  if (version === '4.0') {
    const originals = new Map(base.map(one => [one.path, one] as const))
    for (const language of Object.keys(card.localizations ?? {})) {
      const others = placed(repaired(localized(card, language)), version, ids)
      // What a language adds or leaves out is no alternative of anything: it goes out as JSPROP, with the rest of its patch.
      const added = others.some(({ path }) => !originals.has(/^name\/sound/.test(path) ? 'name/n' : path))
      if (added || base.some(({ path }) => !others.some(other => other.path === path))) continue
      for (const other of others) {
        const original = originals.get(other.path)
        if (original && same(original.property, other.property)) continue
        const { property } = other
        const params = new Map([...property.params, ['language', [language]] as const])
        alternatives.set(other.path, [
          ...(alternatives.get(other.path) ?? []),
          { ...other, property: { ...property, params } },
        ])
      }
    }
  }
  const push = ({ path, property, label }: Placed, altid?: number) => {
    const params =
      altid === undefined ? property.params : new Map([...property.params, ['altid', [`${altid}`]] as const])
    const group = property.group ?? tied.get(path) ?? (label === undefined ? undefined : groups.next())
    properties.push({ ...property, params, ...(group === undefined ? {} : { group }) })
    if (label !== undefined && group !== undefined && !labelled.has(`${group}/${label}`)) {
      labelled.add(`${group}/${label}`)
      properties.push({ name: 'x-ablabel', group, params: new Map(), raw: escapeText(label, version) })
    }
  }
  for (const one of base) {
    const others = alternatives.get(one.path)
    // A sound is an alternative of its name: RFC 9554, section 4.6.
    if (one.path === 'name/sound') continue
    const sounds =
      one.path === 'name/n'
        ? [...base.filter(other => other.path === 'name/sound'), ...(alternatives.get('name/sound') ?? [])]
        : []
    const altid = others || sounds.length > 0 ? next(one.property) : undefined
    push(one, altid)
    for (const other of [...sounds, ...(others ?? [])]) push(other, altid)
    alternatives.delete(one.path)
    if (sounds.length > 0) alternatives.delete('name/sound')
  }
  for (const others of alternatives.values()) for (const other of others) push(other, next(other.property))
  for (const [name, params, type, ...values] of card.vCardProps ?? []) {
    if (STRUCTURE.has(name.toLowerCase())) continue
    const list = values.map(value => rawValue(value, type, version))
    const { group, ...rest } = params as Record<string, string | string[]>
    properties.push({
      name: name.toLowerCase(),
      ...(typeof group === 'string' ? { group } : {}),
      params: new Map(Object.entries(rest).map(([key, value]) => [key, [value].flat().map(String)])),
      ...(type === 'unknown' ? {} : { type }),
      raw: list.join(','),
    })
  }
  return properties
}

function rawValue(value: unknown, type: string, version: VCardVersion): string {
  if (Array.isArray(value)) return value.map(each => rawValue(each, type, version)).join(';')
  const text = String(value)
  return type === 'text' ? escapeText(text, version) : rawText(text)
}

function same(one: Written, other: Written): boolean {
  const flat = ({ name, raw, params, type }: Written) => JSON.stringify([name, raw, type, [...params]])
  return flat(one) === flat(other)
}

function placed(card: Card, version: VCardVersion, ids: boolean): Placed[] {
  const out: Placed[] = []
  const four = version === '4.0'
  const text = (value: string) => escapeText(value, version)
  const put = (path: string, property: Written, label?: unknown) =>
    out.push({ path, property, ...(typeof label === 'string' && label !== '' ? { label } : {}) })
  const plain = (path: string, name: string, raw: string, type?: string) =>
    put(path, { name, params: new Map(), raw, ...(type === undefined ? {} : { type }) })
  /** Entries of a map of the card, with their parameters. */
  const each = <T extends object>(
    field: string,
    map: { readonly [id: string]: T } | undefined,
    write: (entry: T, params: Params, id: string) => Written | undefined,
  ) => {
    for (const [id, entry] of Object.entries(map ?? {})) {
      const property = write(entry, params(entry as Entry, id, four, ids), id)
      const path = `${field}/${id}`
      if (property) put(path, grouped(property, entry as Entry), (entry as Entry).label)
      else put(path, jsprop(path, entry, version))
    }
  }

  if (card.uid !== undefined) plain('uid', 'uid', text(card.uid), four && !isUri(card.uid) ? 'text' : undefined)
  if (card.kind !== undefined) plain('kind', four ? 'kind' : 'x-addressbookserver-kind', text(card.kind))
  if (card.language !== undefined) plain('language', 'language', text(card.language))
  if (card.prodId !== undefined) plain('prodId', 'prodid', text(card.prodId))
  if (card.created !== undefined) plain('created', 'created', basic(card.created), four ? 'timestamp' : undefined)
  if (card.updated !== undefined) plain('updated', 'rev', four ? basic(card.updated) : uriText(card.updated))
  // Of another version than what is read: RFC 9982 changed nothing else of what 1.0 says.
  if (card.version !== undefined && card.version !== VERSION) put('version', jsprop('version', card.version, version))
  if (card.name) {
    const [fn, n, ...sounds] = writeName(card.name, version)
    if (fn) put('name/fn', fn)
    if (n) put('name/n', n)
    sounds.forEach((sound, index) => {
      put(four && index === 0 ? 'name/sound' : `name/sound${index}`, sound)
    })
  } else {
    // Both RFCs ask for a name; an empty one is read back as none.
    const instead = Object.values(card.organizations ?? {})[0]?.name
    const fn = new Map([['derived', ['TRUE']]])
    put('name/fn', { name: 'fn', params: fn, raw: four ? '' : text(instead ?? '') })
    if (!four) put('name/n', { name: 'n', params: fn, raw: ';;;;' })
  }
  each('nicknames', card.nicknames, (entry, params) => ({ name: 'nickname', params, raw: text(entry.name) }))
  each('organizations', card.organizations, (entry, params) => {
    const sorts = sortAs([entry.sortAs ?? '', ...(entry.units ?? []).map(unit => unit.sortAs ?? '')])
    if (sorts && four) params.set('sort-as', [sorts])
    const names = [entry.name ?? '', ...(entry.units ?? []).map(unit => unit.name)]
    return { name: 'org', params, raw: names.map(name => escapeText(name, version, 'component')).join(';') }
  })
  each('titles', card.titles, (entry, params) => ({
    name: entry.kind === 'role' ? 'role' : 'title',
    params,
    raw: text(entry.name),
  }))
  each('phones', card.phones, (entry, params) => {
    const features = Object.entries(entry.features ?? {}).flatMap(([word, on]) =>
      on === true && FEATURES.has(word) ? [FEATURES.get(word) as string] : [],
    )
    addTypes(params, features)
    if (/^tel:/i.test(entry.number) && four) return { name: 'tel', params, type: 'uri', raw: uriText(entry.number) }
    const plain = plainNumber(entry.number)
    if (plain !== entry.number) params.set('x-uri', [entry.number])
    return { name: 'tel', params, raw: text(plain) }
  })
  each('emails', card.emails, (entry, params) => {
    if (!four) addTypes(params, ['internet'])
    return { name: 'email', params, raw: text(entry.address) }
  })
  each('onlineServices', card.onlineServices, (entry, params) => {
    const value = entry.uri ?? entry.user
    if (value === undefined) return undefined
    const name = /^(?:impp|x-[a-z-]+)$/.test(entry.vCardName ?? '')
      ? (entry.vCardName as string)
      : four
        ? 'socialprofile'
        : 'x-socialprofile'
    if (entry.service !== undefined && !OWN_SERVICE.test(name)) params.set('service-type', [entry.service])
    if (entry.uri !== undefined && entry.user !== undefined) params.set('username', [entry.user])
    if (entry.uri !== undefined) return { name, params, raw: uriText(entry.uri) }
    return { name, params, type: 'text', raw: text(value) }
  })
  each('preferredLanguages', card.preferredLanguages, (entry, params) => ({
    name: 'lang',
    params,
    raw: text(entry.language),
  }))
  each('calendars', card.calendars, (entry, params) =>
    resource(entry.kind === 'freeBusy' ? 'fburl' : 'caluri', entry, params),
  )
  each('schedulingAddresses', card.schedulingAddresses, (entry, params) => resource('caladruri', entry, params))
  each('directories', card.directories, (entry, params) => {
    if (entry.listAs !== undefined) params.set('index', [`${entry.listAs}`])
    return resource(entry.kind === 'entry' ? 'source' : 'org-directory', entry, params)
  })
  each('links', card.links, (entry, params) =>
    resource(entry.kind === 'contact' ? 'contact-uri' : 'url', entry, params),
  )
  each('media', card.media, (entry, params) => {
    if (entry.kind !== 'photo' && entry.kind !== 'logo' && entry.kind !== 'sound') return undefined
    return four ? resource(entry.kind, entry, params) : inline(entry.kind, entry, params)
  })
  each('cryptoKeys', card.cryptoKeys, (entry, params) =>
    four ? resource('key', entry, params) : inline('key', entry, params),
  )
  for (const [id, entry] of Object.entries(card.addresses ?? {})) {
    const group = entry.vCardParams?.group
    writeAddress(entry, version).forEach((property, index) => {
      const all = new Map([...params(entry as Entry, id, four, ids), ...property.params])
      put(index === 0 ? `addresses/${id}` : `addresses/${id}/label`, {
        ...property,
        params: all,
        ...(typeof group === 'string' ? { group } : {}),
      })
    })
  }
  each('anniversaries', card.anniversaries, (entry, params, id) => {
    const name = DATES.get(entry.kind)
    const date = writeDate(entry.date, entry.vCardParams?.[TIME])
    if (name === undefined || date === undefined) return undefined
    const place = PLACES.get(entry.kind)
    if (entry.place && place !== undefined) {
      const where = entry.place.coordinates ?? fullAddress(entry.place)
      const type = entry.place.coordinates === undefined ? undefined : 'uri'
      put(`anniversaries/${id}/place`, {
        name: place,
        params: placeParams(entry.place, ids ? id : undefined),
        raw: type ? uriText(where) : text(where),
        ...(type === undefined ? {} : { type }),
      })
    }
    for (const [key, values] of date.params) params.set(key, values)
    const raw = four ? date.raw : date.raw.replace(/^(\d{4})(\d{2})(\d{2})(?=T|$)/, '$1-$2-$3')
    if (!four && /^--\d{4}$/.test(raw)) {
      params.set('x-apple-omit-year', ['1604'])
      return { name, params, raw: `1604-${raw.slice(2, 4)}-${raw.slice(4)}` }
    }
    return { name, params, raw, ...(date.type === undefined ? {} : { type: date.type }) }
  })
  const keywords = Object.entries(card.keywords ?? {}).flatMap(([word, on]) => (on ? [word] : []))
  if (keywords.length > 0)
    plain('keywords', 'categories', keywords.map(word => escapeText(word, version, 'component')).join(','))
  each('notes', card.notes, (entry, params) => {
    if (entry.created !== undefined) params.set('created', [basic(entry.created)])
    if (entry.author?.name !== undefined) params.set('author-name', [entry.author.name])
    if (entry.author?.uri !== undefined) params.set('author', [entry.author.uri])
    return { name: 'note', params, raw: text(entry.note) }
  })
  each('personalInfo', card.personalInfo, (entry, params) => {
    if (!['expertise', 'hobby', 'interest'].includes(entry.kind)) return undefined
    const level = entry.level && (entry.kind === 'expertise' ? (LEVELS.get(entry.level) ?? entry.level) : entry.level)
    if (level) params.set('level', [level])
    if (entry.listAs !== undefined) params.set('index', [`${entry.listAs}`])
    return { name: entry.kind, params, raw: text(entry.value) }
  })
  if (card.speakToAs?.grammaticalGender !== undefined)
    plain('speakToAs', 'gramgender', text(card.speakToAs.grammaticalGender))
  each('speakToAs/pronouns', card.speakToAs?.pronouns, (entry, params) => ({
    name: 'pronouns',
    params,
    raw: text(entry.pronouns),
  }))
  for (const [uid, entry] of Object.entries(card.relatedTo ?? {})) {
    const own = entry.vCardName !== undefined && RELATIVES.has(entry.vCardName) ? entry.vCardName : undefined
    const all: Params = params(entry as Entry, '', four, false)
    // Properties of other programs say in their names, or in a label, who it is.
    if (own === undefined)
      addTypes(
        all,
        Object.keys(entry.relation ?? {}).filter(word => entry.relation?.[word]),
      )
    const property = grouped({ name: own ?? 'related', params: all, raw: text(uid), type: 'text' }, entry as Entry)
    const { type: _, ...untyped } = property
    const uri = own === undefined && isUri(uid) ? { ...untyped, raw: uriText(uid) } : property
    put(`relatedTo/${uid}`, own === undefined ? uri : untyped, entry.vCardParams?.['x-ablabel'])
  }
  for (const [uid, on] of Object.entries(card.members ?? {})) {
    if (on) plain(`members/${uid}`, four ? 'member' : 'x-addressbookserver-member', uriText(uid))
  }
  for (const [path, value] of extensions(card)) put(path, jsprop(path, value, version))
  return out
}

type Params = Map<string, readonly string[]>
const OWN_SERVICE = /^x-(?!socialprofile)/

/** TYPE, PREF, PROP-ID and what `vCardParams` kept. */
function params(entry: Entry, id: string, four: boolean, ids: boolean): Params {
  const params: Params = new Map()
  const { group: _, type, ...kept } = (entry.vCardParams ?? {}) as VCardParams
  const contexts = Object.entries((entry.contexts ?? {}) as Record<string, boolean>)
  const types = contexts.flatMap(([word, on]) => (on ? [word === 'private' ? 'home' : word] : []))
  addTypes(params, [...types, ...(type === undefined ? [] : [type].flat())])
  if (typeof entry.pref === 'number') {
    if (four || entry.pref !== 1) params.set('pref', [`${entry.pref}`])
    else addTypes(params, ['pref'])
  }
  if (ids) params.set('prop-id', [id])
  for (const [name, value] of Object.entries(kept)) {
    if (name !== TIME && name !== 'x-ablabel') params.set(name.toLowerCase(), [value].flat().map(String))
  }
  return params
}

function grouped(property: Written, { vCardParams }: Entry): Written {
  const group = (vCardParams as VCardParams | undefined)?.group
  return typeof group === 'string' ? { ...property, group } : property
}

function addTypes(params: Params, types: readonly string[]): void {
  // Whatever else a context or type is, it stays inside its parameter.
  const safe = types.filter(type => type !== '' && !/[\p{Cc}",]/u.test(type))
  if (safe.length > 0) params.set('type', [...(params.get('type') ?? []), ...safe])
}

function resource(name: string, entry: { uri: string; mediaType?: string }, params: Params): Written {
  if (entry.mediaType !== undefined) params.set('mediatype', [entry.mediaType])
  return { name, params, raw: uriText(entry.uri) }
}

function inline(name: string, entry: { uri: string; mediaType?: string }, params: Params): Written {
  const found = inlineContent(entry.uri)
  if (!found) return { ...resource(name, entry, params), type: 'uri' }
  params.set('encoding', ['b'])
  if (found.type) addTypes(params, [found.type])
  return { name, params, raw: found.content }
}

function placeParams(place: object, id: string | undefined): Params {
  const kept = (place as Entry).vCardParams as VCardParams | undefined
  const params: Params = new Map(id === undefined ? [] : [['prop-id', [id]]])
  for (const [name, value] of Object.entries(kept ?? {})) params.set(name.toLowerCase(), [value].flat().map(String))
  return params
}

export { plainNumber }
