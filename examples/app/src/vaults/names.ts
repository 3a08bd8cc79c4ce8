/** Who stands behind a purpose's door, by id: the names that a screen may show beside an answer that holds ids. */
import type { AnyVault } from '@amanat/vault'

/** An empty name where being listed is itself the secret, or the person didn't agree to being named. */
export type Names = ReadonlyMap<string, string>

export async function namesBehind(vault: AnyVault, purpose: string, locale: string): Promise<Names> {
  const names = new Map<string, string>()
  let after: string | undefined
  do {
    const page = await vault.for(purpose).list({ sort: 'until', locale, limit: 1_000, ...(after ? { after } : {}) })
    for (const { id, name } of page.people) names.set(id, name ?? '')
    after = page.next
  } while (after !== undefined)
  return names
}
