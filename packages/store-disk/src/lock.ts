/**
 * One holder per folder, over all objects, threads and processes. The waiting and holding is done by a worker, which
 * starts with the first call and never keeps the process alive by itself.
 */
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { StoreError } from '@amanat/store-contract'

/** What is shared with the worker: whether the caller still wants the lock, and whether the worker is done with it. */
const WISH = 0
const LET_GO = 1
const DONE = 1
/** How long, in milliseconds, a process that ends waits for its worker to let go. */
const LAST_WAIT_MS = 500

export interface Held {
  /** Trips when the worker died with the lock in its hands. */
  readonly lost: AbortSignal
  /** Resolves when the lock is free. */
  release(): Promise<void>
}

interface Ticket {
  readonly flag: Int32Array
  readonly lost: AbortController
  readonly on: { held(): void; failed(error: StoreError): void; released(): void }
}

type Message = { readonly ticket: number; readonly state: 'held' | 'released' | 'failed' }

export class Lock {
  private worker: Worker | undefined
  private closed = false
  private last = 0
  private readonly tickets = new Map<number, Ticket>()
  /** Answers that somebody waits for: only they keep the process alive, not the holding. */
  private awaited = 0

  /** The folder holds the two environments `mutex` and `turn`. */
  constructor(private readonly folder: string) {}

  /** First come, first served inside one process. @throws StoreError `BUSY` after `timeoutMs` of waiting. */
  async acquire(timeoutMs: number): Promise<Held> {
    if (this.closed) throw new StoreError('CLOSED', 'the store is not open')
    const worker = this.started()
    const number = ++this.last
    const flag = new Int32Array(new SharedArrayBuffer(8))
    const lost = new AbortController()
    let released = () => {}
    const free = new Promise<void>(resolve => {
      released = resolve
    })
    await new Promise<void>((held, failed) => {
      let waiting = true
      const answered = () => {
        if (waiting) this.await(-1)
        waiting = false
        clearTimeout(timer)
      }
      const on = {
        held: () => {
          answered()
          held()
        },
        failed: (error: StoreError) => {
          answered()
          failed(error)
        },
        released,
      }
      const timer = setTimeout(() => {
        // Should it still come, the worker lets it go at once.
        letGo(flag)
        on.failed(new StoreError('BUSY', 'another holder kept the lock'))
      }, timeoutMs)
      this.tickets.set(number, { flag, lost, on })
      this.await(+1)
      worker.postMessage({ ticket: number, flag })
    })
    return {
      lost: lost.signal,
      release: async () => {
        letGo(flag)
        this.await(+1)
        await free
        this.await(-1)
      },
    }
  }

  /** Lets go of everything and ends the worker. */
  async close(): Promise<void> {
    const { worker } = this
    this.worker = undefined
    this.closed = true
    if (worker === undefined) return
    const idle = this.tickets.size === 0
    this.letGoOfAll()
    const end = new Promise<void>(resolve => worker.once('exit', () => resolve()))
    worker.postMessage('close')
    if (!idle) return
    worker.ref()
    await end
  }

  private started(): Worker {
    if (this.worker) return this.worker
    const worker = new Worker(new URL('./lock-worker.js', import.meta.url), {
      // Flags of the program that embeds us, --input-type among them, could keep the worker from starting.
      execArgv: [],
      workerData: { lockPath: join(this.folder, 'mutex'), turnPath: join(this.folder, 'turn') },
    })
    this.worker = worker
    worker.unref()
    atExit.add(this)
    worker.on('message', ({ ticket, state }: Message) => {
      const entry = this.tickets.get(ticket)
      if (entry === undefined) return
      if (state === 'held') return entry.on.held()
      this.tickets.delete(ticket)
      entry.on.failed(new StoreError('IO', 'the lock could not be taken'))
      entry.on.released()
    })
    worker.on('error', () => {})
    worker.on('exit', () => this.ended(worker))
    return worker
  }

  private await(change: 1 | -1): void {
    this.awaited += change
    if (this.awaited > 0) this.worker?.ref()
    else this.worker?.unref()
  }

  letGoOfAll(): void {
    for (const { flag } of this.tickets.values()) letGo(flag)
  }

  /** Blocks until the worker is done with every ticket, or until then. */
  awaitAll(until: number): void {
    for (const { flag } of this.tickets.values()) Atomics.wait(flag, DONE, 0, Math.max(0, until - performance.now()))
  }

  /** By `close`, or by itself: whoever held or waited learns of it. */
  private ended(worker: Worker): void {
    atExit.remove(this)
    if (this.worker === worker) this.worker = undefined
    for (const [number, { lost, on }] of this.tickets) {
      this.tickets.delete(number)
      lost.abort()
      on.failed(new StoreError('IO', 'the holder of the lock ended'))
      on.released()
    }
  }
}

/**
 * When the process ends: a thread that is stopped inside a transaction never ends. So each is told, and given the time to
 * leave. One listener for all of them, however many stores a process has.
 */
const atExit = {
  locks: new Set<Lock>(),
  add(lock: Lock): void {
    if (this.locks.size === 0) process.on('exit', letAllGo)
    this.locks.add(lock)
  },
  remove(lock: Lock): void {
    this.locks.delete(lock)
    if (this.locks.size === 0) process.off('exit', letAllGo)
  },
}

function letAllGo(): void {
  const until = performance.now() + LAST_WAIT_MS
  for (const lock of atExit.locks) lock.letGoOfAll()
  for (const lock of atExit.locks) lock.awaitAll(until)
}

function letGo(flag: Int32Array): void {
  Atomics.store(flag, WISH, LET_GO)
  Atomics.notify(flag, WISH)
}
