// One content line as a property, and back. Values are left raw, because their meaning depends on the property. Lines are
// read here and not by ical.js, which refuses what programs write: colons in a label without quotes, types without a
// name, words of Android in parentheses. What is written is ical.js's.
import ICAL from 'ical.js'
import { decodeQuotedPrintable, decodeText } from './charset'

export interface Property {
  /** Lower case, without the group. */
  readonly name: string
  /** Lower case. */
  readonly group?: string
  /** Names in lower case, without `value`. Only TYPE has several values. */
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

// More than any property needs.
const PARAMETERS = 64
// A group has no dots, but programs write some.
const NAME = /^(?:([A-Za-z0-9_.-]{0,128})\.)?([A-Za-z0-9_-]+)$/
// `X-messaging/xmpp-All` of KAddressBook, `X-GOOGLE TALK` of Motorola: no names of the RFCs, and no danger to a line.
const ODD = /^(?:([A-Za-z0-9_-]+)\.)?(X-[A-Za-z0-9_-]+(?:[ /][A-Za-z0-9_-]+)*)$/i
// What vCard 2.1 writes without its parameter's name, besides types.
const BARE = new Map([
  ['quoted-printable', 'encoding'],
  ['base64', 'encoding'],
  ['b', 'encoding'],
  ['8bit', 'encoding'],
  ['7bit', 'encoding'],
  ['inline', 'value'],
  ['url', 'value'],
  ['uri', 'value'],
  ['cid', 'value'],
  ['content-id', 'value'],
])
// Undone where lines are read: the value is text by now.
const UNDONE = /^(?:quoted-printable|q|8bit|7bit)$/i
const TOKEN = /^[A-Za-z0-9_-]+$/
const WORD = /^(?:[A-Za-z0-9_-]+|X-[A-Za-z0-9_-]+(?:[ /][A-Za-z0-9_-]+)*)$/i
const PLAIN = /^[\w .+/-]*$/
// Not by a digit: ical.js takes them from an object, which puts numbers first.
const PARAMETER = /^[A-Za-z_-][A-Za-z0-9_-]*$/
const BREAK = /[\r\n]/
const NONE: ReadonlyMap<string, readonly string[]> = new Map()

/** `undefined` when the line is no property. */
export function parseProperty(text: string, line: number): Property | undefined {
  const colon = text.indexOf(':')
  if (colon < 0) return undefined
  const semicolon = text.indexOf(';')
  const bareLine = semicolon < 0 || colon < semicolon
  const head = text.slice(0, bareLine ? colon : semicolon).trim()
  const named = NAME.exec(head) ?? ODD.exec(head)
  if (!named) return undefined
  const name = (named[2] as string).toLowerCase()
  const found: Found = { params: undefined, type: undefined, group: groupOf(named[1]) }
  const raw = bareLine ? colon : readParameters(text, semicolon, found, name)
  if (raw === undefined) return undefined
  const { params = NONE, group, type } = found
  return {
    name,
    ...(group === undefined ? undefined : { group }),
    params,
    ...(type === undefined ? undefined : { type }),
    raw: text.slice(raw + 1),
    line,
  }
}

const groupOf = (text: string | undefined) => text?.toLowerCase().replace(/\.+/g, '-') || undefined

interface Found {
  params: Map<string, readonly string[]> | undefined
  type: string | undefined
  group: string | undefined
}

/** Where the value's colon is; `undefined`: there is none, or too much before it. */
function readParameters(text: string, from: number, found: Found, property: string): number | undefined {
  let at = from
  for (let count = 0; text[at] === ';'; count++) {
    if (count >= PARAMETERS) return undefined
    let end = partEnd(text, at + 1)
    const part = text.slice(at + 1, end)
    const equals = part.indexOf('=')
    const name = nameOf(part.slice(0, Math.max(0, equals)))
    if (text[end] === ':' && property === 'adr' && (name === 'label' || name === 'geo') && part[equals + 1] !== '"') {
      end = colonBefore(text, end)
      set(found, name, [decoded(text.slice(at + 2 + equals, end))])
    } else if (equals < 0 || ANDROID.test(part)) setBare(found, part.trim())
    else set(found, name, valuesOf(part.slice(equals + 1).trim(), name === 'type'))
    at = end
  }
  return text[at] === ':' ? at : undefined
}

// `TYPE#=` is still the type.
function nameOf(text: string): string {
  const name = text.trim().toLowerCase()
  return name === '' || TOKEN.test(name) ? name : name.replace(/[^a-z0-9_-]/g, '')
}

// The next `;` or `:` that stands in no quotes. A quote that is never closed is none.
function partEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === 0x3b || char === 0x3a) return at
    if (char !== 0x22) continue
    const close = text.indexOf('"', at + 1)
    if (close >= 0) at = close
  }
  return text.length
}

// A label that should have been in quotes goes on behind its colons: up to the last one of its line breaks (RFC 6868), else
// up to the last one before the places of the address begin.
function colonBefore(text: string, first: number): number {
  const places = text.indexOf(';', first)
  const label = text.slice(first, places < 0 ? text.length : places)
  const caret = Math.max(label.lastIndexOf('^n'), label.lastIndexOf("^'"))
  const next = caret < 0 ? -1 : label.indexOf(':', caret)
  return first + (next < 0 ? label.lastIndexOf(':') : next)
}

// `TEL;CELL;VOICE:` is vCard 2.1, but 3.0 exports of some phones write it too.
function setBare(found: Found, word: string): void {
  if (word === '') return
  const android = ANDROID.exec(word)
  if (android) set(found, 'x-custom', [androidLabel(android[1] as string)])
  else {
    const name = BARE.get(word.toLowerCase()) ?? 'type'
    set(found, name, valuesOf(word, name === 'type'))
  }
}

/** `X-Custom(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=D9=85)`: a label of somebody's own, where a type stands. */
const ANDROID = /^\s*x-custom\((.*)\)\s*$/is

function androidLabel(inner: string): string {
  const charset = /(?:^|,)charset=([^,]*),/i.exec(inner)?.[1]
  const label = inner.replace(/^(?:(?:charset|encoding)=[^,]*,)*/i, '')
  if (!/(?:^|,)encoding=quoted-printable,/i.test(inner)) return label
  return decodeText(decodeQuotedPrintable(new TextEncoder().encode(label)), charset).text.replace(/\\([;,])/g, '$1')
}

function set(found: Found, name: string, values: readonly string[]): void {
  const [first = ''] = values
  if (name === 'value') found.type = first.toLowerCase()
  else if (name === 'group') found.group = first.toLowerCase()
  else if (name === 'charset' || (name === 'encoding' && UNDONE.test(first))) return
  else if (TOKEN.test(name) && name !== '__proto__') {
    found.params ??= new Map()
    const before = found.params.get(name)
    found.params.set(
      name,
      before === undefined ? values : name === 'type' ? [...before, ...values] : [`${before},${first}`],
    )
  }
}

// RFC 6350, section 5.6 writes a list of types in quotes or not; of other parameters a comma may be part of the value.
function valuesOf(text: string, list: boolean): readonly string[] {
  const plain = text.includes('"') ? text.replace(/"([^"]*)"/g, '$1') : text
  return list && plain.includes(',') ? plain.split(',').map(decoded) : [decoded(plain)]
}

// RFC 6868.
function decoded(value: string): string {
  if (!value.includes('^')) return value
  return value.replace(/\^[n'^]/g, code => (code === '^n' ? '\n' : code === "^'" ? '"' : '^'))
}

/** The unfolded line. Names that are no tokens are left out: a label must not become a property. */
export function writeProperty(property: Omit<Property, 'line'>): string {
  return plainProperty(property) ?? anyProperty(property)
}

// Nothing in it that needs quotes, or could end its line: most lines, and what ical.js would make of them.
function plainProperty({ name, group, params, type, raw }: Omit<Property, 'line'>): string | undefined {
  if (!WORD.test(name) || BREAK.test(raw)) return undefined
  let line = name.toUpperCase()
  for (const [param, values] of params) {
    if (!PARAMETER.test(param) || param === 'group' || param === 'value') return undefined
    if (values.length === 0 || (values.length > 1 && param !== 'type')) return undefined
    for (const value of values) if (!PLAIN.test(value)) return undefined
    line += `;${param.toUpperCase()}=${values.length === 1 ? values[0] : values.join(',')}`
  }
  if (params.size > 0 && name === 'adr' && params.has('label')) return undefined
  if (type !== undefined && type !== 'unknown' && TOKEN.test(type)) line += `;VALUE=${type.toUpperCase()}`
  return group !== undefined && TOKEN.test(group) ? `${group}.${line}:${raw}` : `${line}:${raw}`
}

function anyProperty(property: Omit<Property, 'line'>): string {
  const params: Record<string, unknown> = Object.create(null)
  for (const [name, values] of property.params) {
    if (!TOKEN.test(name) || name === 'group' || name === 'value') continue
    // biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 6868 has no way to write them
    const safe = values.map(value => value.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ''))
    // A list of which one needs quotes is quoted whole: that is how 4.0 writes lists (RFC 6350, section 5.6).
    const list = name === 'type' && !safe.some(value => /[:;,]/.test(value))
    if (safe.length > 0) params[name] = list ? safe : safe.join(',')
  }
  // In quotes in any case: colons in one without them are what programs write (above).
  const label = property.name === 'adr' ? params.label : undefined
  if (label !== undefined) delete params.label
  const type = property.type !== undefined && TOKEN.test(property.type) ? property.type : 'unknown'
  const raw = property.raw.replace(/[\r\n]/g, '')
  const written = ICAL.stringify.property(
    [WORD.test(property.name) ? property.name : 'x-unnamed', params, type, raw],
    DESIGN,
    true,
  )
  const line = label === undefined ? written : `ADR;LABEL="${encoded(String(label))}"${written.slice(3)}`
  // ical.js would write the group in capitals.
  return property.group !== undefined && TOKEN.test(property.group) ? `${property.group}.${line}` : line
}

const encoded = (value: string) =>
  value.replace(/[\^\n"]/g, char => (char === '^' ? '^^' : char === '\n' ? '^n' : "^'"))
