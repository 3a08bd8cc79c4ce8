/** The vault of a command: found, unlocked, handed to the work, and locked again whatever comes. */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { csv, jscontact, vcard } from '@amanat/cards'
import { disk } from '@amanat/store-disk'
import { type AnyVault, type Format, openAnyVault, type Store, VaultError, vaultExists } from '@amanat/vault'
import type { Cli } from './command'
import { CliError, usage } from './errors'
import { unlockWith } from './unlock'

export const FORMATS: Readonly<Record<string, Format>> = {
  csv: csv(),
  'csv-google': csv({ layout: 'google' }),
  jscontact: jscontact(),
  vcard: vcard(),
  'vcard-3': vcard({ version: '3.0' }),
}

const LONGEST_ACTOR = 200
/** Time to tidy up after an interruption: removing the draft of an export takes less. */
const GRACE_MS = 2_000

/** @throws CliError `USAGE` */
export function folderOf({ io, globals }: Cli): string {
  const folder = globals.vault ?? io.env['AMANAT_VAULT']
  if (!folder) throw usage('Which vault?', 'Name its folder with --vault, or in AMANAT_VAULT.')
  return folder
}

/** The default says nothing about anybody: who acts is for the caller to say. @throws CliError `USAGE` */
export function actorOf({ io, globals }: Cli): string {
  const actor = globals.actor ?? (io.env['AMANAT_ACTOR'] || 'cli')
  if (actor.trim() === '' || actor.length > LONGEST_ACTOR) {
    throw usage('That is no actor.', `Name one in 1 to ${LONGEST_ACTOR} characters, such as staff:leila.`)
  }
  return actor
}

/** Whether a store may be here. Looked for first: opening a store makes its folder. */
export const looksLikeVault = (folder: string): boolean => existsSync(join(folder, 'rows', 'data.mdb'))

/** Whether there is a vault in the store that is here. */
export async function holdsVault(folder: string): Promise<boolean> {
  const store = disk(folder)
  try {
    return await vaultExists(store)
  } finally {
    await store.close()
  }
}

/** A vault has a folder of its own. @throws CliError `FOLDER_NOT_EMPTY` */
export async function refuseOthers(folder: string): Promise<void> {
  const there = await readdir(folder).catch(() => [])
  if (there.length === 0) return
  throw new CliError('FOLDER_NOT_EMPTY', 'There are other things in this folder.', 'Name a new folder with --vault.')
}

/** The store of a vault that is there, closed again at the end. @throws VaultError `VAULT_MISSING`; CliError `INTERRUPTED` */
export const withStore = <T>(cli: Cli, work: (store: Store) => Promise<T>): Promise<T> =>
  inStore(cli, store => interruptible(cli, () => work(store)))

async function inStore<T>(cli: Cli, work: (store: Store) => Promise<T>): Promise<T> {
  const folder = folderOf(cli)
  if (!looksLikeVault(folder)) throw new VaultError('VAULT_MISSING')
  const store = disk(folder)
  try {
    if (!(await vaultExists(store))) throw new VaultError('VAULT_MISSING')
    return await work(store)
  } finally {
    await store.close()
  }
}

/** @throws VaultError `VAULT_MISSING`, `CANNOT_UNLOCK` and what opening throws; CliError `INTERRUPTED` */
export function withVault<T>(cli: Cli, work: (vault: AnyVault) => Promise<T>): Promise<T> {
  return inStore(cli, async store => {
    const vault = await unlocked(cli, store)
    let working: Promise<T> | undefined
    try {
      return await interruptible(cli, () => {
        working = work(vault)
        return working
      })
    } finally {
      await vault.lock()
      // What was under way sees that the vault is locked, and tidies up; what waits for something else is left behind.
      if (working) await within(GRACE_MS, working)
    }
  })
}

async function unlocked(cli: Cli, store: Store): Promise<AnyVault> {
  const { clock } = cli.io
  const actor = actorOf(cli)
  const opening = unlockWith(cli).then(unlock =>
    openAnyVault({ store, unlock, actor, formats: FORMATS, ...(clock ? { clock } : {}) }),
  )
  try {
    return await interruptible(cli, () => opening)
  } catch (error) {
    // It may still open, for nobody.
    opening.then(vault => vault.lock()).catch(() => undefined)
    throw error
  }
}

/** Waits for the end of something, good or bad, but not longer than this. */
async function within(milliseconds: number, working: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise(resolve => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([working.catch(() => undefined), over])
  clearTimeout(timer)
}

async function interruptible<T>({ io: { signal } }: Cli, work: () => Promise<T>): Promise<T> {
  if (!signal) return work()
  let stop: () => void = () => undefined
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new CliError('INTERRUPTED', 'Stopped; the vault is locked.', 'What was recorded before stays.'))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([stopped, work()])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
