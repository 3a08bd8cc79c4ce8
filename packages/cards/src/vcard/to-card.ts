// vCard properties to a JSContact card: RFC 9555, section 2, with what phones write besides. Each property either
// finds its place or is kept in `vCardProps` (section 2.15.1); nothing is dropped, and nothing is fetched.
import type { Card } from '@amanat/vault'
import { tagFrom } from '../jscontact/shapes'
import { readInstant } from './date'
import { about, Draft, isUri, type Labelled, labelOf, textOf, typesOf, uriOf } from './draft'
import { withTranslations } from './languages'
import { inlineUri, isInline, mediaWords } from './media'
import { plainNumber } from './plain-number'
import type { Property } from './property'
import { RELATIVES, related } from './relations'
import { splitRaw, textList, unescapeText } from './text'
import { addresses } from './to-addresses'
import { androids, anniversary, anniversaryPlace } from './to-dates'
import { isNameSound, names } from './to-name'

/** `false`: it has no place. */
type Place = (labelled: Labelled, draft: Draft) => boolean

// TEL's TYPE to features: RFC 9555, section 2.7 (TEL).
const FEATURES = new Map([
  ['cell', 'mobile'],
  ['voice', 'voice'],
  ['text', 'text'],
  ['video', 'video'],
  ['fax', 'fax'],
  ['pager', 'pager'],
  ['textphone', 'textphone'],
  ['main-number', 'main-number'],
])
const LEVELS = new Map([
  ['beginner', 'low'],
  ['average', 'medium'],
  ['expert', 'high'],
])
// Services that had a property of their own before IMPP.
const OLD_SERVICES = new Map([
  ['x-aim', 'AIM'],
  ['x-icq', 'ICQ'],
  ['x-jabber', 'Jabber'],
  ['x-msn', 'MSN'],
  ['x-skype', 'Skype'],
  ['x-skype-username', 'Skype'],
  ['x-yahoo', 'Yahoo'],
  ['x-google-talk', 'Google Talk'],
  ['x-qq', 'QQ'],
  ['x-gtalk', 'Google Talk'],
  ['x-gadugadu', 'Gadu-Gadu'],
  ['x-groupwise', 'GroupWise'],
  ['x-sip', 'SIP'],
  ['x-twitter', 'Twitter'],
  ['x-facebook', 'Facebook'],
  ['x-instagram', 'Instagram'],
  ['x-linkedin', 'LinkedIn'],
  ['x-mastodon', 'Mastodon'],
  ['x-matrix', 'Matrix'],
  ['x-signal', 'Signal'],
  ['x-telegram', 'Telegram'],
  ['x-whatsapp', 'WhatsApp'],
  ['x-ms-imaddress', ''],
  ['x-kaddressbook-x-imaddress', ''],
])

const PLACES = new Map<string, Place>(
  Object.entries({
    tel: phone,
    email: (found, draft) => {
      const address = textOf(found.property).trim()
      if (address === '') return true
      draft.add('emails', 'e', found.property, { address, ...about(found, { types: ['internet'] }) })
      return true
    },
    nickname: (found, draft) => {
      for (const name of textList(found.property.raw)) {
        draft.add('nicknames', 'k', found.property, { name, ...about(found, { label: false }) })
      }
      return true
    },
    org: organization,
    title: (found, draft) => title(found, draft, 'title'),
    role: (found, draft) => title(found, draft, 'role'),
    note: (found, draft) => {
      const { property } = found
      const note = textOf(property)
      if (note.trim() === '') return true
      const created = readInstant(property.params.get('created')?.[0] ?? '')
      const name = property.params.get('author-name')?.[0]
      const uri = property.params.get('author')?.[0]
      const author = { ...(name ? { name } : {}), ...(uri ? { uri } : {}) }
      draft.add('notes', 'n', property, {
        note,
        ...(created === undefined ? {} : { created }),
        ...(name || uri ? { author } : {}),
        ...about(found, { params: ['created', 'author', 'author-name'], label: false }),
      })
      return true
    },
    photo: (found, draft) => media(found, draft, 'photo'),
    logo: (found, draft) => media(found, draft, 'logo'),
    sound: (found, draft) => media(found, draft, 'sound'),
    key: (found, draft) => {
      const uri = inlineUri(found.property)
      if (uri === undefined) return false
      draft.add('cryptoKeys', 'y', found.property, resource(found, uri))
      return true
    },
    url: (found, draft) => link(found, draft, 'links', 'l'),
    'contact-uri': (found, draft) => link(found, draft, 'links', 'l', 'contact'),
    caluri: (found, draft) => link(found, draft, 'calendars', 'c', 'calendar'),
    fburl: (found, draft) => link(found, draft, 'calendars', 'c', 'freeBusy'),
    caladruri: (found, draft) => link(found, draft, 'schedulingAddresses', 's'),
    source: (found, draft) => link(found, draft, 'directories', 'd', 'entry'),
    'org-directory': (found, draft) => link(found, draft, 'directories', 'd', 'directory'),
    impp: service,
    socialprofile: service,
    'x-socialprofile': service,
    ...Object.fromEntries([...OLD_SERVICES.keys()].map(name => [name, service])),
    bday: (found, draft) => anniversary(found, draft, 'birth'),
    deathdate: (found, draft) => anniversary(found, draft, 'death'),
    anniversary: (found, draft) => anniversary(found, draft, 'wedding'),
    'x-anniversary': (found, draft) => anniversary(found, draft, 'wedding'),
    'x-ms-anniversary': (found, draft) => anniversary(found, draft, 'wedding'),
    'x-evolution-anniversary': (found, draft) => anniversary(found, draft, 'wedding'),
    'x-kaddressbook-x-anniversary': (found, draft) => anniversary(found, draft, 'wedding'),
    'x-abdate': (found, draft) =>
      labelOf(found.label) === 'Anniversary' ? anniversary(found, draft, 'wedding') : false,
    lang: (found, draft) => {
      const written = textOf(found.property).trim()
      if (written === '') return true
      const language = tagFrom(written)
      if (language === undefined) return false
      draft.add('preferredLanguages', 'g', found.property, { language, ...about(found, { label: false }) })
      return true
    },
    categories: ({ property }, draft) => {
      for (const keyword of textList(property.raw)) draft.member('keywords', keyword, true)
      return true
    },
    related,
    ...Object.fromEntries([...RELATIVES.keys()].map(name => [name, related])),
    // A card inside a card, or words: only what leads to somebody is a relation.
    agent: (found, draft) =>
      isUri(textOf(found.property)) && !/^BEGIN:/i.test(found.property.raw) && related(found, draft),
    'x-android-custom': androids,
    gramgender: ({ property }, draft) => {
      if (draft.card.speakToAs?.grammaticalGender !== undefined) return false
      draft.card.speakToAs = { ...draft.card.speakToAs, grammaticalGender: textOf(property).trim().toLowerCase() }
      return true
    },
    pronouns: (found, draft) => {
      const pronouns = textOf(found.property).trim()
      if (pronouns === '') return true
      const known = draft.card.speakToAs?.pronouns ?? {}
      const wanted = found.property.params.get('prop-id')?.[0]
      const id = wanted !== undefined && /^[\w-]+$/.test(wanted) ? wanted : `r${Object.keys(known).length + 1}`
      const entry = { pronouns, ...about(found, { label: false }) }
      if (id !== '__proto__') draft.card.speakToAs = { ...draft.card.speakToAs, pronouns: { ...known, [id]: entry } }
      return true
    },
    expertise: (found, draft) => personal(found, draft, 'expertise'),
    hobby: (found, draft) => personal(found, draft, 'hobby'),
    interest: (found, draft) => personal(found, draft, 'interest'),
    uid: ({ property }, draft) => single(draft, 'uid', textOf(property).trim()),
    prodid: ({ property }, draft) => single(draft, 'prodId', textOf(property).trim()),
    language: ({ property }, draft) => {
      const written = textOf(property).trim()
      const language = tagFrom(written)
      return language === undefined ? written === '' : single(draft, 'language', language)
    },
    kind: ({ property }, draft) => single(draft, 'kind', textOf(property).trim().toLowerCase()),
    'x-addressbookserver-kind': ({ property }, draft) => single(draft, 'kind', textOf(property).trim().toLowerCase()),
    member: ({ property }, draft) => member(draft, uriOf(property)),
    'x-addressbookserver-member': ({ property }, draft) => member(draft, uriOf(property)),
    rev: ({ property }, draft) => instant(draft, 'updated', property),
    created: ({ property }, draft) => instant(draft, 'created', property),
    jsprop: ({ property }, draft) => jsprop(property, draft),
  } satisfies Record<string, Place>),
)

// Read by name, address or group, or saying nothing once the card is read.
const APART = new Set([
  'version',
  'fn',
  'n',
  'adr',
  'label',
  'geo',
  'tz',
  'birthplace',
  'deathplace',
  'x-ablabel',
  'x-abadr',
  'x-phonetic-first-name',
  'x-phonetic-middle-name',
  'x-phonetic-last-name',
  'sound',
  'x-amanat-destroy-by',
])

export interface Converted {
  readonly card: Card
  readonly kept: readonly string[]
}

export function toCard(properties: readonly Property[]): Converted {
  const { base, translations } = withTranslations(properties)
  const draft = new Draft()
  fill(draft, base)
  translations(draft, translated => {
    const mini = new Draft()
    fill(mini, translated)
    return mini.finish()
  })
  return { card: draft.finish(), kept: draft.kept }
}

function fill(draft: Draft, properties: readonly Property[]): void {
  const labels = new Map<string, string>()
  const countries = new Map<string, string>()
  const keptGroups = new Set<string>()
  for (const property of properties) {
    if (property.group === undefined) continue
    if (property.name === 'x-ablabel') labels.set(property.group, textOf(property))
    if (property.name === 'x-abadr') countries.set(property.group, textOf(property).trim())
  }
  const kept = keptGroupsOf(properties, labels)
  for (const one of properties) {
    if (APART.has(one.name) && !(one.name === 'sound' && !isNameSound(one))) continue
    // Read like a parameter that nobody knows: it ends in `vCardParams` (RFC 9555, section 2.3.9).
    const property =
      one.group !== undefined && kept.has(one.group)
        ? { ...one, params: new Map([...one.params, ['group', [one.group]] as const]) }
        : one
    const labelled = labelledBy(property, labels)
    if (!PLACES.get(property.name)?.(labelled, draft)) {
      draft.keep(property)
      if (property.group !== undefined) keptGroups.add(property.group)
    }
  }
  names(draft, properties, kept)
  addresses(draft, properties, labels, countries)
  for (const property of properties) {
    const place = property.name === 'birthplace' || property.name === 'deathplace'
    if (place && !anniversaryPlace(draft, property)) draft.keep(property)
    // A label without anything that it labels, or of something that was kept.
    const { group } = property
    if (property.name !== 'x-ablabel') continue
    if (group === undefined || keptGroups.has(group) || !inUse(properties, group)) draft.keep(property)
    else if (kept.has(group) && !properties.some(other => other.group === group && isLabelled(other))) {
      draft.keep(property)
    }
  }
  organizationsOfTitles(draft, properties)
}

// Of X-ABLabel, or of Android's own way to write one (property.ts).
function labelledBy(property: Property, labels: ReadonlyMap<string, string>): Labelled {
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
const isLabelled = ({ name }: Property) => LABELLED.test(name) || OLD_SERVICES.has(name) || RELATIVES.has(name)
// Tied together in the card itself: titles to organizations, and all that is said of one address.
const TIED = [/^(?:title|role|org)$/, /^(?:adr|label|geo|tz)$/]

/** Groups that say more than what belongs to what in the card: several properties, or a label of one that has none. */
function keptGroupsOf(properties: readonly Property[], labels: ReadonlyMap<string, string>): Set<string> {
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

function inUse(properties: readonly Property[], group: string): boolean {
  return properties.some(other => other.group === group && other.name !== 'x-ablabel' && other.name !== 'x-abadr')
}

function member(draft: Draft, uri: string): boolean {
  draft.member('members', uri, true)
  return true
}

function single(draft: Draft, key: 'uid' | 'prodId' | 'language' | 'kind', value: string): boolean {
  if (value === '' || draft.card[key] === value) return true
  if (draft.card[key] !== undefined) return false
  draft.card[key] = value
  return true
}

function instant(draft: Draft, key: 'updated' | 'created', property: Property): boolean {
  const utc = readInstant(textOf(property)) ?? readInstant(`${textOf(property).trim()}T00:00:00Z`)
  if (utc === undefined || draft.card[key] !== undefined) return draft.card[key] === utc && utc !== undefined
  draft.card[key] = utc
  return true
}

function phone(found: Labelled, draft: Draft): boolean {
  const written = textOf(found.property).trim()
  if (written === '') return true
  // As we write the URI of a number to 3.0, which knows none.
  const uri = found.property.params.get('x-uri')?.[0]
  const own = uri !== undefined && /^tel:/i.test(uri) && plainNumber(uri) === written
  const number = own ? uri : written
  const features = Object.fromEntries(
    typesOf(found).flatMap(type => (FEATURES.has(type) ? [[FEATURES.get(type) as string, true]] : [])),
  )
  draft.add('phones', 'p', found.property, {
    number,
    ...(Object.keys(features).length > 0 ? { features } : {}),
    ...about(found, { types: FEATURES.keys(), params: own ? ['x-uri'] : [] }),
  })
  return true
}

function organization(found: Labelled, draft: Draft): boolean {
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

function title(found: Labelled, draft: Draft, kind: 'title' | 'role'): boolean {
  const name = textOf(found.property).trim()
  if (name === '') return true
  draft.add('titles', 't', found.property, { kind, name, ...about(found, { label: false }) })
  return true
}

// A group ties a title to the organization in which it is held: RFC 9555, section 2.9.
function organizationsOfTitles(draft: Draft, properties: readonly Property[]): void {
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

function resource(found: Labelled, uri: string): Record<string, unknown> {
  const mediaType = found.property.params.get('mediatype')?.[0]
  return {
    uri,
    ...(mediaType === undefined ? {} : { mediaType }),
    // TYPE=JPEG of vCard 3.0 is in the data: URI already.
    ...about(found, {
      params: ['mediatype'],
      types: isInline(found.property, uri) ? mediaWords(found.property) : [],
    }),
  }
}

function media(found: Labelled, draft: Draft, kind: string): boolean {
  const uri = inlineUri(found.property)
  if (uri === undefined) return false
  draft.add('media', 'm', found.property, { kind, ...resource(found, uri) })
  return true
}

function link(found: Labelled, draft: Draft, field: string, prefix: string, kind?: string): boolean {
  const uri = uriOf(found.property)
  if (uri === '') return true
  const index = Number(found.property.params.get('index')?.[0])
  const listAs = field === 'directories' && Number.isInteger(index) && index > 0 ? { listAs: index } : {}
  const mediaType = found.property.params.get('mediatype')?.[0]
  draft.add(field, prefix, found.property, {
    ...(kind === undefined ? {} : { kind }),
    uri,
    ...(mediaType === undefined ? {} : { mediaType }),
    ...listAs,
    ...about(found, { params: ['mediatype', 'index'] }),
  })
  return true
}

function service(found: Labelled, draft: Draft): boolean {
  const { property } = found
  const value = uriOf(property)
  const old = OLD_SERVICES.get(property.name)
  // X-SOCIALPROFILE;TYPE=twitter:… of phones; SERVICE-TYPE of RFC 9554, section 4.9.
  const stated = property.params.get('service-type')?.[0] ?? property.params.get('x-service-type')?.[0]
  const types = typesOf(found).filter(
    type => !['home', 'work', 'pref', 'internet', 'billing', 'delivery'].includes(type),
  )
  const named = property.name === 'x-socialprofile' && stated === undefined ? types[0] : undefined
  const name = (old || undefined) ?? stated ?? named
  const user = property.params.get('username')?.[0] ?? property.params.get('x-user')?.[0]
  const uri = isUri(value) && property.type !== 'text' && old === undefined ? value : undefined
  const other = uri === undefined && value !== '' ? value : undefined
  if (uri === undefined && other === undefined && user === undefined) return true
  draft.add('onlineServices', 's', property, {
    ...(name === undefined ? {} : { service: name }),
    ...(uri === undefined ? {} : { uri }),
    ...((user ?? other) === undefined ? {} : { user: user ?? other }),
    // X-SOCIALPROFILE is what the same is called before 4.0.
    ...(/^(?:x-)?socialprofile$/.test(property.name) ? {} : { vCardName: property.name }),
    ...about(found, {
      params: ['service-type', 'x-service-type', 'username', 'x-user'],
      types: named === undefined ? [] : [named],
    }),
  })
  return true
}

function personal(found: Labelled, draft: Draft, kind: string): boolean {
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
function jsprop(property: Property, draft: Draft): boolean {
  const pointer = property.params.get('jsptr')?.join(',')
  if (pointer === undefined || pointer === '' || pointer.length > 1024) return false
  let value: unknown
  try {
    value = JSON.parse(textOf(property))
  } catch {
    return false
  }
  const path = pointer.split('/').map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (path.some(part => part === '__proto__' || part === '')) return false
  if (path[0] === 'version' || path[0] === '@type') return true
  draft.later.push({ path, value, property })
  return true
}
