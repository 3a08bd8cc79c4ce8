// A key for somebody whom another program has, so that bringing the same file in again, or after it was cut off, finds
// those who are here already. From the program's own key where there is one; else from what the card says.
import type { ReadCard } from './read-card'

/** Of the card and not of the person, or different each time it is exported. */
const PASSING = new Set(['@type', 'version', 'prodId', 'updated', 'created', 'uid', 'media'])
const MOST = 500

type Good = Extract<ReadCard, { card: unknown }>

/**
 * The `ref` for `vault.add`. `source`: the program's key of the row (`hubspot:123`) or the card's UID; `content`: a hash of
 * the card, so that somebody whose details changed is somebody else; `source-or-content` (the default): the first that
 * there is. `undefined`: there is none.
 */
export function refOf(item: Good, by?: 'content' | 'source-or-content'): Promise<string>
export function refOf(item: Good, by: 'source' | 'content' | 'source-or-content'): Promise<string | undefined>
export async function refOf(
  item: Good,
  by: 'source' | 'content' | 'source-or-content' = 'source-or-content',
): Promise<string | undefined> {
  if (by !== 'content') {
    const { uid } = item.card
    const own = item.ref ?? (uid ? `uid:${uid}` : undefined)
    if (own !== undefined) return own.length <= MOST ? own : `hash:${await hash(own)}`
    if (by === 'source') return undefined
  }
  const said = Object.fromEntries(Object.entries(item.card).filter(([field]) => !PASSING.has(field)))
  return `content:${await hash(inOrder(said))}`
}

/** JSON with its keys in order. */
function inOrder(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inOrder).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${inOrder(entry)}`).join()}}`
}

async function hash(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(digest.subarray(0, 16), byte => byte.toString(16).padStart(2, '0')).join('')
}
