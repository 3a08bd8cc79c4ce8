/** The public face: what an open vault and its doors answer, as types of their policy. */
import type { Unlock } from '@amanat/crypto'
import type { Guarantees } from '@amanat/store-contract'
import type { Backup } from './backup/write'
import type { Examination } from './commit/examine'
import type { ConsentState } from './consent/consent'
import type { MayAsk } from './contact/held'
import type { ContactId } from './contact/id'
import type { Card } from './contact/jscontact'
import type { PointBy } from './contact/points'
import type { ExportedPerson } from './door/format'
import type { Issue } from './errors'
import type { AnyEntry } from './ledger/entry'
import type { Assurance, CustomField, Policy, PurposeOf, RecipientOf, SharedFields, Via } from './policy/policy'
import type { Reason } from './rules/export'
import type { PurgeReport, VaultEvent } from './session'
import type { ChangeOptions, Revision } from './verbs/change'
import type { Statement } from './verbs/leave'
import type { Added, CardOf, Given, InstantText, NewConsent, NewContact, Receipt } from './verbs/new-contact'
import type { PolicyPlan } from './verbs/policy'
import type { SlotView } from './verbs/slots'

type Writable = Record<string, unknown>

/** A merge patch of the card (RFC 7396): null removes. */
export type CardPatch<P extends Policy> = { readonly [F in keyof CardOf<P>]?: CardOf<P>[F] | null | Writable }

/** The card as a door shows it: no other fields exist on it. */
export type DoorCard<P extends Policy, K extends PurposeOf<P>> = {
  readonly [F in Extract<SharedFields<P, K>, keyof Card>]?: Card[F]
} & { readonly [F in Extract<SharedFields<P, K>, CustomField>]?: unknown }

export interface Contact<P extends Policy, K extends PurposeOf<P>> {
  readonly id: ContactId
  readonly card: DoorCard<P, K>
  readonly revision: number
  /** When this purpose's consent ends. */
  readonly until: InstantText
  readonly assurance: Assurance
  /** Where each contact point of the card came from, by path such as `phones/p1`: shown by `reveal`, as what it is about (R6). */
  readonly sources?: { readonly [path: string]: string }
}

export interface Person {
  readonly id: ContactId
  /** There if the purpose has `name`, the person agreed to it, and being listed isn't itself the secret. */
  readonly name?: string
  readonly until: InstantText
  readonly assurance: Assurance
}

export interface People {
  readonly people: readonly Person[]
  readonly total: number
  /** Pass as `after` for what comes next; absent at the end. */
  readonly next?: string
}

export interface ListOptions {
  /** Default `name`, where the door shows names; else `until`. */
  readonly sort?: 'name' | 'until'
  /** BCP 47; how names are ordered. */
  readonly locale?: string
  /**
   * The `next` of the page before. The list goes on where that page ended, wherever its people are by now; once the vault was
   * locked, after the last of them who is still here, or from the beginning.
   */
  readonly after?: string
  /** Default 50, at most 1,000. */
  readonly limit?: number
}

/** By a contact point, or by how the words of a name begin. */
export type Find = PointBy | { readonly text: string }

export interface ExportWho<P extends Policy, K extends PurposeOf<P>> {
  readonly recipient: RecipientOf<P, K>
  /** These people only; default: everybody whose consent for the purpose is live. */
  readonly ids?: readonly string[]
  /** Those whose name begins so. */
  readonly query?: { readonly text: string }
  /** These fields only; default: of each person what they agreed to. */
  readonly fields?: readonly SharedFields<P, K>[]
}

export interface ExportRequest<P extends Policy, K extends PurposeOf<P>> extends ExportWho<P, K> {
  /** A format that the vault was opened with, by name. */
  readonly format: string
  /** Default `refuse`: one person short, and the whole export is refused. */
  readonly whenRefused?: 'refuse' | 'leave-out'
  /** Default `sealed-file`. */
  readonly via?: Exclude<Via, 'delivery'>
  /** On which ground, in one word such as `court-order`: on the ledger and in the manifest. */
  readonly ground?: string
  /** How many people were written, of `people` in what `export` gave: for a bar on a screen. */
  readonly onProgress?: (done: number) => void
}

export interface Decision {
  readonly allowed: number
  readonly refused: { readonly [reason in Reason]?: number }
  /** Whose they are, where ids were asked for. */
  readonly ids?: { readonly [reason in Reason]?: readonly ContactId[] }
}

export interface Manifest {
  readonly type: 'export'
  readonly export: string
  readonly vault: string
  readonly actor: string
  readonly purpose: string
  readonly recipient: { readonly id: string; readonly name: string; readonly country: string }
  readonly format: string
  readonly version: string
  readonly via: Via
  readonly who: 'consented' | 'query' | 'ids'
  readonly started: InstantText
  readonly ended: InstantText
  readonly people: number
  readonly leftOut: number
  readonly reasons: { readonly [reason in Reason]?: number }
  /** SHA-256 of the file as it left, in hexadecimal. */
  readonly sha256: string
  readonly bytes: number
  readonly destroyBy: InstantText
  readonly ground?: string
}

export interface Export {
  readonly id: string
  /** How many were allowed at its start. Fewer are in the file if some withdraw before they are read: the manifest counts. */
  readonly people: number
  /** The file: an age file unless the recipient takes plaintext. It ends with an error if the export broke. */
  readonly file: ReadableStream<Uint8Array>
  /** Settles when the file was read to its end. Rejects when the export broke. */
  readonly manifest: Promise<Manifest>
  readonly extension: string
}

export interface DeliverOptions<P extends Policy, K extends PurposeOf<P>> extends ExportWho<P, K> {
  /** People in one call of `to`; default 100, at most 1,000. */
  readonly batch?: number
  /** Hands people over. When it throws, the delivery stops; those of that batch count as handed over. */
  readonly to: (people: readonly DeliveredPerson<P, K>[]) => Promise<unknown>
  readonly whenRefused?: 'refuse' | 'leave-out'
  /** The id of a delivery that broke: goes on after the last batch that was begun. */
  readonly resume?: string
  readonly signal?: AbortSignal
  readonly ground?: string
}

export interface DeliveredPerson<P extends Policy, K extends PurposeOf<P>> extends ExportedPerson {
  readonly id: ContactId
  readonly card: DoorCard<P, K>
}

export interface Delivery {
  readonly id: string
  readonly delivered: number
  readonly leftOut: number
  readonly destroyBy: InstantText
}

/** The only way to read. */
export interface Door<P extends Policy, K extends PurposeOf<P>> {
  readonly purpose: K
  /** Free: how many people's consent for this purpose is live. */
  count(query?: { readonly text: string }): Promise<number>
  /** @throws VaultError `VAULT_LOCKED`; TypeError for a limit out of bounds */
  list(options?: ListOptions): Promise<People>
  /** Empty when nobody is found. A hit by phone or e-mail counts in the meter. @throws VaultError `BULK_READ_REFUSED` */
  find(by: Find): Promise<Person[]>
  /** The fields in scope that are no contact points. Undefined for anybody who isn't to be seen through this door. */
  get(id: string): Promise<Contact<P, K> | undefined>
  /** All fields in scope. Metered and on the ledger. @throws VaultError `BULK_READ_REFUSED` */
  reveal(id: string): Promise<Contact<P, K> | undefined>
  budget(): Promise<{ readonly left: number; readonly resets?: InstantText }>
  /** What an export would be answered, without exporting. @throws VaultError `UNKNOWN_RECIPIENT` */
  check(who: ExportWho<P, K>): Promise<Decision>
  /**
   * @throws VaultError `EXPORT_REFUSED`, `UNKNOWN_RECIPIENT`, `UNKNOWN_FORMAT`, `VIA_NOT_ALLOWED`, `NO_AGE_KEYS`
   */
  export(request: ExportRequest<P, K>): Promise<Export>
  /**
   * @throws VaultError `EXPORT_REFUSED`, `UNKNOWN_RECIPIENT`, `VIA_NOT_ALLOWED`, `UNKNOWN_DELIVERY`; `DELIVERY_BROKEN` with the id to
   * resume by, for whatever breaks it once it has begun: `to` threw, the signal fired, somebody couldn't be read, the policy took the way
   * away, the vault was locked, the store failed
   */
  deliver(options: DeliverOptions<P, K>): Promise<Delivery>
}

export interface ConsentView<P extends Policy> {
  readonly purpose: PurposeOf<P>
  readonly state: ConsentState
  readonly assurance?: Assurance
  readonly given?: InstantText
  readonly until?: InstantText
  readonly fields?: readonly string[]
  readonly recipients?: readonly string[]
  readonly evidence?: { readonly kind: string; readonly sha256?: string; readonly kept: boolean }
  readonly events: readonly {
    readonly kind: string
    readonly at: InstantText
    readonly actor: string
    readonly how?: string
  }[]
}

export interface Expiring<P extends Policy> {
  readonly id: ContactId
  readonly purpose: PurposeOf<P>
  readonly until: InstantText
  readonly assurance: Assurance
  readonly lastAsked?: InstantText
}

export interface QuarantinedPerson {
  readonly id: ContactId
  readonly name?: string
  readonly until: InstantText
}

export interface Quarantine {
  count(): Promise<number>
  list(options?: {
    readonly after?: string
    readonly limit?: number
  }): Promise<{ readonly people: readonly QuarantinedPerson[]; readonly total: number; readonly next?: string }>
  /**
   * One person, to ask them. A meter of its own. Undefined for anybody who isn't in quarantine.
   * @throws VaultError `BULK_READ_REFUSED`; `ASK_REFUSED` for somebody who came in without a ground for asking
   */
  reveal(id: string): Promise<
    | {
        readonly id: ContactId
        readonly card: Card
        readonly mayAsk: MayAsk
        readonly source: Readonly<Record<string, string>>
        readonly until: InstantText
      }
    | undefined
  >
}

export interface RowOutcome {
  /** Position in what was given, from 0. */
  readonly index: number
  readonly ref?: string
  readonly id?: ContactId
  readonly outcome: 'added' | 'quarantined' | 'known' | 'refused'
  /** Why it was refused; never for people who may have left, unless the policy names those rows (R11). */
  readonly code?: string
  readonly fix?: string
  /** Names of JSContact fields that the error is about. */
  readonly fields?: readonly string[]
  /** What to correct, where the card or a consent has mistakes. */
  readonly issues?: readonly Issue[]
  readonly maybeSame?: readonly ContactId[]
  /** Names of the fields that were left out of this row. */
  readonly leftOut?: readonly string[]
}

export interface AddReport {
  readonly rows: readonly RowOutcome[]
  readonly added: number
  readonly quarantined: number
  readonly known: number
  readonly refused: number
  /** How many rows were refused for each code; people who may have left are counted here only. */
  readonly reasons: { readonly [code: string]: number }
  /** How many rows had each of the fields that `whenUndeclared: 'leave-out'` left out. */
  readonly leftOut: { readonly [field: string]: number }
  /** How many rows share a contact point with somebody else. */
  readonly maybeSame: number
}

export interface AddManyOptions {
  readonly onEach?: (row: RowOutcome) => void
  readonly onProgress?: (done: number) => void
  readonly signal?: AbortSignal
  /**
   * Rows in one commit; default 6,400, at most 25,600. Fewer are told, and can be stopped, sooner; each commit writes the pages of its
   * days anew, so that many small ones take several times as long.
   */
  readonly batch?: number
  /** What to do with fields that no purpose declares, or that may not be kept without consent. Default `refuse`. */
  readonly whenUndeclared?: 'refuse' | 'leave-out'
}

export interface LedgerQuery {
  readonly type?: AnyEntry['type']
  readonly actor?: string
  readonly contact?: string
  /** ISO 8601. */
  readonly since?: InstantText
  readonly before?: InstantText
}

/** An entry as people and programs read it: ids as text, instants as ISO 8601, hashes in hexadecimal. */
export interface LedgerLine {
  /** Its number in the ledger: grows, with gaps. */
  readonly index: number
  /** The number of the commit that it came with. */
  readonly leaf: number
  readonly type: string
  readonly actor: string
  readonly at: InstantText
  readonly [detail: string]: unknown
}

export interface Vault<P extends Policy> {
  readonly id: string
  readonly actor: string
  /** The policy as it was accepted; what is loosened in it may still wait (R3). */
  readonly policy: P
  readonly version: number
  /** The same object for the same actor. */
  as(actor: string): Vault<P>
  /** The same object for the same purpose. @throws VaultError `UNKNOWN_PURPOSE` */
  for<K extends PurposeOf<P>>(purpose: K): Door<P, K>

  /**
   * @throws VaultError `FIELD_NOT_DECLARED`, `CARD_INVALID`, `CARD_TOO_LARGE`, `CONSENT_INVALID`, `EXPIRES_TOO_SOON`, `UNKNOWN_PURPOSE`,
   * `UNKNOWN_RECIPIENT`, `UNKNOWN_NOTICE`, `SUPPRESSED`, `NOT_IN_QUARANTINE`, `QUARANTINE_AGAIN`
   */
  add(contact: NewContact<P>): Promise<Added>
  /** One bad row never stops the rest. Aborting stops before the next commit; what was committed stays. */
  addMany(
    contacts: Iterable<NewContact<P>> | AsyncIterable<NewContact<P>>,
    options?: AddManyOptions,
  ): Promise<AddReport>
  /** @throws VaultError `UNKNOWN_CONTACT`, `CONFLICT`, `CARD_INVALID`, `FIELD_NOT_DECLARED`, `SUPPRESSED` */
  change(id: string, patch: CardPatch<P>, options?: ChangeOptions): Promise<Revision>
  /** Which of these are here. */
  exists(ids: readonly string[]): Promise<ContactId[]>
  /** Who has this contact point, for any purpose and in quarantine. Metered and on the ledger. */
  identify(by: PointBy): Promise<ContactId[]>

  consent(id: string, given: NewConsent<P>): Promise<Receipt>
  refuse(id: string, purpose: PurposeOf<P>, how?: Given | string): Promise<Receipt>
  /** No purpose: all of them, and who is in quarantine goes. Empty when there was no consent to take back. */
  withdraw(id: string, purpose?: PurposeOf<P>, how?: Given | string): Promise<Receipt[]>
  consents(id: string): Promise<ConsentView<P>[]>
  /** Consents that end within an ISO 8601 duration, soonest first. */
  expiring(within: string): AsyncIterable<Expiring<P>>
  readonly quarantine: Quarantine

  erase(id: string, options?: { readonly suppress?: boolean }): Promise<Statement>
  /** Somebody who isn't here and doesn't want to be. */
  suppress(point: PointBy): Promise<void>
  purge(): Promise<PurgeReport>
  /** Says that the device's clock is right after it jumped. */
  confirmTime(): Promise<void>

  planPolicy<N extends Policy>(
    next: N,
    options?: { readonly sameLegalPerson?: { readonly evidence: string } },
  ): Promise<PolicyPlan<N>>
  changePolicy<N extends Policy>(next: N, options: { readonly accept: PolicyPlan<N> }): Promise<Vault<N>>
  readonly ledger: { entries(query?: LedgerQuery): AsyncIterable<LedgerLine> }
  readonly slots: {
    list(): Promise<SlotView[]>
    add(unlock: Unlock, label: string): Promise<SlotView>
    remove(id: string): Promise<void>
    replace(id: string, unlock: Unlock): Promise<SlotView>
  }
  /**
   * Everything in the vault, as one sealed stream that its ways of unlocking open, for `restoreVault`: the only way to copy
   * a vault. A backup can't be made to forget: keep few, and destroy them when they are old.
   */
  backup(): Promise<Backup>
  guarantees(): Promise<Guarantees>
  /** Opens every row once and names those that don't open. Reads everything: for `doctor`, not for every day. */
  examine(): Promise<Examination>
  /**
   * Bound, so that it can be passed on. With `version`, what `useSyncExternalStore` wants. What a listener throws is reported as
   * the platform reports what nobody caught, and fails nothing that it was told of.
   */
  readonly subscribe: (listener: (event: VaultEvent) => void) => () => void
  lock(): Promise<void>
  /** Removes the whole vault from its store. The cell is overwritten first. */
  destroy(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * What `openAnyVault` gives: a vault whose policy is known at run time only. One whose policy is known is none; code that takes any
 * vault is generic, `<P extends Policy>(vault: Vault<P>)`, and asks `isPurpose` of names from outside.
 */
export type AnyVault = Vault<Policy>
