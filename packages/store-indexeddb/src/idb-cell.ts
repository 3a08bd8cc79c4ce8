/**
 * The cell where there is no OPFS: two values in a database of its own, through idb-keyval. It keeps the vault
 * working and safe from crashes, but a replaced value stays in the database's files for a while: forgetting is then
 * the best the browser offers, and the guarantees say so.
 */
import { type Cell, checkHalf, HALF_BYTES, type Half, StoreError } from '@amanat/store-contract'
import { get, promisifyRequest, set, setMany } from 'idb-keyval'
import { asStoreError } from './errors'
import { type KeyVal, keyVal } from './keyval'

export class IdbCell implements Cell {
  private keyval: KeyVal | undefined

  constructor(private readonly database: string) {}

  async create([first, second]: readonly [Uint8Array, Uint8Array]): Promise<void> {
    checkHalf(first)
    checkHalf(second)
    const entries: [number, Uint8Array][] = [
      [0, first.slice()],
      [1, second.slice()],
    ]
    await this.act(use => setMany(entries, use))
  }

  async read(half: Half): Promise<Uint8Array | undefined> {
    if (!(await this.exists())) return undefined
    return await this.act(use => get<Uint8Array>(half, use))
  }

  async overwrite(half: Half, bytes: Uint8Array): Promise<void> {
    checkHalf(bytes)
    const copy = bytes.slice()
    if ((await this.read(half)) === undefined) throw new StoreError('CELL_MISSING', 'there is no cell')
    await this.act(use => set(half, copy, use))
  }

  async remove(): Promise<void> {
    if (!(await this.exists())) return
    const noise = () => crypto.getRandomValues(new Uint8Array(HALF_BYTES))
    await this.create([noise(), noise()])
    this.close()
    try {
      await promisifyRequest(indexedDB.deleteDatabase(this.database))
    } catch (cause) {
      throw asStoreError(cause)
    }
  }

  /** Whether there is a cell in here. */
  async holds(): Promise<boolean> {
    return (await this.read(0)) !== undefined
  }

  close(): void {
    this.keyval?.close()
    this.keyval = undefined
  }

  /** Looked up by name first: opening would leave an empty database behind wherever the cell lies in OPFS. */
  private async exists(): Promise<boolean> {
    if (this.keyval || typeof indexedDB.databases !== 'function') return true
    return (await indexedDB.databases()).some(({ name }) => name === this.database)
  }

  private async act<T>(work: (use: KeyVal['use']) => Promise<T>): Promise<T> {
    this.keyval ??= keyVal(this.database)
    try {
      return await work(this.keyval.use)
    } catch (cause) {
      throw asStoreError(cause)
    }
  }
}
