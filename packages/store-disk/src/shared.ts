/**
 * What all stores of one process on one folder share: the environment of rows, the lock, and who is told of commits.
 * LMDB must not be opened twice in a process; and the package may be there twice, as a module and for `require`, so
 * the shared things hang on a symbol of the process, by real path, counted.
 */
import { type FSWatcher, watch } from 'node:fs'
import { join } from 'node:path'
import { Lock } from './lock'
import { Rows } from './rows'

interface Listener {
  readonly owner: object
  readonly listener: () => void
}

/** Milliseconds from the first sign of a write to looking at the version: a commit writes several times. */
const SETTLE_MS = 10
/** How often the version is looked at where the system can't watch a folder. */
const POLL_MS = 2000

export class Shared {
  readonly rows: Rows
  readonly lock: Lock
  users = 0
  private readonly listeners = new Set<Listener>()
  private watcher: FSWatcher | undefined
  private timer: NodeJS.Timeout | undefined
  private poll: NodeJS.Timeout | undefined
  private known: number | undefined

  constructor(private readonly folder: string) {
    this.rows = new Rows(folder)
    this.lock = new Lock(join(folder, 'lock'))
  }

  listen(entry: Listener): () => void {
    this.listeners.add(entry)
    if (this.listeners.size === 1) this.startWatching()
    return () => {
      this.listeners.delete(entry)
      if (this.listeners.size === 0) this.stopWatching()
    }
  }

  /** After a commit of one's own: the other objects of this process hear of it at once. */
  tellOthers(owner: object, version: number): void {
    this.known = version
    for (const entry of this.listeners) if (entry.owner !== owner) queueMicrotask(entry.listener)
  }

  async close(): Promise<void> {
    this.stopWatching()
    await this.lock.close()
    await this.rows.close()
  }

  private startWatching(): void {
    this.known = this.rows.root()?.version
    try {
      this.watcher = watch(join(this.folder, 'rows'), { persistent: false }, () => {
        this.timer ??= setTimeout(() => this.look(), SETTLE_MS).unref()
      })
      this.watcher.on('error', () => this.startPolling())
    } catch {
      this.startPolling()
    }
  }

  private startPolling(): void {
    this.watcher?.close()
    this.poll ??= setInterval(() => this.look(), POLL_MS).unref()
  }

  private stopWatching(): void {
    this.watcher?.close()
    clearTimeout(this.timer)
    clearInterval(this.poll)
    this.watcher = this.timer = this.poll = undefined
  }

  private look(): void {
    this.timer = undefined
    let version: number | undefined
    try {
      version = this.rows.root()?.version
    } catch {
      return
    }
    if (version === this.known) return
    this.known = version
    for (const { listener } of this.listeners) queueMicrotask(listener)
  }
}

const KEY = Symbol.for('@amanat/store-disk/shared/1')
const registry = globalThis as { [KEY]?: Map<string, Shared> }

/** Opens what is shared, or takes part in it. Nothing is awaited: two callers can't both be first. */
export function takePart(realPath: string): Shared {
  registry[KEY] ??= new Map()
  let shared = registry[KEY].get(realPath)
  if (shared === undefined) {
    shared = new Shared(realPath)
    registry[KEY].set(realPath, shared)
  }
  shared.users++
  return shared
}

/** Leaves; the last one closes. Answers whether it was the last. */
export async function leave(realPath: string, shared: Shared): Promise<boolean> {
  if (--shared.users > 0) return false
  registry[KEY]?.delete(realPath)
  await shared.close()
  return true
}
