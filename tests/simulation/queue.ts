/**
 * Who waits for a lock, and whose it is. Given on in the order of asking; taken from the dead at once, as a platform
 * takes locks from a process that ended.
 */
interface Waiting {
  readonly owner: object
  admit(): void
  refuse(error: unknown): void
}

export class Queue {
  readonly #holders: object[] = []
  #waiting: Waiting[] = []

  constructor(readonly most: number) {}

  async enter(owner: object): Promise<void> {
    if (this.#holders.length < this.most) {
      this.#holders.push(owner)
      return
    }
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ owner, admit: resolve, refuse: reject })
    })
  }

  has(owner: object): boolean {
    return this.#holders.includes(owner)
  }

  /** Harmless for one who doesn't hold it any more. */
  leave(owner: object): void {
    const at = this.#holders.indexOf(owner)
    if (at < 0) return
    this.#holders.splice(at, 1)
    const next = this.#waiting.shift()
    if (!next) return
    this.#holders.push(next.owner)
    next.admit()
  }

  /** Takes it from a dead owner, who doesn't wait any more either. */
  take(owner: object, error: unknown): void {
    const gone = this.#waiting.filter(one => one.owner === owner)
    this.#waiting = this.#waiting.filter(one => one.owner !== owner)
    for (const one of gone) one.refuse(error)
    while (this.#holders.includes(owner)) this.leave(owner)
  }
}
