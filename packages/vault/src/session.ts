/**
 * An open vault behind all the objects that speak for it: reading at one version, committing, the meter, the timer that
 * forgets at midnight, locking. Whoever acts and for which purpose is for those objects to say.
 */
import type { Randomness } from '@amanat/crypto'
import { guarded } from './commit/cell'
import { Committer, type Operation } from './commit/commit'
import { Draft } from './commit/draft'
import { maxJumpDays } from './commit/open'
import type { Opened } from './commit/opened'
import { Overtaken } from './commit/overtaken'
import { noteTime } from './commit/step-cell'
import { fromStore } from './commit/translate'
import type { ContactId } from './contact/id'
import { type PhoneReader, phoneReader } from './contact/points'
import type { Meter } from './door/meter'
import { isVaultError, VaultError } from './errors'
import { effectivePolicy } from './policy/effective'
import { maxJumpOf } from './policy/loosen'
import type { Policy } from './policy/policy'
import { durationMs } from './time/calendar'
import { dayOf, startOf } from './time/day'
import type { VaultTime } from './time/now'

/** What listeners are told: that something changed, never what it was about. */
export interface VaultEvent {
  readonly type: 'changed' | 'expired' | 'locked'
  readonly version: number
}

export interface PurgeReport {
  /** The day from which on nothing older can be read. */
  readonly tick: string
  /** Contacts of which nothing is left. */
  readonly contacts: number
  readonly slices: number
}

/** As platforms report what a listener throws: by `reportError`, or as an error that nobody caught. */
function report(error: unknown): void {
  if (typeof globalThis.reportError === 'function') globalThis.reportError(error)
  else
    queueMicrotask(() => {
      throw error
    })
}

/** Times a reader starts again when others commit faster than it reads. */
const MOST_TRIES = 32

export class Session {
  readonly committer: Committer
  readonly meter: Meter
  /** A time that somebody confirmed and the ledger couldn't be told of: owed by whoever confirms it again. */
  confirmed: { readonly from: number; readonly to: number } | undefined
  #listeners = new Set<(event: VaultEvent) => void>()
  #locked: Promise<void> | undefined
  #cancelMidnight: (() => void) | undefined
  #midnight = Number.POSITIVE_INFINITY
  #cancelIdle: (() => void) | undefined
  #idleAt = Number.POSITIVE_INFINITY
  #unwatch: () => void
  #toldVersion: number

  constructor(
    readonly opened: Opened,
    readonly time: VaultTime,
    readonly lockAfter: string | undefined,
    meter: Meter,
  ) {
    this.committer = new Committer(opened, time)
    this.meter = meter
    this.#toldVersion = opened.version
    this.#unwatch = opened.store.watch(() => {
      // Somebody else committed: whoever listens wants to know. It is no use of this vault, which may lock over it, and a
      // failure here is the next call's to report.
      this.#read(async () => undefined).catch(() => undefined)
    })
    this.#setMidnight()
    this.used()
  }

  get randomness(): Randomness {
    return this.opened.randomness
  }

  get version(): number {
    return this.opened.version
  }

  get policy(): Policy {
    return effectivePolicy(this.opened.policyRecord, this.time.believed())
  }

  phones(): Promise<PhoneReader> {
    return phoneReader()
  }

  subscribe(listener: (event: VaultEvent) => void): () => void {
    // Wrapped, so that the same function given twice is two listeners.
    const entry = (event: VaultEvent) => listener(event)
    this.#listeners.add(entry)
    return () => this.#listeners.delete(entry)
  }

  /**
   * Reads at the newest version, again when somebody commits meanwhile. `work` gets a draft that is never committed:
   * the vault as of now, with its policy and its time.
   *
   * @param about whom it is about, if that is known before
   * @throws VaultError `BUSY` when others were faster thirty-two times
   */
  async read<T>(work: (now: Draft) => Promise<T>, ...about: readonly ContactId[]): Promise<T> {
    this.used()
    return this.#read(work, about)
  }

  async #read<T>(work: (now: Draft) => Promise<T>, about: readonly ContactId[] = []): Promise<T> {
    for (let tries = 0; ; tries++) {
      this.mustBeOpen()
      let version = -1
      try {
        await this.opened.refresh(about)
        // At which it is read: own commits may move this vault on before it is found overtaken.
        version = this.opened.version
        this.#tell()
        return await work(new Draft(this.opened, this.time.now(), this.opened.catalogue))
      } catch (error) {
        if (this.#locked) throw new VaultError('VAULT_LOCKED')
        // Who came since may need what the catalogue that this draft began with doesn't list.
        const moved = version >= 0 && this.opened.version !== version && isVaultError(error, 'CORRUPT')
        if (!moved && !(error instanceof Overtaken)) throw fromStore(error)
        const root = tries > 0 ? await this.opened.store.root() : undefined
        if (root?.version === version) throw new VaultError('CORRUPT', { data: { row: 'pages' } })
        if (tries >= MOST_TRIES) throw moved ? error : new VaultError('BUSY')
      }
    }
  }

  /** Plans and commits one operation, together with others that wait. */
  async commit<T>(operation: Operation<T>): Promise<T> {
    this.used()
    this.mustBeOpen()
    const value = await this.committer.submit(operation)
    this.#tell()
    return value
  }

  /** Tells the ledger how many look-ups found nobody: so a restart doesn't begin to count anew (R25). */
  async tellMisses(actor: string): Promise<void> {
    this.meter.told(await this.committer.submit({ plan: async draft => this.meter.tellMisses(draft, actor) }))
  }

  /** Forgets what has expired, and tells the ledger (R14). */
  async purge(): Promise<PurgeReport> {
    this.used()
    return this.#purge()
  }

  async #purge(): Promise<PurgeReport> {
    this.mustBeOpen()
    this.time.forWriting()
    const { opened } = this
    const before = this.#counts()
    await this.committer.submit({ plan: async () => undefined })
    this.#tell()
    const after = this.#counts()
    const tick = new Date(startOf(opened.days.tick)).toISOString().slice(0, 10)
    return {
      tick,
      contacts: Math.max(0, before.contacts - after.contacts),
      slices: Math.max(0, before.slices - after.slices),
    }
  }

  #counts(): { contacts: number; slices: number } {
    let slices = 0
    for (const key of this.opened.index.pages()) slices += this.opened.index.headOf(key)?.count ?? 0
    return { contacts: this.opened.index.contacts(), slices }
  }

  /**
   * Every call counts as use: an idle vault locks itself. Where the device slept, a call may come before the timer does: who
   * calls then need not be who went, and finds the vault locked.
   */
  used(): void {
    if (this.#locked) return
    this.#keepMidnight()
    if (this.lockAfter === undefined) return
    const lock = () => this.lock().catch(() => undefined)
    const now = this.time.clock.now()
    if (now >= this.#idleAt) return void lock()
    this.#cancelIdle?.()
    this.#idleAt = now + durationMs(this.lockAfter)
    this.#cancelIdle = this.time.clock.at(this.#idleAt, lock)
  }

  /** After this the vault object is dead. What is under way is finished first. */
  lock(): Promise<void> {
    this.#locked ??= this.#lock()
    return this.#locked
  }

  async #lock(): Promise<void> {
    try {
      this.#cancel()
      await this.#leaveNothingOwed()
    } finally {
      await this.#wipe()
      await this.#close(this.opened.version)
    }
  }

  /**
   * Opening it failed, and nobody has it: it must not come back later, when its time to lock itself has come, and close the store under
   * whoever opened that since. The store stays as open as it was, and what is owed is told at the next opening.
   */
  abandon(): Promise<void> {
    this.#cancel()
    this.#locked ??= this.#wipe()
    return this.#locked
  }

  /** Nothing comes by itself any more. */
  #cancel(): void {
    this.#cancelMidnight?.()
    this.#cancelIdle?.()
    this.#unwatch()
  }

  async #wipe(): Promise<void> {
    await this.committer.stop(new VaultError('VAULT_LOCKED'))
    this.opened.wipe()
    this.meter.wipe()
  }

  /** Whoever listens is told even if the store doesn't close. */
  async #close(version: number): Promise<void> {
    try {
      await this.opened.store.close()
    } catch (error) {
      throw fromStore(error)
    } finally {
      this.#call({ type: 'locked', version })
      this.#listeners.clear()
    }
  }

  /** The last forgetting is told to the ledger, and the time to the cell, so that the next opening knows it. */
  async #leaveNothingOwed(): Promise<void> {
    const { opened, time } = this
    try {
      // Refused while the clock is in doubt. What was seen before that is written down all the same, and no more.
      await this.tellMisses('vault').catch(() => undefined)
      await opened.store.exclusive(async lost => {
        const settled = await opened.refreshSettled(lost)
        const jump = maxJumpDays(time.maxJump, time.lastSeen)
        await noteTime(
          guarded(opened.store.cell, lost),
          opened.vaultId,
          settled,
          time.lastSeen,
          jump,
          opened.randomness,
        )
      })
    } catch {
      // Locking must succeed whatever the store says: what is owed is told at the next opening.
    }
  }

  get locked(): boolean {
    return this.#locked !== undefined
  }

  /** @throws VaultError `VAULT_LOCKED` */
  mustBeOpen(): void {
    if (this.#locked) throw new VaultError('VAULT_LOCKED')
  }

  #setMidnight(): void {
    this.#midnight = startOf(dayOf(this.time.clock.now()) + 1)
    this.#cancelMidnight = this.time.clock.at(this.#midnight, async () => {
      if (this.#locked) return
      try {
        if (!this.time.jumped) {
          // No use of this vault: it may lock over it.
          const report = await this.#purge()
          this.meter.prune(this.policy, this.time.believed())
          if (report.slices > 0) this.#tell('expired')
        }
      } catch {
        // Tried again at the next midnight and before the next write; hidden from readers meanwhile all the same (R13).
      }
      // Locked while it purged: whoever locks has cancelled the one that came, and no other.
      if (this.#locked) return
      try {
        this.#setMidnight()
      } catch {
        // A clock that fails now: whoever uses the vault next sets it.
        this.#midnight = Number.POSITIVE_INFINITY
      }
    })
  }

  /** A timer that was set while the clock stood far ahead would come when that is true: a nearer one takes its place. */
  #keepMidnight(): void {
    if (this.#midnight <= startOf(dayOf(this.time.clock.now()) + 1)) return
    this.#cancelMidnight?.()
    this.#setMidnight()
  }

  #tell(type: VaultEvent['type'] = 'changed'): void {
    const { version } = this.opened
    if (type === 'changed' && version === this.#toldVersion) return
    this.#toldVersion = version
    this.time.maxJump = maxJumpOf(this.policy)
    this.#call({ type, version })
  }

  /** What a listener throws is not the failure of what it is told of. */
  #call(event: VaultEvent): void {
    // Whoever subscribes while being told hears of the next event: of this one it would be told again and again.
    for (const listener of [...this.#listeners]) {
      if (!this.#listeners.has(listener)) continue
      try {
        listener(event)
      } catch (error) {
        report(error)
      }
    }
  }
}
