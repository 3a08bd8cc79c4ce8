// Pictures, sounds and keys inside a card: vCard 3.0 writes base64 with ENCODING=b and a TYPE, 4.0 a data: URI.
// RFC 9555, sections 2.5 (PHOTO), 2.9 (LOGO), 2.11 (SOUND) and 2.12 (KEY). What is elsewhere stays a URI: nothing is fetched.
import type { Property } from './property'
import { unescapeText } from './text'

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
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
])

/** `undefined`: neither a URI nor base64. */
export function inlineUri(property: Property): string | undefined {
  const encoding = property.params.get('encoding')?.[0]?.toLowerCase()
  if (encoding === 'b' || encoding === 'base64') {
    const content = property.raw.replace(/\s+/g, '')
    if (!BASE64.test(content)) return undefined
    const type = property.params.get('type')?.find(name => TYPES.has(name.toLowerCase()))
    const stated = property.params.get('mediatype')?.[0]
    return `data:${stated ?? TYPES.get(type?.toLowerCase() ?? '') ?? 'application/octet-stream'};base64,${content}`
  }
  const text = unescapeText(property.raw).trim()
  return /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(text) ? text : undefined
}

/** For vCard 3.0: base64 and its TYPE. `undefined`: it isn't inline. */
export function inlineContent(uri: string): { content: string; type?: string } | undefined {
  const match = /^data:([a-z0-9.+-]+\/[a-z0-9.+-]+)?;base64,([A-Za-z0-9+/]+={0,2})$/i.exec(uri)
  if (!match?.[2]) return undefined
  const type = [...TYPES].find(([, mediaType]) => mediaType === match[1]?.toLowerCase())?.[0]
  return type === undefined ? { content: match[2] } : { content: match[2], type: type.toUpperCase() }
}
