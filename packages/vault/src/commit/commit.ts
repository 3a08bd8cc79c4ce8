/**
 * Committing: operations that wait are planned together on one draft, sealed, and applied in one atomic batch, only if
 * nobody committed in between; on a conflict all are planned again. When one of them forgets, all of it runs under
 * the store's lock, from reading the root to the overwrite of the old epoch secret, and nobody's promise resolves
 * before that.
 */
import type { Secret } from '@amanat/crypto'
import { isStoreError } from '@amanat/store-contract'
import { sameBytes } from '../bytes'
import type { ContactId } from '../contact/id'
import { VaultError } from '../errors'
import { dayOf } from '../time/day'
import type { VaultTime } from '../time/now'
import { eraseHalf, guarded, type Settled, unlessTaken } from './cell'
import { Draft } from './draft'
import { losesSomething } from './loses'
import type { Opened } from './opened'
import { Overtaken } from './overtaken'
import { PendingEpoch } from './pending-epoch'
import { type Cuts, cutDraft, owesEntry, sealDraft } from './seal-draft'
import { stepSettled, stepToToday } from './tick'
import { fromStore } from './translate'

export interface Operation<T> {
  /** It will have to forget something before its day: so it takes the lock at once. Found out anyway, only later. */
  readonly forgets?: boolean
  /** Rests on what is held, not on what others of its draft plan: so it gets a commit of its own. */
  readonly alone?: boolean
  /** Whom it is about, if that is known before: the pages of all who wait are read together. */
  readonly about?: ContactId
  /** Plans on the draft; throws to be refused. Runs again when somebody else committed first, so it keeps nothing. */
  plan(draft: Draft): Promise<T>
}

interface Waiting {
  readonly operation: Operation<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

interface Planned {
  readonly draft: Draft
  readonly cuts: Cuts
  /** Resolves or rejects each operation, once its commit is durable. */
  settle(): void
}

/** Conflicts in a row after which the lock is taken, so that those who lost are not one another's next conflict. */
const PLAIN_TRIES = 8
/** Conflicts in a row before we give up: each means that somebody else got further, so this is a busy store, not a fault. */
const MOST_TRIES = 1_000

export class Committer {
  #waiting: Waiting[] = []
  #running: Promise<void> | undefined
  #dead: unknown

  constructor(
    readonly opened: Opened,
    readonly time: VaultTime,
  ) {}

  /** Resolves once the operation is durable and, if it forgets, what it forgot is overwritten. */
  submit<T>(operation: Operation<T>): Promise<T> {
    if (this.#dead) return Promise.reject(this.#dead)
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ operation, resolve: resolve as (value: unknown) => void, reject })
      this.#running ??= this.#run()
    })
  }

  /** Refuses everything from here on and waits for what is under way. */
  async stop(reason: unknown): Promise<void> {
    this.#dead = reason
    await this.#running
  }

  async #run(): Promise<void> {
    // One turn of the event loop, so that calls made together are committed together.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, together(this.#waiting))
      try {
        if (group.some(one => one.operation.forgets)) {
          await this.opened.store.exclusive(lost => this.#commitLocked(group, lost))
        } else {
          const done = await this.#commitPlain(group)
          if (!done) await this.opened.store.exclusive(lost => this.#commitLocked(group, lost))
        }
      } catch (error) {
        for (const one of group) one.reject(fromStore(error))
      }
    }
    // In the same turn as the look at who waits: whoever comes after this starts the next run.
    this.#running = undefined
  }

  /** False, and nothing done, when it turns out that something must be forgotten, or that others are faster. */
  async #commitPlain(group: readonly Waiting[]): Promise<boolean> {
    const { opened } = this
    for (let tries = 0; tries < PLAIN_TRIES; tries++) {
      await opened.refresh(about(group))
      await stepToToday(opened, this.time)
      const planned = await this.#planned(group, tries, async planned => {
        if (planned.draft.forgets) return 'forgets'
        if (planned.draft.empty && !owesEntry(opened)) return 'done'
        const next = { epoch: opened.epoch, secret: opened.epochSecret as Secret<'epoch'> }
        const prepared = await sealDraft(opened, planned.draft, planned.cuts, next)
        return (await this.#apply(prepared)) ? 'done' : undefined
      })
      if (planned?.result === 'forgets') return false
      if (planned?.result !== 'done') continue
      planned.settle()
      return true
    }
    return false
  }

  /** Inside `exclusive`. */
  async #commitLocked(group: readonly Waiting[], lost: AbortSignal): Promise<void> {
    const { opened } = this
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const settled = await stepSettled(opened, this.time, await opened.refreshSettled(lost, about(group)), lost)
      const next = new PendingEpoch(opened, settled, guarded(opened.store.cell, lost), this.time)
      const commit = async ({ draft, cuts }: Planned) => {
        if (draft.empty && !owesEntry(opened)) return {}
        if (!draft.forgets) {
          const same = { epoch: opened.epoch, secret: opened.epochSecret as Secret<'epoch'> }
          return (await this.#apply(await sealDraft(opened, draft, cuts, same))) ? {} : undefined
        }
        next.begin()
        const prepared = await sealDraft(opened, draft, cuts, next.record)
        const written = await unlessTaken(lost, () => next.written())
        if (lost.aborted) throw new VaultError('BUSY')
        const held = opened.epochSecret
        return (await this.#apply(prepared)) ? { written, root: prepared.batch.root, held } : undefined
      }
      const planned = await this.#planned(group, tries, commit, () => next.begin()).finally(() => next.done())
      if (!planned?.result) continue
      const { written, root, held } = planned.result
      if (written && root) {
        await this.#finish(settled, root, lost)
        // As it was read from the cell just now, and as this object held it until the commit.
        settled.record.secret.wipe()
        held?.wipe()
        opened.useCell(written.record)
        opened.verifiedEpoch = written.record.epoch
      }
      planned.settle()
      return
    }
    throw new VaultError('BUSY')
  }

  /**
   * Plans the group and goes on with `then`, in one turn. Nothing when somebody else was first: in between, or by
   * dropping a page that was being read; nor when a day passed before its turn came, which the ratchet has to step over first.
   * A page that is gone and stays gone is damage, not a race.
   */
  async #planned<T>(
    group: readonly Waiting[],
    tries: number,
    then: (planned: Planned) => Promise<T | undefined>,
    whenForgets?: () => void,
  ): Promise<{ result: T; settle(): void } | undefined> {
    const { opened } = this
    return opened.turns.take(async () => {
      const now = this.time.forWriting()
      if (dayOf(now) > opened.days.tick) return undefined
      try {
        const planned = await this.#plan(group, now, tries, whenForgets)
        const result = await then(planned)
        return result === undefined ? undefined : { result, settle: () => planned.settle() }
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error
        if (await this.#isLost(tries)) throw new VaultError('CORRUPT', { data: { row: 'pages' } })
        return undefined
      }
    })
  }

  /** A page that is gone a second time, and nobody committed: it won't come back by waiting. */
  async #isLost(tries: number): Promise<boolean> {
    const { store, version } = this.opened
    return tries > 0 && (await store.root())?.version === version
  }

  /**
   * The commit stands: what the old half held must go, after one more look at the root. Whatever fails from here on, the
   * caller isn't told that nothing happened: whoever settles next goes on where this stopped.
   *
   * @throws VaultError `UNKNOWN_RESULT`
   */
  async #finish(old: Settled, rootBytes: Uint8Array, lost: AbortSignal): Promise<void> {
    const { store, vaultId, randomness } = this.opened
    try {
      const root = await store.root()
      // Others may have committed since, but never to another epoch while we hold the lock.
      if (!root || !sameBytes(root.bytes.subarray(0, 64), rootBytes.subarray(0, 64)))
        throw new VaultError('UNKNOWN_RESULT')
      // Without the lock the old half may be somebody's new one by now.
      await eraseHalf(guarded(store.cell, lost), vaultId, old.half, randomness)
    } catch (cause) {
      throw new VaultError('UNKNOWN_RESULT', { cause })
    }
  }

  async #plan(group: readonly Waiting[], now: number, tries: number, whenForgets?: () => void): Promise<Planned> {
    const draft = new Draft(this.opened, now)
    draft.whenForgets = whenForgets
    const outcomes: (() => void)[] = []
    for (const { operation, resolve, reject } of group) {
      try {
        const value = await draft.attempt(within => operation.plan(within))
        outcomes.push(() => resolve(value))
      } catch (error) {
        const lost = error instanceof Overtaken && (await this.#isLost(tries))
        if (error instanceof Overtaken && !lost) throw error
        // What one of them needs is lost: the others go on.
        const cause = lost ? new VaultError('CORRUPT', { data: { row: 'pages' } }) : fromStore(error)
        outcomes.push(() => reject(cause))
      }
    }
    const cuts = cutDraft(draft)
    draft.forgets ||= await losesSomething(this.opened, cuts, draft.today)
    return {
      draft,
      cuts,
      settle() {
        for (const outcome of outcomes) outcome()
      },
    }
  }

  /** True when the batch is in; false when somebody else was first. */
  async #apply(prepared: Awaited<ReturnType<typeof sealDraft>>): Promise<boolean> {
    const { store, version } = this.opened
    const { batch } = prepared
    try {
      if ((await store.commit(batch)) === 'conflict') return false
    } catch (error) {
      if (!isStoreError(error) || error.code !== 'UNKNOWN_RESULT') throw error
      // The root itself says: its seal is random, so equal bytes are our commit. If others went on from it, our version is
      // behind theirs and only the ledger could tell; then the answer stays unknown.
      const root = await store.root().catch(() => {
        throw error
      })
      if (root?.version === version) return false
      if (!root || !sameBytes(root.bytes, batch.root)) throw error
    }
    prepared.apply(version + 1)
    return true
  }
}

const about = (group: readonly Waiting[]): ContactId[] => group.flatMap(({ operation }) => operation.about ?? [])

/** How many of those that wait go into one commit. */
function together(waiting: readonly Waiting[]): number {
  const first = waiting.findIndex(({ operation }) => operation.alone)
  return first < 0 ? waiting.length : Math.max(1, first)
}
