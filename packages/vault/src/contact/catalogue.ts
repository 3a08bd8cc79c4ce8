/**
 * Numbers for what repeats: purposes, agreed scopes and notices stand once per vault, and slices and heads name them
 * by number. A purpose keeps its number when it is renamed. Numbers are never given twice.
 */
import * as v from 'valibot'
import { hex, utf8 } from '../bytes'
import type { NoticeShown, Scope } from '../consent/consent'
import { VaultError } from '../errors'
import { decodeRecord, encodeRecord } from '../record/record'

const MOST = 65_535
/** Bytes of a row after which what is new goes into another one. Renaming a purpose makes a full row longer, so there is room left. */
const FULL = 40_000

/** What a row of it holds. */
export interface CatalogueRecord {
  readonly purposes: readonly string[]
  readonly scopes: readonly Scope[]
  readonly notices: readonly NoticeShown[]
}

/** How much of each list stands in one row. The lists of all rows, one after the other, are the catalogue. */
interface Part {
  readonly purposes: number
  readonly scopes: number
  readonly notices: number
  readonly bytes: number
  /** Something was added or renamed: the row is written anew. */
  readonly changed: boolean
}

const EMPTY: Part = { purposes: 0, scopes: 0, notices: 0, bytes: 40, changed: true }

export class Catalogue {
  readonly #purposes: string[] = []
  readonly #scopes: Scope[] = []
  readonly #notices: NoticeShown[] = []
  readonly #scopeNumbers = new Map<string, number>()
  readonly #noticeNumbers = new Map<string, number>()
  #parts: readonly Part[] = []

  /** @param rows in any order. @throws RangeError when they are no whole catalogue */
  constructor(rows: readonly Uint8Array[] = []) {
    this.#parts = inOrder(rows).map(([{ purposes, scopes, notices }, bytes]) => {
      for (const purpose of purposes) this.#purposes.push(purpose)
      for (const scope of scopes) this.#scopeNumbers.set(keyOf(scope), this.#scopes.push(scope) - 1)
      for (const notice of notices) this.#noticeNumbers.set(keyOf(notice), this.#notices.push(notice) - 1)
      const counts = { purposes: purposes.length, scopes: scopes.length, notices: notices.length }
      return { ...counts, bytes, changed: false }
    })
  }

  /** True once something was added or renamed. */
  get changed(): boolean {
    return this.#parts.some(part => part.changed)
  }

  /** All that it lists, of however many rows. */
  get record(): CatalogueRecord {
    return { purposes: this.#purposes, scopes: this.#scopes, notices: this.#notices }
  }

  /** The rows that must be written anew, by number. */
  *changedRows(): Iterable<readonly [number: number, plain: Uint8Array]> {
    const from = { purposes: 0, scopes: 0, notices: 0 }
    for (const [number, { purposes, scopes, notices, changed }] of this.#parts.entries()) {
      const to = {
        purposes: from.purposes + purposes,
        scopes: from.scopes + scopes,
        notices: from.notices + notices,
      }
      if (changed) {
        const record: CatalogueRecord = {
          purposes: this.#purposes.slice(from.purposes, to.purposes),
          scopes: this.#scopes.slice(from.scopes, to.scopes),
          notices: this.#notices.slice(from.notices, to.notices),
        }
        yield [number, encodeRecord(number === 0 ? record : { ...record, number })]
      }
      Object.assign(from, to)
    }
  }

  /** Says that a row must be written even if nothing is added from here on. */
  touch(): void {
    if (this.#parts.length === 0) this.#parts = [EMPTY]
  }

  /** One of its own to add to. The numbers are taken over as they are: every operation makes a copy. */
  copy(): Catalogue {
    const copy = new Catalogue()
    // One by one: there may be more of them than a call can have arguments.
    for (const purpose of this.#purposes) copy.#purposes.push(purpose)
    for (const scope of this.#scopes) copy.#scopes.push(scope)
    for (const notice of this.#notices) copy.#notices.push(notice)
    for (const [key, number] of this.#scopeNumbers) copy.#scopeNumbers.set(key, number)
    for (const [key, number] of this.#noticeNumbers) copy.#noticeNumbers.set(key, number)
    copy.#parts = this.#parts
    return copy
  }

  /** Takes back, when it is called, whatever was done since. Everything that is planned on a draft keeps one. */
  mark(): () => void {
    const purposes = [...this.#purposes]
    const [scopes, notices, parts] = [this.#scopes.length, this.#notices.length, this.#parts]
    return () => {
      this.#purposes.splice(0, this.#purposes.length, ...purposes)
      for (const scope of this.#scopes.splice(scopes)) this.#scopeNumbers.delete(keyOf(scope))
      for (const notice of this.#notices.splice(notices)) this.#noticeNumbers.delete(keyOf(notice))
      this.#parts = parts
    }
  }

  /** The number of a purpose that may be new. */
  purpose(name: string): number {
    const known = this.#purposes.indexOf(name)
    if (known >= 0) return known
    return this.#add('purposes', this.#purposes, name, sizeOf(name))
  }

  /** Undefined for a purpose that never was. */
  findPurpose(name: string): number | undefined {
    const known = this.#purposes.indexOf(name)
    return known < 0 ? undefined : known
  }

  purposeName(number: number): string {
    return at(this.#purposes, number)
  }

  /**
   * The numbers of whatever has this name or had it before another purpose took it over: who left one of them left what
   * people know by this name.
   */
  numbersOf(name: string): number[] {
    return this.#purposes.flatMap((each, number) => (each === name || each === nameGone(name, number) ? [number] : []))
  }

  /** A purpose that has gone and had the new name keeps its number, and nobody asks for it by that name any more. */
  renamePurpose(from: string, to: string): void {
    const number = this.#purposes.indexOf(from)
    if (number < 0) return
    const gone = this.#purposes.indexOf(to)
    if (gone >= 0) this.#name(gone, nameGone(to, gone))
    this.#name(number, to)
  }

  /** Takes over the purposes that another catalogue of the same vault has beyond these, under the numbers they have there. */
  follow(other: Catalogue): void {
    for (const name of other.#purposes.slice(this.#purposes.length)) {
      const number = this.#purposes.length
      const free = this.#purposes.includes(name) ? nameGone(name, number) : name
      this.#add('purposes', this.#purposes, free, sizeOf(free))
    }
  }

  #name(number: number, name: string): void {
    const before = this.purposeName(number)
    this.#purposes[number] = name
    let first = 0
    this.#parts = this.#parts.map(part => {
      const isHere = number >= first && number < first + part.purposes
      first += part.purposes
      return isHere ? { ...part, bytes: part.bytes + sizeOf(name) - sizeOf(before), changed: true } : part
    })
  }

  scope(scope: Scope): number {
    const key = keyOf(scope)
    const known = this.#scopeNumbers.get(key)
    if (known !== undefined) return known
    const number = this.#add('scopes', this.#scopes, scope, key.length / 2)
    this.#scopeNumbers.set(key, number)
    return number
  }

  scopeAt(number: number): Scope {
    return at(this.#scopes, number)
  }

  notice(notice: NoticeShown): number {
    const key = keyOf(notice)
    const known = this.#noticeNumbers.get(key)
    if (known !== undefined) return known
    const number = this.#add('notices', this.#notices, notice, key.length / 2)
    this.#noticeNumbers.set(key, number)
    return number
  }

  noticeAt(number: number): NoticeShown {
    return at(this.#notices, number)
  }

  #add<T>(kind: 'purposes' | 'scopes' | 'notices', list: T[], item: T, size: number): number {
    if (list.length >= MOST)
      throw new VaultError('UNSUPPORTED', { data: { what: `more than ${MOST} different ${kind}` } })
    const last = this.#parts.at(-1)
    const isFull = !last || last.bytes + size > FULL
    const part = isFull ? EMPTY : last
    const grown = { ...part, [kind]: part[kind] + 1, bytes: part.bytes + size, changed: true }
    this.#parts = isFull ? [...this.#parts, grown] : [...this.#parts.slice(0, -1), grown]
    return list.push(item) - 1
  }
}

/** No policy can have a name with a space in it. */
const nameGone = (name: string, number: number): string => `${name} ${number}`

/** A name as CBOR, at most. */
const sizeOf = (name: string): number => 3 + utf8(name).length

/** A number that was never given stands in a damaged row only. */
function at<T>(list: readonly T[], number: number): T {
  const item = list[number]
  if (item === undefined) throw new VaultError('CORRUPT', { data: { row: 'catalogue' } })
  return item
}

/** A row, and which of them it is. @throws RangeError when the bytes are none. */
export function readCatalogueRow(bytes: Uint8Array): CatalogueRecord & { readonly number: number } {
  const record = decodeRecord(bytes)
  if (!v.is(CATALOGUE, record)) throw new RangeError('catalogue malformed')
  return { ...record, number: record.number ?? 0 }
}

/** @throws RangeError when a row is no catalogue, is missing or is there twice. */
function inOrder(rows: readonly Uint8Array[]): (readonly [CatalogueRecord, number])[] {
  const read = rows.map(bytes => [readCatalogueRow(bytes), bytes.length] as const)
  read.sort(([a], [b]) => a.number - b.number)
  for (const [i, [{ number }]] of read.entries()) if (number !== i) throw new RangeError('catalogue malformed')
  return read
}

const words = v.array(v.string())
const CATALOGUE = v.object({
  number: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  purposes: words,
  scopes: v.array(
    v.object({
      fields: words,
      recipients: v.array(
        v.object({
          id: v.string(),
          name: v.string(),
          role: v.picklist(['processor', 'controller', 'self']),
          country: v.string(),
          members: v.picklist(['kept-apart', 'see-each-other']),
        }),
      ),
      controller: v.string(),
    }),
  ),
  notices: v.array(
    v.object({ id: v.string(), version: v.string(), language: v.string(), sha256: v.instance(Uint8Array) }),
  ),
})

// The scope of a head's slice is the object that its event holds, and the same for everybody who agreed to the same words.
const keys = new WeakMap<Scope | NoticeShown, string>()

function keyOf(item: Scope | NoticeShown): string {
  let key = keys.get(item)
  if (key === undefined) {
    key = hex(encodeRecord(item))
    keys.set(item, key)
  }
  return key
}
