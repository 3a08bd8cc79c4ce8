// FN, N and how names sound. RFC 9555, sections 2.5.2 and 2.5.5, with the two places that RFC 9554, section 2.2 added
// to N: second surname and generation, which vCard 4.0 repeats in the old places for those who don't know the new.
import type { Name, NameComponent } from '@amanat/vault'
import { scriptOf } from '../script'
import { inOrderOf, joinComponents, readOrder, sortAs, writeOrder } from './components'
import type { Property } from './property'
import { escapeText, splitRaw, structured, unescapeText, type VCardVersion } from './text'

/** Of `vCardParams`, for what FN says where N says something, too. */
export const FN_PARAM = 'x-fn-'

const PLACES = ['surname', 'given', 'given2', 'title', 'credential', 'surname2', 'generation'] as const
// In which order they are said where nothing says so.
const SAID = ['title', 'given', 'given2', 'surname', 'surname2', 'credential', 'generation'] as const

/** A name without its sounds. `undefined`: nobody is named. */
export function readName(fn: Property | undefined, n: Property | undefined): Name | undefined {
  const name: { -readonly [key in keyof Name]: Name[key] } = {}
  const full = fn && unescapeText(fn.raw).trim()
  const derived = fn?.params.get('derived')?.[0]?.toLowerCase() === 'true'
  if (n && n.params.get('derived')?.[0]?.toLowerCase() !== 'true') {
    const values = structured(n.raw)
    const own = values.slice(0, PLACES.length)
    // The old places hold copies of the new ones: RFC 9554, section 2.2.
    own[0] = without(own[0], own[5])
    own[4] = without(own[4], own[6])
    const jscomps = n.params.get('jscomps')?.join(',')
    const order = jscomps === undefined ? undefined : readOrder(jscomps, PLACES, own)
    const components: NameComponent[] = order
      ? order.components
      : // RFC 9555, section 2.5.5: from left to right.
        PLACES.flatMap((kind, place) => (own[place] ?? []).map(value => ({ kind, value })))
    if (components.length > 0) {
      name.components = components
      if (order) name.isOrdered = true
      if (order?.defaultSeparator !== undefined) name.defaultSeparator = order.defaultSeparator
      const sortAs = n.params.get('sort-as')?.join(',').split(/[,;]/)
      const sorts = sortAs?.flatMap((words, place) => {
        const kind = PLACES[place]
        // RFC 9553, section 2.2.1.1: only of parts that the name has.
        const own = components.some(component => component.kind === kind)
        return kind && own && words.trim() ? [[kind, words.trim()] as const] : []
      })
      if (sorts && sorts.length > 0) name.sortAs = Object.fromEntries(sorts)
    }
  }
  if (full && !(derived && name.components)) name.full = full
  return name.full || name.components ? name : undefined
}

/** Adds the sounds of a second N with PHONETIC (RFC 9554, section 4.6), component by component. */
export function withSound(name: Name, n: Property): Name {
  // A part without a sound keeps its place in the list.
  const values = splitRaw(n.raw, ';').map(list => splitRaw(list, ',').map(text => unescapeText(text).trim()))
  const system = n.params.get('phonetic')?.[0]?.toLowerCase()
  const script = n.params.get('script')?.[0]
  const seen = new Map<string, number>()
  const components = name.components?.map(component => {
    const index = seen.get(component.kind) ?? 0
    seen.set(component.kind, index + 1)
    const place = PLACES.indexOf(component.kind as (typeof PLACES)[number])
    const phonetic = values[place]?.[index]
    return !phonetic ? component : { ...component, phonetic }
  })
  if (!components?.some(component => component.phonetic !== undefined)) return name
  return { ...name, components, ...phonetics(components, system, script) }
}

// RFC 9555, section 2.3.15: the system `script` is none. RFC 9553, section 1.5.4 asks for a system or a script.
function phonetics(components: readonly NameComponent[], system: string | undefined, script: string | undefined) {
  const own = system === undefined || system === 'script' ? undefined : system
  const written =
    script ?? (own === undefined ? scriptOf(components.map(one => one.phonetic ?? '').join('')) : undefined)
  return {
    ...(own === undefined ? {} : { phoneticSystem: own }),
    ...(written === undefined ? {} : { phoneticScript: written }),
  }
}

/** X-PHONETIC-FIRST-NAME and its like, which phones write: they don't say by which system; the letters say in which script. */
export function withPhonePhonetics(name: Name, sounds: ReadonlyMap<string, string>): Name {
  const left = new Map(sounds)
  const components = name.components?.map(component => {
    const phonetic = left.get(component.kind)
    if (phonetic === undefined || component.phonetic !== undefined) return component
    left.delete(component.kind)
    return { ...component, phonetic }
  })
  if (!components || left.size === sounds.size) return name
  return { ...name, components, ...phonetics(components, name.phoneticSystem, name.phoneticScript) }
}

/** As it is said: `full`, or its components together. */
export function fullName(name: Name): string {
  if (name.full !== undefined) return name.full
  const components = name.components ?? []
  if (name.isOrdered) return joinComponents(components, true, name.defaultSeparator)
  return joinComponents(inOrderOf(SAID, components), false)
}

export function writeName(name: Name, version: VCardVersion): Omit<Property, 'line'>[] {
  const properties: Omit<Property, 'line'>[] = []
  const full = fullName(name)
  const said = paramsOf(name)
  const fn = paramsFor(said, name.components?.length ? FN_PARAM : '')
  if (name.full === undefined) fn.params.set('derived', ['TRUE'])
  properties.push({ name: 'fn', ...fn, raw: escapeText(full, version) })

  // RFC 2426 requires N; an empty one says no more than FN does.
  if (!name.components?.length) {
    const derived = new Map([['derived', ['TRUE']]])
    if (version === '3.0') properties.push({ name: 'n', params: derived, raw: `${escapeText(full, version)};;;;` })
    return properties
  }
  const own = place(name.components, component => component.value)
  const { params, ...grouped } = paramsFor(
    said.filter(([param]) => !param.startsWith(FN_PARAM)),
    '',
  )
  if (name.isOrdered) {
    const order = writeOrder(name.components, name.defaultSeparator, PLACES, own)
    if (order !== undefined) params.set('jscomps', [order])
  }
  if (name.sortAs) {
    const sorts = sortAs(PLACES.map(kind => name.sortAs?.[kind] ?? ''))
    if (sorts) params.set('sort-as', [sorts])
  }
  properties.push({ name: 'n', params, ...grouped, raw: raw(own, version) })

  if (name.components.some(component => component.phonetic !== undefined)) {
    const sounds = place(name.components, component => component.phonetic ?? '')
    if (version === '4.0') {
      const how = new Map([['phonetic', [name.phoneticSystem ?? 'script']]])
      if (name.phoneticScript) how.set('script', [name.phoneticScript])
      properties.push({ name: 'n', params: how, raw: raw(sounds, version) })
    } else {
      const names: [string, number][] = [
        ['x-phonetic-first-name', 1],
        ['x-phonetic-middle-name', 2],
        ['x-phonetic-last-name', 0],
      ]
      for (const [property, at] of names) {
        const text = sounds[at]?.join(' ').trim()
        const how = new Map(
          name.phoneticSystem && name.phoneticSystem !== 'script' ? [['phonetic', [name.phoneticSystem]] as const] : [],
        )
        if (text) properties.push({ name: property, params: how, raw: escapeText(text, version) })
      }
    }
  }
  return properties
}

type Said = readonly (readonly [param: string, value: string | readonly string[]])[]

const paramsOf = ({ vCardParams }: Name): Said => Object.entries(vCardParams ?? {})

function paramsFor(said: Said, prefix: string): { params: Map<string, readonly string[]>; group?: string } {
  const own = said
    .filter(([param]) => param.startsWith(prefix))
    .map(([param, value]) => [param.slice(prefix.length).toLowerCase(), [value].flat().map(String)] as const)
  const group = own.find(([param]) => param === 'group')?.[1][0]
  const params = new Map(own.filter(([param]) => param !== 'group'))
  return group === undefined ? { params } : { params, group }
}

function place(components: readonly NameComponent[], of: (component: NameComponent) => string): string[][] {
  return PLACES.map(kind => components.filter(component => component.kind === kind).map(of))
}

function raw(own: readonly string[][], version: VCardVersion): string {
  const at = (index: number) => own[index] ?? []
  // 3.0 knows five: two more only where something is in them.
  const places = version === '4.0' || at(5).length > 0 || at(6).length > 0 ? PLACES.length : 5
  const values = [[...at(0), ...at(5)], at(1), at(2), at(3), [...at(4), ...at(6)], at(5), at(6)].slice(0, places)
  return values.map(list => list.map(value => escapeText(value, version, 'component')).join(',')).join(';')
}

function without(values: string[] | undefined, copies: readonly string[] | undefined): string[] {
  const left = [...(copies ?? [])]
  return (values ?? []).filter(value => {
    const at = left.indexOf(value)
    if (at < 0) return true
    left.splice(at, 1)
    return false
  })
}
