/**
 * What an app needs to know before anybody unlocks anything: which vaults this browser has. The names are the app's
 * own, lie here in the clear, and say nothing to a vault; give none that tells on a person.
 */
import { get, update } from 'idb-keyval'
import { keyVal } from './keyval'

const KEY = 'vaults'
let shared: ReturnType<typeof keyVal> | undefined

/** The names that were remembered, oldest first; empty when there is none. */
export async function vaultsHere(): Promise<string[]> {
  return (await get<string[]>(KEY, use())) ?? []
}

/** Adds a name, once. */
export async function rememberVault(name: string): Promise<void> {
  await update<string[]>(KEY, (names = []) => [...new Set([...names, name])], use())
}

/** Takes a name off the list; the vault itself stays, `destroy()` removes it. */
export async function forgetVault(name: string): Promise<void> {
  await update<string[]>(KEY, (names = []) => names.filter(one => one !== name), use())
}

function use() {
  shared ??= keyVal('amanat-vaults')
  return shared.use
}
