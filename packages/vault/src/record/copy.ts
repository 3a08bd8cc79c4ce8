/** A plain value's own copy, and how much its record takes: what comes from outside is copied once, and written only when it is sealed. */
import { checkKey, isPlainObject, notPlain, tooDeep } from './plain'
import { encodeRecord, MAX_DEPTH } from './record'

/** A head of CBOR; a text's unit is three bytes of UTF-8 at most. */
const HEAD = 9
const UNIT = 3

/** @throws TypeError for whatever `encodeRecord` refuses. */
export const copyRecord = (value: unknown): unknown => copied(value, MAX_DEPTH)

/** How many bytes the record of something plain takes, if that is more than `limit`. It is written only where that is near. */
export function bytesOver(limit: number, value: unknown): number | undefined {
  if (mostBytesOf(value) <= limit) return undefined
  const bytes = encodeRecord(value).length
  return bytes > limit ? bytes : undefined
}

/** At most so many bytes. */
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
  if (value === null || value === undefined) return value
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value !== 'object') throw notPlain()
  if (value instanceof Uint8Array) return new Uint8Array(value)
  if (levels === 0) throw tooDeep()
  if (Array.isArray(value)) return value.map(each => copied(each, levels - 1))
  if (!isPlainObject(value)) throw notPlain()
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const each = (value as Record<string, unknown>)[key]
    if (each === undefined) continue
    checkKey(key)
    copy[key] = copied(each, levels - 1)
  }
  return copy
}
