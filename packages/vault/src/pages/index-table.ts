/**
 * Hash tables in typed arrays: what the index needs of a million contacts without a million objects (a Map of hex
 * strings took fourteen times as long to fill). Open addressing with linear probing; removing shifts back what
 * follows, so that tables don't wear out. Whatever is outgrown or wiped is overwritten with zeros.
 *
 * Ids are random and fingerprints are made with a key, so nobody outside can aim at one place in a table.
 */

const SMALLEST = 64
/** Fuller than this, and a table grows. */
const LOAD = 0.75

/**
 * Sixteen-byte ids to small whole numbers and back. A number stays as long as its id does; afterwards another id may
 * get it.
 */
export class IdTable {
  /** Number + 1 by place; 0 is free. */
  #slots = new Uint32Array(SMALLEST)
  /** Four words for each number. */
  #words = new Uint32Array(SMALLEST * 4)
  #free: number[] = []
  /** Numbers ever given are below this. */
  #end = 0

  /** How many ids. */
  get size(): number {
    return this.#end - this.#free.length
  }

  /** Every number is below this. */
  get end(): number {
    return this.#end
  }

  /** So many ids will come: the tables needn't grow for them. */
  makeRoom(ids: number): void {
    const length = capacityFor(this.size + ids)
    if (length > this.#slots.length) this.#resize(length)
    this.#words = lengthened(this.#words, (this.size + ids) * 4)
  }

  /** The number of an id that may be new. The id's bytes begin at `at`. */
  add(bytes: Uint8Array, at = 0): number {
    if ((this.size + 1) / this.#slots.length > LOAD) this.#resize(this.#slots.length * 2)
    const a = word(bytes, at)
    const b = word(bytes, at + 4)
    const c = word(bytes, at + 8)
    const d = word(bytes, at + 12)
    const slot = this.#slotOf(a, b, c, d)
    const known = this.#slots[slot] as number
    if (known !== 0) return known - 1
    const number = this.#free.pop() ?? this.#end++
    const start = number * 4
    if (start >= this.#words.length) this.#words = doubled(this.#words)
    this.#words[start] = a
    this.#words[start + 1] = b
    this.#words[start + 2] = c
    this.#words[start + 3] = d
    this.#slots[slot] = number + 1
    return number
  }

  /** -1 when there is no such id. */
  find(bytes: Uint8Array, at = 0): number {
    const slot = this.#slotOf(word(bytes, at), word(bytes, at + 4), word(bytes, at + 8), word(bytes, at + 12))
    return (this.#slots[slot] as number) - 1
  }

  /** The id, a copy. @throws RangeError when no id has this number. */
  idOf(number: number): Uint8Array {
    this.#heldSlot(number)
    const id = new Uint8Array(16)
    for (let i = 0, at = 0; i < 4; i++) {
      const word = this.#words[number * 4 + i] as number
      id[at++] = word
      id[at++] = word >>> 8
      id[at++] = word >>> 16
      id[at++] = word >>> 24
    }
    return id
  }

  /** @throws RangeError when no id has this number. */
  remove(number: number): void {
    const slots = this.#slots
    const mask = slots.length - 1
    let hole = this.#heldSlot(number)
    for (let next = (hole + 1) & mask; slots[next] !== 0; next = (next + 1) & mask) {
      // It may move back only as far as the place where its own search begins.
      if (((next - this.#home(next)) & mask) >= ((next - hole) & mask)) {
        slots[hole] = slots[next] as number
        hole = next
      }
    }
    slots[hole] = 0
    this.#words.fill(0, number * 4, number * 4 + 4)
    this.#free.push(number)
  }

  wipe(): void {
    this.#slots.fill(0)
    this.#words.fill(0)
    this.#slots = new Uint32Array(SMALLEST)
    this.#words = new Uint32Array(SMALLEST * 4)
    this.#free = []
    this.#end = 0
  }

  /** The place that holds this id, or the free one where it would stand. */
  #slotOf(a: number, b: number, c: number, d: number): number {
    const slots = this.#slots
    const words = this.#words
    const mask = slots.length - 1
    let slot = mix(a, b, c, d) & mask
    for (;;) {
      const start = ((slots[slot] as number) - 1) * 4
      if (start < 0) return slot
      if (words[start] === a && words[start + 1] === b && words[start + 2] === c && words[start + 3] === d) return slot
      slot = (slot + 1) & mask
    }
  }

  #heldSlot(number: number): number {
    if (!Number.isInteger(number) || number < 0) throw new RangeError('no such number')
    const words = this.#words
    const start = number * 4
    const slot = this.#slotOf(
      words[start] as number,
      words[start + 1] as number,
      words[start + 2] as number,
      words[start + 3] as number,
    )
    if (this.#slots[slot] !== number + 1) throw new RangeError('no such number')
    return slot
  }

  /** Where the search for what stands in this place begins. */
  #home(slot: number): number {
    const start = ((this.#slots[slot] as number) - 1) * 4
    const words = this.#words
    return (
      mix(words[start] as number, words[start + 1] as number, words[start + 2] as number, words[start + 3] as number) &
      (this.#slots.length - 1)
    )
  }

  #resize(length: number): void {
    const old = this.#slots
    const slots = new Uint32Array(length)
    this.#slots = slots
    const mask = slots.length - 1
    for (const held of old) {
      if (held === 0) continue
      const start = (held - 1) * 4
      const words = this.#words
      let slot =
        mix(
          words[start] as number,
          words[start + 1] as number,
          words[start + 2] as number,
          words[start + 3] as number,
        ) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = held
    }
    old.fill(0)
  }
}

/** Set in a place's value when several numbers share the point: the rest of it is where their chain begins. */
const SHARED = 0x8000_0000
/** Ends a chain. */
const LAST = 0xffff_ffff
/** How much longer a table of points becomes when it is full: no power of two, or a million people with four each would take twice what they need. */
const GROWTH = 1.5
/** Words of a place: the fingerprint's two, the kind mixed into them, and the value. Side by side: a search meets one line of memory. */
const PLACE = 3

/**
 * Points (a kind and an eight-byte fingerprint) to the numbers of who has them. A bag: the same pair added twice must
 * be removed twice. Finding and adding don't depend on how many share a point; removing a pair does.
 *
 * Two points that differ are taken for one when their fingerprints differ in no more than their kinds explain: as likely
 * as two equal fingerprints, which are made with the kind.
 */
export class PointTable {
  /** By place: low word, high word, and 0 where it is free, number + 1, or {@link SHARED} and the first link. */
  #table = new Uint32Array(SMALLEST * PLACE)
  #places = 0
  /** Links of chains: a number, and the next link. */
  #linked = new Uint32Array(SMALLEST)
  #next = new Uint32Array(SMALLEST)
  #freeLinks: number[] = []
  #linksEnd = 0

  /** How many different points. */
  get size(): number {
    return this.#places
  }

  /** So many points will come: the table needn't grow for them. */
  makeRoom(points: number): void {
    const length = Math.ceil((this.#places + points) / LOAD) + 1
    if (length * PLACE > this.#table.length) this.#resize(length)
  }

  /** `kind` 1 to 255, `number` below 2^31 - 1; the fingerprint's bytes begin at `at`. */
  add(kind: number, fingerprint: Uint8Array, number: number, at = 0): void {
    if ((this.#places + 1) * PLACE > this.#table.length * LOAD) {
      this.#resize(Math.ceil((this.#table.length / PLACE) * GROWTH))
    }
    const low = word(fingerprint, at)
    const high = highWord(kind, fingerprint, at)
    const table = this.#table
    const place = placeOf(table, low, high)
    const value = table[place + 2] as number
    if (value === 0) {
      table[place] = low
      table[place + 1] = high
      table[place + 2] = number + 1
      this.#places++
      return
    }
    const rest = value >= SHARED ? value - SHARED : this.#link(value - 1, LAST)
    table[place + 2] = SHARED + this.#link(number, rest)
  }

  /** Removes the pair once; whether it was there. */
  remove(kind: number, fingerprint: Uint8Array, number: number, at = 0): boolean {
    const table = this.#table
    const place = placeOf(table, word(fingerprint, at), highWord(kind, fingerprint, at))
    const value = table[place + 2] as number
    if (value < SHARED) {
      if (value !== number + 1) return false
      this.#vacate(place)
      return true
    }
    let before = LAST
    let link = value - SHARED
    while (link !== LAST && this.#linked[link] !== number) {
      before = link
      link = this.#next[link] as number
    }
    if (link === LAST) return false
    const after = this.#next[link] as number
    if (before === LAST) table[place + 2] = SHARED + after
    else this.#next[before] = after
    this.#unlink(link)
    const first = (table[place + 2] as number) - SHARED
    if (this.#next[first] === LAST) {
      table[place + 2] = (this.#linked[first] as number) + 1
      this.#unlink(first)
    }
    return true
  }

  /** The numbers of everybody with this point, or of so many, in no order, each as often as it was added. */
  find(kind: number, fingerprint: Uint8Array, at = 0, most = Number.POSITIVE_INFINITY): number[] {
    const place = placeOf(this.#table, word(fingerprint, at), highWord(kind, fingerprint, at))
    const value = this.#table[place + 2] as number
    if (value === 0) return []
    if (value < SHARED) return [value - 1]
    const numbers: number[] = []
    for (let link = value - SHARED; link !== LAST && numbers.length < most; link = this.#next[link] as number) {
      numbers.push(this.#linked[link] as number)
    }
    return numbers
  }

  wipe(): void {
    for (const array of [this.#table, this.#linked, this.#next]) array.fill(0)
    this.#table = new Uint32Array(SMALLEST * PLACE)
    this.#linked = new Uint32Array(SMALLEST)
    this.#next = new Uint32Array(SMALLEST)
    this.#freeLinks = []
    this.#linksEnd = 0
    this.#places = 0
  }

  /** Frees a place, shifting back what stands behind it. */
  #vacate(place: number): void {
    const table = this.#table
    const end = table.length
    const after = (at: number) => (at + PLACE === end ? 0 : at + PLACE)
    const distance = (from: number, to: number) => (to >= from ? to - from : to - from + end)
    let hole = place
    for (let next = after(hole); table[next + 2] !== 0; next = after(next)) {
      const home = homeOf(table, table[next] as number, table[next + 1] as number)
      // It may move back only as far as the place where its own search begins.
      if (distance(home, next) >= distance(hole, next)) {
        table.copyWithin(hole, next, next + PLACE)
        hole = next
      }
    }
    table.fill(0, hole, hole + PLACE)
    this.#places--
  }

  #link(number: number, next: number): number {
    const link = this.#freeLinks.pop() ?? this.#linksEnd++
    if (link >= this.#linked.length) {
      this.#linked = doubled(this.#linked)
      this.#next = doubled(this.#next)
    }
    this.#linked[link] = number
    this.#next[link] = next
    return link
  }

  #unlink(link: number): void {
    this.#linked[link] = 0
    this.#next[link] = 0
    this.#freeLinks.push(link)
  }

  #resize(length: number): void {
    const old = this.#table
    const table = new Uint32Array(length * PLACE)
    for (let from = 0; from < old.length; from += PLACE) {
      if (old[from + 2] === 0) continue
      const low = old[from] as number
      const high = old[from + 1] as number
      const place = placeOf(table, low, high)
      table[place] = low
      table[place + 1] = high
      table[place + 2] = old[from + 2] as number
    }
    this.#table = table
    old.fill(0)
  }
}

/** Where in the table this point stands, or the free place where it would. */
function placeOf(table: Uint32Array, low: number, high: number): number {
  const end = table.length
  let place = homeOf(table, low, high)
  while (table[place + 2] !== 0 && (table[place] !== low || table[place + 1] !== high)) {
    place += PLACE
    if (place === end) place = 0
  }
  return place
}

/** Where the search for a point begins: its hash as a share of the table's length. */
function homeOf(table: Uint32Array, low: number, high: number): number {
  return Math.floor((mix(low, high, 0, 0) / 0x1_0000_0000) * (table.length / PLACE)) * PLACE
}

/** The fingerprint's second word with the kind in it. */
function highWord(kind: number, fingerprint: Uint8Array, at: number): number {
  return (word(fingerprint, at + 4) ^ Math.imul(kind, 0x9e3779b1)) >>> 0
}

/** Places, a power of two, of a table that holds so many without growing. */
function capacityFor(count: number): number {
  let length = SMALLEST
  while (count > length * LOAD) length *= 2
  return length
}

/** The array, or one of at least this length that is a power of two times as long; the old array is zeros then. */
export function lengthened<T extends Uint32Array | Uint16Array>(array: T, length: number): T {
  if (array.length >= length) return array
  let enough = array.length
  while (enough < length) enough *= 2
  const longer = new (array.constructor as new (length: number) => T)(enough)
  longer.set(array)
  array.fill(0)
  return longer
}

/** Twice as long; the old array is zeros afterwards. */
export const doubled = <T extends Uint32Array | Uint16Array>(array: T): T => lengthened(array, array.length * 2)

/** u32 little endian; `at` must leave four bytes. */
function word(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
  return (low | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)) >>> 0
}

/** Multipliers and finish of MurmurHash3 (Appleby, 2011, public domain). */
function mix(a: number, b: number, c: number, d: number): number {
  let hash = Math.imul(a, 0xcc9e2d51) ^ Math.imul(b, 0x1b873593) ^ Math.imul(c, 0x85ebca6b) ^ Math.imul(d, 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
