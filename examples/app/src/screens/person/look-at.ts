/** What the vault tells of one person without showing a way to reach them: through each door that sees them, and their consents. */
import { type AnyVault, type Card, type ConsentView, type Contact, isVaultError, type Policy } from '@amanat/vault'

export type Consent = ConsentView<Policy>
/** Which fields a policy has that is known at run time only, the compiler can't tell: any of them. */
export type Seen = Omit<Contact<Policy, string>, 'card'> & { readonly card: Card }

export const seenBy = (contact: Contact<Policy, string>): Seen => contact as Seen

export interface Known {
  /** `undefined` where no door shows it: being on the list may itself be the secret. */
  readonly name: string | undefined
  readonly consents: readonly Consent[]
  /** By purpose. */
  readonly seen: ReadonlyMap<string, Seen>
}

/** `undefined` for somebody who isn't here, or not any more. */
export async function lookAt(vault: AnyVault, id: string): Promise<Known | undefined> {
  try {
    const consents = await vault.consents(id)
    const purposes = Object.keys(vault.policy.purposes)
    const contacts = await Promise.all(purposes.map(purpose => vault.for(purpose).get(id)))
    const seen = new Map(
      purposes.flatMap((purpose, at) => (contacts[at] ? [[purpose, seenBy(contacts[at])] as const] : [])),
    )
    return { name: nameIn(seen.values()), consents, seen }
  } catch (error) {
    if (isVaultError(error, 'UNKNOWN_CONTACT')) return undefined
    throw error
  }
}

function nameIn(contacts: Iterable<Seen>): string | undefined {
  for (const { card } of contacts) {
    const full = card.name?.full ?? card.name?.components?.map(({ value }) => value).join(' ')
    if (full) return full
  }
  return undefined
}
