// Pictures, sounds and keys inside a card: vCard 3.0 writes base64 with ENCODING=b and a TYPE, 4.0 a data: URI.
// RFC 9555, sections 2.5.7, 2.9.2, 2.11.7 and 2.12.1. What is elsewhere stays a URI: nothing is fetched.
import type { Property } from './property'
import { unescapeText } from './text'

/**
 * Looks for the first letter that doesn't belong: a pattern that runs over megabytes of a picture from its beginning to its end
 * remembers each place it might go back to, and may come to the end of its stack.
 */
function isBase64(text: string): boolean {
  const letters = text.slice(0, text.endsWith('==') ? -2 : text.endsWith('=') ? -1 : undefined)
  return letters.length > 0 && !/[^A-Za-z0-9+/]/.test(letters)
}

const TYPES = new Map([
  ['jpeg', 'image/jpeg'],
  ['jpg', 'image/jpeg'],
  ['png', 'image/png'],
  ['gif', 'image/gif'],
  ['bmp', 'image/bmp'],
  ['webp', 'image/webp'],
  ['wave', 'audio/wav'],
  ['wav', 'audio/wav'],
  ['basic', 'audio/basic'],
  ['ogg', 'audio/ogg'],
  ['mp3', 'audio/mpeg'],
  ['pgp', 'application/pgp-keys'],
  ['x509', 'application/pkix-cert'],
  ['tiff', 'image/tiff'],
  ['svg', 'image/svg+xml'],
  ['aac', 'audio/aac'],
  ['pcm', 'audio/pcm'],
])

// Where nothing says what it is: how the base64 of each format begins.
const BEGINNINGS: readonly [begins: string, mediaType: string][] = [
  ['/9j/', 'image/jpeg'],
  ['iVBORw0KGgo', 'image/png'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
  ['Qk', 'image/bmp'],
]
const KINDS = new Map([
  ['photo', 'image'],
  ['logo', 'image'],
  ['sound', 'audio'],
])

/** A scheme of at most 41 letters, and no blank in what follows. */
export const isUri = (text: string): boolean => /^[A-Za-z][A-Za-z0-9+.-]{0,40}:/.test(text) && !/\s/.test(text)

/** `undefined`: neither a URI nor base64. */
export function inlineUri(property: Property): string | undefined {
  const text = unescapeText(property.raw).trim()
  if (/^data:/i.test(text)) return text.replace(/\s+/g, '')
  const encoding = property.params.get('encoding')?.[0]?.toLowerCase()
  const content = text.replace(/\s+/g, '')
  const begins = BEGINNINGS.find(([begins]) => content.startsWith(begins))?.[1]
  if (encoding === 'b' || encoding === 'base64' || (begins !== undefined && content.length > 40)) {
    if (!isBase64(content)) return undefined
    return `data:${typeOf(property) ?? begins ?? 'application/octet-stream'};base64,${content}`
  }
  return isUri(text) && text.indexOf(':') < text.length - 1 ? text : undefined
}

function typeOf(property: Property): string | undefined {
  const stated = property.params.get('mediatype')?.[0]
  const word = mediaWords(property)[0]
  if (stated !== undefined || word === undefined) return stated
  const kind = KINDS.get(property.name)
  return TYPES.get(word) ?? (word.includes('/') || kind === undefined ? word : `${kind}/${word}`)
}

/** Whether the URI is ours, made of base64. */
export const isInline = (property: Property, uri: string): boolean =>
  uri.startsWith('data:') && (property.params.has('encoding') || !/^\s*data:/i.test(property.raw))

/** What TYPE says of the format, if it does: `jpeg`, `image/png`, `x-icon`. Other words that programs write there say something else. */
export function mediaWords(property: Property): string[] {
  const types = (property.params.get('type') ?? []).map(type => type.toLowerCase())
  const known = types.find(type => TYPES.has(type)) ?? types.find(type => /^[\w.+-]+\/[\w.+-]+$/.test(type))
  const other = KINDS.has(property.name)
    ? types.find(type => /^[a-z0-9][a-z0-9.+-]*$/.test(type) && !PLACES.has(type))
    : undefined
  const word = known ?? other
  return word === undefined ? [] : [word]
}

const PLACES = new Set(['home', 'work', 'pref', 'internet'])

/** What a data URI says of its content is no longer. */
const LONGEST_HEAD = 200

/** For vCard 3.0: base64 and its TYPE. `undefined`: it isn't inline. */
export function inlineContent(uri: string): { content: string; type?: string } | undefined {
  const match = /^data:([a-z0-9.+-]+\/[a-z0-9.+-]+)?;base64,/i.exec(uri.slice(0, LONGEST_HEAD))
  const content = uri.slice(match?.[0].length)
  if (!match || !isBase64(content)) return undefined
  const mediaType = match[1]?.toLowerCase()
  const type =
    [...TYPES].find(([, name]) => name === mediaType)?.[0] ?? /^(?:image|audio)\/(.+)$/.exec(mediaType ?? '')?.[1]
  return { content, ...(type === undefined ? {} : { type: type.toUpperCase() }) }
}
