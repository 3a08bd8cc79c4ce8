/** A whole card for changing it: what each door shows, put together. However many doors, it counts as looking at one person. */
import type { AnyVault, Card } from '@amanat/vault'

export interface Revealed {
  readonly card: Card
  readonly revision: number
  /** The fields that some door shows of this person. */
  readonly fields: readonly string[]
}

/** @throws VaultError `BULK_READ_REFUSED`. `undefined` for somebody whom no door shows. */
export async function revealAll(vault: AnyVault, id: string): Promise<Revealed | undefined> {
  const consents = (await vault.consents(id)).filter(({ state }) => state === 'given')
  let found: Revealed | undefined
  for (const { purpose, fields = [] } of consents) {
    const seen = await vault.for(purpose).reveal(id)
    if (!seen) continue
    // Changed between two doors: from the start.
    if (found && found.revision !== seen.revision) return revealAll(vault, id)
    const inPurpose = fields.filter(field => vault.policy.purposes[purpose]?.fields.includes(field))
    found = {
      card: { ...found?.card, ...(seen.card as Card) },
      revision: seen.revision,
      fields: [...new Set([...(found?.fields ?? []), ...inPurpose])],
    }
  }
  return found
}
