/**
 * The words of a policy: who holds the contacts, for which purposes, how long, who may receive
 * them, and how many may be looked at. Shapes only; `define.ts` checks them, `effective.ts` says
 * which of them rule today.
 */

/** ISO 8601 duration, such as `P90D` or `PT1H`. */
export type Duration = string
/** One text, or one for each BCP 47 language. */
export type Text = string | { readonly [language: string]: string }
export type CustomField = `x:${string}`
export type Assurance = 'claimed' | 'evidenced' | 'confirmed'
/** How an export may leave: sealed to the recipient's age keys, handed over in batches, or in the clear. */
export type Via = 'sealed-file' | 'delivery' | 'plaintext-file'

export interface Controller {
  readonly name: string
  readonly contact: string
  readonly address: string
  /** ISO 3166-1 alpha-2. */
  readonly jurisdiction: string
  /** How a person takes a consent back, in words they are shown. */
  readonly withdraw: string
}

export interface RecipientSpec {
  readonly name: string
  readonly role: 'processor' | 'controller'
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly members: 'kept-apart' | 'see-each-other'
  /** The age recipients (`age1…`) that an export is sealed to. */
  readonly ageKeys?: readonly string[]
  /** Default: `['sealed-file']`. */
  readonly via?: readonly Via[]
  /** How long the recipient may keep an export; default `P30D`. */
  readonly destroyAfter?: Duration
}

/** The controller mailing from its own systems. */
export interface SelfSpec {
  /** What the person is told. */
  readonly why: Text
  /** Default: `['sealed-file']`; never `plaintext-file`. */
  readonly via?: readonly Exclude<Via, 'plaintext-file'>[]
  readonly ageKeys?: readonly string[]
}

export interface PurposeSpec {
  readonly description: Text
  readonly fields: readonly string[]
  readonly keepFor: Duration
  readonly recipients?: { readonly [id: string]: RecipientSpec }
  readonly self?: SelfSpec
  /** Defaults: use `claimed`, export `evidenced`. */
  readonly assurance?: { readonly use?: Assurance; readonly export?: Assurance }
  /** Being on the list is itself the secret (GDPR Art. 9). */
  readonly special?: boolean
  /** The name this purpose had before. */
  readonly was?: string
}

/** At most so many distinct people within a window. `share` is of the people in the vault, from 0 to 1. */
export type BulkWindow =
  | { readonly people: number; readonly within: Duration }
  | { readonly share: number; readonly within: Duration }

export interface BulkLimits {
  readonly perActor: readonly BulkWindow[]
  /** At least one window of 30 days or more with a share of at most a tenth. */
  readonly vault: readonly BulkWindow[]
  /** Look-ups by phone or e-mail that found nobody, an hour; default 1,000. */
  readonly missesPerHour?: number
}

export interface Notice {
  readonly version: string
  /** By language: the exact text that people were shown. */
  readonly text: { readonly [language: string]: string }
}

export interface Policy {
  readonly controller: Controller
  /** How to read a phone number without a country code (ISO 3166-1 alpha-2). */
  readonly region?: string
  readonly custom?: { readonly [field: CustomField]: 'text' | 'number' | 'date' | 'boolean' }
  readonly notices?: { readonly [id: string]: Notice }
  readonly purposes: { readonly [name: string]: PurposeSpec }
  readonly special?: boolean
  readonly bulk: BulkLimits
  readonly quarantine?: { readonly keepFor?: Duration; readonly perActor?: readonly BulkWindow[] }
  /** How long loosening waits before it takes effect; default and least `P7D`. */
  readonly notice?: Duration
  /** How far the clock may jump ahead between two uses before it must be confirmed; default `P400D`. */
  readonly maxJump?: Duration
  /** Whether an import's report may name the rows of people who may have left (R11); default false. */
  readonly nameStoppedRows?: boolean
}

export type PurposeOf<P extends Policy> = Extract<keyof P['purposes'], string>

export type FieldsOf<P extends Policy, K extends PurposeOf<P>> = K extends unknown
  ? P['purposes'][K]['fields'][number] & string
  : never

type PurposeWith<P extends Policy, K extends PurposeOf<P>, F> = K extends unknown
  ? F extends P['purposes'][K]['fields'][number]
    ? K
    : never
  : never

/** The fields that every one of several purposes has: what a door may show when it isn't known which of them it is. */
export type SharedFields<P extends Policy, K extends PurposeOf<P>> =
  FieldsOf<P, K> extends infer F ? (F extends string ? ([K] extends [PurposeWith<P, K, F>] ? F : never) : never) : never

export type RecipientOf<P extends Policy, K extends PurposeOf<P>> = K extends unknown
  ?
      | (P['purposes'][K] extends { readonly recipients: infer R }
          ? keyof R & string
          : PurposeSpec extends P['purposes'][K]
            ? string
            : never)
      | (P['purposes'][K] extends { readonly self: SelfSpec } ? 'self' : never)
  : never

export type NoticeOf<P extends Policy> = P extends { readonly notices: infer N } ? keyof N & string : string
