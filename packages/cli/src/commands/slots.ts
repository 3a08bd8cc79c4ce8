/** Ways of unlocking: listed, added, removed, and a passphrase replaced by another. Nothing is encrypted again. */
import type { AnyVault, SlotView } from '@amanat/vault'
import type { Command } from 'commander'
import { type AddCommand, wholeNumber } from '../command'
import { usage } from '../errors'
import { withVault } from '../open'
import { date, table } from '../output'
import { type NewSecretOptions, newUnlock } from '../unlock'

const LONGEST_LABEL = 100

const withNewPassphrase = (command: Command): Command =>
  command
    .option('--new-passphrase-file <file>', 'the new passphrase is in this file')
    .option('--new-passphrase-fd <number>', 'the new passphrase can be read from this descriptor', wholeNumber)

export const slots: AddCommand = (program, act) => {
  const root = program.command('slots').description('the ways of unlocking')
  root
    .command('list', { isDefault: true })
    .description('ids, kinds and labels')
    .action(
      act(async cli => {
        const found = await withVault(cli, vault => vault.slots.list())
        const rows = found.map(({ id, kind, added, label }) => [id, kind, date(added), label])
        return { value: found, text: () => table(['Id', 'Kind', 'Added', 'Label'], rows, cli.paint) }
      }),
    )
  withNewPassphrase(root.command('add').description('add one: by default a passphrase, which is asked for'))
    .requiredOption('--label <text>', 'what it is known as')
    .option('--new-key-file <file>', 'make a key and write it there')
    .option('--new-recovery-code', 'make a recovery code and print it once')
    .action(
      act(async (cli, { label, ...options }: NewSecretOptions & { readonly label: string }) => {
        if (label.trim() === '' || label.length > LONGEST_LABEL) {
          throw usage(`A label has 1 to ${LONGEST_LABEL} characters.`)
        }
        const { slot, code } = await withVault(cli, async vault => {
          const { unlock, code } = await newUnlock(cli, options)
          return { slot: await vault.slots.add(unlock, label), code }
        })
        const shown = code === undefined ? {} : { recoveryCode: code }
        return { value: { ...slot, ...shown }, text: () => `Added: ${slot.id}${code ? `\n${onPaper(code)}` : ''}` }
      }),
    )
  root
    .command('remove')
    .description('remove one: what it opened before, it does not open any more')
    .argument('<id>')
    .action(
      act(async (cli, id: string) => {
        await withVault(cli, vault => vault.slots.remove(id))
        return { value: { removed: id }, text: () => 'Removed. The ids of the others have changed.' }
      }),
    )
  withNewPassphrase(
    root
      .command('passphrase')
      .description('another passphrase in place of the old one')
      .argument('[id]', 'which slot, if there are several passphrases'),
  ).action(
    act(async (cli, id: string | undefined, options: NewSecretOptions) => {
      const slot = await withVault(cli, async vault => {
        const old = id ?? (await onlyPassphrase(vault)).id
        const { unlock } = await newUnlock(cli, options)
        return vault.slots.replace(old, unlock)
      })
      return { value: slot, text: () => `Replaced; its id is ${slot.id} now.` }
    }),
  )
}

async function onlyPassphrase(vault: AnyVault): Promise<SlotView> {
  const found = (await vault.slots.list()).filter(({ kind }) => kind === 'passphrase')
  const [only] = found
  if (!only || found.length > 1) {
    throw usage(only ? 'There are several passphrases.' : 'There is no passphrase.', 'See `amanat slots list`.')
  }
  return only
}

/** A code is shown once, and nothing keeps it. */
export const onPaper = (code: string): string =>
  `\n  ${code}\n\nWrite this recovery code on paper and keep it away from this machine. It will not be shown again.`
