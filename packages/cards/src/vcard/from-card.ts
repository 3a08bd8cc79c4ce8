// A JSContact card to vCard properties: RFC 9555, section 2 read backwards. What vCard has no property for is
// written as JSPROP (section 3.2.1), and what came in `vCardProps` goes out as it came.
import type { Card, VCardParams } from '@amanat/vault'
import { fullAddress, writeAddress } from './address'
import { basic, writeDate } from './date'
import { localized } from './languages'
import { inlineContent } from './media'
import { writeName } from './name'
import type { Property } from './property'
import { escapeText, rawText, uriText, type VCardVersion } from './text'

export type Written = Omit<Property, 'line'>
/** A property, and where in the card it comes from, so that a translation finds its original. */
interface Placed {
  readonly path: string
  readonly property: Written
  readonly label?: string
}
type Entry = Record<string, unknown>

const KNOWN = new Set<string>([
  '@type',
  'version',
  'created',
  'kind',
  'language',
  'members',
  'prodId',
  'relatedTo',
  'uid',
  'updated',
  'name',
  'nicknames',
  'organizations',
  'speakToAs',
  'titles',
  'emails',
  'onlineServices',
  'phones',
  'preferredLanguages',
  'calendars',
  'schedulingAddresses',
  'addresses',
  'cryptoKeys',
  'directories',
  'links',
  'media',
  'localizations',
  'anniversaries',
  'keywords',
  'notes',
  'personalInfo',
  'vCardProps',
])
const FEATURES = new Map([['mobile', 'cell']])
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
// Names that would end the card, begin another or make it another version.
const STRUCTURE = new Set(['begin', 'end', 'version'])

export function fromCard(card: Card, version: VCardVersion): Written[] {
  const base = placed(card, version)
  const properties: Written[] = []
  const groups = new Groups(card)
  const tied = groupsOf(card, groups, version)
  let alt = 0
  const alternatives = new Map<string, Placed[]>()
  if (version === '4.0') {
    for (const language of Object.keys(card.localizations ?? {})) {
      for (const other of placed(localized(card, language), version)) {
        const original = base.find(one => one.path === other.path)
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
    if (label !== undefined && group !== undefined) {
      properties.push({ name: 'x-ablabel', group, params: new Map(), raw: escapeText(label, version) })
    }
  }
  for (const one of base) {
    const others = alternatives.get(one.path)
    // A sound is an alternative of its name: RFC 9554, section 4.6.
    const sounded = one.path === 'name/n' && base.some(other => other.path === 'name/sound')
    const altid = others || sounded ? ++alt : undefined
    if (one.path === 'name/sound') push(one, alt)
    else push(one, altid)
    for (const other of others ?? []) push(other, altid)
    alternatives.delete(one.path)
  }
  for (const others of alternatives.values()) for (const other of others) push(other, ++alt)
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

/** Names for groups that nothing in the card uses yet. */
class Groups {
  readonly #taken = new Set<string>()
  #count = 0

  constructor(card: Card) {
    for (const [, params] of card.vCardProps ?? []) if (typeof params.group === 'string') this.#taken.add(params.group)
    for (const address of Object.values(card.addresses ?? {})) {
      if (typeof address.vCardParams?.group === 'string') this.#taken.add(address.vCardParams.group)
    }
  }

  next(): string {
    do this.#count++
    while (this.#taken.has(`item${this.#count}`))
    return `item${this.#count}`
  }
}

/** What a group ties together: a title to its organization, and in 3.0 an address to its label. */
function groupsOf(card: Card, groups: Groups, version: VCardVersion): Map<string, string> {
  const paths = new Map<string, string>()
  for (const [id, { organizationId }] of Object.entries(card.titles ?? {})) {
    if (organizationId === undefined || !card.organizations?.[organizationId]) continue
    const org = `organizations/${organizationId}`
    const group = paths.get(org) ?? groups.next()
    paths.set(org, group)
    paths.set(`titles/${id}`, group)
  }
  for (const [id, { full, vCardParams }] of Object.entries(card.addresses ?? {})) {
    if (version === '4.0' || full === undefined || vCardParams?.group !== undefined) continue
    const group = groups.next()
    paths.set(`addresses/${id}`, group)
    paths.set(`addresses/${id}/label`, group)
  }
  return paths
}

function placed(card: Card, version: VCardVersion): Placed[] {
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
      const property = write(entry, params(entry as Entry, id, four), id)
      const path = `${field}/${id}`
      if (property) put(path, property, (entry as Entry).label)
      else put(path, { name: 'jsprop', params: new Map([['jsptr', [path]]]), raw: text(JSON.stringify(entry)) })
    }
  }

  if (card.uid !== undefined) plain('uid', 'uid', text(card.uid), four && !isUri(card.uid) ? 'text' : undefined)
  if (card.kind !== undefined) plain('kind', four ? 'kind' : 'x-addressbookserver-kind', text(card.kind))
  if (card.language !== undefined) plain('language', 'language', text(card.language))
  if (card.prodId !== undefined) plain('prodId', 'prodid', text(card.prodId))
  if (card.created !== undefined) plain('created', 'created', basic(card.created), four ? 'timestamp' : undefined)
  if (card.updated !== undefined) plain('updated', 'rev', four ? basic(card.updated) : uriText(card.updated))
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
    const fn = new Map(four ? [['derived', ['TRUE']] as const] : [])
    put('name/fn', { name: 'fn', params: fn, raw: four ? '' : text(instead ?? '') })
    if (!four) plain('name/n', 'n', ';;;;')
  }
  each('nicknames', card.nicknames, (entry, params) => ({ name: 'nickname', params, raw: text(entry.name) }))
  each('organizations', card.organizations, (entry, params) => {
    const sorts = [entry.sortAs ?? '', ...(entry.units ?? []).map(unit => unit.sortAs ?? '')]
      .join(',')
      .replace(/,+$/, '')
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
      on ? [FEATURES.get(word) ?? word] : [],
    )
    addTypes(params, features)
    if (/^tel:/i.test(entry.number) && four) return { name: 'tel', params, type: 'uri', raw: uriText(entry.number) }
    return { name: 'tel', params, raw: text(plainNumber(entry.number)) }
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
      const all = new Map([...params(entry as Entry, id, four), ...property.params])
      put(index === 0 ? `addresses/${id}` : `addresses/${id}/label`, {
        ...property,
        params: all,
        ...(typeof group === 'string' ? { group } : {}),
      })
    })
  }
  each('anniversaries', card.anniversaries, (entry, params, id) => {
    const name = DATES.get(entry.kind)
    const date = writeDate(entry.date)
    if (name === undefined || date === undefined) return undefined
    const place = PLACES.get(entry.kind)
    if (entry.place && place !== undefined) {
      const where = entry.place.coordinates ?? fullAddress(entry.place)
      const type = entry.place.coordinates === undefined ? undefined : 'uri'
      put(`anniversaries/${id}/place`, {
        name: place,
        params: new Map(four ? [['prop-id', [id]] as const] : []),
        raw: type ? uriText(where) : text(where),
        ...(type === undefined ? {} : { type }),
      })
    }
    for (const [key, values] of date.params) params.set(key, values)
    const raw = four ? date.raw : date.raw.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')
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
  for (const [uid, { relation = {} }] of Object.entries(card.relatedTo ?? {})) {
    const types = Object.keys(relation).filter(word => relation[word])
    const params: Params = new Map(types.length > 0 ? [['type', types]] : [])
    put(`relatedTo/${uid}`, {
      name: 'related',
      params,
      ...(isUri(uid) ? { raw: uriText(uid) } : { raw: text(uid), type: 'text' }),
    })
  }
  for (const [uid, on] of Object.entries(card.members ?? {})) {
    if (on) plain(`members/${uid}`, four ? 'member' : 'x-addressbookserver-member', uriText(uid))
  }
  for (const [path, value] of extensions(card)) {
    const params: Params = new Map([['jsptr', [path]]])
    put(path, { name: 'jsprop', params, raw: text(JSON.stringify(value)) })
  }
  return out
}

type Params = Map<string, readonly string[]>
const OWN_SERVICE = /^x-(?!socialprofile)/
const isUri = (value: string) => /^[A-Za-z][A-Za-z0-9+.-]*:\S*$/.test(value)

/** TYPE, PREF, PROP-ID and what `vCardParams` kept. */
function params(entry: Entry, id: string, four: boolean): Params {
  const params: Params = new Map()
  const { group: _, type, ...kept } = (entry.vCardParams ?? {}) as VCardParams
  const contexts = Object.entries((entry.contexts ?? {}) as Record<string, boolean>)
  const types = contexts.flatMap(([word, on]) => (on ? [word === 'private' ? 'home' : word] : []))
  addTypes(params, [...types, ...(type === undefined ? [] : [type].flat())])
  if (typeof entry.pref === 'number') {
    if (four) params.set('pref', [`${entry.pref}`])
    else if (entry.pref === 1) addTypes(params, ['pref'])
  }
  if (four) params.set('prop-id', [id])
  for (const [name, value] of Object.entries(kept)) params.set(name.toLowerCase(), [value].flat().map(String))
  return params
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

/** vCard 3.0 has no URI for a number: `tel:+44-7700-900123;ext=5` becomes `+44-7700-900123 x5`. */
export function plainNumber(number: string): string {
  const match = /^tel:([^;]*)(?:.*;ext=([^;]+))?/i.exec(number)
  return match ? `${match[1]}${match[2] === undefined ? '' : ` x${match[2]}`}` : number
}

/** Properties that RFC 9553 doesn't know: `x:…`, vendors' own, at the top or inside; as JSON pointers. */
function extensions(card: Card): [string, unknown][] {
  const found: [string, unknown][] = []
  const token = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')
  const walk = (value: unknown, path: string, depth: number) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > 8) return
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'vCardParams' || key === 'sortAs' || inner === undefined) continue
      if (key.includes(':')) found.push([`${path}/${token(key)}`, inner])
      else walk(inner, `${path}/${token(key)}`, depth + 1)
    }
  }
  for (const [key, value] of Object.entries(card)) {
    if (value === undefined) continue
    if (!KNOWN.has(key)) found.push([token(key), value])
    else if (!['localizations', 'keywords', 'members', 'relatedTo', 'vCardProps'].includes(key)) walk(value, key, 1)
  }
  return found
}
