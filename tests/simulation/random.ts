/**
 * Everything that is left to chance in a simulation, from one number. sfc32 (Chris Doty-Humphrey, PractRand): not for
 * keys, but fast, and the same everywhere.
 */
export class Seeded {
  #a: number
  #b: number
  #c: number
  #count = 1

  /** Streams of one seed have nothing to do with each other: what the vault draws doesn't move the schedule. */
  constructor(seed: number, stream = 0) {
    this.#a = seed >>> 0
    this.#b = Math.floor(seed / 2 ** 32) >>> 0
    this.#c = stream >>> 0
    for (let i = 0; i < 12; i++) this.next()
  }

  /** 0 to 2^32 - 1. */
  next(): number {
    const sum = (this.#a + this.#b + this.#count++) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    return sum >>> 0
  }

  /** 0 to `end` - 1. */
  below(end: number): number {
    return Math.floor((this.next() / 2 ** 32) * end)
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability * 2 ** 32
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }

  /** One of the keys, each as often as its weight says. */
  weighted<K extends string>(weights: { readonly [key in K]?: number }): K {
    const entries = Object.entries(weights) as [K, number][]
    let left = this.below(entries.reduce((sum, [, weight]) => sum + weight, 0))
    for (const [key, weight] of entries) {
      left -= weight
      if (left < 0) return key
    }
    throw new TypeError('nothing to choose from')
  }

  bytes(length: number): Uint8Array {
    const words = new Uint32Array(Math.ceil(length / 4))
    for (let i = 0; i < words.length; i++) words[i] = this.next()
    return new Uint8Array(words.buffer, 0, length)
  }
}
