/**
 * The epoch after this one: its secret goes into the free half of the cell as soon as somebody says that something will be
 * forgotten, and is waited for before the commit that is sealed under it. Overwriting takes as long as planning and sealing, and
 * needs nothing of them. A secret that no commit needed is a leftover: whoever settles next overwrites it.
 */
import { Secret } from '@amanat/crypto'
import type { Cell } from '@amanat/store-contract'
import type { VaultTime } from '../time/now'
import { type CellRecord, type Settled, writeNext } from './cell'
import type { Opened } from './opened'

export class PendingEpoch {
  readonly record: CellRecord
  #writing: Promise<Settled> | undefined

  /** Inside `exclusive`. Nothing is written yet. */
  constructor(
    private readonly opened: Opened,
    private readonly settled: Settled,
    private readonly cell: Cell,
    time: VaultTime,
  ) {
    const { record } = settled
    this.record = {
      ...record,
      epoch: record.epoch + 1,
      secret: Secret.random<'epoch'>(opened.randomness),
      lastSeen: Math.max(record.lastSeen, time.forWriting()),
      seq: record.seq + 1,
    }
  }

  /** Begins to write it, once. Whoever begins also waits, by `written` or `done`. */
  begin(): void {
    this.#writing ??= writeNext(this.cell, this.opened.vaultId, this.settled, this.record)
    this.#writing.catch(() => undefined)
  }

  /** Durable and read back. */
  written(): Promise<Settled> {
    this.begin()
    return this.#writing as Promise<Settled>
  }

  /** Nothing is on its way to the cell any more: before the lock is let go. */
  async done(): Promise<void> {
    await this.#writing?.catch(() => undefined)
  }
}
