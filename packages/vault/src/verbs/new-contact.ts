/** What callers bring: contacts and consents before anything is checked, as types of their policy. */
import type { MayAsk } from '../contact/held'
import type { ContactId } from '../contact/id'
import type { Card } from '../contact/jscontact'
import type { Assurance, CustomField, FieldsOf, NoticeOf, Policy, PurposeOf, RecipientOf } from '../policy/policy'

/** ISO 8601. */
export type InstantText = string

/** Every field that some purpose of the policy declares, and none else; all fields for a policy known at run time only. */
export type CardOf<P extends Policy> =
  string extends FieldsOf<P, PurposeOf<P>>
    ? Card
    : Pick<Card, Exclude<Extract<FieldsOf<P, PurposeOf<P>>, keyof Card>, CustomField> | Envelope> & {
        readonly [F in Extract<FieldsOf<P, PurposeOf<P>>, CustomField>]?: unknown
      }

type Envelope = '@type' | 'version' | 'uid' | 'kind' | 'language' | 'prodId' | 'created' | 'updated' | 'localizations'

export interface NewEvidence {
  /** `scan`, `recording`, `form`, `message`, … */
  readonly kind: string
  /** The document itself: kept sealed, and what makes a consent `evidenced`. */
  readonly content?: Uint8Array
  readonly mediaType?: string
  /** Where it lies instead; alone it is a claim. */
  readonly reference?: string
}

/** How, when and by whom a consent was expressed. */
export interface Given {
  /** `web-form`, `paper`, `verbal`, `sms`, `email`, `imported`, … */
  readonly how: string
  /** The method in words. */
  readonly words?: string
  /** Default: now. */
  readonly at?: InstantText
  /** Default: the person. */
  readonly by?: 'person' | 'guardian'
  /** With what authority, if a guardian. */
  readonly authority?: string
  readonly authorityUntil?: InstantText
  readonly evidence?: NewEvidence
}

export type NewConsent<P extends Policy> = {
  [K in PurposeOf<P>]: {
    readonly purpose: K
    /** Whom the details may be handed to; default nobody. */
    readonly recipients?: readonly RecipientOf<P, K>[]
    /** Default: all fields of the purpose. */
    readonly fields?: readonly FieldsOf<P, K>[]
    /** Which notice they were shown, and in which language. */
    readonly notice?: NoticeOf<P>
    readonly language?: string
    /** Sooner than the purpose would keep. */
    readonly until?: InstantText
    readonly given: Given
  }
}[PurposeOf<P>]

export interface NewContact<P extends Policy> {
  readonly card: CardOf<P>
  readonly consents?: readonly NewConsent<P>[]
  /** Where the contact points came from: the person, an import from where, a third party. */
  readonly source: string
  /** Where it differs, by path such as `phones/p2`. */
  readonly sources?: Readonly<Record<string, string>>
  /** Without a consent: on which ground the person may be asked for one. */
  readonly mayAsk?: MayAsk
  /** Yours, opaque, unique: adding it again finds the same contact. */
  readonly ref?: string
}

/** What a person can be given of a consent event: pseudonymous, and a plain record for now. */
export interface Receipt {
  readonly type: 'receipt'
  readonly vault: string
  readonly contact: ContactId
  readonly purpose: string
  readonly event: 'requested' | 'given' | 'renewed' | 'refused' | 'withdrawn'
  readonly at: InstantText
  readonly recorded: InstantText
  readonly how?: string
  readonly controller: string
  readonly until?: InstantText
  readonly assurance?: Assurance
  readonly fields?: readonly string[]
  readonly recipients?: readonly string[]
  /** SHA-256 of the exact text, in hexadecimal. */
  readonly notice?: {
    readonly id: string
    readonly version: string
    readonly language: string
    readonly sha256: string
  }
  readonly withdraw: string
}

export interface Added {
  readonly id: ContactId
  /** `known`: the ref is here already, and nothing was changed. */
  readonly outcome: 'added' | 'quarantined' | 'known'
  readonly quarantined: boolean
  readonly receipts: readonly Receipt[]
  readonly assurance: { readonly [purpose: string]: Assurance }
  /** Fields of the card that no given consent covers, and that are therefore not kept. */
  readonly notKept: readonly string[]
  /** Contacts that share a contact point, twenty for each at most: perhaps the same person. Nothing is merged. Counts in the meter. */
  readonly maybeSame: readonly ContactId[]
}
