// vCard properties to a JSContact card: RFC 9555, section 2, with what phones write besides. Each property either
// finds its place or is kept in `vCardProps` (section 2.15.1); nothing is dropped, and nothing is fetched.
import type { Card } from '@amanat/vault'
import { tagFrom } from '../jscontact/shapes'
import { readInstant } from './date'
import { about, Draft, isUri, type Labelled, labelOf, textOf, uriOf } from './draft'
import { withTranslations } from './languages'
import type { Property } from './property'
import { RELATIVES, related } from './relations'
import { textList } from './text'
import { addresses } from './to-addresses'
import { androids, anniversary, anniversaryPlace } from './to-dates'
import { instant, jsprop, member, personal, single } from './to-facts'
import { inUse, isLabelled, keptGroupsOf, labelledBy } from './to-labels'
import { isNameSound, names } from './to-name'
import { organization, organizationsOfTitles, title } from './to-organizations'
import { cryptoKey, link, media } from './to-resources'
import { OLD_SERVICES, phone, service } from './to-ways'

/** `false`: it has no place. */
type Place = (labelled: Labelled, draft: Draft) => boolean

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
    key: cryptoKey,
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
