// The escapes of values: RFC 6350, section 3.4, and RFC 2426, section 4. ical.js reads them too, but leaves `\;`
// in plain text, so that it grows at each round trip; here every escape is read in both versions.

/** Which vCard is spoken. */
export type VCardVersion = '3.0' | '4.0'

// Everything that is no text: C0 without tab and newline, DEL, C1. A NUL or an escape sequence in a name helps nobody.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNCLEAN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

// Cards that programs made may hold anything where a text belongs: that says nothing, and stops nobody else's export.
export function clean(text: unknown): string {
  if (typeof text !== 'string') return ''
  return UNCLEAN.test(text) ? text.replace(/\r\n?/g, '\n').replace(CONTROL, '') : text
}

/** A raw value as text. `\:` is no escape of the RFCs, but old exports write `http\://`. */
export function unescapeText(raw: string): string {
  const text = raw.includes('\\')
    ? raw.replace(/\\([\\,;:nN])/g, (_, char: string) => (char === 'n' || char === 'N' ? '\n' : char))
    : raw
  return clean(text)
}

/** Splits at a delimiter that no backslash precedes. */
export function splitRaw(raw: string, delimiter: ',' | ';'): string[] {
  if (!raw.includes(delimiter)) return [raw]
  const parts: string[] = []
  let from = 0
  for (let at = 0; at < raw.length; at++) {
    const char = raw[at]
    if (char === '\\') at++
    else if (char === delimiter) {
      parts.push(raw.slice(from, at))
      from = at + 1
    }
  }
  parts.push(raw.slice(from))
  return parts
}

/** `a,b` as its texts; empty ones are left out. */
export function textList(raw: string): string[] {
  if (raw === '') return []
  return splitRaw(raw, ',')
    .map(part => unescapeText(part).trim())
    .filter(part => part !== '')
}

/** `a;b,c;d` as a list for each component. */
export function structured(raw: string): string[][] {
  return splitRaw(raw, ';').map(textList)
}

/** As one value. RFC 2426 wants a semicolon escaped everywhere; RFC 6350 only inside a structured value. */
export function escapeText(text: string, version: VCardVersion, inside: 'value' | 'component' = 'value'): string {
  const semicolon = version === '3.0' || inside === 'component'
  return clean(text).replace(semicolon ? /[\\,;\n]/g : /[\\,\n]/g, char => (char === '\n' ? '\\n' : `\\${char}`))
}

/** A raw value as it is written, not escaped; what could end the line is taken out. */
export function rawText(raw: string): string {
  return clean(raw).replace(/[\n\t]/g, '')
}

/** A URI, not escaped (RFC 6350, section 4.2). No URI has a backslash, but what claims to be one may. */
export function uriText(uri: string): string {
  return rawText(uri).replaceAll('\\', '\\\\')
}
