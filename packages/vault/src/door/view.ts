/**
 * What the index alone says of somebody: consents, quarantine, name, dates, from the heads of their slices. Deciding and
 * listing open no page.
 */
import type { Draft } from '../commit/draft'
import type { ConsentSummary } from '../consent/consent'
import { summaryOf } from '../consent/state'
import type { ContactId } from '../contact/id'
import { VaultError } from '../errors'
import type { HeadView } from '../pages/head'
import type { Assurance } from '../policy/policy'
import { type Known, type Live, liveConsent } from '../rules/permits'

export interface HeadSight {
  readonly consent: ConsentSummary | undefined
  readonly quarantined: boolean
  readonly name: string | undefined
}

export const knownOf = (draft: Draft): Known => ({
  ...(draft.record.sameLegalPerson ? { sameLegalPerson: draft.record.sameLegalPerson } : {}),
})

/** A contact's consent for one purpose, and what else lists need. Slices of passed days are not looked at (R13). */
export function sightOf(draft: Draft, contact: number, purpose: string): HeadSight {
  const number = draft.catalogue.findPurpose(purpose)
  let consent: ConsentSummary | undefined
  let quarantined = false
  let name: string | undefined
  for (const { head, slot, bucket } of draft.opened.index.slicesOf(contact)) {
    if (bucket < draft.today) continue
    if (head.isQuarantined(slot)) quarantined = true
    name ??= head.name(slot)
    for (let i = 0; i < head.consentCount(slot); i++) {
      if (head.consentPurpose(slot, i) === number) consent = summaryAt(draft, head, slot, i, purpose)
    }
  }
  return { consent, quarantined, name }
}

/** All consents of a contact that the index knows. */
export function consentsOf(draft: Draft, contact: number): ConsentSummary[] {
  const consents: ConsentSummary[] = []
  for (const { head, slot, bucket } of draft.opened.index.slicesOf(contact)) {
    if (bucket < draft.today) continue
    for (let i = 0; i < head.consentCount(slot); i++) {
      const purpose = draft.catalogue.purposeName(head.consentPurpose(slot, i))
      consents.push(summaryAt(draft, head, slot, i, purpose))
    }
  }
  return consents
}

function summaryAt(draft: Draft, head: HeadView, slot: number, i: number, purpose: string): ConsentSummary {
  const state = head.consentState(slot, i)
  if (state !== 'given') return { purpose, state }
  const [at, until] = [head.consentGivenAt(slot, i), head.consentUntil(slot, i)]
  if (Number.isNaN(at) || Number.isNaN(until)) throw new VaultError('CORRUPT', { data: { row: 'heads' } })
  return {
    purpose,
    state,
    given: {
      at,
      until,
      assurance: head.consentAssurance(slot, i) as Assurance,
      scope: draft.catalogue.scopeAt(head.consentScope(slot, i)),
    },
  }
}

/** What the person's consent for this purpose permits now; undefined when they aren't to be seen through this door. */
export function seenThrough(
  draft: Draft,
  contact: number,
  purpose: string,
): (Live & { name: string | undefined }) | undefined {
  const { consent, quarantined, name } = sightOf(draft, contact, purpose)
  if (quarantined) return undefined
  const live = liveConsent(consent, draft.policy, draft.now, knownOf(draft))
  return live && { ...live, name: live.fields.includes('name') ? name : undefined }
}

/** The same of somebody whom this draft changes; undefined too when they go. */
export function seenInDraft(draft: Draft, id: ContactId, purpose: string): Live | undefined {
  const held = draft.contacts.get(id)
  const consent = held?.consents.find(each => each.purpose === purpose)
  if (!held || held.quarantine || !consent) return undefined
  return liveConsent(summaryOf(consent), draft.policy, draft.now, knownOf(draft))
}
