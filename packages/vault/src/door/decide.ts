/** Who may be in an export, and why the others may not: one answer for `check` and for `export` (R26 to R28). */
import type { Draft } from '../commit/draft'
import { type ContactId, contactIdBytes, contactIdOf } from '../contact/id'
import type { Decision } from '../public'
import { type Reason, refusalOf } from '../rules/export'
import type { PeopleOfPurpose } from './people'
import { knownOf, sightOf } from './view'

export interface Who {
  readonly recipient: string
  readonly ids?: readonly string[]
  readonly query?: { readonly text: string }
  readonly fields?: readonly string[]
}

export interface Decided {
  readonly allowed: readonly ContactId[]
  readonly refused: ReadonlyMap<Reason, readonly string[]>
  readonly leftOut: number
}

export const whoOf = ({ ids, query }: Who): 'ids' | 'query' | 'consented' =>
  ids ? 'ids' : query ? 'query' : 'consented'

export function decide(draft: Draft, people: PeopleOfPurpose, who: Who): Decided {
  const { index } = draft.opened
  const { purpose } = people
  const request = { purpose, recipient: who.recipient, ...(who.fields ? { fields: who.fields } : {}) }
  const allowed: ContactId[] = []
  const refused = new Map<Reason, string[]>()
  let leftOut = 0
  const ask = (number: number, id: string): void => {
    const { consent, quarantined } =
      number < 0 ? { consent: undefined, quarantined: false } : sightOf(draft, number, purpose)
    const reason = refusalOf(consent, quarantined, request, draft.policy, draft.now, knownOf(draft))
    if (!reason) return void allowed.push(id as ContactId)
    leftOut++
    const ids = refused.get(reason)
    if (ids) ids.push(id)
    else refused.set(reason, [id])
  }
  if (who.ids) {
    for (const id of new Set(who.ids)) {
      const bytes = contactIdBytes(id)
      ask(bytes ? index.numberOf(bytes) : -1, id)
    }
  } else {
    const seen = who.query ? people.named(draft, who.query.text) : people.all(draft)
    for (const { number, id } of seen) ask(number, id)
    // Nobody agreed to the purpose at all: the answer says how many people that is, and why.
    if (seen.length === 0 && !who.query) {
      for (const number of index.allContacts()) {
        const isHere = index.slicesOf(number).some(({ bucket }) => bucket >= draft.today)
        if (isHere) ask(number, contactIdOf(index.idOf(number)))
      }
    }
  }
  return { allowed, refused, leftOut }
}

/** Counts, and ids only where the caller named the people. */
export function decisionOf(decided: Decided, who: Who): Decision {
  const counts = reasonsOf(decided)
  const ids = Object.fromEntries(decided.refused) as Decision['ids']
  return { allowed: decided.allowed.length, refused: counts, ...(who.ids && ids ? { ids } : {}) }
}

export const reasonsOf = ({ refused }: Decided): { readonly [reason in Reason]?: number } =>
  Object.fromEntries([...refused].map(([reason, ids]) => [reason, ids.length]))
