/** Pages of an open vault in clear: from the cache, or from the store into the cache. */
import type { Store } from '@amanat/store-contract'
import { hex } from '../bytes'
import { type ContactId, contactIdBytes } from '../contact/id'
import { VaultError } from '../errors'
import type { HeadView } from '../pages/head'
import type { Index } from '../pages/index'
import { decodePage } from '../pages/page'
import type { Ring, RingEntry } from '../pages/ring'
import { readAs } from './damaged'
import { Overtaken } from './overtaken'
import { PageCache } from './page-cache'
import type { DayKeys } from './ratchet'
import { openRow } from './rows'
import type { SealedRows } from './sealed-rows'

export class OpenPages {
  readonly #cache = new PageCache()

  constructor(
    private readonly rows: SealedRows,
    /** As it stands now: it moves on while the vault is open. */
    private readonly held: {
      readonly store: Store
      readonly ring: Ring
      readonly index: Index
      readonly days: DayKeys
    },
  ) {}

  /**
   * What `read` makes of a page's plaintext, from the cache or the store: at once, and with copies of what it keeps, because the
   * page is wiped as soon as somebody drops it.
   *
   * @throws Overtaken when the row is gone: somebody committed meanwhile.
   */
  async read<T>(key: string, read: (plain: Uint8Array) => T): Promise<T> {
    const entry = this.held.ring.entry(key)
    if (!entry || entry.bucket < this.held.days.tick) throw new Overtaken()
    const cached = this.#cache.get(key)
    if (cached) return readAs('pages', () => read(cached))
    const head = this.held.index.headOf(key)
    const [sealed] = await this.held.store.read('pages', [entry.id])
    const plain = this.#open(key, entry, head, sealed)
    return readAs('pages', () => read(plain))
  }

  /** @throws Overtaken when the row is gone, or was dropped while it was read, or its day passed. */
  #open(key: string, entry: RingEntry, head: HeadView | undefined, sealed: Uint8Array | undefined): Uint8Array {
    const { index, days } = this.held
    if (!sealed || index.headOf(key) !== head || entry.bucket < days.tick) throw new Overtaken()
    const plain = openRow(this.rows.place('pages', entry.id, entry.bucket), entry.secret, this.held.days, sealed)
    const records = readAs('pages', () => decodePage(plain).length)
    if (records !== head?.count) throw new VaultError('CORRUPT', { data: { row: 'pages' } })
    this.#cache.put(key, plain)
    return plain
  }

  /**
   * Puts the pages of these people into the cache, asked for together: whoever comes for one after the other would wait for the
   * store each time. As many as the cache holds. Never throws: what can't be read or opened is for {@link OpenPages.read} to tell.
   */
  async readAhead(ids: Iterable<ContactId>): Promise<void> {
    const wanted = new Map<string, { id: Uint8Array; entry: RingEntry; head: HeadView | undefined }>()
    let bytes = 0
    for (const id of ids) {
      const contact = contactIdBytes(id)
      for (const { page, bucket, head } of contact ? this.held.index.slicesOf(this.held.index.numberOf(contact)) : []) {
        const entry = bucket < this.held.days.tick || this.#cache.has(page) ? undefined : this.held.ring.entry(page)
        if (!entry || wanted.has(page)) continue
        bytes += entry.size
        wanted.set(page, { id: entry.id, entry, head })
      }
      if (bytes > this.#cache.most) break
    }
    if (wanted.size === 0) return
    try {
      for await (const lot of this.rows.read('pages', [...wanted.values()])) {
        for (const [{ id, entry, head }, sealed] of lot) this.#openAhead(hex(id), entry, head, sealed)
      }
    } catch {
      // The store failed: so it will for whoever needs them, or it won't any more.
    }
  }

  #openAhead(key: string, entry: RingEntry, head: HeadView | undefined, sealed: Uint8Array | undefined): void {
    try {
      this.#open(key, entry, head, sealed)
    } catch {
      // Gone, or damaged: asked for again by whoever needs it, and told then.
    }
  }

  /** What of it lies in memory goes. */
  drop(key: string): void {
    this.#cache.drop(key)
  }

  wipe(): void {
    this.#cache.wipe()
  }
}
