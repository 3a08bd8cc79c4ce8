/**
 * The cell, wherever this browser keeps it. A new one goes to OPFS where there is OPFS. One that was made before the
 * browser learned of OPFS, or in a window that refused it, is still found in its database. It never moves by itself: a
 * cell copied from one place to another would leave its secrets in both.
 */
import type { Cell, Half } from '@amanat/store-contract'
import type { IdbCell } from './idb-cell'
import type { OpfsCell } from './opfs-cell'

export class PlacedCell implements Cell {
  private known: OpfsCell | IdbCell | undefined

  constructor(
    private readonly opfs: OpfsCell,
    private readonly idb: IdbCell,
  ) {}

  async create(halves: readonly [Uint8Array, Uint8Array]): Promise<void> {
    await (await this.place()).create(halves)
  }

  async read(half: Half): Promise<Uint8Array | undefined> {
    return (await this.place()).read(half)
  }

  async overwrite(half: Half, bytes: Uint8Array): Promise<void> {
    await (await this.place()).overwrite(half, bytes)
  }

  async remove(): Promise<void> {
    if (await this.opfs.able()) await this.opfs.remove()
    await this.idb.remove()
    this.known = undefined
  }

  /** Where the cell lies, or where a new one would. */
  async kind(): Promise<'opfs' | 'idb'> {
    return (await this.place()) === this.opfs ? 'opfs' : 'idb'
  }

  /** Until `letGo` nobody else uses the cell. */
  hold(): void {
    if (this.known !== this.idb) this.opfs.hold()
  }

  letGo(): Promise<void> {
    return this.opfs.letGo()
  }

  close(): void {
    this.opfs.close()
    this.idb.close()
  }

  /** What is on its way is given up; the next call begins anew. */
  abandon(): void {
    this.opfs.abandon()
  }

  private async place(): Promise<OpfsCell | IdbCell> {
    this.known ??= (await this.opfs.able()) && !(await this.idb.holds()) ? this.opfs : this.idb
    return this.known
  }
}
