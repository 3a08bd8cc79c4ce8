/** One person as lists show them: id, name and dates, never a contact point (R24). */
import type { Draft } from '../commit/draft'
import { type ContactId, contactIdOf } from '../contact/id'
import type { Assurance } from '../policy/policy'
import type { Person } from '../public'
import { isContactPoint } from '../rules/read'
import { formatInstant } from '../time/calendar'
import { seenThrough } from './view'

export interface Seen {
  readonly number: number
  readonly id: ContactId
  readonly name: string | undefined
  readonly until: number
  readonly assurance: Assurance
  /** Of the name, once somebody looked for one. */
  words?: readonly string[]
  /** Of the name, once somebody put people in order. */
  spelling?: string
}

export function seenPerson(draft: Draft, number: number, purpose: string): Seen | undefined {
  const live = seenThrough(draft, number, purpose)
  if (!live) return undefined
  const id = contactIdOf(draft.opened.index.idOf(number))
  const name = showsNames(draft, purpose) ? live.name : undefined
  return { number, id, name, until: live.until, assurance: live.assurance }
}

/** As callers see them: made for those who are shown, and not for everybody who is looked through. */
export const personOf = ({ id, name, until, assurance }: Seen): Person => ({
  id,
  until: formatInstant(until),
  assurance,
  ...(name === undefined ? {} : { name }),
})

/** Where being on the list is the secret, names are metered like contact points. */
export const showsNames = (draft: Draft, purpose: string): boolean => !isContactPoint('name', draft.policy, purpose)
