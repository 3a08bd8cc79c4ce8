/** Making a vault: a policy from a file or a template, and a first way of unlocking it. */
import { disk } from '@amanat/store-disk'
import { type Controller, createVault, type Policy, parsePolicy, VaultError } from '@amanat/vault'
import { Option } from 'commander'
import { askOne, askText } from '../ask'
import type { AddCommand, Cli } from '../command'
import { usage } from '../errors'
import { readJson } from '../files'
import { canAsk } from '../io'
import { actorOf, FORMATS, folderOf, holdsVault, looksLikeVault, refuseOthers } from '../open'
import { syncedBy } from '../synced'
import { ABOUT, policyFrom, TEMPLATES, type Template } from '../templates'
import { firstUnlock, newCode } from '../unlock'
import { promises } from '../words'
import { onPaper } from './slots'

interface Options {
  readonly policy?: string
  readonly template?: Template
  readonly printPolicy?: boolean
  readonly newKeyFile?: string
  readonly withRecoveryCode?: boolean
  readonly name?: string
  readonly contact?: string
  readonly address?: string
  readonly country?: string
  readonly howToWithdraw?: string
}

export const init: AddCommand = (program, act) => {
  program
    .command('init')
    .description('make a vault')
    .option('--policy <file>', 'the policy, in JSON; - is stdin')
    .addOption(new Option('--template <name>', 'or one to begin with').choices(TEMPLATES).conflicts('policy'))
    .option('--name <text>', 'for a template: who holds the contacts')
    .option('--contact <text>', 'for a template: where to reach them')
    .option('--address <text>', 'for a template: their postal address')
    .option('--country <code>', 'for a template: ISO 3166, such as GB')
    .option('--how-to-withdraw <text>', 'for a template: how people take a consent back')
    .option('--print-policy', 'print the policy to edit it, and make nothing')
    .option('--new-key-file <file>', 'make a key and write it there, to unlock with')
    .option('--with-recovery-code', 'add a recovery code, and print it once')
    .addHelpText(
      'after',
      `
The vault is unlocked by a passphrase, which is asked for or read from --passphrase-file or --passphrase-fd; or by the
key in --key-file or --new-key-file; or, with --recovery-code, by a code alone that is printed once.`,
    )
    .action(
      act(async (cli, options: Options) => {
        if (options.printPolicy) {
          const value = await chosenPolicy(cli, options)
          return { value, text: () => JSON.stringify(value, undefined, 2) }
        }
        const folder = folderOf(cli)
        const actor = actorOf(cli)
        // A store without a vault is what a restore leaves that was killed: there is room for one.
        if (!looksLikeVault(folder)) await refuseOthers(folder)
        else if (await holdsVault(folder)) throw new VaultError('VAULT_EXISTS')
        const policy = await chosenPolicy(cli, options)
        const { unlock, kind, code } = await firstUnlock(cli, options.newKeyFile)
        const { clock } = cli.io
        const synced = syncedBy(folder)
        if (synced)
          cli.note(`This folder is copied by ${synced}, and such copies keep what the vault forgets. Move it.`)
        const second = options.withRecoveryCode ? newCode() : undefined
        const vault = await createVault({
          store: disk(folder),
          unlock,
          policy,
          actor,
          formats: FORMATS,
          slotLabel: kind,
          ...(clock ? { clock } : {}),
        })
        try {
          if (second) await vault.slots.add(second.unlock, second.kind)
          const shown = code ?? second?.code
          const value = {
            vault: vault.id,
            purposes: Object.keys(policy.purposes),
            unlockedBy: second ? [kind, second.kind] : [kind],
            ...(shown === undefined ? {} : { recoveryCode: shown }),
            promises: promises(await vault.guarantees()),
          }
          return {
            value,
            text: () =>
              [
                `The vault is made. It opens with: ${value.unlockedBy.join(', ')}.`,
                `Purposes: ${value.purposes.join(', ')}.`,
                ...value.promises,
                ...(shown === undefined ? [] : [onPaper(shown)]),
              ].join('\n'),
          }
        } finally {
          await vault.lock()
        }
      }),
    )
}

async function chosenPolicy(cli: Cli, options: Options): Promise<Policy> {
  const { io } = cli
  if (options.policy !== undefined) return parsePolicy(await readJson(options.policy, '--policy', io))
  const { template } = options
  if (template === undefined && !canAsk(io)) {
    throw usage('Which policy?', `Give --policy FILE, or --template with one of: ${TEMPLATES.join(', ')}.`)
  }
  const chosen =
    template ??
    (await askOne(
      io,
      'For what?',
      TEMPLATES.map(value => ({ value, label: ABOUT[value] })),
    ))
  return policyFrom(chosen as Template, await controllerFrom(io, options))
}

async function controllerFrom(io: Cli['io'], options: Options): Promise<Controller> {
  const { name, contact, address, country } = options
  const missing = Object.entries({ name, contact, address, country }).flatMap(([key, value]) => (value ? [] : [key]))
  if (missing.length > 0 && !canAsk(io)) {
    throw usage(
      'A template needs to know who holds the contacts.',
      `Give ${missing.map(key => `--${key}`).join(', ')}.`,
    )
  }
  const said = {
    name: name ?? (await askText(io, 'Who holds the contacts?')),
    contact: contact ?? (await askText(io, 'Where do people reach you about their data?')),
    address: address ?? (await askText(io, 'Your postal address')),
    jurisdiction: country ?? (await askText(io, 'Country, in two letters such as GB')),
  }
  return { ...said, withdraw: options.howToWithdraw ?? `To take this back, write to ${said.contact}` }
}
