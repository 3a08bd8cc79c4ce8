/**
 * A vault from a backup, into a new folder or in the place of the vault that it was made of. Whatever fails, the folder
 * is as it was before: a vault that stood there stands, and where nothing was there is nothing.
 */
import { mkdir, readdir, stat } from 'node:fs/promises'
import { disk } from '@amanat/store-disk'
import { isVaultError, type Restored, restoreVault, type Store, vaultExists } from '@amanat/vault'
import type { Command } from 'commander'
import { type AddCommand, type Cli, wholeNumber } from '../command'
import { erasuresFrom } from '../erasures'
import { CliError } from '../errors'
import { openGiven, readGiven } from '../files'
import { actorOf, folderOf, looksLikeVault, refuseOthers } from '../open'
import { date, number, pairs, people } from '../output'
import { progress } from '../progress'
import { syncedBy } from '../synced'
import { type NewSecretOptions, type NewUnlock, newUnlock, secretKind, unlockWith } from '../unlock'
import { onPaper } from './slots'

interface Options extends NewSecretOptions {
  readonly newPassphrase?: boolean
  readonly standingPassphrase?: boolean
  readonly standingPassphraseFile?: string
  readonly standingPassphraseFd?: number
  readonly standingKeyFile?: string
  readonly erasures?: string
  readonly evenIfOlder?: boolean
  readonly confirmTime?: boolean
}

export const restore: AddCommand = (program, act) => {
  withSecrets(program.command('restore').description('make a vault from a backup').argument('<file>', '- is stdin'))
    .option('--erasures <file>', 'who must not come back: contact ids, phone numbers, e-mail addresses, one a line')
    .option('--even-if-older', 'also in the place of a vault that knows more than the backup')
    .option('--confirm-time', "this machine's date is right, though it is far ahead of the backup")
    .addHelpText(
      'after',
      `
The backup is opened like a vault, in a way in which the vault could be unlocked when it was made. The new vault opens in that
same way and no other, unless one of --new-… is given; the others are added again by slots add. It goes into a new folder, or
in the place of the vault that the backup was made of, which is opened too: what that vault knows of people who left since is
applied. Without it, say who left since with --erasures.`,
    )
    .action(
      act(async (cli, file: string, options: Options) => {
        const folder = folderOf(cli)
        const actor = actorOf(cli)
        if (!looksLikeVault(folder)) await refuseOthers(folder)
        const backup = await openGiven(file, cli.io)
        try {
          const given = options.erasures
          const erasures = given === undefined ? [] : erasuresFrom(await readGiven(given, '--erasures', cli.io))
          const backupUnlock = await unlockWith(cli, { label: 'Passphrase of the backup' })
          const { unlock, kind, code } = await nextUnlock(cli, options, backupUnlock)
          const synced = syncedBy(folder)
          if (synced)
            cli.note(`This folder is copied by ${synced}, and such copies keep what the vault forgets. Move it.`)
          const restored = await intoFolder(cli, folder, async (store, standing) => {
            const standingUnlock = (standing && (await standingWith(cli, options))) || backupUnlock
            const bar = progress(cli, 'Restoring', backup.size)
            try {
              return await restoreVault({
                store,
                from: counted(backup.pieces, cli, bar.to),
                backupUnlock,
                unlock,
                standingUnlock,
                slotLabel: kind,
                actor,
                erasures,
                evenIfOlder: options.evenIfOlder ?? false,
                confirmTime: options.confirmTime ?? false,
                ...(cli.io.clock ? { clock: cli.io.clock } : {}),
              })
            } catch (error) {
              if (standing && isVaultError(error, 'CANNOT_UNLOCK'))
                cli.note('Two are opened here: the backup, and the vault in the folder (see --standing-passphrase).')
              throw error
            } finally {
              bar.end()
            }
          })
          const value = { ...restored, unlockedBy: [kind], ...(code === undefined ? {} : { recoveryCode: code }) }
          return { value, text: () => textOf(restored, kind, code) }
        } finally {
          await backup.close()
        }
      }),
    )
}

const withSecrets = (command: Command): Command =>
  command
    .option('--new-passphrase', 'another passphrase for the new vault, which is asked for')
    .option('--new-passphrase-file <file>', 'it is in this file')
    .option('--new-passphrase-fd <number>', 'it can be read from this descriptor', wholeNumber)
    .option('--new-key-file <file>', 'make a key for the new vault and write it there')
    .option('--new-recovery-code', 'make a recovery code for it and print it once')
    .option('--standing-passphrase', 'the vault in the folder has another passphrase, which is asked for')
    .option('--standing-passphrase-file <file>', 'it is in this file')
    .option('--standing-passphrase-fd <number>', 'it can be read from this descriptor', wholeNumber)
    .option('--standing-key-file <file>', 'the vault in the folder is unlocked with the key in this file')

/** What opened the backup opens the new vault, unless something else was asked for. */
async function nextUnlock(cli: Cli, options: Options, unlock: NewUnlock['unlock']): Promise<NewUnlock> {
  const { newPassphrase, newPassphraseFile, newPassphraseFd, newKeyFile, newRecoveryCode } = options
  const other = [newPassphraseFile, newPassphraseFd, newKeyFile].some(given => given !== undefined)
  if (other || newPassphrase || newRecoveryCode) return newUnlock(cli, options)
  return { unlock, kind: secretKind(cli.globals) }
}

async function standingWith(cli: Cli, options: Options): Promise<NewUnlock['unlock'] | undefined> {
  const { standingPassphrase, standingPassphraseFile, standingPassphraseFd, standingKeyFile } = options
  const given = {
    ...(standingPassphraseFile === undefined ? {} : { passphraseFile: standingPassphraseFile }),
    ...(standingPassphraseFd === undefined ? {} : { passphraseFd: standingPassphraseFd }),
    ...(standingKeyFile === undefined ? {} : { keyFile: standingKeyFile }),
  }
  if (!standingPassphrase && Object.keys(given).length === 0) return undefined
  return unlockWith(cli, { given, option: '--standing-', label: 'Passphrase of the vault in the folder' })
}

/** The work on the folder's store; when it fails where nothing was, nothing is there afterwards. */
async function intoFolder<T>(
  cli: Cli,
  folder: string,
  work: (store: Store, standing: boolean) => Promise<T>,
): Promise<T> {
  const before = await stat(folder).catch(() => undefined)
  const empty = before === undefined || (await readdir(folder).catch(() => [])).length === 0
  const store = disk(folder)
  try {
    return await work(store, !empty && (await vaultExists(store)))
  } catch (error) {
    if (empty && (await stat(folder).catch(() => undefined)) && !(await vaultExists(store).catch(() => true))) {
      await store.destroy().catch(() => undefined)
      if (before) await mkdir(folder, { mode: before.mode }).catch(() => undefined)
    }
    if (cli.io.signal?.aborted && error === cli.io.signal.reason) {
      throw new CliError('INTERRUPTED', 'Stopped; nothing was restored.', 'Run the command again.')
    }
    throw error
  } finally {
    await store.close()
  }
}

async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  { io: { signal } }: Cli,
  tell: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const piece of pieces) {
    signal?.throwIfAborted()
    bytes += piece.length
    tell(bytes)
    yield piece
  }
}

function textOf(restored: Restored, kind: string, code: string | undefined): string {
  const { vault, backup, made, expired, gone, damaged } = restored
  const lines = [
    pairs([
      ['vault', vault],
      ['backup', `${backup}, of ${date(made)}`],
      ['people', people(restored.people)],
      ['parts that had expired since', number(expired)],
      ['left since, as far as is known', people(gone)],
    ]),
    `It opens with: ${kind}. Other ways of unlocking did not come along: amanat slots add.`,
  ]
  if (damaged > 0) lines.push(`Rows that could not be read when the backup was made: ${number(damaged)}.`)
  if (code !== undefined) lines.push(onPaper(code))
  return lines.join('\n')
}
