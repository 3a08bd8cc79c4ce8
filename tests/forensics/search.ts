/**
 * Looks for texts in raw bytes, as whoever copies a disk would: in every file below a folder and in every name there,
 * in each way that a text is commonly written. It knows nothing of what wrote the files.
 */
import { spawnSync } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { execPath } from 'node:process'

export interface Finding {
  /** Below the folder. */
  readonly file: string
  readonly text: string
  /** How it was written there. */
  readonly as: string
}

/** So short a text would be found in random bytes, too. */
const LEAST_BYTES = 7
const PREFIX = 3

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()

/** The base64 letters that `bytes` always gives when it begins `shift` bytes after a multiple of three. */
function base64At(bytes: Buffer, shift: number): string {
  const letters = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/, '')
  const whole = Math.floor(((shift + bytes.length) * 8) / 6)
  return letters.slice(Math.ceil((shift * 8) / 6), whole)
}

/** The digits of a phone number, whatever their script; country code and trunk zero left out, as every form has the rest. */
function digitsOf(text: string): string | undefined {
  if (!/^[+\p{Nd} ()-]+$/u.test(text)) return undefined
  const digits = text.replace(/\P{Nd}/gu, '').replace(/\p{Nd}/gu, digit => {
    const code = digit.charCodeAt(0)
    return String(code >= 0x6f0 ? code - 0x6f0 : code >= 0x660 ? code - 0x660 : code - 0x30)
  })
  return digits.replace(/^(?:44|0)/, '')
}

const inPersian = (digits: string) => digits.replace(/\d/g, digit => String.fromCharCode(0x6f0 + Number(digit)))

/** Bytes that would give a text away, each after the name of the way in which they write it. */
export function waysToWrite(text: string): (readonly [string, Buffer])[] {
  const ways: [string, Buffer][] = []
  const seen = new Set<string>()
  const way = (name: string, bytes: Buffer) => {
    const key = bytes.toString('latin1')
    if (bytes.length < LEAST_BYTES) throw new Error(`${name} of "${text}" is too short to be looked for`)
    if (!seen.has(key)) ways.push([name, bytes])
    seen.add(key)
  }
  const spellings: [string, string][] = [
    ['', text],
    ['lower case ', text.toLowerCase()],
    ['upper case ', text.toUpperCase()],
    ['decomposed ', text.normalize('NFKD')],
  ]
  const digits = digitsOf(text)
  if (digits !== undefined) {
    spellings.push(['digits ', digits], ['Persian digits ', inPersian(digits)])
    const number = Buffer.alloc(8)
    number.writeBigUInt64LE(BigInt(`44${digits}`))
    way('integer', Buffer.from(number))
    // Its first byte left out: three zeros stand everywhere.
    way('integer, big end first', Buffer.from(number).reverse().subarray(1))
    number.writeDoubleLE(Number(`44${digits}`))
    way('double', Buffer.from(number))
  }
  for (const [spelling, written] of spellings) {
    const encoded: [string, Buffer][] = [
      ['UTF-8', Buffer.from(written)],
      ['UTF-16LE', Buffer.from(written, 'utf16le')],
      ['UTF-16BE', utf16be(written)],
    ]
    for (const [encoding, bytes] of encoded) {
      way(`${spelling}${encoding}`, bytes)
      for (const shift of [0, 1, 2]) {
        const letters = base64At(bytes, shift)
        way(`${spelling}${encoding} in base64`, Buffer.from(letters))
        way(`${spelling}${encoding} in base64url`, Buffer.from(letters.replaceAll('+', '-').replaceAll('/', '_')))
      }
      way(`${spelling}${encoding} in hex`, Buffer.from(bytes.toString('hex')))
      way(`${spelling}${encoding} in upper case hex`, Buffer.from(bytes.toString('hex').toUpperCase()))
    }
    way(`${spelling}percent-encoded`, Buffer.from(encodeURIComponent(written)))
    const escaped = written.replace(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    way(`${spelling}JSON escapes`, Buffer.from(escaped))
    // As V8 serialises a string of letters below U+0100.
    if ([...written].every(letter => letter < '\u0100')) way(`${spelling}Latin-1`, Buffer.from(written, 'latin1'))
  }
  return ways
}

interface Wanted {
  readonly text: string
  readonly as: string
  readonly bytes: Buffer
}

/** Looks for all of the texts in one go. */
export class Search {
  readonly #firsts = new Uint8Array(1 << (8 * PREFIX))
  readonly #wanted = new Map<number, Wanted[]>()

  constructor(readonly texts: readonly string[]) {
    for (const text of texts) {
      for (const [as, bytes] of waysToWrite(text)) {
        const first = bytes.readUIntBE(0, PREFIX)
        this.#firsts[first] = 1
        this.#wanted.set(first, [...(this.#wanted.get(first) ?? []), { text, as, bytes }])
      }
    }
  }

  /** Each way of writing a text that stands in these bytes, once. */
  in(bytes: Uint8Array): Omit<Finding, 'file'>[] {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const found = new Set<Wanted>()
    const firsts = this.#firsts
    let window = 0
    for (let end = 0; end < buffer.length; end++) {
      window = ((window << 8) | (buffer[end] as number)) & 0xffffff
      if (firsts[window] === 0) continue
      const at = end - PREFIX + 1
      for (const each of this.#wanted.get(window) ?? []) {
        if (at >= 0 && buffer.subarray(at, at + each.bytes.length).equals(each.bytes)) found.add(each)
      }
    }
    return [...found].map(({ text, as }) => ({ text, as }))
  }

  /** Every byte of every file below a folder, and every name. */
  async below(
    folder: string,
  ): Promise<{ readonly findings: Finding[]; readonly files: number; readonly bytes: number }> {
    const findings: Finding[] = []
    let files = 0
    let bytes = 0
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      const file = relative(folder, path)
      findings.push(...this.in(Buffer.from(file)).map(each => ({ file, ...each, as: `name, ${each.as}` })))
      if (entry.isSymbolicLink()) {
        findings.push(...this.in(Buffer.from(await readlink(path))).map(each => ({ file, ...each })))
      } else if (entry.isFile()) {
        const content = await readFile(path)
        files++
        bytes += content.length
        findings.push(...this.in(content).map(each => ({ file, ...each })))
      }
    }
    return { findings, files, bytes }
  }
}

/**
 * Copies a folder that is in use. In a process of its own: a process that closes any file descriptor of a lock file
 * loses its own locks on it (POSIX), and LMDB has such locks.
 */
export function copyFolder(from: string, to: string): void {
  const copy = "require('node:fs').cpSync(process.argv[1], process.argv[2], { recursive: true })"
  const { status, stderr } = spawnSync(execPath, ['--no-warnings', '-e', copy, from, to], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`copying failed: ${stderr}`)
}
