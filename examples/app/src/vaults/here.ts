/**
 * The vaults on this device: which there are, making one, opening one, bringing one back. The library is loaded when the first of
 * these is called, so that the first screen needn't wait for it.
 */
import type { AnyVault, Erasure, Policy, Restored, Unlock } from '@amanat/vault'
import { lockAfter } from './device'
import type { OpenSession } from './session'

const library = () => Promise.all([import('@amanat/vault'), import('@amanat/store-indexeddb')])

/** Loads what opening needs, while somebody is still typing. */
export const warmUp = (): void => void library().catch(() => undefined)

/** How a vault is opened: one of these. */
export interface Way {
  readonly passphrase?: string
  readonly code?: string
}

interface Opening extends Way {
  /** What the vault is called on this device. */
  readonly name: string
  /** Stands in the record beside everything that is done: initials, or a name that the group knows. */
  readonly actor: string
  /** ISO 8601 duration after which an idle vault locks itself; default what this device was told. */
  readonly lockAfter?: string
}

export async function vaultsHere(): Promise<string[]> {
  const { vaultsHere } = await import('@amanat/store-indexeddb')
  return vaultsHere()
}

export async function create({ policy, ...opening }: Opening & { readonly policy: Policy }): Promise<OpenSession> {
  const [{ createVault, isVaultError, systemClock }, { forgetVault, rememberVault }] = await library()
  // Remembered first: a page that is closed in between leaves a name without a vault, never a vault that nobody finds.
  await rememberVault(opening.name)
  try {
    const options = { ...(await optionsOf(opening)), policy, unlock: await unlockOf(opening) }
    const vault = await createVault({ ...options, slotLabel: 'passphrase' })
    return { vault: vault as AnyVault, name: opening.name, clock: systemClock }
  } catch (error) {
    if (!isVaultError(error, 'VAULT_EXISTS')) await forgetVault(opening.name)
    throw error
  }
}

export async function open(opening: Opening): Promise<OpenSession> {
  const [{ openAnyVault, systemClock }] = await library()
  const options = await optionsOf(opening)
  const vault = await asTyped(opening, async unlock => openAnyVault({ ...options, unlock }))
  return { vault, name: opening.name, clock: systemClock }
}

/** The same for every vault here: a store of its own, and the formats that it can hand people over in. */
async function optionsOf({ name, actor, lockAfter: after = lockAfter() }: Opening) {
  const [, { indexedDb }] = await library()
  const cards = () => import('@amanat/cards')
  const formats = {
    csv: async () => (await cards()).csv(),
    vcard: async () => (await cards()).vcard(),
    jscontact: async () => (await cards()).jscontact(),
  }
  return { store: indexedDb(name), actor, lockAfter: after, formats }
}

/** The way as the library takes it. Spaces that a telephone's keyboard adds around words are no part of a passphrase. */
export async function unlockOf({ passphrase: text = '', code }: Way): Promise<Unlock> {
  const [{ passphrase, recoveryCode }] = await library()
  return code === undefined ? passphrase(text.trim().replace(/\s+/g, ' ')) : recoveryCode(code)
}

/** With the passphrase as {@link unlockOf} reads it; if that doesn't open, letter by letter, as another app may have set it. */
async function asTyped<T>(way: Way, work: (unlock: Unlock) => Promise<T>): Promise<T> {
  const [{ isVaultError, passphrase }] = await library()
  const tidy = await unlockOf(way)
  try {
    return await work(tidy)
  } catch (error) {
    const text = way.passphrase ?? ''
    if (!isVaultError(error, 'CANNOT_UNLOCK') || !/^\s|\s\s|[^\S ]|\s$/.test(text)) throw error
    return work(passphrase(text))
  }
}

/**
 * Without a key: forgets what is due in a locked vault, as any open page of the app can.
 * @returns whether there is a vault of this name at all; a browser may have cleared it
 */
export async function forgetWhatIsDue(name: string): Promise<boolean> {
  const [{ dropExpired, vaultExists }, { indexedDb }] = await library()
  const store = indexedDb(name)
  try {
    if (!(await vaultExists(store))) return false
    await dropExpired(store)
    return true
  } finally {
    await store.close()
  }
}

/** Takes a name off the list of this device, where there is no vault for it any more. */
export async function forgetName(name: string): Promise<void> {
  const { forgetVault } = await import('@amanat/store-indexeddb')
  await forgetVault(name)
  names.dispatchEvent(new Event('change'))
}

const names = new EventTarget()

/** Told when a name was taken off the list: the first screen may stand there already, as a vault is locked before it is destroyed. */
export function onNames(listener: () => void): () => void {
  names.addEventListener('change', listener)
  return () => names.removeEventListener('change', listener)
}

export interface Restoring {
  readonly name: string
  readonly actor: string
  readonly file: Blob
  /** What opened the vault when the backup was made. */
  readonly backup: Way
  /** What will open it from now on. */
  readonly next: Way
  /** What opens the vault of this name that stands here already. */
  readonly standing?: Way
  /** Who left since, as far as somebody knows: they don't come back. */
  readonly erasures?: readonly Erasure[]
  readonly evenIfOlder?: boolean
  readonly confirmTime?: boolean
  /** How much of the file was read, from 0 to 1. */
  readonly onProgress?: (share: number) => void
}

export async function restore({
  name,
  file,
  backup,
  next,
  standing,
  onProgress,
  ...more
}: Restoring): Promise<Restored> {
  const [{ isVaultError, restoreVault, vaultExists }, { indexedDb, rememberVault }] = await library()
  const store = indexedDb(name)
  const isHere = await vaultExists(store)
  try {
    const unlock = await unlockOf(next)
    const others = standing ? { standingUnlock: await unlockOf(standing) } : {}
    const report = await asTyped(backup, backupUnlock =>
      restoreVault({
        ...more,
        ...others,
        store,
        from: counted(file, onProgress),
        backupUnlock,
        unlock,
        slotLabel: next.code === undefined ? 'passphrase' : 'recovery code',
      }),
    )
    await rememberVault(name)
    return report
  } catch (error) {
    // An empty store isn't left lying about; one that something stood in is as it was.
    if (!isHere && !isVaultError(error, 'UNKNOWN_RESULT')) await store.destroy().catch(() => undefined)
    throw error
  } finally {
    await store.close()
  }
}

function counted(file: Blob, onProgress: (share: number) => void = () => undefined): ReadableStream<Uint8Array> {
  let read = 0
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, out) {
      read += piece.length
      onProgress(read / file.size)
      out.enqueue(piece)
    },
  })
  return file.stream().pipeThrough(count)
}
