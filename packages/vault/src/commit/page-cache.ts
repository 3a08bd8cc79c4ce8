/** The last pages that were opened, in clear: a batch opens each page once, however often it comes back to it. Wiped when the vault locks. */

/** As much as a batch of a thousand scattered people touches: each on a page of its own of some 24 KB, which it comes to four times. */
const MOST_BYTES = 24 * 1024 * 1024

export class PageCache {
  readonly #pages = new Map<string, Uint8Array>()
  #bytes = 0

  constructor(readonly most = MOST_BYTES) {}

  has(key: string): boolean {
    return this.#pages.has(key)
  }

  get(key: string): Uint8Array | undefined {
    const plain = this.#pages.get(key)
    if (plain) {
      this.#pages.delete(key)
      this.#pages.set(key, plain)
    }
    return plain
  }

  /** The page belongs to the cache from here on. */
  put(key: string, plain: Uint8Array): void {
    this.drop(key)
    this.#pages.set(key, plain)
    this.#bytes += plain.length
    // The one just put stays, however large.
    for (const oldest of this.#pages.keys()) {
      if (this.#bytes <= this.most || oldest === key) return
      this.drop(oldest)
    }
  }

  drop(key: string): void {
    const plain = this.#pages.get(key)
    if (!plain) return
    plain.fill(0)
    this.#bytes -= plain.length
    this.#pages.delete(key)
  }

  wipe(): void {
    for (const key of [...this.#pages.keys()]) this.drop(key)
  }
}
