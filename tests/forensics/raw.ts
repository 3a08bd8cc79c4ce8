/**
 * Searches a raw image for secrets, as whoever takes the disk out does: not file by file, but every byte that the
 * device holds, also where no file is any more. A secret counts as found when any eight of its bytes that begin at a
 * multiple of eight stand anywhere: the half of a key that a torn write left is a finding.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'

const PIECE = 8
const PREFIX = 3
const CHUNK = 1 << 22
/** Longer than anything that is looked for, so that nothing is missed between two chunks. */
const OVERLAP = 4096
const ZEROS = Buffer.alloc(CHUNK + OVERLAP)

export interface Hit {
  readonly secret: string
  /** Offset in what was searched. */
  readonly at: number
  readonly as: string
}

interface Wanted {
  readonly secret: string
  readonly as: string
  readonly bytes: Buffer
}

export class SecretSearch {
  readonly #firsts = new Uint8Array(1 << (8 * PREFIX))
  readonly #wanted = new Map<number, Wanted[]>()

  /** @param secrets in hexadecimal */
  constructor(secrets: Iterable<string>) {
    for (const secret of secrets) {
      const bytes = Buffer.from(secret, 'hex')
      if (bytes.length < 16) throw new Error('so short a secret would be found anywhere')
      for (let at = 0; at + PIECE <= bytes.length; at += PIECE) {
        this.#want({ secret, as: `bytes from ${at}`, bytes: bytes.subarray(at, at + PIECE) })
      }
      this.#want({ secret, as: 'hex', bytes: Buffer.from(secret) })
      this.#want({ secret, as: 'upper case hex', bytes: Buffer.from(secret.toUpperCase()) })
      for (const shift of [0, 1, 2]) {
        const letters = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
        // The letters that don't depend on what stands before and after.
        const sure = letters.slice(shift === 0 ? 0 : 4, letters.length - 4)
        this.#want({ secret, as: 'base64', bytes: Buffer.from(sure) })
      }
    }
  }

  #want(wanted: Wanted): void {
    const first = wanted.bytes.readUIntBE(0, PREFIX)
    this.#firsts[first] = 1
    const known = this.#wanted.get(first)
    if (known) known.push(wanted)
    else this.#wanted.set(first, [wanted])
  }

  *in(buffer: Buffer, from = 0): Generator<Hit> {
    const firsts = this.#firsts
    let window = 0
    for (let end = 0; end < buffer.length; end++) {
      window = ((window << 8) | (buffer[end] as number)) & 0xffffff
      if (firsts[window] === 0 || end < PREFIX - 1) continue
      const at = end - PREFIX + 1
      for (const { secret, as, bytes } of this.#wanted.get(window) ?? []) {
        if (buffer.subarray(at, at + bytes.length).equals(bytes)) yield { secret, at: from + at, as }
      }
    }
  }

  /** Every hit in a file, however large: an image of a disk, or one file of a folder. */
  inFile(path: string): { readonly hits: Hit[]; readonly bytes: number } {
    const hits = new Map<string, Hit>()
    const bytes = eachChunk(path, (buffer, at) => {
      for (const hit of this.in(buffer, at)) hits.set(`${hit.at} ${hit.as} ${hit.secret}`, hit)
    })
    return { hits: [...hits.values()], bytes }
  }

  /** Every hit in the files below a folder, by file. */
  async below(folder: string): Promise<Map<string, Hit[]>> {
    const found = new Map<string, Hit[]>()
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (!entry.isFile()) continue
      const { hits } = this.inFile(path)
      if (hits.length > 0) found.set(relative(folder, path), hits)
    }
    return found
  }
}

/**
 * Shows a file by pieces that overlap, each only until `look` returns; pieces of nothing but zeros are left out.
 * Answers how long the file is.
 */
export function eachChunk(path: string, look: (buffer: Buffer, at: number) => void): number {
  const file = openSync(path, 'r')
  const buffer = Buffer.alloc(CHUNK + OVERLAP)
  try {
    for (let at = 0; ; at += CHUNK) {
      const read = buffer.subarray(0, readFully(file, buffer, at))
      if (!read.equals(ZEROS.subarray(0, read.length))) look(read, at)
      if (read.length < buffer.length) return at + read.length
    }
  } finally {
    closeSync(file)
  }
}

function readFully(file: number, buffer: Buffer, at: number): number {
  let done = 0
  while (done < buffer.length) {
    const read = readSync(file, buffer, done, buffer.length - done, at + done)
    if (read === 0) break
    done += read
  }
  return done
}
