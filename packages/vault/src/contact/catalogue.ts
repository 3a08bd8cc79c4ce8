/**
 * Numbers for what repeats: purposes, agreed scopes and notices stand once per vault, and slices and heads name them
 * by number. A purpose keeps its number when it is renamed. Numbers are never given twice.
 */
import * as v from 'valibot'
import { hex } from '../bytes'
import type { NoticeShown, Scope } from '../consent/consent'
import { VaultError } from '../errors'
import { decodeRecord, encodeRecord } from '../record/record'

const MOST = 65_535

export interface CatalogueRecord {
  readonly purposes: readonly string[]
  readonly scopes: readonly Scope[]
  readonly notices: readonly NoticeShown[]
}

export class Catalogue {
  readonly #purposes: string[]
  readonly #scopes: Scope[]
  readonly #notices: NoticeShown[]
  readonly #scopeNumbers = new Map<string, number>()
  readonly #noticeNumbers = new Map<string, number>()
  #changed = false

  constructor(record: CatalogueRecord = { purposes: [], scopes: [], notices: [] }) {
    this.#purposes = [...record.purposes]
    this.#scopes = [...record.scopes]
    this.#notices = [...record.notices]
    for (const [number, scope] of this.#scopes.entries()) this.#scopeNumbers.set(keyOf(scope), number)
    for (const [number, notice] of this.#notices.entries()) this.#noticeNumbers.set(keyOf(notice), number)
  }

  /** True once something was added or renamed: then the row is written anew. */
  get changed(): boolean {
    return this.#changed
  }

  get record(): CatalogueRecord {
    return { purposes: this.#purposes, scopes: this.#scopes, notices: this.#notices }
  }

  /** Says that the row must be written even if nothing is added from here on. */
  touch(): void {
    this.#changed = true
  }

  /** One of its own to add to. The numbers are taken over as they are: every operation makes a copy. */
  copy(): Catalogue {
    const copy = new Catalogue()
    copy.#purposes.push(...this.#purposes)
    copy.#scopes.push(...this.#scopes)
    copy.#notices.push(...this.#notices)
    for (const [key, number] of this.#scopeNumbers) copy.#scopeNumbers.set(key, number)
    for (const [key, number] of this.#noticeNumbers) copy.#noticeNumbers.set(key, number)
    return copy
  }

  /** Takes back, when it is called, whatever was done since. Everything that is planned on a draft keeps one. */
  mark(): () => void {
    const purposes = [...this.#purposes]
    const [scopes, notices, changed] = [this.#scopes.length, this.#notices.length, this.#changed]
    return () => {
      this.#purposes.splice(0, this.#purposes.length, ...purposes)
      for (const scope of this.#scopes.splice(scopes)) this.#scopeNumbers.delete(keyOf(scope))
      for (const notice of this.#notices.splice(notices)) this.#noticeNumbers.delete(keyOf(notice))
      this.#changed = changed
    }
  }

  /** The number of a purpose that may be new. */
  purpose(name: string): number {
    const known = this.#purposes.indexOf(name)
    if (known >= 0) return known
    return this.#add(this.#purposes, name)
  }

  /** Undefined for a purpose that never was. */
  findPurpose(name: string): number | undefined {
    const known = this.#purposes.indexOf(name)
    return known < 0 ? undefined : known
  }

  purposeName(number: number): string {
    return at(this.#purposes, number)
  }

  renamePurpose(from: string, to: string): void {
    const number = this.#purposes.indexOf(from)
    if (number < 0) return
    this.#purposes[number] = to
    this.#changed = true
  }

  scope(scope: Scope): number {
    const key = keyOf(scope)
    const known = this.#scopeNumbers.get(key)
    if (known !== undefined) return known
    const number = this.#add(this.#scopes, scope)
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
    const number = this.#add(this.#notices, notice)
    this.#noticeNumbers.set(key, number)
    return number
  }

  noticeAt(number: number): NoticeShown {
    return at(this.#notices, number)
  }

  #add<T>(list: T[], item: T): number {
    if (list.length >= MOST) throw new RangeError('the catalogue is full')
    this.#changed = true
    return list.push(item) - 1
  }
}

/** A number that was never given stands in a damaged row only. */
function at<T>(list: readonly T[], number: number): T {
  const item = list[number]
  if (item === undefined) throw new VaultError('CORRUPT', { data: { row: 'catalogue' } })
  return item
}

/** @throws RangeError when the bytes are no catalogue. */
export function readCatalogue(bytes: Uint8Array): CatalogueRecord {
  const record = decodeRecord(bytes)
  if (!v.is(CATALOGUE, record)) throw new RangeError('catalogue malformed')
  return record
}

const words = v.array(v.string())
const CATALOGUE = v.object({
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
