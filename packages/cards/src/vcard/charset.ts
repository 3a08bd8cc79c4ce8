// The bytes of a line as text. vCard 2.1 lets each property name a character set and an encoding of its own; later
// versions are UTF-8, and files of both kinds say one thing and hold another. What is UTF-8 is read as UTF-8, whatever
// the file says, since nothing else looks like it by chance; else what the line says, what another line of the file
// said, or the most likely of the old code pages.

const utf8 = new TextDecoder('utf-8', { fatal: true })
const lenient = new TextDecoder()
const decoders = new Map<string, TextDecoder | undefined>([['utf-8', utf8]])
// Names that phones write and the platform doesn't know.
const ALIASES = new Map([
  ['ansi', 'windows-1252'],
  ['windows', 'windows-1252'],
  ['latin-1', 'iso-8859-1'],
  ['shift-jis-docomo', 'shift_jis'],
  ['docomo-shift_jis', 'shift_jis'],
  ['cp932', 'shift_jis'],
  ['cp936', 'gbk'],
  ['cp949', 'euc-kr'],
  ['cp950', 'big5'],
])
// More than one byte to a letter: a few bytes of these may be UTF-8 by chance.
const WIDE = /^(?:shift|sjis|ms_kanji|windows-31j|gb|big5|euc|iso-2022|x-sjis|hz)/i
const CHANCE = 6

function decoderOf(label: string): TextDecoder | undefined {
  const name = label.trim().toLowerCase()
  if (decoders.has(name)) return decoders.get(name)
  let decoder: TextDecoder | undefined
  try {
    decoder = new TextDecoder(ALIASES.get(name) ?? name)
  } catch {
    // A character set that the platform doesn't know.
  }
  // Names come from the file: a file of names must not fill the memory.
  if (decoders.size < 200) decoders.set(name, decoder)
  return decoder
}

export interface Decoded {
  readonly text: string
  /** Nothing said in which character set it is, and it isn't UTF-8. */
  readonly guessed?: true
}

/** `said`: what CHARSET says. */
export function decodeText(bytes: Uint8Array, said: string | undefined): Decoded {
  const high = countHigh(bytes)
  // ISO-2022 shifts between alphabets with escapes of seven bits.
  if (high === 0 && !(said !== undefined && bytes.includes(0x1b))) return { text: lenient.decode(bytes) }
  if (said === undefined || !WIDE.test(said) || high >= CHANCE) {
    const text = strictly(bytes)
    if (text !== undefined) return { text }
  }
  const named = said === undefined ? undefined : decoderOf(said)
  if (named !== undefined && !/^utf-/.test(named.encoding)) {
    const text = named.decode(bytes)
    if (!text.includes('\ufffd')) return { text }
  }
  const text = strictly(bytes) ?? strictly(withoutSurrogates(bytes))
  if (text !== undefined) return { text }
  // Cut off in the middle of a character, or with a stray byte in it.
  const damaged = lenient.decode(bytes)
  const lost = damaged.split('\ufffd').length - 1
  if ((damaged.match(/[\u0080-\ufffc]/g)?.length ?? 0) > lost * 4) return { text: damaged }
  return { text: (decoderOf(likely(bytes)) ?? lenient).decode(bytes), guessed: true }
}

function strictly(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

// Old Java and Symbian write a letter beyond U+FFFF as two surrogates of three bytes each (CESU-8, Unicode Technical Report 26).
function withoutSurrogates(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const [a, b = 0, c = 0, d, e = 0, f = 0] = bytes.subarray(at, at + 6)
    if (a === 0xed && (b & 0xf0) === 0xa0 && d === 0xed && (e & 0xf0) === 0xb0) {
      const code = 0x10000 + ((((b & 0x0f) << 6) | (c & 0x3f)) << 10) + (((e & 0x0f) << 6) | (f & 0x3f))
      out.set(
        [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)],
        length,
      )
      length += 4
      at += 5
    } else out[length++] = bytes[at] as number
  }
  return out.subarray(0, length)
}

export const isLikelyUtf8 = (label: string) => /^utf-?8$/i.test(label.trim())

function countHigh(bytes: Uint8Array): number {
  let high = 0
  for (const byte of bytes) if (byte >= 0x80) high++
  return high
}

// The letters of a language, the frequent ones first.
const ALPHABETS: readonly [charset: string, letters: string][] = [
  ['windows-1256', 'اینردمهوتسبشلکفزيكخقگحجعصطچپغآأإةىضئذظثژؤء'],
  ['windows-1251', 'оеаинтрслвкмдпуіяыьгзбчйхжшюцщєїґёэъ'],
  ['windows-1253', 'αοιετνσρςκπλμάυίηόέγωδχθήώύφβξζψϊϋΐΰ'],
  ['windows-1255', 'יוהלארשמתבכדנעםקחפטזגסןצךץף'],
]

// Languages of Latin letters: nothing but their own letters, and two different ones that Western Europe hasn't there.
const LATIN: readonly [charset: string, letters: string, own: string][] = [
  ['windows-1254', 'çöüâîûÇÖÜÂÎÛ', 'ğışĞİŞ'],
  ['windows-1250', 'ćńóéöüĆŃÓÉÖÜ', 'ąęłśźżĄĘŁŚŹŻ'],
]

function western(bytes: Uint8Array): string {
  const high = bytes.subarray(0, 65_536).filter(byte => byte >= 0x80)
  for (const [charset, letters, own] of LATIN) {
    const found = new Set(decoderOf(charset)?.decode(high) ?? '')
    const theirs = [...found].filter(letter => own.includes(letter))
    if (theirs.length > 1 && [...found].every(letter => own.includes(letter) || letters.includes(letter)))
      return charset
  }
  return 'windows-1252'
}

// Western languages have a letter with an accent here and there; whole words of high bytes are of another alphabet.
export function likely(bytes: Uint8Array): string {
  let words = 0
  let lone = 0
  for (let at = 0; at < bytes.length; at++) {
    if ((bytes[at] as number) < 0x80) continue
    const from = at
    while (at < bytes.length && (bytes[at] as number) >= 0x80) at++
    if (at - from > 2) words += at - from
    else lone += at - from
  }
  if (words <= lone) return western(bytes)
  // As much as tells a language.
  const some = bytes.subarray(0, 4096)
  let best = 'windows-1252'
  let most = 0
  for (const [charset, letters] of ALPHABETS) {
    let score = 0
    for (const char of decoderOf(charset)?.decode(some).toLowerCase() ?? '') {
      if (char < '\u0080') continue
      const rank = letters.indexOf(char)
      score += rank < 0 ? -3 : rank < 8 ? 3 : rank < 18 ? 2 : 1
    }
    if (score > most) {
      most = score
      best = charset
    }
  }
  return best
}

/** `undefined`: it is none. */
export function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), char => char.charCodeAt(0))
  } catch {
    return undefined
  }
}

/**
 * Quoted-printable (RFC 2045, section 6.7) to bytes. What it hides from the grammar of vCard stays hidden: a delimiter
 * comes out behind a backslash, a newline as `\n`. Some phones encode the delimiters of a name as well: where there is no
 * other and more than one, they are delimiters.
 */
export function decodeQuotedPrintable(bytes: Uint8Array): Uint8Array {
  const all = !bytes.includes(SEMICOLON) && count(bytes, SEMICOLON) > 1
  const out = new Uint8Array(bytes.length * 2)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte !== EQUALS) {
      out[length++] = byte
      continue
    }
    const value = hex(bytes, at + 1)
    if (value === undefined) {
      out[length++] = byte
      continue
    }
    at += 2
    if (value === 0x0d || value === 0x0a) {
      if (value === 0x0d && bytes[at + 1] === EQUALS && hex(bytes, at + 2) === 0x0a) at += 3
      out[length++] = BACKSLASH
      out[length++] = 0x6e
    } else {
      if (((value === SEMICOLON && !all) || value === 0x2c) && out[length - 1] !== BACKSLASH) out[length++] = BACKSLASH
      out[length++] = value
    }
  }
  return out.subarray(0, length)
}

/** How often quoted-printable hides a byte. */
function count(bytes: Uint8Array, hidden: number): number {
  let found = 0
  for (let at = bytes.indexOf(EQUALS); at >= 0; at = bytes.indexOf(EQUALS, at + 1))
    if (hex(bytes, at + 1) === hidden) found++
  return found
}

const SEMICOLON = 0x3b
const EQUALS = 0x3d
const BACKSLASH = 0x5c

function hex(bytes: Uint8Array, at: number): number | undefined {
  const digit = (byte: number | undefined) => {
    if (byte === undefined) return -1
    if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
    const letter = byte | 0x20
    return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
  }
  const high = digit(bytes[at])
  const low = digit(bytes[at + 1])
  return high < 0 || low < 0 ? undefined : high * 16 + low
}
