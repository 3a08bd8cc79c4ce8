/**
 * A consent is a list of events, append-only (R5). What it permits is derived from them, never
 * stored: see `state.ts`. Instants are milliseconds since 1970, UTC.
 */
import type { Assurance } from '../policy/policy'

export type Instant = number

/** What a person agreed to when they agreed: today's policy can narrow it, and never widens it (R3). */
export interface Scope {
  readonly fields: readonly string[]
  readonly recipients: readonly AgreedRecipient[]
  /** The controller's name then: another legal person is not who they agreed with. */
  readonly controller: string
}

export interface AgreedRecipient {
  /** The recipient's key in the policy, or `self`. */
  readonly id: string
  readonly name: string
  readonly role: 'processor' | 'controller' | 'self'
  readonly country: string
  readonly members: 'kept-apart' | 'see-each-other'
}

/** Where a document or a photo lies: sealed pieces in a table of their own, dated like the slice that names them. */
export interface BlobRef {
  readonly secret: Uint8Array
  /** Row ids, in order. */
  readonly pieces: readonly Uint8Array[]
  readonly bucket: number
  readonly size: number
  readonly mediaType?: string
}

export interface Evidence {
  /** `scan`, `recording`, `form`, `message`, … in the caller's words. */
  readonly kind: string
  /** SHA-256 of the content, or of what a mere reference names. */
  readonly sha256?: Uint8Array
  readonly reference?: string
  /** There only if the document itself is kept: a hash or a reference alone is a claim (R7). */
  readonly blob?: BlobRef | { readonly content: Uint8Array; readonly mediaType?: string }
}

export interface NoticeShown {
  readonly id: string
  readonly version: string
  readonly language: string
  readonly sha256: Uint8Array
}

export interface GivenEvent {
  readonly kind: 'given' | 'renewed'
  /** When the person gave it. */
  readonly at: Instant
  readonly recorded: Instant
  readonly actor: string
  readonly by: 'person' | 'guardian'
  readonly authority?: string
  readonly authorityUntil?: Instant
  /** `web-form`, `paper`, `verbal`, `sms`, `email`, `imported`, … */
  readonly how: string
  /** The method in words. */
  readonly words?: string
  readonly notice?: NoticeShown
  readonly evidence?: Evidence
  /** Set when the person answered a challenge at a contact point. */
  readonly confirmed?: { readonly at: Instant }
  readonly scope: Scope
  /** Until when, as agreed and already rounded (R4): never later than `at` + keepFor of that day. */
  readonly until: Instant
}

export interface OtherEvent {
  /** `lowered`: a contact point changed, so what was confirmed at it no longer is (R7). */
  readonly kind: 'requested' | 'refused' | 'withdrawn' | 'lowered'
  readonly at: Instant
  readonly recorded: Instant
  readonly actor: string
  readonly how?: string
}

export type ConsentEvent = GivenEvent | OtherEvent

/** All events of one person for one purpose, oldest first. */
export interface ConsentRecord {
  readonly purpose: string
  readonly events: readonly ConsentEvent[]
}

export type ConsentState = 'requested' | 'given' | 'refused' | 'withdrawn' | 'expired'

/** What the rules need of a consent: small enough to stand in a page's head, so that deciding opens no page. */
export interface ConsentSummary {
  readonly purpose: string
  /** As of the last event; whether it expired meanwhile is for the rules and a time to say. */
  readonly state: Exclude<ConsentState, 'expired'>
  /** There when state is `given`. */
  readonly given?: {
    readonly at: Instant
    readonly until: Instant
    readonly assurance: Assurance
    readonly scope: Scope
  }
}
