// One content line as a property, and back. The grammar (parameters, quotes, RFC 6868) is ical.js; values are left
// raw, because their meaning depends on the property, and ical.js's own idea of dates and unknown values loses some.
import ICAL from 'ical.js'

export interface Property {
  /** Lower case, without the group. */
  readonly name: string
  /** Lower case. */
  readonly group?: string
  /** Names in lower case, without `value`. */
  readonly params: ReadonlyMap<string, readonly string[]>
  /** What `VALUE=` says, in lower case. */
  readonly type?: string
  /** As on the line: escaped. */
  readonly raw: string
  readonly line: number
}

// No property and no value type is known to this design, so nothing is converted. Without prototypes: ical.js looks
// names up with `in`, and a file may name its property `constructor`.
const bare = <T>(entries: Record<string, T> = {}): Record<string, T> => Object.assign(Object.create(null), entries)
const DESIGN = {
  name: 'raw',
  value: bare(),
  param: bare({ type: { multiValue: ',' } }),
  property: bare(),
  propertyGroups: true,
} as unknown as NonNullable<Parameters<typeof ICAL.parse.property>[1]>

// ical.js looks for the colon again at each parameter: without a bound, a line of parameters alone would be quadratic.
const PARAMETERS = 64
const NAME = /^(?:[A-Za-z0-9_-]+\.)?[A-Za-z0-9_-]+$/
// What vCard 2.1 writes without its parameter's name, besides types.
const BARE = new Map([
  ['quoted-printable', 'ENCODING'],
  ['base64', 'ENCODING'],
  ['8bit', 'ENCODING'],
  ['7bit', 'ENCODING'],
  ['inline', 'VALUE'],
  ['url', 'VALUE'],
  ['uri', 'VALUE'],
  ['cid', 'VALUE'],
  ['content-id', 'VALUE'],
])
// Undone where lines are read: the value is text by now.
const UNDONE = /^"?(?:quoted-printable|q|8bit|7bit)"?$/i
const TOKEN = /^[A-Za-z0-9_-]+$/

/** `undefined` when the line is no property. */
export function parseProperty(text: string, line: number): Property | undefined {
  const written = /^[^:;]*/.exec(text)?.[0] ?? ''
  const head = written.trim()
  if (!NAME.test(head)) return undefined
  let jcard: [string, Record<string, unknown>, string, unknown]
  try {
    const whole = withTypes(head + text.slice(written.length))
    if (whole === undefined) return undefined
    jcard = ICAL.parse.property(whole, DESIGN)
  } catch {
    // ical.js quotes the line in its message: it must not go on.
    return undefined
  }
  const [name, found, type, raw] = jcard
  if (typeof raw !== 'string') return undefined
  const params = new Map<string, readonly string[]>()
  let group: string | undefined
  for (const [param, value] of Object.entries(found)) {
    const values = [value]
      .flat(2)
      .map(String)
      .map(each => (param === 'type' ? each.replace(/^"|"$/g, '') : each))
    if (param === 'group') group = values[0]?.toLowerCase()
    else if (param === 'charset' || (param === 'encoding' && UNDONE.test(values[0] ?? ''))) continue
    else if (TOKEN.test(param) && param !== '__proto__') params.set(param, values)
  }
  return {
    name,
    ...(group === undefined ? {} : { group }),
    params,
    ...(type === 'unknown' ? {} : { type }),
    raw,
    line,
  }
}

/** The unfolded line. Names that are no tokens are left out: a label must not become a property. */
export function writeProperty(property: Omit<Property, 'line'>): string {
  const params: Record<string, unknown> = Object.create(null)
  for (const [name, values] of property.params) {
    if (!TOKEN.test(name) || name === 'group' || name === 'value') continue
    // biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 6868 has no way to write them
    const safe = values.map(value => value.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ''))
    // A list of which one needs quotes is quoted whole: that is how 4.0 writes lists (RFC 6350, section 5.6).
    const list = name === 'type' && !safe.some(value => /[:;,]/.test(value))
    if (safe.length > 0) params[name] = list ? safe : safe.join(',')
  }
  const type = property.type !== undefined && TOKEN.test(property.type) ? property.type : 'unknown'
  const raw = property.raw.replace(/[\r\n]/g, '')
  const line = ICAL.stringify.property(
    [TOKEN.test(property.name) ? property.name : 'x-unnamed', params, type, raw],
    DESIGN,
    true,
  )
  // ical.js would write the group in capitals.
  return property.group !== undefined && TOKEN.test(property.group) ? `${property.group}.${line}` : line
}

// `undefined`: it has more parameters than any property needs. `TEL;CELL;VOICE:` is vCard 2.1, but 3.0 exports of some
// phones write it too.
function withTypes(text: string): string | undefined {
  let count = 0
  let quoted = false
  let from = -1
  let out = ''
  let copied = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '"') quoted = !quoted
    if (quoted || (char !== ';' && char !== ':')) continue
    if (from >= 0) {
      const part = text.slice(from, at)
      const equals = part.indexOf('=')
      if (part.trim() === '') {
        // `TEL;:1`: nothing is said between the semicolon and what comes next.
        out += text.slice(copied, from - 1)
        copied = at
      } else if (equals < 0) {
        out += `${text.slice(copied, from)}${BARE.get(part.trim().toLowerCase()) ?? 'TYPE'}=${part.trim()}`
        copied = at
      } else if (part.slice(0, equals).trim() !== part.slice(0, equals)) {
        out += `${text.slice(copied, from)}${part.slice(0, equals).trim()}=${part.slice(equals + 1).trim()}`
        copied = at
      }
    }
    if (char === ':') break
    if (++count > PARAMETERS) return undefined
    from = at + 1
  }
  return out + text.slice(copied)
}
