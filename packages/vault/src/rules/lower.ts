/**
 * R7: changing a contact point lowers what rests on it. `confirmed` says that this number or address answered;
 * once it is another, nothing says so any more. Evidence says that the person signed, whatever their number:
 * it stays. So a confirmed consent with evidence is `evidenced` from then on, and one without is `claimed`, which
 * lasts 30 days from the change: time to ask again at the new one.
 *
 * Events are append-only (R5): the answer isn't struck out, an event says that it no longer counts.
 */
import type { ConsentRecord, Instant } from '../consent/consent'
import { assuranceOf, lastGiven } from '../consent/state'

/** The record with the event that lowers it; the same record if nothing in it is confirmed. */
export function lowerAssurance(record: ConsentRecord, now: Instant, actor: string): ConsentRecord {
  const given = lastGiven(record)
  if (!given || assuranceOf(given) !== 'confirmed') return record
  const since = record.events.slice(record.events.indexOf(given))
  if (since.some(({ kind }) => kind === 'lowered')) return record
  return { ...record, events: [...record.events, { kind: 'lowered', at: now, recorded: now, actor }] }
}
