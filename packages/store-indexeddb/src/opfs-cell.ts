/**
 * The cell as an OPFS file, seen from the page: it asks a dedicated worker, which alone may write in place
 * (`cell-worker.js`), and gives its answers the shape of the port. The worker starts at the first question and lives
 * until the store is closed.
 */
import { type Cell, checkHalf, HALF_BYTES, type Half, StoreError } from '@amanat/store-contract'

type Act = 'able' | 'create' | 'hold' | 'read' | 'overwrite' | 'letGo' | 'remove'

interface Answer {
  readonly id: number
  readonly answer?: unknown
  readonly error?: { readonly name: string; readonly message: string }
}

interface Waiting {
  resolve(answer: unknown): void
  reject(error: unknown): void
}

/**
 * The worker gives up after five seconds of waiting for another tab. One that hasn't answered by then has ended without
 * a word, as a browser short of memory may end it; waiting on would keep the lock from every other tab.
 */
const ANSWER_MS = 20_000

export class OpfsCell implements Cell {
  private worker: Worker | undefined
  private readonly waiting = new Map<number, Waiting>()
  private asked = 0
  private ability: Promise<boolean> | undefined
  private holding = false
  /** The worker was asked to keep the file open. */
  private kept = false

  constructor(
    private readonly folder: string,
    private readonly start: () => Worker,
    private readonly answerMs = ANSWER_MS,
  ) {}

  /**
   * Whether this browser offers OPFS to workers.
   * @throws StoreError `UNSUPPORTED` when it may well, but no worker can be had from here: answering no would send the
   * vault looking for its cell in the wrong place.
   */
  able(): Promise<boolean> {
    this.ability ??= this.ask('able').then(
      answer => answer === true,
      error => {
        this.ability = undefined
        throw error
      },
    )
    return this.ability
  }

  async create([first, second]: readonly [Uint8Array, Uint8Array]): Promise<void> {
    checkHalf(first)
    checkHalf(second)
    const bytes = new Uint8Array(2 * HALF_BYTES)
    bytes.set(first)
    bytes.set(second, HALF_BYTES)
    await this.ask('create', { bytes })
  }

  async read(half: Half): Promise<Uint8Array | undefined> {
    return (await this.ask('read', { half, keep: this.keep() })) as Uint8Array | undefined
  }

  async overwrite(half: Half, bytes: Uint8Array): Promise<void> {
    checkHalf(bytes)
    const there = await this.ask('overwrite', { half, bytes: bytes.slice(), keep: this.keep() })
    if (!there) throw new StoreError('CELL_MISSING', 'there is no cell')
  }

  /** From here on this page alone may use the cell, and its file stays open. It is opened at once where there is a worker: that takes a while. */
  hold(): void {
    this.holding = true
    // What fails here fails again for whoever reads.
    if (this.worker) this.ask('hold', { keep: this.keep() }).catch(() => undefined)
  }

  /** Resolves when others may have the file. */
  async letGo(): Promise<void> {
    this.holding = false
    if (!this.kept || !this.worker) return
    this.kept = false
    // A worker that doesn't answer was stopped, and its file is free.
    await this.ask('letGo').catch(() => undefined)
  }

  /** Overwrites both halves with random bytes, then removes the file. No error when there is none. */
  async remove(): Promise<void> {
    await this.ask('remove')
  }

  close(): void {
    this.stop(new StoreError('CLOSED', 'the store was closed'))
  }

  /** Stops whatever is still on its way: the lock was taken away, and somebody else may be writing. */
  abandon(): void {
    this.holding = false
    this.stop(new StoreError('BUSY', 'the lock was taken away'))
  }

  private keep(): boolean {
    this.kept ||= this.holding
    return this.holding
  }

  private ask(act: Act, given: { half?: Half; bytes?: Uint8Array; keep?: boolean } = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const worker = this.running()
      const id = ++this.asked
      // Stopped for good before anybody hears of it: it must not write when others believe that it doesn't.
      const silent = () => this.stop(new StoreError('IO', "the cell's worker does not answer"))
      const timer = setTimeout(silent, this.answerMs)
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer)
          settle(value)
        }
      this.waiting.set(id, { resolve: settled(resolve), reject: settled(reject) })
      worker.postMessage({ id, act, folder: this.folder, ...given })
    })
  }

  private running(): Worker {
    if (this.worker) return this.worker
    const worker = this.start()
    let started = false
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      started = true
      const waiting = this.waiting.get(data.id)
      this.waiting.delete(data.id)
      if (data.error) waiting?.reject(fromWorker(data.error))
      else waiting?.resolve(data.answer)
    })
    worker.addEventListener('error', event => {
      event.preventDefault()
      this.stop(
        started
          ? new StoreError('IO', "the cell's worker broke down")
          : new StoreError('UNSUPPORTED', "the cell's worker did not start: serve cell-worker.js, or give cellWorker"),
      )
    })
    this.worker = worker
    return worker
  }

  private stop(why: StoreError): void {
    this.worker?.terminate()
    this.worker = undefined
    this.kept = false
    for (const waiting of this.waiting.values()) waiting.reject(why)
    this.waiting.clear()
  }
}

function fromWorker({ name, message }: { name: string; message: string }): StoreError {
  const cause = new DOMException(message, name)
  if (name === 'QuotaExceededError')
    return new StoreError('NO_SPACE', 'the browser gives this site no more room', { cause })
  if (name === 'NoModificationAllowedError') return new StoreError('BUSY', 'another tab holds the cell', { cause })
  return new StoreError('IO', 'the cell could not be read or written', { cause })
}
