/** The last few pages that were opened, in clear: a batch of look-ups opens each page once. Wiped when the vault locks. */

/** Pages kept; at some 24 KB each this is under a megabyte. */
const PAGES = 32

export class PageCache {
  readonly #pages = new Map<string, Uint8Array>()

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
    if (this.#pages.size > PAGES) this.drop(this.#pages.keys().next().value as string)
  }

  drop(key: string): void {
    this.#pages.get(key)?.fill(0)
    this.#pages.delete(key)
  }

  wipe(): void {
    for (const key of [...this.#pages.keys()]) this.drop(key)
  }
}
