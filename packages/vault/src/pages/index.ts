/**
 * Where everybody is: built from the heads of the pages when a vault opens, followed at each commit, wiped when it
 * locks. It lives in memory only, in typed arrays; there is no index at rest.
 *
 * Pages come and go as a whole. A contact is here as long as one of its slices is. What may be shown of anybody, and
 * whether a bucket's day has passed, is for `rules/` and the caller.
 *
 * What it costs to open a large vault is told in docs/decisions/0029-opening-a-large-vault.md.
 */
import type { Day } from '../time/day'
import { FINGERPRINT_AT, type HeadView, POINT_BYTES } from './head'
import { doubled, IdTable, lengthened, PointTable } from './index-table'

/** A slice of a contact, and where it lies. Good until the next change: a page that goes takes its head along. */
export interface SliceAt {
  /** The page's key: its row id in hex. */
  readonly page: string
  /** Its place in the page and in the page's head. */
  readonly slot: number
  readonly bucket: Day
  readonly head: HeadView
}

export interface Dropped {
  readonly pages: readonly string[]
  readonly slices: number
  /** How many contacts have nothing left. */
  readonly contacts: number
}

interface Page {
  readonly key: string
  readonly bucket: Day
  readonly head: HeadView
  /** Its place in the list of pages. */
  readonly number: number
}

const SMALLEST = 64
/** Whose pages came or went is remembered for so many: what some five hundred commits touch that change one person. A power of two. */
const REMEMBERED = 65_536

export class Index {
  readonly #pages = new Map<string, Page>()
  readonly #byBucket = new Map<Day, Set<Page>>()
  /** Pages by number; a number is free where there is none. */
  readonly #numbered: (Page | undefined)[] = []
  readonly #freePages: number[] = []
  readonly #ids = new IdTable()
  readonly #points = new PointTable()
  /** By a contact's number: its first slice + 1. 0: none. */
  #first = new Uint32Array(SMALLEST)
  /** By slice: the contact's next slice + 1, the number of its page, its place there. */
  #next = new Uint32Array(SMALLEST)
  #page = new Uint32Array(SMALLEST)
  #slot = new Uint16Array(SMALLEST)
  readonly #freeSlices: number[] = []
  #slicesEnd = 0
  /** The contacts on pages that came or went, the newest over the oldest. */
  readonly #touched = new Uint32Array(REMEMBERED)
  #changes = 0

  /**
   * From here on the head is the index's own: it is wiped when its page goes.
   * @throws TypeError when the page is here already.
   */
  addPage(key: string, bucket: Day, head: HeadView): void {
    if (this.#pages.has(key)) throw new TypeError('this page is in the index already')
    const number = this.#freePages.pop() ?? this.#numbered.length
    const page: Page = { key, bucket, head, number }
    this.#numbered[number] = page
    this.#pages.set(key, page)
    const sameDay = this.#byBucket.get(bucket)
    if (sameDay) sameDay.add(page)
    else this.#byBucket.set(bucket, new Set([page]))

    for (let slot = 0; slot < head.count; slot++) {
      const contact = this.#ids.add(head.bytes, head.idOffset(slot))
      this.#chain(contact, number, slot)
      this.#touch(contact)
      const end = head.pointsEnd(slot)
      for (let at = head.pointsOffset(slot); at < end; at += POINT_BYTES) {
        this.#points.add(head.bytes[at] as number, head.bytes, contact, at + FINGERPRINT_AT)
      }
    }
  }

  /** So many slices will come, with so many points: tables that grow while they fill are filled twice. */
  makeRoom(slices: number, points: number): void {
    const end = this.#slicesEnd + slices
    this.#ids.makeRoom(slices)
    this.#points.makeRoom(points)
    this.#first = lengthened(this.#first, this.#ids.size + slices)
    this.#next = lengthened(this.#next, end)
    this.#page = lengthened(this.#page, end)
    this.#slot = lengthened(this.#slot, end)
  }

  /** Takes a page out and wipes its head; whether it was here. */
  removePage(key: string): boolean {
    const page = this.#pages.get(key)
    if (!page) return false
    const { head, bucket, number } = page
    for (let slot = 0; slot < head.count; slot++) {
      const contact = this.#ids.find(head.bytes, head.idOffset(slot))
      const end = head.pointsEnd(slot)
      for (let at = head.pointsOffset(slot); at < end; at += POINT_BYTES) {
        this.#points.remove(head.bytes[at] as number, head.bytes, contact, at + FINGERPRINT_AT)
      }
      this.#unchain(contact, number, slot)
      this.#touch(contact)
      if (this.#first[contact] === 0) this.#ids.remove(contact)
    }
    const sameDay = this.#byBucket.get(bucket)
    sameDay?.delete(page)
    if (sameDay?.size === 0) this.#byBucket.delete(bucket)
    this.#pages.delete(key)
    this.#numbered[number] = undefined
    this.#freePages.push(number)
    head.wipe()
    return true
  }

  hasPage(key: string): boolean {
    return this.#pages.has(key)
  }

  /** Undefined when the page isn't here. */
  headOf(key: string): HeadView | undefined {
    return this.#pages.get(key)?.head
  }

  pages(): Iterable<string> {
    return this.#pages.keys()
  }

  pagesOfBucket(bucket: Day): string[] {
    return Array.from(this.#byBucket.get(bucket) ?? [], page => page.key)
  }

  /** How many contacts. */
  contacts(): number {
    return this.#ids.size
  }

  /**
   * The number that stands for a contact, -1 for nobody. It is good until the next change: whoever comes back for the
   * same contact later keeps the id.
   */
  numberOf(id: Uint8Array): number {
    return id.length === 16 ? this.#ids.find(id) : -1
  }

  /** The contact's id, a copy. @throws RangeError when no contact has this number. */
  idOf(number: number): Uint8Array {
    return this.#ids.idOf(number)
  }

  /** All slices of a contact, in no order; none for a number that nobody has. */
  slicesOf(number: number): SliceAt[] {
    const slices: SliceAt[] = []
    for (let next = this.#first[number] ?? 0; next !== 0; next = this.#next[next - 1] as number) {
      const { key, bucket, head } = this.#numbered[this.#page[next - 1] as number] as Page
      slices.push({ page: key, slot: this.#slot[next - 1] as number, bucket, head })
    }
    return slices
  }

  /** Everybody with this contact point, each once; `most`: of that many slices. */
  byPoint(kind: number, fingerprint: Uint8Array, most?: number): number[] {
    if (fingerprint.length !== 8) return []
    const found = this.#points.find(kind, fingerprint, 0, most)
    return found.length < 2 ? found : [...new Set(found)]
  }

  /** Everybody's number, once, in no order. What comes or goes meanwhile may or may not be among them. */
  *allContacts(): Generator<number, void, void> {
    for (let number = 0; number < this.#ids.end; number++) if (this.#first[number] !== 0) yield number
  }

  /** Grows with everything that {@link Index.touchedSince} tells. */
  get changes(): number {
    return this.#changes
  }

  /** Whether {@link Index.touchedSince} still knows all of them. */
  remembers(changes: number): boolean {
    return this.#changes - changes <= REMEMBERED
  }

  /**
   * The numbers of all contacts on pages that came or went since there were so many changes, each once: they may have gone,
   * and another may have the number now. Only as long as they are remembered.
   */
  touchedSince(changes: number): ReadonlySet<number> {
    const touched = new Set<number>()
    for (let at = changes; at < this.#changes; at++) touched.add(this.#touched[at % REMEMBERED] as number)
    return touched
  }

  #touch(contact: number): void {
    this.#touched[this.#changes++ % REMEMBERED] = contact
  }

  /** Takes out all pages whose last readable day is before `day`. */
  dropBefore(day: Day): Dropped {
    const before = this.contacts()
    const pages: string[] = []
    let slices = 0
    for (const [bucket, ofDay] of [...this.#byBucket]) {
      if (bucket >= day) continue
      for (const { key, head } of [...ofDay]) {
        slices += head.count
        pages.push(key)
        this.removePage(key)
      }
    }
    return { pages, slices, contacts: before - this.contacts() }
  }

  /** Overwrites everything, heads included, and leaves an empty index. */
  wipe(): void {
    for (const { head } of this.#pages.values()) head.wipe()
    this.#pages.clear()
    this.#byBucket.clear()
    this.#numbered.length = 0
    this.#freePages.length = 0
    this.#ids.wipe()
    this.#points.wipe()
    for (const array of [this.#first, this.#next, this.#page, this.#slot]) array.fill(0)
    this.#first = new Uint32Array(SMALLEST)
    this.#next = new Uint32Array(SMALLEST)
    this.#page = new Uint32Array(SMALLEST)
    this.#slot = new Uint16Array(SMALLEST)
    this.#freeSlices.length = 0
    this.#slicesEnd = 0
    this.#touched.fill(0)
    // Whoever kept something doesn't find it again.
    this.#changes += REMEMBERED + 1
  }

  #chain(contact: number, page: number, slot: number): void {
    const slice = this.#freeSlices.pop() ?? this.#slicesEnd++
    if (slice >= this.#next.length) {
      this.#next = doubled(this.#next)
      this.#page = doubled(this.#page)
      this.#slot = doubled(this.#slot)
    }
    while (contact >= this.#first.length) this.#first = doubled(this.#first)
    this.#page[slice] = page
    this.#slot[slice] = slot
    this.#next[slice] = this.#first[contact] as number
    this.#first[contact] = slice + 1
  }

  #unchain(contact: number, page: number, slot: number): void {
    let before = 0
    let here = this.#first[contact] as number
    while (this.#page[here - 1] !== page || this.#slot[here - 1] !== slot) {
      before = here
      here = this.#next[here - 1] as number
    }
    const after = this.#next[here - 1] as number
    if (before === 0) this.#first[contact] = after
    else this.#next[before - 1] = after
    this.#next[here - 1] = 0
    this.#freeSlices.push(here - 1)
  }
}
