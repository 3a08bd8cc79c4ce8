/**
 * Hash tables in typed arrays: what the index needs of a million contacts without a million objects (a Map of hex
 * strings took fourteen times as long to fill). Open addressing with linear probing; removing shifts back what
 * follows, so that tables don't wear out. Whatever is outgrown or wiped is overwritten with zeros.
 *
 * Ids are random and fingerprints are made with a key, so nobody outside can aim at one place in a table.
 */

const SMALLEST = 64
/** Fuller than this, and a table doubles. */
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

  /** The number of an id that may be new. The id's bytes begin at `at`. */
  add(bytes: Uint8Array, at = 0): number {
    if ((this.size + 1) / this.#slots.length > LOAD) this.#grow()
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

  #grow(): void {
    const old = this.#slots
    const slots = new Uint32Array(old.length * 2)
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

/**
 * Points (a kind and an eight-byte fingerprint) to the numbers of who has them. A bag: the same pair added twice must
 * be removed twice. Finding and adding don't depend on how many share a point; removing a pair does.
 */
export class PointTable {
  #low = new Uint32Array(SMALLEST)
  #high = new Uint32Array(SMALLEST)
  /** 0: the place is free. */
  #kinds = new Uint8Array(SMALLEST)
  /** The number, or {@link SHARED} and the first link. */
  #values = new Uint32Array(SMALLEST)
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

  /** `kind` 1 to 255, `number` below 2^31; the fingerprint's bytes begin at `at`. */
  add(kind: number, fingerprint: Uint8Array, number: number, at = 0): void {
    if ((this.#places + 1) / this.#kinds.length > LOAD) this.#grow()
    const low = word(fingerprint, at)
    const high = word(fingerprint, at + 4)
    const place = this.#placeOf(kind, low, high)
    if (this.#kinds[place] === 0) {
      this.#set(place, kind, low, high, number)
      this.#places++
      return
    }
    const value = this.#values[place] as number
    const rest = value >= SHARED ? value - SHARED : this.#link(value, LAST)
    this.#values[place] = SHARED + this.#link(number, rest)
  }

  /** Removes the pair once; whether it was there. */
  remove(kind: number, fingerprint: Uint8Array, number: number, at = 0): boolean {
    const place = this.#placeOf(kind, word(fingerprint, at), word(fingerprint, at + 4))
    if (this.#kinds[place] === 0) return false
    const value = this.#values[place] as number
    if (value < SHARED) {
      if (value !== number) return false
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
    if (before === LAST) this.#values[place] = SHARED + after
    else this.#next[before] = after
    this.#unlink(link)
    const first = (this.#values[place] as number) - SHARED
    if (this.#next[first] === LAST) {
      this.#values[place] = this.#linked[first] as number
      this.#unlink(first)
    }
    return true
  }

  /** The numbers of everybody with this point, or of so many, in no order, each as often as it was added. */
  find(kind: number, fingerprint: Uint8Array, at = 0, most = Number.POSITIVE_INFINITY): number[] {
    const place = this.#placeOf(kind, word(fingerprint, at), word(fingerprint, at + 4))
    if (this.#kinds[place] === 0) return []
    const value = this.#values[place] as number
    if (value < SHARED) return [value]
    const numbers: number[] = []
    for (let link = value - SHARED; link !== LAST && numbers.length < most; link = this.#next[link] as number) {
      numbers.push(this.#linked[link] as number)
    }
    return numbers
  }

  wipe(): void {
    for (const array of [this.#low, this.#high, this.#kinds, this.#values, this.#linked, this.#next]) array.fill(0)
    this.#low = new Uint32Array(SMALLEST)
    this.#high = new Uint32Array(SMALLEST)
    this.#kinds = new Uint8Array(SMALLEST)
    this.#values = new Uint32Array(SMALLEST)
    this.#linked = new Uint32Array(SMALLEST)
    this.#next = new Uint32Array(SMALLEST)
    this.#freeLinks = []
    this.#linksEnd = 0
    this.#places = 0
  }

  #placeOf(kind: number, low: number, high: number): number {
    const mask = this.#kinds.length - 1
    let place = mix(low, high, kind, 0) & mask
    for (;;) {
      const held = this.#kinds[place]
      if (held === 0 || (held === kind && this.#low[place] === low && this.#high[place] === high)) return place
      place = (place + 1) & mask
    }
  }

  #set(place: number, kind: number, low: number, high: number, value: number): void {
    this.#kinds[place] = kind
    this.#low[place] = low
    this.#high[place] = high
    this.#values[place] = value
  }

  /** Frees a place, shifting back what stands behind it. */
  #vacate(place: number): void {
    const kinds = this.#kinds
    const mask = kinds.length - 1
    let hole = place
    for (let next = (hole + 1) & mask; kinds[next] !== 0; next = (next + 1) & mask) {
      const kind = kinds[next] as number
      const low = this.#low[next] as number
      const high = this.#high[next] as number
      const home = mix(low, high, kind, 0) & mask
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        this.#set(hole, kind, low, high, this.#values[next] as number)
        hole = next
      }
    }
    this.#set(hole, 0, 0, 0, 0)
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

  #grow(): void {
    const [low, high, kinds, values] = [this.#low, this.#high, this.#kinds, this.#values]
    const length = kinds.length * 2
    this.#low = new Uint32Array(length)
    this.#high = new Uint32Array(length)
    this.#kinds = new Uint8Array(length)
    this.#values = new Uint32Array(length)
    for (let i = 0; i < kinds.length; i++) {
      const kind = kinds[i] as number
      if (kind === 0) continue
      const place = this.#placeOf(kind, low[i] as number, high[i] as number)
      this.#set(place, kind, low[i] as number, high[i] as number, values[i] as number)
    }
    for (const array of [low, high, kinds, values]) array.fill(0)
  }
}

/** Twice as long; the old array is zeros afterwards. */
export function doubled<T extends Uint32Array | Uint16Array>(array: T): T {
  const longer = new (array.constructor as new (length: number) => T)(array.length * 2)
  longer.set(array)
  array.fill(0)
  return longer
}

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
