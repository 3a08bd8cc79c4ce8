/** Who may be in an export, and why the others may not: one answer for `check` and for `export` (R26 to R28). */
import type { Draft } from '../commit/draft'
import type { Instant } from '../consent/consent'
import { type ContactId, contactIdBytes, contactIdOf } from '../contact/id'
import type { Decision } from '../public'
import { type Reason, refusalOf } from '../rules/export'
import { liveConsent } from '../rules/permits'
import type { PeopleOfPurpose } from './people'
import { type HeadSight, knownOf, sightOf } from './view'

export interface Who {
  readonly recipient: string
  readonly ids?: readonly string[]
  readonly query?: { readonly text: string }
  readonly fields?: readonly string[]
}

export interface Decided {
  readonly allowed: readonly ContactId[]
  /** When the last of their consents ends. */
  readonly until: Instant
  readonly refused: ReadonlyMap<Reason, readonly string[]>
  readonly leftOut: number
}

export const whoOf = ({ ids, query }: Who): 'ids' | 'query' | 'consented' =>
  ids ? 'ids' : query ? 'query' : 'consented'

const UNKNOWN: HeadSight = { consent: undefined, quarantined: false, name: undefined }

export function decide(draft: Draft, people: PeopleOfPurpose, who: Who): Decided {
  const { policy, now } = draft
  const { index } = draft.opened
  const { purpose } = people
  const known = knownOf(draft)
  const request = { purpose, recipient: who.recipient, ...(who.fields ? { fields: who.fields } : {}) }
  const allowed: ContactId[] = []
  const refused = new Map<Reason, string[]>()
  let until = now
  let leftOut = 0
  const ask = (id: string, { consent, quarantined }: HeadSight, live = liveConsent(consent, policy, now, known)) => {
    const reason = refusalOf(consent, quarantined, request, policy, now, known)
    if (!reason) {
      allowed.push(id as ContactId)
      if (live && live.until > until) until = live.until
      return
    }
    leftOut++
    const ids = refused.get(reason)
    if (ids) ids.push(id)
    else refused.set(reason, [id])
  }
  if (who.ids) {
    for (const id of new Set(who.ids)) {
      const bytes = contactIdBytes(id)
      const number = bytes ? index.numberOf(bytes) : -1
      ask(id, number < 0 ? UNKNOWN : sightOf(draft, number, purpose))
    }
  } else if (who.query) {
    for (const { number, id } of people.named(draft, who.query.text)) ask(id, sightOf(draft, number, purpose))
  } else {
    const others: number[] = []
    for (const number of index.allContacts()) {
      const sight = sightOf(draft, number, purpose)
      const live = sight.quarantined ? undefined : liveConsent(sight.consent, policy, now, known)
      if (live) ask(contactIdOf(index.idOf(number)), sight, live)
      else others.push(number)
    }
    // Nobody agreed to the purpose at all: the answer says how many people that is, and why.
    if (allowed.length + leftOut === 0) {
      for (const number of others) {
        const isHere = index.slicesOf(number).some(({ bucket }) => bucket >= draft.today)
        if (isHere) ask(contactIdOf(index.idOf(number)), sightOf(draft, number, purpose))
      }
    }
  }
  return { allowed, until, refused, leftOut }
}

/** Counts, and ids only where the caller named the people. */
export function decisionOf(decided: Decided, who: Who): Decision {
  const counts = reasonsOf(decided)
  const ids = Object.fromEntries(decided.refused) as Decision['ids']
  return { allowed: decided.allowed.length, refused: counts, ...(who.ids && ids ? { ids } : {}) }
}

export const reasonsOf = ({ refused }: Decided): { readonly [reason in Reason]?: number } =>
  Object.fromEntries([...refused].map(([reason, ids]) => [reason, ids.length]))
