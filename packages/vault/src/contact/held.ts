/** A contact as the vault holds it once its slices are put together: plain, in memory, and never longer than it is needed. */
import type { BlobRef, ConsentRecord, Instant } from '../consent/consent'
import type { ContactId } from './id'
import type { Card } from './jscontact'

/** The grounds on which somebody without a consent may be asked for one. */
export const MAY_ASK = ['they-asked', 'soft-opt-in', 'in-person-or-post'] as const
export type MayAsk = (typeof MAY_ASK)[number]

export interface QuarantineStay {
  readonly mayAsk?: MayAsk
  readonly since: Instant
  readonly until: Instant
}

export interface HeldContact {
  readonly id: ContactId
  /** Counts changes of the card, from 1. */
  readonly revision: number
  readonly created: Instant
  /** The caller's own key for this contact, opaque and unique. */
  readonly ref?: string
  readonly card: Card
  /** Where each contact point came from, by path such as `phones/p1`. */
  readonly sources: Readonly<Record<string, string>>
  /** One for each purpose that was ever asked about. */
  readonly consents: readonly ConsentRecord[]
  readonly quarantine?: QuarantineStay
  /** Large media that were taken out of the card, by their key in `media`. */
  readonly media?: Readonly<Record<string, HeldBlob>>
}

/** Bytes that lie in rows of their own, or are about to. */
export type HeldBlob = BlobRef | { readonly content: Uint8Array; readonly mediaType?: string }

export const isStored = (blob: HeldBlob): blob is BlobRef => 'pieces' in blob
