// The name of a card, which vCard says in FN, N and several properties of how it sounds. RFC 9555, sections 2.5.2,
// 2.5.5 and 2.3.15, and what phones write.
import type { Name } from '@amanat/vault'
import { type Draft, paramsBut, textOf } from './draft'
import { FN_PARAM, readName, withPhonePhonetics, withSound } from './name'
import type { Property } from './property'
import { structured } from './text'

/** SOUND of Japanese phones: no recording, but how the name is read. */
export const isNameSound = ({ params }: Property) => params.get('type')?.some(type => /^x-irmc-n$/i.test(type)) === true

/** `kept`: groups that say something by themselves. */
export function names(draft: Draft, properties: readonly Property[], kept: ReadonlySet<string>): void {
  const byName = new Map<string, Property[]>(READ.map(name => [name, []]))
  for (const property of properties) byName.get(property.name)?.push(property)
  const all = (name: string) => byName.get(name) ?? []
  const ns = all('n').filter(property => !property.params.has('phonetic'))
  const fns = all('fn').length > 1 ? all('fn').sort(byPlainness) : all('fn')
  let name = readName(fns[0], ns[0])
  const left: Property[] = []
  const spoken: Property[] = []
  for (const sound of all('n').filter(property => property.params.has('phonetic'))) {
    if (sound.params.has('language')) {
      spoken.push(sound)
      continue
    }
    const sounded = name && withSound(name, sound)
    if (sounded === undefined || sounded === name) left.push(sound)
    else name = sounded
  }
  const sounds = new Map<string, Property>()
  for (const [property, kind] of PHONETICS) {
    for (const one of all(property)) {
      // What more is said of it, such as its language, has no place beside a component.
      if (sounds.has(kind) || [...one.params.keys()].some(param => param !== 'phonetic')) left.push(one)
      else if (textOf(one).trim() !== '') sounds.set(kind, one)
    }
  }
  const texts = new Map([...sounds].map(([kind, property]) => [kind, textOf(property).trim()]))
  // Japanese phones write how a name sounds in the places of N.
  for (const sound of all('sound').filter(isNameSound)) {
    const places = structured(sound.raw)
    let placed = false
    for (const [place, kind] of ['surname', 'given', 'given2'].entries()) {
      const text = places[place]?.join(' ')
      if (!text || texts.has(kind) || !name?.components?.some(component => component.kind === kind)) continue
      texts.set(kind, text)
      placed = true
    }
    if (!placed && sound.raw.replace(/[;\s]/g, '') !== '') left.push(sound)
  }
  const system = [...sounds.values()]
    .map(({ params }) => params.get('phonetic')?.[0])
    .find(value => value !== undefined)
  if (name) {
    const sounded = withPhonePhonetics(system ? { ...name, phoneticSystem: system } : name, texts)
    if (sounded.components !== name.components) name = sounded
  }
  const placed = new Set(
    name?.components?.flatMap(({ kind, phonetic }) => (phonetic === texts.get(kind) ? [kind] : [])),
  )
  for (const [kind, property] of sounds) if (!placed.has(kind)) left.push(property)
  // Where nobody is named, an organization stands in for the name: it is no name.
  const derived = fns[0]?.params.get('derived')?.[0]?.toLowerCase() === 'true' && !name?.components
  if (derived && Object.values(draft.card.organizations ?? {}).some(({ name: own }) => own === name?.full))
    name = undefined
  if (name) {
    const params = nameParams(name, fns[0], ns[0], kept)
    draft.card.name = Object.keys(params).length > 0 ? { ...name, vCardParams: params } : name
  }
  for (const sound of spoken) if (!name || !localizedSound(draft, name, sound)) left.push(sound)
  for (const property of [...fns.slice(1), ...ns.slice(1), ...left]) {
    if (textOf(property).replace(/[;\s]/g, '') !== '') draft.keep(property)
  }
}

// RFC 9555, section 2.5.2: of several, one without a language, with the fewest parameters; of those, the most wanted.
function byPlainness(one: Property, other: Property): number {
  const pref = ({ params }: Property) => Number(params.get('pref')?.[0] ?? 101) || 101
  const language = ({ params }: Property) => (params.has('language') ? 1 : 0)
  return language(one) - language(other) || one.params.size - other.params.size || pref(one) - pref(other)
}

// What FN and N say beside the name: its language, for one. Both are one object here: FN's have a prefix where N's are there.
function nameParams(name: Name, fn: Property | undefined, n: Property | undefined, kept: ReadonlySet<string>) {
  const of = (property: Property | undefined) =>
    property === undefined
      ? {}
      : {
          ...paramsBut(property, ['sort-as', 'jscomps', 'prop-id', 'derived', 'altid', 'encoding', 'group']),
          ...(property.group !== undefined && kept.has(property.group) ? { group: property.group } : {}),
        }
  if (!name.components) return of(fn)
  const own = Object.entries(name.full === undefined ? {} : of(fn))
  return { ...of(n), ...Object.fromEntries(own.map(([param, value]) => [FN_PARAM + param, value])) }
}

// RFC 9555, section 2.3.15: how a name sounds in a language is a patch of its components.
function localizedSound(draft: Draft, name: Name, sound: Property): boolean {
  const language = sound.params.get('language')?.[0] as string
  const { phoneticSystem, phoneticScript, components = [] } = withSound(name, sound)
  const patch: Record<string, string> = {
    ...(phoneticSystem === undefined ? {} : { 'name/phoneticSystem': phoneticSystem }),
    ...(phoneticScript === undefined ? {} : { 'name/phoneticScript': phoneticScript }),
  }
  let sounds = 0
  for (const [at, { phonetic }] of components.entries()) {
    if (phonetic === undefined) continue
    patch[`name/components/${at}/phonetic`] = phonetic
    sounds++
  }
  if (sounds === 0 || language === '__proto__') return false
  const known = draft.card.localizations?.[language]
  if (known && Object.keys(known).some(pointer => pointer.startsWith('name'))) return false
  draft.member('localizations', language, { ...known, ...patch })
  return true
}

const READ = ['fn', 'n', 'sound', 'x-phonetic-first-name', 'x-phonetic-middle-name', 'x-phonetic-last-name']
const PHONETICS = [
  ['x-phonetic-first-name', 'given'],
  ['x-phonetic-middle-name', 'given2'],
  ['x-phonetic-last-name', 'surname'],
] as const
