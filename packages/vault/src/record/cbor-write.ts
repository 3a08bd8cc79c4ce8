/**
 * Plain values to deterministic CBOR (RFC 8949, section 4.2, with keys in the older order that it allows too: shorter
 * ones first, section 4.2.3): one value has one spelling. Written here because every contact goes through it several
 * times, and a general library was the largest single cost of an import (docs/decisions/0022).
 */
import { checkKey, isPlainObject, notPlain, tooDeep } from './plain'

/** What was written last may be somebody's details: kept for the next one only while small, and overwritten. */
const KEPT_BYTES = 65_536
/** Up to here a loop beats the encoder. */
const SHORT = 64

const encoder = new TextEncoder()

// Where it is written to. Not objects of a class: these are the innermost loops of an import.
let out = new Uint8Array(4_096)
let at = 0

/**
 * @throws TypeError for what isn't plain (null, booleans, numbers, strings, Uint8Array, arrays, objects), for a key that
 * can't be stored, and for what nests deeper than `most`. Its message says nothing of the value.
 */
export function writeCbor(value: unknown, most: number): Uint8Array {
  // A getter of the value may come back here: what is under way is put aside for it.
  const [aside, asideAt] = [out, at]
  if (at > 0) out = new Uint8Array(1_024)
  at = 0
  try {
    write(value, most)
    return out.slice(0, at)
  } finally {
    out.fill(0, 0, at)
    if (asideAt > 0 || out.length > KEPT_BYTES) out = aside
    at = asideAt
  }
}

function write(value: unknown, levels: number): void {
  if (typeof value === 'string') writeText(value)
  else if (typeof value === 'number') writeNumber(value)
  else if (typeof value === 'boolean') writeByte(value ? 0xf5 : 0xf4)
  else if (value === null) writeByte(0xf6)
  else if (value === undefined) writeByte(0xf7)
  else if (typeof value !== 'object') throw notPlain()
  else if (value instanceof Uint8Array) writeBytes(value)
  else if (levels === 0) throw tooDeep()
  else if (Array.isArray(value)) writeArray(value, levels - 1)
  else if (isPlainObject(value)) writeMap(value as Record<string, unknown>, levels - 1)
  else throw notPlain()
}

function writeArray(list: readonly unknown[], levels: number): void {
  writeHead(0x80, list.length)
  for (let i = 0; i < list.length; i++) write(list[i], levels)
}

function writeMap(map: Record<string, unknown>, levels: number): void {
  const keys = inOrder(map)
  writeHead(0xa0, keys.length)
  for (const key of keys) {
    writeText(key)
    write(map[key], levels)
  }
}

/** The keys of what isn't undefined, in the order of their encodings: shorter first, then byte by byte. */
function inOrder(map: Record<string, unknown>): string[] {
  const keys: string[] = []
  let ascii = true
  for (const key of Object.keys(map)) {
    if (map[key] === undefined) continue
    checkKey(key)
    if (ascii && !isAscii(key)) ascii = false
    let place = keys.length
    if (ascii) {
      for (; place > 0 && comesBefore(key, keys[place - 1] as string); place--) keys[place] = keys[place - 1] as string
    }
    keys[place] = key
  }
  if (ascii) return keys
  const bytes = new Map(keys.map(key => [key, encoder.encode(key)]))
  return keys.sort((a, b) => byBytes(bytes.get(a) as Uint8Array, bytes.get(b) as Uint8Array))
}

const comesBefore = (a: string, b: string): boolean => a.length < b.length || (a.length === b.length && a < b)

function byBytes(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return a.length - b.length
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number)
  return 0
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}

function writeText(text: string): void {
  const { length } = text
  // Three bytes at most for each of its units.
  room(5 + 3 * length)
  if (length <= SHORT && writeAscii(text)) return
  // Written behind the shortest head that its length in units allows, and moved if that was too short.
  const start = at + headLength(length)
  const { written } = encoder.encodeInto(text, out.subarray(start))
  const needed = at + headLength(written)
  if (needed !== start) out.copyWithin(needed, start, start + written)
  writeHead(0x60, written)
  at += written
}

/** False, and nothing written, when it isn't ASCII. */
function writeAscii(text: string): boolean {
  const { length } = text
  const start = at + headLength(length)
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0x7f) return false
    out[start + i] = unit
  }
  writeHead(0x60, length)
  at += length
  return true
}

function writeBytes(bytes: Uint8Array): void {
  writeHead(0x40, bytes.length)
  room(bytes.length)
  out.set(bytes, at)
  at += bytes.length
}

function writeNumber(value: number): void {
  if (!Number.isSafeInteger(value)) writeFloat(value)
  else if (value >= 0) writeHead(0x00, value)
  else writeHead(0x20, -1 - value)
}

/** In the shortest of the three widths that keeps it. */
function writeFloat(value: number): void {
  room(9)
  const view = new DataView(out.buffer, at)
  const half = halfOf(value)
  if (half !== undefined) {
    view.setUint8(0, 0xf9)
    view.setUint16(1, half)
    at += 3
  } else if (Object.is(Math.fround(value), value)) {
    view.setUint8(0, 0xfa)
    view.setFloat32(1, value)
    at += 5
  } else {
    view.setUint8(0, 0xfb)
    view.setFloat64(1, value)
    at += 9
  }
}

/** A major type, in the top three bits, with its number in the shortest form. */
function writeHead(major: number, number: number): void {
  room(9)
  if (number < 24) {
    out[at++] = major | number
  } else if (number < 0x100) {
    out[at++] = major | 24
    out[at++] = number
  } else if (number < 0x10000) {
    out[at++] = major | 25
    out[at++] = number >>> 8
    out[at++] = number
  } else {
    const high = Math.floor(number / 0x1_0000_0000)
    out[at++] = major | (high === 0 ? 26 : 27)
    if (high !== 0) writeWord(high)
    writeWord(number)
  }
}

function writeWord(number: number): void {
  out[at++] = number >>> 24
  out[at++] = number >>> 16
  out[at++] = number >>> 8
  out[at++] = number
}

function writeByte(byte: number): void {
  room(1)
  out[at++] = byte
}

function room(more: number): void {
  if (at + more <= out.length) return
  const longer = new Uint8Array(Math.max(at + more, 2 * out.length))
  longer.set(out.subarray(0, at))
  out.fill(0, 0, at)
  out = longer
}

/** Bytes of a head with this number. */
const headLength = (number: number): number => (number < 24 ? 1 : number < 0x100 ? 2 : number < 0x10000 ? 3 : 5)

/** The 16 bits of a number that fits them exactly (IEEE 754 binary16), NaN included. */
function halfOf(value: number): number | undefined {
  if (Number.isNaN(value)) return 0x7e00
  const sign = value < 0 ? 0x8000 : 0
  const size = Math.abs(value)
  if (size === Number.POSITIVE_INFINITY) return sign | 0x7c00
  // Below 2^-14 the steps are of 2^-24; above, ten bits follow the first.
  const exponent = Math.max(Math.floor(Math.log2(size)), -14)
  const steps = size / 2 ** (exponent - 10)
  if (exponent > 15 || !Number.isInteger(steps) || steps > 2047) return undefined
  return steps < 1024 ? sign | steps : sign | ((exponent + 15) << 10) | (steps - 1024)
}
