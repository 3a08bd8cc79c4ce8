/**
 * The vaults on this device: which there are, making one, opening one. The library is loaded when the first of these is
 * called, so that the first screen needn't wait for it.
 */
import type { AnyVault, Policy } from '@amanat/vault'
import type { OpenSession } from './session'

const library = () => Promise.all([import('@amanat/vault'), import('@amanat/store-indexeddb'), import('@amanat/cards')])

/** Loads what opening needs, while somebody is still typing. */
export const warmUp = (): void => void library()

export async function vaultsHere(): Promise<string[]> {
  const { vaultsHere } = await import('@amanat/store-indexeddb')
  return vaultsHere()
}

interface Opening {
  readonly name: string
  readonly passphrase: string
  /** Stands in the record beside everything that is done: initials, or a name that the group knows. */
  readonly actor: string
  /** ISO 8601 duration after which an idle vault locks itself. */
  readonly lockAfter?: string
}

export async function create({ policy, ...opening }: Opening & { readonly policy: Policy }): Promise<OpenSession> {
  const [{ createVault, passphrase, systemClock }, { rememberVault }] = await library()
  const vault = await createVault({
    ...(await optionsOf(opening)),
    policy,
    unlock: passphrase(opening.passphrase),
    slotLabel: 'passphrase',
  })
  await rememberVault(opening.name)
  return { vault: vault as AnyVault, name: opening.name, clock: systemClock }
}

export async function open(opening: Opening): Promise<OpenSession> {
  const [{ openAnyVault, passphrase, systemClock }] = await library()
  const vault = await openAnyVault({ ...(await optionsOf(opening)), unlock: passphrase(opening.passphrase) })
  return { vault, name: opening.name, clock: systemClock }
}

/** The same for every vault here: a store of its own, and the formats that it can hand people over in. */
async function optionsOf({ name, actor, lockAfter = 'PT10M' }: Omit<Opening, 'passphrase'>) {
  const [, { indexedDb }, { csv, jscontact, vcard }] = await library()
  return { store: indexedDb(name), actor, lockAfter, formats: { csv: csv(), vcard: vcard(), jscontact: jscontact() } }
}
