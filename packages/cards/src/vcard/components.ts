// The JSCOMPS parameter (RFC 9555, section 3.3.1): in which order the components of a name or an address are
// said, and what stands between them. vCard puts components in fixed places and has no other way to say it.

/** A component of a name or an address. */
export interface Component {
  readonly kind: string
  readonly value: string
  readonly phonetic?: string
}

export interface Order {
  readonly defaultSeparator?: string
  readonly components: Component[]
}

const escaped = (separator: string) => separator.replace(/[\\,;]/g, '\\$&')

/** `kinds`: the kind at each place of the value. `undefined` when a component has no place. */
export function writeOrder(
  components: readonly Component[],
  defaultSeparator: string | undefined,
  kinds: readonly string[],
  values: readonly (readonly string[])[],
): string | undefined {
  const parts = [defaultSeparator === undefined ? '' : `s,${escaped(defaultSeparator)}`]
  const used = new Map<string, number>()
  for (const { kind, value } of components) {
    if (kind === 'separator') {
      parts.push(`s,${escaped(value)}`)
      continue
    }
    const place = kinds.lastIndexOf(kind)
    if (place < 0) return undefined
    const key = `${place}/${value}`
    const index = values[place]?.indexOf(value, used.get(key) ?? 0) ?? -1
    if (index < 0) return undefined
    used.set(key, index + 1)
    parts.push(index === 0 ? `${place}` : `${place},${index}`)
  }
  return parts.join(';')
}

/**
 * `undefined` when it doesn't fit the value: then the order is unknown, which loses nothing else. Each part is said once at
 * most: a long one that is said a hundred thousand times is a card that nothing can hold.
 */
export function readOrder(
  jscomps: string,
  kinds: readonly string[],
  values: readonly (readonly string[])[],
): Order | undefined {
  const [first = '', ...rest] = split(jscomps, ';')
  const components: Component[] = []
  const said = new Set<string>()
  for (const part of rest) {
    const separator = asSeparator(part)
    if (separator !== undefined) {
      components.push({ kind: 'separator', value: separator })
      continue
    }
    const match = /^(\d{1,3})(?:,(\d{1,3}))?$/.exec(part)
    const kind = match && kinds[Number(match[1])]
    const value = match && values[Number(match[1])]?.[Number(match[2] ?? 0)]
    if (!kind || value === undefined || value === null) return undefined
    const where = `${Number(match[1])},${Number(match[2] ?? 0)}`
    if (said.has(where)) return undefined
    said.add(where)
    components.push({ kind, value })
  }
  // A part that the order leaves out would be lost.
  if (said.size === 0 || said.size < values.flat().length) return undefined
  const defaultSeparator = asSeparator(first)
  return defaultSeparator === undefined ? { components } : { components, defaultSeparator }
}

function asSeparator(part: string): string | undefined {
  return part.startsWith('s,') ? part.slice(2).replace(/\\([\\,;])/g, '$1') : undefined
}

function split(text: string, delimiter: string): string[] {
  const parts: string[] = []
  let from = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === delimiter) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, text.slice(from)]
}

/** SORT-AS has no escape for what parts its words: such ones, and those with blanks around them, it can't say. */
export function sortAs(words: readonly string[]): string {
  return words.some(word => /[,;]/.test(word) || word !== word.trim()) ? '' : words.join(',').replace(/,+$/, '')
}

/** By kind; kinds that aren't named come last. */
export function inOrderOf<T extends Component>(kinds: readonly string[], components: readonly T[]): T[] {
  const rank = ({ kind }: T) => (kinds.indexOf(kind) + kinds.length + 1) % (kinds.length + 1)
  return [...components].sort((one, other) => rank(one) - rank(other))
}

/** What the components say together. RFC 9553, section 2.2.1.1: a blank between two unless something else is said. */
export function joinComponents(components: readonly Component[], ordered: boolean, defaultSeparator?: string): string {
  let text = ''
  let glued = true
  for (const { kind, value } of components) {
    if (kind === 'separator') {
      if (!ordered) continue
      text += value
      glued = true
    } else {
      text += (glued ? '' : ordered ? (defaultSeparator ?? ' ') : ' ') + value
      glued = false
    }
  }
  return text.trim()
}
