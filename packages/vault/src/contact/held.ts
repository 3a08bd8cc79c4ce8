/** A contact as the vault holds it once its slices are put together: plain, in memory, and never longer than it is needed. */
import type { BlobRef, ConsentEvent, ConsentRecord, Evidence, Instant } from '../consent/consent'
import { bytesOver } from '../record/copy'
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

/** What a contact may take, its documents and media aside: with room to spare in a page of its own. */
export const MAX_CONTACT_BYTES = 56_000

/**
 * How many bytes a contact takes, if that is too many: all of it but the documents and media that lie in rows of their own, as
 * its slices would write it together.
 */
export function bytesTooMany({ card, sources, consents, ref, media }: HeldContact): number | undefined {
  const said = consents.map(({ purpose, events }) => [
    purpose,
    events.map(event =>
      'evidence' in event && event.evidence?.blob && !isInline(event.evidence.blob)
        ? withoutBlob(event, event.evidence)
        : event,
    ),
  ])
  const inline = Object.entries(media ?? {}).filter(([, blob]) => isInline(blob))
  return bytesOver(MAX_CONTACT_BYTES, [card, sources, said, ref ?? null, inline])
}

const withoutBlob = (event: ConsentEvent, { blob, ...evidence }: Evidence) => ({
  ...event,
  evidence: { ...evidence, pieces: blob && 'pieces' in blob ? blob.pieces : [] },
})

/** Bytes that lie in rows of their own, or are about to. */
export type HeldBlob = BlobRef | { readonly content: Uint8Array; readonly mediaType?: string }

/**
 * A document of so few bytes stands in the slice itself, where it costs a few bytes and no row: a form's answers, a
 * reference, a message's id.
 */
export const MAX_INLINE_BYTES = 512

export const isInline = (blob: HeldBlob): boolean => 'content' in blob && blob.content.length <= MAX_INLINE_BYTES

export const isStored = (blob: HeldBlob): blob is BlobRef => 'pieces' in blob
