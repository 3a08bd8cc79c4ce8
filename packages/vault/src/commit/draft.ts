/**
 * A draft: what the operations that wait want to change, on top of what is held, before anything is sealed. An
 * operation that fails leaves no trace in it. Nothing here touches the store but to read.
 */
import { hex } from '../bytes'
import type { Catalogue } from '../contact/catalogue'
import { bytesTooMany, type HeldContact, MAX_CONTACT_BYTES } from '../contact/held'
import { type ContactId, contactIdBytes, contactIdOf } from '../contact/id'
import { joinSlices, readSliceRecord, type SliceRecord } from '../contact/slice'
import { VaultError } from '../errors'
import type { LedgerEntry } from '../ledger/entry'
import type { SliceAt } from '../pages/index'
import { recordAt } from '../pages/page'
import { effectivePolicy, type PolicyRecord } from '../policy/effective'
import type { Policy } from '../policy/policy'
import { encodeRecord } from '../record/record'
import { type Day, dayOf } from '../time/day'
import type { Print } from './fingerprints'
import type { Opened } from './opened'
import type { ListedSlot, UndatedKind } from './ring-root'

/** An entry as an operation writes it: the draft knows the time. */
export type NewEntry = LedgerEntry extends infer E ? (E extends LedgerEntry ? Omit<E, 'at'> : never) : never

/** Rows that are sealed as they are: who was in an export, a notice's text. */
export interface NewExportRow {
  readonly bucket: Day
  readonly plain: Uint8Array
  /** Chosen by the draft's author, so that an entry can name it. */
  readonly id: Uint8Array
}

export interface SlotChange {
  readonly rootKey: Opened['rootKey']
  readonly slots: readonly ListedSlot[]
  readonly put: readonly { readonly id: Uint8Array; readonly bytes: Uint8Array }[]
  readonly drop: readonly Uint8Array[]
}

export class Draft {
  readonly #contacts = new Map<ContactId, HeldContact | undefined>()
  readonly entries: NewEntry[] = []
  readonly left: Print[] = []
  readonly quarantined: Print[] = []
  readonly exportRows: NewExportRow[] = []
  readonly undated: { kind: UndatedKind; plain: Uint8Array; replace: boolean }[] = []
  /** Something must go before its day: the epoch secret is replaced. */
  forgets = false
  /** Called by {@link willForget}. */
  whenForgets: (() => void) | undefined
  catalogue: Catalogue
  record: PolicyRecord
  readonly #points = new Map<string, Set<ContactId>>()
  /** How to take back what the operation that is being planned did, newest last. */
  #undo: (() => void)[] = []
  slotChange: SlotChange | undefined
  /** Which policy rules goes by the time that is believed: a clock that jumped ends nobody's notice. */
  readonly #rulesAt: number

  constructor(
    readonly opened: Opened,
    readonly now: number,
    /** One of its own, unless nothing is going to be added. */
    catalogue = opened.catalogue.copy(),
  ) {
    this.catalogue = catalogue
    this.record = opened.policyRecord
    this.#rulesAt = Math.min(now, opened.time?.lastSeen ?? now)
  }

  /** Each changed contact as it is to be; undefined for one that goes. */
  get contacts(): ReadonlyMap<ContactId, HeldContact | undefined> {
    return this.#contacts
  }

  get policy(): Policy {
    return effectivePolicy(this.record, this.#rulesAt)
  }

  get today(): Day {
    return dayOf(this.now)
  }

  /** Runs one operation so that its failure takes back what it did to the draft. */
  async attempt<T>(work: (draft: Draft) => Promise<T>): Promise<T> {
    const lists = [this.entries, this.left, this.quarantined, this.exportRows, this.undated]
    const lengths = lists.map(list => list.length)
    const { catalogue, record, forgets, slotChange } = this
    const takeBackCatalogue = catalogue.mark()
    this.#undo = []
    try {
      return await work(this)
    } catch (error) {
      for (const takeBack of this.#undo.reverse()) takeBack()
      lists.forEach((list, i) => {
        list.length = lengths[i] as number
      })
      takeBackCatalogue()
      this.catalogue = catalogue
      this.record = record
      this.forgets = forgets
      this.slotChange = slotChange
      throw error
    } finally {
      this.#undo = []
    }
  }

  /** Said by who knows early, so that what takes long begins while the rest is planned. Whether anything is lost is found by comparing. */
  willForget(): void {
    this.whenForgets?.()
  }

  note(entry: NewEntry): void {
    this.entries.push(entry)
  }

  /** The contact as this draft leaves it; undefined when it isn't there, has gone, or has expired. */
  async contact(id: ContactId): Promise<HeldContact | undefined> {
    if (this.contacts.has(id)) return this.contacts.get(id)
    return readContact(this.opened, this.catalogue, id, this.today)
  }

  /** @throws VaultError `UNKNOWN_CONTACT`; `CORRUPT` when they may lie in a page of which nothing is known */
  async needContact(id: ContactId): Promise<HeldContact> {
    const contact = await this.contact(id)
    if (!contact && this.opened.hidesPages) throw new VaultError('CORRUPT', { data: { row: 'pages' } })
    if (!contact) throw new VaultError('UNKNOWN_CONTACT')
    return contact
  }

  /** @throws VaultError `CARD_TOO_LARGE` when it could not lie in one page, however it is cut */
  put(contact: HeldContact): void {
    const bytes = bytesTooMany(contact)
    if (bytes !== undefined) throw new VaultError('CARD_TOO_LARGE', { data: { bytes, limit: MAX_CONTACT_BYTES } })
    this.#set(contact.id, contact)
  }

  remove(id: ContactId): void {
    this.#set(id, undefined)
  }

  #set(id: ContactId, contact: HeldContact | undefined): void {
    const before = this.#contacts.get(id)
    const known = this.#contacts.has(id)
    this.#undo.push(() => {
      if (known) this.#contacts.set(id, before)
      else this.#contacts.delete(id)
    })
    this.#contacts.set(id, contact)
  }

  /** Contacts of this draft that have a point, by its kind and value. */
  byPoint(key: string): ReadonlySet<ContactId> | undefined {
    return this.#points.get(key)
  }

  /** For what comes after it in the same commit. */
  rememberPoint(key: string, id: ContactId): void {
    const ids = this.#points.get(key)
    if (ids?.has(id)) return
    if (ids) ids.add(id)
    else this.#points.set(key, new Set([id]))
    this.#undo.push(() => this.#points.get(key)?.delete(id))
  }

  setRecord(record: PolicyRecord): void {
    this.record = record
    this.undated.push({ kind: 'policy', plain: encodeRecord(record), replace: true })
  }

  /** Whether this draft would change anything at all. */
  get empty(): boolean {
    return (
      this.contacts.size === 0 &&
      this.entries.length === 0 &&
      this.left.length === 0 &&
      this.quarantined.length === 0 &&
      this.exportRows.length === 0 &&
      this.undated.length === 0 &&
      this.slotChange === undefined &&
      !this.forgets
    )
  }
}

/** The record of one slice. Nothing of it lies in the page. */
export const readSlice = (opened: Opened, slice: SliceAt): Promise<SliceRecord> =>
  opened.pages.read(slice.page, plain => readSliceRecord(recordAt(plain, slice.slot)))

export async function readContact(
  opened: Opened,
  catalogue: Catalogue,
  id: ContactId,
  today: Day,
): Promise<HeldContact | undefined> {
  const bytes = contactIdBytes(id)
  const number = bytes ? opened.index.numberOf(bytes) : -1
  if (number < 0) return undefined
  const records: SliceRecord[] = []
  for (const slice of opened.index.slicesOf(number)) {
    if (slice.bucket >= today) records.push(await readSlice(opened, slice))
  }
  for (const record of records) {
    if (contactIdOf(record.i) !== id) throw new VaultError('CORRUPT', { data: { row: `pages ${hex(record.i)}` } })
  }
  return joinSlices(records, catalogue)
}
