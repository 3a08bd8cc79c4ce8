/** The last pages that were opened, in clear: a batch opens each page once, however often it comes back to it. Wiped when the vault locks. */

/**
 * Pages kept: as many as a batch of a thousand scattered people touches, which comes to each of them four times. At some 24 KB
 * each they are 24 MB at most, and only of a vault that has so many.
 */
const MOST_PAGES = 1_024

export class PageCache {
  readonly #pages = new Map<string, Uint8Array>()

  constructor(private readonly most = MOST_PAGES) {}

  get(key: string): Uint8Array | undefined {
    const plain = this.#pages.get(key)
    if (plain) {
      this.#pages.delete(key)
      this.#pages.set(key, plain)
    }
    return plain
  }

  put(key: string, plain: Uint8Array): void {
    this.#pages.set(key, plain)
    if (this.#pages.size > this.most) this.drop(this.#pages.keys().next().value as string)
  }

  drop(key: string): void {
    this.#pages.get(key)?.fill(0)
    this.#pages.delete(key)
  }

  wipe(): void {
    for (const key of [...this.#pages.keys()]) this.drop(key)
  }
}
