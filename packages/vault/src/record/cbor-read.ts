/**
 * CBOR to plain values, of the one spelling that `cbor-write.ts` gives: shortest lengths and integers, no key twice, no
 * indefinite lengths, no tags, valid UTF-8, nothing after the end. A stranger may have written the bytes: every length
 * is held against what is left, and nesting is bounded.
 */

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Up to here a loop beats the decoder, for keys and other short ASCII. */
const SHORT = 16

// What is read. Not objects of a class: these are the innermost loops of opening, finding and exporting. Nothing here
// calls anybody else's code, so that nothing comes back here meanwhile.
const NOTHING = new Uint8Array()
let bytes: Uint8Array = NOTHING
let at = 0
let end = 0

/** @throws RangeError when the bytes are no such value, or nest deeper than `most`. Its message says nothing of them. */
export function readCbor(given: Uint8Array, most: number): unknown {
  bytes = given
  at = 0
  end = given.length
  try {
    const value = read(most)
    if (at !== end) throw malformed()
    return value
  } finally {
    bytes = NOTHING
  }
}

function read(levels: number): unknown {
  const head = readByte()
  const number = head >= 0xe0 ? 0 : readNumber(head)
  switch (head >>> 5) {
    case 0:
      return number
    case 1:
      return -1 - number
    case 2:
      return bytes.slice(take(number), at)
    case 3:
      return readText(take(number), at)
    case 4:
      return readArray(number, levels)
    case 5:
      return readMap(number, levels)
    case 7:
      return readSimple(head)
  }
  throw malformed()
}

function readArray(count: number, levels: number): unknown[] {
  if (levels === 0 || count > end - at) throw malformed()
  const list: unknown[] = []
  for (let i = 0; i < count; i++) list.push(read(levels - 1))
  return list
}

function readMap(count: number, levels: number): Record<string, unknown> {
  if (levels === 0 || 2 * count > end - at) throw malformed()
  const map: Record<string, unknown> = {}
  for (let i = 0; i < count; i++) {
    const head = readByte()
    if (head >>> 5 !== 3) throw malformed()
    const key = readKey(take(readNumber(head)), at)
    if (key === '__proto__' || Object.hasOwn(map, key)) throw malformed()
    map[key] = read(levels - 1)
  }
  return map
}

/**
 * Keys that most records have, so that they needn't be made anew each time: names of JSContact and of our own records, and
 * none that a person chose.
 */
const KEYS = (
  'a b c d e f g h i k l m n o p q r s t u v w x y z p1 p2 p3 p4 e1 e2 e3 a1 a2 n1 n2 v1 name full kind value type actor ' +
  'contact purpose event until assurance notice number address addresses phones emails notes note components isOrdered ' +
  'organizations titles nicknames anniversaries date year month day contexts private work features mobile voice pref label ' +
  'country countryCode locality region postcode uri user service media mediaType keywords language links onlineServices ' +
  'sha256 blob secret pieces bucket size reference via'
).split(' ')
const BY_PLACE: { readonly key: string; readonly bytes: Uint8Array }[][] = Array.from({ length: 256 }, () => [])
for (const key of KEYS) {
  const spelled = new TextEncoder().encode(key)
  BY_PLACE[placeOf(spelled, 0, spelled.length)]?.push({ key, bytes: spelled })
}

function placeOf(text: Uint8Array, from: number, to: number): number {
  return ((to - from) * 61 + (text[from] as number) * 7 + (text[to - 1] as number)) & 255
}

function readKey(from: number, to: number): string {
  if (to === from) return ''
  for (const known of BY_PLACE[placeOf(bytes, from, to)] as (typeof BY_PLACE)[number]) {
    if (known.bytes.length !== to - from) continue
    let i = 0
    while (from + i < to && known.bytes[i] === bytes[from + i]) i++
    if (from + i === to) return known.key
  }
  return readText(from, to)
}

const char = String.fromCharCode as (...units: (number | undefined)[]) => string

/** In steps of eight: joining strings is what costs. */
function readText(from: number, to: number): string {
  if (to - from > SHORT) return utf8.decode(bytes.subarray(from, to))
  for (let i = from; i < to; i++) if ((bytes[i] as number) > 0x7f) return utf8.decode(bytes.subarray(from, to))
  let text = ''
  let i = from
  const b = bytes
  for (; i + 8 <= to; i += 8) {
    text += char(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7])
  }
  for (; i < to; i++) text += char(b[i])
  return text
}

function readSimple(head: number): unknown {
  switch (head) {
    case 0xf4:
      return false
    case 0xf5:
      return true
    case 0xf6:
      return null
    case 0xf7:
      return undefined
    case 0xf9:
      return fromHalf(float(2).getUint16(0))
    case 0xfa:
      return float(4).getFloat32(0)
    case 0xfb:
      return float(8).getFloat64(0)
  }
  throw malformed()
}

const float = (length: number): DataView => new DataView(bytes.buffer, bytes.byteOffset + take(length), length)

/** What the head's lowest five bits say, or the bytes after it; in the shortest form only. */
function readNumber(head: number): number {
  const minor = head & 31
  if (minor < 24) return minor
  if (minor > 27) throw malformed()
  const width = 1 << (minor - 24)
  let number = 0
  for (let i = take(width); i < at; i++) number = number * 256 + (bytes[i] as number)
  // The least number that wants this width.
  const least = width === 1 ? 24 : 2 ** (4 * width)
  if (number < least || number > Number.MAX_SAFE_INTEGER) throw malformed()
  return number
}

function readByte(): number {
  if (at >= end) throw malformed()
  return bytes[at++] as number
}

/** Where so many bytes begin, moving past them. */
function take(count: number): number {
  if (count > end - at) throw malformed()
  const from = at
  at += count
  return from
}

/** IEEE 754 binary16 (RFC 8949, appendix D). */
function fromHalf(bits: number): number {
  const exponent = (bits >>> 10) & 31
  const fraction = bits & 0x3ff
  const sign = bits & 0x8000 ? -1 : 1
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
}

const malformed = (): RangeError => new RangeError('record malformed')
