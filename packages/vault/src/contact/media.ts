/**
 * Photos and the like, out of the card and into rows of their own: a JSContact `media` entry whose content stands in a
 * `data:` URI would fill a page by itself. A URI that points elsewhere stays as it is, and is never fetched.
 */
import type { HeldBlob, HeldContact } from './held'
import type { Card } from './jscontact'

/** Stands for the content in the card's slice; no URI that anybody could have written. */
const TAKEN_OUT = 'amanat:media'

/** Splits a card: what stays in it, and the content of its `data:` URIs by the key of their entry. */
export function takeOutMedia(card: Card): { card: Card; media?: Readonly<Record<string, HeldBlob>> } {
  const media: Record<string, HeldBlob> = {}
  const entries = Object.entries(card.media ?? {}).map(([key, entry]) => {
    const content = contentOf(entry.uri)
    if (!content) return [key, entry] as const
    media[key] = content
    return [key, { ...entry, uri: TAKEN_OUT }] as const
  })
  return Object.keys(media).length === 0 ? { card } : { card: { ...card, media: Object.fromEntries(entries) }, media }
}

/** The card with its media back in, given the content of each. */
export async function putBackMedia(contact: HeldContact, open: (blob: HeldBlob) => Promise<Uint8Array>): Promise<Card> {
  const { card, media } = contact
  if (!card.media || !media) return card
  const entries = await Promise.all(
    Object.entries(card.media).map(async ([key, entry]) => {
      const blob = Object.hasOwn(media, key) ? media[key] : undefined
      if (!blob) return [key, entry] as const
      return [key, { ...entry, uri: dataUri(await open(blob), blob.mediaType ?? 'application/octet-stream') }] as const
    }),
  )
  return { ...card, media: Object.fromEntries(entries) }
}

/** RFC 2397. Undefined for any other URI, and for one that is malformed. */
function contentOf(uri: string): HeldBlob | undefined {
  const comma = uri.indexOf(',')
  if (comma < 0 || !/^data:/i.test(uri)) return undefined
  const parameters = uri.slice('data:'.length, comma)
  const base64 = /;base64$/i.test(parameters)
  const mediaType = parameters.replace(/;base64$/i, '') || 'text/plain'
  try {
    const body = decodeURIComponent(uri.slice(comma + 1))
    const letters = base64 ? atob(body) : body
    return {
      content: base64 ? Uint8Array.from(letters, letter => letter.charCodeAt(0)) : new TextEncoder().encode(letters),
      mediaType,
    }
  } catch {
    return undefined
  }
}

const SLICE = 0x8000

function dataUri(content: Uint8Array, mediaType: string): string {
  let letters = ''
  for (let at = 0; at < content.length; at += SLICE) letters += String.fromCharCode(...content.subarray(at, at + SLICE))
  return `data:${mediaType};base64,${btoa(letters)}`
}
