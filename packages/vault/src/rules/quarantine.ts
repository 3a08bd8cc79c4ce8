/**
 * R22: where contacts without consent wait, briefly, to be asked. A name and ways to ask, and nothing else; never exported;
 * asked once a year for each purpose, and never again after a no.
 */
import type { ConsentRecord, Instant } from '../consent/consent'
import { type Card, CONTACT_POINTS } from '../contact/jscontact'
import { VaultError } from '../errors'
import type { Policy } from '../policy/policy'
import { addDuration, formatInstant } from '../time/calendar'
import { roundExpiry } from '../time/expiry'
import { fieldsOf, undeclaredFields } from './declared'

/** What may be kept of somebody without consent. */
export const QUARANTINE_FIELDS = ['name', ...CONTACT_POINTS] as const

const QUARANTINE_LASTS = 'P30D'
const ASK_AGAIN_AFTER = 'P1Y'

/** The fields of a card that may not be kept without consent, to be named in the refusal. */
export const quarantineRefusals = (card: Card): string[] =>
  fieldsOf(card).filter(field => !(QUARANTINE_FIELDS as readonly string[]).includes(field))

/** What may still be kept and seen of somebody in quarantine: the fields that some purpose declares today (R1, R3). */
export function quarantineFields(card: Card, policy: Policy): string[] {
  const undeclared = undeclaredFields(card, policy)
  return fieldsOf(card).filter(field => !undeclared.includes(field))
}

/** Until when somebody who enters quarantine now stays, rounded (R4). */
export const quarantineUntil = (policy: Policy, now: Instant): Instant =>
  roundExpiry(addDuration(now, policy.quarantine?.keepFor ?? QUARANTINE_LASTS), now)

/** The answer to whether somebody may be asked for a purpose. */
export type MayAskAgain =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: 'refused' | 'withdrawn' }
  | { readonly allowed: false; readonly reason: 'asked-this-year'; readonly again: Instant }

/**
 * Whether somebody may be asked for a purpose, from what was recorded for it: not within a year of the last time, and not
 * after a refusal or withdrawal, unless they gave it again since, of themselves.
 */
export function mayAskAgain(record: ConsentRecord | undefined, now: Instant): MayAskAgain {
  const events = record?.events ?? []
  const answer = events.findLast(({ kind }) => kind !== 'requested' && kind !== 'lowered')
  if (answer?.kind === 'refused' || answer?.kind === 'withdrawn') return { allowed: false, reason: answer.kind }
  const asked = Math.max(...events.filter(({ kind }) => kind === 'requested').map(({ at }) => at))
  if (!Number.isFinite(asked)) return { allowed: true }
  const again = addDuration(asked, ASK_AGAIN_AFTER)
  return now < again ? { allowed: false, reason: 'asked-this-year', again } : { allowed: true }
}

/** @throws VaultError `ASK_REFUSED` */
export function assertMayAsk(record: ConsentRecord | undefined, now: Instant): void {
  const answer = mayAskAgain(record, now)
  if (answer.allowed) return
  const again = 'again' in answer ? { again: formatInstant(answer.again) } : undefined
  throw new VaultError('ASK_REFUSED', { data: { reason: answer.reason, ...again } })
}
