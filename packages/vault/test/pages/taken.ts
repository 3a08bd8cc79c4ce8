/** What a head says of a slice, as an object that another head could be written from. */
import {
  HAS_REF,
  type HeadEntry,
  type HeadSlice,
  type HeadView,
  LATEST,
  NO_SCOPE,
  QUARANTINED,
} from '../../src/pages/head'

/** Nothing in it is shared. */
export function headSliceAt(head: HeadView, slot: number): HeadSlice {
  const flags = head.flags(slot)
  return {
    contact: head.idAt(slot).slice(),
    latest: (flags & LATEST) !== 0,
    quarantined: (flags & QUARANTINED) !== 0,
    hasRef: (flags & HAS_REF) !== 0,
    name: head.name(slot),
    consents: Array.from({ length: head.consentCount(slot) }, (_, i) => ({
      purpose: head.consentPurpose(slot, i),
      scope: scopeOf(head.consentScope(slot, i)),
      state: head.consentState(slot, i),
      assurance: head.consentAssurance(slot, i),
      givenAt: instant(head.consentGivenAt(slot, i)),
      until: instant(head.consentUntil(slot, i)),
      askedAt: instant(head.consentAskedAt(slot, i)),
    })),
    points: Array.from({ length: head.pointCount(slot) }, (_, i) => ({
      kind: head.pointKind(slot, i),
      fingerprint: head.pointFingerprint(slot, i).slice(),
    })),
    revision: head.revision(slot),
    created: head.created(slot),
  }
}

const scopeOf = (number: number): number | undefined => (number === NO_SCOPE ? undefined : number)
const instant = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value)

export const told = (entry: HeadEntry): HeadSlice => ('head' in entry ? headSliceAt(entry.head, entry.slot) : entry)
