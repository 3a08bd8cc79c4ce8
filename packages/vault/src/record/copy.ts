/**
 * A plain value's own copy, and how many bytes its record takes at most: what comes from outside is copied once and measured on
 * the way, and written only when it is sealed.
 */
import { MAX_DEPTH } from './record'

const LONE_SURROGATE = /[\uD800-\uDFFF]/u
/** A head of CBOR; a text's unit is three bytes of UTF-8 at most. */
const HEAD = 9
const UNIT = 3

let most = 0

/**
 * @throws TypeError for whatever `encodeRecord` refuses. Of a card from a stranger, so nothing of it is in the message.
 */
export function copyRecord(value: unknown): { readonly copy: unknown; readonly most: number } {
  most = 0
  const copy = copied(value, MAX_DEPTH)
  return { copy, most }
}

/** At most so many bytes; of what is plain already. */
export function mostBytesOf(value: unknown): number {
  if (typeof value === 'string') return HEAD + UNIT * value.length
  if (typeof value !== 'object' || value === null) return HEAD
  if (value instanceof Uint8Array) return HEAD + value.length
  let bytes = HEAD
  if (Array.isArray(value)) {
    for (const each of value) bytes += mostBytesOf(each)
    return bytes
  }
  for (const key of Object.keys(value)) {
    bytes += HEAD + UNIT * key.length + mostBytesOf((value as Record<string, unknown>)[key])
  }
  return bytes
}

function copied(value: unknown, levels: number): unknown {
  most += HEAD
  if (typeof value === 'string') {
    most += UNIT * value.length
    return value
  }
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value !== 'object') throw new TypeError('record holds what CBOR can not')
  if (value instanceof Uint8Array) {
    most += value.length
    return new Uint8Array(value)
  }
  if (levels === 0) throw new TypeError('record nested too deeply')
  if (Array.isArray(value)) return value.map(each => copied(each, levels - 1))
  if (Object.prototype.toString.call(value) !== '[object Object]') throw new TypeError('record holds what CBOR can not')
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const each = (value as Record<string, unknown>)[key]
    if (each === undefined) continue
    if (key === '__proto__' || LONE_SURROGATE.test(key)) throw new TypeError('record has a key that can not be stored')
    most += HEAD + UNIT * key.length
    copy[key] = copied(each, levels - 1)
  }
  return copy
}
