/** What is being chosen. Where there is only one possibility it is chosen already; of the details, as many as there are. */
import type { Policy } from '@amanat/vault'
import { useState } from 'react'
import { receiverOf, receiversOf, type Wish } from './request'

/** Neither purpose nor recipient is there until it was chosen. */
export type Choosing = Partial<Wish>
export type Choose = (change: Choosing) => void

export function useWish(policy: Policy): readonly [Wish | undefined, Choosing, Choose] {
  const [choosing, setChoosing] = useState(() => completed(policy, { format: 'csv' }, purposeAtFirst(policy)))
  const choose = (change: Choosing) =>
    setChoosing(last =>
      'purpose' in change ? completed(policy, last, change.purpose) : withWay(policy, { ...last, ...change }),
    )
  const isWhole = choosing.purpose !== undefined && choosing.recipient !== undefined
  return [isWhole ? (choosing as Wish) : undefined, choosing, choose]
}

/** The only one there is, or the one that whoever sent here had in mind: `go('/handover', { state: { purpose } })`. */
function purposeAtFirst(policy: Policy): string | undefined {
  const purposes = purposesOf(policy)
  const meant = (history.state as { readonly purpose?: unknown } | null)?.purpose
  return purposes.find(name => name === meant) ?? onlyOf(purposes)
}

/** The purposes for which anybody may receive anything. */
export function purposesOf(policy: Policy): string[] {
  const names = Object.keys(policy.purposes)
  return names.filter(name => receiversOf(policy, name).length > 0)
}

const onlyOf = (names: readonly string[]) => (names.length === 1 ? names[0] : undefined)

/** Another purpose begins anew: its recipients and its details are its own. */
function completed(policy: Policy, last: Choosing, purpose: string | undefined): Choosing {
  const { format = 'csv' } = last
  if (purpose === undefined) return { format }
  const fields = policy.purposes[purpose]?.fields ?? []
  const recipient = onlyOf(receiversOf(policy, purpose).map(({ id }) => id))
  return withWay(policy, { format, purpose, fields, ...(recipient === undefined ? {} : { recipient }) })
}

/** Sealed, wherever that is possible: readable is never a default. */
function withWay(policy: Policy, choosing: Choosing): Choosing {
  const { purpose, recipient, way } = choosing
  if (purpose === undefined || recipient === undefined) return choosing
  const ways = receiverOf(policy, purpose, recipient)?.ways ?? []
  return { ...choosing, way: way !== undefined && ways.includes(way) ? way : (ways[0] ?? 'sealed-file') }
}
