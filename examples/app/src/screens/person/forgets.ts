/** What a consent taken back takes along: the fields that no other live consent holds. The vault decides the same; this says it first. */
import type { Policy } from '@amanat/vault'
import type { Consent } from './look-at'

export interface Forgotten {
  /** Gone at once. */
  readonly fields: readonly string[]
  /** Kept for another purpose, and for a shorter time than until now. */
  readonly sooner: readonly { readonly field: string; readonly until: string }[]
  /** Nothing holds this person any more: they go as a whole. */
  readonly everything: boolean
}

export function forgets(consents: readonly Consent[], going: readonly string[], policy: Policy): Forgotten {
  const live = consents.filter(({ state }) => state === 'given')
  const before = keptUntil(live, policy)
  const after = keptUntil(
    live.filter(({ purpose }) => !going.includes(purpose)),
    policy,
  )
  return {
    fields: [...before.keys()].filter(field => !after.has(field)),
    sooner: [...after].flatMap(([field, until]) => (until < (before.get(field) ?? '') ? [{ field, until }] : [])),
    everything: before.size > 0 && after.size === 0,
  }
}

/** Each field with the last date of those who hold it. Instants in ISO 8601 sort as text. */
function keptUntil(consents: readonly Consent[], policy: Policy): Map<string, string> {
  const kept = new Map<string, string>()
  for (const { purpose, fields = [], until = '' } of consents) {
    for (const field of fields) {
      if (!policy.purposes[purpose]?.fields.includes(field)) continue
      if (until > (kept.get(field) ?? '')) kept.set(field, until)
    }
  }
  return kept
}
