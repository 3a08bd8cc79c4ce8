// Groups tie properties of one card together (RFC 6350, section 3.3): a title to its organization, a label to what it
// labels. Their names say nothing by themselves.
import type { Card } from '@amanat/vault'
import type { VCardVersion } from './text'

/** Names for groups that nothing in the card uses yet. */
export class Groups {
  readonly #taken = new Set<string>()
  #count = 0

  constructor(card: Card) {
    for (const [, params] of card.vCardProps ?? []) if (typeof params.group === 'string') this.#taken.add(params.group)
    for (const field of Object.values(card)) {
      if (typeof field !== 'object' || field === null || Array.isArray(field)) continue
      for (const entry of Object.values(field as Record<string, { vCardParams?: { group?: unknown } } | undefined>)) {
        const group = entry?.vCardParams?.group
        if (typeof group === 'string') this.#taken.add(group)
      }
    }
  }

  next(): string {
    do this.#count++
    while (this.#taken.has(`item${this.#count}`))
    return `item${this.#count}`
  }
}

/** What a group ties together: a title to its organization, and in 3.0 an address to its label. */
export function groupsOf(card: Card, groups: Groups, version: VCardVersion): Map<string, string> {
  const paths = new Map<string, string>()
  for (const [id, { organizationId }] of Object.entries(card.titles ?? {})) {
    const owner = organizationId === undefined ? undefined : card.organizations?.[organizationId]
    if (!owner) continue
    const org = `organizations/${organizationId}`
    const own = owner.vCardParams?.group
    const group = paths.get(org) ?? (typeof own === 'string' ? own : groups.next())
    paths.set(org, group)
    paths.set(`titles/${id}`, group)
  }
  for (const [id, { full, vCardParams }] of Object.entries(card.addresses ?? {})) {
    if (version === '4.0' || full === undefined || vCardParams?.group !== undefined) continue
    const group = groups.next()
    paths.set(`addresses/${id}`, group)
    paths.set(`addresses/${id}/label`, group)
  }
  return paths
}
