/** Removing a person at once, and saying first what that doesn't reach. */
import type { AddCommand } from '../command'
import { withVault } from '../open'

export const erase: AddCommand = (program, act) => {
  program
    .command('erase')
    .description('remove a person: unreadable at once, and not to be imported again')
    .argument('<id>')
    .option('--no-suppress', 'keep no fingerprint: an import may bring them back')
    .action(
      act(async (cli, id: string, { suppress }: { readonly suppress: boolean }) => {
        const statement = await withVault(cli, vault => vault.erase(id, { suppress }))
        return {
          value: statement,
          text: () =>
            [
              `Forgotten: ${statement.forgotten.join(', ')}.`,
              'Not reached:',
              ...statement.notReached.map(each => `  ${each}`),
            ].join('\n'),
        }
      }),
    )
}
